//! How the program ends.

use std::fmt;
use std::io;
use std::process::ExitCode;

pub(crate) use headroom_core::api::Failure as Fault;

/// The result of anything that can fail for the user; a fault ends the program with exit code 2.
pub(crate) type Outcome<T> = Result<T, Fault>;

/// What a command that did its work says with its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// 0: fine.
    Fine,
    /// 1: findings that were asked to fail on, or a denial.
    Findings,
}

/// What the system refused, in its words.
pub(crate) fn of_io(place: impl fmt::Display, error: &io::Error) -> Fault {
    Fault::at(place, said(error))
}

/// An error in the style of the program's own: no capital, no number.
pub(crate) fn said(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Exit code of usage, data and I/O errors.
pub(crate) const FAULT: u8 = 2;

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Fine => Self::SUCCESS,
            Ending::Findings => Self::from(1),
        }
    }
}
