//! What holds of every gate, input and evidence.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::condition::document::Source;

const GATES: &str = r#"schema = "headroom/gate/1"
[[gate]]
id = "fields"
when = { not = { "actions.*" = "delete" } }
require = [
  { any = [{ a = { at_least = 2 } }, { b = true }] },
  { not = { "c.*.d" = true } },
]
effect = "EFFECT"
on_unknown = "UNKNOWN"
message = "m"

[[gate]]
id = "assessed"
require = [
  { framework = "own", control = "C", min_level = 2 },
  { framework = "own", criterion = "C.1" },
  { rule = "unallocated_percent", max = 5 },
]
effect = "EFFECT"
on_unknown = "UNKNOWN"
waivable = true
message = "m"
"#;

fn gates(effect: &str, unknown: &str) -> Gates {
    let text = GATES.replace("EFFECT", effect).replace("UNKNOWN", unknown);
    Gates::parse(&[Source { name: "g.toml", text: &text }]).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

fn any_gates() -> impl Strategy<Value = Gates> {
    let effect = prop::sample::select(vec!["deny", "warn", "dry_run"]);
    let unknown = prop::sample::select(vec!["deny", "warn", "allow"]);
    (effect, unknown).prop_map(|(effect, unknown)| gates(effect, unknown))
}

fn value() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(false),
        json!(1),
        json!(2),
        json!("2"),
        json!("two"),
        json!(""),
        json!([]),
        json!({"x": 1}),
    ])
}

fn input() -> impl Strategy<Value = Value> {
    let service = prop::sample::select(vec![json!(null), json!("s0"), json!("s1"), json!(5)]);
    let actions = prop::collection::vec(prop::sample::select(vec![json!("delete"), json!("create"), json!({})]), 0..3);
    (value(), value(), prop::collection::vec(value(), 0..3), service, actions).prop_map(
        |(a, b, c, service, actions)| {
            let c: Vec<Value> = c.into_iter().map(|d| json!({"d": d})).collect();
            json!({"a": a, "b": b, "c": c, "service": service, "actions": actions})
        },
    )
}

fn result(subject: usize, level: u8, outcome: &str, expires: &str) -> Value {
    json!({
        "schema": "headroom/assessment-result/1", "as_of": "2026-06-01", "subject": {"id": format!("s{subject}")},
        "framework": {"id": "own"},
        "controls": [{"id": "C", "confirmed": level, "potential": level}],
        "criteria": [{"id": "C.1", "control": "C", "stage": 1, "outcome": outcome, "waiver": "W"}],
        "waivers": [{"id": "W", "granted": "2026-01-01", "expires": expires}],
    })
}

fn report(unallocated: i64) -> Value {
    json!({
        "schema": "headroom/report/1", "complete": "yes", "owner": {}, "metric": "effective",
        "as_of": "2026-06-03", "month": "2026-05", "currency": "USD",
        "conservation": {"effective": {
            "input": "100", "allocated": (100 - unallocated).to_string(), "unallocated": unallocated.to_string(),
        }},
        "totals": {"effective": {"amount": "100"}}, "groups": [{"key": {}, "amount": "100"}], "changes": [],
        "verdict": {"refused_count": 0},
    })
}

fn evidence() -> impl Strategy<Value = Vec<Value>> {
    let outcome = prop::sample::select(vec!["met", "not_met", "unknown", "waived", "not_applicable"]);
    let expires = prop::sample::select(vec!["2026-06-11", "2026-06-12"]);
    let one = prop_oneof![
        (0_usize..3, 1_u8..4, outcome, expires)
            .prop_map(|(subject, level, outcome, expires)| { result(subject, level, outcome, expires) }),
        (
            0_i64..10,
            prop::sample::select(vec!["2026-03", "2026-05", "2026-06"]),
            prop::sample::select(vec!["EUR", "USD"])
        )
            .prop_map(|(unallocated, month, currency)| {
                let mut report = report(unallocated);
                (report["month"], report["currency"]) = (json!(month), json!(currency));
                report
            },),
    ];
    prop::collection::vec(one, 0..4)
}

/// The decision in JSON, or why the evidence is refused.
fn answered(gates: &Gates, input: &Value, evidence: &[(String, Value)]) -> Result<String, String> {
    let mut context = Context::on("2026-06-12".parse().ok());
    for (name, document) in evidence {
        context.add(name, &document.to_string())?;
    }
    let json = gates.decide_json(&input.to_string(), &context);
    assert_eq!(json, serde_json::to_string(&gates.decide(&input.to_string(), &context)).unwrap());
    Ok(json)
}

proptest! {
    #[test]
    fn an_error_in_the_data_is_never_an_allow(gates in any_gates(), input in input(), evidence in evidence()) {
        let named: Vec<_> = evidence.into_iter().enumerate().map(|(at, one)| (format!("{at}.json"), one)).collect();
        if let Ok(json) = answered(&gates, &input, &named) {
            let decided: Value = serde_json::from_str(&json).unwrap();
            let text_for_number = ["two", "true", "false", "[]", "{\"x\":1}"].contains(&input["a"].to_string().trim_matches('"'));
            let applies = input["actions"].as_array().unwrap().iter().any(|action| action == "create")
                && !input["actions"].as_array().unwrap().contains(&json!({}));
            if text_for_number && applies {
                prop_assert!(decided["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{}", json);
            }
            if decided["errors"].as_array().is_none_or(|errors| !errors.is_empty()) {
                prop_assert_eq!(&decided["decision"], "deny");
            }
        }
    }

    #[test]
    fn the_order_of_evidence_never_matters(
        gates in any_gates(),
        input in input(),
        (given, other) in evidence().prop_flat_map(|all| {
            let named: Vec<_> = all.into_iter().enumerate().map(|(at, one)| (format!("{at}.json"), one)).collect();
            (Just(named.clone()), Just(named).prop_shuffle())
        }),
    ) {
        // Which of several pairs is refused first may differ; that one is refused may not.
        prop_assert_eq!(answered(&gates, &input, &given).ok(), answered(&gates, &input, &other).ok());
    }
}
