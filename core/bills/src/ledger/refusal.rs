//! Rows that could not be read: counted, and the first of them kept.

use crate::bill::scan::RowFault;
use crate::order::Order as _;
use crate::portable;

/// How many refused rows are kept for listing.
const KEPT: usize = 100;

/// Characters of a refused value that are shown.
const VALUE_SHOWN: usize = 40;

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// Line the row starts on, from 1 (while blocks are read: from 0 within its block).
    pub line: u64,
    /// The column to blame, by position.
    pub column: Option<usize>,
    /// What is wrong, with the value in backticks.
    pub reason: String,
}

portable!(Refusal { line, column, reason });

/// All refused rows of a file: their number, and the first hundred.
#[derive(Clone, Debug, Default)]
pub struct Refusals {
    count: u64,
    first: Vec<(u64, Refusal)>,
    /// Block and line of the last of them, once there are as many as are kept.
    last_kept: Option<(u64, u64)>,
    /// Block and line of the row that is inside quotes when the file ends.
    open_quote: Option<(u64, u64)>,
}

portable!(Refusals { count, first, last_kept, open_quote });

impl Refusals {
    /// How many rows were refused.
    pub fn count(&self) -> u64 {
        self.count
    }

    #[cold]
    pub(super) fn push(&mut self, block: u64, line: u64, column: Option<usize>, reason: impl FnOnce() -> String) {
        self.count += 1;
        // Blocks may come in any order, so what is kept may still give way to an earlier one.
        if self.last_kept.is_none_or(|last| (block, line) < last) {
            self.first.push((block, Refusal { line, column, reason: reason() }));
            if self.first.len() >= KEPT {
                self.settle();
            }
        }
    }

    /// Keeps the first ones, in the order of the file.
    fn settle(&mut self) {
        self.first.order();
        self.first.truncate(KEPT);
        self.last_kept = self.first.get(KEPT - 1).map(|(block, refusal)| (*block, refusal.line));
    }

    #[cold]
    pub(super) fn push_fault(&mut self, block: u64, line: u64, fault: RowFault, columns: usize) {
        if fault == RowFault::OpenQuote {
            self.open_quote = Some((block, line));
        }
        self.push(block, line, None, || match fault {
            RowFault::FieldCount { found: 1 } => format!("1 field where the header has {columns}"),
            RowFault::FieldCount { found } => format!("{found} fields where the header has {columns}"),
            RowFault::StrayQuote { lines } => {
                let what = "a quote inside a field that is not quoted, or text after a closing quote";
                if lines == 1 {
                    what.to_owned()
                } else {
                    format!("{what}: up to the next quote {lines} lines are one row")
                }
            }
            RowFault::NulByte => "a NUL byte: the file is damaged here".to_owned(),
            RowFault::OpenQuote => "a quote that is never closed".to_owned(),
        });
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.first.extend(other.first);
        self.settle();
        self.open_quote = self.open_quote.max(other.open_quote);
    }

    /// The first refused rows with lines of the file, given the line each block starts on.
    pub(super) fn located(&mut self, block_start: impl Fn(u64) -> u64) -> Vec<Refusal> {
        self.settle();
        let locate =
            |(block, refusal): &(u64, Refusal)| Refusal { line: block_start(*block) + refusal.line, ..refusal.clone() };
        self.first.iter().map(locate).collect()
    }

    /// The line of the row that runs to the end of the file because a quote is not closed.
    pub(super) fn open_quote_line(&self, block_start: impl Fn(u64) -> u64) -> Option<u64> {
        self.open_quote.map(|(block, line)| block_start(block) + line)
    }
}

/// A value as a message shows it: shortened, control characters escaped.
pub(super) fn shown(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    let mut shown: String = text.chars().take(VALUE_SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().count() > VALUE_SHOWN {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_kept_however_blocks_arrive() {
        let rows = KEPT as u64 + 20;
        let lines = |order: &mut dyn Iterator<Item = u64>| -> Vec<u64> {
            let mut refusals = Refusals::default();
            order.for_each(|block| refusals.push(block, 3, None, || "faulty".to_owned()));
            assert_eq!(refusals.count(), rows);
            refusals.located(|block| 10 * block).into_iter().map(|refusal| refusal.line).collect()
        };
        let want: Vec<u64> = (0..KEPT as u64).map(|block| 10 * block + 3).collect();
        assert_eq!(lines(&mut (0..rows)), want);
        assert_eq!(lines(&mut (0..rows).rev()), want);
        assert_eq!(lines(&mut (0..rows).map(|row| row * 7 % rows)), want);
    }
}
