//! The report on the sample bills, in every format and from every side.

use super::support::{Scratch, bill, months, row, run};

const SAMPLE: &str =
    "report datasets/bills --policy datasets/allocation.toml --explanations datasets/explanations.toml";

fn sample(options: &str) -> String {
    run(&format!("{SAMPLE} {options}")).shown()
}

#[test]
fn a_table_of_80_columns() {
    let shown = sample("");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn everything_in_full() {
    let short = sample("");
    let full = sample("--full");
    assert!(short.contains("… and"));
    assert!(!full.contains("… and") && !full.contains("shown above") && !full.contains("the same as"));
    let heads = |text: &str| text.lines().filter(|line| line.contains("explained") || line.contains("planned")).count();
    // The headline counts them too.
    assert_eq!(heads(&full), 1 + 27, "{full}");
}

#[test]
fn markdown() {
    insta::assert_snapshot!(sample("--format markdown"));
}

#[test]
fn json() {
    let shown = run(&format!("{SAMPLE} --format json"));
    let report: serde_json::Value = serde_json::from_str(shown.answer()).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&report).unwrap());
}

#[test]
fn csv() {
    insta::assert_snapshot!(sample("--format csv"));
}

#[test]
fn one_owner() {
    insta::assert_snapshot!(sample("--for squad=payments"));
    let markdown = sample("--for squad=payments --format markdown");
    assert!(markdown.contains("Only charges of `squad` `payments` are in this report."), "{markdown}");
    assert!(!markdown.contains("What nobody owns"), "{markdown}");
}

#[test]
fn what_nobody_owns() {
    insta::assert_snapshot!(sample("--for squad=unallocated"));
    let markdown = sample("--for squad=unallocated --format markdown");
    assert!(markdown.contains("Only charges of `squad` *unallocated* are in this report."), "{markdown}");
}

#[test]
fn other_dimensions() {
    insta::assert_snapshot!(sample("--by sub_account_id"));
}

#[test]
fn a_month_that_is_not_whole() {
    insta::assert_snapshot!(sample("--month 2026-06"));
}

/// Why two months are not compared, in the words of the reason.
#[test]
fn months_that_cannot_be_compared() {
    let scratch = Scratch::new("not-compared");
    let day = |day: &str, cells: &[(&str, &str)]| {
        let (start, end) = (format!("{day}T00:00:00Z"), format!("{day}T23:00:00Z"));
        let mut all = vec![("ChargePeriodStart", start.as_str()), ("ChargePeriodEnd", end.as_str())];
        all.extend(cells);
        row(&all)
    };
    let apart = bill(&[day("2026-04-02", &[]), day("2026-05-20", &[])]);
    let others = bill(&[day("2026-04-02", &[]), day("2026-05-02", &[("BillingAccountId", "2")])]);
    let unstated = bill(&[day("2026-04-02", &[("ListCost", "")]), day("2026-05-02", &[])]);
    let same = bill(&[day("2026-04-02", &[]), day("2026-05-02", &[])]);
    let zero = bill(&[day("2026-04-02", &[("EffectiveCost", "0")]), day("2026-05-02", &[("EffectiveCost", "0")])]);
    for (name, text) in [("apart", &apart), ("others", &others), ("unstated", &unstated), ("zero", &zero)] {
        scratch.file(&format!("{name}.csv"), text);
    }
    let nothing = "No changes: nothing is compared.";
    for (run, want) in [
        (
            scratch.run("report apart.csv --month 2026-05"),
            "Not compared: there is no day that the bills of both this month and April 2026 cover in every source.",
        ),
        (
            scratch.run("report others.csv --month 2026-05"),
            "Not compared: no source has a bill for both this month and April 2026.",
        ),
        (
            scratch.run("report unstated.csv --month 2026-05 --metric list"),
            "Not compared: the bills do not state the list cost of both this month and April 2026.",
        ),
        (
            scratch.run("report zero.csv --month 2026-05"),
            "Not compared: neither this month nor April 2026 has an amount.",
        ),
        (
            scratch.run_with_input("report - --month 2026-05", same.as_bytes()),
            "Not compared: a month that is not whole is compared day by day, and standard input or a pipe is read once.",
        ),
    ] {
        let shown = run.flowing();
        assert!(shown.contains(want) && shown.contains(nothing), "{want}: {shown}");
        assert!(!shown.contains("is compared with"), "{shown}");
    }
}

#[test]
fn another_metric() {
    insta::assert_snapshot!(sample("--metric billed"));
}

#[test]
fn the_first_month_has_nothing_before_it() {
    insta::assert_snapshot!(sample("--month 2026-02"));
}

#[test]
fn without_a_policy() {
    let shown = run("report datasets/bills").shown();
    assert!(shown.contains("Allocated by the built-in policy"), "{shown}");
}

#[test]
fn the_thread_count_never_shows() {
    let one = sample("--format json --threads 1");
    for threads in [2, 3, 8] {
        assert_eq!(sample(&format!("--format json --threads {threads}")), one);
    }
}

#[test]
fn findings_that_were_asked_for_end_with_1() {
    for (finding, code) in [
        ("change", 1),
        ("unexplained", 1),
        ("unallocated", 1),
        ("unallocated=3%", 1),
        ("unallocated=5%", 0),
        ("unallocated=5", 0),
        ("refused", 0),
        ("incomplete", 0),
        ("refused,unexplained", 1),
        ("refused,incomplete", 0),
        ("refused --fail-on change", 1),
        ("incomplete --month 2026-06", 1),
        ("unexplained --for squad=payments", 0),
        ("change --for squad=payments", 1),
    ] {
        let run = run(&format!("{SAMPLE} --fail-on {finding}"));
        assert_eq!(run.code, code, "{finding}");
        assert!(run.stdout.starts_with("Cost report, "), "{finding}: the report is there all the same");
        assert_eq!(run.stderr, "", "{finding}");
    }
}

#[test]
fn a_headline_says_what_part_of_the_month_its_change_is_of() {
    let scratch = Scratch::new("partly_compared");
    let elsewhere = months(&[(5, "100")]).replace(",Acme,1,", ",Acme,2,");
    scratch.file("both.csv", months(&[(4, "1"), (5, "1")])).file("new.csv", elsewhere);
    let run = scratch.run("report both.csv new.csv --format markdown");
    let want =
        "**3,131.00 USD** effective cost. +1.00 (+3.3 %) on April 2026 in the 31.00 of it that can be compared; ";
    assert!(run.stdout.contains(want), "{}", run.stdout);
}

#[test]
fn several_currencies_are_never_added_up() {
    let scratch = Scratch::new("several_currencies");
    let dollars = months(&[(4, "1"), (5, "1.5")]);
    let yen = dollars.replace(",USD,", ",JPY,").replace(",1.5,", ",1500,").replace(",Acme,1,", ",Acme,2,");
    scratch.file("usd.csv", dollars).file("jpy.csv", yen);
    insta::assert_snapshot!(scratch.run("report usd.csv jpy.csv").shown());
    let json = scratch.run("report usd.csv jpy.csv --format json");
    let reports: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let codes: Vec<_> = reports.as_array().unwrap().iter().map(|report| report["currency"].clone()).collect();
    assert_eq!(codes, ["JPY", "USD"]);
    assert_eq!(json.stderr, "warning: 2 currencies are reported one by one: they are never added up\n");
    let csv = scratch.run("report usd.csv jpy.csv --format csv --quiet");
    assert_eq!((csv.code, csv.stderr.as_str()), (0, ""));
    assert_eq!(csv.stdout.lines().filter(|line| line.starts_with("month,")).count(), 1, "{}", csv.stdout);
}
