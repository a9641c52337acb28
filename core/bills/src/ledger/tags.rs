//! Tags of rows: single values on demand, and how many rows carry each key.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::words::{Word, Words};
use crate::bill::{Record, Schema, visit_tags_at};
use crate::order::{BTreeMap, Order as _};
use crate::portable;

/// The value of a key: a column of its own first, then the packed columns in order, where the first tag counts whose key
/// is this one, with a prefix or without.
pub(super) fn tag_value<'a>(schema: &Schema, record: &Record<'a>, key: &str) -> Option<Cow<'a, str>> {
    let tags = schema.tags();
    let packed = |column: &usize| {
        let mut found = None;
        // An unreadable rest takes nothing from a tag found before it.
        let _ = visit_tags_at(record, *column, &mut |packed, value| {
            if found.is_none() && tags.key(packed) == key {
                found = Some(Cow::Owned(value.into_owned()));
            }
        });
        found
    };
    single_tag(schema, record, key).or_else(|| tags.packed.iter().find_map(packed))
}

/// All keys of the record, sorted.
pub(super) fn tag_keys(schema: &Schema, record: &Record<'_>) -> Vec<String> {
    let tags = schema.tags();
    let mut keys: Vec<String> =
        tags.single.iter().filter(|(_, column)| !record.is_null(*column)).map(|(key, _)| key.clone()).collect();
    for column in &tags.packed {
        // What cannot be read has no keys; it is counted where rows are.
        let _ = visit_tags_at(record, *column, &mut |key, _| keys.push(tags.key(key).to_owned()));
    }
    keys.order();
    keys.dedup();
    keys
}

/// The value of a tag with a column of its own.
fn single_tag<'a>(schema: &Schema, record: &Record<'a>, key: &str) -> Option<Cow<'a, str>> {
    let columns = schema.tags().single.iter().filter(|(name, _)| name == key);
    columns.into_iter().find_map(|(_, column)| record.text(*column))
}

/// How many rows are tagged, and with which keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagCounts {
    /// Rows with at least one tag.
    pub tagged_rows: u64,
    /// Rows by tag key.
    pub rows_by_key: BTreeMap<String, u64>,
    /// There are more distinct keys than are counted; `rows_by_key` is empty then.
    pub too_many_keys: bool,
}

/// Distinct keys counted before giving up: far above any organisation's, far below what fills memory.
const MOST_KEYS: usize = 20_000;

portable!(TagCounts { tagged_rows, rows_by_key, too_many_keys });

impl TagCounts {
    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.tagged_rows += other.tagged_rows;
        for (key, rows) in other.rows_by_key {
            *self.rows_by_key.entry(key).or_default() += rows;
        }
        self.too_many_keys |= other.too_many_keys;
        self.limit();
    }

    fn limit(&mut self) {
        if self.too_many_keys || self.rows_by_key.len() > MOST_KEYS {
            self.too_many_keys = true;
            self.rows_by_key.clear();
        }
    }
}

/// Distinct orders of keys remembered before counts are folded.
const MOST_SETS: usize = 1 << 15;

/// A short list of keys with low numbers, as nearly all rows have it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct KeyOrder {
    ids: [u8; 16],
    length: usize,
}

impl KeyOrder {
    /// Appends a key; `None` where such a list does not hold it.
    #[inline]
    pub(super) fn push(&mut self, id: u32) -> Option<()> {
        *self.ids.get_mut(self.length)? = u8::try_from(id).ok()?;
        self.length += 1;
        Some(())
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    #[inline]
    fn word(&self) -> Option<Word> {
        Word::of_first(self.length, self.ids)
    }
}

/// Counts rows by the set of keys they carry: one addition a row, however many tags.
#[derive(Debug)]
pub(super) struct TagCounter {
    names: Vec<Box<str>>,
    ids: HashMap<Box<str>, u32, FixedState>,
    /// Keys in an order in which rows carry them → their set.
    orders: HashMap<Box<[u32]>, u32, FixedState>,
    /// The same for short orders, which are quicker looked up so.
    short_orders: Words<u32>,
    sets: HashMap<Box<[u32]>, u32, FixedState>,
    members: Vec<Box<[u32]>>,
    rows: Vec<u64>,
    /// Rows by tag with a column of its own, by its position.
    single_rows: Vec<u64>,
    folded: TagCounts,
    pub(super) tagged_rows: u64,
}

impl TagCounter {
    pub(super) fn new(secret: u64) -> Self {
        Self {
            names: Vec::new(),
            ids: HashMap::default(),
            orders: HashMap::default(),
            short_orders: Words::new(secret),
            sets: HashMap::default(),
            members: Vec::new(),
            rows: Vec::new(),
            single_rows: Vec::new(),
            folded: TagCounts::default(),
            tagged_rows: 0,
        }
    }

    /// The key's number; `None` when there are too many keys to count.
    pub(super) fn id(&mut self, key: &str) -> Option<u32> {
        if let Some(id) = self.ids.get(key) {
            return Some(*id);
        }
        if self.names.len() > MOST_KEYS {
            self.folded.too_many_keys = true;
            return None;
        }
        let id = self.names.len() as u32;
        self.names.push(key.into());
        self.ids.insert(key.into(), id);
        Some(id)
    }

    /// The number of the set of these keys.
    #[inline]
    pub(super) fn set(&mut self, order: &[u32]) -> u32 {
        if let Some(set) = self.orders.get(order) { *set } else { self.learn(order) }
    }

    /// The number of the set of these keys, if they have been seen in this order.
    #[inline]
    pub(super) fn known_set(&self, order: &KeyOrder) -> Option<u32> {
        self.short_orders.get(order.word()?)
    }

    #[cold]
    fn learn(&mut self, order: &[u32]) -> u32 {
        let mut members = order.to_vec();
        members.order();
        members.dedup();
        let members = members.into_boxed_slice();
        let next = self.members.len() as u32;
        let set = *self.sets.entry(members.clone()).or_insert(next);
        if set == next {
            self.members.push(members);
            self.rows.push(0);
        }
        self.orders.insert(order.into(), set);
        let mut short = KeyOrder::default();
        if order.iter().all(|id| short.push(*id).is_some())
            && let Some(word) = short.word()
        {
            self.short_orders.insert(word, set);
        }
        set
    }

    /// Whether the sets should be folded, which makes all their numbers void.
    pub(super) fn is_full(&self) -> bool {
        self.orders.len() >= MOST_SETS
    }

    #[inline]
    pub(super) fn count(&mut self, set: u32) {
        self.rows[set as usize] += 1;
    }

    #[inline]
    pub(super) fn count_single(&mut self, index: usize, present: bool) {
        if self.single_rows.len() <= index {
            self.single_rows.resize(index + 1, 0);
        }
        self.single_rows[index] += u64::from(present);
    }

    /// Turns counts by set into counts by key.
    #[cold]
    pub(super) fn fold(&mut self) {
        for (members, rows) in self.members.drain(..).zip(self.rows.drain(..)) {
            for id in members.iter().filter(|_| rows > 0) {
                *self.folded.rows_by_key.entry(self.names[*id as usize].to_string()).or_default() += rows;
            }
        }
        self.sets.clear();
        self.orders.clear();
        self.short_orders.clear();
    }

    pub(super) fn finish(&mut self, single: &[(String, usize)]) -> TagCounts {
        self.fold();
        for ((key, _), rows) in single.iter().zip(self.single_rows.drain(..)).filter(|(_, rows)| *rows > 0) {
            *self.folded.rows_by_key.entry(key.clone()).or_default() += rows;
        }
        let mut counts = std::mem::take(&mut self.folded);
        counts.tagged_rows = std::mem::take(&mut self.tagged_rows);
        counts.limit();
        counts
    }
}
