//! Rows that cannot be read inside bills that can.

use super::support::{Scratch, bill, header, months, row};

/// Refused rows of a bill whose first row is fine.
fn refused(name: &str, rows: &[String]) -> String {
    let scratch = Scratch::new(name);
    let rows: Vec<String> = [row(&[])].into_iter().chain(rows.iter().cloned()).collect();
    scratch.file("bill.csv", bill(&rows));
    let run = scratch.run("inspect bill.csv");
    let (_, refused) = run.answer().split_once("Refused rows").unwrap_or(("", "none\n"));
    format!("Refused rows{refused}")
}

#[test]
fn amounts() {
    let amounts = [
        "1,234.50",
        "$10",
        "10 USD",
        "NaN",
        "inf",
        "1e999",
        "--1",
        "-",
        "(5.00)",
        "5-",
        "0x10",
        "1 000",
        "1.2.3",
        "1e",
        "\u{661}",
        "\u{1b}[31m",
        "170141183460469231732",
    ];
    let shown = refused("amounts", &amounts.map(|amount| row(&[("EffectiveCost", amount)])));
    insta::assert_snapshot!(shown);
}

#[test]
fn amounts_that_can_be_read() {
    let scratch = Scratch::new("good_amounts");
    let amounts = ["+5", "-0.5", "1e3", "1.5E-05", ".5", "5.", " 7 ", "0.0000000000000000015", ""];
    scratch.file("bill.csv", bill(&amounts.map(|amount| row(&[("EffectiveCost", amount)]))));
    let run = scratch.run("report bill.csv --format json");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["totals"]["effective"]["amount"], "1017.000015000000000002");
    assert_eq!(report["totals"]["effective"]["missing_rows"], 1);
    assert_eq!(run.stderr, "warning: 1 row states an amount with more than 18 decimals, rounded half-even\n");
}

#[test]
fn dates() {
    let dates = [
        "5/1/26",
        "31/12/2026",
        "2/30/2026",
        "2026-02-29",
        "2026-5-1",
        "2026-05",
        "May 1, 2026",
        "45778",
        "10000-01-01",
        "2026-05-01T24:00:00Z",
        "",
    ];
    let shown = refused("dates", &dates.map(|date| row(&[("ChargePeriodStart", date)])));
    insta::assert_snapshot!(shown);
}

#[test]
fn shapes() {
    let whole = row(&[]);
    let shown = refused(
        "shapes",
        &[
            format!("{whole},more"),
            whole.rsplit_once(',').unwrap().0.to_owned(),
            "1".to_owned(),
            row(&[("ServiceName", "x")]).replace(",x,", ",x\"y\",z,"),
            row(&[("ServiceName", "x")]).replace(",x,", ",\"x\"y,"),
            header(),
            // Not refused: separators at the end, quotes and newlines inside quotes, blank lines.
            format!("{whole},,,"),
            row(&[("ServiceName", "x \"y\"\nz")]),
            String::new(),
        ],
    );
    insta::assert_snapshot!(shown);
}

#[test]
fn a_report_with_refused_rows_says_so_and_goes_on() {
    let scratch = Scratch::new("refused");
    let bad = row(&[("EffectiveCost", "1,5")]);
    scratch.file("bill.csv", format!("{}{bad}\n{bad}\n{bad}\n{bad}\n", months(&[(4, "1"), (5, "1")])));
    insta::assert_snapshot!(scratch.run("report bill.csv").shown());
    let json = scratch.run("report bill.csv --format json");
    assert_eq!(json.code, 0);
    insta::assert_snapshot!(json.stderr, @r"
    warning: 4 rows could not be read and are in no figure
    warning: first refused: bill.csv:63 (column EffectiveCost): not a number: `1,5`
    ");
    assert_eq!(scratch.run("report bill.csv --fail-on refused").code, 1);
    let markdown = scratch.run("report bill.csv --format markdown --quiet");
    assert!(
        markdown.answer().contains("- `bill.csv:63` (column `EffectiveCost`): not a number"),
        "{}",
        markdown.stdout
    );
}

#[test]
fn values_from_far_away() {
    let scratch = Scratch::new("far_away");
    let day = |date: &str| row(&[("ChargePeriodStart", date), ("ChargePeriodEnd", date)]);
    scratch.file("bill.csv", format!("{}{}\n{}\n", months(&[(5, "1")]), day("9999-12-31"), day("0001-01-01")));
    let run = scratch.run("report bill.csv");
    assert!(run.answer().starts_with("Cost report, May 2026\n"), "{}", run.stdout);
    let asked = scratch.run("report bill.csv --month 9999-12");
    assert!(asked.flowing().contains("the month lies after 2026-07-03, the day of asking"), "{}", asked.stdout);
}

#[test]
fn costs_below_zero() {
    let scratch = Scratch::new("below_zero");
    scratch.file("bill.csv", bill(&[row(&[("EffectiveCost", "-5")]), row(&[("EffectiveCost", "9")])]));
    let shown = scratch.run("report bill.csv").flowing();
    assert!(shown.contains("lost 1.00 33.3 % over contracted cost"), "{shown}");
}

#[test]
fn sums_that_overflow() {
    let scratch = Scratch::new("overflow");
    let most = "170141183460469231731";
    let of = |service: &str| row(&[("EffectiveCost", most), ("ServiceName", service), ("SubAccountId", service)]);
    scratch.file("bill.csv", bill(&[of("a"), of("b")]));
    insta::assert_snapshot!(scratch.run("report bill.csv").refusal(), @r"
    error: the amounts add up to more than can be held

    hint: no real bill does: look for a row with a wrong amount, the largest of which is in 2026-05 of `bill.csv`
    ");
}

#[test]
fn text_that_is_not_utf_8() {
    let scratch = Scratch::new("latin_1");
    let cafe = row(&[("ServiceName", "Caf#")]);
    let mut bytes = bill(&[row(&[]), cafe.clone(), row(&[]), cafe]).into_bytes();
    for byte in bytes.iter_mut().filter(|byte| **byte == b'#') {
        *byte = 0xe9;
    }
    scratch.file("bill.csv", bytes);
    let run = scratch.run("report bill.csv --format csv");
    assert!(run.stdout.contains("Caf\u{fffd}"), "{}", run.stdout);
    let want = "2 rows hold bytes that are not UTF-8, read as `\u{fffd}`; the first is bill.csv:3 (column ServiceName)";
    assert_eq!(run.stderr, format!("warning: {want}\n"));
}

#[test]
fn stray_quotes_say_how_many_lines_they_make_one_row() {
    let scratch = Scratch::new("stray_quotes");
    let (whole, stray) = (row(&[]), row(&[("ServiceName", "15 inch disk")]).replace(" inch", "\""));
    scratch.file("bill.csv", bill(&[whole.clone(), stray.clone(), whole.clone(), stray, whole]));
    let run = scratch.run("report bill.csv --format json");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let refused = &report["verdict"]["refused_rows"][0];
    assert_eq!(refused["line"], 3);
    assert!(refused["reason"].as_str().unwrap().ends_with(": up to the next quote 3 lines are one row"), "{refused}");
    assert_eq!(report["totals"]["effective"]["amount"], "3");
}

#[test]
fn columns_of_the_same_name() {
    let scratch = Scratch::new("repeated_columns");
    let text = format!("{},EffectiveCost,BilledCost\n{},7,8\n", header(), row(&[]));
    scratch.file("bill.csv", text);
    let run = scratch.run("report bill.csv --format csv");
    assert_eq!(
        run.stderr,
        "warning: 2 columns repeat the name of an earlier one and are not read, the first is `EffectiveCost` of `bill.csv`\n"
    );
    assert!(run.stdout.contains(",effective,1.5,"), "{}", run.stdout);
}

#[test]
fn tags_of_every_kind() {
    let scratch = Scratch::new("tags");
    let deep = format!("{}1{}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    let long = format!("{{\"squad\":\"{}\"}}", "x".repeat(100_000));
    let tag = |text: &str| row(&[("Tags", text)]);
    let mut rows = vec![tag(&deep), tag(&"[".repeat(50_000)), tag("{"), tag("squad=x"), tag(&long)];
    rows.extend((0..20_000).map(|at| tag(&format!("{{\"key{at}\":\"v\"}}"))));
    scratch.file("bill.csv", bill(&rows));
    let run = scratch.run("report bill.csv");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80));
    assert!(run.stdout.contains("rows have tags that cannot be read to their end"), "{}", run.stdout);
    let inspection = scratch.run("inspect bill.csv");
    assert!(inspection.answer().contains("Tags\n"), "{}", inspection.stdout);
}

#[test]
fn values_that_would_act_on_a_terminal() {
    let scratch = Scratch::new("hostile");
    let name = "\u{1b}[2J\u{202e}evil\u{7}";
    scratch.file("bill.csv", bill(&[row(&[("ServiceName", name)]), row(&[("EffectiveCost", name)])]));
    for words in ["report bill.csv", "report bill.csv --format markdown", "inspect bill.csv"] {
        let run = scratch.run(words);
        let shown = format!("{}{}", run.stdout, run.stderr);
        assert!(!shown.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{words}: {shown:?}");
    }
}
