//! Points in time at equal steps.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::calendar::{Date, Instant, Month};

const DAY: i64 = 86_400;

/// A point in time of a series, as precise as its text: a month, a day, a moment, or a plain number.
///
/// Stamps are ordered as they follow one another in time: in a series of hours midnights are days among moments. Kinds that no
/// series mixes come one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// A whole number: a year, or just a count.
    Number(i64),
    /// A month.
    Month(Month),
    /// A day.
    Day(Date),
    /// A moment, in UTC.
    Moment(Instant),
}

impl Stamp {
    /// Reads `2026-05`, `2026-05-31`, `2026-05-31T14:00[:00][Z]` (a blank may stand for the T), or a whole number; a
    /// moment at midnight is its day. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let dash = text.as_bytes().get(4) == Some(&b'-');
        match text.len() {
            7 if dash => text.parse().ok().map(Self::Month),
            10 if dash => text.parse().ok().map(Self::Day),
            11.. if dash => {
                let moment = Instant::parse(text.as_bytes()).ok()?;
                Some(if moment.second == 0 { Self::Day(moment.date) } else { Self::Moment(moment) })
            }
            _ => text.parse().ok().filter(|number: &i64| number.abs() < 1 << 40).map(Self::Number),
        }
    }

    /// Seconds since 1970, of a day or a moment.
    pub(super) fn seconds(self) -> Option<i64> {
        match self {
            Self::Day(date) => Some(i64::from(date.days_since_epoch()) * DAY),
            Self::Moment(moment) => Some(moment.seconds_since_epoch()),
            Self::Month(_) | Self::Number(_) => None,
        }
    }

    /// What it is ordered by; last what tells a day from a moment that nobody has written as one.
    fn place(self) -> (u8, i64, bool) {
        match self {
            Self::Number(number) => (0, number, false),
            Self::Month(month) => (1, months(month), false),
            Self::Day(date) => (2, i64::from(date.days_since_epoch()) * DAY, false),
            Self::Moment(moment) => (2, moment.seconds_since_epoch(), true),
        }
    }

    fn of_seconds(seconds: i64) -> Option<Self> {
        let date = Date::new(1970, 1, 1)?.plus_days(i32::try_from(seconds.div_euclid(DAY)).ok()?)?;
        match seconds.rem_euclid(DAY) as u32 {
            0 => Some(Self::Day(date)),
            second => Some(Self::Moment(Instant { date, second })),
        }
    }
}

impl Ord for Stamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp(&other.place())
    }
}

impl PartialOrd for Stamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Months since January of year 0.
pub(super) fn months(month: Month) -> i64 {
    i64::from(month.year()) * 12 + i64::from(month.number()) - 1
}

fn of_months(months: i64) -> Option<Month> {
    Month::new(u16::try_from(months.div_euclid(12)).ok()?, months.rem_euclid(12) as u8 + 1)
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Month(month) => month.fmt(f),
            Self::Day(date) => date.fmt(f),
            Self::Moment(Instant { date, second }) => {
                write!(f, "{date}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
            }
        }
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From one value to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many units of a plain number.
    Units(i64),
    /// So many months. Where values are of days, the day of the month to count to, at most that there is; 0 where they
    /// are of months.
    Months {
        /// How many.
        count: i64,
        /// The day of the month, 31 for the last.
        day: u8,
    },
    /// So many seconds; days are whole multiples of 86,400.
    Seconds(i64),
}

impl Step {
    /// The stamp so many steps after one; `None` past the end of the calendar.
    pub fn after(self, stamp: Stamp, steps: i64) -> Option<Stamp> {
        match (self, stamp) {
            (Self::Units(units), Stamp::Number(number)) => {
                Some(Stamp::Number(number.checked_add(units.checked_mul(steps)?)?))
            }
            (Self::Months { count, .. }, Stamp::Month(month)) => {
                of_months(months(month) + count * steps).map(Stamp::Month)
            }
            (Self::Months { count, day }, Stamp::Day(date)) => {
                let month = of_months(months(date.month()) + count * steps)?;
                month.day(day.min(month.days())).map(Stamp::Day)
            }
            (Self::Seconds(seconds), stamp) => {
                Stamp::of_seconds(stamp.seconds()?.checked_add(seconds.checked_mul(steps)?)?)
            }
            _ => None,
        }
    }

    /// The first and the last day that the value of a stamp is of, as days since 1970; `None` for plain numbers, and past the
    /// end of the calendar. A value of a month's last day is of the months that end then, one of any other day of those
    /// that begin.
    pub(crate) fn days(self, stamp: Stamp) -> Option<(i32, i32)> {
        match self {
            Self::Units(_) => None,
            Self::Months { count, day } => {
                let month = match stamp {
                    Stamp::Month(month) => months(month),
                    Stamp::Day(date) => months(date.month()),
                    Stamp::Number(_) | Stamp::Moment(_) => return None,
                };
                let first = if day == 31 { month - count + 1 } else { month };
                let (first, last) = (of_months(first)?, of_months(first + count - 1)?);
                Some((first.day(1)?.days_since_epoch(), last.day(last.days())?.days_since_epoch()))
            }
            Self::Seconds(seconds) => {
                let first = i32::try_from(stamp.seconds()?.div_euclid(DAY)).ok()?;
                Some((first, first.checked_add(i32::try_from((seconds / DAY).max(1)).ok()? - 1)?))
            }
        }
    }

    /// How far such values are usually forecast: two days of hours, four weeks of days, a quarter of weeks, a year of
    /// months, two of quarters, four of years.
    pub fn usual_horizon(self) -> usize {
        const WEEK: i64 = 7 * DAY;
        match self {
            Self::Months { count: 1, .. } => 12,
            Self::Months { count: 3, .. } => 8,
            Self::Months { count, .. } if count % 12 == 0 => 4,
            Self::Seconds(WEEK) => 13,
            Self::Seconds(DAY) => 28,
            Self::Seconds(seconds) if seconds < DAY => (2 * DAY / seconds).min(96) as usize,
            Self::Units(_) | Self::Months { .. } | Self::Seconds(_) => 6,
        }
    }

    /// The periods that seasons of such values may have, shortest first: the day and the week of hours and minutes, the
    /// week and the year of days, the year of weeks, months and quarters.
    pub fn periods(self) -> Vec<usize> {
        const WEEK: i64 = 7 * DAY;
        match self {
            Self::Months { count, .. } => {
                if count < 12 && 12 % count == 0 {
                    vec![(12 / count) as usize]
                } else {
                    Vec::new()
                }
            }
            Self::Seconds(WEEK) => vec![52],
            Self::Seconds(DAY) => vec![7, 365],
            Self::Seconds(seconds) if seconds < DAY && DAY % seconds == 0 => {
                vec![(DAY / seconds) as usize, (WEEK / seconds) as usize]
            }
            Self::Units(_) | Self::Seconds(_) => Vec::new(),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match *self {
            Self::Units(count) => (count, "unit"),
            Self::Months { count, .. } if count % 12 == 0 => (count / 12, "year"),
            Self::Months { count: 3, .. } => (1, "quarter"),
            Self::Months { count, .. } => (count, "month"),
            Self::Seconds(seconds) if seconds % (7 * DAY) == 0 => (seconds / (7 * DAY), "week"),
            Self::Seconds(seconds) if seconds % DAY == 0 => (seconds / DAY, "day"),
            Self::Seconds(seconds) if seconds % 3600 == 0 => (seconds / 3600, "hour"),
            Self::Seconds(seconds) if seconds % 60 == 0 => (seconds / 60, "minute"),
            Self::Seconds(seconds) => (seconds, "second"),
        };
        match count {
            1 => f.write_str(unit),
            _ => write!(f, "{count} {unit}s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stamps() -> impl Strategy<Value = Stamp> {
        let hours = |hours: i64| Stamp::of_seconds(hours * 3600).unwrap();
        prop_oneof![
            (-100..100_i64).prop_map(Stamp::Number),
            (24_000..24_100_i64).prop_map(|count| Stamp::Month(of_months(count).unwrap())),
            (490_000..490_100_i64).prop_map(hours),
        ]
    }

    proptest! {
        #[test]
        fn a_later_stamp_is_greater(first in stamps(), steps in 1..100_i64) {
            let step = match first {
                Stamp::Number(_) => Step::Units(1),
                Stamp::Month(_) => Step::Months { count: 1, day: 0 },
                Stamp::Day(_) | Stamp::Moment(_) => Step::Seconds(3600),
            };
            prop_assert!(first < step.after(first, steps).unwrap());
        }

        #[test]
        fn the_order_is_one_and_agrees_with_equality(mut three in proptest::collection::vec(stamps(), 3)) {
            three.sort_unstable();
            prop_assert!(three[0] <= three[2]);
            for (a, b) in [(three[0], three[1]), (three[1], three[2])] {
                prop_assert_eq!(a == b, a.cmp(&b).is_eq());
                prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            }
        }
    }

    #[test]
    fn midnight_comes_between_the_hours_around_it() {
        let written = ["2026-06-11T23:00", "2026-06-12", "2026-06-12T01:00"].map(|text| Stamp::parse(text).unwrap());
        assert!(written.is_sorted());
        let midnight = Instant { date: Date::new(2026, 6, 12).unwrap(), second: 0 };
        assert_ne!(Stamp::Moment(midnight).cmp(&written[1]), Ordering::Equal);
    }

    #[test]
    fn stamps_are_read_and_written() {
        for (text, written) in [
            ("2026-05", "2026-05"),
            ("2026-05-31", "2026-05-31"),
            ("2026-05-31T14:30:00Z", "2026-05-31T14:30:00Z"),
            ("2026-05-31 14:30", "2026-05-31T14:30:00Z"),
            ("2026-05-31T00:00:00Z", "2026-05-31"),
            ("1987", "1987"),
            ("-3", "-3"),
        ] {
            assert_eq!(Stamp::parse(text).unwrap().to_string(), written);
        }
        for text in ["", "5/31/2026", "2026-13", "2026-02-30", "May", "2026-5-1", "1.5", "9999999999999999"] {
            assert_eq!(Stamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_last_day_of_a_month_stays_the_last() {
        let first = Stamp::parse("2026-01-31").unwrap();
        let step = Step::Months { count: 1, day: 31 };
        assert_eq!(step.after(first, 1).unwrap().to_string(), "2026-02-28");
        assert_eq!(step.after(first, 2).unwrap().to_string(), "2026-03-31");
        assert_eq!(Step::Seconds(3600).after(first, 25).unwrap().to_string(), "2026-02-01T01:00:00Z");
        assert_eq!(Step::Seconds(DAY).after(Stamp::parse("9999-12-31").unwrap(), 1), None);
    }
}
