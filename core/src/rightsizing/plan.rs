//! The cuts of a fleet's history: what is learnt where, and what is replayed.

use super::history::History;
use super::outlook::{LOOK_BACK, Outcome, Outlook, WEEK};
use super::resource::Resource;
use super::table::Table;
use super::usage::{DAY, Usage, Workload};

/// Weeks that are replayed at most.
pub(super) const REPLAYS: usize = 5;

/// Cuts before a cut that it learns from, a week apart.
const LEARNT: usize = 4;

/// Days a cut must have before it to be learnt from, once there are three weeks; one week before that.
const TWO_WEEKS: usize = 14;

/// Where a fleet's history is cut. Cut 0 is the end, where the advice is; cut *k* lies *k* weeks before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The slot after the last sample of the fleet.
    pub end: i64,
    /// Days of history that are kept for the analysis.
    pub days: usize,
}

impl Plan {
    /// The plan of a fleet; `None` where there is no usage.
    pub fn of(usage: &Usage) -> Option<Self> {
        let end = usage.end()?;
        let span = (end - usage.start()?) as usize;
        Some(Self { end, days: span.div_ceil(DAY).min(LOOK_BACK + REPLAYS * WEEK) })
    }

    /// The day of a cut; `None` where less than a week lies before it.
    pub fn cut(&self, back: usize) -> Option<usize> {
        self.days.checked_sub(back * WEEK).filter(|day| back == 0 || *day >= WEEK)
    }

    /// Cuts that are replayed, the oldest first.
    pub fn replays(&self) -> impl Iterator<Item = usize> + use<> {
        let plan = *self;
        (1..=REPLAYS).rev().filter(move |back| plan.cut(*back).is_some())
    }

    /// Cuts that the cut `at` learns from: those whose week has ended by then.
    pub fn teachers(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let plan = *self;
        let needed = if plan.cut(at).is_some_and(|day| day >= 21) { TWO_WEEKS } else { WEEK };
        (at + 1..=at + LEARNT).filter(move |back| plan.cut(*back).is_some_and(|day| day >= needed))
    }

    /// The slot of a cut.
    pub fn slot(&self, back: usize) -> i64 {
        self.end - (back * WEEK * DAY) as i64
    }

    /// Looks and outcomes of a series at every cut there is: by weeks back.
    pub fn folds(&self, history: &History, resource: Resource) -> Vec<(usize, Outlook, Option<Outcome>)> {
        let fold = |back: usize| {
            let cut = self.cut(back)?;
            let outlook = Outlook::at(history, resource, 0, cut)?;
            let outcome = if back == 0 { None } else { Outcome::of(&outlook, resource, history, cut) };
            Some((back, outlook, outcome))
        };
        (0..=REPLAYS + LEARNT).filter_map(fold).collect()
    }
}

/// What a fleet taught, for each cut.
#[derive(Clone, Debug)]
pub struct Fleet {
    tables: Vec<[Table; 2]>,
}

impl Fleet {
    /// Has learnt nothing.
    pub fn new() -> Self {
        Self { tables: (0..=REPLAYS).map(|_| Resource::ALL.map(Table::new)).collect() }
    }

    /// Learns from workloads.
    pub fn learn(&mut self, plan: &Plan, workloads: &[&Workload]) {
        for workload in workloads {
            for resource in Resource::ALL {
                let Some(series) = workload.series(resource) else { continue };
                let history = History::of(series, plan.end, plan.days);
                let folds = plan.folds(&history, resource);
                for (at, tables) in self.tables.iter_mut().enumerate() {
                    let Some(table) = tables.get_mut(resource as usize) else { continue };
                    for teacher in plan.teachers(at) {
                        if let Some((_, outlook, Some(outcome))) = folds.iter().find(|(back, ..)| *back == teacher) {
                            table.learn(outlook, outcome);
                        }
                    }
                }
            }
        }
    }

    /// Adds what other workloads taught.
    pub fn merge(&mut self, other: &Self) {
        for (ours, theirs) in self.tables.iter_mut().zip(&other.tables) {
            for (table, other) in ours.iter_mut().zip(theirs) {
                table.merge(other);
            }
        }
    }

    /// The table as of a cut.
    pub fn table(&self, back: usize, resource: Resource) -> Option<&Table> {
        self.tables.get(back)?.get(resource as usize)
    }
}

impl Default for Fleet {
    fn default() -> Self {
        Self::new()
    }
}
