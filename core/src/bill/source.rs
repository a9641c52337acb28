//! Whose bill a charge is on.

use serde::Serialize;

/// A provider and a billing account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Source {
    /// Who sends the bill.
    pub provider_name: Option<String>,
    /// Whom it is for.
    pub billing_account_id: Option<String>,
}
