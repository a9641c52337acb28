//! Small tables that people write: CSV text to rows of cells, with places for what is wrong.

/// Why a table cannot be read: line and column where there are any.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TableFault {
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column's name.
    pub column: Option<&'static str>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
}

/// The columns of a table, those that must be there first.
#[derive(Clone, Copy, Debug)]
pub struct Layout<const N: usize> {
    /// Their names.
    pub columns: [&'static str; N],
    /// How many of them must be there.
    pub needed: usize,
    /// How to write the header.
    pub hint: &'static str,
}

/// The cells of one row, in the order of the layout; one that the table lacks is empty.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r, const N: usize> {
    record: &'r csv::StringRecord,
    places: &'r [Option<usize>; N],
    layout: &'r Layout<N>,
}

impl<'r, const N: usize> Row<'r, N> {
    /// What a cell holds, by its place in the layout.
    pub fn cell(&self, column: usize) -> &'r str {
        self.places.get(column).copied().flatten().and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    /// Whether the table has a column.
    pub fn has(&self, column: usize) -> bool {
        self.places.get(column).is_some_and(Option::is_some)
    }

    /// The line of the table that the row begins in, from 1.
    pub fn line(&self) -> Option<u64> {
        self.record.position().map(csv::Position::line)
    }

    /// What is wrong with a cell, and what to do about it.
    pub fn fault(&self, column: usize, message: String, hint: &'static str) -> TableFault {
        TableFault { line: self.line(), column: self.layout.columns.get(column).copied(), message, hint }
    }
}

impl<const N: usize> Layout<N> {
    /// Hands on every row of a table.
    pub fn read(
        &self,
        text: &str,
        mut take: impl FnMut(Row<'_, N>) -> Result<(), TableFault>,
    ) -> Result<(), TableFault> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let whole = |line, message: String| TableFault { line, column: None, message, hint: self.hint };
        let of_csv = |error: &csv::Error| {
            let message = match error.kind() {
                csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                    format!("the row has {len} cells, and the header {expected_len}")
                }
                _ => "the row cannot be read as CSV".to_owned(),
            };
            whole(error.position().map(csv::Position::line), message)
        };
        let header = reader.headers().map_err(|error| of_csv(&error))?.clone();
        let places = self.columns.map(|name| header.iter().position(|column| column.eq_ignore_ascii_case(name)));
        for (name, place) in self.columns.iter().zip(places).take(self.needed) {
            if place.is_none() {
                let header = header.iter().collect::<Vec<_>>().join(",");
                return Err(whole(Some(1), format!("there is no column `{name}`; the header is `{header}`")));
            }
        }
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| of_csv(&error))? {
            take(Row { record: &record, places: &places, layout: self })?;
        }
        Ok(())
    }
}
