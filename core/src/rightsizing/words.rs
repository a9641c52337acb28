//! The sentences of a rightsizing document, the same in every door.

use super::document::{Recommendation, Replay, Rightsizing};
use super::resource::Resource;
use crate::report::figures;

/// What it comes to, in one sentence.
pub fn headline(document: &Rightsizing) -> String {
    let totals = &document.totals;
    let workloads = figures::counted(totals.workloads, "workload", "workloads");
    let Some(saving) = totals.saving_month else {
        return format!(
            "{workloads}: sizes for {}; what is requested today is not known, so neither is what they save",
            figures::counted(totals.set, "request", "requests")
        );
    };
    let amount = |amount| figures::amount(amount, &document.currency);
    let cost = totals.cost_month.unwrap_or_default();
    let mut parts = vec![format!("lower {}, {} {} a month", totals.lower, amount(saving), document.currency.code())];
    if totals.raise > 0 {
        parts.push(format!("raise {}, {} {} a month", totals.raise, amount(cost), document.currency.code()));
    }
    format!("{workloads}: {}", parts.join("; "))
}

/// What lies beside it: profile, days, prices, and what has no advice.
pub fn summary(document: &Rightsizing) -> String {
    let totals = &document.totals;
    let who = if document.strategy == "balance" {
        format!("profile {}", document.profile)
    } else {
        format!("strategy {}", document.strategy)
    };
    let prices = match document.prices.source {
        "given" => "at the prices given".to_owned(),
        source => format!(
            "{} {} {} a core and {} a GiB a month",
            if source == "assumed" { "at an assumed" } else { "at the prices given, else at an assumed" },
            figures::amount(document.prices.cpu_core_month, &document.currency),
            document.currency.code(),
            figures::amount(document.prices.memory_gib_month, &document.currency)
        ),
    };
    format!(
        "{} of usage to {}, {who}, {prices}. Set {}, keep {}, no advice for {}.",
        figures::counted(document.days as u64, "day", "days"),
        document.to,
        totals.set,
        totals.keep,
        totals.withheld
    )
}

/// The replay of a recommendation, in words: `last 5 weeks: 0 killed, 0.4 % of the time above, 41 % less reserved`.
pub fn note(one: &Recommendation) -> Option<String> {
    let replay = one.replay.as_ref()?;
    let mut parts =
        vec![format!("last {}: {}", figures::counted(replay.weeks, "week", "weeks"), risk(one.resource, replay))];
    if let Some(change) = replay.reserved_change_percent {
        let text = change.to_string();
        let size = figures::proportion(text.trim_start_matches('-'));
        parts.push(format!("{size} {} reserved", if text.starts_with('-') { "less" } else { "more" }));
    }
    if let Some(rhythm) = one.rhythm.words() {
        parts.push(rhythm);
    }
    let signs: Vec<&str> = one.signs.iter().map(|sign| sign.words(one.resource)).collect();
    parts.extend(signs.iter().map(|words| (*words).to_owned()));
    Some(parts.join("; "))
}

fn risk(resource: Resource, replay: &Replay) -> String {
    match (resource, replay.weeks_killed) {
        (Resource::Memory, Some(0)) => "never above".to_owned(),
        (Resource::Memory, Some(killed)) => format!("above in {killed}"),
        _ => {
            let now = replay
                .current_above_percent
                .map_or_else(String::new, |now| format!(" (today's: {})", figures::proportion(&now.to_string())));
            format!("{} of the time above{now}", figures::proportion(&replay.above_percent.to_string()))
        }
    }
}
