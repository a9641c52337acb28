//! Cases as data: a note, a call, and what its answer must hold.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::thread;

use headroom_core::api;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::daily::daily;
use crate::pods::{Export, pods};
use crate::{Outcome, artifact, measured};

/// The directories of cases, and how many each has at least: fewer would mean that some are not found.
pub const DIRECTORIES: [(&str, usize); 9] = [
    ("report", 40),
    ("maturity", 40),
    ("forecast", 40),
    ("rightsizing", 33),
    ("commitments", 12),
    ("schedule", 20),
    ("capacity", 18),
    ("waste", 15),
    ("savings", 20),
];

/// One case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the case shows; names it in messages.
    pub note: String,
    /// The call, complete once it is read from a file: see [`read`].
    pub call: Value,
    /// What the answer must hold (see [`crate::contain`]).
    pub want: Option<Value>,
    /// What the failure must hold.
    pub want_failure: Option<Value>,
}

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// What is said in every call of the file unless the call says otherwise.
    #[serde(default)]
    usual: Map<String, Value>,
    /// The header of files given as `rows`.
    #[serde(default)]
    header: String,
    /// Documents that files are `like`.
    #[serde(default)]
    documents: Map<String, Value>,
    cases: Vec<Case>,
}

/// The cases of a directory under `tests/cases`, with the name of their file in front of each note.
///
/// A call is as the engine takes it, but for what makes it easier to read: `call` is `report` and `as_of` is
/// 2026-07-01 unless it says otherwise, and a file's text may be a list of `rows` under the header of the case file or
/// of their own, a list of `lines`, a `document` to be written as JSON, the `series` of a usage table, the pods of a `prometheus` or `ros` export (see [`pods`]), the `hourly`
/// or `daily` charges of a bill, `traffic` or what is `taken` by it as rules (see [`measured`]), or the `file` of the
/// workspace that holds it.
/// The document of an assessment has a schema, a subject and the day of its facts unless it says otherwise.
///
/// # Errors
/// When a file cannot be read, or a case wants nothing.
pub fn read(directory: &str) -> Outcome<Vec<Case>> {
    let directory = artifact::root().join("tests/cases").join(directory);
    let mut paths: Vec<_> = fs::read_dir(&directory)?.map(|entry| Ok(entry?.path())).collect::<Outcome<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        cases.extend(read_file(&path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    Ok(cases)
}

/// What the engine answers to calls, in their order; asked on all cores, since some calls take long.
pub fn answers(calls: &[&Value]) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let ask = || {
        let mut answers = Vec::new();
        loop {
            let at = next.fetch_add(1, Relaxed);
            let Some(call) = calls.get(at) else { break answers };
            answers.push((at, api::answer(&call.to_string())));
        }
    };
    let mut all: Vec<(usize, String)> = thread::scope(|scope| {
        let others = thread::available_parallelism().map_or(0, |cores| cores.get() - 1);
        let others: Vec<_> = (0..others).map(|_| scope.spawn(ask)).collect();
        let mut all = ask();
        for other in others {
            all.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        all
    });
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, answer)| answer).collect()
}

fn read_file(path: &Path) -> Outcome<Vec<Case>> {
    let file: File = serde_json::from_str(&fs::read_to_string(path)?)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let complete = |mut case: Case| {
        case.note = format!("{name}: {}", case.note);
        if case.want.is_some() == case.want_failure.is_some() {
            return Err(format!("{}: one of `want` and `want_failure` is needed", case.note).into());
        }
        case.call = complete_call(&file.usual, &file.header, &file.documents, &case.call)
            .map_err(|error| format!("{}: {error}", case.note))?;
        Ok(case)
    };
    file.cases.into_iter().map(complete).collect()
}

fn complete_call(
    usual: &Map<String, Value>,
    header: &str,
    documents: &Map<String, Value>,
    call: &Value,
) -> Outcome<Value> {
    let mut whole = Map::from_iter([("call".to_owned(), json!("report")), ("as_of".to_owned(), json!("2026-07-01"))]);
    whole.extend(usual.clone());
    whole.extend(call.as_object().ok_or("a call is an object")?.clone());
    if (whole["call"] == "rightsize" || whole["call"] == "schedule") && call.get("as_of").is_none() {
        // The end of the usage is the day of asking.
        whole.remove("as_of");
    }
    for key in [
        "bills",
        "policy",
        "explanations",
        "frameworks",
        "history",
        "evidence",
        "deployments",
        "incidents",
        "gates",
        "usage",
        "requests",
        "savings",
        "earlier",
    ] {
        for file in whole.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
            *file = json!({"name": file["name"], "text": text(header, documents, file)?});
        }
    }
    // It asks for no day.
    if whole.get("call").is_some_and(|call| call == "policy_check") {
        whole.remove("as_of");
    }
    if let Some(file) = whole.get_mut("assessment") {
        if let Some(document) = file.get_mut("document").and_then(Value::as_object_mut) {
            let usual =
                json!({"schema": "headroom/assessment/1", "subject": {"id": "checkout"}, "observed": "2026-06-15"});
            for (key, value) in usual.as_object().into_iter().flatten() {
                document.entry(key).or_insert_with(|| value.clone());
            }
        }
        *file = json!({"name": file["name"], "text": text(header, documents, file)?});
    }
    let singles = [
        "input",
        "series",
        "budgets",
        "assumptions",
        "rules",
        "offers",
        "traffic",
        "usage",
        "capacity",
        "releases",
        "events",
        "load_tests",
    ];
    for key in singles {
        if let Some(file) = whole.get_mut(key).filter(|file| file.is_object()) {
            *file = json!({"name": file["name"], "text": text(header, documents, file)?});
        }
    }
    Ok(Value::Object(whole))
}

/// The text of a file, however the case writes it.
fn text(header: &str, documents: &Map<String, Value>, file: &Value) -> Outcome<String> {
    if let Some(text) = file["text"].as_str() {
        return Ok(text.to_owned());
    }
    if let Some(series) = file["series"].as_array() {
        return usage(series, file["days"].as_i64().unwrap_or(28), file["step"].as_i64().unwrap_or(12));
    }
    for (key, export) in [("prometheus", Export::Prometheus), ("ros", Export::Ros)] {
        if let Some(rules) = file[key].as_array() {
            return pods(export, rules);
        }
    }
    if let Some(rows) = file["daily"].as_array() {
        return daily(file["header"].as_str().unwrap_or(header), rows);
    }
    if let Some(charges) = file["hourly"].as_array() {
        return hourly(charges, file["days"].as_i64().unwrap_or(28));
    }
    if let Some(rules) = file["traffic"].as_array() {
        return measured::traffic(rules);
    }
    if let Some(rules) = file["taken"].as_array() {
        return measured::usage(rules);
    }
    if let Some(path) = file["file"].as_str() {
        return Ok(fs::read_to_string(artifact::root().join(path))?);
    }
    if let Some(document) = file.get("document") {
        return Ok(document.to_string());
    }
    if let Some(call) = file.get("answer") {
        let answer = answer(complete_call(&Map::new(), header, documents, call)?.to_string());
        return if file.get("change").is_some() { changed(serde_json::from_str(&answer)?, file) } else { Ok(answer) };
    }
    if let Some(name) = file["like"].as_str() {
        return changed(documents.get(name).ok_or_else(|| format!("there is no document `{name}`"))?.clone(), file);
    }
    if let Some(rows) = file["rows"].as_array() {
        let header = file["header"].as_str().unwrap_or(header);
        return Ok(format!("{header}\n{}", joined(rows)?));
    }
    let lines = file["lines"]
        .as_array()
        .ok_or("a file needs `text`, `rows`, `lines`, `document`, `file`, `answer` or `like`")?;
    joined(lines)
}

/// What the engine answers to a call that documents are made by, asked once: many cases are about the same document.
fn answer(call: String) -> String {
    static KNOWN: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(call).or_insert_with_key(|call| api::answer(call)).clone()
}

/// A document with what is to change in it.
fn changed(mut document: Value, file: &Value) -> Outcome<String> {
    for (pointer, value) in file["change"].as_object().into_iter().flatten() {
        let (parent, name) = pointer.rsplit_once('/').ok_or("a pointer begins with a slash")?;
        let none = || format!("nothing is at `{pointer}`");
        match document.pointer_mut(parent).ok_or_else(none)? {
            Value::Object(members) => {
                members.insert(name.to_owned(), value.clone());
            }
            Value::Array(items) => *items.get_mut(name.parse::<usize>()?).ok_or_else(none)? = value.clone(),
            _ => return Err(none().into()),
        }
    }
    Ok(document.to_string())
}

/// A usage table of `days` days from Monday, 4 May 2026, a row every `step` slots of five minutes, for series of
/// `workload`, `resource`, `unit` and if wanted `environment`, whose `hours` are the values of one day or of as many as there are, over and over;
/// `from` and `to` say in which days there are any.
fn usage(series: &[Value], days: i64, step: i64) -> Outcome<String> {
    const START: i64 = 1_777_852_800;
    let environments = series.iter().any(|one| one["environment"].is_string());
    let more = if environments { ",environment" } else { "" };
    let mut out = format!("timestamp,workload,resource,value,unit,replicas{more}\n");
    for one in series {
        let cell = |key: &str| one[key].as_str().unwrap_or_default();
        let hours: Vec<f64> =
            one["hours"].as_array().ok_or("a series needs `hours`")?.iter().filter_map(Value::as_f64).collect();
        let (from, to) = (one["from"].as_i64().unwrap_or(0), one["to"].as_i64().unwrap_or(days));
        for slot in (from * 288..to * 288).step_by(step.max(1) as usize) {
            let value =
                hours.get((slot / 12) as usize % hours.len().max(1)).ok_or("a series needs at least one hour")?;
            let replicas =
                one["replicas"].as_array().and_then(|counts| counts.get((slot / 288) as usize % counts.len()));
            let replicas = replicas.map_or_else(String::new, Value::to_string);
            let time = START + slot * 300;
            let environment = if environments { format!(",{}", cell("environment")) } else { String::new() };
            let (workload, resource, unit) = (cell("workload"), cell("resource"), cell("unit"));
            writeln!(out, "{time},{workload},{resource},{value},{unit},{replicas}{environment}")?;
        }
    }
    Ok(out)
}

/// A bill of `days` days from Monday, 4 May 2026, by the hour, for charges of `service`, `status` and `id` of a commitment,
/// `pricing` and `currency`, whose `hours` are the costs of one day or of as many as there are, over and over; `list` is the
/// price on demand by the cost. Hours in `gaps` are not there. With `by_day` a charge stands for a day.
fn hourly(charges: &[Value], days: i64) -> Outcome<String> {
    let mut out = "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,PricingCategory,CommitmentDiscountId,\
                   CommitmentDiscountStatus,BilledCost,EffectiveCost,ListCost,BillingCurrency,ProviderName,\
                   BillingAccountId,ServiceName\n"
        .to_owned();
    let time = |hour: i64| {
        let (mut month, mut day, hour) = (5, hour / 24 + 4, hour % 24);
        for length in [31, 30, 31, 31, 30] {
            if day <= length {
                break;
            }
            (month, day) = (month + 1, day - length);
        }
        format!("2026-{month:02}-{day:02}T{hour:02}:00:00Z")
    };
    for one in charges {
        let cell = |key: &str, usual: &'static str| one[key].as_str().unwrap_or(usual).to_owned();
        let hours: Vec<f64> =
            one["hours"].as_array().ok_or("charges need `hours`")?.iter().filter_map(Value::as_f64).collect();
        let gaps: Vec<i64> = one["gaps"].as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
        let list = one["list"].as_f64().unwrap_or(1.0);
        let step = if one["by_day"] == true { 24 } else { 1 };
        for hour in (0..days * 24).step_by(step as usize).filter(|hour| !gaps.contains(hour)) {
            let cost = hours.get(hour as usize % hours.len().max(1)).ok_or("charges need at least one hour")?;
            let (from, to) = (time(hour), time(hour + step));
            let (pricing, status) = (cell("pricing", "Standard"), cell("status", ""));
            writeln!(
                out,
                "{from},{to},Usage,{pricing},{},{status},{cost},{cost},{},{},Cloud,acct,{}",
                cell("id", ""),
                cost * list,
                cell("currency", "USD"),
                cell("service", "Compute")
            )?;
        }
    }
    Ok(out)
}

fn joined(lines: &[Value]) -> Outcome<String> {
    let lines: Option<String> = lines.iter().map(|line| Some(format!("{}\n", line.as_str()?))).collect();
    Ok(lines.ok_or("lines are texts")?)
}
