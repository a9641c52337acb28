//! The commitments there are: what was used of each, and what was not.

use std::sync::Arc;

use super::document::Existing;
use crate::bill::{Metric, Source};
use crate::calendar::Date;
use crate::ledger::{Cell, Overflow};
use crate::money::{Amount, percent_of};

/// A sum of which some parts may not be known; then neither is the whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    sum: Amount,
    unknown: bool,
    any: bool,
}

impl Known {
    pub(super) fn add(&mut self, part: Option<Amount>) -> Result<(), Overflow> {
        self.any = true;
        match part {
            Some(part) => self.sum = self.sum.checked_add(part).ok_or(Overflow)?,
            None => self.unknown = true,
        }
        Ok(())
    }

    /// The sum; 0 of nothing.
    pub(super) fn get(self) -> Option<Amount> {
        (!self.unknown).then_some(self.sum)
    }

    pub(super) fn any(self) -> bool {
        self.any
    }
}

/// What is stated of all rows of a cell; a metric that some of them lack is not known.
pub(super) fn stated(cell: &Cell, metric: Metric) -> Option<Amount> {
    if cell.missing(metric) > 0 { None } else { cell.amount(metric) }
}

/// What a row's usage costs on demand: at the negotiated price, else at the list price.
pub(super) fn at_demand(cell: &Cell) -> Option<Amount> {
    stated(cell, Metric::Contracted).or_else(|| stated(cell, Metric::List))
}

/// A thing counts as there if it is billed so many days before the end of its bill, that day included: the last days of a
/// bill come late.
const GRACE: i32 = 3;

/// Whether what was last charged for on a day is still there when its bill ends.
pub(crate) fn is_there(last: Date, end: Date) -> bool {
    days_from(last, end) < GRACE
}

/// In the month of the last charge by the day a fee says that it is still there for so many days more, and not longer.
const STRETCHED: i32 = 7;

fn days_from(from: Date, to: Date) -> i32 {
    to.days_since_epoch() - from.days_since_epoch()
}

/// The span around two.
pub(super) fn around(span: Option<(Date, Date)>, (first, last): (Date, Date)) -> (Date, Date) {
    span.map_or((first, last), |(from, to)| (from.min(first), to.max(last)))
}

/// One commitment while it is added up.
#[derive(Clone, Debug, Default)]
pub(super) struct Adding {
    pub(super) name: Option<Arc<str>>,
    pub(super) kind: Option<Arc<str>>,
    /// First and last day of charges by the hour and the day.
    pub(super) days: Option<(Date, Date)>,
    /// The same of longer ones.
    pub(super) fees: Option<(Date, Date)>,
    pub(super) used: Known,
    pub(super) unused: Known,
    pub(super) covered: Known,
}

impl Adding {
    /// The days that it is charged for, on a bill that ends on a day: a fee of a whole month may reach beyond that, and beyond
    /// the end of what it is for.
    fn span(&self, end: Option<Date>) -> Option<(Date, Date)> {
        let fees = self.fees.map(|(from, to)| {
            let to = end.map_or(to, |end| to.min(end));
            (from.min(to), to)
        });
        let (Some(days), Some((first, last))) = (self.days, fees) else { return self.days.or(fees) };
        let ended = last.month() == days.1.month() && days_from(days.1, last) > STRETCHED;
        Some(around(Some(days), (first, if ended { days.1 } else { last })))
    }

    /// So much of it, in a twelfth of a year of days like those that it was charged for.
    fn a_month(&self, amount: Amount) -> Option<Amount> {
        let (first, last) = self.fees.map_or(self.days, |fees| Some(around(self.days, fees)))?;
        amount.checked_mul_div(365, u128::try_from(days_from(first, last) + 1).ok()? * 12)
    }

    pub(super) fn finish(self, source: &Source, id: Option<&Arc<str>>, end: Option<Date>) -> Option<Existing> {
        let (from, to) = self.span(end)?;
        let text = |text: Option<&Arc<str>>| text.map(ToString::to_string);
        let (used, unused) = (self.used.get(), self.unused.get());
        let covered = if self.covered.any() { self.covered.get() } else { None };
        let paid = used.zip(unused).and_then(|(used, unused)| used.checked_add(unused));
        let ended = end.is_some_and(|end| !is_there(to, end));
        Some(Existing {
            source: source.clone(),
            id: text(id),
            name: text(self.name.as_ref()),
            kind: text(self.kind.as_ref()),
            from,
            to,
            ended,
            used,
            unused,
            unused_month: unused.filter(|_| !ended).and_then(|unused| self.a_month(unused)),
            utilisation_percent: used.zip(paid).and_then(|(used, paid)| percent_of(used, paid)),
            covered,
            saved: covered.zip(paid).and_then(|(covered, paid)| covered.checked_sub(paid)),
        })
    }
}
