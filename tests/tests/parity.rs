//! Native and WebAssembly give the same bytes, and the module asks its host for nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use headroom_core::api;
use headroom_tests::artifact::root;
use headroom_tests::module::Module;
use headroom_tests::together;
use serde_json::{Value, json};

static MODULE: LazyLock<Module> = LazyLock::new(|| Module::load().unwrap());

/// The CSV files of a directory of the workspace, as a call takes them.
fn bills(directory: &str) -> Vec<Value> {
    let mut paths: Vec<_> = fs::read_dir(root().join(directory)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    paths.sort();
    let bill = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        json!({"name": name, "text": fs::read_to_string(path).unwrap()})
    };
    let bills: Vec<Value> = paths.iter().map(bill).collect();
    assert!(!bills.is_empty(), "{directory}");
    bills
}

fn text(path: &str) -> Value {
    json!([{"name": Path::new(path).file_name().unwrap().to_str(), "text": fs::read_to_string(root().join(path)).unwrap()}])
}

/// The call with what is in `more` besides.
fn call(bills: &[Value], more: Value) -> Value {
    let mut call = json!({"call": "report", "as_of": "2026-07-01", "bills": bills});
    if let Value::Object(more) = more {
        call.as_object_mut().unwrap().extend(more);
    }
    call
}

/// Asks both, compares, and gives the answer.
#[track_caller]
fn same(call: &Value) -> String {
    let text = call.to_string();
    let (own, there) = (api::answer(&text), MODULE.answer(&text).unwrap());
    assert!(own == there, "native: {own}\n\nmodule: {there}");
    for (sessions, stretch) in [(2, 3_000), (3, 700)] {
        if let Some(together) = together::answer(call, sessions, stretch, stretch).unwrap() {
            assert!(own == together.answer, "one: {own}\n\n{sessions} together: {}", together.answer);
        }
    }
    own
}

#[track_caller]
fn same_report(call: &Value) -> String {
    let answer = same(call);
    assert!(!answer.contains("headroom/failure/1"), "{answer}");
    answer
}

#[track_caller]
fn same_failure(call: &Value) -> String {
    let answer = same(call);
    assert!(answer.starts_with(r#"{"schema":"headroom/failure/1""#), "{answer}");
    answer
}

#[test]
fn the_module_imports_nothing() {
    assert_eq!(MODULE.imports(), Vec::<String>::new());
    let interface = "headroom:engine/engine@0.1.0";
    let offered = [
        "[method]gates.decide",
        "[method]session.count",
        "[method]session.end",
        "[method]session.fail",
        "[method]session.go-alone",
        "[method]session.outcome",
        "[method]session.push",
        "[method]session.read-stretch",
        "[method]session.settle",
        "[method]session.share",
        "[method]session.take",
        "[method]session.wanted",
        "[method]session.wanted-at",
        "[static]gates.read",
        "[static]session.start",
        "answer",
        "assess",
        "assessment",
        "document",
        "gates",
        "session",
        "wanted",
    ];
    assert_eq!(MODULE.exports(), offered.map(|name| format!("{interface}#{name}")));
}

#[test]
fn every_dialect_alone() {
    let mut formats = 0;
    for bill in bills("tests/cases/bills") {
        for format in ["json", "markdown", "csv"] {
            same_report(&call(std::slice::from_ref(&bill), json!({"format": format})));
            formats += 1;
        }
        for more in [json!({"call": "inspect"}), json!({"call": "inspect", "format": "markdown"})] {
            same_report(&call(std::slice::from_ref(&bill), more));
        }
        for metric in ["billed", "list", "contracted"] {
            same_report(&call(std::slice::from_ref(&bill), json!({"metric": metric, "view": "billing_month"})));
        }
    }
    assert!(formats >= 27);
}

#[test]
fn all_clouds_at_once() {
    let bills = bills("datasets/bills");
    let (policy, explanations) = (text("datasets/allocation.toml"), text("datasets/explanations.toml"));
    let with = |more: Value| {
        let mut call = call(&bills, json!({"policy": policy, "explanations": explanations}));
        call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        call
    };
    let usual = same_report(&with(json!({})));
    assert!(usual.contains(r#""changes":[{"#) || usual.starts_with('['), "{usual}");
    for more in [
        json!({"format": "markdown"}),
        json!({"format": "csv"}),
        // The last month is not whole: its days are compared.
        json!({"month": "2026-06"}),
        json!({"by": ["provider_name", "region_id"], "metric": "billed"}),
        json!({"for": {"squad": "unallocated"}}),
        json!({"call": "inspect"}),
    ] {
        let answer = same_report(&with(more.clone()));
        assert_ne!(answer, usual, "{more}");
    }
    same_report(&call(&bills, json!({})));
    let usage = [text("datasets/usage/usage.csv")[0].clone()];
    for more in [json!({}), json!({"format": "csv"}), json!({"usage": usage, "month": "2026-04"})] {
        let mut whole = call(&bills, json!({"call": "waste", "policy": policy}));
        whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert!(same_report(&whole).contains("idle-load-balancer"));
    }
}

const HEADER: &str = "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency,BillingAccountId,ServiceName,Tags\n";

fn bill(name: &str, rows: &str) -> Value {
    json!({"name": name, "text": format!("{HEADER}{rows}")})
}

#[test]
fn currencies_overlaps_and_refused_rows() {
    let mixed = bill(
        "mixed.csv",
        "2026-05-01,2026-06-01,Usage,1.5,1.5,USD,1,Queue,\n2026-05-01,2026-06-01,Usage,2,2,EUR,1,Queue,\n2026-05-01,2026-06-01,Usage,3,3,,1,Queue,\n",
    );
    assert!(same_report(&call(&[mixed], json!({}))).starts_with('['));
    let refused = bill(
        "refused.csv",
        "2026-05-01,2026-06-01,Usage,1.5,x,USD,1,Queue,\nnever,,,,,,,,\n2026-05-03,2026-05-04,Usage,1,1e-19,USD,1,Queue,{\n",
    );
    assert!(same_report(&call(&[refused], json!({}))).contains(r#""refused_count":2"#));
    let days =
        |last: u32| (1..=last).map(|day| format!("2026-05-{day:02},2026-05-{:02},Usage,1,1,USD,1,Queue,\n", day + 1));
    let early = bill("early.csv", &days(10).collect::<String>());
    let late = bill("late.csv", &days(20).collect::<String>());
    let both = [early.clone(), late];
    assert!(same_failure(&call(&both, json!({}))).contains("10 rows of 2026-05 in common"));
    assert!(same_report(&call(&both, json!({"overlap": "newest"}))).contains(r#""action":"kept_newest""#));
    let mut copy = early.clone();
    copy["name"] = json!("copy.csv");
    assert!(same_report(&call(&[early, copy], json!({}))).contains(r#""action":"skipped""#));
}

#[test]
fn failures_too() {
    let good = bill("good.csv", "2026-05-01,2026-06-01,Usage,1.5,1.5,USD,1,Queue,\n");
    let good = std::slice::from_ref(&good);
    let raw = |text: &str| call(&[json!({"name": "raw.csv", "text": text})], json!({}));
    for call in [
        json!({}),
        json!({"call": "report"}),
        json!({"call": "report", "as_of": "2026-13-01", "bills": []}),
        call(&[], json!({})),
        call(good, json!({"month": "2025-01"})),
        call(good, json!({"by": ["sqad"]})),
        call(good, json!({"for": {"squad": "nobody"}})),
        call(good, json!({"policy": [{"name": "p.toml", "text": "schema = \"headroom/allocation/1\"\n[[rul]]"}]})),
        call(good, json!({"explanations": [{"name": "e.toml", "text": "[[planned]]\nmonth = 3"}]})),
        raw(""),
        raw("PAR1"),
        raw(HEADER),
        raw("a,b,c\n1,2,3\n"),
        raw(&format!("{HEADER}2026-05-01,\"open")),
        raw(&format!("{HEADER}never,,,,,,,,\n")),
        raw(&format!(
            "{HEADER}2026-05-01,,Usage,1,160000000000000000000,USD,1,Q,\n2026-05-01,,Usage,1,160000000000000000000,USD,1,Q,\n"
        )),
    ] {
        same_failure(&call);
    }
}

#[test]
fn an_instance_serves_many_calls_and_gives_its_memory_back() {
    let mut session = MODULE.start().unwrap();
    let call = call(&bills("tests/cases/bills")[..1], json!({})).to_string();
    let first = session.answer(&call).unwrap();
    assert_eq!(first, api::answer(&call));
    let settled = session.memory_bytes();
    for _ in 0..20 {
        assert_eq!(session.answer(&call).unwrap(), first);
    }
    assert_eq!(session.memory_bytes(), settled);
}

/// The bytes of the bills of a call, and the call without them.
fn apart(call: &Value) -> (Vec<Vec<u8>>, String) {
    let mut call = call.clone();
    let take = |bill: &mut Value| bill.as_object_mut().unwrap().remove("text").unwrap().as_str().unwrap().into();
    let texts = call["bills"].as_array_mut().unwrap().iter_mut().map(take).collect();
    (texts, call.to_string())
}

#[test]
fn nobody_reads_alone_where_nothing_is_wrong() {
    let datasets = bills("datasets/bills");
    let policy = text("datasets/allocation.toml");
    let usage = text("datasets/usage/usage.csv");
    let mut shared = 0;
    for more in [
        json!({"policy": policy}),
        json!({"policy": policy, "month": "2026-06"}),
        json!({"call": "inspect"}),
        json!({"call": "allocate", "policy": policy}),
        json!({"call": "init"}),
        json!({"call": "forecast", "policy": policy}),
        json!({"call": "commitments"}),
        json!({"call": "waste", "policy": policy}),
        json!({"call": "rightsize", "usage": usage, "month": "2026-05"}),
    ] {
        let call = call(&datasets, more);
        let together = together::answer(&call, 3, 10_000, 7).unwrap().unwrap();
        assert!(together.answer == api::answer(&call.to_string()), "{}", call["call"]);
        // Whether files are the same is looked at by one alone.
        let by_one = together::answer(&call, 1, u64::MAX, 7).unwrap().unwrap();
        assert_eq!((together.alone, together.shared), (by_one.alone, by_one.shared), "{}", call["call"]);
        assert!(together.shared > 0);
        shared += together.shared;
    }
    assert!(shared > 15, "{shared}");
}

#[test]
fn bills_in_pieces_are_the_bills() {
    let datasets = bills("datasets/bills");
    for more in [
        json!({}),
        json!({"format": "markdown"}),
        json!({"call": "inspect"}),
        json!({"call": "allocate", "format": "csv"}),
        json!({"call": "lines"}),
        json!({"month": "1999-01"}),
    ] {
        let whole = call(&datasets, more);
        let (bills, call) = apart(&whole);
        let bills: Vec<&[u8]> = bills.iter().map(Vec::as_slice).collect();
        let there = MODULE.start().unwrap().answer_over(&bills, 4093, &call).unwrap();
        assert!(there == api::answer(&whole.to_string()), "{call}: {there}");
    }
    // What one instance counts another understands.
    let mut most = 0;
    for more in
        [json!({}), json!({"call": "allocate", "format": "csv"}), json!({"call": "inspect", "format": "markdown"})]
    {
        for bill in &datasets {
            let whole = call(std::slice::from_ref(bill), more.clone());
            let (bills, call) = apart(&whole);
            let (there, passes) = MODULE.answer_by_two(&bills[0], &call).unwrap();
            assert!(there == api::answer(&whole.to_string()), "{call}: {there}");
            most = most.max(passes);
        }
    }
    assert!(most > 1);
    let mut session = MODULE.start().unwrap();
    for (call, says) in [
        (json!({"call": "questionnaire", "as_of": "2026-07-01"}), "not about bills"),
        (json!({}), "missing field `call`"),
    ] {
        let there = session.answer_over(&[], 1, &call.to_string()).unwrap();
        assert!(there.contains("headroom/failure/1") && there.contains(says), "{there}");
    }
    // What is no text is read with a sign in its place, and counted.
    let rows = "2026-05-01,2026-06-01,Usage,1.5,1.5,USD,1,Queue,\n2026-05-01,2026-06-01,Usage,1,1,USD,1,Que?e,\n";
    let bytes: Vec<u8> = format!("{HEADER}{rows}").bytes().map(|byte| if byte == b'?' { 0xff } else { byte }).collect();
    let call = json!({"call": "report", "as_of": "2026-07-01", "bills": [{"name": "latin.csv"}]});
    let there = session.answer_over(&[&bytes], 7, &call.to_string()).unwrap();
    assert!(there.contains(r#""refused_count":0"#), "{there}");
    let report: Value = serde_json::from_str(&there).unwrap();
    let warned = report["verdict"]["warnings"].as_array().unwrap().iter().find(|one| one["code"] == "not_utf8");
    assert_eq!(warned.map(|one| &one["count"]), Some(&json!(1)), "{there}");
}
