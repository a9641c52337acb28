//! What cost will be: to the end of the month, in the months after, and beside a budget.
//!
//! Charges are added up by day and scope in a second pass over the bills; charges longer than a day count evenly on the
//! days of their month. Each scope's days are forecast ([`crate::forecast`]), months are sums of days, and intervals of
//! sums come from whole simulated paths, so that errors which last from day to day do not cancel out.
//!
//! * [`expect`] – bills in, the documents `headroom/cost-forecast/1` out, one for each currency
//! * [`report()`] – the monthly report, with what is likely to be flagged at the end of the month that goes on
//! * [`Budgets`] – what was planned: `budgets.csv`

mod budget;
mod covered;
mod daily;
mod days;
mod document;
mod expected;
mod notes;
mod planned;
mod sum;
mod tally;
mod touched;
mod warned;
mod year;

pub use budget::{BudgetFault, Budgets};
pub use document::{
    BudgetShown, CostForecast, EarlyWarning, ExpectedMonth, ExpectedPeriod, ExpectedWithout, ScopeForecast,
    cost_forecasts_csv,
};
pub(crate) use expected::expect_from;
pub use expected::{Ask, SpendingError, expect};
pub use warned::report;
pub(crate) use warned::report_from;
