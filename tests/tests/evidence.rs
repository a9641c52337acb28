//! Documents that were changed after they were made: no figure of them can be made better by itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;

use headroom_core::api;
use headroom_core::condition::document::Source;
use headroom_core::maturity::{FactValue, facts_of_documents};
use headroom_tests::artifact::root;
use serde_json::{Value, json};

/// The sample's bills of some months.
fn bills(months: &[&str]) -> Vec<Value> {
    let bill = |month: &&str| {
        let name = format!("aws-cur-2026-{month}.csv");
        let text = fs::read_to_string(root().join("datasets/bills").join(&name)).unwrap();
        json!({"name": name, "text": text})
    };
    months.iter().map(bill).collect()
}

fn answer(mut call: Value, months: &[&str]) -> Value {
    call["bills"] = Value::Array(bills(months));
    let answer: Value = serde_json::from_str(&api::answer(&call.to_string())).unwrap();
    assert_ne!(answer["schema"], "headroom/failure/1", "{answer}");
    answer
}

fn report() -> Value {
    let explanations = "schema = \"headroom/explanations/1\"\n[[explanation]]\nscope = { level = \"service_name\", key = { service_name = \"AmazonEC2\" } }\nmonth = \"2026-05\"\nby = \"platform\"\non = \"2026-06-02\"\nwhy = \"archive\"\n";
    let call = json!({"call": "report", "as_of": "2026-06-03", "month": "2026-05",
        "explanations": [{"name": "explanations.toml", "text": explanations}]});
    answer(call, &["04", "05"])
}

fn commitments() -> Value {
    let by = ["service_name", "charge_category", "pricing_category", "commitment_discount_status"];
    answer(
        json!({"call": "report", "as_of": "2026-06-03", "month": "2026-05", "metric": "list", "by": by}),
        &["04", "05"],
    )
}

fn forecast() -> Value {
    answer(json!({"call": "forecast", "as_of": "2026-05-01"}), &["02", "03", "04"])
}

/// What documents measure, metric by metric.
fn measured(documents: &[&Value]) -> Result<BTreeMap<String, FactValue>, String> {
    let texts: Vec<String> = documents.iter().map(ToString::to_string).collect();
    measured_in(&texts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The same of documents as text.
fn measured_in(texts: &[&str]) -> Result<BTreeMap<String, FactValue>, String> {
    let sources: Vec<Source<'_>> = texts.iter().map(|text| Source { name: "evidence.json", text }).collect();
    let reported = facts_of_documents(&sources).map_err(|(_, fault)| fault.message)?;
    Ok(reported.facts.into_iter().map(|fact| (fact.metric, fact.value)).collect())
}

/// Places of every leaf.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| leaves(value, &format!("{at}/{name}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| leaves(value, &format!("{at}/{index}"), found));
        }
        _ => found.push(at.to_owned()),
    }
}

/// Other values that a leaf could have: for figures more, less, none and nothing; for flags the opposite.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(flag) => vec![json!(!flag)],
        Value::Number(number) => {
            number.as_u64().map_or_else(Vec::new, |number| vec![json!(number + 1), json!(0), json!(number * 2 + 1)])
        }
        Value::Null => vec![json!("1"), json!("0")],
        Value::String(text) => match text.parse::<f64>() {
            Ok(_) => {
                let (sign, size) = text.strip_prefix('-').map_or(("", text.as_str()), |size| ("-", size));
                let opposite = if sign.is_empty() { format!("-{size}") } else { size.to_owned() };
                vec![json!(format!("{sign}1{size}")), json!("0"), json!(opposite), Value::Null]
            }
            Err(_) => vec![json!("yes"), json!("explained"), Value::Null],
        },
        _ => Vec::new(),
    }
}

/// Nothing that a figure or flag is set to by itself gives another value of any metric; at most it measures less.
#[track_caller]
fn nothing_helps(mut document: Value, beside: &[&Value], is_figure: impl Fn(&str) -> bool) -> (usize, usize) {
    let beside: Vec<String> = beside.iter().map(ToString::to_string).collect();
    let measured = |document: &Value| {
        let document = document.to_string();
        let texts: Vec<&str> = [&document].into_iter().chain(&beside).map(String::as_str).collect();
        measured_in(&texts)
    };
    let honest = measured(&document).unwrap();
    assert!(honest.len() >= 2, "{honest:?}");
    let mut places = Vec::new();
    leaves(&document, "", &mut places);
    places.retain(|place| is_figure(place));
    let (mut refused, mut passed) = (0, 0);
    for place in places {
        let own = document.pointer(&place).unwrap().clone();
        for other in others(&own).into_iter().filter(|other| *other != own) {
            *document.pointer_mut(&place).unwrap() = other.clone();
            match measured(&document) {
                Err(_) => refused += 1,
                Ok(facts) => {
                    for (metric, value) in &facts {
                        assert_eq!(honest.get(metric), Some(value), "{place} of {own} set to {other}");
                    }
                    passed += 1;
                }
            }
        }
        *document.pointer_mut(&place).unwrap() = own;
    }
    (refused, passed)
}

/// Names and what people wrote are no figures: nothing in a document says what they should be.
fn is_named(place: &str) -> bool {
    ["/key/", "/note/", "/rules/", "/verdict/warnings", "/verdict/tags"].iter().any(|part| place.contains(part))
}

#[test]
fn no_figure_of_a_report_can_be_changed_to_advantage() {
    let (refused, passed) = nothing_helps(report(), &[], |place| !is_named(place));
    assert!(refused > 1500, "{refused} refused, {passed} without effect");
}

#[test]
fn no_figure_of_a_report_of_commitments_can_be_changed_to_advantage() {
    let (refused, passed) = nothing_helps(commitments(), &[&report()], |place| !is_named(place));
    assert!(refused > 500, "{refused} refused, {passed} without effect");
}

#[test]
fn no_figure_of_a_forecast_can_be_changed_to_advantage() {
    let own = |place: &str| !is_named(place) && (!place.starts_with("/scopes/") || place.starts_with("/scopes/0/"));
    let (refused, passed) = nothing_helps(forecast(), &[&report()], own);
    assert!(refused > 500, "{refused} refused, {passed} without effect");
}

#[test]
fn the_order_of_documents_never_shows() {
    let (report, commitments, forecast) = (report(), commitments(), forecast());
    let one = measured(&[&report, &commitments, &forecast]).unwrap();
    assert_eq!(one.len(), 8, "{one:?}");
    assert_eq!(one, measured(&[&forecast, &commitments, &report]).unwrap());
}
