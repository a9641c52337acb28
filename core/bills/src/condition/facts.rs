//! What a condition can see.

use std::borrow::Cow;

use super::Field;

/// The fields and tags of one charge, as text.
///
/// A value that is absent, or one of the spellings of null that bills use, is `None`; an empty text is
/// never returned.
pub trait Facts {
    /// The field's value.
    fn field(&self, field: Field) -> Option<Cow<'_, str>>;

    /// The value of the tag with exactly this key.
    fn tag(&self, key: &str) -> Option<Cow<'_, str>>;

    /// The keys of all tags of the charge, for suggestions.
    fn tag_keys(&self) -> Vec<String>;
}

/// The text without white space at its ends; `None` when nothing is left.
pub fn trimmed(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return None;
    }
    if trimmed.len() == text.len() {
        return Some(text);
    }
    Some(match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    })
}
