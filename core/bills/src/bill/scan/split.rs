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
    let mut quoted = ends_inside_quotes(bytes);
    let at = bytes.iter().rposition(|byte| {
        quoted ^= *byte == b'"';
        *byte == b'\n' && !quoted
    })?;
    Some(at + 1)
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
    }
}
