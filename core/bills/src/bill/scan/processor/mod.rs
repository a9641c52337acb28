//! The walk for processors that do more at a stroke than any, chosen when the program runs.
//!
//! The walk is the same safe code over other masks. Only integers are worked on, so no figure can depend on the choice.

mod avx2;
mod avx512;

use self::avx2::Avx2;
use self::avx512::Avx512;
use super::rows::{Rest, RowScanner, RowSink, Scanned};

/// Walks the block if the processor has what a quicker walk needs.
#[inline]
pub(super) fn walk(scanner: &mut RowScanner, block: &[u8], rest: Rest, sink: &mut dyn RowSink) -> Option<Scanned> {
    if let Some(processor) = Avx512::found() {
        return Some(processor.walk(scanner, block, rest, sink));
    }
    Avx2::found().map(|processor| processor.walk(scanner, block, rest, sink))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::mask::{LANES, Portable, Processor};
    use super::*;

    fn agrees(processor: &impl Processor, bytes: &[u8; LANES]) -> Result<(), TestCaseError> {
        let (wide, plain) = (processor.masks(bytes), Portable.masks(bytes));
        prop_assert_eq!(wide.commas, plain.commas);
        prop_assert_eq!(wide.quotes, plain.quotes);
        prop_assert_eq!(wide.newlines, plain.newlines);
        prop_assert_eq!(wide.has_nul, plain.has_nul);
        prop_assert_eq!(processor.prefix_parity(plain.quotes), Portable.prefix_parity(plain.quotes));
        let (mut there, mut here) = ([0; LANES], [0; LANES]);
        processor.positions(plain.commas, 1_000, &mut there);
        Portable.positions(plain.commas, 1_000, &mut here);
        let count = plain.commas.count_ones() as usize;
        prop_assert_eq!(&there[..count], &here[..count]);
        Ok(())
    }

    proptest! {
        #[test]
        fn every_processor_agrees_with_any(
            bytes in prop::collection::vec(prop::sample::select(b"a,,,\"\n\0\xff".to_vec()), LANES),
        ) {
            let bytes: [u8; LANES] = bytes.try_into().unwrap();
            if let Some(processor) = Avx2::found() {
                agrees(&processor, &bytes)?;
            }
            if let Some(processor) = Avx512::found() {
                agrees(&processor, &bytes)?;
            }
        }
    }
}
