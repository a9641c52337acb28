//! What a scope cost day by day, as a series.

use super::daily::{Sums, born, costs};
use crate::calendar::{Date, Month};
use crate::series::{Series, Stamp, Step};

/// The cost of every day from a scope's first charge to the end of the history.
#[derive(Debug)]
pub(super) struct Days {
    first: Date,
    costs: Vec<f64>,
}

impl Days {
    /// Of a scope's sums, within the days of the bills.
    pub(super) fn of(sums: &Sums, from: Date, to: Date) -> Self {
        let first = born(sums).map_or(from, |born| born.max(from));
        Self { first, costs: costs(sums, first, to) }
    }

    /// How many days there are.
    pub(super) fn count(&self) -> usize {
        self.costs.len()
    }

    /// The series of them.
    pub(super) fn series(&self, name: &str) -> Series {
        Series {
            name: name.to_owned(),
            first: Stamp::Day(self.first),
            step: Step::Seconds(86_400),
            values: self.costs.iter().copied().map(Some).collect(),
        }
    }

    /// The first month of which the first day is there.
    pub(super) fn first_whole_month(&self) -> Month {
        let month = self.first.month();
        if self.first.day() > 1 { month.next() } else { month }
    }

    /// The cost of a month's days, as far as they are there.
    pub(super) fn of_month(&self, month: Month) -> f64 {
        let days = (1..=month.days()).filter_map(|day| month.day(day));
        let at = days.filter_map(|day| usize::try_from(day.days_since_epoch() - self.first.days_since_epoch()).ok());
        at.filter_map(|at| self.costs.get(at)).sum()
    }
}
