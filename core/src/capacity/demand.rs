//! What traffic takes: use of a resource by requests a second, on recent busy hours.

use super::measured::Samples;
use crate::regression::{median, ridge, robust_line};
use crate::report::figures::counted;

/// Days back from the last that are looked at.
const RECENT: i64 = 42;

/// Fewest samples of busy hours, and days that they lie on.
const LEAST: (usize, usize) = (20, 7);

/// The last days, which the fit is tried on.
const TRIED: i64 = 7;

/// The most that a fit may miss of the use of the days it is tried on, in percent.
const MOST_MISSED: f64 = 20.0;

const DAY: i64 = 86_400;

/// Use of a resource: `fixed + slope · rps`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Demand {
    /// What is used without traffic, in cores or MiB of the whole pool; below 0 where use rises more than traffic does.
    pub(super) fixed: f64,
    /// What a request a second takes.
    pub(super) slope: f64,
    /// The standard deviation of what the line leaves, as a share of the use.
    pub(super) spread: f64,
    /// Samples that it is fitted to.
    pub(super) samples: usize,
    /// Days they lie on.
    pub(super) days: usize,
    /// What a fit without the last week missed of that week's use, in percent.
    pub(super) missed: f64,
    /// By how much the use of a request rose in four weeks, in percent; `None` where that does not show.
    pub(super) drift: Option<f64>,
}

/// Why there is no such line.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(super) enum NoDemand {
    #[error("the table has no use of it")]
    Absent,
    #[error("{} of busy hours on {} {} beside traffic of the same time", counted(*samples as u64, "sample", "samples"), counted(*days as u64, "day", "days"), if *samples == 1 { "stands" } else { "stand" })]
    Few { samples: usize, days: usize },
    #[error("its use does not follow traffic: a fit misses {0:.1} % of the last week's")]
    Loose(f64),
}

impl NoDemand {
    pub(super) fn hint(&self) -> String {
        match self {
            Self::Absent => "give its use, or leave its size out of the table of capacity".to_owned(),
            Self::Few { .. } => format!(
                "measure both at the same times, such as every five minutes or hour, for at least {} days",
                LEAST.1
            ),
            Self::Loose(_) => {
                "see whether other work runs in the same pool, and measure what the service itself uses".to_owned()
            }
        }
    }
}

/// Day, traffic and use of the busier half of each day, in the last weeks and from `since` on.
fn busy(traffic: &Samples, usage: &Samples, since: i64) -> Vec<(i64, f64, f64)> {
    let Some(last) = traffic.keys().next_back().map(|at| at.div_euclid(DAY)) else { return Vec::new() };
    let both = traffic
        .range((last - RECENT + 1).max(since) * DAY..)
        .filter_map(|(at, rate)| usage.get(at).map(|used| (at.div_euclid(DAY), *rate, *used)));
    let mut days: Vec<Vec<(i64, f64, f64)>> = Vec::new();
    for sample in both {
        match days.last_mut() {
            Some(day) if day[0].0 == sample.0 => day.push(sample),
            _ => days.push(vec![sample]),
        }
    }
    for day in &mut days {
        let middle = median(day.iter().map(|(_, rate, _)| *rate).collect());
        day.retain(|(_, rate, _)| *rate >= middle);
    }
    days.concat()
}

impl Demand {
    /// The use of a resource by traffic, in the last six weeks; after the day `since`, where that leaves enough: before a
    /// release requests may have cost something else.
    pub(super) fn fit(traffic: &Samples, usage: Option<&Samples>, since: Option<i64>) -> Result<Self, NoDemand> {
        let usage = usage.ok_or(NoDemand::Absent)?;
        match since.map(|since| Self::of(&busy(traffic, usage, since))) {
            Some(Ok(demand)) => Ok(demand),
            _ => Self::of(&busy(traffic, usage, i64::MIN / DAY)),
        }
    }

    fn of(busy: &[(i64, f64, f64)]) -> Result<Self, NoDemand> {
        let mut days: Vec<i64> = busy.iter().map(|(day, ..)| *day).collect();
        days.dedup();
        let (samples, days, last) = (busy.len(), days.len(), days.last().copied().unwrap_or_default());
        let few = NoDemand::Few { samples, days };
        if samples < LEAST.0 || days < LEAST.1 {
            return Err(few);
        }
        let before: Vec<(i64, f64, f64)> = busy.iter().copied().filter(|(day, ..)| day + TRIED <= last).collect();
        let missed = if before.len() < LEAST.0 / 2 {
            // So short a history is tried on itself.
            missed(line(busy).ok_or(few.clone())?, busy)
        } else {
            missed(line(&before).ok_or(few.clone())?, &busy[before.len()..])
        };
        if missed.is_nan() || missed > MOST_MISSED {
            return Err(NoDemand::Loose(missed));
        }
        let (fixed, slope) = line(busy).ok_or(few)?;
        let left = |(_, rate, used): &(i64, f64, f64)| {
            let expected = fixed + slope * rate;
            if expected > 0.0 { (used - expected) / expected } else { 0.0 }
        };
        let spread = 1.4826 * median(busy.iter().map(|sample| left(sample).abs()).collect());
        Ok(Self { fixed, slope, spread, samples, days, missed, drift: drift(busy, fixed) })
    }
}

/// Intercept and slope. Where use does not rise with traffic it is the same all the time: the median.
fn line(samples: &[(i64, f64, f64)]) -> Option<(f64, f64)> {
    let points: Vec<(f64, f64)> = samples.iter().map(|(_, rate, used)| (*rate, *used)).collect();
    let level = || median(points.iter().map(|(_, used)| *used).collect());
    let Some(line) = robust_line(&points) else { return (!points.is_empty()).then(|| (level(), 0.0)) };
    if line.slope <= 0.0 {
        return Some((level(), 0.0));
    }
    // What is nothing beside the use is the rounding of the fit.
    let intercept = if line.intercept.abs() < 1e-9 * level().abs() { 0.0 } else { line.intercept };
    Some((intercept, line.slope))
}

/// What a line misses, in percent of all use.
fn missed((fixed, slope): (f64, f64), samples: &[(i64, f64, f64)]) -> f64 {
    let all: f64 = samples.iter().map(|(_, _, used)| used).sum();
    let errors: f64 = samples.iter().map(|(_, rate, used)| (used - fixed - slope * rate).abs()).sum();
    if all > 0.0 {
        100.0 * errors / all
    } else if errors > 0.0 {
        f64::INFINITY
    } else {
        0.0
    }
}

/// The change of a request's use in four weeks, in percent: of the days' medians of use less what is fixed by traffic,
/// the slope over time by their mean. `None` where less than three times its standard error.
fn drift(samples: &[(i64, f64, f64)], fixed: f64) -> Option<f64> {
    let mut days: Vec<(i64, Vec<f64>)> = Vec::new();
    for (day, rate, used) in samples.iter().filter(|(_, rate, _)| *rate > 0.0) {
        let each = (used - fixed) / rate;
        match days.last_mut() {
            Some((known, values)) if *known == *day => values.push(each),
            _ => days.push((*day, vec![each])),
        }
    }
    if days.len() < 14 {
        return None;
    }
    let centre = days.iter().map(|(day, _)| *day as f64).sum::<f64>() / days.len() as f64;
    let columns = [vec![1.0; days.len()], days.iter().map(|(day, _)| *day as f64 - centre).collect()];
    let targets: Vec<f64> = days.into_iter().map(|(_, values)| median(values)).collect();
    let found = ridge(&columns, &targets, &vec![1.0; targets.len()], 0.0)?;
    let left: f64 = targets.iter().zip(&columns[1]).map(|(y, x)| y - found[0] - found[1] * x).map(|e| e * e).sum();
    let squares: f64 = columns[1].iter().map(|x| x * x).sum();
    let error = (left / (targets.len() - 2) as f64 / squares).sqrt();
    let shows = found[0] > 0.0 && found[1].abs() > 3.0 * error && found[1] != 0.0;
    shows.then(|| 100.0 * 28.0 * found[1] / found[0]).filter(|percent| percent.abs() >= 0.05)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// Four weeks of hours: traffic between 100 and 200 by the hour of the day, use by a rule.
    fn hours(used: impl Fn(i64, f64) -> f64) -> (Samples, Samples) {
        let (mut traffic, mut usage) = (Samples::new(), Samples::new());
        for hour in 0..24 * 28 {
            let rate = 150.0 + 50.0 * libm::sin(hour as f64 * 0.261_799) + (hour * 7 % 11) as f64;
            traffic.insert(hour * 3600, rate);
            usage.insert(hour * 3600, used(hour, rate));
        }
        (traffic, usage)
    }

    #[test]
    fn a_line_is_found_and_outages_are_not_believed() {
        let (traffic, usage) = hours(|hour, rate| if hour % 29 == 0 { 40.0 } else { 2.0 + 0.03 * rate });
        let demand = Demand::fit(&traffic, Some(&usage), None).unwrap();
        assert_relative_eq!(demand.slope, 0.03, max_relative = 1e-6);
        assert_relative_eq!(demand.fixed, 2.0, max_relative = 1e-4);
        assert_eq!((demand.days, demand.drift), (28, None));
    }

    #[test]
    fn requests_that_cost_more_and_more_are_told_of() {
        let (traffic, usage) = hours(|hour, rate| 0.03 * rate * (1.0 + 0.10 * hour as f64 / (24.0 * 28.0)));
        let drift = Demand::fit(&traffic, Some(&usage), None).unwrap().drift.unwrap();
        assert!((8.0..11.0).contains(&drift), "{drift}");
    }

    #[test]
    fn what_does_not_follow_traffic_is_refused_or_even() {
        let (traffic, usage) = hours(|hour, _| f64::from((hour * 2_654_435 % 97) as i32));
        assert!(matches!(Demand::fit(&traffic, Some(&usage), None), Err(NoDemand::Loose(_))));
        let (traffic, usage) = hours(|_, _| 900.0);
        let even = Demand::fit(&traffic, Some(&usage), None).unwrap();
        assert_eq!((even.fixed, even.slope), (900.0, 0.0));
        assert_eq!(Demand::fit(&traffic, None, None), Err(NoDemand::Absent));
        let late: Samples = usage.iter().map(|(at, used)| (at + 60, *used)).collect();
        assert_eq!(Demand::fit(&traffic, Some(&late), None), Err(NoDemand::Few { samples: 0, days: 0 }));
    }
}
