//! The document `headroom/cost-forecast/1`.

use std::fmt::Display;

use serde::Serialize;

use crate::bill::Metric;
use crate::calendar::{Date, Month};
use crate::forecast::{Confidence, Figure, Models, Ratio, RecordShown, Refused, SeriesForecast, SumBacktest};
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
    /// The three months after that month together.
    pub next_3_months: Option<ExpectedPeriod>,
    /// Why there is no figure of three months.
    pub next_3_months_refused: Option<Refused>,
    /// The twelve months after that month together.
    pub next_12_months: Option<ExpectedPeriod>,
    /// Why there is no figure of twelve months.
    pub next_12_months_refused: Option<Refused>,
    /// What a reader of months and sums of them alone would miss.
    pub notes: Vec<String>,
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
    /// How many forecasts of the past that reach at least half as far the intervals rest on. Where they are fewer than
    /// [`LEAST_REPLAYED`](crate::forecast::LEAST_REPLAYED) those of days are added up, as if all errors went one way.
    pub replayed: usize,
    /// How forecasts of such a month did before; null where no forecast of the past reaches so far.
    pub backtest: Option<SumBacktest>,
    /// How far it can be trusted, by that alone.
    pub confidence: Confidence,
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
    /// Why none can be stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
}

/// What some months will cost together, by whole paths added up. INVARIANT: `lo95 ≤ lo80 ≤ expected ≤ hi80 ≤ hi95`.
#[derive(Clone, Debug, Serialize)]
pub struct ExpectedPeriod {
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
    /// How many forecasts of the past the intervals rest on, as of a month.
    pub replayed: usize,
    /// How forecasts of such a sum did before, of twelve months by months alone; null where no forecast of the past reaches so
    /// far.
    pub backtest: Option<SumBacktest>,
    /// How far it can be trusted, by that alone.
    pub confidence: Confidence,
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

/// The columns of a scope's figures, and the one that releases add.
const COLUMNS: [&str; 15] = [
    "month",
    "spent",
    "expected",
    "lo80",
    "hi80",
    "lo95",
    "hi95",
    "budget",
    "over",
    "warning",
    "replayed",
    "confidence",
    "origins",
    "wape",
    "naive",
];
const WITHOUT: &str = "expected_without";

/// The forecasts as CSV: `currency,level,value`, then
/// `month,spent,expected,lo80,hi80,lo95,hi95,budget,over,warning,replayed,confidence,origins,wape,naive`, and where releases are
/// given `expected_without`; a row for each scope and month, then one each for the next three and the next twelve months
/// together, whose `month` is such as `2026-07/2026-09`. An empty value is the total; an unallocated one is `unallocated`.
pub fn cost_forecasts_csv(forecasts: &[CostForecast]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let releases = forecasts.iter().any(|forecast| forecast.record.is_some());
    let without = releases.then_some(WITHOUT);
    // Writing to memory cannot fail.
    let _ = writer.write_record(["currency", "level", "value"].into_iter().chain(COLUMNS).chain(without));
    for forecast in forecasts {
        for scope in &forecast.scopes {
            let value = scope.scope.key.0.first();
            let value = value.map_or("", |(_, value)| value.as_deref().unwrap_or(crate::change::UNALLOCATED));
            let warning = scope.early_warning.as_ref();
            let months = scope.months.iter().map(|month| month.cells(warning));
            let periods = [&scope.next_3_months, &scope.next_12_months].into_iter().flatten();
            for (cells, without) in months.chain(periods.map(ExpectedPeriod::cells)) {
                let of = [forecast.currency.code(), scope.scope.level.as_str(), value].map(str::to_owned);
                let without = releases.then_some(without);
                let _ = writer.write_record(of.into_iter().chain(cells).chain(without));
            }
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The cells of a row, and the one that releases add.
type Cells = ([String; COLUMNS.len()], String);

/// How far a sum can be trusted, and how it did before.
fn trust(confidence: Confidence, backtest: Option<&SumBacktest>) -> [String; 4] {
    let percent = |share: Option<Ratio>| share.map_or_else(String::new, |share| share.to_string());
    [
        confidence.name().to_owned(),
        backtest.map_or(0, |backtest| backtest.origins).to_string(),
        percent(backtest.and_then(|backtest| backtest.wape)),
        percent(backtest.and_then(|backtest| backtest.naive)),
    ]
}

impl ExpectedMonth {
    fn cells(&self, warning: Option<&EarlyWarning>) -> Cells {
        let text = |figure: Option<&dyn Display>| figure.map_or_else(String::new, ToString::to_string);
        let budget = self.budget.as_ref();
        let over = budget.and_then(|budget| budget.over.as_ref());
        let warning = warning.filter(|warning| warning.month == self.month);
        let [confidence, origins, wape, naive] = trust(self.confidence, self.backtest.as_ref());
        let cells = [
            self.month.to_string(),
            text(self.spent.as_ref().map(|spent| spent as _)),
            self.expected.to_string(),
            self.lo80.to_string(),
            self.hi80.to_string(),
            self.lo95.to_string(),
            self.hi95.to_string(),
            text(budget.map(|budget| &budget.amount as _)),
            text(over.map(|over| over as _)),
            text(warning.map(|warning| &warning.probability as _)),
            self.replayed.to_string(),
            confidence,
            origins,
            wape,
            naive,
        ];
        (cells, self.without.as_ref().map_or(self.expected, |without| without.expected).to_string())
    }
}

impl ExpectedPeriod {
    fn cells(&self) -> Cells {
        let [confidence, origins, wape, naive] = trust(self.confidence, self.backtest.as_ref());
        let cells = [
            format!("{}/{}", self.from, self.to),
            String::new(),
            self.expected.to_string(),
            self.lo80.to_string(),
            self.hi80.to_string(),
            self.lo95.to_string(),
            self.hi95.to_string(),
            String::new(),
            String::new(),
            String::new(),
            self.replayed.to_string(),
            confidence,
            origins,
            wape,
            naive,
        ];
        (cells, self.without.as_ref().map_or(self.expected, |without| without.expected).to_string())
    }
}
