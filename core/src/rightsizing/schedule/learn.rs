//! Which hours of the week something is used in.

use super::week::{DAY, HOURS, Offset, Week};
use crate::rightsizing::level::{ABSENT, value};
use crate::rightsizing::usage::{SLOT, Series};

/// Weeks that are learnt from.
pub(super) const WEEKS: i64 = 4;

/// What is used at rest and what is used at work, as quantiles of the hours.
const REST: f64 = 0.20;
const WORK: f64 = 0.95;

/// Work must be so many times rest: else nothing tells them apart.
const CONTRAST: f64 = 1.5;

/// An hour is at work from this part of the way from rest to work on.
const PART: f64 = 0.25;

/// Hours off that are too few to go off for.
const SHORTEST: usize = 3;

/// Hours of a week that must be off for a schedule to be worth having.
pub(super) const LEAST_OFF: usize = 24;

/// Days that are at work a little differently are made alike, for so many hours more on each.
const ALIKE: usize = 3;

/// Use by the hour of local time.
#[derive(Clone, Debug)]
pub(super) struct Hours {
    /// The first hour, counted from the local midnight of 1970-01-01.
    first: i64,
    /// The highest sample of each; `None` without any.
    values: Vec<Option<f64>>,
}

/// What was learnt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Learnt {
    pub(super) week: Week,
    /// An hour with more than this is at work.
    pub(super) threshold: f64,
}

/// Why nothing was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unlearnt {
    TooShort,
    AlwaysTheSame,
    AlwaysAtWork,
}

impl Hours {
    /// The hours of a series to that of the last slot before `end`.
    pub(super) fn of(series: &Series, end: i64, offset: Offset) -> Self {
        let local = |slot: i64| (slot * SLOT + i64::from(offset.minutes()) * 60).div_euclid(3600);
        let (first, last) = (local(series.first()), local(end - 1) + 1);
        let mut values = vec![None; (last - first).max(0) as usize];
        for (slot, level) in (series.first()..end).zip(series.between(series.first(), end)) {
            if level != ABSENT
                && let Some(kept) = values.get_mut((local(slot) - first) as usize)
            {
                let used = value(level);
                *kept = Some(kept.map_or(used, |known: f64| known.max(used)));
            }
        }
        Self { first, values }
    }

    /// The hour after the last.
    pub(super) fn end(&self) -> i64 {
        self.first + self.values.len() as i64
    }

    /// The hours from one on, before another: hour of the week, Monday 00:00 first, and what was used.
    pub(super) fn between(&self, from: i64, to: i64) -> impl Iterator<Item = (usize, f64)> + '_ {
        let from = from.max(self.first);
        (from..to.min(self.end())).filter_map(move |hour| {
            let used = (*self.values.get((hour - self.first) as usize)?)?;
            // 1970-01-01 was a Thursday.
            Some(((hour + 3 * DAY as i64).rem_euclid(HOURS as i64) as usize, used))
        })
    }

    /// The week as it was used in the four before the hour `end`.
    pub(super) fn learn(&self, end: i64) -> Result<Learnt, Unlearnt> {
        let week = HOURS as i64;
        let weeks = ((end - self.first) / week).min(WEEKS);
        let mut values: Vec<f64> = self.between(end - weeks * week, end).map(|(_, used)| used).collect();
        // Of two weeks at least, most hours must be known.
        if weeks < 2 || (values.len() as i64) < weeks * week * 3 / 4 {
            return Err(Unlearnt::TooShort);
        }
        values.sort_unstable_by(f64::total_cmp);
        let quantile = |part: f64| values.get(((values.len() - 1) as f64 * part) as usize).copied().unwrap_or_default();
        let (rest, work) = (quantile(REST), quantile(WORK));
        if work <= rest * CONTRAST || work <= 0.0 {
            return Err(Unlearnt::AlwaysTheSame);
        }
        let threshold = rest + (work - rest) * PART;
        let mut times = [0_u32; HOURS];
        for (hour, used) in self.between(end - weeks * week, end) {
            if let Some(times) = times.get_mut(hour)
                && used > threshold
            {
                *times += 1;
            }
        }
        // Once in three weeks or more is chance; in two it may not be.
        let needed = if weeks >= 3 { 2 } else { 1 };
        let week = settled(times.map(|times| times >= needed));
        if week.off() < LEAST_OFF { Err(Unlearnt::AlwaysAtWork) } else { Ok(Learnt { week, threshold }) }
    }
}

/// A week that is on wherever one of two is, without short breaks between.
pub(super) fn either(one: &Week, other: &Week) -> Week {
    let mut on = std::array::from_fn(|hour| one.is_on(hour) || other.is_on(hour));
    close_gaps(&mut on);
    Week::new(on)
}

/// The hours at work made a schedule: an hour before work to start in, no short breaks, days alike where they almost are.
fn settled(work: [bool; HOURS]) -> Week {
    let mut on = work;
    for hour in 0..HOURS {
        // Nothing is done in the hour before, but it is to be ready when work begins.
        on[hour] |= work[(hour + 1) % HOURS];
    }
    close_gaps(&mut on);
    let days: Vec<usize> = (0..7).filter(|day| on[day * DAY..(day + 1) * DAY].contains(&true)).collect();
    let mut alike = [false; DAY];
    for day in &days {
        for (hour, one) in alike.iter_mut().enumerate() {
            *one |= on[day * DAY + hour];
        }
    }
    let (own, shared) = (on.iter().filter(|on| **on).count(), alike.iter().filter(|on| **on).count());
    if shared * days.len() <= own + ALIKE * days.len() {
        for day in &days {
            on[day * DAY..(day + 1) * DAY].copy_from_slice(&alike);
        }
        close_gaps(&mut on);
    }
    Week::new(on)
}

/// Switches on what is off for less than [`SHORTEST`] hours, from Sunday to Monday too.
fn close_gaps(on: &mut [bool; HOURS]) {
    let Some(start) = on.iter().position(|on| *on) else { return };
    let mut gap = 0;
    for step in 1..=HOURS {
        let hour = (start + step) % HOURS;
        if !on[hour] {
            gap += 1;
            continue;
        }
        if gap < SHORTEST {
            for back in 1..=gap {
                on[(hour + HOURS - back) % HOURS] = true;
            }
        }
        gap = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rightsizing::{Resource, Usage};

    /// 2026-05-04, a Monday, in seconds.
    const START: i64 = 1_777_852_800;

    fn hours(days: i64, offset: &str, used: impl Fn(i64, i64) -> f64) -> Hours {
        let mut usage = Usage::default();
        let at = usage.workload("a");
        for hour in 0..days * 24 {
            usage.note(at, Resource::Cpu, START + hour * 3600, used(hour / 24, hour % 24));
        }
        let end = usage.end().unwrap();
        Hours::of(usage.workloads()[0].series(Resource::Cpu).unwrap(), end, offset.parse().unwrap())
    }

    fn office(day: i64, hour: i64) -> f64 {
        if day % 7 < 5 && (8..18).contains(&hour) { 1.0 } else { 0.05 }
    }

    #[test]
    fn office_hours_are_found_with_an_hour_to_start_in() {
        let hours = hours(28, "Z", office);
        let learnt = hours.learn(hours.end()).unwrap();
        let on: Vec<usize> = (0..HOURS).filter(|hour| learnt.week.is_on(*hour)).collect();
        let want: Vec<usize> = (0..5).flat_map(|day| (7..18).map(move |hour| day * 24 + hour)).collect();
        assert_eq!(on, want);
    }

    #[test]
    fn local_time_is_that_of_the_offset() {
        let hours = hours(28, "+02:00", office);
        let learnt = hours.learn(hours.end()).unwrap();
        assert!(learnt.week.is_on(9) && !learnt.week.is_on(8) && learnt.week.is_on(19) && !learnt.week.is_on(20));
    }

    #[test]
    fn what_never_rests_or_never_works_has_no_schedule() {
        let same = hours(28, "Z", |_, _| 1.0);
        assert_eq!(same.learn(same.end()), Err(Unlearnt::AlwaysTheSame));
        let short = hours(13, "Z", office);
        assert_eq!(short.learn(short.end()), Err(Unlearnt::TooShort));
        let nights = hours(28, "Z", |day, hour| if day % 7 == 6 && hour < 20 { 0.1 } else { 1.0 });
        assert!(nights.learn(nights.end()).is_err());
    }

    #[test]
    fn work_at_night_stays_on_over_midnight() {
        let hours = hours(28, "Z", |_, hour| if (4..22).contains(&hour) { 0.0 } else { 1.0 });
        let week = hours.learn(hours.end()).unwrap().week;
        let (on, off) = week.changes();
        assert_eq!((on.len(), off.len()), (7, 7));
        assert!(week.stretches(true).iter().all(|one| one.hours == (0, 4) || one.hours == (21, 24)));
    }
}
