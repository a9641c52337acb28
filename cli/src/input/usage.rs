//! Usage tables on disk: found and unpacked as bills are, each read in one pass.

use std::io::{ErrorKind, Read as _};
use std::ops::ControlFlow;
use std::thread;

use headroom_core::api::of_usage;
use headroom_core::rightsizing::{Read, UsageReader};

use super::Input;
use super::discover::discover;
use super::open::{Opened, of_reading, open};
use crate::exit::Outcome;
use crate::parquet::Table;

/// Bytes fetched at a time.
const BLOCK: usize = 1 << 20;

/// What each file holds, in the order of the words. Several files are read side by side.
pub(crate) fn usage(words: &[String]) -> Outcome<Vec<(String, Read)>> {
    let inputs = discover(words)?;
    let at_once = thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let mut all = Vec::with_capacity(inputs.len());
    for some in inputs.chunks(at_once) {
        let read: Vec<Outcome<Read>> = thread::scope(|scope| {
            let running: Vec<_> = some.iter().map(|input| scope.spawn(move || read(input))).collect();
            running.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        for (input, read) in some.iter().zip(read) {
            all.push((input.name(), read?));
        }
    }
    Ok(all)
}

fn read(input: &Input) -> Outcome<Read> {
    let name = input.name();
    let of_usage = |fault| of_usage(&name, &fault);
    let mut source = match open(input)? {
        Opened::Text(source) => source,
        Opened::Table(table) => return read_table(&name, &table),
    };
    let mut reader = UsageReader::new();
    let mut block = vec![0; BLOCK];
    loop {
        match source.read(&mut block) {
            Ok(0) => return reader.finish().map_err(of_usage),
            Ok(length) => reader.push(&block[..length]).map_err(of_usage)?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(of_reading(&name, &error)),
        }
    }
}

fn read_table(name: &str, table: &Table) -> Outcome<Read> {
    let mut reader = UsageReader::new().numbering_rows();
    let mut pushed = reader.push(&table.header());
    let mut take = |rows: &[u8]| {
        pushed = reader.push(rows);
        if pushed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    table.each_block(&mut take, &|_| {}).map_err(|fault| fault.at(name))?;
    pushed.and_then(|()| reader.finish()).map_err(|fault| of_usage(name, &fault))
}
