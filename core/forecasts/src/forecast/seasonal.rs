//! Regressions on the values just before and those one season ago.
//!
//! Of the values themselves, or of their changes since a season ago (the seasonal autoregressions of Box and Jenkins, by
//! least squares). They see the season as it was last time, where the other models see its average; that difference is
//! what makes them worth having in a combination.

use super::autoregression::solve;
use super::model::{Model, Origins};
use crate::order::Order as _;

/// A fitted seasonal autoregression.
#[derive(Clone, Debug)]
pub(super) struct SeasonalAutoregression {
    /// Changes are taken since so many values ago; 0 where the values themselves are looked at.
    over: usize,
    /// What is added at every step.
    constant: f64,
    /// How many values ago, and how much of it is taken over.
    lags: Vec<(usize, f64)>,
}

impl SeasonalAutoregression {
    /// The regression on the seasons of these periods, shortest first, with the least corrected Akaike criterion; `None`
    /// where there are too few values for any.
    pub(super) fn fit(values: &[f64], periods: &[usize]) -> Option<Self> {
        let (shortest, longest) = (*periods.first()?, *periods.last()?);
        let mut around = vec![1, 2];
        around.extend(periods.iter().flat_map(|period| [*period, period + 1]));
        let mut alone = vec![1];
        alone.extend(periods);
        let candidates = [(0, around), (0, alone), (longest, vec![1, 2]), (longest, vec![1, 2, shortest])];
        let mut best: Option<(f64, Self)> = None;
        for (over, mut lags) in candidates {
            lags.order();
            lags.dedup();
            if let Some((criterion, fit)) = Self::of(values, over, &lags, 2 * longest + 2)
                && best.as_ref().is_none_or(|(least, _)| criterion < *least)
            {
                best = Some((criterion, fit));
            }
        }
        best.map(|(_, fit)| fit)
    }

    /// The regression on given lags of the values from `start` on, and its criterion.
    fn of(values: &[f64], over: usize, lags: &[usize], start: usize) -> Option<(f64, Self)> {
        let terms = lags.len() + usize::from(over == 0);
        if values.len() < start + 2 * terms + 4 {
            return None;
        }
        // A mean far from zero would leave the sums of products few digits.
        let centre = if over == 0 { values.iter().sum::<f64>() / values.len() as f64 } else { 0.0 };
        let seen = |at: usize| if over == 0 { values[at] - centre } else { values[at] - values[at - over] };
        let mut matrix = vec![vec![0.0; terms + 1]; terms];
        let mut row = vec![1.0; terms + 1];
        let mut squares = 0.0;
        for at in start..values.len() {
            for (cell, lag) in row.iter_mut().zip(lags) {
                *cell = seen(at - lag);
            }
            row[terms] = seen(at);
            squares += row[terms] * row[terms];
            for (sums, left) in matrix.iter_mut().zip(&row) {
                for (sum, right) in sums.iter_mut().zip(&row) {
                    *sum += left * right;
                }
            }
        }
        let products: Vec<f64> = matrix.iter().map(|row| row[terms]).collect();
        let fit = solve(&mut matrix)?;
        let explained: f64 = products.iter().zip(&fit).map(|(product, value)| product * value).sum();
        let (count, parameters) = ((values.len() - start) as f64, terms as f64 + 1.0);
        let error = ((squares - explained) / count).max(f64::MIN_POSITIVE);
        let criterion = count * libm::log(error) + 2.0 * parameters * count / (count - parameters - 1.0);
        let lags: Vec<(usize, f64)> = lags.iter().copied().zip(fit.iter().copied()).collect();
        let kept: f64 = lags.iter().map(|(_, kept)| kept).sum();
        let constant = if over == 0 { fit[terms - 1] + centre * (1.0 - kept) } else { 0.0 };
        Some((criterion, Self { over, constant, lags }))
    }
}

impl Model for SeasonalAutoregression {
    fn replay(&self, values: &[f64], origins: Origins, paths: &mut Vec<f64>) {
        let mut ahead: Vec<f64> = Vec::with_capacity(origins.horizon);
        let reach = self.over + self.lags.iter().map(|(lag, _)| *lag).max().unwrap_or_default();
        for seen in (origins.from.max(1)..=values.len()).step_by(origins.every) {
            ahead.clear();
            if seen < reach {
                // Too early for the lags: the last value.
                paths.extend(std::iter::repeat_n(values[seen - 1], origins.horizon));
                continue;
            }
            for at in seen..seen + origins.horizon {
                let value = |at: usize| if at < seen { values[at] } else { ahead[at - seen] };
                let change = |at: usize| if self.over == 0 { value(at) } else { value(at) - value(at - self.over) };
                let own: f64 = self.lags.iter().map(|(lag, kept)| kept * change(at - lag)).sum();
                let base = if self.over == 0 { 0.0 } else { value(at - self.over) };
                ahead.push(self.constant + own + base);
            }
            paths.extend(&ahead);
        }
    }
}
