//! The sentences of a document on commitments, the same in every door.

use super::document::{Commitments, Plan, Step};
use crate::money::Amount;
use crate::report::figures;

/// What it comes to, in one sentence.
pub fn headline(document: &Commitments) -> String {
    let totals = &document.totals;
    let code = document.currency.code();
    let amount = |amount| figures::amount(amount, &document.currency);
    let mut parts = Vec::new();
    if document.existing.is_empty() {
        parts.push("nothing is committed to".to_owned());
    } else if document.existing.iter().all(|one| one.ended) {
        parts.push("nothing is committed to any more".to_owned());
    } else {
        let used = totals.utilisation_percent.as_deref().map_or_else(
            || "it is not known how far commitments are used".to_owned(),
            |percent| format!("{} of commitments is used", figures::proportion(percent)),
        );
        let waste = totals.unused.map_or_else(String::new, |unused| format!(", {} {code} wasted", amount(unused)));
        parts.push(format!("{used}{waste}"));
    }
    if let Some(ended) = totals.ended_unused.filter(|ended| *ended > Amount::ZERO) {
        parts.push(format!("what has ended wasted {} {code}", amount(ended)));
    }
    if let Some(percent) = &totals.coverage_percent {
        parts.push(format!("{} of what offers could cover is covered", figures::proportion(percent)));
    }
    parts.push(match totals.recommended {
        0 => "no commitment is recommended".to_owned(),
        count => format!(
            "{} would save {} {code} a month, if {} approves",
            figures::counted(count, "commitment", "commitments"),
            amount(totals.saving_month),
            document.approval.approver
        ),
    });
    parts.join("; ")
}

/// What is advised on an offer, and what stands behind it.
pub fn advice(document: &Commitments, plan: &Plan) -> Vec<String> {
    let code = document.currency.code();
    let amount = |amount| figures::amount(amount, &document.currency);
    let share = |text: String| figures::proportion(&text);
    let mut lines = Vec::new();
    if let Some(refused) = &plan.refused {
        lines.push(format!("not recommended: {}", refused.reason));
    }
    if let Some(one) = &plan.recommended {
        lines.push(format!(
            "{} used in a month like the last four weeks; it pays from {} on, so usage may fall by {}, or end after {} \
             of {} months",
            share(one.utilisation_percent.to_string()),
            share(one.break_even_utilisation_percent.to_string()),
            share(one.bearable_fall_percent.to_string()),
            one.break_even_months,
            plan.term_months
        ));
        let parts: Vec<String> =
            one.tranches.iter().map(|part| format!("{} {code} an hour from {}", part.commit_hour, part.on)).collect();
        if parts.len() > 1 {
            lines.push(format!("in parts, each after a new look: {}", parts.join(", then ")));
        }
    }
    if let Some(worst) = plan.look_backs.iter().min_by(|a, b| a.saving_percent.0.total_cmp(&b.saving_percent.0)) {
        let all: Vec<String> = plan.look_backs.iter().map(|one| one.days.to_string()).collect();
        lines.push(format!(
            "over {} days: at worst {} saved, over {} days",
            all.join(", "),
            share(worst.saving_percent.to_string()),
            worst.days
        ));
    }
    if let Some(tried) = &plan.tried {
        let capture = tried
            .capture_percent
            .map_or_else(String::new, |part| format!(" {} of what hindsight would have,", share(part.to_string())));
        lines.push(format!(
            "tried {}: saved{capture} {} {code} a month short of it, {}",
            figures::counted(tried.windows, "time", "times"),
            amount(tried.regret_month),
            figures::counted(tried.losses, "loss", "losses")
        ));
    }
    if let Some(parts) = &plan.tried_in_parts {
        let of = |percent: Option<crate::forecast::Ratio>, losses| {
            let losses = figures::counted(losses, "loss", "losses");
            percent.map_or_else(
                || losses.clone(),
                |percent| format!("saved {} of it, {losses}", share(percent.to_string())),
            )
        };
        lines.push(format!(
            "in parts, tried {} over {} days each: {}; at once {}",
            figures::counted(parts.windows, "time", "times"),
            parts.days,
            of(parts.capture_percent, parts.losses),
            of(parts.capture_percent_at_once, parts.losses_at_once)
        ));
    }
    if plan.gaps > 0 {
        lines.push(format!("{} without any usage on the bill left out", figures::counted(plan.gaps, "hour", "hours")));
    }
    let step = match plan.step {
        Step::Hour => "by the hour",
        Step::Day => "by the day",
    };
    if let Some((from, to)) = plan.from.zip(plan.to) {
        lines.push(format!(
            "usage {step}, {from} to {to}; assumed: {} % off for {} months",
            plan.discount_percent, plan.term_months
        ));
    }
    lines.extend(plan.unknown.iter().cloned());
    lines
}
