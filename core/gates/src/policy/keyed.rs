//! A small map in order of its keys.

/// Values by name, sorted.
///
/// A list, and no tree: there are few, they are built once, and modules for policy engines are held to a size.
#[derive(Clone, Debug)]
pub(super) struct Keyed<V> {
    entries: Vec<(String, V)>,
}

impl<V> Default for Keyed<V> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<V> Keyed<V> {
    pub(super) fn get(&self, key: &str) -> Option<&V> {
        self.place(key).ok().and_then(|at| self.entries.get(at)).map(|(_, value)| value)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        let at = self.place(key).ok()?;
        self.entries.get_mut(at).map(|(_, value)| value)
    }

    /// Puts a value under a key; whether there was none before. One that was there is replaced.
    pub(super) fn insert(&mut self, key: String, value: V) -> bool {
        match self.place(&key) {
            Ok(at) => {
                if let Some((_, there)) = self.entries.get_mut(at) {
                    *there = value;
                }
                false
            }
            Err(at) => {
                self.entries.insert(at, (key, value));
                true
            }
        }
    }

    fn place(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|(known, _)| known.as_str().cmp(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_a_key_counts() {
        let mut keyed = Keyed::default();
        assert!(keyed.insert("b".to_owned(), 1) && keyed.insert("a".to_owned(), 2) && !keyed.insert("b".to_owned(), 3));
        *keyed.get_mut("a").unwrap() += 10;
        assert_eq!((keyed.get("a"), keyed.get("b"), keyed.get("c")), (Some(&12), Some(&3), None));
    }
}
