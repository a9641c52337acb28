//! What forecast documents measure, worked out from their figures.
//!
//! A document is held to itself: the days of its history make what is spent, days ahead make what the month will cost, each
//! interval holds the figure and the narrower interval, and the chance of a warning lies where the intervals allow. Figures
//! have nine significant digits, so sums of them may differ in the last.

use serde_json::Value;

use super::measured::{amount, stated};
use super::recount::too_large;
use crate::calendar::{Date, Month};
use crate::money::Amount;

/// What a forecast of cost is, by its `schema`.
pub(super) const COST: &str = "headroom/cost-forecast/1";

/// What forecasts of series are.
pub(super) const SERIES: &str = "headroom/forecast/1";

/// A sum of figures may lie apart by this part of what is added up: each is rounded at the ninth digit.
const ROUNDING: u128 = 100_000_000;

/// A warning has at least so many days of history.
const LEAST_DAYS: usize = 60;

/// Warned of is a rise beyond this many percent, from this chance on.
const RISE: i128 = 120;
const CHANCE: i64 = 80;

/// What the forecast of cost in one currency says of everything there is.
pub(super) struct Foreseen {
    /// The currency.
    pub currency: String,
    /// The metric.
    pub metric: String,
    /// The last day of its history.
    pub to: Date,
    /// The month of the day after.
    pub month: Month,
    /// What the month will cost; `None` where it had begun or there is no forecast.
    pub expected: Option<Amount>,
    /// Whether it looked for a rise before the month's end.
    pub warned: bool,
}

impl Foreseen {
    pub(super) fn of(forecast: &Value) -> Result<Self, String> {
        let text = |name: &str| forecast[name].as_str().ok_or_else(|| format!("the forecast has no `{name}`"));
        let day = |name: &str| text(name)?.parse::<Date>().map_err(|_| format!("the forecast has no `{name}`"));
        let (from, to, made) = (day("from")?, day("to")?, day("as_of")?);
        if from > to || to >= made {
            return Err(format!("its history is of {from} to {to}, and it was made on {made}"));
        }
        let next = to.plus_days(1).ok_or("its history ends with the calendar")?;
        let month = next.month();
        let scopes = forecast["scopes"].as_array().ok_or("the forecast has no `scopes`")?;
        let mut totals = scopes.iter().filter(|scope| scope["scope"]["level"] == "total");
        let (Some(total), None) = (totals.next(), totals.next()) else {
            return Err("it has no forecast of everything, or several".to_owned());
        };
        let days = Days::of(&total["days"], from, to)?;
        let mut warned = false;
        let mut expected = None;
        if let [first, rest @ ..] =
            total["months"].as_array().map(Vec::as_slice).ok_or("the forecast has no `months`")?
        {
            if days.ahead.is_empty() {
                return Err("it forecasts months and no days".to_owned());
            }
            let mut of = month;
            for entry in rest {
                of = of.next();
                if entry["month"].as_str() != Some(&of.to_string()) {
                    return Err("its months do not follow one another".to_owned());
                }
                interval(entry, "expected")?;
            }
            let mean = days.month(first, month, to)?;
            warned = days.warning(&total["early_warning"], first, month, from)?;
            expected = (month != to.month()).then_some(mean);
        } else if !total["early_warning"].is_null() {
            return Err("it warns of a month that it does not forecast".to_owned());
        }
        let (currency, metric) = (text("currency")?.to_owned(), text("metric")?.to_owned());
        Ok(Self { currency, metric, to, month, expected, warned })
    }
}

/// The days of a forecast: what was, and what is expected.
struct Days {
    history: Vec<(Date, Amount)>,
    ahead: Vec<(Date, Amount)>,
}

impl Days {
    fn of(days: &Value, from: Date, to: Date) -> Result<Self, String> {
        let read = |list: &str, figure: &str, first: Option<Date>| {
            let points = days[list].as_array().ok_or_else(|| format!("the forecast has no `days.{list}`"))?;
            let mut expected = first;
            let mut read = Vec::new();
            for point in points {
                let day = expected.filter(|day| point["date"].as_str() == Some(&day.to_string()));
                let day = day.ok_or_else(|| format!("the days of its {list} do not follow one another"))?;
                read.push((day, amount(&point[figure], figure)?));
                expected = day.plus_days(1);
            }
            Ok::<_, String>(read)
        };
        let history = read("history", "value", Some(from))?;
        let ahead = read("forecast", "mean", to.plus_days(1))?;
        if history.last().is_none_or(|(last, _)| *last != to) {
            return Err(format!("its history does not end on {to}"));
        }
        if ahead.is_empty() == days["refused"].is_null() {
            return Err("it has a forecast and a reason why there is none, or neither".to_owned());
        }
        for point in days["forecast"].as_array().into_iter().flatten() {
            interval(point, "mean")?;
        }
        Ok(Self { history, ahead })
    }

    /// The sum of a month's days in the history, and in how far figures make it uncertain.
    fn spent(&self, month: Month) -> Result<(Amount, u128), String> {
        sum(self.history.iter().filter(|(day, _)| day.month() == month))
    }

    /// What the first month will cost: what is spent, and the days to come.
    fn month(&self, entry: &Value, month: Month, to: Date) -> Result<Amount, String> {
        if entry["month"].as_str() != Some(&month.to_string()) {
            return Err(format!("its first month is not {month}"));
        }
        let spent = stated(&entry["spent"], "spent")?;
        let (done, apart) = self.spent(month)?;
        let known = (month == to.month()).then_some(done);
        let agrees = match (spent, known) {
            (None, None) => true,
            (Some(spent), Some(known)) => are_near(spent, known, apart),
            _ => false,
        };
        if !agrees {
            return Err(format!("what it says is spent of {month} is not what its days make"));
        }
        let covers = self.ahead.last().is_some_and(|(last, _)| Some(*last) >= month.day(month.days()));
        let (coming, more) = sum(self.ahead.iter().filter(|(day, _)| day.month() == month))?;
        let whole = done.checked_add(coming).ok_or_else(too_large)?;
        let expected = interval(entry, "expected")?;
        if !covers || !are_near(expected, whole, apart + more) {
            return Err(format!("what it expects of {month} is not what its days make"));
        }
        Ok(expected)
    }

    /// Whether it says how likely the month rises; what it says must follow from the rest.
    fn warning(&self, warning: &Value, entry: &Value, month: Month, from: Date) -> Result<bool, String> {
        if warning.is_null() {
            return Ok(false);
        }
        let before = month.previous();
        let is_month = |name: &str, month: Month| warning[name].as_str() == Some(&month.to_string());
        if !is_month("month", month) || !is_month("previous_month", before) {
            return Err("its warning is of other months than its forecast".to_owned());
        }
        if before.day(1).is_none_or(|first| first < from) || self.history.len() < LEAST_DAYS {
            return Err("it warns with less history than a warning needs".to_owned());
        }
        let previous = amount(&warning["previous"], "previous")?;
        let (known, apart) = self.spent(before)?;
        if previous <= Amount::ZERO || !are_near(previous, known, apart) {
            return Err(format!("what it says {before} cost is not what its days make"));
        }
        let chance = amount(&warning["probability"], "probability")?;
        let percent = Amount::from_whole;
        let limit = previous.checked_mul_div(RISE, 100).ok_or_else(too_large)?;
        let bound = |name: &str| amount(&entry[name], name);
        // The bounds are quantiles of the same paths as the chance, of at least a thousand.
        let possible = (Amount::ZERO..=percent(100)).contains(&chance)
            && (limit >= bound("lo95")? || chance >= percent(97))
            && (limit >= bound("lo80")? || chance >= percent(89))
            && (limit <= bound("hi80")? || chance <= percent(11))
            && (limit <= bound("hi95")? || chance <= percent(3));
        if !possible || warning["warns"].as_bool() != Some(chance >= percent(CHANCE)) {
            return Err("the chance of its warning does not follow from its intervals".to_owned());
        }
        Ok(true)
    }
}

/// The last day of the history of series of which one at least is forecast, and that forecast tried on the past; `None` where
/// none is.
pub(super) fn series(forecast: &Value) -> Result<Option<Date>, String> {
    let mut last = None;
    for series in forecast["series"].as_array().ok_or("the forecast has no `series`")? {
        let points = |name: &str| series[name].as_array().ok_or_else(|| format!("the forecast has no `series.{name}`"));
        let (history, ahead) = (points("history")?, points("forecast")?);
        if ahead.is_empty() == series["refused"].is_null() {
            return Err("a series has a forecast and a reason why there is none, or neither".to_owned());
        }
        let filled = history.iter().filter(|point| point["filled"] == true).count();
        if series["missing"].as_u64() != Some(filled as u64) {
            return Err("a series says that more or fewer values are missing than are filled in".to_owned());
        }
        let date = |point: &Value| point["date"].as_str().map(str::to_owned);
        let dates: Option<Vec<String>> = history.iter().chain(ahead).map(date).collect();
        // Dates of one series are written alike, so they sort as their days do.
        if dates.is_none_or(|dates| !dates.is_sorted_by(|a, b| a < b)) {
            return Err("the dates of a series do not follow one another".to_owned());
        }
        for point in ahead {
            interval(point, "mean")?;
        }
        let (origins, values) = (&series["backtest"]["origins"], &series["backtest"]["values"]);
        let tried = origins.as_u64().is_some_and(|origins| origins > 0 && values.as_u64() >= Some(origins));
        if let Some(point) = history.last().filter(|_| !ahead.is_empty() && tried) {
            let day = date(point).and_then(|date| day_of(&date)).ok_or("a series has a date that is none")?;
            last = last.max(Some(day));
        }
    }
    Ok(last)
}

/// The day of a date as series have it: a month, a day, or a time of a day.
fn day_of(date: &str) -> Option<Date> {
    if let Ok(month) = date.parse::<Month>() {
        return month.day(month.days());
    }
    date.get(..10)?.parse().ok()
}

/// A figure, which must lie within its intervals, and the narrower within the wider.
fn interval(value: &Value, figure: &str) -> Result<Amount, String> {
    let names = ["lo95", "lo80", figure, "hi80", "hi95"];
    let figures = names.map(|name| amount(&value[name], name));
    let figures: Vec<Amount> = figures.into_iter().collect::<Result<_, _>>()?;
    match figures.as_slice() {
        [_, _, mean, ..] if figures.is_sorted() => Ok(*mean),
        _ => Err("an interval of its forecast does not hold what is expected".to_owned()),
    }
}

/// A sum, and how far rounding may move it.
fn sum<'d>(days: impl Iterator<Item = &'d (Date, Amount)>) -> Result<(Amount, u128), String> {
    let (mut sum, mut apart) = (Amount::ZERO, 0_u128);
    for (_, value) in days {
        sum = sum.checked_add(*value).ok_or_else(too_large)?;
        apart = apart.saturating_add(value.magnitude() / ROUNDING + 1);
    }
    Ok((sum, apart))
}

fn are_near(stated: Amount, sum: Amount, apart: u128) -> bool {
    let apart = apart.saturating_add(stated.magnitude() / ROUNDING + 1);
    stated.checked_sub(sum).is_some_and(|difference| difference.magnitude() <= apart)
}
