//! The dynamic optimised theta model.
//!
//! Half of the forecast is a line through all values so far, the other half exponential smoothing of the values bent
//! away from that line by the factor theta (Assimakopoulos and Nikolopoulos 2000). In the dynamic optimised form
//! (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016, section 2.3) the line is fitted anew at every step and
//! theta is estimated. For a given smoothing parameter the one-step error is linear in the initial level and in
//! `w = 1 - 1/theta`, so that only the smoothing parameter is searched for.

use wide::f64x4;

use super::model::{Model, Origins};
use super::optimise::{Lanes, Valley, least_of_one};

/// The most of the line that goes into a forecast, as `1 - 1/theta`: theta is at most 50.
const MOST: f64 = 0.98;

/// A fitted dynamic theta model.
#[derive(Clone, Copy, Debug)]
pub(super) struct DynamicTheta {
    /// How much of an error goes to the level, 0 to 1.
    pub(super) alpha: f64,
    /// `1 - 1/theta`, from 0 (theta is 1: exponential smoothing) up.
    pub(super) weight: f64,
    /// The level before the first value.
    pub(super) level: f64,
    /// The sum of squared one-step errors, without that of the first value.
    pub(super) sse: f64,
}

/// The least-squares line through the values so far, at positions 1, 2, 3 …
#[derive(Clone, Copy, Debug)]
struct Line {
    count: f64,
    mean: f64,
    slope: f64,
}

impl Line {
    /// The line of one value.
    fn through(value: f64) -> Self {
        Self { count: 1.0, mean: value, slope: 0.0 }
    }

    /// One value more.
    fn push(&mut self, value: f64) {
        let count = self.count + 1.0;
        self.slope = ((count - 2.0) * self.slope + 6.0 / count * (value - self.mean)) / (count + 1.0);
        self.mean += (value - self.mean) / count;
        self.count = count;
    }

    /// Where it crosses position 0.
    fn intercept(&self) -> f64 {
        self.mean - self.slope * (self.count + 1.0) / 2.0
    }

    /// The line's part of the next forecast; `faded` is `(1 - alpha)^count`.
    fn part(&self, alpha: f64, faded: f64) -> f64 {
        faded * self.intercept() + (1.0 - faded * (1.0 - alpha)) / alpha * self.slope
    }
}

impl DynamicTheta {
    /// The model that fits best.
    pub(super) fn fit(values: &[f64]) -> Self {
        least_of_one(0.01, 0.995, &Concentrated::new(values))
    }
}

/// For each smoothing parameter, the model with the initial level and theta that fit best.
pub(super) struct Concentrated {
    /// The first value.
    first: f64,
    /// Every other value, after the intercept and slope of the line known when it comes.
    lines: Vec<(f64, f64, f64)>,
}

/// Sums of products over the values, where the one-step error is `u - p·level - g·weight`.
struct Sums<V> {
    pp: V,
    pg: V,
    gg: V,
    pu: V,
    gu: V,
    uu: V,
}

impl Concentrated {
    pub(super) fn new(values: &[f64]) -> Self {
        let mut lines = Vec::with_capacity(values.len());
        if let [first, rest @ ..] = values {
            let mut line = Line::through(*first);
            for value in rest {
                lines.push((line.intercept(), line.slope, *value));
                line.push(*value);
            }
        }
        Self { first: values.first().copied().unwrap_or_default(), lines }
    }

    /// The sums of one smoothing parameter, or of several at once.
    fn sums<V: Lanes>(&self, alpha: V) -> Sums<V> {
        let (zero, one) = (V::from(0.0), V::from(1.0));
        let keep = one - alpha;
        let by_alpha = one / alpha;
        // The first value only moves the level.
        let (mut level, mut p) = (alpha * V::from(self.first), keep);
        let mut sums = Sums { pp: zero, pg: zero, gg: zero, pu: zero, gu: zero, uu: zero };
        for (intercept, slope, value) in &self.lines {
            let (intercept, slope, value) = (V::from(*intercept), V::from(*slope), V::from(*value));
            let g = p * intercept + (one - p * keep) * by_alpha * slope;
            let u = value - level;
            sums.pp = sums.pp + p * p;
            sums.pg = sums.pg + p * g;
            sums.gg = sums.gg + g * g;
            sums.pu = sums.pu + p * u;
            sums.gu = sums.gu + g * u;
            sums.uu = sums.uu + u * u;
            level = alpha * value + keep * level;
            p = p * keep;
        }
        sums
    }

    /// The model that sums make.
    fn solved(&self, alpha: f64, sums: &Sums<f64>) -> DynamicTheta {
        let Sums { pp, pg, gg, pu, gu, uu } = *sums;
        let determinant = pp * gg - pg * pg;
        let weight = if determinant > 1e-12 * pp * gg { (gu * pp - pu * pg) / determinant } else { 0.0 };
        let weight = weight.clamp(0.0, MOST);
        let level = if pp > 0.0 { (pu - weight * pg) / pp } else { self.first };
        let sse = uu - 2.0 * (level * pu + weight * gu)
            + level * level * pp
            + 2.0 * level * weight * pg
            + weight * weight * gg;
        DynamicTheta { alpha, weight, level, sse: sse.max(0.0) }
    }
}

impl Valley for Concentrated {
    type Fit = DynamicTheta;

    fn fit(&self, alpha: f64) -> DynamicTheta {
        self.solved(alpha, &self.sums(alpha))
    }

    fn fit_four(&self, alphas: [f64; 4]) -> [DynamicTheta; 4] {
        let sums = self.sums(f64x4::from(alphas));
        let [pp, pg, gg] = [sums.pp, sums.pg, sums.gg].map(f64x4::to_array);
        let [pu, gu, uu] = [sums.pu, sums.gu, sums.uu].map(f64x4::to_array);
        std::array::from_fn(|at| {
            let sums = Sums { pp: pp[at], pg: pg[at], gg: gg[at], pu: pu[at], gu: gu[at], uu: uu[at] };
            self.solved(alphas[at], &sums)
        })
    }

    fn cost(fit: &DynamicTheta) -> f64 {
        fit.sse
    }
}

impl Model for DynamicTheta {
    fn replay(&self, values: &[f64], origins: Origins, paths: &mut Vec<f64>) {
        let keep = 1.0 - self.alpha;
        let [first, rest @ ..] = values else { return };
        let (mut level, mut faded) = (self.alpha * first + keep * self.level, keep);
        let mut line = Line::through(*first);
        for index in 0..=rest.len() {
            if origins.at(index + 1) {
                let (mut level, mut faded, mut line) = (level, faded, line);
                for _ in 0..origins.horizon {
                    // Every forecast is taken for the value, and the line is fitted on.
                    let ahead = level + self.weight * line.part(self.alpha, faded);
                    paths.push(ahead);
                    level = self.alpha * ahead + keep * level;
                    line.push(ahead);
                    faded *= keep;
                }
            }
            let Some(value) = rest.get(index) else { break };
            level = self.alpha * value + keep * level;
            faded *= keep;
            line.push(*value);
        }
    }
}
