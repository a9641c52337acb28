//! What is asked for and cannot be had.

use super::support::{Scratch, months};

/// Every request and the answer to it, one after the other.
fn refusals(scratch: &Scratch, requests: &[&str]) -> String {
    let answer = |request: &&str| format!("$ headroom {request}\n{}\n", scratch.run(request).refusal());
    requests.iter().map(answer).collect()
}

#[test]
fn what_there_is_not() {
    let scratch = Scratch::new("arguments");
    scratch.file("bill.csv", months(&[(4, "1"), (5, "2")])).file("bills.csv.gz", "x").file("empty/readme.txt", "x");
    let shown = refusals(
        &scratch,
        &[
            "report",
            "report bil.csv",
            "report bills.csv",
            "report gone.csv",
            "report bill.csv/x",
            "report *.nope",
            "report [.csv",
            "report empty",
            "report bill.csv --by squda",
            "report bill.csv --by zzz",
            "report bill.csv --by squad,",
            "report bill.csv --month 2026-03",
            "report bill.csv --month 2026-13",
            "report bill.csv --month May",
            "report bill.csv --for squad",
            "report bill.csv --for squad=",
            "report bill.csv --for squda=x",
            "report bill.csv --for squad=nobody",
            "report bill.csv --for squad=a --for squad=b",
            "report bill.csv --fail-on nothing",
            "report bill.csv --fail-on unallocated=lots",
            "report bill.csv --fail-on change,",
            "report bill.csv --metric net",
            "report bill.csv --format html",
            "report bill.csv --as-of 2026-02-30",
            "report bill.csv --threads 0",
            "report bill.csv --policy gone.toml",
            "report bill.csv --policy bil.csv",
            "report bill.csv --explanations gone.toml",
            "report bill.csv --output empty",
            "report bill.csv --by tag:app",
            "report bill.csv --unknown",
            "reprot bill.csv",
            "inspect bill.csv --format csv",
            "inspect gone.csv",
            "completions tcsh",
        ],
    );
    insta::assert_snapshot!(shown);
}

#[test]
fn nothing_asked_is_answered_with_help() {
    let run = Scratch::new("nothing").run("");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("Usage: headroom"), "{}", run.stderr);
}
