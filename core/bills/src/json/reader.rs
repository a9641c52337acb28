//! Reading from the start of a text to its end.

use std::borrow::Cow;

use super::Fault;
use super::escapes::{Quoted, escape, plain};

/// How deep lists and tables may nest.
const MAX_DEPTH: usize = 128;

/// What is read next: a value, or that one begins which holds others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Truth(bool),
    /// A number, digit for digit.
    Number(&'t str),
    /// A text.
    Text(Cow<'t, str>),
    /// A list begins: its items are asked for with [`Reader::next_item`] until there is none.
    List,
    /// A table begins: its keys are asked for with [`Reader::next_key`] until there is none.
    Table,
}

/// A value where it stands in a text: what is wrong within it is placed in the whole.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'t> {
    /// The text up to the value's end.
    until: &'t str,
    at: usize,
}

impl<'t> Raw<'t> {
    /// A text as a value of itself; whether it is JSON shows when it is read.
    pub const fn whole(text: &'t str) -> Self {
        Self { until: text, at: 0 }
    }

    /// A part of a text, which must be a slice of it.
    pub fn within(text: &'t str, part: &'t str) -> Self {
        let at = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        text.get(..at + part.len()).map_or(Self::whole(part), |until| Self { until, at })
    }

    /// Its text.
    pub fn text(self) -> &'t str {
        self.until.get(self.at..).unwrap_or_default()
    }

    /// That it is something else than it had to be.
    #[cold]
    pub fn fault(self, message: impl Into<String>) -> Fault {
        Fault::new(self.until, self.at, message.into())
    }
}

/// The same of a value whose text is left as it stands.
enum Cut<'t> {
    Plain(Token<'t>),
    Text(Quoted<'t>),
}

/// Reads JSON text (RFC 8259), value by value.
///
/// What has been read is known to be JSON; what a reader has not come to may be anything. After a fault nothing more can be
/// asked of it.
#[derive(Clone, Debug)]
pub struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Where the key that was read last begins.
    key: usize,
    /// How many lists and tables are open, and of each whether it is a table, by bits.
    depth: usize,
    tables: [u64; MAX_DEPTH / 64],
    /// Whether the innermost of them has just been opened.
    fresh: bool,
}

impl<'t> Reader<'t> {
    /// At the start of a text.
    pub fn new(text: &'t str) -> Self {
        Self::of(Raw::whole(text))
    }

    /// At the start of a value.
    pub fn of(value: Raw<'t>) -> Self {
        Self { text: value.until, at: value.at, key: 0, depth: 0, tables: [0; MAX_DEPTH / 64], fresh: false }
    }

    /// The byte that is read next, after any blanks.
    #[inline]
    pub fn place(&mut self) -> usize {
        self.next_byte();
        self.at
    }

    /// The byte at which the key begins that was read last.
    pub fn key_place(&self) -> usize {
        self.key
    }

    /// A fault at a byte of the text.
    #[cold]
    pub fn fault(&self, at: usize, message: impl Into<String>) -> Fault {
        Fault::new(self.text, at, message.into())
    }

    /// Reads a value, or enters it.
    ///
    /// # Errors
    /// When none stands here.
    #[inline]
    pub fn value(&mut self) -> Result<Token<'t>, Fault> {
        Ok(match self.cut()? {
            Cut::Plain(token) => token,
            Cut::Text(quoted) => Token::Text(quoted.text()),
        })
    }

    /// Reads a value whole, and gives it as it stands.
    ///
    /// # Errors
    /// When none stands here.
    pub fn raw(&mut self) -> Result<Raw<'t>, Fault> {
        let start = self.place();
        let around = self.depth;
        self.cut()?;
        self.leave(around)?;
        Ok(self.since(start))
    }

    /// Reads what is left of the list or table that was entered last, and gives it from its start on.
    ///
    /// # Errors
    /// When it does not end.
    pub fn rest(&mut self, start: usize) -> Result<Raw<'t>, Fault> {
        self.leave(self.depth.saturating_sub(1))?;
        Ok(self.since(start))
    }

    fn since(&self, start: usize) -> Raw<'t> {
        Raw { until: self.text.get(..self.at).unwrap_or_default(), at: start }
    }

    /// Reads on until no more lists and tables are open than these.
    fn leave(&mut self, around: usize) -> Result<(), Fault> {
        while self.depth > around {
            let more = if self.is_in_table() { self.cut_key()?.is_some() } else { self.next_item()? };
            if more {
                self.cut()?;
            }
        }
        Ok(())
    }

    /// The next key of the table that was entered last; its value is read next. `None` where the table ends.
    ///
    /// # Errors
    /// When neither a key nor the table's end stands here.
    #[inline]
    pub fn next_key(&mut self) -> Result<Option<Cow<'t, str>>, Fault> {
        Ok(self.cut_key()?.map(Quoted::text))
    }

    /// Whether the list that was entered last has another item, which is read next.
    ///
    /// # Errors
    /// When neither an item nor the list's end stands here.
    #[inline]
    pub fn next_item(&mut self) -> Result<bool, Fault> {
        self.goes_on(b']', "`,` or `]` was expected")
    }

    /// That nothing follows.
    ///
    /// # Errors
    /// When something does.
    pub fn end(&mut self) -> Result<(), Fault> {
        match self.next_byte() {
            None => Ok(()),
            Some(_) => Err(self.fault(self.at, "nothing may follow the value")),
        }
    }

    /// The next byte that is not blank.
    #[inline]
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    #[inline]
    fn cut_key(&mut self) -> Result<Option<Quoted<'t>>, Fault> {
        if !self.goes_on(b'}', "`,` or `}` was expected")? {
            return Ok(None);
        }
        if self.next_byte() != Some(b'"') {
            return Err(self.expected("a key in quotes was expected"));
        }
        self.key = self.at;
        let key = self.cut_text()?;
        if self.next_byte() != Some(b':') {
            return Err(self.expected("`:` was expected"));
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// Whether another value of what is open follows; takes the comma before it, or its end.
    #[inline]
    fn goes_on(&mut self, end: u8, expected: &str) -> Result<bool, Fault> {
        let next = self.next_byte();
        if next == Some(end) {
            self.at += 1;
            self.depth = self.depth.saturating_sub(1);
            self.fresh = false;
            return Ok(false);
        }
        if !std::mem::take(&mut self.fresh) {
            if next != Some(b',') {
                return Err(self.expected(expected));
            }
            self.at += 1;
        }
        Ok(true)
    }

    #[inline]
    fn cut(&mut self) -> Result<Cut<'t>, Fault> {
        let start = self.at;
        let token = match self.next_byte() {
            Some(b'"') => return Ok(Cut::Text(self.cut_text()?)),
            Some(b'{') => self.enter(true)?,
            Some(b'[') => self.enter(false)?,
            Some(b't') => self.word("true", Token::Truth(true))?,
            Some(b'f') => self.word("false", Token::Truth(false))?,
            Some(b'n') => self.word("null", Token::Null)?,
            Some(b'-' | b'0'..=b'9') => Token::Number(self.number()?),
            _ => return Err(self.expected("a value was expected")),
        };
        debug_assert!(self.at > start, "a value takes a byte at least");
        Ok(Cut::Plain(token))
    }

    fn enter(&mut self, table: bool) -> Result<Token<'t>, Fault> {
        let bit = 1 << (self.depth % 64);
        let Some(tables) = self.tables.get_mut(self.depth / 64) else {
            return Err(self.fault(self.at, "nested deeper than 128 levels"));
        };
        *tables = if table { *tables | bit } else { *tables & !bit };
        self.depth += 1;
        self.at += 1;
        self.fresh = true;
        Ok(if table { Token::Table } else { Token::List })
    }

    /// Whether the innermost of what is open is a table.
    fn is_in_table(&self) -> bool {
        let Some(inner) = self.depth.checked_sub(1) else { return false };
        self.tables.get(inner / 64).is_some_and(|tables| tables & 1 << (inner % 64) != 0)
    }

    fn word(&mut self, word: &str, token: Token<'t>) -> Result<Token<'t>, Fault> {
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(self.expected("a value was expected"));
        }
        self.at += word.len();
        Ok(token)
    }

    #[inline]
    fn number(&mut self) -> Result<&'t str, Fault> {
        let (start, bytes) = (self.at, self.text.as_bytes());
        let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
        let digits = |at: &mut usize| {
            let from = *at;
            while bytes.get(*at).is_some_and(u8::is_ascii_digit) {
                *at += 1;
            }
            *at > from
        };
        // A zero is followed by no other digit.
        let mut sound = if bytes.get(at) == Some(&b'0') {
            at += 1;
            !bytes.get(at).is_some_and(u8::is_ascii_digit)
        } else {
            digits(&mut at)
        };
        if sound && bytes.get(at) == Some(&b'.') {
            at += 1;
            sound = digits(&mut at);
        }
        if sound && matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1;
            at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
            sound = digits(&mut at);
        }
        self.at = at;
        if sound { Ok(self.text.get(start..at).unwrap_or_default()) } else { Err(self.expected("this is no number")) }
    }

    /// A text that begins here.
    #[inline]
    fn cut_text(&mut self) -> Result<Quoted<'t>, Fault> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let (mut at, mut escaped) = (start, false);
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            at += plain(rest);
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => match bytes.get(at..).and_then(escape) {
                    Some(len) => (at, escaped) = (at + len, true),
                    None => return Err(self.fault(at, "this is no escape of a character")),
                },
                Some(_) => return Err(self.fault(at, "a control character must be escaped")),
                None => return Err(self.fault(at, "the text ends between quotes")),
            }
        }
        self.at = at + 1;
        Ok(Quoted { inner: self.text.get(start..at).unwrap_or_default(), escaped })
    }

    /// What is wrong here: that something else was expected, or that there is nothing more.
    #[cold]
    fn expected(&self, message: &str) -> Fault {
        if self.at < self.text.len() {
            return self.fault(self.at, message);
        }
        let within = match self.depth {
            0 => "the text ends where a value was expected",
            _ if self.is_in_table() => "the text ends within an object",
            _ => "the text ends within a list",
        };
        self.fault(self.at, within)
    }
}
