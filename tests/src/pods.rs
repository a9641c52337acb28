//! Usage of pods, as exports have it that know of each.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::Outcome;

/// Monday, 4 May 2026.
const START: i64 = 1_777_852_800;

/// Who writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// The answer to a range query.
    Prometheus,
    /// The table of the `OpenShift` cost operator.
    Ros,
}

/// Pods of namespace `shop`: of a `workload` by the name of a `pod`, which used so much `cpu` and so many GiB of `memory`, where
/// it did, every hour from the hour `from` to the hour `to`, counted from Monday, 4 May 2026; `step` minutes are other steps.
pub fn pods(export: Export, rules: &[Value]) -> Outcome<String> {
    let mut results = Vec::new();
    let mut rows = "interval_start,namespace,workload_type,workload,container_name,pod,cpu_request_container_avg,\
                    cpu_usage_container_avg,cpu_usage_container_max,memory_usage_container_max\n"
        .to_owned();
    for one in rules {
        let cell = |key: &str| one[key].as_str().ok_or_else(|| format!("pods need a `{key}`"));
        let hour = |key: &str| one[key].as_i64().ok_or_else(|| format!("pods need an hour `{key}`"));
        let (workload, pod) = (cell("workload")?, cell("pod")?);
        let minutes = (hour("from")? * 60..hour("to")? * 60).step_by(one["step"].as_u64().unwrap_or(60) as usize);
        let times = minutes.map(|minute| START + minute * 60);
        match export {
            Export::Prometheus => {
                for (resource, scale) in [("cpu", 1.0), ("memory", 1_073_741_824.0)] {
                    let Some(used) = one[resource].as_f64() else { continue };
                    let used = (used * scale).to_string();
                    let labels = json!({"namespace": "shop", "pod": pod, "container": workload, "resource": resource});
                    let values: Vec<_> = times.clone().map(|time| json!([time, used])).collect();
                    results.push(json!({"metric": labels, "values": values}));
                }
            }
            Export::Ros => {
                let cpu = one["cpu"].as_f64().map_or_else(String::new, |used| used.to_string());
                let memory =
                    one["memory"].as_f64().map_or_else(String::new, |used| (used * 1_073_741_824.0).to_string());
                for time in times {
                    writeln!(rows, "{time},shop,deployment,{workload},{workload},{pod},2,{cpu},{cpu},{memory}")?;
                }
            }
        }
    }
    Ok(match export {
        Export::Prometheus => {
            json!({"status": "success", "data": {"resultType": "matrix", "result": results}}).to_string()
        }
        Export::Ros => rows,
    })
}
