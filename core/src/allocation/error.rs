//! Why a policy was refused.

use std::fmt;

use crate::condition::document::Problem;

/// A policy that cannot be used, with everything that is wrong with it.
///
/// Its text is the first problem and how many more there are; show [`PolicyError::problems`] to list all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    first: Problem,
    others: Vec<Problem>,
}

impl PolicyError {
    /// The error of these problems; `None` when there are none.
    pub(super) fn of(problems: Vec<Problem>) -> Option<Self> {
        let mut problems = problems.into_iter();
        let first = problems.next()?;
        Some(Self { first, others: problems.collect() })
    }

    /// Every problem, in the order of the sources; at least one.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// What to do about the first problem.
    pub fn hint(&self) -> Option<String> {
        self.first.hint()
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        match self.others.len() {
            0 => Ok(()),
            1 => f.write_str(" (and 1 more problem)"),
            more => write!(f, " (and {more} more problems)"),
        }
    }
}

impl std::error::Error for PolicyError {}
