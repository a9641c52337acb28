//! What releases and events do to a forecast, as documents show it.

use serde::Serialize;

use super::document::ForecastPoint;
use super::figure::Ratio;
use super::outlook::NORMAL_90;
use crate::calendar::Date;
use crate::release::{Course, Intervention, Kind, Measure, Record, Release, Shape};

/// What came of earlier releases beside what was declared.
#[derive(Clone, Debug, Serialize)]
pub struct RecordShown {
    /// Releases of which it is known what came of them.
    pub releases: usize,
    /// Actual over declared uplift, in the mean and in percent; null where none is known.
    pub kept: Option<Ratio>,
    /// What new promises are taken at, in percent.
    pub correction: Ratio,
}

impl RecordShown {
    /// A record as documents show it.
    pub fn of(record: &Record) -> Self {
        Self {
            releases: record.releases,
            kept: (record.releases > 0).then_some(Ratio(100.0 * record.ratio)),
            correction: Ratio(100.0 * record.correction),
        }
    }
}

/// A release that bears on a service.
#[derive(Clone, Debug, Serialize)]
pub struct ReleaseShown {
    /// Its name.
    pub name: String,
    /// The day it is out.
    pub date: Date,
    /// How many days later it may be.
    pub slip_days: u32,
    /// What was declared to come of traffic, in percent.
    pub declared_traffic: Ratio,
    /// What is expected.
    pub expected_traffic: Ratio,
    /// What was declared to come of the use of each request, in percent.
    pub declared_cost: Ratio,
    /// What is expected.
    pub expected_cost: Ratio,
    /// The standard deviation of what is expected, as a percentage of it.
    pub spread: Ratio,
    /// How it comes about.
    pub shape: Shape,
    /// Whether it is out already, whether it is to come, or is only supposed.
    pub state: &'static str,
}

impl ReleaseShown {
    /// A release, and what is expected of it.
    pub fn of(release: &Release, planned: &Intervention) -> Self {
        let percent = |share: f64| Ratio(100.0 * share);
        Self {
            name: release.name.clone(),
            date: release.date,
            slip_days: release.slip_days,
            declared_traffic: percent(release.traffic),
            expected_traffic: percent(planned.promise.traffic),
            declared_cost: percent(release.cost),
            expected_cost: percent(planned.promise.cost),
            spread: percent(planned.promise.spread),
            shape: release.effect.shape,
            state: match (release.supposed, planned.out) {
                (true, _) => "supposed",
                (_, true) => "out",
                _ => "to_come",
            },
        }
    }
}

/// What releases and events do to a forecast.
#[derive(Clone, Debug, Serialize)]
pub struct ReleaseEffects {
    /// What the series measures: `cost`, which all uplifts change, or `traffic`, which that of each request does not.
    pub measures: Measure,
    /// The steps ahead without what is to come of them.
    pub without: Vec<ForecastPoint>,
    /// By how much the series changes, and whose change and uncertainty that is; null where it is not above 0.
    pub change: Option<ChangeAhead>,
    /// Those that touch the series, by name.
    pub known: Vec<KnownRelease>,
}

/// A change from the last values to the last steps.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeAhead {
    /// How many values and steps are compared: a season that is usual for the step. Where the horizon is shorter it is compared
    /// with the same part of the last season.
    pub steps: usize,
    /// The date of the last step.
    pub to: String,
    /// In percent.
    pub percent: Ratio,
    /// `organic`, then releases by name. Changes multiply; shares are of their logarithms and add up to 100, and so do those
    /// of the variance at the last step.
    pub parts: Vec<ChangePart>,
}

/// A part of a change.
#[derive(Clone, Debug, Serialize)]
pub struct ChangePart {
    /// `organic`, or the release.
    pub name: String,
    /// In percent.
    pub percent: Ratio,
    /// Its share of the change in percent, below 0 where it goes against it; null where nothing changes.
    pub share: Option<Ratio>,
    /// Its share of the variance in percent; null where nothing is uncertain.
    pub uncertainty: Option<Ratio>,
}

/// A release or an event that touches a series.
#[derive(Clone, Debug, Serialize)]
pub struct KnownRelease {
    /// Which of the two.
    pub kind: Kind,
    /// What is known of it.
    #[serde(flatten)]
    pub release: ReleaseShown,
    /// How much of the series it touches, in percent.
    pub touches: Ratio,
    /// Whether what came of it is known, and taken out of the history.
    pub levelled: bool,
    /// Whether what came of it is known, be it from before the history.
    #[serde(skip)]
    pub known: bool,
}

impl KnownRelease {
    /// Those of a course.
    pub(super) fn all(course: &Course<'_>) -> Vec<Self> {
        let shown = |(place, (release, planned)): (usize, (&Release, &Intervention))| Self {
            kind: release.kind,
            release: ReleaseShown::of(release, planned),
            touches: Ratio(100.0 * course.touched(place)),
            levelled: course.levels(planned),
            known: planned.known,
        };
        course.interventions().enumerate().map(shown).collect()
    }
}

/// What a change is made of: the last values, and the steps as they would be without releases.
#[derive(Debug)]
pub(super) struct Ahead<'a> {
    /// The values that as many of the last steps are compared with.
    pub(super) before: &'a [f64],
    /// Mean and the reach of the interval of 80 % above it, of each step.
    pub(super) organic: &'a [(f64, f64)],
    pub(super) to: String,
}

/// The values that the last steps of a horizon are compared with: the last season, or of it what a shorter horizon is long.
pub(super) fn compared(values: &[f64], season: usize, horizon: usize) -> &[f64] {
    let season = season.clamp(1, values.len());
    &values[values.len() - season..][..season.min(horizon)]
}

impl ChangeAhead {
    /// Whose change it is. A release's part is the mean of what it adds to those before it and to those after it by name, so
    /// that the parts multiply to the whole.
    pub(super) fn of(ahead: &Ahead<'_>, course: &Course<'_>) -> Option<Self> {
        let steps = ahead.before.len();
        let compared = ahead.organic.len() - steps..ahead.organic.len();
        let before: f64 = ahead.before.iter().sum();
        let level = |comes: &dyn Fn(usize) -> bool| -> Option<f64> {
            let sum: f64 = compared.clone().map(|step| ahead.organic[step].0 * course.expected(step, comes)).sum();
            (sum > 0.0 && before > 0.0).then(|| libm::log(sum / before))
        };
        let releases = course.interventions().count();
        let organic = level(&|_| false)?;
        let mut parts = vec![organic];
        for place in 0..releases {
            let upward = level(&|other| other <= place)? - level(&|other| other < place)?;
            let downward = level(&|other| other >= place)? - level(&|other| other > place)?;
            parts.push(0.5 * (upward + downward));
        }
        let all = level(&|_| true)?;
        let last = *ahead.organic.last()?;
        let step = ahead.organic.len() - 1;
        let own = last.1 / NORMAL_90 * course.ahead(step).mean;
        let mut variances = vec![own * own];
        variances.extend(course.variances(step).into_iter().map(|variance| variance * last.0 * last.0));
        let uncertain: f64 = variances.iter().sum();
        let names = ["organic"].into_iter().map(str::to_owned);
        let names = names.chain(course.interventions().map(|(release, _)| release.name.clone()));
        let percent = |logarithm: f64| Ratio(100.0 * (libm::exp(logarithm) - 1.0));
        // Less than a thousandth is no change that could be anybody's.
        let changes = all.abs() > 0.001;
        // What is out, and all there, is no part of any change.
        let bears = |place: usize| {
            let out = place > 0 && course.interventions().nth(place - 1).is_some_and(|(_, planned)| planned.out);
            !out || parts[place].abs() > 1e-9 || variances[place] > 0.0
        };
        let shown = names.zip(parts.iter().zip(&variances)).enumerate().filter(|(place, _)| bears(*place));
        let parts = shown.map(|(_, (name, (part, variance)))| ChangePart {
            name,
            percent: percent(*part),
            share: changes.then(|| Ratio(100.0 * part / all)),
            uncertainty: (uncertain > 0.0).then(|| Ratio(100.0 * variance / uncertain)),
        });
        Some(Self { steps, to: ahead.to.clone(), percent: percent(all), parts: parts.collect() })
    }
}
