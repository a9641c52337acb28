//! What was planned to be spent: `budgets.csv`.

use crate::calendar::Month;
use crate::money::Amount;
use crate::order::BTreeMap;

/// Budgets by month and key. A key is `total`, or a dimension and its value, such as `squad=payments`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budgets(BTreeMap<(Month, String), Amount>);

/// Why a table of budgets cannot be read: line and column where there are any.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BudgetFault {
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column's name.
    pub column: Option<&'static str>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
}

const LAYOUT: &str = "write the header `month,key,value`, with keys such as `total` and `squad=payments`";

const NEGATIVE: &str = "write what may be spent, such as `1000`, or leave the row out";

impl Budgets {
    /// Reads `month,key,value`.
    ///
    /// # Errors
    /// The first row that cannot be read, or that is there already.
    pub fn parse(text: &str) -> Result<Self, BudgetFault> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let whole = |line, message: String| BudgetFault { line, column: None, message, hint: LAYOUT };
        let of_csv = |error: &csv::Error| {
            whole(
                error.position().map(csv::Position::line),
                "the row cannot be read as CSV, or has too many or few cells".to_owned(),
            )
        };
        let header = reader.headers().map_err(|error| of_csv(&error))?.clone();
        let need = |name: &str| {
            let place = header.iter().position(|column| column == name);
            place.ok_or_else(|| {
                whole(
                    Some(1),
                    format!(
                        "there is no column `{name}`; the header is `{}`",
                        header.iter().collect::<Vec<_>>().join(",")
                    ),
                )
            })
        };
        let (month, key, value) = (need("month")?, need("key")?, need("value")?);
        let mut budgets = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(|error| of_csv(&error))?;
            let line = record.position().map(csv::Position::line);
            let fault = |column, message| BudgetFault { line, column: Some(column), message, hint: LAYOUT };
            let cell = |at: usize| record.get(at).unwrap_or_default();
            let read: Month = cell(month)
                .parse()
                .map_err(|_| fault("month", format!("`{}` is not a month such as 2026-05", cell(month))))?;
            let named = cell(key);
            let known = |level: &str| ["squad", "service", "service_name"].contains(&level);
            if named != "total"
                && !named.split_once('=').is_some_and(|(level, value)| known(level) && !value.is_empty())
            {
                return Err(fault("key", format!("`{named}` is neither `total` nor a squad, service or service_name")));
            }
            let amount = Amount::parse(cell(value).as_bytes())
                .map_err(|_| fault("value", format!("`{}` is not an amount", cell(value))))?
                .amount;
            if amount.units() < 0 {
                let message = format!("`{}` is below 0", cell(value));
                return Err(BudgetFault { hint: NEGATIVE, ..fault("value", message) });
            }
            if budgets.insert((read, named.to_owned()), amount).is_some() {
                return Err(fault("key", format!("`{named}` has a budget of {read} already")));
            }
        }
        Ok(Self(budgets))
    }

    /// The budget of a month, if there is one.
    pub fn of(&self, month: Month, key: &str) -> Option<Amount> {
        self.0.get(&(month, key.to_owned())).copied()
    }

    /// The months that a key has a budget of, in their order.
    pub fn months<'b>(&'b self, key: &'b str) -> impl Iterator<Item = Month> + 'b {
        self.0.keys().filter(move |(_, known)| known == key).map(|(month, _)| *month)
    }

    /// The keys there are.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|(_, key)| key.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_are_read_and_faults_placed() {
        let budgets = Budgets::parse("month,key,value\n2026-06,total,1000\n2026-06,squad=payments,10.5\n").unwrap();
        let june = "2026-06".parse().unwrap();
        assert_eq!(budgets.of(june, "total"), Some(Amount::from_whole(1000)));
        assert_eq!(budgets.of(june, "squad=search"), None);
        for (text, line, column) in [
            ("month,key\n", Some(1), None),
            ("month,key,value\nJune,total,1\n", Some(2), Some("month")),
            ("month,key,value\n2026-06,payments,1\n", Some(2), Some("key")),
            ("month,key,value\n2026-06,total,lots\n", Some(2), Some("value")),
            ("month,key,value\n2026-06,total,1\n2026-07,total,-0.01\n", Some(3), Some("value")),
            ("month,key,value\n2026-06,total,1\n2026-06,total,2\n", Some(3), Some("key")),
        ] {
            let fault = Budgets::parse(text).unwrap_err();
            assert_eq!((fault.line, fault.column), (line, column), "{text}");
        }
    }
}
