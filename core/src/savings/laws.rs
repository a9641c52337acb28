//! Laws of the list of what to do.

use crate::order::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Savings;
use crate::allocation::Policy;
use crate::condition::document::Source;
use crate::ledger::Answer;
use crate::money::Amount;
use crate::report::{Action, ActionKind, Actions, Report, sample};

/// What is proposed of a workload: its cost, and in percent of it what a smaller size saves and how long it is off; whether
/// it is removed.
type Load = (u32, Option<u8>, Option<u8>, bool);

/// A plan: what is paid on demand, and what committing saves of it in percent.
type Plan = (u32, u8);

#[derive(Clone, Debug)]
struct World {
    loads: Vec<Load>,
    /// What unused things of a bill cost.
    unused: Vec<u32>,
    plans: Vec<Plan>,
    /// What lies unused of commitments, and whether that is found as waste, too.
    unused_commitments: Vec<(u32, bool)>,
    cost: u32,
}

fn worlds() -> impl Strategy<Value = World> {
    let percent = || proptest::option::of(0_u8..=100);
    let load = (1_u32..100_000, percent(), percent(), any::<bool>());
    (
        prop::collection::vec(load, 0..6),
        prop::collection::vec(0_u32..10_000, 0..4),
        prop::collection::vec((1_u32..100_000, 0_u8..=60), 0..3),
        prop::collection::vec((0_u32..20_000, any::<bool>()), 0..3),
        0_u32..300_000,
    )
        .prop_map(|(loads, unused, plans, unused_commitments, cost)| World {
            loads,
            unused,
            plans,
            unused_commitments,
            cost,
        })
}

fn cents(cents: u32) -> String {
    Amount::from_units(i128::from(cents) * 10_i128.pow(16)).to_string()
}

fn part(whole: u32, percent: u8) -> String {
    Amount::from_units(i128::from(whole) * i128::from(percent) * 10_i128.pow(14)).to_string()
}

/// The documents of a world, each with its name.
fn documents(world: &World) -> BTreeMap<&'static str, Value> {
    let (mut sizes, mut schedules, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (cost, size, off, removed)) in world.loads.iter().enumerate() {
        let name = format!("shop/{at}");
        if let Some(size) = size {
            sizes.push(json!({"workload": name, "resource": "cpu", "unit": "cores", "environment": null, "action": "lower",
                "request": "1", "current_request": "2", "saving_month": part(*cost, *size), "severity": "low", "signs": [],
                "replay": null}));
        }
        if let Some(off) = off {
            schedules.push(
                json!({"workload": name, "environment": "staging", "off_percent": off.to_string(), "replay": null,
                "confidence": "high", "cost_month": cents(*cost), "saving_month": part(*cost, *off), "refused": null}),
            );
        }
        if *removed {
            findings.push(json!({"rule": "idle-workload", "workload": name, "owner": {"squad": "shop"},
                "cost_month": cents(*cost), "saving_month": cents(*cost), "from": "2026-05-01", "to": "2026-05-31",
                "confidence": "high", "risk": "low", "effort": "low", "action": "take it down"}));
        }
    }
    for (at, cost) in world.unused.iter().enumerate() {
        findings.push(json!({"rule": "old-snapshot", "provider_name": "AWS", "billing_account_id": "1",
            "resource_id": format!("snap-{at}"), "owner": {}, "cost_month": cents(*cost), "saving_month": cents(*cost),
            "from": "2026-05-01", "to": "2026-05-31", "confidence": "high", "risk": "low", "effort": "low",
            "action": "delete it"}));
    }
    let mut existing = Vec::new();
    for (at, (unused, found)) in world.unused_commitments.iter().enumerate() {
        // Charged for 365 days, so that a twelfth of it is a month.
        existing.push(json!({"id": format!("sp-{at}"), "name": null, "kind": "Savings Plan", "provider_name": "AWS",
            "billing_account_id": "0", "from": "2025-06-01", "to": "2026-05-31", "unused": cents(*unused),
            "utilisation_percent": "50"}));
        if *found {
            findings.push(json!({"rule": "unused-commitment", "provider_name": "AWS", "billing_account_id": "0",
                "resource_id": format!("sp-{at}"), "owner": {}, "cost_month": cents(unused / 10),
                "saving_month": cents(unused / 10), "from": "2026-05-01", "to": "2026-05-31", "confidence": "high",
                "risk": "low", "effort": "low", "action": "let it end"}));
        }
    }
    let plans: Vec<Value> = world.plans.iter().enumerate().map(|(at, (on_demand, percent))| {
        json!({"offer": "plan", "name": "plan", "provider_name": "AWS", "billing_account_id": at.to_string(),
            "term_months": 12, "on_demand_month": cents(*on_demand), "tried": null,
            "recommended": {"commit_hour": "1", "saving_month": part(*on_demand, *percent), "bearable_fall_percent": "1"}})
    }).collect();
    BTreeMap::from([
        ("sizes", json!({"schema": "headroom/rightsizing/1", "currency": "USD", "recommendations": sizes})),
        ("schedule", json!({"schema": "headroom/schedule/1", "currency": "USD", "workloads": schedules})),
        ("waste", json!({"schema": "headroom/waste/1", "currency": "USD", "findings": findings})),
        (
            "commitments",
            json!({"schema": "headroom/commitments/1", "currency": "USD",
            "approval": {"approver": "me"}, "existing": existing, "plans": plans}),
        ),
    ])
}

fn listed(world: &World, without: Option<&str>, complete: Answer) -> Actions {
    let texts: Vec<(&str, String)> = documents(world)
        .into_iter()
        .filter(|(name, _)| Some(*name) != without)
        .map(|(name, document)| (name, document.to_string()))
        .collect();
    let sources: Vec<Source<'_>> = texts.iter().map(|(name, text)| Source { name, text }).collect();
    let mut report = report(world, complete);
    Savings::read(&sources).unwrap().put_into(&mut report, &Policy::builtin());
    report.actions.unwrap()
}

fn report(world: &World, complete: Answer) -> Report {
    let mut report = sample::empty("USD");
    report.complete = complete;
    report.totals.effective.amount = Some(Amount::parse(cents(world.cost).as_bytes()).unwrap().amount);
    report
}

fn saved(actions: &[Action], of: impl Fn(&Action) -> bool) -> Amount {
    Amount::checked_sum(actions.iter().filter(|one| of(one)).filter_map(|one| one.saving_month)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_counts_for_more_than_it_promises_or_than_there_is(world in worlds()) {
        for complete in [Answer::Yes, Answer::No] {
            let Actions { list, totals, .. } = listed(&world, None, complete);
            prop_assert_eq!(totals.actions, list.len() as u64);
            prop_assert_eq!(totals.saving_month, saved(&list, |_| true));
            prop_assert_eq!(totals.overlap_month, totals.stated_month.checked_sub(totals.saving_month).unwrap());
            for (one, rank) in list.iter().zip(1..) {
                prop_assert_eq!(one.rank, rank);
                prop_assert!(one.saving_month <= one.stated_month);
                prop_assert!(one.saving_month >= Some(Amount::ZERO));
                if one.action == ActionKind::Commit {
                    // As much less is committed to as is saved less.
                    prop_assert_eq!(one.what.contains(" of 1 an hour"), one.saving_month < one.stated_month);
                }
                prop_assert_eq!(one.overlap.is_some(), one.saving_month < one.stated_month || one.overlap.is_some());
            }
            for pair in list.windows(2) {
                prop_assert!(pair[0].saving_month >= pair[1].saving_month);
            }
            if complete == Answer::Yes {
                let cost = report(&world, complete).totals.effective.amount.unwrap();
                prop_assert!(totals.saving_month <= cost);
            }
        }
    }

    #[test]
    fn no_workload_saves_more_than_it_costs(world in worlds()) {
        let list = listed(&world, None, Answer::No).list;
        for (at, (cost, ..)) in world.loads.iter().enumerate() {
            let name = format!("shop/{at}");
            let all = saved(&list, |one| one.subject == name);
            prop_assert!(all <= Amount::parse(cents(*cost).as_bytes()).unwrap().amount, "{all} of {cost}");
        }
        let on_demand: i128 = world.plans.iter().map(|(cost, _)| i128::from(*cost)).sum();
        let workloads = saved(&list, |one| one.subject.starts_with("shop/"));
        let committed = saved(&list, |one| one.action == ActionKind::Commit);
        // What is committed to is what is left.
        let most = Amount::from_units((on_demand * 10_i128.pow(16) - workloads.units()).max(0));
        prop_assert!(committed <= most, "{committed} of {most}");
    }

    #[test]
    fn leaving_a_document_out_never_makes_more_of_the_whole_nor_less_of_the_others(world in worlds()) {
        let all = listed(&world, None, Answer::No);
        for without in ["sizes", "schedule", "waste", "commitments"] {
            let less = listed(&world, Some(without), Answer::No);
            // Each division is rounded once, to the last digit.
            let slack = Amount::from_units(100);
            prop_assert!(less.totals.saving_month <= all.totals.saving_month.checked_add(slack).unwrap(), "{without}");
            for one in &less.list {
                let same = all.list.iter().find(|other| other.action == one.action && other.evidence == one.evidence);
                prop_assert!(same.is_some_and(|same| same.saving_month <= one.saving_month), "{without}");
                prop_assert!(one.saving_month <= one.stated_month);
            }
        }
    }

    #[test]
    fn the_order_of_documents_never_shows(world in worlds()) {
        let texts: Vec<(&str, String)> =
            documents(&world).into_iter().map(|(name, document)| (name, document.to_string())).collect();
        let list = |texts: Vec<&(&str, String)>| {
            let sources: Vec<Source<'_>> = texts.iter().map(|(name, text)| Source { name, text }).collect();
            let mut report = report(&world, Answer::Yes);
            Savings::read(&sources).unwrap().put_into(&mut report, &Policy::builtin());
            serde_json::to_string(&report.actions).unwrap()
        };
        prop_assert_eq!(list(texts.iter().collect()), list(texts.iter().rev().collect()));
    }
}
