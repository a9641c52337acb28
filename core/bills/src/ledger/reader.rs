//! Reading one file by pushing its bytes.

use std::sync::Arc;

use super::file::FileParts;
use super::plan::{Plan, Question};
use super::worker::{Block, Tally, Worker};
use crate::bill::scan::RowEnds;
use crate::bill::{BillFault, HeaderSearch, LONGEST_ROW, Schema};

/// Bytes gathered before rows are read.
const GATHERED: usize = 256 << 10;

/// Reads a file in chunks of any size: [`push`](Self::push) each, then [`finish`](Self::finish).
///
/// For one thread; several share a file by cutting it with [`RowEnds`] and merging [`Worker`]s.
#[derive(Debug)]
pub struct FileReader<T> {
    question: Question,
    tally: Option<T>,
    pending: Vec<u8>,
    header: HeaderSearch,
    open: Option<Open<T>>,
}

#[derive(Debug)]
struct Open<T> {
    worker: Worker<T>,
    ends: RowEnds,
    header_lines: u64,
    blocks: u64,
}

impl<T: Tally> FileReader<T> {
    /// A reader that puts the question to a file and adds its rows to `tally`.
    pub fn new(question: Question, tally: T) -> Self {
        Self { question, tally: Some(tally), pending: Vec::new(), header: HeaderSearch::default(), open: None }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// When they show that the file is not a bill.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), BillFault> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= GATHERED { self.advance(false) } else { Ok(()) }
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
        self.advance(true)?;
        let Some(open) = self.open else { return Err(BillFault::Empty) };
        checked(open.worker.finish(open.header_lines).map_err(|_| BillFault::OutOfRange)?)
    }

    fn advance(&mut self, complete: bool) -> Result<(), BillFault> {
        if self.open.is_none() {
            let Some(header) = self.header.read(&self.pending, complete)? else { return Ok(()) };
            let plan = Arc::new(Plan::new(Schema::from_header(&header.columns)?, self.question.clone()));
            let Some(tally) = self.tally.take() else { return Ok(()) };
            let worker = Worker::new(plan, tally);
            self.open = Some(Open { worker, ends: RowEnds::default(), header_lines: header.lines, blocks: 0 });
            self.pending.drain(..header.bytes);
        }
        let Some(open) = &mut self.open else { return Ok(()) };
        let whole = if complete { self.pending.len() } else { open.ends.whole_rows(&self.pending).unwrap_or_default() };
        if whole > 0 {
            open.worker.read(Block { index: open.blocks, bytes: &self.pending[..whole] });
            open.blocks += 1;
            self.pending.drain(..whole);
        }
        if self.pending.len() > LONGEST_ROW {
            return Err(BillFault::RowTooLong { line: open.worker.lines() + open.header_lines + 1 });
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
