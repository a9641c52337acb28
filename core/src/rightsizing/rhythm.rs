//! Whether usage follows the hour of the day or the day of the week.

use serde::Serialize;

use super::level::{ABSENT, value};
use super::usage::{DAY, SLOT, Series};

/// Slots of an hour.
const HOUR: usize = 12;

/// Part of the variance that must follow the clock: below, it is chance.
const DAILY: f64 = 0.3;
const WEEKLY: f64 = 0.4;

/// Days needed to see a day's shape, and a week's.
const DAILY_DAYS: i64 = 5;
const WEEKLY_DAYS: i64 = 21;

/// What is seen of a rhythm, in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rhythm {
    /// The hour with the highest mean, 0 to 23, where usage follows the hour of the day.
    pub peak_hour: Option<u8>,
    /// The day with the highest mean, 1 Monday to 7 Sunday, where usage follows the day of the week.
    pub peak_weekday: Option<u8>,
}

/// Mean and count.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    sum: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, figure: f64) {
        self.sum += figure;
        self.count += 1;
    }

    fn get(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / f64::from(self.count))
    }
}

impl Rhythm {
    /// The rhythm of up to 28 days before the slot `end`.
    pub fn of(series: &Series, end: i64) -> Self {
        let days = ((end - series.first()) / DAY as i64).min(28);
        if days < DAILY_DAYS {
            return Self::default();
        }
        // Whole hours of the clock, not of the data.
        let last = end.div_euclid(HOUR as i64);
        let first = last - days * 24;
        let mut hours = Vec::with_capacity((days * 24) as usize);
        let mut mean = Mean::default();
        for (at, level) in series.between(first * HOUR as i64, last * HOUR as i64).enumerate() {
            if level != ABSENT {
                mean.add(value(level));
            }
            if at % HOUR == HOUR - 1 {
                hours.push(std::mem::take(&mut mean).get());
            }
        }
        let hour_of = |at: usize| ((first + at as i64).rem_euclid(24)) as usize;
        let daily = follows(hours.iter().enumerate().filter_map(|(at, mean)| Some((hour_of(at), (*mean)?))), 24);
        let mut by_day = vec![Mean::default(); days as usize + 1];
        let midnight = first.div_euclid(24);
        for (at, hour) in hours.iter().enumerate() {
            if let (Some(hour), Some(day)) =
                (hour, by_day.get_mut(((first + at as i64).div_euclid(24) - midnight) as usize))
            {
                day.add(*hour);
            }
        }
        // 1970-01-01 was a Thursday.
        let weekday = |day: usize| ((midnight + day as i64 + 3).rem_euclid(7)) as usize;
        let whole = by_day.iter().enumerate().filter(|(_, day)| day.count >= 20);
        let weekly = follows(whole.filter_map(|(at, day)| Some((weekday(at), day.get()?))), 7);
        Self {
            peak_hour: daily.filter(|(part, _)| *part >= DAILY).map(|(_, hour)| hour as u8),
            peak_weekday: weekly
                .filter(|(part, _)| *part >= WEEKLY && days >= WEEKLY_DAYS)
                .map(|(_, day)| day as u8 + 1),
        }
    }

    /// In words, or nothing.
    pub fn words(self) -> Option<String> {
        const DAYS: [&str; 7] = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
        let hour = self.peak_hour.map(|hour| format!("daily, highest from {hour}:00 UTC"));
        let day = self
            .peak_weekday
            .and_then(|day| DAYS.get(usize::from(day) - 1))
            .map(|day| format!("weekly, highest on {day}"));
        let parts: Vec<String> = hour.into_iter().chain(day).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// The part of the variance that lies between groups, less what chance puts there, and the group with the highest mean.
fn follows(figures: impl Iterator<Item = (usize, f64)>, groups: usize) -> Option<(f64, usize)> {
    let mut sums = vec![(0.0, 0_u32); groups];
    let (mut sum, mut squares, mut count) = (0.0, 0.0, 0_u32);
    for (group, figure) in figures {
        if let Some((of_group, members)) = sums.get_mut(group) {
            *of_group += figure;
            *members += 1;
        }
        sum += figure;
        squares += figure * figure;
        count += 1;
    }
    if count as usize <= groups {
        return None;
    }
    let mean = sum / f64::from(count);
    let whole = squares - sum * mean;
    if whole <= 1e-12 * squares.max(1e-12) {
        return None;
    }
    let between: f64 = sums
        .iter()
        .filter(|(_, members)| *members > 0)
        .map(|(of_group, members)| {
            let distance = of_group / f64::from(*members) - mean;
            distance * distance * f64::from(*members)
        })
        .sum();
    let freedom = f64::from(count) - 1.0;
    let within = (whole - between).max(0.0) / (f64::from(count) - groups as f64);
    let part = 1.0 - within / (whole / freedom);
    let (highest, _) = sums
        .iter()
        .enumerate()
        .filter(|(_, (_, members))| *members > 0)
        .map(|(group, (of_group, members))| (group, of_group / f64::from(*members)))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    Some((part, highest))
}

/// Whether a time of the clock, for readers of [`Rhythm`], is in slots of [`SLOT`] seconds.
const _: () = assert!(SLOT * HOUR as i64 == 3600, "an hour is made of whole slots");

#[cfg(test)]
mod tests {
    use super::super::resource::Resource;
    use super::super::usage::Usage;
    use super::*;

    /// 2026-05-04 is a Monday.
    const MONDAY: i64 = 1_777_852_800;

    fn rhythm(days: i64, used: impl Fn(i64, i64) -> f64) -> Rhythm {
        let mut usage = Usage::default();
        let at = usage.workload("a");
        for slot in 0..days * DAY as i64 {
            let (day, hour) = (slot / DAY as i64, slot % DAY as i64 / HOUR as i64);
            usage.note(at, Resource::Cpu, MONDAY + slot * SLOT, used(day, hour));
        }
        Rhythm::of(usage.workloads()[0].series(Resource::Cpu).unwrap(), usage.end().unwrap())
    }

    #[test]
    fn days_and_weeks_are_seen_where_they_are() {
        let office = rhythm(28, |_, hour| if (8..18).contains(&hour) { 2.0 + hour as f64 / 100.0 } else { 0.2 });
        assert_eq!(office, Rhythm { peak_hour: Some(17), peak_weekday: None });
        let mondays = rhythm(28, |day, _| if day % 7 == 0 { 3.0 } else { 0.5 });
        assert_eq!(mondays, Rhythm { peak_hour: None, peak_weekday: Some(1) });
        assert_eq!(mondays.words().unwrap(), "weekly, highest on Mondays");
        assert_eq!(rhythm(28, |_, _| 1.0), Rhythm::default());
        assert_eq!(rhythm(3, |_, hour| hour as f64), Rhythm::default(), "three days show nothing");
    }
}
