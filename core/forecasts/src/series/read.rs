//! Series from CSV text: `series,date,value`, rows in any order.

use super::regular::{Irregular, Series};
use super::step::Stamp;
use crate::order::{BTreeMap, Order as _};

/// Why a table of series cannot be read: line and column where there are any.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SeriesFault {
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column's name.
    pub column: Option<&'static str>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
}

const LAYOUT: &str = "write the header `series,date,value`, and a row for each value";
const DATES: &str = "write dates as `2026-05`, `2026-05-31`, `2026-05-31T14:00:00Z` or a whole number";
const VALUES: &str =
    "write values as `1234.5`, without separators of thousands; leave the cell empty where one is missing";

/// The points of one series: each date with its value and the line it stands on.
type Points = Vec<(Stamp, Option<f64>, u64)>;

/// A series by its name, or why it is none.
pub type NamedSeries = (String, Result<Series, Irregular>);

/// Reads series, in order of name. A table without the column `series` is one, named `value`. An empty cell, `NA`, `NaN`
/// and `null` are missing values.
///
/// # Errors
/// The first row that cannot be read, or that gives a date a second time.
pub fn read_series(text: &str) -> Result<Vec<NamedSeries>, SeriesFault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| of_csv(&error))?.clone();
    let place = |name: &str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
    let need = |name: &str| {
        place(name).ok_or_else(|| {
            let header = header.iter().collect::<Vec<_>>().join(",");
            let message = format!("there is no column `{name}`; the header is `{header}`");
            SeriesFault { line: Some(1), column: None, message, hint: LAYOUT }
        })
    };
    let (date, value, name) = (need("date")?, need("value")?, place("series"));
    let mut all: BTreeMap<String, Points> = BTreeMap::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| of_csv(&error))? {
        let line = record.position().map_or(0, csv::Position::line);
        let fault = |column, message, hint| SeriesFault { line: Some(line), column: Some(column), message, hint };
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        let stamp =
            Stamp::parse(cell(date)).ok_or_else(|| fault("date", format!("`{}` is not a date", cell(date)), DATES))?;
        let value = match cell(value) {
            "" | "NA" | "NaN" | "nan" | "null" => None,
            text => match text.parse::<f64>() {
                Ok(value) if value.is_finite() => Some(value),
                _ => return Err(fault("value", format!("`{text}` is not a number"), VALUES)),
            },
        };
        let name = name.map_or("value", cell);
        if name.is_empty() {
            return Err(fault("series", "the row has no name of a series".to_owned(), LAYOUT));
        }
        match all.get_mut(name) {
            Some(points) => points.push((stamp, value, line)),
            None => drop(all.insert(name.to_owned(), vec![(stamp, value, line)])),
        }
    }
    let mut series = Vec::with_capacity(all.len());
    for (name, mut points) in all {
        points.order_by_key(|(stamp, _, line)| (*stamp, *line));
        if let Some(twice) = points.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(SeriesFault {
                line: Some(twice[1].2),
                column: Some("date"),
                message: format!("`{name}` has `{}` already, on line {}", twice[0].0, twice[0].2),
                hint: "give each date of a series once; add up what belongs together before",
            });
        }
        let points = points.into_iter().map(|(stamp, value, _)| (stamp, value)).collect();
        let regular = Series::new(name.clone(), points);
        series.push((name, regular));
    }
    Ok(series)
}

fn of_csv(error: &csv::Error) -> SeriesFault {
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} cells, and the header {expected_len}")
        }
        _ => "the row cannot be read as CSV".to_owned(),
    };
    SeriesFault { line: error.position().map(csv::Position::line), column: None, message, hint: LAYOUT }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_may_begin_and_end_at_any_of_the_day() {
        // From 05:00 of one day to midnight of the day after the next.
        let rows =
            |from: u32| (from..=48).map(|hour| format!("2026-05-{:02}T{:02}:00Z,{hour}\n", 1 + hour / 24, hour % 24));
        for from in [0, 5] {
            let series = read_series(&format!("date,value\n{}", rows(from).collect::<String>())).unwrap();
            let series = series[0].1.as_ref().unwrap();
            assert_eq!(series.values, (from..=48).map(|hour| Some(f64::from(hour))).collect::<Vec<_>>());
            assert_eq!(series.stamp(0).unwrap(), Stamp::parse(&format!("2026-05-01T{from:02}:00")).unwrap());
        }
    }

    #[test]
    fn rows_come_in_any_order() {
        let read = |text: &str| read_series(text).unwrap();
        let one = read("series,date,value\na,2026-01,1\na,2026-02,\na,2026-03,3\nb,2026-01,5\n");
        let other =
            read("\u{feff}date,VALUE,series\r\n2026-03,3,a\r\n2026-01,5,b\r\n2026-01, 1 ,a\r\n2026-02,NA,a\r\n");
        assert_eq!(one, other);
        assert_eq!(one[0].1.as_ref().unwrap().values, [Some(1.0), None, Some(3.0)]);
        assert_eq!(read("date,value\n2026-01,1\n2026-02,2\n")[0].0, "value");
    }

    #[test]
    fn faults_name_their_place() {
        let fault = |text: &str| {
            let fault = read_series(text).unwrap_err();
            (fault.line, fault.column, fault.message)
        };
        assert_eq!(fault("series,date,value\na,May,1\n"), (Some(2), Some("date"), "`May` is not a date".to_owned()));
        assert_eq!(
            fault("series,date,value\na,2026-01,1\na,2026-02,\"1,5\"\n"),
            (Some(3), Some("value"), "`1,5` is not a number".to_owned())
        );
        assert_eq!(
            fault("series,date,value\na,2026-01,1\na,2026-01,2\n"),
            (Some(3), Some("date"), "`a` has `2026-01` already, on line 2".to_owned())
        );
        assert_eq!(fault("series,date,value\na,2026-01\n").2, "the row has 2 cells, and the header 3");
        assert_eq!(fault("a;b\n").2, "there is no column `date`; the header is `a;b`");
    }
}
