//! Cells by month and key.

use std::ops::Range;

use super::cell::Cell;
use super::rule_sets::RuleSets;
use super::worker::Overflow;
use crate::calendar::Month;
use crate::order::{BTreeMap, Order as _};

/// Sums by month and key. Each key is held once, in order; a month lists the cells of the keys it has.
#[derive(Clone, Debug)]
pub struct Table<K> {
    keys: Vec<K>,
    months: BTreeMap<Month, Vec<(u32, Cell)>>,
    rules: RuleSets,
}

impl<K> Default for Table<K> {
    fn default() -> Self {
        Self { keys: Vec::new(), months: BTreeMap::new(), rules: RuleSets::default() }
    }
}

impl<K> Table<K> {
    /// All keys, in order.
    pub fn keys(&self) -> &[K] {
        &self.keys
    }

    /// Rules that put charges into the cells of each key, by its position.
    pub fn rules(&self) -> &RuleSets {
        &self.rules
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

    /// The positions of neighbouring keys that are alike, run by run.
    pub(super) fn runs(&self, alike: impl Fn(&K, &K) -> bool) -> impl Iterator<Item = Range<usize>> {
        let mut end = 0;
        self.keys.chunk_by(alike).map(move |run| {
            let start = end;
            end += run.len();
            start..end
        })
    }

    /// The cells of a month whose keys stand at these positions, with their positions.
    pub(super) fn cells(&self, month: Month, keys: &Range<usize>) -> &[(u32, Cell)] {
        let cells = self.months.get(&month).map_or(&[][..], Vec::as_slice);
        let at = |position: usize| cells.partition_point(|(key, _)| (*key as usize) < position);
        &cells[at(keys.start)..at(keys.end)]
    }

    /// All cells.
    pub fn iter(&self) -> impl Iterator<Item = (Month, &K, &Cell)> {
        self.months
            .iter()
            .flat_map(|(month, cells)| cells.iter().map(|(key, cell)| (*month, &self.keys[*key as usize], cell)))
    }
}

/// A table in the making of distinct keys, whose cells are held by other numbers than their positions.
#[derive(Clone, Debug)]
pub(super) struct Ranked<K> {
    keys: Vec<K>,
    /// The number of each.
    numbers: Vec<u32>,
    months: BTreeMap<Month, Vec<(u32, Cell)>>,
}

impl<K: Ord> Ranked<K> {
    /// Puts distinct keys, which are numbered as they stand, in order.
    #[inline(never)]
    pub(super) fn new(keys: Vec<K>) -> Self {
        let mut order: Vec<(K, u32)> = keys.into_iter().zip(0..).collect();
        order.order_by(|(a, _), (b, _)| a.cmp(b));
        let (keys, numbers) = order.into_iter().unzip();
        Self { keys, numbers, months: BTreeMap::new() }
    }

    /// Adds a month's cells, as far as they have rows; each is at the number of its key.
    pub(super) fn add(&mut self, month: Month, cells: &[Cell]) {
        let cells = in_order(&self.numbers, cells);
        if !cells.is_empty() {
            self.months.insert(month, cells);
        }
    }

    /// The table, with rules by the numbers of keys.
    pub(super) fn table(self, rules: &RuleSets) -> Table<K> {
        let Self { keys, numbers, months } = self;
        let mut positions = vec![0; numbers.len()];
        for (position, number) in (0..).zip(&numbers) {
            positions[*number as usize] = position;
        }
        Table { keys, months, rules: rules.renumbered(&positions) }
    }
}

/// The cells that have rows, in the order of these numbers. A function of its own, since a browser optimises what is called
/// often, and no loop that is under way.
#[inline(never)]
fn in_order(numbers: &[u32], cells: &[Cell]) -> Vec<(u32, Cell)> {
    let mut ordered = Vec::with_capacity(cells.iter().filter(|cell| cell.rows() > 0).count());
    let held = (0..).zip(numbers).filter_map(|(position, number)| Some((position, *cells.get(*number as usize)?)));
    ordered.extend(held.filter(|(_, cell)| cell.rows() > 0));
    ordered
}

/// A table in the making: keys in any order and more than once, cells that may repeat.
#[derive(Clone, Debug)]
pub(super) struct Gathering<K> {
    keys: Vec<K>,
    months: BTreeMap<Month, Vec<(u32, Cell)>>,
    rules: RuleSets,
}

impl<K> Default for Gathering<K> {
    fn default() -> Self {
        Self { keys: Vec::new(), months: BTreeMap::new(), rules: RuleSets::default() }
    }
}

impl<K: Ord> Gathering<K> {
    /// Adds keys, which have the rules at these positions, and gives the number of the first; the others follow.
    pub(super) fn add_keys(&mut self, keys: impl Iterator<Item = K>, rules: &RuleSets, positions: Range<usize>) -> u32 {
        let first = self.keys.len();
        self.keys.extend(keys);
        self.rules.take_in(first, rules, positions);
        first as u32
    }

    /// Makes room for so many more cells of a month.
    pub(super) fn reserve(&mut self, month: Month, cells: usize) {
        self.months.entry(month).or_default().reserve(cells);
    }

    /// Adds cells of a month, as far as they have rows, each with the number of its key.
    pub(super) fn add_cells(&mut self, month: Month, cells: impl Iterator<Item = (u32, Cell)>) {
        self.months.entry(month).or_default().extend(cells.filter(|(_, cell)| cell.rows() > 0));
    }

    /// Puts keys in order and merges what is equal.
    #[inline(never)]
    pub(super) fn table(self) -> Result<Table<K>, Overflow> {
        let mut order: Vec<(K, u32)> = self.keys.into_iter().zip(0..).collect();
        order.order_by(|(a, _), (b, _)| a.cmp(b));
        let mut positions = vec![0; order.len()];
        let mut keys: Vec<K> = Vec::with_capacity(order.len());
        for (key, number) in order {
            if keys.last() != Some(&key) {
                keys.push(key);
            }
            positions[number as usize] = keys.len() as u32 - 1;
        }
        let months = self.months.into_iter().filter(|(_, cells)| !cells.is_empty());
        let months = months.map(|(month, cells)| Ok((month, merged(cells, &positions)?)));
        Ok(Table { months: months.collect::<Result<_, _>>()?, rules: self.rules.renumbered(&positions), keys })
    }
}

/// A month's cells in the order of the positions of their keys, one a key.
#[inline(never)]
fn merged(mut cells: Vec<(u32, Cell)>, positions: &[u32]) -> Result<Vec<(u32, Cell)>, Overflow> {
    for (key, _) in &mut cells {
        *key = positions[*key as usize];
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bill::Metric;
    use crate::money::Amount;

    fn cell(amount: i64) -> Cell {
        let mut cell = Cell::default();
        cell.add(&[Some(Amount::from_whole(amount)), None, None, None]).unwrap();
        cell
    }

    fn shown(table: &Table<&'static str>) -> Vec<(String, &'static str, String)> {
        let text = |cell: &Cell| cell.amount(Metric::Billed).unwrap().to_string();
        table.iter().map(|(month, key, cell)| (month.to_string(), *key, text(cell))).collect()
    }

    #[test]
    fn equal_keys_meet_in_one_cell() {
        let month: Month = "2026-05".parse().unwrap();
        let mut rules = RuleSets::default();
        for (set, rule) in [(0, 4), (1, 2), (2, 3)] {
            rules.insert(set, rule);
        }
        let mut gathering = Gathering::default();
        assert_eq!(gathering.add_keys(["b", "a"].into_iter(), &rules, 0..2), 0);
        let again = gathering.add_keys(["b"].into_iter(), &rules, 2..3);
        gathering.add_cells(month, [(0, 1), (1, 2), (again, 3)].into_iter().map(|(key, amount)| (key, cell(amount))));
        gathering.add_cells(month, [(0, Cell::default())].into_iter());
        gathering.add_cells(month.next(), [(1, Cell::default())].into_iter());
        let table = gathering.table().unwrap();
        let want = [("2026-05", "a", "2"), ("2026-05", "b", "4")];
        assert!(shown(&table).iter().map(|(month, key, sum)| (month.as_str(), *key, sum.as_str())).eq(want));
        assert_eq!(table.keys(), ["a", "b"]);
        assert!(table.months().eq([month]));
        assert!(table.rules().of(0).eq([2]) && table.rules().of(1).eq([3, 4]));
        assert!(table.runs(|a, b| a == b).eq([0..1, 1..2]));
        assert_eq!(table.cells(month, &(1..2)).iter().map(|(key, _)| *key).collect::<Vec<_>>(), [1]);
        assert!(table.cells(month.next(), &(0..2)).is_empty());
    }

    #[test]
    fn cells_by_number_are_those_of_a_gathering() {
        let month: Month = "2026-05".parse().unwrap();
        let cells = [cell(1), Cell::default(), cell(3)];
        let mut rules = RuleSets::default();
        rules.insert(1, 7);
        let mut ranked = Ranked::new(vec!["c", "a", "b"]);
        ranked.add(month.next(), &[Cell::default()]);
        ranked.add(month, &cells);
        let table = ranked.table(&rules);
        let mut gathering = Gathering::default();
        gathering.add_keys(["c", "a", "b"].into_iter(), &rules, 0..3);
        gathering.add_cells(month, (0..).zip(cells));
        let want = gathering.table().unwrap();
        assert_eq!((table.keys(), shown(&table)), (want.keys(), shown(&want)));
        assert!(table.months().eq([month]));
        assert!((0..3).all(|key| table.rules().of(key).eq(want.rules().of(key))) && table.rules().of(0).eq([7]));
    }
}
