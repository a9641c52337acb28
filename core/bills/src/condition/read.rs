//! Reading a condition from a policy document.

use std::str::FromStr as _;

use super::document::{Document, Entry, Fault, Node, Problem, Value, Walk, nearest};
use super::{Bound, Case, Check, Condition, Field, Operator, Range, Subject, Test, TextTest};

/// What may be asked of a subject.
const ASKED: &[&str] = &[
    "equals",
    "starts_with",
    "ends_with",
    "contains",
    "glob",
    "present",
    "absent",
    "min",
    "max",
    "above",
    "below",
    "case",
];

/// What a table of conditions may hold beside fields.
const JOINED: &[&str] = &["all", "any", "not", "tag"];

const IF_EMPTY: &str = "a missing value is asked for with `absent = true`";

impl Condition {
    /// Reads a condition table: `{ all = […] }`, `{ any = […] }`, `{ not = {…} }`, `{ tag = "app", starts_with = "x" }`,
    /// `{ service_name = "x", region_id = ["a", "b"] }`. Everything in one table must hold.
    ///
    /// Problems are reported to `walk`; then the answer is `None`.
    pub fn read(walk: &mut Walk<'_>, node: &Node) -> Option<Self> {
        let before = walk.problem_count();
        let entries = walk.table("when", node)?;
        let tag = entries.iter().find(|entry| entry.key == "tag");
        let (mut parts, mut place) = (Vec::new(), 0);
        for entry in entries {
            match entry.key.as_str() {
                "all" => parts.push(Self::All(read_list(walk, entry))),
                "any" => parts.push(Self::Any(read_list(walk, entry))),
                "not" => parts.extend(Self::read(walk, &entry.node).map(|part| Self::Not(Box::new(part)))),
                "tag" => place = parts.len(),
                asked if ASKED.contains(&asked) => {
                    if tag.is_none() {
                        walk.report(entry.at, Fault::NoSubject { operator: entry.key.clone() });
                    }
                }
                name => match Field::from_str(name) {
                    Ok(field) => read_field(walk, field, entry, &mut parts),
                    Err(_) => unknown_field(walk, entry, tag.is_some()),
                },
            }
        }
        // Last, so that a misspelled operator is not reported as a missing one as well.
        if let Some(entry) = tag {
            let key = walk.text("tag", &entry.node, "write the key of a tag").unwrap_or_default();
            let checks = read_checks(walk, &Subject::Tag(key.to_owned()), entry.at, entries, before);
            parts.splice(place..place, checks);
        }
        if walk.problem_count() > before {
            return None;
        }
        Some(match parts.pop() {
            Some(only) if parts.is_empty() => only,
            Some(last) => {
                parts.push(last);
                Self::All(parts)
            }
            None => Self::ALWAYS,
        })
    }

    /// Reads one condition table in TOML's notation, such as `{ service_name = "AmazonS3" }`.
    ///
    /// # Errors
    /// The first problem.
    pub fn from_toml(text: &str) -> Result<Self, Problem> {
        let document = Document::read_value("condition", text)?;
        let mut walk = Walk::new(&document);
        let condition = Self::read(&mut walk, document.root());
        match (condition, walk.into_problems().into_iter().next()) {
            (_, Some(problem)) => Err(problem),
            (Some(condition), None) => Ok(condition),
            (None, None) => Ok(Self::ALWAYS),
        }
    }
}

// What follows is kept in parts for the sake of browsers, as the reading of rules is.
#[inline(never)]
fn read_list(walk: &mut Walk<'_>, entry: &Entry) -> Vec<Condition> {
    let items = walk.list(&entry.key, &entry.node).unwrap_or_default();
    items.iter().filter_map(|item| Condition::read(walk, item)).collect()
}

#[inline(never)]
fn unknown_field(walk: &mut Walk<'_>, entry: &Entry, tag: bool) {
    let fields = Field::ALL.iter().map(|field| field.name());
    let asked = if tag { ASKED } else { &[] };
    let known = JOINED.iter().chain(asked).copied().chain(fields);
    let nearest = nearest(&entry.key, known).map(str::to_owned);
    walk.report(entry.at, Fault::UnknownField { name: entry.key.clone(), nearest });
}

/// A field with a value or a list (equals), or with a table of what is asked.
#[inline(never)]
fn read_field(walk: &mut Walk<'_>, field: Field, entry: &Entry, parts: &mut Vec<Condition>) {
    let subject = Subject::Field(field);
    let Value::Table(asked) = &entry.node.value else {
        if let Some(test) = read_equals(walk, &subject, field.name(), &entry.node, Case::Sensitive) {
            parts.push(Condition::Check(Check { subject, test }));
        }
        return;
    };
    let before = walk.problem_count();
    for entry in asked.iter().filter(|entry| !ASKED.contains(&entry.key.as_str())) {
        walk.unknown_key(entry, ASKED);
    }
    parts.extend(read_checks(walk, &subject, entry.at, asked, before));
}

/// What `entries` ask of a subject; those that are no operators are passed over.
///
/// A missing operator is only reported when nothing was since `before`.
#[inline(never)]
fn read_checks(walk: &mut Walk<'_>, subject: &Subject, at: usize, entries: &[Entry], before: usize) -> Vec<Condition> {
    let case_entry = entries.iter().find(|entry| entry.key == "case");
    let case = case_entry.and_then(|entry| read_case(walk, &entry.node)).unwrap_or_default();
    let mut range = Range::default();
    let mut tests = Vec::new();
    let mut compares_text = false;
    for entry in entries {
        let (key, node) = (entry.key.as_str(), &entry.node);
        if let Some(operator) = Operator::ALL.iter().find(|operator| operator.name() == key) {
            compares_text = true;
            tests.extend(read_text(walk, subject, *operator, entry, case));
        } else if let Some(bound) = Bound::ALL.iter().find(|bound| bound.name() == key) {
            *range.bound_mut(*bound) = walk.amount(key, node);
        } else if matches!(key, "present" | "absent") {
            let truth = walk.truth(key, node);
            tests.extend(truth.map(|truth| if truth == (key == "present") { Test::Present } else { Test::Absent }));
        }
    }
    if range != Range::default() {
        tests.push(Test::Range(range));
    }
    if walk.problem_count() > before {
        return Vec::new();
    }
    if let Some(entry) = case_entry.filter(|_| !compares_text && !tests.is_empty()) {
        walk.report(entry.at, Fault::IdleCase { subject: subject.to_string() });
    }
    if tests.is_empty() {
        walk.report(at, Fault::NothingAsked { subject: subject.to_string() });
    }
    tests.into_iter().map(|test| Condition::Check(Check { subject: subject.clone(), test })).collect()
}

fn read_case(walk: &mut Walk<'_>, node: &Node) -> Option<Case> {
    match walk.text("case", node, "write `case = \"insensitive\"`")? {
        "sensitive" => Some(Case::Sensitive),
        "insensitive" => Some(Case::Insensitive),
        other => {
            let nearest = nearest(other, Case::NAMES.iter().copied());
            let fault = Fault::NotOneOf { key: "case", value: other.to_owned(), known: Case::NAMES.to_vec(), nearest };
            walk.report(node.at, fault);
            None
        }
    }
}

#[inline(never)]
fn read_text(walk: &mut Walk<'_>, subject: &Subject, operator: Operator, entry: &Entry, case: Case) -> Option<Test> {
    if operator == Operator::Equals {
        return read_equals(walk, subject, &entry.key, &entry.node, case);
    }
    if let Subject::Field(field) = subject
        && field.is_numeric()
    {
        walk.report(entry.at, Fault::TextOnNumber { field: field.name(), operator: operator.name() });
        return None;
    }
    let texts = walk.texts(&entry.key, &entry.node, IF_EMPTY)?;
    Some(Test::Text(TextTest::new(operator, case, texts)))
}

#[inline(never)]
fn read_equals(walk: &mut Walk<'_>, subject: &Subject, key: &str, node: &Node, case: Case) -> Option<Test> {
    match subject {
        Subject::Field(field) if field.is_numeric() => walk.amounts(key, node).map(Test::Amounts),
        _ => {
            let texts = walk.texts(key, node, IF_EMPTY)?;
            Some(Test::Text(TextTest::new(Operator::Equals, case, texts)))
        }
    }
}
