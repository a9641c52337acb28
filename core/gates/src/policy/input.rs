//! The fields of an input that gates look at, taken from JSON text in one pass.
//!
//! The text is read whole, so that a fault anywhere in it is found, but only wanted values are kept, and none is copied
//! unless it has escapes.

use std::borrow::Cow;

use super::number;
use crate::json::{Fault, Reader, Token};
use crate::money::Amount;

/// Fields that are wanted, as a tree of keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths {
    fields: Vec<Field>,
    root: Branch,
}

/// What is asked for by one name.
#[derive(Clone, Debug)]
struct Field {
    name: String,
    /// Where it stands, each from the root of the input. What is at any of them is a value of it.
    paths: Vec<String>,
}

#[derive(Clone, Debug, Default)]
struct Branch {
    /// The fields that the value itself is of.
    slots: Vec<usize>,
    keys: Vec<(String, Branch)>,
    /// Every item of a list.
    each: Option<Box<Branch>>,
    /// Fields are looked for in it: where it is there and one of them is not, that one is missing.
    is_place: bool,
}

impl Paths {
    /// The place of a path; a new one where it was not wanted before.
    pub(super) fn slot(&mut self, path: &str) -> usize {
        self.slot_of(path, vec![path.to_owned()])
    }

    /// The same of a field of each of some places.
    pub(super) fn slot_in(&mut self, places: &[String], name: &str) -> usize {
        if places.is_empty() {
            return self.slot(name);
        }
        let slot = self.slot_of(name, places.iter().map(|place| format!("{place}.{name}")).collect());
        for place in places {
            self.branch(place).is_place = true;
        }
        slot
    }

    /// The same of a field that may stand at several paths.
    pub(super) fn slot_of(&mut self, name: &str, paths: Vec<String>) -> usize {
        if let Some(at) = self.fields.iter().position(|field| field.paths == paths) {
            return at;
        }
        let at = self.fields.len();
        for path in &paths {
            self.branch(path).slots.push(at);
        }
        self.fields.push(Field { name: name.to_owned(), paths });
        at
    }

    fn branch(&mut self, path: &str) -> &mut Branch {
        keys_of(path).into_iter().fold(&mut self.root, Branch::at)
    }

    pub(super) fn name(&self, slot: usize) -> &str {
        self.fields.get(slot).map_or("", |field| &field.name)
    }

    /// The values of the wanted paths.
    pub(super) fn read<'i>(&self, text: &'i str) -> Result<Values<'i>, Fault> {
        let mut values = Values { slots: Vec::new() };
        values.slots.resize_with(self.fields.len(), Slot::default);
        let mut wanted = Wanted { reader: Reader::new(text), values: &mut values.slots };
        wanted.value(&self.root)?;
        wanted.reader.end()?;
        Ok(values)
    }
}

impl Branch {
    /// What is under a key, or under `*`.
    fn at(&mut self, key: String) -> &mut Self {
        if key == "*" {
            return self.each.get_or_insert_default();
        }
        let index = self.keys.iter().position(|(known, _)| *known == key).unwrap_or(self.keys.len());
        if index == self.keys.len() {
            self.keys.push((key, Self::default()));
        }
        &mut self.keys[index].1
    }
}

/// The keys of a path: `a.b."c.d".*`.
fn keys_of(path: &str) -> Vec<String> {
    let (mut keys, mut key, mut quoted) = (Vec::new(), String::new(), false);
    for character in path.chars() {
        match character {
            '"' => quoted = !quoted,
            '.' if !quoted => keys.push(std::mem::take(&mut key)),
            other => key.push(other),
        }
    }
    keys.push(key);
    keys
}

/// The values found at wanted paths.
#[derive(Debug)]
pub(super) struct Values<'i> {
    slots: Vec<Slot<'i>>,
}

#[derive(Debug, Default)]
struct Slot<'i> {
    first: Option<Found<'i>>,
    /// Values of further items of a list.
    more: Vec<Found<'i>>,
}

impl<'i> Slot<'i> {
    fn push(&mut self, found: Found<'i>) {
        if self.first.is_none() {
            self.first = Some(found);
        } else {
            self.more.push(found);
        }
    }

    fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.more.len()
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found<'i> {
    /// Nothing where something is looked for inside a list's item, or inside a place.
    Absent,
    /// A text.
    Text(Cow<'i, str>),
    /// A number, digit for digit.
    Number(&'i str),
    /// A truth.
    Truth(bool),
    /// An object or a list, as it stands in the text.
    Whole(&'i str),
}

impl<'i> Values<'i> {
    /// The values at a path: none where it is not there, several where it goes through lists.
    pub(super) fn at(&self, slot: usize) -> impl Iterator<Item = &Found<'i>> + Clone {
        let slot = self.slots.get(slot);
        let first = slot.and_then(|slot| slot.first.as_ref());
        first.into_iter().chain(slot.map_or([].as_slice(), |slot| slot.more.as_slice()))
    }

    /// The only value at a path.
    pub(super) fn one(&self, slot: usize) -> Option<&Found<'i>> {
        self.slots.get(slot).filter(|slot| slot.more.is_empty()).and_then(|slot| slot.first.as_ref())
    }
}

impl Found<'_> {
    /// Nothing, or a text of nothing but space.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Not blank, not `false`, and no object or list with nothing in it.
    pub(super) fn says_something(&self) -> bool {
        match self {
            Self::Absent | Self::Text(_) => !self.is_blank(),
            Self::Number(_) => true,
            Self::Truth(truth) => *truth,
            Self::Whole(text) => {
                text.get(1..text.len().saturating_sub(1)).is_some_and(|inner| !inner.trim().is_empty())
            }
        }
    }

    /// The value as text, without the space around it: `prod ` is `prod`, as in bills.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()),
            Self::Number(number) => Some(number),
            Self::Truth(true) => Some("true"),
            Self::Truth(false) => Some("false"),
            Self::Absent | Self::Whole(_) => None,
        }
    }

    /// The value as a number: JSON's, a decimal in a text, or a quantity as Kubernetes writes it (`500m`, `2Gi`); otherwise
    /// what was expected.
    pub(super) fn number(&self) -> Result<Amount, &'static str> {
        number::read(self.text().unwrap_or_default())
    }
}

/// Reading an input: what is wanted goes to its place, everything else is passed over.
struct Wanted<'v, 'i> {
    reader: Reader<'i>,
    values: &'v mut Vec<Slot<'i>>,
}

impl<'i> Wanted<'_, 'i> {
    fn put(&mut self, branch: &Branch, found: Found<'i>) {
        let Some((last, others)) = branch.slots.split_last() else { return };
        for slot in others {
            self.push(*slot, found.clone());
        }
        self.push(*last, found);
    }

    fn push(&mut self, slot: usize, found: Found<'i>) {
        if let Some(slot) = self.values.get_mut(slot) {
            slot.push(found);
        }
    }

    /// Reads a value and what is wanted in it.
    fn value(&mut self, branch: &Branch) -> Result<(), Fault> {
        let start = self.reader.place();
        let found = match self.reader.value()? {
            Token::Null => return Ok(()),
            Token::Truth(truth) => Found::Truth(truth),
            Token::Number(digits) => Found::Number(digits),
            Token::Text(text) => Found::Text(text),
            // Where nothing in it is wanted it is kept as it stands, for what reads it whole.
            _ if branch.keys.is_empty() && branch.each.is_none() => Found::Whole(self.reader.rest(start)?.text()),
            Token::List => self.items(branch)?,
            Token::Table => self.entries(branch)?,
        };
        self.put(branch, found);
        Ok(())
    }

    fn entries(&mut self, branch: &Branch) -> Result<Found<'i>, Fault> {
        // What is decided by must not be said twice: readers differ on which of the two counts.
        let (mut seen, mut seen_late) = (0_u64, Vec::new());
        let mut empty = true;
        while let Some(key) = self.reader.next_key()? {
            empty = false;
            let Some((index, (_, inner))) = branch.keys.iter().enumerate().find(|(_, (known, _))| *known == key) else {
                self.reader.raw()?;
                continue;
            };
            let twice = if index < 64 {
                let before = seen;
                seen |= 1 << index;
                before == seen
            } else {
                let twice = seen_late.contains(&index);
                seen_late.push(index);
                twice
            };
            if twice {
                return Err(self.reader.fault(self.reader.key_place(), format!("`{key}` is written twice")));
            }
            if inner.is_place { self.item(inner)? } else { self.value(inner)? }
        }
        Ok(Found::Whole(if empty { "{}" } else { "{…}" }))
    }

    fn items(&mut self, branch: &Branch) -> Result<Found<'i>, Fault> {
        let mut empty = true;
        while self.reader.next_item()? {
            empty = false;
            match &branch.each {
                Some(each) => self.item(each)?,
                None => {
                    self.reader.raw()?;
                }
            }
        }
        Ok(Found::Whole(if empty { "[]" } else { "[…]" }))
    }

    /// One item of a list, or a place: what is wanted inside it and not there is absent, and not merely passed over.
    fn item(&mut self, branch: &Branch) -> Result<(), Fault> {
        let mut wanted = Vec::new();
        slots_under(branch, &mut wanted);
        let held = |values: &[Slot<'i>], slot: usize| values.get(slot).map_or(0, Slot::len);
        let before: Vec<usize> = wanted.iter().map(|slot| held(self.values, *slot)).collect();
        self.value(branch)?;
        for (slot, before) in wanted.into_iter().zip(before) {
            if held(self.values, slot) == before {
                self.push(slot, Found::Absent);
            }
        }
        Ok(())
    }
}

fn slots_under(branch: &Branch, into: &mut Vec<usize>) {
    into.extend(&branch.slots);
    branch.keys.iter().for_each(|(_, branch)| slots_under(branch, into));
    if let Some(each) = &branch.each {
        slots_under(each, into);
    }
}
