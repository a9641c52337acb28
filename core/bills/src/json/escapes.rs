//! Texts within JSON: between two quotation marks, some characters escaped.

use std::borrow::Cow;

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);

/// How many bytes at the start stand for themselves: neither a quotation mark, a backslash nor a control character.
///
/// By eight: a byte is zero where one less borrows of its highest bit, and of several the lowest is told exactly, since only
/// a borrow could mislead (Mycroft 1987).
#[inline]
pub(super) fn plain(text: &[u8]) -> usize {
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let (eights, rest) = text.as_chunks::<8>();
    for (index, eight) in eights.iter().enumerate() {
        let word = u64::from_le_bytes(*eight);
        let quote = zero(word ^ ONES.wrapping_mul(u64::from(b'"')));
        let backslash = zero(word ^ ONES.wrapping_mul(u64::from(b'\\')));
        let control = word.wrapping_sub(ONES.wrapping_mul(u64::from(b' '))) & !word;
        let found = (quote | backslash | control) & HIGH;
        if found != 0 {
            return index * 8 + (found.trailing_zeros() / 8) as usize;
        }
    }
    let ends = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
    text.len() - rest.len() + rest.iter().position(ends).unwrap_or(rest.len())
}

/// A text as it stands between its quotation marks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quoted<'t> {
    pub(super) inner: &'t str,
    pub(super) escaped: bool,
}

impl<'t> Quoted<'t> {
    /// What it says.
    #[inline]
    pub(super) fn text(self) -> Cow<'t, str> {
        if self.escaped { Cow::Owned(unescaped(self.inner)) } else { Cow::Borrowed(self.inner) }
    }
}

/// The length of an escape at the start of what is given, from its backslash on; `None` where it is none.
pub(super) fn escape(text: &[u8]) -> Option<usize> {
    match text.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => {
            // Beyond the first 65,536 characters one is written as two halves, of which none stands alone.
            let unit = unit(text)?;
            match unit {
                0xD800..0xDC00 => {
                    let second = self::unit(text.get(6..).filter(|rest| rest.starts_with(b"\\u"))?)?;
                    (0xDC00..0xE000).contains(&second).then_some(12)
                }
                0xDC00..0xE000 => None,
                _ => Some(6),
            }
        }
        _ => None,
    }
}

/// The number that `\u` is followed by.
fn unit(text: &[u8]) -> Option<u32> {
    let mut unit = 0;
    for at in 2..6 {
        unit = unit * 16 + char::from(*text.get(at)?).to_digit(16)?;
    }
    Some(unit)
}

/// What stands between the marks, with its escapes undone: each is one that [`escape`] knows.
fn unescaped(inner: &str) -> String {
    let mut rest = inner;
    let mut out = String::new();
    while let Some(plain) = rest.bytes().position(|byte| byte == b'\\') {
        out.push_str(rest.get(..plain).unwrap_or_default());
        let escaped = rest.as_bytes().get(plain..).unwrap_or_default();
        let len = escape(escaped).unwrap_or(escaped.len());
        out.push(match escaped.get(1) {
            Some(b'u') => {
                let first = unit(escaped).unwrap_or_default();
                let second = escaped.get(6..len).and_then(unit);
                let code = second.map_or(first, |second| 0x1_0000 + ((first & 0x3FF) << 10) + (second & 0x3FF));
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(itself) => char::from(*itself),
            None => char::REPLACEMENT_CHARACTER,
        });
        rest = rest.get(plain + len..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}
