//! The tree of a condition.

use std::borrow::Cow;

use super::{Facts, Field, Range, TextTest};
use crate::money::Amount;

/// What must hold, as a tree of checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// All of these hold; of none, always.
    All(Vec<Self>),
    /// At least one of these holds; of none, never.
    Any(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// One question about one value.
    Check(Check),
}

/// One question about one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Whose value is looked at.
    pub subject: Subject,
    /// What is asked of it.
    pub test: Test,
}

/// A value that a condition can look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Subject {
    /// A field of a charge.
    Field(Field),
    /// The tag with exactly this key.
    Tag(String),
}

/// What is asked of a value. Every test but [`Test::Absent`] fails on an absent value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// There is a value.
    Present,
    /// There is none.
    Absent,
    /// The value as text.
    Text(TextTest),
    /// The value is one of these numbers, however it is written (`0.50` is `0.5`).
    Amounts(Vec<Amount>),
    /// The value is a number within bounds; a text that is no number is not.
    Range(Range),
}

impl Condition {
    /// The condition that always holds.
    pub const ALWAYS: Self = Self::All(Vec::new());

    /// Calls `visit` with every subject that is looked at, in the order written.
    pub fn for_each_subject<'c>(&'c self, visit: &mut impl FnMut(&'c Subject)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.for_each_subject(visit)),
            Self::Not(part) => part.for_each_subject(visit),
            Self::Check(check) => visit(&check.subject),
        }
    }
}

impl Subject {
    /// The value the facts show for it.
    pub fn value<'f>(&self, facts: &'f dyn Facts) -> Option<Cow<'f, str>> {
        match self {
            Self::Field(field) => facts.field(*field),
            Self::Tag(key) => facts.tag(key),
        }
    }
}
