//! What is billed or reserved and used by nobody: disks, addresses, load balancers, snapshots, commitments, workloads.
//!
//! Which charges are of such things, and which would show that they are used after all, is data ([`IdlePolicy`]). A second
//! pass adds both up by resource ([`look`]); usage tables say which workloads rest. Each finding has its rule, what
//! speaks for it, and what it cost in the month reported.

mod csv;
mod document;
mod found;
mod measured;
mod policy;
mod run;
mod tally;
mod words;

pub use csv::waste_csv;
pub use document::{Activity, Below, Finding, Grade, Known, RuleSum, Subject, Totals, UsageSpan, Waste};
pub use measured::MeasuredUsage;
pub use policy::{IDLE, IdlePolicy, IdleRule, Of, Same, Unless, WorkloadRule};
pub(crate) use run::look_from;
pub use run::{Ask, WasteError, look, look_at_usage};
pub use words::{evidence, headline, what};
