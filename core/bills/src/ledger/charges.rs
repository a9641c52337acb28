//! Charges one by one, in the order of their file.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::bills::{Bills, MemoryBills};
use super::cell::Cell;
use super::decode::Decoder;
use super::keys::GroupKey;
use super::meaning::Meaning;
use super::plan::{Plan, Question};
use super::set::{CostBasis, Role, resolved};
use crate::bill::scan::{AT_ONCE, BATCH, Batch, RowFault, RowScanner, RowSink, RowStream, Scanned};
use crate::bill::{BillFault, Costs, HeaderSearch, Record, Schema};
use crate::calendar::{Date, Month};

/// Bills whose bytes can be had one after the other.
pub trait BillBytes: Bills {
    /// Hands over the bytes of the file at this position, in chunks of any size, until told to stop.
    ///
    /// # Errors
    /// When the bytes cannot be had.
    fn each_chunk(&self, file: usize, take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), Self::Fault>;

    /// Whether the file at this position is no text, so that its rows are named by their numbers and not by lines.
    fn numbers_rows(&self, _file: usize) -> bool {
        false
    }

    /// What a fault in the file at this position is to the caller.
    fn fault(&self, file: usize, fault: BillFault) -> Self::Fault;
}

impl BillBytes for MemoryBills<'_> {
    fn each_chunk(&self, file: usize, take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), Self::Fault> {
        // A caller that has had enough has said so to itself.
        let _ = take(self.content(file));
        Ok(())
    }

    fn fault(&self, file: usize, fault: BillFault) -> Self::Fault {
        (self.names()[file].clone(), fault)
    }
}

/// One charge as it stands in its file.
#[derive(Debug)]
pub struct Charge<'a> {
    /// The line its row starts on, from 1.
    pub line: u64,
    /// Its cells.
    pub record: &'a Record<'a>,
    /// What the file's columns mean.
    pub schema: &'a Schema,
    /// Whose bill it is, its currency, and its value in each dimension asked for.
    pub key: &'a GroupKey,
    /// The month it counts for.
    pub month: Month,
    /// The UTC day its charge period starts on.
    pub date: Date,
    /// Its metrics as its own file states them.
    pub costs: &'a Costs,
}

impl Charge<'_> {
    /// What it counts for beside the other files; `None` when it does not count.
    pub fn resolved(&self, basis: CostBasis, role: Role) -> Option<Cell> {
        let mut cell = Cell::default();
        // A single row is within the range its amounts were read in.
        cell.add(self.costs)?;
        resolved(cell, self.key.part, basis, role)
    }
}

/// Who is shown charges. A closure that takes a [`Charge`] is one.
pub trait Visitor {
    /// Takes a charge.
    fn charge(&mut self, charge: &Charge<'_>);

    /// Called between chunks of a file: whether to go on.
    fn pause(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(&Charge<'_>)> Visitor for F {
    fn charge(&mut self, charge: &Charge<'_>) {
        self(charge);
    }
}

/// Shows a visitor the charges of the file at this position, until it has seen enough; tells whether it has.
///
/// # Errors
/// When the file cannot be read.
pub fn visit_charges<B: BillBytes>(
    bills: &B,
    file: usize,
    question: &Question,
    visitor: &mut dyn Visitor,
) -> Result<ControlFlow<()>, B::Fault> {
    let mut reader = ChargeReader::new(question.clone());
    reader.numbers_rows = bills.numbers_rows(file);
    let mut outcome = Ok(ControlFlow::Continue(()));
    bills.each_chunk(file, &mut |chunk| {
        outcome = reader.push(chunk, visitor).map(|()| visitor.pause());
        outcome.as_ref().copied().unwrap_or(ControlFlow::Break(()))
    })?;
    if let Ok(ControlFlow::Continue(())) = outcome {
        outcome = reader.finish(visitor).map(|()| visitor.pause());
    }
    outcome.map_err(|fault| bills.fault(file, fault))
}

/// Shows the charges of one file: [`push`](Self::push) its bytes in chunks of any size, then [`finish`](Self::finish).
///
/// Rows that cannot be read, and those of other owners than the question's, are passed over.
#[derive(Debug)]
pub struct ChargeReader {
    question: Question,
    /// Whether rows are named by their numbers.
    numbers_rows: bool,
    stream: RowStream,
    header: HeaderSearch,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    plan: Arc<Plan>,
    scanner: RowScanner,
    decoder: Decoder,
    /// The line the next block starts on.
    line: u64,
}

/// Keys kept before they are forgotten.
const MOST_KEYS: usize = 50_000;

impl ChargeReader {
    /// A reader that puts the question to a file.
    pub fn new(question: Question) -> Self {
        Self {
            question,
            numbers_rows: false,
            stream: RowStream::default(),
            header: HeaderSearch::default(),
            open: None,
        }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// When they show that the file is not a bill.
    pub fn push(&mut self, bytes: &[u8], visitor: &mut dyn Visitor) -> Result<(), BillFault> {
        bytes.chunks(AT_ONCE).try_for_each(|part| self.push_part(part, visitor))
    }

    fn push_part(&mut self, bytes: &[u8], visitor: &mut dyn Visitor) -> Result<(), BillFault> {
        let Some(open) = &mut self.open else { return self.open(bytes, false, visitor) };
        self.stream.push(bytes, &mut |block| open.show(block, visitor));
        open.check(&self.stream)
    }

    /// The end of the file.
    ///
    /// # Errors
    /// When the file is not a bill.
    pub fn finish(mut self, visitor: &mut dyn Visitor) -> Result<(), BillFault> {
        if self.open.is_none() {
            self.open(&[], true, visitor)?;
        }
        if let Some(open) = &mut self.open {
            open.show_last(&self.stream.finish(), visitor);
        }
        Ok(())
    }

    /// Looks for the header, and shows what follows it.
    fn open(&mut self, bytes: &[u8], complete: bool, visitor: &mut dyn Visitor) -> Result<(), BillFault> {
        let (start, is_enough) = self.stream.gather(bytes);
        if !is_enough && !complete {
            return Ok(());
        }
        let Some(header) = self.header.read(start, complete)? else { return Ok(()) };
        let plan = Arc::new(Plan::new(Schema::from_header(&header.columns)?, self.question.clone()));
        let scanner = RowScanner::new(plan.schema().header().len());
        let (scanner, line) =
            if self.numbers_rows { (scanner.numbering_rows(), 1) } else { (scanner, header.lines + 1) };
        let open = self.open.insert(Open { scanner, decoder: Decoder::new(plan.clone()), line, plan });
        self.stream.skip(header.bytes);
        self.stream.hand_on(&mut |block| open.show(block, visitor));
        open.check(&self.stream)
    }
}

impl Open {
    /// Shows the charges of the block's whole rows, and gives how many bytes those are.
    fn show(&mut self, block: &[u8], visitor: &mut dyn Visitor) -> usize {
        let (scanner, mut sink) = self.sink(visitor);
        let Scanned { lines, bytes } = scanner.scan_whole_rows(block, &mut sink);
        self.line += lines;
        bytes
    }

    fn show_last(&mut self, block: &[u8], visitor: &mut dyn Visitor) {
        let (scanner, mut sink) = self.sink(visitor);
        scanner.scan(block, &mut sink);
    }

    fn sink<'s, 'v>(&'s mut self, visitor: &'v mut dyn Visitor) -> (&'s mut RowScanner, Shown<'s, 'v>) {
        let Self { plan, scanner, decoder, line } = self;
        if decoder.keys().groups.values().len() > MOST_KEYS {
            // Nobody remembers a charge's key, so all may be forgotten, which costs time and bounds the memory.
            *decoder = Decoder::new(plan.clone());
        }
        (scanner, Shown { plan, decoder, first_line: *line, visitor })
    }

    /// Whether rows are as short as they must be.
    fn check(&self, stream: &RowStream) -> Result<(), BillFault> {
        if stream.is_row_too_long() { Err(BillFault::RowTooLong { line: self.line }) } else { Ok(()) }
    }
}

struct Shown<'s, 'v> {
    plan: &'s Plan,
    decoder: &'s mut Decoder,
    first_line: u64,
    visitor: &'v mut dyn Visitor,
}

impl RowSink for Shown<'_, '_> {
    fn rows(&mut self, batch: &Batch<'_>) {
        let mut found = [Meaning::default(); BATCH];
        self.decoder.find(batch, &mut found);
        for (index, meaning) in found.into_iter().enumerate().take(batch.len()) {
            let record = batch.record(index);
            let mut costs = Costs::default();
            let Ok(row) = self.decoder.decode(&record, meaning, &mut costs) else { continue };
            if !row.included {
                continue;
            }
            let (group, month, date) = (row.group, row.month, row.date);
            self.visitor.charge(&Charge {
                line: self.first_line + batch.line(index),
                record: &record,
                schema: self.plan.schema(),
                key: &self.decoder.keys().groups.values()[group as usize],
                month,
                date,
                costs: &costs,
            });
        }
    }

    fn fault(&mut self, _: RowFault, _: u64) {}
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::View;
    use super::super::classify::Dimension;
    use super::*;
    use crate::allocation::Policy;
    use crate::condition::Field;

    fn question() -> Question {
        Question {
            classifier: Arc::new(Policy::builtin()),
            dimensions: vec![Dimension::Field(Field::ServiceName)],
            view: View::ChargeMonth,
            owner: Vec::new(),
            cache_bytes: 1 << 16,
            hash_secret: 0,
            only: None,
        }
    }

    #[test]
    fn lines_are_those_of_the_file_whatever_the_chunks() {
        let header = "\u{feff}ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency,ServiceName\r\n";
        let text = format!(
            "{header}2026-05-01,Usage,1,USD,\"a\nb\"\r\n\r\n2026-05-02,Usage,x,USD,c\r\n2026-05-03,Usage,2,USD,d"
        );
        for size in [1, 2, 7, text.len()] {
            let mut found = Vec::new();
            let mut visit = |charge: &Charge<'_>| {
                let service = charge.key.values[0].as_deref().unwrap_or_default().to_owned();
                found.push((charge.line, service, charge.date.to_string()));
            };
            let mut reader = ChargeReader::new(question());
            for chunk in text.as_bytes().chunks(size) {
                reader.push(chunk, &mut visit).unwrap();
            }
            reader.finish(&mut visit).unwrap();
            let want = |line, service: &str, day: &str| (line, service.to_owned(), day.to_owned());
            assert_eq!(found, [want(2, "a\nb", "2026-05-01"), want(6, "d", "2026-05-03")], "{size}");
        }
    }

    #[test]
    fn a_row_that_is_too_long_is_so_wherever_it_stands_in_what_is_pushed() {
        let header = "ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency,ServiceName\n";
        let rows = "2026-05-01,Usage,1,USD,s\n".repeat(10_000);
        let long = format!("2026-05-01,Usage,1,USD,{}\n", "x".repeat(crate::bill::LONGEST_ROW));
        for (before, line) in [("", 2), (rows.as_str(), 10_002)] {
            let text = [header, before, &long, &rows].concat();
            for size in [text.len(), 300_000] {
                let mut reader = ChargeReader::new(question());
                let pushed =
                    text.as_bytes().chunks(size).try_for_each(|chunk| reader.push(chunk, &mut |_: &Charge<'_>| ()));
                assert_eq!(pushed, Err(BillFault::RowTooLong { line }), "{size}");
            }
        }
    }

    #[test]
    fn blocks_follow_each_other() {
        let mut text = "ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency,ServiceName\n".to_owned();
        for row in 0..30_000 {
            let _ = writeln!(text, "2026-05-01,Usage,{row},USD,\"service {}\"", row % 7);
        }
        for size in [100_000, 300_000] {
            let mut reader = ChargeReader::new(question());
            let mut next = 0;
            let mut visit = |charge: &Charge<'_>| {
                assert_eq!(charge.line, next + 2);
                assert_eq!(charge.costs[0].unwrap().to_string(), next.to_string());
                next += 1;
            };
            for chunk in text.as_bytes().chunks(size) {
                reader.push(chunk, &mut visit).unwrap();
            }
            reader.finish(&mut visit).unwrap();
            assert_eq!(next, 30_000, "{size}");
        }
    }
}
