//! Laws of the report over random bills, and its figures against a plain second reader.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bill;
mod pieces;
mod policy;

use std::collections::BTreeMap;
use std::sync::Arc;

use headroom_core::allocation::{Policy, PolicySource};
use headroom_core::api::{self, Failure};
use headroom_core::bill::BillFault;
use headroom_core::calendar::Month;
use headroom_core::change::Explanations;
use headroom_core::ledger::{Bills, MemoryBills};
use headroom_core::money::Amount;
use headroom_core::report::{Report, Request};
use headroom_tests::contain::missing;
use headroom_tests::prng::Prng;
use headroom_tests::{reference, together};
use proptest::prelude::*;
use serde_json::{Value, json};

use bill::{Amounts, Bill, Style};
use pieces::{Pieces, Way};

/// As many cases as usual, or as `PROPTEST_CASES` says. What fails is printed whole, so no file keeps it.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// The month of asking, 2026-07, in months since year 0.
const ASKING: i64 = 2026 * 12 + 6;

fn parsed(policy: &Value) -> Arc<Policy> {
    let text = policy.to_string();
    Arc::new(Policy::parse(&[PolicySource { name: "policy.json", text: &text }]).unwrap())
}

fn request(month: Option<&str>) -> Request {
    let month = month.map(|month| month.parse::<Month>().unwrap());
    Request { month, ..Request::new("2026-07-01".parse().unwrap()) }
}

fn reports(
    bills: &impl Bills<Fault = (String, BillFault)>,
    policy: &Arc<Policy>,
    request: &Request,
) -> Result<Vec<Report>, Failure> {
    api::report(bills, policy, &Explanations::default(), request).map_err(Failure::from)
}

/// The answer as the program and the module give it.
fn answer(bills: &impl Bills<Fault = (String, BillFault)>, policy: &Arc<Policy>) -> String {
    match reports(bills, policy, &request(None)) {
        Ok(reports) => api::report_json(&reports),
        Err(failure) => api::document_json(&failure),
    }
}

fn in_memory(files: &[Vec<u8>]) -> MemoryBills<'_> {
    MemoryBills::new(files.iter().enumerate().map(|(index, file)| (format!("{index}.csv"), file.as_slice())))
}

/// Documents in one list, whether there is one or several.
fn documents(answer: &str) -> Vec<Value> {
    match serde_json::from_str(answer).unwrap() {
        Value::Array(several) => several,
        one => vec![one],
    }
}

fn amount(value: &Value) -> Amount {
    value.as_str().map(|text| Amount::parse(text.as_bytes()).unwrap().amount).unwrap_or_default()
}

fn sum<'v>(values: impl IntoIterator<Item = &'v Value>) -> Amount {
    Amount::checked_sum(values.into_iter().map(amount)).unwrap()
}

/// What no report may break.
fn check_sums(report: &Value) -> Result<(), TestCaseError> {
    for metric in ["billed", "effective", "list", "contracted"] {
        let (total, kept) = (&report["totals"][metric], &report["conservation"][metric]);
        prop_assert_eq!(&total["amount"], &kept["input"]);
        prop_assert_eq!(amount(&kept["input"]), sum([&kept["allocated"], &kept["unallocated"]]));
        prop_assert!(kept["difference"].is_null() || kept["difference"] == "0");
    }
    let groups = report["groups"].as_array().unwrap();
    prop_assert_eq!(amount(&report["totals"]["effective"]["amount"]), sum(groups.iter().map(|group| &group["amount"])));
    for change in report["changes"].as_array().unwrap() {
        let moved = change["contributors"].as_array().unwrap().iter().map(|contributor| &contributor["delta"]);
        prop_assert_eq!(amount(&change["delta"]), sum(moved.chain([&change["other"]])));
    }
    // Production, the rest and what nobody knows are all there is, in each row, each month, and together.
    if let Some(found) = report.get("environments") {
        let parts = |costs: &Value| sum(["production", "non_production", "unknown"].map(|kind| &costs[kind]));
        let rows = found["rows"].as_array().unwrap();
        for costs in [&found["total"]].into_iter().chain(rows).chain(found["history"].as_array().unwrap()) {
            prop_assert_eq!(amount(&costs["total"]), parts(costs));
        }
        prop_assert_eq!(amount(&found["total"]["total"]), amount(&report["totals"]["effective"]["amount"]));
        prop_assert_eq!(amount(&found["total"]["total"]), sum(rows.iter().map(|row| &row["total"])));
    }
    Ok(())
}

/// Every group's amount by its key.
fn amounts(report: &Value) -> BTreeMap<String, Amount> {
    report["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (group["key"].to_string(), amount(&group["amount"])))
        .collect()
}

/// The document without what may differ between two ways to give the same rows.
fn without(mut answer: Vec<Value>, keys: &[&str]) -> Vec<Value> {
    for document in &mut answer {
        for key in keys {
            let (table, key) = key.split_once('/').map_or(("", *key), |(table, key)| (table, key));
            let table = if table.is_empty() { &mut *document } else { &mut document[table] };
            if let Some(table) = table.as_object_mut() {
                table.remove(key);
            }
        }
    }
    answer
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn figures_are_those_of_the_reference(bill in bill::any(Amounts::Any), style in bill::style(), document in policy::any()) {
        let file = bill.written(&style);
        let policy = parsed(&document);
        let (charges, refused) = reference::bill::read(&file).unwrap();
        let files = [file];
        if charges.is_empty() {
            let said = answer(&in_memory(&files), &policy);
            let known = ["rows can be read", "it is the only row", "holds a header and no rows"];
            prop_assert!(known.iter().any(|words| said.contains(words)), "{}", said);
            return Ok(());
        }
        let ledger = reference::report::Ledger::new(charges, &document);
        let compare = |reports: &[Report], wanted: Vec<Value>| {
            let found = documents(&api::report_json(reports));
            prop_assert_eq!(found.len(), wanted.len());
            for (want, found) in wanted.iter().zip(&found) {
                prop_assert_eq!(&found["verdict"]["refused_count"], refused);
                let faults = missing(want, found);
                prop_assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), found);
                check_sums(found)?;
            }
            Ok(())
        };
        let usual = reports(&in_memory(&files), &policy, &request(None)).unwrap();
        let chosen = ledger.currencies(None).into_iter();
        let chosen = chosen.map(|currency| ledger.report(&currency, ledger.chosen(&currency, ASKING).unwrap())).collect();
        compare(&usual, chosen)?;
        for month in ledger.months() {
            let asked = request(Some(&reference::bill::month_text(month)));
            let wanted = ledger.currencies(Some(month)).iter().map(|currency| ledger.report(currency, month)).collect();
            compare(&reports(&in_memory(&files), &policy, &asked).unwrap(), wanted)?;
        }
    }

    #[test]
    fn the_way_a_file_is_written_and_read_never_shows(
        bill in bill::any(Amounts::Any), document in policy::any(), style in bill::style(), seed: u64,
    ) {
        let policy = parsed(&document);
        let plain = Style { order: style.order.clone(), ..Style::default() };
        let usual = answer(&in_memory(&[bill.written(&plain)]), &policy);
        let files = [bill.written(&style)];
        prop_assert_eq!(&answer(&in_memory(&files), &policy), &usual, "{:?}", &style);
        let mut prng = Prng::new(seed);
        for most in [1, 7, 100, 5000] {
            let chunked = Pieces::new(&files, Way::Chunks { most }, prng.bits());
            prop_assert_eq!(&answer(&chunked, &policy), &usual, "chunks of up to {}", most);
        }
        for workers in 1..=4 {
            let shared = Pieces::new(&files, Way::Workers { workers, most: 400 }, prng.bits());
            prop_assert_eq!(&answer(&shared, &policy), &usual, "{} workers", workers);
        }
    }

    #[test]
    fn who_reads_together_finds_what_one_finds(
        bill in bill::any(Amounts::Any), other in bill::any(Amounts::Any), style in bill::style(),
        document in policy::any(), seed: u64,
    ) {
        let texts = [bill.written(&style), other.written(&Style::default())].map(String::from_utf8);
        // What is no UTF-8 is no text of a call.
        let Ok(texts) = texts.into_iter().collect::<Result<Vec<String>, _>>() else { return Ok(()) };
        let bills: Vec<Value> =
            texts.iter().zip(["a.csv", "b.csv"]).map(|(text, name)| json!({"name": name, "text": text})).collect();
        let policy = json!([{"name": "policy.json", "text": document.to_string()}]);
        for name in ["report", "allocate", "init", "inspect"] {
            let mut call = json!({"call": name, "as_of": "2026-07-01", "bills": bills, "overlap": "sum"});
            if name != "init" {
                call["policy"] = policy.clone();
            }
            let alone = api::answer(&call.to_string());
            for (sessions, stretch) in [(1, 300), (2, 100), (4, 2_000)] {
                let together = together::answer(&call, sessions, stretch, seed).unwrap();
                let Some(together) = together.filter(|together| together.shared > 0) else {
                    return Err(TestCaseError::fail(format!("{name} was not shared")));
                };
                prop_assert_eq!(&together.answer, &alone, "{} by {}", name, sessions);
            }
        }
    }

    #[test]
    fn neither_the_order_of_rows_nor_that_of_columns_shows(
        bill in bill::any(Amounts::Any), document in policy::any(), style in bill::style(), seed: u64,
    ) {
        let policy = parsed(&document);
        let usual = documents(&answer(&in_memory(&[bill.written(&Style::default())]), &policy));
        let shuffled = documents(&answer(&in_memory(&[bill.shuffled(seed).written(&style)]), &policy));
        // Lines of refused rows are lines of the file; a file without one good row is refused with what is wrong with its first.
        let lines = ["verdict/refused_rows", "message", "hint", "column"];
        prop_assert_eq!(without(shuffled, &lines), without(usual, &lines));
    }

    #[test]
    fn parts_of_one_export_are_summed(bill in bill::any(Amounts::Good), document in policy::any(), at: prop::sample::Index) {
        let policy = parsed(&document);
        let (first, second) = bill.split(at);
        let style = Style::default();
        let whole = documents(&answer(&in_memory(&[bill.written(&style)]), &policy));
        let parts = documents(&answer(&in_memory(&[first.written(&style), second.written(&style)]), &policy));
        prop_assert_eq!(without(parts, &["verdict"]), without(whole, &["verdict"]));
    }

    #[test]
    fn a_bill_k_times_as_large_costs_k_times_as_much(
        bill in bill::any(Amounts::Good), document in policy::any(), k in prop::sample::select(vec![-3_i64, -1, 2, 7, 1000]),
    ) {
        let policy = parsed(&document);
        let style = Style::default();
        let usual = documents(&answer(&in_memory(&[bill.written(&style)]), &policy));
        let scaled = documents(&answer(&in_memory(&[bill.times(k).written(&style)]), &policy));
        prop_assert_eq!(usual.len(), scaled.len());
        for (usual, scaled) in usual.iter().zip(&scaled) {
            let times = |amount: Amount| Amount::from_units(amount.units() * i128::from(k));
            let wanted: BTreeMap<String, Amount> = amounts(usual).into_iter().map(|(key, amount)| (key, times(amount))).collect();
            prop_assert_eq!(amounts(scaled), wanted);
            let flagged = |report: &Value| -> Vec<(String, Amount)> {
                let changes = report["changes"].as_array().unwrap();
                changes.iter().map(|change| (change["scope"].to_string(), amount(&change["delta"]))).collect()
            };
            let wanted: Vec<_> = flagged(usual).into_iter().map(|(scope, delta)| (scope, times(delta))).collect();
            prop_assert_eq!(flagged(scaled), wanted);
        }
    }

    #[test]
    fn a_charge_more_changes_one_group_and_the_total(
        bill in bill::any(Amounts::Good), document in policy::any(), row in bill::row(Amounts::Good),
    ) {
        let policy = parsed(&document);
        let style = Style::default();
        let more = bill.with(row.clone());
        let asked = request(Some(&row.month()));
        let of = |bill: &Bill| match reports(&in_memory(&[bill.written(&style)]), &policy, &asked) {
            Ok(reports) => documents(&api::report_json(&reports)),
            // The month of the new charge may be new.
            Err(_) => Vec::new(),
        };
        let by_currency = |reports: Vec<Value>| -> BTreeMap<String, Value> {
            reports.into_iter().map(|report| (report["currency"].to_string(), report)).collect()
        };
        let (before, after) = (by_currency(of(&bill)), by_currency(of(&more)));
        let cost = row.effective();
        let mut changed = Vec::new();
        for (currency, after) in &after {
            let before = before.get(currency);
            let total = |report: &Value| amount(&report["totals"]["effective"]["amount"]);
            let grown = total(after).checked_sub(before.map(total).unwrap_or_default()).unwrap();
            prop_assert_eq!(grown, if *currency == row.currency() { cost } else { Amount::ZERO });
            let (had, has) = (before.map(amounts).unwrap_or_default(), amounts(after));
            for key in had.keys().chain(has.keys()).collect::<std::collections::BTreeSet<_>>() {
                let of = |groups: &BTreeMap<String, Amount>| groups.get(key).copied().unwrap_or_default();
                let grown = of(&has).checked_sub(of(&had)).unwrap();
                if !grown.is_zero() {
                    changed.push(grown);
                }
            }
        }
        prop_assert_eq!(changed, if cost.is_zero() { vec![] } else { vec![cost] });
    }
}
