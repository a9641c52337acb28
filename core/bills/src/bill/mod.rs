//! From bytes to charges: scanning CSV, recognising the dialect, and reading each row's facts.
//!
//! Everything here is push-style: a header makes a [`Schema`], rows are handed on as [`Record`]s.

mod cost;
pub mod dialect;
mod header;
mod machine;
mod record;
pub mod scan;
mod schema;
mod source;
mod tags;

pub use cost::{Cost, CostFault, CostPlan, Costs, Metric, Operand};
pub use dialect::{Dialect, UnknownDialect, column_key};
pub use header::{BillFault, Header, HeaderSearch, LONGEST_ROW};
pub use machine::{MachineColumns, MachineSize};
pub use record::Record;
pub use schema::{Class, Dates, Part, PeriodColumns, Schema, TagColumns, TextSource};
pub use source::Source;
#[cfg(test)]
pub(crate) use tags::visit_tags;
pub(crate) use tags::{BEFORE, Span, TagPlaces, visit_tags_at};
