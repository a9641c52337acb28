//! The policy as the ledger asks it.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::demands::{Demand, RuleSet};
use super::tags::trimmed;
use super::{Assignment, Policy, PolicyFacts, Source};
use crate::condition::{Facts, Field, Subject};
use crate::ledger::{Claim, Classifier, Decider, KeyedFacts, Texts};

impl Classifier for Policy {
    fn dimensions(&self) -> &[String] {
        self.dimensions()
    }

    fn fields(&self) -> BTreeSet<Field> {
        self.fields()
    }

    fn tag_keys(&self) -> BTreeSet<String> {
        self.tag_keys()
    }

    fn decider(self: Arc<Self>) -> Box<dyn Decider> {
        Box::new(PolicyDecider::new(self))
    }
}

/// Decides as [`Policy::allocate`] does, and remembers what each value of a tag leaves possible.
#[derive(Debug)]
struct PolicyDecider {
    policy: Arc<Policy>,
    /// The tags of which rules demand something.
    tags: Vec<AskedTag>,
    left: RuleSet,
    /// Numbers of constant values, in the order of [`Policy::rules`] and of what each sets; 0 is not known yet.
    constants: Vec<Vec<u32>>,
}

/// A tag of which rules demand something.
#[derive(Debug)]
struct AskedTag {
    /// The position of its demand among the policy's.
    demand: usize,
    /// Its key.
    key: String,
    /// Positions of the key and of those that mean the same.
    positions: Vec<usize>,
    absent: RuleSet,
    /// What values leave possible, one set after the other, and which is whose.
    met: Vec<u64>,
    by_value: HashMap<Box<str>, u32, FixedState>,
}

/// Values of a tag remembered: those that decide are few, and a tag with more names things one by one.
const MOST_VALUES: usize = 4096;

impl PolicyDecider {
    fn new(policy: Arc<Policy>) -> Self {
        let keys: Vec<String> = policy.tag_keys().into_iter().collect();
        let position = |key: &str| keys.binary_search_by(|known| known.as_str().cmp(key)).ok();
        let demands = policy.demands.subjects().iter().enumerate();
        let tags = demands.filter_map(|(demand, (subject, of_subject))| match subject {
            Subject::Field(_) => None,
            Subject::Tag(key) => Some(AskedTag {
                demand,
                key: key.clone(),
                positions: [key.as_str()].into_iter().chain(policy.tags.aliases(key)).filter_map(position).collect(),
                absent: of_subject.met_by(None),
                met: Vec::new(),
                by_value: HashMap::default(),
            }),
        });
        let tags = tags.collect();
        let constants = policy.rules.iter().map(|rule| vec![0; rule.set.len()]).collect();
        Self { tags, left: RuleSet::new(), constants, policy }
    }
}

impl Decider for PolicyDecider {
    fn narrow(&mut self, fields: &[Field], charge: &dyn Facts, candidates: &mut Vec<u64>) {
        let from = candidates.len();
        self.policy.demands.everyone(candidates);
        for (subject, demand) in self.policy.demands.subjects() {
            if let Subject::Field(field) = subject
                && fields.contains(field)
            {
                meet(&mut candidates[from..], &demand.met_by(charge.field(*field).as_deref()));
            }
        }
    }

    fn decide(&mut self, candidates: &[u64], charge: &dyn KeyedFacts, texts: &mut Texts, claim: &mut Claim) {
        let policy = &*self.policy;
        claim.reset(policy.dimensions.len());
        self.left.clear();
        self.left.extend_from_slice(candidates);
        for tag in &mut self.tags {
            let found = tag.positions.iter().find_map(|position| charge.tag_at(*position).and_then(trimmed));
            let demand = &policy.demands.subjects()[tag.demand].1;
            match found {
                None => meet(&mut self.left, &tag.absent),
                Some(value) => tag.narrow(policy, demand, &value, &mut self.left),
            }
        }
        let mut open = policy.dimensions.len();
        let facts = PolicyFacts::new(charge, &policy.tags);
        for (word, left) in self.left.iter().enumerate() {
            let mut left = *left;
            while left != 0 && open > 0 {
                let index = word * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                let rule = &policy.rules[index];
                if rule.set.iter().all(|assignment| claim.values[assignment.dimension] != 0)
                    || !(policy.demands.is_told(index as u32) || rule.when.matches(&facts))
                {
                    continue;
                }
                for (Assignment { dimension, source }, constant) in rule.set.iter().zip(&mut self.constants[index]) {
                    if claim.values[*dimension] != 0 {
                        continue;
                    }
                    let number = match source {
                        Source::Constant(_) if *constant != 0 => *constant,
                        Source::Constant(value) => {
                            *constant = texts.number(Some(value));
                            *constant
                        }
                        _ => texts.number(source.text(&facts).as_deref()),
                    };
                    if number != 0 {
                        claim.values[*dimension] = number;
                        claim.rules[*dimension] = Some(index as u32);
                        open -= 1;
                    }
                }
            }
        }
    }
}

impl AskedTag {
    /// Leaves of the rules those that the value, as found and trimmed, leaves possible.
    #[inline]
    fn narrow(&mut self, policy: &Policy, demand: &Demand, value: &str, left: &mut [u64]) {
        let words = left.len();
        if let Some(known) = self.by_value.get(value) {
            let from = *known as usize * words;
            return meet(left, &self.met[from..from + words]);
        }
        let met = demand.met_by(Some(&policy.tags.meant(&self.key, Cow::Borrowed(value))));
        meet(left, &met);
        if self.by_value.len() < MOST_VALUES {
            self.by_value.insert(value.into(), self.by_value.len() as u32);
            self.met.extend_from_slice(&met);
        }
    }
}

fn meet(left: &mut [u64], met: &[u64]) {
    left.iter_mut().zip(met).for_each(|(left, met)| *left &= met);
}
