//! Recommendations as CSV.

use super::document::Rightsizing;
use super::size::Size;
use crate::money::Amount;

/// Names of the columns.
const COLUMNS: [&str; 26] = [
    "workload",
    "resource",
    "request",
    "limit",
    "unit",
    "action",
    "direction",
    "severity",
    "current_request",
    "current_limit",
    "target",
    "replicas",
    "saving_month",
    "currency",
    "mean",
    "p95",
    "p99",
    "peak",
    "replayed_weeks",
    "above_percent",
    "weeks_killed",
    "reserved_change_percent",
    "signs",
    "price_month",
    "price_source",
    "opposite",
];

/// One line for each recommendation, in the document's order. What is not known is empty.
pub fn csv(document: &Rightsizing) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let size = |size: Option<Size>| size.map_or_else(String::new, |size| size.to_string());
    let amount = |amount: Option<Amount>| amount.map_or_else(String::new, |amount| amount.to_string());
    let count = |count: Option<u64>| count.map_or_else(String::new, |count| count.to_string());
    // Writing to memory cannot fail.
    let _ = writer.write_record(COLUMNS);
    for one in &document.recommendations {
        let (seen, replay) = (one.seen.as_ref(), one.replay.as_ref());
        let signs: Vec<&str> = one.signs.iter().map(|sign| sign.name()).collect();
        let _ = writer.write_record([
            one.workload.clone(),
            one.resource.name().to_owned(),
            size(one.request),
            size(one.limit),
            one.unit.to_owned(),
            one.action.word().to_owned(),
            one.direction.word().to_owned(),
            one.severity.word().to_owned(),
            size(one.current_request),
            size(one.current_limit),
            size(one.target),
            one.replicas.to_string(),
            amount(one.saving_month),
            document.currency.code().to_owned(),
            amount(seen.map(|seen| seen.mean)),
            amount(seen.map(|seen| seen.p95)),
            amount(seen.map(|seen| seen.p99)),
            amount(seen.map(|seen| seen.peak)),
            count(replay.map(|replay| replay.weeks)),
            amount(replay.map(|replay| replay.above_percent)),
            count(replay.and_then(|replay| replay.weeks_killed)),
            amount(replay.and_then(|replay| replay.reserved_change_percent)),
            signs.join(" "),
            one.price.month.to_string(),
            one.price.source.name().to_owned(),
            replay.map_or_else(String::new, |replay| replay.opposite.to_string()),
        ]);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
