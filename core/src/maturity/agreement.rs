//! What a cost report says in more than one place must be the same everywhere.
//!
//! A report repeats itself: a percentage beside the two amounts it follows from, totals beside what was allocated of them, the
//! month among its history, the completeness of a month beside the days of each file. Here every such figure is worked out
//! anew; a report that contradicts itself was changed after it was made, and measures nothing.

use serde_json::Value;

use super::measured::stated;
use super::recount::{Group, THRESHOLD, too_large};
use crate::calendar::{Date, Month};
use crate::money::{Amount, percent_change};
use crate::order::{BTreeMap, BTreeSet};

const METRICS: [&str; 4] = ["billed", "effective", "list", "contracted"];

/// Months that a report's history holds at most.
const MOST_MONTHS: usize = 13;

/// The days of a month that a source's files hold.
#[derive(Default)]
struct Covered {
    first: Option<Date>,
    last: Option<Date>,
    is_own: bool,
}

/// What the report has said of itself so far.
pub(super) struct Said<'r> {
    /// The report.
    pub report: &'r Value,
    /// Its month.
    pub month: Month,
    /// Its metric.
    pub metric: &'r str,
    /// Its groups.
    pub groups: &'r [Group],
}

impl Said<'_> {
    /// Whether it is the same everywhere.
    pub(super) fn agrees(&self) -> Result<(), String> {
        totals(self.report)?;
        self.history()?;
        self.completeness()?;
        self.sides()?;
        let mut keys = BTreeSet::new();
        for group in self.groups {
            if !keys.insert(&group.key) {
                return Err("it lists a group twice".to_owned());
            }
        }
        Ok(())
    }

    /// The month is the last of the history, with the same totals, and is compared with the month before where that is there.
    fn history(&self) -> Result<(), String> {
        let months = self.months()?;
        let Some((last, entry)) = months.last() else { return Err("the report has no `history`".to_owned()) };
        if *last != self.month || months.len() > MOST_MONTHS || !months.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(format!("its history is not of the months up to {}", self.month));
        }
        for metric in METRICS {
            let total = stated(&self.report["totals"][metric]["amount"], "totals")?;
            if stated(&entry["totals"][metric], "history.totals")? != total {
                return Err(format!("its history has another {metric} cost of {} than its totals", self.month));
            }
        }
        if entry["complete"] != self.report["complete"] {
            return Err(format!("its history says something else of whether {} is whole", self.month));
        }
        let before = months.iter().any(|(month, _)| *month == self.month.previous());
        let compared = self.report["previous_month"].as_str().map(str::parse::<Month>);
        let agrees = match compared {
            None => !before,
            Some(compared) => before && compared.is_ok_and(|month| month == self.month.previous()),
        };
        if agrees { Ok(()) } else { Err("its `previous_month` is not what its history holds".to_owned()) }
    }

    fn months(&self) -> Result<Vec<(Month, &Value)>, String> {
        let history = self.report["history"].as_array().ok_or("the report has no `history`")?;
        let month = |entry| month_of(entry, "history.month").map(|month| (month, entry));
        history.iter().map(month).collect()
    }

    /// A month is whole when every source has charges of its first and its last day.
    fn completeness(&self) -> Result<(), String> {
        let files = self.report["verdict"]["files"].as_array().ok_or("the report has no `verdict.files`")?;
        let currency = &self.report["currency"];
        let mut days: BTreeMap<(String, Month), Covered> = BTreeMap::new();
        for file in files {
            let currencies = file["currencies"].as_array().map_or(&[][..], Vec::as_slice);
            if !currencies.contains(currency) {
                continue;
            }
            for source in file["sources"].as_array().into_iter().flatten() {
                let name = format!("{} {}", source["provider_name"], source["billing_account_id"]);
                for entry in source["months"].as_array().into_iter().flatten() {
                    let month = month_of(entry, "verdict.files.sources.months.month")?;
                    let covered = days.entry((name.clone(), month)).or_default();
                    let day = |name: &str| entry[name].as_str().and_then(|day| day.parse::<Date>().ok());
                    covered.first = [covered.first, day("first_day")].into_iter().flatten().min();
                    covered.last = covered.last.max(day("last_day"));
                    // Which sources of a file of several currencies have charges in this one is not told.
                    covered.is_own |= currencies.len() == 1;
                }
            }
        }
        if !days.keys().any(|(_, month)| *month == self.month) {
            return Err(format!("none of its files holds anything of {}", self.month));
        }
        for (month, entry) in self.months()? {
            let whole = (month.day(1), month.day(month.days()));
            let mut sources = days.iter().filter(|((_, of), covered)| *of == month && covered.is_own);
            if entry["complete"] == "yes" && sources.any(|(_, covered)| (covered.first, covered.last) != whole) {
                return Err(format!("it calls {month} whole, and its files do not hold its first and last day"));
            }
        }
        Ok(())
    }

    /// Where whole months are compared, both sides and what is not compared make the months' totals.
    fn sides(&self) -> Result<(), String> {
        let before = self.month.previous();
        let months = self.months()?;
        let Some((_, entry)) = months.iter().find(|(month, entry)| *month == before && entry["complete"] == "yes")
        else {
            return Ok(());
        };
        let left_out = self.report["not_compared"].as_array().ok_or("the report has no `not_compared`")?;
        let totals = [&self.report["totals"][self.metric]["amount"], &entry["totals"][self.metric]];
        let pick: [fn(&Group) -> Option<Amount>; 2] = [|group| group.compared, |group| group.previous];
        for ((month, pick), total) in [self.month, before].into_iter().zip(pick).zip(totals) {
            let of_month = left_out.iter().filter(|part| part["month"].as_str() == Some(&month.to_string()));
            let left_out: Vec<Option<Amount>> =
                of_month.map(|part| stated(&part["amount"], "not_compared.amount")).collect::<Result<_, _>>()?;
            let parts = self.groups.iter().map(pick).chain(left_out).flatten();
            let sum = Amount::checked_sum(parts).ok_or_else(too_large)?;
            let total = stated(total, "totals")?.unwrap_or_default();
            if sum != total {
                return Err(format!("what it compares of {month} adds up to {sum}, and its total is {total}"));
            }
        }
        Ok(())
    }
}

/// Of every metric: rows, what was allocated, and the total.
fn totals(report: &Value) -> Result<(), String> {
    let mut rows = None;
    for metric in METRICS {
        let (total, sums) = (&report["totals"][metric], &report["conservation"][metric]);
        let count =
            |name: &str| total[name].as_u64().ok_or_else(|| format!("the report has no `totals.{metric}.{name}`"));
        let (all, missing) = (count("rows")?, count("missing_rows")?);
        let amount = stated(&total["amount"], "totals")?;
        if rows.replace(all).is_some_and(|other| other != all) || missing > all || amount.is_none() != (missing == all)
        {
            return Err(format!(
                "the rows of its {metric} cost do not agree with its amount or with the other metrics"
            ));
        }
        let part = |name: &str| stated(&sums[name], name);
        let (input, allocated, unallocated) = (part("input")?, part("allocated")?, part("unallocated")?);
        let words = |amount: Option<Amount>| amount.map_or_else(|| "null".to_owned(), |amount| amount.to_string());
        let makes = match (input, allocated, unallocated) {
            (None, None, None) => true,
            (Some(input), Some(one), Some(other)) => one.checked_add(other) == Some(input),
            _ => false,
        };
        if !makes {
            let [input, allocated, unallocated] = [input, allocated, unallocated].map(words);
            return Err(format!(
                "allocated {allocated} and unallocated {unallocated} do not make the input of {input} ({metric})"
            ));
        }
        if part("difference")? != input.map(|_| Amount::ZERO) {
            return Err(format!("its `difference` of {metric} cost is not what its sums leave"));
        }
        if input != amount {
            let (input, amount) = (words(input), words(amount));
            return Err(format!("the input of {input} is not its total of {amount} ({metric})"));
        }
    }
    Ok(())
}

/// Days of the month, and of the month before, that a percentage a day divides by: those of whole months, or the same days of
/// both.
pub(super) fn day_counts(report: &Value, month: Month) -> Result<[[u8; 2]; 2], String> {
    let day = |name: &str| report["basis"][name].as_str().and_then(|day| day.parse::<Date>().ok());
    let (from, to) = day("from").zip(day("to")).ok_or("the report has no `basis`")?;
    if from > to || from.month() != month || to.month() != month {
        return Err(format!("its basis is not of days of {month}"));
    }
    let same = to.day() - from.day() + 1;
    Ok([[month.days(), month.previous().days()], [same, same]])
}

/// Whether the percentages beside two amounts follow from them.
pub(super) fn percentages(
    value: &Value,
    now: Option<Amount>,
    before: Option<Amount>,
    days: [[u8; 2]; 2],
) -> Result<bool, String> {
    let Some((now, before)) = now.zip(before) else {
        return Ok(value["percent"].is_null() && value["percent_per_day"].is_null());
    };
    let percent = |now: Amount, before: Amount| {
        let delta = now.checked_sub(before).ok_or_else(too_large)?;
        Ok::<_, String>(percent_change(delta, before, THRESHOLD))
    };
    let per_day = days.map(|[days_now, days_before]| {
        let times = |amount: Amount, days: u8| amount.checked_mul_div(i128::from(days), 1).ok_or_else(too_large);
        percent(times(now, days_before)?, times(before, days_now)?)
    });
    let [whole, same] = per_day;
    let (whole, same) = (whole?, same?);
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    let daily = text("percent_per_day");
    Ok(text("percent") == percent(now, before)? && (daily == whole || daily == same))
}

fn month_of(entry: &Value, what: &str) -> Result<Month, String> {
    let month = entry["month"].as_str().and_then(|month| month.parse().ok());
    month.ok_or_else(|| format!("the report has no `{what}`"))
}
