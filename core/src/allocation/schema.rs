//! The JSON Schema of the policy file.

/// The JSON Schema (draft 2020-12) of an allocation policy, as text.
///
/// What a schema cannot say (rule ids are unique, numbers have at most 18 decimals, a floor is not negative)
/// is left to [`Policy::parse`](super::Policy::parse).
pub const fn allocation_schema() -> &'static str {
    include_str!("../../../policies/schemas/allocation.schema.json")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::super::sample::parse;
    use super::super::{Policy, PolicySource};
    use super::allocation_schema;
    use crate::condition::Field;

    /// The part of JSON Schema that the schema uses; a keyword it doesn't know fails the test.
    struct Schema {
        root: Value,
    }

    impl Schema {
        fn new() -> Self {
            Self { root: serde_json::from_str(allocation_schema()).unwrap() }
        }

        fn accepts(&self, document: &Value) -> bool {
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
                "type" => match rule.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "number" => value.is_number(),
                    "boolean" => value.is_boolean(),
                    other => panic!("type {other}"),
                },
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

    /// The patterns of the schema, by their meaning.
    fn fits(pattern: &str, text: &str) -> bool {
        match pattern {
            r"\S" => text.contains(|character: char| !character.is_whitespace()),
            "^[a-z][a-z0-9_]*$" => super::super::names::refusal(text).is_none() || text.parse::<Field>().is_ok(),
            _ => {
                assert_eq!(pattern, r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$");
                crate::money::Amount::parse(text.as_bytes()).is_ok()
            }
        }
    }

    #[test]
    fn the_shipped_policies_fit_it() {
        let schema = Schema::new();
        for text in [Policy::builtin_text(), include_str!("../../../policies/allocation/example.toml")] {
            let document: Value = toml::from_str(text).unwrap();
            assert!(schema.accepts(&document));
            let json = document.to_string();
            Policy::parse(&[PolicySource { name: "p.json", text: &json }]).unwrap();
        }
    }

    #[test]
    fn agrees_with_the_reader() {
        let schema = Schema::new();
        let rule = |when: &str, set: &str| format!("[[rule]]\nid = \"r\"\nwhen = {{ {when} }}\nset = {{ {set} }}\n");
        for text in [
            String::new(),
            "x = 1".to_owned(),
            "[report]\nfloor = 5".to_owned(),
            "[report]\nfloor = \"5x\"".to_owned(),
            "[tags.aliases]\na = [\"b\"]\nc = \"d\"".to_owned(),
            "[tags.aliases]\na = [1]".to_owned(),
            "[tags.values.a]\nb = \"c\"".to_owned(),
            "[tags.values.a]\nb = \" \"".to_owned(),
            "[rule]\nid = \"r\"\nset = { squad = \"a\" }".to_owned(),
            "[[rule]]\nset = { squad = \"a\" }".to_owned(),
            "[[rule]]\nid = \"r\"".to_owned(),
            rule("", "squad = \"a\""),
            rule("", ""),
            rule("", "Squad = \"a\""),
            rule("", "region_id = \"a\""),
            rule("", "squad = { tag = \"a\" }, zone = { field = \"region_id\" }"),
            rule("", "squad = { tag = \"a\", field = \"region_id\" }"),
            rule("", "squad = { field = \"region\" }"),
            rule(
                "region_id = [\"a\", \"b\"], service_name = { contains = \"x\", case = \"insensitive\" }",
                "squad = \"a\"",
            ),
            rule("region = \"a\"", "squad = \"a\""),
            rule("region_id = 5", "squad = \"a\""),
            rule("region_id = { case = \"insensitive\" }", "squad = \"a\""),
            rule("region_id = { equals = \"a\", case = \"no\" }", "squad = \"a\""),
            rule("region_id = { min = 5 }", "squad = \"a\""),
            rule("region_id = {}", "squad = \"a\""),
            rule("tag = \"a\"", "squad = \"a\""),
            rule("tag = \"a\", glob = [\"*\"], above = \"1e3\"", "squad = \"a\""),
            rule("glob = \"*\"", "squad = \"a\""),
            rule("billed_cost = [5, \"6\"], list_cost = { equals = 5, absent = false }", "squad = \"a\""),
            rule("billed_cost = { contains = \"5\" }", "squad = \"a\""),
            rule("all = [ { any = [] }, { not = { tag = \"x\", present = true } } ]", "squad = \"a\""),
            rule("all = [ 5 ]", "squad = \"a\""),
            rule("not = []", "squad = \"a\""),
        ] {
            let mut document: Value = toml::from_str(&text).unwrap();
            document["schema"] = "headroom/allocation/1".into();
            assert_eq!(schema.accepts(&document), parse(&text).is_ok(), "{text}");
            document["schema"] = "headroom/allocation/2".into();
            assert!(!schema.accepts(&document));
        }
    }

    #[test]
    fn names_every_field() {
        let root = Schema::new().root;
        let names: BTreeSet<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        let listed = |pointer: &str| -> BTreeSet<String> {
            let list = root.pointer(pointer).unwrap().as_array().unwrap();
            list.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
        };
        let inherited = listed("/$defs/source/anyOf/2/properties/field/enum");
        assert!(inherited.iter().map(String::as_str).eq(names.iter().copied()));
        assert_eq!(listed("/$defs/rule/properties/set/propertyNames/not/enum"), inherited);
        let properties = &root["$defs"]["condition"]["properties"];
        for field in Field::ALL {
            let kind = if field.is_numeric() { "#/$defs/numberField" } else { "#/$defs/textField" };
            assert_eq!(properties[field.name()]["$ref"], kind, "{field}");
        }
    }
}
