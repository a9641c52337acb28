//! Opening a file: plain, gzip or zstd text, or Parquet, told apart by content and not by name.

use std::fs::File;
use std::io::{self, Chain, Cursor, ErrorKind, Read};

use flate2::read::MultiGzDecoder;

use super::Input;
use crate::exit::{Fault, Outcome, of_io, said};
use crate::parquet::{Table, is_parquet};

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

type Peeked = Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>;

/// What a file holds.
pub(super) enum Opened {
    /// Text, unpacked.
    Text(Box<dyn Read + Send>),
    /// A table.
    Table(Box<Table>),
}

/// Opens the file.
pub(super) fn open(input: &Input) -> Outcome<Opened> {
    let name = input.name();
    let fault = |error: io::Error| of_reading(&name, &error);
    let raw: Box<dyn Read + Send> = match input {
        Input::File(path) => Box::new(File::open(path).map_err(fault)?),
        Input::Stdin => Box::new(io::stdin()),
    };
    let (magic, bytes) = peek(raw).map_err(fault)?;
    if is_parquet(&magic) {
        let table = match input {
            Input::File(path) if !input.is_stream() => Table::open(File::open(path).map_err(fault)?),
            _ => Table::gather(bytes),
        };
        return table.map(Box::new).map(Opened::Table).map_err(|fault| fault.at(&name));
    }
    Ok(Opened::Text(if magic.starts_with(GZIP) {
        Box::new(MultiGzDecoder::new(bytes))
    } else if magic == ZSTD {
        Box::new(zstd::Decoder::new(bytes).map_err(fault)?)
    } else {
        Box::new(bytes)
    }))
}

/// Whether the file is Parquet, whose rows have numbers and no lines. What can be read but once is not looked at.
pub(super) fn holds_table(input: &Input) -> bool {
    let Input::File(path) = input else { return false };
    let start = |file: File| peek(Box::new(file)).is_ok_and(|(magic, _)| is_parquet(&magic));
    !input.is_stream() && File::open(path).is_ok_and(start)
}

/// The fault of a file whose bytes cannot be had.
pub(super) fn of_reading(name: &str, error: &io::Error) -> Fault {
    match error.kind() {
        ErrorKind::UnexpectedEof => Fault::at(name, "the compressed file is cut off, or something follows its end")
            .hint("export or download it again"),
        // Whatever the system refuses has a number; what a decompressor refuses has none.
        kind if error.raw_os_error().is_none() && kind != ErrorKind::Unsupported => {
            Fault::at(name, format_args!("the compressed file is damaged: {}", said(error)))
                .hint("export or download it again")
        }
        _ => of_io(name, error),
    }
}

fn peek(mut raw: Box<dyn Read + Send>) -> io::Result<(Vec<u8>, Peeked)> {
    let mut magic = Vec::with_capacity(ZSTD.len());
    raw.by_ref().take(ZSTD.len() as u64).read_to_end(&mut magic)?;
    Ok((magic.clone(), Cursor::new(magic).chain(raw)))
}
