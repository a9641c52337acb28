//! The forecast of one series: a path, its intervals, and how such forecasts did before.

use std::ops::Range;

use serde::Serialize;

use super::backtest::Backtest;
use super::interval::{MOST_REPLAYED, Spread};
use super::naive::Naive;
use super::question::{LEAST_VALUES, Question, Refusal};
use super::rolling::{Decided, Task, limits, roll};
use super::trial::{SumBacktest, Trials};
use crate::order::Order as _;
use crate::release::{Course, Factor};
use crate::series::Form;

/// Fewest forecasts of the past that chances and sums are told by. An interval of one step that rests on fewer is more that
/// of a rule by which errors grow than that of the errors found.
pub const LEAST_REPLAYED: usize = 20;

/// Quantiles of the standard normal distribution: how many deviations intervals of 80 and 95 % reach.
pub(super) const NORMAL_90: f64 = 1.281_551_565_544_600_4;
pub(super) const NORMAL_975: f64 = 1.959_963_984_540_054;

/// How a season meets the rest of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SeasonForm {
    /// It is added.
    Additive,
    /// It is a factor.
    Multiplicative,
}

/// How far a forecast can be trusted, by its back-test alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Missed by more than 20 % of the values, or there were fewer than three origins, or the naive forecast missed less or
    /// had been better all along, or less than 60 % of at least ten values lay in the interval of 80 %.
    Low,
    /// Missed by up to 20 % of the values.
    Fair,
    /// Missed by up to 10 % of the values, from at least four origins.
    High,
}

impl Confidence {
    /// The word, as documents have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Fair => "fair",
            Self::High => "high",
        }
    }

    /// By what was missed from so many origins, in percent; `None` where nothing speaks for the forecast.
    pub(super) fn earned(origins: usize, missed: Option<f64>) -> Self {
        match (origins, missed) {
            (4.., Some(missed)) if missed <= 10.0 => Self::High,
            (3.., Some(missed)) if missed <= 20.0 => Self::Fair,
            _ => Self::Low,
        }
    }
}

/// The forecast of one step ahead. INVARIANT: `lo95 ≤ lo80 ≤ mean ≤ hi80 ≤ hi95`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// What is expected.
    pub mean: f64,
    /// Below it lie 10 % of what may come.
    pub lo80: f64,
    /// Above it lie 10 %.
    pub hi80: f64,
    /// Below it lie 2.5 %.
    pub lo95: f64,
    /// Above it lie 2.5 %.
    pub hi95: f64,
}

impl Step {
    /// A step whose intervals of 80 and 95 % reach so far down and up, no farther than the least and the most; the wider holds
    /// the other.
    fn reaching(mean: f64, narrow: (f64, f64), wide: (f64, f64), (least, most): (f64, f64)) -> Self {
        Self {
            mean,
            lo80: (mean - narrow.0).max(least),
            hi80: (mean + narrow.1).min(most),
            lo95: (mean - wide.0.max(narrow.0)).max(least),
            hi95: (mean + wide.1.max(narrow.1)).min(most),
        }
    }
}

/// What is expected of a series.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The steps ahead, the next first.
    pub steps: Vec<Step>,
    /// Models and what each counts, the greatest first; the shares add up to 1.
    pub members: Vec<(&'static str, f64)>,
    /// Whether the seasonal naive forecast was taken, because it had been better all along.
    pub naive: bool,
    /// The season that showed, and its periods in steps.
    pub season: Option<(SeasonForm, Vec<usize>)>,
    /// How such forecasts did before; `None` where the history is too short to tell.
    pub backtest: Option<Backtest>,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// The least and the most that a forecast and its intervals were allowed to be: not below 0 where no value was, and no
    /// farther beyond the values than they lie apart.
    pub limits: (f64, f64),
    /// Whether those limits held it back.
    pub capped: bool,
    /// How many replayed forecasts of the past told of the error at each step.
    pub replayed: Vec<usize>,
    /// Errors of whole paths, for simulation, as they may come again.
    errors: Vec<Vec<f64>>,
    /// The forecasts of the back-test, at the size of the models.
    trials: Option<Trials>,
}

impl Outlook {
    /// Forecasts a series from its values, oldest first, without gaps.
    ///
    /// The same values give the same figures on every machine. The time goes with the length of the history, up to the
    /// last 2,000 values.
    ///
    /// # Errors
    /// When the history is too short for any forecast, or for this one.
    ///
    /// ```
    /// use headroom_forecasts::forecast::{Models, Outlook, Question};
    ///
    /// let values: Vec<f64> = (0..48).map(|month| 100.0 + f64::from(month) + f64::from(month % 12)).collect();
    /// let question = Question { horizon: 12, periods: vec![12], models: Models::Full };
    /// let outlook = Outlook::of(&values, &question).unwrap();
    /// assert!((outlook.steps[0].mean - 148.0).abs() < 5.0);
    /// assert!(outlook.season.is_some() && outlook.backtest.is_some());
    /// ```
    pub fn of(values: &[f64], question: &Question) -> Result<Self, Refusal> {
        Self::along(values, &vec![true; values.len()], question, None)
    }

    /// The same from values of which some were filled in, and that releases were taken out of; without what is to come of
    /// these: the back-test meets them as they were declared.
    pub(super) fn along(
        values: &[f64],
        known: &[bool],
        question: &Question,
        course: Option<&Course<'_>>,
    ) -> Result<Self, Refusal> {
        let count = values.len();
        if count < LEAST_VALUES {
            return Err(Refusal::TooShort(count));
        }
        if question.horizon > count {
            return Err(Refusal::TooFar { horizon: question.horizon, count });
        }
        // A power of two, so that nothing is rounded: huge values must not overflow when they are squared.
        let size = values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        let exponent = if size > 0.0 { libm::frexp(size).1 } else { 0 };
        let scaled: Vec<f64> = values.iter().map(|value| libm::ldexp(*value, -exponent)).collect();
        let limits = limits(&scaled);
        let periods: Vec<usize> = question.periods.iter().copied().filter(|period| *period > 1).collect();
        let families = question.models.families(count, &periods);
        let task = Task {
            values: &scaled,
            known,
            horizon: question.horizon,
            periods: &periods,
            families: &families,
            most_origins: question.models.origins(),
            limits: &limits,
            inflation: question.models.inflation(),
        };
        let decided = roll(&task);
        let Some(last) = decided.last() else { return Err(Refusal::TooShort(count)) };
        let backtest = Backtest::of(&task, &decided, Naive::fit(&scaled, &periods).period, course);
        let spread = Spread::of(&task, last, MOST_REPLAYED);
        let (backtest, trials) = backtest.unzip();
        let mut outlook = Self { trials, ..Self::new(&task, last, spread.as_ref(), backtest) };
        outlook.scale(exponent);
        Ok(outlook)
    }

    fn new(task: &Task<'_>, last: &Decided, spread: Option<&Spread>, backtest: Option<Backtest>) -> Self {
        let limits = task.limits(task.values.len());
        let widths = spread.map_or_else(|| [vec![0.0; task.horizon], vec![0.0; task.horizon]], Spread::widths);
        let step = |(ahead, mean): (usize, &f64)| {
            let [narrow, wide] = [widths[0][ahead], widths[1][ahead]];
            // A combination may round past what each of its members is held by.
            Step::reaching(*mean, (narrow, narrow), (wide, wide), (limits.0.min(*mean), limits.1.max(*mean)))
        };
        let mut members: Vec<(&'static str, f64)> =
            last.members.iter().zip(&last.weights).map(|(member, weight)| (member.family.name(), *weight)).collect();
        members.order_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let form = |form: Form| match form {
            Form::Additive => SeasonForm::Additive,
            Form::Multiplicative => SeasonForm::Multiplicative,
        };
        let season = &last.adjusted.season;
        let season = (!season.is_none()).then(|| (form(season.form()), season.periods().collect()));
        Self {
            steps: last.path.iter().enumerate().map(step).collect(),
            members,
            naive: last.is_naive(),
            season,
            confidence: confidence(backtest.as_ref(), last.is_naive()),
            backtest,
            limits,
            capped: last.members.iter().flat_map(|member| &member.path).any(|value| capped(*value, limits)),
            replayed: spread.map_or_else(|| vec![0; task.horizon], Spread::counts),
            errors: spread.map_or_else(Vec::new, Spread::errors),
            trials: None,
        }
    }

    /// Back to the size of the values.
    fn scale(&mut self, exponent: i32) {
        let back = |value: &mut f64| *value = libm::ldexp(*value, exponent);
        for Step { mean, lo80, hi80, lo95, hi95 } in &mut self.steps {
            [mean, lo80, hi80, lo95, hi95].into_iter().for_each(back);
        }
        back(&mut self.limits.0);
        back(&mut self.limits.1);
        self.errors.iter_mut().flatten().for_each(back);
    }

    /// The same steps with releases: each times its factor, and as much wider as that is uncertain. Errors of the forecast
    /// and luck with releases are independent. What they bring was not among the values, so it has no limits.
    #[must_use]
    pub fn with(&self, factors: &[Factor]) -> Self {
        let floor = self.floor();
        let mut with = self.clone();
        for (step, factor) in with.steps.iter_mut().zip(factors).filter(|(_, factor)| **factor != Factor::ONE) {
            let mean = step.mean * factor.mean;
            let reach =
                |level, low: f64, high: f64| factor.widened(level, (step.mean - low, high - step.mean), step.mean);
            let (narrow, wide) = (reach(0, step.lo80, step.hi80), reach(1, step.lo95, step.hi95));
            *step = Step::reaching(mean, narrow, wide, (floor, f64::INFINITY));
        }
        with
    }

    /// The same steps with intervals of 80 and 95 % taken so many times as wide; that of 95 % holds the other.
    #[must_use]
    pub(super) fn widened(&self, times: [f64; 2]) -> Self {
        let floor = self.floor();
        // How far down an interval reached that ends at the floor does not show: as far as up.
        let reach = |mean: f64, low: f64, high: f64, times: f64| {
            let (below, above) = (mean - low, high - mean);
            (times * if low > floor { below } else { below.max(above) }, times * above)
        };
        let mut wider = self.clone();
        for step in &mut wider.steps {
            let mean = step.mean;
            let (narrow, wide) =
                (reach(mean, step.lo80, step.hi80, times[0]), reach(mean, step.lo95, step.hi95, times[1]));
            *step = Step::reaching(mean, narrow, wide, (floor, f64::INFINITY));
        }
        wider
    }

    /// How forecasts of these steps together did before, each added to as many values that had come; `None` where no forecast
    /// of the past reaches so far.
    pub fn tried(&self, steps: &Range<usize>, behind: usize) -> Option<SumBacktest> {
        self.trials.as_ref()?.sum(steps, behind)
    }

    /// What no step can be below.
    fn floor(&self) -> f64 {
        if self.limits.0 >= 0.0 { 0.0 } else { f64::NEG_INFINITY }
    }

    /// How many forecasts of the past were replayed at least half as far: what paths are simulated from. Beyond their end errors
    /// go on as they usually grow.
    pub fn replays(&self) -> usize {
        self.errors.len()
    }

    /// Paths that may come, simulated: the forecast with the errors that whole forecasts had before. The same seed gives
    /// the same paths. Where fewer than twenty were replayed at least half as far there are none.
    pub fn paths(&self, seed: u64, count: usize) -> Vec<Vec<f64>> {
        let (least, most) = self.limits;
        let mut state = seed;
        let mut draw = || {
            // SplitMix64 (Steele, Lea and Flood 2014).
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        };
        let count = if self.replays() < LEAST_REPLAYED { 0 } else { count };
        let path = |_| {
            let drawn = draw();
            let row = ((u128::from(drawn) * self.errors.len() as u128) >> 64) as usize;
            // Past errors may come the other way about as well.
            let sign = if drawn & 1 == 0 { 1.0 } else { -1.0 };
            let steps = self.steps.iter().zip(&self.errors[row]);
            let held = |(step, error): (&Step, &f64)| {
                (step.mean + sign * error).max(least.min(step.mean)).min(most.max(step.mean))
            };
            steps.map(held).collect()
        };
        (0..count).map(path).collect()
    }
}

/// Whether the limits held a forecast back; that it is not below 0 is no surprise.
fn capped(value: f64, (low, high): (f64, f64)) -> bool {
    low < high && (value >= high || (value <= low && low != 0.0))
}

fn confidence(backtest: Option<&Backtest>, naive: bool) -> Confidence {
    let fails = |backtest: &&Backtest| backtest.naive_did_better().is_some() || backtest.too_sure().is_some();
    let backtest = backtest.filter(|backtest| !naive && !fails(backtest));
    backtest.map_or(Confidence::Low, |backtest| Confidence::earned(backtest.origins, backtest.errors.wape))
}

#[cfg(test)]
mod tests {
    use super::super::backtest::Errors;
    use super::*;

    fn word(own: f64, naive: f64, coverage: f64, tried: usize) -> Confidence {
        let errors = |wape| Errors { mase: None, smape: wape, wape: Some(wape) };
        let (errors, naive) = (errors(own), errors(naive));
        let coverage = Some([coverage, 99.0]);
        let backtest = Backtest { origins: 6, first: 20, values: 60, errors, naive, coverage, tried };
        confidence(Some(&backtest), false)
    }

    #[test]
    fn confidence_is_low_where_less_was_missed_without_or_intervals_did_not_hold() {
        assert_eq!(word(8.0, 9.0, 70.0, 40), Confidence::High);
        assert_eq!(word(12.0, 13.0, 70.0, 40), Confidence::Fair);
        assert_eq!(word(8.0, 7.0, 70.0, 40), Confidence::Low);
        assert_eq!(word(8.0, 9.0, 59.0, 40), Confidence::Low);
        // What is not seen in the figures, or in so few values, says nothing.
        assert_eq!(word(8.0, 7.99, 70.0, 40), Confidence::High);
        assert_eq!(word(8.0, 9.0, 50.0, 8), Confidence::High);
    }
}
