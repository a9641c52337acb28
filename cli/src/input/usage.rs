//! Usage tables on disk: found and unpacked as bills are, each read in one pass.

use std::io::{ErrorKind, Read as _};
use std::thread;

use headroom_core::api::of_usage;
use headroom_core::rightsizing::{Read, UsageReader};

use super::Input;
use super::discover::discover;
use super::open::open;
use crate::exit::{Fault, Outcome, said};

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
    let of_io = |error: &std::io::Error| Fault::at(&name, said(error));
    let of_usage = |fault| of_usage(&name, &fault);
    let mut source = open(input).map_err(|error| of_io(&error))?;
    let mut reader = UsageReader::new();
    let mut block = vec![0; BLOCK];
    loop {
        match source.read(&mut block) {
            Ok(0) => return reader.finish().map_err(of_usage),
            Ok(length) => reader.push(&block[..length]).map_err(of_usage)?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(of_io(&error)),
        }
    }
}
