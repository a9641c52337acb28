//! Capacity as a terminal shows it, and what it ends with.

use std::fmt::Write as _;

use super::support::{Run, Scratch, command, root, run};

const SAMPLE: &str = "capacity --traffic datasets/capacity/traffic.csv --usage datasets/capacity/usage.csv --capacity datasets/capacity/capacity.csv";

const RELEASES: &str = "--releases datasets/capacity/releases.csv";

#[track_caller]
fn fits(shown: &str) {
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn the_sample_reads_well_in_80_columns() {
    let shown = run(&format!("{SAMPLE} {RELEASES}")).shown();
    fits(&shown);
    for part in [
        "brought 60 % of what was declared",
        "without Instalments",
        "order by",
        "USD a month",
        "which a lost zone of 3 leaves",
        "what would change it",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let full = run(&format!("{SAMPLE} {RELEASES} --full")).shown();
    fits(&full);
    assert!(full.contains("\nsearch\n") && !shown.contains("\nsearch\n"), "{full}");
    assert!(full.lines().count() > shown.lines().count() + 20);
}

#[test]
fn a_release_that_is_supposed_comes_earlier_than_without() {
    let exhaustion = |release: Option<&str>| {
        let mut asked = command(&root(), &format!("{SAMPLE} --format csv"));
        asked.args(release.iter().flat_map(|release| ["--release", release]));
        let answer = Run::of(asked, b"").answer().to_owned();
        let row = answer.lines().find(|line| line.starts_with("checkout,")).unwrap();
        row.split(',').nth(8).unwrap().to_owned()
    };
    let (without, with) = (exhaustion(None), exhaustion(Some("2026-07-01 checkout traffic+30%")));
    assert!(!with.is_empty() && (without.is_empty() || with < without), "{with} {without}");
}

#[test]
fn a_day_to_order_by_that_has_passed_is_said() {
    let mut asked = command(&root(), SAMPLE);
    asked.args(["--release", "2026-07-01 checkout traffic+300%"]);
    let shown = Run::of(asked, b"").shown();
    fits(&shown);
    assert!(shown.contains("; that day has passed."), "{shown}");
}

#[test]
fn a_finding_ends_with_1() {
    for (finding, code) in [("exhaustion=10d", 0), ("exhaustion=90d", 1), ("exhaustion=700d", 1)] {
        let ended = run(&format!("{SAMPLE} {RELEASES} --format json --fail-on {finding}"));
        assert_eq!(ended.code, code, "{finding}");
        assert!(ended.stdout.starts_with("{\"schema\":\"headroom/capacity/1\""));
        let told = ended.stderr.contains(&format!("{finding}: `checkout` may run out by 2026-07-20, in 39 days"));
        assert_eq!(told, code == 1, "{}", ended.stderr);
    }
}

#[test]
fn a_pool_that_is_over_without_traffic_is_over_now() {
    let scratch = Scratch::new("capacity_over");
    let (mut traffic, mut usage) = (String::new(), String::new());
    for hour in 0..24 * 28 {
        let at = format!("2026-05-{:02}T{:02}:00:00Z", hour / 24 + 1, hour % 24);
        let _ = writeln!(traffic, "{at},shop,{}", 100 + 10 * (hour % 24));
        let _ = writeln!(usage, "{at},shop,cpu,3");
    }
    scratch
        .file("traffic.csv", format!("timestamp,service,rps\n{traffic}"))
        .file("usage.csv", format!("timestamp,workload,resource,value\n{usage}"))
        .file("capacity.csv", "service,replicas,cpu_per_replica\nshop,2,2\n");
    let asked =
        "capacity --traffic traffic.csv --usage usage.csv --capacity capacity.csv --full --fail-on exhaustion=10d";
    let ended = scratch.run(asked);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("exhaustion=10d: `shop` is over its cpu now"), "{}", ended.stderr);
    fits(&ended.stdout);
    for part in [
        "runs 2, needs 3 now to survive a lost replica",
        "cpu: over by 0.086 cores without any traffic, and the peak takes 0 more",
        "Enough through 2026-06-25: 1 more replicas on half of the paths, 1 on 90 %",
    ] {
        assert!(ended.stdout.contains(part), "{part}: {}", ended.stdout);
    }
}

/// Four weeks of hours of `shop`, whose cpu is anything and whose memory follows traffic.
fn noisy(scratch: &Scratch) {
    let (mut traffic, mut usage) = (String::new(), String::new());
    for hour in 0..24 * 28 {
        let at = format!("2026-05-{:02}T{:02}:00:00Z", hour / 24 + 1, hour % 24);
        let rate = 100 + 10 * (hour % 24) + hour % 7;
        let _ = writeln!(traffic, "{at},shop,{rate}");
        let _ = writeln!(usage, "{at},shop,cpu,{}\n{at},shop,memory,{rate}", hour * 7919 % 97);
    }
    scratch
        .file("traffic.csv", format!("timestamp,service,rps\n{traffic}"))
        .file("usage.csv", format!("timestamp,workload,resource,value\n{usage}"))
        .file("capacity.csv", "service,replicas,cpu_per_replica,mem_per_replica,max_replicas\nshop,2,50,220MiB,9\n");
}

#[test]
fn what_is_not_judged_and_what_is_lacking_now_stand_below_the_table() {
    let scratch = Scratch::new("capacity_unjudged");
    noisy(&scratch);
    let asked = "capacity --traffic traffic.csv --usage usage.csv --capacity capacity.csv";
    let shown = scratch.run(asked).shown();
    fits(&shown);
    for part in
        ["\n    cpu is not judged: its use does not follow traffic", "\n    runs 2, needs 3 now to survive a lost"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let ended = scratch.run(&format!("{asked} --fail-on exhaustion=20d"));
    assert_eq!((ended.code, ended.stderr.lines().count()), (1, 1), "{}", ended.stderr);
    assert!(ended.stderr.contains("exhaustion=20d: cpu of `shop` is not judged"), "{}", ended.stderr);
}

#[test]
fn what_is_not_known_is_never_a_pass() {
    let scratch = Scratch::new("capacity_unknown");
    scratch
        .file("traffic.csv", "timestamp,service,rps\n2026-05-01,shop,5\n")
        .file("usage.csv", "timestamp,workload,resource,value\n2026-05-01,shop,cpu,1\n")
        .file("capacity.csv", "service,replicas,cpu_per_replica\nshop,2,1\n");
    let words = "capacity --traffic traffic.csv --usage usage.csv --capacity capacity.csv --fail-on exhaustion=1d";
    let ended = scratch.run(words);
    assert_eq!(ended.code, 1);
    assert!(ended.stdout.contains("no date: 1 sample of busy hours on 1 day stands"), "{}", ended.stdout);
}

#[test]
fn what_cannot_be_asked_is_said() {
    let scratch = Scratch::new("capacity_refused");
    scratch
        .file("traffic.csv", "timestamp,service,rps\n2026-05-01,shop,5\n")
        .file("usage.csv", "timestamp,workload,resource,value\n2026-05-01,shop,disk,1\n")
        .file("capacity.csv", "service,replicas,cpu_per_replica\nshop,2,1\n");
    let tables = "capacity --traffic traffic.csv --usage usage.csv --capacity capacity.csv";
    for (words, part) in [
        ("capacity --traffic traffic.csv".to_owned(), "--usage <CSV>"),
        (format!("{tables} --fail-on exhaustion=soon"), "write it as exhaustion=30d"),
        (format!("{tables} --reserve rack"), "possible values: zone, replica, none"),
        (format!("{tables} --release later"), "`later` states no release"),
        (format!("{tables} --horizon-days 9999"), "9999 days ahead are asked for"),
        (format!("{tables} --releases capacity.csv"), "there is no column `name`"),
        (
            "capacity --traffic trafic.csv --usage usage.csv --capacity capacity.csv".to_owned(),
            "did you mean `traffic.csv`?",
        ),
    ] {
        let shown = scratch.run(&words).shown();
        assert!(shown.contains(part), "{words}: {shown}");
    }
}
