//! Facts from a cost report, worked out from its figures.
//!
//! | metric | is |
//! | --- | --- |
//! | `allocation_coverage` | 100 · allocated / input, of the report's metric |
//! | `cost_attributed_to_services` | 100 · cost of groups that name a service / cost of all groups |
//! | `cost_changes_explained` | of the changes whose own amounts are beyond 20 %, those for which somebody gave the reason |
//! | `cost_report` | last done on the day the report was made |
//!
//! Percentages are of the last day of the report's month. A report whose sums do not tie, or whose month is not whole, is
//! refused: it measures nothing. Flags that the report itself carries are not read.

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use super::assessment::{Fact, FactValue};
use super::library::Source;
use super::quantity::Quantity;
use crate::calendar::{Date, Month};
use crate::money::{Amount, exceeds_percent};

const SCHEMA: &str = "headroom/report/1";

/// The facts of a cost report: one document, or an array of them, one for each currency.
///
/// # Errors
/// Why it measures nothing.
pub fn facts_of_report(source: Source<'_>) -> Result<Vec<Fact>, String> {
    let value: Value = serde_json::from_str(source.text).map_err(|error| format!("not a cost report: {error}"))?;
    let digest = xxh3_128(source.text.as_bytes());
    let reports = match value {
        Value::Array(reports) => reports,
        one => vec![one],
    };
    let mut measured: Option<Measured> = None;
    for report in &reports {
        let one = Measured::of(report)?;
        measured = Some(match measured {
            None => one,
            Some(other) => other.with(&one)?,
        });
    }
    let measured = measured.ok_or("an empty list holds no cost report")?;
    Ok(measured.facts(&format!("{}, {}, digest {digest:032x}", source.name, measured.month)))
}

/// What one report measures.
struct Measured {
    month: Month,
    made: Date,
    /// Part and whole of each percentage.
    allocated: (Amount, Amount),
    with_service: (Amount, Amount),
    /// Explained and flagged changes.
    explained: (u64, u64),
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
        if report["complete"] == "no" {
            return Err(format!("{month} is not whole in this report, so it measures nothing yet"));
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
        let groups = report["groups"].as_array().ok_or_else(|| missing("groups"))?;
        let (mut all, mut with_service) = (Amount::ZERO, Amount::ZERO);
        for group in groups {
            let Ok(cost) = amount(&group["amount"], "amount") else { continue };
            let add = |sum: Amount| sum.checked_add(cost).ok_or("the groups add up to more than can be held");
            all = add(all)?;
            if ["service", "service_name"].iter().any(|name| group["key"][*name].is_string()) {
                with_service = add(with_service)?;
            }
        }
        let total = amount(&report["totals"][&metric]["amount"], "totals")?;
        if all != total {
            return Err(format!("its groups add up to {all} and its total is {total}"));
        }
        let (mut explained, mut flagged) = (0, 0);
        for change in report["changes"].as_array().ok_or_else(|| missing("changes"))? {
            let delta = amount(&change["delta"], "changes.delta")?;
            let beyond = match amount(&change["previous"], "previous") {
                Ok(previous) => exceeds_percent(delta, previous, 20),
                Err(_) => !delta.is_zero(),
            };
            let reason = change["note"]["why"].as_str().is_some_and(|why| !why.trim().is_empty());
            flagged += u64::from(beyond);
            explained += u64::from(beyond && reason);
        }
        let (allocated, with_service) = ((allocated, input), (with_service, all));
        Ok(Self { month, made, allocated, with_service, explained: (explained, flagged), lowest: None })
    }

    fn percentages(&self) -> Option<(Quantity, Quantity)> {
        let own = || {
            let percent = |(part, whole)| Quantity::percent_of(part, whole);
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
        let explained = (self.explained.0 + other.explained.0, self.explained.1 + other.explained.1);
        Ok(Self { explained, lowest, made: self.made.min(other.made), ..self })
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
            facts.push(fact("cost_attributed_to_services", observed, FactValue::Quantity(with_service)));
        }
        let (n, d) = self.explained;
        facts.push(fact("cost_changes_explained", observed, FactValue::Share { n, d }));
        facts.push(fact("cost_report", self.made, FactValue::Done(self.made)));
        facts
    }
}

fn amount(value: &Value, what: &str) -> Result<Amount, String> {
    let text = value.as_str().ok_or_else(|| format!("the report has no `{what}`"))?;
    let read = Amount::parse(text.as_bytes()).map_err(|error| format!("`{text}` of `{what}`: {error}"))?;
    Ok(read.amount)
}
