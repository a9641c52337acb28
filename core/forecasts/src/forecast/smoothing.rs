//! Exponential smoothing: a level alone, with Holt's linear trend, or with a damped trend.
//!
//! The one-step error is linear in the state before the first value, so for given smoothing parameters the best initial
//! state is a regression: three walks over the values give the errors of state zero, of a unit level and of a unit slope
//! (concentrated likelihood; Hyndman, Koehler, Ord and Snyder 2008, chapter 5). Only the smoothing parameters are
//! searched for. Of the three kinds the least corrected Akaike criterion chooses (Hyndman et al. 2002).

use wide::f64x4;

use super::model::{Model, Origins};
use super::optimise::{Lanes, Search, Valley, least_of_one, least_of_several};

/// The least and the most that a trend keeps from one step to the next (the bounds usual since Hyndman et al. 2002).
const DAMPING: (f64, f64) = (0.8, 0.98);

/// What becomes of the trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trend {
    /// There is none.
    None,
    /// It goes on for ever.
    Linear,
    /// It fades.
    Damped,
}

/// A fitted smoothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Smoothing {
    /// What becomes of the trend.
    pub(super) trend: Trend,
    /// How much of an error goes to the level, 0 to 1.
    pub(super) alpha: f64,
    /// How much of an error goes to the slope, 0 to `alpha`.
    pub(super) beta: f64,
    /// How much of the slope is kept from step to step; 1 where it does not fade.
    pub(super) phi: f64,
    /// The level before the first value.
    pub(super) level: f64,
    /// The slope before the first value.
    pub(super) slope: f64,
    /// The sum of squared one-step errors.
    pub(super) sse: f64,
    /// Where the search for the parameters ended, to begin the next one there.
    place: [f64; 3],
}

impl Smoothing {
    /// The smoothing that fits best; the search begins at `near`, a fit of fewer values, where there is one.
    pub(super) fn fit(values: &[f64], trend: Trend, near: Option<&Self>) -> Self {
        if trend == Trend::None {
            return least_of_one(1e-3, 0.9999, &Levels(values));
        }
        if let Some(near) = near {
            return search(values, trend, near.place, 0.4, 45);
        }
        let slow = search(values, trend, [-0.8, -2.5, 1.0], 0.8, 80);
        let quick = search(values, trend, [1.5, -3.5, 1.0], 0.8, 80);
        if quick.sse < slow.sse { quick } else { slow }
    }

    /// The corrected Akaike criterion of a fit of so many values; less is better.
    pub(super) fn aicc(&self, count: usize) -> f64 {
        let (count, parameters) = match self.trend {
            Trend::None => (count as f64, 3.0),
            Trend::Linear => (count as f64, 5.0),
            Trend::Damped => (count as f64, 6.0),
        };
        if count < parameters + 2.0 {
            return f64::INFINITY;
        }
        let fit = count * libm::log((self.sse / count).max(f64::MIN_POSITIVE));
        fit + 2.0 * parameters + 2.0 * parameters * (parameters + 1.0) / (count - parameters - 1.0)
    }
}

/// The parameters at a place of the search, which knows no bounds.
fn parameters(trend: Trend, place: &[f64; 3]) -> (f64, f64, f64) {
    let alpha = 1e-4 + 0.9998 * logistic(place[0]);
    let beta = alpha * logistic(place[1]);
    let phi = match trend {
        Trend::Damped => DAMPING.0 + (DAMPING.1 - DAMPING.0) * logistic(place[2]),
        Trend::None | Trend::Linear => 1.0,
    };
    (alpha, beta, phi)
}

fn logistic(place: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-place))
}

fn search(values: &[f64], trend: Trend, start: [f64; 3], step: f64, most: usize) -> Smoothing {
    let fitted = |place: [f64; 3]| Smoothing { place, ..concentrated(values, trend, parameters(trend, &place)) };
    let tolerance = 1e-4;
    if trend == Trend::Damped {
        let search = Search { start, step: [step, step, step], most, tolerance };
        return fitted(least_of_several(&search, |place| fitted(*place).sse).0);
    }
    let search = Search { start: [start[0], start[1]], step: [step, step], most: most * 2 / 3, tolerance };
    let (place, _) = least_of_several(&search, |place| fitted([place[0], place[1], 0.0]).sse);
    fitted([place[0], place[1], 0.0])
}

/// Sums of products over the values, where the one-step error is `u - p·level - q·slope`.
#[derive(Clone, Copy, Debug)]
struct Sums<V> {
    pp: V,
    pq: V,
    qq: V,
    pu: V,
    qu: V,
    uu: V,
}

impl<V: Lanes> Sums<V> {
    fn zero() -> Self {
        let zero = V::from(0.0);
        Self { pp: zero, pq: zero, qq: zero, pu: zero, qu: zero, uu: zero }
    }
}

/// The smoothings of a level alone, by how much of an error goes to it.
pub(super) struct Levels<'v>(pub(super) &'v [f64]);

impl Levels<'_> {
    fn sums<V: Lanes>(&self, alpha: V) -> Sums<V> {
        let (mut level, mut level_p) = (V::from(0.0), V::from(1.0));
        let mut sums = Sums::zero();
        for value in self.0 {
            let error = V::from(*value) - level;
            sums.pp = sums.pp + level_p * level_p;
            sums.pu = sums.pu + level_p * error;
            sums.uu = sums.uu + error * error;
            level = level + alpha * error;
            level_p = level_p - alpha * level_p;
        }
        sums
    }
}

impl Valley for Levels<'_> {
    type Fit = Smoothing;

    fn fit(&self, alpha: f64) -> Smoothing {
        solved(Trend::None, (alpha, 0.0, 1.0), &self.sums(alpha))
    }

    fn fit_four(&self, alphas: [f64; 4]) -> [Smoothing; 4] {
        let sums = self.sums(f64x4::from(alphas));
        let [pp, pu, uu] = [sums.pp, sums.pu, sums.uu].map(f64x4::to_array);
        std::array::from_fn(|at| {
            let sums = Sums { pp: pp[at], pu: pu[at], uu: uu[at], ..Sums::zero() };
            solved(Trend::None, (alphas[at], 0.0, 1.0), &sums)
        })
    }

    fn cost(fit: &Smoothing) -> f64 {
        fit.sse
    }
}

/// The smoothing with a trend of given parameters, with the initial state that fits best.
fn concentrated(values: &[f64], trend: Trend, (alpha, beta, phi): (f64, f64, f64)) -> Smoothing {
    let (mut level, mut slope) = (0.0, 0.0);
    let (mut level_p, mut slope_p) = (1.0, 0.0);
    let (mut level_q, mut slope_q) = (0.0, 1.0);
    let mut sums = Sums::zero();
    for value in values {
        let (kept, kept_p, kept_q) = (phi * slope, phi * slope_p, phi * slope_q);
        let (ahead, p, q) = (level + kept, level_p + kept_p, level_q + kept_q);
        let error = value - ahead;
        sums.pp += p * p;
        sums.pq += p * q;
        sums.qq += q * q;
        sums.pu += p * error;
        sums.qu += q * error;
        sums.uu += error * error;
        level = ahead + alpha * error;
        slope = kept + beta * error;
        level_p = p - alpha * p;
        slope_p = kept_p - beta * p;
        level_q = q - alpha * q;
        slope_q = kept_q - beta * q;
    }
    solved(trend, (alpha, beta, phi), &sums)
}

/// The smoothing that sums make.
fn solved(trend: Trend, (alpha, beta, phi): (f64, f64, f64), sums: &Sums<f64>) -> Smoothing {
    let Sums { pp, pq, qq, pu, qu, uu } = *sums;
    let determinant = pp * qq - pq * pq;
    let (level, slope) = if trend != Trend::None && determinant > 1e-12 * pp * qq {
        ((pu * qq - qu * pq) / determinant, (qu * pp - pu * pq) / determinant)
    } else {
        (pu / pp, 0.0)
    };
    let sse = uu - 2.0 * (level * pu + slope * qu) + level * level * pp + 2.0 * level * slope * pq + slope * slope * qq;
    Smoothing { trend, alpha, beta, phi, level, slope, sse: sse.max(0.0), place: [0.0; 3] }
}

impl Model for Smoothing {
    fn replay(&self, values: &[f64], origins: Origins, paths: &mut Vec<f64>) {
        let (mut level, mut slope) = (self.level, self.slope);
        for seen in 0..=values.len() {
            if origins.at(seen) {
                let (mut ahead, mut kept) = (level, slope);
                for _ in 0..origins.horizon {
                    kept *= self.phi;
                    ahead += kept;
                    paths.push(ahead);
                }
            }
            let Some(value) = values.get(seen) else { break };
            let ahead = level + self.phi * slope;
            let error = value - ahead;
            level = ahead + self.alpha * error;
            slope = self.phi * slope + self.beta * error;
        }
    }
}

/// The three kinds, each weighted by how likely its Akaike criterion makes it (Kolassa 2011).
#[derive(Clone, Copy, Debug)]
pub(super) struct Averaged {
    kinds: [Smoothing; 3],
    /// What each counts; they add up to 1.
    pub(super) weights: [f64; 3],
}

impl Averaged {
    /// The three kinds fitted; the searches begin where those of `near`, a fit of fewer values, ended.
    pub(super) fn fit(values: &[f64], near: Option<&Self>) -> Self {
        let fit = |at: usize, trend| Smoothing::fit(values, trend, near.map(|near| &near.kinds[at]));
        let kinds = [fit(0, Trend::None), fit(1, Trend::Linear), fit(2, Trend::Damped)];
        let criteria = kinds.map(|kind| kind.aicc(values.len()));
        let least = criteria.iter().copied().fold(f64::INFINITY, f64::min);
        let likely =
            criteria.map(|criterion| if least.is_finite() { libm::exp((least - criterion) / 2.0) } else { 1.0 });
        let sum: f64 = likely.iter().sum();
        Self { kinds, weights: likely.map(|weight| weight / sum) }
    }
}

impl Model for Averaged {
    fn replay(&self, values: &[f64], origins: Origins, paths: &mut Vec<f64>) {
        let mut own = Vec::new();
        let start = paths.len();
        for (kind, weight) in self.kinds.iter().zip(self.weights) {
            // What hardly counts is not worth the walk.
            if weight < 1e-4 {
                continue;
            }
            own.clear();
            kind.replay(values, origins, &mut own);
            paths.resize(start + own.len(), 0.0);
            for (sum, value) in paths[start..].iter_mut().zip(&own) {
                *sum += weight * value;
            }
        }
    }
}
