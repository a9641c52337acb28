//! The document `headroom/cost-forecast/1`.

use serde::Serialize;

use crate::bill::Metric;
use crate::calendar::{Date, Month};
use crate::forecast::{Figure, Models, Ratio, RecordShown, Refused, SeriesForecast};
use crate::money::{Amount, Currency};
use crate::report::{Scope, Warning};

/// What cost will be, in one currency.
#[derive(Clone, Debug, Serialize)]
pub struct CostForecast {
    /// `headroom/cost-forecast/1`.
    pub schema: &'static str,
    /// The day of asking.
    pub as_of: Date,
    /// The metric of all amounts.
    pub metric: Metric,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Which models were combined.
    pub models: Models,
    /// The first day of the history.
    pub from: Date,
    /// The last day that every source covers.
    pub to: Date,
    /// What came of earlier releases, where any are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordShown>,
    /// What a reader of the figures alone would miss.
    pub warnings: Vec<Warning>,
    /// By level, then by value, null last.
    pub scopes: Vec<ScopeForecast>,
}

/// What one scope will cost.
#[derive(Clone, Debug, Serialize)]
pub struct ScopeForecast {
    /// Which.
    pub scope: Scope,
    /// The month of the day after the history, and the three after it; empty where there is no forecast.
    pub months: Vec<ExpectedMonth>,
    /// The twelve months after that month together.
    pub next_12_months: Option<NextYear>,
    /// Why there is no figure of twelve months.
    pub next_12_months_refused: Option<Refused>,
    /// The chance that this month ends more than 20 % above the last.
    pub early_warning: Option<EarlyWarning>,
    /// The days: what was, what is expected, and the back-test; without a forecast, why there is none.
    pub days: SeriesForecast,
}

/// What a month will cost. INVARIANT: `lo95 ≤ lo80 ≤ expected ≤ hi80 ≤ hi95`.
#[derive(Clone, Debug, Serialize)]
pub struct ExpectedMonth {
    /// The month.
    pub month: Month,
    /// Spent by the end of the history; null where the month has not begun.
    pub spent: Option<Figure>,
    /// What it will have cost at its end.
    pub expected: Figure,
    /// The interval of 80 %.
    pub lo80: Figure,
    /// The interval of 80 %.
    pub hi80: Figure,
    /// The interval of 95 %.
    pub lo95: Figure,
    /// The interval of 95 %.
    pub hi95: Figure,
    /// What was planned.
    pub budget: Option<BudgetShown>,
    /// The same without what is to come of releases and events, where any touch the scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<ExpectedWithout>,
}

/// What would be without releases and events to come.
#[derive(Clone, Debug, Serialize)]
pub struct ExpectedWithout {
    /// What would be expected.
    pub expected: Figure,
    /// The interval of 80 %.
    pub lo80: Figure,
    /// The interval of 80 %.
    pub hi80: Figure,
    /// The interval of 95 %.
    pub lo95: Figure,
    /// The interval of 95 %.
    pub hi95: Figure,
}

/// A budget beside what is expected.
#[derive(Clone, Debug, Serialize)]
pub struct BudgetShown {
    /// What was planned.
    pub amount: Amount,
    /// The chance in percent that it is exceeded; null where none can be stated.
    pub over: Option<Ratio>,
}

/// What twelve months will cost together.
#[derive(Clone, Debug, Serialize)]
pub struct NextYear {
    /// The first of them.
    pub from: Month,
    /// The last of them.
    pub to: Month,
    /// What is expected.
    pub expected: Figure,
    /// The interval of 80 %.
    pub lo80: Figure,
    /// The interval of 80 %.
    pub hi80: Figure,
    /// The interval of 95 %.
    pub lo95: Figure,
    /// The interval of 95 %.
    pub hi95: Figure,
    /// The same without what is to come of releases and events, where any touch the scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<ExpectedWithout>,
}

/// The chance of a rise that the rule would flag at the month's end.
#[derive(Clone, Debug, Serialize)]
pub struct EarlyWarning {
    /// The month that is not over.
    pub month: Month,
    /// The month before, which is whole.
    pub previous_month: Month,
    /// What it cost.
    pub previous: Figure,
    /// The chance in percent that the month ends more than 20 % above it.
    pub probability: Ratio,
    /// Whether the chance is at least 80 %, from which on it is a warning.
    pub warns: bool,
}

/// The forecasts as CSV: `currency,level,value,month,spent,expected,lo80,hi80,lo95,hi95,budget,over,warning`, and where
/// releases are given `expected_without`; a row for each scope and month. An empty value is the total; an unallocated one is `unallocated`.
pub fn cost_forecasts_csv(forecasts: &[CostForecast]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header = vec![
        "currency", "level", "value", "month", "spent", "expected", "lo80", "hi80", "lo95", "hi95", "budget", "over",
        "warning",
    ];
    let releases = forecasts.iter().any(|forecast| forecast.record.is_some());
    if releases {
        header.push("expected_without");
    }
    // Writing to memory cannot fail.
    let _ = writer.write_record(header);
    for forecast in forecasts {
        for scope in &forecast.scopes {
            let value = scope.scope.key.0.first();
            let value = value.map_or("", |(_, value)| value.as_deref().unwrap_or(crate::change::UNALLOCATED));
            for month in &scope.months {
                let warning = scope.early_warning.as_ref().filter(|warning| warning.month == month.month);
                let text = |figure: Option<Figure>| figure.map_or_else(String::new, |figure| figure.to_string());
                let mut row = vec![
                    forecast.currency.code().to_owned(),
                    scope.scope.level.clone(),
                    value.to_owned(),
                    month.month.to_string(),
                    text(month.spent),
                ];
                row.extend(
                    [month.expected, month.lo80, month.hi80, month.lo95, month.hi95].map(|figure| figure.to_string()),
                );
                let budget = month.budget.as_ref();
                row.push(budget.map_or_else(String::new, |budget| budget.amount.to_string()));
                row.push(budget.and_then(|budget| budget.over).map_or_else(String::new, |over| over.to_string()));
                row.push(warning.map_or_else(String::new, |warning| warning.probability.to_string()));
                if releases {
                    row.push(month.without.as_ref().map_or(month.expected, |without| without.expected).to_string());
                }
                let _ = writer.write_record(&row);
            }
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
