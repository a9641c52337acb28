//! The program as its users meet it: arguments and files in, text and an exit code out.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

mod arguments;
mod bad_files;
mod bad_policies;
mod bad_rows;
mod capacity;
mod forecasts;
mod inputs;
mod maturity;
#[cfg(feature = "parquet")]
mod parquet;
mod policies;
mod reports;
mod savings;
mod terminal;
#[cfg(feature = "parquet")]
mod typed;
