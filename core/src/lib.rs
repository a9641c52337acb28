//! The Headroom engine.
pub mod allocation;
pub mod api;
pub mod bill;
pub mod calendar;
pub mod change;
pub mod condition;
pub mod ledger;
pub mod money;
pub mod report;
