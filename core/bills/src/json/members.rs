//! A table of few keys, taken apart into its values.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::{Fault, Raw, Reader, Token};

/// The members of a table in the order written.
#[derive(Clone, Debug)]
pub struct Members<'t> {
    table: Raw<'t>,
    all: Vec<(Cow<'t, str>, Raw<'t>)>,
}

impl<'t> Members<'t> {
    /// Those of a table.
    ///
    /// # Errors
    /// When it is none, or not JSON.
    pub fn read(table: Raw<'t>) -> Result<Self, Fault> {
        Self::read_known(table, None)
    }

    /// The same where only these keys may stand, and none twice.
    ///
    /// # Errors
    /// When it is no such table.
    pub fn of(table: Raw<'t>, known: &[&str]) -> Result<Self, Fault> {
        Self::read_known(table, Some(known))
    }

    fn read_known(table: Raw<'t>, known: Option<&[&str]>) -> Result<Self, Fault> {
        let mut reader = Reader::of(table);
        if !matches!(reader.value()?, Token::Table) {
            return Err(table.fault("an object was expected"));
        }
        let mut all: Vec<(Cow<'t, str>, Raw<'t>)> = Vec::new();
        while let Some(key) = reader.next_key()? {
            if let Some(known) = known {
                let problem = if !known.contains(&&*key) {
                    format!("unknown field `{key}`, expected one of `{}`", known.join("`, `"))
                } else if all.iter().any(|(other, _)| *other == key) {
                    format!("`{key}` is written twice")
                } else {
                    String::new()
                };
                if !problem.is_empty() {
                    return Err(reader.fault(reader.key_place(), problem));
                }
            }
            all.push((key, reader.raw()?));
        }
        reader.end()?;
        Ok(Self { table, all })
    }

    /// Keys and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Raw<'t>)> {
        self.all.iter().map(|(key, value)| (&**key, *value))
    }

    /// The value of a key; `None` where there is none, or null.
    ///
    /// # Errors
    /// When it stands there twice: readers differ on which of the two counts.
    pub fn get(&self, key: &str) -> Result<Option<Raw<'t>>, Fault> {
        let mut found = self.iter().filter(|(known, _)| *known == key).map(|(_, value)| value);
        match (found.next(), found.next()) {
            (_, Some(second)) => Err(second.fault(format!("`{key}` is written twice"))),
            (first, None) => Ok(first.filter(|value| value.text() != "null")),
        }
    }

    /// The value of a key that must be there.
    ///
    /// # Errors
    /// When it is not.
    pub fn need(&self, key: &str) -> Result<Raw<'t>, Fault> {
        self.get(key)?.ok_or_else(|| self.table.fault(format!("missing field `{key}`")))
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// When it is not, or is no text.
    pub fn need_text(&self, key: &str) -> Result<Cow<'t, str>, Fault> {
        text(key, self.need(key)?)
    }
}

/// The value of a key as a text.
///
/// # Errors
/// When it is none.
pub fn text<'t>(key: &str, value: Raw<'t>) -> Result<Cow<'t, str>, Fault> {
    match Reader::of(value).value()? {
        Token::Text(text) => Ok(text),
        _ => Err(value.fault(format!("`{key}` must be a text"))),
    }
}

/// The value of a key as what a text says.
///
/// # Errors
/// When it is no text, or says something else.
pub fn parsed<T: FromStr<Err: fmt::Display>>(key: &str, value: Raw<'_>) -> Result<T, Fault> {
    text(key, value)?.parse().map_err(|error| value.fault(format!("`{key}` cannot be read: {error}")))
}

/// The items of a list.
///
/// # Errors
/// When it is none, or not JSON.
pub fn items(list: Raw<'_>) -> Result<Vec<Raw<'_>>, Fault> {
    let mut reader = Reader::of(list);
    if !matches!(reader.value()?, Token::List) {
        return Err(list.fault("a list was expected"));
    }
    let mut items = Vec::new();
    while reader.next_item()? {
        items.push(reader.raw()?);
    }
    reader.end()?;
    Ok(items)
}
