//! The dynamic optimised theta model.
//!
//! Half of the forecast is a line through all values so far, the other half exponential smoothing of the values bent
//! away from that line by the factor theta (Assimakopoulos and Nikolopoulos 2000). In the dynamic optimised form
//! (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016, section 2.3) the line is fitted anew at every step and
//! theta is estimated. For a given smoothing parameter the one-step error is linear in the initial level and in
//! `w = 1 - 1/theta`, so that only the smoothing parameter is searched for.

use super::model::{Model, Origins};
use super::optimise::least_of_one;

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
        let mut lines = Vec::with_capacity(values.len());
        if let [first, rest @ ..] = values {
            let mut line = Line::through(*first);
            for value in rest {
                // The line known when `value` comes: its intercept and slope.
                lines.push((line.intercept(), line.slope, *value));
                line.push(*value);
            }
        }
        let first = values.first().copied().unwrap_or_default();
        let (alpha, _) = least_of_one(0.01, 0.995, 10, |alpha| concentrated(first, &lines, alpha).sse);
        concentrated(first, &lines, alpha)
    }
}

/// The model of a given smoothing parameter with the initial level and theta that fit best.
fn concentrated(first: f64, lines: &[(f64, f64, f64)], alpha: f64) -> DynamicTheta {
    let keep = 1.0 - alpha;
    // The error is u - p·level - g·weight; the first value only moves the level.
    let (mut level, mut p) = (alpha * first, keep);
    let (mut pp, mut pg, mut gg) = (0.0, 0.0, 0.0);
    let (mut pu, mut gu, mut uu) = (0.0, 0.0, 0.0);
    let by_alpha = 1.0 / alpha;
    for (intercept, slope, value) in lines {
        let g = p * intercept + (1.0 - p * keep) * by_alpha * slope;
        let u = value - level;
        pp += p * p;
        pg += p * g;
        gg += g * g;
        pu += p * u;
        gu += g * u;
        uu += u * u;
        level = alpha * value + keep * level;
        p *= keep;
    }
    let cost = |level: f64, weight: f64| {
        uu - 2.0 * (level * pu + weight * gu) + level * level * pp + 2.0 * level * weight * pg + weight * weight * gg
    };
    let level_of = |weight: f64| if pp > 0.0 { (pu - weight * pg) / pp } else { first };
    let determinant = pp * gg - pg * pg;
    let weight = if determinant > 1e-12 * pp * gg { (gu * pp - pu * pg) / determinant } else { 0.0 };
    let weight = weight.clamp(0.0, MOST);
    let level = level_of(weight);
    DynamicTheta { alpha, weight, level, sse: cost(level, weight).max(0.0) }
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
