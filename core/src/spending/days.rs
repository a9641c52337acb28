//! What a scope cost day by day, as a series.

use super::covered::Covered;
use super::daily::{ScopeSums, born, costs};
use crate::calendar::{Date, Month};
use crate::forecast::Refusal;
use crate::series::{Series, Stamp, Step};

/// The cost of every day from a scope's first charge to the end of the history; `None` where the bills miss the day.
#[derive(Debug)]
pub(super) struct Days {
    first: Date,
    costs: Vec<Option<f64>>,
}

impl Days {
    /// Of a scope's sums, within the days of the bills.
    pub(super) fn of(sums: &ScopeSums, covered: &Covered) -> Self {
        let from = covered.from;
        let missing = covered.missing(&sums.sources);
        let sums = &sums.all;
        let born = born(sums).map_or(from, |born| born.max(from));
        let at = (born.days_since_epoch() - from.days_since_epoch()) as usize;
        let missing = missing.get(at..).unwrap_or_default();
        // A charge of a month may begin among days that are missing.
        let late = missing.iter().take_while(|missing| **missing).count();
        let first = born.plus_days(late as i32).unwrap_or(born);
        let costs = costs(sums, first, covered.to).into_iter().zip(&missing[late..]);
        Self { first, costs: costs.map(|(cost, missing)| (!missing).then_some(cost)).collect() }
    }

    /// How many days are known.
    pub(super) fn count(&self) -> usize {
        self.costs.iter().flatten().count()
    }

    /// Whether so much is missing that it is refused.
    pub(super) fn sparse(&self) -> bool {
        Refusal::of_gaps(self.costs.len() - self.count(), self.costs.len()).is_some()
    }

    /// The series of them.
    pub(super) fn series(&self, name: &str) -> Series {
        Series {
            name: name.to_owned(),
            first: Stamp::Day(self.first),
            step: Step::Seconds(86_400),
            values: self.costs.clone(),
        }
    }

    /// The first month of which the first day is there.
    pub(super) fn first_whole_month(&self) -> Month {
        let month = self.first.month();
        if self.first.day() > 1 { month.next() } else { month }
    }

    /// Whether a month that is over is there from its first day to its last.
    pub(super) fn whole(&self, month: Month) -> bool {
        month >= self.first_whole_month() && self.days_of(month).all(|cost| cost.is_some())
    }

    /// The cost of a month's days, as far as they are known.
    pub(super) fn of_month(&self, month: Month) -> f64 {
        self.days_of(month).flatten().sum()
    }

    /// The days of a month that lie in the history.
    fn days_of(&self, month: Month) -> impl Iterator<Item = Option<f64>> {
        let days = (1..=month.days()).filter_map(move |day| month.day(day));
        let at = days.filter_map(|day| usize::try_from(day.days_since_epoch() - self.first.days_since_epoch()).ok());
        at.filter_map(|at| self.costs.get(at).copied())
    }
}
