//! Conditions over named fields and tags: a closed set, checked before it runs.
//!
//! A [`Condition`] is a typed tree of checks joined by all, any and not. It is read from a policy
//! file ([`Condition::read`]), decides over anything that shows its values as [`Facts`]
//! ([`Condition::matches`]), explains a refusal in the policy's own words ([`Condition::explain`]),
//! and can be questioned before any data is seen ([`Condition::never`], [`Condition::covers`]).
//!
//! Logic is two-valued: a check on an absent value fails (except `absent`), and so its negation holds.
//!
//! ```
//! use headroom_bills::condition::Condition;
//!
//! let text = r#"{ any = [ { service_name = { contains = "glue", case = "insensitive" } }, { tag = "squad", absent = true } ] }"#;
//! let condition = Condition::from_toml(text).unwrap();
//! assert_eq!(condition.to_string(), text);
//! assert!(Condition::from_toml(r#"{ service_nme = "AWS Glue" }"#).is_err());
//! ```

mod ast;
mod compare;
pub mod document;
mod facts;
mod field;
mod glob;
mod matcher;
mod range;
mod read;
mod text;
mod verdict;
mod words;

pub use ast::{Check, Condition, Subject, Test};
pub use facts::Facts;
pub use facts::trimmed;
pub use field::{Field, UnknownField};
pub use matcher::{Failure, Outcome};
pub use range::{Bound, Range};
pub use text::{Case, Operator, TextTest};
pub use words::quoted;

#[cfg(test)]
mod tests;
