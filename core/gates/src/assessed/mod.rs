//! What a result of an assessment is called and made of, as far as gates read it.

mod names;
mod part;

pub(crate) use names::names_of;
pub use names::{NAMES, Names};
pub use part::Part;

/// The `schema` of a result.
pub const RESULT_SCHEMA: &str = "headroom/assessment-result/1";
