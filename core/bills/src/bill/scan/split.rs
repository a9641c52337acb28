//! Cutting a stream into blocks of whole rows.

use super::mask::{LANES, quotes};

/// How many of the leading bytes are whole rows, the last newline included; `None` when there is no row end.
///
/// `bytes` must start at the start of a row. What lies beyond is the start of a row that is not all there yet.
///
/// ```
/// use headroom_bills::bill::scan::whole_rows;
///
/// assert_eq!(whole_rows(b"a,b\nc,\"d\ne\"\nf"), Some(12));
/// assert_eq!(whole_rows(b"a,\"b\n"), None);
/// ```
pub fn whole_rows(bytes: &[u8]) -> Option<usize> {
    RowEnds::default().whole_rows(bytes)
}

/// Finds where rows end in bytes that come piece by piece, and looks at each byte once: a row may be very long.
#[derive(Clone, Copy, Debug, Default)]
pub struct RowEnds {
    /// How many of the bytes have been looked at: no row ends in them.
    looked_at: usize,
    /// Whether they end inside quotes.
    inside: bool,
}

impl RowEnds {
    /// As [`whole_rows`], where `bytes` are those of the last call without the whole rows that it found, and what has come
    /// since.
    pub fn whole_rows(&mut self, bytes: &[u8]) -> Option<usize> {
        let looked_at = self.looked_at;
        let fresh = bytes.get(looked_at..).unwrap_or_default();
        self.inside ^= ends_inside_quotes(fresh);
        let mut inside = self.inside;
        let end = fresh.iter().rposition(|byte| {
            inside ^= *byte == b'"';
            *byte == b'\n' && !inside
        });
        let whole = end.map(|at| looked_at + at + 1);
        // A row starts outside quotes, so that what is left of it ends as all bytes do.
        self.looked_at = bytes.len() - whole.unwrap_or_default();
        whole
    }

    /// Where the row under way ends in the bytes that come next, its newline included; `None` where it goes on beyond them.
    pub(super) fn first_end(&mut self, fresh: &[u8]) -> Option<usize> {
        let Self { looked_at, inside } = self;
        let end = fresh.iter().position(|byte| {
            *inside ^= *byte == b'"';
            *byte == b'\n' && !*inside
        });
        *looked_at = if end.is_some() { 0 } else { *looked_at + fresh.len() };
        end.map(|at| at + 1)
    }
}

fn ends_inside_quotes(bytes: &[u8]) -> bool {
    let (chunks, rest) = bytes.as_chunks::<LANES>();
    let whole = chunks.iter().fold(0_u64, |parity, chunk| parity ^ quotes(chunk)).count_ones();
    let rest = rest.iter().fold(0, |count, byte| count + u32::from(*byte == b'"'));
    (whole + rest) % 2 == 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same by walking forward.
    fn reference(bytes: &[u8]) -> Option<usize> {
        let (mut quoted, mut end) = (false, None);
        for (at, byte) in bytes.iter().enumerate() {
            quoted ^= *byte == b'"';
            if *byte == b'\n' && !quoted {
                end = Some(at + 1);
            }
        }
        end
    }

    proptest! {
        #[test]
        fn agrees_with_walking_forward(bytes in prop::collection::vec(prop::sample::select(b"a,\"\n".to_vec()), 0..300)) {
            prop_assert_eq!(whole_rows(&bytes), reference(&bytes));
        }

        #[test]
        fn pieces_are_cut_as_the_whole(
            pieces in prop::collection::vec(prop::collection::vec(prop::sample::select(b"a,\"\n".to_vec()), 0..40), 0..12)
        ) {
            let (mut ends, mut pending) = (RowEnds::default(), Vec::new());
            for piece in pieces {
                pending.extend(piece);
                let whole = ends.whole_rows(&pending);
                prop_assert_eq!(whole, reference(&pending));
                pending.drain(..whole.unwrap_or_default());
            }
        }
    }
}
