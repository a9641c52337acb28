//! Answers of Prometheus range queries.

use serde::Deserialize;

use super::read::{Read, Refusal, UsageFault};
use super::resource::Resource;
use super::usage::Usage;
use crate::order::BTreeMap;

#[derive(Deserialize)]
struct Answer {
    status: Option<String>,
    error: Option<String>,
    data: Option<Data>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    result_type: String,
    result: Vec<Sampled>,
}

#[derive(Deserialize)]
struct Sampled {
    metric: BTreeMap<String, String>,
    #[serde(default)]
    values: Vec<(f64, String)>,
}

/// Reads the answer of `/api/v1/query_range`.
///
/// The workload is the label `workload`, with `namespace` before and `container` behind it where there are any; else
/// `deployment`, `statefulset`, `daemonset` or `pod`, of which what a controller put behind its own name is left out: so the
/// pods of one workload are one. Where a container is named and no namespace, the name begins with `/`. Sums over the
/// containers of a pod are passed over. The resource is the label `resource`, else what the name of the metric says; cores and
/// bytes are the units, unless a label `unit` says otherwise.
///
/// # Errors
/// When the text is no such answer.
pub(super) fn read(bytes: &[u8]) -> Result<Read, UsageFault> {
    let answer: Answer = serde_json::from_slice(bytes)
        .map_err(|error| UsageFault::Json(format!("this is no answer of a range query: {error}")))?;
    if answer.status.as_deref().is_some_and(|status| status != "success") {
        return Err(UsageFault::Query(answer.error.unwrap_or_else(|| "Prometheus does not say why".to_owned())));
    }
    let Some(data) = answer.data else {
        return Err(UsageFault::Json("this is no answer of a range query: missing field `data`".to_owned()));
    };
    if data.result_type != "matrix" {
        return Err(UsageFault::Json(format!("the result is a `{}`, not a `matrix`", data.result_type)));
    }
    let mut read = Read::default();
    let container = |sampled: &Sampled| sampled.metric.get("container").filter(|name| !name.is_empty()).cloned();
    let by_container = data.result.iter().any(|sampled| container(sampled).is_some());
    for (at, sampled) in data.result.iter().enumerate() {
        not_used(&sampled.metric)?;
        // cAdvisor has series of whole pods beside those of their containers, and of what holds the pod's network.
        let whole_pod = || by_container && sampled.metric.get("pod").is_some();
        if container(sampled).map_or_else(whole_pod, |name| name == "POD") {
            continue;
        }
        let resource = resource(&sampled.metric).ok_or_else(|| {
            UsageFault::Json(format!("result {} does not say whether it is of `cpu` or `memory`", at + 1))
        })?;
        let usual = match resource {
            Resource::Cpu => "cores",
            Resource::Memory => "bytes",
        };
        let unit = sampled.metric.get("unit").filter(|unit| !unit.is_empty()).map_or(usual, String::as_str);
        let Some(factor) = resource.factor(unit.as_bytes()) else {
            return Err(UsageFault::Json(format!("`{unit}` is no unit of {}", resource.name())));
        };
        let Some(name) = name(&sampled.metric) else {
            return Err(UsageFault::Json(format!("result {} names no workload", at + 1)));
        };
        let workload = read.usage.workload(&name);
        let pod = pod(&read.usage, &sampled.metric);
        for (seconds, used) in &sampled.values {
            read.rows += 1;
            // `NaN` stands for a rate over a gap.
            match super::read::amount(used.as_bytes()) {
                Ok(used) if (946_684_800.0..4_102_444_800.0).contains(seconds) => {
                    read.usage.note(workload, resource, *seconds as i64, used * factor);
                    read.usage.note_pod(workload, resource, *seconds as i64, pod);
                }
                Ok(_) => refuse(&mut read, format!("`{seconds}` is no time")),
                Err(reason) => refuse(&mut read, reason),
            }
        }
    }
    if read.rows == 0 {
        return Err(UsageFault::Json("the answer holds no samples".to_owned()));
    }
    Ok(read)
}

/// Refuses what is no usage by its name. `rate()` drops the name, so that a counter that bears one was not rated.
fn not_used(labels: &BTreeMap<String, String>) -> Result<(), UsageFault> {
    const STATED: [&str; 2] = ["kube_pod_container_resource_requests", "kube_pod_container_resource_limits"];
    let Some(name) = labels.get("__name__") else { return Ok(()) };
    if name.ends_with("_total") {
        return Err(UsageFault::Counter(name.clone()));
    }
    // Older exporters put the resource behind it.
    if STATED.iter().any(|stated| name.starts_with(stated)) {
        return Err(UsageFault::NoUse(name.clone()));
    }
    Ok(())
}

fn refuse(read: &mut Read, reason: String) {
    read.refused += 1;
    if read.refusals.is_empty() {
        read.refusals.push(Refusal { line: 1, reason });
    }
}

fn resource(labels: &BTreeMap<String, String>) -> Option<Resource> {
    if let Some(named) = labels.get("resource") {
        return Resource::named(named.as_bytes());
    }
    let metric = labels.get("__name__")?;
    match (metric.contains("cpu"), metric.contains("memory")) {
        (true, false) => Some(Resource::Cpu),
        (false, true) => Some(Resource::Memory),
        _ => None,
    }
}

/// The number of the pod that a series is of. A container that is started anew in its pod has another series; what names no
/// pod is told apart by all its labels, but by that of the Prometheus which scraped it.
fn pod(usage: &Usage, labels: &BTreeMap<String, String>) -> u64 {
    let of_pod = |label: &str| matches!(label, "cluster" | "pod");
    let named = labels.get("pod").is_some();
    let tells = |label: &str| if named { of_pod(label) } else { !label.ends_with("replica") };
    let told: Vec<_> = labels.iter().filter(|(label, _)| tells(label)).collect();
    usage.pod(told)
}

fn name(labels: &BTreeMap<String, String>) -> Option<String> {
    let named = ["workload", "deployment", "statefulset", "daemonset"].iter().find_map(|label| labels.get(*label));
    let (kind, workload) = match (named, labels.get("pod")) {
        (Some(named), _) => (None, named.as_str()),
        (None, Some(pod)) => owner(pod),
        (None, None) => (None, labels.get("container")?.as_str()),
    };
    let container = labels.get("container").map(String::as_str).filter(|name| !name.is_empty());
    let mut parts: Vec<&str> = labels.get("namespace").map(String::as_str).into_iter().collect();
    parts.retain(|namespace| !namespace.is_empty());
    // Two parts would read as namespace and name.
    if parts.is_empty() && container.is_some_and(|container| container != workload) {
        parts.push("");
    }
    // A name of four parts, which is the one that names a kind, begins with a namespace.
    if let Some(kind) = kind.filter(|_| !parts.is_empty()) {
        parts.extend([kind, workload, container.unwrap_or(workload)]);
    } else {
        parts.push(workload);
        parts.extend(container.filter(|container| *container != workload));
    }
    Some(parts.join("/"))
}

/// Whose a pod is by its name, with the kind where it is not a Deployment: `web-7d9f8c5b6d-x2x4z` is of `web`, `db-0` is of
/// the stateful set `db`, `invoices-29381234-x2x4z` of the cron job `invoices`, and `node-exporter-x2x4z` of the daemon set
/// `node-exporter`; a job that nobody schedules names its pods so too.
fn owner(pod: &str) -> (Option<&'static str>, &str) {
    // The letters that Kubernetes draws names from, which make no words.
    let drawn = |text: &str| text.bytes().all(|byte| b"bcdfghjklmnpqrstvwxz2456789".contains(&byte));
    let Some((rest, last)) = pod.rsplit_once('-').filter(|(rest, _)| !rest.is_empty()) else { return (None, pod) };
    if !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()) && last.len() < 5 {
        return (Some("statefulset"), rest);
    }
    if last.len() != 5 || !drawn(last) {
        return (None, pod);
    }
    let Some((workload, hash)) = rest.rsplit_once('-').filter(|(workload, _)| !workload.is_empty()) else {
        return (Some("daemonset"), rest);
    };
    // The minute since 1970 that a cron job was due in.
    if hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_digit()) {
        return (Some("cronjob"), workload);
    }
    if (8..=10).contains(&hash.len()) && drawn(hash) { (None, workload) } else { (Some("daemonset"), rest) }
}

#[cfg(test)]
mod tests {
    use super::{name, owner};

    #[test]
    fn a_workload_is_never_taken_for_a_namespace() {
        let named = |labels: &[(&str, &str)]| {
            name(&labels.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect())
        };
        let web = [("pod", "web-7d9f8c5b6d-x2x4z"), ("container", "api")];
        assert_eq!(named(&web).as_deref(), Some("/web/api"));
        assert_eq!(named(&[web[0], ("container", "web")]).as_deref(), Some("web"));
        assert_eq!(named(&[("pod", "db-0"), ("container", "backup")]).as_deref(), Some("/statefulset/db/backup"));
        assert_eq!(named(&[web[0], web[1], ("namespace", "shop")]).as_deref(), Some("shop/web/api"));
    }

    #[test]
    fn pods_are_of_what_made_them() {
        for (pod, kind, workload) in [
            ("web-7d9f8c5b6d-x2x4z", None, "web"),
            ("shop-web-5d4b7f9c-x2x4z", None, "shop-web"),
            ("db-0", Some("statefulset"), "db"),
            ("db-12", Some("statefulset"), "db"),
            // Letters that are not drawn, or not as many: a name that somebody gave.
            ("web-canary-abcde", None, "web-canary-abcde"),
            ("web-7d9f8c5b6d-abcd", None, "web-7d9f8c5b6d-abcd"),
            ("node-exporter-x2x4z", Some("daemonset"), "node-exporter"),
            ("fluentd-x2x4z", Some("daemonset"), "fluentd"),
            ("invoices-29381234-x2x4z", Some("cronjob"), "invoices"),
            ("node-exporter-linux", None, "node-exporter-linux"),
            ("-x2x4z", None, "-x2x4z"),
            ("-0", None, "-0"),
            ("web", None, "web"),
        ] {
            assert_eq!(owner(pod), (kind, workload), "{pod}");
        }
    }
}
