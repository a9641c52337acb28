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

/// One commitment while it is added up.
#[derive(Clone, Debug, Default)]
pub(super) struct Adding {
    pub(super) name: Option<Arc<str>>,
    pub(super) kind: Option<Arc<str>>,
    pub(super) span: Option<(Date, Date)>,
    pub(super) used: Known,
    pub(super) unused: Known,
    pub(super) covered: Known,
}

impl Adding {
    /// Notes the days of a charge.
    pub(super) fn on(&mut self, first: Date, last: Date) {
        self.span = Some(self.span.map_or((first, last), |(from, to)| (from.min(first), to.max(last))));
    }

    pub(super) fn finish(self, source: &Source, id: Option<&Arc<str>>) -> Option<Existing> {
        let (from, to) = self.span?;
        let text = |text: Option<&Arc<str>>| text.map(ToString::to_string);
        let (used, unused) = (self.used.get(), self.unused.get());
        let covered = if self.covered.any() { self.covered.get() } else { None };
        let paid = used.zip(unused).and_then(|(used, unused)| used.checked_add(unused));
        Some(Existing {
            source: source.clone(),
            id: text(id),
            name: text(self.name.as_ref()),
            kind: text(self.kind.as_ref()),
            from,
            to,
            used,
            unused,
            utilisation_percent: used.zip(paid).and_then(|(used, paid)| percent_of(used, paid)),
            covered,
            saved: covered.zip(paid).and_then(|(covered, paid)| covered.checked_sub(paid)),
        })
    }
}
