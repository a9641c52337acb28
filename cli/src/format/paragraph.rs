//! Text fitted to a width counted in terminal columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// The text with its middle left out, so that it takes at most `width` columns.
///
/// The end is kept as well as the start, since names often differ there.
pub(super) fn shorten(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let start = head(text.chars(), room - room / 2);
    let end: String = head(text.chars().rev(), room / 2).chars().rev().collect();
    if width == 0 { String::new() } else { format!("{start}…{end}") }
}

fn head(characters: impl Iterator<Item = char>, width: usize) -> String {
    let mut left = width;
    characters
        .take_while(|character| {
            let rest = left.checked_sub(character.width().unwrap_or(0));
            left = rest.unwrap_or(0);
            rest.is_some()
        })
        .collect()
}

/// The text in lines of at most `width` columns: the first after `first`, the others after `rest`.
///
/// A word longer than a line is cut where the line ends, so that nothing of it is lost.
pub(super) fn wrap(text: &str, first: &str, rest: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut is_empty) = (first.to_owned(), true);
    let words = words(text);
    for word in &words {
        let mut word = word.as_str();
        if !is_empty && columns(&line) + 1 + columns(word) > width {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            is_empty = true;
        }
        while is_empty && columns(&line) + columns(word) > width {
            let part = head(word.chars(), width.saturating_sub(columns(&line)));
            if part.is_empty() {
                break;
            }
            line.push_str(&part);
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            word = word.get(part.len()..).unwrap_or_default();
        }
        if word.is_empty() {
            continue;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    if !is_empty {
        lines.push(line);
    }
    lines
}

/// The words of a text; a figure and its percent sign are one.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(last) if word.starts_with('%') && last.ends_with(|end: char| end.is_ascii_digit()) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_goes_first() {
        for (text, width, want) in [
            ("payments", 8, "payments"),
            ("payments-production", 10, "payme…tion"),
            ("支払いチーム", 7, "支…ム"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
        ] {
            let short = shorten(text, width);
            assert_eq!(short, want);
            assert!(columns(&short) <= width);
        }
    }

    #[test]
    fn lines_hang_and_nothing_is_lost() {
        assert_eq!(wrap("one two three", "- ", "  ", 9), ["- one two", "  three"]);
        assert_eq!(wrap("abcdefghij k", "", " ", 5), ["abcde", " fghi", " j k"]);
        assert_eq!(wrap("", "", "", 5), Vec::<String>::new());
    }
}
