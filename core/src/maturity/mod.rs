//! Maturity as data and arithmetic: which level a service, team or organisation is on, what is missing, what comes next.
//!
//! A [`Framework`] is a ladder of stages, the controls on it and the criteria that decide; it is read from a document
//! (`headroom/framework/1`) in which every record names its source. What can be measured is in the [`Catalogue`]
//! (`headroom/metrics/1`). An [`Assessment`] (`headroom/assessment/1`) holds facts with dates, answers, declared levels,
//! waivers and earlier results. [`assess`] makes of them a result (`headroom/assessment-result/1`).
//!
//! What holds of every result:
//!
//! * A level is reached when nothing of it, and nothing of the levels below, fails: the lowest gate decides, never an
//!   average. `confirmed` counts what is unknown as failing, `potential` as holding; confirmed ≤ potential.
//! * Nothing vacuous is met: what does not apply holds nothing back, and a level of which nothing applies cannot be the
//!   level reached.
//! * Shares compare integers, durations and frequencies compare fractions; no float comes near a decision.
//! * The order of facts, answers and waivers never shows.

mod actions;
mod agreement;
mod assess;
mod assessment;
mod catalogue;
mod commitments;
mod compare;
mod criterion;
mod dora;
mod evidence;
mod foreseen;
mod framework;
mod json;
mod judge;
mod known;
mod level;
mod library;
mod lint;
mod measured;
mod outcome;
mod quantity;
mod questions;
mod read;
mod read_assessment;
mod read_check;
mod read_criterion;
mod read_fact;
mod read_history;
mod recount;
mod result;

pub use crate::assessed::{Part, RESULT_SCHEMA};
pub use assess::{Question, assess};
pub use assessment::{Answer, Assessment, Covers, Earlier, Fact, FactValue, Said, Subject, Target, Waiver};
pub use catalogue::{Catalogue, Direction, Kind, Metric};
pub use criterion::{Check, Criterion, EvidenceKind};
pub use dora::{Log, LogFault, Logged, facts_of_logs};
pub use evidence::{Reported, facts_of_documents};
pub use framework::{Anomaly, Control, EntryAction, Framework, Ladder, Origin, Reference, Role, Stage, Stated};
pub use json::TextFault;
pub(crate) use json::read_json;
pub use level::{Reached, Standing, level_of};
pub use library::{FRAMEWORKS, USUAL, shipped, with_base};
pub use outcome::{Basis, Outcome, Why};
pub use quantity::{Comparator, Dimension, Quantity, QuantityError, Range, Unit};
pub use questions::{About, Asked, questionnaire, questions};
pub use read_assessment::Known;
pub use result::*;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
