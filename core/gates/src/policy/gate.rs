//! What a gate is.

use super::input::Paths;
use super::told::{Fields, Told};
use crate::condition::TextTest;
use crate::money::Amount;

/// Gates, compiled for deciding.
#[derive(Clone, Debug)]
pub struct Gates {
    pub(super) all: Vec<Gate>,
    /// Every path that some gate looks at.
    pub(super) paths: Paths,
    /// The place of the input's waivers, where some gate may be waived.
    pub(super) waivers: Option<usize>,
    /// The place of the subject that the input names, where some gate asks of an assessment.
    pub(super) subject: Option<usize>,
    /// Whether an input has to name its subject.
    pub(super) needs_subject: bool,
    /// What is said where the waivers cannot be read.
    pub(super) waivers_read: Fields,
}

/// One gate.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Its id.
    pub id: String,
    /// When it applies; always, where nothing is said.
    pub when: Asked,
    /// What it requires, all of it.
    pub require: Vec<Requirement>,
    /// What a miss means.
    pub effect: Effect,
    /// What an unknown means.
    pub on_unknown: OnUnknown,
    /// Whether a waiver may cover a miss. Where none may, waivers within assessments do not count either.
    pub waivable: bool,
    /// What to do about a miss.
    pub message: String,
    /// The words for all of it.
    pub(super) told: Told,
}

/// What a miss means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The answer is no.
    Deny,
    /// The answer is yes, with a warning.
    Warn,
    /// It is reported, and changes nothing.
    DryRun,
}

impl Effect {
    pub(super) const WORDS: &[(&'static str, Self)] =
        &[("deny", Self::Deny), ("warn", Self::Warn), ("dry_run", Self::DryRun)];

    /// The word that documents use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
            Self::DryRun => "dry_run",
        }
    }
}

/// What an unknown means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnUnknown {
    /// The same as a miss.
    Deny,
    /// A warning.
    Warn,
    /// Nothing.
    Allow,
}

impl OnUnknown {
    pub(super) const WORDS: &[(&'static str, Self)] =
        &[("deny", Self::Deny), ("warn", Self::Warn), ("allow", Self::Allow)];
}

/// Which level of an assessment counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The one that is certain.
    Confirmed,
    /// The one that unknowns leave possible.
    Potential,
}

impl Mode {
    pub(super) const WORDS: &[(&'static str, Self)] = &[("confirmed", Self::Confirmed), ("potential", Self::Potential)];
}

/// A figure of a cost report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostRule {
    /// Flagged changes that nobody has accounted for.
    UnexplainedChanges,
    /// Percent of cost without an owner.
    UnallocatedPercent,
    /// Rows that could not be read.
    RefusedRows,
}

impl CostRule {
    pub(super) const WORDS: &[(&'static str, Self)] = &[
        ("cost_changes_unexplained", Self::UnexplainedChanges),
        ("unallocated_percent", Self::UnallocatedPercent),
        ("refused_rows", Self::RefusedRows),
    ];

    /// The word that documents use.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, rule)| *rule == self).map_or("", |(word, _)| word)
    }
}

/// One thing that is required.
#[derive(Clone, Debug)]
pub enum Requirement {
    /// A control at a level or above.
    Control {
        /// The framework's id.
        framework: String,
        /// The control's id.
        control: String,
        /// The level.
        min_level: u8,
        /// Which level counts.
        mode: Mode,
    },
    /// A criterion that is met, or does not apply.
    Criterion {
        /// The framework's id.
        framework: String,
        /// The criterion's id.
        criterion: String,
    },
    /// A figure of a cost report that is at most so much.
    Cost {
        /// Which.
        rule: CostRule,
        /// The most it may be.
        max: Amount,
        /// Changes by less than this do not count, in the report's currency; 0 where nothing is said.
        floor: Amount,
        /// The field that names the squad whose changes count; everybody's do where none is named.
        owner: Option<usize>,
    },
    /// Fields of the input satisfy a condition.
    Input(Asked),
}

/// A condition over fields of the input.
#[derive(Clone, Debug)]
pub enum Asked {
    /// All of these.
    All(Vec<Self>),
    /// At least one of these.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// This, of fields in places that are named: for words alone, since the fields know where they stand.
    In(String, Box<Self>),
    /// There is a value that says something: not null, `false`, blank, or an object or list with nothing in it.
    Present(usize),
    /// There is no value at all: nothing, null, or a blank text. What is neither present nor absent satisfies neither.
    Absent(usize),
    /// The value is this truth.
    Truth(usize, bool),
    /// The value as text.
    Text(usize, TextTest),
    /// The value is one of these numbers.
    Numbers(usize, Vec<Amount>),
    /// The value is a number within bounds.
    Range(usize, Bounds),
}

/// Bounds of a number, plain or as multiples of another field.
#[derive(Clone, Debug, Default)]
pub struct Bounds {
    /// The least.
    pub min: Option<Amount>,
    /// The most.
    pub max: Option<Amount>,
    /// It is greater.
    pub above: Option<Amount>,
    /// It is less.
    pub below: Option<Amount>,
    /// The field whose value the bounds multiply.
    pub times: Option<usize>,
}

impl Bounds {
    /// Whether no number can be within.
    pub(super) fn hold_nothing(&self) -> bool {
        let cross = |low: Option<Amount>, high: Option<Amount>, apart: fn(&Amount, &Amount) -> bool| {
            low.zip(high).is_some_and(|(low, high)| apart(&low, &high))
        };
        cross(self.min, self.max, Amount::gt)
            || cross(self.min, self.below, Amount::ge)
            || cross(self.above, self.max, Amount::ge)
            || cross(self.above, self.below, Amount::ge)
    }
}

impl Gates {
    /// The gates, in the order in which they were given.
    pub fn gates(&self) -> &[Gate] {
        &self.all
    }
}
