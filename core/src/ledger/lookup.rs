//! From rows to what their key columns mean, remembered by the bytes of the whole key.

use std::sync::Arc;

use super::cache::{Cache, KeyHash};
use super::key_bytes::KeyBytes;
use super::meaning::{Meaning, Meanings};
use super::plan::Plan;
use crate::bill::scan::{BATCH, Batch};

/// Some rows of a batch.
#[derive(Default)]
struct Rows {
    rows: [usize; BATCH],
    len: usize,
}

impl Rows {
    #[inline]
    fn push(&mut self, row: usize) {
        self.rows[self.len] = row;
        self.len += 1;
    }

    #[inline]
    fn list(&self) -> &[usize] {
        &self.rows[..self.len]
    }
}

/// Looks meanings up.
#[derive(Debug)]
pub(super) struct Lookup {
    plan: Arc<Plan>,
    /// By raw bytes of the key columns.
    by_bytes: Cache<Meaning>,
    /// Whether remembering whole keys is of use: not where every row's differs (a tag of its own, say).
    remembers: bool,
    /// Rows looked up and not found since the cache was last empty.
    rows: u64,
    missed: u64,
    pub(super) meanings: Meanings,
    key: KeyBytes,
}

impl Lookup {
    pub(super) fn new(plan: Arc<Plan>) -> Self {
        let budget = plan.question().cache_bytes;
        Self {
            by_bytes: Cache::new(budget / 2),
            remembers: plan.cacheable,
            rows: 0,
            missed: 0,
            meanings: Meanings::new(plan.clone(), budget / 2),
            key: KeyBytes::default(),
            plan,
        }
    }

    /// Finds what the keys of the rows that are wanted mean. First all hashes, then all look-ups: so the memory is asked
    /// for the next row's slot while the last one's is still on its way.
    #[inline]
    pub(super) fn find(&mut self, batch: &Batch<'_>, wanted: [bool; BATCH], found: &mut [Meaning; BATCH]) {
        if self.meanings.tags.is_full() {
            self.meanings.tags.fold();
            self.by_bytes.clear();
        }
        let mut new = Rows::default();
        let asked = (0..batch.len()).filter(|row| wanted[*row]);
        found.fill(Meaning::PASSED_OVER);
        if !self.remembers {
            asked.for_each(|row| new.push(row));
            return self.meanings.find(batch, new.list(), found);
        }
        let secret = self.plan.question().hash_secret;
        let mut hashes = [KeyHash::default(); BATCH];
        for row in asked.clone() {
            hashes[row] = self.key.hash_of_runs(&batch.record(row), &self.plan.key_runs, secret);
        }
        for row in asked {
            match self.by_bytes.get(hashes[row]) {
                Some(meaning) => found[row] = meaning,
                None => new.push(row),
            }
        }
        self.rows += batch.len() as u64;
        if new.list().is_empty() {
            return;
        }
        self.meanings.find(batch, new.list(), found);
        self.missed += new.list().len() as u64;
        if !self.by_bytes.has_room(BATCH) {
            self.judge();
        }
        if self.remembers {
            new.list().iter().for_each(|row| self.by_bytes.insert(hashes[*row], found[*row]));
        }
    }

    /// Gives remembering up where it has filled the memory with keys of which hardly any came again.
    fn judge(&mut self) {
        if self.missed > self.rows / 4 * 3 {
            self.remembers = false;
            self.by_bytes = Cache::new(0);
        }
        (self.rows, self.missed) = (0, 0);
    }
}
