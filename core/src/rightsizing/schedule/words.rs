//! The sentences of a schedule, the same in every door.

use super::document::{Confidence, Proposal, Schedule};
use crate::report::{figures, words};
use crate::rightsizing::PriceSource;

/// What it comes to, in one sentence.
pub fn headline(document: &Schedule) -> String {
    let totals = &document.totals;
    let saving = totals.saving_month.map_or_else(
        || "what that saves is not known without requests".to_owned(),
        |saving| format!("{} {} a month", figures::amount(saving, &document.currency), document.currency.code()),
    );
    format!(
        "{} of {} may be off at times, {saving}; {} passed over as production or unknown",
        totals.proposed,
        figures::counted(totals.workloads, "workload", "workloads"),
        figures::counted(totals.passed_over, "was", "were")
    )
}

/// When it is on and off, and what the replay says.
pub fn note(document: &Schedule, one: &Proposal) -> Vec<String> {
    if let Some(refused) = &one.refused {
        return vec![format!("no schedule: {}", refused.reason)];
    }
    let periods = |periods: &[super::Period]| {
        let each: Vec<String> = periods.iter().map(|one| format!("{} {}-{}", one.days, one.from, one.to)).collect();
        each.join(", ")
    };
    let mut lines = vec![format!("on {}; off {} (UTC{})", periods(&one.on), periods(&one.off), document.offset)];
    lines.push(match &one.replay {
        None => "never replayed: there are not three weeks".to_owned(),
        Some(seen) => format!(
            "last {}: would have been off {} of {} and cut {} of {} at work; confidence {}",
            figures::counted(seen.weeks, "week", "weeks"),
            figures::counted(seen.off_hours, "hour", "hours"),
            figures::count(seen.weeks * 168),
            seen.hours_cut,
            figures::count(seen.hours_at_work),
            match one.confidence {
                Confidence::High => "high",
                Confidence::Fair => "fair",
                Confidence::Low => "low",
                Confidence::Unknown => "unknown",
            }
        ),
    });
    lines.extend(costs(document, one));
    lines
}

/// What it costs, and where that is known from.
fn costs(document: &Schedule, one: &Proposal) -> Option<String> {
    let amount = |amount| figures::amount(amount, &document.currency);
    let cost = amount(one.cost_month?);
    let month = document.bill.as_ref().map_or_else(String::new, |bill| words::month(bill.month));
    if let Some(machine) = &one.machine {
        let hourly = amount(machine.hourly_month?);
        return Some(format!("costs {cost} by its charges in {month}; {hourly} of it by the hour, on demand"));
    }
    let at = match one.cost_source? {
        PriceSource::Requests => "the prices given".to_owned(),
        PriceSource::Bill => format!("prices by the bills of {month}"),
        PriceSource::Assumptions => "assumed prices".to_owned(),
        PriceSource::Mixed if document.bill.is_some() => {
            format!("prices partly by the bills of {month}, partly given or assumed")
        }
        PriceSource::Mixed => "prices partly given, partly assumed".to_owned(),
    };
    Some(format!("what is requested costs {cost} a month, at {at}"))
}
