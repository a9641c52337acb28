//! The policy and what it does to a charge.

use std::sync::Arc;

use super::demands::Demands;
use super::environment::EnvironmentKinds;
use super::names::in_order;
use super::tags::PolicyFacts;
use super::{Assignment, Rule, Source, TagMeaning};
use crate::condition::document::Position;
use crate::condition::{Condition, Facts, Field, Subject};
use crate::money::Amount;
use crate::order::BTreeSet;

/// One file of a policy.
#[derive(Clone, Copy, Debug)]
pub struct PolicySource<'s> {
    /// What messages call it.
    pub name: &'s str,
    /// Its text, TOML or JSON.
    pub text: &'s str,
}

/// An allocation policy: ordered rules, and what tags mean to them.
///
/// Two are equal when they say the same, wherever it is written and in whichever form.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(super) name: String,
    pub(super) rules: Vec<Rule>,
    pub(super) dimensions: Vec<String>,
    pub(super) tags: TagMeaning,
    pub(super) floor: Option<Amount>,
    pub(super) environments: EnvironmentKinds,
    /// Made from the rules.
    pub(super) demands: Demands,
}

/// What a policy makes of one charge: for each dimension its value and the rule that set it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Allocation {
    /// The value of each dimension, in the order of [`Policy::dimensions`]; `None` is unallocated.
    pub values: Vec<Option<Arc<str>>>,
    /// The index in [`Policy::rules`] of the rule that set each.
    pub rules: Vec<Option<u32>>,
}

impl Policy {
    /// A policy that only sorts: it sets one dimension to the id of the first rule that matches.
    pub fn sorting(name: &str, dimension: &str, rules: Vec<(String, Position, Condition)>) -> Self {
        let dimensions = in_order([dimension]);
        let at = dimensions.iter().position(|known| known == dimension).unwrap_or_default();
        let rule = |(id, position, when): (String, Position, Condition)| {
            let source = Source::Constant(id.as_str().into());
            Rule { id, at: position, when, set: vec![Assignment { dimension: at, source }] }
        };
        let rules: Vec<Rule> = rules.into_iter().map(rule).collect();
        let demands = Demands::new(&rules);
        Self {
            name: name.to_owned(),
            rules,
            dimensions,
            tags: TagMeaning::default(),
            floor: None,
            environments: EnvironmentKinds::default(),
            demands,
        }
    }

    /// The same policy that sorts besides: for each list a further dimension, set to the id of the first of its rules that
    /// matches. The dimensions stand after those of the policy and have names that no file can give.
    #[must_use]
    pub fn with_sortings(&self, sortings: Vec<Vec<(String, Position, Condition)>>) -> Self {
        let mut policy = self.clone();
        for rules in sortings {
            let dimension = policy.dimensions.len();
            policy.dimensions.push(format!("sorting {dimension}"));
            policy.rules.extend(rules.into_iter().map(|(id, at, when)| {
                let source = Source::Constant(id.as_str().into());
                Rule { id, at, when, set: vec![Assignment { dimension, source }] }
            }));
        }
        policy.demands = Demands::new(&policy.rules);
        policy
    }

    /// What the policy is called: the names of its sources, or `built-in`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rules, in the order in which they are tried.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The dimensions: `squad`, `service` if a rule sets it, `environment`, then the user's own in order of
    /// first appearance.
    pub fn dimensions(&self) -> &[String] {
        &self.dimensions
    }

    /// What tags mean to the policy.
    pub fn tags(&self) -> &TagMeaning {
        &self.tags
    }

    /// Changes smaller than this are counted and not listed; in the currency of the report.
    pub fn floor(&self) -> Option<Amount> {
        self.floor
    }

    /// Which values of the dimension `environment` are production.
    pub fn environments(&self) -> &EnvironmentKinds {
        &self.environments
    }

    /// The facts of a charge with tags as the policy means them.
    pub fn facts<'f>(&'f self, facts: &'f dyn Facts) -> PolicyFacts<'f> {
        PolicyFacts::new(facts, &self.tags)
    }

    /// Every field that some rule reads.
    pub fn fields(&self) -> BTreeSet<Field> {
        let mut fields = BTreeSet::new();
        for rule in &self.rules {
            rule.when.for_each_subject(&mut |subject| {
                if let Subject::Field(field) = subject {
                    fields.insert(*field);
                }
            });
            fields.extend(rule.set.iter().filter_map(|assignment| match assignment.source {
                Source::Field(field) => Some(field),
                _ => None,
            }));
        }
        fields
    }

    /// Every tag key that some rule reads, with the aliases of these keys.
    pub fn tag_keys(&self) -> BTreeSet<String> {
        let keys = self.read_keys();
        let aliases = keys.iter().flat_map(|key| self.tags.aliases(key));
        aliases.chain(keys.iter().copied()).map(str::to_owned).collect()
    }

    /// The tag keys that rules name.
    pub(super) fn read_keys(&self) -> BTreeSet<&str> {
        let mut keys = BTreeSet::new();
        for rule in &self.rules {
            rule.when.for_each_subject(&mut |subject| {
                if let Subject::Tag(key) = subject {
                    keys.insert(key.as_str());
                }
            });
            keys.extend(rule.set.iter().filter_map(|assignment| match &assignment.source {
                Source::Tag(key) => Some(key.as_str()),
                _ => None,
            }));
        }
        keys
    }

    /// The value of each dimension for a charge, and the rule that set it: every rule in order.
    pub fn allocate(&self, facts: &dyn Facts) -> Allocation {
        let mut values = vec![None; self.dimensions.len()];
        let mut rules = vec![None; self.dimensions.len()];
        let facts = self.facts(facts);
        for (rule, index) in self.rules.iter().zip(0..) {
            let nothing_left = rule.set.iter().all(|assignment| values[assignment.dimension].is_some());
            if nothing_left || !rule.when.matches(&facts) {
                continue;
            }
            for Assignment { dimension, source } in &rule.set {
                if values[*dimension].is_none()
                    && let Some(value) = source.value(&facts)
                {
                    values[*dimension] = Some(value);
                    rules[*dimension] = Some(index);
                }
            }
        }
        Allocation { values, rules }
    }
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        self.rules == other.rules
            && self.dimensions == other.dimensions
            && self.tags == other.tags
            && self.floor == other.floor
            && self.environments == other.environments
    }
}

impl Eq for Policy {}

/// The policy without rules: everything is unallocated.
impl Default for Policy {
    fn default() -> Self {
        Self {
            name: "empty".to_owned(),
            rules: Vec::new(),
            dimensions: in_order([]),
            tags: TagMeaning::default(),
            floor: None,
            environments: EnvironmentKinds::default(),
            demands: Demands::default(),
        }
    }
}
