//! What documents propose, before it is held against each other.

use crate::money::Amount;
use crate::report::{ActionEvidence, ActionGrade, ActionKind, Key};

/// One thing that a document proposes.
#[derive(Clone, Debug)]
pub(super) struct Proposal {
    pub(super) kind: ActionKind,
    /// What it is about.
    pub(super) subject: String,
    pub(super) what: String,
    pub(super) of: Of,
    /// What it saves by itself; below 0 where it costs.
    pub(super) stated: Option<Amount>,
    pub(super) risk: ActionGrade,
    pub(super) effort: ActionGrade,
    pub(super) approver: Option<String>,
    pub(super) evidence: ActionEvidence,
}

/// What a proposal is about, as far as others may be about the same.
#[derive(Clone, Debug)]
pub(super) enum Of {
    /// A workload: where it runs, and what all of it costs a month, where the document says.
    Workload { name: String, environment: Option<String>, cost: Option<Amount>, owner: Option<Key> },
    /// A thing on a bill.
    Bill { payer: Payer, owner: Key },
    /// A commitment there is.
    Commitment { payer: Payer, id: Option<String> },
    /// Usage that is paid on demand, a month.
    OnDemand { payer: Payer, cost: Amount },
}

/// Who sends a bill, and to whom.
pub(super) type Payer = (Option<String>, Option<String>);
