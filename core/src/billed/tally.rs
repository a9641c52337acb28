//! Sums of what was metered, and of machines that bear the name of a workload.

use std::sync::Arc;

use headroom_bills::portable;

use super::metering::{Metered, is_hours, metered};
use crate::bill::{Metric, Schema};
use crate::calendar::Month;
use crate::condition::Field;
use crate::ledger::{KeyMap, Overflow, Portable, Reader, Row, Tally, Writer};
use crate::money::Amount;
use crate::order::BTreeMap;
use crate::rightsizing::schedule::HOURS;
use crate::rightsizing::{MeteredCharges, SizedCharges};

/// What is looked for.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Workloads by name, numbered.
    pub(super) names: BTreeMap<String, u32>,
    pub(super) month: Month,
    pub(super) metric: Metric,
}

/// What was metered; each may be in one group with others, as rows of a group differ in what they meter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct MeteredSums {
    pub(super) sized: SizedCharges,
    pub(super) cores: MeteredCharges,
    pub(super) memory: MeteredCharges,
}

/// What a machine costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MachineSums {
    pub(super) rows: u64,
    pub(super) cost: Amount,
    /// Rows that do not state the metric.
    pub(super) missing: u64,
    /// Of the cost, what is by the hour and not covered by a commitment: by hour of the week in UTC; empty without any.
    pub(super) by_hour: Vec<Amount>,
    /// The same of charges longer than an hour.
    pub(super) longer: Amount,
}

portable!(MeteredSums { sized, cores, memory });

portable!(MachineSums { rows, cost, missing, by_hour, longer });

/// Sums by group.
#[derive(Debug)]
pub(super) struct BilledTally {
    wanted: Arc<Wanted>,
    pub(super) metered: Vec<MeteredSums>,
    /// By workload, identifier, and group.
    pub(super) machines: BTreeMap<(u32, Arc<str>, u32), MachineSums>,
}

fn add(sum: &mut Amount, part: Amount) -> Result<(), Overflow> {
    *sum = sum.checked_add(part).ok_or(Overflow)?;
    Ok(())
}

impl MeteredSums {
    /// Adds a charge.
    fn note(&mut self, what: Metered, cost: Amount) -> Result<(), Overflow> {
        match what {
            Metered::Machine(size, hours) => {
                let times = |of: Amount| hours.checked_mul(of).ok_or(Overflow);
                add(&mut self.sized.core_hours, times(size.vcpus)?)?;
                add(&mut self.sized.gib_hours, times(size.memory_gib)?)?;
                self.sized.rows += 1;
                add(&mut self.sized.cost, cost)
            }
            Metered::Cores(hours) => note(&mut self.cores, hours, cost),
            Metered::Memory(hours) => note(&mut self.memory, hours, cost),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        let (mine, theirs) = (&mut self.sized, &other.sized);
        mine.rows += theirs.rows;
        add(&mut mine.core_hours, theirs.core_hours)?;
        add(&mut mine.gib_hours, theirs.gib_hours)?;
        add(&mut mine.cost, theirs.cost)?;
        for (mine, theirs) in [(&mut self.cores, &other.cores), (&mut self.memory, &other.memory)] {
            mine.rows += theirs.rows;
            add(&mut mine.hours, theirs.hours)?;
            add(&mut mine.cost, theirs.cost)?;
        }
        Ok(())
    }
}

fn note(sum: &mut MeteredCharges, hours: Amount, cost: Amount) -> Result<(), Overflow> {
    sum.rows += 1;
    add(&mut sum.hours, hours)?;
    add(&mut sum.cost, cost)
}

impl MachineSums {
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.rows += other.rows;
        self.missing += other.missing;
        add(&mut self.cost, other.cost)?;
        add(&mut self.longer, other.longer)?;
        if self.by_hour.is_empty() {
            self.by_hour.clone_from(&other.by_hour);
            return Ok(());
        }
        self.by_hour.iter_mut().zip(&other.by_hour).try_for_each(|(mine, theirs)| add(mine, *theirs))
    }
}

impl BilledTally {
    pub(super) fn new(wanted: Arc<Wanted>) -> Self {
        Self { wanted, metered: Vec::new(), machines: BTreeMap::new() }
    }

    fn metered_of(&mut self, group: u32) -> &mut MeteredSums {
        let group = group as usize;
        if self.metered.len() <= group {
            self.metered.resize(group + 1, MeteredSums::default());
        }
        &mut self.metered[group]
    }

    /// The workload whose name a resource bears: its identifier, the last part of it, or its display name.
    fn named(&self, id: &str, row: &Row<'_>) -> Option<u32> {
        let known = |name: &str| self.wanted.names.get(name).copied();
        let last = id.rsplit(['/', ':']).next().unwrap_or(id);
        let shown = || known(row.schema().text(Field::ResourceName, row.record)?.as_ref());
        known(id).or_else(|| known(last)).or_else(shown)
    }
}

/// Whether a charge stops when the thing is off: it is by the hour, and no commitment covers it.
fn stops(schema: &Schema, row: &Row<'_>) -> bool {
    let text = |field| schema.text(field, row.record);
    let by_the_hour =
        [Field::ConsumedUnit, Field::PricingUnit].into_iter().filter_map(text).any(|unit| is_hours(&unit));
    by_the_hour
        && text(Field::CommitmentDiscountId).is_none()
        && text(Field::CommitmentDiscountStatus).is_none()
        && text(Field::PricingCategory).is_none_or(|category| category != "Committed")
}

const HOUR: i64 = 3600;

impl Tally for BilledTally {
    fn add(&mut self, row: &Row<'_>, _invoiced: bool) -> Result<(), Overflow> {
        if row.month != self.wanted.month {
            return Ok(());
        }
        let schema = row.schema();
        let text = |field| schema.text(field, row.record);
        // Taxes and credits bear the names of what they are on; corrections are of another time.
        let usage = text(Field::ChargeCategory).is_none_or(|category| category.eq_ignore_ascii_case("Usage"));
        if !usage || text(Field::ChargeClass).is_some() {
            return Ok(());
        }
        let cost = row.costs[self.wanted.metric as usize];
        let unused =
            || text(Field::CommitmentDiscountStatus).is_some_and(|status| status.eq_ignore_ascii_case("Unused"));
        if let Some(cost) = cost
            // What takes back the price on demand repeats the hours of what it is on.
            && schema.classify(row.record).usage
            && !unused()
            && let Some(what) = metered(schema, row.record)
        {
            self.metered_of(row.group).note(what, cost)?;
        }
        let Some(id) = text(Field::ResourceId).or_else(|| text(Field::ResourceName)) else { return Ok(()) };
        let Some(workload) = self.named(&id, row) else { return Ok(()) };
        let sums = self.machines.entry((workload, Arc::from(id.as_ref()), row.group)).or_default();
        sums.rows += 1;
        let Some(cost) = cost else {
            sums.missing += 1;
            return Ok(());
        };
        add(&mut sums.cost, cost)?;
        if stops(schema, row) {
            // 1970-01-01 was a Thursday.
            let hour = (row.start().seconds_since_epoch().div_euclid(HOUR) + 3 * 24).rem_euclid(HOURS as i64) as usize;
            if matches!(row.seconds(), Some(1..=HOUR)) {
                if sums.by_hour.is_empty() {
                    sums.by_hour.resize(HOURS, Amount::ZERO);
                }
                add(&mut sums.by_hour[hour], cost)?;
            } else {
                add(&mut sums.longer, cost)?;
            }
        }
        Ok(())
    }

    fn merge(&mut self, other: Self, map: &KeyMap) -> Result<(), Overflow> {
        for (group, theirs) in other.metered.iter().enumerate().filter(|(_, sums)| **sums != MeteredSums::default()) {
            self.metered_of(map.group(group as u32)).merge(theirs)?;
        }
        for ((workload, id, group), theirs) in other.machines {
            self.machines.entry((workload, id, map.group(group))).or_default().merge(&theirs)?;
        }
        Ok(())
    }

    fn write(&self, to: &mut Writer) {
        self.metered.write(to);
        self.machines.write(to);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        self.metered = Portable::read(from)?;
        self.machines = Portable::read(from)?;
        Some(())
    }
}
