//! Conditions in the words of the policy file.
//!
//! The text is TOML and reads back as the same condition. The alternate form (`{:#}`) shortens long lists
//! for the eye.

use std::fmt;

use super::{Bound, Case, Check, Condition, Operator, Subject, Test, TextTest};

/// How many texts of a list the short form shows.
const SHOWN: usize = 5;

/// A text as TOML writes it, in quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            control if control.is_control() => out.extend(["\\u", &format!("{:04X}", u32::from(control))]),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, parts) = match self {
            Self::Check(check) => {
                f.write_str("{ ")?;
                check.fmt(f)?;
                return f.write_str(" }");
            }
            Self::Not(part) => {
                f.write_str("{ not = ")?;
                part.fmt(f)?;
                return f.write_str(" }");
            }
            Self::All(parts) => ("all", parts),
            Self::Any(parts) => ("any", parts),
        };
        if parts.is_empty() {
            return write!(f, "{{ {word} = [] }}");
        }
        write!(f, "{{ {word} = [")?;
        for (i, part) in parts.iter().enumerate() {
            f.write_str(if i == 0 { " " } else { ", " })?;
            part.fmt(f)?;
        }
        f.write_str(" ] }")
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.subject, &self.test) {
            (Subject::Field(field), Test::Text(text))
                if text.operator() == Operator::Equals && text.case() == Case::Sensitive =>
            {
                write!(f, "{field} = ")?;
                list(f, text.texts(), |text| quoted(text))
            }
            (Subject::Field(field), Test::Amounts(amounts)) => {
                write!(f, "{field} = ")?;
                list(f, amounts, |amount| quoted(&amount.to_string()))
            }
            (Subject::Field(field), test) => {
                write!(f, "{field} = {{ ")?;
                test.fmt(f)?;
                f.write_str(" }")
            }
            (Subject::Tag(key), test) => {
                write!(f, "tag = {}, ", quoted(key))?;
                test.fmt(f)
            }
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => field.fmt(f),
            Self::Tag(key) => write!(f, "tag {key}"),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present => f.write_str("present = true"),
            Self::Absent => f.write_str("absent = true"),
            Self::Text(text) => text.fmt(f),
            Self::Amounts(amounts) => {
                f.write_str("equals = ")?;
                list(f, amounts, |amount| quoted(&amount.to_string()))
            }
            Self::Range(range) => {
                let bounds = Bound::ALL.iter().filter_map(|bound| Some((bound.name(), range.bound(*bound)?)));
                for (i, (name, amount)) in bounds.enumerate() {
                    write!(f, "{}{name} = \"{amount}\"", if i == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for TextTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = ", self.operator().name())?;
        list(f, self.texts(), |text| quoted(text))?;
        match self.case() {
            Case::Sensitive => Ok(()),
            Case::Insensitive => f.write_str(", case = \"insensitive\""),
        }
    }
}

/// One value as it is, several as a list.
fn list<T>(f: &mut fmt::Formatter<'_>, values: &[T], word: impl Fn(&T) -> String) -> fmt::Result {
    if let [only] = values {
        return f.write_str(&word(only));
    }
    let shown = if f.alternate() && values.len() > SHOWN { SHOWN } else { values.len() };
    f.write_str("[")?;
    for (i, value) in values[..shown].iter().enumerate() {
        write!(f, "{}{}", if i == 0 { "" } else { ", " }, word(value))?;
    }
    match values.len() - shown {
        0 => f.write_str("]"),
        more => write!(f, ", … {more} more]"),
    }
}
