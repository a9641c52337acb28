//! Cases as data, through every door: the engine, the program and the WebAssembly module give the same bytes, and what
//! the case wants is in them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use headroom_core::api;
use headroom_tests::case::{self, Case};
use headroom_tests::contain::missing;
use headroom_tests::module::{Assessment, Document, Module};
use headroom_tests::program::{Program, command_line};
use headroom_tests::{hosts, product};
use serde_json::{Value, json};

/// Decisions and assessments that the component gives: fewer would mean that some are not found.
const AT_LEAST: usize = 40;

fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for (directory, at_least) in case::DIRECTORIES {
        let cases = case::read(directory).unwrap();
        assert!(cases.len() >= at_least, "{directory}: {} cases", cases.len());
        all.extend(cases);
    }
    all
}

fn is_failure(answer: &Value) -> bool {
    answer["schema"] == "headroom/failure/1"
}

/// What is wrong with the answer to a case.
fn faults(case: &Case, answer: &Value) -> Vec<String> {
    match (&case.want, &case.want_failure) {
        (Some(_), _) if is_failure(answer) => vec![format!("failed: {answer}")],
        (None, _) if !is_failure(answer) => vec![format!("was answered: {answer}")],
        (Some(want), _) | (_, Some(want)) => missing(want, answer),
        (None, None) => vec!["wants nothing".to_owned()],
    }
}

/// The exit code of an answer that is no failure: a denial is 1, a fault in what is decided about or checked 2.
fn code(answer: &Value) -> i32 {
    match answer["decision"].as_str() {
        None if answer["problems"].as_array().is_some_and(|problems| !problems.is_empty()) => 2,
        Some(_) if answer["errors"].as_array().is_some_and(|errors| !errors.is_empty()) => 2,
        Some("deny") => 1,
        _ => 0,
    }
}

#[track_caller]
fn all_pass(failed: &[String]) {
    assert!(failed.is_empty(), "{} cases failed:\n\n{}", failed.len(), failed.join("\n\n"));
}

/// The component, compiled once.
static MODULE: LazyLock<Module> = LazyLock::new(|| Module::load().unwrap());

/// All cases, and what the engine answers to them.
static ANSWERED: LazyLock<Vec<(Case, String)>> = LazyLock::new(|| {
    let cases = cases();
    let answers = case::answers(&cases.iter().map(|case| &case.call).collect::<Vec<_>>());
    cases.into_iter().zip(answers).collect()
});

#[test]
fn the_engine_answers_as_the_cases_want() {
    let mut failed = Vec::new();
    for (case, answer) in &*ANSWERED {
        let faults = faults(case, &serde_json::from_str(answer).unwrap());
        if !faults.is_empty() {
            failed.push(format!("{}\n  {}", case.note, faults.join("\n  ")));
        }
    }
    all_pass(&failed);
}

#[test]
fn the_module_gives_the_same_bytes() {
    // One instance answers them all: what it has read it keeps, as a host would have it.
    let mut session = MODULE.start().unwrap();
    let mut failed = Vec::new();
    for (case, own) in &*ANSWERED {
        let there = session.answer(&case.call.to_string()).unwrap();
        if *own != there {
            failed.push(format!("{}\n  engine: {own}\n  module: {there}", case.note));
        }
    }
    all_pass(&failed);
}

#[test]
fn the_module_gives_the_same_bytes_in_node() {
    let calls: Vec<String> = ANSWERED.iter().map(|(case, _)| case.call.to_string()).collect();
    let input = r#"{"kind": "Pod", "metadata": {}}"#;
    let gate = json!({"call": "gate", "input": {"name": "input", "text": input}, "gates": [{"name": "kubernetes-workload", "text": ""}]});
    let asked =
        json!({"module": product::module().unwrap(), "calls": calls, "gate": "kubernetes-workload", "input": input});
    let there = hosts::node("component.mjs", &asked).unwrap();
    assert_eq!(there["imports"], json!([]));
    assert_eq!(there["decision"], api::answer(&gate.to_string()));
    let answers = there["answers"].as_array().unwrap();
    assert_eq!(answers.len(), calls.len());
    for ((case, own), answer) in ANSWERED.iter().zip(answers) {
        assert_eq!(answer, own, "{}", case.note);
    }
}

fn documents(files: &Value) -> Vec<Document> {
    let document = |file: &Value| Document { name: text(&file["name"]).unwrap(), text: text(&file["text"]).unwrap() };
    match files {
        Value::Array(files) => files.iter().map(document).collect(),
        Value::Null => Vec::new(),
        one => vec![document(one)],
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// The typed doors of the component: gates that were read once, and assessments.
#[test]
fn the_module_gives_the_same_bytes_to_typed_calls() {
    let (mut failed, mut decided, mut assessed) = (Vec::new(), 0, 0);
    for (case, own) in &*ANSWERED {
        let call = &case.call;
        // The typed calls know one form, JSON, and read no fault into what cannot be said.
        if call.get("format").is_some_and(|format| format != "json") {
            continue;
        }
        let mut session = MODULE.start().unwrap();
        let there = match call["call"].as_str() {
            Some("gate") => {
                decided += 1;
                let input = text(&call["input"]["text"]).unwrap();
                let as_of = call["as_of"].as_str();
                let gates = documents(&call["gates"]);
                session.decide(&gates, &documents(&call["evidence"]), as_of, &[&input]).unwrap().pop().unwrap()
            }
            Some("assess") => {
                assessed += 1;
                let request = Assessment {
                    assessment: documents(&call["assessment"]).pop().unwrap(),
                    as_of: text(&call["as_of"]),
                    framework: text(&call["framework"]),
                    frameworks: documents(&call["frameworks"]),
                    history: documents(&call["history"]),
                    evidence: documents(&call["evidence"]),
                    deployments: documents(&call["deployments"]),
                    incidents: documents(&call["incidents"]),
                    target: call["target"].as_u64().map(|target| u8::try_from(target).unwrap()),
                    strict: call["strict"] == true,
                };
                session.assess(&request).unwrap()
            }
            _ => continue,
        };
        if *own != there {
            failed.push(format!("{}\n  engine: {own}\n  module: {there}", case.note));
        }
    }
    all_pass(&failed);
    assert!(decided >= AT_LEAST && assessed >= AT_LEAST, "{decided} decisions, {assessed} assessments");
}

#[test]
fn the_program_gives_the_same_bytes() {
    let program = Program::build(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut failed = Vec::new();
    for (case, answer) in &*ANSWERED {
        let (files, args) = command_line(&case.call).unwrap();
        let ended = program.run(&files, &args).unwrap();
        let value: Value = serde_json::from_str(answer).unwrap();
        let same = if is_failure(&value) {
            let message = format!("error: {}\n", value["message"].as_str().unwrap());
            let hint = value["hint"].as_str().map_or_else(String::new, |hint| format!("\nhint: {hint}\n"));
            ended.code == Some(2) && ended.stdout.is_empty() && ended.stderr == message + &hint
        } else {
            ended.code == Some(code(&value)) && ended.stdout == answer.clone() + "\n"
        };
        if !same {
            failed.push(format!("{}\n  engine: {answer}\n  program: {ended:?}", case.note));
        }
    }
    all_pass(&failed);
}

/// A case that wants something else is seen to fail: the cases cannot pass for want of looking.
#[test]
fn a_wrong_case_fails() {
    for (mut case, answer) in ANSWERED.iter().cloned() {
        let answer = serde_json::from_str(&answer).unwrap();
        let wrong = json!({"schema": "headroom/something-else/1"});
        (case.want, case.want_failure) = if case.want.is_some() { (Some(wrong), None) } else { (None, Some(wrong)) };
        assert!(!faults(&case, &answer).is_empty(), "{}", case.note);
        (case.want, case.want_failure) = (case.want_failure, case.want);
        assert!(!faults(&case, &answer).is_empty(), "{}", case.note);
    }
}
