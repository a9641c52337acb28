//! The JSON Schemas of what goes in and what comes out.

use super::Failure;
use crate::condition::document::nearest;

macro_rules! schema {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../policies/schemas/", $name, ".schema.json")))
    };
}

/// Name and JSON Schema (draft 2020-12) of every document, sorted by name.
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
pub fn schema(name: &str) -> Result<&'static str, Failure> {
    let found = SCHEMAS.iter().find(|(known, _)| *known == name);
    found.map(|(_, text)| *text).ok_or_else(|| {
        let names = SCHEMAS.map(|(known, _)| known);
        Failure::new(format_args!("no such schema: `{name}`")).hint(match nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", names.join(", ")),
        })
    })
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
