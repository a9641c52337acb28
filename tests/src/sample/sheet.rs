//! A CSV file whose cells are set by column name.

use std::fmt;

/// A row of the sample names a column that its file does not have, or could not be written.
#[derive(Debug)]
pub struct SampleError(String);

impl fmt::Display for SampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SampleError {}

impl From<csv::Error> for SampleError {
    fn from(error: csv::Error) -> Self {
        Self(error.to_string())
    }
}

/// The file so far.
pub(super) struct Sheet {
    header: Vec<String>,
    writer: csv::Writer<Vec<u8>>,
}

impl Sheet {
    pub(super) fn new(header: &[&str]) -> Result<Self, SampleError> {
        Self::after(&[], header)
    }

    /// A file that starts with a byte-order mark, as Azure's exports do.
    pub(super) fn with_mark(header: &[&str]) -> Result<Self, SampleError> {
        Self::after("\u{feff}".as_bytes(), header)
    }

    fn after(start: &[u8], header: &[&str]) -> Result<Self, SampleError> {
        let mut writer = csv::Writer::from_writer(start.to_vec());
        writer.write_record(header)?;
        Ok(Self { header: header.iter().map(|&name| name.to_owned()).collect(), writer })
    }

    /// Adds a row; columns that are not named stay empty.
    pub(super) fn row(&mut self, cells: &[(&str, String)]) -> Result<(), SampleError> {
        let mut row = vec![""; self.header.len()];
        for (name, value) in cells {
            let at = self.header.iter().position(|column| column == name);
            let at = at.ok_or_else(|| SampleError(format!("no column `{name}`")))?;
            row[at] = value;
        }
        Ok(self.writer.write_record(row)?)
    }

    pub(super) fn finish(self) -> Result<Vec<u8>, SampleError> {
        self.writer.into_inner().map_err(|error| SampleError(error.to_string()))
    }
}
