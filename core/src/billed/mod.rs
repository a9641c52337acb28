//! What bills say of the price of workloads: what machines cost that bear a workload's name, and what an hour of a core and of a
//! GiB costs where charges say how much was bought.
//!
//! [`billed`] reads the bills twice: which of their rows count, and what month is told, is known only when all have been
//! read. Of the second reading nothing is kept but sums, and machines that bear the name of a workload.

mod metering;
mod run;
mod tally;

pub(crate) use run::billed_from;
pub use run::{BilledError, billed, in_currency};
