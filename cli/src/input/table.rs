//! Bills in Parquet, put to the core as CSV: only the columns that a question looks at are decoded.

use std::ops::ControlFlow;
use std::sync::Arc;

use headroom_core::bill::{BillFault, Schema};
use headroom_core::ledger::{Block, Counted, FileParts, Plan, Question, Tally, Worker, checked};

use super::read::{Progress, merged, on_threads};
use crate::exit::{Fault, Outcome};
use crate::parquet::{Table, TableFault};

/// Puts the question to the file; threads decode and read windows of it side by side.
pub(super) fn read<T: Tally>(
    name: &str,
    mut table: Table,
    question: &Question,
    threads: usize,
    progress: Progress<'_>,
    tally: &(dyn Fn() -> T + Sync),
) -> Outcome<FileParts<T>> {
    let bill_fault = |fault: BillFault| Fault::of_bill(name, &fault);
    let schema = Schema::from_header(&table.names()).map_err(|unknown| bill_fault(unknown.into()))?;
    let plan = Arc::new(Plan::new(schema, question.clone()));
    let wanted = if T::WHOLE_ROWS { plan.schema().columns() } else { plan.columns() };
    table.select(wanted).map_err(|fault| fault.at(name))?;
    let read_windows = || -> (Counted<T>, Option<TableFault>) {
        let mut worker = Worker::new(plan.clone(), tally()).numbering_rows();
        let mut read = || {
            while let Some((taken, fetched)) = table.take()? {
                progress(fetched);
                table.render(&taken, &mut |index, bytes| worker.read(Block { index, bytes }))?;
            }
            Ok(())
        };
        let fault = read().err();
        (worker.counted(), fault)
    };
    match merged(on_threads(threads.max(1), read_windows)) {
        (_, Some(fault)) => Err(fault.at(name)),
        (None, None) => Err(bill_fault(BillFault::Empty)),
        (Some(counted), None) => {
            let parts = counted.finish(0).map_err(|_| bill_fault(BillFault::OutOfRange))?;
            checked(parts).map_err(bill_fault)
        }
    }
}

/// Hands over the file as the CSV that it would be, until told to stop.
pub(super) fn each_chunk(
    name: &str,
    mut table: Table,
    progress: Progress<'_>,
    take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Outcome<()> {
    // Of what is no bill the reader of the header says so.
    if let Ok(schema) = Schema::from_header(&table.names()) {
        table.select(schema.columns()).map_err(|fault| fault.at(name))?;
    }
    if take(&table.header()).is_break() {
        return Ok(());
    }
    table.each_block(take, progress).map_err(|fault| fault.at(name))
}
