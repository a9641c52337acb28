//! Gates: may this deployment, purchase or migration go ahead.
//!
//! A decision is asked for in a microsecond, of an engine that is compiled for size. A crate has one level of optimisation,
//! so what decides has one of its own. Users meet it as part of `headroom_core`, which gives its rooms on.
//!
//! * [`assessed`] – what a result of an assessment is called and made of
//! * [`policy`] – gates over any JSON: allow, allow with warnings, or deny

pub mod assessed;
pub mod policy;

use headroom_bills::{calendar, condition, json, money, order};
