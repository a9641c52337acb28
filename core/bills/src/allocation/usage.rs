//! How often each rule served on a bill.

use super::{Lint, LintCode, Policy};
use crate::condition::Facts;

/// For each rule of a policy, how many charges it matched and how many it set something of.
///
/// Counts of parts of a bill add up ([`RuleUsage::merge`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleUsage {
    /// Charges whose condition held, by rule.
    pub matched: Vec<u64>,
    /// Charges of which the rule set at least one dimension, by rule.
    pub set: Vec<u64>,
}

impl RuleUsage {
    /// No charges yet, for the rules of `policy`.
    pub fn new(policy: &Policy) -> Self {
        let rules = policy.rules().len();
        Self { matched: vec![0; rules], set: vec![0; rules] }
    }

    /// Adds the counts of another part of the bill, made with the same policy.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in [(&mut self.matched, &other.matched), (&mut self.set, &other.set)] {
            mine.resize(mine.len().max(theirs.len()), 0);
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine = mine.saturating_add(*theirs));
        }
    }
}

impl Policy {
    /// Counts `charges` charges that show the same facts.
    ///
    /// Every rule is tried, so this costs more than [`Policy::allocate`].
    pub fn record(&self, facts: &dyn Facts, charges: u64, usage: &mut RuleUsage) {
        let rules = self.rules().len();
        usage.matched.resize(rules, 0);
        usage.set.resize(rules, 0);
        let allocation = self.allocate(facts);
        let facts = self.facts(facts);
        for (index, rule) in self.rules().iter().enumerate() {
            if rule.when.matches(&facts) {
                usage.matched[index] = usage.matched[index].saturating_add(charges);
                if allocation.rules.contains(&Some(index as u32)) {
                    usage.set[index] = usage.set[index].saturating_add(charges);
                }
            }
        }
    }

    /// The rules that did nothing on this bill.
    pub fn unused(&self, usage: &RuleUsage) -> Vec<Lint> {
        let mut lints = Vec::new();
        for (index, rule) in self.rules().iter().enumerate() {
            let count = |counts: &[u64]| counts.get(index).copied().unwrap_or(0);
            let (matched, set) = (count(&usage.matched), count(&usage.set));
            if set > 0 {
                continue;
            }
            let id = &rule.id;
            lints.push(if matched == 0 {
                Lint {
                    code: LintCode::NeverMatched,
                    rule: Some(id.clone()),
                    at: rule.at.clone(),
                    message: format!("rule `{id}` matched no charge of this bill"),
                    hint: Some("remove it, or correct its condition: `policy explain` shows what it saw".to_owned()),
                }
            } else {
                Lint {
                    code: LintCode::NeverSet,
                    rule: Some(id.clone()),
                    at: rule.at.clone(),
                    message: format!(
                        "rule `{id}` matched {matched} charges of this bill and set nothing: earlier rules had, or what it inherits from was absent"
                    ),
                    hint: Some("move it up, or remove it".to_owned()),
                }
            });
        }
        lints
    }
}
