//! Forecasts: what a series will be, by what misses least of its own past.
//!
//! Fitting models takes long, and is compiled for speed as a whole; so it is a crate of its own. Users meet it as part of
//! `headroom_core`, which gives its rooms on.
//!
//! * [`series`] – a regular time series, its gaps and its seasons
//! * [`regression`] – least squares, ridge, a robust line
//! * [`table`] – small tables that people write, and what is wrong with them
//! * [`release`] – what is known of the future, and how promises were kept
//! * [`forecast`] – what a series will be: models, intervals, back-test

pub mod forecast;
pub mod regression;
pub mod release;
pub mod series;
pub mod table;

use headroom_bills::{calendar, order};
