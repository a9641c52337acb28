//! Charges for the tests of allocation.

use std::borrow::Cow;

use super::{Policy, PolicyError, PolicySource};
use crate::condition::{Facts, Field};
use crate::order::BTreeMap;

/// A charge with these fields and tags.
#[derive(Clone, Debug, Default)]
pub(super) struct Charge {
    pub(super) fields: BTreeMap<Field, String>,
    pub(super) tags: BTreeMap<String, String>,
}

impl Charge {
    /// From pairs; a name that is no field is a tag's key.
    pub(super) fn of(pairs: &[(&str, &str)]) -> Self {
        let mut charge = Self::default();
        for (name, value) in pairs {
            match name.parse() {
                Ok(field) => charge.fields.insert(field, (*value).to_owned()),
                Err(_) => charge.tags.insert((*name).to_owned(), (*value).to_owned()),
            };
        }
        charge
    }
}

impl Facts for Charge {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        self.fields.get(&field).map(|value| Cow::Borrowed(value.as_str()))
    }

    fn tag(&self, key: &str) -> Option<Cow<'_, str>> {
        self.tags.get(key).map(|value| Cow::Borrowed(value.as_str()))
    }

    fn tag_keys(&self) -> Vec<String> {
        self.tags.keys().cloned().collect()
    }
}

/// Reads a policy of one file called `p.toml`, its `schema` line put before it on a line of its own.
pub(super) fn parse(text: &str) -> Result<Policy, PolicyError> {
    let text = format!("schema = \"headroom/allocation/1\"\n{text}");
    Policy::parse(&[PolicySource { name: "p.toml", text: &text }])
}

/// As [`parse`], for a policy that is right.
pub(super) fn policy(text: &str) -> Policy {
    parse(text).unwrap_or_else(|error| panic!("{error}"))
}
