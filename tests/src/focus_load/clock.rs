//! Which hour a row is of.

use headroom_core::calendar::Month;

/// Walks the hours of some months, as the bill grows.
#[derive(Debug)]
pub(super) struct Clock {
    first: Month,
    /// Hours from the first month's start to the end of each month.
    month_ends: Vec<u64>,
    hour: Option<u64>,
    /// Position of the month, from 0.
    pub(super) month: u64,
    pub(super) invoice: String,
    pub(super) billing_start: String,
    pub(super) billing_end: String,
    pub(super) charge_start: String,
    pub(super) charge_end: String,
}

impl Clock {
    pub(super) fn new(first: Month, months: u32) -> Self {
        let mut month_ends = Vec::new();
        let (mut month, mut hours) = (first, 0);
        for _ in 0..months.max(1) {
            hours += u64::from(month.days()) * 24;
            month_ends.push(hours);
            month = month.next();
        }
        Self {
            first,
            month_ends,
            hour: None,
            month: 0,
            invoice: String::new(),
            billing_start: String::new(),
            billing_end: String::new(),
            charge_start: String::new(),
            charge_end: String::new(),
        }
    }

    /// Moves to the hour that is as far into the months as `done` is into `all`.
    pub(super) fn advance_to(&mut self, done: u64, all: u64) {
        let hours = self.month_ends.last().copied().unwrap_or(0);
        let hour = (u128::from(done.min(all)) * u128::from(hours) / u128::from(all.max(1))) as u64;
        let hour = hour.min(hours.saturating_sub(1));
        if self.hour == Some(hour) {
            return;
        }
        self.hour = Some(hour);
        self.month = self.month_ends.partition_point(|end| *end <= hour) as u64;
        let mut month = self.first;
        for _ in 0..self.month {
            month = month.next();
        }
        let before = if self.month == 0 { 0 } else { self.month_ends[self.month as usize - 1] };
        let start = hour - before;
        self.invoice = format!("INV-{month}-000");
        self.billing_start = format!("{month}-01T00:00:00Z");
        self.billing_end = format!("{}-01T00:00:00Z", month.next());
        self.charge_start = moment(month, start);
        self.charge_end = moment(month, start + 1);
    }
}

fn moment(month: Month, hours: u64) -> String {
    let (day, hour) = (hours / 24 + 1, hours % 24);
    if day > u64::from(month.days()) {
        format!("{}-01T00:00:00Z", month.next())
    } else {
        format!("{month}-{day:02}T{hour:02}:00:00Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_the_months_to_their_last_hour() {
        let mut clock = Clock::new(Month::new(2025, 1).unwrap(), 2);
        clock.advance_to(0, 59);
        assert_eq!(clock.charge_start, "2025-01-01T00:00:00Z");
        clock.advance_to(31, 59);
        assert_eq!((clock.month, clock.charge_start.as_str()), (1, "2025-02-01T00:00:00Z"));
        clock.advance_to(59, 59);
        assert_eq!(clock.charge_start, "2025-02-28T23:00:00Z");
        assert_eq!(clock.charge_end, "2025-03-01T00:00:00Z");
        assert_eq!(clock.billing_end, "2025-03-01T00:00:00Z");
    }
}
