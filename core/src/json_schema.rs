//! A small checker of JSON Schemas, for tests: it holds our schemas against what the engine reads and writes.

use serde_json::Value;

use crate::calendar::{Date, Month};
use crate::money::Amount;

/// A schema, as far as the keywords go that ours use; one it doesn't know fails the test.
pub(crate) struct Schema {
    pub(crate) root: Value,
}

impl Schema {
    pub(crate) fn new(text: &str) -> Self {
        Self { root: serde_json::from_str(text).unwrap() }
    }

    pub(crate) fn accepts(&self, document: &Value) -> bool {
        self.valid(&self.root, document)
    }

    fn valid(&self, schema: &Value, value: &Value) -> bool {
        schema
            .as_object()
            .is_none_or(|keywords| keywords.iter().all(|(keyword, rule)| self.holds(schema, keyword, rule, value)))
            && *schema != Value::Bool(false)
    }

    fn holds(&self, schema: &Value, keyword: &str, rule: &Value, value: &Value) -> bool {
        let object = value.as_object();
        let all = |test: &dyn Fn(&String, &Value) -> bool| object.is_none_or(|o| o.iter().all(|(k, v)| test(k, v)));
        let has = |key: &Value| object.is_none_or(|object| object.contains_key(key.as_str().unwrap()));
        match keyword {
            "$schema" | "$id" | "title" | "description" | "$defs" => true,
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                self.valid(self.root["$defs"].get(name).unwrap(), value)
            }
            "type" => match rule {
                Value::Array(names) => names.iter().any(|name| is_of(name, value)),
                name => is_of(name, value),
            },
            "minimum" => value.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap()),
            "maximum" => value.as_i64().is_none_or(|number| number <= rule.as_i64().unwrap()),
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= rule.as_u64().unwrap()),
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "not" => !self.valid(rule, value),
            "anyOf" => rule.as_array().unwrap().iter().any(|schema| self.valid(schema, value)),
            "items" => value.as_array().is_none_or(|items| items.iter().all(|item| self.valid(rule, item))),
            "required" => rule.as_array().unwrap().iter().all(has),
            "minProperties" => object.is_none_or(|object| object.len() as u64 >= rule.as_u64().unwrap()),
            "properties" => all(&|key, value| rule.get(key).is_none_or(|schema| self.valid(schema, value))),
            "additionalProperties" => {
                all(&|key, value| schema["properties"].get(key).is_some() || self.valid(rule, value))
            }
            "propertyNames" => all(&|key, _| self.valid(rule, &Value::String(key.clone()))),
            "dependentRequired" => {
                all(&|key, _| rule.get(key).is_none_or(|needed| needed.as_array().unwrap().iter().all(has)))
            }
            "dependentSchemas" => all(&|key, _| rule.get(key).is_none_or(|schema| self.valid(schema, value))),
            "pattern" => value.as_str().is_none_or(|text| fits(rule.as_str().unwrap(), text)),
            other => panic!("keyword {other}"),
        }
    }
}

fn is_of(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("type {other}"),
    }
}

/// The patterns of the schemas, by their meaning.
fn fits(pattern: &str, text: &str) -> bool {
    let plain = |text: &str| Amount::parse(text.as_bytes()).is_ok_and(|read| read.amount.to_string() == text);
    match pattern {
        r"\S" => text.contains(|character: char| !character.is_whitespace()),
        "^[a-z][a-z0-9_]*$" => {
            text.starts_with(|first: char| first.is_ascii_lowercase())
                && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        }
        r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$" => Amount::parse(text.as_bytes()).is_ok(),
        r"^(0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\.[0-9]*[1-9])$" => plain(text),
        r"^(0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\.[0-9]{0,3}[1-9])$" => {
            plain(text) && text.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 4)
        }
        r"^[0-9]{4}-(0[1-9]|1[0-2])$" => text.parse::<Month>().is_ok(),
        r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$" => text.parse::<Date>().is_ok(),
        other => panic!("pattern {other}"),
    }
}
