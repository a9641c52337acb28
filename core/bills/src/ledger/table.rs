//! Cells by month and key.

use super::cell::Cell;
use super::worker::Overflow;
use crate::calendar::Month;
use crate::order::{BTreeMap, Order as _};

/// Sums by month and key. Each key is held once, in order; a month lists the cells of the keys it has.
#[derive(Clone, Debug)]
pub struct Table<K> {
    keys: Vec<K>,
    months: BTreeMap<Month, Vec<(u32, Cell)>>,
}

impl<K> Default for Table<K> {
    fn default() -> Self {
        Self { keys: Vec::new(), months: BTreeMap::new() }
    }
}

impl<K> Table<K> {
    /// All keys, in order.
    pub fn keys(&self) -> &[K] {
        &self.keys
    }

    /// The months that have cells.
    pub fn months(&self) -> impl DoubleEndedIterator<Item = Month> {
        self.months.keys().copied()
    }

    /// Whether a month has cells.
    pub fn has(&self, month: Month) -> bool {
        self.months.contains_key(&month)
    }

    /// How many cells a month has.
    pub fn held(&self, month: Month) -> usize {
        self.months.get(&month).map_or(0, Vec::len)
    }

    /// The cells of a month, in the order of their keys.
    pub fn month(&self, month: Month) -> impl Iterator<Item = (&K, &Cell)> {
        self.numbered(month).map(|(key, cell)| (&self.keys[key as usize], cell))
    }

    /// The same with each key's position among [`Self::keys`].
    pub fn numbered(&self, month: Month) -> impl Iterator<Item = (u32, &Cell)> {
        self.months.get(&month).into_iter().flatten().map(|(key, cell)| (*key, cell))
    }

    /// All cells.
    pub fn iter(&self) -> impl Iterator<Item = (Month, &K, &Cell)> {
        self.months
            .iter()
            .flat_map(|(month, cells)| cells.iter().map(|(key, cell)| (*month, &self.keys[*key as usize], cell)))
    }
}

/// A table in the making: keys in any order and more than once, cells that may repeat.
#[derive(Clone, Debug)]
pub(super) struct Gathering<K> {
    keys: Vec<K>,
    months: BTreeMap<Month, Vec<(u32, Cell)>>,
}

impl<K> Default for Gathering<K> {
    fn default() -> Self {
        Self { keys: Vec::new(), months: BTreeMap::new() }
    }
}

impl<K: Ord> Gathering<K> {
    /// A gathering with these keys, numbered in order.
    pub(super) fn of(keys: Vec<K>) -> Self {
        Self { keys, months: BTreeMap::new() }
    }

    /// Adds a key and gives its number.
    pub(super) fn key(&mut self, key: K) -> u32 {
        self.keys.push(key);
        self.keys.len() as u32 - 1
    }

    /// Makes room for so many cells of a month.
    pub(super) fn reserve(&mut self, month: Month, cells: usize) {
        self.months.entry(month).or_default().reserve_exact(cells);
    }

    /// Adds a cell of a key.
    pub(super) fn push(&mut self, month: Month, key: u32, cell: Cell) {
        if cell.rows() > 0 {
            self.months.entry(month).or_default().push((key, cell));
        }
    }

    /// Puts keys in order and merges what is equal.
    pub(super) fn table(self) -> Result<Table<K>, Overflow> {
        let mut order: Vec<(K, u32)> = self.keys.into_iter().zip(0..).collect();
        order.order_by(|(a, _), (b, _)| a.cmp(b));
        let mut ranks = vec![0; order.len()];
        let mut keys: Vec<K> = Vec::with_capacity(order.len());
        for (key, number) in order {
            if keys.last() != Some(&key) {
                keys.push(key);
            }
            ranks[number as usize] = keys.len() as u32 - 1;
        }
        let merged = |mut cells: Vec<(u32, Cell)>| {
            for (key, _) in &mut cells {
                *key = ranks[*key as usize];
            }
            cells.order_by_key(|(key, _)| *key);
            let mut sum: Result<(), Overflow> = Ok(());
            cells.dedup_by(|(later, cell), (key, kept)| {
                let same = later == key;
                if same && kept.merge(cell).is_none() {
                    sum = Err(Overflow);
                }
                same
            });
            sum.map(|()| cells)
        };
        let months = self.months.into_iter().map(|(month, cells)| Ok((month, merged(cells)?)));
        Ok(Table { keys, months: months.collect::<Result<_, _>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Amount;

    #[test]
    fn equal_keys_meet_in_one_cell() {
        let cell = |amount| {
            let mut cell = Cell::default();
            cell.add(&[Some(Amount::from_whole(amount)), None, None, None]).unwrap();
            cell
        };
        let month: Month = "2026-05".parse().unwrap();
        let mut gathering = Gathering::of(vec!["b", "a"]);
        let again = gathering.key("b");
        for (key, amount) in [(0, 1), (1, 2), (again, 3)] {
            gathering.push(month, key, cell(amount));
        }
        gathering.push(month, 0, Cell::default());
        let table = gathering.table().unwrap();
        let found: Vec<(&str, u64)> = table.month(month).map(|(key, cell)| (*key, cell.rows())).collect();
        assert_eq!(found, [("a", 1), ("b", 2)]);
        assert_eq!(table.keys(), ["a", "b"]);
    }
}
