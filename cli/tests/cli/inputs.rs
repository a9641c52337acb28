//! Where bills come from.

use std::io::Write as _;

use super::support::{Scratch, bill, months, row, run};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

/// The JSON report without the verdict, which names the files.
fn figures(scratch: &Scratch, bills: &str) -> serde_json::Value {
    let run = scratch.run(&format!("report {bills} --format json --quiet"));
    let mut report: serde_json::Value = serde_json::from_str(run.answer()).unwrap();
    report["verdict"].take();
    report
}

#[test]
fn inspecting_the_sample() {
    insta::assert_snapshot!(run("inspect datasets/bills").shown());
}

#[test]
fn inspecting_the_sample_as_markdown() {
    insta::assert_snapshot!(run("inspect datasets/bills --format markdown").shown());
}

#[test]
fn inspecting_as_json_keeps_to_its_schema() {
    let run = run("inspect datasets/bills --format json");
    let document: serde_json::Value = serde_json::from_str(run.answer()).unwrap();
    assert_eq!(document["schema"], "headroom/inspect/1");
    assert_eq!(document["files"].as_array().unwrap().len(), 17);
    assert_eq!(document["refused_count"], 0);
}

#[test]
fn packing_and_naming_change_nothing() {
    let scratch = Scratch::new("packing");
    let text = months(&[(4, "1"), (5, "1.3")]);
    let (april, may) = (months(&[(4, "1")]), months(&[(5, "1.3")]));
    let two_members = [gzip(&text.as_bytes()[..900]), gzip(&text.as_bytes()[900..])].concat();
    scratch
        .file("plain.csv", &text)
        .file("packed.csv.gz", gzip(text.as_bytes()))
        .file("packed.csv.zst", zstd(text.as_bytes()))
        .file("members.csv.gz", two_members)
        .file("gzip-by-content.csv", gzip(text.as_bytes()))
        .file("zstd-by-content.txt", zstd(text.as_bytes()))
        .file("windows.csv", format!("\u{feff}{}", text.replace('\n', "\r\n")))
        .file("no-last-newline.csv", text.trim_end())
        .file("parts/april.csv", &april)
        .file("parts/deeper/may.csv.gz", gzip(may.as_bytes()))
        .file("parts/notes.txt", "no bill");
    let want = figures(&scratch, "plain.csv");
    assert_eq!(want["totals"]["effective"]["amount"], "40.3");
    for bills in [
        "packed.csv.gz",
        "packed.csv.zst",
        "members.csv.gz",
        "gzip-by-content.csv",
        "zstd-by-content.txt",
        "windows.csv",
        "no-last-newline.csv",
        "parts",
        "parts/",
        "parts/april.csv parts/deeper",
        "parts/*.csv parts/*/*.gz",
        "parts/**/*.csv*",
        "plain.csv plain.csv",
        "plain.csv --threads 4",
    ] {
        assert_eq!(figures(&scratch, bills), want, "{bills}");
    }
}

#[test]
fn the_same_file_twice_is_counted_once_and_said() {
    let scratch = Scratch::new("twice");
    let text = months(&[(5, "1")]);
    scratch.file("a.csv", &text).file("b.csv", &text);
    let run = scratch.run("report a.csv b.csv --format json");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["totals"]["effective"]["amount"], "31");
    assert_eq!(run.stderr, "warning: `b.csv` is the same as `a.csv` and was left out\n");
    insta::assert_snapshot!(scratch.run("inspect a.csv b.csv").shown());
}

#[test]
fn rows_in_common_are_refused_until_it_is_said_what_to_keep() {
    let scratch = Scratch::new("overlap");
    let whole = months(&[(5, "1")]);
    let (to_date, _) = whole.match_indices('\n').nth(10).unwrap();
    scratch.file("whole.csv", &whole).file("to-date.csv", &whole[..=to_date]);
    insta::assert_snapshot!(scratch.run("report to-date.csv whole.csv").shown(), @r"
    exit 2
    --- stderr
    error: `to-date.csv` and `whole.csv` have 10 rows of 2026-05 in common, 10 in all

    hint: leave out the older file, pass `--overlap newest` to keep the newest, or `--overlap sum` to count all where they are parts of one export
    ");
    let newest = scratch.run("report to-date.csv whole.csv --overlap newest --format json");
    let report: serde_json::Value = serde_json::from_str(&newest.stdout).unwrap();
    assert_eq!(report["totals"]["effective"]["amount"], "31");
    assert_eq!(report["verdict"]["overlaps"][0]["files"], serde_json::json!(["whole.csv", "to-date.csv"]));
    let inspected = scratch.run("inspect to-date.csv whole.csv --overlap newest").stdout;
    assert!(inspected.contains("whole.csv and to-date.csv share 10 rows of May 2026:"), "{inspected}");
    let said = scratch.run("inspect to-date.csv whole.csv").stdout;
    assert!(said.contains("choose the newest with `--overlap newest`"), "{said}");
}

#[test]
fn what_is_hidden_in_a_directory_is_no_bill() {
    let scratch = Scratch::new("hidden");
    let bill = months(&[(5, "1")]);
    scratch.file("bills/bill.csv", &bill).file("bills/.bill.csv", &bill).file("bills/.old/bill.csv", &bill);
    let run = scratch.run("report bills --format csv");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn links() {
    let scratch = Scratch::new("links");
    scratch.file("bills/bill.csv", months(&[(5, "1")]));
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, scratch.path().join(name)).unwrap();
    link("bill.csv", "bills/again.csv");
    link("..", "bills/up");
    let run = scratch.run("report bills --format csv");
    assert_eq!(run.stderr, "warning: `bills/bill.csv` is the same as `bills/again.csv` and was left out\n");
    link("nothing.csv", "astray.csv");
    insta::assert_snapshot!(scratch.run("report astray.csv").refusal(), @"error: astray.csv: the link leads to no file");
}

#[test]
fn standard_input() {
    let scratch = Scratch::new("stdin");
    let text = months(&[(4, "1"), (5, "1.3")]);
    insta::assert_snapshot!(scratch.run_with_input("report -", text.as_bytes()).shown());
    let packed = scratch.run_with_input("report - --format json --quiet", &gzip(text.as_bytes()));
    let plain = scratch.run_with_input("report - --format json --quiet", text.as_bytes());
    assert_eq!(packed.answer(), plain.answer());
    // The rows of a month that is not whole cannot be read a second time.
    let partial = text.lines().take(40).collect::<Vec<_>>().join("\n");
    let shown = scratch.run_with_input("report - --month 2026-05", partial.as_bytes()).shown();
    assert!(shown.contains("standard input or a pipe is read once"), "{shown}");
    // A pipe that has a file's name is read once too.
    let named = scratch.run_with_input("report /dev/stdin --format json --quiet", text.as_bytes());
    assert_eq!(named.answer().replace("/dev/stdin", "-"), plain.stdout);
    // Nothing is piped in.
    insta::assert_snapshot!(scratch.run("report -").refusal(), @r"
    error: -: the file is empty

    hint: export the bill again, or leave the file out
    ");
}

#[test]
fn two_bills_of_which_one_is_standard_input_cannot_be_compared() {
    let scratch = Scratch::new("stdin_and_file");
    let text = months(&[(5, "1")]);
    scratch.file("may.csv", &text);
    let run = scratch.run_with_input("report may.csv -", text.replace(",1,1,1,1,", ",2,2,2,2,").as_bytes());
    insta::assert_snapshot!(run.refusal(), @r"
    error: `may.csv` and `-` hold the same month, and standard input or a pipe cannot be read twice

    hint: save it to a file, so that the rows can be compared
    ");
}

#[test]
fn output_to_a_file() {
    let scratch = Scratch::new("output");
    scratch.file("may.csv", months(&[(5, "1")]));
    let direct = scratch.run("report may.csv --format csv");
    let run = scratch.run("report may.csv --format csv --output report.csv");
    assert_eq!(run.answer(), "");
    assert_eq!(scratch.read("report.csv"), direct.answer());
    let run = scratch.run("report may.csv -o no/such/place.csv");
    insta::assert_snapshot!(run.refusal(), @"error: no/such/place.csv: no such file or directory");
}

#[test]
fn the_config_file_is_found_upward_and_flags_beat_it() {
    let scratch = Scratch::new("config");
    let config = r#"schema = "headroom/config/1"
bills = ["bills/*.csv"]
policy = ["policies/allocation.toml"]
explanations = "explanations.toml"
format = "csv"
"#;
    let policy = r#"schema = "headroom/allocation/1"
[[rule]]
id = "all"
when = { service_name = "Compute" }
set = { squad = "everyone" }
"#;
    scratch
        .file("headroom.toml", config)
        .file("policies/allocation.toml", policy)
        .file("bills/april.csv", months(&[(4, "1")]))
        .file("bills/may.csv", months(&[(5, "1.3")]))
        .file("deep/down/other.csv", months(&[(5, "7")]));
    let above = scratch.run("report").answer().to_owned();
    assert!(above.contains("2026-05,everyone,Compute,,USD,effective,40.3,40.3,30,10.3,"), "{above}");
    let below = super::support::command(&scratch.path().join("deep/down"), "report");
    assert_eq!(super::support::Run::of(below, b"").answer(), above);
    let flags = super::support::command(&scratch.path().join("deep/down"), "report other.csv --format json");
    let report: serde_json::Value = serde_json::from_str(super::support::Run::of(flags, b"").answer()).unwrap();
    assert_eq!(report["totals"]["effective"]["amount"], "217");
    assert_eq!(report["groups"][0]["key"]["squad"], "everyone");
}

#[test]
fn a_config_file_that_is_wrong_says_where() {
    let scratch = Scratch::new("config_faults");
    let mut shown = String::new();
    for text in [
        "schema = \"headroom/config/1\"\nbils = []\n",
        "schema = \"headroom/config/1\"\nbills = \"exports\"\n",
        "schema = \"headroom/config/9\"\n",
        "bills = []\n",
        "schema = \"headroom/config/1\nbills = []\n",
        "schema = \"headroom/config/1\"\nformat = \"pdf\"\n",
        "schema = \"headroom/config/1\"\npolicy = [\"gone.toml\"]\nbills = [\"x.csv\"]\n",
        "schema = \"headroom/config/1\"\nbills = [\"gone/*.csv\"]\n",
    ] {
        scratch.file("headroom.toml", text);
        shown.push_str(scratch.run("report").refusal());
        shown.push('\n');
    }
    scratch.file("headroom.toml", b"schema = \"\xff\"\n");
    shown.push_str(scratch.run("report").refusal());
    insta::assert_snapshot!(shown);
}

#[test]
fn a_bill_that_names_no_resource_or_account() {
    let scratch = Scratch::new("nameless");
    let at = |month: &str, cost: &str| {
        let start = format!("2026-{month}-01");
        row(&[
            ("ChargePeriodStart", &start),
            ("ChargePeriodEnd", &start),
            ("EffectiveCost", cost),
            ("SubAccountId", ""),
        ])
    };
    scratch.file("bill.csv", bill(&[at("04", "1"), at("05", "2")]));
    let shown = scratch.run("report bill.csv --month 2026-05").flowing();
    assert!(shown.contains("no account"), "{shown}");
    assert!(shown.contains("+1.00 no resource"), "{shown}");
}
