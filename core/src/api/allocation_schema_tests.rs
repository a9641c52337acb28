//! The schema of allocation policies and their reader agree.

use std::collections::BTreeSet;

use serde_json::Value;

use super::schema;
use crate::allocation::{Policy, PolicyError, PolicySource};
use crate::condition::Field;
use crate::json_schema::Schema;

fn parse(text: &str) -> Result<Policy, PolicyError> {
    let text = format!("schema = \"headroom/allocation/1\"\n{text}");
    Policy::parse(&[PolicySource { name: "p.toml", text: &text }])
}

#[test]
fn the_shipped_policies_fit_it() {
    let schema = Schema::new(&schema("allocation").unwrap());
    for text in [Policy::builtin_text(), include_str!("../../../policies/allocation/example.toml")] {
        let document: Value = toml::from_str(text).unwrap();
        assert!(schema.accepts(&document));
        let json = document.to_string();
        Policy::parse(&[PolicySource { name: "p.json", text: &json }]).unwrap();
    }
}

#[test]
fn agrees_with_the_reader() {
    let schema = Schema::new(&schema("allocation").unwrap());
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
    let root = Schema::new(&schema("allocation").unwrap()).root;
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
