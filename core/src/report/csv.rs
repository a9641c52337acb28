//! The groups as CSV, for spreadsheets and scripts.
//!
//! CSV is data: amounts are exact and values stand as the bill or the policy has them. A value that
//! starts with `=`, `+`, `-` or `@` is therefore not altered; a spreadsheet should import these
//! columns as text. An empty cell is an unallocated dimension, or a figure that does not exist.

use super::document::Report;
use crate::money::Amount;

/// The report's groups: month, dimensions, currency, metric, figures and the rules that made them.
///
/// Rule ids are separated by blanks.
///
/// # Errors
/// None that writing to memory can raise; the writer's error is handed on all the same.
pub fn csv(report: &Report) -> Result<String, csv::Error> {
    csv_all(std::slice::from_ref(report))
}

/// Several reports, one for each currency, under one header that names every dimension of any.
///
/// # Errors
/// As [`csv()`].
pub fn csv_all(reports: &[Report]) -> Result<String, csv::Error> {
    let mut dimensions: Vec<&str> = Vec::new();
    for name in reports.iter().flat_map(|report| &report.dimensions) {
        if !dimensions.contains(&name.as_str()) {
            dimensions.push(name);
        }
    }
    let mut text = Vec::new();
    let mut writer = csv::Writer::from_writer(&mut text);
    let figures =
        ["currency", "metric", "amount", "compared", "previous", "delta", "percent", "percent_per_day", "rules"];
    writer.write_record(["month"].into_iter().chain(dimensions.iter().copied()).chain(figures))?;
    for report in reports {
        write_groups(&mut writer, report, &dimensions)?;
    }
    writer.flush()?;
    drop(writer);
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn write_groups(
    writer: &mut csv::Writer<&mut Vec<u8>>,
    report: &Report,
    dimensions: &[&str],
) -> Result<(), csv::Error> {
    let amount = |amount: Option<Amount>| amount.map_or_else(String::new, |amount| amount.to_string());
    for group in &report.groups {
        writer.write_field(report.month.to_string())?;
        for dimension in dimensions {
            let value = group.key.0.iter().find(|(name, _)| name == dimension).and_then(|(_, value)| value.as_deref());
            writer.write_field(value.unwrap_or_default())?;
        }
        writer.write_field(report.currency.code())?;
        writer.write_field(report.metric.name())?;
        for figure in [group.amount, group.compared, group.previous, group.delta] {
            writer.write_field(amount(figure))?;
        }
        writer.write_field(group.percent.as_deref().unwrap_or_default())?;
        writer.write_field(group.percent_per_day.as_deref().unwrap_or_default())?;
        writer.write_field(group.rules.join(" "))?;
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(())
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
