//! One test against another.

use super::{Case, Operator, Test, TextTest};

impl Test {
    /// Why no value passes.
    pub(super) fn never(&self) -> Option<&'static str> {
        match self {
            Self::Text(text) if text.texts().is_empty() => Some("one of an empty list"),
            Self::Amounts(amounts) if amounts.is_empty() => Some("one of an empty list"),
            Self::Range(range) if range.interval().is_none() => Some("no number fits the bounds"),
            _ => None,
        }
    }

    /// All values that pass, when they are a list that can be tried one by one.
    pub(super) fn candidates(&self) -> Option<Vec<String>> {
        match self {
            Self::Text(text) if text.operator() == Operator::Equals && text.case() == Case::Sensitive => {
                Some(text.compared().to_vec())
            }
            Self::Amounts(amounts) => Some(amounts.iter().map(ToString::to_string).collect()),
            _ => None,
        }
    }

    /// Whether every value that passes `other` passes this as well, as far as can be told.
    pub(super) fn covers(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        // A number may be written in many ways, so text tests cannot be tried on its shortest form.
        if matches!((self, other), (Self::Text(_), Self::Amounts(_))) {
            return false;
        }
        if let Some(values) = other.candidates() {
            return values.iter().all(|value| self.holds(Some(value)));
        }
        match (self, other) {
            (Self::Present, other) => *other != Self::Absent,
            (Self::Text(weak), Self::Text(strong)) => weak.covers(strong),
            (Self::Range(weak), Self::Range(strong)) => match (weak.interval(), strong.interval()) {
                (Some(weak), Some(strong)) => weak.0 <= strong.0 && strong.1 <= weak.1,
                (_, strong) => strong.is_none(),
            },
            _ => false,
        }
    }
}

impl TextTest {
    /// As [`Test::covers`]: each text of `other` must by itself force one of these.
    fn covers(&self, other: &Self) -> bool {
        let folds = (self.case(), other.case());
        if folds == (Case::Sensitive, Case::Insensitive) {
            return false;
        }
        let forced = |text: &str| {
            // The same text under this test's case.
            let text =
                if folds == (Case::Insensitive, Case::Sensitive) { text.to_ascii_lowercase() } else { text.to_owned() };
            self.compared().iter().any(|own| match (self.operator(), other.operator()) {
                (Operator::Equals, Operator::Equals) | (Operator::Glob, Operator::Glob) => *own == text,
                (Operator::StartsWith, Operator::Equals | Operator::StartsWith) => text.starts_with(own.as_str()),
                (Operator::EndsWith, Operator::Equals | Operator::EndsWith) => text.ends_with(own.as_str()),
                (
                    Operator::Contains,
                    Operator::Equals | Operator::StartsWith | Operator::EndsWith | Operator::Contains,
                ) => text.contains(own.as_str()),
                (Operator::Glob, Operator::Equals) => super::glob::matches(own, &text),
                _ => false,
            })
        };
        other.compared().iter().all(|text| forced(text))
    }
}
