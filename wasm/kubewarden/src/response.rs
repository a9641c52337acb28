//! What the policy server is answered.

use headroom_core::api::Failure;
use headroom_core::policy::{Decided, Decision, Finding};
use serde::Serialize;

/// Whether an object is accepted.
#[derive(Serialize)]
pub(crate) struct Validated {
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

impl Validated {
    /// Not accepted, for a reason.
    pub(crate) fn refused(message: String) -> Self {
        Self { accepted: false, message: Some(message), warnings: Vec::new() }
    }

    /// What was decided.
    pub(crate) fn of(decided: &Decided) -> Self {
        let denied = decided.decision == Decision::Deny;
        let all = [&decided.errors, &decided.reasons, &decided.unknown].into_iter().flatten();
        let (mut reasons, mut warnings) = (Vec::new(), decided.warnings.clone());
        for finding in all {
            // An error is a denial, whatever its gate would have done about a miss.
            let is_error = decided.errors.iter().any(|error| std::ptr::eq(error, finding));
            if is_error || finding.effect == "deny" {
                reasons.push(sentence(finding));
            } else {
                warnings.push(sentence(finding));
            }
        }
        Self { accepted: !denied, message: denied.then(|| reasons.join("; ")), warnings }
    }

    pub(crate) fn json(&self) -> String {
        json(self)
    }
}

/// A finding in one line, as `kubectl` prints it.
fn sentence(finding: &Finding) -> String {
    let Finding { gate, requirement, actual, message, .. } = finding;
    let gate = if gate.is_empty() { String::new() } else { format!("{gate}: ") };
    let actual = actual.as_ref().map_or_else(String::new, |actual| format!("; found: {actual}"));
    format!("{gate}{message} (required: {requirement}{actual})")
}

/// Whether settings can be read.
#[derive(Serialize)]
pub(crate) struct SettingsResponse {
    valid: bool,
    message: Option<String>,
}

impl SettingsResponse {
    pub(crate) fn of(failure: Option<Failure>) -> Self {
        Self { valid: failure.is_none(), message: failure.map(|failure| failure.to_string()) }
    }

    pub(crate) fn json(&self) -> String {
        json(self)
    }
}

/// Texts and truths, which JSON can always hold; what it could not would not be accepted.
fn json(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).unwrap_or_else(|_| r#"{"accepted":false,"valid":false}"#.to_owned())
}
