//! Calls as JSON text.

use std::rc::Rc;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use super::bill_call::{BillCall, Task};
use super::capacity_call::CapacityCall;
use super::commitments::CommitmentsCall;
use super::forecast_call::ForecastCall;
use super::rightsize_call::RightsizeCall;
use super::schedule::ScheduleCall;
use super::sizing::SizingCall;
use super::waste::WasteCall;
use super::{AssessInput, Document, Failure, Format, GateInput, SCHEMAS, Session};
use crate::calendar::Date;
use crate::condition::document::{Source, nearest};
use crate::ledger::{BillBytes, at_once};
use crate::scorecard;

/// A call as JSON states it.
#[derive(Debug)]
enum Call {
    /// The monthly cost report.
    Report(BillCall),
    /// What the files are.
    Inspect(BillCall),
    /// Cost by month and group.
    Allocate(BillCall),
    /// Every charge as a line.
    Lines(BillCall),
    /// What is wrong with a policy, and what its rules do on bills.
    Check(BillCall),
    /// Why a charge is where it is.
    Explain(BillCall),
    /// A policy to start from.
    Init(BillCall),
    /// What series will be, or what bills will be.
    Forecast(ForecastCall),
    /// The level of maturity, what is missing, what comes next.
    Assess(AssessCall),
    /// A file to be filled in, with everything a framework asks.
    Questionnaire(QuestionnaireCall),
    /// Whether something may go ahead.
    Gate(GateCall),
    /// What is committed to, and what should be.
    Commitments(CommitmentsCall),
    /// What nobody uses.
    Waste(WasteCall),
    /// What should be requested.
    Rightsize(RightsizeCall),
    /// When what is not production may be off.
    Schedule(ScheduleCall),
    /// When services run out of capacity.
    Capacity(CapacityCall),
    /// The JSON Schema of a document, or the names of all.
    Schema(SchemaCall),
    /// What policies are, and what is wrong with them.
    PolicyCheck(PolicyCheckCall),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemaCall {
    name: Option<String>,
    #[serde(default, rename = "call")]
    _name: NameRead,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AssessCall {
    as_of: Option<Date>,
    today: Option<Date>,
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
    #[serde(default, rename = "call")]
    _name: NameRead,
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
    #[serde(default, rename = "call")]
    _name: NameRead,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyCheckCall {
    policy: Vec<Text>,
    #[serde(default)]
    format: Format,
    #[serde(default, rename = "call")]
    _name: NameRead,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionnaireCall {
    as_of: Date,
    framework: Option<String>,
    #[serde(default)]
    frameworks: Vec<Text>,
    subject: Option<String>,
    #[serde(default, rename = "call")]
    _name: NameRead,
}

/// A file's name and text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    pub(super) name: String,
    pub(super) text: String,
}

impl Text {
    pub(super) fn source(&self) -> Source<'_> {
        Source { name: &self.name, text: &self.text }
    }
}

/// Answers a call: JSON in; the document asked for out, or a failure as a JSON document.
///
/// A report is one document, or an array of them where the bills are in several currencies. What a call takes beside `call` and
/// `format`, a file being a `name` and a `text`:
///
/// * `report`, `inspect`, `allocate`, `lines`, `check`, `explain`, `init`: `as_of`, `bills`, and if wanted `policy`,
///   `explanations`, `month`, `metric`, `view`, `by`, `for`, `overlap`; `report` also
///   `savings` (what the calls below gave); `explain` also `resource` and `where`; a `check` does without bills.
/// * `forecast`: `series`, and if wanted `horizon`, `period`, `measures`, `earlier` (a list of what it gave before); or `as_of` and `bills`, and if wanted `policy`, `budgets`,
///   `metric`, `for`, `overlap`; either way `models`, `releases`, `events`, `suppose`.
/// * `capacity`: `traffic`, `usage`, `capacity`, and if wanted `releases`, `load_tests`, `suppose` (a list such as
///   `2026-07-01 checkout traffic+20%`), `as_of`, `horizon_days`, `reserve`.
/// * `commitments`: `as_of`, `bills`, and if wanted `offers`, `overlap`.
/// * `waste`: `as_of`, `bills` or `usage` or both, and if wanted `policy`, `month`, `metric`, `overlap`, `rules`, `requests`,
///   `assumptions`.
/// * `rightsize`: `usage`, and if wanted `requests`, `assumptions`, `policy`, `profile`, `strategy`.
/// * `schedule`: `usage`, and if wanted `requests`, `assumptions`, `policy`, `offset` (such as `+02:00`), `environments`.
///   Either also `bills`, whose prices count, with `as_of`, `month`, `metric`, `overlap`.
/// * `assess`: `assessment`, and if wanted `as_of`, `today`, `framework`, `frameworks`, `history`, `evidence`, `deployments`,
///   `incidents`, `target`, `strict`; `questionnaire`: `as_of`, `framework`, `frameworks`, `subject`.
/// * `gate`: `input`, `gates`, and if wanted `as_of`, `evidence` (results of assessments, cost reports).
/// * `policy_check`: `policy` (documents of rules of any kind).
/// * `schema`: a `name`; without one all names are listed.
///
/// The JSON Schema `call` has the values that each of them may have.
///
/// Bills that are too large for a text are pushed in a [`Session`].
pub fn answer(call: &str) -> String {
    match respond(call) {
        Ok(answer) => answer,
        Err(failure) => json(&failure),
    }
}

fn respond(call: &str) -> Result<String, Failure> {
    match parsed(call)? {
        Call::Report(call) => answer_about_bills(Task::Report, call),
        Call::Inspect(call) => answer_about_bills(Task::Inspect, call),
        Call::Allocate(call) => answer_about_bills(Task::Allocate, call),
        Call::Lines(call) => answer_about_bills(Task::Lines, call),
        Call::Check(call) => answer_about_bills(Task::Check, call),
        Call::Explain(call) => answer_about_bills(Task::Explain, call),
        Call::Init(call) => answer_about_bills(Task::Init, call),
        Call::Forecast(call) => match call.split()? {
            (Some(series), call) => call.answer(&series),
            (None, call) => answer_about_bills(Task::Forecast, call.over_bills()?),
        },
        Call::Commitments(call) => answer_about_bills(Task::Commitments, call.over_bills()),
        Call::Waste(call) if call.is_of_usage() => call.answer(),
        Call::Waste(call) => answer_about_bills(Task::Waste, call.over_bills()),
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
                format => Err(format.refused("a decision", "`json` or `markdown`")),
            }
        }
        Call::PolicyCheck(call) => {
            let checked = super::check(&sources(&call.policy));
            match call.format {
                Format::Json => Ok(json(&checked.check)),
                Format::Markdown => Ok(crate::report::check_markdown(&checked.check)),
                format => Err(format.refused("a check", "`json` or `markdown`")),
            }
        }
        Call::Rightsize(call) => answer_on_sizing(call.sizing()),
        Call::Schedule(call) => answer_on_sizing(call.sizing()?),
        Call::Capacity(call) => call.answer(),
        Call::Questionnaire(call) => {
            let subject = call.subject.as_deref().unwrap_or("my-service");
            super::questionnaire(call.framework.as_deref(), &sources(&call.frameworks), subject, call.as_of)
        }
        Call::Schema(call) => match &call.name {
            Some(name) => super::schema(name),
            None => Ok(SCHEMAS.map(|(name, _)| name).join("\n")),
        },
    }
}

fn answer_on_sizing(call: SizingCall) -> Result<String, Failure> {
    if call.is_of_usage() { call.answer() } else { answer_about_bills(Task::Sizing, call.over_bills()?) }
}

/// Answers a call about bills that the call does not hold: its `bills` is left out.
pub fn answer_over<B: BillBytes>(call: &str, bills: &B) -> String
where
    B::Fault: Into<Failure>,
{
    let answer = bill_call(call).and_then(|(task, call)| {
        let asked = call.over(task)?;
        let (lines, format) = (Rc::default(), asked.format);
        let document = at_once(asked.answer(bills, &lines))?;
        rendered(&document, format, &lines.take())
    });
    answer.unwrap_or_else(|failure| json(&failure))
}

/// The name of a call; what else it says is read once that is known.
#[derive(Deserialize)]
#[serde(expecting = "an object that names its `call`")]
struct Named {
    call: String,
}

/// The name of a call where the rest is read: nobody looks at it again.
#[derive(Debug, Default)]
pub(super) struct NameRead;

impl<'de> Deserialize<'de> for NameRead {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(from).map(|_| Self)
    }
}

/// The names of calls.
const NAMES: [&str; 18] = [
    "report",
    "inspect",
    "allocate",
    "lines",
    "check",
    "explain",
    "init",
    "forecast",
    "assess",
    "questionnaire",
    "gate",
    "commitments",
    "waste",
    "rightsize",
    "schedule",
    "capacity",
    "schema",
    "policy_check",
];

fn parsed(call: &str) -> Result<Call, Failure> {
    fn read<'c, T: Deserialize<'c>>(call: &'c str) -> Result<T, Failure> {
        serde_json::from_str(call).map_err(|error| Failure::at("call", error).code("call"))
    }
    // A list would be taken for the values of an object.
    if call.trim_start().starts_with('[') {
        return Err(Failure::at("call", "a list is no call").code("call").hint("write `{\"call\": \"report\", …}`"));
    }
    let Named { call: name } = read(call)?;
    Ok(match name.as_str() {
        "report" => Call::Report(read(call)?),
        "inspect" => Call::Inspect(read(call)?),
        "allocate" => Call::Allocate(read(call)?),
        "lines" => Call::Lines(read(call)?),
        "check" => Call::Check(read(call)?),
        "explain" => Call::Explain(read(call)?),
        "init" => Call::Init(read(call)?),
        "forecast" => Call::Forecast(read(call)?),
        "assess" => Call::Assess(read(call)?),
        "questionnaire" => Call::Questionnaire(read(call)?),
        "gate" => Call::Gate(read(call)?),
        "commitments" => Call::Commitments(read(call)?),
        "waste" => Call::Waste(read(call)?),
        "rightsize" => Call::Rightsize(read(call)?),
        "schedule" => Call::Schedule(read(call)?),
        "capacity" => Call::Capacity(read(call)?),
        "schema" => Call::Schema(read(call)?),
        "policy_check" => Call::PolicyCheck(read(call)?),
        _ => {
            let unknown = Failure::at("call", format_args!("there is no call `{name}`")).code("call");
            return Err(match nearest(&name, NAMES) {
                Some(near) => unknown.hint(format_args!("did you mean `{near}`?")),
                None => unknown.hint(format_args!("there are {}", NAMES.join(", "))),
            });
        }
    })
}

/// A call whose bills are pushed, and its task.
pub(super) fn bill_call(call: &str) -> Result<(Task, BillCall), Failure> {
    match parsed(call)? {
        Call::Report(call) => Ok((Task::Report, call)),
        Call::Inspect(call) => Ok((Task::Inspect, call)),
        Call::Allocate(call) => Ok((Task::Allocate, call)),
        Call::Lines(call) => Ok((Task::Lines, call)),
        Call::Check(call) => Ok((Task::Check, call)),
        Call::Explain(call) => Ok((Task::Explain, call)),
        Call::Init(call) => Ok((Task::Init, call)),
        Call::Commitments(call) => Ok((Task::Commitments, call.over_bills())),
        Call::Waste(call) => Ok((Task::Waste, call.over_bills())),
        Call::Forecast(call) if !call.is_of_series() => Ok((Task::Forecast, call.split()?.1.over_bills()?)),
        Call::Rightsize(call) => Ok((Task::Sizing, call.sizing().over_bills()?)),
        Call::Schedule(call) => Ok((Task::Sizing, call.sizing()?.over_bills()?)),
        Call::Forecast(_)
        | Call::Assess(_)
        | Call::Questionnaire(_)
        | Call::Gate(_)
        | Call::Capacity(_)
        | Call::Schema(_)
        | Call::PolicyCheck(_) => {
            Err(Failure::at("call", "this call is not about bills").code("call").hint("it is answered at once"))
        }
    }
}

/// Bytes of a text pushed at a time.
const CHUNK: usize = 1 << 20;

fn answer_about_bills(task: Task, mut call: BillCall) -> Result<String, Failure> {
    let texts = call.take_texts()?;
    let mut session = Session::of(call.understood(task)?, 0);
    while let Some(wanted) = session.wanted() {
        let chunks = texts.get(wanted.file).map_or(&b""[..], |text| text.as_bytes()).chunks(CHUNK);
        for chunk in chunks {
            if session.wanted() == Some(wanted) {
                session.push(chunk);
            }
        }
        if session.wanted() == Some(wanted) {
            session.end();
        }
    }
    let lines = session.take_lines();
    match session.outcome() {
        Some(Ok(document)) => rendered(document, session.format(), &lines),
        Some(Err(failure)) => Err(failure.clone()),
        None => Err(Failure::new("the call came to no end").code("engine")),
    }
}

fn rendered(document: &Document, format: Format, lines: &[u8]) -> Result<String, Failure> {
    match document {
        Document::Lines(_) => Ok(String::from_utf8_lossy(lines).into_owned()),
        document => document.render(format),
    }
}

fn assess(call: &AssessCall) -> Result<String, Failure> {
    let result = super::assess(&AssessInput {
        as_of: call.as_of,
        today: call.today,
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
        format => Err(format.refused("an assessment", "`json` or `markdown`")),
    }
}

pub(super) fn sources(texts: &[Text]) -> Vec<Source<'_>> {
    texts.iter().map(Text::source).collect()
}

/// A document as JSON. Documents hold text, numbers and maps with text keys, which JSON can always hold.
pub(super) fn json(document: &impl Serialize) -> String {
    serde_json::to_string(document).unwrap_or_else(|error| format!("{{\"message\":{:?}}}", error.to_string()))
}
