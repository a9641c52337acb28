//! How a forecast would have done: its errors at rolling origins, beside those of the naive forecast.

use super::interval::Spread;
use super::rolling::{Decided, Task};
use super::trial::Trials;
use crate::release::{Course, Factor};

/// Origins at which intervals are tried, and replays each is made from; fewer than a forecast's own, since they are many.
const TRIED: (usize, usize) = (4, 30);

/// Figures are shown to a tenth of a percent: errors that are nearer to each other are alike.
pub(super) const ALIKE: f64 = 0.05;

/// Fewest values that say anything of an interval of 80 %, and the percentage of them that has to lie in it.
const HOLDS: (usize, f64) = (10, 60.0);

/// How large errors are, three ways. Less is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// Mean absolute scaled error: in units of what a season-to-season change was before the origin (Hyndman and Koehler
    /// 2006); `None` where nothing changed.
    pub mase: Option<f64>,
    /// Symmetric mean absolute percentage error, 0 to 200.
    pub smape: f64,
    /// Weighted absolute percentage error: all errors as a percentage of all values; `None` where the values are 0.
    pub wape: Option<f64>,
}

/// What came of forecasting again from the past.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// From how many origins.
    pub origins: usize,
    /// How many values had been seen at the first of them.
    pub first: usize,
    /// How many forecast values were compared with what came.
    pub values: usize,
    /// The errors of the forecast.
    pub errors: Errors,
    /// The errors of the seasonal naive forecast on the same values.
    pub naive: Errors,
    /// Percentages of what came that lay in the intervals of 80 and 95 %; `None` where none could be tried.
    pub coverage: Option<[f64; 2]>,
    /// How many values the intervals were tried on.
    pub tried: usize,
}

impl Backtest {
    /// What the forecast and the naive one missed, in percent of the values, where the naive one missed less.
    pub(super) fn naive_did_better(&self) -> Option<(f64, f64)> {
        let both = self.errors.wape.zip(self.naive.wape);
        both.filter(|(own, naive)| own - naive >= ALIKE)
    }

    /// The percentage of what came that lay in the interval of 80 %, where that is far too little.
    pub(super) fn too_sure(&self) -> Option<f64> {
        let narrow = self.coverage.filter(|_| self.tried >= HOLDS.0)?[0];
        (narrow < HOLDS.1).then_some(narrow)
    }

    /// Of all origins but the last, which is the end; `None` where there is no other. Releases that came after an origin are
    /// met as they were declared by then; so does the naive forecast meet them. With it the forecasts themselves.
    pub(super) fn of(
        task: &Task<'_>,
        decided: &[Decided],
        period: usize,
        course: Option<&Course<'_>>,
    ) -> Option<(Self, Trials)> {
        let foreseen = |origin: usize| {
            let usual = || vec![Factor::ONE; task.horizon];
            course.map_or_else(usual, |course| course.foreseen(origin, task.horizon))
        };
        let times = |path: &[f64], factors: &[Factor]| -> Vec<f64> {
            path.iter().zip(factors).map(|(value, factor)| value * factor.mean).collect()
        };
        let (_, past) = decided.split_last()?;
        let first = past.first()?.origin;
        let (mut own, mut naive) = (Sums::default(), Sums::default());
        let mut origins = 0;
        let mut trials = Trials::new(task);
        for origin in past {
            let came: Vec<Option<f64>> = came(task, origin.origin).collect();
            let scale = scale(&task.values[..origin.origin], period);
            let factors = foreseen(origin.origin);
            own.add(&came, &times(&origin.path, &factors), scale);
            naive.add(&came, &times(&origin.naive, &factors), scale);
            origins += usize::from(came.iter().take(task.horizon).any(Option::is_some));
            trials.add(origin, factors, task.limits(origin.origin));
        }
        if origins == 0 {
            return None;
        }
        let every = past.len().div_ceil(TRIED.0);
        let (mut inside, mut tried) = ([0.0; 2], 0);
        for origin in past.iter().rev().step_by(every) {
            let Some(spread) = Spread::of(task, origin, TRIED.1) else { continue };
            let (widths, (least, most)) = (spread.widths(), task.limits(origin.origin));
            let came = came(task, origin.origin).zip(origin.path.iter().zip(foreseen(origin.origin)));
            for (ahead, (value, (path, factor))) in came.enumerate() {
                let Some(value) = value else { continue };
                tried += 1;
                for (level, inside) in inside.iter_mut().enumerate() {
                    let own = widths[level][ahead];
                    let (below, above) = factor.widened(level, (own, own), *path);
                    let error = value - path * factor.mean;
                    // What releases bring has no limits.
                    let held = factor != Factor::ONE || (least..=most).contains(&value);
                    *inside += f64::from(u8::from(held && -error <= below && error <= above));
                }
            }
            trials.tried(origin.origin, spread);
        }
        let backtest = Self {
            origins,
            first,
            values: own.values,
            errors: own.errors(),
            naive: naive.errors(),
            coverage: (tried > 0).then(|| inside.map(|inside| 100.0 * inside / tried as f64)),
            tried,
        };
        Some((backtest, trials))
    }
}

/// What came after so many values; nothing where a value is filled in.
fn came<'v>(task: &Task<'v>, origin: usize) -> impl Iterator<Item = Option<f64>> + 'v {
    let after = task.values[origin..].iter().zip(&task.known[origin..]);
    after.map(|(value, known)| known.then_some(*value))
}

/// The mean absolute change over a season; 0 where nothing changed.
fn scale(values: &[f64], period: usize) -> f64 {
    let later = values.iter().skip(period);
    let changes: f64 = later.zip(values).map(|(later, value)| (later - value).abs()).sum();
    changes / (values.len().saturating_sub(period)).max(1) as f64
}

#[derive(Clone, Debug, Default)]
struct Sums {
    values: usize,
    absolute: f64,
    size: f64,
    symmetric: f64,
    scaled: f64,
    scalable: f64,
}

impl Sums {
    fn add(&mut self, came: &[Option<f64>], path: &[f64], scale: f64) {
        for (value, ahead) in came.iter().zip(path) {
            let Some(value) = value else { continue };
            let error = (value - ahead).abs();
            let both = value.abs() + ahead.abs();
            self.values += 1;
            self.absolute += error;
            self.size += value.abs();
            self.symmetric += if both > 0.0 { 200.0 * error / both } else { 0.0 };
            if scale > 0.0 {
                self.scaled += error / scale;
                self.scalable += 1.0;
            }
        }
    }

    fn errors(&self) -> Errors {
        Errors {
            mase: (self.scalable > 0.0).then(|| self.scaled / self.scalable),
            smape: self.symmetric / self.values.max(1) as f64,
            wape: (self.size > 0.0).then(|| 100.0 * self.absolute / self.size),
        }
    }
}
