//! What moved most inside a change: resources, found in a second pass over the months compared.
//!
//! The first pass keeps no resources. This one keeps those of two months, and where even they are too many, takes
//! them in slices by hash, so that memory stays bounded and every sum exact.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::scope::{Level, ScopeKey};
use crate::bill::Metric;
use crate::condition::Field;
use crate::ledger::{AccountKey, Cell, FileParts, GroupKey, KeyMap, Overflow, Row, Tally, Window};
use crate::money::Amount;

/// A part of all resources, by hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceSlice {
    /// Which part, from 0.
    pub index: u64,
    /// Of how many.
    pub of: u64,
}

impl ResourceSlice {
    /// All of them.
    pub const WHOLE: Self = Self { index: 0, of: 1 };

    /// Cut four times finer.
    pub fn finer(of: u64) -> u64 {
        of.saturating_mul(4)
    }
}

/// Bytes an entry costs beside its names: the entry and its slot in the table.
const ENTRY_BYTES: usize = 320;

/// Sums by resource, group and account, in both months.
#[derive(Debug)]
pub struct ContributorTally {
    window: Window,
    slice: ResourceSlice,
    budget: usize,
    spent: usize,
    /// The budget did not do: the slice must be cut finer.
    pub exhausted: bool,
    table: HashTable<u32>,
    entries: Vec<Entry>,
    scratch: Vec<u8>,
}

#[derive(Debug)]
struct Entry {
    hash: u64,
    resource: Resource,
    group: u32,
    account: u32,
    /// This month and the month before.
    cells: [Cell; 2],
}

/// A resource, or what stands for charges without one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Resource {
    id: Option<Box<str>>,
    service: Option<Box<str>>,
}

impl ContributorTally {
    /// A tally of the window's rows whose resource is in the slice, in at most about `budget` bytes.
    pub fn new(window: Window, slice: ResourceSlice, budget: usize) -> Self {
        Self {
            window,
            slice,
            budget,
            spent: 0,
            exhausted: false,
            table: HashTable::new(),
            entries: Vec::new(),
            scratch: Vec::new(),
        }
    }

    fn entry(
        &mut self,
        hash: u64,
        id: Option<&str>,
        service: Option<&str>,
        group: u32,
        account: u32,
    ) -> Option<&mut Entry> {
        let entries = &self.entries;
        let found = self.table.find(hash, |index| {
            let entry = &entries[*index as usize];
            entry.hash == hash
                && entry.group == group
                && entry.account == account
                && entry.resource.id.as_deref() == id
                && entry.resource.service.as_deref() == service
        });
        if let Some(index) = found {
            return self.entries.get_mut(*index as usize);
        }
        self.spent += ENTRY_BYTES + id.map_or(0, str::len) + service.map_or(0, str::len);
        if self.spent > self.budget {
            self.exhausted = true;
            self.table.clear();
            self.entries.clear();
            return None;
        }
        let index = self.entries.len() as u32;
        let resource = Resource { id: id.map(Into::into), service: service.map(Into::into) };
        self.entries.push(Entry { hash, resource, group, account, cells: [Cell::default(); 2] });
        let entries = &self.entries;
        self.table.insert_unique(hash, index, |index| entries[*index as usize].hash);
        self.entries.last_mut()
    }

    fn hash(&mut self, id: Option<&str>, service: Option<&str>) -> u64 {
        let scratch = &mut self.scratch;
        scratch.clear();
        for part in [id, service] {
            scratch.extend_from_slice(part.unwrap_or_default().as_bytes());
            scratch.push(if part.is_some() { 0xfe } else { 0xff });
        }
        let mut hasher = FixedState::default().build_hasher();
        hasher.write(scratch);
        hasher.finish()
    }
}

impl Tally for ContributorTally {
    fn add(&mut self, row: &Row<'_>, _: bool) -> Result<(), Overflow> {
        if self.exhausted || !row.included || !self.window.takes(row) {
            return Ok(());
        }
        let text = |field| row.schema().text(field, row.record);
        let (id, service) = (text(Field::ResourceId), text(Field::ServiceName));
        let (id, service) = (id.as_deref(), service.as_deref());
        let hash = self.hash(id, service);
        if (hash >> 20) % self.slice.of != self.slice.index {
            return Ok(());
        }
        let side = usize::from(row.month != self.window.month);
        match self.entry(hash, id, service, row.group, row.account) {
            Some(entry) => entry.cells[side].add(row.costs).ok_or(Overflow),
            None => Ok(()),
        }
    }

    fn merge(&mut self, other: Self, map: &KeyMap) -> Result<(), Overflow> {
        self.exhausted |= other.exhausted;
        for theirs in other.entries {
            if self.exhausted {
                return Ok(());
            }
            let (group, account) = (map.group(theirs.group), map.account(theirs.account));
            let Resource { id, service } = &theirs.resource;
            if let Some(entry) = self.entry(theirs.hash, id.as_deref(), service.as_deref(), group, account) {
                for (mine, cell) in entry.cells.iter_mut().zip(&theirs.cells) {
                    mine.merge(cell).ok_or(Overflow)?;
                }
            }
        }
        Ok(())
    }
}

/// A flagged scope whose movers are wanted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// Its level.
    pub level: Level,
    /// Its key.
    pub key: ScopeKey,
}

/// One resource's part in a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mover {
    /// The resource.
    pub resource_id: Option<String>,
    /// Its service.
    pub service_name: Option<String>,
    /// Its change.
    pub delta: Amount,
}

/// How many movers of a scope are listed.
const LISTED: usize = 5;

/// The change of each service, by scope.
pub type ServiceDeltas = BTreeMap<ScopeKey, Vec<(Option<Arc<str>>, Amount)>>;

/// The largest movers of each scope wanted.
#[derive(Clone, Debug, Default)]
pub struct Movers {
    by_scope: BTreeMap<Wanted, Vec<Mover>>,
}

/// Gathers movers from files and slices.
#[derive(Debug)]
pub struct Contributors<'w> {
    metric: Metric,
    dimensions: &'w [String],
    shown: &'w [usize],
    wanted: &'w BTreeSet<Wanted>,
    movers: Movers,
    /// Resources of the slice under way, and their changes by scope and resource number.
    resources: Resources,
    open: Vec<(u32, u32, Amount)>,
    index: BTreeMap<&'w Wanted, u32>,
}

impl<'w> Contributors<'w> {
    /// A gathering for these scopes.
    pub fn new(metric: Metric, dimensions: &'w [String], shown: &'w [usize], wanted: &'w BTreeSet<Wanted>) -> Self {
        let index = wanted.iter().enumerate().map(|(index, wanted)| (wanted, index as u32)).collect();
        Self {
            metric,
            dimensions,
            shown,
            wanted,
            movers: Movers::default(),
            resources: Resources::default(),
            open: Vec::new(),
            index,
        }
    }

    /// Adds one file's sums; `resolve` says what a cell of a group counts for in a month (side 0 is the month reported).
    ///
    /// # Errors
    /// When a sum goes out of range.
    pub fn add(
        &mut self,
        parts: FileParts<ContributorTally>,
        resolve: impl Fn(&GroupKey, usize, Cell) -> Option<Cell>,
    ) -> Result<(), Overflow> {
        let scopes = self.scopes_of(parts.groups(), parts.accounts());
        let (keys, tally) = parts.into_keys();
        for entry in tally.entries {
            let key = &keys[entry.group as usize];
            let amount = |side: usize| {
                resolve(key, side, entry.cells[side]).and_then(|cell| cell.amount(self.metric)).unwrap_or_default()
            };
            let delta = amount(0).checked_sub(amount(1)).ok_or(Overflow)?;
            let mut in_scopes =
                scopes.groups[entry.group as usize].iter().chain(&scopes.accounts[entry.account as usize]);
            if delta.is_zero() || in_scopes.clone().next().is_none() {
                continue;
            }
            let resource = self.resources.number(entry.resource);
            self.open.extend(in_scopes.by_ref().map(|scope| (*scope, resource, delta)));
        }
        Ok(())
    }

    /// Which wanted scopes each group and each account lies in.
    fn scopes_of(&self, groups: &[GroupKey], accounts: &[AccountKey]) -> Scopes {
        let level_index = |level: Level, key: ScopeKey| self.index.get(&Wanted { level, key }).copied();
        let of_group = |group: &GroupKey| {
            let levels = super::scope::LEVELS.into_iter().filter(|level| *level != Level::SubAccount);
            levels
                .filter_map(|level| {
                    let positions = level.positions(self.dimensions, self.shown)?;
                    level_index(level, positions.iter().map(|position| group.values[*position].clone()).collect())
                })
                .collect()
        };
        let of_account = |account: &AccountKey| {
            level_index(Level::SubAccount, vec![account.sub_account_id.clone()]).into_iter().collect()
        };
        Scopes { groups: groups.iter().map(of_group).collect(), accounts: accounts.iter().map(of_account).collect() }
    }

    /// Ends a slice: its resources are in no other, so only the largest need be kept.
    ///
    /// # Errors
    /// When a sum goes out of range.
    pub fn end_slice(&mut self) -> Result<(), Overflow> {
        let wanted: Vec<&Wanted> = self.wanted.iter().collect();
        let resources = std::mem::take(&mut self.resources).list;
        let mut open = std::mem::take(&mut self.open);
        open.sort_unstable_by_key(|(scope, resource, _)| (*scope, *resource));
        for of_scope in open.chunk_by(|a, b| a.0 == b.0) {
            let movers = self.movers.by_scope.entry(wanted[of_scope[0].0 as usize].clone()).or_default();
            for of_resource in of_scope.chunk_by(|a, b| a.1 == b.1) {
                let delta = Amount::checked_sum(of_resource.iter().map(|(_, _, delta)| *delta)).ok_or(Overflow)?;
                if delta.is_zero() {
                    continue;
                }
                let resource = &resources[of_resource[0].1 as usize];
                movers.push(Mover {
                    resource_id: resource.id.as_deref().map(str::to_owned),
                    service_name: resource.service.as_deref().map(str::to_owned),
                    delta,
                });
                if movers.len() >= LISTED * 8 {
                    keep_largest(movers);
                }
            }
            keep_largest(movers);
        }
        Ok(())
    }

    /// The movers found.
    pub fn finish(self) -> Movers {
        self.movers
    }
}

/// Numbers for resources.
#[derive(Debug, Default)]
struct Resources {
    list: Vec<Arc<Resource>>,
    numbers: HashMap<Arc<Resource>, u32>,
}

impl Resources {
    fn number(&mut self, resource: Resource) -> u32 {
        if let Some(number) = self.numbers.get(&resource) {
            return *number;
        }
        let (number, resource) = (self.list.len() as u32, Arc::new(resource));
        self.list.push(resource.clone());
        self.numbers.insert(resource, number);
        number
    }
}

struct Scopes {
    groups: Vec<Vec<u32>>,
    accounts: Vec<Vec<u32>>,
}

fn keep_largest(movers: &mut Vec<Mover>) {
    let text = |value: &Option<String>| (value.is_none(), value.clone());
    movers.sort_by_cached_key(|mover| {
        (std::cmp::Reverse(mover.delta.magnitude()), text(&mover.resource_id), text(&mover.service_name))
    });
    movers.truncate(LISTED);
}

impl Movers {
    /// The largest movers of a scope, by |delta|.
    pub fn of(&self, level: Level, key: &ScopeKey) -> &[Mover] {
        self.by_scope.get(&Wanted { level, key: key.clone() }).map_or(&[], Vec::as_slice)
    }

    /// Movers by service alone, from sums that know no resources.
    pub fn by_service(sides: &ServiceDeltas, level: Level) -> Self {
        let mut movers = Self::default();
        for (key, services) in sides {
            let mut list: Vec<Mover> = services
                .iter()
                .filter(|(_, delta)| !delta.is_zero())
                .map(|(service, delta)| Mover {
                    resource_id: None,
                    service_name: service.as_deref().map(str::to_owned),
                    delta: *delta,
                })
                .collect();
            keep_largest(&mut list);
            movers.by_scope.insert(Wanted { level, key: key.clone() }, list);
        }
        movers
    }

    /// Takes in movers of other scopes.
    pub fn extend(&mut self, other: Self) {
        self.by_scope.extend(other.by_scope);
    }
}
