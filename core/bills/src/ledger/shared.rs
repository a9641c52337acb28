//! A pass over bills that several engines share: each reads stretches of the files, and what they have counted is joined.
//!
//! All of them are asked the same, and each by itself knows what is to be read. In one pass, each reads the stretches that it is
//! handed, gives what it has counted as bytes, takes what the others have counted, and goes on as if it had read all.

use xxhash_rust::xxh3::Xxh3;

use super::erased::{Erased, New, Results};
use super::plan::Question;
use super::portable::{Portable, Reader, Writer};
use super::pushed::{Desk, Given, PushFault, PushedBills};
use super::reader::checked;
use super::stretch::{CountedStretches, Stretch, StretchReader};
use crate::bill::BillFault;

/// Bytes that are no part of the same pass: of another call, of another version of the engine, or damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no part of this reading")]
pub struct Foreign;

/// How a pass is shared with others.
#[derive(Debug, Default)]
pub struct Sharing {
    /// Which reading it is: the same number in all that share it.
    reading: u128,
    /// Files that the pass wants, where it can be shared.
    offered: Vec<usize>,
    is_refused: bool,
    /// Position of the bytes that are wanted next.
    at: Option<u64>,
    counted: Option<Vec<u8>>,
}

impl Sharing {
    pub(super) fn offer(&mut self, files: &[usize]) {
        if !self.is_refused {
            self.offered = files.to_vec();
        }
    }

    pub(super) fn withdraw(&mut self) {
        (self.at, self.counted) = (None, None);
        self.offered.clear();
    }

    /// Not this pass, nor one after it.
    fn refuse(&mut self) {
        self.is_refused = true;
        self.withdraw();
    }
}

/// What is handed over in a pass that is shared.
#[derive(Debug)]
pub(super) enum Step {
    /// The pass is shared.
    Share,
    /// Bytes of this stretch of a file come next.
    Stretch(usize, Stretch),
    /// All of one's own part has been read.
    Count,
    /// What another has counted.
    Take(Vec<u8>),
    /// All others have been taken in.
    Settle,
    /// The others are lost: the pass is read again, by oneself.
    Alone,
}

/// Bytes of a seal.
const SEAL: usize = 16;

/// A pass that is shared: [`share`](Self::share) it before any of its bytes is handed over; then, as often as there is something
/// to read, a [stretch](Self::read_stretch) and its bytes from [`wanted_at`](Self::wanted_at) on; then give what was
/// [counted](Self::counted) to the others, [take](Self::take) theirs, and [settle](Self::settle).
impl Desk {
    /// Says which reading it is: all that share it must say the same. Engines of another version, or for another width of
    /// addresses, never do.
    pub fn name_reading(&mut self, name: &[u8]) {
        let mut hasher = Xxh3::new();
        hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
        // Rows and resources are told apart by hashes, which differ between machines of 32 and of 64 bits.
        hasher.update(&[size_of::<usize>() as u8]);
        hasher.update(name);
        self.sharing.reading = hasher.digest128();
    }

    /// Files of the pass that is wanted, which is shared from now on; none where it cannot be.
    pub fn share(&mut self) -> Vec<usize> {
        let files = std::mem::take(&mut self.sharing.offered);
        if !files.is_empty() {
            self.step(Step::Share);
        }
        files
    }

    /// Goes on with a stretch of a file of the pass.
    pub fn read_stretch(&mut self, file: usize, stretch: Stretch) {
        self.step(Step::Stretch(file, stretch));
    }

    /// Position of the bytes of the stretch that are wanted next; `None` where none are.
    pub fn wanted_at(&self) -> Option<u64> {
        self.sharing.at
    }

    /// All of one's own part has been read.
    pub fn count(&mut self) {
        self.step(Step::Count);
    }

    /// What was counted of it, for the others; `None` where it could not be read.
    pub fn counted(&mut self) -> Option<Vec<u8>> {
        self.sharing.counted.take()
    }

    /// Takes what another has counted.
    ///
    /// # Errors
    /// When it is no part of this pass, unless that is read by oneself by now.
    pub fn take(&mut self, counted: Vec<u8>) -> Result<(), Foreign> {
        // Who reads alone needs none of it.
        if self.sharing.is_refused {
            return Ok(());
        }
        self.opened(&counted)?;
        self.step(Step::Take(counted));
        Ok(())
    }

    /// All others have been taken in.
    pub fn settle(&mut self) {
        self.step(Step::Settle);
    }

    /// The others are lost.
    pub fn go_alone(&mut self) {
        self.step(Step::Alone);
    }

    /// What makes bytes a part of this pass: whose they are, and that they are whole.
    fn seal(&self, bytes: &[u8]) -> [u8; SEAL] {
        let mut hasher = Xxh3::new();
        hasher.update(&self.sharing.reading.to_le_bytes());
        hasher.update(&self.wanted().map_or(0, |wanted| wanted.pass).to_le_bytes());
        hasher.update(bytes);
        hasher.digest128().to_le_bytes()
    }

    fn sealed(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let seal = self.seal(&bytes);
        bytes.extend_from_slice(&seal);
        bytes
    }

    fn opened<'b>(&self, sealed: &'b [u8]) -> Result<&'b [u8], Foreign> {
        let (bytes, seal) = sealed.split_last_chunk().ok_or(Foreign)?;
        if *seal == self.seal(bytes) { Ok(bytes) } else { Err(Foreign) }
    }
}

/// Results of a pass, by file.
type Parts = Results<Erased, PushFault>;

/// What was counted, by position of the file in the pass.
type Counts = Vec<Option<CountedStretches>>;

/// What another has counted of so many files.
fn read(bytes: &[u8], files: usize, question: &Question, tally: New<'_>) -> Option<Counts> {
    let mut from = Reader::new(bytes);
    let mut counts = Counts::new();
    for _ in 0..files {
        let is_read = bool::read(&mut from)?;
        counts.push(if is_read { Some(CountedStretches::read(&mut from, question, tally())?) } else { None });
    }
    from.is_at_end().then_some(counts)
}

impl PushedBills {
    /// Reads a part of the pass and takes in those of the others; `None` where it must be read by oneself, as after any fault: so
    /// what is said of it does not depend on who met it.
    pub(super) async fn read_shared(&self, files: &[usize], question: &Question, tally: New<'_>) -> Option<Parts> {
        let before = self.desk().rows();
        let shared = self.counted_together(files, question, tally).await;
        let rows = shared.iter().flatten().flatten().map(CountedStretches::rows).sum::<u64>();
        let results = shared.and_then(|counts| self.results(files, counts));
        let mut desk = self.desk();
        let Some(results) = results else {
            desk.sharing.refuse();
            desk.pass_ended(before);
            return None;
        };
        desk.pass_ended(before + rows);
        desk.sharing.withdraw();
        Some(results)
    }

    async fn counted_together(&self, files: &[usize], question: &Question, tally: New<'_>) -> Option<Counts> {
        let mut counts = self.counted_here(files, question, tally).await?;
        let write = |to: &mut Writer| {
            for counted in &counts {
                counted.is_some().write(to);
                if let Some(counted) = counted {
                    counted.write(to);
                }
            }
        };
        let bytes = Writer::written(write, SEAL);
        {
            let mut desk = self.desk();
            let sealed = desk.sealed(bytes);
            desk.sharing.counted = Some(sealed);
        }
        loop {
            match self.given().await {
                Given::Shared(Step::Take(sealed)) => {
                    let theirs = read(self.desk().opened(&sealed).ok()?, files.len(), question, tally)?;
                    drop(sealed);
                    for (mine, theirs) in counts.iter_mut().zip(theirs) {
                        match (mine, theirs) {
                            (_, None) => {}
                            (Some(mine), Some(theirs)) => mine.merge(theirs).ok()?,
                            (mine, theirs) => *mine = theirs,
                        }
                    }
                }
                Given::Shared(Step::Settle) => return Some(counts),
                Given::Shared(Step::Alone) => return None,
                _ => {}
            }
        }
    }

    /// Reads what is handed over to this engine.
    async fn counted_here(&self, files: &[usize], question: &Question, tally: New<'_>) -> Option<Counts> {
        let mut readers: Vec<Option<StretchReader>> = files.iter().map(|_| None).collect();
        let mut under = None;
        let before = self.desk().rows();
        loop {
            match self.given().await {
                Given::Shared(Step::Stretch(file, stretch)) => {
                    // Rows of a stretch that was left have been counted, and would be by whoever reads it instead.
                    if self.desk().wanted_at().is_some() {
                        return None;
                    }
                    let at = files.iter().position(|other| *other == file)?;
                    readers[at].get_or_insert_with(|| StretchReader::new(question.clone(), tally())).begin(stretch);
                    under = Some(at);
                }
                Given::Bytes(bytes) => {
                    let pushed = under.and_then(|at| readers[at].as_mut()).map(|reader| reader.push(&bytes));
                    let rows = readers.iter().flatten().map(StretchReader::rows).sum::<u64>();
                    self.desk().spent(bytes, before + rows);
                    pushed?.ok()?;
                }
                Given::End => under.and_then(|at| readers[at].as_mut())?.end().ok()?,
                Given::Shared(Step::Count) if self.desk().wanted_at().is_none() => break,
                _ => return None,
            }
            self.desk().sharing.at = under.and_then(|at| readers[at].as_ref()).and_then(StretchReader::wanted);
        }
        Some(readers.into_iter().map(|reader| reader.and_then(StretchReader::counted)).collect())
    }

    /// What the files add up to; `None` where not all of each has been read.
    fn results(&self, files: &[usize], counts: Counts) -> Option<Parts> {
        let mut results = Vec::with_capacity(files.len());
        for (file, counted) in files.iter().zip(counts) {
            let (header_lines, counted) = counted?.whole().ok()?;
            let parts = counted.finish(header_lines).map_err(|_| BillFault::OutOfRange).and_then(checked);
            results.push(parts.map_err(|fault| self.fault(*file, fault)));
        }
        Some(results)
    }
}
