//! The Headroom engine.
pub mod calendar;
pub mod condition;
pub mod money;
