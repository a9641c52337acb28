//! Intervals that learn from what came.

use serde::Serialize;

use super::earlier::Issued;
use super::figure::Figure;
use crate::order::BTreeMap;
use crate::series::{Series, Stamp};

/// How fast widths learn: a value outside an interval of 80 % widens it by 4 %, one inside narrows it by 1 %.
const RATE: f64 = 0.05;

/// The most that an interval is widened or narrowed; a forecast that misses by more is to be made otherwise.
const MOST: f64 = 8.0;

/// An interval's coverage held at its target while forecasts and outcomes go on: after every outcome it is taken a little
/// wider where that lay outside and a little narrower where inside, so much that both balance at the target (quantile
/// tracking, as in conformal control; Angelopoulos, Candès and Tibshirani 2023). Whatever the series does, as long as
/// what comes lies within eight times the widths, long-run coverage is the target: among `n` outcomes the share inside is
/// off by at most `2 · ln 8 / (rate · n)`.
///
/// ```
/// use headroom_forecasts::forecast::AdaptiveInterval;
///
/// let mut interval = AdaptiveInterval::new(0.8, 0.05);
/// let before = interval.width(10.0);
/// interval.came(false);
/// assert!(interval.width(10.0) > before);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdaptiveInterval {
    target: f64,
    rate: f64,
    /// The logarithm of how many times as wide it is taken.
    logarithm: f64,
}

impl AdaptiveInterval {
    /// For a target coverage (between 0 and 1; kept within 0.5 and 0.99) with a rate of learning (kept within 0 and
    /// 0.2; 0.02 to 0.1 are usual).
    pub fn new(target: f64, rate: f64) -> Self {
        let target = if target.is_finite() { target.clamp(0.5, 0.99) } else { 0.8 };
        let rate = if rate.is_finite() { rate.clamp(0.0, 0.2) } else { 0.0 };
        Self { target, rate, logarithm: 0.0 }
    }

    /// The same, taken so many times as wide already (kept within an eighth and eight).
    #[must_use]
    pub fn starting_at(self, times: f64) -> Self {
        let times = if times.is_finite() { times.clamp(1.0 / MOST, MOST) } else { 1.0 };
        Self { logarithm: libm::log(times), ..self }
    }

    /// An outcome came: whether it lay in the interval.
    pub fn came(&mut self, inside: bool) {
        let outside = if inside { 0.0 } else { 1.0 };
        let most = libm::log(MOST);
        self.logarithm = (self.logarithm + self.rate * (outside - (1.0 - self.target))).clamp(-most, most);
    }

    /// How many times as wide it is taken, between an eighth and eight.
    pub fn times(&self) -> f64 {
        libm::exp(self.logarithm)
    }

    /// How far the interval reaches, where `width` is how far it would without outcomes.
    pub fn width(&self, width: f64) -> f64 {
        width * self.times()
    }
}

/// How earlier forecasts of a series did, and what intervals learned from it. It stands in the document, so that the next
/// forecast can go on from it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EarlierShown {
    /// Earlier forecasts of it that were given.
    pub forecasts: usize,
    /// Values that came and were forecast earlier, each held against the last forecast before it; with those that the first
    /// of the forecasts given had scored already.
    pub scored: usize,
    /// How many of them lay in the interval of 80 %.
    pub inside80: usize,
    /// How many of them lay in the interval of 95 %.
    pub inside95: usize,
    /// How many times as wide intervals of 80 % are taken.
    pub width80: Figure,
    /// How many times as wide intervals of 95 % are taken.
    pub width95: Figure,
}

impl EarlierShown {
    /// Scores earlier forecasts, the earliest first, by the values of a series. `None` where none is of its past.
    pub(super) fn of(series: &Series, issued: &[Issued]) -> Option<Self> {
        let count = series.values.len();
        let end = count.checked_sub(1).and_then(|last| series.stamp(last))?;
        let past: Vec<&Issued> = issued.iter().filter(|one| one.last <= end).collect();
        let first = past.first()?;
        let values: BTreeMap<Stamp, f64> =
            (0..count).filter_map(|at| Some((series.stamp(at)?, series.values[at]?))).collect();
        let (mut scored, mut inside) = (first.scored, first.inside);
        let start = |target: f64, level: usize| AdaptiveInterval::new(target, RATE).starting_at(first.widths[level]);
        let mut intervals = [start(0.8, 0), start(0.95, 1)];
        for (place, one) in past.iter().enumerate() {
            // What a later forecast was made of, that one answers for.
            let until = past.get(place + 1).map_or(end, |next| next.last);
            for step in one.steps.iter().filter(|step| step.date > one.last && step.date <= until) {
                let Some(value) = values.get(&step.date) else { continue };
                scored += 1;
                for (level, interval) in intervals.iter_mut().enumerate() {
                    let (low, high) = step.bounds[level];
                    inside[level] += usize::from((low..=high).contains(value));
                    // Held against the interval as it would have been with all that had been learned by then.
                    let times = interval.times() / one.widths[level];
                    let reach = if *value < step.mean { step.mean - low } else { high - step.mean };
                    interval.came((value - step.mean).abs() <= times * reach);
                }
            }
        }
        // As they stand in the document, so that whoever goes on from it has the same.
        let written = |times: f64| Figure(times).to_string().parse().map_or(Figure(times), Figure);
        let [width80, width95] = intervals.map(|interval| written(interval.times()));
        Some(Self { forecasts: past.len(), scored, inside80: inside[0], inside95: inside[1], width80, width95 })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::earlier::IssuedStep;
    use super::*;
    use crate::series::Step;

    proptest! {
        /// Whatever comes, and in whatever order: within eight widths the share outside is the target's in the long run.
        #[test]
        fn long_run_coverage_is_the_target(
            errors in proptest::collection::vec(0.2..6.0_f64, 400..2000),
            target in 0.6..0.97_f64,
            grows in any::<bool>(),
        ) {
            let (mut interval, mut inside) = (AdaptiveInterval::new(target, RATE), 0.0);
            let mut errors = errors;
            if grows {
                errors.sort_by(f64::total_cmp);
            }
            for error in &errors {
                let covered = *error <= interval.width(1.0);
                inside += f64::from(u8::from(covered));
                interval.came(covered);
            }
            let count = errors.len() as f64;
            prop_assert!((inside / count - target).abs() <= 2.0 * libm::log(MOST) / (RATE * count) + 1e-9);
        }
    }

    fn months(values: &[f64]) -> Series {
        Series {
            name: "cost".to_owned(),
            first: Stamp::parse("2020-01").unwrap(),
            step: Step::Months { count: 1, day: 0 },
            values: values.iter().map(|value| Some(*value)).collect(),
        }
    }

    /// A forecast of 100 for each of some months after the first of a series, whose intervals reach 10 and 20 times a width.
    fn issued(series: &Series, seen: usize, steps: usize, carried: Option<&EarlierShown>) -> Issued {
        let widths = carried.map_or([1.0; 2], |carried| [carried.width80.0, carried.width95.0]);
        let step = |at: usize| IssuedStep {
            date: series.stamp(at).unwrap(),
            mean: 100.0,
            bounds: [10.0, 20.0].map(|reach| (100.0 - reach, 100.0 + reach)),
        };
        let mut steps: Vec<IssuedStep> = (seen..seen + steps).map(step).collect();
        for step in &mut steps {
            for (bounds, width) in step.bounds.iter_mut().zip(widths) {
                *bounds = (100.0 - width * (100.0 - bounds.0), 100.0 + width * (bounds.1 - 100.0));
            }
        }
        Issued {
            document: String::new(),
            last: series.stamp(seen - 1).unwrap(),
            steps,
            scored: carried.map_or(0, |carried| carried.scored),
            inside: carried.map_or([0; 2], |carried| [carried.inside80, carried.inside95]),
            widths,
        }
    }

    #[test]
    fn each_value_is_held_against_the_last_forecast_before_it() {
        let series = months(&[100.0, 100.0, 105.0, 115.0, 130.0, 100.0]);
        let (one, two) = (issued(&series, 2, 12, None), issued(&series, 4, 1, None));
        let shown = EarlierShown::of(&series, &[one.clone(), two]).unwrap();
        // 105 and 115 by the first; 130 by the second, which says nothing of the last.
        assert_eq!((shown.forecasts, shown.scored, shown.inside80, shown.inside95), (2, 3, 1, 2));
        let times = libm::exp(RATE * (2.0 * 0.8 - 0.2));
        assert!((shown.width80.0 - times).abs() < 1e-8, "{shown:?}");
        assert_eq!(EarlierShown::of(&months(&[1.0]), &[one]), None);
    }

    /// Documents carry what was learned: the newest alone says what all say.
    #[test]
    fn the_newest_document_carries_what_all_of_them_taught() {
        let values: Vec<f64> = (0..60_u32).map(|at| 100.0 + f64::from(at * at % 37) - 18.0).collect();
        let (mut all, mut newest): (Vec<Issued>, Option<Issued>) = (Vec::new(), None);
        for seen in (10..60).step_by(7) {
            let series = months(&values[..seen]);
            let carried = newest.as_ref().and_then(|newest| EarlierShown::of(&series, std::slice::from_ref(newest)));
            let plain = EarlierShown::of(&series, &all);
            if let (Some(carried), Some(plain)) = (&carried, &plain) {
                // Made without what was learned, the forecasts are scored as if with it.
                assert_eq!(carried.scored, plain.scored);
                assert!((carried.width80.0 - plain.width80.0).abs() < 1e-7, "{carried:?} {plain:?}");
                assert!((carried.width95.0 - plain.width95.0).abs() < 1e-7, "{carried:?} {plain:?}");
            }
            let whole = months(&values);
            all.push(issued(&whole, seen, 12, None));
            newest = Some(issued(&whole, seen, 12, carried.as_ref()));
        }
        assert!(EarlierShown::of(&months(&values), &all).unwrap().width80.0 > 1.05);
    }

    #[test]
    fn what_was_not_measured_is_not_scored() {
        let mut series = months(&[100.0; 6]);
        let one = issued(&series, 2, 12, None);
        series.values[3] = None;
        assert_eq!(EarlierShown::of(&series, &[one]).unwrap().scored, 3);
    }
}
