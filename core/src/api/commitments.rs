//! Reserved capacity: bills and offers in, the document out.

use serde::Deserialize;

use super::bill_call::{Bill, BillCall, OverlapName};
use super::call::{NameRead, Text};
use super::failure::of_problems;
use super::{Failure, Format};
use crate::calendar::Date;
use crate::commitment::{CommitmentError, CommitmentPolicy};
use crate::condition::document::Source;

/// Reads what may be committed to; what comes with Headroom, where no file is given.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn offers(source: Option<Source<'_>>) -> Result<CommitmentPolicy, Failure> {
    source.map_or_else(CommitmentPolicy::shipped, CommitmentPolicy::parse).map_err(|problems| of_problems(&problems))
}

/// A call for commitments as JSON states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommitmentsCall {
    as_of: Date,
    bills: Option<Vec<Bill>>,
    offers: Option<Text>,
    overlap: Option<OverlapName>,
    #[serde(default)]
    format: Format,
    #[serde(default, rename = "call")]
    _name: NameRead,
}

impl CommitmentsCall {
    /// What it asks of bills.
    pub(super) fn over_bills(self) -> BillCall {
        let mut call = BillCall::of(self.as_of, self.bills, self.format);
        (call.overlap, call.offers) = (self.overlap, self.offers);
        call
    }
}

impl<F: Into<Self>> From<CommitmentError<F>> for Failure {
    fn from(error: CommitmentError<F>) -> Self {
        match error {
            CommitmentError::Report(error) => error.into(),
            CommitmentError::ReadOnce => {
                Self::new("hours are added up in a second reading, and standard input or a pipe is read once")
                    .hint("save the bill to a file")
            }
        }
    }
}
