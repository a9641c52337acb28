//! Sets of rules, as bits.

use std::ops::Range;

use crate::portable;

/// Sets of rules by number.
#[derive(Clone, Debug, Default)]
pub struct RuleSets {
    /// So many words a set.
    words: usize,
    bits: Vec<u64>,
}

portable!(RuleSets { words, bits });

impl RuleSets {
    pub(super) fn insert(&mut self, set: usize, rule: usize) {
        let words = rule / 64 + 1;
        if self.words < words {
            let narrow = std::mem::replace(self, Self { words, bits: Vec::new() });
            for set in 0..narrow.bits.len() / narrow.words.max(1) {
                narrow.of(set).for_each(|rule| self.insert(set, rule as usize));
            }
        }
        let place = set * self.words + rule / 64;
        if self.bits.len() <= place {
            self.bits.resize((set + 1) * self.words, 0);
        }
        self.bits[place] |= 1 << (rule % 64);
    }

    /// Takes in some of the sets of others, and numbers them from `first` on.
    pub(super) fn take_in(&mut self, first: usize, others: &Self, sets: Range<usize>) {
        for (set, other) in (first..).zip(sets) {
            others.of(other).for_each(|rule| self.insert(set, rule as usize));
        }
    }

    /// The sets under other numbers: `numbers` has one for each, and those that share theirs are joined.
    #[must_use]
    pub fn renumbered(&self, numbers: &[u32]) -> Self {
        let mut joined = Self { words: self.words, bits: Vec::new() };
        for (set, number) in numbers.iter().enumerate() {
            self.of(set).for_each(|rule| joined.insert(*number as usize, rule as usize));
        }
        joined
    }

    /// The rules of a set, in order.
    pub fn of(&self, set: usize) -> impl Iterator<Item = u32> {
        let words = self.bits.get(set * self.words..(set + 1) * self.words).unwrap_or_default();
        words.iter().zip((0..).step_by(64)).flat_map(|(word, first)| places(*word).map(move |bit| first + bit))
    }
}

/// A set of the first rules of a policy: small enough to stand beside a group, where looking is free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct FirstRules([u32; 2]);

impl FirstRules {
    /// Takes the rule in; `false` where it is none of the first.
    #[inline]
    pub(super) fn insert(&mut self, rule: u32) -> bool {
        let Some(word) = self.0.get_mut(rule as usize / 32) else { return false };
        *word |= 1 << (rule % 32);
        true
    }

    /// Whether others hold all of them.
    #[inline]
    pub(super) fn are_in(self, others: Self) -> bool {
        self.beyond(others) == 0
    }

    /// Those that others do not hold, in order.
    pub(super) fn without(self, others: Self) -> impl Iterator<Item = u32> {
        places(self.beyond(others))
    }

    #[inline]
    fn beyond(self, others: Self) -> u64 {
        let word = |place: usize| u64::from(self.0[place] & !others.0[place]);
        word(0) | word(1) << 32
    }
}

/// The places of a word's bits.
fn places(mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let place = (word != 0).then(|| word.trailing_zeros());
        word &= word.wrapping_sub(1);
        place
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::BTreeSet;

    #[test]
    fn rules_stay_where_they_were_noted_when_later_ones_make_sets_wider() {
        let mut sets = RuleSets::default();
        let mut want = vec![BTreeSet::new(); 9];
        for (set, rule) in [(2, 0), (2, 63), (0, 5), (7, 64), (2, 63), (1, 500), (7, 1), (5, 127)] {
            sets.insert(set, rule);
            want[set].insert(rule as u32);
            for (set, want) in want.iter().enumerate() {
                assert!(sets.of(set).eq(want.iter().copied()));
            }
        }
    }

    #[test]
    fn sets_are_taken_in_and_joined() {
        let mut others = RuleSets::default();
        for (set, rule) in [(0, 1), (1, 70), (2, 3), (3, 4)] {
            others.insert(set, rule);
        }
        let mut sets = RuleSets::default();
        sets.insert(0, 9);
        sets.take_in(2, &others, 1..3);
        let all = |sets: &RuleSets| (0..5).map(|set| sets.of(set).collect()).collect::<Vec<Vec<u32>>>();
        assert_eq!(all(&sets), [vec![9], vec![], vec![70], vec![3], vec![]]);
        assert_eq!(all(&sets.renumbered(&[3, 0, 1, 3])), [vec![], vec![70], vec![], vec![3, 9], vec![]]);
    }

    #[test]
    fn the_first_rules_are_those_of_two_words() {
        let (mut some, mut more) = (FirstRules::default(), FirstRules::default());
        for rule in [0, 31, 32, 63] {
            assert!(more.insert(rule));
            assert!(!more.are_in(some) && more.without(some).eq([rule]));
            assert!(some.insert(rule) && more.are_in(some));
        }
        assert!(!more.insert(64) && !more.insert(u32::MAX));
        assert!(more.without(FirstRules::default()).eq([0, 31, 32, 63]));
    }
}
