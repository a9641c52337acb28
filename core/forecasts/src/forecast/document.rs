//! The document `headroom/forecast/1`: forecasts of many series.

use serde::Serialize;

use super::adaptive::EarlierShown;
use super::backtest::{Backtest, Errors};
use super::effects::{RecordShown, ReleaseEffects};
use super::figure::{Figure, Ratio};
use super::outlook::{Confidence, LEAST_REPLAYED, Outlook, SeasonForm};
use super::question::{Models, Refusal};
use crate::calendar::Date;
use crate::release::{Record, Releases, names_series};
use crate::series::{Filled, Irregular, LEAST_CYCLES, Series, Stamp};

/// Forecasts of some series.
#[derive(Clone, Debug, Serialize)]
pub struct Forecasts {
    /// `headroom/forecast/1`.
    pub schema: &'static str,
    /// Which models were combined.
    pub models: Models,
    /// What came of earlier releases, where any are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordShown>,
    /// By name.
    pub series: Vec<SeriesForecast>,
    /// What a reader of the figures alone would miss of releases; only where any are given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

impl Forecasts {
    /// The document of these forecasts.
    pub fn new(models: Models, series: Vec<SeriesForecast>) -> Self {
        Self { schema: "headroom/forecast/1", models, record: None, series, warnings: Vec::new() }
    }

    /// With what came of earlier releases up to the last day of the series, and a warning of each that touches no series.
    #[must_use]
    pub fn along(mut self, declared: &Releases) -> Self {
        // Of what is out later nothing has come yet, and no forecast counts it.
        let last = self.series.iter().filter_map(|series| series.last).max();
        let record = last.map_or_else(|| Record::of(&Releases::default()), |last| Record::until(declared, last));
        self.record = Some(RecordShown::of(&record));
        for release in declared.iter() {
            let name = &release.name;
            if release.cancelled {
                self.warnings.push(format!("`{name}` was called off and does not count"));
                continue;
            }
            let Some(service) = &release.service else { continue };
            if !self.series.iter().any(|series| names_series(service, &series.name)) {
                self.warnings.push(format!("`{name}` is of `{service}`, and no series is named so: it does not count"));
            }
        }
        self
    }
}

/// What is asked of every series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// How many steps ahead; what is usual for the step where it is not said.
    pub horizon: Option<usize>,
    /// The shortest period a season may have, in steps; what is usual for the step where it is not said. A period of 24
    /// leaves room for one of 168, and 7 for one of 365.
    pub period: Option<usize>,
    /// Which models are combined.
    pub models: Models,
}

/// The forecast of one series, or why there is none.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SeriesForecast {
    /// The series.
    pub name: String,
    /// From one value to the next: `month`, `day`, `hour`, `2 days` …; null where the dates are no regular series.
    pub step: Option<String>,
    /// The values the forecast is made from, gaps filled.
    pub history: Vec<HistoryPoint>,
    /// How many of them were missing.
    pub missing: usize,
    /// `combination`, or `naive` where the last season again has been better all along; null where there is no forecast.
    pub method: Option<&'static str>,
    /// The season that showed.
    pub season: Option<SeasonShown>,
    /// What is combined, the greatest share first.
    pub members: Vec<MemberShare>,
    /// The steps ahead.
    pub forecast: Vec<ForecastPoint>,
    /// What releases and events do to it, where any touch it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub releases: Option<ReleaseEffects>,
    /// How such forecasts did before.
    pub backtest: Option<BacktestShown>,
    /// How earlier forecasts did, where any are given: what the widths of the intervals learned from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earlier: Option<EarlierShown>,
    /// How far it can be trusted, by the back-test alone.
    pub confidence: Option<Confidence>,
    /// What a reader of the figures alone would miss.
    pub notes: Vec<String>,
    /// Why there is no forecast.
    pub refused: Option<Refused>,
    /// The last day of its history, where it has dates.
    #[serde(skip)]
    pub(crate) last: Option<Date>,
}

/// A value of the past.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryPoint {
    /// The date.
    pub date: Stamp,
    /// The value.
    pub value: Figure,
    /// Whether it was missing and is filled in.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub filled: bool,
}

/// A season.
#[derive(Clone, Debug, Serialize)]
pub struct SeasonShown {
    /// How it meets the rest.
    pub form: SeasonForm,
    /// Its periods in steps.
    pub periods: Vec<usize>,
}

/// A model's part in a combination.
#[derive(Clone, Debug, Serialize)]
pub struct MemberShare {
    /// The model.
    pub model: &'static str,
    /// Its share in percent.
    pub share: Ratio,
}

/// One step ahead.
#[derive(Clone, Debug, Serialize)]
pub struct ForecastPoint {
    /// The date.
    pub date: String,
    /// What is expected.
    pub mean: Figure,
    /// The interval of 80 %.
    pub lo80: Figure,
    /// The interval of 80 %.
    pub hi80: Figure,
    /// The interval of 95 %.
    pub lo95: Figure,
    /// The interval of 95 %.
    pub hi95: Figure,
    /// How many forecasts of the past were replayed that far: what the intervals rest on.
    pub replayed: usize,
}

/// A back-test.
#[derive(Clone, Debug, Serialize)]
pub struct BacktestShown {
    /// From how many points of the past it was forecast again.
    pub origins: usize,
    /// How many forecast values were compared with what came.
    pub values: usize,
    /// The forecast's errors.
    #[serde(flatten)]
    pub errors: ErrorsShown,
    /// Percentage of what came that lay in the interval of 80 %.
    pub coverage80: Option<Ratio>,
    /// Percentage of what came that lay in the interval of 95 %.
    pub coverage95: Option<Ratio>,
    /// The errors of the seasonal naive forecast on the same values.
    pub naive: ErrorsShown,
}

/// Errors three ways; less is better.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorsShown {
    /// Mean absolute scaled error.
    pub mase: Option<Ratio>,
    /// Symmetric mean absolute percentage error.
    pub smape: Ratio,
    /// All errors as a percentage of all values.
    pub wape: Option<Ratio>,
}

impl From<&Errors> for ErrorsShown {
    fn from(errors: &Errors) -> Self {
        Self { mase: errors.mase.map(Ratio), smape: Ratio(errors.smape), wape: errors.wape.map(Ratio) }
    }
}

impl From<&Backtest> for BacktestShown {
    fn from(backtest: &Backtest) -> Self {
        Self {
            origins: backtest.origins,
            values: backtest.values,
            errors: (&backtest.errors).into(),
            coverage80: backtest.coverage.map(|[narrow, _]| Ratio(narrow)),
            coverage95: backtest.coverage.map(|[_, wide]| Ratio(wide)),
            naive: (&backtest.naive).into(),
        }
    }
}

/// Why there is no forecast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The reason.
    pub reason: String,
    /// What to do about it.
    pub hint: String,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { reason: refusal.to_string(), hint: refusal.hint() }
    }
}

impl From<Irregular> for Refused {
    fn from(irregular: Irregular) -> Self {
        let hint = match irregular {
            Irregular::Empty => "give its values, or leave it out",
            Irregular::TwoKinds(..) => "write all dates of a series alike",
            Irregular::Sparse { .. } => {
                "give values at equal steps; a row with an empty value says that one is missing"
            }
        };
        Self { reason: irregular.to_string(), hint: hint.to_owned() }
    }
}

/// The steps ahead with their dates.
pub(super) fn points(series: &Series, outlook: &Outlook) -> Vec<ForecastPoint> {
    let dates = (series.values.len()..).map(|position| series.stamp(position));
    let point = |((step, replayed), date): ((&super::outlook::Step, &usize), Option<Stamp>)| ForecastPoint {
        date: date.map_or_else(|| "after the last day of the calendar".to_owned(), |date| date.to_string()),
        mean: Figure(step.mean),
        lo80: Figure(step.lo80),
        hi80: Figure(step.hi80),
        lo95: Figure(step.lo95),
        hi95: Figure(step.hi95),
        replayed: *replayed,
    };
    outlook.steps.iter().zip(&outlook.replayed).zip(dates).map(point).collect()
}

impl SeriesForecast {
    /// Of a series nothing is said of yet.
    pub(super) fn of(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

pub(super) fn history(series: &Series, filled: &Filled, levels: Option<&[f64]>) -> Vec<HistoryPoint> {
    let points = filled.values.iter().zip(&series.values).enumerate();
    let point = |(position, (value, known)): (usize, (&f64, &Option<f64>))| {
        // A gap is filled among levelled values, and shown as it would have been measured.
        let level = levels.map_or(1.0, |levels| levels[position]);
        HistoryPoint {
            date: series.stamp(position).unwrap_or(series.first),
            value: Figure(known.unwrap_or(value * level)),
            filled: known.is_none(),
        }
    };
    points.map(point).collect()
}

pub(super) fn notes(filled: &Filled, outlook: &Outlook, periods: &[usize]) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(first) = filled.first_missing {
        let (count, values) = (filled.missing, filled.values.len());
        notes.push(format!("{count} of {values} values are missing and were filled in, the first at {first}"));
    }
    let count = filled.values.len();
    for period in periods.iter().filter(|period| **period > 1 && count < LEAST_CYCLES * **period) {
        let least = LEAST_CYCLES * period;
        notes.push(format!("too few values to look for a season of {period} steps, which takes {least}"));
    }
    if outlook.naive {
        notes.push("the last season again was better at every origin, so it is the forecast".to_owned());
    }
    if outlook.capped {
        let (least, most) = (Figure(outlook.limits.0), Figure(outlook.limits.1));
        notes.push(format!("held between {least} and {most}: no farther beyond the values than they lie apart"));
    }
    let backtest = outlook.backtest.as_ref();
    if let Some((own, naive)) = backtest.and_then(Backtest::naive_did_better).filter(|_| !outlook.naive) {
        notes.push(format!("it missed by {own:.1} % and the naive forecast by {naive:.1} %, so confidence is low"));
    }
    if let Some(narrow) = backtest.and_then(Backtest::too_sure) {
        notes.push(format!("only {narrow:.0} % of what came lay in the interval of 80 %, so confidence is low"));
    }
    if backtest.is_none() {
        notes.push("the history is too short to try such a forecast on it".to_owned());
    }
    notes.extend(far(outlook));
    notes
}

/// From which step on intervals rest on so little that a rule counts for more.
fn far(outlook: &Outlook) -> Option<String> {
    let first = outlook.replayed.iter().position(|replayed| *replayed < LEAST_REPLAYED)? + 1;
    let from = match first {
        1 => String::new(),
        _ if first == outlook.steps.len() => format!("at step {first} "),
        _ => format!("from step {first} on "),
    };
    let last = match outlook.replayed.last()? {
        0 => "none".to_owned(),
        some => some.to_string(),
    };
    Some(format!(
        "{from}fewer than {LEAST_REPLAYED} forecasts of the past could be replayed ({last} to the last step), so the intervals rest more on how errors usually grow than on errors found"
    ))
}

/// The forecasts as CSV: `series,step,date,mean,lo80,hi80,lo95,hi95,model`, and where releases are given
/// `mean_without`. Series without a forecast have no rows.
pub fn forecasts_csv(forecasts: &Forecasts) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header = vec!["series", "step", "date", "mean", "lo80", "hi80", "lo95", "hi95", "model"];
    if forecasts.record.is_some() {
        header.push("mean_without");
    }
    // Writing to memory cannot fail.
    let _ = writer.write_record(header);
    for series in &forecasts.series {
        for (step, point) in series.forecast.iter().enumerate() {
            let figures = [point.mean, point.lo80, point.hi80, point.lo95, point.hi95].map(|figure| figure.to_string());
            let _ = writer.write_field(&series.name);
            let _ = writer.write_field((step + 1).to_string());
            let _ = writer.write_field(&point.date);
            for figure in &figures {
                let _ = writer.write_field(figure);
            }
            let _ = writer.write_field(series.method.unwrap_or_default());
            if forecasts.record.is_some() {
                let without = series.releases.as_ref().and_then(|releases| releases.without.get(step));
                let _ = writer.write_field(without.map_or(point.mean, |without| without.mean).to_string());
            }
            let _ = writer.write_record(None::<&[u8]>);
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::Question;

    #[test]
    fn why_confidence_is_low_is_said() {
        let values: Vec<f64> = (0..48).map(|month| 100.0 + f64::from(month * month % 13)).collect();
        let mut outlook =
            Outlook::of(&values, &Question { horizon: 6, periods: vec![12], models: Models::Full }).unwrap();
        let backtest = outlook.backtest.as_mut().unwrap();
        (backtest.errors.wape, backtest.naive.wape) = (Some(6.24), Some(4.1));
        (backtest.coverage, backtest.tried) = (Some([40.0, 70.0]), 24);
        let said = notes(&Filled { values, missing: 0, first_missing: None }, &outlook, &[12]);
        assert!(said.contains(&"it missed by 6.2 % and the naive forecast by 4.1 %, so confidence is low".to_owned()));
        assert!(said.contains(&"only 40 % of what came lay in the interval of 80 %, so confidence is low".to_owned()));
    }
}
