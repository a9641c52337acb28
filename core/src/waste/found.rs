//! From sums by resource to what is found.

use std::sync::Arc;

use super::policy::{IdlePolicy, IdleRule, Of, Same};
use super::tally::{Entry, Sums};
use crate::bill::Source;
use crate::calendar::{Date, Month};
use crate::commitment::is_there;
use crate::ledger::{GroupKey, Overflow};
use crate::money::Amount;
use crate::order::BTreeMap;

type Text = Option<Arc<str>>;

/// Where in a group's values is what: after those that the allocation sets.
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// How many dimensions say whose a charge is.
    pub(super) owner: usize,
    /// The rules' own: the first that a charge meets, then those whose `unless` it meets, one each, then whether it is of
    /// what may be measured.
    pub(super) rules: usize,
}

impl Places {
    fn value<'k>(&self, key: &'k GroupKey, at: usize) -> Option<&'k Arc<str>> {
        key.values.get(self.owner + at).and_then(Option::as_ref)
    }

    /// The index of the rule that a charge counts for.
    fn rule(&self, key: &GroupKey) -> Option<usize> {
        self.value(key, 0)?.parse().ok()
    }

    fn shows_use(&self, key: &GroupKey, rule: usize) -> bool {
        self.value(key, 1 + rule).is_some()
    }

    fn is_measured(&self, key: &GroupKey) -> bool {
        self.value(key, 1 + self.rules).is_some()
    }

    fn field(&self, key: &GroupKey, field: usize) -> Text {
        self.value(key, 2 + self.rules + field).cloned()
    }

    /// Whether a group is of usage: taxes and credits bear the names of what they are on.
    fn is_usage(&self, key: &GroupKey) -> bool {
        self.field(key, CATEGORY).is_none_or(|category| category.eq_ignore_ascii_case("Usage"))
    }

    fn account(&self, key: &GroupKey) -> (Text, Text) {
        (self.field(key, ACCOUNT), self.field(key, REGION))
    }
}

/// Fields of a group's key, after the rules' own dimensions.
const ACCOUNT: usize = 0;
const REGION: usize = 1;
const SERVICE: usize = 2;
const COMMITMENT: usize = 3;
const CATEGORY: usize = 4;

/// A thing: its rule, whose bill, and its identifier; without one, its account and region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Thing {
    rule: usize,
    source: Arc<Source>,
    id: Text,
    place: (Text, Text),
}

/// What is known of a thing.
#[derive(Clone, Debug)]
struct Known {
    sums: Sums,
    /// The cost by owner, account, region and service, of which the largest names it.
    parts: BTreeMap<(Vec<Text>, [Text; 3]), Amount>,
}

/// A rule, whose bill, and an account and region of it.
type Place = (usize, Arc<Source>, (Text, Text));

/// What is known of everything in one currency, in one slice of the resources.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    things: BTreeMap<Thing, Known>,
    used: BTreeMap<Thing, Sums>,
    /// By account and region.
    used_in: BTreeMap<Place, Sums>,
    measured: BTreeMap<(Arc<Source>, Arc<str>), Known>,
}

/// A thing that is not used.
#[derive(Clone, Debug)]
pub(super) struct Unused {
    pub(super) rule: usize,
    pub(super) source: Arc<Source>,
    pub(super) id: Text,
    /// Account, region and service.
    pub(super) place: [Text; 3],
    pub(super) owner: Vec<Text>,
    pub(super) cost: Option<Amount>,
    pub(super) span: (Date, Date),
    /// Used a day, and over how many days.
    pub(super) seen: Option<(Amount, u64)>,
}

impl Gathered {
    /// Takes in a group's charges of a resource.
    pub(super) fn add(
        &mut self,
        idle: &IdlePolicy,
        places: &Places,
        key: &GroupKey,
        id: Option<&str>,
        entry: &Entry,
        cost: Option<Amount>,
    ) -> Result<(), Overflow> {
        let mut sums = entry.sums;
        sums.cost = cost.unwrap_or_default();
        sums.stated = cost.is_some();
        let id: Text = id.map(Arc::from);
        let thing = |rule: usize, of: Of| {
            let id = match of {
                Of::Resource => id.clone(),
                Of::Commitment => places.field(key, COMMITMENT),
            };
            let place = if id.is_some() { (None, None) } else { places.account(key) };
            Thing { rule, source: key.source.clone(), id, place }
        };
        let part = || {
            let owner = key.values.iter().take(places.owner).cloned().collect();
            (owner, [ACCOUNT, REGION, SERVICE].map(|field| places.field(key, field)))
        };
        if let Some(rule) = places.rule(key)
            && let Some(known) = idle.rules.get(rule)
            && (known.of == Of::Commitment || places.is_usage(key))
        {
            note(&mut self.things, thing(rule, known.of), &sums, part())?;
        }
        if !places.is_usage(key) {
            return Ok(());
        }
        for (rule, unless) in idle.rules.iter().enumerate().filter_map(|(at, rule)| Some((at, rule.unless.as_ref()?))) {
            if !places.shows_use(key, rule) {
                continue;
            }
            match unless.same {
                Same::Subject => merge(&mut self.used, thing(rule, idle.rules[rule].of), &sums)?,
                Same::Account => {
                    merge(&mut self.used_in, (rule, key.source.clone(), places.account(key)), &sums)?;
                }
            }
        }
        if places.is_measured(key)
            && let Some(id) = &id
        {
            note(&mut self.measured, (key.source.clone(), id.clone()), &sums, part())?;
        }
        Ok(())
    }

    /// What is not used, given the last day of each bill; without an identifier only if asked for.
    pub(super) fn unused(
        &self,
        idle: &IdlePolicy,
        month: Month,
        ends: &BTreeMap<Arc<Source>, Date>,
        with_nameless: bool,
    ) -> Result<Vec<Unused>, Overflow> {
        let mut found = Vec::new();
        for (thing, known) in &self.things {
            let (Some(rule), Some(end)) = (idle.rules.get(thing.rule), ends.get(&thing.source)) else { continue };
            let Some(first) = month.day(1) else { continue };
            if thing.id.is_none() && !with_nameless || !is_due(rule, known.sums.span, *end) {
                continue;
            }
            // What costs nothing, or is paid back, is no waste.
            if !known.sums.stated && !known.sums.missing || known.sums.stated && known.sums.cost <= Amount::ZERO {
                continue;
            }
            let days = days(first.max(known.sums.span.0), *end);
            let (owner, place) = known.largest();
            let seen = match &rule.unless {
                None => None,
                Some(unless) => {
                    let used = match unless.same {
                        Same::Subject => self.used.get(thing).map(|used| (used.quantity, used.unmetered)),
                        Same::Account => self.used_in(thing.rule, &thing.source, &place)?,
                    };
                    let (quantity, unmetered) = used.unwrap_or_default();
                    let a_day = quantity.checked_mul_div(1, u128::from(days)).ok_or(Overflow)?;
                    if unmetered || a_day > unless.at_most {
                        continue;
                    }
                    Some((a_day, days))
                }
            };
            found.push(Unused {
                rule: thing.rule,
                source: thing.source.clone(),
                id: thing.id.clone(),
                place,
                owner,
                cost: known.cost(),
                span: known.sums.span,
                seen,
            });
        }
        Ok(found)
    }

    /// What is used in an account and region, and whether any of it is not metered. What has no region may be in any.
    fn used_in(
        &self,
        rule: usize,
        source: &Arc<Source>,
        [account, region, _]: &[Text; 3],
    ) -> Result<Option<(Amount, bool)>, Overflow> {
        let from = (rule, source.clone(), (account.clone(), None));
        let there = self
            .used_in
            .range(from..)
            .take_while(|((at, of, (into, _)), _)| *at == rule && of == source && into == account);
        let mut sum = None;
        for ((_, _, (_, other)), used) in there {
            if other.is_none() || region.is_none() || other == region {
                let (quantity, unmetered) = sum.unwrap_or_default();
                let quantity: Amount = quantity;
                sum = Some((quantity.checked_add(used.quantity).ok_or(Overflow)?, unmetered || used.unmetered));
            }
        }
        Ok(sum)
    }

    /// What may be measured under its identifier and is still billed: source, identifier, and the rest.
    pub(super) fn machines(&self, ends: &BTreeMap<Arc<Source>, Date>) -> Vec<Unused> {
        let there = |(source, known): (&Arc<Source>, &Known)| {
            ends.get(source).is_some_and(|end| is_there(known.sums.span.1, *end))
        };
        let machines = self.measured.iter().filter(|((source, _), known)| there((source, known)));
        machines
            .map(|((source, id), known)| {
                let (owner, place) = known.largest();
                Unused {
                    rule: usize::MAX,
                    source: source.clone(),
                    id: Some(id.clone()),
                    place,
                    owner,
                    cost: known.cost(),
                    span: known.sums.span,
                    seen: None,
                }
            })
            .collect()
    }
}

/// Whether a thing is still there and has been for long.
fn is_due(rule: &IdleRule, (first, last): (Date, Date), end: Date) -> bool {
    is_there(last, end) && days(first, last) >= rule.billed_days
}

/// Days from the one to the other, both included; 1 where the order is reversed.
fn days(from: Date, to: Date) -> u64 {
    u64::try_from(to.days_since_epoch() - from.days_since_epoch() + 1).unwrap_or(1).max(1)
}

fn merge<K: Ord>(all: &mut BTreeMap<K, Sums>, key: K, sums: &Sums) -> Result<(), Overflow> {
    if let Some(known) = all.get_mut(&key) {
        return known.merge(sums);
    }
    all.insert(key, *sums);
    Ok(())
}

fn note<K: Ord>(
    all: &mut BTreeMap<K, Known>,
    key: K,
    sums: &Sums,
    part: (Vec<Text>, [Text; 3]),
) -> Result<(), Overflow> {
    if let Some(known) = all.get_mut(&key) {
        known.sums.merge(sums)?;
    }
    let known = all.entry(key).or_insert_with(|| Known { sums: *sums, parts: BTreeMap::new() });
    let cost = known.parts.entry(part).or_default();
    *cost = cost.checked_add(sums.cost).ok_or(Overflow)?;
    Ok(())
}

impl Known {
    /// The cost, if every row of the month states it.
    fn cost(&self) -> Option<Amount> {
        (self.sums.stated && !self.sums.missing).then_some(self.sums.cost)
    }

    /// Owner and place with the largest cost; of equal ones the first.
    fn largest(&self) -> (Vec<Text>, [Text; 3]) {
        let mut parts = self.parts.iter();
        let first = parts.next();
        let most =
            parts.fold(first, |most, part| if most.is_some_and(|most| most.1 >= part.1) { most } else { Some(part) });
        most.map(|(part, _)| part.clone()).unwrap_or_default()
    }
}
