//! A calendar day.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{InstantError, Month};

/// A day of the Gregorian calendar, years 0 to 9999, written `2026-05-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// The day, or `None` when the calendar has no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let in_range = year <= 9999;
        NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)).filter(|_| in_range).map(Self)
    }

    /// The month this day is in.
    pub fn month(self) -> Month {
        Month::of(self.0.year() as u16, self.0.month() as u8)
    }

    /// Day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.0.day() as u8
    }

    /// Days since 1970-01-01, negative before.
    pub fn days_since_epoch(self) -> i32 {
        self.0.to_epoch_days()
    }

    /// The day `days` later (earlier when negative), or `None` outside years 0 to 9999.
    pub fn plus_days(self, days: i32) -> Option<Self> {
        let date = NaiveDate::from_epoch_days(self.days_since_epoch().checked_add(days)?)?;
        (0..=9999).contains(&date.year()).then_some(Self(date))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl FromStr for Date {
    type Err = InstantError;

    /// Reads `YYYY-MM-DD` and nothing else.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, '-');
        let mut part = |len: usize| {
            let digits = parts.next().filter(|part| part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))?;
            digits.parse::<u16>().ok()
        };
        let (year, month, day) = (part(4), part(2), part(2));
        match (year, month, day) {
            (Some(year), Some(month), Some(day)) => {
                Self::new(year, month as u8, day as u8).ok_or(InstantError::NoSuchDay)
            }
            _ => Err(InstantError::Malformed),
        }
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_iso_days_only() {
        let date: Date = "2024-02-29".parse().unwrap();
        assert_eq!(date.to_string(), "2024-02-29");
        assert_eq!(date.plus_days(1).unwrap().to_string(), "2024-03-01");
        for text in ["2023-02-29", "2024-13-01", "2024-2-29", "24-02-29", "2024-02-29T00:00", "", "2024-02"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert_eq!(Date::new(9999, 12, 31).unwrap().plus_days(1), None);
    }
}
