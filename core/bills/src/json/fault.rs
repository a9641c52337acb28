//! What can be wrong with JSON text.

use std::fmt;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The byte at which it stands.
    pub at: usize,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
    /// What it is.
    pub message: String,
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
        Self { at, line, column, message }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.message, self.line, self.column)
    }
}

impl std::error::Error for Fault {}
