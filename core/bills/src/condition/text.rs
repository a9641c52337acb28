//! Texts and the operators that compare them.

use std::borrow::Cow;

use super::glob;
use crate::order::Order as _;

/// Whether case counts. Folding is ASCII only: `Ü` and `ü` always differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    /// `A` is not `a`.
    #[default]
    Sensitive,
    /// `A` is `a`.
    Insensitive,
}

impl Case {
    /// The two words a user may write.
    pub const NAMES: &[&'static str] = &["sensitive", "insensitive"];
}

/// How a text is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operator {
    /// The whole text.
    Equals,
    /// Its beginning.
    StartsWith,
    /// Its end.
    EndsWith,
    /// Any part of it.
    Contains,
    /// The whole text against a pattern in which `*` stands for any run of characters and `?` for exactly one.
    Glob,
}

impl Operator {
    /// Every operator.
    pub const ALL: &[Self] = &[Self::Equals, Self::StartsWith, Self::EndsWith, Self::Contains, Self::Glob];

    /// The key a user writes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equals => "equals",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
            Self::Contains => "contains",
            Self::Glob => "glob",
        }
    }
}

/// A comparison with any of several texts.
///
/// Two are equal when they ask the same: order and repetition of the texts don't count.
#[derive(Clone, Debug)]
pub struct TextTest {
    operator: Operator,
    case: Case,
    written: Vec<String>,
    /// What is compared: folded when case doesn't count, sorted, each once.
    sorted: Vec<String>,
}

impl TextTest {
    /// Compares with any of `texts`; with none it never holds.
    pub fn new(operator: Operator, case: Case, texts: Vec<String>) -> Self {
        let mut sorted: Vec<String> = texts.iter().map(|text| fold(case, text).into_owned()).collect();
        sorted.order();
        sorted.dedup();
        Self { operator, case, written: texts, sorted }
    }

    /// How it compares.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// Whether case counts.
    pub fn case(&self) -> Case {
        self.case
    }

    /// The texts, as they were written.
    pub fn texts(&self) -> &[String] {
        &self.written
    }

    /// The texts as compared: folded when case doesn't count, sorted, each once.
    pub fn compared(&self) -> &[String] {
        &self.sorted
    }

    /// Whether a value passes.
    pub fn matches(&self, value: &str) -> bool {
        let value = fold(self.case, value);
        let value = value.as_ref();
        match self.operator {
            Operator::Equals => match self.sorted.as_slice() {
                [only] => only == value,
                several => several.binary_search_by(|text| text.as_str().cmp(value)).is_ok(),
            },
            Operator::StartsWith => self.sorted.iter().any(|text| value.starts_with(text)),
            Operator::EndsWith => self.sorted.iter().any(|text| value.ends_with(text)),
            Operator::Contains => self.sorted.iter().any(|text| glob::place(text, value).is_some()),
            Operator::Glob => self.sorted.iter().any(|pattern| glob::matches(pattern, value)),
        }
    }
}

impl PartialEq for TextTest {
    fn eq(&self, other: &Self) -> bool {
        (self.operator, self.case, &self.sorted) == (other.operator, other.case, &other.sorted)
    }
}

impl Eq for TextTest {}

fn fold(case: Case, text: &str) -> Cow<'_, str> {
    if case == Case::Insensitive && text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}
