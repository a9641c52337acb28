//! How such paths did on earlier days, with what was known then, beside what else people go by.

use serde::Serialize;

use super::future::quantiles;
use super::measured::Samples;
use super::traffic::{Ahead, Known, Peaks};
use crate::forecast::Ratio;
use crate::release::{Record, Releases};

/// Days ahead that are scored together.
const SPANS: [(usize, usize); 3] = [(1, 30), (31, 60), (61, 90)];

/// Days between one asking and the next.
const APART: usize = 30;

/// The most askings.
const MOST_ASKINGS: usize = 12;

/// The fewest days of traffic behind one.
const LEAST_DAYS: usize = 56;

/// Losses no farther apart are the same, in percent of the traffic.
const SAME: f64 = 0.5;

/// Days that the baselines are drawn from.
const WINDOW: usize = 28;

/// How the daily peaks of some days ahead were met by forecasts from earlier days.
///
/// Each asking knows only what was measured before it, and of releases what was known then: their dates and what was
/// declared, and what came of them only from four weeks after they were out.
#[derive(Clone, Debug, Serialize)]
pub struct CapacityBacktest {
    /// The first day ahead that is scored, from 1.
    pub from_day: usize,
    /// The last.
    pub to_day: usize,
    /// On how many earlier days it was asked, 30 days apart.
    pub askings: usize,
    /// How many daily peaks are compared.
    pub days: usize,
    /// The percentage of them that were at most P90: 90 would be exact.
    pub covered: Ratio,
    /// Of the simulated paths.
    pub paths: Pinball,
    /// Of the same day of the last week, with the trend of the last four weeks.
    pub last_week: Pinball,
    /// Of a straight line by least squares through the last 28 days, as `predict_linear` of Prometheus draws it.
    pub line: Pinball,
}

/// The pinball loss (Koenker and Bassett 1978) in percent of the traffic: less is better. That of P50 is half of what is
/// missed.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Pinball {
    /// Of the peak that half should stay below.
    pub p50: Ratio,
    /// Of the peak that 90 % should stay below.
    pub p90: Ratio,
}

impl CapacityBacktest {
    /// Whether something simpler met P90, by which orders are dated, better by more than half a percent of the traffic.
    pub fn is_beaten(&self) -> bool {
        self.paths.p90.0 > self.last_week.p90.0.min(self.line.p90.0) + SAME
    }

    /// What is then to be said.
    pub(super) fn beaten(&self) -> Option<String> {
        let simpler =
            if self.last_week.p90.0 < self.line.p90.0 { "last week with its trend" } else { "a straight line" };
        let (from, to) = (self.from_day, self.to_day);
        let told = || format!("{from} to {to} days ahead, {simpler} has met its peaks better than these forecasts");
        self.is_beaten().then(told)
    }
}

/// What is added up of a span.
#[derive(Clone, Copy, Default)]
struct Tally {
    askings: usize,
    days: usize,
    covered: usize,
    traffic: f64,
    /// Losses at P50 and P90, of paths, last week and line.
    losses: [[f64; 2]; 3],
}

/// The back-test of a service's peaks; empty where they do not go back far enough.
pub(super) fn backtest(service: &str, samples: &Samples, peaks: &Peaks, releases: &Releases) -> Vec<CapacityBacktest> {
    let mut tallies = [Tally::default(); SPANS.len()];
    let count = peaks.values.len();
    let askings = (1..=MOST_ASKINGS).map_while(|back| count.checked_sub(back * APART));
    for behind in askings.take_while(|behind| *behind >= LEAST_DAYS) {
        let Some(day) = peaks.first.plus_days(behind as i32) else { break };
        let releases = releases.known_on(day);
        let Some(known) = Known::on(day, service, samples, &releases, &Record::of(&releases)) else { continue };
        let longest = SPANS[SPANS.len() - 1].1.min(count - behind);
        let Ok(Ahead { organic, .. }) = known.ahead(service, longest) else { continue };
        let values = &known.peaks.values;
        let (own, last_week, line) =
            (known.scenario(&organic).days(), last_week(values, longest), line(values, longest));
        // The last day before may have been left out.
        let start = values.len();
        let compared = |ahead: usize| {
            let forecasts = [*own.get(ahead)?, (*last_week.get(ahead)?)?, *line.get(ahead)?];
            Some(((*peaks.values.get(start + ahead)?)?, forecasts))
        };
        for ((first, last), tally) in SPANS.iter().zip(&mut tallies) {
            let before = tally.days;
            for (peak, forecasts) in (*first - 1..*last).filter_map(compared) {
                tally.add(peak, forecasts);
            }
            tally.askings += usize::from(tally.days > before);
        }
    }
    let told = SPANS.iter().zip(&tallies).filter(|(_, tally)| tally.days > 0 && tally.traffic > 0.0);
    told.map(|(span, tally)| tally.told(*span)).collect()
}

impl Tally {
    fn add(&mut self, peak: f64, forecasts: [[f64; 2]; 3]) {
        self.days += 1;
        self.covered += usize::from(peak <= forecasts[0][1]);
        self.traffic += peak;
        for (losses, forecast) in self.losses.iter_mut().zip(forecasts) {
            for ((loss, forecast), share) in losses.iter_mut().zip(forecast).zip([0.5, 0.9]) {
                let short = peak - forecast;
                *loss += if short > 0.0 { share * short } else { (share - 1.0) * short };
            }
        }
    }

    fn told(&self, (from_day, to_day): (usize, usize)) -> CapacityBacktest {
        let [paths, last_week, line] = self.losses.map(|losses| {
            let [p50, p90] = losses.map(|loss| Ratio(100.0 * loss / self.traffic));
            Pinball { p50, p90 }
        });
        let covered = Ratio(100.0 * self.covered as f64 / self.days as f64);
        CapacityBacktest { from_day, to_day, askings: self.askings, days: self.days, covered, paths, last_week, line }
    }
}

/// Of each day ahead the same day of the last week it was measured in, with the trend of two spans of four weeks; and what
/// 90 % of such forecasts a week ahead stayed below, within that time; `None` of days of the week that were never measured.
fn last_week(values: &[Option<f64>], days: usize) -> Vec<Option<[f64; 2]>> {
    let count = values.len();
    let mean = |values: &[Option<f64>]| {
        let known: Vec<f64> = values.iter().copied().flatten().collect();
        (2 * known.len() >= WINDOW).then(|| known.iter().sum::<f64>() / known.len() as f64)
    };
    let recent = mean(&values[count.saturating_sub(WINDOW)..]);
    let before = mean(&values[count.saturating_sub(2 * WINDOW)..count.saturating_sub(WINDOW)]);
    let month = recent.zip(before).filter(|(recent, before)| *recent > 0.0 && *before > 0.0);
    // By the logarithm, so that weeks multiply.
    let week = month.map_or(0.0, |(recent, before)| libm::log(recent / before) / (WINDOW / 7) as f64);
    let of = |at: usize, until: usize| {
        let known = (1..).map_while(|weeks: usize| at.checked_sub(7 * weeks).map(|seen| (weeks, seen)));
        let mut known =
            known.filter(|(_, seen)| *seen < until).filter_map(|(weeks, seen)| Some((weeks, values[seen]?)));
        known.next().map(|(weeks, value)| value * libm::exp(week * weeks as f64))
    };
    let tried = (count.saturating_sub(2 * WINDOW)..count).filter_map(|at| {
        let forecast = of(at, at).filter(|forecast| *forecast > 0.0)?;
        Some(values[at]? / forecast)
    });
    let reach = quantiles(tried.collect())[1];
    let reach = if reach > 0.0 { reach } else { 1.0 };
    (0..days).map(|ahead| of(count + ahead, count).map(|value| [value, value * reach])).collect()
}

/// A straight line through the last days, and what 90 % of them lie below, from the line.
fn line(values: &[Option<f64>], days: usize) -> Vec<[f64; 2]> {
    let count = values.len();
    let from = count.saturating_sub(WINDOW);
    let points: Vec<(f64, f64)> =
        (from..count).filter_map(|at| Some((at as f64 - count as f64, values[at]?))).collect();
    if points.len() < 2 {
        return Vec::new();
    }
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (day, peak) = (mean(&|point| point.0), mean(&|point| point.1));
    let across = mean(&|point| (point.0 - day) * (point.0 - day));
    let slope = mean(&|point| (point.0 - day) * (point.1 - peak)) / across;
    let at = |x: f64| peak + slope * (x - day);
    let reach = quantiles(points.iter().map(|point| point.1 - at(point.0)).collect())[1];
    (0..days).map(|ahead| at(ahead as f64)).map(|value| [value.max(0.0), (value + reach).max(0.0)]).collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::capacity::Traffic;

    /// The back-test of days of one measured peak each.
    fn tested(peaks: impl IntoIterator<Item = f64>, releases: &str) -> Vec<CapacityBacktest> {
        let first = crate::calendar::Date::new(2025, 1, 1).unwrap();
        let mut table = "timestamp,service,rps\n".to_owned();
        for (day, peak) in peaks.into_iter().enumerate() {
            let _ = writeln!(table, "{},shop,{peak}", first.plus_days(day as i32).unwrap());
        }
        let samples = Traffic::parse(&table).unwrap().0["shop"].clone();
        let releases = Releases::parse(releases).unwrap();
        backtest("shop", &samples, &Peaks::of(&samples).unwrap(), &releases)
    }

    const NONE: &str = "name,date\n";

    fn week(day: usize) -> f64 {
        [100.0, 110.0, 120.0, 115.0, 130.0, 60.0, 50.0][day % 7]
    }

    #[test]
    fn what_simpler_forecasts_meet_costs_them_nothing() {
        let straight = tested((0..180).map(|day| 100.0 + 2.0 * day as f64), NONE);
        assert_eq!(
            straight.iter().map(|span| (span.from_day, span.days)).collect::<Vec<_>>(),
            [(1, 120), (31, 90), (61, 30)]
        );
        assert_eq!(straight.iter().map(|span| span.askings).collect::<Vec<_>>(), [4, 3, 1]);
        assert!(straight.iter().all(|span| span.line.p50.0 < 1e-9 && span.line.p90.0 < 1e-9), "{straight:?}");
        assert!(straight.iter().all(|span| span.last_week.p50.0 > 1.0), "{straight:?}");
        let weekly = tested((0..180).map(week), NONE);
        assert!(weekly.iter().all(|span| span.last_week.p50.0 < 1e-9 && span.last_week.p90.0 < 1e-9), "{weekly:?}");
        assert!(weekly.iter().all(|span| span.line.p50.0 > 1.0 && span.paths.p50.0 < 0.1), "{weekly:?}");
        let close = |p90| CapacityBacktest { paths: Pinball { p50: Ratio(0.0), p90: Ratio(p90) }, ..weekly[0].clone() };
        assert!(!close(0.4).is_beaten() && close(0.6).is_beaten());
    }

    #[test]
    fn days_that_are_never_measured_are_left_out() {
        let values: Vec<Option<f64>> = (0..120).map(|day| (day % 7 < 5).then(|| week(day))).collect();
        let forecast = last_week(&values, 14);
        // Day 120 is the second of its week.
        let days: Vec<Option<f64>> = (120..134).map(|day| (day % 7 < 5).then(|| week(day))).collect();
        assert_eq!(forecast.iter().map(|day| day.map(|[half, _]| half)).collect::<Vec<_>>(), days);
    }

    #[test]
    fn losses_are_those_of_the_pinball() {
        let mut tally = Tally::default();
        // 10 short of both, and 20 over both.
        tally.add(100.0, [[90.0, 90.0]; 3]);
        tally.add(100.0, [[120.0, 120.0]; 3]);
        let told = tally.told((1, 30));
        assert!((told.paths.p50.0 - 100.0 * (5.0 + 10.0) / 200.0).abs() < 1e-9);
        assert!((told.paths.p90.0 - 100.0 * (9.0 + 2.0) / 200.0).abs() < 1e-9);
        assert!((told.covered.0 - 50.0).abs() < 1e-9);
    }

    #[test]
    fn short_histories_have_none() {
        assert!(tested((0..85).map(week), NONE).is_empty());
        assert_eq!(tested((0..86).map(week), NONE).len(), 1);
    }

    #[test]
    fn what_came_of_a_release_is_not_known_before() {
        let releases = "name,date,service,traffic_uplift_pct,actual_uplift_pct\nr,2025-05-01,shop,20,";
        let peaks = |day: usize| week(day) * if day < 120 { 1.0 } else { 1.5 };
        let of = |actual: &str| tested((0..150).map(peaks), &format!("{releases}{actual}\n"));
        // Asked on the day it was out and before, it is worth what was declared, whatever came.
        assert_eq!(format!("{:?}", of("50")), format!("{:?}", of("5")));
        let told = of("50");
        assert!(told[0].paths.p50.0 < tested((0..150).map(peaks), NONE)[0].paths.p50.0, "{told:?}");
    }
}
