//! Reports made by hand, for looking at renderings.

use super::engine::bill::{Dialect, Metric};
use super::engine::calendar::Month;
use super::engine::money::{Amount, Currency, percent_change};
use super::engine::report::*;

fn amount(text: &str) -> Amount {
    Amount::parse(text.as_bytes()).unwrap().amount
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn key(parts: &[(&str, Option<&str>)]) -> Key {
    Key(parts.iter().map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned))).collect())
}

const DIMENSIONS: [&str; 3] = ["squad", "service_name", "environment"];

/// A group of the standard dimensions; an empty figure is one that does not exist.
fn group(values: [Option<&str>; 3], now: &str, before: &str) -> Group {
    let figure = |text: &str| (!text.is_empty()).then(|| amount(text));
    let (now, previous) = (figure(now), figure(before));
    let delta = (previous.is_some() || now.is_some())
        .then(|| now.unwrap_or_default().checked_sub(previous.unwrap_or_default()).unwrap());
    let parts: Vec<_> = DIMENSIONS.into_iter().zip(values).collect();
    Group {
        key: key(&parts),
        amount: now,
        missing_rows: 0,
        compared: now,
        previous,
        delta,
        percent: delta.zip(previous).and_then(|(delta, base)| percent_change(delta, base, 20)),
        percent_per_day: None,
        rules: values[0].map(|squad| format!("{squad}-accounts")).into_iter().collect(),
    }
}

fn change(level: &str, values: &[(&str, Option<&str>)], before: &str, now: &str, parts: &[(&str, &str)]) -> Change {
    let (previous, current) = (amount(before), amount(now));
    let delta = current.checked_sub(previous).unwrap();
    let contributors: Vec<_> = parts
        .iter()
        .map(|(resource, delta)| Contributor {
            key: key(&[("resource_id", Some(*resource)), ("service_name", Some("AmazonS3"))]),
            delta: amount(delta),
        })
        .collect();
    let moved = Amount::checked_sum(contributors.iter().map(|part| part.delta)).unwrap();
    Change {
        scope: Scope { level: level.to_owned(), key: key(values) },
        metric: Metric::Effective,
        previous: (!previous.is_zero()).then_some(previous),
        current: (!current.is_zero()).then_some(current),
        delta,
        percent: percent_change(delta, previous, 20),
        percent_per_day: None,
        kind: match (previous.is_zero(), current.is_zero()) {
            (true, _) => ChangeKind::New,
            (_, true) => ChangeKind::Gone,
            _ if delta < Amount::ZERO => ChangeKind::Fall,
            _ => ChangeKind::Rise,
        },
        state: ReviewState::Unexplained,
        note: None,
        contributors,
        other: delta.checked_sub(moved).unwrap(),
    }
}

fn file(name: &str, rows: u64, first: Answer, second: Answer) -> FileVerdict {
    let of = |text: &str, last: u8, complete, is_final| MonthVerdict {
        month: month(text),
        first_day: month(text).day(1),
        last_day: month(text).day(last),
        complete,
        is_final,
    };
    FileVerdict {
        name: name.to_owned(),
        dialect: Dialect::AwsCurLegacy,
        version: None,
        rows,
        refused: 0,
        currencies: vec![Currency::new("USD")],
        sources: vec![SourceVerdict {
            provider_name: Some("AWS".to_owned()),
            billing_account_id: Some("410540603165".to_owned()),
            months: vec![of("2026-04", 30, Answer::Yes, Answer::Yes), of("2026-05", 31, first, second)],
        }],
    }
}

/// What the bills state for each metric, as totals and conservation that tie.
fn totals(sums: [(Option<&str>, u64); 4], unallocated: &str) -> (MetricMap<Total>, MetricMap<Conservation>) {
    let of = |metric: Metric| sums[metric as usize];
    let totals = MetricMap::of(|metric| {
        let (sum, missing_rows) = of(metric);
        Total { amount: sum.map(amount), rows: 14_664, missing_rows }
    });
    let conservation = MetricMap::of(|metric| {
        let input = of(metric).0.map(amount);
        let rest = input.map(|_| amount(unallocated));
        Conservation {
            input,
            allocated: input.zip(rest).and_then(|(input, rest)| input.checked_sub(rest)),
            unallocated: rest,
            difference: input.map(|_| Amount::ZERO),
        }
    });
    (totals, conservation)
}

/// A report without a single group.
pub(crate) fn empty(currency: &str) -> Report {
    let may = month("2026-05");
    Report {
        schema: "headroom/report/1",
        as_of: "2026-06-03".parse().unwrap(),
        view: View::ChargeMonth,
        metric: Metric::Effective,
        currency: Currency::new(currency),
        month: may,
        complete: Answer::Unknown,
        previous_month: None,
        basis: Basis { from: may.day(1).unwrap(), to: may.day(31).unwrap() },
        policy: "built-in".to_owned(),
        owner: [].into(),
        verdict: Verdict::default(),
        totals: MetricMap::default(),
        conservation: MetricMap::default(),
        dimensions: DIMENSIONS.map(str::to_owned).to_vec(),
        groups: Vec::new(),
        changes: Vec::new(),
        not_compared: Vec::new(),
        below_floor: BelowFloor::default(),
        history: Vec::new(),
        environments: None,
        actions: None,
        early_warning: None,
    }
}

/// A month as a company of a few squads might see it.
pub(crate) fn report() -> Report {
    let production = Some("production");
    let groups = vec![
        group([Some("data"), Some("AmazonS3"), production], "194715.79124064318512", "110673.73920064318512"),
        group([Some("data"), Some("AWSGlue"), production], "2310.4000151", "2290.118"),
        group([Some("payments"), Some("AmazonEC2"), production], "8120.551", "8011.02"),
        group([Some("payments"), Some("AmazonEC2"), Some("staging")], "1204.5", "1003.749"),
        group([Some("payments"), Some("AWSLambda"), production], "41.77", "39.9"),
        group([Some("search"), Some("AmazonOpenSearch"), production], "3350", ""),
        group([Some("web"), Some("AmazonCloudFront"), production], "0", "912.33"),
        group([Some("web"), Some("AmazonRoute53"), None], "0.0042", "0.0041"),
        group([None, Some("AmazonEC2"), None], "377.383", "401.2"),
        group([None, Some("AWSSupport"), None], "-150.1", "-150.1"),
    ];
    let sum = Amount::checked_sum(groups.iter().filter_map(|group| group.amount)).unwrap().to_string();
    let before = Amount::checked_sum(groups.iter().filter_map(|group| group.previous)).unwrap().to_string();
    let spent =
        [(Some("209970.3042557431851"), 0), (Some(sum.as_str()), 0), (Some("214002.5"), 0), (Some("205411.12"), 7)];
    let (totals, conservation) = totals(spent, "227.283");
    let archive = [
        ("arn:aws:s3:::lake-archive-2026-raw-events-eu-central-1", "80000.11"),
        ("arn:aws:s3:::lake-curated", "4100.5"),
        ("arn:aws:s3:::logs", "-70.25"),
    ];
    let s3 = |level, key| change(level, key, "110673.73920064318512", "194715.79124064318512", &archive);
    let mut changes = vec![
        change("total", &[], &before, &sum, &archive[..1]),
        s3("squad", &[("squad", Some("data"))]),
        s3("service_name", &[("service_name", Some("AmazonS3"))]),
        change("squad", &[("squad", Some("search"))], "0", "3350", &[("domain/catalogue", "3350")]),
        change("service_name", &[("service_name", Some("AmazonCloudFront"))], "912.33", "0", &[]),
        change(
            "group",
            &[("squad", Some("payments")), ("service_name", Some("AmazonEC2")), ("environment", Some("staging"))],
            "1003.749",
            "1204.5",
            &[("i-0abc", "200.751")],
        ),
    ];
    changes[0].percent_per_day = Some("64.9568".to_owned());
    changes[2].percent_per_day = Some("70.2614".to_owned());
    changes[2].state = ReviewState::Explained;
    changes[2].note = Some(Note {
        by: Some("platform squad".to_owned()),
        on: Some("2026-06-03".parse().unwrap()),
        why: "new archive bucket, agreed in the May review".to_owned(),
        until: Some(month("2026-07")),
    });
    changes[3].state = ReviewState::Planned;
    changes[3].note = Some(Note { by: None, on: None, why: "search launch".to_owned(), until: None });
    let mut report = Report {
        complete: Answer::Yes,
        previous_month: Some(month("2026-04")),
        policy: "policies/allocation.toml".to_owned(),
        totals,
        conservation,
        groups,
        changes,
        below_floor: BelowFloor { count: 12, amount: amount("318.4") },
        ..empty("USD")
    };
    report.not_compared = vec![NotCompared {
        source: Source { provider_name: Some("Microsoft".to_owned()), billing_account_id: Some("8611537".to_owned()) },
        month: month("2026-05"),
        amount: Some(amount("512.1")),
        reason: NotComparedReason::AbsentInPrevious,
    }];
    report.verdict.files = vec![file("exports/aws-2026-05.csv.gz", 14_664, Answer::Yes, Answer::Yes)];
    report.verdict.tags.coverage = Some("71.0966".to_owned());
    let history = |text: &str, sum: &str| HistoryMonth {
        month: month(text),
        complete: Answer::Yes,
        totals: MetricMap::of(|metric| (metric != Metric::Contracted).then(|| amount(sum))),
    };
    report.history =
        vec![history("2026-03", "118177.48119063358512"), history("2026-04", &before), history("2026-05", &sum)];
    report
}

/// The same month with everything that can be wrong with its files, compared on 29 days only.
pub(crate) fn troubled() -> Report {
    let mut report = report();
    report.complete = Answer::No;
    report.basis.to = month("2026-05").day(29).unwrap();
    report.totals.effective.missing_rows = 7;
    // One group's last two days have no counterpart.
    let whole = report.groups[2].amount;
    report.groups[2].amount = whole.and_then(|whole| whole.checked_add(amount("520.25")));
    let mut partial = file("exports/aws-2026-05-mtd.csv.gz", 13_900, Answer::No, Answer::No);
    partial.refused = 2;
    partial.version = Some("2.0");
    let mut azure = file("exports/azure-2026-05.csv", 4_100, Answer::Unknown, Answer::Unknown);
    azure.dialect = Dialect::AzureMca;
    azure.currencies.push(Currency::new("EUR"));
    azure.sources[0].provider_name = None;
    azure.sources[0].months[1].first_day = None;
    azure.sources[0].months[1].last_day = None;
    report.verdict.files.extend([partial, azure]);
    report.verdict.refused_count = 2;
    let refused = |line, column: Option<&str>, reason: &str| RefusedRow {
        file: "exports/aws-2026-05-mtd.csv.gz".to_owned(),
        line,
        column: column.map(str::to_owned),
        reason: reason.to_owned(),
    };
    report.verdict.refused_rows = vec![
        refused(77, Some("lineItem/UnblendedCost"), "`12,40` is not a number"),
        refused(1_204, None, "the row has 96 fields, the header 97"),
    ];
    report.verdict.overlaps = vec![Overlap {
        files: ["exports/aws-2026-05.csv.gz".to_owned(), "exports/aws-2026-05-mtd.csv.gz".to_owned()],
        month: month("2026-05"),
        rows_in_common: 13_850,
        amount: Some(amount("201113.07")),
        action: OverlapAction::KeptNewest,
    }];
    report.verdict.tags.merge = vec![
        TagMerge { keys: vec![" org".to_owned(), "org".to_owned()], into: "org".to_owned() },
        TagMerge { keys: ["Team", "team", "team_"].map(str::to_owned).to_vec(), into: "team".to_owned() },
    ];
    report.verdict.warnings = vec![Warning {
        code: "rounded_amounts".to_owned(),
        message: "amounts with more than 18 decimals were rounded half-even".to_owned(),
        count: 3,
    }];
    report
}

/// Values chosen to break a terminal, a table, or a page.
pub(crate) fn hostile() -> Report {
    let long = "payments-".repeat(23);
    let names = [
        "| <script>alert(1)</script>",
        "\u{1b}[31mred\u{1b}[0m",
        "a\nb\r\n# heading",
        "`tick` \\| pipe",
        "=HYPERLINK(\"http://example.com\")",
        "תשלומים \u{202e}",
        "支払い チーム",
        "unallocated",
        "",
        long.as_str(),
    ];
    let mut report = troubled();
    report.groups = names.iter().map(|name| group([Some(*name), Some(*name), None], "10.5", "10")).collect();
    report.groups.push(group([None, None, None], "", ""));
    report.changes = names
        .iter()
        .map(|name| change("squad", &[("squad", Some(*name))], "10", "20", &[(*name, "9"), ("other", "0.5")]))
        .collect();
    report.changes[0].note =
        Some(Note { by: Some(names[0].to_owned()), on: None, why: names[2].to_owned(), until: None });
    report.owner = [("cost_center".to_owned(), names[1].to_owned())].into();
    report.policy = names[3].to_owned();
    let verdict = &mut report.verdict;
    for (file, name) in verdict.files.iter_mut().zip([long.as_str(), names[1], names[0]]) {
        file.name = name.to_owned();
        file.sources[0].provider_name = Some(name.to_owned());
    }
    verdict.refused_rows[0].column = Some(names[0].to_owned());
    verdict.refused_rows[0].reason = format!("`{}` is not a number", names[2]);
    verdict.refused_rows[1].file = long.clone();
    verdict.overlaps[0].files = [names[0].to_owned(), long.clone()];
    verdict.warnings[0].message = format!("{} ``` {}", names[1], names[0]);
    report.not_compared[0].source.billing_account_id = Some(names[0].to_owned());
    report
}
