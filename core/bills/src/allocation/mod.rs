//! Who a charge belongs to: ordered rules over fields and tags, first match per dimension.
//!
//! A [`Policy`] is read from one or several files. Its rules are tried in order; a rule that matches sets
//! those of its dimensions that no earlier matching rule has set. `squad` and `environment` are always
//! dimensions, `service` once a rule sets it, and any others are the user's own. What no rule claims stays
//! `None`: unallocated.
//!
//! ```
//! use headroom_bills::allocation::{Policy, PolicySource};
//!
//! let text = r#"
//! schema = "headroom/allocation/1"
//! [[rule]]
//! id   = "payments-accounts"
//! when = { sub_account_id = ["410540603165", "410540603166"] }
//! set  = { squad = "payments", environment = { tag = "environment" } }
//! "#;
//! let policy = Policy::parse(&[PolicySource { name: "allocation.toml", text }]).unwrap();
//! assert_eq!(policy.dimensions(), ["squad", "environment"]);
//!
//! let typo = text.replace("when", "wehn");
//! let error = Policy::parse(&[PolicySource { name: "allocation.toml", text: &typo }]).unwrap_err();
//! assert_eq!(error.to_string(), "allocation.toml:5:1: unknown key `wehn`");
//! assert_eq!(error.hint().as_deref(), Some("did you mean `when`?"));
//! ```

mod builtin;
mod classifier;
mod demands;
mod environment;
mod error;
mod lint;
mod names;
mod overlap;
mod policy;
mod read;
mod read_tag;
mod rule;
mod spelling;
mod tags;
mod trace;
mod usage;

pub use environment::{EnvironmentKind, EnvironmentKinds, NON_PRODUCTION, PRODUCTION};
pub use error::PolicyError;
pub use lint::{Lint, LintCode};
pub use policy::{Allocation, Policy, PolicySource};
pub use rule::{Assignment, Rule, Source};
pub use tags::{PolicyFacts, TagMeaning};
pub use trace::{DimensionTrace, Step, StepOutcome};
pub use usage::RuleUsage;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
