//! Reading files on several threads.
//!
//! A large file is shared: threads take turns to fetch the next block of whole rows, then read their blocks side by
//! side. Small files are handed out whole. Results come back in the order of the inputs, merged by the core, so the
//! number of threads never shows.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;

use headroom_core::bill::scan::RowEnds;
use headroom_core::bill::{BillFault, Header, HeaderSearch, LONGEST_ROW, Schema};
use headroom_core::ledger::{Block, Counted, FileParts, Plan, Question, Tally, Worker, checked};

use super::Input;
use super::open::{Opened, of_reading, open};
use super::table;
use crate::exit::{Fault, Outcome};

/// Bytes fetched at a time: large enough to be quick, small enough to stay in a core's cache.
const BLOCK: usize = 128 << 10;

/// Files below this size are read by one thread each.
const SHARED_FROM: u64 = 8 << 20;

/// Told how many bytes have been read.
pub(super) type Progress<'a> = &'a (dyn Fn(u64) + Sync);

/// Puts the question to every file; the results are in the order of the inputs.
pub(super) fn read_all<T: Tally>(
    inputs: &[Input],
    question: &Question,
    threads: usize,
    progress: Progress<'_>,
    tally: &(dyn Fn() -> T + Sync),
) -> Vec<Outcome<FileParts<T>>> {
    let mut results: Vec<Option<Outcome<FileParts<T>>>> = inputs.iter().map(|_| None).collect();
    let is_small = |input: &Input| !input.is_stream() && input.size() < SHARED_FROM;
    let small: Vec<usize> = (0..inputs.len()).filter(|index| is_small(&inputs[*index])).collect();
    let next = AtomicUsize::new(0);
    let read_small = || {
        let mut done = Vec::new();
        while let Some(index) = small.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((*index, read_file(&inputs[*index], question, 1, progress, tally)));
        }
        done
    };
    for (index, result) in on_threads(threads.min(small.len()), read_small).into_iter().flatten() {
        results[index] = Some(result);
    }
    for (index, input) in inputs.iter().enumerate() {
        if results[index].is_none() {
            results[index] = Some(read_file(input, question, threads, progress, tally));
        }
    }
    results.into_iter().flatten().collect()
}

/// Hands over the bytes of one file in order, until told to stop.
pub(super) fn each_chunk(
    input: &Input,
    progress: Progress<'_>,
    take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Outcome<()> {
    let name = input.name();
    let source = match open(input)? {
        Opened::Text(source) => source,
        Opened::Table(table) => return table::each_chunk(&name, *table, progress, take),
    };
    let mut rows = Rows { source, carry: Vec::new(), ends: RowEnds::default(), blocks: 0, ended: false, progress };
    let mut chunk = Buffer::default();
    while !rows.ended {
        chunk.len = 0;
        rows.fill(&mut chunk).map_err(|fault| fault.at(&name))?;
        if take(chunk.filled()).is_break() {
            break;
        }
    }
    Ok(())
}

/// Runs the same work on so many threads, this one included.
pub(super) fn on_threads<R: Send>(threads: usize, work: impl Fn() -> R + Sync) -> Vec<R> {
    if threads == 0 {
        return Vec::new();
    }
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(&work)).collect();
        let mut results = vec![work()];
        for other in others {
            match other.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

fn read_file<T: Tally>(
    input: &Input,
    question: &Question,
    threads: usize,
    progress: Progress<'_>,
    tally: &(dyn Fn() -> T + Sync),
) -> Outcome<FileParts<T>> {
    let name = input.name();
    let bill_fault = |fault: BillFault| Fault::of_bill(&name, &fault);
    let source = match open(input)? {
        Opened::Text(source) => source,
        Opened::Table(table) => return table::read(&name, *table, question, threads, progress, tally),
    };
    let mut rows = Rows { source, carry: Vec::new(), ends: RowEnds::default(), blocks: 0, ended: false, progress };
    let header = rows.header().map_err(|fault| fault.at(&name))?;
    let schema = Schema::from_header(&header.columns).map_err(|unknown| bill_fault(unknown.into()))?;
    let plan = Arc::new(Plan::new(schema, question.clone()));
    let rows = Mutex::new(rows);
    let read_blocks = || -> (Counted<T>, Option<ReadFault>) {
        let mut worker = Worker::new(plan.clone(), tally());
        let mut turns = Turns::at(&rows);
        while let Some((index, buffer)) = turns.next() {
            worker.read(Block { index, bytes: buffer.filled() });
            turns.spare.push(buffer);
        }
        (worker.counted(), turns.fault)
    };
    let (merged, fault) = merged(on_threads(threads.max(1), read_blocks));
    let counted = merged.ok_or_else(|| bill_fault(BillFault::Empty))?;
    match fault {
        None => {}
        // All earlier rows were handed out and read, so their lines tell where this one starts.
        Some(ReadFault::RowTooLong) => {
            return Err(bill_fault(BillFault::RowTooLong { line: header.lines + counted.lines() + 1 }));
        }
        Some(fault) => return Err(fault.at(&name)),
    }
    let parts = counted.finish(header.lines).map_err(|_| bill_fault(BillFault::OutOfRange))?;
    checked(parts).map_err(bill_fault)
}

/// What the workers of a file have counted as one, and the first fault that one of them met.
pub(super) fn merged<T: Tally, F>(workers: Vec<(Counted<T>, Option<F>)>) -> (Option<Counted<T>>, Option<F>) {
    let mut merged: Option<Counted<T>> = None;
    let mut fault = None;
    for (counted, found) in workers {
        fault = fault.or(found);
        match &mut merged {
            Some(merged) => merged.merge(counted),
            None => merged = Some(counted),
        }
    }
    (merged, fault)
}

/// Why the bytes of a file cannot be had.
enum ReadFault {
    Io(std::io::Error),
    Bill(BillFault),
    /// The row after the last block handed out.
    RowTooLong,
}

impl ReadFault {
    fn at(self, name: &str) -> Fault {
        match self {
            Self::Io(error) => of_reading(name, &error),
            Self::Bill(fault) => Fault::of_bill(name, &fault),
            Self::RowTooLong => Fault::of_bill(name, &BillFault::RowTooLong { line: 1 }),
        }
    }
}

/// A file as blocks of whole rows.
struct Rows<'p> {
    source: Box<dyn Read + Send>,
    /// The start of a row that has not been handed out.
    carry: Vec<u8>,
    ends: RowEnds,
    blocks: u64,
    ended: bool,
    progress: Progress<'p>,
}

impl Rows<'_> {
    fn header(&mut self) -> Result<Header, ReadFault> {
        let mut buffer = Buffer::default();
        let mut search = HeaderSearch::default();
        loop {
            self.fill(&mut buffer)?;
            if let Some(header) = search.read(buffer.filled(), self.ended).map_err(ReadFault::Bill)? {
                self.carry.extend_from_slice(&buffer.filled()[header.bytes..]);
                return Ok(header);
            }
        }
    }

    /// Replaces the buffer by the next block; `None` at the end of the file.
    fn next_block(&mut self, buffer: &mut Buffer) -> Result<Option<u64>, ReadFault> {
        buffer.start_with(&self.carry);
        self.carry.clear();
        loop {
            if !self.ended {
                self.fill(buffer)?;
            }
            let whole = if self.ended { Some(buffer.len) } else { self.ends.whole_rows(buffer.filled()) };
            match whole {
                Some(0) => return Ok(None),
                Some(end) => {
                    self.carry.extend_from_slice(&buffer.filled()[end..]);
                    buffer.len = end;
                    self.blocks += 1;
                    return Ok(Some(self.blocks - 1));
                }
                None if buffer.len > LONGEST_ROW => {
                    self.ended = true;
                    return Err(ReadFault::RowTooLong);
                }
                None => {}
            }
        }
    }

    /// Appends up to a block of bytes.
    fn fill(&mut self, buffer: &mut Buffer) -> Result<(), ReadFault> {
        let room = buffer.room();
        let mut read = 0;
        while read < room.len() && !self.ended {
            match self.source.read(&mut room[read..]) {
                Ok(0) => self.ended = true,
                Ok(bytes) => read += bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    buffer.len = 0;
                    return Err(ReadFault::Io(error));
                }
            }
        }
        buffer.len += read;
        (self.progress)(read as u64);
        Ok(())
    }
}

/// Blocks a thread fetches in a turn: the one it reads next, and one that it reads instead of waiting where another
/// thread is fetching. Waiting and waking cost a twentieth of the time.
const IN_HAND: usize = 2;

/// One thread's turns at a file.
struct Turns<'r, 'p> {
    rows: &'r Mutex<Rows<'p>>,
    /// Fetched and not read.
    in_hand: VecDeque<(u64, Buffer)>,
    spare: Vec<Buffer>,
    ended: bool,
    fault: Option<ReadFault>,
}

impl<'r, 'p> Turns<'r, 'p> {
    fn at(rows: &'r Mutex<Rows<'p>>) -> Self {
        Self { rows, in_hand: VecDeque::with_capacity(IN_HAND), spare: Vec::new(), ended: false, fault: None }
    }

    /// The next block to read and its position; `None` at the end of the file or at a fault.
    fn next(&mut self) -> Option<(u64, Buffer)> {
        if let Some(mut rows) = self.turn() {
            while self.in_hand.len() < IN_HAND && !self.ended {
                let mut buffer = self.spare.pop().unwrap_or_default();
                match rows.next_block(&mut buffer) {
                    Ok(Some(index)) => self.in_hand.push_back((index, buffer)),
                    Ok(None) => self.ended = true,
                    Err(fault) => (self.ended, self.fault) = (true, Some(fault)),
                }
            }
        }
        self.in_hand.pop_front()
    }

    /// The file, where there is something to fetch; not waited for with a block in hand.
    fn turn(&self) -> Option<MutexGuard<'r, Rows<'p>>> {
        match self.rows.try_lock() {
            _ if self.ended => None,
            Err(TryLockError::WouldBlock) if !self.in_hand.is_empty() => None,
            Err(TryLockError::WouldBlock) => Some(self.rows.lock().unwrap_or_else(PoisonError::into_inner)),
            Err(TryLockError::Poisoned(rows)) => Some(rows.into_inner()),
            Ok(rows) => Some(rows),
        }
    }
}

/// Bytes whose memory is kept from block to block, so that it is cleared only once.
#[derive(Default)]
struct Buffer {
    bytes: Vec<u8>,
    len: usize,
}

impl Buffer {
    fn filled(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    fn start_with(&mut self, carry: &[u8]) {
        self.len = 0;
        if self.bytes.len() < carry.len() {
            self.bytes.resize(carry.len(), 0);
        }
        self.bytes[..carry.len()].copy_from_slice(carry);
        self.len = carry.len();
    }

    /// Room for a block behind what is filled.
    fn room(&mut self) -> &mut [u8] {
        let end = self.len + BLOCK;
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        &mut self.bytes[self.len..end]
    }
}
