//! What is known about a service, a team or an organisation on a day.

use super::quantity::Quantity;
use crate::calendar::Date;

/// Facts, answers, declarations, waivers and earlier results of one subject.
#[derive(Clone, Debug, Default)]
pub struct Assessment {
    /// Who is assessed.
    pub subject: Subject,
    /// The day it is assessed, where the document says.
    pub as_of: Option<Date>,
    /// The id of the framework it is for, where the document says.
    pub framework: Option<String>,
    /// What was measured or stated.
    pub facts: Vec<Fact>,
    /// What people answered.
    pub answers: Vec<Answer>,
    /// Levels that were declared, by control id; sorted.
    pub declared: Vec<(String, u8)>,
    /// Misses that were accepted.
    pub waivers: Vec<Waiver>,
    /// Targets the user set, by metric id and scope.
    pub targets: Vec<Target>,
    /// Earlier results.
    pub history: Vec<Earlier>,
    /// The day a plan started.
    pub started: Option<Date>,
}

/// Who is assessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Its id.
    pub id: String,
    /// `service`, `team` or `org`.
    pub kind: String,
}

/// Something measured or stated on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The metric's id.
    pub metric: String,
    /// Where.
    pub scope: String,
    /// What it is.
    pub value: FactValue,
    /// The day it was so.
    pub observed: Date,
    /// Whether Headroom worked it out from figures itself.
    pub measured: bool,
    /// Where it comes from, in words.
    pub from: Option<String>,
}

impl Fact {
    /// The day it speaks of: of what is done from time to time, the day it was last done.
    pub fn day(&self) -> Date {
        match self.value {
            FactValue::Done(day) => day,
            _ => self.observed,
        }
    }
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactValue {
    /// A quantity.
    Quantity(Quantity),
    /// So many of so many; compared as integers.
    Share {
        /// How many are as wanted.
        n: u64,
        /// How many there are; 0 means that the question does not arise.
        d: u64,
    },
    /// The figure of each item; the share is computed by what the criterion asks of an item.
    Items(Vec<Quantity>),
    /// Yes or no.
    Truth(bool),
    /// Words, sorted.
    Words(Vec<String>),
    /// The day something was last done.
    Done(Date),
}

/// What somebody answered to a criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The criterion's id.
    pub criterion: String,
    /// What they said.
    pub said: Said,
    /// Who.
    pub by: Option<String>,
    /// When; without a day an answer does not age.
    pub at: Option<Date>,
    /// What else they said; the reason of a `not_applicable`.
    pub note: Option<String>,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// Nobody knows.
    Unknown,
    /// It cannot be asked here.
    NotApplicable,
    /// An activity that has begun.
    InProgress,
}

impl FactValue {
    /// It as one quantity, where it is one.
    pub fn quantity(&self) -> Option<Quantity> {
        match self {
            Self::Quantity(quantity) => Some(*quantity),
            Self::Share { n, d } => Quantity::share(*n, *d),
            _ => None,
        }
    }
}

impl Said {
    pub(super) const WORDS: &[(&'static str, Self)] = &[
        ("yes", Self::Yes),
        ("no", Self::No),
        ("unknown", Self::Unknown),
        ("not_applicable", Self::NotApplicable),
        ("in_progress", Self::InProgress),
    ];
}

/// A miss that somebody accepted for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Its id.
    pub id: String,
    /// What it covers.
    pub covers: Covers,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// The first day it holds.
    pub granted: Date,
    /// The last day it holds.
    pub expires: Date,
}

/// What a waiver covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Covers {
    /// One criterion.
    Criterion(String),
    /// A control's own criteria up to a level.
    Control(String, u8),
}

/// A limit the user set for a metric whose source gives none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The metric's id.
    pub metric: String,
    /// Where.
    pub scope: String,
    /// How it is compared.
    pub comparator: super::quantity::Comparator,
    /// The limit.
    pub limit: Quantity,
}

/// An earlier result, as far as a trend needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// The day it was for.
    pub as_of: Option<Date>,
    /// The framework.
    pub framework: String,
    /// The level that was certain.
    pub confirmed: u8,
    /// The level that unknowns left possible.
    pub potential: u8,
    /// The outcome of each criterion, by id; sorted.
    pub outcomes: Vec<(String, String)>,
    /// Figures it knew: metric, scope, value.
    pub figures: Vec<(String, String, Quantity)>,
    /// Ids of criteria that the framework no longer has, which nothing is compared with; sorted.
    pub gone: Vec<String>,
}
