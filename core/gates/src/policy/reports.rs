//! Cost reports as evidence: which of them count on a day, and what they say.

use super::asked::Came;
use super::context::{Context, twice_said};
use super::figures::{NOT_OF_ALL, ReportFigures, missing};
use super::gate::CostRule;
use crate::calendar::Date;
use crate::condition::document::Node;
use crate::money::Amount;

/// A cost report under its name.
#[derive(Clone, Debug)]
pub(super) struct Report {
    name: String,
    /// The first day of its month.
    from: Date,
    currency: String,
    /// Whether its month is still the last one on the day of the decision.
    is_recent: bool,
    figures: ReportFigures,
}

/// What is asked of cost reports.
#[derive(Clone, Copy, Debug)]
pub(super) struct CostAsked<'a> {
    pub(super) rule: CostRule,
    pub(super) max: Amount,
    pub(super) floor: Amount,
    /// The squad it is asked about; everybody where there is none.
    pub(super) squad: Option<&'a str>,
}

impl Context {
    pub(super) fn add_report(&mut self, name: &str, report: &Node) -> Result<(), String> {
        let figures = ReportFigures::of(report)?;
        let text = |key: &str| report[key].as_text().ok_or_else(|| missing(key));
        let day = |key: &str, rest: &str| format!("{}{rest}", text(key)?).parse::<Date>().map_err(|_| missing(key));
        let (from, made, currency) = (day("month", "-01")?, day("as_of", "")?, text("currency")?.to_owned());
        let latest = made.max(from);
        if let Some(as_of) = self.as_of.filter(|as_of| latest > *as_of) {
            return Err(format!("the cost report is of {latest}, later than the day of the decision, {as_of}"));
        }
        let twice =
            |other: &&Report| (other.from, &other.currency, &other.figures.owner) == (from, &currency, &figures.owner);
        if let Some(other) = self.reports.iter().find(twice) {
            return Err(twice_said(&other.name, name, format_args!("report the same month, owner and currency")));
        }
        let is_recent = self.as_of.is_some_and(|as_of| from.month().next() >= as_of.month());
        self.reports.push(Report { name: name.to_owned(), from, currency, is_recent, figures });
        Ok(())
    }

    /// What came of a requirement on cost, with what is: over all reports that are about who is asked about, and the input
    /// where it is one.
    pub(super) fn cost(&self, asked: CostAsked<'_>, own: Option<&ReportFigures>) -> (Came, Option<String>) {
        let CostAsked { rule, max, floor, squad } = asked;
        let counts = |figures: &ReportFigures| figures.owner.is_none() || figures.owner.as_deref() == squad;
        let given = self.reports.iter().filter(|report| counts(&report.figures));
        let is_foreign = own.is_some_and(|own| !counts(own));
        if is_foreign || (own.is_none() && squad.is_none() && !self.reports.is_empty() && given.clone().count() == 0) {
            return (Came::Error, Some(NOT_OF_ALL.to_owned()));
        }
        if let Some(name) = given.clone().filter(|report| !report.is_recent).map(|report| report.name.as_str()).min() {
            return (Came::Unknown, Some(format!("`{name}` is too old on the day")));
        }
        let figure = ReportFigures::over(given.map(|report| &report.figures).chain(own), rule, floor, squad);
        let of = squad.map_or_else(String::new, |squad| format!(" of `{squad}`"));
        match figure {
            Some(figure) => (Came::of(figure <= max), Some(format!("{figure}{of}"))),
            None => (Came::Unknown, squad.map(|_| format!("no comparison{of}"))),
        }
    }
}
