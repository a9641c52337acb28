//! JSON into the tree.
//!
//! Every value is first taken as the raw slice of the text it stands in: its address in the text is its
//! position, its digits are exact, and the order of keys is kept.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Entry, Fault, MAX_DEPTH, Node, Value};

type Failed = (usize, Fault);

pub(super) fn read(text: &str) -> Result<Node, Failed> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| {
        let line_start = match error.line() {
            0 | 1 => 0,
            line => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1),
        };
        (line_start + error.column().saturating_sub(1), syntax(&error))
    })?;
    Reader { text }.node(raw.get(), 0)
}

fn syntax(error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or(&text).replace("EOF", "the text ends");
    Fault::Syntax { format: "JSON", message }
}

struct Reader<'t> {
    text: &'t str,
}

impl<'t> Reader<'t> {
    /// Where a slice of the text starts.
    fn offset(&self, part: &'t str) -> usize {
        part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr())
    }

    fn node(&self, raw: &'t str, depth: usize) -> Result<Node, Failed> {
        let at = self.offset(raw);
        if depth > MAX_DEPTH {
            return Err((at, Fault::TooDeep));
        }
        let failed = |error: serde_json::Error| (at, syntax(&error));
        let value = match raw.as_bytes().first() {
            Some(b'{') => Value::Table(self.entries(serde_json::from_str(raw).map_err(failed)?, depth)?),
            Some(b'[') => {
                let items: Vec<&'t RawValue> = serde_json::from_str(raw).map_err(failed)?;
                let items = items.into_iter().map(|item| self.node(item.get(), depth + 1));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            Some(b'"') => Value::Text(serde_json::from_str(raw).map_err(failed)?),
            Some(b't') => Value::Bool(true),
            Some(b'f') => Value::Bool(false),
            Some(b'n') | None => Value::Null,
            Some(_) => Value::Number(raw.to_owned()),
        };
        Ok(Node { at, value })
    }

    fn entries(&self, members: Members<'t>, depth: usize) -> Result<Vec<Entry>, Failed> {
        let mut entries = Vec::with_capacity(members.0.len());
        let mut seen: Vec<String> = Vec::new();
        for (Key(key), raw) in members.0 {
            let at = match &key {
                // The quote before the key.
                Cow::Borrowed(key) => self.offset(key).saturating_sub(1),
                Cow::Owned(_) => self.offset(raw.get()),
            };
            let node = self.node(raw.get(), depth + 1)?;
            let key = key.into_owned();
            match seen.binary_search(&key) {
                Ok(_) => return Err((at, Fault::KeyTwice { key })),
                Err(place) => seen.insert(place, key.clone()),
            }
            entries.push(Entry { key, at, node });
        }
        Ok(entries)
    }
}

/// An object's members in the order written.
struct Members<'t>(Vec<(Key<'t>, &'t RawValue)>);

/// A key, borrowed from the text where it holds no escape.
struct Key<'t>(Cow<'t, str>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}
