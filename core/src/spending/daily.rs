//! The daily cost of every scope.

use std::sync::Arc;

use super::tally::DayTally;
use super::touched::Targets;
use crate::bill::{Metric, Source};
use crate::calendar::{Date, Month};
use crate::change::Level;
use crate::ledger::{FileParts, Overflow, Question, Role, Roles, Slot, Supply, resolved};
use crate::money::{Amount, Currency};
use crate::order::BTreeMap;
use crate::release::Releases;
use crate::report::{Files, FilesError, Warning};

/// A scope: its level, and its value where it has one; `None` is unallocated.
pub(super) type Scope = (Level, Option<Option<Arc<str>>>);

/// Levels that are forecast.
pub(super) const LEVELS: [Level; 4] =
    [Level::Total, Level::Dimension("squad"), Level::Dimension("service"), Level::Dimension("service_name")];

/// Exact sums of the days and of the charges longer than a day.
pub(super) type Sums = BTreeMap<(Month, Option<i32>), Amount>;

/// The sums of a scope.
#[derive(Debug, Default)]
pub(super) struct ScopeSums {
    /// Of everything in it.
    pub(super) all: Sums,
    /// Of its parts, by the releases that touch them; none where no releases are given.
    pub(super) parts: BTreeMap<Vec<usize>, Sums>,
    /// Of each source, all days together.
    pub(super) sources: BTreeMap<Arc<Source>, Amount>,
}

/// Reads the days of all files that count.
pub(super) async fn read_days<B: Supply>(
    bills: &B,
    files: &Files,
    question: &Question,
) -> Result<Vec<(usize, FileParts<DayTally>)>, FilesError<B::Fault>> {
    let counted: Vec<usize> = (0..files.ledgers.len()).filter(|index| !files.skipped.contains(index)).collect();
    let read = bills.read(&counted, question, &DayTally::default).await.into_iter().collect::<Result<Vec<_>, _>>();
    Ok(counted.into_iter().zip(read.map_err(FilesError::Bill)?).collect())
}

/// The scopes of every currency.
pub(super) type ByScope = BTreeMap<Currency, BTreeMap<Scope, ScopeSums>>;

/// The sums of every scope in every currency, and warnings of releases that touch none.
pub(super) fn by_scope(
    files: &Files,
    read: Vec<(usize, FileParts<DayTally>)>,
    names: &[String],
    metric: Metric,
    declared: Option<&Releases>,
) -> Result<(ByScope, Vec<Warning>), Overflow> {
    let read: Vec<_> = read.into_iter().map(|(index, parts)| (index, parts.into_keys())).collect();
    let targets = declared.map(|declared| {
        let keys: Vec<_> = read.iter().flat_map(|(_, (groups, _))| groups).collect();
        Targets::of(declared, names, &keys)
    });
    let mut all = ByScope::new();
    for (index, (groups, tally)) in read {
        let basis = files.ledgers[index].basis;
        for (key, days) in groups.iter().zip(tally.groups) {
            let touching = targets.as_ref().map(|targets| targets.touching(key));
            for ((month, day), cell) in days {
                let role = role(&files.roles, index, (key.source.clone(), month));
                let Some(amount) = resolved(cell, key.part, basis, role).and_then(|cell| cell.amount(metric)) else {
                    continue;
                };
                let scopes = all.entry(key.currency.clone()).or_default();
                let add = |sums: &mut Sums| {
                    let sum = sums.entry((month, day)).or_insert(Amount::ZERO);
                    *sum = sum.checked_add(amount).ok_or(Overflow)?;
                    Ok(())
                };
                for level in LEVELS {
                    let value = match level.key_name() {
                        None => None,
                        Some(name) => match names.iter().position(|known| known == name) {
                            Some(at) => Some(key.values.get(at).cloned().flatten()),
                            None => continue,
                        },
                    };
                    let scope = scopes.entry((level, value)).or_default();
                    add(&mut scope.all)?;
                    let of_source = scope.sources.entry(key.source.clone()).or_insert(Amount::ZERO);
                    *of_source = of_source.checked_add(amount).ok_or(Overflow)?;
                    if let Some(touching) = &touching {
                        add(scope.parts.entry(touching.clone()).or_default())?;
                    }
                }
            }
        }
    }
    let warnings = targets.zip(declared).map(|(targets, declared)| targets.warnings(declared));
    Ok((all, warnings.unwrap_or_default()))
}

fn role(roles: &Roles, index: usize, slot: Slot) -> Role {
    if roles.is_empty() { Role::Whole } else { roles.get(&(index, slot)).copied().unwrap_or_default() }
}

/// The first day of a scope: of its first charge, or of the month of one longer than a day. Before it there was nothing to
/// cost anything, and zeros would look like a rise.
pub(super) fn born(sums: &Sums) -> Option<Date> {
    let begin = |(month, day): &(Month, Option<i32>)| {
        let first = month.day(1)?;
        day.map_or(Some(first), |day| first.plus_days(day - first.days_since_epoch()))
    };
    sums.keys().filter_map(begin).min()
}

/// The cost of each day from the first to the last, in units of the currency.
pub(super) fn costs(sums: &Sums, first: Date, last: Date) -> Vec<f64> {
    let begin = first.days_since_epoch();
    let count = (last.days_since_epoch() - begin + 1).max(0) as usize;
    let mut costs = vec![0.0; count];
    for ((month, day), amount) in sums {
        let amount = amount.units() as f64 / 1e18;
        let mut add = |day: i32, amount: f64| {
            if let Some(cost) = usize::try_from(day - begin).ok().and_then(|at| costs.get_mut(at)) {
                *cost += amount;
            }
        };
        if let Some(day) = day {
            add(*day, amount);
            continue;
        }
        let days = month.days();
        for day in (1..=days).filter_map(|day| month.day(day)) {
            add(day.days_since_epoch(), amount / f64::from(days));
        }
    }
    costs
}
