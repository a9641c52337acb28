//! The policy as the ledger asks it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::demands::{Demand, RuleSet};
use super::{Assignment, Policy, PolicyFacts, Source};
use crate::condition::{Facts, Field, Subject, trimmed};
use crate::ledger::{Claim, Classifier, Decider, KeyedFacts, Texts};
use crate::order::BTreeSet;

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

    fn decider(self: Arc<Self>, asked: &BTreeSet<usize>) -> Box<dyn Decider> {
        Box::new(PolicyDecider::new(self, asked))
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
    /// Whether the value of each dimension is asked for.
    told: Vec<bool>,
    /// Values that may be remembered of each tag.
    most_values: usize,
    left: RuleSet,
    /// Rules that must be asked about the charge under way, though their demands are told.
    asked: RuleSet,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug)]
enum ValueFrom {
    /// Nobody asks for it.
    Anywhere,
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
    /// What values leave possible, one set after the other.
    met: Vec<u64>,
    /// For each value its place in `met`, and the number of what it means, 0 as long as nobody has asked.
    known: HashMap<Box<str>, (u32, u32), FixedState>,
}

/// Values of a tag remembered: those that decide are few, and a tag with more names things one by one.
/// Tests remember hardly any, so that they see what happens beyond.
const MOST_VALUES: usize = if cfg!(test) { 2 } else { 4096 };

/// Words that the sets of all remembered values may take, but that every tag may have a few.
const MOST_WORDS: usize = 1 << 17;

/// The longest value remembered, in bytes: with it the number of them bounds what they take.
const LONGEST_VALUE: usize = 256;

impl PolicyDecider {
    fn new(policy: Arc<Policy>, asked: &BTreeSet<usize>) -> Self {
        let keys: Vec<String> = policy.tag_keys().into_iter().collect();
        let position = |key: &str| keys.binary_search_by(|known| known.as_str().cmp(key)).ok();
        let demands = policy.demands.subjects();
        let tag = |key: &str| {
            let subject = Subject::Tag(key.to_owned());
            let demand = demands.binary_search_by(|(known, _)| known.cmp(&subject)).ok();
            ReadTag {
                key: key.to_owned(),
                positions: [key].into_iter().chain(policy.tags.aliases(key)).filter_map(position).collect(),
                demand,
                met: Vec::new(),
                known: HashMap::default(),
            }
        };
        let tags: Vec<ReadTag> = policy.read_keys().into_iter().map(tag).collect();
        let value = |assignment: &Assignment| match &assignment.source {
            Source::Constant(_) if !asked.contains(&assignment.dimension) => ValueFrom::Anywhere,
            Source::Constant(_) => ValueFrom::Constant(0),
            // All keys that rules inherit from are among those read, and these are sorted.
            Source::Tag(key) => {
                ValueFrom::Tag(tags.binary_search_by(|tag| tag.key.cmp(key)).unwrap_or_else(|place| place))
            }
            Source::Field(field) => ValueFrom::Field(*field),
        };
        let values = policy.rules.iter().map(|rule| rule.set.iter().map(value).collect()).collect();
        let told = policy.dimensions.iter().enumerate().map(|(index, _)| asked.contains(&index)).collect();
        let words = demands.first().map_or(0, |(_, demand)| demand.absent().len());
        let most_values = MOST_VALUES.min((MOST_WORDS / (words * tags.len()).max(1)).max(16));
        Self { tags, values, told, most_values, left: RuleSet::new(), asked: RuleSet::new(), policy }
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
        let Self { policy, tags, values, told, most_values, left, asked } = self;
        claim.reset(policy.dimensions.len());
        left.clear();
        left.extend_from_slice(candidates);
        asked.clear();
        asked.resize(left.len(), 0);
        for tag in tags.iter_mut() {
            let Some(demand) = tag.demand else { continue };
            match charge.first_tag(&tag.positions) {
                None => meet(left, policy.demands.subjects()[demand].1.absent()),
                Some(value) => {
                    tag.narrow(policy, &policy.demands.subjects()[demand].1, &value, *most_values, left, asked);
                }
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
                let is_met = policy.demands.is_told(index as u32) && asked[word] & (1 << (index % 64)) == 0;
                if rule.set.iter().all(|assignment| claim.values[assignment.dimension] != 0)
                    || !(is_met || rule.when.matches(&facts))
                {
                    continue;
                }
                for (Assignment { dimension, source }, from) in rule.set.iter().zip(&mut values[index]) {
                    if claim.values[*dimension] != 0 {
                        continue;
                    }
                    let asked = told[*dimension];
                    let number = match from {
                        ValueFrom::Anywhere => Texts::NOT_ASKED,
                        ValueFrom::Tag(tag) if !asked => not_asked(charge.first_tag(&tags[*tag].positions).is_some()),
                        ValueFrom::Field(field) if !asked => {
                            not_asked(charge.field(*field).and_then(trimmed).is_some())
                        }
                        ValueFrom::Constant(number) => {
                            if *number == 0 {
                                *number = texts.number(source.text(charge).as_deref());
                            }
                            *number
                        }
                        ValueFrom::Tag(tag) => tags[*tag].number(policy, charge, *most_values, texts),
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
    fn narrow(
        &mut self,
        policy: &Policy,
        demand: &Demand,
        value: &str,
        most_values: usize,
        left: &mut [u64],
        asked: &mut [u64],
    ) {
        let words = left.len();
        if let Some((place, _)) = self.known.get(value) {
            let from = *place as usize * words;
            return meet(left, &self.met[from..from + words]);
        }
        let meant = policy.tags.meant(&self.key, Cow::Borrowed(value));
        if !self.has_room_for(value, most_values) {
            return demand.narrow_loosely(&meant, left, asked);
        }
        let met = demand.met_by(Some(&meant));
        meet(left, &met);
        self.known.insert(value.into(), (self.known.len() as u32, 0));
        self.met.extend_from_slice(&met);
    }

    fn has_room_for(&self, value: &str, most_values: usize) -> bool {
        self.known.len() < most_values && value.len() <= LONGEST_VALUE
    }

    /// The number of what the charge's value means; 0 where it has none.
    #[inline]
    fn number(&mut self, policy: &Policy, charge: &dyn KeyedFacts, most_values: usize, texts: &mut Texts) -> u32 {
        let Some(value) = charge.first_tag(&self.positions) else { return 0 };
        if let Some((_, number)) = self.known.get(value.as_ref())
            && *number != 0
        {
            return *number;
        }
        let number = texts.number(Some(&policy.tags.meant(&self.key, Cow::Borrowed(&value))));
        if let Some((_, known)) = self.known.get_mut(value.as_ref()) {
            *known = number;
        } else if self.demand.is_none() && self.has_room_for(&value, most_values) {
            // Where a demand is made of the tag, each value known has its place among the sets that meet it.
            self.known.insert(value.as_ref().into(), (0, number));
        }
        number
    }
}

/// What a value counts for that nobody asks for, given whether it is there.
fn not_asked(is_there: bool) -> u32 {
    if is_there { Texts::NOT_ASKED } else { 0 }
}

fn meet(left: &mut [u64], met: &[u64]) {
    left.iter_mut().zip(met).for_each(|(left, met)| *left &= met);
}
