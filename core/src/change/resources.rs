//! Sums by resource: what a second pass over the months compared adds up.
//!
//! The first pass keeps no resources. This one keeps those of two months, and where even they are too many, those of a
//! slice of them by hash; the others are another pass's. So memory stays bounded and every sum exact.

use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::bill::Metric;
use crate::condition::Field;
use crate::ledger::{KeyMap, Overflow, Portable, Reader, Row, Tally, Texts, Window, Writer};
use crate::money::Amount;

/// A part of all resources, by hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceSlice {
    /// Which part, from 0.
    pub index: u64,
    /// Of how many: a power of two.
    pub of: u64,
}

impl ResourceSlice {
    /// All of them.
    pub const WHOLE: Self = Self { index: 0, of: 1 };

    /// The slices that remain of this one when only the slice of the same index among `of` has been read.
    pub fn remaining(self, of: u64) -> impl Iterator<Item = Self> {
        (1..of / self.of).map(move |step| Self { index: self.index + step * self.of, of })
    }

    /// Whether a resource of this hash is in it.
    pub(crate) fn holds(self, hash: u64) -> bool {
        (hash >> 20) % self.of == self.index
    }
}

/// Sums of one metric by resource, group and account, in both months.
#[derive(Debug)]
pub struct ContributorTally {
    window: Window,
    metric: Metric,
    slice: ResourceSlice,
    budget: usize,
    pub(super) entries: Vec<Entry>,
    table: HashTable<u32>,
    pub(super) names: Names,
    scratch: Vec<u8>,
}

/// A resource's sums in one group and account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    hash: u64,
    pub(super) resource: Resource,
    pub(super) group: u32,
    pub(super) account: u32,
    /// This month and the month before.
    pub(super) amounts: [Amount; 2],
}

/// A resource, or what stands for charges without one, in the names of its tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Resource {
    /// Where its id stands; `None` for charges without one.
    id: Option<Span>,
    /// Number of its service.
    service: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u32,
    length: u32,
}

/// The names of resources and services.
#[derive(Debug, Default)]
pub(super) struct Names {
    ids: String,
    services: Texts,
}

impl Names {
    fn push(&mut self, id: &str) -> Span {
        let start = self.ids.len() as u32;
        self.ids.push_str(id);
        Span { start, length: id.len() as u32 }
    }

    /// Takes a resource over from other names.
    pub(super) fn adopt(&mut self, other: &Self, resource: Resource) -> Resource {
        let service = self.services.number(other.service(resource));
        Resource { id: other.id(resource).map(|id| self.push(id)), service }
    }

    /// The resource's id.
    pub(super) fn id(&self, resource: Resource) -> Option<&str> {
        let Span { start, length } = resource.id?;
        self.ids.get(start as usize..(start + length) as usize)
    }

    /// The resource's service.
    pub(super) fn service(&self, resource: Resource) -> Option<&str> {
        self.services.text(resource.service).map(AsRef::as_ref)
    }

    /// Whether both say the same, each in its names.
    pub(super) fn same(&self, mine: Resource, other: &Self, theirs: Resource) -> bool {
        self.id(mine) == other.id(theirs) && self.service(mine) == other.service(theirs)
    }
}

impl Entry {
    /// The hash of the resource alone.
    pub(super) fn hash(&self) -> u64 {
        self.hash
    }
}

/// Bytes an entry costs beside the id of its resource: the entry, its slot in the table, and what both keep in reserve.
const ENTRY_BYTES: usize = 2 * size_of::<Entry>();

/// Finest cut of the resources; beyond it no machine has the time.
const MOST_SLICES: u64 = 4096;

impl ContributorTally {
    /// A tally of the window's rows whose resource is in the slice, in at most about `budget` bytes: where they do not do,
    /// of a slice of the slice.
    pub fn new(window: Window, metric: Metric, slice: ResourceSlice, budget: usize) -> Self {
        Self {
            window,
            metric,
            slice,
            budget,
            entries: Vec::new(),
            table: HashTable::new(),
            names: Names::default(),
            scratch: Vec::new(),
        }
    }

    /// The slice that it has added up.
    pub fn slice(&self) -> ResourceSlice {
        self.slice
    }

    /// Whether even the finest slice is too large.
    pub fn is_exhausted(&self) -> bool {
        self.slice.of > MOST_SLICES
    }

    /// Lets go of all resources but those of the slice of the same index among `of`.
    pub fn narrow(&mut self, of: u64) {
        if of <= self.slice.of {
            return;
        }
        self.slice.of = of;
        let (entries, names) = (std::mem::take(&mut self.entries), std::mem::take(&mut self.names));
        self.table.clear();
        if self.is_exhausted() {
            return;
        }
        let slice = self.slice;
        for entry in entries.into_iter().filter(|entry| slice.holds(entry.hash)) {
            let resource = self.names.adopt(&names, entry.resource);
            self.insert(Entry { resource, ..entry });
        }
    }

    fn insert(&mut self, entry: Entry) {
        let entries = &mut self.entries;
        self.table.insert_unique(entry.hash, entries.len() as u32, |index| entries[*index as usize].hash);
        entries.push(entry);
    }

    /// Adds to a resource's sums; they must be of the slice.
    fn add_to(
        &mut self,
        (hash, id, service): (u64, Option<&str>, Option<&str>),
        (group, account): (u32, u32),
        amounts: [Amount; 2],
    ) -> Result<(), Overflow> {
        let (entries, names) = (&self.entries, &self.names);
        let found = self.table.find(hash, |index| {
            let entry = &entries[*index as usize];
            entry.hash == hash
                && entry.group == group
                && entry.account == account
                && names.id(entry.resource) == id
                && names.service(entry.resource) == service
        });
        if let Some(index) = found {
            let sums = &mut self.entries[*index as usize].amounts;
            for (sum, amount) in sums.iter_mut().zip(amounts) {
                *sum = sum.checked_add(amount).ok_or(Overflow)?;
            }
            return Ok(());
        }
        while (self.entries.len() + 1) * ENTRY_BYTES + self.names.ids.len() + id.map_or(0, str::len) > self.budget {
            self.narrow(self.slice.of * 2);
            if self.is_exhausted() || !self.slice.holds(hash) {
                return Ok(());
            }
        }
        let service = self.names.services.number(service);
        let resource = Resource { id: id.map(|id| self.names.push(id)), service };
        self.insert(Entry { hash, resource, group, account, amounts });
        Ok(())
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
        let Some(amount) = row.costs[self.metric as usize] else { return Ok(()) };
        if !row.included || !self.window.takes(row) {
            return Ok(());
        }
        let text = |field| row.schema().text(field, row.record);
        let (id, service) = (text(Field::ResourceId), text(Field::ServiceName));
        let (id, service) = (id.as_deref(), service.as_deref());
        let hash = self.hash(id, service);
        if !self.slice.holds(hash) {
            return Ok(());
        }
        let mut amounts = [Amount::ZERO; 2];
        amounts[usize::from(row.month != self.window.month)] = amount;
        self.add_to((hash, id, service), (row.group, row.account), amounts)
    }

    fn merge(&mut self, mut other: Self, map: &KeyMap) -> Result<(), Overflow> {
        let of = self.slice.of.max(other.slice.of);
        self.narrow(of);
        other.narrow(of);
        for theirs in &other.entries {
            if self.slice.holds(theirs.hash) {
                let names = (theirs.hash, other.names.id(theirs.resource), other.names.service(theirs.resource));
                self.add_to(names, (map.group(theirs.group), map.account(theirs.account)), theirs.amounts)?;
            }
        }
        Ok(())
    }

    fn write(&self, to: &mut Writer) {
        self.slice.of.write(to);
        self.entries.len().write(to);
        for Entry { hash, resource, group, account, amounts: [now, before] } in &self.entries {
            hash.write(to);
            self.names.id(*resource).map(str::to_owned).write(to);
            self.names.service(*resource).map(Arc::<str>::from).write(to);
            (*group, *account).write(to);
            (*now, *before).write(to);
        }
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        self.slice.of = Portable::read(from)?;
        for _ in 0..from.length()? {
            let hash = Portable::read(from)?;
            let (id, service): (Option<String>, Option<Arc<str>>) = Portable::read(from)?;
            let ((group, account), (now, before)) = Portable::read(from)?;
            let service = self.names.services.number(service.as_deref());
            let resource = Resource { id: id.map(|id| self.names.push(&id)), service };
            self.insert(Entry { hash, resource, group, account, amounts: [now, before] });
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use crate::order::BTreeMap;
    use std::fmt::Write as _;

    use super::*;
    use crate::allocation::Policy;
    use crate::ledger::{Dimension, FileReader, Question, View};

    #[test]
    fn slices_of_a_slice_are_all_of_it() {
        let slice = ResourceSlice { index: 1, of: 2 };
        let rest: Vec<(u64, u64)> = slice.remaining(8).map(|slice| (slice.index, slice.of)).collect();
        assert_eq!(rest, [(3, 8), (5, 8), (7, 8)]);
        assert_eq!(slice.remaining(2).count(), 0);
        for hash in (0..64_u64).map(|number| number << 20) {
            let parts = slice.remaining(8).filter(|part| part.holds(hash)).count();
            let first = ResourceSlice { index: 1, of: 8 };
            assert_eq!(parts + usize::from(first.holds(hash)), usize::from(slice.holds(hash)));
        }
    }

    type Sums = BTreeMap<(Option<String>, Option<String>), [Amount; 2]>;

    /// All sums, in as many passes as a budget needs, and how many these were.
    fn sums(text: &str, budget: usize) -> (Sums, usize) {
        let month = |text: &str| text.parse().unwrap();
        let window = Window { month: month("2026-05"), previous: month("2026-04"), days: None };
        let question = Question {
            classifier: Arc::new(Policy::builtin()),
            dimensions: vec![Dimension::Field(Field::ServiceName)],
            view: View::ChargeMonth,
            owner: Vec::new(),
            cache_bytes: 1 << 20,
            hash_secret: 0,
            only: None,
        };
        let (mut sums, mut open, mut passes) = (Sums::new(), vec![ResourceSlice::WHOLE], 0);
        while let Some(slice) = open.pop() {
            passes += 1;
            let tally = ContributorTally::new(window, Metric::Billed, slice, budget);
            let mut reader = FileReader::new(question.clone(), tally);
            reader.push(text.as_bytes()).unwrap();
            let (_, tally) = reader.finish().unwrap().into_keys();
            assert!(!tally.is_exhausted());
            open.extend(slice.remaining(tally.slice().of));
            for entry in &tally.entries {
                let owned = |text: Option<&str>| text.map(str::to_owned);
                let key = (owned(tally.names.id(entry.resource)), owned(tally.names.service(entry.resource)));
                assert_eq!(sums.insert(key, entry.amounts), None, "a resource is in one slice");
            }
        }
        (sums, passes)
    }

    #[test]
    fn little_memory_takes_more_passes_and_finds_the_same() {
        let mut text =
            "ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency,ServiceName,ResourceId\n".to_owned();
        for row in 0..6_000_u32 {
            let (day, resource, service) = (["2026-04-01", "2026-05-01"][row as usize % 2], row % 997, row % 997 % 3);
            let id = if resource == 0 { String::new() } else { format!("resource-{resource}") };
            let _ = writeln!(text, "{day},Usage,{row},USD,s{service},{id}");
        }
        let (want, passes) = sums(&text, 64 << 20);
        assert_eq!((want.len(), passes), (997, 1));
        let (found, passes) = sums(&text, 20_000);
        assert!(passes > 4, "{passes}");
        assert_eq!(found, want);
    }
}
