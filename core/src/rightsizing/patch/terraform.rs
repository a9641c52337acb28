//! Terraform: one variable, a map by workload and container, in the form that the Kubernetes provider's `resources` takes.
//!
//! A map takes the place of what there was and merges with nothing, so a container is written with all that is known of it.

use std::fmt::Write as _;

use super::{Containers, Target, quoted};
use crate::order::BTreeMap;
use crate::rightsizing::document::Rightsizing;
use crate::rightsizing::resource::Resource;
use crate::rightsizing::size::Size;

/// Request and limit as they shall be, by container and resource.
type Whole<'t> = BTreeMap<&'t Target, BTreeMap<&'t str, BTreeMap<Resource, [Option<Size>; 2]>>>;

/// What is to change, and of the same containers what is to stay.
pub(super) fn whole<'t>(document: &Rightsizing, targets: &'t BTreeMap<Target, Containers>) -> Whole<'t> {
    let mut whole: Whole<'t> = BTreeMap::new();
    for (target, containers) in targets {
        for (container, sizes) in containers {
            let sizes = sizes.iter().map(|(resource, of)| (*resource, [Some(of.request), of.limit])).collect();
            whole.entry(target).or_default().insert(container, sizes);
        }
    }
    for one in document.recommendations.iter().filter(|one| !one.machine) {
        let (target, container) = Target::of(&one.workload);
        let Some(sizes) = whole.get_mut(&target).and_then(|all| all.get_mut(container.as_str())) else { continue };
        let own = (one.resource, [one.current_request, one.current_limit]);
        let beside = one.beside.map(|beside| (beside.resource, [beside.request, beside.limit]));
        for (resource, today) in [Some(own), beside].into_iter().flatten() {
            if today.iter().any(Option::is_some) {
                sizes.entry(resource).or_insert(today);
            }
        }
    }
    whole
}

/// A `.tfvars` file.
pub(super) fn text(document: &Rightsizing, targets: &BTreeMap<Target, Containers>) -> String {
    let mut out = "container_resources = {\n".to_owned();
    for (target, containers) in whole(document, targets) {
        let _ = writeln!(out, "  {} = {{", key(&format!("{}/{}", target.key(), target.kind)));
        for (container, sizes) in containers {
            let _ = writeln!(out, "    {} = {{", key(container));
            for (at, name) in ["requests", "limits"].into_iter().enumerate() {
                let size = |(resource, of): (&Resource, &[Option<Size>; 2])| {
                    let size = of.get(at).copied().flatten()?;
                    Some(format!("{} = {}", resource.name(), quoted(&size.quantity())))
                };
                let pairs: Vec<String> = sizes.iter().filter_map(size).collect();
                let inside = if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) };
                let _ = writeln!(out, "      {name:<8} = {inside}");
            }
            out.push_str("    }\n");
        }
        out.push_str("  }\n");
    }
    out.push_str("}\n");
    out
}

/// A key in quotes, in which nothing is a template.
fn key(text: &str) -> String {
    quoted(text).replace("${", "$${").replace("%{", "%%{")
}
