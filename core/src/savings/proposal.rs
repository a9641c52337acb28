//! What documents propose, before it is held against each other.

use crate::calendar::Date;
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
    OnDemand { payer: Payer, cost: Amount, commit: Commit },
}

/// What is committed to.
#[derive(Clone, Debug)]
pub(super) struct Commit {
    /// Paid an hour.
    pub(super) hour: Amount,
    /// The same from a day on, where it is made in parts.
    pub(super) parts: Vec<(Date, Amount)>,
    /// For how long, and where.
    pub(super) term: String,
}

impl Commit {
    /// What is to be done where of what it saves only a part is left: as small a part of it is committed to.
    pub(super) fn what(&self, left: Amount, stated: Amount) -> String {
        // To a thousandth: no commitment is made more finely.
        let part = |hour: Amount| match hour.checked_mul_div(left.units(), stated.magnitude()) {
            Some(part) if left < stated => part.round_to(3),
            _ => hour,
        };
        let of = if left < stated { format!(" of {}", self.hour) } else { String::new() };
        let mut text = format!("commit to {}{of} an hour {}", part(self.hour), self.term);
        if self.parts.len() > 1 && left > Amount::ZERO {
            let parts: Vec<String> = self.parts.iter().map(|(on, hour)| format!("{} from {on}", part(*hour))).collect();
            text.push_str(", in parts, each after a new look: ");
            text.push_str(&parts.join(", then "));
        }
        text
    }
}

/// Who sends a bill, and to whom.
pub(super) type Payer = (Option<String>, Option<String>);
