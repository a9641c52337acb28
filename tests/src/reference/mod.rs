//! A plain second reader of FOCUS bills, to hold the engine's figures against.
//!
//! The `csv` crate, `num-bigint`, and one row after the other: no cache, no merging, no shared code with the engine. It
//! knows one file, one policy document and the usual grouping, and takes as long as it takes.

pub mod bill;
pub mod decimal;
pub mod policy;
pub mod report;
