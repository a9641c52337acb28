//! Patterns of `*` and `?`.

/// Whether the whole of `text` fits `pattern`.
///
/// `*` is any run of characters, `?` exactly one character, all else itself; there is no escape and no
/// set. The pieces between stars are placed once each, leftmost first, which is enough to decide: no
/// going back. Time is text times piece at most.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(first) = pieces.next() else {
        return false;
    };
    let Some(taken) = prefix(first, text) else {
        return false;
    };
    let mut rest = from(text, taken);
    let Some(mut last) = pieces.next() else {
        return rest.is_empty();
    };
    for next in pieces {
        match find(last, rest) {
            Some(end) => rest = from(rest, end),
            None => return false,
        }
        last = next;
    }
    suffix(last, rest)
}

/// Bytes of `text` that `piece` takes at its start.
fn prefix(piece: &str, text: &str) -> Option<usize> {
    let mut characters = text.char_indices();
    for wanted in piece.chars() {
        let (_, found) = characters.next()?;
        if wanted != '?' && wanted != found {
            return None;
        }
    }
    Some(characters.offset())
}

/// Where the leftmost place of `piece` in `text` ends.
fn find(piece: &str, text: &str) -> Option<usize> {
    if !piece.contains('?') {
        return place(piece, text).map(|start| start + piece.len());
    }
    text.char_indices().find_map(|(start, _)| Some(start + prefix(piece, from(text, start))?))
}

/// The leftmost place of `piece` in `text`. The standard library's search would bring its complaints about slices into the
/// modules for policy engines, and with them how characters are told for debuggers.
pub(super) fn place(piece: &str, text: &str) -> Option<usize> {
    let (piece, text) = (piece.as_bytes(), text.as_bytes());
    let Some((first, others)) = piece.split_first() else { return Some(0) };
    let mut at = 0;
    loop {
        at += text.get(at..)?.iter().position(|byte| byte == first)? + 1;
        if text.get(at..)?.starts_with(others) {
            return Some(at - 1);
        }
    }
}

/// What follows a place, which is between two characters.
fn from(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// Whether `text` ends with `piece`.
fn suffix(piece: &str, text: &str) -> bool {
    if !piece.contains('?') {
        return text.ends_with(piece);
    }
    let length = piece.chars().count();
    let start = text.char_indices().rev().nth(length - 1);
    start.is_some_and(|(start, _)| prefix(piece, from(text, start)).is_some())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::matches;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, want) in [
            ("arn:aws:s3:::lake-*", "arn:aws:s3:::lake-raw", true),
            ("arn:aws:s3:::lake-*", "arn:aws:s3:::lake-", true),
            ("arn:aws:s3:::lake-*", "xarn:aws:s3:::lake-", false),
            ("*", "", true),
            ("**", "x", true),
            ("", "", true),
            ("", "x", false),
            ("a", "ab", false),
            ("a*b*c", "a1b2b3c", true),
            ("a*bc*c", "abc", false),
            ("*ab", "aab", true),
            ("a?c", "abc", true),
            ("a?c", "aüc", true),
            ("a?c", "ac", false),
            ("*?x", "x", false),
            ("*?x", "éx", true),
            ("?*?", "a", false),
            ("?*?", "äb", true),
            ("*a?a*", "xaab", false),
            ("*a?a*", "xaaba", true),
            ("[a]", "a", false),
            ("[a]", "[a]", true),
            (r"\*", r"\x", true),
        ] {
            assert_eq!(matches(pattern, text), want, "{pattern} on {text}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        assert!(!matches(&"a*".repeat(2_000), &"a".repeat(1_999)));
        assert!(!matches(&format!("{}b", "*a".repeat(200)), &"a".repeat(100_000)));
    }

    /// The definition, by recursion.
    fn reference(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((&'*', rest)) => (0..=text.len()).any(|at| reference(rest, &text[at..])),
            Some((&'?', rest)) => text.split_first().is_some_and(|(_, text)| reference(rest, text)),
            Some((wanted, rest)) => {
                text.split_first().is_some_and(|(found, text)| found == wanted && reference(rest, text))
            }
        }
    }

    proptest! {
        #[test]
        fn equals_its_definition(pattern in "[ab*?é]{0,8}", text in "[abé]{0,10}") {
            let characters = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(matches(&pattern, &text), reference(&characters(&pattern), &characters(&text)));
        }

        #[test]
        fn takes_any_text(pattern in any::<String>(), text in any::<String>()) {
            let _ = matches(&pattern, &text);
        }
    }
}
