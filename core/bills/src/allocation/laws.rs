//! Laws that hold for any policy and any charge.

use std::borrow::Cow;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::sample::Charge;
use super::*;
use crate::condition::{Condition, Facts, Field, trimmed};
use crate::ledger::{Claim, Classifier as _, KeyedFacts, Texts, ValueNumber};
use crate::order::BTreeSet;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => prop::sample::select(vec!["a", "b", "ab", "B", "prod", "7"]).prop_map(str::to_owned),
        1 => "\\PC{1,5}".prop_filter("blank texts are refused", |text| !text.trim().is_empty()),
    ]
}

fn tag_key() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["squad", "team", "env", "k 1"]).prop_map(str::to_owned)
}

fn field() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["service_name", "region_id"]).prop_map(str::to_owned)
}

fn when() -> impl Strategy<Value = Value> {
    let operator = prop::sample::select(vec!["equals", "starts_with", "ends_with", "contains", "glob"]);
    let leaf = prop_oneof![
        (field(), text()).prop_map(|(field, text)| json!({ field: text })),
        (field(), prop::collection::vec(text(), 1..3)).prop_map(|(field, texts)| json!({ field: texts })),
        (field(), operator.clone(), text())
            .prop_map(|(field, operator, text)| { json!({ field: { operator: text, "case": "insensitive" } }) }),
        (tag_key(), operator, text()).prop_map(|(key, operator, text)| json!({ "tag": key, operator: text })),
        tag_key().prop_map(|key| json!({ "tag": key, "absent": true })),
        (0..9_u8).prop_map(|least| json!({ "billed_cost": { "min": least } })),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|parts| json!({ "all": parts })),
            prop::collection::vec(inner.clone(), 0..3).prop_map(|parts| json!({ "any": parts })),
            inner.prop_map(|part| json!({ "not": part })),
        ]
    })
}

fn rule() -> impl Strategy<Value = Value> {
    let dimension = prop::sample::select(vec!["squad", "service", "environment", "zone", "kind"]);
    let source = prop_oneof![
        text().prop_map(|value| json!(value)),
        tag_key().prop_map(|key| json!({ "tag": key })),
        field().prop_map(|field| json!({ "field": field })),
    ];
    let set = prop::collection::btree_map(dimension.prop_map(str::to_owned), source, 1..3);
    (prop::option::of(when()), set).prop_map(|(when, set)| match when {
        Some(when) => json!({ "when": when, "set": set }),
        None => json!({ "set": set }),
    })
}

/// A policy as a document, its rules named `0`, `1` …
fn document() -> impl Strategy<Value = Value> {
    let aliases = prop::collection::btree_map(tag_key(), prop::collection::vec(tag_key(), 0..3), 0..3);
    let values = prop::collection::btree_map(tag_key(), prop::collection::btree_map("[ab7]{1,2}", text(), 0..3), 0..3);
    (prop::collection::vec(rule(), 0..6), aliases, values).prop_map(|(mut rules, aliases, values)| {
        for (index, rule) in rules.iter_mut().enumerate() {
            rule["id"] = json!(index.to_string());
        }
        json!({ "schema": "headroom/allocation/1", "tags": { "aliases": aliases, "values": values }, "rule": rules })
    })
}

fn charge() -> impl Strategy<Value = Charge> {
    let value =
        prop_oneof![6 => text(), 1 => Just("  ".to_owned()), 1 => Just(" a\u{2003}".to_owned()), 1 => any::<String>()];
    let fields = prop::collection::btree_map(
        prop::sample::select(vec!["service_name", "region_id", "billed_cost"]),
        value.clone().prop_filter("facts never show an empty field", |value| !value.is_empty()),
        0..3,
    );
    (fields, prop::collection::btree_map(tag_key(), value, 0..4)).prop_map(|(fields, tags)| Charge {
        fields: fields.into_iter().map(|(name, value)| (name.parse().unwrap(), value)).collect(),
        tags: tags.into_iter().collect(),
    })
}

fn read(document: &Value) -> Policy {
    let text = document.to_string();
    Policy::parse(&[PolicySource { name: "p.json", text: &text }]).unwrap()
}

/// The charge as the policy's rules see it, worked out beforehand for every key.
fn seen(document: &Value, charge: &Charge) -> Charge {
    let present = |key: &str| charge.tags.get(key).map(|value| value.trim()).filter(|value| !value.is_empty());
    let mut seen = charge.clone();
    for key in ["squad", "team", "env", "k 1"] {
        let aliases = document["tags"]["aliases"][key].as_array().into_iter().flatten().filter_map(Value::as_str);
        let value = std::iter::once(key).chain(aliases).find_map(present);
        let value = value.map(|value| document["tags"]["values"][key][value].as_str().map_or(value, str::trim));
        match value {
            Some(value) => seen.tags.insert(key.to_owned(), value.to_owned()),
            None => seen.tags.remove(key),
        };
    }
    seen
}

/// First match per dimension, straight from the document.
fn reference(document: &Value, charge: &Charge, dimension: &str) -> Option<(String, u32)> {
    let charge = seen(document, charge);
    for (index, rule) in document["rule"].as_array().unwrap().iter().enumerate() {
        let source = &rule["set"][dimension];
        let when = rule.get("when").map(|when| {
            let mut text = String::new();
            inline(when, &mut text);
            Condition::from_toml(&text).unwrap()
        });
        if source.is_null() || !when.is_none_or(|when| when.matches(&charge)) {
            continue;
        }
        let value = match source {
            Value::String(value) => Some(value.trim().to_owned()),
            _ => match source.get("tag").and_then(Value::as_str) {
                Some(key) => charge.tag(key).map(Cow::into_owned),
                None => charge.field(source["field"].as_str()?.parse().unwrap()).map(|value| value.trim().to_owned()),
            },
        };
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            return Some((value, index as u32));
        }
    }
    None
}

/// JSON as an inline TOML value.
fn inline(value: &Value, out: &mut String) {
    match value {
        Value::Object(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                out.push_str(&crate::condition::quoted(key));
                out.push_str(" = ");
                inline(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                inline(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::String(text) => out.push_str(&crate::condition::quoted(text)),
        other => out.push_str(&other.to_string()),
    }
}

/// A charge beside the tag keys that a policy reads.
struct Keyed<'c> {
    charge: &'c Charge,
    keys: &'c [String],
}

impl Facts for Keyed<'_> {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        self.charge.field(field)
    }

    fn tag(&self, key: &str) -> Option<Cow<'_, str>> {
        self.charge.tag(key)
    }

    fn tag_keys(&self) -> Vec<String> {
        self.charge.tag_keys()
    }
}

impl KeyedFacts for Keyed<'_> {
    fn first_tag(&self, positions: &[usize]) -> Option<Cow<'_, str>> {
        positions.iter().find_map(|position| self.charge.tag(&self.keys[*position]).and_then(trimmed))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn first_match_per_dimension_as_the_definition_has_it(
        document in document(),
        charges in prop::collection::vec(charge(), 4),
    ) {
        let policy = read(&document);
        for charge in &charges {
            let allocation = policy.allocate(charge);
            let traces = policy.explain(charge);
            for (index, dimension) in policy.dimensions().iter().enumerate() {
                let got = allocation.values[index].as_deref().map(str::to_owned).zip(allocation.rules[index]);
                prop_assert_eq!(&got, &reference(&document, charge, dimension), "{} of {:?}", dimension, charge);
                let trace = &traces[index];
                let traced = trace.value.clone().zip(trace.rule.as_ref().map(|id| id.parse().unwrap()));
                prop_assert_eq!(traced, got);
            }
        }
    }

    #[test]
    fn a_decider_says_of_many_charges_what_the_policy_says_of_each(
        document in document(),
        charges in prop::collection::vec(charge(), 1..12),
        mask in any::<u8>(),
    ) {
        let policy = Arc::new(read(&document));
        let keys: Vec<String> = policy.tag_keys().into_iter().collect();
        let (mut texts, mut claim, mut candidates) = (Texts::default(), Claim::default(), Vec::new());
        let fields: Vec<Field> = policy.fields().into_iter().collect();
        let asked: BTreeSet<usize> = (0..policy.dimensions().len()).filter(|index| mask & (1 << index) != 0).collect();
        let mut decider = policy.clone().decider(&asked);
        let mut known: Vec<Vec<String>> = vec![Vec::new(); keys.len()];
        for charge in &charges {
            let charge = Keyed { charge, keys: &keys };
            let from = candidates.len();
            decider.narrow(&fields, &charge, &mut candidates);
            let numbers: Vec<ValueNumber> = (known.iter_mut().enumerate())
                .map(|(position, known)| {
                    let Some(value) = charge.first_tag(&[position]) else { return ValueNumber::NONE };
                    match known.iter().position(|known| *known == value) {
                        Some(place) => ValueNumber::known(place),
                        None if known.len() == decider.most_values() => ValueNumber::BEYOND,
                        None => {
                            known.push(value.into_owned());
                            ValueNumber::known(known.len() - 1)
                        }
                    }
                })
                .collect();
            decider.decide(&candidates[from..], &numbers, &charge, &mut texts, &mut claim);
            let want = policy.allocate(&charge);
            prop_assert_eq!(&claim.rules, &want.rules);
            for (index, value) in want.values.iter().enumerate() {
                if asked.contains(&index) {
                    prop_assert_eq!(texts.text(claim.values[index]), value.as_ref());
                } else {
                    prop_assert_eq!(claim.values[index] != 0, value.is_some());
                }
            }
        }
    }

    #[test]
    fn toml_and_json_say_the_same(document in document()) {
        // Key by key, because the order of the keys is the order of the dimensions.
        let mut text = String::new();
        for (key, value) in document.as_object().unwrap() {
            text.push_str(key);
            text.push_str(" = ");
            inline(value, &mut text);
            text.push('\n');
        }
        let from_toml = Policy::parse(&[PolicySource { name: "p.toml", text: &text }]).unwrap();
        prop_assert_eq!(&from_toml, &read(&document));
    }

    #[test]
    fn a_rule_at_the_end_changes_nothing_before_it(
        document in document(),
        last in rule(),
        charges in prop::collection::vec(charge(), 4),
    ) {
        let before = read(&document);
        let mut longer = document;
        let mut last = last;
        last["id"] = json!("last");
        longer["rule"].as_array_mut().unwrap().push(last);
        let after = read(&longer);
        for charge in &charges {
            let (short, long) = (before.allocate(charge), after.allocate(charge));
            for (index, dimension) in before.dimensions().iter().enumerate() {
                let place = after.dimensions().iter().position(|name| name == dimension).unwrap();
                if short.values[index].is_some() {
                    prop_assert_eq!(&short.values[index], &long.values[place]);
                    prop_assert_eq!(short.rules[index], long.rules[place]);
                }
            }
        }
    }

    #[test]
    fn a_rule_called_unreachable_never_sets(document in document(), charges in prop::collection::vec(charge(), 8)) {
        let policy = read(&document);
        let lints = policy.lint();
        let dead = lints.iter().filter(|lint| matches!(lint.code, LintCode::UnreachableRule | LintCode::NeverMatches));
        for dead in dead {
            let index = policy.rules().iter().position(|rule| Some(&rule.id) == dead.rule.as_ref()).unwrap() as u32;
            for charge in &charges {
                prop_assert!(!policy.allocate(charge).rules.contains(&Some(index)), "{:?} on {:?}", dead, charge);
            }
        }
    }

    #[test]
    fn reading_never_panics(text in "[-a-z_={}\\[\\]\"' ,.0-9\\n#]{0,120}") {
        for text in [text.clone(), format!("schema = \"headroom/allocation/1\"\n[[rule]]\n{text}"), format!("{{{text}")] {
            if let Ok(policy) = Policy::parse(&[PolicySource { name: "p", text: &text }]) {
                let _ = policy.lint();
            }
        }
    }
}
