//! What gates know beside the input: levels and outcomes of assessments, figures of cost reports, waivers of gates where it is
//! not the input that brings them.
//!
//! A result counts for its own subject: where the input names a `service`, results of other subjects do not count, and
//! where it names none, several results of one framework leave it unknown whose is meant. Two results of one framework and
//! subject are refused, as is one that is later than the day of the decision; so the order of evidence never matters.
//!
//! Waivers of an assessment count on the days they hold, by the day of the decision and not that of the result; past them
//! what leans on them is unknown. So is what rests on evidence that has become too old since the result was made. Without a
//! day of the decision nothing counts that lasts only until some day. For a gate that may not be waived no waiver counts at all: `met` is met, and a waived
//! criterion, or a level that rests on one, is a miss. What does not apply holds nothing back.
//!
//! A cost report counts from the month it is of to the end of the next: after that, and without a day of the decision, its
//! figures are unknown. Two of one month, owner and currency are refused, as is one of later than the day of the decision.

use std::fmt;

use super::decision::GateWaiver;
use super::figures::REPORT_SCHEMA;
use super::keyed::Keyed;
use super::reports::Report;
use crate::assessed::{Part, RESULT_SCHEMA};
use crate::calendar::Date;
use crate::condition::document::{Document, Node, Value};
use crate::json::{Fault, Raw};

/// What gates know beside the input.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The day of the decision: waivers that have expired then do not count.
    pub as_of: Option<Date>,
    pub(super) results: Vec<Assessed>,
    pub(super) reports: Vec<Report>,
    /// Waivers of gates; those of the input where there are none.
    pub(super) waivers: Option<Vec<GateWaiver>>,
}

/// The result of one assessment.
#[derive(Clone, Debug)]
pub(super) struct Assessed {
    /// The name of its document.
    name: String,
    pub(super) framework: String,
    pub(super) subject: String,
    pub(super) controls: Keyed<Standing>,
    pub(super) criteria: Keyed<Held>,
}

/// A level that is certain, one that is possible, and what they rest on.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    pub(super) confirmed: u8,
    pub(super) potential: u8,
    /// Criteria that hold the levels back, with their stages.
    pub(super) open: Vec<(u8, String)>,
    /// Waived criteria, with their stages.
    pub(super) waived: Vec<(u8, String, Lean)>,
    /// Criteria whose evidence is too old on the day, with their stages.
    pub(super) stale: Vec<(u8, String)>,
}

/// How a waived criterion leans on its waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lean {
    /// The waiver holds on the day of the decision.
    Holds,
    /// It has expired, is not granted yet, or cannot be found.
    Lapsed,
}

/// What an assessment says of a criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Waived(Lean),
    /// An outcome by its name, on evidence that is too old on the day.
    Stale(String),
    /// An outcome by its name.
    Said(String),
}

impl Context {
    /// What is known on a day, before anything is taken in.
    pub fn on(as_of: Option<Date>) -> Self {
        Self { as_of, ..Self::default() }
    }

    /// Takes in waivers of gates, a list in JSON. From then on an input may bring none: whoever asks must not waive what is
    /// asked of them.
    ///
    /// # Errors
    /// When it is no such list, or two of them bear one id.
    pub fn waive(&mut self, list: Raw<'_>) -> Result<(), Fault> {
        let waivers = GateWaiver::read_all(list)?;
        for (at, waiver) in waivers.iter().enumerate() {
            if waivers.iter().take(at).any(|other| other.id == waiver.id) {
                return Err(list.fault(format!("there are two waivers `{}`: give each an id of its own", waiver.id)));
            }
        }
        self.waivers = Some(waivers);
        Ok(())
    }

    /// Whether waivers are the input's to bring.
    pub fn input_waives(&self) -> bool {
        self.waivers.is_none()
    }

    /// Takes in the result of an assessment, or a cost report: one document or an array of them, under its name.
    ///
    /// # Errors
    /// When the text is neither, is later than the day of the decision, says the same twice, or does not add up.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), String> {
        let value = Document::read_json(name, text).map_err(|problem| {
            let (at, fault) = (problem.at, problem.fault);
            format!("{fault} at line {} column {}", at.line, at.column)
        })?;
        let value = value.root();
        let documents = value.as_list().unwrap_or(std::slice::from_ref(value));
        for document in documents {
            match document["schema"].as_text() {
                Some(RESULT_SCHEMA) => self.add_result(name, document)?,
                Some(REPORT_SCHEMA) => self.add_report(name, document)?,
                other => {
                    let found = other.map_or_else(|| "none".to_owned(), |schema| format!("`{schema}`"));
                    return Err(format!(
                        "an assessment's result or a cost report was expected, and the schema is {found}"
                    ));
                }
            }
        }
        Ok(())
    }

    fn add_result(&mut self, name: &str, result: &Node) -> Result<(), String> {
        let missing = |what: &str| format!("the result of the assessment has no `{what}`");
        let text = |value: &Node| value.as_text().map(str::to_owned);
        let day = |value: &Node| value.as_text().and_then(|text| text.parse::<Date>().ok());
        let level = |value: &Node| value.as_whole().and_then(|level| u8::try_from(level).ok());
        let framework = text(&result["framework"]["id"]).ok_or_else(|| missing("framework"))?;
        let subject = text(&result["subject"]["id"]).ok_or_else(|| missing("subject"))?;
        let made = day(&result["as_of"]).ok_or_else(|| missing("as_of"))?;
        if let Some(as_of) = self.as_of.filter(|as_of| made > *as_of) {
            return Err(format!("the assessment is of {made}, later than the day of the decision, {as_of}"));
        }
        let twice = |other: &&Assessed| other.framework == framework && other.subject == subject;
        if let Some(other) = self.results.iter().find(twice) {
            return Err(twice_said(&other.name, name, format_args!("assess `{subject}` by `{framework}`")));
        }
        let mut leans = Keyed::default();
        for waiver in result["waivers"].as_list().unwrap_or_default() {
            let id = text(&waiver["id"]).ok_or_else(|| missing("waivers.id"))?;
            let days = day(&waiver["granted"]).zip(day(&waiver["expires"]));
            let holds = days.zip(self.as_of).is_some_and(|((from, to), as_of)| from <= as_of && as_of <= to);
            // Of two that bear one id the one that does not hold counts.
            if !holds || leans.get(&id).is_none() {
                leans.insert(id, if holds { Lean::Holds } else { Lean::Lapsed });
            }
        }
        let mut assessed = Assessed {
            name: name.to_owned(),
            framework,
            subject,
            controls: Keyed::default(),
            criteria: Keyed::default(),
        };
        for control in result["controls"].as_list().ok_or_else(|| missing("controls"))? {
            let id = text(&control["id"]).ok_or_else(|| missing("controls.id"))?;
            let standing = Standing {
                confirmed: level(&control["confirmed"]).ok_or_else(|| missing("controls.confirmed"))?,
                potential: level(&control["potential"]).ok_or_else(|| missing("controls.potential"))?,
                ..Standing::default()
            };
            if !assessed.controls.insert(id.clone(), standing) {
                return Err(format!("the result of the assessment holds the control `{id}` twice"));
            }
        }
        for criterion in result["criteria"].as_list().ok_or_else(|| missing("criteria"))? {
            let id = text(&criterion["id"]).ok_or_else(|| missing("criteria.id"))?;
            let outcome = text(&criterion["outcome"]).ok_or_else(|| missing("criteria.outcome"))?;
            let held = match outcome.as_str() {
                "waived" => {
                    let lean = criterion["waiver"].as_text().and_then(|waiver| leans.get(waiver));
                    Held::Waived(lean.copied().unwrap_or(Lean::Lapsed))
                }
                _ if !criterion["until"].is_null() && !self.is_within(day(&criterion["until"])) => Held::Stale(outcome),
                _ => Held::Said(outcome),
            };
            if let Some(standing) = text(&criterion["control"]).and_then(|control| assessed.controls.get_mut(&control))
            {
                let stage = level(&criterion["stage"]);
                match (&held, stage) {
                    // Without a stage it may be any.
                    (Held::Waived(lean), stage) => standing.waived.push((stage.unwrap_or(0), id.clone(), *lean)),
                    (Held::Said(outcome), Some(stage)) if matches!(outcome.as_str(), "not_met" | "unknown") => {
                        standing.open.push((stage, id.clone()));
                    }
                    (Held::Stale(_), stage) if counts(criterion) => {
                        standing.stale.push((stage.unwrap_or(0), id.clone()));
                    }
                    _ => {}
                }
            }
            if !assessed.criteria.insert(id.clone(), held) {
                return Err(format!("the result of the assessment holds the criterion `{id}` twice"));
            }
        }
        self.results.push(assessed);
        Ok(())
    }

    /// Whether the day of the decision is known, and no later than this.
    fn is_within(&self, last: Option<Date>) -> bool {
        self.as_of.zip(last).is_some_and(|(as_of, last)| as_of <= last)
    }
}

/// Two documents that say the same, named in one order, whichever was given first.
pub(super) fn twice_said(one: &str, other: &str, what: fmt::Arguments<'_>) -> String {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    format!("`{first}` and `{second}` both {what}: which of them counts?")
}

/// Whether a criterion of a result counts for its control's level.
fn counts(criterion: &Node) -> bool {
    let part = Part::WORDS.iter().find(|(word, _)| criterion["part"] == **word);
    !matches!(criterion["optional"].value, Value::Bool(true)) && part.is_none_or(|(_, part)| part.counts_for_control())
}
