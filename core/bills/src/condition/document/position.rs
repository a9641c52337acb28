//! Lines and columns.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A place in a named document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The document's name as the caller gave it.
    #[serde(serialize_with = "as_text")]
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

fn as_text<S: Serializer>(file: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(file)
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Bytes between two checkpoints of the character count.
const STRIDE: usize = 512;

/// Turns byte offsets into lines and columns, in time that does not grow with the document: machines
/// write JSON on a single line.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    text: Box<str>,
    /// Offsets at which lines start.
    starts: Vec<usize>,
    /// How many characters start before each multiple of [`STRIDE`].
    checkpoints: Vec<usize>,
}

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        let mut characters = 0;
        let mut checkpoints = Vec::with_capacity(text.len() / STRIDE + 1);
        for block in text.as_bytes().chunks(STRIDE) {
            checkpoints.push(characters);
            characters += count_characters(block);
        }
        Self { text: text.into(), starts, checkpoints }
    }

    fn characters_before(&self, at: usize) -> usize {
        // The end of a text whose length is a multiple of the stride has no checkpoint of its own.
        let block = (at / STRIDE).min(self.checkpoints.len().saturating_sub(1));
        let before = self.checkpoints.get(block).copied().unwrap_or(0);
        before + count_characters(&self.text.as_bytes()[block * STRIDE..at])
    }

    pub(super) fn position(&self, file: &Arc<str>, at: usize) -> Position {
        let at = at.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        let column = self.characters_before(at).saturating_sub(self.characters_before(start)) + 1;
        Position { file: Arc::clone(file), line: line as u32, column: column as u32 }
    }
}

fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_at_any_length() {
        for length in [0, 1, 511, 512, 513, 1024, 3000] {
            let line = "é".repeat(length);
            let text = format!("x\n{line}|");
            let lines = Lines::new(&text);
            let at = lines.position(&Arc::from("f"), text.len() - 1);
            assert_eq!(at.to_string(), format!("f:2:{}", length + 1));
            let end = lines.position(&Arc::from("f"), text.len());
            assert_eq!(end.to_string(), format!("f:2:{}", length + 2));
        }
        let full = "a".repeat(STRIDE);
        assert_eq!(Lines::new(&full).position(&Arc::from("f"), STRIDE).column as usize, STRIDE + 1);
    }
}
