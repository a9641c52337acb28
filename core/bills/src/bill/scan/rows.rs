//! Walking the rows of a block.

use super::mask::{LANES, Masks, Portable, Processor};
use crate::bill::record::Record;

/// Why a row is not a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFault {
    /// It has another number of fields than the header.
    FieldCount {
        /// Fields the row has.
        found: usize,
    },
    /// A quote stands inside a field that does not start with one, or text follows a closing quote.
    StrayQuote {
        /// Lines that the row takes, up to where its quotes end.
        lines: u64,
    },
    /// It holds a NUL byte, which no text has: the file is damaged.
    NulByte,
    /// The block ends inside quotes: the file is cut off, or a quote is missing.
    OpenQuote,
}

/// Rows handed on together: enough that looking one up overlaps with looking up the next.
pub const BATCH: usize = 16;

/// Receives the rows of a block.
pub trait RowSink {
    /// Rows with as many fields as the header, in order.
    fn rows(&mut self, batch: &Batch<'_>);

    /// A row that cannot be cut into the header's fields; `line` counts from 0 within the block. Rows before it may
    /// still be to come.
    fn fault(&mut self, fault: RowFault, line: u64);
}

/// Up to [`BATCH`] rows of one block.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    block: &'a [u8],
    ends: &'a [u32],
    columns: usize,
    stride: usize,
    /// Where each row starts, and on which line of the block.
    starts: &'a [(u32, u64)],
}

impl<'a> Batch<'a> {
    /// How many rows there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there are none; a batch that is handed on never is.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The row at a position below [`Self::len`].
    #[inline]
    pub fn record(&self, index: usize) -> Record<'a> {
        let from = index * self.stride;
        Record::new(self.block, self.starts[index].0, &self.ends[from..from + self.columns])
    }

    /// The line the row starts on, counted from 0 within the block.
    pub fn line(&self, index: usize) -> u64 {
        self.starts[index].1
    }
}

/// Cuts blocks of whole rows into records of a fixed number of fields.
#[derive(Clone, Debug)]
pub struct RowScanner {
    columns: usize,
    /// Field ends of the rows held and of the one under way; grows with the header, never with a row.
    ends: Vec<u32>,
    /// Places in `ends` for each row: its fields, and what a chunk may hold beyond them.
    stride: usize,
    held: Vec<(u32, u64)>,
    /// How many lines a newline inside quotes makes.
    inner_line: u64,
}

/// What came of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// Lines of the rows handed on, and of what stood between them.
    pub lines: u64,
    /// How many of the bytes that was.
    pub bytes: usize,
}

/// What the bytes behind a block's last row end are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// A row: there is nothing behind the block.
    Row,
    /// The start of one.
    Start,
}

/// A row's state while its bytes go by.
struct Progress {
    /// Where its field ends stand in `ends`.
    place: usize,
    /// Fields ended so far; only those that fit are in `ends`.
    fields: usize,
    row_start: usize,
    line: u64,
    inner_newlines: u64,
    stray_quote: bool,
    nul_byte: bool,
}

/// What the bytes before a chunk allow at its first byte, as bit 0.
#[derive(Clone, Copy)]
struct Edge {
    /// A quote may open a field here.
    field_starts: u64,
    /// A quote was closed just before.
    closed: u64,
}

/// The positions of a mask that hold neither the CR of a CRLF nor the end of the block.
#[inline]
fn without_line_ends(block: &[u8], base: usize, mut mask: u64) -> u64 {
    let mut kept = 0;
    while mask != 0 {
        let bit = mask & mask.wrapping_neg();
        let at = base + bit.trailing_zeros() as usize;
        if block.get(at).is_some_and(|byte| *byte != b'\r') {
            kept |= bit;
        }
        mask ^= bit;
    }
    kept
}

impl RowScanner {
    /// A scanner for rows of so many fields.
    pub fn new(columns: usize) -> Self {
        let stride = columns + LANES;
        Self { columns, ends: vec![0; stride * BATCH], stride, held: Vec::with_capacity(BATCH), inner_line: 1 }
    }

    /// The same with every row counted as one line, whatever newlines stand inside its quotes: for tables that are no
    /// text, whose rows have numbers and no lines.
    #[must_use]
    pub fn numbering_rows(mut self) -> Self {
        self.inner_line = 0;
        self
    }

    /// Hands every row of the block to the sink and returns how many lines the block holds.
    ///
    /// The block must start at a row's start and hold whole rows; the last may lack its newline. Blank lines are
    /// passed over. Blocks must be shorter than 4 GiB.
    pub fn scan(&mut self, block: &[u8], sink: &mut dyn RowSink) -> u64 {
        self.walk_by_best(block, Rest::Row, sink).lines
    }

    /// The same of a block whose last bytes may be the start of a row: they are left.
    pub fn scan_whole_rows(&mut self, block: &[u8], sink: &mut dyn RowSink) -> Scanned {
        self.walk_by_best(block, Rest::Start, sink)
    }

    fn walk_by_best(&mut self, block: &[u8], rest: Rest, sink: &mut dyn RowSink) -> Scanned {
        #[cfg(target_arch = "x86_64")]
        if let Some(scanned) = super::processor::walk(self, block, rest, sink) {
            return scanned;
        }
        self.walk(&Portable, block, rest, sink)
    }

    #[inline(always)]
    pub(super) fn walk(
        &mut self,
        processor: &impl Processor,
        block: &[u8],
        rest: Rest,
        sink: &mut dyn RowSink,
    ) -> Scanned {
        let mut progress = Progress {
            place: 0,
            fields: 0,
            row_start: 0,
            line: 0,
            inner_newlines: 0,
            stray_quote: false,
            nul_byte: false,
        };
        let (chunks, tail) = block.as_chunks::<LANES>();
        // All ones while inside quotes at the chunk's start.
        let mut carry = 0_u64;
        let mut edge = Edge { field_starts: 1, closed: 0 };
        for (index, chunk) in chunks.iter().enumerate() {
            let masks = processor.masks(chunk);
            let inside = processor.prefix_parity(masks.quotes) ^ carry;
            self.chunk(processor, block, index * LANES, masks, inside, &mut carry, &mut edge, &mut progress, sink);
        }
        if !tail.is_empty() {
            let mut last = [b' '; LANES];
            last[..tail.len()].copy_from_slice(tail);
            let masks = processor.masks(&last);
            let inside = processor.prefix_parity(masks.quotes) ^ carry;
            self.chunk(
                processor,
                block,
                chunks.len() * LANES,
                masks,
                inside,
                &mut carry,
                &mut edge,
                &mut progress,
                sink,
            );
        }
        let mut bytes = block.len();
        if progress.row_start < bytes && rest == Rest::Start {
            bytes = progress.row_start;
        } else if progress.row_start < bytes && carry != 0 {
            sink.fault(RowFault::OpenQuote, progress.line);
            progress.line += 1 + progress.inner_newlines * self.inner_line;
        } else if progress.row_start < bytes {
            self.push_end(&mut progress, block.len());
            self.row_end(block, block.len(), &mut progress, sink);
        }
        self.hand_on(block, sink);
        Scanned { lines: progress.line, bytes }
    }

    /// Hands on the rows held.
    fn hand_on(&mut self, block: &[u8], sink: &mut dyn RowSink) {
        if !self.held.is_empty() {
            let (ends, starts) = (self.ends.as_slice(), self.held.as_slice());
            sink.rows(&Batch { block, ends, columns: self.columns, stride: self.stride, starts });
            self.held.clear();
        }
    }

    /// Holds the row whose field ends are under way, and gives the place for those of the next.
    #[inline]
    fn hold(&mut self, block: &[u8], start: usize, line: u64, sink: &mut dyn RowSink) -> usize {
        self.held.push((start as u32, line));
        if self.held.len() == BATCH {
            self.hand_on(block, sink);
        }
        self.held.len() * self.stride
    }

    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "the state lives in registers of the loop that calls this")]
    fn chunk(
        &mut self,
        processor: &impl Processor,
        block: &[u8],
        base: usize,
        masks: Masks,
        inside: u64,
        carry: &mut u64,
        edge: &mut Edge,
        progress: &mut Progress,
        sink: &mut dyn RowSink,
    ) {
        *carry = ((inside as i64) >> 63) as u64;
        let mut newlines = masks.newlines & !inside;
        let mut separators = (masks.commas | masks.newlines) & !inside;
        // An opening quote stands at a field's start, or right after a closing one (a doubled quote).
        let (opening, closing) = (masks.quotes & inside, masks.quotes & !inside);
        let may_open = separators | closing;
        let mut stray = opening & !((may_open << 1) | edge.field_starts);
        // After a closing quote the field ends, or the quote was one of two.
        let after_closing = ((closing << 1) | edge.closed) & !(separators | masks.quotes);
        *edge = Edge { field_starts: may_open >> 63, closed: closing >> 63 };
        if after_closing != 0 {
            stray |= without_line_ends(block, base, after_closing);
        }
        let inner = masks.newlines & inside;
        if (stray | inner) != 0 || masks.has_nul {
            return self.odd_chunk(block, base, separators, newlines, stray, inner, progress, sink);
        }
        while newlines != 0 {
            let at = newlines.trailing_zeros();
            let row = separators & (u64::MAX >> (63 - at));
            self.push_ends(processor, progress, base, row);
            separators ^= row;
            newlines &= newlines - 1;
            self.row_end(block, base + at as usize, progress, sink);
        }
        self.push_ends(processor, progress, base, separators);
    }

    /// The same for a chunk with newlines inside quotes, misplaced quotes or NUL bytes, bit by bit.
    #[cold]
    #[expect(clippy::too_many_arguments, reason = "mirrors `chunk`")]
    fn odd_chunk(
        &mut self,
        block: &[u8],
        base: usize,
        separators: u64,
        newlines: u64,
        stray: u64,
        inner: u64,
        progress: &mut Progress,
        sink: &mut dyn RowSink,
    ) {
        let chunk = block.get(base..(base + LANES).min(block.len())).unwrap_or_default();
        let nul = chunk.iter().enumerate().fold(0, |nul, (at, byte)| nul | u64::from(*byte == 0) << at);
        let mut events = separators | stray | inner | nul;
        while events != 0 {
            let bit = events & events.wrapping_neg();
            let at = base + bit.trailing_zeros() as usize;
            events ^= bit;
            progress.stray_quote |= stray & bit != 0;
            progress.nul_byte |= nul & bit != 0;
            progress.inner_newlines += u64::from(inner & bit != 0);
            if separators & bit != 0 {
                self.push_end(progress, at);
            }
            if newlines & bit != 0 {
                self.row_end(block, at, progress, sink);
            }
        }
    }

    /// Notes the field ends of a mask.
    #[inline(always)]
    fn push_ends(&mut self, processor: &impl Processor, progress: &mut Progress, base: usize, mask: u64) {
        // Those of fields beyond the header's stand where rows to come will write theirs, or nowhere.
        let room = self.ends.get_mut(progress.place + progress.fields..).and_then(|room| room.first_chunk_mut());
        progress.fields += mask.count_ones() as usize;
        if let Some(room) = room {
            processor.positions(mask, base as u32, room);
        }
    }

    fn push_end(&mut self, progress: &mut Progress, at: usize) {
        if let Some(place) = self.ends.get_mut(progress.place + progress.fields) {
            *place = at as u32;
        }
        progress.fields += 1;
    }

    #[inline(always)]
    fn row_end(&mut self, block: &[u8], newline: usize, progress: &mut Progress, sink: &mut dyn RowSink) {
        let line = progress.line;
        progress.line += 1;
        let start = progress.row_start;
        let end = if newline > start && block[newline - 1] == b'\r' { newline - 1 } else { newline };
        let fields = progress.fields;
        progress.row_start = newline + 1;
        progress.fields = 0;
        let odd = progress.stray_quote || progress.nul_byte || progress.inner_newlines > 0;
        if fields == self.columns && !odd && end > start {
            self.ends[progress.place + fields - 1] = end as u32;
            progress.place = self.hold(block, start, line, sink);
            return;
        }
        self.odd_row(block, (start, end), fields, line, progress, sink);
    }

    #[cold]
    fn odd_row(
        &mut self,
        block: &[u8],
        (start, end): (usize, usize),
        fields: usize,
        line: u64,
        progress: &mut Progress,
        sink: &mut dyn RowSink,
    ) {
        let inner = std::mem::take(&mut progress.inner_newlines);
        progress.line += inner * self.inner_line;
        let (stray, nul) = (std::mem::take(&mut progress.stray_quote), std::mem::take(&mut progress.nul_byte));
        if end == start {
            return;
        }
        if nul {
            sink.fault(RowFault::NulByte, line);
            return;
        }
        if stray {
            sink.fault(RowFault::StrayQuote { lines: 1 + inner }, line);
            return;
        }
        // Some writers end every row with a separator, and spreadsheets fill rows up: empty fields past the header's are
        // nothing. More of them than the header has columns are damage.
        let columns = self.columns;
        let surplus_is_empty = fields > columns
            && columns > 0
            && fields - columns <= columns
            && block[..end]
                .get(self.ends[progress.place + columns - 1] as usize..)
                .is_some_and(|rest| rest.iter().all(|b| *b == b','));
        if fields != columns && !surplus_is_empty {
            sink.fault(RowFault::FieldCount { found: fields }, line);
            return;
        }
        if fields == columns && fields > 0 {
            self.ends[progress.place + fields - 1] = end as u32;
        }
        progress.place = self.hold(block, start, line, sink);
    }
}
