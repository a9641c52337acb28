//! What could be saved, from the documents that say so, as one list in which nothing counts twice.
//!
//! [`Savings::read`] takes what `rightsize`, `schedule`, `commitments` and the search for waste wrote;
//! [`Savings::put_into`] ranks it in a report. Actions are counted in the order in which they are taken: what is removed
//! needs no smaller size, what is smaller saves less by being off, commitments that lie unused take up usage first, and only
//! usage that is left is committed to. So each counts
//! for what is left of what its document promises, and never for more.

mod combine;
mod commitments;
mod documents;
#[cfg(test)]
mod laws;
mod proposal;

pub use documents::{Savings, SavingsFault};
