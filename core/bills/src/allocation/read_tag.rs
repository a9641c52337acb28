//! A tag that rules read, and what is remembered of its values by their numbers.

use std::borrow::Cow;

use super::Policy;
use super::demands::{RuleSet, meet};
use crate::condition::Subject;
use crate::ledger::{KeyedFacts, Texts, ValueNumber};

/// A tag that rules read.
#[derive(Debug)]
pub(super) struct ReadTag {
    pub(super) key: String,
    /// Positions of the key and of those that mean the same, among all keys asked for.
    pub(super) positions: Vec<usize>,
    /// Its demand, by its position among the policy's, if any rule demands anything of it.
    demand: Option<usize>,
    /// The rules that its absence leaves possible.
    absent: RuleSet,
    /// For each of the positions, what is known of its values.
    known: Vec<KnownValues>,
}

/// What is known of the values of one key, by their places.
#[derive(Debug, Default)]
struct KnownValues {
    /// The rules that each leaves possible, one set after the other.
    met: Vec<u64>,
    /// Whether that set is there.
    is_met: Vec<bool>,
    /// The numbers of what values mean, 0 as long as nobody has asked.
    meant: Vec<u32>,
}

impl ReadTag {
    /// The tag of this key; `keys` are all those asked for.
    pub(super) fn new(policy: &Policy, keys: &[String], key: &str) -> Self {
        let position = |key: &str| keys.binary_search_by(|known| known.as_str().cmp(key)).ok();
        let positions: Vec<usize> = [key].into_iter().chain(policy.tags.aliases(key)).filter_map(position).collect();
        let (demands, subject) = (policy.demands.subjects(), Subject::Tag(key.to_owned()));
        let demand = demands.binary_search_by(|(known, _)| known.cmp(&subject)).ok();
        Self {
            key: key.to_owned(),
            demand,
            absent: demand.map_or_else(RuleSet::new, |demand| demands[demand].1.absent().clone()),
            known: positions.iter().map(|_| KnownValues::default()).collect(),
            positions,
        }
    }

    /// The value that counts, and in which place among the positions it was found.
    #[inline]
    pub(super) fn first(&self, values: &[ValueNumber]) -> Option<(usize, ValueNumber)> {
        let values = self.positions.iter().map(|position| values[*position]);
        values.enumerate().find(|(_, value)| *value != ValueNumber::NONE)
    }

    /// Leaves of the rules those that the value leaves possible; takes out of `sure` those that must then be asked
    /// themselves.
    #[inline]
    pub(super) fn narrow(
        &mut self,
        policy: &Policy,
        values: &[ValueNumber],
        charge: &dyn KeyedFacts,
        left: &mut [u64],
        sure: &mut [u64],
    ) {
        let Some(demand) = self.demand else { return };
        let Some((rank, value)) = self.first(values) else { return meet(left, &self.absent) };
        let words = left.len();
        let Some(place) = value.place() else {
            let value = self.meant(policy, charge);
            return policy.demands.subjects()[demand].1.narrow_loosely(&value, left, sure);
        };
        if !self.known[rank].is_met.get(place).copied().unwrap_or_default() {
            self.learn(policy, demand, (rank, place), charge, words);
        }
        meet(left, &self.known[rank].met[place * words..(place + 1) * words]);
    }

    #[cold]
    fn learn(
        &mut self,
        policy: &Policy,
        demand: usize,
        (rank, place): (usize, usize),
        charge: &dyn KeyedFacts,
        words: usize,
    ) {
        let met = policy.demands.subjects()[demand].1.met_by(Some(&self.meant(policy, charge)));
        let known = &mut self.known[rank];
        if known.is_met.len() <= place {
            known.is_met.resize(place + 1, false);
            known.met.resize((place + 1) * words, 0);
        }
        known.is_met[place] = true;
        known.met[place * words..(place + 1) * words].copy_from_slice(&met);
    }

    /// What the charge's value means.
    fn meant<'c>(&self, policy: &'c Policy, charge: &'c dyn KeyedFacts) -> Cow<'c, str> {
        policy.tags.meant(&self.key, charge.first_tag(&self.positions).unwrap_or_default())
    }

    /// The number of what the charge's value means; 0 where it has none.
    #[inline]
    pub(super) fn number(
        &mut self,
        policy: &Policy,
        values: &[ValueNumber],
        charge: &dyn KeyedFacts,
        texts: &mut Texts,
    ) -> u32 {
        let Some((rank, value)) = self.first(values) else { return 0 };
        let Some(place) = value.place() else { return texts.number(Some(&self.meant(policy, charge))) };
        if let Some(number) = self.known[rank].meant.get(place)
            && *number != 0
        {
            return *number;
        }
        let number = texts.number(Some(&self.meant(policy, charge)));
        let meant = &mut self.known[rank].meant;
        if meant.len() <= place {
            meant.resize(place + 1, 0);
        }
        meant[place] = number;
        number
    }
}
