//! What the policy server is answered.

use headroom_core::api::Failure;
use headroom_core::json::push_text;
use headroom_core::policy::{Decided, Decision, Finding};

/// Whether an object is accepted.
pub(crate) struct Validated {
    accepted: bool,
    message: Option<String>,
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
        let mut out = format!("{{\"accepted\":{}", self.accepted);
        if let Some(message) = &self.message {
            out.push_str(",\"message\":");
            push_text(&mut out, message);
        }
        for (at, warning) in self.warnings.iter().enumerate() {
            out.push_str(if at == 0 { ",\"warnings\":[" } else { "," });
            push_text(&mut out, warning);
        }
        out.push_str(if self.warnings.is_empty() { "}" } else { "]}" });
        out
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
pub(crate) struct SettingsResponse {
    valid: bool,
    message: Option<String>,
}

impl SettingsResponse {
    pub(crate) fn of(failure: Option<Failure>) -> Self {
        Self { valid: failure.is_none(), message: failure.map(|failure| failure.to_string()) }
    }

    pub(crate) fn json(&self) -> String {
        let mut out = format!("{{\"valid\":{},\"message\":", self.valid);
        match &self.message {
            Some(message) => push_text(&mut out, message),
            None => out.push_str("null"),
        }
        out.push('}');
        out
    }
}
