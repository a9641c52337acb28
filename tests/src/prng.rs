//! A small seeded source of numbers, the same on every machine.

/// `SplitMix64`: eight bytes of state, and every seed is a good one.
#[derive(Clone, Debug)]
pub struct Prng {
    state: u64,
}

impl Prng {
    /// The sequence that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The sequence that belongs to the `index`th member of a family, found without drawing the others.
    pub fn member(seed: u64, index: u64) -> Self {
        let mut family = Self::new(seed ^ index.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self { state: family.bits() }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `end - 1`; 0 when `end` is 0.
    ///
    /// The bias of the multiply-shift method is below 2⁻³² for every `end` used here.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u64
    }

    /// A number from `first` to `last`, both included.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        first + self.below((last - first).max(0) as u64 + 1) as i64
    }

    /// True `permille` times in a thousand.
    pub fn chance(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// One of the items, of which there is at least one.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_published_sequence() {
        // The first outputs of SplitMix64 for seed 1234567, as its authors' reference program prints them.
        let mut prng = Prng::new(1_234_567);
        assert_eq!(prng.bits(), 6_457_827_717_110_365_317);
        assert_eq!(prng.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn stays_within_its_bounds() {
        let mut prng = Prng::new(7);
        for _ in 0..10_000 {
            assert!(prng.below(3) < 3);
            assert!((-2..=2).contains(&prng.between(-2, 2)));
        }
    }
}
