//! Which days bills hold, and which they miss.

use std::sync::Arc;

use crate::bill::Source;
use crate::calendar::Date;
use crate::ledger::Slot;
use crate::money::Amount;
use crate::order::BTreeMap;
use crate::report::Warning;
use crate::report::asked::stale;

/// A source whose daily charges end so many days before the others' has ended.
const ENDED: i32 = 35;

/// So many days in a row without usage are a hole in the bills, and no rest.
const HOLE: usize = 7;

/// The least part of a cost that is missed where it is missing.
const MISSED: f64 = 0.05;

/// The days that bills hold.
#[derive(Debug)]
pub(super) struct Covered {
    /// The first day with daily usage.
    pub(super) from: Date,
    /// The last on which every source has it that has not ended; not the day of asking, which is not over.
    pub(super) to: Date,
    /// Which of the days between are missing: no file holds usage of them. Neither the first nor the last is.
    missing: Vec<bool>,
    /// Which of them are holes of a source that others have usage on.
    holes: BTreeMap<Arc<Source>, Vec<bool>>,
}

impl Covered {
    /// Which days are missing of what is made of these sources: those that are missing in all, and the holes of a source that
    /// makes enough of the cost to be missed.
    pub(super) fn missing(&self, sources: &BTreeMap<Arc<Source>, Amount>) -> Vec<bool> {
        let cost = |amount: &Amount| (amount.units() as f64).abs();
        let all: f64 = sources.values().map(cost).sum();
        let mut missing = self.missing.clone();
        for (source, _) in sources.iter().filter(|(_, amount)| cost(amount) >= MISSED * all) {
            for (missing, hole) in missing.iter_mut().zip(self.holes.get(source).into_iter().flatten()) {
                *missing |= hole;
            }
        }
        missing
    }

    /// A warning where the history ended long before the day of asking.
    pub(super) fn old(&self, as_of: Date) -> Option<Warning> {
        let what_ends = format!("the days that every source covers end on {},", self.to);
        stale(&what_ends, self.to, as_of, "months are forecast")
    }

    /// A warning of each of these sources that has a hole.
    pub(super) fn warnings(&self, sources: &BTreeMap<Arc<Source>, Amount>) -> Vec<Warning> {
        let holes = self.holes.iter().filter(|(source, _)| sources.contains_key(*source));
        let warning = |(source, holes): (&Arc<Source>, &Vec<bool>)| {
            let first = holes.iter().position(|hole| *hole).and_then(|at| self.from.plus_days(at as i32))?;
            let count = holes.iter().filter(|hole| **hole).count();
            let name = [&source.provider_name, &source.billing_account_id];
            let name = name.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
            let message = format!(
                "`{name}` has no usage on {count} days from {first} on that other sources have: they are filled in where it makes 5 % of the cost, and nothing elsewhere"
            );
            Some(Warning { code: "source_hole".to_owned(), message, count: count as u64 })
        };
        holes.filter_map(warning).collect()
    }
}

/// The first day with daily usage, whenever it was asked; `None` where no charge is daily.
pub(super) fn first(days: &BTreeMap<Slot, u32>) -> Option<Date> {
    let first = |((_, month), bits): (&Slot, &u32)| month.day(bits.trailing_zeros() as u8);
    days.iter().filter(|(_, bits)| **bits != 0).filter_map(first).min()
}

/// The days that bills hold; `None` where no charge is daily, or none before the day of asking.
pub(super) fn covered(days: &BTreeMap<Slot, u32>, as_of: Date) -> Option<Covered> {
    let mut ends: BTreeMap<&Arc<Source>, (Date, Date)> = BTreeMap::new();
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
    let mut idle = idle(days.iter(), first, last);
    let last = first.plus_days(idle.iter().rposition(|idle| !idle)? as i32)?;
    idle.truncate((last.days_since_epoch() - first.days_since_epoch()) as usize + 1);
    let missing = missing(&idle);
    let holes = holes(days, &ends, (first, last), &missing);
    Some(Covered { from: first, to: last, missing, holes })
}

/// The holes of each source within its first and its last day, but for days that are missing in all. Whoever is without usage
/// on more than a third of the days rests, and has none.
fn holes(
    days: &BTreeMap<Slot, u32>,
    ends: &BTreeMap<&Arc<Source>, (Date, Date)>,
    (first, last): (Date, Date),
    missing: &[bool],
) -> BTreeMap<Arc<Source>, Vec<bool>> {
    let mut all = BTreeMap::new();
    for (source, (from, to)) in ends {
        let own = days.iter().filter(|((of, _), _)| of == *source);
        let idle = idle(own, first, last);
        let alive = |day: i32| (from.days_since_epoch()..=to.days_since_epoch()).contains(&day);
        let mut holes = Vec::with_capacity(idle.len());
        for run in idle.chunk_by(|one, other| one == other) {
            // What goes on to the last day may as well be an end.
            let inside = run.len() >= HOLE && holes.len() + run.len() < idle.len();
            holes.extend(run.iter().map(|idle| *idle && inside));
        }
        let mut count = (0, 0);
        for (day, (hole, idle)) in (first.days_since_epoch()..).zip(holes.iter_mut().zip(&idle)) {
            *hole &= alive(day);
            count.0 += usize::from(alive(day) && *idle);
            count.1 += usize::from(alive(day));
        }
        let elsewhere = holes.iter().zip(missing).any(|(hole, missing)| *hole && !missing);
        if elsewhere && 3 * count.0 <= count.1 {
            all.insert((*source).clone(), holes);
        }
    }
    all
}

/// On which days from the first to the last none of these has usage.
fn idle<'d>(days: impl Iterator<Item = (&'d Slot, &'d u32)>, first: Date, last: Date) -> Vec<bool> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Month;

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

    #[test]
    fn what_ended_long_ago_is_old() {
        let month = "2026-05".parse::<Month>().unwrap();
        let days = BTreeMap::from_iter([((Arc::new(Source::new(Some("A"), None)), month), 0xffff_fffe_u32)]);
        let asked = |as_of: &str| covered(&days, as_of.parse().unwrap());
        let old = |as_of: &str| asked(as_of).unwrap().old(as_of.parse().unwrap()).map(|warning| warning.count);
        assert_eq!([old("2026-05-20"), old("2026-06-08"), old("2026-06-09")], [None, None, Some(8)]);
        assert!(asked("2026-05-01").is_none() && asked("2026-05-02").is_some());
        assert_eq!(first(&days), Date::new(2026, 5, 1));
    }

    #[test]
    fn a_source_that_lacks_what_others_have_has_a_hole() {
        let source = |name: &str| Arc::new(Source::new(Some(name), None));
        let months = ["2026-01", "2026-02", "2026-03", "2026-04"].map(|text| text.parse::<Month>().unwrap());
        let all = 0xffff_fffe_u32;
        let mut days: BTreeMap<Slot, u32> = BTreeMap::new();
        for month in months {
            let whole = all & ((1 << month.days()) | ((1 << month.days()) - 1));
            days.insert((source("A"), month), whole);
            if month != months[1] {
                days.insert((source("B"), month), whole);
            }
            // Who is there two days a month rests on the others.
            days.insert((source("C"), month), 0b110);
        }
        let covered = covered(&days, "2026-05-10".parse().unwrap()).unwrap();
        let sums = |parts: &[(&str, i64)]| -> BTreeMap<Arc<Source>, Amount> {
            parts.iter().map(|(name, cost)| (source(name), Amount::from_whole(*cost))).collect()
        };
        let missing = |parts: &[(&str, i64)]| covered.missing(&sums(parts)).into_iter().filter(|day| *day).count();
        assert_eq!(missing(&[("A", 100)]), 0);
        assert_eq!(missing(&[("B", 100)]), 28);
        assert_eq!(missing(&[("C", 100)]), 0);
        assert_eq!(missing(&[("A", 100), ("B", 10)]), 28);
        assert_eq!(missing(&[("A", 100), ("B", 1)]), 0);
        let warnings = covered.warnings(&sums(&[("A", 1), ("B", 1), ("C", 1)]));
        let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
        assert!(warning.message.starts_with("`B` has no usage on 28 days from 2026-02-01 on"), "{warning:?}");
        assert!(covered.warnings(&sums(&[("A", 1)])).is_empty());
    }
}
