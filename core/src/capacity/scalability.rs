//! What more replicas bring, by load tests: the universal scalability law.

use crate::regression::ridge;

/// Throughput of `n` replicas: `X(n) = n·γ / (1 + σ(n − 1) + κ·n(n − 1))` (Gunther 2007).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scalability {
    /// What one replica carries, in requests a second.
    pub(super) alone: f64,
    /// The share of work that cannot be shared out.
    pub(super) contention: f64,
    /// What keeping replicas coherent costs, by pair.
    pub(super) coherence: f64,
}

/// Fewest points, at different sizes, that say anything of three parameters.
const LEAST_POINTS: usize = 4;

impl Scalability {
    /// The law of measured points; `None` where they are fewer than four different sizes.
    ///
    /// `n/X` is linear in `n − 1` and `n(n − 1)`. A share that would be negative is none, and the other fitted alone.
    pub(super) fn fit(points: &[(u32, f64)]) -> Option<Self> {
        let mut sizes: Vec<u32> = points.iter().map(|(size, _)| *size).collect();
        sizes.dedup();
        if sizes.len() < LEAST_POINTS {
            return None;
        }
        let column =
            |of: &dyn Fn(f64) -> f64| points.iter().map(|(size, _)| of(f64::from(*size))).collect::<Vec<f64>>();
        let targets: Vec<f64> = points.iter().map(|(size, rate)| f64::from(*size) / rate).collect();
        // Each point counts by its relative error.
        let weights: Vec<f64> = targets.iter().map(|target| 1.0 / (target * target)).collect();
        let ones = column(&|_| 1.0);
        let (linear, square) = (column(&|size| size - 1.0), column(&|size| size * (size - 1.0)));
        let fit = |columns: &[&Vec<f64>]| {
            let columns: Vec<Vec<f64>> = columns.iter().map(|column| (*column).clone()).collect();
            ridge(&columns, &targets, &weights, 0.0)
        };
        let law = |first: f64, linear: f64, square: f64| {
            let found = Self { alone: 1.0 / first, contention: linear / first, coherence: square / first };
            (first > 0.0 && linear >= 0.0 && square >= 0.0).then_some(found)
        };
        let full = || fit(&[&ones, &linear, &square]).and_then(|found| law(found[0], found[1], found[2]));
        let contention = || fit(&[&ones, &linear]).and_then(|found| law(found[0], found[1], 0.0));
        let coherence = || fit(&[&ones, &square]).and_then(|found| law(found[0], 0.0, found[1]));
        let none = || fit(&[&ones]).and_then(|found| law(found[0], 0.0, 0.0));
        full().or_else(contention).or_else(coherence).or_else(none)
    }

    /// Requests a second that so many replicas carry.
    pub(super) fn throughput(&self, replicas: u32) -> f64 {
        let n = f64::from(replicas);
        n * self.alone / (1.0 + self.contention * (n - 1.0) + self.coherence * n * (n - 1.0))
    }

    /// The size beyond which more replicas carry less; `None` where there is none.
    pub(super) fn peak(&self) -> Option<f64> {
        (self.coherence > 0.0).then(|| ((1.0 - self.contention).max(0.0) / self.coherence).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    #[test]
    fn a_law_is_found_again() {
        let law = Scalability { alone: 100.0, contention: 0.05, coherence: 0.001 };
        let points: Vec<(u32, f64)> = [1, 2, 4, 8, 16, 32].iter().map(|size| (*size, law.throughput(*size))).collect();
        let found = Scalability::fit(&points).unwrap();
        assert_relative_eq!(found.alone, 100.0, max_relative = 1e-6);
        assert_relative_eq!(found.contention, 0.05, max_relative = 1e-5);
        assert_relative_eq!(found.coherence, 0.001, max_relative = 1e-4);
        assert_relative_eq!(found.peak().unwrap(), 30.822, max_relative = 1e-3);
        assert!(found.throughput(31) > found.throughput(60));
        assert_eq!(Scalability::fit(&points[..3]), None);
    }

    #[test]
    fn replicas_that_share_nothing_grow_evenly() {
        let points: Vec<(u32, f64)> =
            (1..8).map(|size| (size, 50.0 * f64::from(size) * if size % 2 == 0 { 1.001 } else { 1.0 })).collect();
        let found = Scalability::fit(&points).unwrap();
        assert!(found.contention < 0.01 && found.peak().is_none_or(|peak| peak > 20.0), "{found:?}");
    }
}
