//! What a series looks like at a cut, and what came of it in the week after.
//!
//! The look: a few statistics of the last 7, 14 and 28 days (whole weeks, so that Monday counts on every day), and a
//! class of burstiness. What came: for each statistic times each inflation, the part of the week above it, what was left
//! unmet, and whether the week was bad. From the looks and outcomes of a whole fleet, [`super::Table`] learns what to
//! expect of the next week.

use super::history::{History, Window};
use super::resource::Resource;

/// Factors that statistics are inflated by; finest around 1, where usage that is held at a cap decides.
pub const INFLATIONS: [f64; 28] = [
    0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.87, 0.93, 0.97, 0.985, 1.0, 1.01, 1.02, 1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5, 1.65,
    1.8, 2.0, 2.3, 2.7, 3.2, 4.0, 6.0,
];

/// Statistics of a series that thresholds are made of.
pub const STATISTICS: usize = 7;

/// What is counted of an outcome: time above, what is unmet, bad weeks.
pub const MEASURES: usize = 3;

/// Figures of one outcome.
pub const CELLS: usize = MEASURES * STATISTICS * INFLATIONS.len();

/// A week with more than this part of its time above the request is bad.
pub const BAD_WEEK: f64 = 0.05;

/// Unmet use counts up to so many times the mean: a series that begins anew would outweigh a fleet.
const MOST_UNMET: f64 = 3.0;

/// The days that a look goes back, and those that an outcome covers.
pub const LOOK_BACK: usize = 28;
/// Days of an outcome.
pub const WEEK: usize = 7;

/// The fewest samples that a look can be had from: a bit more than a day at five minutes, KRR's 100 points at fewer.
const FEWEST: usize = 100;

/// The least that a statistic counts as, so that ratios exist: a thousandth of the peak. What follows from ratios is then
/// the same for the same use at any scale.
pub fn least(peak: f64) -> f64 {
    (peak * 1e-3).max(1e-6)
}

/// Edges of the classes: how far the peak is above the everyday, and how much days differ.
const PEAK_EDGES: [f64; 5] = [1.01, 1.03, 1.1, 1.5, 3.0];
const DAY_EDGES: [f64; 2] = [0.15, 0.4];
/// Of memory: the second highest daily peak by the highest, and how much daily peaks differ.
const SECOND_EDGES: [f64; 3] = [0.7, 0.9, 0.98];
const SPREAD_EDGES: [f64; 2] = [0.12, 0.3];

/// Classes of a resource.
pub fn classes(resource: Resource) -> usize {
    match resource {
        Resource::Cpu => (PEAK_EDGES.len() + 1) * (DAY_EDGES.len() + 1),
        Resource::Memory => (SECOND_EDGES.len() + 1) * (SPREAD_EDGES.len() + 1),
    }
}

/// What a series looks like at a cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// The statistics, in cores or MiB, each at least [`least`].
    pub statistics: [f64; STATISTICS],
    /// Class of burstiness.
    pub class: usize,
    /// What the series is taken to be worth in the balance: P95 of 14 days in cores, the mean in MiB.
    pub size: f64,
    /// The mean of 14 days.
    pub mean: f64,
    /// The highest sample of the days looked at.
    pub peak: f64,
}

impl Outlook {
    /// The look at the series before day `cut`, from day `from` on and at most [`LOOK_BACK`] days back; `None` where
    /// there is too little to look at.
    pub fn at(history: &History, resource: Resource, from: usize, cut: usize) -> Option<Self> {
        let back = |days: usize| history.window(cut.saturating_sub(days).max(from), cut);
        let (month, fortnight) = (back(LOOK_BACK), back(14));
        if fortnight.samples() < FEWEST {
            return None;
        }
        let week = back(WEEK);
        let week = if week.samples() == 0 { fortnight } else { week };
        let least = least(month.max());
        let mean = fortnight.mean();
        let statistics = match resource {
            Resource::Cpu => [
                fortnight.quantile(0.90),
                fortnight.quantile(0.95),
                fortnight.quantile(0.99),
                fortnight.max(),
                week.quantile(0.95),
                month.quantile(0.98),
                month.quantile(0.995),
            ],
            // The first three are used; the others fill the row.
            Resource::Memory => {
                let high = month.quantile(0.999);
                [high, month.max(), fortnight.max(), high, high, high, high]
            }
        }
        .map(|statistic| statistic.max(least));
        let size = match resource {
            Resource::Cpu => statistics[1],
            Resource::Memory => mean.max(least),
        };
        let class = class(resource, &statistics, &month);
        Some(Self { statistics, class, size, mean: mean.max(least), peak: month.max() })
    }
}

/// How many statistics of a resource are used.
pub fn used(resource: Resource) -> usize {
    match resource {
        Resource::Cpu => STATISTICS,
        Resource::Memory => 3,
    }
}

fn class(resource: Resource, statistics: &[f64; STATISTICS], month: &Window<'_>) -> usize {
    let mut peaks = month.peaks();
    let spread = spread(&peaks);
    let place = |edges: &[f64], value: f64| edges.iter().filter(|edge| value > **edge).count();
    match resource {
        Resource::Cpu => {
            place(&PEAK_EDGES, statistics[3] / statistics[1]) * (DAY_EDGES.len() + 1) + place(&DAY_EDGES, spread)
        }
        Resource::Memory => {
            peaks.sort_unstable_by(f64::total_cmp);
            peaks.reverse();
            let second = match peaks.as_slice() {
                [highest, second, ..] if *highest > 0.0 => second / highest,
                _ => 1.0,
            };
            place(&SECOND_EDGES, second) * (SPREAD_EDGES.len() + 1) + place(&SPREAD_EDGES, spread)
        }
    }
}

/// The standard deviation by the mean; 0 of nothing.
fn spread(values: &[f64]) -> f64 {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    if mean <= 0.0 {
        return 0.0;
    }
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (squares / count).sqrt() / mean
}

/// What came of a look in the week after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// By measure, statistic and inflation.
    pub cells: Vec<f64>,
}

/// Where a measure of a statistic at an inflation stands among the cells.
pub fn cell(measure: usize, statistic: usize, inflation: usize) -> usize {
    (measure * STATISTICS + statistic) * INFLATIONS.len() + inflation
}

impl Outcome {
    /// What came of it in the days from `cut` on; `None` where the week is not there.
    pub fn of(outlook: &Outlook, resource: Resource, history: &History, cut: usize) -> Option<Self> {
        let after = history.window(cut, cut + WEEK);
        if after.samples() < FEWEST || after.observed() < WEEK - 2 {
            return None;
        }
        let mut cells = vec![0.0; CELLS];
        for (statistic, base) in outlook.statistics.iter().enumerate().take(used(resource)) {
            for (at, inflation) in INFLATIONS.iter().enumerate() {
                let above = after.above(base * inflation);
                let part = above.part();
                let unmet = (above.mean_excess() / outlook.mean).min(MOST_UNMET);
                let (time, bad) = match resource {
                    Resource::Cpu => (part, f64::from(u8::from(part > BAD_WEEK))),
                    // Memory above its limit is killed: once is what counts.
                    Resource::Memory => (f64::from(u8::from(above.over > 0)), 0.0),
                };
                for (measure, figure) in [time, unmet, bad].into_iter().enumerate() {
                    cells[cell(measure, statistic, at)] = figure;
                }
            }
        }
        Some(Self { cells })
    }
}
