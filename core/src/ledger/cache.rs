//! A bounded map from raw key bytes to what they mean.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Bytes an entry costs beside its key: the entry and its slot.
const ENTRY_BYTES: usize = 64;

/// Remembers values by key bytes; when its budget is spent it forgets all and starts again, which costs time and
/// never changes a result. Keys are compared byte by byte, so no collision of hashes can mix two of them.
#[derive(Debug)]
pub(super) struct Cache<V> {
    slots: HashTable<u32>,
    entries: Vec<(u64, u32, V)>,
    arena: Vec<u8>,
    budget: usize,
    hasher: FixedState,
}

impl<V: Copy> Cache<V> {
    /// A cache of at most about `budget` bytes.
    pub(super) fn new(budget: usize) -> Self {
        Self { slots: HashTable::new(), entries: Vec::new(), arena: Vec::new(), budget, hasher: FixedState::default() }
    }

    #[inline]
    pub(super) fn hash(&self, key: &[u8]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(key);
        hasher.finish()
    }

    #[inline]
    pub(super) fn get(&self, hash: u64, key: &[u8]) -> Option<V> {
        let found = self.slots.find(hash, |index| {
            let (entry_hash, start, _) = &self.entries[*index as usize];
            *entry_hash == hash && self.key_at(*index as usize, *start) == key
        })?;
        Some(self.entries[*found as usize].2)
    }

    #[inline]
    fn key_at(&self, index: usize, start: u32) -> &[u8] {
        let end = self.entries.get(index + 1).map_or(self.arena.len(), |(_, next, _)| *next as usize);
        &self.arena[start as usize..end]
    }

    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.entries.clear();
        self.arena.clear();
    }

    pub(super) fn insert(&mut self, hash: u64, key: &[u8], value: V) {
        if self.arena.len() + key.len() + (self.entries.len() + 1) * ENTRY_BYTES > self.budget {
            self.clear();
        }
        if key.len() > self.budget / 2 {
            return;
        }
        let index = self.entries.len() as u32;
        self.entries.push((hash, self.arena.len() as u32, value));
        self.arena.extend_from_slice(key);
        let entries = &self.entries;
        self.slots.insert_unique(hash, index, |index| entries[*index as usize].0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_and_forgets_within_its_budget() {
        let mut cache = Cache::new(4096);
        for number in 0_u32..1000 {
            let key = number.to_string().repeat(3);
            let hash = cache.hash(key.as_bytes());
            assert_eq!(cache.get(hash, key.as_bytes()), None);
            cache.insert(hash, key.as_bytes(), number);
            assert_eq!(cache.get(hash, key.as_bytes()), Some(number));
            assert!(cache.arena.len() + cache.entries.len() * ENTRY_BYTES <= 4096);
        }
        let hash = cache.hash(b"long");
        cache.insert(hash, &[b'x'; 5000], 1);
        assert_eq!(cache.get(hash, &[b'x'; 5000]), None);
    }
}
