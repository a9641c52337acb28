//! Do two files hold the same rows?
//!
//! Every row gets a hash of its facts: who, what, when, how much, tags. The invoice is left out, because the same
//! charge carries none before the bill is final. Hashes are compared as multisets, so order does not matter, in slices
//! of the hash space, so memory stays bounded however many rows there are.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::decode::Row;
use super::keys::{GroupKey, KeyMap};
use super::worker::{Overflow, Tally};
use crate::bill::{Metric, Schema, Source, TextSource};
use crate::calendar::Month;
use crate::condition::Field;
use crate::money::Amount;

/// Most rows whose hashes are held at a time.
const HELD: u64 = 4 << 20;

/// A part of the hash space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashSlice {
    index: u64,
    of: u64,
}

impl HashSlice {
    /// The slices by which so many rows are compared.
    pub fn all(rows: u64) -> impl Iterator<Item = Self> {
        let of = rows.div_ceil(HELD).max(1);
        (0..of).map(move |index| Self { index, of })
    }

    fn holds(self, hash: u64) -> bool {
        self.of == 1 || (hash >> 20) % self.of == self.index
    }
}

/// Collects row hashes by group number and month.
#[derive(Debug)]
pub struct HashTally {
    slice: HashSlice,
    metric: Metric,
    rows: Vec<HashedRow>,
}

/// One row: its hash, where it counts, and its amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct HashedRow {
    hash: u64,
    month: Month,
    group: u32,
    amount: Amount,
}

impl HashTally {
    /// A tally of the rows whose hash is in the slice, with their amounts in the metric.
    pub fn new(slice: HashSlice, metric: Metric) -> Self {
        Self { slice, metric, rows: Vec::new() }
    }
}

impl Tally for HashTally {
    fn add(&mut self, row: &Row<'_>, _: bool) -> Result<(), Overflow> {
        let hash = row_hash(row.schema(), row);
        if self.slice.holds(hash) {
            let amount = row.costs[self.metric as usize].unwrap_or_default();
            self.rows.push(HashedRow { hash, month: row.month, group: row.group, amount });
        }
        Ok(())
    }

    fn merge(&mut self, other: Self, map: &KeyMap) -> Result<(), Overflow> {
        self.rows.extend(other.rows.into_iter().map(|row| HashedRow { group: map.group(row.group), ..row }));
        Ok(())
    }
}

/// Fields that may differ between two exports of one charge.
const NOT_COMPARED: [Field; 2] = [Field::InvoiceId, Field::InvoiceIssuerName];

fn row_hash(schema: &Schema, row: &Row<'_>) -> u64 {
    let mut hasher = FixedState::with_seed(0x6865_6164_726f_6f6d).build_hasher();
    let mut write = |text: &[u8]| {
        hasher.write_usize(text.len());
        hasher.write(text);
    };
    for field in Field::ALL.iter().filter(|field| !NOT_COMPARED.contains(field)) {
        if let TextSource::Columns(columns) | TextSource::Derived(columns) = schema.source(*field) {
            for column in columns {
                write(row.record.trimmed(*column));
            }
        }
    }
    let (period, tags) = (schema.period(), schema.tags());
    let columns = period.start.iter().chain(&period.end).chain(&tags.packed);
    for column in columns.chain(tags.single.iter().map(|(_, column)| column)) {
        write(row.record.trimmed(*column));
    }
    for cost in row.costs {
        write(&cost.map_or([0xff; 16], |amount| amount.units().to_le_bytes()));
    }
    hasher.finish()
}

/// One file's hashed rows by source and month, sorted.
type Hashed = BTreeMap<(Arc<Source>, Month), Vec<(u64, Amount)>>;

/// The hashed rows of a file.
#[derive(Debug, Default)]
pub struct FileHashes(Hashed);

impl FileHashes {
    /// Sorts a file's rows by source and month.
    pub fn new(groups: &[GroupKey], tally: HashTally) -> Self {
        let mut hashed = Hashed::new();
        for row in tally.rows {
            let source = groups[row.group as usize].source.clone();
            hashed.entry((source, row.month)).or_default().push((row.hash, row.amount));
        }
        for rows in hashed.values_mut() {
            rows.sort_unstable();
        }
        Self(hashed)
    }

    /// How many rows of a source's month stand in both files, and what they add up to.
    pub fn in_common(&self, other: &Self, source: &Arc<Source>, month: Month) -> (u64, Option<Amount>) {
        let key = (source.clone(), month);
        let (Some(mine), Some(theirs)) = (self.0.get(&key), other.0.get(&key)) else {
            return (0, Some(Amount::ZERO));
        };
        let (mut rows, mut sum) = (0, Some(Amount::ZERO));
        let mut theirs = theirs.iter().peekable();
        for (hash, amount) in mine {
            while theirs.peek().is_some_and(|(other, _)| other < hash) {
                theirs.next();
            }
            if theirs.peek().is_some_and(|(other, _)| other == hash) {
                theirs.next();
                rows += 1;
                sum = sum.and_then(|sum| sum.checked_add(*amount));
            }
        }
        (rows, sum)
    }
}
