//! A calendar month, and runs of days inside it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Date;

/// A month of the Gregorian calendar, written `2026-05`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Months since January of year 0.
    index: u32,
}

/// Why a text is not a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a month: write it as `2026-05`")]
pub struct MonthError;

impl Month {
    /// The month of a year (0 to 9999); `month` is 1 to 12.
    pub fn new(year: u16, month: u8) -> Option<Self> {
        ((1..=12).contains(&month) && year <= 9999).then(|| Self::of(year, month))
    }

    pub(super) fn of(year: u16, month: u8) -> Self {
        Self { index: u32::from(year) * 12 + u32::from(month) - 1 }
    }

    /// The calendar year.
    pub fn year(self) -> u16 {
        (self.index / 12) as u16
    }

    /// Month of the year, 1 to 12.
    pub fn number(self) -> u8 {
        (self.index % 12) as u8 + 1
    }

    /// The month before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { index: self.index.saturating_sub(1) }
    }

    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        Self { index: self.index + 1 }
    }

    /// How many days it has, 28 to 31.
    pub fn days(self) -> u8 {
        match self.number() {
            2 if self.is_leap_year() => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    fn is_leap_year(self) -> bool {
        let year = self.year();
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    }

    /// The given day of this month, or `None` when the month is shorter.
    pub fn day(self, day: u8) -> Option<Date> {
        Date::new(self.year(), self.number(), day)
    }

    /// All days of the month.
    pub fn all_days(self) -> DayRange {
        DayRange { first: 1, last: self.days() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (year, month) = text.split_once('-').ok_or(MonthError)?;
        let digits = |part: &str, len| part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(MonthError);
        }
        let number = |part: &str| part.parse::<u16>().map_err(|_| MonthError);
        Self::new(number(year)?, number(month)? as u8).ok_or(MonthError)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Consecutive days of one month, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayRange {
    /// First day of the month in the range, 1 to 31.
    pub first: u8,
    /// Last day of the month in the range, 1 to 31, not before `first`.
    pub last: u8,
}

impl DayRange {
    /// How many days the range holds.
    pub fn len(self) -> u8 {
        (self.last + 1).saturating_sub(self.first)
    }

    /// Whether the range holds no day.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether the day of the month lies in the range.
    pub fn contains(self, day: u8) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_length_and_neighbours() {
        let month = |text: &str| text.parse::<Month>().unwrap();
        assert_eq!(month("2024-02").days(), 29);
        assert_eq!(month("2100-02").days(), 28);
        assert_eq!(month("2026-01").previous(), month("2025-12"));
        assert_eq!(month("2025-12").next().to_string(), "2026-01");
        for text in ["2026-13", "2026-00", "2026-5", "202605", "", "2026-05-01"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
