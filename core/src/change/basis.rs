//! Which month is reported, and on which days it can be compared.

use std::sync::Arc;

use crate::bill::Source;
use crate::calendar::{Date, DayRange, Month};
use crate::ledger::{Answer, Slot, SourceMonth, Sums, Window, month_complete};
use crate::order::{BTreeMap, BTreeSet};

/// The month asked for is not in the bills.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bills hold no charges of {month}")]
pub struct NoSuchMonth {
    /// The month asked for.
    pub month: Month,
    /// The months they hold.
    pub held: Vec<Month>,
}

impl NoSuchMonth {
    /// What to do about it.
    pub fn hint(&self) -> String {
        let held: Vec<String> = self.held.iter().map(ToString::to_string).collect();
        format!("they hold {}", held.join(", "))
    }
}

/// On what two months are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Nothing is compared.
    Nothing(Obstacle),
    /// Whole month against whole month.
    WholeMonths,
    /// The same days of both, daily charges only.
    Days(DayRange),
}

/// Why nothing is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// There is no month before, or no source has both.
    NoCommonSource,
    /// A month is not whole, and there is no day that every source covers in both.
    NoCommonDay,
    /// A month is not whole, and the bills cannot be read again for single days.
    ReadOnce,
}

/// A month and what it is compared with.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The month reported.
    pub month: Month,
    /// The month before, if the bills hold it.
    pub previous: Option<Month>,
    /// Whether the month is whole.
    pub complete: Answer,
    /// On what it is compared.
    pub basis: Basis,
    /// Sources that have both months.
    pub sources: BTreeSet<Arc<Source>>,
    /// Sources that have only this month.
    pub only_now: BTreeSet<Arc<Source>>,
    /// Sources that have only the month before.
    pub only_before: BTreeSet<Arc<Source>>,
}

impl Comparison {
    /// The days of the month that are compared; all of them where whole months are.
    pub fn days(&self) -> DayRange {
        match self.basis {
            Basis::Days(days) => days,
            _ => self.month.all_days(),
        }
    }

    /// How many days of this month and of the month before are compared.
    pub fn day_counts(&self) -> (u8, u8) {
        match self.basis {
            Basis::Days(days) => (days.len(), days.len()),
            _ => (self.month.days(), self.month.previous().days()),
        }
    }

    /// The rows that take part, where there is a comparison.
    pub fn window(&self) -> Option<Window> {
        let previous = self.previous?;
        let days = match self.basis {
            Basis::Nothing(_) => return None,
            Basis::WholeMonths => None,
            Basis::Days(days) => Some(days),
        };
        Some(Window { month: self.month, previous, days })
    }
}

/// How much speaks for reporting a month, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// It is not whole.
    Partial,
    /// Nobody can tell whether it is whole, and on the day of asking it was not over.
    Open,
    /// Nobody can tell whether it is whole.
    Unknown,
    /// It is whole.
    Whole,
}

/// Chooses the month reported, over the bills of all currencies given: the latest whole one, else the latest of which
/// nobody can tell and that is over, else the latest of which nobody can tell, else the latest.
///
/// `None` when they hold no charges.
pub fn choose<'s>(
    currencies: impl IntoIterator<Item = &'s Sums>,
    days: &BTreeMap<Slot, u32>,
    as_of: Date,
) -> Option<Month> {
    let mut present: BTreeMap<Month, BTreeSet<Arc<Source>>> = BTreeMap::new();
    for (month, sources) in currencies.into_iter().flat_map(|sums| &sums.present) {
        present.entry(*month).or_default().extend(sources.iter().cloned());
    }
    let standing = |(month, sources): &(Month, BTreeSet<Arc<Source>>)| {
        let standing = match month_complete(days, sources, *month) {
            Answer::Yes => Standing::Whole,
            Answer::Unknown if *month < as_of.month() => Standing::Unknown,
            Answer::Unknown => Standing::Open,
            Answer::No => Standing::Partial,
        };
        (standing, *month)
    };
    present.into_iter().max_by_key(standing).map(|(month, _)| month)
}

/// With what a month is compared.
pub fn compare(sums: &Sums, days: &BTreeMap<Slot, u32>, month: Month) -> Comparison {
    let sources = |month| sums.sources(month);
    let previous = Some(month.previous()).filter(|previous| sums.present.contains_key(previous));
    let (now, before) = (sources(month), previous.map(sources).unwrap_or_default());
    let both: BTreeSet<Arc<Source>> = now.intersection(&before).cloned().collect();
    let basis = match previous {
        Some(previous) if !both.is_empty() => common_days(days, &both, [month, previous]),
        _ => Basis::Nothing(Obstacle::NoCommonSource),
    };
    Comparison {
        month,
        previous,
        complete: month_complete(days, &now, month),
        basis,
        only_now: now.difference(&both).cloned().collect(),
        only_before: before.difference(&both).cloned().collect(),
        sources: both,
    }
}

/// The days that every source covers in both months. Months without any daily usage (only month-long charges) cannot
/// be cut into days and are taken as they are.
fn common_days(days: &BTreeMap<Slot, u32>, sources: &BTreeSet<Arc<Source>>, months: [Month; 2]) -> Basis {
    let shorter = months[0].days().min(months[1].days());
    let mut common: Option<DayRange> = None;
    for source in sources {
        for month in months {
            let usage_days = days.get(&(source.clone(), month)).copied().unwrap_or_default();
            if SourceMonth::completeness(month, usage_days) != Answer::No {
                continue;
            }
            let Some((first, last)) = SourceMonth::span(month, usage_days) else { continue };
            let so_far = common.unwrap_or(DayRange { first: 1, last: shorter });
            common = Some(DayRange { first: so_far.first.max(first.day()), last: so_far.last.min(last.day()) });
        }
    }
    match common {
        None => Basis::WholeMonths,
        Some(days) if days.is_empty() => Basis::Nothing(Obstacle::NoCommonDay),
        Some(days) => Basis::Days(days),
    }
}
