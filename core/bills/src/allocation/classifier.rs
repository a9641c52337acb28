//! The policy as the ledger asks it.

use std::sync::Arc;

use super::demands::{RuleSet, meet};
use super::read_tag::ReadTag;
use super::{Policy, PolicyFacts, Rule, Source};
use crate::condition::{Facts, Field, Subject, trimmed};
use crate::ledger::{Claim, Classifier, Decider, KeyedFacts, Texts, ValueNumber};
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
    /// For each dimension, which rules set it and from where.
    setters: Vec<Setters>,
    /// Values that may be remembered of each tag.
    most_values: usize,
    left: RuleSet,
    /// Rules that match if they are left.
    sure: RuleSet,
}

/// The rules that set one dimension.
#[derive(Debug)]
struct Setters {
    rules: RuleSet,
    /// For each rule of the policy, where the value comes from.
    values: Vec<ValueFrom>,
    /// Whether the value is asked for.
    told: bool,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug)]
enum ValueFrom {
    /// The rule does not set it, or nobody asks for it.
    Anywhere,
    /// It is the same for every charge: its number, 0 as long as nobody has asked.
    Constant(u32),
    /// The tag at this position among those that rules read.
    Tag(usize),
    Field(Field),
}

/// Values of a tag remembered: those that decide are few, and a tag with more names things one by one.
/// Tests remember hardly any, so that they see what happens beyond.
const MOST_VALUES: usize = if cfg!(test) { 2 } else { 4096 };

/// Words that the sets of all remembered values may take, but that every tag may have a few.
const MOST_WORDS: usize = 1 << 17;

impl PolicyDecider {
    fn new(policy: Arc<Policy>, asked: &BTreeSet<usize>) -> Self {
        let keys: Vec<String> = policy.tag_keys().into_iter().collect();
        let tags: Vec<ReadTag> = policy.read_keys().into_iter().map(|key| ReadTag::new(&policy, &keys, key)).collect();
        let words = policy.demands.everyone().len();
        let setters = (0..policy.dimensions.len()).map(|dimension| {
            let told = asked.contains(&dimension);
            let mut setters = Setters { rules: vec![0; words], values: Vec::new(), told };
            for (index, rule) in policy.rules.iter().enumerate() {
                let assignment = rule.set.iter().find(|assignment| assignment.dimension == dimension);
                if assignment.is_some() {
                    setters.rules[index / 64] |= 1 << (index % 64);
                }
                setters.values.push(match assignment.map(|assignment| &assignment.source) {
                    None => ValueFrom::Anywhere,
                    Some(Source::Constant(_)) if !told => ValueFrom::Anywhere,
                    Some(Source::Constant(_)) => ValueFrom::Constant(0),
                    // All keys that rules inherit from are among those read, and these are sorted.
                    Some(Source::Tag(key)) => {
                        ValueFrom::Tag(tags.binary_search_by(|tag| tag.key.cmp(key)).unwrap_or_else(|place| place))
                    }
                    Some(Source::Field(field)) => ValueFrom::Field(*field),
                });
            }
            setters
        });
        let setters = setters.collect();
        let sets: usize = tags.iter().map(|tag| tag.positions.len()).sum();
        let most_values = MOST_VALUES.min((MOST_WORDS / (words * sets).max(1)).max(16));
        Self { tags, setters, most_values, left: RuleSet::new(), sure: RuleSet::new(), policy }
    }

    /// The number of what a rule that matches sets a dimension to; 0 for nothing.
    #[inline]
    fn value(
        &mut self,
        dimension: usize,
        rule: usize,
        values: &[ValueNumber],
        charge: &dyn KeyedFacts,
        texts: &mut Texts,
    ) -> u32 {
        let setters = &mut self.setters[dimension];
        match &mut setters.values[rule] {
            ValueFrom::Anywhere => Texts::NOT_ASKED,
            ValueFrom::Constant(number) => {
                if *number == 0 {
                    *number = self.policy.rules[rule].constant(dimension, charge, texts);
                }
                *number
            }
            ValueFrom::Tag(tag) if !setters.told => not_asked(self.tags[*tag].first(values).is_some()),
            ValueFrom::Tag(tag) => self.tags[*tag].number(&self.policy, values, charge, texts),
            ValueFrom::Field(field) if !setters.told => not_asked(charge.field(*field).and_then(trimmed).is_some()),
            ValueFrom::Field(field) => texts.number(charge.field(*field).and_then(trimmed).as_deref()),
        }
    }
}

impl Decider for PolicyDecider {
    fn narrow(&mut self, fields: &[Field], charge: &dyn Facts, candidates: &mut Vec<u64>) {
        let from = candidates.len();
        candidates.extend_from_slice(self.policy.demands.everyone());
        for (subject, demand) in self.policy.demands.subjects() {
            if let Subject::Field(field) = subject
                && fields.contains(field)
            {
                meet(&mut candidates[from..], &demand.met_by(charge.field(*field).as_deref()));
            }
        }
    }

    fn most_values(&self) -> usize {
        self.most_values
    }

    fn decide(
        &mut self,
        candidates: &[u64],
        values: &[ValueNumber],
        charge: &dyn KeyedFacts,
        texts: &mut Texts,
        claim: &mut Claim,
    ) {
        claim.reset(self.setters.len());
        self.left.clear();
        self.left.extend_from_slice(candidates);
        self.sure.clear();
        self.sure.extend_from_slice(self.policy.demands.told());
        for tag in &mut self.tags {
            tag.narrow(&self.policy, values, charge, &mut self.left, &mut self.sure);
        }
        for dimension in 0..self.setters.len() {
            for word in 0..self.left.len() {
                let mut left = self.left[word] & self.setters[dimension].rules[word];
                while left != 0 && claim.values[dimension] == 0 {
                    let bit = left & left.wrapping_neg();
                    let rule = word * 64 + left.trailing_zeros() as usize;
                    left ^= bit;
                    if self.sure[word] & bit == 0 && !self.asks(rule, charge) {
                        continue;
                    }
                    claim.values[dimension] = self.value(dimension, rule, values, charge, texts);
                    claim.rules[dimension] = (claim.values[dimension] != 0).then_some(rule as u32);
                }
            }
        }
    }
}

impl PolicyDecider {
    /// Asks a rule whether it matches, and remembers it for the other dimensions that it sets.
    #[cold]
    fn asks(&mut self, rule: usize, charge: &dyn KeyedFacts) -> bool {
        let matches = self.policy.rules[rule].when.matches(&PolicyFacts::new(charge, &self.policy.tags));
        let known = if matches { &mut self.sure } else { &mut self.left };
        known[rule / 64] ^= 1 << (rule % 64);
        matches
    }
}

impl Rule {
    /// The number of the constant that it sets a dimension to.
    #[cold]
    fn constant(&self, dimension: usize, charge: &dyn KeyedFacts, texts: &mut Texts) -> u32 {
        let source = self.set.iter().find(|set| set.dimension == dimension);
        texts.number(source.and_then(|set| set.source.text(charge)).as_deref())
    }
}

/// What a value counts for that nobody asks for, given whether it is there.
fn not_asked(is_there: bool) -> u32 {
    if is_there { Texts::NOT_ASKED } else { 0 }
}
