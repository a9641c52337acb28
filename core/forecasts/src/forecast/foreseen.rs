//! Forecasts with what is known of the future: releases are divided out of the history and multiplied into the steps.

use super::adaptive::EarlierShown;
use super::document::{Asked, BacktestShown, MemberShare, SeasonShown, SeriesForecast, history, notes, points};
use super::earlier::Earlier;
use super::effects::{Ahead, ChangeAhead, KnownRelease, ReleaseEffects, compared};
use super::figure::Ratio;
use super::outlook::Outlook;
use super::question::{Question, Refusal};
use crate::release::{Bearing, Course};
use crate::series::{Irregular, Series};

/// Forecasts one series, with the releases that touch it, and intervals that learned from earlier forecasts of it.
pub fn forecast_one(
    name: &str,
    series: Result<&Series, &Irregular>,
    asked: &Asked,
    bearing: Option<&Bearing<'_>>,
    earlier: Option<&Earlier>,
) -> SeriesForecast {
    match series {
        Ok(series) => {
            forecast_along(series, asked, bearing, earlier).map_or_else(|refused| *refused, |(shown, _)| shown)
        }
        Err(irregular) => SeriesForecast { refused: Some(irregular.clone().into()), ..SeriesForecast::of(name) },
    }
}

/// Forecasts a series: the document's part, and the outlook it shows.
///
/// # Errors
/// When there is none; the document's part says why.
pub fn forecast_series(series: &Series, asked: &Asked) -> Result<(SeriesForecast, Outlook), Box<SeriesForecast>> {
    forecast_along(series, asked, None, None).map(|(shown, ahead)| (shown, ahead.with))
}

/// What is ahead of a series, with releases and without.
#[derive(Debug)]
pub struct Foreseen<'a> {
    /// The outlook with them.
    pub with: Outlook,
    /// The outlook without, and their course; `None` where none touch it.
    pub without: Option<(Outlook, Course<'a>)>,
    /// Their factors on simulated paths, each with its own luck.
    luck: Vec<Vec<f64>>,
}

/// Paths on which the luck of releases is simulated.
const PATHS: usize = 1000;

impl<'a> Foreseen<'a> {
    /// An outlook on values that releases were taken out of, and their course.
    pub fn of(outlook: Outlook, course: Option<Course<'a>>) -> Self {
        let Some(course) = course else { return Self { with: outlook, without: None, luck: Vec::new() } };
        let luck: Vec<Vec<f64>> = (0..PATHS).map(|path| course.path(path)).collect();
        Self { with: outlook.with(&course.all_ahead(&luck)), without: Some((outlook, course)), luck }
    }

    /// With intervals taken so many times as wide; paths stay as they are.
    fn widen(&mut self, times: [f64; 2]) {
        self.with = self.with.widened(times);
        if let Some((outlook, _)) = &mut self.without {
            *outlook = outlook.widened(times);
        }
    }

    /// Paths with releases on them.
    pub fn paths(&self, seed: u64, count: usize) -> Vec<Vec<f64>> {
        let Some((outlook, _)) = &self.without else { return self.with.paths(seed, count) };
        let mut paths = outlook.paths(seed, count);
        for (path, factors) in paths.iter_mut().zip(self.luck.iter().cycle()) {
            for (value, factor) in path.iter_mut().zip(factors) {
                *value *= factor;
            }
        }
        paths
    }
}

/// Forecasts a series with the releases that touch it. What came of past ones is divided out of the history before;
/// earlier forecasts, the earliest first, say how wide intervals are taken.
pub fn forecast_along<'a>(
    series: &Series,
    asked: &Asked,
    bearing: Option<&'a Bearing<'a>>,
    earlier: Option<&Earlier>,
) -> Result<(SeriesForecast, Foreseen<'a>), Box<SeriesForecast>> {
    let periods = asked.period.map_or_else(|| series.step.periods(), with_longer);
    let count = series.values.len();
    let horizon = asked.horizon.unwrap_or_else(|| series.step.usual_horizon().min(count / 2).max(1));
    let (course, undated) = course(series, horizon, bearing);
    let levels: Option<Vec<f64>> =
        course.as_ref().map(|course| (0..count).map(|position| course.level(position)).collect());
    let filled = match &levels {
        None => series.filled(periods.first().copied()),
        Some(levels) => levelled(series, levels).filled(periods.first().copied()),
    };
    let mut shown = SeriesForecast {
        step: Some(series.step.to_string()),
        history: history(series, &filled, levels.as_deref()),
        missing: filled.missing,
        last: series.last_day(),
        earlier: earlier.and_then(|earlier| EarlierShown::of(series, earlier.of(&series.name))),
        ..SeriesForecast::of(&series.name)
    };
    let refuse = |mut shown: SeriesForecast, refusal: Refusal| {
        shown.refused = Some(refusal.into());
        Box::new(shown)
    };
    if let Some(refusal) = Refusal::of_gaps(filled.missing, filled.values.len()) {
        return Err(refuse(shown, refusal));
    }
    let usual = periods.first().copied();
    let question = Question { horizon, periods, models: asked.models };
    let known: Vec<bool> = series.values.iter().map(Option::is_some).collect();
    let outlook = match Outlook::along(&filled.values, &known, &question, course.as_ref()) {
        Ok(outlook) => outlook,
        Err(refusal) => return Err(refuse(shown, refusal)),
    };
    let mut ahead = Foreseen::of(outlook, course);
    if let Some(earlier) = shown.earlier.as_ref().filter(|earlier| earlier.scored > 0) {
        ahead.widen([earlier.width80.0, earlier.width95.0]);
    }
    shown.forecast = points(series, &ahead.with);
    let outlook = &ahead.with;
    shown.method = Some(if outlook.naive { "naive" } else { "combination" });
    shown.season = outlook.season.clone().map(|(form, periods)| SeasonShown { form, periods });
    let share = |(model, share): &(&'static str, f64)| MemberShare { model, share: Ratio(100.0 * share) };
    shown.members = outlook.members.iter().map(share).collect();
    shown.backtest = outlook.backtest.as_ref().map(BacktestShown::from);
    shown.confidence = Some(outlook.confidence);
    shown.notes = notes(&filled, outlook, &question.periods);
    if undated {
        shown.notes.push("its dates are plain numbers, so no release can be placed among them".to_owned());
    }
    if let (Some((without, course)), Some(bearing)) = (&ahead.without, bearing) {
        let organic: Vec<(f64, f64)> = without.steps.iter().map(|step| (step.mean, step.hi80 - step.mean)).collect();
        let values: Vec<f64> = shown.history.iter().map(|point| point.value.0).collect();
        let before = compared(&values, usual.unwrap_or(1), horizon);
        let to = shown.forecast.last().map(|point| point.date.clone()).unwrap_or_default();
        let passing = course
            .passing(before.len())
            .map(|release| format!("{} is over by {to}: it is no part of the change to then", release.name));
        shown.notes.extend(passing);
        shown.releases = Some(ReleaseEffects {
            measures: bearing.measure(),
            without: points(series, without),
            change: ChangeAhead::of(&Ahead { before, organic: &organic, to }, course),
            known: KnownRelease::all(course),
        });
        shown.notes.extend(release_notes(course));
    }
    Ok((shown, ahead))
}

/// A series as it would have been with what came of past releases all along.
fn levelled(series: &Series, levels: &[f64]) -> Series {
    let values = series.values.iter().zip(levels).map(|(value, level)| value.map(|value| value / level)).collect();
    Series { values, ..series.clone() }
}

/// What is to be said of past releases.
fn release_notes(course: &Course<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for (release, planned) in course.interventions().filter(|(_, planned)| planned.out) {
        let (name, date) = (&release.name, release.date);
        notes.push(match release.actual {
            Some(actual) if course.levels(planned) => {
                let percent = Ratio(100.0 * actual);
                format!("values before {date} are taken with the {percent} % that came of {name}")
            }
            // It was there all along.
            Some(_) => continue,
            None => format!("what came of {name} is not known: what it did since {date} is left in the history"),
        });
    }
    notes
}

/// What will be of a series, with the releases that touch it.
///
/// # Errors
/// When there is no forecast.
pub fn foresee<'a>(
    series: &Series,
    question: &Question,
    bearing: Option<&'a Bearing<'a>>,
) -> Result<Foreseen<'a>, Refusal> {
    let (course, _) = course(series, question.horizon, bearing);
    let level = |position| course.as_ref().map_or(1.0, |course| course.level(position));
    let levels: Vec<f64> = (0..series.values.len()).map(level).collect();
    let filled = levelled(series, &levels).filled(question.periods.first().copied());
    let known: Vec<bool> = series.values.iter().map(Option::is_some).collect();
    Ok(Foreseen::of(Outlook::along(&filled.values, &known, question, course.as_ref())?, course))
}

/// The course that releases give a series, and whether it has no dates to place them by.
fn course<'a>(series: &Series, horizon: usize, bearing: Option<&'a Bearing<'a>>) -> (Option<Course<'a>>, bool) {
    let Some(bearing) = bearing.filter(|bearing| !bearing.is_idle()) else { return (None, false) };
    let count = series.values.len();
    match series.days(count + horizon) {
        Some(spans) => (Course::of(bearing, spans, count), false),
        None => (None, true),
    }
}

/// A period, and the longer one that days and weeks usually have beside it.
fn with_longer(period: usize) -> Vec<usize> {
    match period {
        0 | 1 => Vec::new(),
        7 => vec![7, 365],
        24 => vec![24, 168],
        other => vec![other],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{ChangePart, Models};
    use crate::release::{Measure, Releases, what_if};
    use crate::series::{Stamp, Step};

    fn series() -> Series {
        let values = (0..120)
            .map(|day| Some(100.0 + f64::from(day) / 4.0 + 15.0 * f64::from(day % 7 / 5) + f64::from(day * day % 11)));
        Series {
            name: "shop.cost".to_owned(),
            first: Stamp::parse("2026-02-10").unwrap(),
            step: Step::Seconds(86_400),
            values: values.collect(),
        }
    }

    fn forecast(rows: &str) -> SeriesForecast {
        let header =
            "name,date,service,traffic_uplift_pct,cost_uplift_pct,confidence,date_slip_days,actual_uplift_pct\n";
        let declared = Releases::parse(&format!("{header}{rows}")).unwrap();
        let bearing = Bearing::of_series(&declared, Measure::Cost, "shop.cost");
        let asked = Asked { horizon: Some(28), period: None, models: Models::Full };
        forecast_one("shop.cost", Ok(&series()), &asked, Some(&bearing), None)
    }

    #[test]
    fn without_releases_nothing_is_other() {
        let asked = Asked { horizon: Some(28), period: None, models: Models::Full };
        let plain = serde_json::to_string(&forecast_one("shop.cost", Ok(&series()), &asked, None, None)).unwrap();
        assert_eq!(serde_json::to_string(&forecast("")).unwrap(), plain);
        assert_eq!(serde_json::to_string(&forecast("a,2026-06-20,search,20,,,,\n")).unwrap(), plain);
        let idle = forecast("a,2026-06-20,shop,0,0,low,20,\n");
        let (steps, without) = (idle.forecast, idle.releases.unwrap().without);
        assert_eq!(serde_json::to_string(&steps).unwrap(), serde_json::to_string(&without).unwrap());
    }

    #[test]
    fn shares_add_up() {
        let shown = forecast("a,2026-06-12,shop,20,5,low,10,\nb,2026-06-20,,-10,,high,0,\nc,2026-04-20,shop,10,,,,8\n");
        let change = shown.releases.unwrap().change.unwrap();
        let sum =
            |of: fn(&ChangePart) -> Option<Ratio>| change.parts.iter().map(|part| of(part).unwrap().0).sum::<f64>();
        assert!((sum(|part| part.share) - 100.0).abs() < 1e-9);
        assert!((sum(|part| part.uncertainty) - 100.0).abs() < 1e-9);
        let all: f64 = change.parts.iter().map(|part| 1.0 + part.percent.0 / 100.0).product();
        assert!((all - 1.0 - change.percent.0 / 100.0).abs() < 1e-9);
        // Of what is out and known nothing is left to come.
        let names: Vec<&str> = change.parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["organic", "a", "b"]);
    }

    #[test]
    fn a_horizon_shorter_than_a_season_is_compared_with_the_same_days_of_it() {
        let values = (0..70).map(|day| Some(if day % 7 < 5 { 100.0 } else { 40.0 }));
        let series = Series { values: values.collect(), ..series() };
        let declared = Releases::default().with([what_if("2026-04-22 shop traffic+20%").unwrap()]);
        let bearing = Bearing::of_series(&declared, Measure::Cost, "shop.cost");
        // The last day was a Sunday; three days of work follow.
        let asked = Asked { horizon: Some(3), period: None, models: Models::Full };
        let change =
            forecast_one("shop.cost", Ok(&series), &asked, Some(&bearing), None).releases.unwrap().change.unwrap();
        assert!(change.steps == 3 && change.parts[0].percent.0.abs() < 0.1, "{change:?}");
    }

    #[test]
    fn a_release_that_is_over_by_the_end_is_said_to_be_no_part_of_the_change() {
        let declared = Releases::parse(
            "name,date,service,traffic_uplift_pct,shape,shape_days\nsale,2026-06-12,shop,40,decay,1\nnew,2026-06-12,shop,40,step,\n",
        );
        let declared = declared.unwrap();
        let bearing = Bearing::of_series(&declared, Measure::Cost, "shop.cost");
        let asked = Asked { horizon: Some(28), period: None, models: Models::Full };
        let notes = forecast_one("shop.cost", Ok(&series()), &asked, Some(&bearing), None).notes;
        let said: Vec<&String> = notes.iter().filter(|note| note.contains("no part of the change")).collect();
        assert_eq!(said, ["sale is over by 2026-07-07: it is no part of the change to then"]);
    }

    #[test]
    fn what_is_uncertain_is_wider() {
        let width = |rows: &str| {
            let last = forecast(rows).forecast.pop().unwrap();
            (last.hi80.0 - last.lo80.0, last.mean.0)
        };
        let (sure, unsure) = (width("a,2026-06-15,shop,20,,1,0,\n"), width("a,2026-06-15,shop,20,,0.4,0,\n"));
        assert!(unsure.0 > sure.0 && (unsure.1 - sure.1).abs() < 0.01 * sure.1, "{sure:?} {unsure:?}");
        // What may come late takes nothing away from what there is without it.
        let step = forecast("a,2026-06-10,shop,30,,1,9,\n");
        let (first, without) = (&step.forecast[0], &step.releases.unwrap().without[0]);
        assert!(first.mean.0 > without.mean.0 && first.lo80.0 >= without.lo80.0, "{first:?} {without:?}");
        // In the middle of a slip it may be there or not.
        let (now, late) = (width("a,2026-07-07,shop,40,,1,0,\n"), width("a,2026-07-03,shop,40,,1,9,\n"));
        assert!(late.0 > now.0, "{now:?} {late:?}");
    }

    #[test]
    fn a_release_supposed_in_the_past_is_a_past_one() {
        let supposed = |release: &str| {
            let declared = Releases::default().with([what_if(release).unwrap()]);
            let bearing = Bearing::of_series(&declared, Measure::Cost, "shop.cost");
            let asked = Asked { horizon: Some(28), period: None, models: Models::Full };
            forecast_one("shop.cost", Ok(&series()), &asked, Some(&bearing), None)
        };
        // The last day measured, and one before the first.
        for day in ["2026-06-09", "2026-01-01"] {
            let (past, declared) =
                (supposed(&format!("{day} shop traffic+20%")), forecast(&format!("a,{day},shop,20,,1,0,\n")));
            let steps = |shown: &SeriesForecast| serde_json::to_string(&shown.forecast).unwrap();
            assert_eq!(steps(&past), steps(&declared));
            assert_eq!(steps(&past), serde_json::to_string(&past.releases.unwrap().without).unwrap());
            let note = format!("what it did since {day} is left in the history");
            assert!(past.notes.iter().any(|said| said.ends_with(&note)), "{:?}", past.notes);
        }
        let ahead = supposed("2026-06-10 shop traffic+20%");
        let without = &ahead.releases.unwrap().without;
        assert!(
            ahead.forecast.iter().zip(without).all(|(with, without)| (with.mean.0 / without.mean.0 - 1.2).abs() < 1e-9)
        );
    }
}
