//! An allocation policy, read off its JSON document for each charge anew.

use std::collections::BTreeMap;

use serde_json::Value;

use super::bill::Charge;

/// The value of each dimension that some rule sets for the charge.
pub fn allocate(policy: &Value, charge: &Charge) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for rule in list(&policy["rule"]) {
        if rule.get("when").is_some_and(|when| !holds(policy, when, charge)) {
            continue;
        }
        for (dimension, source) in rule["set"].as_object().into_iter().flatten() {
            let value = match source {
                Value::String(text) => Some(text.clone()),
                _ if source["tag"].is_string() => tag(policy, charge, word(&source["tag"])),
                _ => field(charge, word(&source["field"]))
                    .map(|text| text.trim().to_owned())
                    .filter(|text| !text.is_empty()),
            };
            if let Some(value) = value {
                values.entry(dimension.clone()).or_insert(value);
            }
        }
    }
    values
}

fn holds(policy: &Value, when: &Value, charge: &Charge) -> bool {
    when.as_object().into_iter().flatten().all(|(key, asked)| match key.as_str() {
        "all" => list(asked).iter().all(|part| holds(policy, part, charge)),
        "any" => list(asked).iter().any(|part| holds(policy, part, charge)),
        "not" => !holds(policy, asked, charge),
        "tag" => passes(when, tag(policy, charge, word(asked)).as_deref()),
        "equals" | "starts_with" | "ends_with" | "contains" | "present" | "absent" | "case" => true,
        name if asked.is_object() => passes(asked, field(charge, name).as_deref()),
        name => one_of(asked, |text| field(charge, name).as_deref() == Some(text)),
    })
}

/// Whether the value passes all that the table asks of it.
fn passes(asked: &Value, value: Option<&str>) -> bool {
    let folds = asked["case"] == "insensitive";
    let fold = |text: &str| if folds { text.to_ascii_lowercase() } else { text.to_owned() };
    let compare = |texts: &Value, how: fn(&str, &str) -> bool| {
        value.is_some_and(|value| one_of(texts, |text| how(&fold(value), &fold(text))))
    };
    asked.as_object().into_iter().flatten().all(|(operator, operand)| match operator.as_str() {
        "equals" => compare(operand, |value, text| value == text),
        "starts_with" => compare(operand, |value, text| value.starts_with(text)),
        "ends_with" => compare(operand, |value, text| value.ends_with(text)),
        "contains" => compare(operand, |value, text| value.contains(text)),
        "present" => value.is_some() == (*operand == Value::Bool(true)),
        "absent" => value.is_none() == (*operand == Value::Bool(true)),
        _ => true,
    })
}

fn one_of(texts: &Value, passes: impl Fn(&str) -> bool) -> bool {
    match texts {
        Value::Array(texts) => texts.iter().any(|text| passes(word(text))),
        text => passes(word(text)),
    }
}

/// The tag as the policy means it.
fn tag(policy: &Value, charge: &Charge, key: &str) -> Option<String> {
    let aliases = list(&policy["tags"]["aliases"][key]).iter().map(word);
    let found = std::iter::once(key).chain(aliases).find_map(|key| {
        let value = charge.tags.get(key)?.trim();
        (!value.is_empty()).then_some(value)
    })?;
    Some(policy["tags"]["values"][key][found].as_str().unwrap_or(found).to_owned())
}

fn field(charge: &Charge, name: &str) -> Option<String> {
    let column = match name {
        "provider_name" => "ProviderName",
        "billing_account_id" => "BillingAccountId",
        "sub_account_id" => "SubAccountId",
        "service_name" => "ServiceName",
        "region_id" => "RegionId",
        "charge_category" => "ChargeCategory",
        _ => return None,
    };
    charge.fields.get(column).cloned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
