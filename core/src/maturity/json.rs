//! JSON that others wrote, read with a message of our own and the place of the fault.

use serde_json::Value;
use serde_json::error::Category;

/// Why a text is no JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFault {
    /// Line and column, from 1, where there are any.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}

impl TextFault {
    /// A fault of what the text says, which has no single place.
    pub(crate) fn whole(message: impl Into<String>, hint: &'static str) -> Self {
        Self { place: None, message: message.into(), hint }
    }
}

/// The value of a text, with or without a byte-order mark.
pub(crate) fn read_json(text: &str, hint: &'static str) -> Result<Value, TextFault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| {
        let message = match error.classify() {
            Category::Eof => "the text ends before its JSON does",
            _ => "this is no JSON",
        };
        let place = (error.line() > 0).then(|| (error.line(), error.column().max(1)));
        TextFault { place, message: message.to_owned(), hint }
    })
}
