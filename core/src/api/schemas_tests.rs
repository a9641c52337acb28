use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::allocation::{Policy, PolicySource};
use crate::api::answer;
use crate::change::Explanations;
use crate::json_schema::Schema;
use crate::ledger::MemoryBills;
use crate::report::{Check, LineFormat, OnOverlap, Request, Selection, explain, lines};

const HEADER: &str = "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,ServiceName,ProviderName,Tags";

pub(super) fn accepted(name: &str, document: &Value) -> bool {
    Schema::new(&schema(name).unwrap()).accepts(document)
}

/// Daily charges of these days.
pub(super) fn days(month: &str, days: std::ops::RangeInclusive<u8>, cost: &str, currency: &str) -> String {
    let day = |day: u8| {
        let tags = "\"{\"\"team\"\":\"\"a\"\"}\"";
        format!("{month}-{day:02},{month}-{day:02}T23:00:00Z,Usage,{cost},{cost},{currency},Queue,AWS,{tags}\n")
    };
    days.map(day).collect()
}

pub(super) fn bills(texts: &[String]) -> Vec<(String, String)> {
    texts.iter().enumerate().map(|(at, rows)| (format!("{at}.csv"), format!("{HEADER}\n{rows}"))).collect()
}

pub(super) fn memory(bills: &[(String, String)]) -> MemoryBills<'_> {
    MemoryBills::new(bills.iter().map(|(name, text)| (name.clone(), text.as_bytes())))
}

/// Bills in many situations: whole months that rise, partial ones, several currencies, nothing daily, refused rows,
/// the same rows twice.
fn situations() -> Vec<(&'static str, Vec<(String, String)>)> {
    let april = days("2026-04", 1..=30, "1", "USD");
    let may = days("2026-05", 1..=31, "2.5", "USD");
    let monthly = "2026-05-01,2026-06-01,Usage,7,,USD,Lake,AWS,\n".to_owned();
    let refused = "2026-05-01,2026-05-02,Usage,seven,7,USD,Lake,AWS,\n2026-13-01,,Usage,1,1,USD,Lake,AWS,\n";
    vec![
        ("a rise", bills(&[april.clone(), may.clone()])),
        ("a partial month", bills(&[format!("{april}{}{monthly}", days("2026-05", 1..=9, "3", "USD"))])),
        ("two currencies", bills(&[format!("{april}{may}{}", days("2026-05", 1..=31, "1", "EUR"))])),
        ("nothing daily", bills(std::slice::from_ref(&monthly))),
        ("refused rows", bills(&[format!("{may}{refused}")])),
        ("the same rows", bills(&[may.clone(), format!("{may}{monthly}")])),
        ("the same file", bills(&[may.clone(), may])),
    ]
}

fn request() -> Request {
    Request { overlap: OnOverlap::Newest, ..Request::new("2026-06-03".parse().unwrap()) }
}

pub(super) fn value(document: &impl serde::Serialize) -> Value {
    serde_json::to_value(document).unwrap()
}

const EXPLANATIONS: &str = r#"
schema = "headroom/explanations/1"
[[explanation]]
scope = { level = "total" }
month = "2026-05"
by = "platform"
on = "2026-06-02"
why = "new region"
[[planned]]
scope = { level = "service_name", key = { service_name = "Queue" } }
month = "2026-05"
why = "release"
percent = { from = "-100.5", to = 1000 }
"#;

#[test]
fn reports_fit_in_every_situation() {
    let said = Explanations::parse("e.toml", EXPLANATIONS).unwrap();
    let (policy, mut states) = (Arc::new(Policy::builtin()), BTreeMap::new());
    for (name, bills) in situations() {
        let request = Request { month: "2026-05".parse().ok(), ..request() };
        let reports = crate::api::report(&memory(&bills), &policy, &said, &request).unwrap();
        assert_eq!(reports.len(), if name == "two currencies" { 2 } else { 1 });
        for report in &reports {
            let document = value(report);
            assert!(accepted("report", &document), "{name}: {document:#}");
            *states.entry(format!("{:?}", report.complete)).or_insert(0) += 1;
            if name == "a rise" {
                assert!(!report.changes.is_empty() && report.changes.iter().any(|change| change.note.is_some()));
            }
        }
    }
    assert_eq!(states.len(), 3, "{states:?}");
}

#[test]
fn the_other_documents_fit_too() {
    let text = "schema = \"headroom/allocation/1\"\n[tags.aliases]\nsquad = [\"team\"]\n[[rule]]\nid = \"a\"\nset = { squad = { tag = \"squad\" } }\n[[rule]]\nid = \"b\"\nwhen = { service_name = \"Lake\" }\nset = { squad = \"b\" }\n";
    let policy = Arc::new(Policy::parse(&[PolicySource { name: "p.toml", text }]).unwrap());
    for (name, bills) in situations() {
        let bills = memory(&bills);
        let (inspection, faults) = crate::report::inspect(&bills, &policy, &request()).unwrap();
        assert!(faults.is_empty());
        assert!(accepted("inspect", &value(&inspection)), "{name}");
        let cube = value(&crate::report::cube(&bills, &policy, &request()).unwrap());
        assert!(accepted("cube", &cube), "{name}: {cube:#}");
        let check = value(&Check::of_policy(&policy).with_bills(&bills, &policy, &request()).unwrap());
        assert!(accepted("check", &check), "{name}: {check:#}");
        let explained = value(&explain(&bills, &policy, &request(), &Selection::default()).unwrap());
        assert!(accepted("explain", &explained), "{name}: {explained:#}");
        let mut text = Vec::new();
        let mut write = |piece: &[u8]| {
            text.extend_from_slice(piece);
            ControlFlow::Continue(())
        };
        lines(&bills, &policy, &request(), LineFormat::Json, &mut write).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(!text.is_empty());
        for line in text.lines() {
            assert!(accepted("line", &serde_json::from_str(line).unwrap()), "{line}");
        }
    }
    assert!(accepted("failure", &value(&Failure::at("a.csv", "empty"))));
    let (check, _) = Check::of(&[PolicySource { name: "p.toml", text: "schema = 1\nx = 2" }]);
    assert!(!check.problems.is_empty() && accepted("check", &value(&check)));
}

#[test]
fn what_people_write_is_held_to_its_keys() {
    let document: Value = toml::from_str(EXPLANATIONS).unwrap();
    assert!(accepted("explanations", &document));
    for (pointer, wrong) in [
        ("/explanation/0/month", json!("May")),
        ("/explanation/0/on", json!("2026-05-41")),
        ("/explanation/0/why", json!(" ")),
        ("/explanation/0/scope", json!({ "level": "squads" })),
        ("/explanation/0/scope", json!({ "level": "squad" })),
        ("/explanation/0/scope", json!({ "level": "squad", "key": {} })),
        ("/explanation/0/scope", json!({ "level": "group", "key": {} })),
        ("/explanation/0/scope", json!({ "level": "squad", "key": { "service_name": "Queue" } })),
        ("/explanation/0/scope", json!({ "level": "total", "key": { "squad": "payments" } })),
        ("/planned/0/percent", json!({ "from": "1" })),
        ("/planned/0/percent/from", json!("1x")),
        ("/planned/0", json!({ "month": "2026-05" })),
    ] {
        let mut document = document.clone();
        *document.pointer_mut(pointer).unwrap() = wrong;
        assert!(!accepted("explanations", &document), "{pointer}");
        let text = document.to_string();
        assert!(Explanations::parse("e.json", &text).is_err(), "{pointer}");
    }
    let config = json!({ "schema": "headroom/config/1", "bills": ["a.csv"], "policy": [], "format": "table" });
    assert!(accepted("config", &config));
    for (key, wrong) in [("bils", json!([])), ("format", json!("pdf")), ("schema", json!("headroom/config/2"))] {
        let mut config = config.clone();
        config[key] = wrong;
        assert!(!accepted("config", &config), "{key}");
    }
}

#[test]
fn schemas_notice_what_is_missing_or_wrong() {
    let bills = situations().swap_remove(0).1;
    let policy = Arc::new(Policy::builtin());
    let cube = value(&crate::report::cube(&memory(&bills), &policy, &request()).unwrap());
    for key in cube.as_object().unwrap().keys() {
        let mut less = cube.clone();
        less.as_object_mut().unwrap().remove(key);
        assert!(!accepted("cube", &less), "{key}");
    }
    for (pointer, wrong) in [
        ("/rows/0/effective", json!(1.5)),
        ("/rows/0/effective", json!("1.50")),
        ("/rows/0/month", json!("2026-5")),
        ("/rows/0/key/squad", json!(1)),
        ("/verdict/files/0/rows", json!(-1)),
        ("/verdict/files/0/dialect", json!("excel")),
        ("/verdict/tags/coverage", json!("1.23456")),
        ("/schema", json!("headroom/cube/2")),
    ] {
        let mut cube = cube.clone();
        *cube.pointer_mut(pointer).unwrap() = wrong;
        assert!(!accepted("cube", &cube), "{pointer}");
    }
}

#[test]
fn maturity_and_gates_fit_theirs() {
    use crate::api::{AssessInput, GateInput, SHIPPED_GATES, assess, gate, questionnaire};
    use crate::condition::document::Source;
    use crate::maturity::{Catalogue, FRAMEWORKS};

    let toml = |text: &str| -> Value { toml::from_str(text).unwrap() };
    assert!(accepted("metrics", &toml(Catalogue::builtin_text())));
    for (id, source) in FRAMEWORKS {
        assert!(accepted("framework", &toml(source.text)), "{id}");
        let asked = questionnaire(Some(id), &[], "checkout", "2026-06-12".parse().unwrap()).unwrap();
        assert!(accepted("assessment", &toml(&asked)), "{id}");
        let assessment = Some(Source { name: "a.toml", text: &asked });
        let result = value(&assess(&AssessInput { assessment, ..AssessInput::default() }).unwrap());
        assert!(accepted("assessment-result", &result), "{id}");
        for key in result.as_object().unwrap().keys() {
            let mut less = result.clone();
            less.as_object_mut().unwrap().remove(key);
            assert!(!accepted("assessment-result", &less), "{id}: {key}");
        }
    }
    let sample = include_str!("../../../datasets/operations/assessment.toml");
    assert!(accepted("assessment", &toml(sample)));
    let assessment = Some(Source { name: "a.toml", text: sample });
    let result = assess(&AssessInput { assessment, ..AssessInput::default() }).unwrap();
    assert!(!result.waivers.is_empty() && result.trend.is_some() && !result.overstated.is_empty());
    assert!(accepted("assessment-result", &value(&result)));
    for (name, source) in SHIPPED_GATES {
        assert!(accepted("gate", &toml(source.text)), "{name}");
        for input in [
            "{",
            "{}",
            r#"{"action":"deploy","environment":"production","first":true,"approvals":1,"kind":"Deployment"}"#,
        ] {
            let input = Source { name: "i.json", text: input };
            let decided = gate(&GateInput { as_of: None, input, gates: vec![*source], evidence: Vec::new() }).unwrap();
            let decided = value(&decided);
            assert!(accepted("decision", &decided), "{name}");
            // A key that the schema does not know could be left out unseen.
            for key in decided.as_object().unwrap().keys() {
                let mut less = decided.clone();
                less.as_object_mut().unwrap().remove(key);
                assert!(!accepted("decision", &less), "{name}: {key}");
            }
        }
    }
    for (name, document, pointer, wrong) in [
        ("gate", toml(SHIPPED_GATES[0].1.text), "/gate/0/effect", json!("denny")),
        ("gate", toml(SHIPPED_GATES[0].1.text), "/gate/0/require", json!([])),
        ("assessment", toml(sample), "/waiver/0/expires", json!("never")),
        ("assessment", toml(sample), "/answers/Q2-01", json!("maybe")),
        ("framework", toml(FRAMEWORKS[0].1.text), "/criterion/0/part", json!("cellar")),
    ] {
        let mut document = document;
        assert!(accepted(name, &document));
        *document.pointer_mut(pointer).unwrap() = wrong;
        assert!(!accepted(name, &document), "{name}: {pointer}");
    }
}

#[test]
fn sizes_and_their_assumptions_fit_theirs() {
    use crate::api::{RightsizeInput, rightsize};
    use crate::condition::document::Source;
    use crate::rightsizing::{ASSUMPTIONS, Question, Strategy};

    let assumptions: Value = toml::from_str(ASSUMPTIONS.text).unwrap();
    assert!(accepted("sizing", &assumptions));
    for (pointer, wrong) in [("/prices/cpu_core_month", json!("much")), ("/profile/safe/cpu/exponent", json!([]))] {
        let mut assumptions = assumptions.clone();
        *assumptions.pointer_mut(pointer).unwrap() = wrong;
        assert!(!accepted("sizing", &assumptions), "{pointer}");
    }
    let (usage, requests) =
        (include_str!("../../../datasets/usage/usage.csv"), include_str!("../../../datasets/usage/requests.csv"));
    let usage = format!("{usage}never,a,cpu,1,cores,x\n");
    for strategy in Strategy::ALL {
        for tables in [vec![], vec![Source { name: "r.csv", text: requests }]] {
            let sized = rightsize(&RightsizeInput {
                usage: vec![Source { name: "u.csv", text: &usage }],
                requests: tables,
                assumptions: None,
                question: Question { strategy, ..Question::default() },
            });
            let document = value(&sized.unwrap());
            assert!(accepted("rightsizing", &document), "{strategy:?}: {document:#}");
            for key in document.as_object().unwrap().keys() {
                let mut less = document.clone();
                less.as_object_mut().unwrap().remove(key);
                assert!(!accepted("rightsizing", &less), "{key}");
            }
        }
    }
}

#[test]
fn waste_and_its_rules_fit_theirs_and_so_does_what_to_do() {
    use crate::condition::document::Source;
    use crate::waste::IDLE;

    let rules: Value = toml::from_str(IDLE.text).unwrap();
    assert!(accepted("idle", &rules));
    for (pointer, wrong) in [
        ("/rule/0/risk", json!("none")),
        ("/rule/0/when", json!({ "usage": "x" })),
        ("/rule/1/of", json!("disk")),
        ("/rule/2/unless/same", json!("region")),
        ("/workload/cores", json!("few")),
        ("/measured", json!({})),
    ] {
        let mut rules = rules.clone();
        *rules.pointer_mut(pointer).unwrap() = wrong;
        assert!(!accepted("idle", &rules), "{pointer}");
    }
    let text = |name: &str, text: &str| json!({ "name": name, "text": text });
    let bill = text("a.csv", include_str!("../../../datasets/bills/aws-cur-2026-05.csv"));
    let usage = text("u.csv", include_str!("../../../datasets/usage/usage.csv"));
    let requests = text("r.csv", include_str!("../../../datasets/usage/requests.csv"));
    let asked = |call: Value| answer(&call.to_string());
    let waste = asked(
        json!({ "call": "waste", "as_of": "2026-06-11", "bills": [bill], "usage": [usage], "requests": [requests] }),
    );
    let document: Value = serde_json::from_str(&waste).unwrap();
    assert!(accepted("waste", &document), "{document:#}");
    assert!(!document["findings"].as_array().unwrap().is_empty());
    for key in document.as_object().unwrap().keys() {
        let mut less = document.clone();
        less.as_object_mut().unwrap().remove(key);
        assert!(!accepted("waste", &less), "{key}");
    }
    let sizes = asked(json!({ "call": "rightsize", "usage": [usage], "requests": [requests] }));
    let schedule = asked(json!({ "call": "schedule", "usage": [usage], "requests": [requests] }));
    let savings = [text("w.json", &waste), text("s.json", &sizes), text("h.json", &schedule)];
    let report = json!({ "call": "report", "as_of": "2026-06-11", "bills": [bill], "savings": savings });
    let report: Value = serde_json::from_str(&asked(report)).unwrap();
    assert!(accepted("report", &report), "{:#}", report["actions"]);
    assert!(!report["environments"]["could_save"].is_null() && !report["actions"]["list"][0].is_null(), "{report:#}");
    for pointer in ["/actions/list/0/risk", "/actions/totals/saving_month", "/environments/total/unknown"] {
        let mut report = report.clone();
        *report.pointer_mut(pointer).unwrap() = json!(1);
        assert!(!accepted("report", &report), "{pointer}");
    }
    // No document of savings, no list; one that is none is refused.
    assert!(crate::api::savings(&[]).unwrap().is_empty());
    let other = Source { name: "x.json", text: r#"{"schema":"headroom/cube/1"}"# };
    assert!(
        crate::api::savings(&[other]).unwrap_err().to_string().contains("x.json: a `headroom/cube/1` says nothing")
    );
}

#[test]
fn calls_are_those_that_their_schema_names() {
    fn names(value: &Value, found: &mut BTreeSet<String>) {
        if let Some(call) = value.pointer("/properties/call") {
            let several = call["enum"].as_array().into_iter().flatten();
            found.extend(several.chain(call.get("const")).map(|name| name.as_str().unwrap().to_owned()));
        }
        match value {
            Value::Object(members) => members.values().for_each(|value| names(value, found)),
            Value::Array(members) => members.iter().for_each(|value| names(value, found)),
            _ => {}
        }
    }
    let mut named = BTreeSet::new();
    names(&serde_json::from_str(&schema("call").unwrap()).unwrap(), &mut named);
    for name in &named {
        let answer = crate::api::answer(&format!(r#"{{"call":"{name}"}}"#));
        assert!(!answer.contains("there is no call"), "{answer}");
    }
    let unknown: Value = serde_json::from_str(&crate::api::answer(r#"{"call":"qqqqqqqqqq"}"#)).unwrap();
    let told = unknown["hint"].as_str().unwrap().strip_prefix("there are ").unwrap();
    assert_eq!(told.split(", ").map(str::to_owned).collect::<BTreeSet<_>>(), named);
    for (call, says) in [(r#"{"call":"reprot"}"#, "did you mean `report`?"), (r#" ["schema"]"#, "a list is no call")] {
        let answer = crate::api::answer(call);
        assert!(answer.contains(says), "{answer}");
    }
}

#[test]
fn names_and_shared_definitions_agree() {
    let mut shared: BTreeMap<String, Value> = BTreeMap::new();
    let names: Vec<&str> = SCHEMAS.iter().map(|(name, _)| *name).collect();
    assert!(names.is_sorted());
    for (name, text) in SCHEMAS {
        let root: Value = serde_json::from_str(text).unwrap();
        assert_eq!(root["$id"], format!("headroom/{name}/1"));
        // A line and a call are no documents: they name no schema of their own.
        assert!(matches!(name, "call" | "line") || root["properties"]["schema"]["const"] == root["$id"], "{name}");
        // The policy's own words are its own.
        let parts = root["$defs"].as_object().into_iter().flatten().filter(|_| name != "allocation");
        for (part, definition) in parts {
            let known = shared.entry(part.clone()).or_insert_with(|| definition.clone());
            assert_eq!(known, definition, "{name}: {part}");
        }
    }
    assert_eq!(
        schema("reprot").unwrap_err().to_string(),
        "error: no such schema: `reprot`\n\nhint: did you mean `report`?"
    );
}

#[test]
fn calls_fit_theirs() {
    let file = json!({ "name": "a.csv", "text": "" });
    let calls = [
        json!({ "call": "report", "as_of": "2026-06-03", "bills": [file], "format": "csv" }),
        json!({ "call": "explain", "as_of": "2026-06-03", "bills": [file], "where": { "tag:team": "a" } }),
        json!({ "call": "forecast", "as_of": "2026-06-03", "bills": [file], "budgets": file, "models": "fast" }),
        json!({ "call": "forecast", "series": file, "earlier": [file], "horizon": 3, "period": 12, "format": "csv" }),
        json!({ "call": "rightsize", "usage": [file], "requests": [file], "strategy": "krr_limit", "format": "helm" }),
        json!({ "call": "report", "as_of": "2026-06-03", "bills": [file], "savings": [file] }),
        json!({ "call": "waste", "as_of": "2026-06-03", "bills": [file], "rules": file, "usage": [file], "format": "csv" }),
        json!({ "call": "waste", "as_of": "2026-06-03", "usage": [file], "requests": [file], "assumptions": file }),
        json!({ "call": "schedule", "usage": [file], "offset": "+02:00", "format": "cron" }),
        json!({ "call": "commitments", "as_of": "2026-06-03", "bills": [file], "offers": file, "format": "csv" }),
        json!({ "call": "capacity", "traffic": file, "usage": file, "capacity": file, "suppose": ["x"], "reserve": "none" }),
        json!({ "call": "assess", "assessment": file, "target": 3 }),
        json!({ "call": "questionnaire", "as_of": "2026-06-03" }),
        json!({ "call": "gate", "input": file, "gates": [file] }),
        json!({ "call": "policy_check", "policy": [file], "format": "markdown" }),
        json!({ "call": "schema" }),
    ];
    for call in calls {
        assert!(accepted("call", &call), "{call}");
        // What the schema admits is understood: whatever is wrong is wrong with the files.
        let answer: Value = serde_json::from_str(&answer(&call.to_string())).unwrap_or_default();
        assert_ne!(answer["code"], "call", "{call}: {answer}");
        let mut wrong = call.clone();
        wrong["colour"] = json!("red");
        assert!(!accepted("call", &wrong), "{wrong}");
    }
}

#[test]
fn commitments_and_their_policy_fit_theirs() {
    use crate::commitment::{COMMITMENTS, CommitmentPolicy, commit};

    let policy: Value = toml::from_str(COMMITMENTS.text).unwrap();
    assert!(accepted("commitment", &policy));
    for (pointer, wrong) in [("/approver", json!(7)), ("/offer/0/term_months", json!([])), ("/offer", json!([]))] {
        let mut policy = policy.clone();
        *policy.pointer_mut(pointer).unwrap() = wrong;
        assert!(!accepted("commitment", &policy), "{pointer}");
    }
    let files = [
        ("april.csv", include_str!("../../../datasets/bills/aws-cur-2026-04.csv")),
        ("may.csv", include_str!("../../../datasets/bills/aws-cur-2026-05.csv")),
        ("gcp.csv", include_str!("../../../datasets/bills/gcp-billing-export.csv")),
        ("saas.csv", include_str!("../../../datasets/bills/saas-focus-1.2.csv")),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let shipped = CommitmentPolicy::shipped().unwrap();
    let mut strict = shipped.clone();
    strict.least_saving = crate::money::Amount::from_whole(1_000_000);
    let mut seen = (0, 0, 0);
    for bills in
        [files.to_vec(), files[..1].to_vec()].into_iter().chain(situations().into_iter().map(|(_, bills)| bills))
    {
        let both = [&shipped, &strict].map(|policy| commit(&memory(&bills), policy, &request()).unwrap());
        for document in both.into_iter().flatten() {
            seen.0 += document.existing.len();
            seen.1 += document.totals.recommended as usize;
            seen.2 += document.plans.iter().filter(|plan| plan.refused.is_some()).count();
            let document = value(&document);
            assert!(accepted("commitments", &document), "{document:#}");
            for key in document.as_object().unwrap().keys() {
                let mut less = document.clone();
                less.as_object_mut().unwrap().remove(key);
                assert!(!accepted("commitments", &less), "{key}");
            }
        }
    }
    assert!(seen.0 > 2 && seen.1 > 0 && seen.2 > 0, "{seen:?}");
}
