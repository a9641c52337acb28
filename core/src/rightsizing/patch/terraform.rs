//! Terraform: one variable, a map by workload and container, in the form that the Kubernetes provider's `resources` takes.

use std::fmt::Write as _;

use super::{Containers, Target, quoted};
use crate::order::BTreeMap;

/// A `.tfvars` file.
pub(super) fn text(targets: &BTreeMap<Target, Containers>) -> String {
    let mut out = "container_resources = {\n".to_owned();
    for (target, containers) in targets {
        let _ = writeln!(
            out,
            "  {} = {{",
            quoted(&format!("{}/{}", target.key(), target.kind)).replace("${", "$${").replace("%{", "%%{")
        );
        for (container, sizes) in containers {
            let _ = writeln!(out, "    {} = {{", quoted(container).replace("${", "$${").replace("%{", "%%{"));
            let requests: Vec<(&str, String)> =
                sizes.iter().map(|(resource, of)| (resource.name(), of.request.quantity())).collect();
            let limits: Vec<(&str, String)> =
                sizes.iter().filter_map(|(resource, of)| Some((resource.name(), of.limit?.quantity()))).collect();
            for (key, of) in [("requests", requests), ("limits", limits)] {
                let pairs: Vec<String> = of.iter().map(|(name, size)| format!("{name} = {}", quoted(size))).collect();
                let inside = if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) };
                let _ = writeln!(out, "      {key:<8} = {inside}");
            }
            out.push_str("    }\n");
        }
        out.push_str("  }\n");
    }
    out.push_str("}\n");
    out
}
