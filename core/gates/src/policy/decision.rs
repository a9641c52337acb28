//! The decision as a value: what is written here is the JSON contract, field by field, in order.

use std::borrow::Cow;

use serde::Serialize;

use crate::calendar::Date;
use crate::json::{Fault, Members, Raw, items, parsed};

/// What was decided, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// `headroom/decision/1`.
    pub schema: &'static str,
    /// The answer.
    pub decision: Decision,
    /// Ids of the gates that applied.
    pub gates: Vec<String>,
    /// What was missed, in the gates' order.
    pub reasons: Vec<Finding>,
    /// Misses that a waiver covers.
    pub waived: Vec<Waived>,
    /// What could not be decided.
    pub unknown: Vec<Finding>,
    /// What would have been missed by gates that only report.
    pub dry_run: Vec<Finding>,
    /// What is wrong with the data; never an allow.
    pub errors: Vec<Finding>,
    /// What somebody should know about the decision: that no gate applied, so that nothing was checked.
    pub warnings: Vec<String>,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Yes.
    Allow,
    /// Yes, and somebody should look.
    AllowWithWarnings,
    /// No.
    Deny,
}

impl Decision {
    /// The word that documents use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::AllowWithWarnings => "allow_with_warnings",
            Self::Deny => "deny",
        }
    }
}

/// One requirement that was missed or could not be decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The gate's id; empty where the input as a whole is meant.
    pub gate: String,
    /// `deny`, `warn` or `dry_run`; `allow` of an unknown that changes nothing.
    pub effect: &'static str,
    /// What is required.
    pub requirement: String,
    /// What is.
    pub actual: Option<String>,
    /// Criteria that hold the control back.
    pub blocking: Vec<String>,
    /// What to do; of an error, what is wrong with the data.
    pub message: String,
}

/// A miss that a waiver covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waived {
    /// What was missed.
    #[serde(flatten)]
    pub finding: Finding,
    /// The waiver's id.
    pub waiver: String,
    /// The last day it holds.
    pub expires: Date,
}

/// A waiver of a gate, as an input brings it under `waivers`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateWaiver {
    /// Its id.
    pub id: String,
    /// The gate it covers.
    pub gate: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// The first day it holds.
    pub granted: Date,
    /// The last day it holds.
    pub expires: Date,
}

impl GateWaiver {
    /// Reads a list of them.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn read_all(list: Raw<'_>) -> Result<Vec<Self>, Fault> {
        items(list)?.into_iter().map(Self::read).collect()
    }

    fn read(waiver: Raw<'_>) -> Result<Self, Fault> {
        let members = Members::of(waiver, &["id", "gate", "reason", "approved_by", "granted", "expires"])?;
        let text = |key: &str| members.need_text(key).map(Cow::into_owned);
        let day = |key: &str| parsed(key, members.need(key)?);
        Ok(Self {
            id: text("id")?,
            gate: text("gate")?,
            reason: text("reason")?,
            approved_by: text("approved_by")?,
            granted: day("granted")?,
            expires: day("expires")?,
        })
    }
}
