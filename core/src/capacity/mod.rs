//! Is there room: when services run out of capacity, before and after a release.
//!
//! Traffic's daily peak is forecast; what it takes of cores and memory is a line fitted to recent busy hours; what a pool
//! carries follows from its queue (M/M/c), from what must survive a loss, and from load tests where there are any.
//! Simulated paths of traffic, with releases on them, give the days on which it is over.
//!
//! * [`Traffic`], [`PoolUsage`], [`Pools`], [`LoadTests`] – the tables
//! * [`plan()`] – the document `headroom/capacity/1`

mod backtest;
mod demand;
mod document;
mod future;
mod limits;
mod measured;
mod plan;
mod pools;
mod queue;
mod room;
mod scalability;
mod service;
mod traffic;

pub use crate::forecast::{RecordShown, ReleaseShown};
pub use crate::table::TableFault;
pub use backtest::{CapacityBacktest, Pinball};
pub use document::{
    Capacity, Change, Exhaustion, Growth, GrowthPart, LimitShown, More, ServiceCapacity, WeekAhead, capacity_csv,
};
pub use measured::{PoolUsage, Traffic};
pub use plan::{MOST_DAYS, Question, Tables, USUAL_DAYS, plan};
pub use pools::{LoadTests, Pool, Pools};
pub use room::{Limit, Reserve};

#[cfg(test)]
mod laws;
