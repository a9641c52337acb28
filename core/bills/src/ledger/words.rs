//! Short texts recognised at a stroke.
//!
//! Keys of tags, and the values that decide, are a handful of short texts that come on every row. So short a text is held
//! and compared as one number.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// Bytes looked at together.
const STROKE: usize = 16;

/// The longest text that is a word: a byte is left for its length.
const LONGEST: usize = STROKE - 1;

/// A short text, or a list of that many small numbers: its bytes with zeros behind, and how many there are; never zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Word(u128);

/// For each length the bits of so many bytes.
const MASKS: [u128; STROKE] = {
    let mut masks = [0; STROKE];
    let mut length = 1;
    while length < STROKE {
        masks[length] = masks[length - 1] << 8 | 0xff;
        length += 1;
    }
    masks
};

impl Word {
    /// The word of so many of these bytes; `None` where they are too many.
    #[inline]
    pub(super) fn of_first(length: usize, bytes: [u8; STROKE]) -> Option<Self> {
        let mask = MASKS.get(length)?;
        Some(Self(u128::from_le_bytes(bytes) & mask | (length as u128 + 1) << (8 * LONGEST)))
    }

    fn of(text: &[u8]) -> Option<Self> {
        let mut bytes = [0; STROKE];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        Self::of_first(text.len(), bytes)
    }
}

/// Words, and what is known of each.
#[derive(Debug)]
pub(super) struct Words<V> {
    /// A power of two of slots, at most half of them taken, probed in a row; the zero word marks a free one.
    slots: Vec<(Word, V)>,
    taken: usize,
    /// So that nobody can make words meet who does not know it.
    secrets: [u64; 2],
}

impl<V: Copy + Default> Words<V> {
    pub(super) fn new(secret: u64) -> Self {
        let secrets = [secret ^ 0x9e37_79b9_7f4a_7c15, secret.rotate_left(32) ^ 0xd1b5_4a32_d192_ed03];
        Self { slots: vec![Default::default(); 64], taken: 0, secrets }
    }

    #[inline]
    pub(super) fn get(&self, word: Word) -> Option<V> {
        let (known, value) = self.slots[self.place(word)];
        (known == word).then_some(value)
    }

    /// The slot that holds the word, else the free one where it belongs.
    #[inline]
    fn place(&self, word: Word) -> usize {
        let [low, high] = [word.0 as u64 ^ self.secrets[0], (word.0 >> 64) as u64 ^ self.secrets[1]];
        let product = u128::from(low) * u128::from(high);
        let mask = self.slots.len() - 1;
        let mut place = (product as u64 ^ (product >> 64) as u64) as usize & mask;
        while self.slots[place].0 != word && self.slots[place].0 != Word::default() {
            place = (place + 1) & mask;
        }
        place
    }

    pub(super) fn insert(&mut self, word: Word, value: V) {
        if (self.taken + 1) * 2 > self.slots.len() {
            let larger = vec![Default::default(); self.slots.len() * 2];
            for slot in std::mem::replace(&mut self.slots, larger) {
                if slot.0 != Word::default() {
                    let place = self.place(slot.0);
                    self.slots[place] = slot;
                }
            }
        }
        let place = self.place(word);
        self.taken += usize::from(self.slots[place].0 != word);
        self.slots[place] = (word, value);
    }

    pub(super) fn clear(&mut self) {
        self.slots.fill(Default::default());
        self.taken = 0;
    }
}

/// Texts of any length, and what is known of each; most are words.
#[derive(Debug)]
pub(super) struct Recognised<V> {
    words: Words<V>,
    longer: HashMap<Box<[u8]>, V, FixedState>,
}

impl<V: Copy + Default> Recognised<V> {
    pub(super) fn new(secret: u64) -> Self {
        Self { words: Words::new(secret), longer: HashMap::with_hasher(FixedState::with_seed(secret)) }
    }

    /// What is known of the text of so many bytes that starts at a place among others.
    #[inline]
    pub(super) fn get_at(&self, bytes: &[u8], start: usize, length: usize) -> Option<V> {
        let from = bytes.get(start..)?;
        if length <= LONGEST
            && let Some(stroke) = from.first_chunk()
        {
            return self.words.get(Word::of_first(length, *stroke)?);
        }
        self.get(from.get(..length)?)
    }

    /// What is known of the text.
    #[inline(never)]
    pub(super) fn get(&self, text: &[u8]) -> Option<V> {
        Word::of(text).map_or_else(|| self.longer.get(text).copied(), |word| self.words.get(word))
    }

    pub(super) fn insert(&mut self, text: &[u8], value: V) {
        match Word::of(text) {
            Some(word) => self.words.insert(word, value),
            None => _ = self.longer.insert(text.into(), value),
        }
    }

    /// How many texts there are.
    pub(super) fn len(&self) -> usize {
        self.words.taken + self.longer.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_are_known_by_all_of_their_bytes(
            texts in prop::collection::vec(prop::collection::vec(prop::sample::select(b"\0ab".to_vec()), 0..20), 0..200),
            secret in any::<u64>(),
        ) {
            let (mut found, mut want) = (Recognised::new(secret), HashMap::new());
            for (number, text) in texts.iter().enumerate() {
                let surrounded = [b"aa", text.as_slice(), b"a longer text, a stroke or more"].concat();
                prop_assert_eq!(found.get(text), want.get(text).copied());
                prop_assert_eq!(found.get_at(&surrounded, 2, text.len()), want.get(text).copied());
                found.insert(text, number);
                want.insert(text.clone(), number);
                prop_assert_eq!(found.get_at(text, 0, text.len()), Some(number));
                prop_assert_eq!(found.get_at(&surrounded, 2, text.len()), Some(number));
            }
            prop_assert_eq!(found.len(), want.len());
            prop_assert_eq!(found.get_at(b"ab", 1, 2), None);
            prop_assert_eq!(found.get_at(b"ab", 3, 0), None);
            found.words.clear();
            prop_assert_eq!(found.get(b"ab"), None);
        }
    }
}
