//! What one cost report measures, worked out from its figures.

use serde_json::Value;

use super::agreement::{self, Said};
use super::assessment::{Fact, FactValue};
use super::commitments::{self, Commitments};
use super::quantity::{Quantity, Unit};
use super::recount::{Group, explained, key_of, too_large};
use crate::calendar::{Date, Month};
use crate::money::Amount;

/// What a report is, by its `schema`.
pub(super) const REPORT: &str = "headroom/report/1";

/// What reports of one month measure, in one currency or in several.
pub(super) struct Measured {
    /// The month.
    pub month: Month,
    /// The day the report was made.
    pub made: Date,
    /// The metric of its groups.
    pub metric: String,
    /// Currency and total of each report.
    pub totals: Vec<(String, Amount)>,
    /// What is measured of commitments, by reports that show them.
    pub commitments: Option<Commitments>,
    /// Whether services are shown at all.
    pub has_services: bool,
    /// Explained and flagged changes; `None` where nothing is compared.
    pub explained: Option<(u64, u64)>,
    /// Part and whole of each percentage.
    allocated: (Amount, Amount),
    with_service: (Amount, Amount),
    /// Whether any cost names a service.
    names_services: bool,
    /// Percentages of several currencies cannot be added up: the lowest counts.
    lowest: Option<(Quantity, Quantity)>,
}

impl Measured {
    pub(super) fn of(report: &Value) -> Result<Self, String> {
        let missing = |what: &str| format!("the report has no `{what}`");
        let text = |value: &Value, what: &str| value.as_str().map(str::to_owned).ok_or_else(|| missing(what));
        let month: Month = text(&report["month"], "month")?.parse().map_err(|_| missing("month"))?;
        let made: Date = text(&report["as_of"], "as_of")?.parse().map_err(|_| missing("as_of"))?;
        if report["complete"] != "yes" {
            return Err(format!("{month} is not whole in this report, so it measures nothing yet"));
        }
        if month.day(month.days()).is_none_or(|last| made < last) {
            return Err(format!("it was made on {made}, before the end of {month}"));
        }
        let metric = text(&report["metric"], "metric")?;
        let currency = text(&report["currency"], "currency")?;
        let dimensions: Vec<String> = report["dimensions"]
            .as_array()
            .ok_or_else(|| missing("dimensions"))?
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        let days = agreement::day_counts(report, month)?;
        let (mut all, mut with_service, mut nobody) = (Amount::ZERO, Amount::ZERO, Amount::ZERO);
        let mut groups = Vec::new();
        for group in report["groups"].as_array().ok_or_else(|| missing("groups"))? {
            let group = read_group(group, &dimensions, days)?;
            let cost = group.amount.unwrap_or_default();
            let add = |sum: Amount| sum.checked_add(cost).ok_or_else(too_large);
            let named = |name: &str| group.value(name).is_some_and(|value| !value.trim().is_empty());
            all = add(all)?;
            if named("service") || named("service_name") {
                with_service = add(with_service)?;
            }
            if !named("squad") {
                nobody = add(nobody)?;
            }
            groups.push(group);
        }
        Said { report, month, metric: &metric, groups: &groups }.agrees()?;
        let sums = &report["conservation"][&metric];
        let (input, allocated) = (amount(&sums["input"], "input")?, amount(&sums["allocated"], "allocated")?);
        let unallocated = amount(&sums["unallocated"], "unallocated")?;
        if all != input {
            return Err(format!("its groups add up to {all} and its total is {input}"));
        }
        if dimensions.iter().any(|name| name == "squad") && nobody != unallocated {
            return Err(format!("its groups without a squad add up to {nobody}, and unallocated is {unallocated}"));
        }
        let explained = explained(report, &dimensions, &groups, days)?;
        let commitments = commitments::of(report, &metric, &dimensions, &groups)?;
        let (allocated, with_service) = ((allocated, input), (with_service, all));
        let has_services = dimensions.iter().any(|name| name == "service" || name == "service_name");
        let names_services = !with_service.0.is_zero();
        let totals = vec![(currency, input)];
        Ok(Self {
            month,
            made,
            metric,
            totals,
            commitments,
            has_services,
            explained,
            allocated,
            with_service,
            names_services,
            lowest: None,
        })
    }

    fn percentages(&self) -> Option<(Quantity, Quantity)> {
        let own = || {
            // Credits that nobody owns make the rest more than the whole; more than all of it is no better.
            let all = Quantity::new(Amount::from_whole(100), Unit::Percent).ok()?;
            let percent = |(part, whole)| Some(Quantity::percent_of(part, whole)?.clamp(Quantity::ZERO, all));
            percent(self.allocated).zip(percent(self.with_service))
        };
        self.lowest.or_else(own)
    }

    /// With the report of the same month in another currency.
    pub(super) fn with(self, other: Self) -> Result<Self, String> {
        if self.month != other.month {
            return Err(format!("its documents are of {} and {}", self.month, other.month));
        }
        if self.metric != other.metric || self.commitments.is_some() != other.commitments.is_some() {
            return Err("its documents are of several metrics or dimensions".to_owned());
        }
        let lowest = match (self.percentages(), other.percentages()) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.min(b.1))),
            (one, None) | (None, one) => one,
        };
        let explained = match (self.explained, other.explained) {
            (Some(one), Some(other)) => Some((one.0 + other.0, one.1 + other.1)),
            (one, other) => one.or(other),
        };
        // Cost is visible when that of every currency is.
        let has_services = self.has_services && other.has_services;
        let names_services = self.names_services && other.names_services;
        let commitments = self.commitments.zip(other.commitments).map(|(one, other)| one.with(other));
        let (totals, made) = ([self.totals, other.totals].concat(), self.made.max(other.made));
        Ok(Self { made, totals, commitments, has_services, explained, names_services, lowest, ..self })
    }

    /// What reports of cost measure. Of reports that show commitments see [`Measured::commitments`].
    pub(super) fn facts(&self, from: &str) -> Vec<Fact> {
        let Some(observed) = self.month.day(self.month.days()) else { return Vec::new() };
        let fact = |metric: &str, observed: Date, value: FactValue| measured_fact(metric, observed, value, from);
        let mut facts = Vec::new();
        if let Some((allocated, with_service)) = self.percentages() {
            facts.push(fact("allocation_coverage", observed, FactValue::Quantity(allocated)));
            if self.has_services {
                facts.push(fact("cost_attributed_to_services", observed, FactValue::Quantity(with_service)));
            }
        }
        if self.has_services {
            facts.push(fact("cost_visible_by_service", observed, FactValue::Truth(self.names_services)));
        }
        if let Some((n, d)) = self.explained {
            facts.push(fact("cost_changes_explained", observed, FactValue::Share { n, d }));
        }
        // Known from the day it was made, of the month it is of: making an old report again renews nothing.
        facts.push(fact("cost_report", self.made, FactValue::Done(observed)));
        facts
    }
}

/// A fact that a document measures, for everything there is.
pub(super) fn measured_fact(metric: &str, observed: Date, value: FactValue, from: &str) -> Fact {
    let (metric, scope, from) = (metric.to_owned(), "all".to_owned(), Some(from.to_owned()));
    Fact { metric, scope, value, observed, measured: true, from }
}

fn read_group(group: &Value, dimensions: &[String], days: [[u8; 2]; 2]) -> Result<Group, String> {
    let key = key_of(&group["key"], "groups.key")?;
    if key.len() != dimensions.len() || !dimensions.iter().all(|name| key.iter().any(|(known, _)| known == name)) {
        return Err("the key of a group has other dimensions than the report".to_owned());
    }
    let (compared, previous) = (stated(&group["compared"], "compared")?, stated(&group["previous"], "previous")?);
    let delta = compared.zip(previous).map(|(now, before)| now.checked_sub(before).ok_or_else(too_large));
    if stated(&group["delta"], "delta")? != delta.transpose()? {
        return Err("the `delta` of a group is not what its amounts differ by".to_owned());
    }
    if !agreement::percentages(group, compared, previous, days)? {
        return Err("the percentages of a group do not follow from its amounts".to_owned());
    }
    let missing_rows = match &group["missing_rows"] {
        Value::Null => 0,
        rows => rows.as_u64().ok_or("the `missing_rows` of a group is no count")?,
    };
    Ok(Group { key, amount: stated(&group["amount"], "amount")?, compared, previous, missing_rows })
}

/// An amount that may be unknown.
pub(super) fn stated(value: &Value, what: &str) -> Result<Option<Amount>, String> {
    match value {
        Value::Null => Ok(None),
        value => amount(value, what).map(Some),
    }
}

pub(super) fn amount(value: &Value, what: &str) -> Result<Amount, String> {
    let text = value.as_str().ok_or_else(|| format!("the report has no `{what}`"))?;
    let read = Amount::parse(text.as_bytes()).map_err(|error| format!("`{text}` of `{what}`: {error}"))?;
    Ok(read.amount)
}
