//! Calls as JSON text.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{AssessInput, Failure, GateInput, RightsizeInput, explanations};
use crate::allocation::{Policy, PolicySource};
use crate::bill::Metric;
use crate::calendar::{Date, Month};
use crate::ledger::{MemoryBills, View};
use crate::maturity::Source;
use crate::report::{self, OnOverlap, Request};
use crate::rightsizing::{self, Patch, Profile, Question, Strategy};
use crate::scorecard;

/// A call as JSON states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "call")]
enum Call {
    /// The monthly cost report.
    Report(ReportCall),
    /// What the files are.
    Inspect(ReportCall),
    /// Cost by month and group.
    Allocate(ReportCall),
    /// The level of maturity, what is missing, what comes next.
    Assess(AssessCall),
    /// A file to be filled in, with everything a framework asks.
    Questionnaire(QuestionnaireCall),
    /// Whether something may go ahead.
    Gate(GateCall),
    /// What should be requested.
    Rightsize(RightsizeCall),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RightsizeCall {
    usage: Vec<Text>,
    #[serde(default)]
    requests: Vec<Text>,
    assumptions: Option<Text>,
    #[serde(default)]
    profile: Profile,
    #[serde(default)]
    strategy: Strategy,
    #[serde(default)]
    format: SizeFormat,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SizeFormat {
    #[default]
    Json,
    Csv,
    Kubernetes,
    Helm,
    Compose,
    Terraform,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AssessCall {
    as_of: Option<Date>,
    assessment: Text,
    framework: Option<String>,
    #[serde(default)]
    frameworks: Vec<Text>,
    #[serde(default)]
    history: Vec<Text>,
    #[serde(default)]
    evidence: Vec<Text>,
    #[serde(default)]
    deployments: Vec<Text>,
    #[serde(default)]
    incidents: Vec<Text>,
    target: Option<u8>,
    #[serde(default)]
    strict: bool,
    #[serde(default)]
    format: Format,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GateCall {
    as_of: Option<Date>,
    input: Text,
    gates: Vec<Text>,
    #[serde(default)]
    evidence: Vec<Text>,
    #[serde(default)]
    format: Format,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionnaireCall {
    as_of: Date,
    framework: Option<String>,
    #[serde(default)]
    frameworks: Vec<Text>,
    subject: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportCall {
    as_of: Date,
    bills: Vec<Text>,
    #[serde(default)]
    policy: Vec<Text>,
    #[serde(default)]
    explanations: Vec<Text>,
    month: Option<Month>,
    metric: Option<Metric>,
    #[serde(default)]
    view: Option<ViewName>,
    by: Option<Vec<String>>,
    #[serde(default, rename = "for")]
    owner: BTreeMap<String, String>,
    #[serde(default)]
    overlap: Option<OverlapName>,
    #[serde(default)]
    format: Format,
}

/// A file's name and text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    name: String,
    text: String,
}

impl Text {
    fn source(&self) -> Source<'_> {
        Source { name: &self.name, text: &self.text }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ViewName {
    ChargeMonth,
    BillingMonth,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OverlapName {
    Newest,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Json,
    Markdown,
    Csv,
}

/// Answers a call: JSON in; the document asked for out, or a failure as a JSON document.
///
/// A report is one document, or an array of them where the bills are in several currencies. The call's keys:
/// `call` (`report`, `inspect` or `allocate`), `as_of`, `bills` (a list of `name` and `text`), and if wanted `policy` and
/// `explanations` (the same form), `month`, `metric`, `view`, `by`, `for`, `overlap`, `format`. An assessment (`assess`)
/// takes `assessment` (a `name` and `text`), and if wanted `as_of`, `framework`, `frameworks`, `history`, `evidence`,
/// `deployments`, `incidents`, `target`, `strict`, `format`; a `questionnaire` takes `as_of`, `framework`, `frameworks`, `subject`. A `gate` takes `input`
/// and `gates`, and if wanted `as_of`, `evidence` (results of assessments, cost reports) and `format`. Sizes (`rightsize`)
/// take `usage`, and if wanted `requests`, `assumptions` (a `name` and `text`), `profile`, `strategy`, and `format`: `json`,
/// `csv`, `kubernetes`, `helm`, `compose` or `terraform`.
pub fn answer(call: &str) -> String {
    match respond(call) {
        Ok(answer) => answer,
        Err(failure) => json(&failure),
    }
}

fn respond(call: &str) -> Result<String, Failure> {
    let call: Call = serde_json::from_str(call).map_err(|error| Failure::at("call", error))?;
    match call {
        Call::Report(call) => {
            let (policy, request) = (policy(&call)?, request(&call));
            let said = explanations(call.explanations.iter().map(|text| (text.name.as_str(), text.text.as_str())))?;
            let reports = report::report(&bills(&call), &policy, &said, &request)?;
            match call.format {
                Format::Json => Ok(super::report_json(&reports)),
                Format::Markdown => Ok(report::markdown_all(&reports)),
                Format::Csv => Ok(report::csv_all(&reports)?),
            }
        }
        Call::Inspect(call) => {
            let (policy, request) = (policy(&call)?, request(&call));
            let (inspection, faults) = report::inspect(&bills(&call), &policy, &request)?;
            match (faults.into_iter().next(), call.format) {
                (Some(fault), _) => Err(fault.into()),
                (None, Format::Markdown) => Ok(report::inspect_markdown(&inspection.verdict)),
                (None, _) => Ok(json(&inspection)),
            }
        }
        Call::Allocate(call) => {
            let cube = report::cube(&bills(&call), &policy(&call)?, &request(&call))?;
            match call.format {
                Format::Json => Ok(json(&cube)),
                Format::Csv => {
                    let mut text = Vec::new();
                    report::cube_csv(&cube, &mut |piece| {
                        text.extend_from_slice(piece);
                        ControlFlow::Continue(())
                    })?;
                    Ok(String::from_utf8_lossy(&text).into_owned())
                }
                Format::Markdown => Err(Failure::new("a cube has no Markdown form").hint("ask for `json` or `csv`")),
            }
        }
        Call::Assess(call) => assess(&call),
        Call::Gate(call) => {
            let decided = super::gate(&GateInput {
                as_of: call.as_of,
                input: call.input.source(),
                gates: sources(&call.gates),
                evidence: sources(&call.evidence),
            })?;
            match call.format {
                Format::Json => Ok(json(&decided)),
                Format::Markdown => Ok(scorecard::decision_markdown(&decided)),
                Format::Csv => Err(Failure::new("a decision has no CSV form").hint("ask for `json` or `markdown`")),
            }
        }
        Call::Rightsize(call) => {
            let sized = super::rightsize(&RightsizeInput {
                usage: sources(&call.usage),
                requests: sources(&call.requests),
                assumptions: call.assumptions.as_ref().map(Text::source),
                question: Question { profile: call.profile, strategy: call.strategy },
            })?;
            Ok(match call.format {
                SizeFormat::Json => json(&sized),
                SizeFormat::Csv => rightsizing::csv(&sized),
                SizeFormat::Kubernetes => rightsizing::patch(&sized, Patch::Kubernetes),
                SizeFormat::Helm => rightsizing::patch(&sized, Patch::Helm),
                SizeFormat::Compose => rightsizing::patch(&sized, Patch::Compose),
                SizeFormat::Terraform => rightsizing::patch(&sized, Patch::Terraform),
            })
        }
        Call::Questionnaire(call) => {
            let subject = call.subject.as_deref().unwrap_or("my-service");
            super::questionnaire(call.framework.as_deref(), &sources(&call.frameworks), subject, call.as_of)
        }
    }
}

fn assess(call: &AssessCall) -> Result<String, Failure> {
    let result = super::assess(&AssessInput {
        as_of: call.as_of,
        today: None,
        assessment: Some(call.assessment.source()),
        framework: call.framework.as_deref(),
        frameworks: sources(&call.frameworks),
        history: sources(&call.history),
        evidence: sources(&call.evidence),
        deployments: sources(&call.deployments),
        incidents: sources(&call.incidents),
        target: call.target,
        strict: call.strict,
    })?;
    match call.format {
        Format::Json => Ok(json(&result)),
        Format::Markdown => Ok(scorecard::markdown(&result)),
        Format::Csv => Err(Failure::new("an assessment has no CSV form").hint("ask for `json` or `markdown`")),
    }
}

fn sources(texts: &[Text]) -> Vec<Source<'_>> {
    texts.iter().map(Text::source).collect()
}

fn bills(call: &ReportCall) -> MemoryBills<'_> {
    MemoryBills::new(call.bills.iter().map(|bill| (bill.name.clone(), bill.text.as_bytes())))
}

fn policy(call: &ReportCall) -> Result<Arc<Policy>, Failure> {
    if call.policy.is_empty() {
        return Ok(Arc::new(Policy::builtin()));
    }
    let sources: Vec<PolicySource<'_>> =
        call.policy.iter().map(|source| PolicySource { name: &source.name, text: &source.text }).collect();
    Ok(Arc::new(Policy::parse(&sources)?))
}

fn request(call: &ReportCall) -> Request {
    let usual = Request::new(call.as_of);
    Request {
        month: call.month,
        metric: call.metric.unwrap_or(usual.metric),
        view: match call.view {
            Some(ViewName::BillingMonth) => View::BillingMonth,
            Some(ViewName::ChargeMonth) | None => View::ChargeMonth,
        },
        by: call.by.clone(),
        owner: call.owner.clone(),
        overlap: match call.overlap {
            Some(OverlapName::Newest) => OnOverlap::Newest,
            None => OnOverlap::Refuse,
        },
        ..usual
    }
}

/// A document as JSON. Documents hold text, numbers and maps with text keys, which JSON can always hold.
pub(super) fn json(document: &impl Serialize) -> String {
    serde_json::to_string(document).unwrap_or_else(|error| format!("{{\"message\":{:?}}}", error.to_string()))
}
