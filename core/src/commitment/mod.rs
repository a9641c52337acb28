//! Reserved capacity: what the commitments there are come to, and how much more to commit.
//!
//! Charges are added up by hour in a second pass over the bills ([`commit`]). What is paid on demand and could be
//! covered by a plan of the policy ([`CommitmentPolicy`]) makes the usage of each hour; hours of which the bills say
//! nothing are gaps and not zero. [`optimum`] finds the amount, trials hold it against the past, and the document
//! says what the history cannot tell of a term of years.

mod advise;
mod csv;
mod document;
mod existing;
mod hours;
pub mod optimum;
mod policy;
mod run;
mod tally;
mod trial;
mod words;

pub use csv::commitments_csv;
pub use document::{
    Approval, Commitments, Existing, LookBack, Plan, PlanRefused, Recommended, Step, Totals, Tranche, TriedPartsShown,
    TriedShown,
};
pub(crate) use existing::is_there;
pub use policy::{COMMITMENTS, CommitmentPolicy, Offer};
pub(crate) use run::commit_from;
pub use run::{CommitmentError, commit};
pub use trial::{Tried, TriedInParts, tried, tried_in_parts};
pub use words::{advice, headline};
