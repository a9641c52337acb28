//! Random allocation policies whose conditions meet the random bills.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::bill::{REGIONS, SERVICES, SUB_ACCOUNTS, TAG_KEYS, TAG_VALUES};

fn texts(vocabulary: &'static [&'static str]) -> impl Strategy<Value = String> {
    let known: Vec<String> = vocabulary
        .iter()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty() && text != "NULL")
        .collect();
    prop::sample::select(known)
}

fn part(vocabulary: &'static [&'static str]) -> impl Strategy<Value = String> {
    (texts(vocabulary), 1..4_usize)
        .prop_map(|(text, len)| text.chars().take(len).collect::<String>())
        .prop_filter("blank texts are refused", |text| !text.trim().is_empty())
}

fn field() -> impl Strategy<Value = (&'static str, &'static [&'static str])> {
    prop::sample::select(vec![("service_name", SERVICES), ("sub_account_id", SUB_ACCOUNTS), ("region_id", REGIONS)])
}

fn when() -> impl Strategy<Value = Value> {
    let key = || prop::sample::select(TAG_KEYS);
    let operator = || prop::sample::select(vec!["equals", "starts_with", "ends_with", "contains"]);
    let case = || prop::sample::select(vec!["sensitive", "insensitive"]);
    let leaf = prop_oneof![
        field().prop_flat_map(|(name, words)| texts(words).prop_map(move |text| json!({ name: text }))),
        field().prop_flat_map(|(name, words)| {
            prop::collection::vec(texts(words), 1..3).prop_map(move |texts| json!({ name: texts }))
        }),
        (field(), operator(), case()).prop_flat_map(|((name, words), operator, case)| {
            part(words).prop_map(move |text| json!({ name: { operator: text, "case": case } }))
        }),
        (key(), operator(), part(TAG_VALUES), case())
            .prop_map(|(key, operator, text, case)| json!({ "tag": key, operator: text, "case": case })),
        (key(), prop::sample::select(vec!["absent", "present"]), proptest::bool::ANY)
            .prop_map(|(key, asked, truth)| json!({ "tag": key, asked: truth })),
        Just(json!({ "not": { "charge_category": "Tax" } })),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|parts| json!({ "all": parts })),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|parts| json!({ "any": parts })),
            inner.prop_map(|part| json!({ "not": part })),
        ]
    })
}

fn source() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(vec!["payments", "data, \"lake\"", "plattform ü"]).prop_map(|value| json!(value)),
        prop::sample::select(TAG_KEYS).prop_map(|key| json!({ "tag": key })),
        field().prop_map(|(name, _)| json!({ "field": name })),
    ]
}

/// Any policy; now and then one that sets nothing.
pub(crate) fn any() -> impl Strategy<Value = Value> {
    let dimension = prop::sample::select(vec!["squad", "squad", "service", "environment", "cost_kind"]);
    let set = prop::collection::btree_map(dimension.prop_map(str::to_owned), source(), 1..3);
    let rules = prop::collection::vec((prop::option::weighted(0.8, when()), set), 0..6);
    rules.prop_map(|rules| {
        let rule = |(index, (when, set)): (usize, (Option<Value>, _))| {
            let mut rule = json!({ "id": format!("rule-{index}"), "set": set });
            if let Some(when) = when {
                rule["when"] = when;
            }
            rule
        };
        json!({
            "schema": "headroom/allocation/1",
            "tags": {
                "aliases": { "squad": ["team", "Owner \"x\""], "env": ["stage"] },
                "values": { "env": { "prod": "production", "a, b": "both" }, "squad": { "pay": "payments" } },
            },
            "rule": rules.into_iter().enumerate().map(rule).collect::<Vec<_>>(),
        })
    })
}
