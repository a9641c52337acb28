//! Parquet in and out, by the reader and writer of polars.
//!
//! A Parquet file is read as the CSV that it would be: its header, and blocks of its rows, window by window. So there is
//! one reader of bills, and one of usage, whatever they come in.

#[cfg(feature = "parquet")]
mod cell;
mod fault;
#[cfg(feature = "parquet")]
mod guard;
#[cfg_attr(not(feature = "parquet"), path = "absent.rs")]
mod table;
#[cfg(feature = "parquet")]
mod write;

pub(crate) use fault::TableFault;
#[cfg(not(feature = "parquet"))]
pub(crate) use table::TableWriter;
pub(crate) use table::{Table, is_parquet};
#[cfg(feature = "parquet")]
pub(crate) use write::TableWriter;

/// What the cells of a column are, where a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// Whole numbers.
    Count,
    Day,
    /// Exact decimals.
    Money,
}
