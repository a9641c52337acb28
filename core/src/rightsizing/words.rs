//! The sentences of a rightsizing document, the same in every door.

use super::document::{Recommendation, Replay, Rightsizing};
use super::pricing::PriceSource;
use super::resource::Resource;
use crate::money::Amount;
use crate::report::{figures, words};

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
    let prices = at_prices(document);
    format!(
        "{} of usage to {}, {who}, {prices}. Set {}, keep {}, no advice for {}.",
        figures::counted(document.days as u64, "day", "days"),
        document.to,
        totals.set,
        totals.keep,
        totals.withheld
    )
}

/// At which prices, and where they are from.
fn at_prices(document: &Rightsizing) -> String {
    let prices = &document.prices;
    let some_are = |source| document.recommendations.iter().any(|one| one.price.source == source);
    let given = some_are(PriceSource::Requests);
    if given && prices.source == PriceSource::Requests {
        return "at the prices given".to_owned();
    }
    let amount = |amount| figures::amount(amount, &document.currency);
    let (cpu, gib) = (amount(prices.cpu_core_month), amount(prices.memory_gib_month));
    let code = document.currency.code();
    let by =
        document.bill.as_ref().map_or_else(String::new, |bill| format!("by the bills of {}", words::month(bill.month)));
    let usual = match (prices.cpu_source, prices.memory_source) {
        (PriceSource::Bill, PriceSource::Bill) => format!("at {cpu} {code} a core and {gib} a GiB a month {by}"),
        (PriceSource::Bill, _) => format!("at {cpu} {code} a core a month {by} and an assumed {gib} a GiB"),
        (_, PriceSource::Bill) => format!("at an assumed {cpu} {code} a core and {gib} a GiB a month {by}"),
        _ => format!("at an assumed {cpu} {code} a core and {gib} a GiB a month"),
    };
    let machines = document.bill.as_ref().is_some_and(|bill| bill.machines > 0);
    match (given, machines) {
        (false, false) => usual,
        (true, false) => format!("at the prices given, else {usual}"),
        (false, true) => format!("machines at what they are billed, else {usual}"),
        (true, true) => format!("at the prices given, machines at what they are billed, else {usual}"),
    }
}

/// The replay of a recommendation, in words: `advice as it was week by week, last 5 weeks: 0.4 % of the time above; 41 % less
/// reserved`.
pub fn note(one: &Recommendation) -> Option<String> {
    let replay = one.replay.as_ref()?;
    let mut parts = vec![format!(
        "advice as it was week by week, last {}: {}",
        figures::counted(replay.weeks, "week", "weeks"),
        risk(one.resource, replay)
    )];
    if let Some(change) = replay.reserved_change_percent {
        let text = change.to_string();
        let size = figures::proportion(text.trim_start_matches('-'));
        let other = if replay.opposite { ", the other way than today" } else { "" };
        parts.push(format!("{size} {} reserved{other}", if text.starts_with('-') { "less" } else { "more" }));
    }
    if let Some(rhythm) = one.rhythm.words() {
        parts.push(rhythm);
    }
    if let Some(peak) = one.limit_below_peak() {
        parts.push(format!("the limit is below the peak of {} MiB that was seen", peak.round_to(0)));
    }
    let signs: Vec<&str> = one.signs.iter().map(|sign| sign.words(one.resource)).collect();
    parts.extend(signs.iter().map(|words| (*words).to_owned()));
    Some(parts.join("; "))
}

fn risk(resource: Resource, replay: &Replay) -> String {
    match (resource, replay.weeks_killed) {
        (Resource::Memory, Some(0)) if replay.above_percent > Amount::ZERO => format!(
            "never above the limit, {} of the time above the request",
            figures::proportion(&replay.above_percent.to_string())
        ),
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
