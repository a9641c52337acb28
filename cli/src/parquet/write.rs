//! A table of CSV as a Parquet file, written while its rows come.

use std::cell::RefCell;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::rc::Rc;

use arrow::array::{Array, MutablePlString, PrimitiveArray};
use arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use arrow::record_batch::RecordBatchT;
use headroom_core::bill::scan::whole_rows;
use headroom_core::calendar::Date;
use headroom_core::money::Amount;
use polars_buffer::Buffer;
use polars_parquet::write::{
    CompressionOptions, Encoding, FileWriter, StatisticsOptions, Version, WriteOptions, row_group_iter,
};

use super::Kind;
use crate::exit::{Fault, Outcome};

/// Rows of a row group.
const GROUP: usize = 64 << 10;

/// Bytes gathered before rows are read.
const GATHERED: usize = 256 << 10;

/// Digits of a decimal, and those of them after the point.
const DIGITS: (usize, usize) = (38, 18);

/// Takes a table as CSV, piece by piece, and hands on the bytes of a Parquet file. Empty cells are null.
pub(crate) struct TableWriter {
    kind: fn(&str) -> Kind,
    pending: Vec<u8>,
    open: Option<Open>,
}

struct Open {
    writer: FileWriter<Written>,
    written: Written,
    columns: Vec<Values>,
    rows: usize,
}

/// What has been written and not handed on.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The values of a column that have come since the last row group.
enum Values {
    Text(MutablePlString),
    Count(Vec<Option<i64>>),
    Day(Vec<Option<i32>>),
    Money(Vec<Option<i128>>),
}

/// Where bytes are handed on to; it says when no more are wanted.
type Put<'p> = dyn FnMut(&[u8]) -> ControlFlow<()> + 'p;

impl TableWriter {
    /// A writer of a table whose columns are of these kinds by name.
    #[expect(clippy::unnecessary_wraps, reason = "there is none in a program without Parquet")]
    pub(crate) fn new(kind: fn(&str) -> Kind) -> Outcome<Self> {
        Ok(Self { kind, pending: Vec::new(), open: None })
    }

    /// Takes the next piece of the table.
    pub(crate) fn take(&mut self, piece: &[u8], put: &mut Put<'_>) -> Outcome<ControlFlow<()>> {
        self.pending.extend_from_slice(piece);
        if self.pending.len() < GATHERED {
            return Ok(ControlFlow::Continue(()));
        }
        let whole = whole_rows(&self.pending).unwrap_or_default();
        self.advance(whole, put)
    }

    /// The end of the table.
    pub(crate) fn finish(mut self, put: &mut Put<'_>) -> Outcome<()> {
        if self.advance(self.pending.len(), put)?.is_break() {
            return Ok(());
        }
        let Some(mut open) = self.open else { return Ok(()) };
        open.write_group()?;
        // Without the schema of Arrow in it, which knows a kind of text that not every reader does.
        open.writer.end(Some(Vec::new())).map_err(|_| failed())?;
        let _ = put(&open.written.0.take());
        Ok(())
    }

    fn advance(&mut self, whole: usize, put: &mut Put<'_>) -> Outcome<ControlFlow<()>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&self.pending[..whole]);
        let mut record = csv::StringRecord::new();
        // The table is the program's own.
        while reader.read_record(&mut record).map_err(|_| failed())? {
            match &mut self.open {
                None => self.open = Some(Open::new(&record, self.kind)?),
                Some(open) => {
                    open.push(&record)?;
                    if open.rows == GROUP {
                        open.write_group()?;
                        if put(&open.written.0.take()).is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                }
            }
        }
        self.pending.drain(..whole);
        Ok(ControlFlow::Continue(()))
    }
}

impl Open {
    fn new(header: &csv::StringRecord, kind: fn(&str) -> Kind) -> Outcome<Self> {
        let kinds: Vec<Kind> = header.iter().map(kind).collect();
        let fields = header.iter().zip(&kinds).map(|(name, kind)| {
            let field = Field::new(name.into(), kind.dtype(), true);
            (field.name.clone(), field)
        });
        let schema: ArrowSchema = fields.collect();
        let written = Written::default();
        let writer = FileWriter::try_new(written.clone(), schema, options()).map_err(|_| failed())?;
        Ok(Self { writer, written, columns: kinds.into_iter().map(Values::of).collect(), rows: 0 })
    }

    fn push(&mut self, record: &csv::StringRecord) -> Outcome<()> {
        for (cell, values) in record.iter().zip(&mut self.columns) {
            values.push(Some(cell).filter(|cell| !cell.is_empty()))?;
        }
        self.rows += 1;
        Ok(())
    }

    fn write_group(&mut self) -> Outcome<()> {
        let rows = std::mem::take(&mut self.rows);
        if rows == 0 {
            return Ok(());
        }
        let arrays: Vec<Box<dyn Array>> = self.columns.iter_mut().map(Values::take).collect();
        let schema = std::sync::Arc::new(self.writer.schema().clone());
        let batch = RecordBatchT::try_new(rows, schema, arrays).map_err(|_| failed())?;
        let encodings = Buffer::from_vec(vec![vec![Encoding::RleDictionary]; self.columns.len()]);
        let types = self.writer.parquet_schema().fields().to_vec();
        let group = row_group_iter(batch, encodings, types, options());
        self.writer.write(rows as u64, group).map_err(|_| failed())
    }
}

impl Kind {
    fn dtype(self) -> ArrowDataType {
        match self {
            Self::Text => ArrowDataType::Utf8View,
            Self::Count => ArrowDataType::Int64,
            Self::Day => ArrowDataType::Date32,
            Self::Money => ArrowDataType::Decimal(DIGITS.0, DIGITS.1),
        }
    }
}

impl Values {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(MutablePlString::new()),
            Kind::Count => Self::Count(Vec::new()),
            Kind::Day => Self::Day(Vec::new()),
            Kind::Money => Self::Money(Vec::new()),
        }
    }

    fn push(&mut self, cell: Option<&str>) -> Outcome<()> {
        match self {
            Self::Text(values) => values.push(cell),
            Self::Count(values) => values.push(cell.map(str::parse).transpose().map_err(|_| failed())?),
            Self::Day(values) => {
                let day: Option<Date> = cell.map(str::parse).transpose().map_err(|_| failed())?;
                values.push(day.map(Date::days_since_epoch));
            }
            Self::Money(values) => {
                let amount = cell.map(|cell| Amount::parse(cell.as_bytes())).transpose().map_err(|_| failed())?;
                let units = amount.map(|parsed| parsed.amount.units());
                if units.is_some_and(|units| units.unsigned_abs() >= 10_u128.pow(DIGITS.0 as u32)) {
                    let message = format!("`{}` has more than 38 digits", cell.unwrap_or_default());
                    return Err(Fault::new(message).hint("write it as CSV or JSON, which hold any amount"));
                }
                values.push(units);
            }
        }
        Ok(())
    }

    /// The values as an array; none remain.
    fn take(&mut self) -> Box<dyn Array> {
        match self {
            Self::Text(values) => std::mem::take(values).freeze().boxed(),
            Self::Count(values) => PrimitiveArray::from(std::mem::take(values)).boxed(),
            Self::Day(values) => PrimitiveArray::from(std::mem::take(values)).to(Kind::Day.dtype()).boxed(),
            Self::Money(values) => PrimitiveArray::from(std::mem::take(values)).to(Kind::Money.dtype()).boxed(),
        }
    }
}

fn options() -> WriteOptions {
    WriteOptions {
        statistics: StatisticsOptions::default(),
        version: Version::V1,
        compression: CompressionOptions::Zstd(None),
        data_page_size: None,
    }
}

/// What the program's own table and memory do not give cause for.
fn failed() -> Fault {
    Fault::new("the table cannot be written as Parquet").hint("write it as CSV or JSON")
}
