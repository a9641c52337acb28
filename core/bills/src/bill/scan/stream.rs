//! Bytes that come piece by piece, handed on as blocks that start where rows start.

use super::split::RowEnds;
use crate::bill::LONGEST_ROW;

/// Fewer bytes are gathered before rows are read.
const GATHERED: usize = 256 << 10;

/// Bytes to give at once: a row which may be too long is then never within one piece, or within what was gathered of a header.
pub const AT_ONCE: usize = 4 << 20;

/// Cuts what is pushed into blocks; a large piece is handed on where it stands.
///
/// Whoever takes a block says how many of its bytes were whole rows ([`RowScanner::scan_whole_rows`]), and gets the others
/// again with what comes after them.
///
/// [`RowScanner::scan_whole_rows`]: super::RowScanner::scan_whole_rows
#[derive(Debug, Default)]
pub struct RowStream {
    /// What has been handed on in no block, or only as the start of a row.
    pending: Vec<u8>,
    ends: RowEnds,
    is_row_too_long: bool,
}

impl RowStream {
    /// Takes bytes of which nobody knows yet whether rows start in them: those that may hold the header.
    ///
    /// Gives all of them, and whether there are enough to look at.
    pub fn gather(&mut self, bytes: &[u8]) -> (&[u8], bool) {
        self.pending.extend_from_slice(bytes);
        (&self.pending, self.pending.len() >= GATHERED)
    }

    /// Drops the first of the bytes gathered: rows start behind them.
    pub fn skip(&mut self, bytes: usize) {
        self.pending.drain(..bytes.min(self.pending.len()));
        self.ends = RowEnds::default();
    }

    /// Whether the row behind those handed on is longer than rows may be; nothing more is handed on then.
    pub fn is_row_too_long(&self) -> bool {
        self.is_row_too_long
    }

    /// Takes the next bytes, [`AT_ONCE`] at most.
    pub fn push(&mut self, bytes: &[u8], take: &mut dyn FnMut(&[u8]) -> usize) {
        if self.is_row_too_long {
            return;
        }
        if bytes.len() < GATHERED {
            self.pending.extend_from_slice(bytes);
            if self.pending.len() >= GATHERED {
                self.hand_on(take);
            }
            return;
        }
        self.hand_on(take);
        let mut rest = bytes;
        if self.is_within_row() {
            let Some(end) = self.complete(bytes, take) else { return };
            rest = &bytes[end..];
        }
        let whole = take(rest);
        self.pending.extend_from_slice(rest.get(whole..).unwrap_or_default());
    }

    /// Whether bytes wait: once whole rows are handed on, those of a row that is not all there yet.
    pub fn is_within_row(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Completes the row under way, once whole rows are handed on, with the first of these bytes, and tells how many they are;
    /// `None` where it goes on beyond them, or is too long.
    pub fn complete(&mut self, bytes: &[u8], take: &mut dyn FnMut(&[u8]) -> usize) -> Option<usize> {
        let end = self.ends.first_end(bytes);
        self.pending.extend_from_slice(&bytes[..end.unwrap_or(bytes.len())]);
        self.is_row_too_long |= self.pending.len() > LONGEST_ROW;
        if end.is_some() && !self.is_row_too_long {
            take(&self.pending);
            self.pending.clear();
        }
        end.filter(|_| !self.is_row_too_long)
    }

    /// Hands on the whole rows among the bytes gathered.
    pub fn hand_on(&mut self, take: &mut dyn FnMut(&[u8]) -> usize) {
        // Of what was gathered, only the first row can be so long, and hardly ever is.
        if self.pending.len() > LONGEST_ROW {
            let first = RowEnds::default().first_end(&self.pending).unwrap_or(self.pending.len());
            self.is_row_too_long |= first > LONGEST_ROW;
        }
        if self.is_row_too_long {
            return;
        }
        if let Some(whole) = self.ends.whole_rows(&self.pending) {
            take(&self.pending[..whole]);
            self.pending.drain(..whole);
        }
    }

    /// The last bytes, when no more come: whole rows, but for the last, which may lack its newline or its closing quote.
    pub fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.pending)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::whole_rows;
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn blocks_are_the_bytes_in_order_and_cut_at_row_ends(
            // Pieces of either kind, rows longer than some of them.
            rows in prop::collection::vec((prop::sample::select(b"a,\"\n".to_vec()), 1..400_000_usize), 1..8),
            cuts in prop::collection::vec(prop_oneof![1..2_000_usize, GATHERED - 3..GATHERED + 3, 1..900_000_usize], 1..12),
        ) {
            let bytes: Vec<u8> = rows.iter().flat_map(|(byte, length)| [vec![*byte; *length], b"\"\n,".to_vec()].concat()).collect();
            let (mut stream, mut rest, mut found) = (RowStream::default(), bytes.as_slice(), Vec::new());
            for cut in cuts {
                let (piece, behind) = rest.split_at(cut.min(rest.len()));
                rest = behind;
                stream.push(piece, &mut |block| {
                    let whole = whole_rows(block).unwrap_or_default();
                    found.extend_from_slice(&block[..whole]);
                    whole
                });
                prop_assert_eq!(found.len(), whole_rows(&bytes[..found.len()]).unwrap_or_default());
            }
            let waiting = stream.pending.len();
            found.extend(stream.finish());
            prop_assert_eq!(&found, &bytes[..bytes.len() - rest.len()]);
            // What waits is gathered, or the start of a row.
            let started = &found[found.len() - waiting..];
            prop_assert!(waiting < GATHERED || whole_rows(started).is_none());
        }
    }

    #[test]
    fn a_header_is_gathered_and_left_out() {
        let mut stream = RowStream::default();
        assert_eq!(stream.gather(b"a,b\n1"), (b"a,b\n1".as_slice(), false));
        stream.skip(4);
        let mut blocks = Vec::new();
        stream.push(b",2\n3", &mut |_| 0);
        stream.hand_on(&mut |block| {
            blocks.push(block.to_vec());
            block.len()
        });
        assert_eq!(blocks, [b"1,2\n"]);
        assert_eq!(stream.finish(), b"3");
    }

    #[test]
    fn a_row_is_too_long_in_pieces_of_any_size() {
        for (length, want) in [(LONGEST_ROW, false), (LONGEST_ROW + 1, true)] {
            let row = [b"a\n".as_slice(), &vec![b'x'; length - 1], b"\nb\n"].concat();
            for size in [200_000, 300_000, AT_ONCE] {
                let (mut stream, mut rows) = (RowStream::default(), 0);
                for piece in row.chunks(size) {
                    stream.push(piece, &mut |block| {
                        rows += block.split(|byte| *byte == b'\n').count() - 1;
                        whole_rows(block).unwrap_or_default()
                    });
                }
                stream.hand_on(&mut |block| {
                    rows += block.split(|byte| *byte == b'\n').count() - 1;
                    block.len()
                });
                assert_eq!((stream.is_row_too_long(), rows), (want, if want { 1 } else { 3 }), "{length} in {size}");
            }
        }
    }
}
