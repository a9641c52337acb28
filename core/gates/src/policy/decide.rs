//! Deciding.

use super::answer::{Actual, Answer, Broken, IS_OBJECT, List, Note};
use super::asked::{Came, Over, asked, some_holds};
use super::context::Context;
use super::decision::{Decided, Decision, GateWaiver};
use super::figures::{REPORT_SCHEMA, ReportFigures};
use super::gate::{Effect, Gate, Gates, OnUnknown, Requirement};
use super::input::{Found, Values};
use super::reports::CostAsked;
use super::standing::{Stands, Subject};
use super::told::{Fields, fault_of};
use crate::condition::document::Document;
use crate::json::Raw;

impl Gates {
    /// Decides over an input, JSON text.
    pub fn decide(&self, input: &str, context: &Context) -> Decided {
        match self.values(input, context) {
            Ok(values) => self.answer(&values, input, context).into_decided(),
            Err(broken) => broken.into_decided(),
        }
    }

    /// Decides over an input, JSON text, and gives the decision as JSON text: the same as [`Gates::decide`], written
    /// without making its value first.
    pub fn decide_json(&self, input: &str, context: &Context) -> String {
        match self.values(input, context) {
            Ok(values) => self.answer(&values, input, context).into_json(),
            Err(broken) => broken.into_json(),
        }
    }

    fn values<'i>(&self, input: &'i str, context: &Context) -> Result<Values<'i>, Broken> {
        let values = match self.paths.read(input) {
            Ok(values) => values,
            Err(error) => return Err(Broken::new(IS_OBJECT, format!("the input is not valid JSON: {error}"))),
        };
        // A list or a bare value has no fields, so that every gate would pass it by.
        let message = match input.trim_start().bytes().next() {
            Some(b'{') => {
                let waived = self.waivers.and_then(|slot| values.at(slot).next());
                if context.input_waives() || waived.is_none() {
                    return Ok(values);
                }
                let message = "the input may not waive gates itself: its `waivers` belong where the gates are";
                return Err(Broken::new("the input brings no waivers", message.to_owned()));
            }
            // What is in several currencies is written as a list.
            Some(b'[') => "the input is not a JSON object but a list: have each of its documents decided by itself",
            _ => "the input is not a JSON object",
        };
        Err(Broken::new(IS_OBJECT, message.to_owned()))
    }

    fn answer<'g, 'v>(&'g self, values: &'v Values<'_>, input: &'v str, context: &'v Context) -> Answer<'g, 'v> {
        let answer = Answer::new(&self.paths, values);
        let mut scene = Scene { gates: self, values, input, context, report: None, answer };
        for gate in &self.all {
            scene.gate(gate);
        }
        let mut answer = scene.answer;
        if answer.notes.iter().any(|note| note.list == List::Errors) {
            answer.decision = Decision::Deny;
        } else if answer.gates.is_empty() {
            let gates = match self.all.as_slice() {
                [] => "no gate was given".to_owned(),
                [only] => format!("the gate `{}` does not apply to this input", only.id),
                several => format!("none of the {} gates applies to this input", several.len()),
            };
            answer.warning = Some(format!("{gates}, so nothing was checked"));
        }
        answer
    }
}

/// A requirement with what is and what holds it back.
struct Story<'g> {
    required: &'g Fields,
    actual: Actual,
    blocking: Vec<String>,
}

impl<'g> Story<'g> {
    /// Of fields of the input.
    fn of(required: &'g Fields) -> Self {
        Self { required, actual: Actual::OfFields, blocking: Vec::new() }
    }

    /// Of what is known beside it.
    fn said(required: &'g Fields, actual: Option<String>, blocking: Vec<String>) -> Self {
        Self { required, actual: Actual::Said(actual), blocking }
    }
}

struct Scene<'g, 'v, 'i> {
    gates: &'g Gates,
    values: &'v Values<'i>,
    input: &'v str,
    context: &'v Context,
    /// The figures of an input that is a cost report itself, once they were asked for.
    report: Option<Result<Option<ReportFigures>, String>>,
    answer: Answer<'g, 'v>,
}

impl<'g> Scene<'g, '_, '_> {
    fn gate(&mut self, gate: &'g Gate) {
        let mut missed = Vec::new();
        match asked(&gate.when, self.values, Over::Some) {
            Came::No => return,
            // Nothing that it asks for is there: it is about another kind of input.
            Came::Unknown if !some_holds(&gate.when, self.values) => return,
            Came::Unknown => missed.push((Came::Unknown, Story::of(&gate.told.whether))),
            Came::Error => {
                let fault = fault_of(&gate.when, &self.gates.paths, self.values);
                self.error(gate, Story::of(&gate.told.when), fault);
            }
            Came::Yes => {
                let mut idle = Vec::new();
                for (requirement, told) in gate.require.iter().zip(&gate.told.require) {
                    let (came, story, is_idle) = self.requirement(requirement, told, gate.waivable);
                    match came {
                        Came::Yes if is_idle => idle.push((Came::Unknown, story)),
                        Came::Yes => {}
                        // An error says what is wrong with the data, where a miss says what to do.
                        Came::Error => {
                            let fault = match (requirement, &story.actual) {
                                (Requirement::Input(condition), _) => {
                                    fault_of(condition, &self.gates.paths, self.values)
                                }
                                (_, Actual::Said(said)) => said.clone(),
                                (_, Actual::OfFields) => None,
                            };
                            self.error(gate, story, fault);
                        }
                        Came::No | Came::Unknown => missed.push((came, story)),
                    }
                }
                // One that does not apply holds nothing back; where none applies, nothing is required, nor met.
                if idle.len() == gate.require.len() {
                    missed.append(&mut idle);
                }
            }
        }
        self.answer.gates.push(gate);
        if !missed.is_empty() {
            self.missed(gate, missed);
        }
    }

    fn missed(&mut self, gate: &'g Gate, missed: Vec<(Came, Story<'g>)>) {
        let waiver = if gate.waivable { self.waiver(gate) } else { None };
        for (came, story) in missed {
            let effect = match (came, gate.on_unknown) {
                (Came::Unknown, OnUnknown::Warn) if gate.effect == Effect::Deny => Effect::Warn,
                _ => gate.effect,
            };
            let counts = came == Came::No || gate.on_unknown != OnUnknown::Allow;
            let list = match (came, effect) {
                _ if waiver.is_some() => List::Waived,
                (Came::Unknown, _) => List::Unknown,
                (_, Effect::DryRun) => List::DryRun,
                _ => List::Reasons,
            };
            if counts && list != List::Waived {
                self.answer.decision = self.answer.decision.max(match effect {
                    Effect::Deny => Decision::Deny,
                    Effect::Warn => Decision::AllowWithWarnings,
                    Effect::DryRun => Decision::Allow,
                });
            }
            let waiver = waiver.as_ref().map(|waiver| (waiver.id.clone(), waiver.expires));
            let effect = if counts { effect.name() } else { "allow" };
            self.note(Note { waiver, ..note(list, gate, effect, story) });
        }
    }

    fn error(&mut self, gate: &'g Gate, story: Story<'g>, message: Option<String>) {
        self.note(Note { message, ..note(List::Errors, gate, gate.effect.name(), story) });
    }

    fn note(&mut self, note: Note<'g>) {
        self.answer.notes.push(note);
    }

    /// A waiver of the gate that holds on the day; a fault in the waivers is an error.
    fn waiver(&mut self, gate: &'g Gate) -> Option<GateWaiver> {
        let as_of = self.context.as_of?;
        let holds = |waiver: &&GateWaiver| {
            let reasoned = !waiver.reason.trim().is_empty() && !waiver.approved_by.trim().is_empty();
            waiver.gate.trim() == gate.id && reasoned && waiver.granted <= as_of && as_of <= waiver.expires
        };
        if let Some(given) = &self.context.waivers {
            return given.iter().find(holds).cloned();
        }
        let given = match self.values.one(self.gates.waivers?)? {
            Found::Whole(text) => {
                GateWaiver::read_all(Raw::within(self.input, text)).map_err(|fault| fault.to_string())
            }
            _ => Err("a list was expected".to_owned()),
        };
        match given {
            Ok(waivers) => waivers.iter().find(holds).cloned(),
            Err(error) => {
                let story = Story::said(&self.gates.waivers_read, None, Vec::new());
                let message = Some(format!("the input's `waivers` cannot be read: {error}"));
                self.note(Note { message, ..note(List::Errors, gate, Effect::Deny.name(), story) });
                None
            }
        }
    }

    /// What came of a requirement, and whether it does not apply.
    fn requirement(
        &mut self,
        requirement: &'g Requirement,
        told: &'g Fields,
        waivable: bool,
    ) -> (Came, Story<'g>, bool) {
        let of = |stands: Stands| (stands.came, Story::said(told, stands.actual, stands.blocking), stands.idle);
        let subject = || {
            let Gates { subject, paths, needs_subject, .. } = self.gates;
            let (field, found) = match *subject {
                Some(slot) => (paths.name(slot), Some(self.values.at(slot))),
                None => ("", None),
            };
            Subject::of(field, found.into_iter().flatten(), *needs_subject)
        };
        match requirement {
            Requirement::Input(condition) => (asked(condition, self.values, Over::Every), Story::of(told), false),
            Requirement::Control { framework, control, min_level, mode } => {
                of(self.context.control((framework, control), (*min_level, *mode), subject(), waivable))
            }
            Requirement::Criterion { framework, criterion } => {
                of(self.context.criterion(framework, criterion, subject(), waivable))
            }
            Requirement::Cost { rule, max, floor, owner } => {
                let (came, actual) =
                    self.cost(CostAsked { rule: *rule, max: *max, floor: *floor, squad: None }, *owner);
                (came, Story::said(told, actual, Vec::new()), false)
            }
        }
    }

    /// An input that is a cost report itself counts beside those that were given. Where an owner is to be named, every name
    /// that stands there is asked about.
    fn cost(&mut self, asked: CostAsked<'_>, owner: Option<usize>) -> (Came, Option<String>) {
        let own = self.report.get_or_insert_with(|| {
            let read = Document::read_json("the input", self.input).map_err(|problem| problem.to_string())?;
            let value = read.root();
            if value["schema"] == *REPORT_SCHEMA { ReportFigures::of(value).map(Some) } else { Ok(None) }
        });
        let own = match own {
            Ok(own) => own.as_ref(),
            Err(error) => return (Came::Error, Some(error.clone())),
        };
        let Some(slot) = owner else { return self.context.cost(asked, own) };
        let name = self.gates.paths.name(slot);
        let one = |found: &Found<'_>| match found.text().filter(|name| !name.is_empty()) {
            None => (Came::Unknown, Some(format!("{name} names nobody"))),
            squad => self.context.cost(CostAsked { squad, ..asked }, own),
        };
        let worst = |a: (Came, _), b: (Came, _)| if Over::Every.join(a.0, b.0) == a.0 { a } else { b };
        self.values.at(slot).map(one).reduce(worst).unwrap_or_else(|| one(&Found::Absent))
    }
}

fn note<'g>(list: List, gate: &'g Gate, effect: &'static str, story: Story<'g>) -> Note<'g> {
    let Story { required, actual, blocking } = story;
    Note { list, gate, effect, required, actual, blocking, message: None, waiver: None }
}
