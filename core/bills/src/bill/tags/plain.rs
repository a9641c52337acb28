//! The commonest packed tags, read straight from the file's bytes.
//!
//! A JSON object of texts in a CSV cell stands there as `"{""team"":""payments"",""env"":""prod""}"`. Undoubling the
//! quotes first would copy every such cell of a bill; here nothing is copied but values with escapes.

use std::borrow::Cow;

use super::literal::find_either;

/// Tags a cell may have to be read here.
const MOST: usize = 16;

/// The keys and values of such a cell.
#[derive(Debug)]
pub(super) struct PlainTags<'t> {
    pairs: [(&'t str, Written<'t>); MOST],
    length: usize,
}

/// A text as it stands between the doubled quotes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Written<'t> {
    raw: &'t str,
    /// It holds escapes, of those that stand for themselves or a blank.
    escaped: bool,
}

impl<'t> PlainTags<'t> {
    /// Reads the raw bytes of a cell, enclosing quotes included; `None` for any other form, or for bytes that are not
    /// UTF-8, which is no error.
    #[inline]
    pub(super) fn read(raw: &'t [u8]) -> Option<Self> {
        let mut rest = std::str::from_utf8(raw.strip_prefix(b"\"{")?).ok()?;
        let mut tags = Self { pairs: [("", Written::default()); MOST], length: 0 };
        loop {
            let key = text(&mut rest).filter(|key| !key.escaped)?;
            rest = rest.trim_ascii_start().strip_prefix(':')?.trim_ascii_start();
            let value = text(&mut rest)?;
            *tags.pairs.get_mut(tags.length)? = (key.raw, value);
            tags.length += 1;
            rest = rest.trim_ascii_start();
            match rest.strip_prefix(',') {
                Some(next) => rest = next.trim_ascii_start(),
                None => return (rest == "}\"").then_some(tags),
            }
        }
    }

    /// Every key whose value is not empty, with it.
    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'t str, Written<'t>)> {
        self.pairs.iter().take(self.length).copied().filter(|(_, value)| !value.raw.is_empty())
    }
}

impl<'t> Written<'t> {
    /// What is meant.
    #[inline]
    pub(super) fn meant(self) -> Cow<'t, str> {
        if self.escaped { Cow::Owned(unescaped(self.raw)) } else { Cow::Borrowed(self.raw) }
    }
}

/// A text between doubled quotes; `None` where it has escapes that are numbers.
#[inline]
fn text<'t>(rest: &mut &'t str) -> Option<Written<'t>> {
    let inner = rest.strip_prefix("\"\"")?;
    let bytes = inner.as_bytes();
    let (mut length, mut escaped) = (find_either(bytes, b'"', b'\\')?, false);
    while bytes.get(length) == Some(&b'\\') {
        escaped = true;
        length += match bytes.get(length + 1..)? {
            [b'"', b'"', ..] => 3,
            [b'x' | b'u' | b'U' | b'"', ..] => return None,
            [kind, ..] if kind.is_ascii() => 2,
            _ => return None,
        };
        length += find_either(bytes.get(length..)?, b'"', b'\\')?;
    }
    let (raw, after) = inner.split_at_checked(length)?;
    *rest = after.strip_prefix("\"\"")?;
    Some(Written { raw, escaped })
}

/// The text without its escapes, as [`super::literal`] reads them.
#[cold]
pub(super) fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw.chars();
    while let Some(next) = rest.next() {
        if next != '\\' {
            text.push(next);
            continue;
        }
        match rest.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some('b') => text.push('\u{8}'),
            Some('f') => text.push('\u{c}'),
            // The quote stands there twice.
            Some('"') => text.extend(rest.next()),
            Some(kind @ ('\'' | '\\' | '/')) => text.push(kind),
            Some(kind) => text.extend(['\\', kind]),
            None => {}
        }
    }
    text
}
