//! What a tag means to a policy: other keys for the same thing, one spelling per value.

use std::borrow::Cow;

use crate::condition::document::Position;
use crate::condition::{Facts, Field, trimmed};
use crate::order::BTreeMap;

/// The `[tags]` table of a policy.
///
/// A lookup of a key sees the tag of that key, else the first present of its aliases in order. Values are
/// trimmed (Unicode white space), then mapped; keys and values are compared exactly. A value that is empty
/// after trimming counts as absent.
#[derive(Clone, Debug, Default)]
pub struct TagMeaning {
    pub(super) keys: BTreeMap<String, KeyMeaning>,
}

/// What is said about one key.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyMeaning {
    /// Keys that mean the same, in the order in which they are tried.
    pub(super) aliases: Vec<(String, Position)>,
    /// Value as found → value as meant.
    pub(super) values: BTreeMap<String, (String, Position)>,
}

impl TagMeaning {
    /// The keys that mean the same as `key`, in the order in which they are tried.
    pub fn aliases(&self, key: &str) -> impl Iterator<Item = &str> {
        self.keys.get(key).into_iter().flat_map(|meaning| &meaning.aliases).map(|(alias, _)| alias.as_str())
    }

    /// The values of `key` that are replaced, with what they become, sorted.
    pub fn values(&self, key: &str) -> impl Iterator<Item = (&str, &str)> {
        let values = self.keys.get(key).into_iter().flat_map(|meaning| &meaning.values);
        values.map(|(found, (meant, _))| (found.as_str(), meant.as_str()))
    }

    /// The keys about which something is said, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    /// The value of a tag as the policy means it.
    fn value<'f>(&'f self, facts: &'f dyn Facts, key: &str) -> Option<Cow<'f, str>> {
        let own = facts.tag(key).and_then(trimmed);
        let Some(meaning) = self.keys.get(key) else {
            return own;
        };
        let found = own.or_else(|| meaning.aliases.iter().find_map(|(alias, _)| facts.tag(alias).and_then(trimmed)))?;
        Some(meaning.meant(found))
    }

    /// What a trimmed value of the key, or of one of its aliases, means.
    pub(super) fn meant<'f>(&'f self, key: &str, found: Cow<'f, str>) -> Cow<'f, str> {
        match self.keys.get(key) {
            Some(meaning) => meaning.meant(found),
            None => found,
        }
    }
}

impl KeyMeaning {
    fn meant<'f>(&'f self, found: Cow<'f, str>) -> Cow<'f, str> {
        match self.values.get(found.as_ref()) {
            Some((meant, _)) => Cow::Borrowed(meant),
            None => found,
        }
    }
}

/// Says the same, wherever it is written.
impl PartialEq for TagMeaning {
    fn eq(&self, other: &Self) -> bool {
        self.keys.len() == other.keys.len()
            && self.keys().eq(other.keys())
            && self.keys().all(|key| self.aliases(key).eq(other.aliases(key)) && self.values(key).eq(other.values(key)))
    }
}

impl Eq for TagMeaning {}

/// The facts of a charge with tags as a policy means them.
#[derive(Clone, Copy)]
pub struct PolicyFacts<'f> {
    facts: &'f dyn Facts,
    meaning: &'f TagMeaning,
}

impl<'f> PolicyFacts<'f> {
    /// Looks at `facts` through `meaning`.
    pub fn new(facts: &'f dyn Facts, meaning: &'f TagMeaning) -> Self {
        Self { facts, meaning }
    }
}

impl std::fmt::Debug for PolicyFacts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PolicyFacts").field("tag_keys", &self.facts.tag_keys()).finish_non_exhaustive()
    }
}

impl Facts for PolicyFacts<'_> {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        self.facts.field(field)
    }

    fn tag(&self, key: &str) -> Option<Cow<'_, str>> {
        self.meaning.value(self.facts, key)
    }

    fn tag_keys(&self) -> Vec<String> {
        self.facts.tag_keys()
    }
}
