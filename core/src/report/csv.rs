//! The groups as CSV, and below them what to do, for spreadsheets and scripts.
//!
//! CSV is data: amounts are exact and values stand as the bill or the policy has them. A value that
//! starts with `=`, `+`, `-` or `@` is therefore not altered; a spreadsheet should import these
//! columns as text. An empty cell is an unallocated dimension, or a figure that does not exist.

use super::cube::ColumnTaken;
use super::document::{Action, Group, Report};
use crate::money::Amount;

/// The report's groups: month, dimensions, currency, metric, figures, the rules that made them, and what their environment
/// is: `production`, `non_production` or `unknown`.
///
/// Rule ids are separated by blanks. Where a report has actions, columns for them follow, and a row for each: its metric is
/// `saving_month`, its amount what it saves, its dimensions say whose it is.
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
        ["currency", "metric", "amount", "compared", "previous", "delta", "percent", "percent_per_day", "rules", KIND];
    let with_actions = reports.iter().any(|report| report.actions.is_some());
    let of_actions: &[&str] = if with_actions { &ACTION } else { &[] };
    let header =
        || ["month"].into_iter().chain(dimensions.iter().copied()).chain(figures).chain(of_actions.iter().copied());
    if let Some(taken) = ColumnTaken::first(header()) {
        return Err(taken);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(header());
    for report in reports {
        for group in &report.groups {
            let more = of_actions.iter().map(|_| String::new());
            let _ = writer.write_record(row(report, group, &dimensions).into_iter().chain(more));
        }
        for action in report.actions.iter().flat_map(|actions| &actions.list) {
            let _ = writer.write_record(action_row(report, action, &dimensions));
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
    row.push(kind(report, group).to_owned());
    row
}

/// What the group's environment is; empty where the report does not tell environments apart.
fn kind(report: &Report, group: &Group) -> &'static str {
    let environment = group.key.0.iter().find(|(name, _)| name == "environment");
    let known = report.environments.as_ref().zip(environment);
    known.map_or("", |(found, (_, value))| found.rule.kinds.kind(value.as_deref()).name())
}

fn action_row(report: &Report, action: &Action, dimensions: &[&str]) -> Vec<String> {
    let owner = |dimension: &&str| {
        let part = action.owner.0.iter().find(|(name, _)| name == dimension);
        part.and_then(|(_, value)| value.clone()).unwrap_or_default()
    };
    let amount = |amount: Option<Amount>| amount.map_or_else(String::new, |amount| amount.to_string());
    let mut row = vec![report.month.to_string()];
    row.extend(dimensions.iter().map(owner));
    row.extend([report.currency.code().to_owned(), "saving_month".to_owned(), amount(action.saving_month)]);
    row.extend(std::iter::repeat_n(String::new(), 7));
    let evidence = &action.evidence;
    row.extend([
        action.rank.to_string(),
        action.action.word().to_owned(),
        action.subject.clone(),
        action.what.clone(),
        amount(action.stated_month),
        action.risk.word().to_owned(),
        action.effort.word().to_owned(),
        action.approver.clone().unwrap_or_default(),
        evidence.document.clone(),
        evidence.at.join(" "),
        evidence.says.clone(),
    ]);
    row
}

/// The column that says what an environment is.
const KIND: &str = "environment_kind";

/// Columns of actions.
const ACTION: [&str; 11] =
    ["rank", "action", "subject", "what", "stated_month", "risk", "effort", "approver", "document", "at", "says"];

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
        assert_eq!(reader.headers().unwrap().len(), 1 + report.dimensions.len() + 10);
        let squads: Vec<_> = reader.records().map(|row| row.unwrap()[1].to_owned()).collect();
        let want: Vec<_> = report.groups.iter().map(|group| group.key.0[0].1.clone().unwrap_or_default()).collect();
        assert_eq!(squads, want);
    }
}
