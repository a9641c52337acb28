//! Gates: may this deployment, purchase or migration go ahead.
//!
//! A gate (`headroom/gate/1`) says when it applies and what it requires: a control at a level, a criterion that is met, a
//! rule on a cost report, a field of the input that satisfies a condition. [`Gates`] decide over any JSON: a deployment
//! request, a Kubernetes object, a resource of a Terraform plan, a cost report. The operators are those of allocation
//! policies ([`crate::condition`]); fields are paths such as `metadata.labels.squad`, with `*` for each item of a list.
//!
//! What may stand in several places is asked of all of them: `{ of = ["spec.containers.*", "spec.initContainers.*"],
//! "resources.requests.cpu" = { above = 0 } }`. Paths and `times` then begin there, and a field that is missing in a
//! place that is there is missing. Where none of the places is, it is unknown.
//!
//! A path with `*` is asked item by item, and always so that nothing slips through. In `require` every item must be as
//! asked, and under `not` none may be: `{ not = { "containers.*.privileged" = true } }` is missed by one container. In
//! `when` one item that calls for the gate is enough, and under `not` one that is not so: `{ not = { "actions.*" = "delete" } }`
//! applies to a deletion and creation. Where there are no items it is unknown, and never met for want of any.
//!
//! Numbers are compared digit for digit, with bounds and with multiples of another field; one that cannot be held so is an
//! error. A field whose multiple bounds another must not be below 0.
//!
//! `present` asks for a value that says something: not null, `false`, blank, nor an object or a list with nothing in it.
//! `absent` asks for no value at all, or a blank text. What asks nothing, and a document without gates, is refused.
//!
//! Space around a text is not part of it. What a report says lies under a floor is not believed: a gate on changes has a
//! `floor` of its own. Evidence of an assessment counts on the day of the decision as long as it is not too old for its
//! criterion then, a cost report until the end of the month after its own. A gate on changes may name their owner, `owner =
//! "metadata.labels.squad"`: then the changes of the squad that the input names there count, and no others.
//!
//! Deny overrides. What is not there is unknown, and each gate says what an unknown means. An error in the data is never
//! an allow.

mod answer;
mod asked;
mod context;
mod decide;
mod decision;
mod figures;
mod gate;
mod input;
mod keyed;
mod number;
mod read;
mod reports;
mod standing;
mod told;

pub use context::Context;
pub use decision::{Decided, Decision, Finding, GateWaiver, Waived};
pub use gate::{Asked, Bounds, CostRule, Effect, Gate, Gates, Mode, OnUnknown, Requirement};

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
