//! A call whose bills are pushed, chunk by chunk, by whoever holds them.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::Failure;
use super::bill_call::Asked;
use super::call::bill_call;
use super::document::{Document, Format};
use crate::ledger::{Desk, PushedBills, Stretch, Wanted};

/// The answer in the making: it waits wherever bytes are wanted.
type Work = Pin<Box<dyn Future<Output = Result<Document, Failure>>>>;

/// A call about bills that its caller holds, in memory of a browser or a stream of a host.
///
/// The session says which file it [wants](Self::wanted); the caller [pushes](Self::push) the bytes of that file from its
/// beginning, in chunks of any size, and [ends](Self::end) it. A report takes up to three passes over the bills, so a file
/// may be wanted again: whenever what is wanted has changed, it is to be pushed from its beginning. Once nothing is wanted
/// any more the session [is done](Self::outcome).
///
/// ```
/// use headroom_core::api::{Format, Session};
///
/// let bill = b"ChargePeriodStart,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency\n2026-05-01,Usage,1.5,1.5,USD\n";
/// let call = r#"{"call":"report","as_of":"2026-06-03","bills":[{"name":"bill.csv"}]}"#;
/// let mut session = Session::start(call, 0).unwrap();
/// while let Some(wanted) = session.wanted() {
///     for chunk in bill.chunks(7) {
///         if session.wanted() == Some(wanted) {
///             session.push(chunk);
///         }
///     }
///     if session.wanted() == Some(wanted) {
///         session.end();
///     }
/// }
/// let document = session.outcome().unwrap().unwrap();
/// assert!(document.render(Format::Json).unwrap().contains(r#""month":"2026-05""#));
/// ```
pub struct Session {
    desk: Rc<RefCell<Desk>>,
    lines: Rc<RefCell<Vec<u8>>>,
    format: Format,
    work: Option<Work>,
    outcome: Option<Result<Document, Failure>>,
}

impl Session {
    /// Starts a call as [`super::answer`] takes it, but with bills that have no `text`: only a `name`, and if known their
    /// `size` as stored and whether they can be read but `once`.
    ///
    /// `hash_secret` is any number that the makers of the bills do not know; no answer depends on it.
    ///
    /// # Errors
    /// When the call is not about bills, or what it says is faulty.
    pub fn start(call: &str, hash_secret: u64) -> Result<Self, Failure> {
        let (task, asked) = bill_call(call)?;
        let session = Self::of(asked.understood(task)?, hash_secret);
        session.desk.borrow_mut().name_reading(call.as_bytes());
        Ok(session)
    }

    pub(super) fn of(mut asked: Asked, hash_secret: u64) -> Self {
        let (desk, lines) = (Rc::<RefCell<Desk>>::default(), Rc::<RefCell<Vec<u8>>>::default());
        asked.request.hash_secret = hash_secret;
        let format = asked.format;
        let bills = PushedBills::new(asked.files.clone(), desk.clone());
        let written = lines.clone();
        let work = async move { asked.answer(&bills, &written).await };
        let mut session = Self { desk, lines, format, work: Some(Box::pin(work)), outcome: None };
        session.go_on();
        session
    }

    /// The file whose bytes are wanted; `None` when none are.
    pub fn wanted(&self) -> Option<Wanted> {
        self.desk.borrow().wanted()
    }

    /// Rows read so far, in all passes together.
    pub fn rows(&self) -> u64 {
        self.desk.borrow().rows()
    }

    /// Takes the next bytes of the file wanted; none are taken when none are wanted.
    pub fn push(&mut self, bytes: impl Into<Vec<u8>>) {
        self.push_from(&mut bytes.into());
    }

    /// The same, and leaves the memory to be filled again, with whatever it holds.
    pub fn push_from(&mut self, room: &mut Vec<u8>) {
        self.with_desk(|desk| desk.push(std::mem::take(room)));
        let back = self.desk.borrow_mut().take_back();
        if room.is_empty() {
            *room = back;
        }
    }

    /// The file wanted has no more bytes.
    pub fn end(&mut self) {
        self.with_desk(Desk::end);
    }

    /// The bytes of the file wanted cannot be had, for this reason.
    pub fn fail(&mut self, reason: &str, hint: Option<&str>) {
        self.with_desk(|desk| desk.fail(reason.to_owned(), hint.map(str::to_owned)));
    }

    /// Positions of the files that the pass wanted is over, where others may read it too: sessions of the same call, in this
    /// engine or in others of the same version and width of addresses. From then on it is shared; nothing of it may have been
    /// pushed before. None where it cannot be.
    ///
    /// Of a pass that is shared, each session reads what it is handed by [`Self::read_stretch`], [counts](Self::count) it,
    /// [takes](Self::take) what the others have counted, and is [settled](Self::settle): then it goes on as if it had read all.
    /// Only the one that is to answer needs to be settled where no pass follows.
    ///
    /// ```
    /// use headroom_core::api::{Format, Session, Stretch};
    ///
    /// let bill = b"ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency\n2026-05-01,Usage,1,USD\n2026-05-31,Usage,2,USD\n";
    /// let call = r#"{"call":"allocate","as_of":"2026-06-03","format":"csv","bills":[{"name":"bill.csv"}]}"#;
    /// let mut sessions = [0, 1].map(|_| Session::start(call, 0).unwrap());
    /// for (session, stretch) in sessions.iter_mut().zip([Stretch { from: 0, to: 70 }, Stretch { from: 70, to: u64::MAX }]) {
    ///     assert_eq!(session.share(), [0]);
    ///     session.read_stretch(0, stretch);
    ///     while let Some(at) = session.wanted_at() {
    ///         match bill.get(at as usize..).filter(|rest| !rest.is_empty()) {
    ///             Some(rest) => session.push(rest),
    ///             None => session.end(),
    ///         }
    ///     }
    /// }
    /// let [mut first, mut second] = sessions;
    /// first.count();
    /// first.take(second.count().unwrap()).unwrap();
    /// first.settle();
    /// assert!(first.outcome().unwrap().unwrap().render(Format::Csv).unwrap().contains(",3,"));
    /// ```
    pub fn share(&mut self) -> Vec<usize> {
        let files = self.desk.borrow_mut().share();
        if !files.is_empty() {
            self.go_on();
        }
        files
    }

    /// Goes on with the rows of a shared pass that begin in this stretch of a file. Its bytes are pushed as they are
    /// [wanted](Self::wanted_at); at the end of the file it is [ended](Self::end). Who leaves a stretch before its end reads
    /// alone: its rows have been counted.
    pub fn read_stretch(&mut self, file: usize, stretch: Stretch) {
        self.with_desk(|desk| desk.read_stretch(file, stretch));
    }

    /// Position in the file of the bytes that are wanted next; `None` where the stretch has been read. The position may change
    /// with each push.
    pub fn wanted_at(&self) -> Option<u64> {
        self.desk.borrow().wanted_at()
    }

    /// What was counted in a shared pass, for the other sessions: bytes that only the same version of the engine understands.
    /// `None` where it could not be read.
    pub fn count(&mut self) -> Option<Vec<u8>> {
        self.with_desk(Desk::count);
        self.desk.borrow_mut().counted()
    }

    /// Takes what another session has counted; its own must be [counted](Self::count) before.
    ///
    /// # Errors
    /// When it is of another call, another pass or another version, or damaged.
    pub fn take(&mut self, counted: Vec<u8>) -> Result<(), Failure> {
        let taken = self.desk.borrow_mut().take(counted);
        taken.map_err(|foreign| {
            Failure::new(foreign).code("call").hint("share calls of one version of the engine alone")
        })?;
        self.go_on();
        Ok(())
    }

    /// All of the others have been taken in. Where they do not make up the files, or some of them cannot be read, the pass is
    /// wanted again, by itself: its number changes.
    pub fn settle(&mut self) {
        self.with_desk(Desk::settle);
    }

    /// The others are lost: the pass is wanted again, and no other is shared.
    pub fn go_alone(&mut self) {
        self.with_desk(Desk::go_alone);
    }

    /// Lines made since they were last taken, where lines are asked for.
    pub fn take_lines(&mut self) -> Vec<u8> {
        std::mem::take(&mut *self.lines.borrow_mut())
    }

    /// The form the call asks for.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What came of it; `None` while bytes are wanted.
    pub fn outcome(&self) -> Option<Result<&Document, &Failure>> {
        self.outcome.as_ref().map(Result::as_ref)
    }

    fn with_desk(&mut self, give: impl FnOnce(&mut Desk)) {
        if self.wanted().is_some() {
            give(&mut self.desk.borrow_mut());
            self.go_on();
        }
    }

    fn go_on(&mut self) {
        let Some(work) = &mut self.work else { return };
        // Whoever pushes wakes it, by pushing.
        if let Poll::Ready(outcome) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            self.work = None;
            self.outcome = Some(outcome);
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("desk", &self.desk).field("outcome", &self.outcome).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
