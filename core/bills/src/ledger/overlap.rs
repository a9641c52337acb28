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
use super::portable::{Portable, Reader, Writer};
use super::worker::{Overflow, Tally};
use crate::bill::{Metric, Record, Schema, Source, visit_tags_at};
use crate::calendar::Month;
use crate::condition::Field;
use crate::money::{Amount, Currency};
use crate::order::{BTreeMap, BTreeSet};
use crate::portable;

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
    /// The same without what a later version of the export states anew.
    charge: u64,
    month: Month,
    group: u32,
    amount: Amount,
}

portable!(HashedRow { hash, charge, month, group, amount });

impl HashTally {
    /// A tally of the rows whose hash is in the slice, with their amounts in the metric.
    pub fn new(slice: HashSlice, metric: Metric) -> Self {
        Self { slice, metric, rows: Vec::new() }
    }
}

impl Tally for HashTally {
    fn add(&mut self, row: &Row<'_>, _: bool) -> Result<(), Overflow> {
        let RowHash { hash, charge } = RowHash::of(row.schema(), row);
        // Rows that are the same are of the same charge, so that both are compared by one slice.
        if self.slice.holds(charge) {
            let amount = row.costs[self.metric as usize].unwrap_or_default();
            self.rows.push(HashedRow { hash, charge, month: row.month, group: row.group, amount });
        }
        Ok(())
    }

    fn merge(&mut self, other: Self, map: &KeyMap) -> Result<(), Overflow> {
        self.rows.extend(other.rows.into_iter().map(|row| HashedRow { group: map.group(row.group), ..row }));
        Ok(())
    }

    fn write(&self, to: &mut Writer) {
        self.rows.write(to);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        self.rows = Portable::read(from)?;
        Some(())
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

/// What a row says, however it is spelt: nulls, dates and numbers by their meaning, tags by key.
struct RowHash {
    /// Of all that makes it the same row.
    hash: u64,
    /// Of what it is charged for and when, without quantities, costs and tags.
    charge: u64,
}

impl RowHash {
    fn of(schema: &Schema, row: &Row<'_>) -> Self {
        let mut hasher = FixedState::with_seed(0x6865_6164_726f_6f6d).build_hasher();
        for field in IDENTITY {
            write(&mut hasher, schema.text(field, row.record).as_deref().map(str::as_bytes));
        }
        let currency = schema.text(Field::BillingCurrency, row.record);
        write(&mut hasher, Some(Currency::new(currency.as_deref().unwrap_or_default()).code().as_bytes()));
        write(&mut hasher, Some(&row.start().seconds_since_epoch().to_le_bytes()));
        let period = schema.period();
        let end = period.end.and_then(|column| period.dates.parse(row.record.trimmed(column)).ok());
        write(&mut hasher, end.map(|end| end.seconds_since_epoch().to_le_bytes()).as_ref().map(<[u8; 8]>::as_slice));
        let charge = hasher.clone().finish();
        for field in QUANTITIES {
            let text = schema.text(field, row.record);
            let number = text.as_deref().and_then(|text| Amount::parse(text.as_bytes()).ok());
            let units = number.map(|number| number.amount.units().to_le_bytes());
            write(&mut hasher, units.as_ref().map(<[u8; 16]>::as_slice));
        }
        for cost in COSTS.map(|metric| row.costs[metric as usize]) {
            write(&mut hasher, cost.map(|amount| amount.units().to_le_bytes()).as_ref().map(<[u8; 16]>::as_slice));
        }
        for (key, value) in tags(schema, row.record) {
            write(&mut hasher, Some(key.as_bytes()));
            write(&mut hasher, Some(value.as_bytes()));
        }
        Self { hash: hasher.finish(), charge }
    }
}

fn write(hasher: &mut impl Hasher, text: Option<&[u8]>) {
    hasher.write_usize(text.map_or(usize::MAX, <[u8]>::len));
    hasher.write(text.unwrap_or_default());
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

/// The hashes of their charges, sorted.
type Charges = BTreeMap<(Arc<Source>, Month), Vec<u64>>;

/// The hashed rows of a file.
#[derive(Debug, Default)]
pub struct FileHashes {
    rows: Hashed,
    charges: Charges,
    /// Where rows are in several currencies, whose amounts are never added up.
    mixed: BTreeSet<(Arc<Source>, Month)>,
}

impl FileHashes {
    /// Sorts a file's rows by source and month.
    pub fn new(groups: &[GroupKey], tally: HashTally) -> Self {
        let (mut hashed, mut charges, mut mixed) = (Hashed::new(), Charges::new(), BTreeSet::new());
        let mut currencies: BTreeMap<(Arc<Source>, Month), &Currency> = BTreeMap::new();
        for row in tally.rows {
            let group = &groups[row.group as usize];
            let slot = (group.source.clone(), row.month);
            if *currencies.entry(slot.clone()).or_insert(&group.currency) != &group.currency {
                mixed.insert(slot.clone());
            }
            charges.entry(slot.clone()).or_default().push(row.charge);
            hashed.entry(slot).or_default().push((row.hash, row.amount));
        }
        hashed.values_mut().for_each(|rows| rows.sort_unstable());
        charges.values_mut().for_each(|charges| charges.sort_unstable());
        Self { rows: hashed, charges, mixed }
    }

    /// How many rows of a source's month are of charges that both files have, whatever they say of quantities, costs and
    /// tags.
    pub fn alike(&self, other: &Self, source: &Arc<Source>, month: Month) -> u64 {
        let key = (source.clone(), month);
        let (Some(mine), Some(theirs)) = (self.charges.get(&key), other.charges.get(&key)) else { return 0 };
        let (mut count, mut theirs) = (0, theirs.iter().peekable());
        for charge in mine {
            while theirs.next_if(|other| *other < charge).is_some() {}
            count += u64::from(theirs.next_if_eq(&charge).is_some());
        }
        count
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
