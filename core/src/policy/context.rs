//! What gates know beside the input: levels and outcomes of assessments, figures of cost reports.

use std::collections::BTreeMap;

use serde_json::Value;

use super::gate::CostRule;
use crate::calendar::Date;
use crate::money::{Amount, exceeds_percent, percent_of};

/// A level that is certain, one that is possible, and the criteria that hold them back, with their stages.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    pub(super) confirmed: u8,
    pub(super) potential: u8,
    pub(super) open: Vec<(u8, String)>,
}

/// What gates know beside the input.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The day of the decision: waivers that have expired then do not count.
    pub as_of: Option<Date>,
    pub(super) controls: BTreeMap<(String, String), Standing>,
    pub(super) criteria: BTreeMap<(String, String), String>,
    pub(super) reports: Vec<ReportFigures>,
}

/// Figures of a cost report, recomputed from its own.
#[derive(Clone, Debug, Default)]
pub(super) struct ReportFigures {
    pub(super) unexplained: u64,
    pub(super) unallocated: Option<Amount>,
    pub(super) refused: u64,
}

impl Context {
    /// What is known on a day, before anything is taken in.
    pub fn on(as_of: Option<Date>) -> Self {
        Self { as_of, ..Self::default() }
    }

    /// Takes in the result of an assessment, or a cost report: one document or an array of them.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let documents = match value {
            Value::Array(documents) => documents,
            one => vec![one],
        };
        for document in &documents {
            match document["schema"].as_str() {
                Some(crate::maturity::RESULT_SCHEMA) => self.add_result(document)?,
                Some("headroom/report/1") => self.reports.push(ReportFigures::of(document)?),
                other => {
                    let found = other.map_or_else(|| "none".to_owned(), |schema| format!("`{schema}`"));
                    return Err(format!(
                        "an assessment's result or a cost report was expected, and the schema is {found}"
                    ));
                }
            }
        }
        Ok(())
    }

    fn add_result(&mut self, result: &Value) -> Result<(), String> {
        let missing = |what: &str| format!("the result of the assessment has no `{what}`");
        let framework = result["framework"]["id"].as_str().ok_or_else(|| missing("framework"))?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let level = |value: &Value| value.as_u64().and_then(|level| u8::try_from(level).ok());
        for control in result["controls"].as_array().ok_or_else(|| missing("controls"))? {
            let id = text(&control["id"]).ok_or_else(|| missing("controls.id"))?;
            let standing = Standing {
                confirmed: level(&control["confirmed"]).ok_or_else(|| missing("controls.confirmed"))?,
                potential: level(&control["potential"]).ok_or_else(|| missing("controls.potential"))?,
                open: Vec::new(),
            };
            self.controls.insert((framework.to_owned(), id), standing);
        }
        for criterion in result["criteria"].as_array().ok_or_else(|| missing("criteria"))? {
            let id = text(&criterion["id"]).ok_or_else(|| missing("criteria.id"))?;
            let outcome = text(&criterion["outcome"]).ok_or_else(|| missing("criteria.outcome"))?;
            if let (Some(control), Some(stage)) = (text(&criterion["control"]), level(&criterion["stage"]))
                && matches!(outcome.as_str(), "not_met" | "unknown")
                && let Some(standing) = self.controls.get_mut(&(framework.to_owned(), control))
            {
                standing.open.push((stage, id.clone()));
            }
            self.criteria.insert((framework.to_owned(), id), outcome);
        }
        Ok(())
    }

    /// A figure over all reports: the sum of counts, the largest of percentages; `None` without a report that has it.
    pub(super) fn cost(&self, rule: CostRule) -> Option<Amount> {
        let count = |of: &dyn Fn(&ReportFigures) -> u64| {
            let whole = |report| Amount::from_whole(i64::try_from(of(report)).unwrap_or(i64::MAX));
            (!self.reports.is_empty()).then(|| Amount::checked_sum(self.reports.iter().map(whole)))?
        };
        match rule {
            CostRule::UnexplainedChanges => count(&|report| report.unexplained),
            CostRule::RefusedRows => count(&|report| report.refused),
            CostRule::UnallocatedPercent => {
                let shares: Option<Vec<Amount>> = self.reports.iter().map(|report| report.unallocated).collect();
                shares?.into_iter().max()
            }
        }
    }
}

impl ReportFigures {
    /// Counted anew: a change is flagged when its amounts say so, and accounted for when somebody's reason is given.
    pub(super) fn of(report: &Value) -> Result<Self, String> {
        let missing = |what: &str| format!("the cost report has no `{what}`");
        let amount = |value: &Value| value.as_str().and_then(|text| Some(Amount::parse(text.as_bytes()).ok()?.amount));
        let mut unexplained = 0;
        for change in report["changes"].as_array().ok_or_else(|| missing("changes"))? {
            let delta = amount(&change["delta"]).ok_or_else(|| missing("changes.delta"))?;
            let flagged = match amount(&change["previous"]) {
                Some(previous) => exceeds_percent(delta, previous, 20),
                None => !delta.is_zero(),
            };
            let reason = change["note"]["why"].as_str().is_some_and(|why| !why.trim().is_empty());
            unexplained += u64::from(flagged && !reason);
        }
        let metric = report["metric"].as_str().ok_or_else(|| missing("metric"))?;
        let sums = &report["conservation"][metric];
        let unallocated = amount(&sums["unallocated"]).zip(amount(&sums["input"]));
        let unallocated = unallocated.and_then(|(part, whole)| {
            let percent = percent_of(part, whole)?;
            Some(Amount::parse(percent.as_bytes()).ok()?.amount)
        });
        let refused = report["verdict"]["refused_count"].as_u64().ok_or_else(|| missing("verdict.refused_count"))?;
        Ok(Self { unexplained, unallocated, refused })
    }
}
