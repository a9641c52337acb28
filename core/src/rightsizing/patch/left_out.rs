//! What a patch does not hold and a reader of it would miss, as comments at its top.

use std::fmt::Write as _;

use super::{Containers, Target, changes};
use crate::order::{BTreeMap, BTreeSet};
use crate::report::figures::counted;
use crate::report::text::visible;
use crate::rightsizing::document::{Recommendation, Rightsizing};
use crate::rightsizing::resource::Resource;

/// How many machines of the bill would change; nothing where none would.
pub(super) fn machines(out: &mut String, document: &Rightsizing) {
    let machines = changes(document).filter(|(one, _)| one.machine).map(|(one, _)| one.workload.as_str());
    let count = machines.collect::<BTreeSet<_>>().len() as u64;
    if count > 0 {
        let _ = writeln!(out, "# {} of the bill left out", counted(count, "machine", "machines"));
    }
}

/// Names that stand for one container.
pub(super) fn doubled(out: &mut String, doubled: &[Vec<&str>]) {
    for names in doubled {
        let _ = writeln!(out, "# left out, since they are one container: {}", listed(names.iter().copied()));
    }
}

/// What would change and is of a kind that Kubernetes does not have.
pub(super) fn unknown_kinds(out: &mut String, document: &Rightsizing, others: &BTreeSet<&str>) {
    let of_unknown = changes(document).map(|(one, _)| one).filter(|one| {
        !one.machine && !others.contains(one.workload.as_str()) && !Target::of(&one.workload).0.is_known()
    });
    let names: BTreeSet<&str> = of_unknown.map(|one| one.workload.as_str()).collect();
    out.push_str(&of_unknown_kinds(&names));
}

/// The same of these workloads.
pub(in crate::rightsizing) fn of_unknown_kinds(names: &BTreeSet<&str>) -> String {
    if names.is_empty() {
        return String::new();
    }
    let workloads = counted(names.len() as u64, "workload", "workloads");
    format!("# {workloads} left out, of a kind that Kubernetes does not have: {}\n", listed(names.iter().copied()))
}

/// Limits of memory below what was seen: rules of other tools may set one.
pub(super) fn below_peak(out: &mut String, document: &Rightsizing, chosen: impl Fn(&Recommendation) -> bool) {
    let below = changes(document).map(|(one, _)| one).filter(|one| chosen(one) && one.limit_below_peak().is_some());
    let names: BTreeSet<&str> = below.map(|one| one.workload.as_str()).collect();
    if !names.is_empty() {
        let limits = counted(names.len() as u64, "memory limit lies", "memory limits lie");
        let _ = writeln!(out, "# {limits} below the peak that was seen: {}", listed(names));
    }
}

/// Resources of containers that are written whole of which neither advice nor what there is today is known.
pub(super) fn unknown_sizes(out: &mut String, document: &Rightsizing, targets: &BTreeMap<Target, Containers>) {
    let whole = super::terraform::whole(document, targets);
    for resource in Resource::ALL {
        let lacking = whole.iter().flat_map(|(target, containers)| {
            let lacking = containers.iter().filter(|(_, sizes)| !sizes.contains_key(&resource));
            lacking.map(|(container, _)| format!("{}/{container}", target.key()))
        });
        let names: Vec<String> = lacking.collect();
        if !names.is_empty() {
            let _ = writeln!(
                out,
                "# {} of {} left out, since nothing is known of it: {}",
                resource.name(),
                counted(names.len() as u64, "container", "containers"),
                listed(names.iter().map(String::as_str))
            );
        }
    }
}

/// Names in backticks, on one line.
pub(in crate::rightsizing) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", visible(name))).collect();
    names.join(", ")
}
