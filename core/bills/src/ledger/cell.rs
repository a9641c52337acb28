//! What is added up.

use crate::bill::{Costs, Metric};
use crate::money::Amount;

/// The sums of a set of rows, metric by metric in the order of [`Metric::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    sums: [Amount; 4],
    missing: [u64; 4],
    rows: u64,
}

impl Cell {
    /// One row that states this metric and no other.
    pub fn stating(metric: Metric, amount: Amount) -> Self {
        let mut cell = Self { sums: [Amount::ZERO; 4], missing: [1; 4], rows: 1 };
        cell.sums[metric as usize] = amount;
        cell.missing[metric as usize] = 0;
        cell
    }

    /// The sums, the rows that state none of each, and all rows.
    pub(super) fn parts(&self) -> (&[Amount; 4], &[u64; 4], u64) {
        (&self.sums, &self.missing, self.rows)
    }

    /// What [`Self::parts`] gives.
    pub(super) fn of_parts(sums: [Amount; 4], missing: [u64; 4], rows: u64) -> Self {
        Self { sums, missing, rows }
    }

    /// Adds a row; `None` when a sum is out of range.
    #[inline]
    #[must_use]
    pub fn add(&mut self, costs: &Costs) -> Option<()> {
        for (index, cost) in costs.iter().enumerate() {
            match cost {
                Some(amount) => self.sums[index] = self.sums[index].checked_add(*amount)?,
                None => self.missing[index] += 1,
            }
        }
        self.rows += 1;
        Some(())
    }

    /// Reads every cache line of the cell, to have them at hand when a row is added; what it gives means nothing.
    #[inline]
    pub(super) fn touch(&self) -> u64 {
        self.rows ^ self.sums[0].units() as u64 ^ self.sums[3].units() as u64
    }

    /// Adds the rows of another cell; `None` when a sum is out of range.
    #[must_use]
    pub fn merge(&mut self, other: &Self) -> Option<()> {
        for index in 0..self.sums.len() {
            self.sums[index] = self.sums[index].checked_add(other.sums[index])?;
            self.missing[index] += other.missing[index];
        }
        self.rows += other.rows;
        Some(())
    }

    /// The sum of the rows that state the metric; `None` when none does.
    pub fn amount(&self, metric: Metric) -> Option<Amount> {
        (self.missing(metric) < self.rows).then_some(self.sums[metric as usize])
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many rows do not state the metric.
    pub fn missing(&self, metric: Metric) -> u64 {
        self.missing[metric as usize]
    }

    /// The same rows with the metric stated by none of them.
    #[must_use]
    pub fn without(mut self, metric: Metric) -> Self {
        self.sums[metric as usize] = Amount::ZERO;
        self.missing[metric as usize] = self.rows;
        self
    }

    /// The same rows with the metric stated as zero by all of them.
    #[must_use]
    pub fn zeroed(mut self, metric: Metric) -> Self {
        self.sums[metric as usize] = Amount::ZERO;
        self.missing[metric as usize] = 0;
        self
    }
}
