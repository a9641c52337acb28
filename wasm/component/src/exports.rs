//! What the world exports, joined to the engine.

// Written by the generator, whose code this crate's lints are not about.
#[expect(unsafe_code, reason = "the generated code lowers and lifts values through the component's memory")]
#[allow(
    clippy::pedantic,
    clippy::same_length_and_capacity,
    missing_docs,
    unreachable_pub,
    missing_debug_implementations
)]
mod generated {
    wit_bindgen::generate!({ world: "headroom" });
    use super::Component;
    export!(Component);
}

use generated::exports::headroom::engine::engine;
use headroom_core::api::{self, AssessInput, Failure, PreparedGates};
use headroom_core::calendar::Date;
use headroom_core::maturity::Source;

use crate::Pieces;

struct Component;

fn source(document: &engine::Document) -> Source<'_> {
    Source { name: &document.name, text: &document.text }
}

fn sources(documents: &[engine::Document]) -> Vec<Source<'_>> {
    documents.iter().map(source).collect()
}

fn day(text: Option<&str>) -> Result<Option<Date>, Failure> {
    let Some(text) = text else { return Ok(None) };
    match text.parse() {
        Ok(day) => Ok(Some(day)),
        Err(_) => Err(Failure::at("as-of", format_args!("`{text}` is not a day")).hint("write it like 2026-05-31")),
    }
}

fn assess(request: &engine::Assessment) -> Result<String, Failure> {
    let result = api::assess(&AssessInput {
        as_of: day(request.as_of.as_deref())?,
        today: None,
        assessment: Some(source(&request.assessment)),
        framework: request.framework.as_deref(),
        frameworks: sources(&request.frameworks),
        history: sources(&request.history),
        evidence: sources(&request.evidence),
        deployments: sources(&request.deployments),
        incidents: sources(&request.incidents),
        target: request.target,
        strict: request.strict,
    })?;
    Ok(api::document_json(&result))
}

impl engine::Guest for Component {
    type Gates = PreparedGates;
    type Session = Pieces;

    fn answer(call: String) -> String {
        api::answer(&call)
    }

    fn assess(request: engine::Assessment) -> Result<String, String> {
        assess(&request).map_err(|failure| api::document_json(&failure))
    }
}

impl engine::GuestGates for PreparedGates {
    fn read(
        gates: Vec<engine::Document>,
        evidence: Vec<engine::Document>,
        as_of: Option<String>,
    ) -> Result<engine::Gates, String> {
        let prepared =
            day(as_of.as_deref()).and_then(|as_of| PreparedGates::read(&sources(&gates), &sources(&evidence), as_of));
        prepared.map(engine::Gates::new).map_err(|failure| api::document_json(&failure))
    }

    fn decide(&self, input: String) -> String {
        self.decide_json(&input)
    }
}

impl engine::GuestSession for Pieces {
    fn new() -> Self {
        Self::default()
    }

    fn push(&self, name: String, chunk: Vec<u8>) {
        Pieces::push(self, name, chunk);
    }

    fn answer(&self, call: String) -> String {
        Pieces::answer(self, &call)
    }
}
