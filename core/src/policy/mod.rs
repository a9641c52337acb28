//! Gates: may this deployment, purchase or migration go ahead.
//!
//! A gate (`headroom/gate/1`) says when it applies and what it requires: a control at a level, a criterion that is met, a
//! rule on a cost report, a field of the input that satisfies a condition. [`Gates`] decide over any JSON: a deployment
//! request, a Kubernetes object, a resource of a Terraform plan, a cost report. The operators are those of allocation
//! policies ([`crate::condition`]); fields are paths such as `metadata.labels.squad`, with `*` for each item of a list.
//!
//! Deny overrides. What is not there is unknown, and each gate says what an unknown means. An error in the data is never
//! an allow.

mod context;
mod decide;
mod decision;
mod gate;
mod input;
mod read;

pub use context::Context;
pub use decision::{Decided, Decision, Finding, GateWaiver, Waived};
pub use gate::{Asked, Bounds, CostRule, Effect, Gate, Gates, Mode, OnUnknown, Requirement};

#[cfg(test)]
mod tests;
