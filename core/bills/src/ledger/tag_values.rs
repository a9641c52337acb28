//! The values of tags, and how many rows carry each.

use super::decode::Row;
use super::keys::KeyMap;
use super::portable::{Portable, Reader, Writer};
use super::tally::CubeTally;
use super::worker::{Overflow, Tally};
use crate::bill::visit_tags_at;
use crate::order::BTreeMap;
use crate::portable;

/// Distinct values of a key counted before they are given up: a key with more names things one by one.
const MOST_VALUES: usize = 200;

/// Distinct keys counted before all are given up.
const MOST_KEYS: usize = 2_000;

/// Rows by tag key and value, in bounded memory.
///
/// What is given up is so only when there is too much of it, so no order of rows shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagValues {
    keys: BTreeMap<String, ValuesOf>,
    too_many_keys: bool,
}

/// Rows of one tag key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValuesOf {
    /// Rows that carry the key.
    pub rows: u64,
    /// Rows by value, blanks at its ends removed; empty when there are too many values.
    pub values: BTreeMap<String, u64>,
    /// There are too many values to count.
    pub too_many: bool,
}

portable!(ValuesOf { rows, values, too_many });

portable!(TagValues { keys, too_many_keys });

impl ValuesOf {
    fn add(&mut self, value: &str, rows: u64) {
        if self.too_many {
            return;
        }
        if let Some(count) = self.values.get_mut(value) {
            *count += rows;
        } else if self.values.len() < MOST_VALUES {
            self.values.insert(value.to_owned(), rows);
        } else {
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        self.too_many = true;
        self.values.clear();
    }
}

impl TagValues {
    /// The keys, sorted; none when there are too many.
    pub fn keys(&self) -> impl Iterator<Item = (&str, &ValuesOf)> {
        self.keys.iter().map(|(key, values)| (key.as_str(), values))
    }

    /// What is known of one key.
    pub fn get(&self, key: &str) -> Option<&ValuesOf> {
        self.keys.get(key)
    }

    fn key(&mut self, key: &str) -> Option<&mut ValuesOf> {
        if !self.keys.contains_key(key) {
            if self.too_many_keys || self.keys.len() >= MOST_KEYS {
                self.too_many_keys = true;
                self.keys.clear();
                return None;
            }
            self.keys.insert(key.to_owned(), ValuesOf::default());
        }
        self.keys.get_mut(key)
    }

    fn add(&mut self, key: &str, value: &str) {
        let value = value.trim();
        if let Some(values) = self.key(key).filter(|_| !value.is_empty()) {
            values.rows += 1;
            values.add(value, 1);
        }
    }

    /// Takes in another part's counts.
    pub fn merge(&mut self, other: Self) {
        if other.too_many_keys {
            self.too_many_keys = true;
            self.keys.clear();
        }
        for (key, theirs) in other.keys {
            let Some(mine) = self.key(&key) else { return };
            mine.rows += theirs.rows;
            if theirs.too_many {
                mine.give_up();
            }
            theirs.values.iter().for_each(|(value, rows)| mine.add(value, *rows));
        }
    }
}

/// The cube, and beside it the values of tags.
#[derive(Debug, Default)]
pub struct TaggedTally {
    /// The cube.
    pub cube: CubeTally,
    /// Tag values.
    pub tags: TagValues,
}

impl Tally for TaggedTally {
    const WHOLE_ROWS: bool = false;

    fn add(&mut self, row: &Row<'_>, invoiced: bool) -> Result<(), Overflow> {
        let columns = row.schema().tags();
        for (key, column) in &columns.single {
            if let Some(value) = row.record.text(*column) {
                self.tags.add(key, &value);
            }
        }
        for column in &columns.packed {
            // What cannot be read has no tags; it is counted where rows are.
            let _ = visit_tags_at(row.record, *column, &mut |key, value| self.tags.add(columns.key(key), &value));
        }
        self.cube.add(row, invoiced)
    }

    fn merge(&mut self, other: Self, map: &KeyMap) -> Result<(), Overflow> {
        self.tags.merge(other.tags);
        self.cube.merge(other.cube, map)
    }

    fn write(&self, to: &mut Writer) {
        self.tags.write(to);
        self.cube.write(to);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        self.tags = Portable::read(from)?;
        self.cube.read(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(pairs: impl IntoIterator<Item = (String, String)>) -> TagValues {
        let mut tags = TagValues::default();
        for (key, value) in pairs {
            tags.add(&key, &value);
        }
        tags
    }

    #[test]
    fn what_is_too_much_does_not_depend_on_order_or_parts() {
        for (keys, values) in [(3, 7), (3, MOST_VALUES), (3, MOST_VALUES + 1), (MOST_KEYS + 1, 1)] {
            let pairs =
                (0..keys).flat_map(|key| (0..values).map(move |value| (key.to_string(), format!(" v{value} "))));
            let pairs: Vec<(String, String)> = pairs.collect();
            let whole = counted(pairs.clone());
            assert_eq!(counted(pairs.iter().rev().cloned()), whole);
            let (left, right) = pairs.split_at(pairs.len() / 3);
            for (first, second) in [(left, right), (right, left)] {
                let mut merged = counted(first.to_vec());
                merged.merge(counted(second.to_vec()));
                assert_eq!(merged, whole);
            }
            assert_eq!(whole.too_many_keys, keys > MOST_KEYS);
            let first = whole.get("0");
            assert!(first.is_none_or(|first| first.too_many == (values > MOST_VALUES) && first.rows == values as u64));
        }
    }

    #[test]
    fn blank_values_are_none() {
        let tags = counted([("a".to_owned(), "  ".to_owned()), ("a".to_owned(), " x".to_owned())]);
        let a = tags.get("a").unwrap();
        assert_eq!((a.rows, a.values.get("x")), (1, Some(&1)));
    }
}
