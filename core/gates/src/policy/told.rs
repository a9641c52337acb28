//! Gates in words, as far as they can be said before there is an input: what is required, and of which fields.
//!
//! What is said of every miss is prepared once, as text and as JSON, so that a decision only copies it.

use std::fmt::Write as _;

use super::asked::{Came, Over, asked};
use super::gate::{Asked, Gate, Mode, Requirement};
use super::input::{Found, Paths, Values};
use crate::condition::{Case, Operator, TextTest, quoted};
use crate::json::push_text;
use crate::money::Amount;

/// How many values of a field are shown: whoever writes an input must not make the answer to it as long as they like.
const SHOWN: usize = 10;

/// How many bytes of a value are shown.
const SHOWN_BYTES: usize = 200;

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
                Requirement::Cost { rule, max, floor, owner } => {
                    let floor =
                        if floor.is_zero() { String::new() } else { format!(", of changes by {floor} or more") };
                    let owner = owner.map_or_else(String::new, |owner| format!(" of {}", paths.name(owner)));
                    (format!("{}{owner} is at most {max}{floor}", rule.name()), None)
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
            for other in found.by_ref().take(SHOWN - 1) {
                out.push_str(", ");
                push_shown(out, other);
            }
            let more = found.count();
            if more > 0 {
                let _ = write!(out, " and {more} more");
            }
        }
    }
}

/// What in the input cannot be what a condition asks of it: the field, what was found and what was expected.
pub(super) fn fault_of(condition: &Asked, paths: &Paths, values: &Values<'_>) -> Option<String> {
    let wrong = |slot: usize, expected: &dyn Fn(&Found<'_>) -> Option<&'static str>| {
        let mut given = values.at(slot).filter(|found| !found.is_blank());
        let (found, expected) = given.find_map(|found| Some((found, expected(found)?)))?;
        let mut shown = String::new();
        push_shown(&mut shown, found);
        Some(format!("`{}` is {shown}, and {expected} was expected", paths.name(slot)))
    };
    let number = |slot: usize| wrong(slot, &|found| found.number().err());
    match condition {
        Asked::All(parts) | Asked::Any(parts) => parts.iter().find_map(|part| fault_of(part, paths, values)),
        Asked::Not(part) | Asked::In(_, part) => fault_of(part, paths, values),
        Asked::Present(_) | Asked::Absent(_) => None,
        Asked::Truth(slot, _) => wrong(*slot, &|found| match found {
            Found::Truth(_) => None,
            _ => Some("true or false"),
        }),
        Asked::Text(slot, _) => wrong(*slot, &|found| if found.text().is_some() { None } else { Some("a text") }),
        Asked::Numbers(slot, _) => number(*slot),
        Asked::Range(slot, bounds) => number(*slot).or_else(|| {
            let other = bounds.times?;
            number(other)
                .or_else(|| {
                    wrong(other, &|found| {
                        let is_below = found.number().is_ok_and(|number| number < Amount::ZERO);
                        is_below.then_some("a number of 0 or more")
                    })
                })
                .or_else(|| {
                    (asked(condition, values, Over::Every) == Came::Error).then(|| {
                        format!("`{}` and `{}` cannot be compared item by item", paths.name(*slot), paths.name(other))
                    })
                })
        }),
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
        Asked::In(places, part) => format!("in {places}: {}", words(part, paths)),
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
        Found::Text(text) => {
            let (text, rest) = shortened(text);
            out.extend([&quoted(text), rest]);
        }
        Found::Number(number) => {
            let (number, rest) = shortened(number);
            out.extend([number, rest]);
        }
        Found::Truth(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Found::Whole(text) => out.push_str(if text.starts_with('{') { "an object" } else { "a list" }),
    }
}

/// As much of a text as is shown, and what stands for the rest of it.
fn shortened(text: &str) -> (&str, &'static str) {
    if text.len() <= SHOWN_BYTES {
        return (text, "");
    }
    (text.get(..text.floor_char_boundary(SHOWN_BYTES)).unwrap_or_default(), "…")
}

fn slots_of(condition: &Asked, into: &mut Vec<usize>) {
    match condition {
        Asked::All(parts) | Asked::Any(parts) => parts.iter().for_each(|part| slots_of(part, into)),
        Asked::Not(part) | Asked::In(_, part) => slots_of(part, into),
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
