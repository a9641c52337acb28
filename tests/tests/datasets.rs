//! The committed sample bills are what the generator writes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use headroom_core::calendar::{Date, Instant, Month};
use headroom_core::money::Amount;
use headroom_tests::sample;

fn bills() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets/bills")
}

#[test]
fn the_committed_bills_are_those_the_generator_writes() {
    let mut names = BTreeSet::new();
    for file in sample::files().unwrap() {
        let committed = fs::read(bills().join(&file.name)).unwrap();
        assert!(committed == file.bytes, "{} is not what the generator writes", file.name);
        names.insert(file.name);
    }
    let there: BTreeSet<_> =
        fs::read_dir(bills()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, names);
}

#[test]
fn the_committed_operations_are_those_the_generator_writes() {
    for file in sample::operations() {
        let committed = fs::read(bills().join("../operations").join(&file.name)).unwrap();
        assert!(committed == file.bytes, "{} is not what the generator writes", file.name);
    }
}

#[test]
fn the_committed_capacity_is_what_the_generator_writes() {
    for file in sample::capacity() {
        let committed = fs::read(bills().join("../capacity").join(&file.name)).unwrap();
        assert!(committed == file.bytes, "{} is not what the generator writes", file.name);
        assert!(file.bytes.len() < 120_000);
    }
}

#[test]
fn the_committed_series_are_those_the_generator_writes() {
    let file = sample::series();
    let committed = fs::read(bills().join("..").join(&file.name)).unwrap();
    assert!(committed == file.bytes, "{} is not what the generator writes", file.name);
}

#[test]
fn the_committed_usage_is_what_the_generator_writes() {
    for file in sample::usage() {
        let committed = fs::read(bills().join("../usage").join(&file.name)).unwrap();
        assert!(committed == file.bytes, "{} is not what the generator writes", file.name);
        assert!(file.bytes.len() < 1_000_000);
    }
}

#[test]
fn the_shipped_expectations_are_what_the_generator_learns() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/rightsizing/expectations.csv");
    let committed = fs::read_to_string(path).unwrap();
    assert!(committed == headroom_tests::expectations::text(), "run `generate_usage expectations`");
}

#[test]
fn the_sample_stays_small() {
    let bytes: usize = sample::files().unwrap().iter().map(|file| file.bytes.len()).sum();
    assert!(bytes < 3_000_000, "{bytes}");
}

/// The sum of a column over the rows of a file, to the last digit.
fn total(bytes: &[u8], column: &str) -> Amount {
    let mut reader = csv::Reader::from_reader(bytes);
    let at = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
    let cells = reader.records().map(|row| Amount::parse(row.unwrap()[at].as_bytes()).unwrap().amount);
    Amount::checked_sum(cells).unwrap()
}

#[test]
fn the_amortized_months_of_azure_cost_what_the_actual_ones_do() {
    let files = sample::files().unwrap();
    let mut pairs = 0;
    for actual in &files {
        if !actual.name.contains("actual") {
            continue;
        }
        let name = actual.name.replace("actual", "amortized");
        let amortized = files.iter().find(|file| file.name == name).unwrap();
        let (actual, amortized) = (total(&actual.bytes, "Cost"), total(&amortized.bytes, "Cost"));
        assert_eq!(actual, amortized, "{name}");
        assert!(!actual.is_zero());
        pairs += 1;
    }
    assert_eq!(pairs, 5);
}

#[test]
fn used_and_unused_parts_make_up_the_reservation_of_a_month() {
    let mut months = 0;
    for file in sample::files().unwrap().iter().filter(|file| file.name.starts_with("aws")) {
        let mut reader = csv::Reader::from_reader(file.bytes.as_slice());
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
        let (kind, cost) = (column("lineItem/LineItemType"), column("lineItem/UnblendedCost"));
        let (used, unused) = (column("reservation/EffectiveCost"), column("reservation/UnusedRecurringFee"));
        let amount = |cell: &str| Amount::parse(cell.as_bytes()).unwrap().amount;
        let (mut fee, mut parts) = (Amount::ZERO, Amount::ZERO);
        for row in reader.records().map(Result::unwrap) {
            match &row[kind] {
                "RIFee" => {
                    fee = fee.checked_add(amount(&row[cost])).unwrap();
                    parts = parts.checked_add(amount(&row[unused])).unwrap();
                }
                "DiscountedUsage" => parts = parts.checked_add(amount(&row[used])).unwrap(),
                _ => {}
            }
        }
        assert_eq!(fee, parts, "{}", file.name);
        assert!(!fee.is_zero());
        months += 1;
    }
    assert_eq!(months, 5);
}

#[test]
fn a_finished_month_has_daily_use_on_its_first_and_last_day() {
    for month in ["2026-02", "2026-03", "2026-04", "2026-05"] {
        let month: Month = month.parse().unwrap();
        for source in SOURCES {
            let days = usage_days(source);
            for day in [1, month.days()] {
                assert!(days.contains(&month.day(day).unwrap()), "{}: no use on {month}-{day:02}", source.files);
            }
        }
    }
}

/// Where a vendor's files say what a row is and when it was.
struct Source {
    files: &'static str,
    kind: &'static str,
    usage: &'static str,
    start: &'static str,
    end: Option<&'static str>,
}

const SOURCES: &[Source] = &[
    Source {
        files: "aws-cur",
        kind: "lineItem/LineItemType",
        usage: "Usage",
        start: "lineItem/UsageStartDate",
        end: Some("lineItem/UsageEndDate"),
    },
    Source { files: "azure-ea-actual", kind: "ChargeType", usage: "Usage", start: "Date", end: None },
    Source { files: "azure-ea-amortized", kind: "ChargeType", usage: "Usage", start: "Date", end: None },
    Source {
        files: "gcp",
        kind: "cost_type",
        usage: "regular",
        start: "usage_start_time",
        end: Some("usage_end_time"),
    },
    Source {
        files: "saas",
        kind: "ChargeCategory",
        usage: "Usage",
        start: "ChargePeriodStart",
        end: Some("ChargePeriodEnd"),
    },
];

/// The days on which a source has use, each of at most a day.
fn usage_days(source: &Source) -> BTreeSet<Date> {
    let mut days = BTreeSet::new();
    for file in sample::files().unwrap().iter().filter(|file| file.name.starts_with(source.files)) {
        let bytes = file.bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&file.bytes);
        let mut reader = csv::Reader::from_reader(bytes);
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
        for row in reader.records().map(Result::unwrap) {
            if &row[column(source.kind)] != source.usage {
                continue;
            }
            let start = Instant::parse_month_first(row[column(source.start)].as_bytes()).unwrap();
            if let Some(end) = source.end {
                let end = Instant::parse_month_first(row[column(end)].as_bytes()).unwrap();
                assert!(end.seconds_since_epoch() - start.seconds_since_epoch() <= 86_400, "{row:?}");
            }
            days.insert(start.date);
        }
    }
    days
}
