//! Keys of cells, numbered as they appear.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::bill::{Part, Source};
use crate::money::Currency;

/// What the rows of a group's cell have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKey {
    /// Whose bill.
    pub source: Arc<Source>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The part in merging exports.
    pub part: Part,
    /// The value of each dimension asked for.
    pub values: Vec<Option<Arc<str>>>,
}

/// What the rows of an account's cell have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountKey {
    /// Whose bill.
    pub source: Arc<Source>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The part in merging exports.
    pub part: Part,
    /// The sub-account.
    pub sub_account_id: Option<Arc<str>>,
}

/// Numbers for distinct values in order of appearance.
#[derive(Debug)]
pub(super) struct Interner<T> {
    values: Vec<T>,
    ids: HashMap<T, u32, FixedState>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { values: Vec::new(), ids: HashMap::default() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Interner<T> {
    pub(super) fn id(&mut self, value: T) -> u32 {
        if let Some(id) = self.ids.get(&value) {
            return *id;
        }
        let id = self.values.len() as u32;
        self.values.push(value.clone());
        self.ids.insert(value, id);
        id
    }

    pub(super) fn values(&self) -> &[T] {
        &self.values
    }

    pub(super) fn into_values(self) -> Vec<T> {
        self.values
    }

    /// Takes in another's values; the result maps its numbers to ours.
    fn absorb(&mut self, other: Self) -> Vec<u32> {
        other.values.into_iter().map(|value| self.id(value)).collect()
    }
}

/// Sets of rules, one for each group, as rows of bits.
#[derive(Debug, Default)]
pub(super) struct RuleSets {
    /// So many words a set.
    words: usize,
    bits: Vec<u64>,
}

impl RuleSets {
    fn insert(&mut self, set: usize, rule: usize) {
        let words = rule / 64 + 1;
        if self.words < words {
            let narrow = std::mem::replace(self, Self { words, bits: Vec::new() });
            for set in 0..narrow.bits.len() / narrow.words.max(1) {
                narrow.of(set).for_each(|rule| self.insert(set, rule as usize));
            }
        }
        let place = set * self.words + rule / 64;
        if self.bits.len() <= place {
            self.bits.resize((set + 1) * self.words, 0);
        }
        self.bits[place] |= 1 << (rule % 64);
    }

    /// The rules of a set, in order.
    pub(super) fn of(&self, set: usize) -> impl Iterator<Item = u32> {
        let words = self.bits.get(set * self.words..(set + 1) * self.words).unwrap_or_default();
        let rules = |(word, bits): (usize, &u64)| {
            let bits = *bits;
            (0..64).filter(move |bit| bits & (1 << bit) != 0).map(move |bit| (word * 64) as u32 + bit)
        };
        words.iter().enumerate().flat_map(rules)
    }
}

/// All keys of one worker.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) sources: Interner<Arc<Source>>,
    pub(super) groups: Interner<GroupKey>,
    pub(super) accounts: Interner<AccountKey>,
    /// Rules that put charges into each group.
    pub(super) rules: RuleSets,
    /// The source of each account.
    account_sources: Vec<u32>,
}

/// How one worker's numbers read in another's.
#[derive(Debug)]
pub struct KeyMap {
    /// Of sources.
    pub(super) sources: Vec<u32>,
    /// Of groups.
    pub(super) groups: Vec<u32>,
    /// Of accounts.
    pub(super) accounts: Vec<u32>,
}

impl KeyMap {
    /// The group's number after merging.
    pub fn group(&self, id: u32) -> u32 {
        self.groups[id as usize]
    }

    /// The account's number after merging.
    pub fn account(&self, id: u32) -> u32 {
        self.accounts[id as usize]
    }
}

impl Keys {
    /// Notes whose bill an account is on.
    pub(super) fn note_source(&mut self, account: u32, source: u32) {
        let account = account as usize;
        if self.account_sources.len() <= account {
            self.account_sources.resize(account + 1, 0);
        }
        self.account_sources[account] = source;
    }

    /// Whose bill the account is on.
    #[inline]
    pub(super) fn source_of(&self, account: u32) -> u32 {
        self.account_sources[account as usize]
    }

    /// Notes that a rule puts charges into a group.
    #[inline]
    pub(super) fn note_rule(&mut self, group: u32, rule: u32) {
        self.rules.insert(group as usize, rule as usize);
    }

    pub(super) fn absorb(&mut self, other: Self) -> KeyMap {
        let map = KeyMap {
            sources: self.sources.absorb(other.sources),
            groups: self.groups.absorb(other.groups),
            accounts: self.accounts.absorb(other.accounts),
        };
        for (group, id) in map.groups.iter().enumerate() {
            other.rules.of(group).for_each(|rule| self.note_rule(*id, rule));
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::BTreeSet;

    #[test]
    fn rules_stay_where_they_were_noted_when_later_ones_make_sets_wider() {
        let mut sets = RuleSets::default();
        let mut want = vec![BTreeSet::new(); 9];
        for (set, rule) in [(2, 0), (2, 63), (0, 5), (7, 64), (2, 63), (1, 500), (7, 1), (5, 127)] {
            sets.insert(set, rule);
            want[set].insert(rule as u32);
            for (set, want) in want.iter().enumerate() {
                assert!(sets.of(set).eq(want.iter().copied()));
            }
        }
    }
}
