//! Does it hold, and if not, why.

use std::borrow::Cow;

use serde::Serialize;

use super::{Check, Condition, Facts, Test};
use crate::money::Amount;

/// What came of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Matched,
    /// It does not, because of this.
    Failed(Failure),
}

/// The first part of a condition that decided against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The part, in the words of the policy file; long lists are shortened.
    pub condition: String,
    /// The value it saw; `None` when there was none.
    pub saw: Option<String>,
}

impl Condition {
    /// Whether it holds for these facts.
    pub fn matches(&self, facts: &dyn Facts) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(facts)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(facts)),
            Self::Not(part) => !part.matches(facts),
            Self::Check(check) => check.matches(facts),
        }
    }

    /// Whether it holds for these facts, and if not, the first part that failed and what it saw.
    pub fn explain(&self, facts: &dyn Facts) -> Outcome {
        self.against(facts, true).map_or(Outcome::Matched, Outcome::Failed)
    }

    /// The first part that keeps the condition from being `wanted`; `None` when it is.
    fn against(&self, facts: &dyn Facts, wanted: bool) -> Option<Failure> {
        match self {
            Self::Check(check) => {
                if check.matches(facts) == wanted {
                    return None;
                }
                let condition = if wanted { format!("{check:#}") } else { format!("not = {self:#}") };
                Some(Failure { condition, saw: check.subject.value(facts).map(Cow::into_owned) })
            }
            Self::Not(part) => part.against(facts, !wanted),
            // Every part must be as wanted, so the first that is not decides.
            Self::All(parts) if wanted => parts.iter().find_map(|part| part.against(facts, true)),
            Self::Any(parts) if !wanted => parts.iter().find_map(|part| part.against(facts, false)),
            // One part as wanted is enough: none is, so the first stands for all.
            Self::All(parts) | Self::Any(parts) => {
                let mut first = None;
                for part in parts {
                    let failure = part.against(facts, wanted)?;
                    first.get_or_insert(failure);
                }
                let nothing = || {
                    let condition = if wanted { format!("{self:#}") } else { format!("not = {self:#}") };
                    Failure { condition, saw: None }
                };
                Some(first.unwrap_or_else(nothing))
            }
        }
    }
}

impl Check {
    /// Whether the value the facts show passes.
    pub fn matches(&self, facts: &dyn Facts) -> bool {
        self.test.holds(self.subject.value(facts).as_deref())
    }
}

impl Test {
    /// Whether a value passes.
    pub fn holds(&self, value: Option<&str>) -> bool {
        let Some(value) = value else {
            return matches!(self, Self::Absent);
        };
        let number = || Amount::parse(value.as_bytes()).ok().map(|parsed| parsed.amount);
        match self {
            Self::Present => true,
            Self::Absent => false,
            Self::Text(text) => text.matches(value),
            Self::Amounts(amounts) => number().is_some_and(|number| amounts.contains(&number)),
            Self::Range(range) => number().is_some_and(|number| range.contains(number)),
        }
    }
}
