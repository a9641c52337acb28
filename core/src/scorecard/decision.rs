//! A decision in words, and as Markdown.

use std::fmt::Write as _;

use super::markdown::prose;
use crate::order::Order as _;
use crate::policy::{Decided, Decision, Finding};
use crate::report::figures::counted;
use crate::report::markdown_escape::code;

/// The answer, and what it rests on.
pub fn decision_headline(decided: &Decided) -> String {
    let applied = match decided.gates.len() {
        0 => "No gate applies to this input".to_owned(),
        1 => format!("One gate applies: {}", decided.gates.join(", ")),
        count => format!("{} apply: {}", counted(count as u64, "gate", "gates"), decided.gates.join(", ")),
    };
    let mut against: Vec<&str> = decided
        .reasons
        .iter()
        .chain(&decided.unknown)
        .filter(|finding| finding.effect == "deny")
        .map(|finding| finding.gate.as_str())
        .collect();
    against.order();
    against.dedup();
    let answer = match decided.decision {
        _ if !decided.errors.is_empty() => "Denied: the data is at fault".to_owned(),
        Decision::Allow => "Allowed".to_owned(),
        Decision::AllowWithWarnings => "Allowed, with warnings".to_owned(),
        Decision::Deny => format!("Denied by {}", against.join(" and ")),
    };
    if decided.gates.is_empty() && !decided.errors.is_empty() {
        return format!("{answer}.");
    }
    format!("{answer}. {applied}.")
}

/// One requirement that was missed or could not be decided, and what to do.
pub fn finding(finding: &Finding) -> String {
    if finding.gate.is_empty() {
        return format!("required is that {}", finding.requirement);
    }
    let actual =
        finding.actual.as_ref().map_or_else(|| "nothing is known of it".to_owned(), |actual| format!("found {actual}"));
    let blocking = match finding.blocking.as_slice() {
        [] => String::new(),
        [only] if finding.requirement.starts_with(only.as_str()) => String::new(),
        several => format!("; held back by {}", several.join(", ")),
    };
    format!("{}: required is that {}; {actual}{blocking}", finding.gate, finding.requirement)
}

/// The findings of a decision under their titles, as far as there are any.
pub fn decision_sections(decided: &Decided) -> impl Iterator<Item = (&'static str, &[Finding])> {
    let sections = [
        ("Errors", decided.errors.as_slice()),
        ("Reasons", &decided.reasons),
        ("Not known", &decided.unknown),
        ("Dry run", &decided.dry_run),
    ];
    sections.into_iter().filter(|(_, findings)| !findings.is_empty())
}

/// The decision as Markdown.
pub fn decision_markdown(decided: &Decided) -> String {
    let mut out = format!("# {}\n", prose(&decision_headline(decided)));
    for (title, findings) in decision_sections(decided) {
        let _ = writeln!(out, "\n## {title}\n");
        for one in findings {
            let _ = writeln!(out, "* ({}) {}. To do: {}", one.effect, prose(&finding(one)), prose(&one.message));
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
