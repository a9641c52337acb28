//! Keys of cells, numbered as they appear.

use std::collections::{BTreeSet, HashMap};
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

/// Numbers for texts, 0 for none: what a key is made of, looked up without owning it.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    numbers: HashMap<Arc<str>, u32, FixedState>,
    texts: Vec<Arc<str>>,
}

impl Symbols {
    pub(super) fn number(&mut self, text: Option<&str>) -> u32 {
        let Some(text) = text else { return 0 };
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let owned: Arc<str> = text.into();
        self.texts.push(owned.clone());
        let number = self.texts.len() as u32;
        self.numbers.insert(owned, number);
        number
    }

    pub(super) fn text(&self, number: u32) -> Option<Arc<str>> {
        self.texts.get(number.checked_sub(1)? as usize).cloned()
    }
}

/// Keys known by their symbols, so that a known key costs one look-up and nothing is built.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<Box<[u32]>, u32, FixedState>);

impl Known {
    pub(super) fn id(&mut self, symbols: &[u32], new: impl FnOnce() -> u32) -> u32 {
        if let Some(id) = self.0.get(symbols) {
            return *id;
        }
        let id = new();
        self.0.insert(symbols.into(), id);
        id
    }
}

/// All keys of one worker.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) sources: Interner<Arc<Source>>,
    pub(super) groups: Interner<GroupKey>,
    pub(super) accounts: Interner<AccountKey>,
    /// Rules that put charges into each group.
    pub(super) rules: Vec<BTreeSet<u32>>,
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
    pub(super) fn note_rules(&mut self, group: u32, rules: impl Iterator<Item = u32>) {
        let group = group as usize;
        if self.rules.len() <= group {
            self.rules.resize(group + 1, BTreeSet::new());
        }
        self.rules[group].extend(rules);
    }

    pub(super) fn absorb(&mut self, other: Self) -> KeyMap {
        let map = KeyMap {
            sources: self.sources.absorb(other.sources),
            groups: self.groups.absorb(other.groups),
            accounts: self.accounts.absorb(other.accounts),
        };
        for (group, rules) in other.rules.into_iter().enumerate() {
            self.note_rules(map.groups[group], rules.into_iter());
        }
        map
    }
}
