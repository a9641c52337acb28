//! What to do, as a ranked list.
//!
//! What is here is the document; it is put together from documents of savings by the room `savings`.

use serde::Serialize;

use super::document::Key;
use crate::money::Amount;

/// What to do.
#[derive(Clone, Debug, Serialize)]
pub struct Actions {
    /// The documents that the actions are from, in the order of their names.
    pub documents: Vec<ActionDocument>,
    /// All of it together.
    pub totals: ActionTotals,
    /// The most money first; what costs money last.
    pub list: Vec<Action>,
}

/// A document that actions are from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionDocument {
    /// Its name, as handed over.
    pub name: String,
    /// What it is, such as `headroom/waste/1`.
    pub schema: String,
    /// What a reader should know of it; null where there is nothing.
    pub note: Option<String>,
}

/// Sums over all actions that are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ActionTotals {
    /// What would be saved a month, nothing counted twice.
    pub saving_month: Amount,
    /// What the documents promise together, each for itself.
    pub stated_month: Amount,
    /// What of that overlaps: `stated_month` less `saving_month`.
    pub overlap_month: Amount,
    /// What actions against risk cost a month.
    pub cost_month: Amount,
    /// How many actions there are.
    pub actions: u64,
    /// Actions that are not listed because they are of others than the owner asked for.
    pub of_others: u64,
}

/// What kind of action it is, in the order in which they are taken: what is gone need not be made smaller, what is smaller
/// saves less by being off, what is committed to already is used first, and only what is left is committed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Remove what nobody uses.
    Remove,
    /// Request less, or more.
    Resize,
    /// Be off at times.
    Schedule,
    /// Use what is committed to and lies unused.
    Use,
    /// Commit to usage.
    Commit,
}

impl ActionKind {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Remove => "remove",
            Self::Resize => "resize",
            Self::Schedule => "schedule",
            Self::Use => "use",
            Self::Commit => "commit",
        }
    }
}

/// How much, where it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionGrade {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// Not known.
    Unknown,
}

impl ActionGrade {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Unknown => "unknown",
        }
    }
}

/// One thing to do.
#[derive(Clone, Debug, Serialize)]
pub struct Action {
    /// Its place in the list, from 1.
    pub rank: u64,
    /// What kind it is.
    pub action: ActionKind,
    /// What it is about: a resource, a workload, an offer.
    pub subject: String,
    /// What is to be done.
    pub what: String,
    /// Whose it is, by dimension; null is unallocated. Empty for what is nobody's alone, such as a commitment: that is its
    /// approver's.
    pub owner: Key,
    /// Who must approve it; null where nobody must.
    pub approver: Option<String>,
    /// What it saves a month once all that come before it are done; below 0 where it costs money; null where nobody can
    /// tell.
    pub saving_month: Option<Amount>,
    /// What its document says that it saves, by itself.
    pub stated_month: Option<Amount>,
    /// Why it saves less than its document says; null where it does not.
    pub overlap: Option<String>,
    /// What may go wrong.
    pub risk: ActionGrade,
    /// How much work it is.
    pub effort: ActionGrade,
    /// Where it is from.
    pub evidence: ActionEvidence,
}

/// Where an action is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionEvidence {
    /// The document.
    pub document: String,
    /// Where in it, as JSON pointers.
    pub at: Vec<String>,
    /// What it says, in words.
    pub says: String,
}
