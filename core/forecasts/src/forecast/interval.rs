//! Intervals: what the combined forecast missed when it was replayed over the past.
//!
//! With the parameters and weights of the forecast, the models are shown the past again and forecast from many origins.
//! The errors at each distance ahead give a spread that never narrows with the distance; how far out the 80 and 95 %
//! lie is half the normal distribution's word and half that of the errors themselves. Replayed errors are a little too
//! small, since the parameters were fitted to the same values; the correction was learned from the monthly series of the
//! M3 competition, cut to many lengths.

use super::calm::calm;
use super::model::Origins;
use super::outlook::{NORMAL_90, NORMAL_975};
use super::rolling::{Decided, Task, shifted};

/// Most origins that are replayed for a forecast.
pub(super) const MOST_REPLAYED: usize = 80;

/// How far back replayed origins reach.
const REACH: usize = 240;

/// What the past says of the errors to come.
#[derive(Clone, Debug)]
pub(super) struct Spread {
    /// Standard deviation at each distance ahead, in units of `scales`.
    deviations: Vec<f64>,
    /// What a unit is at each distance ahead: the level and the season, where errors grow with them.
    scales: Vec<f64>,
    /// How many deviations out 80 and 95 % lie, by what the errors say.
    reach: [f64; 2],
    /// How many values were seen.
    count: usize,
    /// How much wider than their replayed errors intervals have to be.
    inflation: [f64; 2],
    /// How many errors were found at each distance ahead.
    counts: Vec<usize>,
    /// The errors of each origin that saw at least half of the horizon, to its end, in units of `scales`.
    paths: Vec<f64>,
}

impl Spread {
    /// Replays a combination over the values it has seen.
    pub(super) fn of(task: &Task<'_>, decided: &Decided, most: usize) -> Option<Self> {
        // One value like no other tells no more of errors than any other did.
        let (seen, adjusted) = (calm(task.seen(decided.origin)), &decided.adjusted);
        let horizon = task.horizon;
        let Replayed { origins, ahead: mut errors } = replayed(task, decided, &seen, most)?;
        let positive = seen.iter().all(|value| *value > 0.0);
        let mut levels = Vec::with_capacity(errors.len() / horizon);
        for (row, errors) in errors.chunks_exact_mut(horizon).enumerate() {
            let origin = origins.from + row * origins.every;
            levels.push(if positive { level(&seen, origin) } else { 1.0 });
            for ((error, came), factor) in errors.iter_mut().zip(&seen[origin..]).zip(adjusted.season.factors(origin)) {
                *error = (came - *error) / factor;
            }
        }
        let mut errors = Errors { origins, values: errors, known: task.known(decided.origin) };
        // Errors grow with the level where that makes those one step ahead likelier.
        let ones = errors.rows().zip(&levels).filter(|((_, known), _)| known[0]);
        let ones: Vec<(f64, f64)> = ones.map(|((errors, _), level)| (errors[0], *level)).collect();
        let absolute = deviation(ones.iter().map(|(error, _)| *error));
        let relative = deviation(ones.iter().map(|(error, level)| error / level));
        let size = ones.iter().map(|(_, level)| libm::log(*level)).sum::<f64>() / ones.len().max(1) as f64;
        let grows = positive && relative > 0.0 && libm::log(relative) + size < libm::log(absolute);
        let now = if grows { level(&seen, seen.len()) } else { 1.0 };
        if grows {
            for (errors, level) in errors.values.chunks_exact_mut(horizon).zip(levels) {
                for error in errors {
                    *error /= level;
                }
            }
        }
        let (deviations, counts) = errors.deviations();
        Some(Self {
            scales: adjusted.season.factors(seen.len()).take(horizon).map(|factor| now * factor).collect(),
            reach: errors.reach(&deviations),
            count: seen.len(),
            inflation: task.inflation,
            paths: errors.paths(&deviations),
            deviations,
            counts,
        })
    }

    /// How far from the forecast 80 and 95 % of values lie, at each distance ahead.
    pub(super) fn widths(&self) -> [Vec<f64>; 2] {
        std::array::from_fn(|level| {
            let deviations = self.deviations.iter().enumerate();
            deviations.map(|(ahead, deviation)| self.reach[level] * deviation * self.unit(level, ahead)).collect()
        })
    }

    /// How many replayed forecasts tell of the error at each distance ahead.
    pub(super) fn counts(&self) -> Vec<usize> {
        self.counts.clone()
    }

    /// The errors of forecasts from their first step to their last as they may come again: as much wider as the intervals.
    pub(super) fn errors(&self) -> Vec<Vec<f64>> {
        let units: Vec<f64> = (0..self.deviations.len()).map(|ahead| self.unit(0, ahead)).collect();
        let again = |row: &[f64]| row.iter().zip(&units).map(|(error, unit)| error * unit).collect();
        self.paths.chunks_exact(units.len()).map(again).collect()
    }

    /// What an error of 1 amounts to at a distance ahead.
    fn unit(&self, level: usize, ahead: usize) -> f64 {
        let count = self.count as f64;
        let fitted = (count / (count - 5.0).max(1.0)).sqrt();
        let inflation = self.inflation[level] + INFLATION_BY_SHARE * (ahead + 1) as f64 / count;
        fitted * inflation * self.scales[ahead]
    }
}

/// How much wider than their replayed errors intervals of 80 and 95 % have to be: of all models, and of the fast pair, which
/// has fewer parameters and weights to be fitted.
pub(super) const INFLATION: [f64; 2] = [1.04, 1.10];
pub(super) const INFLATION_FAST: [f64; 2] = [0.98, 1.10];

/// How much wider still, for a distance ahead that is as long as the history.
const INFLATION_BY_SHARE: f64 = 0.9;

/// The level where so many values have been seen: the mean of the last few.
fn level(values: &[f64], seen: usize) -> f64 {
    let last = &values[seen.saturating_sub(3)..seen];
    last.iter().sum::<f64>() / last.len().max(1) as f64
}

fn deviation(errors: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for error in errors {
        sum += error * error;
        count += 1.0;
    }
    if count > 0.0 { (sum / count).sqrt() } else { 0.0 }
}

struct Replayed {
    origins: Origins,
    ahead: Vec<f64>,
}

/// The decided forecast's paths from at most so many origins; `None` where too few values have been seen for any.
fn replayed(task: &Task<'_>, decided: &Decided, seen: &[f64], most: usize) -> Option<Replayed> {
    let adjusted = &decided.adjusted;
    let count = seen.len();
    let longest = adjusted.season.periods().max().unwrap_or(1);
    let least = (adjusted.offset + 3 + longest.min(count / 3)).max(count.saturating_sub(REACH));
    let every = count.checked_sub(least + 1)?.div_ceil(most).max(1);
    // The last origin replayed is the one before the end.
    let from = least + (count - 1 - least) % every;
    let origins = Origins { from, every, horizon: task.horizon };
    let mut ahead: Vec<f64> = Vec::new();
    let mut own = Vec::new();
    for (member, weight) in decided.members.iter().zip(&decided.weights) {
        own.clear();
        if member.family.sees_season() {
            member.model.replay(&seen[..count - 1], origins, &mut own);
        } else {
            let shifted = shifted(origins, adjusted);
            member.model.replay(&adjusted.values[..adjusted.values.len() - 1], shifted, &mut own);
            for (row, path) in own.chunks_exact_mut(task.horizon).enumerate() {
                adjusted.restore(shifted.from + row * every, path);
            }
        }
        // Held by what held the forecast, but not by 0: how far below it a model went tells how unsure it is.
        for (row, path) in own.chunks_exact_mut(task.horizon).enumerate() {
            let (least, most) = task.limits(decided.origin - count + from + row * every);
            let least = if least > 0.0 { least } else { f64::NEG_INFINITY };
            for value in path {
                *value = value.clamp(least, most);
            }
        }
        ahead.resize(own.len(), 0.0);
        for (sum, value) in ahead.iter_mut().zip(&own) {
            *sum += weight * value;
        }
    }
    Some(Replayed { origins, ahead })
}

/// Errors of replayed forecasts, a row for each origin; of the last origins the whole horizon has not come.
struct Errors<'t> {
    origins: Origins,
    /// Row by row.
    values: Vec<f64>,
    /// Which of the values seen were measured: one that was filled in tells of no error.
    known: &'t [bool],
}

impl Errors<'_> {
    /// The errors from each origin as far as values came, and which of them were measured.
    fn rows(&self) -> impl Iterator<Item = (&[f64], &[bool])> {
        let Origins { from, every, horizon } = self.origins;
        self.values.chunks_exact(horizon).enumerate().map(move |(row, errors)| {
            let known = &self.known[from + row * every..];
            let came = horizon.min(known.len());
            (&errors[..came], &known[..came])
        })
    }

    /// The errors of the origins that saw at least half of the horizon, row by row. Where the values end an error goes on as it
    /// was, and grows as errors do.
    fn paths(&self, deviations: &[f64]) -> Vec<f64> {
        let horizon = self.origins.horizon;
        let mut paths = Vec::new();
        for (errors, _) in self.rows().filter(|(errors, _)| 2 * errors.len() >= horizon) {
            paths.extend(errors);
            if let Some((last, reached)) = errors.last().zip(deviations.get(errors.len() - 1)) {
                let growth = |deviation: &f64| if *reached > 0.0 { deviation / reached } else { 1.0 };
                paths.extend(deviations[errors.len()..].iter().map(|deviation| last * growth(deviation)));
            }
        }
        paths
    }

    /// The standard deviation at each distance: that of the errors, drawn towards a power of the distance where there are
    /// few, and never falling. With it the number of errors at each.
    fn deviations(&self) -> (Vec<f64>, Vec<usize>) {
        let horizon = self.origins.horizon;
        let (mut all, mut counts) = (vec![0.0; horizon], vec![0; horizon]);
        for (errors, known) in self.rows() {
            for (((sum, count), error), known) in all.iter_mut().zip(&mut counts).zip(errors).zip(known) {
                if *known {
                    *sum += error * error;
                    *count += 1;
                }
            }
        }
        for (sum, count) in all.iter_mut().zip(&counts) {
            *sum = if *count > 0 { (*sum / f64::from(*count)).sqrt() } else { 0.0 };
        }
        let first = all.first().copied().unwrap_or_default();
        // The power by which the deviation grows, by least squares on logarithms weighted by the counts.
        let (mut products, mut squares) = (0.0, 0.0);
        for ahead in 1..horizon {
            if counts[ahead] >= 4 && all[ahead] > 0.0 && first > 0.0 {
                let (count, distance) = (f64::from(counts[ahead]), libm::log((ahead + 1) as f64));
                products += count * distance * libm::log(all[ahead] / first);
                squares += count * distance * distance;
            }
        }
        // With little to go by the deviation grows as that of a random walk.
        let power = ((products + 10.0 * 0.5) / (squares + 10.0)).clamp(0.0, 1.2);
        let mut least = 0.0_f64;
        for (ahead, (deviation, count)) in all.iter_mut().zip(&counts).enumerate() {
            let smooth = first * libm::pow((ahead + 1) as f64, power);
            let own = f64::from(*count) / (f64::from(*count) + 20.0);
            least = least.max(own * *deviation + (1.0 - own) * smooth);
            *deviation = least;
        }
        (all, counts.into_iter().map(|count: u32| count as usize).collect())
    }

    /// How many deviations out 80 and 95 % of the errors lie: half as the normal distribution has it, half as found.
    fn reach(&self, deviations: &[f64]) -> [f64; 2] {
        let normal = [NORMAL_90, NORMAL_975];
        let mut sizes: Vec<f64> = Vec::with_capacity(self.values.len());
        for (errors, known) in self.rows() {
            let told =
                errors.iter().zip(known).zip(deviations).filter(|((_, known), deviation)| **known && **deviation > 0.0);
            sizes.extend(told.map(|((error, _), deviation)| error.abs() / deviation));
        }
        if sizes.len() < 20 {
            return normal;
        }
        let place = |share: f64| ((sizes.len() as f64 * share) as usize).min(sizes.len() - 1);
        let (narrow, wide) = (place(0.8), place(0.95));
        // The value at each place as if they were sorted.
        let (less, wide, _) = sizes.select_nth_unstable_by(wide, f64::total_cmp);
        let narrow = if narrow < less.len() { *less.select_nth_unstable_by(narrow, f64::total_cmp).1 } else { *wide };
        [0.5 * (normal[0] + narrow), 0.5 * (normal[1] + *wide)]
    }
}
