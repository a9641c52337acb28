//! A bounded map from the bytes that decide a row to what they mean.

#[cfg(not(target_arch = "wasm32"))]
use xxhash_rust::xxh3::xxh3_128_with_seed;
#[cfg(target_arch = "wasm32")]
use xxhash_rust::xxh64::xxh64;

/// Slots of a fresh cache.
const FIRST_SLOTS: usize = 1 << 10;

/// The hash of a key: 96 bits, so that two different keys of one bill are less likely to meet than a bit is to flip in
/// memory; keyed by a secret where the caller has one, so that nobody can make them meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct KeyHash([u32; 3]);

impl KeyHash {
    #[inline]
    pub(super) fn of(key: &[u8], secret: u64) -> Self {
        let hash = hash(key, secret);
        // The zero hash marks a free slot.
        Self([hash as u32 | 1, (hash >> 32) as u32, (hash >> 64) as u32])
    }
}

#[cfg(not(target_arch = "wasm32"))]
use xxh3_128_with_seed as hash;

/// XXH3 multiplies 64 bits by 64 to 128, for which WebAssembly has no instruction yet.
#[cfg(target_arch = "wasm32")]
#[inline]
fn hash(key: &[u8], secret: u64) -> u128 {
    u128::from(xxh64(key, secret)) | u128::from(xxh64(key, !secret)) << 64
}

/// A value between the words of its hash: a slot may lie across two lines of a processor's cache, and whoever asks for its
/// hash has both brought.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
struct Slot<V> {
    first: u32,
    value: V,
    rest: [u32; 2],
}

impl<V> Slot<V> {
    #[inline]
    fn of(KeyHash([first, rest @ ..]): KeyHash, value: V) -> Self {
        Self { first, value, rest }
    }

    #[inline]
    fn hash(&self) -> KeyHash {
        let [second, third] = self.rest;
        KeyHash([self.first, second, third])
    }
}

/// Remembers values by key hash; when its budget is spent it forgets all and starts again, which costs time and never
/// changes a result.
#[derive(Debug)]
pub(super) struct Cache<V> {
    /// A power of two of slots, at most three in four of them taken, probed in a row.
    slots: Vec<Slot<V>>,
    taken: usize,
    /// Also a power of two.
    most_slots: usize,
}

impl<V: Copy + Default> Cache<V> {
    /// A cache of at most about `budget` bytes.
    pub(super) fn new(budget: usize) -> Self {
        let fitting = (budget / size_of::<Slot<V>>()).max(FIRST_SLOTS);
        let most_slots = 1 << fitting.ilog2();
        Self { slots: vec![Slot::default(); FIRST_SLOTS], taken: 0, most_slots }
    }

    #[inline]
    pub(super) fn get(&self, hash: KeyHash) -> Option<V> {
        let slot = &self.slots[self.place(hash)];
        (slot.hash() == hash).then_some(slot.value)
    }

    /// Asks the memory for the slots where these hashes belong, all at once: looking them up one by one would wait for each.
    #[inline]
    pub(super) fn expect(&self, hashes: &[KeyHash]) {
        let mask = self.slots.len() - 1;
        let ends = |hash: &KeyHash| {
            let slot = &self.slots[hash.0[1] as usize & mask];
            slot.first ^ slot.rest[1]
        };
        std::hint::black_box(hashes.iter().map(ends).fold(0, |all, one| all ^ one));
    }

    /// The slot that holds the hash, else the free one where it belongs.
    #[inline]
    fn place(&self, hash: KeyHash) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = hash.0[1] as usize & mask;
        while self.slots[place].hash() != hash && self.slots[place].hash() != KeyHash::default() {
            place = (place + 1) & mask;
        }
        place
    }

    /// Whether it can take so many more without forgetting any.
    pub(super) fn has_room(&self, more: usize) -> bool {
        (self.taken + more) * 4 <= self.most_slots * 3
    }

    #[cold]
    fn grow(&mut self) {
        let larger = vec![Slot::default(); self.slots.len() * 2];
        for slot in std::mem::replace(&mut self.slots, larger) {
            if slot.hash() != KeyHash::default() {
                let place = self.place(slot.hash());
                self.slots[place] = slot;
            }
        }
    }

    #[cold]
    pub(super) fn clear(&mut self) {
        self.slots.fill(Slot::default());
        self.taken = 0;
    }

    pub(super) fn insert(&mut self, hash: KeyHash, value: V) {
        if !self.has_room(1) {
            self.clear();
        } else if (self.taken + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let place = self.place(hash);
        self.taken += usize::from(self.slots[place].hash() != hash);
        self.slots[place] = Slot::of(hash, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_and_forgets_within_its_budget() {
        let mut cache = Cache::new(100_000);
        for number in 0_u32..10_000 {
            let hash = KeyHash::of(&number.to_le_bytes(), 7);
            assert_eq!(cache.get(hash), None);
            cache.insert(hash, number);
            assert_eq!(cache.get(hash), Some(number));
            assert!(cache.slots.len() * size_of::<Slot<u32>>() <= 100_000);
        }
        assert!(cache.taken < 10_000);
        let taken = cache.taken;
        cache.insert(KeyHash::of(&9_999_u32.to_le_bytes(), 7), 1);
        assert_eq!(cache.taken, taken);
    }
}
