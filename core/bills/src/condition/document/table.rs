//! A table of known keys.

use super::{Entry, Fault, Node, Walk, nearest};
use crate::calendar::Date;
use crate::money::Amount;

/// A table whose keys are a closed set. Getters answer `None` for a key that is not there, and for one whose value was
/// reported as wrong.
#[derive(Clone, Copy, Debug)]
pub struct Table<'n> {
    at: usize,
    entries: &'n [Entry],
}

impl<'n> Table<'n> {
    /// The table at a node; keys that are not known are reported.
    pub fn open(walk: &mut Walk<'_>, what: &str, node: &'n Node, known: &[&'static str]) -> Option<Self> {
        let entries = walk.table(what, node)?;
        for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            walk.unknown_key(entry, known);
        }
        Some(Self { at: node.at, entries })
    }

    /// The table of a whole document, whose `schema` must be the given one.
    pub fn document(walk: &mut Walk<'_>, root: &'n Node, schema: &'static str, known: &[&'static str]) -> Option<Self> {
        let table = Self::open(walk, "document", root, known)?;
        match table.get("schema") {
            None => {
                let hint = "write the document's `schema` on its first line, such as `schema = \"headroom/gate/1\"`";
                walk.report(0, Fault::Missing { key: "schema", hint });
            }
            Some(node) => {
                let said = walk.text("schema", node, "name the schema")?;
                if said != schema {
                    let rule = format!("write `{schema}`");
                    walk.report(node.at, Fault::Malformed { what: "the schema here", value: said.to_owned(), rule });
                }
            }
        }
        Some(table)
    }

    /// Byte offset of the table.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The entries, in the order written.
    pub fn entries(&self) -> &'n [Entry] {
        self.entries
    }

    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// Byte offset of a key's value, or of the table where the key is not there.
    pub fn place(&self, key: &str) -> usize {
        self.get(key).map_or(self.at, |node| node.at)
    }

    /// The value of a key that must be there.
    pub fn need(&self, walk: &mut Walk<'_>, key: &'static str, hint: &'static str) -> Option<&'n Node> {
        let found = self.get(key);
        if found.is_none() {
            walk.report(self.at, Fault::Missing { key, hint });
        }
        found
    }

    /// A text that is not blank.
    pub fn text(&self, walk: &mut Walk<'_>, key: &'static str) -> Option<&'n str> {
        walk.text(key, self.get(key)?, "write a text, or leave the key out")
    }

    /// A text that must be there.
    pub fn need_text(&self, walk: &mut Walk<'_>, key: &'static str, hint: &'static str) -> Option<&'n str> {
        let node = self.need(walk, key, hint)?;
        walk.text(key, node, hint)
    }

    /// A text or a list of texts; empty where the key is not there.
    pub fn texts(&self, walk: &mut Walk<'_>, key: &'static str) -> Vec<String> {
        let Some(node) = self.get(key) else { return Vec::new() };
        walk.texts(key, node, "write texts, or leave the key out").unwrap_or_default()
    }

    /// `true` or `false`; `false` where the key is not there.
    pub fn truth(&self, walk: &mut Walk<'_>, key: &'static str) -> bool {
        self.get(key).and_then(|node| walk.truth(key, node)).unwrap_or_default()
    }

    /// A day, written `2026-05-31`.
    pub fn date(&self, walk: &mut Walk<'_>, key: &'static str) -> Option<Date> {
        let node = self.get(key)?;
        // TOML has dates of its own, and which day `2026-05-31T23:00:00-08:00` is depends on where one stands.
        let said = walk.text(key, node, "write it as \"2026-05-31\"")?;
        let date = said.parse().ok();
        if date.is_none() {
            let rule = "write it as \"2026-05-31\"".to_owned();
            walk.report(node.at, Fault::Malformed { what: "a date", value: said.to_owned(), rule });
        }
        date
    }

    /// A whole number from 0 to `most`.
    pub fn whole(&self, walk: &mut Walk<'_>, key: &'static str, most: u64) -> Option<u64> {
        let node = self.get(key)?;
        let amount = walk.amount(key, node)?;
        let one = Amount::from_whole(1).units();
        let whole = u64::try_from(amount.units() / one).ok();
        let found = whole.filter(|whole| amount.units() % one == 0 && amount.units() >= 0 && *whole <= most);
        if found.is_none() {
            let rule = format!("write a whole number from 0 to {most}");
            walk.report(node.at, Fault::Malformed { what: "a whole number here", value: amount.to_string(), rule });
        }
        found
    }

    /// One of a few words, each standing for a value.
    pub fn word<T: Copy>(&self, walk: &mut Walk<'_>, key: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        let node = self.get(key)?;
        let said = walk.text(key, node, "write one of the known words")?;
        let found = words.iter().find(|(word, _)| *word == said).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&'static str> = words.iter().map(|(word, _)| *word).collect();
            let nearest = nearest(said, known.iter().copied());
            walk.report(node.at, Fault::NotOneOf { key, value: said.to_owned(), known, nearest });
        }
        found
    }

    /// The items of a list of tables; none where the key is not there.
    pub fn items(&self, walk: &mut Walk<'_>, key: &'static str) -> &'n [Node] {
        self.get(key).and_then(|node| walk.list(key, node)).unwrap_or_default()
    }
}
