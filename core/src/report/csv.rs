//! The groups as CSV, for spreadsheets and scripts.
//!
//! CSV is data: amounts are exact and values stand as the bill or the policy has them. A value that
//! starts with `=`, `+`, `-` or `@` is therefore not altered; a spreadsheet should import these
//! columns as text. An empty cell is an unallocated dimension, or a figure that does not exist.

use super::cube::ColumnTaken;
use super::document::{Group, Report};
use crate::money::Amount;

/// The report's groups: month, dimensions, currency, metric, figures and the rules that made them.
///
/// Rule ids are separated by blanks.
///
/// # Errors
/// When a dimension of the user's own bears the name of one of the columns.
pub fn csv(report: &Report) -> Result<String, ColumnTaken> {
    csv_all(std::slice::from_ref(report))
}

/// Several reports, one for each currency, under one header that names every dimension of any.
///
/// # Errors
/// As [`csv()`].
pub fn csv_all(reports: &[Report]) -> Result<String, ColumnTaken> {
    let mut dimensions: Vec<&str> = Vec::new();
    for name in reports.iter().flat_map(|report| &report.dimensions) {
        if !dimensions.contains(&name.as_str()) {
            dimensions.push(name);
        }
    }
    let figures =
        ["currency", "metric", "amount", "compared", "previous", "delta", "percent", "percent_per_day", "rules"];
    let header = || ["month"].into_iter().chain(dimensions.iter().copied()).chain(figures);
    if let Some(taken) = ColumnTaken::first(header()) {
        return Err(taken);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(header());
    for report in reports {
        for group in &report.groups {
            let _ = writer.write_record(row(report, group, &dimensions));
        }
    }
    let text = writer.into_inner().unwrap_or_default();
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn row(report: &Report, group: &Group, dimensions: &[&str]) -> Vec<String> {
    let value = |dimension: &&str| {
        let part = group.key.0.iter().find(|(name, _)| name == dimension);
        part.and_then(|(_, value)| value.clone()).unwrap_or_default()
    };
    let amounts = [group.amount, group.compared, group.previous, group.delta];
    let amount = |amount: Option<Amount>| amount.map_or_else(String::new, |amount| amount.to_string());
    let mut row = vec![report.month.to_string()];
    row.extend(dimensions.iter().map(value));
    row.extend([report.currency.code().to_owned(), report.metric.name().to_owned()]);
    row.extend(amounts.map(amount));
    row.extend([&group.percent, &group.percent_per_day].map(|percent| percent.clone().unwrap_or_default()));
    row.push(group.rules.join(" "));
    row
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn groups_are_exact_and_unallocated_is_empty() {
        insta::assert_snapshot!(csv(&sample::report()).unwrap());
    }

    #[test]
    fn hostile_values_come_back_as_they_were() {
        let report = sample::hostile();
        let text = csv_all(&[report.clone(), sample::empty("JPY")]).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap().len(), 1 + report.dimensions.len() + 9);
        let squads: Vec<_> = reader.records().map(|row| row.unwrap()[1].to_owned()).collect();
        let want: Vec<_> = report.groups.iter().map(|group| group.key.0[0].1.clone().unwrap_or_default()).collect();
        assert_eq!(squads, want);
    }
}
