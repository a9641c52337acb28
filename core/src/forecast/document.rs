//! The document `headroom/forecast/1`: forecasts of many series.

use serde::Serialize;

use super::backtest::{Backtest, Errors};
use super::figure::{Figure, Ratio};
use super::outlook::{Confidence, Outlook, SeasonForm};
use super::question::{Models, Question, Refusal};
use crate::series::{Filled, Irregular, Series, Stamp};

/// Forecasts of some series.
#[derive(Clone, Debug, Serialize)]
pub struct Forecasts {
    /// `headroom/forecast/1`.
    pub schema: &'static str,
    /// Which models were combined.
    pub models: Models,
    /// By name.
    pub series: Vec<SeriesForecast>,
}

impl Forecasts {
    /// The document of these forecasts.
    pub fn new(models: Models, series: Vec<SeriesForecast>) -> Self {
        Self { schema: "headroom/forecast/1", models, series }
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
    /// How such forecasts did before.
    pub backtest: Option<BacktestShown>,
    /// How far it can be trusted, by the back-test alone.
    pub confidence: Option<Confidence>,
    /// What a reader of the figures alone would miss.
    pub notes: Vec<String>,
    /// Why there is no forecast.
    pub refused: Option<Refused>,
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

/// Forecasts one series.
pub fn forecast_one(name: &str, series: Result<&Series, &Irregular>, asked: &Asked) -> SeriesForecast {
    match series {
        Ok(series) => forecast_series(series, asked).map_or_else(|refused| *refused, |(shown, _)| shown),
        Err(irregular) => SeriesForecast { refused: Some(irregular.clone().into()), ..SeriesForecast::of(name) },
    }
}

/// Forecasts a series: the document's part, and the outlook it shows.
///
/// # Errors
/// When there is none; the document's part says why.
pub fn forecast_series(series: &Series, asked: &Asked) -> Result<(SeriesForecast, Outlook), Box<SeriesForecast>> {
    let periods = asked.period.map_or_else(|| series.step.periods(), with_longer);
    let filled = series.filled(periods.first().copied());
    let horizon = asked.horizon.unwrap_or_else(|| series.step.usual_horizon().min(filled.values.len() / 2).max(1));
    let mut shown = SeriesForecast {
        step: Some(series.step.to_string()),
        history: history(series, &filled),
        missing: filled.missing,
        ..SeriesForecast::of(&series.name)
    };
    let refuse = |mut shown: SeriesForecast, refusal: Refusal| {
        shown.refused = Some(refusal.into());
        Box::new(shown)
    };
    if 3 * filled.missing > filled.values.len() {
        let refusal = Refusal::TooManyGaps { missing: filled.missing, count: filled.values.len() };
        return Err(refuse(shown, refusal));
    }
    let question = Question { horizon, periods, models: asked.models };
    let outlook = match Outlook::of(&filled.values, &question) {
        Ok(outlook) => outlook,
        Err(refusal) => return Err(refuse(shown, refusal)),
    };
    let dates = (filled.values.len()..).map(|position| series.stamp(position));
    for (step, date) in outlook.steps.iter().zip(dates) {
        shown.forecast.push(ForecastPoint {
            date: date.map_or_else(|| "after the last day of the calendar".to_owned(), |date| date.to_string()),
            mean: Figure(step.mean),
            lo80: Figure(step.lo80),
            hi80: Figure(step.hi80),
            lo95: Figure(step.lo95),
            hi95: Figure(step.hi95),
        });
    }
    shown.method = Some(if outlook.naive { "naive" } else { "combination" });
    shown.season = outlook.season.clone().map(|(form, periods)| SeasonShown { form, periods });
    let share = |(model, share): &(&'static str, f64)| MemberShare { model, share: Ratio(100.0 * share) };
    shown.members = outlook.members.iter().map(share).collect();
    shown.backtest = outlook.backtest.as_ref().map(BacktestShown::from);
    shown.confidence = Some(outlook.confidence);
    shown.notes = notes(&filled, &outlook);
    Ok((shown, outlook))
}

impl SeriesForecast {
    /// Of a series nothing is said of yet.
    fn of(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
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

fn history(series: &Series, filled: &Filled) -> Vec<HistoryPoint> {
    let points = filled.values.iter().zip(&series.values).enumerate();
    let point = |(position, (value, known)): (usize, (&f64, &Option<f64>))| HistoryPoint {
        date: series.stamp(position).unwrap_or(series.first),
        value: Figure(*value),
        filled: known.is_none(),
    };
    points.map(point).collect()
}

fn notes(filled: &Filled, outlook: &Outlook) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(first) = filled.first_missing {
        let (count, values) = (filled.missing, filled.values.len());
        notes.push(format!("{count} of {values} values are missing and were filled in, the first at {first}"));
    }
    if outlook.naive {
        notes.push("the last season again was better at every origin, so it is the forecast".to_owned());
    }
    if outlook.capped {
        let (least, most) = (Figure(outlook.limits.0), Figure(outlook.limits.1));
        notes.push(format!("held between {least} and {most}: no farther beyond the values than they lie apart"));
    }
    if outlook.backtest.is_none() {
        notes.push("the history is too short to try such a forecast on it".to_owned());
    }
    notes
}

/// The forecasts as CSV: `series,step,date,mean,lo80,hi80,lo95,hi95,model`. Series without a forecast have no rows.
pub fn forecasts_csv(forecasts: &Forecasts) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(["series", "step", "date", "mean", "lo80", "hi80", "lo95", "hi95", "model"]);
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
            let _ = writer.write_record(None::<&[u8]>);
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
