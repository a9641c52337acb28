//! Which rule set what.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::allocation::Policy;
use crate::condition::{Facts, Field};
use crate::ledger::{Claim, Classifier, Dimension};

/// A policy that states, after the value of each of its dimensions, the rule that set each of them.
///
/// Charges that agree in values and rules share a key, so rules are counted as exactly as costs are, and the policy
/// is still asked only once for each distinct key.
#[derive(Debug)]
pub(super) struct Traced {
    policy: Arc<Policy>,
    /// The policy's dimensions, then `<dimension>_rule` of each.
    names: Vec<String>,
    /// The rules' ids.
    ids: Vec<Arc<str>>,
}

impl Traced {
    pub(super) fn new(policy: &Arc<Policy>) -> Self {
        let own = policy.dimensions().iter().cloned();
        let rules = policy.dimensions().iter().map(|name| rule_column(name));
        Self {
            names: own.chain(rules).collect(),
            ids: policy.rules().iter().map(|rule| Arc::from(rule.id.as_str())).collect(),
            policy: policy.clone(),
        }
    }

    /// The dimension that names the rule which set the policy's dimension at this index.
    pub(super) fn rule_of(&self, index: usize) -> Dimension {
        Dimension::Assigned(self.policy.dimensions().len() + index)
    }
}

/// What the column beside a dimension is called.
pub(super) fn rule_column(dimension: &str) -> String {
    format!("{dimension}_rule")
}

impl Classifier for Traced {
    fn dimensions(&self) -> &[String] {
        &self.names
    }

    fn fields(&self) -> BTreeSet<Field> {
        self.policy.fields()
    }

    fn tag_keys(&self) -> BTreeSet<String> {
        self.policy.tag_keys()
    }

    fn classify(&self, facts: &dyn Facts) -> Claim {
        let allocation = self.policy.allocate(facts);
        let mut values = allocation.values;
        values.extend(allocation.rules.iter().map(|rule| self.ids.get((*rule)? as usize).cloned()));
        Claim { values, rules: allocation.rules }
    }
}

/// A policy that names only the rules which set some of its dimensions.
#[derive(Debug)]
pub(super) struct RulesOf {
    policy: Arc<Policy>,
    /// Whether each of the policy's dimensions is one of them.
    wanted: Vec<bool>,
}

impl RulesOf {
    pub(super) fn new<'d>(policy: &Arc<Policy>, dimensions: impl Iterator<Item = &'d Dimension>) -> Self {
        let mut wanted = vec![false; policy.dimensions().len()];
        for dimension in dimensions {
            if let Dimension::Assigned(index) = dimension {
                wanted[*index] = true;
            }
        }
        Self { policy: policy.clone(), wanted }
    }
}

impl Classifier for RulesOf {
    fn dimensions(&self) -> &[String] {
        self.policy.dimensions()
    }

    fn fields(&self) -> BTreeSet<Field> {
        self.policy.fields()
    }

    fn tag_keys(&self) -> BTreeSet<String> {
        self.policy.tag_keys()
    }

    fn classify(&self, facts: &dyn Facts) -> Claim {
        let allocation = self.policy.allocate(facts);
        let rules = allocation.rules.into_iter().zip(&self.wanted).filter(|(_, wanted)| **wanted);
        Claim { values: allocation.values, rules: rules.map(|(rule, _)| rule).collect() }
    }
}
