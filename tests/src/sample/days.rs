//! The days the sample covers.

use headroom_core::calendar::{Date, Month};

/// A day, and what the bills need to know of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    pub(super) date: Date,
    /// The midnight that ends it.
    pub(super) next: Date,
    /// Days since the first of the sample.
    pub(super) index: i64,
}

/// The year is 2026 throughout; the last month is still open.
const YEAR: u16 = 2026;
const FIRST_MONTH: u8 = 2;
const OPEN_MONTH: u8 = 6;
const LAST_OPEN_DAY: u8 = 10;

impl Day {
    pub(super) fn is_weekend(self) -> bool {
        // Day 0 of the epoch was a Thursday.
        matches!((self.date.days_since_epoch() + 4).rem_euclid(7), 0 | 6)
    }

    /// Month and day, to compare with.
    pub(super) fn in_year(self) -> (u8, u8) {
        (self.date.month().number(), self.date.day())
    }
}

/// One month of the sample with the days that are billed.
#[derive(Clone, Debug)]
pub(super) struct Period {
    pub(super) month: Month,
    pub(super) days: Vec<Day>,
    /// Whether the vendor has closed the month.
    pub(super) is_final: bool,
}

impl Period {
    /// First day, as `2026-05-01`.
    pub(super) fn start(&self) -> String {
        format!("{}-01", self.month)
    }

    /// First day of the next month.
    pub(super) fn end(&self) -> String {
        format!("{}-01", self.month.next())
    }

    pub(super) fn number(&self) -> u8 {
        self.month.number()
    }

    /// `2026-05-01T00:00:00Z`.
    pub(super) fn start_time(&self) -> String {
        midnight(self.start())
    }

    /// The midnight after the last day.
    pub(super) fn end_time(&self) -> String {
        midnight(self.end())
    }
}

/// The day's first moment in UTC.
pub(super) fn midnight(date: impl std::fmt::Display) -> String {
    format!("{date}T00:00:00Z")
}

/// February to May, and the first days of June.
pub(super) fn periods() -> Vec<Period> {
    let mut index = 0;
    let mut periods = Vec::new();
    for number in FIRST_MONTH..=OPEN_MONTH {
        let Some(month) = Month::new(YEAR, number) else { continue };
        let is_final = number != OPEN_MONTH;
        let last = if is_final { month.days() } else { LAST_OPEN_DAY };
        let mut days = Vec::new();
        for date in (1..=last).filter_map(|day| month.day(day)) {
            let Some(next) = date.plus_days(1) else { continue };
            days.push(Day { date, next, index });
            index += 1;
        }
        periods.push(Period { month, days, is_final });
    }
    periods
}
