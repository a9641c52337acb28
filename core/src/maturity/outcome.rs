//! What came of a criterion, and what that rests on.

use serde::Serialize;

use super::level::Standing;
use super::quantity::Unit;
use crate::calendar::Date;
use crate::money::Amount;

/// What is decided of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is so.
    Met,
    /// It is not so.
    NotMet,
    /// Nobody knows, or what is known is too old.
    Unknown,
    /// The question does not arise.
    NotApplicable,
    /// It is not so or not known, and somebody accepted that for a time.
    Waived,
    /// It is a figure without a target.
    NoTarget,
}

impl Outcome {
    /// Every outcome, in the order in which tallies list them.
    pub const ALL: [Self; 6] =
        [Self::Met, Self::NotMet, Self::Unknown, Self::NotApplicable, Self::Waived, Self::NoTarget];

    /// The word that documents use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
            Self::Waived => "waived",
            Self::NoTarget => "no_target",
        }
    }
}

/// What an outcome rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Nothing.
    None,
    /// A level somebody declared.
    Declared,
    /// An answer somebody gave.
    Attested,
    /// All questions mapped to it.
    Inferred,
    /// Other criteria.
    Derived,
    /// A figure somebody stated.
    Stated,
    /// A figure Headroom worked out itself.
    Measured,
    /// The next actions' assumption that it is closed.
    Assumed,
}

/// Why an outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// There is no evidence.
    Missing,
    /// The evidence is too old.
    Stale,
}

/// A criterion, decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    /// What was decided.
    pub outcome: Outcome,
    /// What it rests on.
    pub basis: Basis,
    /// Why it is unknown, where it is.
    pub why: Option<Why>,
    /// What is.
    pub actual: Option<String>,
    /// What should be.
    pub required: Option<String>,
    /// What should be less what is: value and unit.
    pub delta: Option<(Amount, Unit)>,
    /// The day of the evidence.
    pub observed: Option<Date>,
    /// The last day on which it counts; `None` where it does not age.
    pub until: Option<Date>,
    /// What else is to be said.
    pub note: Option<String>,
    /// The id of the waiver that covers it.
    pub waiver: Option<String>,
    /// Whether it holds only because of a waiver, its own or that of what it rests on.
    pub leans: bool,
    /// What was claimed beyond the evidence.
    pub overstated: Option<String>,
}

impl Judged {
    pub(super) fn new(outcome: Outcome, basis: Basis) -> Self {
        Self {
            outcome,
            basis,
            why: None,
            actual: None,
            required: None,
            delta: None,
            observed: None,
            until: None,
            note: None,
            waiver: None,
            leans: false,
            overstated: None,
        }
    }

    pub(super) fn unknown(why: Why) -> Self {
        Self { why: Some(why), ..Self::new(Outcome::Unknown, Basis::None) }
    }

    /// How it stands to its stage.
    pub(super) fn standing(&self) -> Standing {
        match self.outcome {
            Outcome::Met | Outcome::Waived => Standing::Holds,
            Outcome::NotMet => Standing::Fails,
            Outcome::Unknown | Outcome::NoTarget => Standing::Open,
            Outcome::NotApplicable => Standing::Absent,
        }
    }
}
