//! Conditions over named fields and tags: a closed set, checked before it runs.

mod facts;
mod field;

pub use facts::Facts;
pub use field::{Field, UnknownField};
