//! Strategic-merge patches: containers merge by name, so that only their resources change.

use std::collections::BTreeMap;

use super::{Containers, Target, quoted, resources};

/// One YAML document a workload.
pub(super) fn text(targets: &BTreeMap<Target, Containers>) -> String {
    let mut out = String::new();
    for (target, containers) in targets {
        out.push_str(&format!("---\napiVersion: {}\nkind: {}\nmetadata:\n", target.version(), quoted(&target.kind)));
        out.push_str(&format!("  name: {}\n", quoted(&target.name)));
        if let Some(namespace) = &target.namespace {
            out.push_str(&format!("  namespace: {}\n", quoted(namespace)));
        }
        // How deep the pod's own specification lies.
        let path: &[&str] = match target.kind.as_str() {
            "Pod" => &["spec"],
            "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
            _ => &["spec", "template", "spec"],
        };
        for (depth, key) in path.iter().enumerate() {
            out.push_str(&format!("{}{key}:\n", "  ".repeat(depth)));
        }
        let indent = path.len() * 2;
        let blank = " ".repeat(indent);
        out.push_str(&format!("{blank}containers:\n"));
        for (container, sizes) in containers {
            out.push_str(&format!("{blank}- name: {}\n{blank}  resources:\n", quoted(container)));
            resources(&mut out, indent + 4, sizes);
        }
    }
    out
}
