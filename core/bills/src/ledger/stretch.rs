//! Reading a file by stretches, side by side with others who read its other stretches.
//!
//! A row belongs to the stretch that it begins in. Where the first one begins nobody knows who has not read all before it, since
//! a newline may stand inside quotes; so it is assumed behind the first newline, and whoever joins the stretches sees from
//! their ends whether that was so: the first row of each must begin where the last one of the stretch before ended.

use std::sync::Arc;

use super::counted::Counted;
use super::erased::Erased;
use super::plan::{Plan, Question};
use super::portable::{Portable, Reader, Writer};
use super::worker::{Block, Worker};
use crate::bill::scan::{AT_ONCE, RowStream};
use crate::bill::{BillFault, Header, HeaderSearch, Schema};
use crate::order::Order as _;
use crate::portable;

/// A part of a file's bytes, by their positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// Its first byte.
    pub from: u64,
    /// The first byte behind it; in the last one any position beyond the end of the file.
    pub to: u64,
}

impl Stretch {
    /// All of a file.
    pub const WHOLE: Self = Self { from: 0, to: u64::MAX };
}

/// Where the rows of a stretch stand: the first begins, and the last ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rows {
    from: u64,
    to: u64,
    begin: u64,
    end: u64,
}

portable!(Rows { from, to, begin, end });

/// A stretch on its way.
#[derive(Debug)]
struct Under {
    stretch: Stretch,
    stream: RowStream,
    /// Position of the bytes that are wanted next.
    at: u64,
    /// Where its first row begins, once that is known.
    begin: Option<u64>,
    blocks: u64,
}

/// Reads stretches of one file.
#[derive(Debug)]
pub(super) struct StretchReader {
    question: Question,
    tally: Option<Erased>,
    open: Option<(Header, Worker<Erased>)>,
    search: HeaderSearch,
    under: Option<Under>,
    read: Vec<Rows>,
}

impl StretchReader {
    pub(super) fn new(question: Question, tally: Erased) -> Self {
        let search = HeaderSearch::default();
        Self { question, tally: Some(tally), open: None, search, under: None, read: Vec::new() }
    }

    /// Goes on with this stretch; the one before must have been read.
    pub(super) fn begin(&mut self, stretch: Stretch) {
        let stream = RowStream::default();
        self.under = Some(Under { stretch, stream, at: 0, begin: None, blocks: 0 });
        self.search = HeaderSearch::default();
        self.seek();
    }

    /// Position of the bytes that are wanted next; `None` where no stretch is under way.
    pub(super) fn wanted(&self) -> Option<u64> {
        self.under.as_ref().map(|under| under.at)
    }

    /// Rows read so far, refused ones included.
    pub(super) fn rows(&self) -> u64 {
        self.open.as_ref().map_or(0, |(_, worker)| worker.rows())
    }

    /// Takes the bytes that are wanted.
    ///
    /// # Errors
    /// When they show that the file is not a bill.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), BillFault> {
        for part in bytes.chunks(AT_ONCE) {
            let next = self.wanted().map(|at| at.saturating_add(part.len() as u64));
            self.push_part(part)?;
            // Where the header is found, other bytes may be wanted.
            if self.wanted() != next {
                break;
            }
        }
        Ok(())
    }

    fn push_part(&mut self, bytes: &[u8]) -> Result<(), BillFault> {
        let Some(under) = &mut self.under else { return Ok(()) };
        if let Some((header, worker)) = &mut self.open {
            under.push(bytes, worker, header.lines)?;
            self.note();
            return Ok(());
        }
        under.at += bytes.len() as u64;
        let (_, is_enough) = under.stream.gather(bytes);
        if is_enough {
            self.open(false)?;
        }
        Ok(())
    }

    /// The file has no more bytes.
    ///
    /// # Errors
    /// When what came shows that the file is not a bill.
    pub(super) fn end(&mut self) -> Result<(), BillFault> {
        // Where the rows of the stretch stand elsewhere than in what was looked at, their bytes are wanted now.
        if self.open.is_none() && !self.open(true)? {
            return Ok(());
        }
        let (Some(under), Some((_, worker))) = (&mut self.under, &mut self.open) else { return Ok(()) };
        let rest = under.stream.finish();
        if !rest.is_empty() {
            worker.read(Block { index: under.stretch.from.saturating_add(under.blocks), bytes: &rest });
        }
        // A file that ends within a stretch has no other behind it.
        if under.at < under.stretch.to {
            under.stretch.to = u64::MAX;
        }
        under.note(under.at, &mut self.read);
        self.under = None;
        Ok(())
    }

    /// What was counted, and where; `None` where the file was not read here.
    pub(super) fn counted(self) -> Option<CountedStretches> {
        let (header, worker) = self.open?;
        Some(CountedStretches { header, read: self.read, counted: worker.counted() })
    }

    /// Looks for the header in what has come of the start of the file, and says whether those that come next are wanted.
    fn open(&mut self, complete: bool) -> Result<bool, BillFault> {
        let Some(under) = &mut self.under else { return Ok(true) };
        let (start, _) = under.stream.gather(&[]);
        let Some(header) = self.search.read(start, complete)? else {
            return if complete { Err(BillFault::Empty) } else { Ok(true) };
        };
        let plan = plan_of(&header, &self.question)?;
        let Some(tally) = self.tally.take() else { return Ok(true) };
        let (header, worker) = self.open.insert((header, Worker::new(plan, tally)));
        if under.begins_with_rows(header) && under.at <= under.stretch.to {
            under.begin = Some(header.bytes as u64);
            under.stream.skip(header.bytes);
            under.push(&[], worker, header.lines)?;
            self.note();
            return Ok(true);
        }
        self.seek();
        Ok(false)
    }

    /// Goes to the start of the stretch, where the header is known.
    fn seek(&mut self) {
        let (Some(under), Some((header, _))) = (&mut self.under, &self.open) else { return };
        under.stream = RowStream::default();
        if under.begins_with_rows(header) {
            (under.at, under.begin) = (header.bytes as u64, Some(header.bytes as u64));
        } else {
            // The byte before says whether a row begins with the first.
            under.at = under.stretch.from - 1;
        }
        self.note();
    }

    /// Notes a stretch that has been read.
    fn note(&mut self) {
        let Some(under) = &self.under else { return };
        if let Some(end) = under.ended() {
            under.note(end, &mut self.read);
            self.under = None;
        }
    }
}

fn plan_of(header: &Header, question: &Question) -> Result<Arc<Plan>, BillFault> {
    Ok(Arc::new(Plan::new(Schema::from_header(&header.columns)?, question.clone())))
}

impl Under {
    /// Whether the first row of the file is the first of the stretch.
    fn begins_with_rows(&self, header: &Header) -> bool {
        self.stretch.from <= header.bytes as u64
    }

    fn push(&mut self, bytes: &[u8], worker: &mut Worker<Erased>, header_lines: u64) -> Result<(), BillFault> {
        let mut bytes = bytes;
        if self.begin.is_none() {
            let newline = bytes.iter().position(|byte| *byte == b'\n');
            let skipped = newline.map_or(bytes.len(), |at| at + 1);
            self.at = self.at.saturating_add(skipped as u64);
            self.begin = newline.map(|_| self.at);
            bytes = &bytes[skipped..];
        }
        if self.begin.is_none_or(|begin| begin >= self.stretch.to) {
            return Ok(());
        }
        let Self { stretch, stream, at, blocks, .. } = self;
        let mut take = |bytes: &[u8]| {
            let index = stretch.from.saturating_add(*blocks);
            *blocks += 1;
            worker.read_whole_rows(Block { index, bytes })
        };
        let inside = usize::try_from(stretch.to.saturating_sub(*at)).unwrap_or(usize::MAX).min(bytes.len());
        let (inside, behind) = bytes.split_at(inside);
        stream.push(inside, &mut take);
        *at = at.saturating_add(inside.len() as u64);
        if *at >= stretch.to {
            // The row that began last is read to its end.
            stream.hand_on(&mut take);
            if stream.is_within_row() {
                *at = at.saturating_add(stream.complete(behind, &mut take).unwrap_or(behind.len()) as u64);
            }
        }
        if stream.is_row_too_long() {
            return Err(BillFault::RowTooLong { line: worker.lines() + header_lines + 1 });
        }
        Ok(())
    }

    /// Where its last row ended, once it has.
    fn ended(&self) -> Option<u64> {
        let begin = self.begin?;
        let is_behind = self.at >= self.stretch.to && !self.stream.is_within_row();
        (begin >= self.stretch.to || is_behind).then_some(self.at.max(begin))
    }

    fn note(&self, end: u64, read: &mut Vec<Rows>) {
        let Stretch { from, to } = self.stretch;
        read.push(Rows { from, to, begin: self.begin.unwrap_or(end), end });
    }
}

/// What was counted of stretches of one file.
#[derive(Debug)]
pub(super) struct CountedStretches {
    header: Header,
    read: Vec<Rows>,
    counted: Counted<Erased>,
}

/// Stretches that do not make up their file: one is missing, or a row was taken to begin inside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Disjoint;

impl CountedStretches {
    /// Rows that were read, refused ones included.
    pub(super) fn rows(&self) -> u64 {
        self.counted.rows()
    }

    /// Takes in what was counted of other stretches of the same file.
    pub(super) fn merge(&mut self, other: Self) -> Result<(), Disjoint> {
        if self.header != other.header {
            return Err(Disjoint);
        }
        self.read.extend(other.read);
        self.counted.merge(other.counted);
        Ok(())
    }

    /// The lines before the first row, and all that was counted.
    pub(super) fn whole(mut self) -> Result<(u64, Counted<Erased>), Disjoint> {
        self.read.order();
        let rows = self.header.bytes as u64;
        let mut before = Rows { from: 0, to: 0, begin: rows, end: rows };
        for read in &self.read {
            if read.from != before.to || read.begin != before.end {
                return Err(Disjoint);
            }
            before = *read;
        }
        if before.to == u64::MAX { Ok((self.header.lines, self.counted)) } else { Err(Disjoint) }
    }

    pub(super) fn write(&self, to: &mut Writer) {
        let Header { columns, bytes, lines } = &self.header;
        columns.write(to);
        bytes.write(to);
        lines.write(to);
        self.read.write(to);
        self.counted.write(to);
    }

    pub(super) fn read(from: &mut Reader<'_>, question: &Question, tally: Erased) -> Option<Self> {
        let header =
            Header { columns: Portable::read(from)?, bytes: Portable::read(from)?, lines: Portable::read(from)? };
        let read = Portable::read(from)?;
        let counted = Counted::read(from, plan_of(&header, question).ok()?, tally)?;
        Some(Self { header, read, counted })
    }
}
