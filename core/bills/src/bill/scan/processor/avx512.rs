//! Processors with AVX-512 and its byte compression, which lists the places of a mask without a branch.

#![expect(unsafe_code, reason = "calling functions compiled for features that were just found")]

use std::arch::x86_64::{
    __m128i, __m512i, _mm512_add_epi32, _mm512_castsi512_si128, _mm512_cmpeq_epi8_mask, _mm512_cvtepu8_epi32,
    _mm512_extracti32x4_epi32, _mm512_maskz_compress_epi8, _mm512_set1_epi8, _mm512_set1_epi32, _mm512_testn_epi8_mask,
};

use super::super::mask::{LANES, Masks, Processor};
use super::super::rows::{Rest, RowScanner, RowSink, Scanned};
use super::avx2::{Avx2, prefix_parity};

/// Proof that the processor has what the functions of this module are compiled for.
///
/// INVARIANT: made by [`Avx512::found`] alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx512(());

impl Avx512 {
    pub(super) fn found() -> Option<Self> {
        let has_all = Avx2::found().is_some()
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi2");
        has_all.then_some(Self(()))
    }

    #[inline]
    pub(super) fn walk(self, scanner: &mut RowScanner, block: &[u8], rest: Rest, sink: &mut dyn RowSink) -> Scanned {
        // SAFETY: an `Avx512` is made only where the features were found.
        unsafe { walk(self, scanner, block, rest, sink) }
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,pclmulqdq,avx512f,avx512bw,avx512vbmi2")]
fn walk(processor: Avx512, scanner: &mut RowScanner, block: &[u8], rest: Rest, sink: &mut dyn RowSink) -> Scanned {
    scanner.walk(&processor, block, rest, sink)
}

impl Processor for Avx512 {
    #[inline(always)]
    fn masks(&self, bytes: &[u8; LANES]) -> Masks {
        // SAFETY: an `Avx512` is made only where the features were found.
        unsafe { masks(bytes) }
    }

    #[inline(always)]
    fn prefix_parity(&self, mask: u64) -> u64 {
        // SAFETY: an `Avx512` is made only where the features were found, those of AVX2 included.
        unsafe { prefix_parity(mask) }
    }

    #[inline(always)]
    fn positions(&self, mask: u64, base: u32, places: &mut [u32; LANES]) {
        // SAFETY: an `Avx512` is made only where the features were found.
        unsafe { positions(mask, base, places) }
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn masks(bytes: &[u8; LANES]) -> Masks {
    // SAFETY: any 64 bytes are a vector.
    let block = unsafe { std::mem::transmute::<[u8; LANES], __m512i>(*bytes) };
    let mask = |byte: u8| _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(byte.cast_signed()));
    let has_nul = _mm512_testn_epi8_mask(block, block) != 0;
    Masks { commas: mask(b','), quotes: mask(b'"'), newlines: mask(b'\n'), has_nul }
}

/// The place of every byte among 64.
const PLACES: [u8; LANES] = {
    let mut places = [0; LANES];
    let mut place = 0;
    while place < LANES {
        places[place] = place as u8;
        place += 1;
    }
    places
};

/// Places listed at a stroke.
const STROKE: usize = 16;

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn positions(mask: u64, base: u32, places: &mut [u32; LANES]) {
    // SAFETY: any 64 bytes are a vector.
    let every = unsafe { std::mem::transmute::<[u8; LANES], __m512i>(PLACES) };
    let found = _mm512_maskz_compress_epi8(mask, every);
    let (strokes, _) = places.as_chunks_mut::<STROKE>();
    let [first, second, third, fourth] = strokes else { return };
    let widened = |quarter: __m128i| {
        let wide = _mm512_add_epi32(_mm512_cvtepu8_epi32(quarter), _mm512_set1_epi32(base.cast_signed()));
        // SAFETY: a vector of 64 bytes is sixteen numbers of four.
        unsafe { std::mem::transmute::<__m512i, [u32; STROKE]>(wide) }
    };
    *first = widened(_mm512_castsi512_si128(found));
    if mask.count_ones() as usize > STROKE {
        *second = widened(_mm512_extracti32x4_epi32::<1>(found));
        *third = widened(_mm512_extracti32x4_epi32::<2>(found));
        *fourth = widened(_mm512_extracti32x4_epi32::<3>(found));
    }
}
