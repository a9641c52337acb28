//! The npm package in Node: the same bytes as the engine for every case, however it is asked.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::thread;

use headroom_tests::case;
use headroom_tests::{artifact, product};
use serde_json::{Value, json};

/// Calls, and those of them that are answered in all three ways. Fewer would mean that some are not found.
const AT_LEAST: usize = 1_400;
const IN_ALL_WAYS: usize = 1_100;

/// Built once for all tests of this file.
fn package() -> &'static PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| product::package().unwrap())
}

/// The calls of all cases, and calls of the functions that no case is about.
fn calls() -> Vec<(String, Value)> {
    let mut calls: Vec<(String, Value)> = Vec::new();
    for (directory, _) in case::DIRECTORIES {
        calls.extend(case::read(directory).unwrap().into_iter().map(|case| (case.note, case.call)));
    }
    let about_bills: Vec<(String, Value)> = calls
        .iter()
        .filter(|(_, call)| call["call"] == "report")
        .map(|(note, call)| (note.clone(), call.clone()))
        .collect();
    for (note, call) in about_bills {
        for (task, format) in [
            ("lines", "csv"),
            ("lines", "json"),
            ("check", "json"),
            ("explain", "json"),
            ("init", "json"),
            ("allocate", "csv"),
            ("report", "markdown"),
        ] {
            let mut call = call.clone();
            call["call"] = json!(task);
            call["format"] = json!(format);
            if matches!(task, "lines" | "explain" | "check" | "init") {
                for key in ["explanations", "by", "metric"] {
                    call.as_object_mut().unwrap().remove(key);
                }
            }
            calls.push((format!("{task} {format}: {note}"), call));
        }
    }
    calls.push(("schema".to_owned(), json!({"call": "schema", "name": "report"})));
    calls.push(("schemas".to_owned(), json!({"call": "schema"})));
    calls
}

fn node(script: &str, args: &[&str], package: Option<&PathBuf>) -> String {
    let mut command = Command::new("node");
    command.current_dir(artifact::root().join("tests/node"));
    if let Some(package) = package {
        command.env("HEADROOM_PACKAGE", package).args(["--test", script]);
    } else {
        command.arg(script).args(args);
    }
    let output = command.output().unwrap();
    let (out, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{out}");
    out
}

#[test]
fn every_case_gives_the_same_bytes_in_every_way() {
    let calls = calls();
    assert!(calls.len() >= AT_LEAST, "{} calls", calls.len());
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("package-cases.json");
    let all: Vec<&Value> = calls.iter().map(|(_, call)| call).collect();
    std::fs::write(&file, serde_json::to_string(&all).unwrap()).unwrap();
    let own = case::answers(&all);
    let package = package();
    // The ways are the same code over either module.
    let modules = [("headroom.wasm", "all"), ("headroom-scalar.wasm", "text")];
    let printed = thread::scope(|scope| {
        let ask = |(module, ways)| {
            node("parity.mjs", &[package.to_str().unwrap(), module, file.to_str().unwrap(), ways], None)
        };
        let asked = modules.map(|of| scope.spawn(move || ask(of)));
        asked.map(|asked| asked.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    for ((module, ways), printed) in modules.into_iter().zip(printed) {
        let answers: Vec<Vec<String>> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(answers.len(), calls.len());
        let mut failed = Vec::new();
        let mut several = 0;
        for (((note, _), own), given) in calls.iter().zip(&own).zip(answers) {
            assert!(!own.is_empty() && !given.is_empty(), "{note}");
            several += usize::from(given.len() == 3);
            for (way, there) in given.iter().enumerate().filter(|(_, there)| *there != own) {
                failed.push(format!("{note}, way {way}\n  engine:  {own}\n  package: {there}"));
            }
        }
        assert!(failed.is_empty(), "{module}: {} failed:\n\n{}", failed.len(), failed.join("\n\n"));
        assert!(several >= IN_ALL_WAYS || ways == "text", "{several} calls were answered in all ways");
    }
}

#[test]
fn sources_passes_progress_and_errors() {
    node("package.test.mjs", &[], Some(package()));
}
