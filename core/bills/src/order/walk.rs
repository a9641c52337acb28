//! Going through the leaves of a map.

use std::slice;
use std::vec;

/// Goes through leaves from both ends.
#[derive(Clone, Debug)]
pub struct Walk<L, I> {
    leaves: L,
    front: Option<I>,
    back: Option<I>,
    left: usize,
}

impl<L, I> Walk<L, I> {
    pub(super) const fn new(leaves: L, left: usize) -> Self {
        Self { leaves, front: None, back: None, left }
    }
}

type Leaves<'m, T> = Walk<slice::Iter<'m, Vec<T>>, slice::Iter<'m, T>>;
type LeavesMut<'m, T> = Walk<slice::IterMut<'m, Vec<T>>, slice::IterMut<'m, T>>;

impl<'m, T> Leaves<'m, T> {
    /// From one place, a leaf and a position, to before another.
    pub(super) fn between(leaves: &'m [Vec<T>], from: (usize, usize), to: (usize, usize)) -> Self {
        if from >= to {
            return Self::new(slice::Iter::default(), 0);
        }
        let last = leaves.get(to.0).map_or(&[][..], |leaf| &leaf[..to.1]);
        if from.0 == to.0 {
            let front = &last[from.1..];
            return Self { front: Some(front.iter()), ..Self::new(slice::Iter::default(), front.len()) };
        }
        let first = &leaves[from.0][from.1..];
        let whole = &leaves[from.0 + 1..to.0];
        let left = first.len() + whole.iter().map(Vec::len).sum::<usize>() + last.len();
        Self { leaves: whole.iter(), front: Some(first.iter()), back: Some(last.iter()), left }
    }
}

impl<L: Iterator, I: Iterator> Iterator for Walk<L, I>
where
    L::Item: IntoIterator<Item = I::Item, IntoIter = I>,
{
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.left = self.left.checked_sub(1)?;
        loop {
            if let Some(item) = self.front.as_mut().and_then(Iterator::next) {
                return Some(item);
            }
            match self.leaves.next() {
                Some(leaf) => self.front = Some(leaf.into_iter()),
                None => return self.back.as_mut()?.next(),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<L: DoubleEndedIterator, I: DoubleEndedIterator> DoubleEndedIterator for Walk<L, I>
where
    L::Item: IntoIterator<Item = I::Item, IntoIter = I>,
{
    fn next_back(&mut self) -> Option<I::Item> {
        self.left = self.left.checked_sub(1)?;
        loop {
            if let Some(item) = self.back.as_mut().and_then(DoubleEndedIterator::next_back) {
                return Some(item);
            }
            match self.leaves.next_back() {
                Some(leaf) => self.back = Some(leaf.into_iter()),
                None => return self.front.as_mut()?.next_back(),
            }
        }
    }
}

impl<L: Iterator, I: Iterator> ExactSizeIterator for Walk<L, I> where L::Item: IntoIterator<Item = I::Item, IntoIter = I>
{}

/// Entries of a map, taken out in order.
pub type IntoIter<K, V> = Walk<vec::IntoIter<Vec<(K, V)>>, vec::IntoIter<(K, V)>>;

/// Entries of a map in order.
#[derive(Debug)]
pub struct Iter<'m, K, V>(pub(super) Leaves<'m, (K, V)>);

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<'m, K, V> Iterator for Iter<'m, K, V> {
    type Item = (&'m K, &'m V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (key, value))
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}

/// Entries of a map in order, whose values may be changed.
#[derive(Debug)]
pub struct IterMut<'m, K, V>(pub(super) LeavesMut<'m, (K, V)>);

impl<'m, K, V> Iterator for IterMut<'m, K, V> {
    type Item = (&'m K, &'m mut V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (&*key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<K, V> DoubleEndedIterator for IterMut<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (&*key, value))
    }
}

impl<K, V> ExactSizeIterator for IterMut<'_, K, V> {}
