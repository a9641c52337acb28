//! One row of a CSV file, as the scanner cut it.

use std::borrow::Cow;

/// The raw fields of one row: bytes as they stand in the file, quotes included.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    bytes: &'a [u8],
    /// Offset in `bytes` just past the last byte of each field; the separator stands there.
    ends: &'a [u32],
    start: u32,
}

impl<'a> Record<'a> {
    /// A row that starts at `start` in `bytes` and whose fields end where `ends` says.
    #[inline]
    pub fn new(bytes: &'a [u8], start: u32, ends: &'a [u32]) -> Self {
        Self { bytes, ends, start }
    }

    /// How many fields the row has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the row has no fields; a row the scanner hands out never has none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many bytes its fields take, separators between them included.
    #[inline]
    pub(crate) fn length(&self) -> usize {
        self.ends.last().and_then(|end| end.checked_sub(self.start)).unwrap_or_default() as usize
    }

    /// The field's bytes as they stand in the file; empty when there is no such column.
    #[inline]
    pub fn raw(&self, column: usize) -> &'a [u8] {
        if column < self.ends.len() { self.raw_run(column, column) } else { b"" }
    }

    /// The bytes of neighbouring fields, separators between them included.
    #[inline]
    pub fn raw_run(&self, first: usize, last: usize) -> &'a [u8] {
        let start = match first.checked_sub(1) {
            Some(before) => self.ends.get(before).map_or(0, |end| end + 1),
            None => self.start,
        };
        let end = self.ends.get(last).copied().unwrap_or(start);
        self.bytes.get(start as usize..end as usize).unwrap_or_default()
    }

    /// All bytes at hand from the field's start on, whatever they belong to.
    #[inline]
    pub(crate) fn from(&self, column: usize) -> Option<&'a [u8]> {
        let start = match column.checked_sub(1) {
            Some(before) => self.ends.get(before)? + 1,
            None => self.start,
        };
        self.bytes.get(start as usize..)
    }

    /// All bytes at hand from the first field's start on, and how many of them are those of [`raw_run`](Self::raw_run).
    #[inline]
    pub(crate) fn run(&self, first: usize, last: usize) -> (&'a [u8], usize) {
        let from = self.from(first).unwrap_or_default();
        let start = self.bytes.len() - from.len();
        let length = self.ends.get(last).and_then(|end| (*end as usize).checked_sub(start)).unwrap_or_default();
        (from, length.min(from.len()))
    }

    /// The field's bytes without enclosing quotes and blanks around; inner doubled quotes are left.
    #[inline]
    pub fn trimmed(&self, column: usize) -> &'a [u8] {
        let raw = self.raw(column);
        match raw {
            [b'"', inner @ .., b'"'] => inner.trim_ascii(),
            _ => raw.trim_ascii(),
        }
    }

    /// Whether the field holds nothing: empty, or one of the spellings of null that exports use.
    #[inline]
    pub fn is_null(&self, column: usize) -> bool {
        match self.raw(column).first() {
            // Neither a quote nor a blank, which are to be taken off first.
            Some(first) if first.is_ascii_alphanumeric() && !may_start_null(*first) => false,
            _ => is_null(self.trimmed(column)),
        }
    }

    /// The field as text, unquoted, blanks around it removed; `None` when it is null.
    ///
    /// Bytes that are not UTF-8 are shown as U+FFFD.
    pub fn text(&self, column: usize) -> Option<Cow<'a, str>> {
        let inner = self.trimmed(column);
        if is_null(inner) {
            return None;
        }
        let text = String::from_utf8_lossy(inner);
        if inner.contains(&b'"') && self.raw(column).first() == Some(&b'"') {
            return Some(Cow::Owned(text.replace("\"\"", "\"")));
        }
        Some(text)
    }
}

/// Whether the text is one of the spellings of null seen in exports.
#[inline]
pub(crate) fn is_null(text: &[u8]) -> bool {
    match text.first() {
        None => true,
        Some(first) => may_start_null(*first) && is_null_word(text),
    }
}

/// Whether a spelling of null starts with this byte. Hardly any value does, so that the words themselves are rarely compared.
#[inline]
fn may_start_null(first: u8) -> bool {
    matches!(first, b'N' | b'n' | b'U')
}

fn is_null_word(text: &[u8]) -> bool {
    matches!(text, b"NULL" | b"null" | b"Null" | b"None" | b"N/A" | b"n/a" | b"NA" | b"Unassigned")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_fields_and_knows_null() {
        let bytes = b"x\na,\"b \"\"c\"\"\",,NULL, d \n";
        let record = Record::new(bytes, 2, &[3, 13, 14, 19, 23]);
        assert_eq!(record.len(), 5);
        assert_eq!(record.text(0).as_deref(), Some("a"));
        assert_eq!(record.text(1).as_deref(), Some("b \"c\""));
        assert_eq!(record.text(2), None);
        assert_eq!(record.text(3), None);
        assert_eq!(record.text(4).as_deref(), Some("d"));
        assert_eq!(record.raw(9), b"");
        assert_eq!([0, 1, 2, 3, 4, 9].map(|column| record.is_null(column)), [false, false, true, true, false, true]);
    }
}
