//! Who owns a charge: asked of a classifier, one decider a worker.

use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::Arc;

use super::texts::Texts;
use crate::condition::{Facts, Field};
use crate::order::BTreeSet;

/// Gives charges their dimensions.
pub trait Classifier: Debug + Send + Sync {
    /// Names of the dimensions it sets.
    fn dimensions(&self) -> &[String];

    /// The fields it reads.
    fn fields(&self) -> BTreeSet<Field>;

    /// The tag keys it reads.
    fn tag_keys(&self) -> BTreeSet<String>;

    /// Someone who decides on charges one after the other and may remember what it has seen. Only the values of the
    /// dimensions asked for, by index, need be told.
    fn decider(self: Arc<Self>, asked: &BTreeSet<usize>) -> Box<dyn Decider>;
}

/// Decides on the charges of one worker. The answer must depend on the fields and tags that the classifier names, and on
/// nothing else: not on the charges before.
pub trait Decider: Debug + Send {
    /// Appends what a charge leaves open as far as these fields tell: as many words for each charge, to be met with what
    /// other fields leave open.
    fn narrow(&mut self, fields: &[Field], charge: &dyn Facts, candidates: &mut Vec<u64>);

    /// How many values of each tag it can remember something about: the numbers known stay below.
    fn most_values(&self) -> usize;

    /// Writes the charge's dimensions to `claim`; `candidates` is what all of its fields leave open, `values` has the number
    /// of its value for each of [`Classifier::tag_keys`], and `texts` is the same in every call.
    fn decide(
        &mut self,
        candidates: &[u64],
        values: &[ValueNumber],
        charge: &dyn KeyedFacts,
        texts: &mut Texts,
        claim: &mut Claim,
    );
}

/// Stands for the value of a tag: the same number of the same key is the same value, whatever the charge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ValueNumber(u32);

impl ValueNumber {
    /// No value, or a blank one.
    pub const NONE: Self = Self(0);
    /// A value without a number: there are too many, or it is too long. The charge must be asked.
    pub const BEYOND: Self = Self(u32::MAX);

    /// The number of the value in this place among those known.
    pub fn known(place: usize) -> Self {
        Self(place as u32 + 1)
    }

    /// The value's place among those known; `None` for the two that have none.
    #[inline]
    pub fn place(self) -> Option<usize> {
        if self == Self::BEYOND { None } else { Some(self.0.checked_sub(1)? as usize) }
    }
}

/// The facts of a charge whose tags can be asked for by the positions of their keys in [`Classifier::tag_keys`].
pub trait KeyedFacts: Facts {
    /// The value of the first of these tags that is there and not blank, without white space at its ends.
    fn first_tag(&self, positions: &[usize]) -> Option<Cow<'_, str>>;
}

/// What is said of a charge, in memory that is used again for the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// The number of the value of each of the classifier's dimensions; 0 is none, [`Texts::NOT_ASKED`] a value that
    /// nobody asked for.
    pub values: Vec<u32>,
    /// Index of the rule that set each of them.
    pub rules: Vec<Option<u32>>,
}

impl Claim {
    /// Nothing said of any of so many dimensions.
    pub fn reset(&mut self, dimensions: usize) {
        self.values.clear();
        self.values.resize(dimensions, 0);
        self.rules.clear();
        self.rules.resize(dimensions, None);
    }
}

/// One part of a group's key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Set by the classifier: its index there.
    Assigned(usize),
    /// A field of the bill.
    Field(Field),
}
