//! Reading blocks of rows under a plan.

use std::sync::Arc;

use super::counted::{Counted, CountedFacts};
use super::decode::{DecodeFault, Decoder, Row};
use super::file::FileParts;
use super::keys::KeyMap;
use super::meaning::{Marks, Meaning};
use super::not_utf8::NotUtf8;
use super::plan::Plan;
use super::portable::{Reader, Writer};
use super::refusal::{Refusals, shown};
use crate::bill::scan::{BATCH, Batch, RowFault, RowScanner, RowSink};
use crate::bill::{Costs, Record};
use crate::calendar::InstantError;
use crate::condition::Field;
use crate::money::AmountError;

/// A sum went out of range: more than about 1.7·10²⁰.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the amounts add up to more than can be held")]
pub struct Overflow;

/// Adds rows up. Adding and merging must commute, so that no order of rows or workers shows in the result.
pub trait Tally: Sized + Send + 'static {
    /// Whether it looks at cells that the plan does not name ([`Plan::columns`]). Where it does not, those that nobody
    /// looks at need not be fetched.
    const WHOLE_ROWS: bool = true;

    /// Adds a row; `invoiced` tells whether it names its invoice.
    fn add(&mut self, row: &Row<'_>, invoiced: bool) -> Result<(), Overflow>;

    /// Told the groups of the rows that come next, so that their memory can be asked for together.
    fn expect(&self, groups: &[u32]) {
        let _ = groups;
    }

    /// Itself, as far as rows are added to it.
    #[doc(hidden)]
    fn adds(&mut self) -> &mut dyn Adds {
        self
    }

    /// Adds another worker's rows; `map` translates its key numbers.
    fn merge(&mut self, other: Self, map: &KeyMap) -> Result<(), Overflow>;

    /// Writes what was added up, for another engine of the same build.
    fn write(&self, to: &mut Writer);

    /// Reads what was written, where nothing has been added yet; `None` where the bytes are of something else.
    fn read(&mut self, from: &mut Reader<'_>) -> Option<()>;
}

/// Whole rows of one file.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// Position among the file's blocks, from 0; each is read once.
    pub index: u64,
    /// The rows; shorter than 4 GiB.
    pub bytes: &'a [u8],
}

/// Reads blocks of one file, in any order and beside other workers of the same file; what they have [`counted`](Self::counted)
/// is merged.
#[derive(Debug)]
pub struct Worker<T> {
    scanner: RowScanner,
    reading: Reading,
    tally: T,
    /// Index and number of lines of each block read.
    blocks: Vec<(u64, u64)>,
}

/// What does not depend on the tally: whoever adds rows up in a way of his own, and in a crate of his own, has them read by
/// the same code.
#[derive(Debug)]
struct Reading {
    plan: Arc<Plan>,
    decoder: Decoder,
    refusals: Refusals,
    rows: u64,
    block: u64,
    invoice: Vec<usize>,
    not_utf8: NotUtf8,
    overflowed: bool,
}

impl<T: Tally> Worker<T> {
    /// A worker that adds rows to `tally`.
    pub fn new(plan: Arc<Plan>, tally: T) -> Self {
        Self {
            scanner: RowScanner::new(plan.schema().header().len()),
            reading: Reading {
                decoder: Decoder::new(plan.clone()),
                refusals: Refusals::default(),
                rows: 0,
                block: 0,
                invoice: plan.schema().columns_of(Field::InvoiceId).to_vec(),
                not_utf8: NotUtf8::default(),
                overflowed: false,
                plan,
            },
            tally,
            blocks: Vec::new(),
        }
    }

    /// The same for a table that is no text: a refused row is named by its number.
    #[must_use]
    pub fn numbering_rows(mut self) -> Self {
        self.scanner = self.scanner.numbering_rows();
        self
    }

    /// Reads a block.
    pub fn read(&mut self, block: Block<'_>) {
        self.reading.block = block.index;
        let lines =
            self.scanner.scan(block.bytes, &mut Adding { reading: &mut self.reading, tally: self.tally.adds() });
        self.blocks.push((block.index, lines));
    }

    /// The same of a block whose last bytes may be the start of a row: they are left. Gives how many were read.
    pub fn read_whole_rows(&mut self, block: Block<'_>) -> usize {
        self.reading.block = block.index;
        let mut adding = Adding { reading: &mut self.reading, tally: self.tally.adds() };
        let scanned = self.scanner.scan_whole_rows(block.bytes, &mut adding);
        self.blocks.push((block.index, scanned.lines));
        scanned.bytes
    }

    /// Lines of the blocks read so far.
    pub fn lines(&self) -> u64 {
        self.blocks.iter().map(|(_, lines)| lines).sum()
    }

    /// Rows read so far, refused ones included.
    pub fn rows(&self) -> u64 {
        self.reading.rows
    }

    /// What was counted; what was remembered to read on is let go of.
    pub fn counted(self) -> Counted<T> {
        let (plan, facts) = self.reading.counted(self.blocks);
        Counted { plan, facts, tally: self.tally }
    }

    /// What was read, where no other worker has read of it; see [`Counted::finish`].
    ///
    /// # Errors
    /// When a sum went out of range.
    pub fn finish(self, header_lines: u64) -> Result<FileParts<T>, Overflow> {
        self.counted().finish(header_lines)
    }
}

impl Reading {
    fn counted(mut self, blocks: Vec<(u64, u64)>) -> (Arc<Plan>, CountedFacts) {
        let facts = CountedFacts {
            blocks,
            rows: self.rows,
            refusals: self.refusals,
            not_utf8: self.not_utf8,
            counts: self.decoder.counts,
            tags: self.decoder.finish_tags(),
            keys: self.decoder.into_keys(),
            overflowed: self.overflowed,
        };
        (self.plan, facts)
    }

    #[inline]
    fn add(&mut self, record: &Record<'_>, meaning: Meaning, tally: &mut dyn Adds) -> Result<(), DecodeFault> {
        let mut costs = Costs::default();
        let row = self.decoder.decode(record, meaning, &mut costs)?;
        let invoiced = self.invoice.iter().any(|column| !record.is_null(*column));
        self.overflowed |= tally.add(&row, invoiced).is_err();
        Ok(())
    }

    #[cold]
    fn refuse(&mut self, record: &Record<'_>, line: u64, fault: DecodeFault) {
        let (column, what) = match fault {
            DecodeFault::Period(fault) => {
                let what = match fault.error {
                    InstantError::NoSuchDay => "no such date",
                    _ => "not a date",
                };
                (fault.column, what)
            }
            DecodeFault::Cost(fault) => {
                let what = match fault.error {
                    AmountError::OutOfRange => "number out of range",
                    _ => "not a number",
                };
                (fault.column, what)
            }
        };
        let value = record.trimmed(column);
        let title = self.plan.schema().header().get(column).map(String::as_bytes);
        self.refusals.push(self.block, line, Some(column), || match value {
            value if !value.is_empty() && title == Some(value) => {
                "the header again: files were joined into one".to_owned()
            }
            b"" => format!("{what}: the cell is empty"),
            value => format!("{what}: `{}`", shown(value)),
        });
    }
}

/// A tally of whatever type, as far as rows are added to it.
pub trait Adds {
    /// As [`Tally::add`].
    fn add(&mut self, row: &Row<'_>, invoiced: bool) -> Result<(), Overflow>;

    /// As [`Tally::expect`].
    fn expect(&self, groups: &[u32]);
}

impl<T: Tally> Adds for T {
    fn add(&mut self, row: &Row<'_>, invoiced: bool) -> Result<(), Overflow> {
        Tally::add(self, row, invoiced)
    }

    fn expect(&self, groups: &[u32]) {
        Tally::expect(self, groups);
    }
}

/// Rows on their way into a tally.
struct Adding<'w> {
    reading: &'w mut Reading,
    tally: &'w mut dyn Adds,
}

impl RowSink for Adding<'_> {
    fn rows(&mut self, batch: &Batch<'_>) {
        let Self { reading, tally } = self;
        reading.rows += batch.len() as u64;
        let mut found = [Meaning::default(); BATCH];
        reading.decoder.find(batch, &mut found);
        tally.expect(&found.map(|meaning| meaning.group));
        for (index, meaning) in found.into_iter().enumerate().take(batch.len()) {
            if meaning.marks.has(Marks::PASSED_OVER) {
                continue;
            }
            let record = batch.record(index);
            if meaning.marks.has(Marks::NOT_UTF8) {
                reading.not_utf8.push(reading.block, batch.line(index), &record);
            }
            if let Err(fault) = reading.add(&record, meaning, &mut **tally) {
                reading.refuse(&record, batch.line(index), fault);
            }
        }
    }

    fn fault(&mut self, fault: RowFault, line: u64) {
        let Self { reading, .. } = self;
        reading.rows += 1;
        let columns = reading.plan.schema().header().len();
        reading.refusals.push_fault(reading.block, line, fault, columns);
    }
}
