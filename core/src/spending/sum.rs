//! Sums of days ahead, between what they may lie, from whole simulated paths.

use std::ops::Range;

use super::document::{ExpectedPeriod, ExpectedWithout};
use crate::calendar::Month;
use crate::forecast::{Confidence, Figure, Foreseen, LEAST_REPLAYED, Outlook, Refused, SumBacktest, bounds};

/// Simulated paths of each scope, and their seed: the same bills give the same chances.
const PATHS: (u64, usize) = (0x005E_ED0F_C057, 1000);

/// A sum of days ahead: what is expected and between what it may lie.
#[derive(Debug)]
pub(super) struct Sum {
    pub(super) mean: f64,
    /// Low and high of 80 %, low and high of 95 %.
    pub(super) bounds: [f64; 4],
    /// How many forecasts of the past its paths are drawn from, where there are enough.
    pub(super) replayed: usize,
    /// The sums of simulated paths, sorted; none where none can be simulated.
    paths: Vec<f64>,
}

/// A sum, and the same without releases where any touch it.
#[derive(Debug)]
pub(super) struct Sums {
    pub(super) with: Sum,
    pub(super) without: Option<Sum>,
    /// How such sums did before; `None` where no forecast of the past reaches so far.
    pub(super) backtest: Option<SumBacktest>,
}

/// What a sum is added to: days that have been, and what they cost.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Behind {
    pub(super) days: usize,
    pub(super) cost: f64,
}

/// What is ahead, and its simulated paths, with releases and without.
#[derive(Debug)]
pub(super) struct Simulated<'f, 'a> {
    foreseen: &'f Foreseen<'a>,
    with: Vec<Vec<f64>>,
    without: Vec<Vec<f64>>,
    /// What each step is taken times; nothing where that is 1.
    times: Vec<f64>,
}

impl<'f, 'a> Simulated<'f, 'a> {
    pub(super) fn of(foreseen: &'f Foreseen<'a>) -> Self {
        let without = foreseen.without.as_ref().map(|(outlook, _)| outlook.paths(PATHS.0, PATHS.1));
        Self {
            foreseen,
            with: foreseen.paths(PATHS.0, PATHS.1),
            without: without.unwrap_or_default(),
            times: Vec::new(),
        }
    }

    /// The same with each step taken so many times.
    pub(super) fn times(self, times: Vec<f64>) -> Self {
        Self { times, ..self }
    }

    /// What is expected of these steps together without releases.
    pub(super) fn organic(&self, steps: Range<usize>) -> f64 {
        let outlook = self.foreseen.without.as_ref().map_or(&self.foreseen.with, |(outlook, _)| outlook);
        outlook.steps[steps].iter().map(|step| step.mean).sum()
    }

    /// The sum of these steps, on top of what is already there.
    pub(super) fn sum(&self, steps: Range<usize>, behind: Behind) -> Sums {
        let without = self.foreseen.without.as_ref();
        let of = |outlook, paths| Sum::of(outlook, paths, &self.times, steps.clone(), behind.cost);
        Sums {
            with: of(&self.foreseen.with, &self.with),
            without: without.map(|(outlook, _)| of(outlook, &self.without)),
            backtest: self.foreseen.with.tried(&steps, behind.days),
        }
    }
}

/// Forecasts of the past that reach at least half as far as a sum, in words.
pub(super) fn forecasts(replayed: usize) -> String {
    match replayed {
        0 => "no forecast of the past that reaches half as far".to_owned(),
        1 => "1 forecast of the past that reaches half as far".to_owned(),
        _ => format!("{replayed} forecasts of the past that reach half as far"),
    }
}

impl Sums {
    /// How far it can be trusted: little where it could not be tried.
    pub(super) fn confidence(&self) -> Confidence {
        self.backtest.as_ref().map_or(Confidence::Low, SumBacktest::confidence)
    }

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
            backtest: self.backtest.clone(),
            confidence: self.confidence(),
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
    /// The sum of these steps, each so many times, on top of what is already there.
    fn of(outlook: &Outlook, paths: &[Vec<f64>], times: &[f64], steps: Range<usize>, base: f64) -> Self {
        let times = |step: usize| times.get(step).copied().unwrap_or(1.0);
        let add =
            |value: &dyn Fn(usize) -> f64| base + steps.clone().map(|step| value(step) * times(step)).sum::<f64>();
        let ahead = &outlook.steps;
        let mean = add(&|step| ahead[step].mean);
        let mut sums: Vec<f64> = paths.iter().map(|path| add(&|step| path[step])).collect();
        sums.sort_unstable_by(f64::total_cmp);
        // Without paths the days' intervals are added up, as if all errors went the same way.
        let added = || {
            let (narrow, wide) = (add(&|step| ahead[step].lo80), add(&|step| ahead[step].lo95));
            [narrow, add(&|step| ahead[step].hi80), wide, add(&|step| ahead[step].hi95)]
        };
        let bounds = bounds(&sums).unwrap_or_else(added);
        let bounds = [
            bounds[0].min(mean),
            bounds[1].max(mean),
            bounds[2].min(bounds[0]).min(mean),
            bounds[3].max(bounds[1]).max(mean),
        ];
        Self { mean, bounds, replayed: outlook.replays(), paths: sums }
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
