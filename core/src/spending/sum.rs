//! Sums of days ahead, between what they may lie, from whole simulated paths.

use std::ops::Range;

use super::document::{ExpectedPeriod, ExpectedWithout};
use crate::calendar::Month;
use crate::forecast::{Figure, Foreseen, LEAST_REPLAYED, Outlook, Refused};

/// Simulated paths of each scope, and their seed: the same bills give the same chances.
const PATHS: (u64, usize) = (0x005E_ED0F_C057, 1000);

/// A sum of days ahead: what is expected and between what it may lie.
#[derive(Debug)]
pub(super) struct Sum {
    pub(super) mean: f64,
    /// Low and high of 80 %, low and high of 95 %.
    pub(super) bounds: [f64; 4],
    /// How many whole forecasts of the past its paths are drawn from, where there are enough.
    pub(super) replayed: usize,
    /// The sums of simulated paths, sorted; none where none can be simulated.
    paths: Vec<f64>,
}

/// A sum, and the same without releases where any touch it.
#[derive(Debug)]
pub(super) struct Sums {
    pub(super) with: Sum,
    pub(super) without: Option<Sum>,
}

/// What is ahead, and its simulated paths, with releases and without.
#[derive(Debug)]
pub(super) struct Simulated<'f, 'a> {
    foreseen: &'f Foreseen<'a>,
    with: Vec<Vec<f64>>,
    without: Vec<Vec<f64>>,
}

impl<'f, 'a> Simulated<'f, 'a> {
    pub(super) fn of(foreseen: &'f Foreseen<'a>) -> Self {
        let without = foreseen.without.as_ref().map(|(outlook, _)| outlook.paths(PATHS.0, PATHS.1));
        Self { foreseen, with: foreseen.paths(PATHS.0, PATHS.1), without: without.unwrap_or_default() }
    }

    /// The sum of these steps, on top of what is already there.
    pub(super) fn sum(&self, steps: Range<usize>, base: f64) -> Sums {
        let without = self.foreseen.without.as_ref();
        Sums {
            with: Sum::of(&self.foreseen.with, &self.with, steps.clone(), base),
            without: without.map(|(outlook, _)| Sum::of(outlook, &self.without, steps, base)),
        }
    }
}

/// Forecasts of the past that reach as far as a sum, in words.
pub(super) fn forecasts(replayed: usize) -> String {
    match replayed {
        0 => "no forecast of the past that reaches so far".to_owned(),
        1 => "1 forecast of the past that reaches so far".to_owned(),
        _ => format!("{replayed} forecasts of the past that reach so far"),
    }
}

impl Sums {
    /// As documents show months together.
    pub(super) fn period(&self, from: Month, to: Month) -> ExpectedPeriod {
        let [lo80, hi80, lo95, hi95] = self.with.bounds.map(Figure);
        ExpectedPeriod {
            from,
            to,
            expected: Figure(self.with.mean),
            lo80,
            hi80,
            lo95,
            hi95,
            replayed: self.with.replayed,
            without: self.without.as_ref().map(ExpectedWithout::from),
        }
    }
}

impl From<&Sum> for ExpectedWithout {
    fn from(sum: &Sum) -> Self {
        let [lo80, hi80, lo95, hi95] = sum.bounds.map(Figure);
        Self { expected: Figure(sum.mean), lo80, hi80, lo95, hi95 }
    }
}

impl Sum {
    /// The sum of these steps, on top of what is already there.
    fn of(outlook: &Outlook, paths: &[Vec<f64>], steps: Range<usize>, base: f64) -> Self {
        let ahead = &outlook.steps[steps.clone()];
        let add = |value: &dyn Fn(&crate::forecast::Step) -> f64| base + ahead.iter().map(value).sum::<f64>();
        let mean = add(&|step| step.mean);
        let mut sums: Vec<f64> = paths.iter().map(|path| base + path[steps.clone()].iter().sum::<f64>()).collect();
        sums.sort_unstable_by(f64::total_cmp);
        // Without paths the days' intervals are added up, as if all errors went the same way.
        let mut bounds =
            [add(&|step| step.lo80), add(&|step| step.hi80), add(&|step| step.lo95), add(&|step| step.hi95)];
        if let Some(last) = sums.len().checked_sub(1) {
            bounds = [0.1, 0.9, 0.025, 0.975].map(|share| sums[(last as f64 * share) as usize]);
        }
        let bounds = [
            bounds[0].min(mean),
            bounds[1].max(mean),
            bounds[2].min(bounds[0]).min(mean),
            bounds[3].max(bounds[1]).max(mean),
        ];
        Self { mean, bounds, replayed: outlook.whole(), paths: sums }
    }

    /// The chance in percent that it is more than a limit.
    pub(super) fn over(&self, limit: f64) -> Option<f64> {
        let above = self.paths.iter().filter(|sum| **sum > limit).count();
        (!self.paths.is_empty()).then(|| 100.0 * above as f64 / self.paths.len() as f64)
    }

    /// Why there is no chance, where there is none.
    pub(super) fn few(&self) -> Option<Refused> {
        self.paths.is_empty().then(|| Refused {
            reason: format!("{} could be replayed, and a chance needs {LEAST_REPLAYED}", forecasts(self.replayed)),
            hint: "give the bills of earlier months".to_owned(),
        })
    }
}
