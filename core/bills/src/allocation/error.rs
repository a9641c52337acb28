//! Why a policy was refused.

use std::fmt;

use crate::condition::document::Problem;

/// A policy that cannot be used, with everything that is wrong with it.
///
/// Its text is the first problem and how many more there are; show [`PolicyError::problems`] to list all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// Never empty.
    problems: Box<[Problem]>,
}

impl PolicyError {
    /// The error of these problems; `None` when there are none.
    pub(super) fn of(problems: Vec<Problem>) -> Option<Self> {
        (!problems.is_empty()).then(|| Self { problems: problems.into() })
    }

    /// Every problem, in the order of the sources; at least one.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What to do about the first problem.
    pub fn hint(&self) -> Option<String> {
        self.problems.first().and_then(Problem::hint)
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, others)) = self.problems.split_first() else {
            return f.write_str("the policy cannot be used");
        };
        first.fmt(f)?;
        match others.len() {
            0 => Ok(()),
            1 => f.write_str(" (and 1 more problem)"),
            more => write!(f, " (and {more} more problems)"),
        }
    }
}

impl std::error::Error for PolicyError {}
