//! The Headroom engine.
pub mod allocation;
pub mod calendar;
pub mod condition;
pub mod money;
