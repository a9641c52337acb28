//! Whether a document holds what is wanted of it.

use serde_json::Value;

/// What is wanted and not there: one line each, with the path to it; empty when all is there.
///
/// Of an object only the wanted keys are looked at. A list must have the wanted length and hold the wanted items in
/// their places, unless an object stands in for it: `{"$some": […]}` wants each of its items somewhere in the list,
/// `{"$none": […]}` none of them anywhere, `{"$count": n}` so many items, `{"$each": …}` the same of every item.
/// `{"$like": "text"}` wants a text that contains this one.
pub fn missing(want: &Value, have: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", want, have, &mut found);
    found
}

fn compare(path: &str, want: &Value, have: &Value, found: &mut Vec<String>) {
    match (want, have) {
        (Value::Object(wanted), _) if wanted.keys().any(|key| key.starts_with('$')) => {
            for (operator, operand) in wanted {
                special(path, operator, operand, have, found);
            }
        }
        (Value::Object(wanted), Value::Object(held)) => {
            for (key, want) in wanted {
                match held.get(key) {
                    Some(have) => compare(&format!("{path}/{key}"), want, have, found),
                    None => found.push(format!("{path}/{key}: not there")),
                }
            }
        }
        (Value::Array(wanted), Value::Array(held)) => {
            if wanted.len() != held.len() {
                found.push(format!("{path}: {} items, wanted {}: {have}", held.len(), wanted.len()));
            }
            for (at, (want, have)) in wanted.iter().zip(held).enumerate() {
                compare(&format!("{path}/{at}"), want, have, found);
            }
        }
        _ if want == have => {}
        _ => found.push(format!("{path}: {have}, wanted {want}")),
    }
}

fn special(path: &str, operator: &str, operand: &Value, have: &Value, found: &mut Vec<String>) {
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let held = items(have);
    let is_there = |want: &Value| held.iter().any(|item| missing(want, item).is_empty());
    match operator {
        "$like" => {
            let (part, whole) = (operand.as_str().unwrap_or("\0"), have.as_str().unwrap_or_default());
            if !whole.contains(part) {
                found.push(format!("{path}: {have}, wanted something like {operand}"));
            }
        }
        _ if !have.is_array() => found.push(format!("{path}: {have}, wanted a list")),
        "$count" if operand.as_u64() != Some(held.len() as u64) => {
            found.push(format!("{path}: {} items, wanted {operand}: {have}", held.len()));
        }
        "$count" => {}
        "$each" => {
            for (at, item) in held.iter().enumerate() {
                compare(&format!("{path}/{at}"), operand, item, found);
            }
        }
        "$some" => {
            let absent = items(operand).into_iter().filter(|want| !is_there(want));
            found.extend(absent.map(|want| format!("{path}: no item like {want} in {have}")));
        }
        "$none" => {
            let present = items(operand).into_iter().filter(|want| is_there(want));
            found.extend(present.map(|want| format!("{path}: an item like {want} in {have}")));
        }
        _ => found.push(format!("{path}: the case has an unknown operator `{operator}`")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finds_what_is_not_there() {
        let have = json!({"a": 1, "list": [{"k": "x", "v": 1}, {"k": "y", "v": 2}], "text": "one two"});
        for (want, fits) in [
            (json!({}), true),
            (json!({"a": 1}), true),
            (json!({"a": 2}), false),
            (json!({"b": null}), false),
            (json!({"list": [{"k": "x"}, {"v": 2}]}), true),
            (json!({"list": [{"k": "y"}, {"k": "x"}]}), false),
            (json!({"list": [{"k": "x"}]}), false),
            (json!({"list": []}), false),
            (json!({"list": {"$some": [{"k": "y"}]}}), true),
            (json!({"list": {"$some": [{"k": "y", "v": 1}]}}), false),
            (json!({"list": {"$none": [{"k": "z"}]}}), true),
            (json!({"list": {"$none": [{"k": "x"}]}}), false),
            (json!({"list": {"$count": 2}}), true),
            (json!({"list": {"$count": 1}}), false),
            (json!({"list": {"$each": {"k": {"$like": ""}}}}), true),
            (json!({"list": {"$each": {"v": 1}}}), false),
            (json!({"a": {"$count": 1}}), false),
            (json!({"text": {"$like": "e t"}}), true),
            (json!({"text": {"$like": "three"}}), false),
            (json!({"list": {"$sum": []}}), false),
        ] {
            assert_eq!(missing(&want, &have).is_empty(), fits, "{want}");
        }
    }
}
