//! How months are read.

use serde::Serialize;

/// A three-valued answer: an unknown is neither a yes nor a no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// The bills do not tell.
    Unknown,
}

/// Which month a charge counts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The month its charge period starts in, in UTC.
    #[default]
    ChargeMonth,
    /// The month it is billed in.
    BillingMonth,
}
