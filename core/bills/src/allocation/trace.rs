//! Why a charge belongs where it does.

use serde::Serialize;

use super::Policy;
use crate::condition::document::Position;
use crate::condition::{Facts, Failure, Outcome};

/// How one dimension of a charge came to its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DimensionTrace {
    /// The dimension.
    pub dimension: String,
    /// Its value; `None` is unallocated.
    pub value: Option<String>,
    /// The id of the rule that set it.
    pub rule: Option<String>,
    /// Every rule that sets this dimension, in the order in which they are tried.
    pub steps: Vec<Step>,
}

/// One rule that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its id.
    pub rule: String,
    /// Where it stands.
    #[serde(flatten)]
    pub at: Position,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: StepOutcome,
}

/// What came of a rule for one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum StepOutcome {
    /// It matched and set the value.
    Set {
        /// The value.
        value: String,
        /// Where it comes from, in the words of the policy file.
        source: String,
    },
    /// It matched, but the tag or field it inherits from is absent; later rules may set the dimension.
    NoValue {
        /// What it inherits from, in the words of the policy file.
        source: String,
    },
    /// It matched, but an earlier rule had set the dimension.
    Shadowed {
        /// The id of the earlier rule.
        by: String,
    },
    /// Its condition does not hold.
    Failed(Failure),
}

impl Policy {
    /// How each dimension of a charge came to its value, rule by rule.
    pub fn explain(&self, facts: &dyn Facts) -> Vec<DimensionTrace> {
        let facts = self.facts(facts);
        let outcomes: Vec<Outcome> = self.rules().iter().map(|rule| rule.when.explain(&facts)).collect();
        let dimensions = self.dimensions().iter().enumerate();
        dimensions.map(|(index, name)| self.explain_dimension(&facts, &outcomes, index, name)).collect()
    }

    fn explain_dimension(&self, facts: &dyn Facts, outcomes: &[Outcome], index: usize, name: &str) -> DimensionTrace {
        let mut trace = DimensionTrace { dimension: name.to_owned(), value: None, rule: None, steps: Vec::new() };
        for (rule, outcome) in self.rules().iter().zip(outcomes) {
            // A table holds a key once, so a rule sets a dimension at most once.
            let Some(assignment) = rule.set.iter().find(|assignment| assignment.dimension == index) else {
                continue;
            };
            let source = assignment.source.to_string();
            let outcome = match (outcome, &trace.rule) {
                (Outcome::Failed(failure), _) => StepOutcome::Failed(failure.clone()),
                (Outcome::Matched, Some(by)) => StepOutcome::Shadowed { by: by.clone() },
                (Outcome::Matched, None) => match assignment.source.value(facts) {
                    Some(value) => {
                        trace.value = Some(value.to_string());
                        trace.rule = Some(rule.id.clone());
                        StepOutcome::Set { value: value.to_string(), source }
                    }
                    None => StepOutcome::NoValue { source },
                },
            };
            trace.steps.push(Step { rule: rule.id.clone(), at: rule.at.clone(), outcome });
        }
        trace
    }
}
