//! The naive forecast: the last season again, or the last value.

use super::model::{Model, Origins};

/// The forecast that every other has to beat.
#[derive(Clone, Copy, Debug)]
pub(super) struct Naive {
    /// Values in a season; 1 for the last value.
    pub(super) period: usize,
}

impl Naive {
    /// Of the longest period that has been seen twice.
    pub(super) fn fit(values: &[f64], periods: &[usize]) -> Self {
        let period = periods.iter().rev().copied().find(|period| values.len() >= 2 * period);
        Self { period: period.unwrap_or(1) }
    }
}

impl Model for Naive {
    fn replay(&self, values: &[f64], origins: Origins, paths: &mut Vec<f64>) {
        for seen in (origins.from.max(1)..=values.len()).step_by(origins.every) {
            let period = self.period.min(seen);
            paths.extend((0..origins.horizon).map(|ahead| values[seen - period + ahead % period]));
        }
    }
}
