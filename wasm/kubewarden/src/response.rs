//! What the policy server is answered.

use headroom_core::api::Failure;
use headroom_core::json::push_text;
use headroom_core::policy::{Decided, Decision, Finding, Waived};

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

    /// Accepted without a decision.
    pub(crate) fn accepted() -> Self {
        Self { accepted: true, message: None, warnings: Vec::new() }
    }

    /// What was decided.
    pub(crate) fn of(decided: &Decided) -> Self {
        let denied = decided.decision == Decision::Deny;
        // An error is a denial, whatever its gate would have done about a miss.
        let mut reasons: Vec<String> = decided.errors.iter().map(sentence).collect();
        let mut warnings = decided.warnings.clone();
        for finding in decided.reasons.iter().chain(&decided.unknown) {
            match finding.effect {
                "deny" => reasons.push(sentence(finding)),
                "warn" => warnings.push(sentence(finding)),
                // What only reports, or lets pass what is unknown, says nothing.
                _ => {}
            }
        }
        for Waived { finding, waiver, expires } in &decided.waived {
            warnings.push(format!("waived by `{waiver}` until {expires}: {}", sentence(finding)));
        }
        Self { accepted: !denied, message: denied.then(|| reasons.join("; ")), warnings }
    }

    /// Adds a warning.
    pub(crate) fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
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
