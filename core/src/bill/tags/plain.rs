//! The commonest packed tags, read straight from the file's bytes.
//!
//! A JSON object of texts in a CSV cell stands there as `"{""team"":""payments"",""env"":""prod""}"`. Undoubling the
//! quotes first would copy every such cell of a bill; here nothing is copied.

use super::literal::find_either;

/// Tags a cell may have to be read here.
const MOST: usize = 16;

/// The keys and values of such a cell.
#[derive(Debug)]
pub(super) struct PlainTags<'t> {
    pairs: [(&'t str, &'t str); MOST],
    length: usize,
}

impl<'t> PlainTags<'t> {
    /// Reads the raw bytes of a cell, enclosing quotes included; `None` for any other form, or for bytes that are not
    /// UTF-8, which is no error.
    #[inline]
    pub(super) fn read(raw: &'t [u8]) -> Option<Self> {
        let mut rest = std::str::from_utf8(raw.strip_prefix(b"\"{")?).ok()?;
        let mut tags = Self { pairs: [("", ""); MOST], length: 0 };
        loop {
            let key = text(&mut rest)?;
            rest = rest.trim_ascii_start().strip_prefix(':')?.trim_ascii_start();
            let value = text(&mut rest)?;
            *tags.pairs.get_mut(tags.length)? = (key, value);
            tags.length += 1;
            rest = rest.trim_ascii_start();
            match rest.strip_prefix(',') {
                Some(next) => rest = next.trim_ascii_start(),
                None => return (rest == "}\"").then_some(tags),
            }
        }
    }

    /// Every key with its value, which may be empty.
    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.pairs.iter().take(self.length).copied()
    }
}

/// A text between doubled quotes, without escapes.
#[inline]
fn text<'t>(rest: &mut &'t str) -> Option<&'t str> {
    let inner = rest.strip_prefix("\"\"")?;
    let length = find_either(inner.as_bytes(), b'"', b'\\')?;
    let (text, after) = inner.split_at_checked(length)?;
    *rest = after.strip_prefix("\"\"")?;
    Some(text)
}
