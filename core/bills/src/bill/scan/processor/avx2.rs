//! Processors with AVX2, BMI and carry-less multiplication.

#![expect(unsafe_code, reason = "calling functions compiled for features that were just found")]

use std::arch::x86_64::{
    __m256i, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_set_epi64x, _mm_set1_epi8, _mm256_cmpeq_epi8,
    _mm256_min_epu8, _mm256_movemask_epi8, _mm256_set_epi64x, _mm256_set1_epi8,
};

use super::super::mask::{LANES, Masks, Portable, Processor};
use super::super::rows::{Rest, RowScanner, RowSink, Scanned};

/// Proof that the processor has what the functions of this module are compiled for.
///
/// INVARIANT: made by [`Avx2::found`] alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx2(());

impl Avx2 {
    pub(super) fn found() -> Option<Self> {
        let has_all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
            && is_x86_feature_detected!("pclmulqdq");
        has_all.then_some(Self(()))
    }

    #[inline]
    pub(super) fn walk(self, scanner: &mut RowScanner, block: &[u8], rest: Rest, sink: &mut dyn RowSink) -> Scanned {
        // SAFETY: an `Avx2` is made only where the features were found.
        unsafe { walk(self, scanner, block, rest, sink) }
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,pclmulqdq")]
fn walk(processor: Avx2, scanner: &mut RowScanner, block: &[u8], rest: Rest, sink: &mut dyn RowSink) -> Scanned {
    scanner.walk(&processor, block, rest, sink)
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

    #[inline(always)]
    fn positions(&self, mask: u64, base: u32, places: &mut [u32; LANES]) {
        Portable.positions(mask, base, places);
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
    let nul = equal(_mm256_min_epu8(low, high), 0);
    Masks { commas: mask(b','), quotes: mask(b'"'), newlines: mask(b'\n'), has_nul: _mm256_movemask_epi8(nul) != 0 }
}

/// Multiplying by all ones without carries is a prefix exclusive-or.
#[inline]
#[target_feature(enable = "pclmulqdq")]
pub(super) fn prefix_parity(mask: u64) -> u64 {
    let product = _mm_clmulepi64_si128(_mm_set_epi64x(0, mask.cast_signed()), _mm_set1_epi8(-1), 0);
    _mm_cvtsi128_si64(product).cast_unsigned()
}
