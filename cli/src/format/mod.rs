//! What the terminal shows: one file per output, and what they are laid out with.
//!
//! Markdown, CSV and JSON come from the engine; only what depends on a terminal's width and colours is here.

mod actions;
mod assess;
mod capacity;
mod changes;
mod chart;
mod check;
mod commitments;
mod conservation;
mod decision;
mod effects;
mod explain;
mod forecast;
mod grid;
mod inspect;
mod paragraph;
mod rightsize;
mod schedule;
mod spending;
mod style;
mod table;
mod waste;

pub(crate) use assess::assess;
pub(crate) use capacity::capacity;
pub(crate) use check::check;
pub(crate) use commitments::commitments;
pub(crate) use decision::decision;
pub(crate) use explain::explain;
pub(crate) use forecast::forecasts;
pub(crate) use inspect::inspect;
pub(crate) use rightsize::rightsize;
pub(crate) use schedule::schedule;
pub(crate) use spending::spending;
pub(crate) use style::{Color, Style};
pub(crate) use table::{Extent, report};
pub(crate) use waste::waste;

#[cfg(test)]
use headroom_core as engine;
#[cfg(test)]
#[path = "../../../core/src/report/sample.rs"]
mod sample;
