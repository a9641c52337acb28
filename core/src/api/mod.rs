//! The one door for the command line, browsers and policy engines.
//!
//! Typed: [`assess()`], [`gate`], [`check`], [`forecast()`], [`forecast_costs`], [`commitments`], [`waste()`],
//! [`rightsize()`], [`schedule()`], [`capacity()`], [`report`], [`inspect`], [`cube`], [`lines()`],
//! [`explain`] and what they take. As text: [`answer`] takes a call in JSON and gives the same document in JSON that the command line
//! prints; a [`Session`] does so for bills that are pushed chunk by chunk.
//!
//! ```
//! let call = r#"{"call":"report","as_of":"2026-06-03","bills":[{"name":"bill.csv","text":"ChargePeriodStart,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName\n2026-05-01,Usage,1.5,1.5,USD,Queue\n"}]}"#;
//! let answer = headroom_core::api::answer(call);
//! assert!(answer.starts_with(r#"{"schema":"headroom/report/1","as_of":"2026-06-03""#));
//! ```

mod assess;
mod bill_call;
mod call;
mod capacity;
mod capacity_call;
mod check;
mod commitments;
mod document;
mod failure;
mod finding;
mod forecast;
mod forecast_call;
mod gate;
mod rightsize;
mod rightsize_call;
mod schedule;
mod schemas;
mod session;
mod sizing;
mod waste;

pub use assess::{AssessInput, Chosen, assess, choose, questionnaire, read_assessment};
pub use call::{answer, answer_over};
pub use capacity::{CapacityInput, KnownInput, capacity, known, releases};
pub use check::{Checked, check};
pub use commitments::offers;
pub use document::{Document, Format};
pub use failure::{Column, Failure};
pub use finding::{ExhaustionWithin, FailOn, UnknownFinding};
pub use forecast::{ForecastInput, budgets, earlier, forecast, named_series};
pub use gate::{GateInput, PreparedGates, SHIPPED_GATES, gate};
pub use rightsize::{
    RightsizeInput, UsageFiles, assumptions, idle_measured, in_one_currency, no_usage, of_usage, one_currency,
    requests, rightsize, rightsize_of,
};
pub use schedule::{ScheduleInput, offset, schedule, schedule_of};
pub use schemas::{SCHEMAS, schema};
pub use session::Session;
pub use waste::{idle_rules, measured, waste_of_usage};

pub use crate::billed::billed;
use crate::change::Explanations;
pub use crate::commitment::commit as commitments;
pub use crate::ledger::{Stretch, Wanted};
pub use crate::report::{cube, explain, inspect, lines, starter};
use crate::savings::Savings;
pub use crate::spending::{expect as forecast_costs, report};
pub use crate::waste::look as waste;

/// Reads explanations files, in order.
///
/// # Errors
/// Everything that is wrong with the first faulty file.
pub fn explanations<'t>(sources: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Explanations, Failure> {
    let mut all = Explanations::default();
    for (name, text) in sources {
        all.extend(Explanations::parse(name, text).map_err(|problems| failure::of_problems(&problems))?);
    }
    Ok(all)
}

/// Reads documents of savings: what `rightsize`, `schedule`, `commitments` and the search for waste gave as JSON.
///
/// # Errors
/// When one cannot be read, contradicts itself, or says what another said already.
pub fn savings(sources: &[crate::condition::document::Source<'_>]) -> Result<Savings, Failure> {
    Savings::read(sources).map_err(|(name, fault)| assess::of_text(&name, &fault))
}

/// Puts the ranked list of what to do into reports; where no document of savings was given they stay as they are.
pub fn add_savings(reports: &mut [crate::report::Report], savings: &Savings, policy: &crate::allocation::Policy) {
    if !savings.is_empty() {
        for report in reports {
            savings.put_into(report, policy);
        }
    }
}

/// Reports as the JSON contract has them: one document, or an array where the bills are in several currencies.
pub fn report_json(reports: &[crate::report::Report]) -> String {
    match reports {
        [only] => call::json(only),
        several => call::json(&several),
    }
}

/// Forecasts of cost as the JSON contract has them: one document, or an array where the bills are in several currencies.
pub fn cost_forecasts_json(forecasts: &[crate::spending::CostForecast]) -> String {
    match forecasts {
        [only] => call::json(only),
        several => call::json(&several),
    }
}

/// Commitments as the JSON contract has them: one document, or an array where the bills are in several currencies.
pub fn commitments_json(documents: &[crate::commitment::Commitments]) -> String {
    match documents {
        [only] => call::json(only),
        several => call::json(&several),
    }
}

/// Waste as the JSON contract has it: one document, or an array where it is in several currencies.
pub fn waste_json(documents: &[crate::waste::Waste]) -> String {
    match documents {
        [only] => call::json(only),
        several => call::json(&several),
    }
}

/// Any other document as JSON.
pub fn document_json(document: &impl serde::Serialize) -> String {
    call::json(document)
}
