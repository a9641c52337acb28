//! What holds of every fleet.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::strategy::Strategy as Arbitrary;

use super::{
    Assumptions, Patch, Profile, Question, Requests, Resource, Rightsizing, Run, Size, Strategy, Usage, UsageReader,
};
use crate::condition::document::Source;
use crate::order::BTreeMap;

/// 2026-05-04, in seconds.
const START: i64 = 1_777_852_800;

/// Hourly samples of three workloads over so many days, as rows of `time,workload,resource,value`.
type Rows = Vec<(i64, usize, Resource, u32)>;

fn fleets() -> impl Arbitrary<Value = Rows> {
    let series = (prop::collection::vec(1_u32..4000, 24), prop::collection::vec(50_u32..150, 28), 8_usize..28);
    prop::collection::vec(series, 3).prop_map(|fleet| {
        let mut rows = Vec::new();
        for (workload, (hours, days, count)) in fleet.into_iter().enumerate() {
            for (day, share) in days.iter().enumerate().take(count) {
                for (hour, level) in hours.iter().enumerate() {
                    let time = START + (day * 24 + hour) as i64 * 3600;
                    rows.push((time, workload, Resource::Cpu, level * share / 100));
                    rows.push((time, workload, Resource::Memory, level + share));
                }
            }
        }
        rows
    })
}

fn usage(rows: &Rows, factor: f64) -> Usage {
    let mut usage = Usage::default();
    for (time, workload, resource, value) in rows {
        let at = usage.workload(&format!("w{workload}"));
        let scale = if *resource == Resource::Cpu { 1e-3 } else { 1.0 };
        usage.note(at, *resource, *time, f64::from(*value) * scale * factor);
    }
    usage
}

fn sized(usage: &Usage, question: Question) -> Rightsizing {
    sized_from(usage, &Requests::default(), question)
}

fn sized_from(usage: &Usage, requests: &Requests, question: Question) -> Rightsizing {
    let assumptions = Assumptions::shipped().unwrap();
    Run {
        usage,
        requests,
        assumptions: &assumptions,
        billed: None,
        question,
        refused: (0, Vec::new()),
        other_resources: 0,
    }
    .document()
    .unwrap()
}

fn json(document: &Rightsizing) -> String {
    serde_json::to_string(document).unwrap()
}

/// A size as patches write it, in cores or MiB.
fn quantity(text: &str) -> f64 {
    let units = [("m", 1e-3), ("Gi", 1024.0), ("Mi", 1.0), ("M", 1.0), ("", 1.0)];
    let (unit, factor) = units.into_iter().find(|(unit, _)| text.ends_with(unit)).unwrap();
    text.strip_suffix(unit).unwrap().parse::<f64>().unwrap() * factor
}

/// Requests and limits of `w0`, `w1` …, by the key of their resource, after a patch in YAML was merged into today's.
fn merged(patch: &str, today: &BTreeMap<(String, bool, bool), f64>) -> BTreeMap<(String, bool, bool), f64> {
    let (mut after, mut workload, mut limits) = (today.clone(), String::new(), false);
    for line in patch.lines() {
        let (key, value) = line.trim().trim_start_matches("- ").split_once(':').unwrap_or((line, ""));
        let value = value.trim().trim_matches('"');
        let named = if key == "name" { value } else { key.trim_matches('"') };
        if named.len() == 2 && named.starts_with('w') {
            named.clone_into(&mut workload);
        }
        match key {
            "requests" | "reservations" => limits = false,
            "limits" => limits = true,
            "cpu" | "cpus" | "memory" => {
                let place = (workload.clone(), key == "memory", limits);
                if value.ends_with("null") {
                    after.remove(&place);
                } else {
                    after.insert(place, quantity(value));
                }
            }
            _ => {}
        }
    }
    after
}

/// The requests, by workload and resource.
fn requests(document: &Rightsizing) -> Vec<(String, Resource, Option<Size>)> {
    let mut found: Vec<_> =
        document.recommendations.iter().map(|one| (one.workload.clone(), one.resource, one.request)).collect();
    found.sort();
    found
}

/// A month of memory that is at 200 MiB but for a morning of its fourth day.
fn one_morning() -> Usage {
    let mut usage = Usage::default();
    let at = usage.workload("w0");
    for hour in 0..28 * 24 {
        let used = if (72..80).contains(&hour) { 3905.0 } else { 200.0 };
        usage.note(at, Resource::Memory, START + hour * 3600, used);
    }
    usage
}

#[test]
fn what_ran_once_is_not_killed() {
    let usage = one_morning();
    for profile in [Profile::Economy, Profile::Balanced, Profile::Safe] {
        let sized = sized(&usage, Question { profile, strategy: Strategy::Balance });
        let one = &sized.recommendations[0];
        let (request, limit) = (one.request.unwrap(), one.limit.unwrap());
        assert!(limit.value() >= 3905.0 && request <= limit, "{profile:?}: {request} {limit}");
        assert!(profile != Profile::Economy || request.value() < 1000.0, "{request}");
    }
}

#[test]
fn limits_of_other_rules_below_what_was_seen_say_so() {
    // KRR has forgotten after two weeks.
    let sized = sized(&one_morning(), Question { profile: Profile::Balanced, strategy: Strategy::Krr });
    let one = &sized.recommendations[0];
    assert!(one.limit.unwrap().value() < 300.0);
    assert!(one.why.contains("the limit is below what was used at most"), "{}", one.why);
    let note = super::note(one).unwrap();
    assert!(note.contains("the limit is below the peak of 390") && note.contains(" MiB that was seen"), "{note}");
    let patch = super::patch(&sized, Patch::Kubernetes);
    assert!(patch.starts_with("# 1 memory limit lies below the peak that was seen: `w0`\n"), "{patch}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_order_of_rows_and_how_they_are_shared_out_never_shows(rows in fleets(), seed in any::<u64>()) {
        let whole = json(&sized(&usage(&rows, 1.0), Question::default()));
        let mut shuffled = rows.clone();
        shuffled.sort_by_key(|row| (row.0 as u64 ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ row.1 as u64);
        prop_assert_eq!(&json(&sized(&usage(&shuffled, 1.0), Question::default())), &whole);
        let (one, other): (Rows, Rows) = shuffled.into_iter().partition(|row| (row.0 / 3600) % 3 == 0);
        let mut merged = usage(&one, 1.0);
        merged.merge(usage(&other, 1.0));
        prop_assert_eq!(json(&sized(&merged, Question::default())), whole);
    }

    #[test]
    fn no_request_is_above_its_limit_and_profiles_are_in_order(rows in fleets()) {
        let usage = usage(&rows, 1.0);
        let of = |profile| sized(&usage, Question { profile, strategy: Strategy::Balance });
        let (economy, safe) = (of(Profile::Economy), of(Profile::Safe));
        for one in economy.recommendations.iter().chain(&safe.recommendations) {
            if let (Some(request), Some(limit)) = (one.request, one.limit) {
                prop_assert!(request <= limit);
            }
            prop_assert!(one.limit_below_peak().is_none());
        }
        let pairs: f64 = requests(&economy).iter().zip(requests(&safe)).filter_map(|(low, high)| {
            Some(high.2?.value() / low.2?.value())
        }).map(libm::log).sum();
        prop_assert!(pairs >= 0.0, "safe reserves less than economy: {pairs}");
    }

    #[test]
    fn no_patch_leaves_a_request_above_the_limit_that_results(rows in fleets(), cores in 1_u32..3000, mib in 1_u32..4000) {
        let usage = usage(&rows, 1.0);
        let mut text = "workload,resource,request,limit,unit\n".to_owned();
        let mut today = BTreeMap::new();
        for workload in ["w0", "w1", "w2"] {
            let _ = writeln!(text, "{workload},cpu,{cores},{cores},m\n{workload},memory,{mib},{mib},MiB");
            for limit in [false, true] {
                today.insert((workload.to_owned(), false, limit), f64::from(cores) / 1000.0);
                today.insert((workload.to_owned(), true, limit), f64::from(mib));
            }
        }
        let mut requests = Requests::default();
        requests.read(Source { name: "r.csv", text: &text }).unwrap();
        for strategy in Strategy::ALL {
            let document = sized_from(&usage, &requests, Question { profile: Profile::Balanced, strategy });
            for patch in [Patch::Kubernetes, Patch::Helm, Patch::Compose] {
                let text = super::patch(&document, patch);
                let after = merged(&text, &today);
                for ((workload, memory, limits), request) in &after {
                    let limit = after.get(&(workload.clone(), *memory, true));
                    prop_assert!(
                        *limits || limit.is_none_or(|limit| *request <= limit + 1e-9),
                        "{strategy:?} {workload}: {request} is above {limit:?}\n{text}"
                    );
                }
            }
        }
    }

    // Powers of two, at which what is kept of samples is the same: see `level`. `balance` has the law for any factor.
    #[test]
    fn who_uses_more_of_everything_is_given_no_less(rows in fleets(), doublings in 1_i32..6, profile in 0_usize..3) {
        let profile = [Profile::Economy, Profile::Balanced, Profile::Safe][profile];
        let of = |factor| requests(&sized(&usage(&rows, factor), Question { profile, strategy: Strategy::Balance }));
        for (small, large) in of(1.0).into_iter().zip(of(f64::from(1 << doublings))) {
            prop_assert_eq!((&small.0, small.1), (&large.0, large.1));
            prop_assert!(small.2 <= large.2, "{small:?} {large:?}");
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut reader = UsageReader::new();
        if reader.push(&bytes).is_ok() {
            let _ = reader.finish();
        }
        let text = String::from_utf8_lossy(&bytes);
        let _ = Requests::default().read(Source { name: "r.csv", text: &text });
    }

    #[test]
    fn chunks_never_show(cut in 0_usize..2000) {
        let mut text = "timestamp,workload,resource,value,unit\n".to_owned();
        for slot in 0..400 {
            let _ = writeln!(text, "{},\"a, b\",cpu,{},m", START + slot * 300, slot % 7);
        }
        let read = |pieces: &[&[u8]]| {
            let mut reader = UsageReader::new();
            for piece in pieces {
                reader.push(piece).unwrap();
            }
            reader.finish().unwrap()
        };
        let (head, tail) = text.as_bytes().split_at(cut.min(text.len()));
        let (whole, pieces) = (read(&[text.as_bytes()]), read(&[head, tail]));
        prop_assert_eq!(whole.rows, 400);
        prop_assert_eq!(whole.usage.workloads(), pieces.usage.workloads());
    }
}
