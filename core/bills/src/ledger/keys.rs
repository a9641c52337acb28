//! Keys of cells, numbered as they appear.

use std::hash::{BuildHasher as _, Hash};
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::portable::{Portable, Reader, Writer};
use super::rule_sets::RuleSets;
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
    /// With their hashes, since hashing texts anew whenever the table grows costs more.
    ids: HashTable<(u64, u32)>,
    hasher: FixedState,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { values: Vec::new(), ids: HashTable::new(), hasher: FixedState::default() }
    }
}

impl<T: Eq + Hash> Interner<T> {
    pub(super) fn id(&mut self, value: T) -> u32 {
        let Self { values, ids, hasher } = self;
        let hash = hasher.hash_one(&value);
        if let Some((_, id)) = ids.find(hash, |(_, id)| values[*id as usize] == value) {
            return *id;
        }
        let id = values.len() as u32;
        values.push(value);
        ids.insert_unique(hash, (hash, id), |(hash, _)| *hash);
        id
    }

    /// The number of a value that has one.
    fn known(&self, value: &T) -> Option<u32> {
        let hash = self.hasher.hash_one(value);
        self.ids.find(hash, |(_, id)| self.values[*id as usize] == *value).map(|(_, id)| *id)
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

/// What all keys say first.
type Whose = (Arc<Source>, Currency, Part);

impl Portable for Keys {
    fn write(&self, to: &mut Writer) {
        self.sources.values().len().write(to);
        for source in self.sources.values() {
            source.provider_name.write(to);
            source.billing_account_id.write(to);
        }
        let whose = |(source, currency, part): (&Arc<Source>, &Currency, Part), to: &mut Writer| {
            // Whose group is a source of the rows that made it.
            self.sources.known(source).write(to);
            currency.shared_code().write(to);
            part.number().write(to);
        };
        self.groups.values().len().write(to);
        for key in self.groups.values() {
            whose((&key.source, &key.currency, key.part), to);
            key.values.write(to);
        }
        self.accounts.values().len().write(to);
        for key in self.accounts.values() {
            whose((&key.source, &key.currency, key.part), to);
            key.sub_account_id.write(to);
        }
        self.rules.write(to);
        self.account_sources.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let mut numbered = Interner::default();
        for _ in 0..from.length()? {
            let (provider_name, billing_account_id) = Portable::read(from)?;
            numbered.id(Arc::new(Source { provider_name, billing_account_id }));
        }
        let sources: &[Arc<Source>] = numbered.values();
        let whose = |from: &mut Reader<'_>| -> Option<Whose> {
            let source = sources.get(Option::<u32>::read(from)?? as usize)?.clone();
            Some((source, Currency::of_code(Portable::read(from)?), Part::of_number(Portable::read(from)?)?))
        };
        let (mut groups, mut accounts) = (Interner::default(), Interner::default());
        for _ in 0..from.length()? {
            let (source, currency, part) = whose(from)?;
            groups.id(GroupKey { source, currency, part, values: Portable::read(from)? });
        }
        for _ in 0..from.length()? {
            let (source, currency, part) = whose(from)?;
            accounts.id(AccountKey { source, currency, part, sub_account_id: Portable::read(from)? });
        }
        let (rules, account_sources) = (Portable::read(from)?, Portable::read(from)?);
        Some(Self { sources: numbered, groups, accounts, rules, account_sources })
    }
}
