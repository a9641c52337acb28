//! Facts from a cost report, worked out from its figures.
//!
//! | metric | is |
//! | --- | --- |
//! | `allocation_coverage` | 100 · allocated / input, of the report's metric; at most 100 % |
//! | `cost_attributed_to_services` | 100 · cost of groups that name a service / cost of all groups; at most 100 % |
//! | `cost_visible_by_service` | whether any cost names a service |
//! | `cost_changes_explained` | of the changes beyond 20 %, counted anew from the groups, those for which somebody gave the reason |
//! | `cost_report` | last done for the report's month: its last day, whenever the report was made |
//!
//! Everything is of the last day of the report's month. What a report does not show measures nothing and is no fault:
//! services where it has no such dimension, changes where it has no month before. A report whose sums do not tie, whose month is not whole, that is
//! of one owner alone, or that leaves out changes its groups show, is refused: it measures nothing. So are two reports of
//! one month. Flags that the report itself carries are not read.

use std::collections::BTreeMap;

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use super::assessment::{Fact, FactValue};
use super::json::{TextFault, read_json};
use super::library::Source;
use super::quantity::{Quantity, Unit};
use super::recount::{Group, explained, key_of, too_large};
use crate::calendar::{Date, Month};
use crate::money::Amount;

const SCHEMA: &str = "headroom/report/1";
const HINT: &str = "give a report of a whole month, as `headroom report --format json` wrote it";

/// What cost reports measure, and what they cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// The figures.
    pub facts: Vec<Fact>,
    /// Metrics that a report does not measure, and why.
    pub missing: Vec<(&'static str, String)>,
}

/// The facts of cost reports: each one document, or an array of them, one for each currency.
///
/// # Errors
/// The name of the first report that measures nothing, and why.
pub fn facts_of_reports(sources: &[Source<'_>]) -> Result<Reported, (String, TextFault)> {
    let mut months: BTreeMap<Month, &str> = BTreeMap::new();
    let mut reported = Reported::default();
    for source in sources {
        let of_source = |fault| (source.name.to_owned(), fault);
        let measured = measured(*source).map_err(of_source)?;
        if let Some(first) = months.insert(measured.month, source.name) {
            let message = format!("it is of {}, and so is `{first}`", measured.month);
            return Err(of_source(TextFault::whole(message, "give one report of each month")));
        }
        let digest = xxh3_128(source.text.as_bytes());
        let from = format!("{}, {}, digest {digest:032x}", source.name, measured.month);
        reported.facts.extend(measured.facts(&from));
        if measured.explained.is_none() {
            let why = "compares no group with the month before, so it tells of no changes";
            reported.missing.push(("cost_changes_explained", format!("{} {why}", source.name)));
        }
        if !measured.has_services {
            let why = "has no dimension of services, so it does not tell whether cost names them";
            reported.missing.push(("cost_visible_by_service", format!("{} {why}", source.name)));
        }
    }
    Ok(reported)
}

fn measured(source: Source<'_>) -> Result<Measured, TextFault> {
    let reports = match read_json(source.text, HINT)? {
        Value::Array(reports) => reports,
        one => vec![one],
    };
    let mut measured: Option<Measured> = None;
    let mut currencies = Vec::new();
    for report in &reports {
        if let Some(owner) = report["owner"].as_object().filter(|owner| !owner.is_empty()) {
            let owner: Vec<String> =
                owner.iter().map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default())).collect();
            let message = format!("it is of {} alone, and would speak for everybody", owner.join(", "));
            return Err(TextFault::whole(message, "make the report without `--for`"));
        }
        let one = Measured::of(report).map_err(|message| TextFault::whole(message, HINT))?;
        if currencies.contains(&&report["currency"]) {
            return Err(TextFault::whole("it holds two reports of one currency", HINT));
        }
        currencies.push(&report["currency"]);
        measured = Some(match measured {
            None => one,
            Some(other) => other.with(&one).map_err(|message| TextFault::whole(message, HINT))?,
        });
    }
    measured.ok_or_else(|| TextFault::whole("an empty list holds no cost report", HINT))
}

/// What one report measures.
struct Measured {
    month: Month,
    made: Date,
    /// Part and whole of each percentage.
    allocated: (Amount, Amount),
    with_service: (Amount, Amount),
    /// Whether services are shown at all, and whether any cost names one.
    has_services: bool,
    names_services: bool,
    /// Explained and flagged changes; `None` where nothing is compared.
    explained: Option<(u64, u64)>,
    /// Percentages of several currencies cannot be added up: the lowest counts.
    lowest: Option<(Quantity, Quantity)>,
}

impl Measured {
    fn of(report: &Value) -> Result<Self, String> {
        if report["schema"] != SCHEMA {
            return Err(format!("not a cost report: its schema is not `{SCHEMA}`"));
        }
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
        let sums = &report["conservation"][&metric];
        let (input, allocated) = (amount(&sums["input"], "input")?, amount(&sums["allocated"], "allocated")?);
        let unallocated = amount(&sums["unallocated"], "unallocated")?;
        if allocated.checked_add(unallocated) != Some(input) {
            return Err(format!(
                "allocated {allocated} and unallocated {unallocated} do not make the input of {input}"
            ));
        }
        let total = amount(&report["totals"][&metric]["amount"], "totals")?;
        if input != total {
            return Err(format!("the input of {input} is not its total of {total}"));
        }
        let dimensions: Vec<String> = report["dimensions"]
            .as_array()
            .ok_or_else(|| missing("dimensions"))?
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        let (mut all, mut with_service, mut nobody) = (Amount::ZERO, Amount::ZERO, Amount::ZERO);
        let mut groups = Vec::new();
        for group in report["groups"].as_array().ok_or_else(|| missing("groups"))? {
            let group = read_group(group, &dimensions)?;
            let cost = group.0.unwrap_or_default();
            let add = |sum: Amount| sum.checked_add(cost).ok_or_else(too_large);
            let value = |name: &str| {
                let found = group.1.key.iter().find(|(known, _)| known == name);
                found.and_then(|(_, value)| value.as_deref()).is_some_and(|value| !value.trim().is_empty())
            };
            all = add(all)?;
            if value("service") || value("service_name") {
                with_service = add(with_service)?;
            }
            if !value("squad") {
                nobody = add(nobody)?;
            }
            groups.push(group.1);
        }
        if all != total {
            return Err(format!("its groups add up to {all} and its total is {total}"));
        }
        if dimensions.iter().any(|name| name == "squad") && nobody != unallocated {
            return Err(format!("its groups without a squad add up to {nobody}, and unallocated is {unallocated}"));
        }
        let explained = explained(report, &dimensions, &groups)?;
        let (allocated, with_service) = ((allocated, input), (with_service, all));
        let has_services = dimensions.iter().any(|name| name == "service" || name == "service_name");
        let names_services = !with_service.0.is_zero();
        Ok(Self { month, made, allocated, with_service, has_services, names_services, explained, lowest: None })
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

    fn with(self, other: &Self) -> Result<Self, String> {
        if self.month != other.month {
            return Err(format!("its documents are of {} and {}", self.month, other.month));
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
        Ok(Self { explained, lowest, has_services, names_services, made: self.made.max(other.made), ..self })
    }

    fn facts(&self, from: &str) -> Vec<Fact> {
        let Some(observed) = self.month.day(self.month.days()) else { return Vec::new() };
        let fact = |metric: &str, observed: Date, value: FactValue| Fact {
            metric: metric.to_owned(),
            scope: "all".to_owned(),
            value,
            observed,
            measured: true,
            from: Some(from.to_owned()),
        };
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

/// The amount of a group, and what is counted of it.
fn read_group(group: &Value, dimensions: &[String]) -> Result<(Option<Amount>, Group), String> {
    let key = key_of(&group["key"], "groups.key")?;
    if key.len() != dimensions.len() || !dimensions.iter().all(|name| key.iter().any(|(known, _)| known == name)) {
        return Err("the key of a group has other dimensions than the report".to_owned());
    }
    let stated = |name: &str| match &group[name] {
        Value::Null => Ok(None),
        value => amount(value, name).map(Some),
    };
    let (compared, previous) = (stated("compared")?, stated("previous")?);
    let delta = compared.zip(previous).map(|(now, before)| now.checked_sub(before).ok_or_else(too_large));
    if stated("delta")? != delta.transpose()? {
        return Err("the `delta` of a group is not what its amounts differ by".to_owned());
    }
    Ok((stated("amount")?, Group { key, compared, previous }))
}

pub(super) fn amount(value: &Value, what: &str) -> Result<Amount, String> {
    let text = value.as_str().ok_or_else(|| format!("the report has no `{what}`"))?;
    let read = Amount::parse(text.as_bytes()).map_err(|error| format!("`{text}` of `{what}`: {error}"))?;
    Ok(read.amount)
}
