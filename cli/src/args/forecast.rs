//! What the command line says of forecasts.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::{BillArgs, MetricName, PolicyArgs, TableArgs, pair};

/// What cost or any other metric will be, with intervals and the back-test that earned them.
///
/// Of bills: to the end of the month, for the three months after it and the
/// twelve, for everything and each squad and service; with the chance that the
/// month ends more than 20 % above the last. Of series: so many steps ahead.
///
/// A forecast is a combination of models, weighted by what they missed when
/// they forecast the past. How that went stands beside it, with the errors of
/// the naive forecast, the last season again.
///
///   $ headroom forecast exports/ --policy allocation.toml
///   $ headroom forecast exports/ --budgets budgets.csv --format csv
///   $ headroom forecast exports/ --releases releases.csv --events events.csv
///   $ headroom forecast --series traffic.csv --horizon 48 --period 24
///   $ headroom forecast --series - --models fast --format csv < many.csv
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment, after_long_help = FORECAST_NOTES)]
pub(crate) struct ForecastArgs {
    #[command(flatten)]
    pub(crate) bills: BillArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// Series as CSV with the header series,date,value, or - for standard input, in place of bills; repeatable
    #[arg(long, value_name = "CSV", conflicts_with_all = ["bills", "policy", "budgets", "owner"])]
    pub(crate) series: Vec<PathBuf>,
    /// How many steps ahead [default: what is usual for the step, such as 12 months]
    #[arg(long, value_name = "N", requires = "series")]
    pub(crate) horizon: Option<usize>,
    /// Steps in a season, or auto: what is usual for the step; 1 for none
    #[arg(long, value_name = "auto|N", default_value = "auto", value_parser = period)]
    pub(crate) period: Period,
    /// Which models are combined
    #[arg(long, value_enum, default_value_t = ModelsName::Full)]
    pub(crate) models: ModelsName,
    /// An earlier forecast of the series, as JSON: intervals learn from what came of it; repeatable
    #[arg(long, value_name = "JSON")]
    pub(crate) earlier: Vec<PathBuf>,
    /// What was planned: CSV with the header month,key,value and keys such as total or squad=payments
    #[arg(long, value_name = "CSV")]
    pub(crate) budgets: Option<PathBuf>,
    /// Releases to come, and what came of earlier ones: CSV, as capacity reads it
    #[arg(long, value_name = "CSV")]
    pub(crate) releases: Option<PathBuf>,
    /// Events to come, and such as were: CSV with the header date,name,scope,uplift_pct,status
    #[arg(long, value_name = "CSV")]
    pub(crate) events: Option<PathBuf>,
    /// Suppose a release, such as "2026-07-01 checkout traffic+20% cost-5%"; repeatable
    #[arg(long = "release", value_name = "RELEASE")]
    pub(crate) suppose: Vec<String>,
    /// What the series measure: cost, or traffic, which the cost of a request does not change [default: cost]
    #[arg(long, value_enum, requires = "series")]
    pub(crate) measures: Option<MeasureName>,
    /// The metric of bills
    #[arg(long, value_enum, default_value_t = MetricName::Effective)]
    pub(crate) metric: MetricName,
    /// One owner's charges alone, such as squad=payments; repeatable
    #[arg(long = "for", value_name = "DIMENSION=VALUE", value_parser = pair)]
    pub(crate) owner: Vec<(String, String)>,
    /// List every squad and service, however small; draw every series, however many
    #[arg(long)]
    pub(crate) full: bool,
    #[command(flatten)]
    pub(crate) table: TableArgs,
}

/// What the options do not say.
const FORECAST_NOTES: &str = "\
Series:
  Dates are 2026-05, 2026-05-31, 2026-05-31T14:00:00Z or whole numbers, at equal
  steps and in any order. An empty value is missing: gaps of up to a third are
  filled in, and counted. A forecast needs 8 values, and no more steps than
  values. Seasons have to pass a test; with --period 24 one of 168 is tried as
  well, and with 7 one of 365.
  Earlier forecasts (--earlier, as written with --format json) are held against
  what came since. Each value outside an interval widens it, each inside narrows
  it, so that in the long run the stated share lies inside. The new forecast
  carries what was learned: the next needs no other.

Bills:
  Forecast by day, from charges of single days. The twelve months need twelve
  whole ones, the chance of a rise 60 days and a whole month before.

Releases and events:
  releases  name,date,service,traffic_uplift_pct,cost_uplift_pct,confidence,
            date_slip_days and if wanted actual_uplift_pct,shape,shape_days
  events    date,name,scope,uplift_pct,status and if wanted confidence,
            date_slip_days,shape,shape_days. A status is planned, confirmed,
            observed (the uplift is what came of it) or cancelled
  Of bills a service is a service, else a squad, else a cloud service of that
  name, and a scope may be such as squad=payments. Of series it is one of that
  name, or of that name and .anything. None is everything. What came of past
  ones is divided out of the history; such as touch nothing are named.

CSV columns:
  series, step, date, mean, lo80, hi80, lo95, hi95, model, and with releases
  mean_without
  of bills: currency, level, value, month, spent, expected, lo80, hi80, lo95,
  hi95, budget, over (the chance that it is exceeded), warning (the chance of
  a rise of more than 20 %), replayed (forecasts of the past that the intervals
  rest on), and with releases expected_without. Months together, the next three
  and the next twelve, have rows whose month is such as 2026-07/2026-09

Confidence, by the back-test alone:
  high  missed by up to 10 % of the values, from at least 4 points of the past
  fair  missed by up to 20 %, from at least 3
  low   anything else, where the naive forecast missed less, and where less than
        60 % of at least 10 values lay in the interval of 80 %

Exit codes:
  0 fine, what has no forecast is named with the reason; 2 usage, data or I/O
  error";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelsName {
    Full,
    Fast,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MeasureName {
    Cost,
    Traffic,
}

/// Steps in a season; `None` for what is usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period(pub(crate) Option<usize>);

fn period(text: &str) -> Result<Period, String> {
    match text.parse() {
        _ if text == "auto" => Ok(Period(None)),
        Ok(steps) if (1..=10_000).contains(&steps) => Ok(Period(Some(steps))),
        _ => Err("write `auto`, or steps from 1 (no season) to 10000".to_owned()),
    }
}
