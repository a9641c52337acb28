//! Month over month: what is compared with what, which changes exceed the threshold, and what moved most.

mod basis;
mod contributors;
mod explanation;
mod resources;
mod scope;

pub use basis::{Basis, Comparison, NoSuchMonth, Obstacle, choose, compare};
pub use contributors::{Contributors, Mover, Movers, ServiceDeltas, Wanted};
pub use explanation::{Explanations, Review};
pub use resources::{ContributorTally, ResourceSlice};
pub use scope::{LEVELS, Level, ScopeKey, Side, Sides, THRESHOLD_PERCENT, UNALLOCATED, flags, sides};
