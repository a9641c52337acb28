//! The policy that serves when none is given.

use super::{Policy, PolicySource};

const TEXT: &str = include_str!("../../../../policies/allocation/built-in.toml");

impl Policy {
    /// The shipped policy: squad and environment from tags of those names and their common synonyms.
    ///
    /// Its name is `built-in`.
    pub fn builtin() -> Self {
        // The text is compiled in and a test reads it, so the fallback never serves.
        Self::parse(&[PolicySource { name: "built-in", text: TEXT }]).unwrap_or_default()
    }

    /// The text of the shipped policy, to start one's own from.
    pub const fn builtin_text() -> &'static str {
        TEXT
    }
}
