//! Sums of some steps ahead, tried on the past: what they came to together, and what had been forecast.
//!
//! Errors of single steps cancel out in a sum or all go the same way, so what is known of steps says little of a month of
//! them. The forecasts of the back-test are added up as the sum is, each over the steps that came.

use std::ops::Range;

use serde::Serialize;

use super::backtest::ALIKE;
use super::figure::Ratio;
use super::interval::Spread;
use super::outlook::{Confidence, LEAST_REPLAYED};
use super::rolling::{Decided, Task};
use crate::release::Factor;

/// Of the steps of a sum, at least this share was measured, or the sum says nothing.
const LEAST_KNOWN: f64 = 2.0 / 3.0;

/// The share of intervals of 80 % that have to hold for a sum to be trusted highly; where so few held that one in twenty would be
/// luck, it is not to be trusted.
const HOLDS: f64 = 0.6;
const LUCK: f64 = 0.05;

/// How forecasts of such a sum did before.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SumBacktest {
    /// From how many points of the past it was forecast again.
    pub origins: usize,
    /// What was missed, as a percentage of what it came to; null where that was nothing.
    pub wape: Option<Ratio>,
    /// The same of the seasonal naive forecast.
    pub naive: Option<Ratio>,
    /// At how many of those points intervals were tried.
    pub tried: usize,
    /// How often it came to something in the interval of 80 %.
    pub inside80: usize,
    /// How often it came to something in the interval of 95 %.
    pub inside95: usize,
}

impl SumBacktest {
    /// How far such a sum can be trusted: by what was missed, whether the naive forecast missed less, and whether intervals held.
    pub fn confidence(&self) -> Confidence {
        let missed = self.wape.map(|wape| wape.0);
        let beaten = missed.zip(self.naive).is_some_and(|(own, naive)| own - naive.0 >= ALIKE);
        if beaten || at_most(self.inside80, self.tried) < LUCK {
            return Confidence::Low;
        }
        let hold = self.tried > 0 && self.inside80 as f64 >= HOLDS * self.tried as f64;
        Confidence::earned(self.origins, missed).min(if hold { Confidence::High } else { Confidence::Fair })
    }
}

/// The forecasts of the back-test, and what they are held against.
#[derive(Clone, Debug)]
pub(super) struct Trials {
    values: Vec<f64>,
    known: Vec<bool>,
    each: Vec<Trial>,
}

/// A forecast of the past, with releases as they were known by then.
#[derive(Clone, Debug)]
struct Trial {
    origin: usize,
    path: Vec<f64>,
    naive: Vec<f64>,
    factors: Vec<Factor>,
    /// The least and the most that a step might be.
    limits: (f64, f64),
    spread: Option<Spread>,
}

/// The chance that at most so many of some intervals of 80 % hold (binomial).
fn at_most(inside: usize, tried: usize) -> f64 {
    let mut chance = libm::pow(0.2, tried as f64);
    let mut sum = chance;
    for held in 1..=inside.min(tried) {
        chance *= 4.0 * (tried + 1 - held) as f64 / held as f64;
        sum += chance;
    }
    sum
}

/// Low and high of 80 %, low and high of 95 % of sorted sums; none of nothing.
pub fn bounds(sums: &[f64]) -> Option<[f64; 4]> {
    let last = sums.len().checked_sub(1)?;
    Some([0.1, 0.9, 0.025, 0.975].map(|share| sums[(last as f64 * share) as usize]))
}

impl Trials {
    /// Of nothing yet.
    pub(super) fn new(task: &Task<'_>) -> Self {
        Self { values: task.values.to_vec(), known: task.known.to_vec(), each: Vec::new() }
    }

    /// What was decided at an origin, the factors that releases had for it, and what held it.
    pub(super) fn add(&mut self, decided: &Decided, factors: Vec<Factor>, limits: (f64, f64)) {
        let Decided { origin, path, naive, .. } = decided;
        let (path, naive) = (path.clone(), naive.clone());
        self.each.push(Trial { origin: *origin, path, naive, factors, limits, spread: None });
    }

    /// The intervals that the forecast of an origin had.
    pub(super) fn tried(&mut self, origin: usize, spread: Spread) {
        if let Some(trial) = self.each.iter_mut().find(|trial| trial.origin == origin) {
            trial.spread = Some(spread);
        }
    }

    /// How sums of these steps did, each added to as many values before its origin; `None` where no forecast of the past reaches
    /// so far.
    pub(super) fn sum(&self, steps: &Range<usize>, behind: usize) -> Option<SumBacktest> {
        let mut found = SumBacktest::default();
        let (mut missed, mut plain, mut size) = (0.0, 0.0, 0.0);
        for trial in &self.each {
            let known = |step: &usize| self.known.get(trial.origin + step).copied().unwrap_or_default();
            let told: Vec<usize> = steps.clone().filter(known).collect();
            let reaches = trial.origin + steps.end <= self.values.len();
            if !reaches || (told.len() as f64) < LEAST_KNOWN * steps.len() as f64 || told.is_empty() {
                continue;
            }
            let came: f64 = told.iter().map(|step| self.values[trial.origin + step]).sum();
            let ahead = |path: &[f64]| told.iter().map(|step| path[*step] * trial.factors[*step].mean).sum::<f64>();
            let error = came - ahead(&trial.path);
            found.origins += 1;
            missed += error.abs();
            plain += (came - ahead(&trial.naive)).abs();
            size += (self.values[trial.origin.saturating_sub(behind)..trial.origin].iter().sum::<f64>() + came).abs();
            if let Some(spread) = &trial.spread {
                found.tried += 1;
                let [low, high, lowest, highest] = trial.bounds(spread, &told);
                found.inside80 += usize::from((low..=high).contains(&came));
                found.inside95 += usize::from((lowest..=highest).contains(&came));
            }
        }
        let share = |error: f64| (size > 0.0).then(|| Ratio(100.0 * error / size));
        (found.wape, found.naive) = (share(missed), share(plain));
        (found.origins > 0).then_some(found)
    }
}

impl Trial {
    /// Between what the sum of these steps was said to lie: by whole errors that had been replayed by then, either way about,
    /// else by the intervals of the steps added up.
    fn bounds(&self, spread: &Spread, steps: &[usize]) -> [f64; 4] {
        let (least, most) = self.limits;
        let sum = |reach: &dyn Fn(usize) -> f64| -> f64 {
            steps
                .iter()
                .map(|step| (self.path[*step] + reach(*step)).max(least).min(most) * self.factors[*step].mean)
                .sum()
        };
        let errors = spread.errors();
        if errors.len() < LEAST_REPLAYED {
            let [narrow, wide] = spread.widths();
            return [
                sum(&|step| -narrow[step]),
                sum(&|step| narrow[step]),
                sum(&|step| -wide[step].max(narrow[step])),
                sum(&|step| wide[step].max(narrow[step])),
            ];
        }
        let both = errors.iter().flat_map(|row| [sum(&|step| row[step]), sum(&|step| -row[step])]);
        let mut sums: Vec<f64> = both.collect();
        sums.sort_unstable_by(f64::total_cmp);
        bounds(&sums).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Models, Outlook, Question};
    use super::*;

    fn outlook(values: &[f64], horizon: usize) -> Outlook {
        Outlook::of(values, &Question { horizon, periods: vec![7], models: Models::Full }).unwrap()
    }

    #[test]
    fn a_sum_of_what_was_foreseen_missed_nothing() {
        let values: Vec<f64> = (0..200).map(|day| 100.0 + 10.0 * f64::from(day % 7)).collect();
        let found = outlook(&values, 28).tried(&(0..28), 10).unwrap();
        assert!(found.origins >= 4 && found.wape.unwrap().0 < 0.01, "{found:?}");
        assert_eq!((found.inside80, found.confidence()), (found.tried, Confidence::High));
    }

    #[test]
    fn words_are_those_of_the_back_test() {
        let word = |wape, naive, tried, inside80| {
            let (wape, naive) = (Some(Ratio(wape)), Some(Ratio(naive)));
            SumBacktest { origins: 6, wape, naive, tried, inside80, inside95: tried }.confidence()
        };
        assert_eq!(word(4.0, 5.0, 4, 3), Confidence::High);
        assert_eq!(word(14.0, 15.0, 4, 4), Confidence::Fair);
        assert_eq!(word(0.45, 0.31, 4, 4), Confidence::Low);
        // What is not seen in the figures says nothing.
        assert_eq!(word(4.02, 4.0, 4, 4), Confidence::High);
        // Of few intervals some may fail by luck, which is not to be trusted highly; all of them do not.
        assert_eq!(
            [0, 1, 2].map(|inside| word(4.0, 5.0, 2, inside)),
            [Confidence::Low, Confidence::Fair, Confidence::High]
        );
        assert_eq!(
            [0, 1, 2].map(|inside| word(4.0, 5.0, 3, inside)),
            [Confidence::Low, Confidence::Fair, Confidence::High]
        );
        assert_eq!(
            [1, 2, 3].map(|inside| word(4.0, 5.0, 4, inside)),
            [Confidence::Low, Confidence::Fair, Confidence::High]
        );
        assert_eq!([(0, 0), (1, 0)].map(|(tried, inside)| word(4.0, 5.0, tried, inside)), [Confidence::Fair; 2]);
        assert!((at_most(2, 4) - 0.1808).abs() < 1e-12 && (at_most(3, 3) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_no_forecast_of_the_past_reaches_was_not_tried() {
        let values: Vec<f64> = (0..120).map(|day| 100.0 + f64::from(day * day % 17)).collect();
        let outlook = outlook(&values, 90);
        assert_eq!(outlook.tried(&(0..90), 0), None);
        assert!(outlook.tried(&(0..30), 0).is_some());
    }

    #[test]
    fn what_had_come_before_counts_beside_what_was_missed() {
        let values: Vec<f64> = (0..200).map(|day| 100.0 + f64::from(day * day % 17)).collect();
        let outlook = outlook(&values, 28);
        let missed = |behind| outlook.tried(&(0..10), behind).unwrap().wape.unwrap().0;
        assert!(missed(20) < 0.5 * missed(0), "{} {}", missed(20), missed(0));
    }
}
