//! The bytes of a key, gathered to be hashed.

use super::cache::KeyHash;
use crate::bill::Record;

/// Bytes gathered one key after the other in the same memory.
#[derive(Debug, Default)]
pub(super) struct KeyBytes {
    bytes: Vec<u8>,
}

/// Bytes copied at a stroke: most runs of columns are shorter.
const STROKE: usize = 32;

/// Bytes hashed at a stroke. XXH64 takes what is left of a key piece by piece, which costs as much as all before.
const HASHED: usize = if cfg!(target_arch = "wasm32") { 32 } else { 1 };

impl KeyBytes {
    /// The hash of a row's bytes in some runs of columns.
    #[inline]
    pub(super) fn hash_of_runs(&mut self, record: &Record<'_>, runs: &[(usize, usize)], secret: u64) -> KeyHash {
        let mut length = 0;
        // Runs lie apart in the row, so that all of them are no longer than it.
        self.make_room(record.length() + runs.len() + 2 * STROKE);
        for (first, last) in runs {
            let (from, run) = record.run(*first, *last);
            let room = &mut self.bytes[length..];
            // Copying what follows too, in strokes of a length known beforehand, is quicker than copying just so many bytes.
            let strokes = run.div_ceil(STROKE);
            match (from.get(..strokes * STROKE), room.get_mut(..strokes * STROKE)) {
                (Some(from), Some(room)) => {
                    let strokes = room.as_chunks_mut::<STROKE>().0.iter_mut().zip(from.as_chunks().0);
                    strokes.for_each(|(place, stroke)| *place = *stroke);
                }
                _ => room[..run].copy_from_slice(&from[..run]),
            }
            // A separator ends each run, so that no two rows' texts can run together.
            room[run] = b',';
            length += run + 1;
        }
        if let Some(behind) = self.bytes[length..].first_chunk_mut::<HASHED>() {
            // Behind the last separator nothing is taken for a key.
            *behind = [0; HASHED];
        }
        KeyHash::of(&self.bytes[..length.next_multiple_of(HASHED)], secret)
    }

    /// The hash of some numbers.
    #[inline]
    pub(super) fn hash_of_numbers(&mut self, numbers: &[u32], secret: u64) -> KeyHash {
        self.make_room(numbers.len() * 4);
        for (place, number) in self.bytes.as_chunks_mut::<4>().0.iter_mut().zip(numbers) {
            *place = number.to_le_bytes();
        }
        KeyHash::of(&self.bytes[..numbers.len() * 4], secret)
    }

    #[inline]
    fn make_room(&mut self, length: usize) {
        if self.bytes.len() < length {
            self.grow(length);
        }
    }

    #[cold]
    fn grow(&mut self, length: usize) {
        self.bytes.resize(length.next_power_of_two(), 0);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_hash_is_that_of_the_runs_and_their_separators(
            fields in prop::collection::vec("[a-z]{0,50}", 4),
            rest in "[a-z]{0,40}",
        ) {
            let row = fields.join(",") + "\n" + &rest;
            let mut at = 0;
            let ends: Vec<u32> = fields.iter().map(|field| { at += field.len() as u32 + 1; at - 1 }).collect();
            let record = Record::new(row.as_bytes(), 0, &ends);
            let mut want = format!("{},{},{},", fields[0], fields[2], fields[3]).into_bytes();
            want.resize(want.len().next_multiple_of(HASHED), 0);
            let mut bytes = KeyBytes::default();
            for _ in 0..2 {
                prop_assert_eq!(bytes.hash_of_runs(&record, &[(0, 0), (2, 3)], 7), KeyHash::of(&want, 7));
                prop_assert_eq!(bytes.hash_of_numbers(&[1, 258], 7), KeyHash::of(&[1, 0, 0, 0, 2, 1, 0, 0], 7));
            }
        }
    }
}
