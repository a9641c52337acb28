//! Sums by resource of the charges that rules are about.
//!
//! Of the other charges nothing is kept. Where the resources are too many for the memory, those of a slice by hash are
//! kept; charges without an identifier, which are as few as the groups, are kept in every slice.

use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use headroom_bills::portable;

use super::policy::{IdlePolicy, Of, Same};
use crate::allocation::Policy;
use crate::bill::Metric;
use crate::calendar::{Date, Month};
use crate::change::ResourceSlice;
use crate::condition::{Facts, Field};
use crate::ledger::{KeyMap, Overflow, Portable, Reader, RecordFacts, Row, Tally, Writer};
use crate::money::Amount;

/// What is added up, and of which charges.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) idle: Arc<IdlePolicy>,
    /// Says what tags mean.
    pub(super) policy: Arc<Policy>,
    pub(super) metric: Metric,
    /// The month whose cost is told. Use is looked for from its first day on.
    pub(super) month: Month,
    /// The day of asking: it is not over, and what comes after it nobody knows on it.
    pub(super) as_of: Date,
}

/// What is kept of a group's charges. It follows from the values of the group's key, which hold what rules say of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Nothing,
    /// Their sum.
    Sum,
    /// Their sums by resource.
    ByResource,
}

impl Wanted {
    /// The last day that is over.
    fn last(&self) -> Date {
        self.as_of.plus_days(-1).unwrap_or(self.as_of)
    }

    fn kept(&self, charge: &dyn Facts) -> Kept {
        let charge = &self.policy.facts(charge);
        let rules = &self.idle.rules;
        let base = rules.iter().find(|rule| rule.when.matches(charge));
        let of_resource = |of: Of, same: Same| of == Of::Resource && same == Same::Subject;
        let mut kept = match base.map(|rule| rule.of) {
            None => Kept::Nothing,
            Some(Of::Commitment) => Kept::Sum,
            Some(Of::Resource) => Kept::ByResource,
        };
        for (rule, unless) in rules.iter().filter_map(|rule| Some((rule, rule.unless.as_ref()?))) {
            if kept != Kept::ByResource && unless.when.matches(charge) {
                kept = if of_resource(rule.of, unless.same) { Kept::ByResource } else { Kept::Sum };
            }
        }
        if self.idle.measured.as_ref().is_some_and(|(when, _)| when.matches(charge)) {
            kept = Kept::ByResource;
        }
        kept
    }
}

/// Sums by group and resource.
#[derive(Debug)]
pub(super) struct SubjectTally {
    wanted: Arc<Wanted>,
    slice: ResourceSlice,
    budget: usize,
    kept: Vec<Option<Kept>>,
    entries: Vec<Entry>,
    table: HashTable<u32>,
    ids: String,
}

/// What one group's charges of one resource add up to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    hash: u64,
    /// Where the identifier stands; `None` where there is none, or none is needed.
    id: Option<(u32, u32)>,
    pub(super) group: u32,
    pub(super) sums: Sums,
}

/// What charges add up to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sums {
    /// Cost in the month, of rows that state it.
    pub(super) cost: Amount,
    /// Whether any row of the month states it.
    pub(super) stated: bool,
    /// Whether any row of the month does not.
    pub(super) missing: bool,
    /// Metered since the first day of the month.
    pub(super) quantity: Amount,
    /// Whether a row since then costs something and states no quantity.
    pub(super) unmetered: bool,
    /// First and last day of all.
    pub(super) span: (Date, Date),
}

impl Sums {
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.cost = self.cost.checked_add(other.cost).ok_or(Overflow)?;
        self.stated |= other.stated;
        self.missing |= other.missing;
        self.quantity = self.quantity.checked_add(other.quantity).ok_or(Overflow)?;
        self.unmetered |= other.unmetered;
        self.span = (self.span.0.min(other.span.0), self.span.1.max(other.span.1));
        Ok(())
    }
}

portable!(Sums { cost, stated, missing, quantity, unmetered, span });

/// Bytes an entry costs beside its identifier: the entry, its slot in the table, and what both keep in reserve.
const ENTRY_BYTES: usize = 2 * size_of::<Entry>();

/// Finest cut of the resources; beyond it no machine has the time.
const MOST_SLICES: u64 = 4096;

impl SubjectTally {
    /// A tally of what is wanted of the resources in the slice, in at most about `budget` bytes: where they do not do, of a
    /// slice of the slice.
    pub(super) fn new(wanted: Arc<Wanted>, slice: ResourceSlice, budget: usize) -> Self {
        Self {
            wanted,
            slice,
            budget,
            kept: Vec::new(),
            entries: Vec::new(),
            table: HashTable::new(),
            ids: String::new(),
        }
    }

    /// The slice that it has added up.
    pub(super) fn slice(&self) -> ResourceSlice {
        self.slice
    }

    /// Whether even the finest slice is too large.
    pub(super) fn is_exhausted(&self) -> bool {
        self.slice.of > MOST_SLICES
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The identifier of an entry's resource.
    pub(super) fn id(&self, entry: &Entry) -> Option<&str> {
        let (start, length) = entry.id?;
        self.ids.get(start as usize..(start + length) as usize)
    }

    /// Lets go of all resources but those of the slice of the same index among `of`.
    pub(super) fn narrow(&mut self, of: u64) {
        if of <= self.slice.of {
            return;
        }
        self.slice.of = of;
        let (entries, ids) = (std::mem::take(&mut self.entries), std::mem::take(&mut self.ids));
        self.table.clear();
        if self.is_exhausted() {
            return;
        }
        let slice = self.slice;
        for entry in entries.into_iter().filter(|entry| entry.id.is_none() || slice.holds(entry.hash)) {
            let id = entry.id.and_then(|(start, length)| ids.get(start as usize..(start + length) as usize));
            self.insert(entry.hash, id, entry.group, entry.sums);
        }
    }

    fn insert(&mut self, hash: u64, id: Option<&str>, group: u32, sums: Sums) {
        let id = id.map(|id| {
            let start = self.ids.len() as u32;
            self.ids.push_str(id);
            (start, id.len() as u32)
        });
        let entries = &mut self.entries;
        self.table.insert_unique(hash, entries.len() as u32, |index| entries[*index as usize].hash);
        entries.push(Entry { hash, id, group, sums });
    }

    fn add_to(&mut self, id: Option<&str>, group: u32, sums: &Sums) -> Result<(), Overflow> {
        let hash = hash(id, group);
        if id.is_some() && !self.slice.holds(hash) {
            return Ok(());
        }
        let found = self.table.find(hash, |index| {
            let entry = &self.entries[*index as usize];
            entry.hash == hash && entry.group == group && self.id(entry) == id
        });
        if let Some(index) = found {
            return self.entries[*index as usize].sums.merge(sums);
        }
        while id.is_some_and(|id| (self.entries.len() + 1) * ENTRY_BYTES + self.ids.len() + id.len() > self.budget) {
            self.narrow(self.slice.of * 2);
            if self.is_exhausted() || !self.slice.holds(hash) {
                return Ok(());
            }
        }
        self.insert(hash, id, group, *sums);
        Ok(())
    }
}

/// The hash of a resource; of a group, for charges without one.
fn hash(id: Option<&str>, group: u32) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    match id {
        Some(id) => hasher.write(id.as_bytes()),
        None => hasher.write_u32(group),
    }
    hasher.finish()
}

impl Tally for SubjectTally {
    fn add(&mut self, row: &Row<'_>, _invoiced: bool) -> Result<(), Overflow> {
        if row.date >= self.wanted.as_of {
            return Ok(());
        }
        let group = row.group as usize;
        if self.kept.len() <= group {
            self.kept.resize(group + 1, None);
        }
        let facts = RecordFacts::new(row.schema(), row.record);
        let kept = *self.kept[group].get_or_insert_with(|| self.wanted.kept(&facts));
        if kept == Kept::Nothing {
            return Ok(());
        }
        let text = |field| row.schema().text(field, row.record);
        let cost = row.costs[self.wanted.metric as usize];
        let (is_now, is_recent) = (row.month == self.wanted.month, row.month >= self.wanted.month);
        let quantity = [Field::ConsumedQuantity, Field::PricingQuantity].into_iter().find_map(text);
        let quantity =
            quantity.filter(|_| is_recent).and_then(|text| Some(Amount::parse(text.as_bytes()).ok()?.amount));
        let last = match row.seconds() {
            Some(seconds) if seconds > DAY => {
                i32::try_from((seconds - 1) / DAY).ok().and_then(|days| row.date.plus_days(days))
            }
            _ => None,
        };
        let sums = Sums {
            cost: cost.filter(|_| is_now).unwrap_or_default(),
            stated: is_now && cost.is_some(),
            missing: is_now && cost.is_none(),
            quantity: quantity.unwrap_or_default(),
            unmetered: is_recent && quantity.is_none() && row.costs.iter().flatten().any(|cost| !cost.is_zero()),
            span: (row.date, last.map_or(row.date, |last| last.min(self.wanted.last()))),
        };
        let id = if kept == Kept::ByResource { text(Field::ResourceId) } else { None };
        self.add_to(id.as_deref(), row.group, &sums)
    }

    fn merge(&mut self, mut other: Self, map: &KeyMap) -> Result<(), Overflow> {
        let of = self.slice.of.max(other.slice.of);
        self.narrow(of);
        other.narrow(of);
        for theirs in &other.entries {
            self.add_to(other.id(theirs), map.group(theirs.group), &theirs.sums)?;
        }
        Ok(())
    }

    fn write(&self, to: &mut Writer) {
        self.slice.of.write(to);
        self.entries.len().write(to);
        for entry in &self.entries {
            self.id(entry).map(str::to_owned).write(to);
            entry.group.write(to);
            entry.sums.write(to);
        }
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        self.slice.of = Portable::read(from)?;
        for _ in 0..from.length()? {
            let (id, group, sums): (Option<String>, u32, Sums) = Portable::read(from)?;
            self.insert(hash(id.as_deref(), group), id.as_deref(), group, sums);
        }
        Some(())
    }
}

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

#[cfg(test)]
mod tests {
    use crate::order::BTreeMap;
    use std::fmt::Write as _;

    use super::*;
    use crate::condition::document::Source;
    use crate::ledger::{Dimension, FileReader, Question, View};

    fn wanted() -> Arc<Wanted> {
        let text =
            "schema = \"headroom/idle/1\"\n[[rule]]\nid = \"a\"\nwhen = { service_name = \"Disk\" }\naction = \"b\"\n";
        let idle = IdlePolicy::parse(Source { name: "i.toml", text }).unwrap();
        Arc::new(Wanted {
            idle: Arc::new(idle),
            policy: Arc::new(Policy::builtin()),
            metric: Metric::Billed,
            month: "2026-05".parse().unwrap(),
            as_of: "2026-06-11".parse().unwrap(),
        })
    }

    type Known = BTreeMap<Option<String>, (Amount, Amount, (Date, Date))>;

    /// What is known of each resource, in as many passes as a budget needs, and how many these were.
    fn known(text: &str, budget: usize) -> (Known, usize) {
        let question = Question {
            classifier: Arc::new(Policy::builtin()),
            dimensions: vec![Dimension::Field(Field::ServiceName)],
            view: View::ChargeMonth,
            owner: Vec::new(),
            cache_bytes: 1 << 20,
            hash_secret: 0,
            only: None,
        };
        let (mut found, mut open, mut passes) = (Known::new(), vec![ResourceSlice::WHOLE], 0);
        while let Some(slice) = open.pop() {
            passes += 1;
            let mut reader = FileReader::new(question.clone(), SubjectTally::new(wanted(), slice, budget));
            reader.push(text.as_bytes()).unwrap();
            let (_, tally) = reader.finish().unwrap().into_keys();
            assert!(!tally.is_exhausted());
            open.extend(slice.remaining(tally.slice().of));
            for entry in tally.entries() {
                let id = tally.id(entry).map(str::to_owned);
                let sums = (entry.sums.cost, entry.sums.quantity, entry.sums.span);
                let before = found.insert(id.clone(), sums);
                assert!(before.is_none() || id.is_none() && before == Some(sums), "a resource is in one slice");
            }
        }
        (found, passes)
    }

    #[test]
    fn little_memory_takes_more_passes_and_finds_the_same() {
        let mut text =
            "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BilledCost,BillingCurrency,ServiceName,ResourceId,\
                        ConsumedQuantity\n"
                .to_owned();
        for row in 0..6_000_u32 {
            let (day, resource) = (["04-30", "05-01", "06-02"][row as usize % 3], row % 997);
            let service = if row % 5 == 0 { "Other" } else { "Disk" };
            let id = if resource == 0 { String::new() } else { format!("resource-{resource}") };
            let _ = writeln!(text, "2026-{day},2026-{day}T23:00:00Z,Usage,{row},USD,{service},{id},1");
        }
        let (want, passes) = known(&text, 64 << 20);
        assert_eq!((want.len(), passes), (997, 1));
        // Cost is of the month alone, use since its first day, days of all.
        let row = |row: u32| !row.is_multiple_of(5) && row % 997 == 1;
        let rows: Vec<u32> = (0..6_000).filter(|at| row(*at)).collect();
        let cost: u32 = rows.iter().filter(|row| *row % 3 == 1).sum();
        let used = rows.iter().filter(|row| *row % 3 != 0).count();
        let one = want[&Some("resource-1".to_owned())];
        assert_eq!(one.0, Amount::from_whole(i64::from(cost)));
        assert_eq!(one.1, Amount::from_whole(used as i64));
        let (found, passes) = known(&text, 20_000);
        assert!(passes > 4, "{passes}");
        assert_eq!(found, want);
    }
}
