//! Charges added up: mergeable aggregates by month and group.
//!
//! A [`Plan`] says what one file's columns mean for one question. [`Worker`]s read blocks of rows under it, on any
//! number of threads, and what they have [`Counted`] is merged, or sent as bytes to another engine before; the sums are integers
//! and the results ordered, so neither the number of workers nor the order of rows shows.

mod bills;
mod cache;
mod cell;
mod charges;
mod classify;
mod counted;
mod decode;
mod erased;
mod facts;
mod file;
mod halves;
mod key_bytes;
mod keys;
mod lookup;
mod meaning;
mod not_utf8;
mod overlap;
mod packed;
mod period;
mod plan;
mod portable;
mod pushed;
mod reader;
mod refusal;
mod remembered;
mod rule_sets;
mod set;
mod shared;
mod stretch;
mod sums;
mod supply;
mod table;
mod tag_values;
mod tags;
mod tally;
mod texts;
mod view;
mod words;
mod worker;

pub use bills::{Bills, MemoryBills};
pub use cell::Cell;
pub use charges::{BillBytes, Charge, ChargeReader, Visitor, visit_charges};
pub use classify::{Claim, Classifier, Decider, Dimension, KeyedFacts, ValueNumber};
pub use counted::Counted;
pub use decode::Row;
pub use facts::RecordFacts;
pub use file::{Events, FileLedger, FileParts, SourceMonth};
pub use halves::{InCommon, charges_left_out, join_halves, rows_of};
pub use keys::{AccountKey, GroupKey, KeyMap};
pub use overlap::{FileHashes, HashSlice, HashTally};
pub use period::Window;
pub use plan::{Plan, Question};
pub use portable::{Portable, Reader, Writer};
pub use pushed::{Desk, PushFault, PushedBills, PushedFile, Wanted};
pub use reader::{FileReader, checked};
pub use refusal::{Refusal, Refusals};
pub use rule_sets::RuleSets;
pub use set::{CostBasis, Meetings, Pair, Role, Slot, meetings, resolved};
pub use shared::{Foreign, Sharing};
pub use stretch::Stretch;
pub use sums::{Account, Group, Roles, Sums, add_up, month_complete, usage_days};
pub use supply::{ChargeSupply, Supply, at_once};
pub use table::Table;
pub use tag_values::{TagValues, TaggedTally, ValuesOf};
pub use tags::TagCounts;
pub use tally::CubeTally;
pub use texts::Texts;
pub use view::{Answer, View};
pub use worker::{Block, Overflow, Tally, Worker};
