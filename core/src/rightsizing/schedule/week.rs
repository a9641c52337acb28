//! A week of hours that are on or off, in the local time of an offset.

use std::fmt;
use std::str::FromStr;

use crate::order::Order as _;
use serde::{Serialize, Serializer};

/// Hours of a day.
pub(super) const DAY: usize = 24;

/// Hours of a week.
pub(crate) const HOURS: usize = 168;

/// Names of days, Monday first.
pub(super) const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Which hours of the week are on, Monday 00:00 first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    on: [bool; HOURS],
}

/// A stretch of hours of some days in a row; never across midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    /// The first day, 0 Monday to 6 Sunday, and the last.
    pub(super) days: (usize, usize),
    /// The hour it begins, 0 to 23, and the one it ends before, 1 to 24.
    pub(super) hours: (usize, usize),
}

impl Week {
    /// A week in which these hours are on.
    pub fn new(on: [bool; HOURS]) -> Self {
        Self { on }
    }

    /// Whether an hour of the week is on; it counts on from Sunday to Monday.
    pub fn is_on(&self, hour: usize) -> bool {
        self.on.get(hour % HOURS).copied().unwrap_or_default()
    }

    /// Hours that are off.
    pub fn off(&self) -> usize {
        self.on.iter().filter(|on| !**on).count()
    }

    /// Stretches of hours that are on, or off: days in a row that are alike are one.
    pub(super) fn stretches(&self, on: bool) -> Vec<Stretch> {
        let mut found: Vec<Stretch> = Vec::new();
        for day in 0..7 {
            let mut hour = 0;
            while hour < DAY {
                let from = hour;
                while hour < DAY && self.is_on(day * DAY + hour) == on {
                    hour += 1;
                }
                if hour > from {
                    let hours = (from, hour);
                    match found.iter_mut().find(|known| known.hours == hours && known.days.1 + 1 == day) {
                        Some(known) => known.days.1 = day,
                        None => found.push(Stretch { days: (day, day), hours }),
                    }
                }
                hour = hour.max(from + 1);
            }
        }
        found.order();
        found
    }

    /// The hours of the week at which it goes on, and those at which it goes off; across midnight where it stays as it is.
    pub(super) fn changes(&self) -> (Vec<usize>, Vec<usize>) {
        let before = |hour: usize| self.is_on(hour + HOURS - 1);
        let on = (0..HOURS).filter(|hour| self.is_on(*hour) && !before(*hour)).collect();
        let off = (0..HOURS).filter(|hour| !self.is_on(*hour) && before(*hour)).collect();
        (on, off)
    }
}

impl Stretch {
    /// Its days: `Mon-Fri`, `Sat`.
    pub(super) fn days(self) -> String {
        let name = |day: usize| DAYS.get(day).copied().unwrap_or_default();
        match self.days {
            (first, last) if first == last => name(first).to_owned(),
            (first, last) => format!("{}-{}", name(first), name(last)),
        }
    }

    /// The time it begins, and the time it ends, `24:00` at midnight.
    pub(super) fn times(self) -> (String, String) {
        let time = |hour: usize| format!("{hour:02}:00");
        (time(self.hours.0), time(self.hours.1))
    }
}

/// Minutes that local time is ahead of UTC: −14 to 14 hours, in quarters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offset {
    minutes: i32,
}

/// The text is no offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an offset from UTC")]
pub struct OffsetError;

impl Offset {
    /// Minutes ahead of UTC.
    pub fn minutes(self) -> i32 {
        self.minutes
    }

    /// A name that time-zone databases have for it: `Etc/GMT-2` is two hours ahead, its sign is that of POSIX. `None` where
    /// it is no whole number of hours, or beyond those there are.
    pub fn zone(self) -> Option<String> {
        match (self.minutes % 60, self.minutes / 60) {
            (0, 0) => Some("UTC".to_owned()),
            (0, hours @ 1..=14) => Some(format!("Etc/GMT-{hours}")),
            (0, hours @ -12..=-1) => Some(format!("Etc/GMT+{}", -hours)),
            _ => None,
        }
    }
}

impl FromStr for Offset {
    type Err = OffsetError;

    /// Reads `Z`, `+02:00`, `-0530` or `+2`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if matches!(text, "Z" | "z" | "UTC") {
            return Ok(Self::default());
        }
        let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(rest), _) => (1, rest),
            (_, Some(rest)) => (-1, rest),
            _ => return Err(OffsetError),
        };
        let digits: String = rest.chars().filter(|c| *c != ':').collect();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) || rest.matches(':').count() > 1 {
            return Err(OffsetError);
        }
        let (hours, minutes) = match digits.len() {
            1 | 2 if !rest.contains(':') => (digits.as_str(), "0"),
            4 => digits.split_at(2),
            _ => return Err(OffsetError),
        };
        let (hours, minutes): (i32, i32) =
            (hours.parse().map_err(|_| OffsetError)?, minutes.parse().map_err(|_| OffsetError)?);
        let whole = hours * 60 + minutes;
        if minutes >= 60 || minutes % 15 != 0 || whole > 14 * 60 {
            return Err(OffsetError);
        }
        Ok(Self { minutes: sign * whole })
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minutes < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", self.minutes.abs() / 60, self.minutes.abs() % 60)
    }
}

impl Serialize for Offset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn offsets_are_read_and_written() {
        for (text, minutes, zone) in [
            ("Z", 0, Some("UTC")),
            ("+02:00", 120, Some("Etc/GMT-2")),
            ("-0500", -300, Some("Etc/GMT+5")),
            ("+2", 120, Some("Etc/GMT-2")),
            ("+05:30", 330, None),
        ] {
            let offset: Offset = text.parse().unwrap();
            assert_eq!((offset.minutes(), offset.zone().as_deref()), (minutes, zone), "{text}");
            assert_eq!(offset.to_string().parse(), Ok(offset));
        }
        for wrong in ["", "2", "+15:00", "+02:60", "+02:07", "+2:0:0", "Europe/Berlin", "+é", "+020"] {
            assert_eq!(wrong.parse::<Offset>(), Err(OffsetError), "{wrong}");
        }
    }

    #[test]
    fn office_hours_are_two_kinds_of_days() {
        let mut on = [false; HOURS];
        for day in 0..5 {
            on[day * DAY + 7..day * DAY + 20].fill(true);
        }
        let week = Week::new(on);
        let said = |on| {
            let stretches = week.stretches(on).into_iter();
            stretches.map(|one| format!("{} {}-{}", one.days(), one.times().0, one.times().1)).collect::<Vec<_>>()
        };
        assert_eq!(said(true), ["Mon-Fri 07:00-20:00"]);
        assert_eq!(said(false), ["Mon-Fri 00:00-07:00", "Mon-Fri 20:00-24:00", "Sat-Sun 00:00-24:00"]);
        assert_eq!(
            week.changes(),
            ((0..5).map(|day| day * 24 + 7).collect(), (0..5).map(|day| day * 24 + 20).collect())
        );
    }

    proptest! {
        #[test]
        fn stretches_tell_the_whole_week_and_never_cross_midnight(on in prop::collection::vec(any::<bool>(), HOURS)) {
            let on: [bool; HOURS] = on.try_into().unwrap();
            let week = Week::new(on);
            let mut told = [None; HOURS];
            for side in [true, false] {
                for one in week.stretches(side) {
                    prop_assert!(one.hours.0 < one.hours.1 && one.hours.1 <= DAY);
                    for day in one.days.0..=one.days.1 {
                        for hour in one.hours.0..one.hours.1 {
                            prop_assert!(told[day * DAY + hour].replace(side).is_none());
                        }
                    }
                }
            }
            prop_assert_eq!(told.map(|side| side.unwrap()), on);
        }
    }
}
