//! What can be wrong with JSON text.

use std::fmt;

/// What is wrong, and where. Apart from what is read, so that results stay small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(Box<Told>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    at: usize,
    line: usize,
    column: usize,
    message: String,
}

impl Fault {
    /// At a byte of a text.
    #[cold]
    pub(super) fn new(text: &str, at: usize, message: String) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let (mut line, mut column) = (1, 1);
        for character in before.chars() {
            (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        Self(Box::new(Told { at, line, column, message }))
    }

    /// The byte at which it stands, and what it is.
    pub fn into_parts(self) -> (usize, String) {
        (self.0.at, self.0.message)
    }
}

/// Line and column, in characters, are counted from 1.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Told { line, column, message, .. } = &*self.0;
        write!(f, "{message} at line {line} column {column}")
    }
}

impl std::error::Error for Fault {}
