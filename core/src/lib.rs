//! The Headroom engine.
pub mod allocation;
pub mod api;
pub mod bill;
pub mod calendar;
pub mod change;
pub mod condition;
#[cfg(test)]
mod json_schema;
pub mod ledger;
pub mod money;
pub mod report;
