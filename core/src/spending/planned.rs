//! Budgets that no month of a forecast stands beside.

use std::fmt::Write as _;

use super::budget::Budgets;
use super::daily::{Scope, ScopeSums};
use super::document::ScopeForecast;
use super::expected::budget_key;
use crate::calendar::Month;
use crate::order::BTreeMap;
use crate::report::Warning;

/// A warning of budgets of scopes that the bills do not hold.
pub(super) fn unknown_budgets(budgets: &Budgets, scopes: &BTreeMap<Scope, ScopeSums>) -> Option<Warning> {
    let known: Vec<String> = scopes.keys().map(budget_key).collect();
    let mut unknown: Vec<&str> = budgets.keys().filter(|key| !known.iter().any(|name| name == key)).collect();
    unknown.dedup();
    let first = unknown.first()?;
    let message = format!("the bills hold nothing of `{first}`, which has a budget");
    Some(Warning { code: "budget_of_nothing".to_owned(), message, count: unknown.len() as u64 })
}

/// Warnings of budgets of months that are not forecast: for each key one of those that are over, and one of those that lie
/// beyond the forecast.
pub(super) fn outside(budgets: &Budgets, named: &[(String, ScopeForecast)], this: Month) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (key, forecast) in named {
        let (over, ahead): (Vec<Month>, Vec<Month>) = budgets.months(key).partition(|month| *month < this);
        let shown = |month: &Month| forecast.months.iter().any(|shown| shown.month == *month);
        let beyond: Vec<Month> = ahead.into_iter().filter(|month| !shown(month)).collect();
        let mut warn = |code: &str, months: &[Month], why: String| {
            if !months.is_empty() {
                let budgets = if months.len() == 1 { "a budget" } else { "budgets" };
                let message = format!("`{key}` has {budgets} of {}, {why}", ranges(months));
                warnings.push(Warning { code: code.to_owned(), message, count: months.len() as u64 });
            }
        };
        let why = match over.len() {
            1 => "which is over: nothing is compared with it",
            _ => "which are over: nothing is compared with them",
        };
        warn("budget_over", &over, why.to_owned());
        match (forecast.months.last(), &forecast.days.refused) {
            (Some(last), _) => {
                let mut why = format!("and months one by one are forecast to {}", last.month);
                if let Some(year) = &forecast.next_12_months {
                    let _ = write!(why, "; {} to {} are forecast as one sum", year.from, year.to);
                }
                warn("budget_beyond", &beyond, why);
            }
            (None, Some(refused)) => {
                warn("budget_beyond", &beyond, format!("and no forecast: {}", refused.reason));
            }
            (None, None) => {}
        }
    }
    warnings
}

/// Months in their order, those that follow one another as one.
fn ranges(months: &[Month]) -> String {
    let runs = months.chunk_by(|one, next| one.next() == *next);
    let text = |run: &[Month]| match run {
        [first, .., last] => format!("{first} to {last}"),
        [only] => only.to_string(),
        [] => String::new(),
    };
    runs.map(text).collect::<Vec<_>>().join(", ")
}
