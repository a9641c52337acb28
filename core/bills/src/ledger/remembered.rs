//! What some fields of rows say together, remembered by their bytes.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::FixedState;

use super::cache::{Cache, KeyHash};
use super::key_bytes::KeyBytes;
use super::plan::FieldGroup;
use crate::bill::scan::{BATCH, Batch};

/// Combinations of the values of a group of fields, by number.
///
/// A bill has few of them where the fields belong together (an account and its name, a service and what is charged for);
/// the combinations of all fields are too many to remember.
#[derive(Debug)]
pub(super) struct Remembered<T> {
    ids: Cache<u32>,
    list: Vec<T>,
    /// For each combination, the values of those dimensions that are fields of the group, in order.
    pub(super) values: Vec<u32>,
    /// For each combination, the rules that it leaves possible.
    pub(super) candidates: Vec<u64>,
    /// The numbers of what is said, for those told apart by it alone.
    told: HashMap<Said<T>, u32, FixedState>,
    most: usize,
}

/// All that is remembered of a combination.
type Said<T> = (T, Box<[u32]>, Box<[u64]>);

impl<T: Copy> Remembered<T> {
    /// None yet, and never more than fit in about `budget` bytes.
    pub(super) fn new(budget: usize) -> Self {
        /// What goes with a combination where neither dimensions nor rules are many.
        const BESIDE: usize = 32;
        Self {
            ids: Cache::new(budget / 2),
            list: Vec::new(),
            values: Vec::new(),
            candidates: Vec::new(),
            told: HashMap::default(),
            most: (budget / 2 / (size_of::<T>() + BESIDE)).max(4 * BATCH),
        }
    }

    /// Makes room for the combinations of a batch, if need be by forgetting all.
    pub(super) fn make_room(&mut self) {
        if self.list.len() + BATCH > self.most || !self.ids.has_room(BATCH) {
            self.forget();
        }
    }

    /// Forgets all combinations, and so voids their numbers.
    pub(super) fn forget(&mut self) {
        self.ids.clear();
        self.list.clear();
        self.values.clear();
        self.candidates.clear();
        self.told.clear();
    }

    /// Looks up the numbers of the rows' combinations, where they are known; returns all hashes.
    #[inline]
    pub(super) fn find(
        &self,
        group: &FieldGroup,
        secret: u64,
        batch: &Batch<'_>,
        rows: &[usize],
        bytes: &mut KeyBytes,
        found: &mut [Option<u32>; BATCH],
    ) -> [KeyHash; BATCH] {
        let mut hashes = [KeyHash::default(); BATCH];
        for row in rows {
            hashes[*row] = bytes.hash_of_runs(&batch.record(*row), &group.runs, secret);
        }
        for row in rows {
            found[*row] = self.ids.get(hashes[*row]);
        }
        hashes
    }

    /// The number of the combination with this hash.
    pub(super) fn get(&self, hash: KeyHash) -> Option<u32> {
        self.ids.get(hash)
    }

    /// Adds a combination whose values and candidates have just been appended.
    pub(super) fn push(&mut self, hash: Option<KeyHash>, what: T) -> u32 {
        let number = self.list.len() as u32;
        self.list.push(what);
        if let Some(hash) = hash {
            self.ids.insert(hash, number);
        }
        number
    }

    /// The same, where combinations that say the same have one number: they are fewer, and so are at hand.
    pub(super) fn push_once(&mut self, hash: Option<KeyHash>, what: T) -> u32
    where
        T: Eq + Hash,
    {
        let count = self.list.len() + 1;
        let values = self.values.split_off(self.values.len() / count * (count - 1));
        let candidates = self.candidates.split_off(self.candidates.len() / count * (count - 1));
        let said = (what, values.into_boxed_slice(), candidates.into_boxed_slice());
        if let Some(number) = self.told.get(&said) {
            if let Some(hash) = hash {
                self.ids.insert(hash, *number);
            }
            return *number;
        }
        self.values.extend_from_slice(&said.1);
        self.candidates.extend_from_slice(&said.2);
        let number = self.push(hash, what);
        self.told.insert(said, number);
        number
    }

    /// What the combination of this number says.
    #[inline]
    pub(super) fn what(&self, number: u32) -> T {
        self.list[number as usize]
    }

    #[inline]
    pub(super) fn what_mut(&mut self, number: u32) -> &mut T {
        &mut self.list[number as usize]
    }

    /// The values of the combination of this number.
    #[inline]
    pub(super) fn values(&self, number: u32) -> &[u32] {
        part(&self.values, self.list.len(), number)
    }

    /// The rules that the combination of this number leaves possible.
    #[inline]
    pub(super) fn candidates(&self, number: u32) -> &[u64] {
        part(&self.candidates, self.list.len(), number)
    }
}

/// One part of a list of equal parts.
#[inline]
fn part<T>(list: &[T], parts: usize, number: u32) -> &[T] {
    let each = list.len() / parts.max(1);
    let from = number as usize * each;
    list.get(from..from + each).unwrap_or_default()
}
