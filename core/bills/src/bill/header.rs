//! The start of a file: what it is, and its header row.

use super::dialect::{Dialect, UnknownDialect};

/// Longest row read, quotes and all: far above any bill's, far below what fills memory.
pub const LONGEST_ROW: usize = 16 << 20;

/// A header row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Column names, unquoted.
    pub columns: Vec<String>,
    /// Bytes before the first row of data.
    pub bytes: usize,
    /// Lines before the first row of data.
    pub lines: u64,
}

/// Why a file cannot be read as a bill.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BillFault {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Another kind of file.
    #[error("this is {0}, not CSV")]
    NotCsv(&'static str),
    /// An encoding that is not UTF-8.
    #[error("the text is {0}, not UTF-8")]
    Encoding(&'static str),
    /// Rows that end in a lone carriage return.
    #[error("the rows end in a carriage return alone")]
    LineEnds,
    /// No dialect fits.
    #[error(transparent)]
    Dialect(#[from] UnknownDialect),
    /// A row that does not end.
    #[error("this row is longer than {} MiB", LONGEST_ROW >> 20)]
    RowTooLong {
        /// Where it starts, from 1.
        line: u64,
    },
    /// The file ends inside quotes.
    #[error("a quote is never closed: this row runs to the end of the file")]
    OpenQuote {
        /// Where the row starts, from 1.
        line: u64,
    },
    /// Nothing that could be used.
    #[error("{reason}; {}", none_readable(*rows))]
    AllRefused {
        /// How many rows there are.
        rows: u64,
        /// Line of the first, from 1.
        line: u64,
        /// Name of the column to blame, where one is.
        column: Option<String>,
        /// What is wrong with it.
        reason: String,
    },
    /// A sum went out of range.
    #[error("the amounts add up to more than can be held")]
    OutOfRange,
}

impl BillFault {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Empty => "export the bill again, or leave the file out".to_owned(),
            Self::LineEnds => "save the file with line feeds (LF or CRLF) at the ends of its rows".to_owned(),
            Self::NotCsv("a Parquet file") => {
                "only the command line reads Parquet, and only as it is, not packed once more: export it as CSV"
                    .to_owned()
            }
            Self::NotCsv("compressed with gzip" | "compressed with zstd") => {
                "it is compressed twice: decompress it once".to_owned()
            }
            Self::NotCsv("compressed with bzip2" | "compressed with xz" | "compressed with LZ4") => {
                "decompress it first, or compress it with gzip or zstd".to_owned()
            }
            Self::NotCsv("a zip archive or a spreadsheet" | "an Excel workbook") => {
                "unpack it, or save the sheet as CSV (UTF-8)".to_owned()
            }
            Self::NotCsv("a web page" | "XML" | "JSON") => {
                "if you downloaded it, look inside: it may be an error message".to_owned()
            }
            Self::NotCsv(_) => "give the CSV file that the cloud exported".to_owned(),
            Self::Encoding(_) => "save the file as CSV in UTF-8".to_owned(),
            Self::Dialect(unknown) => unknown.hint(),
            Self::RowTooLong { .. } | Self::OpenQuote { .. } => {
                "the file is cut off, or a quote is missing on that line: export it again".to_owned()
            }
            Self::AllRefused { reason, .. } if reason.starts_with("not a date") => {
                "dates are written like 2026-05-31: a spreadsheet may have changed them, so export the bill again"
                    .to_owned()
            }
            Self::AllRefused { reason, .. } if reason.starts_with("not a number: `") => {
                "amounts are written like 1234.56, without separators of thousands and with a decimal point: a spreadsheet \
                 may have changed them, so export the bill again"
                    .to_owned()
            }
            Self::AllRefused { .. } => "look at that line: other rows may share its fault".to_owned(),
            Self::OutOfRange => "no real bill does: look for a row with a wrong amount".to_owned(),
        })
    }

    /// The line to look at, from 1, where one is to blame.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::RowTooLong { line } | Self::OpenQuote { line } | Self::AllRefused { line, .. } => Some(*line),
            _ => None,
        }
    }

    /// The column to look at, where one is to blame.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::AllRefused { column, .. } => column.as_deref(),
            _ => None,
        }
    }
}

fn none_readable(rows: u64) -> String {
    if rows == 1 { "it is the only row".to_owned() } else { format!("none of the {rows} rows can be read") }
}

impl UnknownDialect {
    /// What is known of the nearest dialect.
    pub fn hint(&self) -> String {
        if let Some(separator) = self.separator {
            return format!("its fields are separated by {separator}: export it with commas");
        }
        if self.header == "series,date,value" {
            return "a table of series is given by `--series`, to `forecast`".to_owned();
        }
        if self.nearest == Dialect::Gcp && self.missing == ["credits"] {
            return "export the column `credits` as it is, a list: unnested, a charge with two credits stands there twice"
                .to_owned();
        }
        let columns: Vec<String> = self.missing.iter().map(|name| format!("`{name}`")).collect();
        let columns = columns.join(", ");
        format!("the nearest format is {}, which also needs {columns}; leave it out if it is no bill", self.nearest)
    }
}

/// A header that comes piece by piece. It is looked for again when twice as much has come, so that a long one is not walked
/// through for each piece.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeaderSearch {
    looked_at: usize,
}

impl HeaderSearch {
    /// As [`Header::read`], where `start` is what has come so far; `None` also where too little has come since the last look.
    ///
    /// # Errors
    /// As [`Header::read`].
    pub fn read(&mut self, start: &[u8], complete: bool) -> Result<Option<Header>, BillFault> {
        if !complete && start.len() < (2 * self.looked_at).min(LONGEST_ROW) {
            return Ok(None);
        }
        self.looked_at = start.len();
        Header::read(start, complete)
    }
}

impl Header {
    /// Reads the header from the start of a file; `None` when it needs more bytes. `complete` says there are none.
    ///
    /// # Errors
    /// When the bytes are not the start of a CSV file in UTF-8.
    pub fn read(start: &[u8], complete: bool) -> Result<Option<Self>, BillFault> {
        /// Enough for every magic number.
        const MAGIC: usize = 4;
        if start.len() < MAGIC && !complete {
            return Ok(None);
        }
        sniff(start)?;
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let blank = text.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let skipped = start.len() - text.len() + blank;
        let row = &text[blank..];
        if has_lone_return(row) {
            return Err(BillFault::LineEnds);
        }
        let end = match first_row_end(row) {
            Some(end) => end,
            None if complete && !row.is_empty() => row.len(),
            None if complete => return Err(BillFault::Empty),
            None if row.len() > LONGEST_ROW => return Err(BillFault::RowTooLong { line: 1 }),
            None => return Ok(None),
        };
        let line_breaks = |bytes: &[u8]| bytes.split(|byte| *byte == b'\n').count() as u64 - 1;
        let lines = line_breaks(&start[..skipped + end]);
        let lines = if row[..end].ends_with(b"\n") { lines } else { lines + 1 };
        Ok(Some(Self { columns: cells(&row[..end]), bytes: skipped + end, lines }))
    }
}

fn sniff(start: &[u8]) -> Result<(), BillFault> {
    /// How far to look for bytes that no text holds.
    const LOOK: usize = 4096;
    let kinds: [(&[u8], &str); 12] = [
        (b"PAR1", "a Parquet file"),
        (b"\x1f\x8b", "compressed with gzip"),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
        (b"PK\x03\x04", "a zip archive or a spreadsheet"),
        (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
        (b"BZh", "compressed with bzip2"),
        (b"\xfd7zX", "compressed with xz"),
        (b"\x04\x22\x4d\x18", "compressed with LZ4"),
        (b"%PDF", "a PDF"),
        (b"<?xm", "XML"),
        (b"<", "a web page"),
        (b"{", "JSON"),
    ];
    if let Some((_, kind)) = kinds.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Err(BillFault::NotCsv(kind));
    }
    if start.starts_with(b"\xff\xfe\0\0") || start.starts_with(b"\0\0\xfe\xff") {
        return Err(BillFault::Encoding("UTF-32"));
    }
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return Err(BillFault::Encoding("UTF-16"));
    }
    // ASCII in two bytes each, without the mark that says so.
    if matches!(start, [0, a, 0, b, ..] | [a, 0, b, 0, ..] if *a > 0 && *b > 0) {
        return Err(BillFault::Encoding("UTF-16"));
    }
    let mut first_line = start.iter().take(LOOK).take_while(|byte| **byte != b'\n');
    let has_control = first_line.any(|byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r'));
    if has_control || start.iter().take(LOOK).any(|byte| *byte == 0) {
        return Err(BillFault::NotCsv("a binary file"));
    }
    Ok(())
}

/// Whether the header ends in a carriage return that no line feed follows, as no export writes it.
fn has_lone_return(row: &[u8]) -> bool {
    let mut quoted = false;
    let end = row.iter().position(|byte| {
        quoted ^= *byte == b'"';
        matches!(byte, b'\n' | b'\r') && !quoted
    });
    end.is_some_and(|end| row[end] == b'\r' && row.get(end + 1).is_some_and(|next| *next != b'\n'))
}

/// Length of the first row, its newline included.
fn first_row_end(bytes: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let newline = bytes.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == b'\n' && !quoted
    })?;
    Some(newline + 1)
}

fn cells(row: &[u8]) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(row);
    let mut record = csv::ByteRecord::new();
    match reader.read_byte_record(&mut record) {
        Ok(true) => record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_header_row() {
        let header = Header::read(b"\xef\xbb\xbf\r\n\"a\",\" b\nc\",d\r\n1,2,3\n", false).unwrap().unwrap();
        assert_eq!(header.columns, ["a", "b\nc", "d"]);
        assert_eq!((header.bytes, header.lines), (19, 3));
        assert_eq!(Header::read(b"a,b", false), Ok(None));
        let last = Header::read(b"a,b", true).unwrap().unwrap();
        assert_eq!((last.columns.len(), last.bytes, last.lines), (2, 3, 1));
    }

    #[test]
    fn says_what_the_file_is_when_it_is_no_csv() {
        for (bytes, want) in [
            (&b""[..], BillFault::Empty),
            (b"\n\n", BillFault::Empty),
            (b"PAR1\x15\x04", BillFault::NotCsv("a Parquet file")),
            (b"\x1f\x8b\x08\0", BillFault::NotCsv("compressed with gzip")),
            (b"PK\x03\x04", BillFault::NotCsv("a zip archive or a spreadsheet")),
            (b"\xff\xfea\0,\0", BillFault::Encoding("UTF-16")),
            (b"\xff\xfe\0\0a\0\0\0", BillFault::Encoding("UTF-32")),
            (b"a\0,\0b\0", BillFault::Encoding("UTF-16")),
            (b"\0a\0,\0b", BillFault::Encoding("UTF-16")),
            (b"a,b\0\n", BillFault::NotCsv("a binary file")),
            (b"a\x02,b\n", BillFault::NotCsv("a binary file")),
            (b"BZh91AY&SY", BillFault::NotCsv("compressed with bzip2")),
            (b"<!DOCTYPE html>", BillFault::NotCsv("a web page")),
            (b"a,\"b\r\n\"\r1,2\r", BillFault::LineEnds),
        ] {
            let fault = Header::read(bytes, true).unwrap_err();
            assert!(fault.hint().is_some());
            assert_eq!(fault, want);
        }
    }
}
