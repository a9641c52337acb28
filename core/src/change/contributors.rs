//! What moved most inside a change: resources, found in a second pass over the months compared.

use std::sync::Arc;

use hashbrown::HashTable;

use super::resources::{ContributorTally, Names, Resource};
use super::scope::{Level, ScopeKey};
use crate::bill::Metric;
use crate::ledger::{AccountKey, Cell, FileParts, GroupKey, Overflow};
use crate::money::Amount;
use crate::order::{BTreeMap, BTreeSet, Order as _};

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
    /// The largest movers of each scope wanted, so far.
    movers: Vec<Vec<Mover>>,
    slice: Slice,
    index: BTreeMap<&'w Wanted, u32>,
}

/// The resources of the slice under way.
#[derive(Debug, Default)]
struct Slice {
    names: Names,
    resources: Vec<(u64, Resource)>,
    table: HashTable<u32>,
    /// Lists of wanted scopes, each that of a group or of an account.
    scopes: Vec<Vec<u32>>,
    moves: Vec<Move>,
}

/// The change of a resource in one group and account.
#[derive(Clone, Copy, Debug)]
struct Move {
    resource: u32,
    /// Which lists of scopes it counts in.
    of_group: u32,
    of_account: u32,
    delta: Amount,
}

impl Slice {
    /// The number of a resource of other names.
    fn number(&mut self, hash: u64, names: &Names, resource: Resource) -> u32 {
        let (mine, resources) = (&self.names, &self.resources);
        let found = self.table.find(hash, |number| {
            let (known, candidate) = resources[*number as usize];
            known == hash && mine.same(candidate, names, resource)
        });
        if let Some(number) = found {
            return *number;
        }
        let number = self.resources.len() as u32;
        let resource = self.names.adopt(names, resource);
        self.resources.push((hash, resource));
        let resources = &self.resources;
        self.table.insert_unique(hash, number, |number| resources[*number as usize].0);
        number
    }
}

impl<'w> Contributors<'w> {
    /// A gathering for these scopes.
    pub fn new(metric: Metric, dimensions: &'w [String], shown: &'w [usize], wanted: &'w BTreeSet<Wanted>) -> Self {
        let index = wanted.iter().enumerate().map(|(index, wanted)| (wanted, index as u32)).collect();
        let movers = vec![Vec::new(); wanted.len()];
        Self { metric, dimensions, shown, wanted, movers, slice: Slice::default(), index }
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
        let Scopes { groups, accounts } = self.scopes_of(parts.groups(), parts.accounts());
        let groups_from = self.slice.scopes.len() as u32;
        let accounts_from = groups_from + groups.len() as u32;
        self.slice.scopes.extend(groups.into_iter().chain(accounts));
        let (keys, tally) = parts.into_keys();
        for entry in &tally.entries {
            let (of_group, of_account) = (groups_from + entry.group, accounts_from + entry.account);
            if [of_group, of_account].iter().all(|list| self.slice.scopes[*list as usize].is_empty()) {
                continue;
            }
            let key = &keys[entry.group as usize];
            let amount = |side: usize| {
                let cell = Cell::stating(self.metric, entry.amounts[side]);
                resolve(key, side, cell).and_then(|cell| cell.amount(self.metric)).unwrap_or_default()
            };
            let delta = amount(0).checked_sub(amount(1)).ok_or(Overflow)?;
            if !delta.is_zero() {
                let resource = self.slice.number(entry.hash(), &tally.names, entry.resource);
                self.slice.moves.push(Move { resource, of_group, of_account, delta });
            }
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
        let Slice { names, resources, scopes, mut moves, .. } = std::mem::take(&mut self.slice);
        moves.sort_unstable_by_key(|step| step.resource);
        let mut deltas: Vec<(u32, Amount)> = Vec::new();
        for of_resource in moves.chunk_by(|a, b| a.resource == b.resource) {
            deltas.clear();
            for step in of_resource {
                let of_step = scopes[step.of_group as usize].iter().chain(&scopes[step.of_account as usize]);
                deltas.extend(of_step.map(|scope| (*scope, step.delta)));
            }
            deltas.sort_unstable_by_key(|(scope, _)| *scope);
            let (_, resource) = resources[of_resource[0].resource as usize];
            for of_scope in deltas.chunk_by(|a, b| a.0 == b.0) {
                let delta = Amount::checked_sum(of_scope.iter().map(|(_, delta)| *delta)).ok_or(Overflow)?;
                if delta.is_zero() {
                    continue;
                }
                let movers = &mut self.movers[of_scope[0].0 as usize];
                // Once enough are kept, the last of them is the one to beat.
                let least = movers.get(LISTED - 1).map(|mover: &Mover| mover.delta.magnitude());
                if least.is_some_and(|least| delta.magnitude() < least) {
                    continue;
                }
                movers.push(Mover {
                    resource_id: names.id(resource).map(str::to_owned),
                    service_name: names.service(resource).map(str::to_owned),
                    delta,
                });
                keep_largest(movers);
            }
        }
        Ok(())
    }

    /// The movers found.
    pub fn finish(self) -> Movers {
        Movers { by_scope: self.wanted.iter().cloned().zip(self.movers).collect() }
    }
}

struct Scopes {
    groups: Vec<Vec<u32>>,
    accounts: Vec<Vec<u32>>,
}

fn keep_largest(movers: &mut Vec<Mover>) {
    let text = |value: &Option<String>| (value.is_none(), value.clone());
    movers.order_by_cached_key(|mover| {
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
