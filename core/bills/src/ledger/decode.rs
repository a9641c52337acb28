//! From a record to numbers: group, account, period and costs.

use std::sync::Arc;

use super::keys::Keys;
use super::lookup::Lookup;
use super::meaning::{Marks, Meaning};
use super::period::{Period, PeriodFault, PeriodReader};
use super::plan::Plan;
use super::tags::TagCounts;
use crate::bill::scan::{BATCH, Batch};
use crate::bill::{CostFault, Costs, Record, Schema};
use crate::calendar::{Date, Instant, Month};
use crate::portable;

/// One row, read.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The row's fields.
    pub record: &'a Record<'a>,
    /// Number of its group.
    pub group: u32,
    /// Number of its account.
    pub account: u32,
    /// The month it counts for.
    pub month: Month,
    /// The UTC day its charge period starts on.
    pub date: Date,
    /// Its metrics.
    pub costs: &'a Costs,
    /// Whether it belongs to the owner asked for; everybody's does when none is.
    pub included: bool,
    pub(super) source: u32,
    pub(super) usage: bool,
    pub(super) period: Period,
    pub(super) periods: &'a PeriodReader,
    pub(super) plan: &'a Plan,
}

impl Row<'_> {
    /// What the file's columns mean.
    pub fn schema(&self) -> &Schema {
        self.plan.schema()
    }

    /// When the charge period starts.
    pub fn start(&self) -> Instant {
        self.period.start
    }

    /// How many seconds the charge period lasts; `None` where the bill states no end, or none that can be read.
    pub fn seconds(&self) -> Option<i64> {
        self.periods.seconds(self.record, self.period.start)
    }

    /// Whether the charge period is at most a day long.
    pub fn is_daily(&self) -> bool {
        self.periods.is_daily(self.record, self.period.start)
    }
}

/// Why a row cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DecodeFault {
    Period(PeriodFault),
    Cost(CostFault),
}

/// What is counted while rows are read, beside what they add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) rounded: u64,
    pub(super) unreadable_tags: u64,
    pub(super) no_currency: u64,
    pub(super) unbilled: u64,
}

portable!(Counts { rounded, unreadable_tags, no_currency, unbilled });

impl Counts {
    /// Adds what was counted elsewhere.
    pub(super) fn merge(&mut self, other: Self) {
        self.rounded += other.rounded;
        self.unreadable_tags += other.unreadable_tags;
        self.no_currency += other.no_currency;
        self.unbilled += other.unbilled;
    }
}

/// Decodes rows under a plan.
#[derive(Debug)]
pub(super) struct Decoder {
    plan: Arc<Plan>,
    lookup: Lookup,
    periods: PeriodReader,
    pub(super) counts: Counts,
}

impl Decoder {
    pub(super) fn new(plan: Arc<Plan>) -> Self {
        Self {
            lookup: Lookup::new(plan.clone()),
            periods: PeriodReader::new(plan.schema().period(), plan.question().view),
            counts: Counts::default(),
            plan,
        }
    }

    /// The keys of the rows found so far.
    pub(super) fn keys(&self) -> &Keys {
        &self.lookup.meanings.keys
    }

    /// The same, without what was remembered to find them.
    pub(super) fn into_keys(self) -> Keys {
        self.lookup.meanings.keys
    }

    /// Finds what the keys of the rows mean.
    #[inline]
    pub(super) fn find(&mut self, batch: &Batch<'_>, found: &mut [Meaning; BATCH]) {
        let mut wanted = [true; BATCH];
        if let Some(only) = self.plan.question().only {
            for (index, wanted) in wanted.iter_mut().enumerate().take(batch.len()) {
                // A period that cannot be read is decode's to refuse.
                *wanted = self.periods.read(&batch.record(index)).map_or(true, |period| only.contains(&period.month));
            }
        }
        self.lookup.find(batch, wanted, found);
    }

    /// Reads the row.
    #[inline]
    pub(super) fn decode<'a>(
        &'a mut self,
        record: &'a Record<'a>,
        meaning: Meaning,
        costs: &'a mut Costs,
    ) -> Result<Row<'a>, DecodeFault> {
        let period = self.periods.read(record).map_err(DecodeFault::Period)?;
        let plan = self.lookup.meanings.cost_plan(meaning);
        let rounded = plan.read_into(record, costs).map_err(DecodeFault::Cost)?;
        let marks = meaning.marks;
        self.counts.rounded += u64::from(rounded);
        self.counts.unreadable_tags += u64::from(marks.has(Marks::UNREADABLE_TAGS));
        self.counts.no_currency += u64::from(marks.has(Marks::NO_CURRENCY));
        self.counts.unbilled += u64::from(period.is_unbilled);
        self.count_tags(record, meaning);
        Ok(Row {
            record,
            group: meaning.group,
            account: meaning.account,
            month: period.month,
            date: period.start.date,
            costs,
            included: marks.has(Marks::INCLUDED),
            source: self.lookup.meanings.keys.source_of(meaning.account),
            usage: marks.has(Marks::USAGE),
            period,
            periods: &self.periods,
            plan: &self.plan,
        })
    }

    /// The tag counts of all rows read.
    pub(super) fn finish_tags(&mut self) -> TagCounts {
        self.lookup.meanings.tags.finish(&self.plan.schema().tags().single)
    }

    #[inline]
    fn count_tags(&mut self, record: &Record<'_>, meaning: Meaning) {
        let tags = &mut self.lookup.meanings.tags;
        let mut tagged = meaning.marks.has(Marks::TAGGED);
        tags.count(meaning.tag_set);
        let single = &self.plan.schema().tags().single;
        for (index, (_, column)) in single.iter().enumerate() {
            let present = !record.raw(*column).is_empty() && !record.is_null(*column);
            tagged |= present;
            tags.count_single(index, present);
        }
        tags.tagged_rows += u64::from(tagged);
    }
}
