//! Strategic-merge patches: containers merge by name, so that only their resources change.

use std::fmt::Write as _;

use super::{Containers, Target, quoted, resources};
use crate::order::BTreeMap;

/// One YAML document a workload.
pub(super) fn text(targets: &BTreeMap<Target, Containers>) -> String {
    let mut out = String::new();
    for (target, containers) in targets {
        let _ = write!(out, "---\napiVersion: {}\nkind: {}\nmetadata:\n", target.version(), quoted(&target.kind));
        let _ = writeln!(out, "  name: {}", quoted(&target.name));
        if let Some(namespace) = &target.namespace {
            let _ = writeln!(out, "  namespace: {}", quoted(namespace));
        }
        // How deep the pod's own specification lies.
        let path: &[&str] = match target.kind.as_str() {
            "Pod" => &["spec"],
            "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
            _ => &["spec", "template", "spec"],
        };
        for (depth, key) in path.iter().enumerate() {
            let _ = writeln!(out, "{}{key}:", "  ".repeat(depth));
        }
        let indent = path.len() * 2;
        let blank = " ".repeat(indent);
        let _ = writeln!(out, "{blank}containers:");
        for (container, sizes) in containers {
            let _ = write!(out, "{blank}- name: {}\n{blank}  resources:\n", quoted(container));
            resources(&mut out, indent + 4, sizes);
        }
    }
    out
}
