//! Bills read in pieces: in chunks of any size, or by several workers.

use std::sync::Arc;

use headroom_core::bill::scan::whole_rows;
use headroom_core::bill::{BillFault, Header, Schema};
use headroom_core::ledger::{Bills, Block, Counted, FileParts, FileReader, Plan, Question, Tally, Worker, checked};
use headroom_tests::prng::Prng;

/// How files are read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// Pushed in chunks of up to so many bytes.
    Chunks { most: u64 },
    /// In blocks of up to about so many bytes, each read by one of so many workers, merged in any order.
    Workers { workers: usize, most: u64 },
}

/// Bills in memory that are read in pieces.
#[derive(Debug)]
pub(crate) struct Pieces<'a> {
    names: Vec<String>,
    files: &'a [Vec<u8>],
    way: Way,
    seed: u64,
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(files: &'a [Vec<u8>], way: Way, seed: u64) -> Self {
        Self { names: (0..files.len()).map(|index| format!("{index}.csv")).collect(), files, way, seed }
    }

    fn chunks<T: Tally>(
        &self,
        bytes: &[u8],
        most: u64,
        question: &Question,
        tally: T,
    ) -> Result<FileParts<T>, BillFault> {
        let mut prng = Prng::new(self.seed);
        let mut reader = FileReader::new(question.clone(), tally);
        let mut rest = bytes;
        while !rest.is_empty() {
            let (chunk, more) = rest.split_at((prng.below(most) as usize + 1).min(rest.len()));
            reader.push(chunk)?;
            rest = more;
        }
        reader.finish()
    }

    fn workers<T: Tally>(
        &self,
        bytes: &[u8],
        (workers, most): (usize, u64),
        question: &Question,
        tally: &dyn Fn() -> T,
    ) -> Result<FileParts<T>, BillFault> {
        let mut prng = Prng::new(self.seed);
        let header = Header::read(bytes, true)?.ok_or(BillFault::Empty)?;
        let plan = Arc::new(Plan::new(Schema::from_header(&header.columns)?, question.clone()));
        let mut blocks: Vec<Block<'_>> = Vec::new();
        let mut rest = &bytes[header.bytes..];
        while !rest.is_empty() {
            let mut reach = (prng.below(most) as usize + 1).min(rest.len());
            let end = loop {
                match whole_rows(&rest[..reach]) {
                    _ if reach == rest.len() => break reach,
                    Some(end) => break end,
                    None => reach = (reach * 2).min(rest.len()),
                }
            };
            blocks.push(Block { index: blocks.len() as u64, bytes: &rest[..end] });
            rest = &rest[end..];
        }
        let mut readers: Vec<Worker<T>> = (0..workers).map(|_| Worker::new(plan.clone(), tally())).collect();
        while !blocks.is_empty() {
            let block = blocks.swap_remove(prng.below(blocks.len() as u64) as usize);
            readers[prng.below(workers as u64) as usize].read(block);
        }
        let mut parts: Vec<Counted<T>> = readers.into_iter().map(Worker::counted).collect();
        while parts.len() > 1 {
            let other = parts.swap_remove(prng.below(parts.len() as u64) as usize);
            let into = prng.below(parts.len() as u64) as usize;
            parts[into].merge(other);
        }
        let all = parts.pop().ok_or(BillFault::Empty)?;
        checked(all.finish(header.lines).map_err(|_| BillFault::OutOfRange)?)
    }
}

impl Bills for Pieces<'_> {
    type Fault = (String, BillFault);

    fn names(&self) -> &[String] {
        &self.names
    }

    fn can_reread(&self) -> bool {
        true
    }

    fn read<T: Tally>(
        &self,
        files: &[usize],
        question: &Question,
        tally: &(dyn Fn() -> T + Sync),
    ) -> Vec<Result<FileParts<T>, Self::Fault>> {
        let read = |file: &usize| {
            let bytes = &self.files[*file];
            let parts = match self.way {
                Way::Chunks { most } => self.chunks(bytes, most, question, tally()),
                Way::Workers { workers, most } => self.workers(bytes, (workers, most), question, tally),
            };
            parts.map_err(|fault| (self.names[*file].clone(), fault))
        };
        files.iter().map(read).collect()
    }

    fn same_bytes(&self, a: usize, b: usize) -> bool {
        self.files[a] == self.files[b]
    }
}
