//! A decision in words, and as Markdown.

use std::fmt::Write as _;

use super::markdown::prose;
use crate::policy::{Decided, Decision, Finding};
use crate::report::figures::counted;
use crate::report::markdown_escape::code;

/// The answer, and what it rests on.
pub fn decision_headline(decided: &Decided) -> String {
    let answer = match decided.decision {
        _ if !decided.errors.is_empty() => "Denied: the data is at fault",
        Decision::Allow => "Allowed",
        Decision::AllowWithWarnings => "Allowed, with warnings",
        Decision::Deny => "Denied",
    };
    let gates = match decided.gates.len() {
        0 => "no gate applies to this input".to_owned(),
        count => format!("by {}: {}", counted(count as u64, "gate", "gates"), decided.gates.join(", ")),
    };
    format!("{answer}, {gates}.")
}

/// One requirement that was missed or could not be decided, and what to do.
pub fn finding(finding: &Finding) -> String {
    let actual =
        finding.actual.as_ref().map_or_else(|| "nothing is known of it".to_owned(), |actual| format!("found {actual}"));
    let blocking = match finding.blocking.as_slice() {
        [] => String::new(),
        [only] if finding.requirement.starts_with(only.as_str()) => String::new(),
        several => format!("; held back by {}", several.join(", ")),
    };
    format!("{}: required is that {}; {actual}{blocking}", finding.gate, finding.requirement)
}

/// The decision as Markdown.
pub fn decision_markdown(decided: &Decided) -> String {
    let mut out = format!("# {}\n", prose(&decision_headline(decided)));
    for (title, findings) in [
        ("Errors", &decided.errors),
        ("Reasons", &decided.reasons),
        ("Not known", &decided.unknown),
        ("Dry run", &decided.dry_run),
    ] {
        if !findings.is_empty() {
            let _ = writeln!(out, "\n## {title}\n");
            for one in findings {
                let _ = writeln!(out, "* ({}) {}. To do: {}", one.effect, prose(&finding(one)), prose(&one.message));
            }
        }
    }
    if !decided.waived.is_empty() {
        out.push_str("\n## Waived\n\n");
        for waived in &decided.waived {
            let _ = writeln!(
                out,
                "* {} until {}: {}",
                code(&waived.waiver),
                waived.expires,
                prose(&finding(&waived.finding))
            );
        }
    }
    out
}
