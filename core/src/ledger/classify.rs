//! Who owns a charge: asked of a classifier, answered once per distinct key.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Arc;

use crate::condition::{Facts, Field};

/// What a classifier says of a charge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// The value of each of the classifier's dimensions.
    pub values: Vec<Option<Arc<str>>>,
    /// Index of the rule that set each of them.
    pub rules: Vec<Option<u32>>,
}

/// Gives charges their dimensions. The answer must depend on the fields and tags it names, and on nothing else.
pub trait Classifier: Debug + Send + Sync {
    /// Names of the dimensions it sets.
    fn dimensions(&self) -> &[String];

    /// The fields it reads.
    fn fields(&self) -> BTreeSet<Field>;

    /// The tag keys it reads.
    fn tag_keys(&self) -> BTreeSet<String>;

    /// The charge's dimensions.
    fn classify(&self, facts: &dyn Facts) -> Claim;
}

/// One part of a group's key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Set by the classifier: its index there.
    Assigned(usize),
    /// A field of the bill.
    Field(Field),
}
