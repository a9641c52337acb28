//! The walk for processors with AVX2, BMI and carry-less multiplication, chosen when the program runs.
//!
//! The walk is the same safe code over other masks. Only integers are worked on, so no figure can depend on the choice.

#![expect(unsafe_code, reason = "calling functions compiled for features that were just found")]

use std::arch::x86_64::{
    __m256i, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_set_epi64x, _mm_set1_epi8, _mm256_cmpeq_epi8,
    _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi8, _mm256_setzero_si256,
};

use super::mask::{LANES, Masks, Processor};
use super::rows::{RowScanner, RowSink};

/// Proof that the processor has what the functions of this module are compiled for.
///
/// INVARIANT: made by [`Avx2::found`] alone.
#[derive(Clone, Copy, Debug)]
struct Avx2(());

impl Avx2 {
    fn found() -> Option<Self> {
        let has_all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
            && is_x86_feature_detected!("pclmulqdq");
        has_all.then_some(Self(()))
    }
}

/// Walks the block if the processor has what the quicker walk needs.
#[inline]
pub(super) fn walk(scanner: &mut RowScanner, block: &[u8], sink: &mut impl RowSink) -> Option<u64> {
    let processor = Avx2::found()?;
    // SAFETY: the function is compiled for exactly the features that were found.
    Some(unsafe { walk_with_avx2(processor, scanner, block, sink) })
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,pclmulqdq")]
fn walk_with_avx2(processor: Avx2, scanner: &mut RowScanner, block: &[u8], sink: &mut impl RowSink) -> u64 {
    scanner.walk(&processor, block, sink)
}

impl Processor for Avx2 {
    #[inline(always)]
    fn masks(&self, bytes: &[u8; LANES]) -> Masks {
        // SAFETY: an `Avx2` is made only where the features were found.
        unsafe { masks(bytes) }
    }

    #[inline(always)]
    fn prefix_parity(&self, mask: u64) -> u64 {
        // SAFETY: an `Avx2` is made only where the features were found.
        unsafe { prefix_parity(mask) }
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn masks(bytes: &[u8; LANES]) -> Masks {
    let (words, _) = bytes.as_chunks::<8>();
    let word = |index: usize| i64::from_le_bytes(words[index]);
    let low = _mm256_set_epi64x(word(3), word(2), word(1), word(0));
    let high = _mm256_set_epi64x(word(7), word(6), word(5), word(4));
    let equal = |half: __m256i, byte: u8| _mm256_cmpeq_epi8(half, _mm256_set1_epi8(byte.cast_signed()));
    let mask = |byte: u8| {
        let low = _mm256_movemask_epi8(equal(low, byte)).cast_unsigned();
        let high = _mm256_movemask_epi8(equal(high, byte)).cast_unsigned();
        u64::from(low) | u64::from(high) << 32
    };
    let zero = _mm256_setzero_si256();
    let nul = _mm256_or_si256(_mm256_cmpeq_epi8(low, zero), _mm256_cmpeq_epi8(high, zero));
    Masks { commas: mask(b','), quotes: mask(b'"'), newlines: mask(b'\n'), has_nul: _mm256_movemask_epi8(nul) != 0 }
}

/// Multiplying by all ones without carries is a prefix exclusive-or.
#[inline]
#[target_feature(enable = "pclmulqdq")]
fn prefix_parity(mask: u64) -> u64 {
    let product = _mm_clmulepi64_si128(_mm_set_epi64x(0, mask.cast_signed()), _mm_set1_epi8(-1), 0);
    _mm_cvtsi128_si64(product).cast_unsigned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::mask::Portable;
    use super::*;

    proptest! {
        #[test]
        fn agrees_with_any_processor(bytes in prop::collection::vec(prop::sample::select(b"a,\"\n\0\xff".to_vec()), LANES)) {
            let Some(avx2) = Avx2::found() else { return Ok(()) };
            let bytes: [u8; LANES] = bytes.try_into().unwrap();
            let (wide, plain) = (avx2.masks(&bytes), Portable.masks(&bytes));
            prop_assert_eq!(wide.commas, plain.commas);
            prop_assert_eq!(wide.quotes, plain.quotes);
            prop_assert_eq!(wide.newlines, plain.newlines);
            prop_assert_eq!(wide.has_nul, plain.has_nul);
            prop_assert_eq!(avx2.prefix_parity(plain.quotes), Portable.prefix_parity(plain.quotes));
        }
    }
}
