//! Texts within JSON: between two quotation marks, some characters escaped.

use std::borrow::Cow;

/// Whether a byte may stand in a text as it is.
pub(super) const fn is_plain(byte: u8) -> bool {
    byte >= b' ' && byte != b'"' && byte != b'\\'
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
pub(super) fn unescaped(inner: &str) -> Cow<'_, str> {
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
    if out.is_empty() {
        return Cow::Borrowed(inner);
    }
    out.push_str(rest);
    Cow::Owned(out)
}
