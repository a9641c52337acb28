//! The policy as the ledger asks it.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::demands::{Demand, RuleSet};
use super::{Assignment, Policy, PolicyFacts, Source};
use crate::condition::{Facts, Field, Subject, trimmed};
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

/// Decides as [`Policy::allocate`] does, and remembers what each value of a tag leaves possible and means.
#[derive(Debug)]
struct PolicyDecider {
    policy: Arc<Policy>,
    /// The tags that rules read.
    tags: Vec<ReadTag>,
    /// For each rule, where the values that it sets come from.
    values: Vec<Vec<ValueFrom>>,
    left: RuleSet,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug)]
enum ValueFrom {
    /// It is the same for every charge: its number, 0 as long as nobody has asked.
    Constant(u32),
    /// The tag at this position among those that rules read.
    Tag(usize),
    Field(Field),
}

/// A tag that rules read.
#[derive(Debug)]
struct ReadTag {
    key: String,
    /// Positions of the key and of those that mean the same.
    positions: Vec<usize>,
    /// The position of its demand among the policy's, if any rule demands anything of it.
    demand: Option<usize>,
    /// What its absence leaves possible.
    absent: RuleSet,
    /// What values leave possible, one set after the other.
    met: Vec<u64>,
    /// For each value its place in `met`, and the number of what it means, 0 as long as nobody has asked.
    known: HashMap<Box<str>, (u32, u32), FixedState>,
}

/// Values of a tag remembered: those that decide are few, and a tag with more names things one by one.
const MOST_VALUES: usize = 4096;

/// The longest value remembered, in bytes: with it the number of them bounds what they take.
const LONGEST_VALUE: usize = 256;

impl PolicyDecider {
    fn new(policy: Arc<Policy>) -> Self {
        let keys: Vec<String> = policy.tag_keys().into_iter().collect();
        let position = |key: &str| keys.binary_search_by(|known| known.as_str().cmp(key)).ok();
        let demands = policy.demands.subjects();
        let tag = |key: &str| {
            let demand = demands.iter().position(|(subject, _)| matches!(subject, Subject::Tag(tag) if tag == key));
            ReadTag {
                key: key.to_owned(),
                positions: [key].into_iter().chain(policy.tags.aliases(key)).filter_map(position).collect(),
                demand,
                absent: demand.map_or_else(RuleSet::new, |demand| demands[demand].1.met_by(None)),
                met: Vec::new(),
                known: HashMap::default(),
            }
        };
        let tags: Vec<ReadTag> = policy.read_keys().into_iter().map(tag).collect();
        let value = |assignment: &Assignment| match &assignment.source {
            Source::Constant(_) => ValueFrom::Constant(0),
            // All keys that rules inherit from are among those read.
            Source::Tag(key) => ValueFrom::Tag(tags.iter().position(|tag| tag.key == *key).unwrap_or_default()),
            Source::Field(field) => ValueFrom::Field(*field),
        };
        let values = policy.rules.iter().map(|rule| rule.set.iter().map(value).collect()).collect();
        Self { tags, values, left: RuleSet::new(), policy }
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
        let Self { policy, tags, values, left } = self;
        claim.reset(policy.dimensions.len());
        left.clear();
        left.extend_from_slice(candidates);
        for tag in tags.iter_mut() {
            let Some(demand) = tag.demand else { continue };
            match charge.first_tag(&tag.positions) {
                None => meet(left, &tag.absent),
                Some(value) => tag.narrow(policy, &policy.demands.subjects()[demand].1, &value, left),
            }
        }
        let mut open = policy.dimensions.len();
        let facts = PolicyFacts::new(charge, &policy.tags);
        for (word, left) in left.iter().enumerate() {
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
                for (Assignment { dimension, source }, from) in rule.set.iter().zip(&mut values[index]) {
                    if claim.values[*dimension] != 0 {
                        continue;
                    }
                    let number = match from {
                        ValueFrom::Constant(number) => {
                            if *number == 0 {
                                *number = texts.number(source.text(charge).as_deref());
                            }
                            *number
                        }
                        ValueFrom::Tag(tag) => tags[*tag].number(policy, charge, texts),
                        ValueFrom::Field(field) => texts.number(charge.field(*field).and_then(trimmed).as_deref()),
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

impl ReadTag {
    /// Leaves of the rules those that the value, as found and trimmed, leaves possible.
    #[inline]
    fn narrow(&mut self, policy: &Policy, demand: &Demand, value: &str, left: &mut [u64]) {
        let words = left.len();
        if let Some((place, _)) = self.known.get(value) {
            let from = *place as usize * words;
            return meet(left, &self.met[from..from + words]);
        }
        let met = demand.met_by(Some(&policy.tags.meant(&self.key, Cow::Borrowed(value))));
        meet(left, &met);
        if self.has_room_for(value) {
            self.known.insert(value.into(), (self.known.len() as u32, 0));
            self.met.extend_from_slice(&met);
        }
    }

    fn has_room_for(&self, value: &str) -> bool {
        self.known.len() < MOST_VALUES && value.len() <= LONGEST_VALUE
    }

    /// The number of what the charge's value means; 0 where it has none.
    #[inline]
    fn number(&mut self, policy: &Policy, charge: &dyn KeyedFacts, texts: &mut Texts) -> u32 {
        let Some(value) = charge.first_tag(&self.positions) else { return 0 };
        if let Some((_, number)) = self.known.get(value.as_ref())
            && *number != 0
        {
            return *number;
        }
        let number = texts.number(Some(&policy.tags.meant(&self.key, Cow::Borrowed(&value))));
        if let Some((_, known)) = self.known.get_mut(value.as_ref()) {
            *known = number;
        } else if self.demand.is_none() && self.has_room_for(&value) {
            // Where a demand is made of the tag, each value known has its place among the sets that meet it.
            self.known.insert(value.as_ref().into(), (0, number));
        }
        number
    }
}

fn meet(left: &mut [u64], met: &[u64]) {
    left.iter_mut().zip(met).for_each(|(left, met)| *left &= met);
}
