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
///   $ headroom forecast --series traffic.csv --horizon 48 --period 24
///   $ headroom forecast --series - --models fast --format csv < many.csv
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment, after_long_help = FORECAST_NOTES)]
pub(crate) struct ForecastArgs {
    #[command(flatten)]
    pub(crate) bills: BillArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// Series as CSV with the header series,date,value, or - for standard input, in place of bills
    #[arg(long, value_name = "CSV", conflicts_with_all = ["bills", "policy", "budgets", "owner", "full"])]
    pub(crate) series: Option<PathBuf>,
    /// How many steps ahead [default: what is usual for the step, such as 12 months]
    #[arg(long, value_name = "N", requires = "series")]
    pub(crate) horizon: Option<usize>,
    /// Steps in a season, or auto: what is usual for the step; 1 for none
    #[arg(long, value_name = "auto|N", default_value = "auto", value_parser = period)]
    pub(crate) period: Period,
    /// Which models are combined
    #[arg(long, value_enum, default_value_t = ModelsName::Full)]
    pub(crate) models: ModelsName,
    /// What was planned: CSV with the header month,key,value and keys such as total or squad=payments
    #[arg(long, value_name = "CSV")]
    pub(crate) budgets: Option<PathBuf>,
    /// The metric of bills
    #[arg(long, value_enum, default_value_t = MetricName::Effective)]
    pub(crate) metric: MetricName,
    /// One owner's charges alone, such as squad=payments; repeatable
    #[arg(long = "for", value_name = "DIMENSION=VALUE", value_parser = pair)]
    pub(crate) owner: Vec<(String, String)>,
    /// List every squad and service, however small
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

Bills:
  Forecast by day, from charges of single days. The twelve months need twelve
  whole ones, the chance of a rise 60 days and a whole month before.

CSV columns:
  series, step, date, mean, lo80, hi80, lo95, hi95, model
  of bills: currency, level, value, month, spent, expected, lo80, hi80, lo95,
  hi95, budget, over (the chance that it is exceeded), warning (the chance of
  a rise of more than 20 %)

Confidence, by the back-test alone:
  high  missed by up to 10 % of the values, from at least 4 points of the past
  fair  missed by up to 20 %, from at least 3
  low   anything else, and where the naive forecast had been better

Exit codes:
  0 fine, what has no forecast is named with the reason; 2 usage, data or I/O
  error";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelsName {
    Full,
    Fast,
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
