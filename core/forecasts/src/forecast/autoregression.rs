//! Autoregressions: of the values around a mean, or of their differences with or without a drift.
//!
//! Estimated by least squares, which needs no search; how many lags, and of what, the corrected Akaike criterion says
//! (Hurvich and Tsai 1989) over the same values for all. One that is not stationary is left out: least squares may find any,
//! and a path of such a one leaves every bound or swings between them.

use super::model::{Model, Origins};

/// The most lags.
pub(super) const MOST_LAGS: usize = 4;

/// A fitted autoregression.
#[derive(Clone, Copy, Debug)]
pub(super) struct Autoregression {
    /// Whether it is one of differences.
    pub(super) differenced: bool,
    /// What is added at every step.
    pub(super) constant: f64,
    /// What is taken over of the last value, the one before it, and so on; 0 where there are fewer lags.
    pub(super) lags: [f64; MOST_LAGS],
}

/// What an autoregression may be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The values or their differences, whichever fits better.
    Either,
    /// The values, which return to a mean.
    Values,
}

impl Autoregression {
    /// The autoregression with the least corrected Akaike criterion; `None` where there are too few values for any, or
    /// none that returns to a mean.
    pub(super) fn fit(values: &[f64], of: Of) -> Option<Self> {
        if values.len() < MOST_LAGS + 6 {
            return None;
        }
        let differences: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let mut best: Option<(f64, Self)> = None;
        for (series, differenced) in [(&differences[..], true), (&values[1..], false)] {
            if differenced && of == Of::Values {
                continue;
            }
            // A mean far from zero would leave the sums of products few digits.
            let centre = if differenced { 0.0 } else { series.iter().sum::<f64>() / series.len() as f64 };
            let moments = Moments::of(series, centre);
            for lags in usize::from(!differenced)..=MOST_LAGS {
                for with_constant in [false, true] {
                    if !differenced && !with_constant {
                        continue;
                    }
                    let Some((fit, sse)) = moments.solve(lags, with_constant) else { continue };
                    if !stationary(&fit[1..=lags]) {
                        continue;
                    }
                    let kept: f64 = fit[1..].iter().sum();
                    let parameters = (lags + usize::from(with_constant) + 1 + usize::from(!differenced)) as f64;
                    let criterion = moments.count * libm::log((sse / moments.count).max(f64::MIN_POSITIVE))
                        + 2.0 * parameters * moments.count / (moments.count - parameters - 1.0);
                    if best.as_ref().is_none_or(|(least, _)| criterion < *least) {
                        let lags = std::array::from_fn(|lag| fit[lag + 1]);
                        best = Some((criterion, Self { differenced, constant: fit[0] + centre * (1.0 - kept), lags }));
                    }
                }
            }
        }
        best.map(|(_, fit)| fit)
    }
}

/// Whether what these lags take over dies away, exactly: all partial autocorrelations lie within 1 (Barndorff-Nielsen and Schou
/// 1973), which the step-down of the Levinson-Durbin recursion finds (Durbin 1960).
fn stationary(lags: &[f64]) -> bool {
    let mut lags = lags.to_vec();
    while let Some(partial) = lags.pop() {
        let left = 1.0 - partial * partial;
        if left.is_nan() || left <= 0.0 {
            return false;
        }
        let turned: Vec<f64> = lags.iter().rev().map(|lag| partial * lag).collect();
        for (lag, turned) in lags.iter_mut().zip(turned) {
            *lag = (*lag + turned) / left;
        }
    }
    true
}

/// The sums of products a regression on lags needs: of the constant, the lags, and the value itself, in this order.
struct Moments {
    count: f64,
    products: [[f64; MOST_LAGS + 2]; MOST_LAGS + 2],
}

impl Moments {
    fn of(series: &[f64], centre: f64) -> Self {
        let mut products = [[0.0; MOST_LAGS + 2]; MOST_LAGS + 2];
        for window in series.windows(MOST_LAGS + 1) {
            let mut row = [1.0; MOST_LAGS + 2];
            for (lag, value) in window.iter().rev().enumerate() {
                // The newest is the value itself, kept last.
                row[if lag == 0 { MOST_LAGS + 1 } else { lag }] = value - centre;
            }
            for (products, left) in products.iter_mut().zip(row) {
                for (product, right) in products.iter_mut().zip(row) {
                    *product += left * right;
                }
            }
        }
        Self { count: series.len().saturating_sub(MOST_LAGS) as f64, products }
    }

    /// Constant and coefficients of so many lags, and the sum of squared errors; `None` where they cannot be told apart.
    fn solve(&self, lags: usize, with_constant: bool) -> Option<([f64; MOST_LAGS + 1], f64)> {
        let first = usize::from(!with_constant);
        let columns: Vec<usize> = (first..=lags).collect();
        let target = MOST_LAGS + 1;
        let mut matrix: Vec<Vec<f64>> = columns
            .iter()
            .map(|row| columns.iter().chain([&target]).map(|column| self.products[*row][*column]).collect())
            .collect();
        let solution = solve(&mut matrix)?;
        let mut fit = [0.0; MOST_LAGS + 1];
        for (column, value) in columns.iter().zip(&solution) {
            fit[*column] = *value;
        }
        let explained: f64 =
            columns.iter().zip(&solution).map(|(column, value)| self.products[*column][target] * value).sum();
        Some((fit, (self.products[target][target] - explained).max(0.0)))
    }
}

/// Solves symmetric positive equations by elimination; the right-hand side stands in the last column.
pub(super) fn solve(matrix: &mut [Vec<f64>]) -> Option<Vec<f64>> {
    let size = matrix.len();
    for pivot in 0..size {
        let (above, below) = matrix.split_at_mut(pivot + 1);
        let row = &above[pivot];
        let scale = row[pivot];
        let most = row[..size].iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        if scale.is_nan() || scale <= 1e-12 * most {
            return None;
        }
        for other in below {
            let factor = other[pivot] / scale;
            if factor != 0.0 {
                for (value, own) in other.iter_mut().zip(row).skip(pivot) {
                    *value -= factor * own;
                }
            }
        }
    }
    let mut solution = vec![0.0; size];
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|at| matrix[row][at] * solution[at]).sum();
        solution[row] = (matrix[row][size] - known) / matrix[row][row];
    }
    solution.iter().all(|value| value.is_finite()).then_some(solution)
}

impl Model for Autoregression {
    fn replay(&self, values: &[f64], origins: Origins, paths: &mut Vec<f64>) {
        for seen in (origins.from.max(1)..=values.len()).step_by(origins.every) {
            let mut level = values[seen - 1];
            // The newest first; what lies before the first value is as the first.
            let mut last: [f64; MOST_LAGS] = std::array::from_fn(|lag| {
                let at = (seen - 1).saturating_sub(lag);
                if self.differenced { values[at] - values[at.saturating_sub(1)] } else { values[at] }
            });
            for _ in 0..origins.horizon {
                let next = self.constant + self.lags.iter().zip(&last).map(|(kept, value)| kept * value).sum::<f64>();
                last.rotate_right(1);
                last[0] = next;
                level = if self.differenced { level + next } else { next };
                paths.push(level);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What becomes of a unit, a thousand steps on.
    fn far(lags: &[f64]) -> f64 {
        let mut last = vec![0.0; lags.len()];
        last[0] = 1.0;
        for _ in 0..1000 {
            let next: f64 = lags.iter().zip(&last).map(|(lag, value)| lag * value).sum();
            last.rotate_right(1);
            last[0] = next.clamp(-1e200, 1e200);
        }
        last.iter().fold(0.0, |most: f64, value| most.max(value.abs()))
    }

    #[test]
    fn triangles_of_two_lags_are_known() {
        assert!(stationary(&[]) && stationary(&[0.5, 0.49]) && stationary(&[-1.9, -0.95]));
        // On the edge, beyond it by their sum, by their difference, by the second alone.
        for lags in [[0.5, 0.5], [0.6, 0.5], [-0.6, 0.5], [0.0, -1.01], [f64::NAN, 0.0]] {
            assert!(!stationary(&lags), "{lags:?}");
        }
    }

    proptest! {
        /// What is stationary dies away, what is not does not.
        #[test]
        fn what_is_stationary_dies_away(lags in proptest::collection::vec(-1.5..1.5_f64, 1..=MOST_LAGS)) {
            let far = far(&lags);
            // On the edge a thousand steps tell nothing.
            if !(1e-3..1e3).contains(&far) {
                prop_assert_eq!(stationary(&lags), far < 1.0, "{:?} {}", lags, far);
            }
        }

        /// Whatever the values are, no path runs away.
        #[test]
        fn no_path_runs_away(
            values in proptest::collection::vec(90.0..110.0_f64, 12..60),
            last in -2000.0..2000.0_f64,
        ) {
            let mut values = values;
            values.push(last);
            if let Some(model) = Autoregression::fit(&values, Of::Values) {
                let mut path = Vec::new();
                model.replay(&values, Origins::end(values.len(), 400), &mut path);
                let far = |values: &[f64]| values.iter().fold(0.0, |most: f64, value| most.max((value - 100.0).abs()));
                prop_assert!(far(&path[300..]) <= 20.0 * far(&values), "{:?} {:?}", model, path);
            }
        }
    }
}
