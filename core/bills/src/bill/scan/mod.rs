//! Scanning CSV: where rows and fields end, found 64 bytes at a time.
//!
//! The dialect of CSV is RFC 4180's: comma, double quote, doubled quotes inside quotes; rows end with LF or CRLF,
//! the last one may lack it. [`RowStream`] cuts a stream into blocks of whole rows wherever its chunks end, and
//! [`RowScanner`] walks the rows of a block, so any chunking gives the same rows.

#![expect(clippy::inline_always, reason = "the walk over a chunk keeps its state in registers only when inlined")]

mod mask;
#[cfg(target_arch = "x86_64")]
mod processor;
mod rows;
mod split;
mod stream;
#[cfg(test)]
mod tests;

pub(super) use mask::{LANES, lanes, prefix_parity};
pub use rows::{BATCH, Batch, RowFault, RowScanner, RowSink, Scanned};
pub use split::{RowEnds, whole_rows};
pub use stream::{AT_ONCE, RowStream};
