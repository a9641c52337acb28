//! Releases: what is known of the future, and how such promises were kept.
//!
//! * [`Releases::parse`] – `releases.csv`
//! * [`what_if`] – a release that is only supposed
//! * [`Record`] – what came of earlier promises, and what a new one is worth by it
//! * [`Effect`] – what a release does on a day: a step, a ramp, or an effect that wears off

mod effect;
mod read;
mod record;

pub use effect::{Effect, Shape};
pub use read::{Release, Releases, ReleasesFault, UnknownRelease, what_if};
pub use record::{Promise, Record};
