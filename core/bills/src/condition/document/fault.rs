//! What can be wrong with a policy document.

use super::Position;

/// A fault and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {fault}")]
pub struct Problem {
    /// Where.
    pub at: Position,
    /// What.
    pub fault: Fault,
}

impl Problem {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        self.fault.hint()
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The text is neither TOML nor JSON.
    #[error("not valid {format}: {message}")]
    Syntax {
        /// `TOML` or `JSON`.
        format: &'static str,
        /// What the reader met.
        message: String,
    },
    /// Tables or lists nest too deep.
    #[error("nested deeper than 64 levels")]
    TooDeep,
    /// A key stands twice in one table.
    #[error("`{key}` is written twice")]
    KeyTwice {
        /// The key.
        key: String,
    },
    /// A key that means nothing here.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The key.
        key: String,
        /// The known key it resembles.
        nearest: Option<String>,
        /// The keys that may stand here.
        known: Vec<&'static str>,
    },
    /// A field that bills do not have.
    #[error("unknown field `{name}`")]
    UnknownField {
        /// The name.
        name: String,
        /// The field or key it resembles.
        nearest: Option<String>,
    },
    /// A key that must be there is not.
    #[error("`{key}` is missing")]
    Missing {
        /// The key.
        key: &'static str,
        /// What to write.
        hint: &'static str,
    },
    /// A value of the wrong kind.
    #[error("`{key}` must be {expected}, not {found}")]
    WrongKind {
        /// The key.
        key: String,
        /// What may stand there.
        expected: &'static str,
        /// What stands there.
        found: &'static str,
    },
    /// A number where a text is compared.
    #[error("`{key}` is compared as text, and {number} is a number")]
    NumberAsText {
        /// The field or operator.
        key: String,
        /// The number as written.
        number: String,
    },
    /// A text that is not a decimal, or one that the engine cannot hold exactly.
    #[error("`{text}` is not a number that `{key}` can hold: {reason}")]
    NotExact {
        /// The field or operator.
        key: String,
        /// The text.
        text: String,
        /// Why not.
        reason: String,
    },
    /// An empty text or table where it would mean everything or nothing.
    #[error("`{key}` is empty")]
    Empty {
        /// The key.
        key: String,
        /// What to write.
        hint: &'static str,
    },
    /// A subject without a check.
    #[error("`{subject}` is named, but nothing is asked of it")]
    NothingAsked {
        /// The field or tag.
        subject: String,
    },
    /// A check without a subject.
    #[error("`{operator}` does not say of what")]
    NoSubject {
        /// The operator.
        operator: String,
    },
    /// `case` where no text is compared.
    #[error("`case` has no effect on `{subject}` here")]
    IdleCase {
        /// The field or tag.
        subject: String,
    },
    /// A text operator on a field that holds a number.
    #[error("`{field}` holds a number, so `{operator}` cannot be asked of it")]
    TextOnNumber {
        /// The field.
        field: &'static str,
        /// The operator.
        operator: &'static str,
    },
    /// A value that is not one of a few.
    #[error("`{key}` cannot be `{value}`")]
    NotOneOf {
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
        /// What it may be.
        known: Vec<&'static str>,
        /// The nearest of them.
        nearest: Option<&'static str>,
    },
    /// A name taken twice.
    #[error("{what} `{name}` is already used at {first}")]
    Taken {
        /// What the name names.
        what: &'static str,
        /// The name.
        name: String,
        /// Where it was used first.
        first: Position,
    },
    /// A name that nothing known bears.
    #[error("unknown {what} `{name}`")]
    UnknownName {
        /// What the name should name.
        what: &'static str,
        /// The name.
        name: String,
        /// The known name it resembles, or what to do.
        hint: String,
    },
    /// A rule of the document's own kind that it breaks.
    #[error("{message}")]
    Broken {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// A name or value that breaks a rule of form.
    #[error("`{value}` cannot be {what}")]
    Malformed {
        /// What it was to be.
        what: &'static str,
        /// The value.
        value: String,
        /// The rule, as what to do.
        rule: String,
    },
    /// Two documents, or two places of one, state different values.
    #[error("{what} is {value} here and {other} at {first}")]
    Conflict {
        /// What is stated.
        what: String,
        /// The value here.
        value: String,
        /// The value there.
        other: String,
        /// Where the other stands.
        first: Position,
    },
}

impl Fault {
    /// What to do about it, without a full stop.
    pub fn hint(&self) -> Option<String> {
        let advice = match self {
            Self::Syntax { format: "JSON", .. } => {
                "the text starts with `{` and so is read as JSON; TOML starts with `schema = …`".to_owned()
            }
            Self::WrongKind { key, expected: "a list", found: "a table" } => {
                format!("in TOML a list of tables is written `[[{key}]]`, in JSON `[ {{ … }} ]`")
            }
            Self::Syntax { .. } | Self::WrongKind { .. } => return None,
            Self::TooDeep => "flatten the conditions: a list inside `all` or `any` takes any number of them".to_owned(),
            Self::KeyTwice { key } => {
                format!("keep one `{key}`; several values are a list, several checks an `all` list")
            }
            Self::UnknownKey { nearest: Some(nearest), .. } | Self::UnknownField { nearest: Some(nearest), .. } => {
                format!("did you mean `{nearest}`?")
            }
            Self::UnknownKey { known, .. } => format!("known here: {}", known.join(", ")),
            Self::UnknownField { name, .. } => {
                format!("for a tag of that name write `{{ tag = {}, equals = … }}`", crate::condition::quoted(name))
            }
            Self::Missing { hint, .. } | Self::Empty { hint, .. } => (*hint).to_owned(),
            Self::NumberAsText { number, .. } => format!("write it in quotes: \"{number}\""),
            Self::NotExact { .. } => "write a plain decimal with at most 18 decimals, such as \"12.50\"".to_owned(),
            Self::NothingAsked { .. } => {
                "add a check such as `equals = …`, `starts_with = …` or `present = true`".to_owned()
            }
            Self::NoSubject { operator } => {
                format!(
                    "write `{{ service_name = {{ {operator} = … }} }}` for a field, `{{ tag = \"app\", {operator} = … }}` for a tag"
                )
            }
            Self::IdleCase { .. } => {
                "leave it out; it serves equals, starts_with, ends_with, contains and glob".to_owned()
            }
            Self::TextOnNumber { .. } => "use min, max, above, below, equals, present or absent".to_owned(),
            Self::NotOneOf { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Self::NotOneOf { known, .. } => format!("write one of: {}", known.join(", ")),
            Self::UnknownName { hint, .. } | Self::Broken { hint, .. } => hint.clone(),
            Self::Taken { .. } => "give each its own name".to_owned(),
            Self::Malformed { rule, .. } => rule.clone(),
            Self::Conflict { .. } => "keep one of them".to_owned(),
        };
        Some(advice)
    }
}
