//! What is odd about a policy before it has seen a bill.

use serde::Serialize;

use super::Policy;
use crate::condition::document::Position;

/// Something that is allowed, and probably not meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lint {
    /// Which kind.
    pub code: LintCode,
    /// The id of the rule it is about.
    pub rule: Option<String>,
    /// Where it stands.
    #[serde(flatten)]
    pub at: Position,
    /// What is odd.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

/// The kinds of oddities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LintCode {
    /// A condition that no charge can meet.
    NeverMatches,
    /// Everything the rule sets is set by earlier rules wherever it matches.
    UnreachableRule,
    /// One of the dimensions the rule sets is set by an earlier rule wherever it matches.
    UnreachableDimension,
    /// A condition on a tag value that trimming or mapping replaces.
    UnseenTagValue,
    /// An alias that is the key itself.
    AliasOfItself,
    /// An alias named twice for one key.
    AliasTwice,
    /// Aliases or values for a tag key that no rule reads.
    UnreadTag,
    /// Values of one dimension that differ only by case, space or punctuation.
    SimilarValues,
    /// Dimensions whose names differ by a slip of the keyboard.
    SimilarDimensions,
    /// A rule that matched no charge of the bill.
    NeverMatched,
    /// A rule that matched charges of the bill and set nothing.
    NeverSet,
}

impl Policy {
    /// What is odd about the policy itself: rules first, in their order, then tags and names.
    pub fn lint(&self) -> Vec<Lint> {
        let mut lints = self.lint_rules();
        lints.extend(self.lint_tags());
        lints.extend(self.lint_spelling());
        lints
    }
}
