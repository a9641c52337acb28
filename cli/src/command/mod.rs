//! One file a command.

pub(crate) mod allocate;
pub(crate) mod assess;
pub(crate) mod capacity;
pub(crate) mod commitments;
pub(crate) mod completions;
pub(crate) mod forecast;
pub(crate) mod gate;
pub(crate) mod idle;
pub(crate) mod init;
pub(crate) mod inspect;
pub(crate) mod policy;
pub(crate) mod report;
pub(crate) mod rightsize;
pub(crate) mod schedule;
mod shared;
