//! The recommender of Kubernetes' Vertical Pod Autoscaler.
//!
//! Exponential buckets that grow by 5 % from 0.01 core and 10⁷ bytes; a quantile is the end of its bucket. CPU samples weigh
//! half as much every 24 hours; of memory there is one peak a day, as much forgotten. Target P90, lower P50, upper P95,
//! each + 15 %; with *c* days of data the upper bound is widened by 1 + 1/*c*, the lower by (1 + 0.001/*c*)⁻². At least 25
//! millicores and 250 MiB. (kubernetes/autoscaler at 55c37cd: `config.go`, `aggregations_config.go`,
//! `util/*histogram*.go`, `logic/*.go`.)

use super::resource::Resource;
use super::strategy::Past;
use super::usage::DAY;

/// Which of the three estimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// What is recommended.
    Target,
    /// Below it a pod is evicted.
    Lower,
    /// Above it a pod is evicted.
    Upper,
}

const GROWTH: f64 = 1.05;
const MARGIN: f64 = 1.15;
/// A bucket that weighs less is empty.
const EPSILON: f64 = 1e-4;
const MIB: f64 = 1_048_576.0;
/// Days looked at.
const LOOK_BACK: usize = 28;

struct Histogram {
    first: f64,
    weights: Vec<f64>,
}

impl Histogram {
    fn new(first: f64, most: f64) -> Self {
        let buckets = (libm::log(most * (GROWTH - 1.0) / first + 1.0) / libm::log(GROWTH)).ceil() as usize + 1;
        Self { first, weights: vec![0.0; buckets] }
    }

    fn start(&self, bucket: usize) -> f64 {
        if bucket == 0 { 0.0 } else { self.first * (libm::pow(GROWTH, bucket as f64) - 1.0) / (GROWTH - 1.0) }
    }

    fn add(&mut self, used: f64, weight: f64) {
        let bucket = if used < self.first {
            0
        } else {
            (libm::log(used * (GROWTH - 1.0) / self.first + 1.0) / libm::log(GROWTH)) as usize
        };
        let last = self.weights.len() - 1;
        if let Some(sum) = self.weights.get_mut(bucket.min(last)) {
            *sum += weight;
        }
    }

    fn quantile(&self, part: f64) -> f64 {
        let whole: f64 = self.weights.iter().sum();
        let Some(last) = self.weights.iter().rposition(|weight| *weight >= EPSILON) else { return 0.0 };
        let first = self.weights.iter().position(|weight| *weight >= EPSILON).unwrap_or(last);
        let mut sum = 0.0;
        let found = (first..=last).find(|bucket| {
            sum += self.weights.get(*bucket).copied().unwrap_or_default();
            sum >= part * whole
        });
        let bucket = found.unwrap_or(last);
        self.start(if bucket + 1 < self.weights.len() { bucket + 1 } else { bucket })
    }
}

/// VPA's estimate, in cores or MiB; `None` without samples.
pub(super) fn vpa(resource: Resource, past: &Past<'_>, bound: Bound) -> Option<f64> {
    let share = match bound {
        Bound::Target => 0.9,
        Bound::Lower => 0.5,
        Bound::Upper => 0.95,
    };
    let (estimate, confidence) = match resource {
        Resource::Cpu => {
            let mut histogram = Histogram::new(0.01, 1000.0);
            let mut samples = 0_u32;
            for (used, age) in past.aged(LOOK_BACK) {
                // Scaled up, as weights are after the reference time has moved, so that old samples still count.
                histogram.add(used, 0.1 * libm::exp2(20.0 - age));
                samples += 1;
            }
            (histogram.quantile(share), f64::from(samples) / DAY as f64)
        }
        Resource::Memory => {
            let mut histogram = Histogram::new(1e7, 1e12);
            let peaks = past.daily_peaks(LOOK_BACK);
            for (peak, age) in &peaks {
                histogram.add(peak * MIB, libm::exp2(10.0 - age));
            }
            (histogram.quantile(share) / MIB, peaks.len() as f64)
        }
    };
    if confidence <= 0.0 {
        return None;
    }
    let widened = match bound {
        Bound::Target => 1.0,
        Bound::Upper => 1.0 + 1.0 / confidence,
        Bound::Lower => libm::pow(1.0 + 0.001 / confidence, -2.0),
    };
    let least = match resource {
        Resource::Cpu => 0.025,
        Resource::Memory => 250.0,
    };
    Some((estimate * MARGIN * widened).max(least))
}
