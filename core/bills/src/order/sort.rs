//! Sorting through one function that knows no types.

use std::cmp::Ordering;

/// Sorting of lists, stable.
///
/// The standard library's sort is compiled anew, in some five kilobytes, for every type and every comparison. Here places
/// are sorted, which are numbers whatever stands at them, and the items then moved to theirs. That takes about twice the
/// time: numbers by the million are sorted by the standard library, everything else by this.
pub trait Order<T> {
    /// Sorts by a comparison.
    fn order_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    /// Sorts by a key, which is made anew for every comparison.
    fn order_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K);

    /// Sorts by a key, which is made once for every item.
    fn order_by_cached_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K);

    /// Sorts by the items themselves.
    fn order(&mut self)
    where
        T: Ord;
}

impl<T> Order<T> for [T] {
    fn order_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        let places = places(self.len(), &mut |a, b| compare(&self[a], &self[b]));
        arrange(self, places);
    }

    fn order_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        let places = places(self.len(), &mut |a, b| key(&self[a]).cmp(&key(&self[b])));
        arrange(self, places);
    }

    fn order_by_cached_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        let keys: Vec<K> = self.iter().map(key).collect();
        let places = places(self.len(), &mut |a, b| keys[a].cmp(&keys[b]));
        arrange(self, places);
    }

    fn order(&mut self)
    where
        T: Ord,
    {
        let places = places(self.len(), &mut |a, b| self[a].cmp(&self[b]));
        arrange(self, places);
    }
}

/// Sorts points by the first number and then the second, each in the total order of floats.
pub fn sort_points(points: &mut [(f64, f64)]) {
    points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
}

/// The places of a sorted list: where each of its items stands now. Neighbouring runs are merged, which double in length;
/// two that are in order already, as most are in lists that nearly are, cost one comparison.
fn places(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    if (1..len).all(|at| compare(at - 1, at) != Ordering::Greater) {
        return places;
    }
    let mut merged = Vec::with_capacity(len);
    let mut run = 1;
    while run < len {
        for pair in places.chunks(2 * run) {
            let (mut first, mut second) = pair.split_at(run.min(pair.len()));
            if let (Some(last), Some(next)) = (first.last(), second.first())
                && compare(*last, *next) == Ordering::Greater
            {
                while let (Some((a, others)), Some((b, rest))) = (first.split_first(), second.split_first()) {
                    // Of two that are alike the first stays the first.
                    if compare(*a, *b) == Ordering::Greater {
                        merged.push(*b);
                        second = rest;
                    } else {
                        merged.push(*a);
                        first = others;
                    }
                }
            }
            merged.extend_from_slice(first);
            merged.extend_from_slice(second);
        }
        std::mem::swap(&mut places, &mut merged);
        merged.clear();
        run *= 2;
    }
    places
}

/// Moves items so that each stands where its place is named.
fn arrange<T>(items: &mut [T], mut places: Vec<usize>) {
    for start in 0..places.len() {
        let mut at = start;
        loop {
            // A place that names itself is done.
            let from = std::mem::replace(&mut places[at], at);
            if from == start {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(items in prop::collection::vec((0_u8..9, any::<u16>()), 0..200)) {
            let (mut ours, mut theirs) = (items.clone(), items.clone());
            ours.order_by_key(|item| item.0);
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(&ours, &theirs);
            ours.order_by(|a, b| (b.0, a.1 % 5).cmp(&(a.0, b.1 % 5)));
            theirs.sort_by(|a, b| (b.0, a.1 % 5).cmp(&(a.0, b.1 % 5)));
            prop_assert_eq!(&ours, &theirs);
            ours.order_by_cached_key(|item| item.1 % 7);
            theirs.sort_by_cached_key(|item| item.1 % 7);
            prop_assert_eq!(&ours, &theirs);
            ours.order();
            theirs.sort_unstable();
            prop_assert_eq!(&ours, &theirs);
        }
    }
}
