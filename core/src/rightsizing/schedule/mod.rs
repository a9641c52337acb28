//! Off-hours: when something that is not production is used, and when it may be off.
//!
//! The hours of a week are learnt in the local time of a stated offset; a [`Week`] says which of them are on;
//! the same learning is replayed on past weeks, and what it would have cut is said. Exports are for kube-downscaler, the
//! AWS Instance Scheduler and cron.

mod document;
mod export;
mod learn;
mod run;
mod together;
mod week;
mod words;

pub use document::{Confidence, OnBill, Period, Proposal, Refused, Replayed, Schedule, ScheduleTotals};
pub use export::{Export, export, schedule_csv};
pub use run::{ScheduleQuestion, Scheduling};
pub(crate) use week::HOURS;
pub use week::{Offset, OffsetError, Week};
pub use words::{headline, note};
