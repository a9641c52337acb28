//! Docker Compose: `deploy.resources`, where requests are called reservations.

use std::fmt::Write as _;

use super::{Containers, Sizes, Target, bounds, quoted};
use crate::order::BTreeMap;
use crate::rightsizing::resource::Resource;
use crate::rightsizing::size::Size;

/// One service a container; a container of another name than its workload is `workload-container`. What another has already
/// is told apart by its namespace, then by its kind, at last by a number.
pub(super) fn text(targets: &BTreeMap<Target, Containers>) -> String {
    let mut services: BTreeMap<String, &BTreeMap<Resource, Sizes>> = BTreeMap::new();
    for (target, containers) in targets {
        for (container, sizes) in containers {
            let short =
                if *container == target.name { container.clone() } else { format!("{}-{container}", target.name) };
            let kind = format!("{}-{short}", target.kind.to_lowercase());
            let longer = match &target.namespace {
                Some(namespace) => vec![format!("{namespace}-{short}"), format!("{namespace}-{kind}")],
                None => vec![kind],
            };
            let numbered = (2..).map(|number: u64| format!("{short}-{number}"));
            let mut names = std::iter::once(short.clone()).chain(longer).chain(numbered);
            if let Some(name) = names.find(|name| !services.contains_key(name)) {
                services.insert(name, sizes);
            }
        }
    }
    let mut out = "services:\n".to_owned();
    for (name, sizes) in services {
        let _ = write!(out, "  {}:\n    deploy:\n      resources:\n        reservations:\n", quoted(&name));
        for (resource, of) in sizes {
            out.push_str(&line(*resource, of.request));
        }
        if bounds(sizes) {
            out.push_str("        limits:\n");
            for (resource, of) in sizes {
                if let Some(limit) = of.limit {
                    out.push_str(&line(*resource, limit));
                } else if of.lifted {
                    let _ = writeln!(out, "          {}: !reset null", key(*resource));
                }
            }
        }
    }
    out
}

/// Compose counts whole cores in a text, and MiB as `M`.
fn line(resource: Resource, size: Size) -> String {
    let unit = if resource == Resource::Memory { "M" } else { "" };
    format!("          {}: \"{size}{unit}\"\n", key(resource))
}

fn key(resource: Resource) -> &'static str {
    match resource {
        Resource::Cpu => "cpus",
        Resource::Memory => "memory",
    }
}
