//! How samples are kept: two bytes each.

/// A sample on a scale that is linear within each power of two: 1024 steps, so that it is off by less than 0.05 %.
///
/// The order of levels is the order of the values. Level 0 says that there is no sample; 1 is everything below 2⁻²²,
/// nothing included. Values beyond 2⁴¹ are kept as the highest level.
pub(super) type Level = u16;

/// No sample.
pub(super) const ABSENT: Level = 0;

/// The exponent of `f32` that the scale begins at: 2⁻²².
const FIRST_EXPONENT: u32 = 127 - 22;

/// Bits of the fraction that are kept, and those that are dropped.
const KEPT: u32 = 10;
const DROPPED: u32 = 23 - KEPT;

/// The level of a value that is not negative; a sign does not count, as that of `-0`.
pub(super) fn level(value: f64) -> Level {
    let bits = (value as f32).abs().to_bits();
    let rounded = (bits + (1 << (DROPPED - 1))) >> DROPPED;
    let first = FIRST_EXPONENT << KEPT;
    match rounded.checked_sub(first) {
        None => 1,
        Some(above) => Level::try_from(above + 1).unwrap_or(Level::MAX),
    }
}

/// The value of a level.
pub(super) fn value(level: Level) -> f64 {
    if level <= 1 {
        return 0.0;
    }
    let bits = (u32::from(level) - 1 + (FIRST_EXPONENT << KEPT)) << DROPPED;
    f64::from(f32::from_bits(bits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn powers_of_two_and_their_neighbours_are_exact() {
        for exact in [0.0, 0.25, 1.0, 1.5, 8.0, 2048.0, 2050.0, 1_048_576.0] {
            assert!((value(level(exact)) - exact).abs() < f64::EPSILON, "{exact}");
        }
        assert_eq!((level(0.0), level(-0.0)), (1, 1));
        assert_eq!(level(f64::MAX), Level::MAX);
    }

    proptest! {
        #[test]
        fn keeps_order_and_is_close(a in 1e-6_f64..1e9, b in 1e-6_f64..1e9) {
            prop_assert!((value(level(a)) / a - 1.0).abs() <= 1.0 / 2048.0 + 1e-7);
            prop_assert!(a > b || level(a) <= level(b));
            prop_assert_eq!(level(-a), level(a));
        }
    }
}
