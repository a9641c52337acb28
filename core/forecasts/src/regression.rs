//! Linear regression: least squares, ridge, and a line that outliers do not bend.
//!
//! The fits are `linfa`'s elastic net without its absolute penalty, which is ridge (Hoerl and Kennard 1970). Coordinate
//! descent there goes by dot products of columns, in one order on every machine; the matrix product, which picks its
//! instructions at run time, is reached for standard errors alone, and none are read.

use crate::order::sort_points;
use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_elasticnet::ElasticNet;
use ndarray::{Array1, Array2};

/// Rounds of coordinate descent; columns that are nearly the same need many.
const ROUNDS: u32 = 400;

/// Rounds of reweighting for the robust line.
const REWEIGHTED: usize = 12;

/// Tukey's constant: beyond so many standard deviations a point counts nothing, and 95 % of the efficiency of least squares
/// is kept where errors are normal (Beaton and Tukey 1974).
const BISQUARE: f64 = 4.685;

/// From the median absolute deviation to the standard deviation of normal errors.
const MAD_TO_SD: f64 = 1.4826;

/// Columns of numbers, all of one length.
type Columns = Vec<Vec<f64>>;

/// The coefficients that make `Σ w (y − Σ β x)² + penalty · Σ β²` least; `None` where rows are too few to tell, or a
/// column without a penalty follows from the others.
pub fn ridge(columns: &[Vec<f64>], targets: &[f64], weights: &[f64], penalty: f64) -> Option<Vec<f64>> {
    let roots: Vec<f64> = weights.iter().map(|weight| weight.max(0.0).sqrt()).collect();
    let weighted = |values: &[f64]| values.iter().zip(&roots).map(|(value, root)| value * root).collect::<Vec<f64>>();
    let columns: Columns = columns.iter().map(|column| weighted(column)).collect();
    let targets = weighted(targets);
    if columns.is_empty() || targets.is_empty() {
        return None;
    }
    if penalty > 0.0 {
        return net(&columns, &targets, penalty / targets.len() as f64);
    }
    // At right angles to each other, least squares of the columns is over after one round of the descent.
    let (upright, factors) = orthonormal(columns)?;
    let found = net(&upright, &targets, 0.0)?;
    let mut solved = found.clone();
    for at in (0..solved.len()).rev() {
        let later: f64 = (at + 1..solved.len()).map(|other| factors[other][at] * solved[other]).sum();
        solved[at] = (found[at] - later) / factors[at][at];
    }
    solved.iter().all(|value| value.is_finite()).then_some(solved)
}

/// `linfa`'s fit.
fn net(columns: &[Vec<f64>], targets: &[f64], penalty: f64) -> Option<Vec<f64>> {
    let records = Array2::from_shape_fn((targets.len(), columns.len()), |(row, at)| columns[at][row]);
    let net = ElasticNet::<f64>::params()
        .l1_ratio(0.0)
        .penalty(penalty)
        .with_intercept(false)
        .max_iterations(if penalty > 0.0 { ROUNDS } else { 2 })
        .tolerance(1e-14);
    let fitted = net.fit(&DatasetBase::new(records, Array1::from_vec(targets.to_vec()))).ok()?;
    let found = fitted.hyperplane().to_vec();
    found.iter().all(|value| value.is_finite()).then_some(found)
}

/// Columns at right angles and of length 1, and by column the factors of them that make the first ones again (the modified
/// Gram-Schmidt process); `None` where one lies within the others.
fn orthonormal(mut columns: Columns) -> Option<(Columns, Columns)> {
    let dot = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f64>();
    let mut factors = Columns::new();
    for at in 0..columns.len() {
        let (done, rest) = columns.split_at_mut(at);
        let own = rest.first_mut()?;
        let before = dot(own, own).sqrt();
        let mut along = Vec::with_capacity(at + 1);
        for column in done {
            let share = dot(column, own);
            along.push(share);
            for (value, other) in own.iter_mut().zip(column) {
                *value -= share * *other;
            }
        }
        let length = dot(own, own).sqrt();
        if length.is_nan() || length <= 1e-10 * before {
            return None;
        }
        along.push(length);
        factors.push(along);
        for value in own {
            *value /= length;
        }
    }
    Some((columns, factors))
}

/// A line `y = a + b·x`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Where it meets the axis.
    pub intercept: f64,
    /// By how much it rises.
    pub slope: f64,
    /// The standard deviation of what it leaves, by the median of the absolute values.
    pub spread: f64,
}

/// The line through points of which up to a quarter may be wrong: bisquare weights from the median of the slopes on
/// (Beaton and Tukey 1974; Theil 1950). `None` where all points have one `x`.
pub fn robust_line(points: &[(f64, f64)]) -> Option<Line> {
    let start = start(points)?;
    let mut line = start;
    for _ in 0..REWEIGHTED {
        let left: Vec<f64> = points.iter().map(|(x, y)| y - line.intercept - line.slope * x).collect();
        line.spread = MAD_TO_SD * median(left.iter().map(|value| value.abs()).collect());
        if line.spread <= 0.0 {
            return Some(line);
        }
        let weight = |value: &f64| {
            let share = value / (BISQUARE * line.spread);
            if share.abs() < 1.0 { (1.0 - share * share) * (1.0 - share * share) } else { 0.0 }
        };
        let weights: Vec<f64> = left.iter().map(weight).collect();
        let sum: f64 = weights.iter().sum();
        let centre = points.iter().zip(&weights).map(|((x, _), weight)| x * weight).sum::<f64>() / sum;
        // About the centre the two columns have nothing in common, and the search is over at once.
        let columns = vec![vec![1.0; points.len()], points.iter().map(|(x, _)| x - centre).collect()];
        let targets: Vec<f64> = points.iter().map(|(_, y)| *y).collect();
        let Some(found) = ridge(&columns, &targets, &weights, 0.0) else { break };
        let next = Line { intercept: found[0] - found[1] * centre, slope: found[1], spread: line.spread };
        let settled = (next.slope - line.slope).abs() <= 1e-12 * line.slope.abs();
        line = next;
        if settled {
            break;
        }
    }
    Some(line)
}

/// The median of the slopes between points half the points apart in order of `x` (Theil's incomplete method).
fn start(points: &[(f64, f64)]) -> Option<Line> {
    let mut sorted = points.to_vec();
    sort_points(&mut sorted);
    let half = sorted.len() / 2;
    let pairs = sorted.iter().zip(&sorted[half..]);
    let slopes: Vec<f64> =
        pairs.filter(|(low, high)| high.0 > low.0).map(|(low, high)| (high.1 - low.1) / (high.0 - low.0)).collect();
    if slopes.is_empty() {
        return None;
    }
    let slope = median(slopes);
    let intercept = median(points.iter().map(|(x, y)| y - slope * x).collect());
    Some(Line { intercept, slope, spread: 0.0 })
}

/// The value in the middle; the mean of two where there is none. 0 of nothing.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        count if count % 2 == 1 => values[count / 2],
        count => 0.5 * (values[count / 2 - 1] + values[count / 2]),
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_found_through_wrong_points() {
        let mut points: Vec<(f64, f64)> = (0..40).map(|x| (f64::from(x), 3.0 + 0.5 * f64::from(x))).collect();
        for at in [2, 9, 17, 33, 38] {
            points[at].1 += 40.0;
        }
        let line = robust_line(&points).unwrap();
        assert_relative_eq!(line.slope, 0.5, epsilon = 1e-9);
        assert_relative_eq!(line.intercept, 3.0, epsilon = 1e-8);
        assert_eq!(robust_line(&[(1.0, 2.0), (1.0, 3.0)]), None);
    }

    #[test]
    fn ridge_draws_towards_zero() {
        // One column of ones: the mean of the targets, over 1 + penalty / count.
        let fit = |penalty| ridge(&[vec![1.0; 4]], &[1.0, 2.0, 3.0, 6.0], &[1.0; 4], penalty).unwrap()[0];
        assert_relative_eq!(fit(0.0), 3.0, epsilon = 1e-12);
        assert_relative_eq!(fit(2.0), 2.0, epsilon = 1e-12);
    }

    proptest! {
        /// The normal equations of two columns, solved by Cramer's rule.
        #[test]
        fn least_squares_is_that_of_the_normal_equations(
            points in proptest::collection::vec((0.0..9.0_f64, -9.0..9.0_f64, -50.0..50.0_f64), 6..30),
            penalty in prop_oneof![Just(0.0), 0.1..20.0_f64],
        ) {
            let dot = |one: &dyn Fn(&(f64, f64, f64)) -> f64, other: &dyn Fn(&(f64, f64, f64)) -> f64| -> f64 {
                points.iter().map(|point| one(point) * other(point)).sum()
            };
            let (first, second, target) = (|p: &(f64, f64, f64)| p.0, |p: &(f64, f64, f64)| p.1, |p: &(f64, f64, f64)| p.2);
            let (a, b, d) = (dot(&first, &first) + penalty, dot(&first, &second), dot(&second, &second) + penalty);
            let (e, f) = (dot(&first, &target), dot(&second, &target));
            let determinant = a * d - b * b;
            prop_assume!(determinant > 0.2 * a * d);
            let columns = [points.iter().map(first).collect::<Vec<_>>(), points.iter().map(second).collect()];
            let targets: Vec<f64> = points.iter().map(target).collect();
            let found = ridge(&columns, &targets, &vec![1.0; points.len()], penalty).unwrap();
            prop_assert!((found[0] - (e * d - b * f) / determinant).abs() < 1e-6);
            prop_assert!((found[1] - (a * f - b * e) / determinant).abs() < 1e-6);
        }
    }
}
