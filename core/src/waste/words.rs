//! The sentences of a document on waste, the same in every door.

use std::fmt::Write as _;

use super::document::{Finding, Waste};
use crate::report::figures;
use crate::report::words::month as named;

/// What it comes to, in one sentence.
pub fn headline(document: &Waste) -> String {
    let totals = &document.totals;
    let code = document.currency.code();
    let amount = |amount| figures::amount(amount, &document.currency);
    if totals.findings == 0 {
        return "Nothing is found that nobody uses.".to_owned();
    }
    let things = figures::counted(totals.findings, "thing", "things");
    let (are, they) = if totals.findings == 1 { ("is", "it") } else { ("are", "they") };
    let Some(saving) = totals.saving_month.get() else {
        return format!("{things} {are} used by nobody, as it seems; what {they} would save nobody can tell.");
    };
    let mut text = format!("{things} cost {} {code} a month and {are} used by nobody", amount(saving));
    if totals.unknown > 0 {
        let _ = write!(text, "; of {} of them nobody can tell what it would save", figures::count(totals.unknown));
    }
    text + "."
}

/// What the rule of a finding finds.
pub fn what<'d>(document: &'d Waste, finding: &'d Finding) -> &'d str {
    let rule = document.rules.iter().find(|rule| rule.rule == finding.rule);
    rule.map_or(&finding.rule, |rule| &rule.name)
}

/// What speaks for a finding, and what to do about it.
pub fn evidence(document: &Waste, finding: &Finding) -> String {
    let mut parts = Vec::new();
    let usage = finding.rule.starts_with("idle-") && finding.subject.workload.is_some();
    let seen = if usage { "measured" } else { "billed" };
    let or_before = if finding.since_the_beginning { " or before" } else { "" };
    parts.push(format!("{seen} from {}{or_before} to {}", finding.from, finding.to));
    if let Some(activity) = &finding.activity {
        parts.push(if usage {
            format!("under {} cores for most of {} days", activity.seen.round_to(3), activity.days)
        } else if activity.seen.is_zero() {
            format!("no use in {} days", activity.days)
        } else {
            format!(
                "used {} a day in {} days, up to {} is none",
                activity.seen.round_to(6),
                activity.days,
                activity.at_most
            )
        });
    }
    if let (Some(month), false) = (document.month, usage && finding.subject.resource_id.is_none()) {
        parts.push(format!("cost of {}", named(month)));
    }
    format!(
        "{}; confidence {}, risk {}: {}",
        parts.join(", "),
        finding.confidence.word(),
        finding.risk.word(),
        finding.action
    )
}
