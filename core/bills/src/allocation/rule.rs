//! One rule.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::condition::document::Position;
use crate::condition::{Condition, Facts, Field, quoted, trimmed};

/// A rule of a policy: a condition, and what it sets where it holds.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, unique in the policy.
    pub id: String,
    /// Where it stands.
    pub at: Position,
    /// When it matches.
    pub when: Condition,
    /// What it sets, in the order written.
    pub set: Vec<Assignment>,
}

/// One dimension that a rule sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Index of the dimension in the policy's list.
    pub dimension: usize,
    /// Where the value comes from.
    pub source: Source,
}

/// Where the value of a dimension comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// It is the same for every charge.
    Constant(Arc<str>),
    /// The charge's tag of this key, trimmed and mapped; absent, it sets nothing.
    Tag(String),
    /// The charge's field, trimmed; absent, it sets nothing.
    Field(Field),
}

impl Source {
    /// The value for a charge, tags as the policy means them.
    pub(super) fn value(&self, facts: &dyn Facts) -> Option<Arc<str>> {
        match self {
            Self::Constant(value) => Some(Arc::clone(value)),
            _ => self.text(facts).map(Arc::from),
        }
    }

    /// The same as text.
    pub(super) fn text<'f>(&'f self, facts: &'f dyn Facts) -> Option<Cow<'f, str>> {
        match self {
            Self::Constant(value) => Some(Cow::Borrowed(value)),
            Self::Tag(key) => facts.tag(key),
            Self::Field(field) => facts.field(*field).and_then(trimmed),
        }
    }
}

/// The value in the words of the policy file.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(value) => f.write_str(&quoted(value)),
            Self::Tag(key) => write!(f, "{{ tag = {} }}", quoted(key)),
            Self::Field(field) => write!(f, "{{ field = \"{field}\" }}"),
        }
    }
}

/// Says the same, wherever it is written.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.when == other.when && self.set == other.set
    }
}

impl Eq for Rule {}
