//! Values inside Markdown: never markup, never HTML, never the end of a table's cell.

use std::fmt::Write as _;

use crate::report::text::visible;

/// A value as code.
///
/// Values with a backtick, a bar or a backslash are written as an HTML code element with character
/// references, because Markdown's own rules for those inside a table's cell differ between readers.
pub(crate) fn code(value: &str) -> String {
    let text = visible(value);
    if text.contains(['`', '|', '\\']) {
        format!("<code>{}</code>", references(&text, |_| true))
    } else {
        format!("`{text}`")
    }
}

/// A value as running text, on one line.
pub(super) fn prose(value: &str) -> String {
    references(&visible(value.trim()), |mark| "&<>|\\`*_[]#~$@:".contains(mark))
}

/// The text with those of its ASCII marks that `pick` wants as character references.
fn references(text: &str, pick: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_punctuation() && pick(character) {
            let _ = write!(out, "&#{};", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_code_in_any_table() {
        for (value, want) in [
            ("AmazonS3", "`AmazonS3`"),
            ("<b>*_", "`<b>*_`"),
            (" org", "`\" org\"`"),
            ("a|b", "<code>a&#124;b</code>"),
            ("a`<i>", "<code>a&#96;&#60;i&#62;</code>"),
            ("a\nb", "<code>a&#92;nb</code>"),
        ] {
            assert_eq!(code(value), want);
        }
    }

    #[test]
    fn prose_keeps_plain_sentences_plain() {
        for (value, want) in [
            ("agreed in the May review (see wiki).", "agreed in the May review (see wiki)."),
            ("<b>@team</b>", "&#60;b&#62;&#64;team&#60;/b&#62;"),
            ("x\n# y", "x&#92;n&#35; y"),
            (" padded ", "padded"),
        ] {
            assert_eq!(prose(value), want);
        }
    }
}
