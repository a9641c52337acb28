//! Finding columns by name.

use std::collections::BTreeMap;

/// Positions of columns by exact name; of repeated names the first counts.
#[derive(Debug)]
pub(super) struct Columns {
    by_name: BTreeMap<String, usize>,
}

impl Columns {
    pub(super) fn new(header: &[String]) -> Self {
        let mut by_name = BTreeMap::new();
        for (index, name) in header.iter().enumerate() {
            by_name.entry(name.trim().to_owned()).or_insert(index);
        }
        Self { by_name }
    }

    /// The column of this name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The columns of these names that exist, in the order given.
    pub(super) fn find_all(&self, names: &[&str]) -> Vec<usize> {
        names.iter().filter_map(|name| self.find(name)).collect()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The names that are not there.
    pub(super) fn missing(&self, names: &[&'static str]) -> Vec<&'static str> {
        names.iter().copied().filter(|name| !self.has(name)).collect()
    }
}
