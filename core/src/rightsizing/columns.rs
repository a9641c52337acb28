//! Which columns of a usage table say what.

use super::resource::Resource;

/// Where a row says what was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    /// One sample a row: `timestamp,workload,resource,value`, and if wanted `unit`, `replicas`, `environment`.
    Long {
        /// When.
        time: usize,
        /// Of what.
        workload: usize,
        /// Which resource.
        resource: usize,
        /// How much.
        value: usize,
        /// In which unit.
        unit: Option<usize>,
        /// By how many replicas.
        replicas: Option<usize>,
        /// Where it runs.
        environment: Option<usize>,
    },
    /// Both resources of a container in each row, as the `OpenShift` cost operator exports them for optimisation.
    Ros {
        /// When the interval begins.
        time: usize,
        /// Namespace, kind, name and container.
        name: [usize; 4],
        /// What stands for the name where it is `<none>`.
        owner: Option<usize>,
        /// The pod: each has a row of its own.
        pod: Option<usize>,
        /// Highest use, request and limit, by resource.
        figures: [[Option<usize>; 3]; 2],
    },
}

/// A header that is of no usage table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no table of usage: it has no column `{missing}`")]
pub struct NoUsage {
    /// The first column that is missing.
    pub missing: &'static str,
}

impl NoUsage {
    /// What to write.
    pub fn hint(&self) -> &'static str {
        "write the header `timestamp,workload,resource,value,unit`"
    }
}

impl Columns {
    /// The columns of a header.
    ///
    /// # Errors
    /// When a column that is needed is missing.
    pub(super) fn of(header: &[String]) -> Result<Self, NoUsage> {
        let find = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
        let need = |name: &'static str| find(name).ok_or(NoUsage { missing: name });
        if find("cpu_usage_container_avg").is_some() {
            let of = |figure: &str| find(figure);
            return Ok(Self::Ros {
                time: need("interval_start")?,
                name: [need("namespace")?, need("workload_type")?, need("workload")?, need("container_name")?],
                owner: find("owner_name"),
                pod: find("pod"),
                figures: [
                    ["cpu_usage_container_max", "cpu_request_container_avg", "cpu_limit_container_avg"].map(of),
                    ["memory_usage_container_max", "memory_request_container_avg", "memory_limit_container_avg"]
                        .map(of),
                ],
            });
        }
        Ok(Self::Long {
            time: find("timestamp").or_else(|| find("time")).ok_or(NoUsage { missing: "timestamp" })?,
            workload: need("workload")?,
            resource: need("resource")?,
            value: need("value")?,
            unit: find("unit"),
            replicas: find("replicas"),
            environment: find("environment"),
        })
    }
}

/// Factors to cores and MiB of the figures in [`Columns::Ros`]: cores, and bytes.
pub(super) fn ros_factor(resource: Resource) -> f64 {
    match resource {
        Resource::Cpu => 1.0,
        Resource::Memory => 1.0 / 1_048_576.0,
    }
}
