//! Luck: seeded draws, the same for a path whatever else is changed.

/// The seed of all draws: the same tables give the same dates.
pub const SEED: u64 = 0xCA9A_C17E_5EED;

/// Luck from 0 to 1, of a path, a thing and a purpose: the finaliser of `SplitMix64` (Steele, Lea and Flood 2014).
pub(crate) fn uniform(path: usize, thing: u64, purpose: u64) -> f64 {
    let mix = |value: u64| {
        let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    };
    let bits = mix(mix(mix(SEED ^ path as u64) ^ thing) ^ purpose);
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Luck that is normal (Box and Muller 1958).
pub fn normal(path: usize, thing: u64, purpose: u64) -> f64 {
    let (radius, angle) = (uniform(path, thing, purpose), uniform(path, thing, purpose + 1));
    (-2.0 * libm::log(1.0 - radius)).sqrt() * libm::cos(2.0 * std::f64::consts::PI * angle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luck_is_spread_as_it_should_be() {
        let normals: Vec<f64> = (0..4000).map(|path| normal(path, 1, 0)).collect();
        let mean = normals.iter().sum::<f64>() / 4000.0;
        let square = normals.iter().map(|value| value * value).sum::<f64>() / 4000.0;
        // Four standard errors.
        assert!(mean.abs() < 4.0 / 63.0, "{mean}");
        assert!((square - 1.0).abs() < 4.0 * (2.0_f64 / 4000.0).sqrt(), "{square}");
        // The quantile of 90 %.
        let above = normals.iter().filter(|value| **value > 1.281_551_565_544_6).count() as f64 / 4000.0;
        assert!((above - 0.1).abs() < 0.02, "{above}");
    }
}
