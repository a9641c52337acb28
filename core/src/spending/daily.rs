//! The daily cost of every scope.

use std::sync::Arc;

use super::tally::DayTally;
use super::touched::Targets;
use crate::bill::Metric;
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

/// A source whose daily charges end so many days before the others' has ended.
const ENDED: i32 = 35;

/// Exact sums of the days and of the charges longer than a day.
pub(super) type Sums = BTreeMap<(Month, Option<i32>), Amount>;

/// The sums of a scope.
#[derive(Debug, Default)]
pub(super) struct ScopeSums {
    /// Of everything in it.
    pub(super) all: Sums,
    /// Of its parts, by the releases that touch them; none where no releases are given.
    pub(super) parts: BTreeMap<Vec<usize>, Sums>,
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

/// So many days in a row without usage in any source are a hole in the bills, and no rest.
const HOLE: usize = 7;

/// The days that bills hold.
#[derive(Debug)]
pub(super) struct Covered {
    /// The first day with daily usage.
    pub(super) from: Date,
    /// The last on which every source has it that has not ended; not the day of asking, which is not over.
    pub(super) to: Date,
    /// Which of the days between are missing: no file holds usage of them. Neither the first nor the last is.
    pub(super) missing: Vec<bool>,
}

/// The days that bills hold; `None` where no charge is daily.
pub(super) fn covered(days: &BTreeMap<Slot, u32>, as_of: Date) -> Option<Covered> {
    let mut ends: BTreeMap<_, (Date, Date)> = BTreeMap::new();
    for ((source, month), bits) in days.iter().filter(|(_, bits)| **bits != 0) {
        let (low, high) = (bits.trailing_zeros() as u8, 31 - bits.leading_zeros() as u8);
        let Some((first, last)) = month.day(low).zip(month.day(high)) else { continue };
        let end = ends.entry(source).or_insert((first, last));
        *end = (end.0.min(first), end.1.max(last));
    }
    let first = ends.values().map(|(first, _)| *first).min()?;
    let latest = ends.values().map(|(_, last)| *last).max()?;
    let going_on = |last: &Date| latest.days_since_epoch() - last.days_since_epoch() < ENDED;
    let last = ends.values().map(|(_, last)| *last).filter(going_on).min()?.min(as_of.plus_days(-1)?);
    let mut idle = idle(days, first, last);
    let last = first.plus_days(idle.iter().rposition(|idle| !idle)? as i32)?;
    idle.truncate((last.days_since_epoch() - first.days_since_epoch()) as usize + 1);
    Some(Covered { from: first, to: last, missing: missing(&idle) })
}

/// On which days from the first to the last no source has usage.
fn idle(days: &BTreeMap<Slot, u32>, first: Date, last: Date) -> Vec<bool> {
    let begin = first.days_since_epoch();
    let mut idle = vec![true; (last.days_since_epoch() - begin + 1).max(0) as usize];
    for ((_, month), bits) in days {
        let used = (1..=month.days()).filter(|day| bits & (1 << day) != 0).filter_map(|day| month.day(day));
        for at in used.filter_map(|day| usize::try_from(day.days_since_epoch() - begin).ok()) {
            if let Some(idle) = idle.get_mut(at) {
                *idle = false;
            }
        }
    }
    idle
}

/// Which days without usage are missing: all of a hole, and others unless most of their weekday are without, as where nothing
/// runs on weekends.
fn missing(idle: &[bool]) -> Vec<bool> {
    let mut holes = Vec::with_capacity(idle.len());
    for run in idle.chunk_by(|one, other| one == other) {
        holes.extend(run.iter().map(|idle| *idle && run.len() >= HOLE));
    }
    let mut weekdays = [(0, 0); 7];
    for (at, (idle, _)) in idle.iter().zip(&holes).enumerate().filter(|(_, (_, hole))| !**hole) {
        let (rests, all) = &mut weekdays[at % 7];
        *rests += usize::from(*idle);
        *all += 1;
    }
    let rests = |at: usize| 2 * weekdays[at % 7].0 > weekdays[at % 7].1;
    idle.iter().zip(&holes).enumerate().map(|(at, (idle, hole))| *hole || (*idle && !rests(at))).collect()
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

#[cfg(test)]
mod tests {
    use super::missing;

    fn count(idle: impl Fn(usize) -> bool) -> usize {
        let idle: Vec<bool> = (0..70).map(idle).collect();
        missing(&idle).into_iter().filter(|missing| *missing).count()
    }

    #[test]
    fn what_no_file_holds_is_missing_and_a_weekend_is_not() {
        let weekend = |day: usize| day % 7 > 4;
        assert_eq!(count(weekend), 0);
        assert_eq!(count(|day| day == 30), 1);
        // A day of work among weekends, and a week with the weekends beside it.
        assert_eq!(count(|day| weekend(day) || day == 30), 1);
        assert_eq!(count(|day| weekend(day) || (28..33).contains(&day)), 9);
        assert_eq!(count(|day| (20..50).contains(&day)), 30);
    }
}
