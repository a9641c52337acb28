//! Workloads that use next to nothing.

use super::document::Grade;
use super::policy::WorkloadRule;
use crate::calendar::Date;
use crate::money::Amount;
use crate::report::Warning;
use crate::report::asked::of_usage;
use crate::report::figures::counted;
use crate::report::text::place;
use crate::rightsizing::{Assumptions, DAY, History, RefusedRow, Requests, Resource, SLOT, Usage, Workload};

/// What was used, and what is requested for it.
#[derive(Clone, Debug)]
pub struct MeasuredUsage {
    /// What was used.
    pub usage: Usage,
    /// What is requested.
    pub requests: Requests,
    /// Prices, where requests have none.
    pub assumptions: Assumptions,
    /// Rows of usage that could not be read: how many, and the first.
    pub refused: (u64, Option<RefusedRow>),
}

/// A workload that rests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resting {
    /// Cores that its use stays under for the rule's part of the time.
    pub(super) cores: Amount,
    pub(super) confidence: Grade,
    pub(super) span: (Date, Date),
    /// Whether the span begins with the usage.
    pub(super) since_the_beginning: bool,
}

/// Samples that are needed: as for sizes.
const FEWEST: usize = 100;

impl MeasuredUsage {
    /// What a reader of the findings alone would miss.
    pub(super) fn warnings(&self, as_of: Date) -> Vec<Warning> {
        let last = self.usage.end().and_then(|end| day(end - 1));
        let told = last.map(|last| of_usage(last, as_of));
        self.refused().into_iter().chain(told.into_iter().flatten()).collect()
    }

    /// That rows of it were refused; `None` where none was.
    fn refused(&self) -> Option<Warning> {
        let (count, first) = &self.refused;
        let first = first.as_ref()?;
        let rows = counted(*count, "row of usage was", "rows of usage were");
        let place = place(&first.file, first.line, None);
        let message = format!("{rows} refused, the first in {place}: {}", first.reason);
        Some(Warning { code: "refused_usage".to_owned(), message, count: *count })
    }

    /// First and last day of the usage that is looked at; `None` where there is none before the day of asking.
    pub(super) fn span(&self, as_of: Date) -> Option<(Date, Date)> {
        Some((day(self.usage.start()?)?, day(self.end(as_of)? - 1)?))
    }

    /// The slot after the last that is looked at: the day of asking is not over, and what comes after it nobody knows on it.
    fn end(&self, as_of: Date) -> Option<i64> {
        let end = self.usage.end()?.min(i64::from(as_of.days_since_epoch()) * DAY as i64);
        (self.usage.start()? < end).then_some(end)
    }

    /// Whether a workload rests, as the rule has it: over its days, and how sure that is.
    pub(super) fn resting(&self, rule: &WorkloadRule, workload: &Workload, as_of: Date) -> Option<Resting> {
        let end = self.end(as_of)?;
        let series = workload.series(Resource::Cpu)?;
        let days = usize::try_from(rule.days).ok()?;
        let length = (days * DAY) as i64;
        // What is younger than the rule's days may only be about to begin.
        if series.first() > end - length + DAY as i64 {
            return None;
        }
        let history = History::of(series, end, 2 * days);
        // What has stopped is gone.
        if history.window(2 * days - 2.min(days), 2 * days).samples() == 0 {
            return None;
        }
        let request = self.requests.of(&workload.name, Resource::Cpu).and_then(|requested| requested.request);
        let request = request.or(workload.stated(Resource::Cpu).and_then(|stated| stated.request));
        let most = request.map(|request| request * in_full(rule.peak_percent) / 100.0);
        let rests = |from: usize, to: usize| {
            let window = history.window(from, to);
            let cores = window.quantile(in_full(rule.part_percent) / 100.0);
            let still = window.samples() >= FEWEST && cores < in_full(rule.cores);
            (still && most.is_none_or(|most| window.max() <= most)).then_some(cores)
        };
        let cores = rests(days, 2 * days)?;
        // Held against the past: whether what it says now it said before, too.
        let confidence = if rests(0, days).is_some() { Grade::High } else { Grade::Medium };
        let to = day(end - 1)?;
        Some(Resting {
            cores: thousandths(cores),
            confidence,
            span: (to.plus_days(1 - i32::try_from(rule.days).ok()?)?, to),
            since_the_beginning: self.usage.start()? >= end - length,
        })
    }
}

fn in_full(amount: Amount) -> f64 {
    amount.units() as f64 / 1e18
}

/// In thousandths; use never reads as none.
fn thousandths(figure: f64) -> Amount {
    let steps = (figure * 1000.0).round().clamp(0.0, 1e15);
    let steps = if figure > 0.0 { steps.max(1.0) } else { steps };
    Amount::from_units(steps as i128 * 10_i128.pow(15))
}

fn day(slot: i64) -> Option<Date> {
    Date::new(1970, 1, 1)?.plus_days(i32::try_from((slot * SLOT).div_euclid(86_400)).ok()?)
}
