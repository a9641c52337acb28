//! A policy that says more, or less, of a charge than the values of its dimensions.

use std::fmt;
use std::sync::Arc;

use crate::allocation::{Policy, RuleUsage};
use crate::condition::{Facts, Field};
use crate::ledger::{Claim, Classifier, Decider, Dimension, KeyedFacts, Texts, ValueNumber};
use crate::order::BTreeSet;

/// A policy with an afterthought to each of its claims. The policy is still asked as seldom as by itself.
#[derive(Clone)]
pub(super) struct Rewritten {
    policy: Arc<Policy>,
    names: Vec<String>,
    rewrite: Arc<Rewrite>,
}

/// Changes what the policy says of a charge; it may rest on what the policy reads, and on nothing else.
type Rewrite = dyn Fn(&Policy, &dyn KeyedFacts, &mut Texts, &mut Claim) + Send + Sync;

impl Rewritten {
    /// States, after the value of each of the policy's dimensions, the rule that set each of them.
    ///
    /// Charges that agree in values and rules share a key, so rules are counted as exactly as costs are.
    pub(super) fn with_rules(policy: &Arc<Policy>) -> Self {
        let own = policy.dimensions().iter().cloned();
        let rules = policy.dimensions().iter().map(|name| rule_column(name));
        let names = own.chain(rules).collect();
        let rewrite = |policy: &Policy, _: &dyn KeyedFacts, texts: &mut Texts, claim: &mut Claim| {
            for rule in &claim.rules {
                let id = rule.and_then(|rule| policy.rules().get(rule as usize)).map(|rule| rule.id.as_str());
                claim.values.push(texts.number(id));
            }
        };
        Self { policy: policy.clone(), names, rewrite: Arc::new(rewrite) }
    }

    /// Names only the rules that set some of the policy's dimensions.
    pub(super) fn with_rules_of<'d>(policy: &Arc<Policy>, dimensions: impl Iterator<Item = &'d Dimension>) -> Self {
        let mut wanted = vec![false; policy.dimensions().len()];
        for dimension in dimensions {
            if let Dimension::Assigned(index) = dimension {
                wanted[*index] = true;
            }
        }
        let rewrite = move |_: &Policy, _: &dyn KeyedFacts, _: &mut Texts, claim: &mut Claim| {
            claim.rules.iter_mut().zip(&wanted).filter(|(_, wanted)| !**wanted).for_each(|(rule, _)| *rule = None);
        };
        Self { policy: policy.clone(), names: policy.dimensions().to_vec(), rewrite: Arc::new(rewrite) }
    }

    /// Tells which rule set each dimension, then which rules matched, and nothing else: so there are few distinct
    /// answers, and each is counted once for all its charges. Rules are named by index.
    pub(super) fn with_usage(policy: &Arc<Policy>) -> Self {
        let names = policy.dimensions().iter().cloned().chain(["rules".to_owned()]).collect();
        let rewrite = |policy: &Policy, charge: &dyn KeyedFacts, texts: &mut Texts, claim: &mut Claim| {
            let mut usage = RuleUsage::default();
            policy.record(charge, 1, &mut usage);
            let matched = usage.matched.iter().enumerate().filter(|(_, rows)| **rows > 0);
            let matched: Vec<String> = matched.map(|(rule, _)| rule.to_string()).collect();
            claim.values.clear();
            let rules = claim.rules.iter().map(|rule| rule.map(|rule| rule.to_string()));
            claim.values.extend(rules.map(|rule| texts.number(rule.as_deref())));
            claim.values.push(texts.number(Some(&matched.join(" "))));
        };
        Self { policy: policy.clone(), names, rewrite: Arc::new(rewrite) }
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

impl fmt::Debug for Rewritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rewritten").field("policy", &self.policy).field("names", &self.names).finish_non_exhaustive()
    }
}

impl Classifier for Rewritten {
    fn dimensions(&self) -> &[String] {
        &self.names
    }

    fn fields(&self) -> BTreeSet<Field> {
        self.policy.fields()
    }

    fn tag_keys(&self) -> BTreeSet<String> {
        self.policy.tag_keys()
    }

    fn decider(self: Arc<Self>, asked: &BTreeSet<usize>) -> Box<dyn Decider> {
        Box::new(Rewriting { decider: self.policy.clone().decider(asked), rewritten: self })
    }
}

/// Lets the policy decide, then has its afterthought.
#[derive(Debug)]
struct Rewriting {
    decider: Box<dyn Decider>,
    rewritten: Arc<Rewritten>,
}

impl Decider for Rewriting {
    fn narrow(&mut self, fields: &[Field], charge: &dyn Facts, candidates: &mut Vec<u64>) {
        self.decider.narrow(fields, charge, candidates);
    }

    fn most_values(&self) -> usize {
        self.decider.most_values()
    }

    fn decide(
        &mut self,
        candidates: &[u64],
        values: &[ValueNumber],
        charge: &dyn KeyedFacts,
        texts: &mut Texts,
        claim: &mut Claim,
    ) {
        self.decider.decide(candidates, values, charge, texts, claim);
        (self.rewritten.rewrite)(&self.rewritten.policy, charge, texts, claim);
    }
}
