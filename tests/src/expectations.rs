//! What is to be expected of a fleet that nothing is known of: learnt from a generated one.

use headroom_core::rightsizing::{self, Resource, Usage};

use crate::usage_load::{Fleet, START};

/// Workloads that are learnt from, and days of each.
const WORKLOADS: u64 = 600;
const DAYS: u32 = 42;

/// The text of `policies/rightsizing/expectations.csv`.
pub fn text() -> String {
    let mut usage = Usage::default();
    for workload in Fleet::new(2026, WORKLOADS).workloads() {
        let at = usage.workload(&workload.name);
        for (resource, figures) in Resource::ALL.into_iter().zip([workload.cpu(DAYS), workload.memory(DAYS)]) {
            for (slot, used) in figures.iter().enumerate() {
                usage.note(at, resource, START + slot as i64 * 300, f64::from(*used));
            }
        }
    }
    rightsizing::expectations(&usage).unwrap_or_default()
}
