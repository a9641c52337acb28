//! Answers of Prometheus range queries.

use serde::Deserialize;

use super::read::{Read, Refusal, UsageFault};
use super::resource::Resource;
use crate::order::BTreeMap;

#[derive(Deserialize)]
struct Answer {
    status: Option<String>,
    data: Data,
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
/// `deployment`, `statefulset`, `daemonset` or `pod`. The resource is the label `resource`, else what the name of the metric
/// says; cores and bytes are the units, unless a label `unit` says otherwise.
///
/// # Errors
/// When the text is no such answer.
pub(super) fn read(bytes: &[u8]) -> Result<Read, UsageFault> {
    let answer: Answer = serde_json::from_slice(bytes)
        .map_err(|error| UsageFault::Json(format!("this is no answer of a range query: {error}")))?;
    if answer.status.as_deref().is_some_and(|status| status != "success") {
        return Err(UsageFault::Json("the query failed".to_owned()));
    }
    if answer.data.result_type != "matrix" {
        return Err(UsageFault::Json(format!("the result is a `{}`, not a `matrix`", answer.data.result_type)));
    }
    let mut read = Read::default();
    for (at, sampled) in answer.data.result.iter().enumerate() {
        let resource = resource(&sampled.metric).ok_or_else(|| {
            UsageFault::Json(format!("result {} does not say whether it is of `cpu` or `memory`", at + 1))
        })?;
        let usual = match resource {
            Resource::Cpu => "cores",
            Resource::Memory => "bytes",
        };
        let unit = sampled.metric.get("unit").map_or(usual, String::as_str);
        let Some(factor) = resource.factor(unit.as_bytes()) else {
            return Err(UsageFault::Json(format!("`{unit}` is no unit of {}", resource.name())));
        };
        let Some(name) = name(&sampled.metric) else {
            return Err(UsageFault::Json(format!("result {} names no workload", at + 1)));
        };
        let workload = read.usage.workload(&name);
        for (seconds, used) in &sampled.values {
            read.rows += 1;
            // `NaN` stands for a rate over a gap.
            match super::read::amount(used.as_bytes()) {
                Ok(used) if (946_684_800.0..4_102_444_800.0).contains(seconds) => {
                    read.usage.note(workload, resource, *seconds as i64, used * factor);
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

fn name(labels: &BTreeMap<String, String>) -> Option<String> {
    let workload = ["workload", "deployment", "statefulset", "daemonset", "pod"]
        .iter()
        .find_map(|label| labels.get(*label))
        .or_else(|| labels.get("container"))?;
    let mut parts: Vec<&str> = labels.get("namespace").map(String::as_str).into_iter().collect();
    parts.push(workload);
    let container = labels.get("container").filter(|container| *container != workload);
    parts.extend(container.map(String::as_str));
    Some(parts.join("/"))
}
