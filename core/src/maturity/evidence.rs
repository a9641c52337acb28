//! Facts from documents that Headroom wrote, worked out from their figures.
//!
//! Of a cost report (`headroom/report/1`):
//!
//! | metric | is |
//! | --- | --- |
//! | `allocation_coverage` | 100 · allocated / input, of the report's metric; at most 100 % |
//! | `cost_attributed_to_services` | 100 · cost of groups that name a service / cost of all groups; at most 100 % |
//! | `cost_visible_by_service` | whether any cost names a service |
//! | `cost_changes_explained` | of the changes beyond 20 %, counted anew from the groups, those for which somebody gave the reason |
//! | `cost_report` | last done for the report's month: its last day, whenever the report was made |
//! | `commitment_coverage` | of a report that shows commitments, which measures nothing else: see [`super::commitments`] |
//!
//! Of a forecast of cost (`headroom/cost-forecast/1`), and of series (`headroom/forecast/1`):
//!
//! | metric | is |
//! | --- | --- |
//! | `forecast_variance` | 100 · &#124;expected − actual&#124; / actual of a month: what a forecast whose history ends with the month before expected, and what a report of the month says it cost |
//! | `anomaly_detection_running` | holds where the forecast states the chance that the month, not over yet, ends more than 20 % above the last |
//! | `capacity_forecast_present` | holds where a series is forecast, and the forecast tried on its past |
//!
//! What a report measures is of the last day of its month, what a forecast measures of the last day of its history. What a
//! document does not show measures nothing and is no fault: services where it has no such dimension, changes where it has no
//! month before. A document that contradicts itself is refused, and so is a report whose month is not whole, that is
//! of one owner alone, or that leaves out changes its groups show; so are two of one month. Flags that a document
//! carries are not read but held to its figures.

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use super::assessment::{Fact, FactValue};
use super::commitments::Commitments;
use super::foreseen::{self, Foreseen};
use super::json::{TextFault, read_json};
use super::measured::{Measured, REPORT, measured_fact};
use super::quantity::Quantity;
use crate::calendar::Month;
use crate::condition::document::Source;
use crate::money::Amount;
use crate::order::BTreeMap;

const HINT: &str = "give a report of a whole month, or a forecast, as Headroom wrote it with `--format json`";

/// What documents measure, and what they cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// The figures.
    pub facts: Vec<Fact>,
    /// Metrics that a document does not measure, and why.
    pub missing: Vec<(&'static str, String)>,
}

/// The facts of documents: each a cost report, a forecast of cost, or an array of either, one for each currency; or a
/// forecast of series.
///
/// # Errors
/// The name of the first document that measures nothing, and why.
pub fn facts_of_documents(sources: &[Source<'_>]) -> Result<Reported, (String, TextFault)> {
    let mut given = Given::default();
    for source in sources {
        given.add(*source).map_err(|fault| (source.name.to_owned(), fault))?;
    }
    let mut reported = given.reported;
    for (month, (forecast, expected)) in &given.expected {
        let Some((report, actual)) = given.actual.get(month) else {
            let why = format!("{forecast} expects what {month} costs, and no report of {month} says what it cost");
            reported.missing.push(("forecast_variance", why));
            continue;
        };
        match variance(expected, actual) {
            Ok(variance) => {
                let Some(observed) = month.day(month.days()) else { continue };
                let (value, from) = (FactValue::Quantity(variance), format!("{forecast} and {report}"));
                reported.facts.push(measured_fact("forecast_variance", observed, value, &from));
            }
            Err(why) => reported.missing.push(("forecast_variance", format!("{forecast} {why}"))),
        }
    }
    Ok(reported)
}

/// Metric and amount by currency.
type Amounts = BTreeMap<String, (String, Option<Amount>)>;

/// The documents given.
#[derive(Default)]
struct Given {
    reported: Reported,
    /// Names of reports by month, of cost and of commitments.
    names: BTreeMap<(Month, bool), String>,
    /// What months cost, and who says so.
    actual: BTreeMap<Month, (String, Amounts)>,
    /// What months will cost, said before they began.
    expected: BTreeMap<Month, (String, Amounts)>,
}

impl Given {
    fn add(&mut self, source: Source<'_>) -> Result<(), TextFault> {
        let documents = match read_json(source.text, HINT)? {
            Value::Array(documents) => documents,
            one => vec![one],
        };
        let Some(first) = documents.first() else {
            return Err(TextFault::whole("an empty list holds no document", HINT));
        };
        let schema = first["schema"].as_str().unwrap_or_default();
        if documents.iter().any(|other| other["schema"] != first["schema"]) {
            return Err(TextFault::whole("it holds documents of several kinds", HINT));
        }
        let currencies: Vec<&Value> = documents.iter().map(|document| &document["currency"]).collect();
        if currencies.iter().enumerate().any(|(at, currency)| currencies[..at].contains(currency)) {
            return Err(TextFault::whole("it holds two documents of one currency", HINT));
        }
        let digest = format!("digest {:032x}", xxh3_128(source.text.as_bytes()));
        match schema {
            REPORT => self.add_reports(source.name, &documents, &digest),
            foreseen::COST => self.add_forecasts(source.name, &documents, &digest),
            foreseen::SERIES => self.add_series(source.name, first, &digest),
            _ => {
                let message = format!("it is no cost report and no forecast: its schema is `{schema}`");
                Err(TextFault::whole(message, HINT))
            }
        }
    }

    fn add_reports(&mut self, name: &str, reports: &[Value], digest: &str) -> Result<(), TextFault> {
        let mut measured: Option<Measured> = None;
        for report in reports {
            if let Some(owner) = report["owner"].as_object().filter(|owner| !owner.is_empty()) {
                let value = |(name, value): (&String, &Value)| format!("{name}={}", value.as_str().unwrap_or_default());
                let owner: Vec<String> = owner.iter().map(value).collect();
                let message = format!("it is of {} alone, and would speak for everybody", owner.join(", "));
                return Err(TextFault::whole(message, "make the report without `--for`"));
            }
            let one = Measured::of(report);
            let whole = one.and_then(|one| match measured.take() {
                None => Ok(one),
                Some(other) => other.with(one),
            });
            measured = Some(whole.map_err(|message| TextFault::whole(message, HINT))?);
        }
        let Some(measured) = measured else { return Ok(()) };
        let month = measured.month;
        if let Some(first) = self.names.insert((month, measured.commitments.is_some()), name.to_owned()) {
            let message = format!("it is of {month}, and so is `{first}`");
            return Err(TextFault::whole(message, "give one report of each month"));
        }
        let from = format!("{name}, {month}, {digest}");
        if let Some(commitments) = measured.commitments {
            match (commitments, month.day(month.days())) {
                (Commitments::Covered(part), Some(observed)) => {
                    let value = FactValue::Quantity(part);
                    self.reported.facts.push(measured_fact("commitment_coverage", observed, value, &from));
                }
                (Commitments::Unknown(why), _) => {
                    self.reported.missing.push(("commitment_coverage", format!("{name} {why}")));
                }
                _ => {}
            }
            return Ok(());
        }
        self.reported.facts.extend(measured.facts(&from));
        if measured.explained.is_none() {
            let why = "compares no group with the month before, so it tells of no changes";
            self.reported.missing.push(("cost_changes_explained", format!("{name} {why}")));
        }
        if !measured.has_services {
            let why = "has no dimension of services, so it does not tell whether cost names them";
            self.reported.missing.push(("cost_visible_by_service", format!("{name} {why}")));
        }
        let metric = measured.metric;
        let amounts = measured.totals.into_iter().map(|(currency, total)| (currency, (metric.clone(), Some(total))));
        self.actual.insert(month, (from, amounts.collect()));
        Ok(())
    }

    fn add_forecasts(&mut self, name: &str, forecasts: &[Value], digest: &str) -> Result<(), TextFault> {
        let read: Result<Vec<Foreseen>, String> = forecasts.iter().map(Foreseen::of).collect();
        let read = read.map_err(|message| TextFault::whole(message, HINT))?;
        let Some(first) = read.first() else { return Ok(()) };
        let (month, to) = (first.month, first.to);
        if read.iter().any(|other| other.to != to) {
            return Err(TextFault::whole("its documents are of several histories", HINT));
        }
        let from = format!("{name}, history to {to}, {digest}");
        if read.iter().all(|forecast| forecast.warned) {
            let value = FactValue::Truth(true);
            self.reported.facts.push(measured_fact("anomaly_detection_running", to, value, &from));
        } else {
            let why =
                format!("states no chance that {month} ends above the month before, so it looks for nothing unusual");
            self.reported.missing.push(("anomaly_detection_running", format!("{name} {why}")));
        }
        if month == to.month() {
            let why = format!("was made when {month} had begun, so it is no forecast of the whole month");
            self.reported.missing.push(("forecast_variance", format!("{name} {why}")));
            return Ok(());
        }
        let amounts = read.into_iter().map(|forecast| (forecast.currency, (forecast.metric, forecast.expected)));
        if let Some((other, _)) = self.expected.insert(month, (from, amounts.collect())) {
            let message = format!("it expects what {month} costs, and so does `{other}`");
            return Err(TextFault::whole(message, "give one forecast of each month"));
        }
        Ok(())
    }

    fn add_series(&mut self, name: &str, forecast: &Value, digest: &str) -> Result<(), TextFault> {
        let last = foreseen::series(forecast).map_err(|message| TextFault::whole(message, HINT))?;
        if let Some(last) = last {
            let from = format!("{name}, history to {last}, {digest}");
            let value = FactValue::Truth(true);
            self.reported.facts.push(measured_fact("capacity_forecast_present", last, value, &from));
        } else {
            let why = format!("{name} holds no series whose forecast was tried on its past");
            self.reported.missing.push(("capacity_forecast_present", why));
        }
        Ok(())
    }
}

/// How far what was expected lies from what it cost; of several currencies the greatest counts.
fn variance(expected: &Amounts, actual: &Amounts) -> Result<Quantity, String> {
    let mut greatest = None;
    for (currency, (metric, cost)) in actual {
        let Some((forecast, Some(mean))) = expected.get(currency) else {
            return Err(format!("has no forecast of the cost in {currency}"));
        };
        if forecast != metric {
            return Err(format!("is of {forecast} cost, and the report of {metric} cost"));
        }
        let cost = cost.unwrap_or_default();
        let apart = mean.checked_sub(cost).map(Amount::magnitude).and_then(|apart| i128::try_from(apart).ok());
        let percent = apart.and_then(|apart| Quantity::percent_of(Amount::from_units(apart), cost));
        let percent =
            percent.ok_or_else(|| format!("is of a month that cost {cost} {currency}, of which nothing is a part"))?;
        greatest = greatest.max(Some(percent));
    }
    greatest.ok_or_else(|| "has nothing to be compared with".to_owned())
}
