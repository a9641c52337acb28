//! Recommendations as text that tools apply: Kubernetes patches, Helm values, Compose files, Terraform variables.
//!
//! Only what is to change is written: recommendations to lower, raise or set. Terraform's map does not merge with what there
//! is, so there the other sizes of a container that changes are written as they are. Comments at the top say what is left out:
//! machines of the bill, which are no workloads of a cluster; containers that stand under several names; of Kubernetes' patches
//! kinds that it does not have. Names come from the workload's, whose parts are `name`, `namespace/name`,
//! `namespace/name/container` or `namespace/kind/name/container`, where a namespace that is not known is empty; a container
//! without a name of its own has the workload's, and a kind that is not named is a Deployment. Texts are written as JSON
//! strings, which YAML and HCL read as they are meant.

mod compose;
mod helm;
mod kubernetes;
pub(super) mod left_out;
mod terraform;
#[cfg(test)]
mod tests;

pub(super) use left_out::listed;

use std::fmt::Write as _;

use super::document::{Action, Recommendation, Rightsizing};
use super::resource::Resource;
use super::size::Size;
use crate::order::{BTreeMap, BTreeSet};

/// What the text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patch {
    /// Strategic-merge patches, one document a workload: `kubectl patch --patch-file`, or Kustomize.
    Kubernetes,
    /// Values by workload and container: `helm upgrade --values`.
    Helm,
    /// `deploy.resources` of services: `docker compose --file compose.yaml --file this`.
    Compose,
    /// A variable of sizes by workload and container: `terraform.tfvars`.
    Terraform,
}

/// The text of a patch. Without anything to change it says so in a comment.
pub fn patch(document: &Rightsizing, patch: Patch) -> String {
    let doubled = doubled(&document.recommendations);
    let mut out = String::new();
    left_out::machines(&mut out, document);
    left_out::doubled(&mut out, &doubled);
    let names: BTreeSet<&str> = doubled.into_iter().flatten().collect();
    let chosen = |one: &Recommendation| {
        !one.machine
            && !names.contains(one.workload.as_str())
            && (patch != Patch::Kubernetes || Target::of(&one.workload).0.is_known())
    };
    if patch == Patch::Kubernetes {
        left_out::unknown_kinds(&mut out, document, &names);
    }
    left_out::below_peak(&mut out, document, chosen);
    let targets = targets(document, chosen);
    if patch == Patch::Terraform {
        left_out::unknown_sizes(&mut out, document, &targets);
    }
    let text = match patch {
        _ if targets.is_empty() => "# nothing to change\n".to_owned(),
        Patch::Kubernetes => kubernetes::text(&targets),
        Patch::Helm => helm::text(&targets),
        Patch::Compose => compose::text(&targets),
        Patch::Terraform => terraform::text(document, &targets),
    };
    out + &text
}

/// Workloads of several names that are one container, which nobody can tell apart in a patch; those of one container together.
pub(super) fn doubled(recommendations: &[Recommendation]) -> Vec<Vec<&str>> {
    let mut named: BTreeMap<(Target, String), BTreeSet<&str>> = BTreeMap::new();
    for one in recommendations.iter().filter(|one| !one.machine) {
        named.entry(Target::of(&one.workload)).or_default().insert(&one.workload);
    }
    named.into_values().filter(|names| names.len() > 1).map(|names| names.into_iter().collect()).collect()
}

/// The sizes of one resource.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    request: Size,
    limit: Option<Size>,
    /// There is a limit today and there should be none. What is merged keeps what it does not name, and a limit that
    /// stays below a new request is refused; so it is taken away by name.
    lifted: bool,
}

/// Whether anything is to be said of limits.
fn bounds(sizes: &BTreeMap<Resource, Sizes>) -> bool {
    sizes.values().any(|of| of.limit.is_some() || of.lifted)
}

/// What a patch is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    pub(super) namespace: Option<String>,
    pub(super) kind: String,
    pub(super) name: String,
}

/// Containers of a workload, each with the sizes of its resources.
type Containers = BTreeMap<String, BTreeMap<Resource, Sizes>>;

impl Target {
    /// Target and container of a workload's name.
    pub(super) fn of(workload: &str) -> (Self, String) {
        let parts: Vec<&str> = workload.split('/').collect();
        let (namespace, kind, name, container) = match parts.as_slice() {
            [namespace, name] => (Some(*namespace), "deployment", *name, *name),
            [namespace, name, container] => (Some(*namespace), "deployment", *name, *container),
            [namespace, kind, name, container] => (Some(*namespace), *kind, *name, *container),
            _ => (None, "deployment", workload, workload),
        };
        let namespace = namespace.filter(|namespace| !namespace.is_empty());
        let target =
            Self { namespace: namespace.map(str::to_owned), kind: kind_of(kind).to_owned(), name: name.to_owned() };
        (target, container.to_owned())
    }

    /// Whether its kind is one that Kubernetes has, so that a patch can say of which API it is.
    pub(super) fn is_known(&self) -> bool {
        KINDS.contains(&self.kind.as_str())
    }

    /// API version of the kind.
    pub(super) fn version(&self) -> &'static str {
        match self.kind.as_str() {
            "Job" | "CronJob" => "batch/v1",
            "Pod" | "ReplicationController" => "v1",
            "DeploymentConfig" => "apps.openshift.io/v1",
            _ => "apps/v1",
        }
    }

    /// One key for maps: the parts there are, joined.
    fn key(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{namespace}/{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Kinds of workloads, as Kubernetes writes them.
const KINDS: [&str; 9] = [
    "Deployment",
    "DeploymentConfig",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "CronJob",
    "Job",
    "Pod",
];

/// How Kubernetes writes a kind, whatever its case.
fn kind_of(kind: &str) -> &str {
    KINDS.iter().find(|known| known.eq_ignore_ascii_case(kind)).unwrap_or(&kind)
}

/// What is to change, with the request.
fn changes(document: &Rightsizing) -> impl Iterator<Item = (&Recommendation, Size)> {
    document.recommendations.iter().filter_map(|one| match one.action {
        Action::Lower | Action::Raise | Action::Set => Some((one, one.request?)),
        Action::Keep | Action::Withhold => None,
    })
}

fn targets(document: &Rightsizing, chosen: impl Fn(&Recommendation) -> bool) -> BTreeMap<Target, Containers> {
    let mut targets: BTreeMap<Target, Containers> = BTreeMap::new();
    for (one, request) in changes(document).filter(|(one, _)| chosen(one)) {
        let (target, container) = Target::of(&one.workload);
        let lifted = one.limit.is_none() && one.current_limit.is_some();
        let sizes = Sizes { request, limit: one.limit, lifted };
        targets.entry(target).or_default().entry(container).or_default().insert(one.resource, sizes);
    }
    targets
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Lines of `requests` and `limits` as Kubernetes has them.
fn resources(out: &mut String, indent: usize, sizes: &BTreeMap<Resource, Sizes>) {
    let blank = " ".repeat(indent);
    let _ = writeln!(out, "{blank}requests:");
    for (resource, of) in sizes {
        let _ = writeln!(out, "{blank}  {}: {}", resource.name(), quoted(&of.request.quantity()));
    }
    if bounds(sizes) {
        let _ = writeln!(out, "{blank}limits:");
        for (resource, of) in sizes {
            if let Some(limit) = of.limit {
                let _ = writeln!(out, "{blank}  {}: {}", resource.name(), quoted(&limit.quantity()));
            } else if of.lifted {
                let _ = writeln!(out, "{blank}  {}: null", resource.name());
            }
        }
    }
}
