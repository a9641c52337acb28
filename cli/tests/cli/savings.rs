//! What nobody uses and what to do, as a terminal shows them, and how they are asked for wrongly.

use std::fmt::Write as _;

use super::support::{Scratch, run};

const IDLE: &str = "rightsize --idle --bills datasets/bills --policy datasets/allocation.toml --as-of 2026-06-12";

#[test]
fn what_nobody_uses_in_80_columns() {
    let shown = run(IDLE).shown();
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    insta::assert_snapshot!(shown);
    let csv = run(&format!("{IDLE} --format csv")).answer().to_owned();
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 5, "{csv}");
    assert!(rows[1].starts_with("disk-without-instance,,vol-0e3rscratch000001,AmazonEC2,eu-west-1,271828182803,AWS,"));
}

#[test]
fn what_to_do_in_every_format() {
    let scratch = Scratch::new("what_to_do");
    let usage = "datasets/usage/usage.csv --requests datasets/usage/requests.csv --format json";
    let (idle, report) = (
        run(&format!("{IDLE} --format json")).answer().to_owned(),
        "report datasets/bills --policy datasets/allocation.toml --as-of 2026-06-12",
    );
    scratch
        .file("waste.json", idle)
        .file("sizes.json", run(&format!("rightsize {usage}")).answer())
        .file("hours.json", run(&format!("schedule {usage}")).stdout);
    let savings = ["waste", "sizes", "hours"]
        .map(|name| format!("--savings {}", scratch.path().join(format!("{name}.json")).display()))
        .join(" ");
    let shown = run(&format!("{report} {savings}")).flowing();
    for part in ["What to do", "overlaps and is counted once", "only what a smaller size leaves can be off"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let full = run(&format!("{report} {savings} --full")).flowing();
    assert!(full.len() > shown.len() && full.contains("release the address"), "{full}");
    let page = run(&format!("{report} {savings} --format markdown")).answer().to_owned();
    assert!(page.contains("## What to do") && page.contains("| remove | `vol-0e3rscratch000001` |"), "{page}");
    let csv = run(&format!("{report} {savings} --format csv")).answer().to_owned();
    let header = csv.lines().next().unwrap();
    assert!(
        header
            .ends_with(",environment_kind,rank,action,subject,what,stated_month,risk,effort,approver,document,at,says")
    );
    assert!(
        csv.lines().any(|line| line.contains(",saving_month,45.467576,") && line.contains(",remove,vol-")),
        "{csv}"
    );
    // One owner's: the checkout squad's load balancer, of all that nobody uses.
    let own = run(&format!("{report} {savings} --for squad=checkout")).flowing();
    assert!(own.contains("checkout-old") && !own.contains("vol-0e3r"), "{own}");
}

#[test]
fn a_commitment_that_has_ended_is_marked_and_no_action() {
    let header = "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,PricingCategory,CommitmentDiscountId,\
                  CommitmentDiscountStatus,BilledCost,EffectiveCost,BillingCurrency,ProviderName,BillingAccountId,ServiceName";
    let mut bill = format!("{header}\n");
    for day in 1..31 {
        for (id, last) in [("gone", 20), ("here", 30)] {
            for (status, cost) in [("Used", 3), ("Unused", 1)].into_iter().filter(|_| day <= last) {
                let (from, to) = (format!("2026-05-{day:02}"), format!("2026-05-{:02}", day + 1));
                writeln!(bill, "{from},{to},Usage,Committed,{id},{status},0,{cost},USD,Cloud,acct,Compute").unwrap();
            }
        }
    }
    let scratch = Scratch::new("ended_commitment");
    scratch.file("bill.csv", &bill);
    let bill = scratch.path().join("bill.csv").display().to_string();
    let commitments = format!("commitments {bill} --as-of 2026-06-01");
    let shown = run(&commitments).flowing();
    for part in ["30.00 USD wasted; what has ended wasted 20.00 USD", "ended: no longer charged for when the bill ends"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    scratch.file("commitments.json", run(&format!("{commitments} --format json")).answer());
    let savings = scratch.path().join("commitments.json").display().to_string();
    let list = run(&format!("report {bill} --as-of 2026-06-01 --savings {savings}")).flowing();
    assert!(list.contains("1 use here Head of Engineering 30.42") && !list.contains("use gone"), "{list}");
}

#[test]
fn what_cannot_be_asked_is_said() {
    for (words, part) in [
        ("rightsize --idle", "neither bills nor usage given"),
        ("rightsize --idle --bills datasets/nowhere", "nowhere"),
        ("rightsize --idle --bills datasets/bills --format helm", "what nobody uses has no patch"),
        ("rightsize --idle --bills datasets/bills --rules datasets/allocation.toml", "headroom/idle/1"),
        ("rightsize --idle --bills -", "read once"),
        ("rightsize datasets/usage/usage.csv --as-of 2026-06-12", "a day of asking is given without bills"),
        ("schedule datasets/usage/usage.csv --as-of 2026-06-12", "a day of asking is given without bills"),
        ("report datasets/bills --savings datasets/allocation.toml", "this is no JSON"),
        ("report datasets/bills --savings datasets/operations/request.json", "it has no `schema`"),
    ] {
        let ended = run(words);
        assert!(ended.refusal().contains(part), "{words}: {}", ended.stderr);
    }
    // Flags of the one that mean nothing to the other.
    for words in ["rightsize --bills datasets/bills", "rightsize --idle --bills datasets/bills --strategy krr"] {
        assert_eq!(run(words).code, 2, "{words}");
    }
}
