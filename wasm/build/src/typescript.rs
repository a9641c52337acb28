//! TypeScript declarations of the documents, made from the engine's JSON Schemas.
//!
//! A document is a type of its schema's name, a definition of a schema one of its own name. Where schemas define
//! different things under one name, the schema's name stands in front.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::Outcome;
use crate::json::Json;

/// The schema of what is asked. Programs hold lists that nobody may change, too, and whoever is asked changes none.
const ASKED: &str = "call";

const READ_ONLY: &str = "readonly ";

/// Widest line on which a union or a literal stands.
const WIDTH: usize = 120;

/// The declarations of these schemas, each a name and a JSON Schema.
///
/// # Errors
/// When a schema is no JSON, or refers to what it does not define.
pub fn declarations(schemas: &[(&str, &str)]) -> Outcome<String> {
    let mut read = Vec::new();
    for (name, text) in schemas {
        read.push((*name, serde_json::from_str::<Json>(text)?));
    }
    let names = Names::of(&read);
    let mut text = String::from(
        "// Made by `cargo run -p headroom-wasm-build -- npm` from the JSON Schemas in `policies/schemas`.\n",
    );
    let mut declared = BTreeSet::new();
    for (schema, document) in &read {
        for (def, body) in definitions(document) {
            let name = names.of_definition(schema, def)?;
            if declared.insert(name.clone()) {
                Writer { text: &mut text, schema, names: &names }.declaration(&name, body)?;
            }
        }
        let name = pascal(schema);
        if !declared.insert(name.clone()) {
            return Err(format!("two types are called `{name}`").into());
        }
        Writer { text: &mut text, schema, names: &names }.declaration(&name, document)?;
    }
    Ok(text)
}

fn definitions(document: &Json) -> &[(String, Json)] {
    document.get("$defs").map_or(&[], Json::entries)
}

/// What the definitions of each schema are called.
struct Names {
    of: BTreeMap<(String, String), String>,
}

impl Names {
    fn of(schemas: &[(&str, Json)]) -> Self {
        let documents: BTreeSet<String> = schemas.iter().map(|(name, _)| pascal(name)).collect();
        let mut bodies: BTreeMap<&str, Vec<&Json>> = BTreeMap::new();
        for (def, body) in schemas.iter().flat_map(|(_, document)| definitions(document)) {
            bodies.entry(def).or_default().push(body);
        }
        let same = |bodies: &[&Json]| bodies.iter().all(|body| *body == bodies[0]);
        let mut shared: BTreeSet<&str> =
            bodies.iter().filter(|(_, bodies)| same(bodies)).map(|(def, _)| *def).collect();
        // What refers to things that differ differs too.
        loop {
            let differs = |def: &&str| {
                let mut refs = BTreeSet::new();
                bodies[def].iter().for_each(|body| references(body, &mut refs));
                bodies[def].len() > 1 && refs.iter().any(|name| !shared.contains(name.as_str()))
            };
            let gone: Vec<&str> = shared.iter().copied().filter(|def| differs(def)).collect();
            if gone.is_empty() {
                break;
            }
            shared.retain(|def| !gone.contains(def));
        }
        let mut of = BTreeMap::new();
        for (schema, document) in schemas {
            for (def, _) in definitions(document) {
                let own = pascal(def);
                let name = if shared.contains(def.as_str()) && !documents.contains(&own) {
                    own
                } else {
                    pascal(schema) + &own
                };
                of.insert(((*schema).to_owned(), def.clone()), name);
            }
        }
        Self { of }
    }

    fn of_definition(&self, schema: &str, def: &str) -> Outcome<String> {
        let found = self.of.get(&(schema.to_owned(), def.to_owned())).cloned();
        found.ok_or_else(|| format!("the schema `{schema}` does not define `{def}`").into())
    }
}

fn references(schema: &Json, into: &mut BTreeSet<String>) {
    if let Some(def) = schema.get("$ref").and_then(Json::text).and_then(|to| to.strip_prefix("#/$defs/")) {
        into.insert(def.to_owned());
    }
    schema.entries().iter().for_each(|(_, value)| references(value, into));
    schema.items().iter().for_each(|value| references(value, into));
}

/// `refused_row` as `RefusedRow`; another word where the language has a type of that name, which it is not.
fn pascal(name: &str) -> String {
    match name {
        "date" => return "Day".to_owned(),
        "number" => return "Decimal".to_owned(),
        "numbers" => return "Decimals".to_owned(),
        _ => {}
    }
    let words = name.split(['_', '-']).map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    words.collect()
}

struct Writer<'w> {
    text: &'w mut String,
    schema: &'w str,
    names: &'w Names,
}

impl Writer<'_> {
    fn declaration(&mut self, name: &str, schema: &Json) -> Outcome<()> {
        self.text.push('\n');
        comment(self.text, schema, "");
        let plain_object = schema.get("properties").is_some() && schema.get("anyOf").is_none();
        let body = self.type_of(schema, "")?;
        let _ = if plain_object {
            writeln!(self.text, "export interface {name} {body}")
        } else {
            writeln!(self.text, "export type {name} = {body};")
        };
        Ok(())
    }

    fn type_of(&self, schema: &Json, indent: &str) -> Outcome<String> {
        if let Some(to) = schema.get("$ref").and_then(Json::text) {
            let def = to.strip_prefix("#/$defs/").ok_or_else(|| format!("`{to}` is no definition"))?;
            return self.names.of_definition(self.schema, def);
        }
        if let Some(value) = schema.get("const") {
            return literal(value);
        }
        if let Some(values) = schema.get("enum") {
            let values: Vec<String> = values.items().iter().map(literal).collect::<Outcome<_>>()?;
            return Ok(values.join(" | "));
        }
        let own = match schema.get("type") {
            Some(Json::List(types)) => {
                let types: Vec<String> = types
                    .iter()
                    .filter_map(Json::text)
                    .map(|named| self.of_type(named, schema, indent))
                    .collect::<Outcome<_>>()?;
                Some(types.join(" | "))
            }
            Some(named) => Some(self.of_type(named.text().unwrap_or_default(), schema, indent)?),
            None if schema.get("properties").is_some() => Some(self.of_type("object", schema, indent)?),
            None => None,
        };
        let several = match schema.get("anyOf") {
            // Alternatives that only say which keys must be there add nothing to a type.
            Some(ways) if own.is_none() || ways.items().iter().all(|way| way.get("$ref").is_some()) => {
                let mut types: Vec<String> = Vec::new();
                for way in ways.items() {
                    let named = self.type_of(way, indent)?;
                    if !types.contains(&named) {
                        types.push(named);
                    }
                }
                Some(types.join(" | "))
            }
            _ => None,
        };
        Ok(match (own, several) {
            (Some(own), Some(several)) => format!("{own} & ({several})"),
            (Some(only), None) | (None, Some(only)) => only,
            // Anything: whoever reads it must look first.
            (None, None) => "unknown".to_owned(),
        })
    }

    fn of_type(&self, named: &str, schema: &Json, indent: &str) -> Outcome<String> {
        Ok(match named {
            "string" => "string".to_owned(),
            "integer" | "number" => "number".to_owned(),
            "boolean" => "boolean".to_owned(),
            "null" => "null".to_owned(),
            "array" => match schema.get("items") {
                Some(items) => {
                    let item = self.type_of(items, indent)?;
                    let list = if item.contains(" | ") && !item.starts_with('{') || item.starts_with(READ_ONLY) {
                        format!("({item})[]")
                    } else {
                        format!("{item}[]")
                    };
                    if self.schema == ASKED { format!("{READ_ONLY}{list}") } else { list }
                }
                None => "unknown[]".to_owned(),
            },
            "object" => self.object(schema, indent)?,
            other => return Err(format!("`{other}` is no type of JSON").into()),
        })
    }

    fn object(&self, schema: &Json, indent: &str) -> Outcome<String> {
        let properties = schema.get("properties").map_or(&[][..], Json::entries);
        if properties.is_empty() {
            let value = match schema.get("additionalProperties") {
                Some(value @ Json::Object(_)) => self.type_of(value, indent)?,
                _ => "unknown".to_owned(),
            };
            return Ok(format!("{{ [key: string]: {value} }}"));
        }
        let required: BTreeSet<&str> =
            schema.get("required").map_or(&[][..], Json::items).iter().filter_map(Json::text).collect();
        let inner = format!("{indent}  ");
        let mut text = String::from("{\n");
        for (name, value) in properties {
            comment(&mut text, value, &inner);
            let may_lack = if required.contains(name.as_str()) { "" } else { "?" };
            let named = self.type_of(value, &inner)?;
            let _ = writeln!(text, "{inner}{}{may_lack}:{};", key(name), wrapped(&named, &inner));
        }
        let _ = write!(text, "{indent}}}");
        Ok(text)
    }
}

/// What follows a colon: a union that is too long for a line stands on several.
fn wrapped(named: &str, indent: &str) -> String {
    if named.len() + indent.len() < WIDTH || named.contains('\n') || named.contains('(') {
        return format!(" {named}");
    }
    named.split(" | ").map(|one| format!("\n{indent}  | {one}")).collect()
}

fn comment(text: &mut String, schema: &Json, indent: &str) {
    if let Some(said) = schema.get("description").and_then(Json::text) {
        let _ = writeln!(text, "{indent}/** {} */", said.replace("*/", "*\\/"));
    }
}

fn key(name: &str) -> String {
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && !name.starts_with(|first: char| first.is_ascii_digit());
    if plain { name.to_owned() } else { format!("{name:?}") }
}

fn literal(value: &Json) -> Outcome<String> {
    Ok(match value {
        Json::Null => "null".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Number(value) => value.to_string(),
        Json::Text(value) => serde_json::to_string(value)?,
        Json::List(_) | Json::Object(_) => return Err("a constant is a plain value".into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_a_type() {
        let one = r##"{"description": "One.", "type": "object", "required": ["a"], "properties": {
            "a": {"$ref": "#/$defs/part"}, "b-c": {"type": ["string", "null"], "description": "Maybe."},
            "d": {"type": "array", "items": {"enum": ["x", "y"]}}, "e": {}},
            "$defs": {"part": {"type": "integer"}, "same": {"const": 1}}}"##;
        let two = r##"{"anyOf": [{"$ref": "#/$defs/part"}, {"type": "null"}], "$defs": {
            "part": {"type": "object", "additionalProperties": {"type": "boolean"}}, "same": {"const": 1}}}"##;
        let text = declarations(&[("one", one), ("two-b", two)]).unwrap();
        let (_, body) = text.split_once('\n').unwrap();
        let want = "
export type OnePart = number;

export type Same = 1;

/** One. */
export interface One {
  a: OnePart;
  /** Maybe. */
  \"b-c\"?: string | null;
  d?: (\"x\" | \"y\")[];
  e?: unknown;
}

export type TwoBPart = { [key: string]: boolean };

export type TwoB = TwoBPart | null;
";
        assert_eq!(body, want);
    }

    #[test]
    fn lists_that_are_given_may_be_such_as_nobody_changes() {
        let call = r#"{"type": "object", "properties": {"by": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}}}"#;
        let text = declarations(&[("call", call), ("other", call)]).unwrap();
        let (asked, other) = text.split_once("export interface Other").unwrap();
        assert!(asked.contains("by?: readonly (readonly string[])[];"), "{asked}");
        assert!(other.contains("by?: string[][];"), "{other}");
    }

    #[test]
    fn what_is_not_defined_is_refused() {
        let error = declarations(&[("one", r##"{"$ref": "#/$defs/other"}"##)]).unwrap_err();
        assert_eq!(error.to_string(), "the schema `one` does not define `other`");
    }

    #[test]
    fn every_document_has_a_type() {
        let text = declarations(&headroom_core::api::SCHEMAS).unwrap();
        for (name, _) in headroom_core::api::SCHEMAS {
            let name = pascal(name);
            assert!(
                text.contains(&format!("export interface {name} {{"))
                    || text.contains(&format!("export type {name} = "))
            );
        }
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("/**")).collect();
        assert!(!code.iter().any(|line| line.contains(": any") || line.contains("any[]")));
    }

    #[test]
    fn the_types_are_those_of_the_schemas() {
        let shipped = include_str!("../../npm/src/documents.d.ts");
        let made = declarations(&headroom_core::api::SCHEMAS).unwrap();
        assert!(shipped == made, "run `cargo run -p headroom-wasm-build -- npm`, which writes them anew");
    }
}
