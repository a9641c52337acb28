//! Charges added up: mergeable aggregates by month and group.
//!
//! A [`Plan`] says what one file's columns mean for one question. [`Worker`]s read blocks of rows under it, on any
//! number of threads, and merge; the sums are integers and the results ordered, so neither the number of workers nor
//! the order of rows shows.

mod cache;
mod cell;
mod classify;
mod decode;
mod facts;
mod file;
mod keys;
mod period;
mod plan;
mod reader;
mod refusal;
mod tags;
mod tally;
mod view;
mod worker;

pub use cell::Cell;
pub use classify::{Claim, Classifier, Dimension};
pub use decode::Row;
pub use facts::RecordFacts;
pub use file::{Events, FileLedger, FileParts, SourceMonth};
pub use keys::{AccountKey, GroupKey, KeyMap};
pub use period::Window;
pub use plan::{Plan, Question};
pub use reader::{FileReader, checked};
pub use refusal::{Refusal, Refusals};
pub use tags::TagCounts;
pub use tally::CubeTally;
pub use view::{Answer, View};
pub use worker::{Block, Overflow, Tally, Worker};
