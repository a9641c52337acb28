//! Reading one file by pushing its bytes.

use std::sync::Arc;

use super::file::FileParts;
use super::plan::{Plan, Question};
use super::worker::{Block, Tally, Worker};
use crate::bill::scan::{AT_ONCE, RowStream};
use crate::bill::{BillFault, HeaderSearch, Schema};

/// Reads a file in chunks of any size: [`push`](Self::push) each, then [`finish`](Self::finish).
///
/// For one thread; several share a file by cutting it with [`RowEnds`](crate::bill::scan::RowEnds) and merging what
/// [`Worker`]s have [`counted`](Worker::counted).
#[derive(Debug)]
pub struct FileReader<T> {
    question: Question,
    tally: Option<T>,
    stream: RowStream,
    header: HeaderSearch,
    open: Option<Open<T>>,
}

#[derive(Debug)]
struct Open<T> {
    worker: Worker<T>,
    header_lines: u64,
    blocks: u64,
}

impl<T: Tally> FileReader<T> {
    /// A reader that puts the question to a file and adds its rows to `tally`.
    pub fn new(question: Question, tally: T) -> Self {
        Self { question, tally: Some(tally), stream: RowStream::default(), header: HeaderSearch::default(), open: None }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// When they show that the file is not a bill.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), BillFault> {
        bytes.chunks(AT_ONCE).try_for_each(|part| self.push_part(part))
    }

    fn push_part(&mut self, bytes: &[u8]) -> Result<(), BillFault> {
        let Some(open) = &mut self.open else { return self.open(bytes, false) };
        self.stream.push(bytes, &mut |block| open.take(block));
        open.check(&self.stream)
    }

    /// Rows read so far, refused ones included; the last of those pushed may wait for more.
    pub fn rows(&self) -> u64 {
        self.open.as_ref().map_or(0, |open| open.worker.rows())
    }

    /// The end of the file: what it added up to.
    ///
    /// # Errors
    /// When the file is not a bill, is cut off, or none of its rows can be read.
    pub fn finish(mut self) -> Result<FileParts<T>, BillFault> {
        if self.open.is_none() {
            self.open(&[], true)?;
        }
        let Some(mut open) = self.open else { return Err(BillFault::Empty) };
        let rest = self.stream.finish();
        if !rest.is_empty() {
            open.worker.read(Block { index: open.blocks, bytes: &rest });
        }
        checked(open.worker.finish(open.header_lines).map_err(|_| BillFault::OutOfRange)?)
    }

    /// Looks for the header, and reads what follows it.
    fn open(&mut self, bytes: &[u8], complete: bool) -> Result<(), BillFault> {
        let (start, is_enough) = self.stream.gather(bytes);
        if !is_enough && !complete {
            return Ok(());
        }
        let Some(header) = self.header.read(start, complete)? else { return Ok(()) };
        let plan = Arc::new(Plan::new(Schema::from_header(&header.columns)?, self.question.clone()));
        let Some(tally) = self.tally.take() else { return Ok(()) };
        let open = self.open.insert(Open { worker: Worker::new(plan, tally), header_lines: header.lines, blocks: 0 });
        self.stream.skip(header.bytes);
        self.stream.hand_on(&mut |block| open.take(block));
        open.check(&self.stream)
    }
}

impl<T: Tally> Open<T> {
    fn take(&mut self, bytes: &[u8]) -> usize {
        let whole = self.worker.read_whole_rows(Block { index: self.blocks, bytes });
        self.blocks += 1;
        whole
    }

    /// Whether rows are as short as they must be.
    fn check(&self, stream: &RowStream) -> Result<(), BillFault> {
        if stream.is_row_too_long() {
            return Err(BillFault::RowTooLong { line: self.worker.lines() + self.header_lines + 1 });
        }
        Ok(())
    }
}

/// A file's parts, unless they show that the file as a whole is faulty.
///
/// # Errors
/// When the file ends inside quotes, or all of its rows are refused.
pub fn checked<T>(parts: FileParts<T>) -> Result<FileParts<T>, BillFault> {
    if let Some(line) = parts.open_quote_line {
        return Err(BillFault::OpenQuote { line });
    }
    match parts.refusals.first() {
        Some(first) if parts.refused == parts.rows => {
            let column = first.column.and_then(|column| parts.plan.schema().header().get(column)).cloned();
            Err(BillFault::AllRefused { rows: parts.rows, line: first.line, column, reason: first.reason.clone() })
        }
        _ => Ok(parts),
    }
}
