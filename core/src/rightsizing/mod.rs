//! The right size: requests and limits of containers and virtual machines, from what they use.
//!
//! [`UsageReader`]s read what was used into a [`Usage`], which merges; a [`Plan`] cuts its history into weeks; a [`Fleet`]
//! learns at each cut what came after looks of a kind ([`outlook`]); the [`balance`] of reserve and risk gives the size;
//! an [`Adviser`] holds it against what is requested today, replays it on past weeks, and says what makes it a guess.
//!
//! The advice at a past cut is made by the same code as today's, from what was known then. Nothing here depends on the
//! order of rows, files or workloads.

mod advise;
mod assumptions;
pub mod balance;
mod billed;
mod columns;
mod csv;
mod document;
mod facts;
mod history;
#[cfg(test)]
mod laws;
mod level;
pub(crate) mod number;
pub mod outlook;
mod patch;
mod plan;
mod pods;
mod pricing;
mod prometheus;
mod read;
mod recommend;
mod replay;
mod requests;
mod resource;
mod rhythm;
mod run;
pub mod schedule;
mod signs;
mod size;
mod strategy;
mod table;
mod usage;
mod vpa;
mod words;

pub use advise::Question;
pub use assumptions::{ASSUMPTIONS, Assumptions, Profile, Steps};
pub use billed::{BillBasis, Billed, BilledMachine, MeteredCharges, Rate, SizedCharges};
pub use columns::NoUsage;
pub use csv::csv;
pub use document::{
    Action, Direction, Prices, Recommendation, RefusedRow, Replay, Rightsizing, SeenUsage, Severity, Totals,
};
pub use facts::WorkloadFacts;
pub use history::{Above, History, Window};
pub use patch::{Patch, patch};
pub use plan::{Fleet, Plan};
pub use pods::Replicas;
pub use pricing::{Price, PriceSource, Pricing};
pub use read::{Read, Refusal, UsageFault, UsageReader};
pub use recommend::Adviser;
pub use requests::{Requested, Requests, RequestsFault};
pub use resource::Resource;
pub use rhythm::Rhythm;
pub use run::{Run, expectations};
pub use signs::Sign;
pub use size::Size;
pub use strategy::{Advised, Strategy};
pub use table::{Shipped, Table};
pub use usage::{DAY, SLOT, Series, Usage, Workload};
pub use words::{headline, note, summary};
