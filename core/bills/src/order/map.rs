//! Maps and sets in order.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Bound, Index, RangeBounds};

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::walk::{IntoIter, Iter, IterMut, Walk};

/// Entries of a leaf. Moving as many takes less time than finding the next leaf would.
const MOST: usize = 64;

/// A map in the order of its keys: a B-tree of two levels, with that of `std`'s interface which is used here.
///
/// Finding takes the logarithm of the length, inserting its square root besides: 2 ms in a map of a million. Whoever
/// inserts in order pays nothing for that.
#[derive(Clone)]
pub struct BTreeMap<K, V> {
    /// INVARIANT: no leaf is empty, and keys rise from entry to entry and from leaf to leaf.
    leaves: Vec<Vec<(K, V)>>,
    len: usize,
}

/// A leaf, and a position in it.
#[derive(Clone, Copy, Debug)]
struct Place {
    leaf: usize,
    at: usize,
}

/// The place of what is looked for, and whether it is there; otherwise the place at which it would be put.
fn seek(
    leaves: usize,
    length: &dyn Fn(usize) -> usize,
    compare: &mut dyn FnMut(Place) -> Ordering,
) -> Result<Place, Place> {
    let mut search = |mut low: usize, mut high: usize, place: &dyn Fn(usize) -> Place| {
        while low < high {
            let middle = usize::midpoint(low, high);
            match compare(place(middle)) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Ok(middle),
                Ordering::Greater => high = middle,
            }
        }
        Err(low)
    };
    match search(0, leaves, &|leaf| Place { leaf, at: 0 }) {
        Ok(leaf) => Ok(Place { leaf, at: 0 }),
        Err(0) => Err(Place { leaf: 0, at: 0 }),
        Err(after) => {
            let leaf = after - 1;
            let place = |at| Place { leaf, at };
            search(1, length(leaf), &place).map(place).map_err(place)
        }
    }
}

impl<K, V> BTreeMap<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        Self { leaves: Vec::new(), len: 0 }
    }

    /// Entries.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes all entries out.
    pub fn clear(&mut self) {
        self.leaves.clear();
        self.len = 0;
    }

    /// Entries in order.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter(Walk::new(self.leaves.iter(), self.len))
    }

    /// Entries in order, whose values may be changed.
    pub fn iter_mut(&mut self) -> IterMut<'_, K, V> {
        IterMut(Walk::new(self.leaves.iter_mut(), self.len))
    }

    /// Keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// Values in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.iter().map(|(_, value)| value)
    }

    /// Values in the order of their keys, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> + ExactSizeIterator {
        self.iter_mut().map(|(_, value)| value)
    }

    /// Keys in order.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = K> + ExactSizeIterator {
        self.into_iter().map(|(key, _)| key)
    }

    /// Values in the order of their keys.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = V> + ExactSizeIterator {
        self.into_iter().map(|(_, value)| value)
    }

    /// The least key and its value.
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.leaves.first().and_then(|leaf| leaf.first()).map(|(key, value)| (key, value))
    }

    /// The greatest key and its value.
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.leaves.last().and_then(|leaf| leaf.last()).map(|(key, value)| (key, value))
    }

    /// Keeps what a function says.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        for leaf in &mut self.leaves {
            leaf.retain_mut(|(key, value)| keep(key, value));
        }
        self.leaves.retain(|leaf| !leaf.is_empty());
        self.len = self.leaves.iter().map(Vec::len).sum();
    }

    fn at(&self, place: Place) -> &(K, V) {
        &self.leaves[place.leaf][place.at]
    }

    fn at_mut(&mut self, place: Place) -> &mut V {
        &mut self.leaves[place.leaf][place.at].1
    }

    fn put(&mut self, Place { mut leaf, mut at }: Place, key: K, value: V) -> Place {
        self.len += 1;
        if leaf == self.leaves.len() {
            self.leaves.push(Vec::new());
        } else if self.leaves[leaf].len() == MOST {
            // What is put at the end leaves full leaves behind.
            let split = if at == MOST { MOST } else { MOST / 2 };
            let upper = self.leaves[leaf].split_off(split);
            if at >= split && (at > split || upper.is_empty()) {
                at -= split;
                self.leaves.insert(leaf + 1, upper);
                leaf += 1;
            } else {
                self.leaves.insert(leaf + 1, upper);
            }
        }
        self.leaves[leaf].insert(at, (key, value));
        Place { leaf, at }
    }

    fn take(&mut self, Place { leaf, at }: Place) -> (K, V) {
        self.len -= 1;
        let taken = self.leaves[leaf].remove(at);
        if self.leaves[leaf].is_empty() {
            self.leaves.remove(leaf);
        }
        taken
    }
}

impl<K: Ord, V> BTreeMap<K, V> {
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<Place, Place>
    where
        K: Borrow<Q>,
    {
        self.seek(&mut |known| known.borrow().cmp(key))
    }

    fn seek(&self, compare: &mut dyn FnMut(&K) -> Ordering) -> Result<Place, Place> {
        seek(self.leaves.len(), &|leaf| self.leaves[leaf].len(), &mut |place| compare(&self.at(place).0))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|place| &self.at(place).1)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|place| self.at_mut(place))
    }

    /// A key as the map holds it, and its value.
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|place| self.at(place)).map(|(key, value)| (key, value))
    }

    /// Whether a key has a value.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Gives a key a value, and gives back the one it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(place) => Some(std::mem::replace(self.at_mut(place), value)),
            Err(place) => {
                self.put(place, key, value);
                None
            }
        }
    }

    /// Takes a key out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|place| self.take(place).1)
    }

    /// The entry of a key, there or to be made.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        let place = self.find(&key);
        Entry { map: self, key, place }
    }

    /// Entries whose keys are in a range, in order.
    pub fn range<Q: Ord + ?Sized>(&self, range: impl RangeBounds<Q>) -> Iter<'_, K, V>
    where
        K: Borrow<Q>,
    {
        let before = |bound: Bound<&Q>, itself: bool| match bound {
            Bound::Unbounded => None,
            Bound::Included(key) | Bound::Excluded(key) => {
                // Nothing is equal to a bound: it lies before a key that it takes in, and behind one that it does not.
                let equal = if itself { Ordering::Greater } else { Ordering::Less };
                let place = self.seek(&mut |known| known.borrow().cmp(key).then(equal));
                Some(place.unwrap_or_else(|place| place))
            }
        };
        let from = range.start_bound();
        let from = before(from, matches!(from, Bound::Included(_))).unwrap_or(Place { leaf: 0, at: 0 });
        let to = range.end_bound();
        let to = before(to, matches!(to, Bound::Excluded(_)));
        let to = to.unwrap_or(Place { leaf: self.leaves.len(), at: 0 });
        Iter(Walk::between(&self.leaves, (from.leaf, from.at), (to.leaf, to.at)))
    }
}

/// An entry of a map, there or to be made.
pub struct Entry<'m, K, V> {
    map: &'m mut BTreeMap<K, V>,
    key: K,
    place: Result<Place, Place>,
}

impl<K: fmt::Debug, V> fmt::Debug for Entry<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("key", &self.key).field("there", &self.place.is_ok()).finish_non_exhaustive()
    }
}

impl<'m, K, V> Entry<'m, K, V> {
    /// Changes the value where there is one.
    #[must_use]
    pub fn and_modify(self, change: impl FnOnce(&mut V)) -> Self {
        if let Ok(place) = self.place {
            change(self.map.at_mut(place));
        }
        self
    }

    /// The value; this one where there is none.
    pub fn or_insert(self, value: V) -> &'m mut V {
        self.or_insert_with(|| value)
    }

    /// The value; what a function makes where there is none.
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'m mut V {
        let Self { map, key, place } = self;
        let place = place.unwrap_or_else(|place| map.put(place, key, make()));
        map.at_mut(place)
    }

    /// The value; the default one where there is none.
    pub fn or_default(self) -> &'m mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }
}

impl<K, V> Default for BTreeMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for BTreeMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for BTreeMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other)
    }
}

impl<K: Eq, V: Eq> Eq for BTreeMap<K, V> {}

impl<K: PartialOrd, V: PartialOrd> PartialOrd for BTreeMap<K, V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.iter().partial_cmp(other)
    }
}

impl<K: Ord, V: Ord> Ord for BTreeMap<K, V> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other)
    }
}

impl<K: Hash, V: Hash> Hash for BTreeMap<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.len);
        self.iter().for_each(|entry| entry.hash(state));
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> Index<&Q> for BTreeMap<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        let place = self.find(key).unwrap_or(Place { leaf: usize::MAX, at: 0 });
        &self.at(place).1
    }
}

impl<K: Ord, V> Extend<(K, V)> for BTreeMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for BTreeMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for BTreeMap<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<'m, K, V> IntoIterator for &'m BTreeMap<K, V> {
    type Item = (&'m K, &'m V);
    type IntoIter = Iter<'m, K, V>;

    fn into_iter(self) -> Iter<'m, K, V> {
        self.iter()
    }
}

impl<'m, K, V> IntoIterator for &'m mut BTreeMap<K, V> {
    type Item = (&'m K, &'m mut V);
    type IntoIter = IterMut<'m, K, V>;

    fn into_iter(self) -> IterMut<'m, K, V> {
        self.iter_mut()
    }
}

impl<K, V> IntoIterator for BTreeMap<K, V> {
    type Item = (K, V);
    type IntoIter = IntoIter<K, V>;

    fn into_iter(self) -> IntoIter<K, V> {
        let len = self.len;
        Walk::new(self.leaves.into_iter(), len)
    }
}

impl<K: Serialize, V: Serialize> Serialize for BTreeMap<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Deserialize<'de> for BTreeMap<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<K, V>(PhantomData<(K, V)>);
        impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Visitor<'de> for Reader<K, V> {
            type Value = BTreeMap<K, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut map = BTreeMap::new();
                while let Some((key, value)) = entries.next_entry()? {
                    map.insert(key, value);
                }
                Ok(map)
            }
        }
        deserializer.deserialize_map(Reader(PhantomData))
    }
}
