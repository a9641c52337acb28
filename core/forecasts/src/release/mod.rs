//! Releases and events: what is known of the future, and how such promises were kept.
//!
//! * [`Releases::parse`] – `releases.csv`; [`Releases::parse_events`] – `events.csv`
//! * [`what_if`] – a release that is only supposed
//! * [`Record`] – what came of earlier promises, and what a new one is worth by it
//! * [`Effect`] – what a release does on a day: a step, a ramp, or an effect that wears off
//! * [`Bearing`] – which of them touch a series; [`Course`] – the factors they give its steps, past and ahead

mod bearing;
mod course;
mod declared;
mod effect;
mod intervention;
mod luck;
mod read;
mod record;
mod suppose;

pub use bearing::{Bearing, Measure, names_series};
pub use course::{Course, Factor};
pub use declared::{Kind, Release, Releases};
pub use effect::{Effect, Shape};
pub use intervention::{Drawn, Intervention};
pub use luck::{SEED, normal};
pub use record::{Promise, Record};
pub use suppose::{UnknownRelease, what_if};

#[cfg(test)]
mod laws;
