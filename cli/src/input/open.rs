//! Opening a bill: plain, gzip or zstd, told apart by content and not by name.

use std::fs::File;
use std::io::{self, Chain, Cursor, Read};

use flate2::read::MultiGzDecoder;

use super::Input;

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

type Peeked = Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>;

/// The bytes of a bill, unpacked.
pub(super) fn open(input: &Input) -> io::Result<Box<dyn Read + Send>> {
    let raw: Box<dyn Read + Send> = match input {
        Input::File(path) => Box::new(File::open(path)?),
        Input::Stdin => Box::new(io::stdin()),
    };
    let (magic, bytes) = peek(raw)?;
    Ok(if magic.starts_with(GZIP) {
        Box::new(MultiGzDecoder::new(bytes))
    } else if magic == ZSTD {
        Box::new(zstd::Decoder::new(bytes)?)
    } else {
        Box::new(bytes)
    })
}

fn peek(mut raw: Box<dyn Read + Send>) -> io::Result<(Vec<u8>, Peeked)> {
    let mut magic = Vec::with_capacity(ZSTD.len());
    raw.by_ref().take(ZSTD.len() as u64).read_to_end(&mut magic)?;
    Ok((magic.clone(), Cursor::new(magic).chain(raw)))
}
