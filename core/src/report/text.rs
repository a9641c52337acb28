//! Values from bills and policies, made fit to be shown.

use std::fmt::Write as _;

use super::document::{Contributor, Key, Report, Scope, Source, TagMerge};

pub use crate::change::UNALLOCATED;

/// A value as it may be shown: nothing in it acts on a terminal or hides from the reader.
///
/// Control characters, line separators and characters that are invisible or turn the reading
/// direction are written as escapes. A value that is empty, has blanks at its ends or is the word
/// `unallocated` is put in quotes.
///
/// ```
/// use headroom_core::report::text::visible;
///
/// assert_eq!(visible("pay\u{1b}[31m\nments"), r"pay\u{1b}[31m\nments");
/// assert_eq!(visible(" org"), "\" org\"");
/// ```
pub fn visible(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        if is_hidden(character) {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    let quoted = value.is_empty() || value.trim() != value || value == UNALLOCATED;
    if quoted { format!("\"{text}\"") } else { text }
}

/// As [`visible`]; `None` is [`UNALLOCATED`].
pub fn visible_or_unallocated(value: Option<&str>) -> String {
    value.map_or_else(|| UNALLOCATED.to_owned(), visible)
}

/// The key's values, one after the other.
pub fn key(key: &Key) -> String {
    let values: Vec<_> = key.0.iter().map(|(_, value)| visible_or_unallocated(value.as_deref())).collect();
    values.join(" / ")
}

/// What a level is called where people read it: `account`, `service`, `everything`.
pub fn level<'a>(level: &'a str, report: &Report) -> &'a str {
    match level {
        "total" => "everything",
        // An organisation's own services are another dimension, so the two are told apart where both are there.
        "service_name" if report.dimensions.iter().any(|name| name == "service") => "cloud service",
        "service_name" => "service",
        "sub_account_id" => "account",
        other => other,
    }
}

/// A scope with its level in front: `account 310415926501`, `squad search`, `everything`.
pub fn scope(scope: &Scope, report: &Report) -> String {
    let level = level(&scope.level, report);
    match scope.key.0.as_slice() {
        [] => level.to_owned(),
        // What the bill leaves open is nothing that a rule could have set.
        [(name, None)] if name.ends_with("_name") || name.ends_with("_id") => format!("no {level}"),
        _ => format!("{} {}", visible(level), key(&scope.key)),
    }
}

/// One value of a contributor's key; a charge that the bill books on no resource says so.
pub fn contributor_value(name: &str, value: Option<&str>) -> String {
    match (name, value) {
        (_, Some(value)) => visible(value),
        ("resource_id", None) => "no resource".to_owned(),
        ("service_name", None) => "no service".to_owned(),
        (_, None) => UNALLOCATED.to_owned(),
    }
}

/// What moved, as far as the scope does not say it already.
pub fn contributor(part: &Contributor, of: &Scope) -> String {
    let names: Vec<_> =
        beyond(&part.key, &of.key).into_iter().map(|(name, value)| contributor_value(name, value.as_deref())).collect();
    names.join(" / ")
}

/// Where a refused row stands: `bill.csv:12 (column BilledCost)`.
pub fn place(file: &str, line: u64, column: Option<&str>) -> String {
    let column = column.map_or_else(String::new, |column| format!(" (column {})", visible(column)));
    format!("{}:{line}{column}", visible(file))
}

/// The parts of a key that a scope's own key does not say already; the whole key when that leaves none.
pub fn beyond<'a>(key: &'a Key, scope: &Key) -> Vec<&'a (String, Option<String>)> {
    let parts: Vec<_> = key.0.iter().filter(|part| !scope.0.contains(part)).collect();
    if parts.is_empty() { key.0.iter().collect() } else { parts }
}

/// The provider and the account billed, as far as the bill names them.
pub fn source(source: &Source) -> String {
    let provider = source.provider_name.as_deref().map_or_else(|| "unnamed provider".to_owned(), visible);
    match source.billing_account_id.as_deref() {
        Some(account) => format!("{provider} {}", visible(account)),
        None => provider,
    }
}

/// The merges as lines of a policy: spellings of one tag key, by the spelling to keep.
///
/// A list is broken where a line would grow beyond `width` characters; a spelling never is, since
/// the lines are there to be pasted.
pub fn aliases(merges: &[TagMerge], width: usize) -> Vec<String> {
    if merges.is_empty() {
        return Vec::new();
    }
    let mut lines = vec!["[tags.aliases]".to_owned()];
    for merge in merges {
        let others = merge.keys.iter().filter(|key| **key != merge.into).map(|key| toml_string(key));
        let mut line = format!("{} = [", toml_key(&merge.into));
        for (at, other) in others.enumerate() {
            let length = line.chars().count() + other.chars().count();
            if at > 0 && length + 3 > width {
                line.push(',');
                lines.push(std::mem::replace(&mut line, "  ".to_owned()));
            } else if at > 0 {
                line.push_str(", ");
            }
            line.push_str(&other);
        }
        line.push(']');
        lines.push(line);
    }
    lines
}

pub(super) fn toml_key(key: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !key.is_empty() && key.bytes().all(bare) { key.to_owned() } else { toml_string(key) }
}

pub(super) fn toml_string(value: &str) -> String {
    let mut text = String::from('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            hidden if is_hidden(hidden) => {
                let _ = write!(text, "\\U{:08X}", u32::from(hidden));
            }
            plain => text.push(plain),
        }
    }
    text.push('"');
    text
}

/// Whether a character would act rather than show. The two joiners stay: scripts and emoji need them.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_is_passed_on() {
        for (value, want) in [
            ("payments", "payments"),
            ("", "\"\""),
            ("org ", "\"org \""),
            ("unallocated", "\"unallocated\""),
            ("\u{1b}[31mred", r"\u{1b}[31mred"),
            ("a\r\nb\tc\0", r"a\r\nb\tc\u{0}"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("abc\u{202e}cba", r"abc\u{202e}cba"),
            ("תשלומים", "תשלומים"),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
        ] {
            assert_eq!(visible(value), want);
        }
        assert_eq!(visible_or_unallocated(None), "unallocated");
    }

    #[test]
    fn merges_are_toml_that_reads_back() {
        let hostile = ["Team", "te\"am", "te\\am", "t\u{1b}eam\n", " team", "t\u{7f}eam", "t\u{202e}eam", "a]#b"];
        let merges = [
            TagMerge { keys: hostile.map(str::to_owned).to_vec(), into: "cost center".to_owned() },
            TagMerge { keys: vec![" org".to_owned(), "org".to_owned()], into: "org".to_owned() },
        ];
        let lines = aliases(&merges, 40);
        assert!(lines.iter().all(|line| line.chars().count() <= 40), "{lines:#?}");
        let policy: toml::Table = lines.join("\n").parse().unwrap();
        let read = |key: &str| -> Vec<String> { policy["tags"]["aliases"][key].clone().try_into().unwrap() };
        assert_eq!(read("cost center"), hostile);
        assert_eq!(read("org"), [" org"]);
        assert_eq!(aliases(&merges[1..], 80), ["[tags.aliases]", "org = [\" org\"]"]);
        assert!(aliases(&[], 80).is_empty());
    }
}
