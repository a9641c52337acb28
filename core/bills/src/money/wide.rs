//! 256-bit intermediates: `a · b / d` without losing a bit before the one rounding.

use std::cmp::Ordering;

/// `a · b / d`, rounded half-even; `None` when out of range or `d` is zero.
pub(super) fn mul_div_half_even(a: i128, b: i128, d: u128) -> Option<i128> {
    if d == 0 {
        return None;
    }
    let negative = (a < 0) != (b < 0);
    let (high, low) = full_mul(a.unsigned_abs(), b.unsigned_abs());
    let (quotient, remainder) = div_rem(high, low, d)?;
    // remainder > d - remainder  <=>  2·remainder > d, without the overflow.
    let rest = d - remainder;
    let up = remainder > rest || (remainder == rest && quotient % 2 == 1);
    let magnitude = quotient.checked_add(u128::from(up))?;
    if negative { 0_i128.checked_sub_unsigned(magnitude) } else { i128::try_from(magnitude).ok() }
}

/// How `a / b` and `c / d` stand to each other, exactly; denominators are above 0.
pub fn compare_ratios((a, b): (i128, u128), (c, d): (i128, u128)) -> Ordering {
    match (a < 0, c < 0) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (negative, _) => {
            let magnitudes = full_mul(a.unsigned_abs(), d).cmp(&full_mul(c.unsigned_abs(), b));
            if negative { magnitudes.reverse() } else { magnitudes }
        }
    }
}

/// The 256-bit product as (high, low) halves.
pub(super) fn full_mul(a: u128, b: u128) -> (u128, u128) {
    const MASK: u128 = u64::MAX as u128;
    let (a1, a0) = (a >> 64, a & MASK);
    let (b1, b0) = (b >> 64, b & MASK);
    let low = a0 * b0;
    let (mid_a, mid_b) = (a1 * b0, a0 * b1);
    let carry = (low >> 64) + (mid_a & MASK) + (mid_b & MASK);
    let high = a1 * b1 + (mid_a >> 64) + (mid_b >> 64) + (carry >> 64);
    (high, (low & MASK) | (carry << 64))
}

/// Quotient and remainder of a 256-bit number by a 128-bit one; `None` when the quotient needs more than 128 bits.
fn div_rem(high: u128, low: u128, d: u128) -> Option<(u128, u128)> {
    if high == 0 {
        // One division, where the machine has none of 128 bits.
        let quotient = low / d;
        return Some((quotient, low - quotient * d));
    }
    if high >= d {
        return None;
    }
    if d <= u128::from(u64::MAX) {
        // Long division by one digit of 64 bits: each step's remainder is below `d`, so that a digit is what is left.
        let (mut remainder, mut quotient) = (high, 0);
        for digit in [low >> 64, low & u128::from(u64::MAX)] {
            let rest = (remainder << 64) | digit;
            quotient = (quotient << 64) | (rest / d);
            remainder = rest % d;
        }
        return Some((quotient, remainder));
    }
    // Shift-subtract: exact, short, and never on the hot path.
    let (mut remainder, mut quotient) = (high, 0_u128);
    for bit in (0..128).rev() {
        let overflow = remainder >> 127 == 1;
        remainder = (remainder << 1) | ((low >> bit) & 1);
        if overflow || remainder >= d {
            remainder = remainder.wrapping_sub(d);
            quotient |= 1 << bit;
        }
    }
    Some((quotient, remainder))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn product_divided_by_a_factor_is_the_other(a in any::<i64>(), b in 1..=u128::from(u64::MAX)) {
            let product = mul_div_half_even(i128::from(a), b as i128, b);
            prop_assert_eq!(product, Some(i128::from(a)));
        }

        #[test]
        fn agrees_with_small_numbers(a in any::<i32>(), b in any::<i32>(), d in 1_u32..) {
            let (product, d128) = (i128::from(a) * i128::from(b), i128::from(d));
            let floor = product.div_euclid(d128);
            let twice = product.rem_euclid(d128) * 2;
            let want = floor + i128::from(twice > d128 || (twice == d128 && floor % 2 != 0));
            prop_assert_eq!(mul_div_half_even(i128::from(a), i128::from(b), u128::from(d)), Some(want));
        }
    }

    proptest! {
        #[test]
        fn quotient_times_divisor_and_remainder_make_the_number(
            high in any::<u128>(),
            low in any::<u128>(),
            d in prop_oneof![1..=u128::from(u64::MAX), any::<u64>().prop_map(|d| u128::from(d) + (1 << 64)), 1..=u128::MAX],
        ) {
            let high = high % d;
            let (quotient, remainder) = div_rem(high, low, d).unwrap();
            prop_assert!(remainder < d);
            let (product_high, product_low) = full_mul(quotient, d);
            let (sum, carry) = product_low.overflowing_add(remainder);
            prop_assert_eq!((product_high + u128::from(carry), sum), (high, low));
        }
    }

    #[test]
    fn uses_all_256_bits() {
        let most = i128::MAX;
        assert_eq!(mul_div_half_even(most, most, most as u128), Some(most));
        assert_eq!(mul_div_half_even(most, -most, most as u128), Some(-most));
        assert_eq!(mul_div_half_even(most, most, 1), None);
        assert_eq!(mul_div_half_even(1, 1, 0), None);
    }
}
