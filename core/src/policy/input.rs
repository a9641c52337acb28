//! The fields of an input that gates look at, taken from JSON text in one pass.
//!
//! The text is read whole, so that a fault anywhere in it is found, but only wanted values are kept, and none is copied
//! unless it has escapes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::money::Amount;

/// Paths that are wanted, as a tree of keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths {
    names: Vec<String>,
    root: Branch,
}

#[derive(Clone, Debug, Default)]
struct Branch {
    /// The place of the value itself.
    slot: Option<usize>,
    keys: Vec<(String, Branch)>,
    /// Every item of a list.
    each: Option<Box<Branch>>,
}

impl Paths {
    /// The place of a path; a new one where it was not wanted before.
    pub(super) fn slot(&mut self, path: &str) -> usize {
        if let Some(at) = self.names.iter().position(|name| name == path) {
            return at;
        }
        let at = self.names.len();
        self.names.push(path.to_owned());
        let mut branch = &mut self.root;
        for key in keys_of(path) {
            branch = if key == "*" {
                branch.each.get_or_insert_default()
            } else {
                let found = branch.keys.iter().position(|(known, _)| *known == key);
                let index = found.unwrap_or_else(|| {
                    branch.keys.push((key, Branch::default()));
                    branch.keys.len() - 1
                });
                match branch.keys.get_mut(index) {
                    Some((_, next)) => next,
                    None => return at,
                }
            };
        }
        branch.slot = Some(at);
        at
    }

    pub(super) fn name(&self, slot: usize) -> &str {
        self.names.get(slot).map_or("", String::as_str)
    }

    /// The values of the wanted paths.
    pub(super) fn read<'i>(&self, text: &'i str) -> Result<Values<'i>, serde_json::Error> {
        let mut values = Values { slots: Vec::new() };
        values.slots.resize_with(self.names.len(), Slot::default);
        let mut reader = serde_json::Deserializer::from_str(text);
        Seed { branch: &self.root, values: &mut values.slots }.deserialize(&mut reader)?;
        reader.end()?;
        Ok(values)
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

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found<'i> {
    /// Nothing where something is looked for inside a list's item.
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

    /// The value as a number: JSON's, a decimal in a text, or a quantity as Kubernetes writes it (`500m`, `2Gi`).
    pub(super) fn number(&self) -> Option<Amount> {
        let text = self.text()?;
        if let Ok(read) = Amount::parse(text.as_bytes()) {
            return Some(read.amount);
        }
        let (number, numerator, denominator) =
            SUFFIXES.iter().find_map(|(suffix, n, d)| Some((text.strip_suffix(suffix)?.trim_end(), *n, *d)))?;
        Amount::parse(number.as_bytes()).ok()?.amount.checked_mul_div(numerator, denominator)
    }
}

/// Suffixes of quantities, and what they multiply by: numerator and denominator.
const SUFFIXES: [(&str, i128, u128); 10] = [
    ("m", 1, 1000),
    ("Ki", 1 << 10, 1),
    ("Mi", 1 << 20, 1),
    ("Gi", 1 << 30, 1),
    ("Ti", 1 << 40, 1),
    ("k", 1_000, 1),
    ("M", 1_000_000, 1),
    ("G", 1_000_000_000, 1),
    ("T", 1_000_000_000_000, 1),
    ("%", 1, 1),
];

struct Seed<'b, 'v, 'i> {
    branch: &'b Branch,
    values: &'v mut Vec<Slot<'i>>,
}

fn put<'i>(values: &mut [Slot<'i>], branch: &Branch, found: Found<'i>) {
    if let Some(slot) = branch.slot.and_then(|slot| values.get_mut(slot)) {
        if slot.first.is_none() {
            slot.first = Some(found);
        } else {
            slot.more.push(found);
        }
    }
}

impl<'i> DeserializeSeed<'i> for Seed<'_, '_, 'i> {
    type Value = ();

    fn deserialize<D: Deserializer<'i>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.branch.keys.is_empty() && self.branch.each.is_none() {
            let raw = <&RawValue as serde::Deserialize>::deserialize(deserializer)?.get();
            if let Some(found) = leaf(raw).map_err(D::Error::custom)? {
                put(self.values, self.branch, found);
            }
            return Ok(());
        }
        deserializer.deserialize_any(self)
    }
}

/// A value from its text; `None` for null.
fn leaf(raw: &str) -> Result<Option<Found<'_>>, serde_json::Error> {
    Ok(Some(match raw.as_bytes().first() {
        Some(b'"') => match raw.get(1..raw.len().saturating_sub(1)) {
            Some(inner) if !inner.contains('\\') => Found::Text(Cow::Borrowed(inner)),
            _ => Found::Text(Cow::Owned(serde_json::from_str(raw)?)),
        },
        Some(b't') => Found::Truth(true),
        Some(b'f') => Found::Truth(false),
        Some(b'n') | None => return Ok(None),
        Some(b'{' | b'[') => Found::Whole(raw),
        Some(_) => Found::Number(raw),
    }))
}

impl<'i> Visitor<'i> for Seed<'_, '_, 'i> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'i>>(self, mut map: A) -> Result<(), A::Error> {
        // What is decided by must not be said twice: readers differ on which of the two counts.
        let (mut seen, mut seen_late) = (0_u64, Vec::new());
        let mut empty = true;
        while let Some(key) = map.next_key::<Key<'i>>()? {
            empty = false;
            let found = self.branch.keys.iter().enumerate().find(|(_, (known, _))| *known == key.0);
            match found {
                Some((index, (_, branch))) => {
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
                        return Err(A::Error::custom(format_args!("`{}` is written twice", key.0)));
                    }
                    map.next_value_seed(Seed { branch, values: self.values })?;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        put(self.values, self.branch, Found::Whole(if empty { "{}" } else { "{…}" }));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'i>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut empty = true;
        match &self.branch.each {
            Some(each) => {
                while seq.next_element_seed(Item { branch: each, values: self.values })?.is_some() {
                    empty = false;
                }
            }
            None => {
                while seq.next_element::<IgnoredAny>()?.is_some() {
                    empty = false;
                }
            }
        }
        put(self.values, self.branch, Found::Whole(if empty { "[]" } else { "[…]" }));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, truth: bool) -> Result<(), E> {
        put(self.values, self.branch, Found::Truth(truth));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        put(self.values, self.branch, Found::Text(Cow::Owned(text.to_owned())));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        put(self.values, self.branch, Found::Text(Cow::Owned(number.to_string())));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        put(self.values, self.branch, Found::Text(Cow::Owned(number.to_string())));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        put(self.values, self.branch, Found::Text(Cow::Owned(number.to_string())));
        Ok(())
    }
}

/// One item of a list: what is wanted inside it and not there is absent, and not merely passed over.
struct Item<'b, 'v, 'i> {
    branch: &'b Branch,
    values: &'v mut Vec<Slot<'i>>,
}

impl<'i> DeserializeSeed<'i> for Item<'_, '_, 'i> {
    type Value = ();

    fn deserialize<D: Deserializer<'i>>(self, deserializer: D) -> Result<(), D::Error> {
        let held = |values: &[Slot<'i>], slot: usize| {
            values.get(slot).map_or(0, |slot| usize::from(slot.first.is_some()) + slot.more.len())
        };
        let mut wanted = Vec::new();
        slots_under(self.branch, &mut wanted);
        let before: Vec<usize> = wanted.iter().map(|slot| held(self.values, *slot)).collect();
        Seed { branch: self.branch, values: self.values }.deserialize(deserializer)?;
        for (slot, before) in wanted.into_iter().zip(before) {
            if held(self.values, slot) == before
                && let Some(slot) = self.values.get_mut(slot)
            {
                if slot.first.is_none() {
                    slot.first = Some(Found::Absent);
                } else {
                    slot.more.push(Found::Absent);
                }
            }
        }
        Ok(())
    }
}

fn slots_under(branch: &Branch, into: &mut Vec<usize>) {
    into.extend(branch.slot);
    branch.keys.iter().for_each(|(_, branch)| slots_under(branch, into));
    if let Some(each) = &branch.each {
        slots_under(each, into);
    }
}

/// A key of an object, borrowed where it has no escapes.
struct Key<'i>(Cow<'i, str>);

impl<'i> serde::Deserialize<'i> for Key<'i> {
    fn deserialize<D: Deserializer<'i>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'i> Visitor<'i> for Reader {
            type Value = Key<'i>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, key: &'i str) -> Result<Key<'i>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }
            fn visit_str<E>(self, key: &str) -> Result<Key<'i>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(Reader)
    }
}
