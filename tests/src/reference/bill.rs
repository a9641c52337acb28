//! The charges of a FOCUS file, by the `csv` crate.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use serde_json::Value;

use super::decimal;
use crate::Outcome;

/// Spellings of null.
const NULLS: [&str; 9] = ["", "NULL", "null", "Null", "None", "N/A", "n/a", "NA", "Unassigned"];

const COSTS: [&str; 4] = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];

/// A charge, every fact as text.
#[derive(Clone, Debug)]
pub struct Charge {
    /// Provider and billing account.
    pub source: (Option<String>, Option<String>),
    /// The currency's code.
    pub currency: String,
    /// Months since year 0.
    pub month: i64,
    /// Day of the month.
    pub day: i64,
    /// Whether it lasts at most a day.
    pub daily: bool,
    /// Whether it is usage.
    pub usage: bool,
    /// The four metrics in units of 10⁻¹⁸.
    pub costs: [Option<BigInt>; 4],
    /// Fields by column name, without those that are null.
    pub fields: BTreeMap<String, String>,
    /// Tags, without those that have no value.
    pub tags: BTreeMap<String, String>,
}

/// The charges of a file, and how many rows hold none.
///
/// # Errors
/// When it is no CSV.
pub fn read(bytes: &[u8]) -> Outcome<(Vec<Charge>, u64)> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers()?.clone();
    let (mut charges, mut refused) = (Vec::new(), 0);
    for record in reader.records() {
        let record = record?;
        let cells = header.iter().zip(&record).map(|(name, cell)| (name.to_owned(), cell.trim_ascii().to_owned()));
        match charge(&cells.collect()) {
            Some(charge) => charges.push(charge),
            None => refused += 1,
        }
    }
    Ok((charges, refused))
}

fn charge(cells: &BTreeMap<String, String>) -> Option<Charge> {
    let fields: BTreeMap<String, String> = cells
        .iter()
        .filter(|(_, cell)| !NULLS.contains(&cell.as_str()))
        .map(|(name, cell)| (name.clone(), cell.clone()))
        .collect();
    let field = |name: &str| fields.get(name).cloned();
    let (month, day, start) = moment(cells.get("ChargePeriodStart")?)?;
    let end = cells.get("ChargePeriodEnd").map(|end| moment(end));
    let daily = match end {
        None => true,
        Some(end) => end.is_some_and(|(_, _, end)| (0..=86_400).contains(&(end - start))),
    };
    let mut costs = [const { None }; 4];
    for (cost, name) in costs.iter_mut().zip(COSTS) {
        if let Some(text) = fields.get(name) {
            *cost = Some(decimal::parse(text)?);
        }
    }
    Some(Charge {
        source: (field("ProviderName"), field("BillingAccountId")),
        currency: field("BillingCurrency").unwrap_or_else(|| "XXX".to_owned()),
        month,
        day,
        daily,
        usage: field("ChargeCategory").is_some_and(|category| category.eq_ignore_ascii_case("usage")),
        costs,
        tags: fields.get("Tags").map(|packed| tags(packed)).unwrap_or_default(),
        fields,
    })
}

/// A JSON object of tags; what is none has no tags.
fn tags(packed: &str) -> BTreeMap<String, String> {
    let Ok(Value::Object(tags)) = serde_json::from_str(packed) else { return BTreeMap::new() };
    let text = |value: Value| match value {
        Value::Null => None,
        Value::String(text) => (!text.is_empty()).then_some(text),
        other => Some(other.to_string()),
    };
    tags.into_iter().filter_map(|(key, value)| Some((key, text(value)?))).collect()
}

/// Month, day and second of `2026-05-31`, or of the same with ` 12:00:00` or `T12:00:00Z` behind it.
fn moment(text: &str) -> Option<(i64, i64, i64)> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let seconds = match text.len() {
        10 => 0,
        _ => number(11..13)? * 3600 + number(14..16)? * 60 + number(17..19)?,
    };
    let months = year * 12 + month - 1;
    if !(1..=12).contains(&month) || !(1..=days_in(months)).contains(&day) {
        return None;
    }
    let before: i64 = (0..months).rev().take_while(|month| *month >= 24_000).map(days_in).sum();
    Some((months, day, (before + day) * 86_400 + seconds))
}

/// The days of a month, counted since year 0.
pub fn days_in(month: i64) -> i64 {
    let year = month / 12;
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month % 12 + 1 {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A month as documents write it.
pub fn month_text(month: i64) -> String {
    format!("{:04}-{:02}", month / 12, month % 12 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_days_and_seconds() {
        let second = |text| moment(text).map(|(_, _, second)| second);
        assert_eq!(second("2026-03-01").unwrap() - second("2026-02-28").unwrap(), 86_400);
        assert_eq!(second("2024-03-01").unwrap() - second("2024-02-28").unwrap(), 2 * 86_400);
        assert_eq!(second("2026-01-01 00:00:01").unwrap() - second("2025-12-31T23:00:00Z").unwrap(), 3601);
        assert_eq!(moment("2026-02-29"), None);
        assert_eq!(month_text(moment("2026-12-09").unwrap().0), "2026-12");
    }
}
