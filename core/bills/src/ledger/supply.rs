//! Bills whose bytes come when their holder has them.

use std::future::{Future, ready};
use std::ops::ControlFlow;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::bills::Bills;
use super::charges::{BillBytes, Visitor, visit_charges};
use super::file::FileParts;
use super::plan::Question;
use super::worker::Tally;

/// Bills that may have to be waited for: a page of a browser has the bytes of a file piece by piece.
///
/// Whatever asks bills a question asks through this, so that it is written once. [`Bills`] answer at once.
pub trait Supply {
    /// Why one of them cannot be read.
    type Fault;

    /// Their names, as messages and documents show them.
    fn names(&self) -> &[String];

    /// Whether they can be read more than once.
    fn can_reread(&self) -> bool;

    /// Puts a question to the files at these positions; one result each, in the order asked.
    fn read<T: Tally>(
        &self,
        files: &[usize],
        question: &Question,
        tally: &(dyn Fn() -> T + Sync),
    ) -> impl Future<Output = Vec<Result<FileParts<T>, Self::Fault>>>;

    /// Whether two files hold the same bytes.
    fn same_bytes(&self, a: usize, b: usize) -> impl Future<Output = bool>;
}

/// The same of bills whose charges can be had one after the other.
pub trait ChargeSupply: Supply {
    /// Shows a visitor the charges of the file at this position, until it has seen enough; tells whether it has.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn visit(
        &self,
        file: usize,
        question: &Question,
        visitor: &mut dyn Visitor,
    ) -> impl Future<Output = Result<ControlFlow<()>, Self::Fault>>;
}

impl<B: Bills> Supply for B {
    type Fault = <B as Bills>::Fault;

    fn names(&self) -> &[String] {
        Bills::names(self)
    }

    fn can_reread(&self) -> bool {
        Bills::can_reread(self)
    }

    fn read<T: Tally>(
        &self,
        files: &[usize],
        question: &Question,
        tally: &(dyn Fn() -> T + Sync),
    ) -> impl Future<Output = Vec<Result<FileParts<T>, Self::Fault>>> {
        ready(Bills::read(self, files, question, tally))
    }

    fn same_bytes(&self, a: usize, b: usize) -> impl Future<Output = bool> {
        ready(Bills::same_bytes(self, a, b))
    }
}

impl<B: BillBytes> ChargeSupply for B {
    fn visit(
        &self,
        file: usize,
        question: &Question,
        visitor: &mut dyn Visitor,
    ) -> impl Future<Output = Result<ControlFlow<()>, Self::Fault>> {
        ready(visit_charges(self, file, question, visitor))
    }
}

/// What comes of asking bills that answer at once: nothing in between ever waits.
pub fn at_once<F: Future>(answer: F) -> F::Output {
    let mut answer = pin!(answer);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = answer.as_mut().poll(&mut context) {
            return output;
        }
    }
}
