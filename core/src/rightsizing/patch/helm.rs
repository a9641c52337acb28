//! Helm values: `resources` by workload, and below it by container where there are others than its own.

use std::fmt::Write as _;

use super::{Containers, Target, quoted, resources};
use crate::order::BTreeMap;

/// Values of a chart that names its workloads at the top.
pub(super) fn text(targets: &BTreeMap<Target, Containers>) -> String {
    let mut out = String::new();
    let mut names: BTreeMap<&str, u32> = BTreeMap::new();
    for target in targets.keys() {
        *names.entry(&target.name).or_default() += 1;
    }
    for (target, containers) in targets {
        // Two of one name in different namespaces or of different kinds keep apart by all that names them.
        let key = match names.get(target.name.as_str()) {
            Some(1) => target.name.clone(),
            _ => format!("{}/{}", target.key(), target.kind),
        };
        let _ = writeln!(out, "{}:", quoted(&key));
        for (container, sizes) in containers {
            if *container == target.name {
                out.push_str("  resources:\n");
                resources(&mut out, 4, sizes);
            } else {
                let _ = write!(out, "  {}:\n    resources:\n", quoted(container));
                resources(&mut out, 6, sizes);
            }
        }
    }
    out
}
