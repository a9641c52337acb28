//! Bills whose bytes are pushed by whoever holds them.

use std::cell::{RefCell, RefMut};
use std::fmt;
use std::future::poll_fn;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::task::{Context, Poll};

use xxhash_rust::xxh3::Xxh3;

use super::charges::{ChargeReader, Visitor};
use super::erased::{Erased, New, Results, typed};
use super::file::FileParts;
use super::plan::Question;
use super::reader::FileReader;
use super::shared::{Sharing, Step};
use super::supply::{ChargeSupply, Supply};
use super::worker::Tally;
use crate::bill::BillFault;
use crate::order::BTreeMap;

/// A bill that somebody else holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedFile {
    /// Its name, as messages and documents show it.
    pub name: String,
    /// Its size as it is stored, in bytes, where that is known: files of different sizes are not the same file.
    pub size: Option<u64>,
    /// Whether it can be read but once, as a pipe can.
    pub once: bool,
}

/// Why a pushed bill cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushFault {
    /// The bytes are no bill; the file's name, and why.
    Bill(String, BillFault),
    /// Its holder could not get at the bytes.
    Unreadable {
        /// The file's name.
        file: String,
        /// The holder's reason.
        reason: String,
        /// What to do about it.
        hint: Option<String>,
    },
}

/// A file whose bytes are wanted from its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its position among the bills.
    pub file: usize,
    /// How many files, this one included, were wanted so far: the same file may be wanted again.
    pub pass: u64,
}

/// What the holder of the bytes hands over.
#[derive(Debug)]
pub(super) enum Given {
    Bytes(Vec<u8>),
    End,
    Fault {
        reason: String,
        hint: Option<String>,
    },
    /// To somebody who shares a pass with others; see [`Sharing`].
    Shared(Step),
}

/// Where bytes are handed over: one side says which file it wants, the other puts its bytes there.
#[derive(Debug, Default)]
pub struct Desk {
    wanted: Option<Wanted>,
    passes: u64,
    rows: u64,
    given: Option<Given>,
    spent: Vec<u8>,
    pub(super) sharing: Sharing,
}

impl Desk {
    /// What is wanted next; `None` when nothing is.
    pub fn wanted(&self) -> Option<Wanted> {
        self.wanted
    }

    /// Rows read since the bills were first asked for, those read again included.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Hands over the next bytes of the file wanted.
    pub fn push(&mut self, bytes: Vec<u8>) {
        self.given = Some(Given::Bytes(bytes));
    }

    /// The memory of the bytes last handed over, once they are read.
    pub fn take_back(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.spent)
    }

    /// The file wanted has no more bytes.
    pub fn end(&mut self) {
        self.given = Some(Given::End);
    }

    /// The bytes of the file wanted cannot be had.
    pub fn fail(&mut self, reason: String, hint: Option<String>) {
        self.given = Some(Given::Fault { reason, hint });
    }

    /// A step of a pass that is shared.
    pub(super) fn step(&mut self, step: Step) {
        self.given = Some(Given::Shared(step));
    }

    fn want(&mut self, file: usize) {
        self.passes += 1;
        self.wanted = Some(Wanted { file, pass: self.passes });
        self.given = None;
    }

    /// Nothing more of the pass is wanted; so many rows have been read.
    pub(super) fn pass_ended(&mut self, rows: u64) {
        self.wanted = None;
        self.rows = rows;
    }

    pub(super) fn spent(&mut self, bytes: Vec<u8>, rows: u64) {
        self.spent = bytes;
        self.rows = rows;
    }
}

/// Bills of somebody else, who looks at the [`Desk`] for what is wanted.
#[derive(Debug)]
pub struct PushedBills {
    files: Vec<PushedFile>,
    names: Vec<String>,
    desk: Rc<RefCell<Desk>>,
    digests: RefCell<BTreeMap<usize, u128>>,
}

impl PushedBills {
    /// Bills that come over this desk.
    pub fn new(files: Vec<PushedFile>, desk: Rc<RefCell<Desk>>) -> Self {
        let names = files.iter().map(|file| file.name.clone()).collect();
        Self { files, names, desk, digests: RefCell::default() }
    }

    pub(super) fn desk(&self) -> RefMut<'_, Desk> {
        self.desk.borrow_mut()
    }

    /// What is handed over next.
    pub(super) async fn given(&self) -> Given {
        poll_fn(|_| self.desk().given.take().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// Whether others read the pass that is wanted, too: the first that is handed over says so.
    async fn is_shared(&self) -> bool {
        let is_shared = |_: &mut Context<'_>| match &mut self.desk().given {
            None => Poll::Pending,
            given @ Some(Given::Shared(Step::Share)) => {
                *given = None;
                Poll::Ready(true)
            }
            Some(_) => Poll::Ready(false),
        };
        poll_fn(is_shared).await
    }

    /// Reads the file that is wanted from its beginning: `take` gets its bytes and tells how many rows it has read and whether
    /// to go on.
    async fn each_chunk<F>(&self, file: usize, mut take: F) -> Result<(), PushFault>
    where
        F: FnMut(&[u8]) -> Result<(u64, ControlFlow<()>), BillFault>,
    {
        let before = self.desk.borrow().rows;
        let ended = loop {
            match self.given().await {
                Given::Shared(_) => {}
                Given::End => break Ok(()),
                Given::Fault { reason, hint } => {
                    break Err(PushFault::Unreadable { file: self.names[file].clone(), reason, hint });
                }
                Given::Bytes(bytes) => {
                    let taken = take(&bytes);
                    let mut desk = self.desk.borrow_mut();
                    desk.spent = bytes;
                    match taken {
                        Ok((rows, flow)) => {
                            desk.rows = before + rows;
                            if flow.is_break() {
                                break Ok(());
                            }
                        }
                        Err(fault) => break Err(self.fault(file, fault)),
                    }
                }
            }
        };
        self.desk.borrow_mut().wanted = None;
        ended
    }

    async fn read_any(&self, files: &[usize], question: &Question, tally: New<'_>) -> Results<Erased, PushFault> {
        let mut results = Vec::with_capacity(files.len());
        let Some(first) = files.first() else { return results };
        self.desk().want(*first);
        // What can be read but once cannot be read again by one alone.
        if Supply::can_reread(self) {
            self.desk().sharing.offer(files);
        }
        if self.is_shared().await {
            if let Some(results) = self.read_shared(files, question, tally).await {
                return results;
            }
            self.desk().want(*first);
        }
        self.desk().sharing.withdraw();
        for file in files {
            if file != first {
                self.desk().want(*file);
            }
            results.push(self.read_one(*file, question, tally()).await);
        }
        results
    }

    async fn read_one(&self, file: usize, question: &Question, tally: Erased) -> Result<FileParts<Erased>, PushFault> {
        let mut reader = FileReader::new(question.clone(), tally);
        let before = self.desk.borrow().rows;
        self.each_chunk(file, |bytes| reader.push(bytes).map(|()| (reader.rows(), ControlFlow::Continue(())))).await?;
        let parts = reader.finish().map_err(|fault| self.fault(file, fault))?;
        self.desk.borrow_mut().rows = before + parts.rows;
        Ok(parts)
    }

    async fn digest(&self, file: usize) -> Option<u128> {
        if let Some(digest) = self.digests.borrow().get(&file) {
            return Some(*digest);
        }
        let mut hasher = Xxh3::new();
        let hash = |bytes: &[u8]| {
            hasher.update(bytes);
            Ok((0, ControlFlow::Continue(())))
        };
        self.desk().want(file);
        self.each_chunk(file, hash).await.ok()?;
        let digest = hasher.digest128();
        self.digests.borrow_mut().insert(file, digest);
        Some(digest)
    }

    pub(super) fn fault(&self, file: usize, fault: BillFault) -> PushFault {
        PushFault::Bill(self.names[file].clone(), fault)
    }
}

impl Supply for PushedBills {
    type Fault = PushFault;

    fn names(&self) -> &[String] {
        &self.names
    }

    fn can_reread(&self) -> bool {
        !self.files.iter().any(|file| file.once)
    }

    async fn read<T: Tally>(
        &self,
        files: &[usize],
        question: &Question,
        tally: &(dyn Fn() -> T + Sync),
    ) -> Vec<Result<FileParts<T>, PushFault>> {
        typed(self.read_any(files, question, &|| Erased::new(tally())).await)
    }

    async fn same_bytes(&self, a: usize, b: usize) -> bool {
        let (one, other) = (&self.files[a], &self.files[b]);
        if one.once || other.once || one.size.zip(other.size).is_some_and(|(one, other)| one != other) {
            return false;
        }
        match (self.digest(a).await, self.digest(b).await) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        }
    }
}

impl ChargeSupply for PushedBills {
    async fn visit(
        &self,
        file: usize,
        question: &Question,
        visitor: &mut dyn Visitor,
    ) -> Result<ControlFlow<()>, PushFault> {
        let mut reader = ChargeReader::new(question.clone());
        let mut flow = ControlFlow::Continue(());
        let take = |bytes: &[u8]| {
            reader.push(bytes, visitor)?;
            flow = visitor.pause();
            Ok((0, flow))
        };
        self.desk().want(file);
        self.each_chunk(file, take).await?;
        if flow.is_continue() {
            reader.finish(visitor).map_err(|fault| self.fault(file, fault))?;
            flow = visitor.pause();
        }
        Ok(flow)
    }
}

impl fmt::Display for PushFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bill(file, fault) => write!(f, "{file}: {fault}"),
            Self::Unreadable { file, reason, .. } => write!(f, "{file}: {reason}"),
        }
    }
}
