//! Gates in words, as far as they can be said before there is an input: what is required, and of which fields.
//!
//! What is said of every miss is prepared once, as text and as JSON, so that a decision only copies it.

use super::asked::{Came, Over, asked};
use super::gate::{Asked, Gate, Mode, Requirement};
use super::input::{Found, Paths, Values};
use crate::condition::{Case, Operator, TextTest, quoted};
use crate::json::push_text;

/// A text, plain and as JSON writes it.
#[derive(Clone, Debug, Default)]
pub(super) struct Prepared {
    pub(super) plain: String,
    pub(super) json: String,
}

impl Prepared {
    fn new(plain: String) -> Self {
        let mut json = String::new();
        push_text(&mut json, &plain);
        Self { plain, json }
    }
}

/// What is said of a gate.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) id: Prepared,
    pub(super) message: Prepared,
    /// Of its `when`, where it is not known whether it applies, and where it is at fault.
    pub(super) whether: Fields,
    pub(super) when: Fields,
    /// Of each of its requirements.
    pub(super) require: Vec<Fields>,
}

/// What is required, and the places of the fields it is required of.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) requirement: Prepared,
    slots: Vec<usize>,
}

impl Told {
    pub(super) fn of(gate: &Gate, paths: &Paths) -> Self {
        let when = words(&gate.when, paths);
        let require = gate.require.iter().map(|requirement| {
            let (requirement, condition) = match requirement {
                Requirement::Control { framework, control, min_level, mode } => {
                    let mode = if *mode == Mode::Confirmed { "certainly" } else { "possibly" };
                    (format!("{control} of {framework} is {mode} at level {min_level} or above"), None)
                }
                Requirement::Criterion { framework, criterion } => (format!("{criterion} of {framework} is met"), None),
                Requirement::Cost { rule, max, floor } => {
                    let floor =
                        if floor.is_zero() { String::new() } else { format!(", of changes by {floor} or more") };
                    (format!("{} is at most {max}{floor}", rule.name()), None)
                }
                Requirement::Input(condition) => (words(condition, paths), Some(condition)),
            };
            Fields::new(requirement, condition)
        });
        Self {
            id: Prepared::new(gate.id.clone()),
            message: Prepared::new(gate.message.clone()),
            whether: Fields::new(
                format!("it is known whether the gate applies, which it does where {when}"),
                Some(&gate.when),
            ),
            require: require.collect(),
            when: Fields::new(when, Some(&gate.when)),
        }
    }
}

impl Fields {
    fn new(requirement: String, condition: Option<&Asked>) -> Self {
        let mut slots = Vec::new();
        if let Some(condition) = condition {
            slots_of(condition, &mut slots);
            slots.dedup();
        }
        Self { requirement: Prepared::new(requirement), slots }
    }

    /// Words that are about no field.
    pub(super) fn said(requirement: &str) -> Self {
        Self::new(requirement.to_owned(), None)
    }

    /// Writes what the fields are.
    pub(super) fn write_actual(&self, paths: &Paths, values: &Values<'_>, out: &mut String) {
        for (at, slot) in self.slots.iter().enumerate() {
            if at > 0 {
                out.push_str("; ");
            }
            out.push_str(paths.name(*slot));
            out.push_str(" is ");
            let mut found = values.at(*slot);
            match found.next() {
                Some(first) => push_shown(out, first),
                None => out.push_str("not there"),
            }
            for other in found {
                out.push_str(", ");
                push_shown(out, other);
            }
        }
    }
}

/// What in the input cannot be what a condition asks of it: the field, what was found and what was expected.
pub(super) fn fault_of(condition: &Asked, paths: &Paths, values: &Values<'_>) -> Option<String> {
    let wrong = |slot: usize, expected: &str, fits: &dyn Fn(&Found<'_>) -> bool| {
        let found = values.at(slot).find(|found| !found.is_blank() && !fits(found))?;
        let mut shown = String::new();
        push_shown(&mut shown, found);
        Some(format!("`{}` is {shown}, and {expected} was expected", paths.name(slot)))
    };
    match condition {
        Asked::All(parts) | Asked::Any(parts) => parts.iter().find_map(|part| fault_of(part, paths, values)),
        Asked::Not(part) => fault_of(part, paths, values),
        Asked::Present(_) | Asked::Absent(_) => None,
        Asked::Truth(slot, _) => wrong(*slot, "true or false", &|found| matches!(found, Found::Truth(_))),
        Asked::Text(slot, _) => wrong(*slot, "a text", &|found| found.text().is_some()),
        Asked::Numbers(slot, _) => wrong(*slot, "a number", &|found| found.number().is_some()),
        Asked::Range(slot, bounds) => {
            let number = |slot| wrong(slot, "a number", &|found: &Found<'_>| found.number().is_some());
            number(*slot).or_else(|| bounds.times.and_then(number)).or_else(|| {
                let other = bounds.times?;
                (asked(condition, values, Over::Every) == Came::Error).then(|| {
                    format!("`{}` and `{}` cannot be compared item by item", paths.name(*slot), paths.name(other))
                })
            })
        }
    }
}

/// A condition as people read it.
fn words(condition: &Asked, paths: &Paths) -> String {
    let name = |slot: &usize| paths.name(*slot);
    let join = |parts: &[Asked], word: &str| {
        let parts: Vec<String> = parts.iter().map(|part| words(part, paths)).collect();
        parts.join(word)
    };
    match condition {
        Asked::All(parts) => join(parts, " and "),
        Asked::Any(parts) => format!("({})", join(parts, " or ")),
        Asked::Not(part) => format!("not ({})", words(part, paths)),
        Asked::Present(slot) => format!("{} is there", name(slot)),
        Asked::Absent(slot) => format!("{} is not there", name(slot)),
        Asked::Truth(slot, truth) => format!("{} is {truth}", name(slot)),
        Asked::Text(slot, test) => format!("{} {}", name(slot), text_words(test)),
        Asked::Numbers(slot, numbers) => {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            format!("{} is {}", name(slot), numbers.join(" or "))
        }
        Asked::Range(slot, bounds) => {
            let times = bounds.times.map_or_else(String::new, |other| format!(" times {}", paths.name(other)));
            let bounds =
                [("at least", bounds.min), ("at most", bounds.max), ("above", bounds.above), ("below", bounds.below)];
            let parts: Vec<String> =
                bounds.iter().filter_map(|(word, bound)| Some(format!("{word} {}{times}", (*bound)?))).collect();
            format!("{} is {}", name(slot), parts.join(" and "))
        }
    }
}

fn text_words(test: &TextTest) -> String {
    let texts: Vec<String> = test.texts().iter().map(|text| quoted(text)).collect();
    let operator = match test.operator() {
        Operator::Equals => "is".to_owned(),
        other => other.name().replace('_', " "),
    };
    let case = if test.case() == Case::Insensitive { " (upper or lower case)" } else { "" };
    format!("{operator} {}{case}", texts.join(" or "))
}

fn push_shown(out: &mut String, found: &Found<'_>) {
    match found {
        Found::Absent => out.push_str("not there"),
        Found::Text(text) => out.push_str(&quoted(text)),
        Found::Number(number) => out.push_str(number),
        Found::Truth(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Found::Whole(text) => out.push_str(if text.starts_with('{') { "an object" } else { "a list" }),
    }
}

fn slots_of(condition: &Asked, into: &mut Vec<usize>) {
    match condition {
        Asked::All(parts) | Asked::Any(parts) => parts.iter().for_each(|part| slots_of(part, into)),
        Asked::Not(part) => slots_of(part, into),
        Asked::Present(slot)
        | Asked::Absent(slot)
        | Asked::Truth(slot, _)
        | Asked::Text(slot, _)
        | Asked::Numbers(slot, _) => into.push(*slot),
        Asked::Range(slot, bounds) => {
            into.push(*slot);
            into.extend(bounds.times);
        }
    }
}
