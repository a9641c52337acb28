//! The program itself, run on the sample bills: what it prints, writes, and ends with.

#![expect(clippy::unwrap_used, reason = "a test ends where something unexpected is met")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn run_in(directory: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_headroom")).args(words).current_dir(directory).output().unwrap()
}

fn run(words: &[&str]) -> Output {
    run_in(&root(), words)
}

/// What it prints when all is well.
fn fine(words: &[&str]) -> String {
    let output = run(words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What it complains of with exit code 2.
fn fault(words: &[&str]) -> String {
    let output = run(words);
    assert_eq!(output.status.code(), Some(2), "{words:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A directory of one test, empty.
fn scratch(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if directory.exists() {
        fs::remove_dir_all(&directory).unwrap();
    }
    fs::create_dir_all(&directory).unwrap();
    directory
}

const POLICY: [&str; 2] = ["--policy", "datasets/allocation.toml"];

fn with<'w>(first: &[&'w str], rest: &[&'w str]) -> Vec<&'w str> {
    [first, &POLICY, rest].concat()
}

/// Rows by column name.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

type Key = [String; 5];

/// Rows and billed and effective cost by group; costs as whole units of 10⁻¹⁸.
fn sums(rows: &[BTreeMap<String, String>]) -> BTreeMap<Key, (u64, i128, i128)> {
    let units = |text: &str| match text {
        "" => 0,
        text => headroom_core::money::Amount::parse(text.as_bytes()).unwrap().amount.units(),
    };
    let mut sums: BTreeMap<Key, (u64, i128, i128)> = BTreeMap::new();
    for row in rows {
        let key = ["month", "squad", "service_name", "environment", "currency"].map(|name| row[name].clone());
        let sum = sums.entry(key).or_default();
        sum.0 += row.get("rows").map_or(1, |rows| rows.parse().unwrap());
        sum.1 += units(&row["billed"]);
        sum.2 += units(&row["effective"]);
    }
    sums
}

#[test]
fn lines_add_up_to_the_cube_at_any_number_of_threads() {
    let cube = fine(&with(&["allocate", "datasets/bills"], &["--threads", "1"]));
    assert_eq!(fine(&with(&["allocate", "datasets/bills"], &["--threads", "3"])), cube);
    let lines = fine(&with(&["allocate", "datasets/bills"], &["--lines"]));
    let (cube, lines) = (table(&cube), table(&lines));
    assert!(cube.len() > 100 && lines.len() > 4000);
    assert_eq!(sums(&cube), sums(&lines));
    let json = fine(&with(&["allocate", "datasets/bills"], &["--lines", "--format", "json"]));
    assert_eq!(json.lines().count(), lines.len());
}

#[test]
fn lines_name_their_place_in_the_file() {
    let lines = table(&fine(&with(&["allocate", "datasets/bills/gcp-billing-export.csv"], &["--lines"])));
    let text = fs::read_to_string(root().join("datasets/bills/gcp-billing-export.csv")).unwrap();
    let of_file: Vec<&str> = text.lines().collect();
    for line in &lines {
        let at: usize = line["line"].parse().unwrap();
        assert!(of_file[at - 1].contains(&line["service_name"]), "{line:?}");
    }
    assert_eq!(lines.len(), of_file.len() - 1);
}

#[test]
fn a_file_gets_the_same_as_standard_output() {
    let directory = scratch("allocate-output");
    for extra in [&["--lines"][..], &["--format", "json"], &["--by", "squad"]] {
        let path = directory.join("out");
        let words = with(&["allocate", "datasets/bills"], extra);
        let output = run(&[&words[..], &["--output", path.to_str().unwrap()]].concat());
        assert!(output.status.success() && output.stdout.is_empty());
        assert_eq!(fs::read_to_string(path).unwrap(), fine(&words));
    }
    let path = directory.join("none.csv");
    fault(&["allocate", "datasets/bills", "--lines", "--month", "2001-01", "--output", path.to_str().unwrap()]);
    assert!(!path.exists(), "a refusal leaves a file behind");
}

#[test]
fn policy_check_reads_at_eighty_columns() {
    let text = fine(&with(&["policy", "check", "datasets/bills"], &[]));
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn policy_check_names_every_problem() {
    let path = scratch("check").join("bad.toml");
    fs::write(
        &path,
        "schema = \"headroom/allocation/1\"\n[[rule]]\nid = \"a\"\nwehn = {}\nset = { squad = \"x\" }\n[[rule]]\nid = \"b\"\nwhen = { service_nme = \"x\" }\nset = { squad = \"x\" }\n",
    )
    .unwrap();
    let path = path.to_str().unwrap();
    let said = fault(&["policy", "check", "--policy", path]);
    for part in [":4:1: unknown key `wehn`", "did you mean `when`?", ":8:10: unknown field `service_nme`"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let output = run(&["policy", "check", "--policy", path, "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["problems"].as_array().map(Vec::len), Some(2));
}

#[test]
fn policy_explain_reads_at_eighty_columns() {
    let group = "squad=payments,service_name=AmazonEC2";
    let text = fine(&with(&["policy", "explain", "datasets/bills"], &["--group", group]));
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn policy_explain_finds_the_charge_asked_for() {
    let ask = |extra: &[&str]| -> serde_json::Value {
        let words = with(&["policy", "explain", "datasets/bills", "--format", "json"], extra);
        serde_json::from_str(&fine(&words)).unwrap()
    };
    let untagged = ask(&["--where", "tag:team=", "--where", "service_name=AmazonEC2"]);
    assert_eq!(untagged["charge"]["fields"]["service_name"], "AmazonEC2");
    assert!(untagged["charge"]["tags"].get("team").is_none());
    let lines = table(&fine(&with(&["allocate", "datasets/bills"], &["--lines", "--for", "squad=unallocated"])));
    let unowned = ask(&["--group", "squad=unallocated"]);
    assert_eq!(unowned["matching"][0]["rows"], lines.len());
    assert_eq!(unowned["charge"]["line"].to_string(), lines[0]["line"]);
    assert_eq!(unowned["charge"]["file"], lines[0]["file"].as_str());
    assert!(
        fault(&with(&["policy", "explain", "datasets/bills"], &["--resource", "?"])).contains("no charge is as asked")
    );
    assert!(fault(&["policy", "explain", "datasets/bills", "--where", "servce_name=x"]).contains("`service_name`"));
}

#[test]
fn schemas_are_printed_as_they_are_shipped() {
    let names = fine(&["policy", "schema"]);
    assert!(names.lines().count() >= 10);
    for name in names.lines() {
        let shipped = root().join(format!("policies/schemas/{name}.schema.json"));
        assert_eq!(fine(&["policy", "schema", name]), fs::read_to_string(shipped).unwrap(), "{name}");
    }
    assert!(fault(&["policy", "schema", "allocaton"]).contains("did you mean `allocation`?"));
}

#[test]
fn init_writes_what_report_then_reads() {
    let home = scratch("init");
    let bills = root().join("datasets/bills");
    let bills = bills.to_str().unwrap();
    let first = run_in(&home, &["init", bills]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let report = run_in(&home, &["report", "--format", "json", "--as-of", "2026-06-20"]);
    assert!(report.status.success(), "{}", String::from_utf8_lossy(&report.stderr));
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    assert_eq!(report["policy"], "allocation.toml");
    assert_eq!(report["conservation"]["effective"]["difference"], "0");
    let owned = report["groups"].as_array().unwrap().iter().filter(|group| group["key"]["squad"].is_string()).count();
    assert!(owned > 10);

    let policy = fs::read_to_string(home.join("allocation.toml")).unwrap();
    insta::assert_snapshot!(policy);
    let again = run_in(&home, &["init", bills]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("--force"));
    assert_eq!(fs::read_to_string(home.join("allocation.toml")).unwrap(), policy);
    fs::write(home.join("allocation.toml"), "mine").unwrap();
    assert!(run_in(&home, &["init", bills, "--force"]).status.success());
    assert_eq!(fs::read_to_string(home.join("allocation.toml")).unwrap(), policy);
    let shown = run_in(&home, &["init", bills, "--stdout"]);
    assert_eq!(String::from_utf8(shown.stdout).unwrap(), policy);
}

#[test]
fn init_in_another_directory_writes_paths_from_there() {
    let home = scratch("init-elsewhere");
    fs::copy(root().join("datasets/bills/saas-focus-1.2.csv"), home.join("bill.csv")).unwrap();
    assert!(run_in(&home, &["init", "bill.csv", "--output", "policies/own.toml"]).status.success());
    let check = run_in(&home.join("policies"), &["policy", "check"]);
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
    assert!(String::from_utf8_lossy(&check.stdout).starts_with("own.toml:"));
    assert!(run_in(&home, &["init", "bill.csv", "--output", "only.toml", "--no-config"]).status.success());
    assert!(home.join("only.toml").exists() && !home.join("headroom.toml").exists());
}
