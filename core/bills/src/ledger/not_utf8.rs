//! Rows with bytes that are not UTF-8: counted, and the first of them located.

use crate::bill::Record;
use crate::portable;

/// The rows of a worker of whose groups a value held such bytes. They are read all the same, with U+FFFD in place of the
/// bytes, so that two different values may have become one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NotUtf8 {
    count: u64,
    /// Block, line within it, and column of the first.
    first: Option<(u64, u64, usize)>,
}

portable!(NotUtf8 { count, first });

impl NotUtf8 {
    #[cold]
    pub(super) fn push(&mut self, block: u64, line: u64, record: &Record<'_>) {
        self.count += 1;
        if self.first.is_none_or(|first| (block, line) < (first.0, first.1)) {
            let column = (0..record.len()).find(|column| std::str::from_utf8(record.raw(*column)).is_err());
            self.first = Some((block, line, column.unwrap_or_default()));
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.into_iter().chain(other.first).min();
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Line of the file and column of the first, given the line each block starts on.
    pub(super) fn first(&self, block_start: impl Fn(u64) -> u64) -> Option<(u64, usize)> {
        self.first.map(|(block, line, column)| (block_start(block) + line, column))
    }
}
