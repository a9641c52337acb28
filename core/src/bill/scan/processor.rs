//! The walk compiled for newer processors, chosen when the program runs.
//!
//! The walk is the same safe code; with AVX2 and BMI the compiler needs fewer instructions for it, about a tenth of all
//! time spent on a bill. Only integers are worked on, so no figure can depend on the choice.

#![expect(unsafe_code, reason = "calling a function compiled for features that were just found")]

use super::rows::{RowScanner, RowSink};

/// Walks the block if the processor has what the quicker walk needs.
#[inline]
pub(super) fn walk(scanner: &mut RowScanner, block: &[u8], sink: &mut impl RowSink) -> Option<u64> {
    let has_all = is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt");
    // SAFETY: the function is compiled for exactly the features that were found.
    has_all.then(|| unsafe { walk_with_avx2(scanner, block, sink) })
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn walk_with_avx2(scanner: &mut RowScanner, block: &[u8], sink: &mut impl RowSink) -> u64 {
    scanner.walk(block, sink)
}
