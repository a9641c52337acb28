//! Traffic as it is known on a day, and the paths it may take from there.

use super::future::{Scenario, paths};
use super::measured::Samples;
use super::plan::USUAL_DAYS;
use crate::calendar::Date;
use crate::forecast::{Asked, Models, Ratio, SeriesForecast, forecast_series};
use crate::order::Order as _;
use crate::release::{Intervention, Record, Release, Releases};
use crate::series::{Series, Stamp, Step};

const DAY: i64 = 86_400;

/// Daily peaks, from the first whole day on.
pub(super) struct Peaks {
    pub(super) first: Date,
    pub(super) values: Vec<Option<f64>>,
    /// The last day was left out, because little of it was measured.
    pub(super) cut: bool,
}

/// What is known of a service's traffic on a day, before which all that counts was measured.
pub(super) struct Known<'a> {
    pub(super) samples: Samples,
    pub(super) peaks: Peaks,
    /// Releases that bear on it, by name.
    pub(super) releases: Vec<&'a Release>,
    /// The same as they are expected.
    pub(super) planned: Vec<Intervention>,
    /// The peaks as they would have been with what came of past releases all along: a jump whose cause is known is no
    /// trend.
    level: Vec<Option<f64>>,
    /// What was done for that.
    pub(super) levelled: Vec<String>,
}

/// What is forecast of organic traffic.
pub(super) struct Ahead {
    pub(super) shown: SeriesForecast,
    pub(super) organic: Vec<Vec<f64>>,
    /// How many forecasts of the past were replayed half as far, where they are too few to draw paths from.
    pub(super) few: Option<usize>,
}

impl<'a> Known<'a> {
    /// What is known on a day; `None` where nothing was measured before it.
    pub(super) fn on(
        day: Date,
        service: &str,
        samples: &Samples,
        releases: &'a Releases,
        record: &Record,
    ) -> Option<Self> {
        let before = i64::from(day.days_since_epoch()) * DAY;
        let samples: Samples = samples.range(..before).map(|(at, rate)| (*at, *rate)).collect();
        let peaks = Peaks::of(&samples)?;
        let releases = releases.of_service(service);
        let last = peaks.last();
        let planned = releases.iter().map(|release| Intervention::of(release, record, last)).collect();
        let (level, levelled) = peaks.levelled(&releases);
        Some(Self { samples, peaks, releases, planned, level, levelled })
    }

    /// The highest of the last seven days.
    pub(super) fn recent(&self) -> f64 {
        self.peaks.values.iter().rev().take(7).flatten().fold(0.0, |most: f64, peak| most.max(*peak))
    }

    /// The forecast of organic traffic for so many days, no more than there are behind, and its paths. They are the first days
    /// of what is forecast for half a year, so that dates do not move with how far ahead is asked.
    pub(super) fn ahead(&self, name: &str, days: usize) -> Result<Ahead, Box<SeriesForecast>> {
        let first = Stamp::Day(self.peaks.first);
        let series = Series { name: name.to_owned(), first, step: Step::Seconds(DAY), values: self.level.clone() };
        let days = days.min(self.level.len());
        let horizon = days.max(USUAL_DAYS.min(self.level.len()));
        let asked = Asked { horizon: Some(horizon), period: None, models: Models::Full };
        let (mut shown, outlook) = forecast_series(&series, &asked)?;
        let (mut organic, few) = paths(&outlook);
        shown.forecast.truncate(days);
        for path in &mut organic {
            path.truncate(days);
        }
        Ok(Ahead { shown, organic, few })
    }

    /// Those paths with the releases on them, and nothing that bounds them.
    pub(super) fn scenario<'s>(&'s self, organic: &'s [Vec<f64>]) -> Scenario<'s> {
        Scenario {
            last: self.peaks.last(),
            organic,
            planned: &self.planned,
            without: None,
            bounds: &[],
            most: 0,
            traffic: 1.0,
            cost: 1.0,
        }
    }
}

impl Peaks {
    /// The highest traffic of each day.
    pub(super) fn of(samples: &Samples) -> Option<Self> {
        let mut days: Vec<(i64, f64, usize)> = Vec::new();
        for (at, rate) in samples {
            let day = at.div_euclid(DAY);
            match days.last_mut() {
                Some((known, peak, count)) if *known == day => {
                    *peak = peak.max(*rate);
                    *count += 1;
                }
                _ => days.push((day, *rate, 1)),
            }
        }
        let mut counts: Vec<usize> = days.iter().map(|(_, _, count)| *count).collect();
        counts.order();
        let usual = counts.get(counts.len() / 2).copied()?;
        let cut = days.len() > 1 && days.last().is_some_and(|(_, _, count)| 2 * count < usual);
        if cut {
            days.pop();
        }
        let (first, last) = (days.first()?.0, days.last()?.0);
        let mut values = vec![None; (last - first + 1) as usize];
        for (day, peak, _) in days {
            values[(day - first) as usize] = Some(peak);
        }
        let first = Date::new(1970, 1, 1)?.plus_days(i32::try_from(first).ok()?)?;
        Some(Self { first, values, cut })
    }

    /// The last day.
    pub(super) fn last(&self) -> Date {
        self.first.plus_days(self.values.len() as i32 - 1).unwrap_or(self.first)
    }

    /// The peaks with what came of past releases all along, and what was done for that.
    fn levelled(&self, releases: &[&Release]) -> (Vec<Option<f64>>, Vec<String>) {
        let (mut values, mut done) = (self.values.clone(), Vec::new());
        let count = values.len() as i32;
        for release in releases.iter().filter(|release| release.traffic != 0.0) {
            let day = release.date.days_since_epoch() - self.first.days_since_epoch();
            let Some(actual) = release.actual.filter(|_| (1..count).contains(&day)) else { continue };
            let share = |at: i32| 1.0 + actual * release.effect.share(at - day);
            for (at, value) in values.iter_mut().enumerate() {
                if let Some(value) = value {
                    *value *= share(count - 1) / share(at as i32);
                }
            }
            let (date, name, percent) = (release.date, &release.name, Ratio(100.0 * actual));
            done.push(format!("traffic before {date} is taken with the {percent} % that came of {name}"));
        }
        (values, done)
    }
}
