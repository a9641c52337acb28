//! Do two files hold the same rows?
//!
//! Every row gets a hash of its facts: who, what, when, how much, tags. The invoice is left out, because the same
//! charge carries none before the bill is final. Hashes are compared as multisets, so order does not matter, in slices
//! of the hash space, so memory stays bounded however many rows there are.

use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::decode::Row;
use super::keys::{GroupKey, KeyMap};
use super::worker::{Overflow, Tally};
use crate::bill::{Metric, Record, Schema, Source, visit_tags_at};
use crate::calendar::{Instant, Month};
use crate::condition::Field;
use crate::money::{Amount, Currency};
use crate::order::{BTreeMap, BTreeSet};

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

/// What makes a charge the same charge in two exports. The invoice is not among it, nor what only some versions of a
/// format state (a meter beside the SKU, a region's display name).
const IDENTITY: [Field; 12] = [
    Field::SubAccountId,
    Field::ServiceName,
    Field::RegionId,
    Field::AvailabilityZone,
    Field::ResourceId,
    Field::SkuId,
    Field::SkuPriceId,
    Field::Operation,
    Field::ChargeCategory,
    Field::ChargeClass,
    Field::ChargeDescription,
    Field::CommitmentDiscountId,
];

/// Numbers among it, compared by value.
const QUANTITIES: [Field; 2] = [Field::ConsumedQuantity, Field::PricingQuantity];

/// Metrics among it: list and contracted costs are columns that newer exports add.
const COSTS: [Metric; 2] = [Metric::Billed, Metric::Effective];

/// A hash of what the row says, however it is spelt: nulls, dates and numbers by their meaning, tags by key.
fn row_hash(schema: &Schema, row: &Row<'_>) -> u64 {
    let mut hasher = FixedState::with_seed(0x6865_6164_726f_6f6d).build_hasher();
    let mut write = |text: Option<&[u8]>| {
        hasher.write_usize(text.map_or(usize::MAX, <[u8]>::len));
        hasher.write(text.unwrap_or_default());
    };
    for field in IDENTITY {
        write(schema.text(field, row.record).as_deref().map(str::as_bytes));
    }
    let currency = schema.text(Field::BillingCurrency, row.record);
    write(Some(Currency::new(currency.as_deref().unwrap_or_default()).code().as_bytes()));
    for field in QUANTITIES {
        let text = schema.text(field, row.record);
        let number = text.as_deref().and_then(|text| Amount::parse(text.as_bytes()).ok());
        write(number.map(|number| number.amount.units().to_le_bytes()).as_ref().map(<[u8; 16]>::as_slice));
    }
    for cost in COSTS.map(|metric| row.costs[metric as usize]) {
        write(cost.map(|amount| amount.units().to_le_bytes()).as_ref().map(<[u8; 16]>::as_slice));
    }
    write(Some(&row.start().seconds_since_epoch().to_le_bytes()));
    let end = schema.period().end.and_then(|column| Instant::parse(row.record.trimmed(column)).ok());
    write(end.map(|end| end.seconds_since_epoch().to_le_bytes()).as_ref().map(<[u8; 8]>::as_slice));
    for (key, value) in tags(schema, row.record) {
        write(Some(key.as_bytes()));
        write(Some(value.as_bytes()));
    }
    hasher.finish()
}

/// The row's tags by key; a column that holds none of them says nothing.
fn tags(schema: &Schema, record: &Record<'_>) -> BTreeMap<String, String> {
    let columns = schema.tags();
    let mut tags = BTreeMap::new();
    for (key, column) in &columns.single {
        if let Some(value) = record.text(*column) {
            tags.entry(key.clone()).or_insert_with(|| value.into_owned());
        }
    }
    for column in &columns.packed {
        // Tags that cannot be read are counted where rows are; two rows with the same unreadable tags agree anyway.
        let _ = visit_tags_at(record, *column, &mut |key, value| {
            tags.entry(columns.key(key).to_owned()).or_insert_with(|| value.into_owned());
        });
    }
    tags
}

/// One file's hashed rows by source and month, sorted.
type Hashed = BTreeMap<(Arc<Source>, Month), Vec<(u64, Amount)>>;

/// The hashed rows of a file.
#[derive(Debug, Default)]
pub struct FileHashes {
    rows: Hashed,
    /// Where rows are in several currencies, whose amounts are never added up.
    mixed: BTreeSet<(Arc<Source>, Month)>,
}

impl FileHashes {
    /// Sorts a file's rows by source and month.
    pub fn new(groups: &[GroupKey], tally: HashTally) -> Self {
        let (mut hashed, mut mixed) = (Hashed::new(), BTreeSet::new());
        let mut currencies: BTreeMap<(Arc<Source>, Month), &Currency> = BTreeMap::new();
        for row in tally.rows {
            let group = &groups[row.group as usize];
            let slot = (group.source.clone(), row.month);
            if *currencies.entry(slot.clone()).or_insert(&group.currency) != &group.currency {
                mixed.insert(slot.clone());
            }
            hashed.entry(slot).or_default().push((row.hash, row.amount));
        }
        for rows in hashed.values_mut() {
            rows.sort_unstable();
        }
        Self { rows: hashed, mixed }
    }

    /// How many rows of a source's month stand in both files, and what they add up to; `None` where they are in
    /// several currencies.
    pub fn in_common(&self, other: &Self, source: &Arc<Source>, month: Month) -> (u64, Option<Amount>) {
        let key = (source.clone(), month);
        let (Some(mine), Some(theirs)) = (self.rows.get(&key), other.rows.get(&key)) else {
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
        (rows, sum.filter(|_| !self.mixed.contains(&key) && !other.mixed.contains(&key)))
    }
}
