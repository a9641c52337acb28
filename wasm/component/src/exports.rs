//! What the world exports, joined to the engine.

// Written by the generator, whose code this crate's lints are not about.
#[expect(unsafe_code, reason = "the generated code lowers and lifts values through the component's memory")]
#[expect(clippy::same_length_and_capacity, reason = "the generated code takes lists over from the host")]
mod generated {
    wit_bindgen::generate!({ world: "headroom" });
    use super::Component;
    export!(Component);
}

use std::cell::RefCell;

use generated::exports::headroom::engine::engine;
use headroom_core::api::{self, AssessInput, Document, Failure, PreparedGates, Stretch};
use headroom_core::calendar::Date;
use headroom_core::condition::document::Source;

struct Component;

/// A call about bills that the host holds, and what came of it once that was asked for: lines are made only once.
struct Bills {
    session: RefCell<api::Session>,
    came: RefCell<Option<Result<String, String>>>,
}

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
    type Session = Bills;

    fn answer(call: String) -> String {
        api::answer(&call)
    }

    fn assess(request: engine::Assessment) -> Result<String, String> {
        assess(&request).map_err(|failure| text(&failure))
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
        prepared.map(engine::Gates::new).map_err(|failure| text(&failure))
    }

    fn decide(&self, input: String) -> String {
        self.decide_json(&input)
    }
}

impl engine::GuestSession for Bills {
    fn start(call: String) -> Result<engine::Session, String> {
        // Bills by the host's own hand: nobody can choose rows to collide without knowing the build.
        let session = api::Session::start(&call, 0);
        let bills = session.map(|session| Self { session: RefCell::new(session), came: RefCell::default() });
        bills.map(engine::Session::new).map_err(|failure| text(&failure))
    }

    fn wanted(&self) -> Option<engine::Wanted> {
        let wanted = self.session.borrow().wanted()?;
        Some(engine::Wanted { file: u32::try_from(wanted.file).ok()?, pass: wanted.pass })
    }

    fn push(&self, chunk: Vec<u8>) {
        self.session.borrow_mut().push(chunk);
    }

    fn end(&self) {
        self.session.borrow_mut().end();
    }

    fn fail(&self, reason: String) {
        self.session.borrow_mut().fail(&reason, None);
    }

    fn share(&self) -> Vec<u32> {
        self.session.borrow_mut().share().into_iter().map(|file| file as u32).collect()
    }

    fn read_stretch(&self, file: u32, from: u64, to: Option<u64>) {
        self.session.borrow_mut().read_stretch(file as usize, Stretch { from, to: to.unwrap_or(u64::MAX) });
    }

    fn wanted_at(&self) -> Option<u64> {
        self.session.borrow().wanted_at()
    }

    fn count(&self) -> Option<Vec<u8>> {
        self.session.borrow_mut().count()
    }

    fn take(&self, counted: Vec<u8>) -> Result<(), String> {
        self.session.borrow_mut().take(counted).map_err(|failure| text(&failure))
    }

    fn settle(&self) {
        self.session.borrow_mut().settle();
    }

    fn go_alone(&self) {
        self.session.borrow_mut().go_alone();
    }

    fn outcome(&self) -> Option<Result<String, String>> {
        let mut came = self.came.borrow_mut();
        if came.is_none() {
            let mut session = self.session.borrow_mut();
            let format = session.format();
            let answer = match session.outcome()? {
                Ok(Document::Lines(_)) => Ok(None),
                Ok(document) => document.render(format).map(Some),
                Err(failure) => Err(failure.clone()),
            };
            // Lines are left where they are made until there is an outcome that they belong to.
            let answer = answer.map(|document| {
                document.unwrap_or_else(|| String::from_utf8_lossy(&session.take_lines()).into_owned())
            });
            *came = Some(answer.map_err(|failure| text(&failure)));
        }
        came.clone()
    }
}

fn text(failure: &Failure) -> String {
    api::document_json(failure)
}
