//! A tolerant reader of objects and lists as JSON, Python and Athena print them.
//!
//! It borrows wherever a text has no escapes, passes over nested values without recursion and only [`DEPTH`] deep, and
//! never panics.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::TagError;

/// Brackets within brackets that are still read.
const DEPTH: u32 = 32;

/// A value of an object.
#[derive(Debug)]
pub(super) enum Value<'t> {
    /// `null` or `None`.
    Absent,
    /// A text, or anything else as it is written (`True` and `False` in JSON's spelling).
    Text(Cow<'t, str>),
}

pub(super) type ValueVisitor<'v, 't> = dyn FnMut(Cow<'t, str>, Value<'t>) -> ControlFlow<()> + 'v;

#[derive(Debug)]
pub(super) struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Passes over the byte just peeked at, which is ASCII.
    pub(super) fn skip(&mut self) {
        self.at += 1;
    }

    /// The next byte that is not blank.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// `{"k": v, …}`; either brace may be missing.
    pub(super) fn object(&mut self, visit: &mut ValueVisitor<'_, 't>) -> Result<ControlFlow<()>, TagError> {
        if self.peek() == Some(b'{') {
            self.at += 1;
        }
        loop {
            let key = match self.peek() {
                None => return Ok(ControlFlow::Continue(())),
                Some(b'}') => {
                    self.at += 1;
                    return Ok(ControlFlow::Continue(()));
                }
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                Some(quote @ (b'"' | b'\'')) => self.quoted(quote)?,
                Some(_) => return self.bare_map(visit),
            };
            if self.peek() != Some(b':') {
                return Err(TagError);
            }
            self.at += 1;
            let value = self.value()?;
            if visit(key, value).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            if !matches!(self.peek(), None | Some(b',' | b'}')) {
                return Err(TagError);
            }
        }
    }

    /// `[{"key": k, "value": v}, …]`.
    pub(super) fn pairs(&mut self, visit: &mut ValueVisitor<'_, 't>) -> Result<ControlFlow<()>, TagError> {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    return Ok(ControlFlow::Continue(()));
                }
                Some(b',') => self.at += 1,
                Some(b'{') => {
                    let (mut key, mut value) = (None, Value::Absent);
                    let _ = self.object(&mut |name, stated| {
                        match (&*name, stated) {
                            ("key", Value::Text(text)) => key = Some(text),
                            ("value", stated) => value = stated,
                            _ => {}
                        }
                        ControlFlow::Continue(())
                    })?;
                    if visit(key.ok_or(TagError)?, value).is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                _ => return Err(TagError),
            }
        }
    }

    /// `k=v, k2=v2` up to a closing brace or the end.
    ///
    /// Nothing is quoted there, so a comma ends a value only where another `k=` follows it.
    pub(super) fn bare_map(&mut self, visit: &mut ValueVisitor<'_, 't>) -> Result<ControlFlow<()>, TagError> {
        let rest = self.text.get(self.at..).unwrap_or_default().trim_ascii_end();
        let mut rest = rest.strip_suffix('}').unwrap_or(rest);
        self.at = self.text.len();
        while !rest.is_empty() {
            let (key, after) = rest.split_once('=').ok_or(TagError)?;
            let end = next_bare_key(after);
            let value = after.get(..end).unwrap_or(after).trim_ascii();
            rest = after.get(end..).unwrap_or_default().trim_start_matches([',', ' ']);
            let value = if value == "null" { Value::Absent } else { Value::Text(Cow::Borrowed(value)) };
            if visit(Cow::Borrowed(key.trim_ascii()), value).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn value(&mut self) -> Result<Value<'t>, TagError> {
        match self.peek().ok_or(TagError)? {
            quote @ (b'"' | b'\'') => self.quoted(quote).map(Value::Text),
            b'{' | b'[' => self.nested().map(|text| Value::Text(Cow::Borrowed(text))),
            _ => {
                let text = self.bare()?;
                Ok(match text {
                    "null" | "None" => Value::Absent,
                    "True" => Value::Text(Cow::Borrowed("true")),
                    "False" => Value::Text(Cow::Borrowed("false")),
                    _ => Value::Text(Cow::Borrowed(text)),
                })
            }
        }
    }

    /// A number or a word, with anything in parentheses after it.
    fn bare(&mut self) -> Result<&'t str, TagError> {
        let start = self.at;
        let mut parentheses = 0_u32;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| {
            match byte {
                b'(' => parentheses += 1,
                b')' => parentheses = parentheses.saturating_sub(1),
                _ => {}
            }
            parentheses == 0 && matches!(byte, b',' | b'}' | b']' | b':' | b'"' | b'\'')
        });
        self.at = length.map_or(self.text.len(), |length| start + length);
        let text = self.text.get(start..self.at).unwrap_or_default().trim_ascii_end();
        if text.is_empty() { Err(TagError) } else { Ok(text) }
    }

    /// An object or list, skipped over.
    fn nested(&mut self) -> Result<&'t str, TagError> {
        let start = self.at;
        let mut depth = 0_u32;
        loop {
            match self.peek().ok_or(TagError)? {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                quote @ (b'"' | b'\'') => {
                    self.quoted(quote)?;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return self.text.get(start..self.at).ok_or(TagError);
            }
            if depth > DEPTH {
                return Err(TagError);
            }
        }
    }

    /// A text in quotes; the reader stands on the opening one.
    #[inline]
    fn quoted(&mut self, quote: u8) -> Result<Cow<'t, str>, TagError> {
        let start = self.at + 1;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = find_either(rest, quote, b'\\').ok_or(TagError)?;
        let plain = self.text.get(start..start + length).ok_or(TagError)?;
        self.at = start + length;
        if rest.get(length) == Some(&quote) {
            self.at += 1;
            return Ok(Cow::Borrowed(plain));
        }
        self.escaped(plain, quote).map(Cow::Owned)
    }

    /// The rest of a text from its first escape on.
    fn escaped(&mut self, plain: &str, quote: u8) -> Result<String, TagError> {
        let mut text = String::from(plain);
        loop {
            let mut rest = self.text.get(self.at..).unwrap_or_default().chars();
            let next = rest.next().ok_or(TagError)?;
            self.at += next.len_utf8();
            if next == char::from(quote) {
                return Ok(text);
            }
            if next != '\\' {
                text.push(next);
                continue;
            }
            let kind = rest.next().ok_or(TagError)?;
            self.at += kind.len_utf8();
            match kind {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'b' => text.push('\u{8}'),
                'f' => text.push('\u{c}'),
                'x' => text.push(self.code_point(2)?),
                'u' => text.push(self.code_point(4)?),
                'U' => text.push(self.code_point(8)?),
                '"' | '\'' | '\\' | '/' => text.push(kind),
                // Python leaves what it does not know.
                _ => text.extend(['\\', kind]),
            }
        }
    }

    /// A character by its number in `digits` hexadecimal digits; UTF-16 halves are joined, a lone one is U+FFFD.
    fn code_point(&mut self, digits: usize) -> Result<char, TagError> {
        let high = self.hexadecimal(digits)?;
        if !(0xd800..0xdc00).contains(&high) {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let before = self.at;
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) {
            self.at += 2;
            let low = self.hexadecimal(4)?;
            if (0xdc00..0xe000).contains(&low) {
                let joined = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        self.at = before;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hexadecimal(&mut self, digits: usize) -> Result<u32, TagError> {
        let text = self.text.get(self.at..self.at + digits).ok_or(TagError)?;
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(TagError);
        }
        self.at += digits;
        u32::from_str_radix(text, 16).map_err(|_| TagError)
    }
}

/// Where the comma before the next `key=` of a bare map stands, or the end.
fn next_bare_key(text: &str) -> usize {
    let mut from = 0;
    while let Some(comma) = text.get(from..).and_then(|rest| rest.find(',')) {
        let comma = from + comma;
        let after = text.get(comma + 1..).unwrap_or_default();
        let segment = after.split(',').next().unwrap_or_default();
        if segment.contains('=') {
            return comma;
        }
        from = comma + 1;
    }
    text.len()
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The first place of either byte, eight bytes at a time.
#[inline]
pub(super) fn find_either(bytes: &[u8], a: u8, b: u8) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    let (a_word, b_word) = (u64::from(a) * ONES, u64::from(b) * ONES);
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // A byte's high bit is set where it is the one looked for; above the lowest hit there may be false ones.
        let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
        let hits = zeros(word ^ a_word) | zeros(word ^ b_word);
        if hits != 0 {
            return Some(index * 8 + hits.trailing_zeros() as usize / 8);
        }
    }
    let place = rest.iter().position(|byte| *byte == a || *byte == b)?;
    Some(words.len() * 8 + place)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn either_byte_is_found_where_it_is(bytes in proptest::collection::vec(0x20_u8..0x24, 0..40), high in 0_u8..2) {
            let bytes: Vec<u8> = bytes.into_iter().map(|byte| byte | (high << 7)).collect();
            let want = bytes.iter().position(|byte| *byte == b'"' || *byte == b'#');
            prop_assert_eq!(find_either(&bytes, b'"', b'#'), want);
        }
    }
}
