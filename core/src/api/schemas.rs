//! The JSON Schemas of what goes in and what comes out.

use super::Failure;
use crate::condition::document::nearest;

macro_rules! schema {
    ($name:literal) => {
        ($name, include_str!(concat!(env!("OUT_DIR"), "/", $name, ".schema.json")))
    };
}

/// Name and JSON Schema (draft 2020-12) of every document, sorted by name; without blanks, which [`schema`] has.
///
/// Files that people write (`allocation`, `assessment`, `commitment`, `config`, `explanations`, `framework`, `gate`,
/// `idle`, `metrics`, `sizing`) admit no unknown keys. Documents that the engine
/// writes may gain keys without a new number, so readers should pass over what they don't know.
pub const SCHEMAS: [(&str, &str); 27] = [
    schema!("allocation"),
    schema!("assessment"),
    schema!("assessment-result"),
    schema!("call"),
    schema!("capacity"),
    schema!("check"),
    schema!("commitment"),
    schema!("commitments"),
    schema!("config"),
    schema!("cost-forecast"),
    schema!("cube"),
    schema!("decision"),
    schema!("explain"),
    schema!("explanations"),
    schema!("failure"),
    schema!("forecast"),
    schema!("framework"),
    schema!("gate"),
    schema!("idle"),
    schema!("inspect"),
    schema!("line"),
    schema!("metrics"),
    schema!("report"),
    schema!("rightsizing"),
    schema!("schedule"),
    schema!("sizing"),
    schema!("waste"),
];

/// The JSON Schema of a document, by its name.
///
/// # Errors
/// When there is no such document.
pub fn schema(name: &str) -> Result<String, Failure> {
    let found = SCHEMAS.iter().find(|(known, _)| *known == name);
    found.map(|(_, text)| indented(text)).ok_or_else(|| {
        let names = SCHEMAS.map(|(known, _)| known);
        Failure::new(format_args!("no such schema: `{name}`")).hint(match nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", names.join(", ")),
        })
    })
}

/// JSON that has no blanks, as people read it: a line for each value, by two blanks for each level.
fn indented(dense: &str) -> String {
    let mut text = String::with_capacity(2 * dense.len());
    let (mut depth, mut inside, mut escaped) = (0, false, false);
    let mut before = '\0';
    for character in dense.chars() {
        let opened = matches!(before, '{' | '[') && !inside;
        let closes = matches!(character, '}' | ']') && !inside;
        depth -= usize::from(closes);
        if opened != closes || (before == ',' && !inside) {
            text.push('\n');
            (0..depth).for_each(|_| text.push_str("  "));
        }
        text.push(character);
        if character == ':' && !inside {
            text.push(' ');
        }
        depth += usize::from(matches!(character, '{' | '[') && !inside);
        inside ^= character == '"' && !escaped;
        escaped = inside && character == '\\' && !escaped;
        // What ends a text within itself is none of these.
        before = if inside { '\0' } else { character };
    }
    text.push('\n');
    text
}

#[cfg(test)]
#[path = "allocation_schema_tests.rs"]
mod allocation_tests;
#[cfg(test)]
#[path = "forecast_schemas_tests.rs"]
mod forecast_tests;
#[cfg(test)]
#[path = "schemas_tests.rs"]
mod tests;
