//! What a reader of months and sums alone would miss.

use super::document::{ExpectedMonth, ExpectedPeriod, ScopeForecast};
use super::sum::forecasts;
use crate::change::Level;
use crate::forecast::LEAST_REPLAYED;

/// How far in percent the parts may add up beside the whole without a word.
const APART: f64 = 1.0;

/// Which intervals rest on too few forecasts of the past, and what they are then; which sums none reaches.
pub(super) fn notes(forecast: &ScopeForecast) -> Vec<String> {
    let note = |whose: String, replayed: usize, parts: &str| {
        let (many, one) = if whose.starts_with("the intervals") { ("rest", "they add") } else { ("rests", "it adds") };
        let rest = forecasts(replayed);
        let few = replayed < LEAST_REPLAYED;
        few.then(|| format!("{whose} {many} on {rest}: {one} up those of {parts} as if all errors went one way"))
    };
    let mut notes = Vec::new();
    let (first, next) = forecast.months.split_at(forecast.months.len().min(1));
    for months in [first, next] {
        notes.extend(match months {
            [] => None,
            [only] => note(format!("the interval of {}", only.month), only.replayed, "days"),
            [first, .., last] => {
                note(format!("the intervals of {} to {}", first.month, last.month), first.replayed, "days")
            }
        });
    }
    let (three, year) = (forecast.next_3_months.as_ref(), forecast.next_12_months.as_ref());
    notes.extend(year.and_then(|year| note("the interval of the twelve months".to_owned(), year.replayed, "months")));
    notes.extend(untried(next, three, year));
    notes
}

/// Which sums no forecast of the past reaches to: their confidence is low, and why should be seen.
fn untried(months: &[ExpectedMonth], three: Option<&ExpectedPeriod>, year: Option<&ExpectedPeriod>) -> Option<String> {
    let months = months.iter().filter(|month| month.backtest.is_none()).map(|month| month.month.to_string());
    let period = |period: Option<&ExpectedPeriod>, name: &str| {
        period.filter(|period| period.backtest.is_none()).map(|_| name.to_owned())
    };
    let untried: Vec<String> =
        months.chain(period(three, "the three months")).chain(period(year, "the twelve months")).collect();
    let (last, before) = untried.split_last()?;
    let names = if before.is_empty() { last.clone() } else { format!("{} and {last}", before.join(", ")) };
    Some(format!("no forecast of the past reaches as far as {names}, so confidence in that is low"))
}

/// Says on the total what squads and services come to together, each forecast by itself, where that is not what the total
/// is forecast at.
pub(super) fn apart(named: &mut [(String, ScopeForecast)]) {
    let Some(at) = named.iter().position(|(_, forecast)| forecast.scope.level == Level::Total.name()) else { return };
    let Some(month) = named[at].1.months.first() else { return };
    let (month, total) = (month.month, month.expected.0);
    for (level, names) in [("squad", "squads"), ("service", "services")] {
        let of_level = named.iter().filter(|(_, forecast)| forecast.scope.level == level);
        let expected: Option<Vec<f64>> =
            of_level.map(|(_, forecast)| Some(forecast.months.first()?.expected.0)).collect();
        let Some(expected) = expected.filter(|expected| expected.len() > 1) else { continue };
        let sum: f64 = expected.iter().sum();
        let percent = 100.0 * (sum / total - 1.0);
        if total > 0.0 && percent.abs() >= APART {
            let side = if percent > 0.0 { "above" } else { "below" };
            let note = format!(
                "{names} are forecast each by itself: those of {month} add up to {:.1} % {side} everything",
                percent.abs()
            );
            named[at].1.notes.push(note);
        }
    }
}
