//! Usage and requests of the sample's workloads: four weeks, by the hour.

use std::fmt::Write;

use super::SampleFile;
use crate::prng::Prng;

/// Days of usage.
const DAYS: u32 = 28;

/// 2026-05-04, a Monday, in seconds since 1970.
const START: i64 = 1_777_852_800;

/// What a workload uses in an hour: the day, the hour, noise from 0 to 1.
type Shape = fn(u32, u32, f64) -> f64;

/// A workload: name, environment, cores, MiB, requests of both, limits of both, replicas, days without samples at the start.
struct Workload {
    name: &'static str,
    environment: &'static str,
    cpu: Shape,
    memory: Shape,
    /// Cores and MiB; 0 where nothing is set.
    request: [f64; 2],
    limit: [f64; 2],
    replicas: u32,
    autoscaled: bool,
    from: u32,
}

fn is_office(day: u32, hour: u32) -> bool {
    day % 7 < 5 && (8..18).contains(&hour)
}

const WORKLOADS: [Workload; 10] = [
    Workload {
        name: "shop/checkout",
        environment: "production",
        cpu: |day, hour, noise| if is_office(day, hour) { 0.9 + 0.4 * noise } else { 0.3 + 0.1 * noise },
        memory: |_, _, noise| 900.0 + 120.0 * noise,
        request: [4.0, 4096.0],
        limit: [0.0, 4096.0],
        replicas: 3,
        autoscaled: false,
        from: 0,
    },
    Workload {
        name: "shop/search",
        environment: "production",
        cpu: |day, hour, noise| if is_office(day, hour) { 1.6 + 0.6 * noise } else { 0.5 + 0.3 * noise },
        memory: |_, _, noise| 3300.0 + 400.0 * noise,
        request: [1.0, 3072.0],
        limit: [0.0, 4096.0],
        replicas: 2,
        autoscaled: false,
        from: 0,
    },
    Workload {
        name: "shop/cart",
        environment: "production",
        cpu: |day, hour, noise| if is_office(day, hour) { 0.4 + 0.2 * noise } else { 0.1 + 0.05 * noise },
        memory: |_, _, noise| 420.0 + 40.0 * noise,
        request: [0.7, 512.0],
        limit: [1.0, 512.0],
        replicas: 2,
        autoscaled: true,
        from: 0,
    },
    Workload {
        name: "shop/orders/api",
        environment: "production",
        cpu: |_, _, noise| 0.25 + 0.1 * noise,
        // A managed heap: taken in two days, then held.
        memory: |day, hour, noise| (512.0 + 40.0 * f64::from(day * 24 + hour)).min(2300.0) + 20.0 * noise,
        request: [1.0, 2048.0],
        limit: [0.0, 2560.0],
        replicas: 2,
        autoscaled: false,
        from: 0,
    },
    Workload {
        name: "data/cronjob/invoices/run",
        environment: "production",
        // Mondays at two.
        cpu: |day, hour, noise| if day % 7 == 0 && (2..5).contains(&hour) { 3.0 + 0.5 * noise } else { 0.02 },
        memory: |day, hour, noise| if day % 7 == 0 && (2..5).contains(&hour) { 5000.0 + 300.0 * noise } else { 200.0 },
        request: [2.0, 6144.0],
        limit: [0.0, 6144.0],
        replicas: 1,
        autoscaled: false,
        from: 0,
    },
    Workload {
        name: "data/ingest",
        environment: "production",
        // It would use more: two cores are its limit.
        cpu: |_, hour, noise| if (1..9).contains(&hour) { 2.0 } else { 0.6 + 0.3 * noise },
        memory: |_, _, noise| 1500.0 + 200.0 * noise,
        request: [2.0, 2048.0],
        limit: [2.0, 2048.0],
        replicas: 1,
        autoscaled: false,
        from: 0,
    },
    Workload {
        name: "data/lake-indexer",
        environment: "production",
        cpu: |_, _, noise| 0.05 + 0.02 * noise,
        memory: |_, _, noise| 700.0 + 40.0 * noise,
        request: [8.0, 32768.0],
        limit: [0.0, 32768.0],
        replicas: 1,
        autoscaled: false,
        from: 0,
    },
    Workload {
        name: "staging/checkout",
        environment: "staging",
        cpu: |day, hour, noise| if is_office(day, hour) { 0.08 + 0.06 * noise } else { 0.01 },
        memory: |_, _, noise| 500.0 + 60.0 * noise,
        request: [2.0, 2048.0],
        limit: [0.0, 2048.0],
        replicas: 1,
        autoscaled: false,
        from: 0,
    },
    Workload {
        name: "shop/recommendations",
        environment: "production",
        cpu: |_, _, noise| 0.4 + 0.2 * noise,
        memory: |_, _, noise| 800.0 + 90.0 * noise,
        request: [1.0, 1024.0],
        limit: [0.0, 1024.0],
        replicas: 1,
        autoscaled: false,
        from: 26,
    },
    Workload {
        name: "shop/mailer",
        environment: "production",
        cpu: |_, hour, noise| if hour == 6 { 0.5 + 0.3 * noise } else { 0.03 },
        memory: |_, _, noise| 210.0 + 20.0 * noise,
        request: [0.0, 0.0],
        limit: [0.0, 0.0],
        replicas: 1,
        autoscaled: false,
        from: 0,
    },
];

/// `usage.csv` and `requests.csv`.
pub fn usage() -> Vec<SampleFile> {
    let mut usage = "timestamp,workload,resource,value,unit,environment\n".to_owned();
    let mut requests = "workload,resource,request,limit,unit,replicas,autoscaled\n".to_owned();
    let mut noises: Vec<Prng> = (0..WORKLOADS.len()).map(|index| Prng::member(64, index as u64)).collect();
    for hour in 0..DAYS * 24 {
        let time = START + i64::from(hour) * 3600;
        for (workload, prng) in WORKLOADS.iter().zip(&mut noises) {
            let noise = [prng.below(1000) as f64 / 1000.0, prng.below(1000) as f64 / 1000.0];
            let day = hour / 24;
            if day < workload.from {
                continue;
            }
            let (name, environment) = (workload.name, workload.environment);
            let (cpu, memory) = ((workload.cpu)(day, hour % 24, noise[0]), (workload.memory)(day, hour % 24, noise[1]));
            // Writing to a string cannot fail.
            let _ = writeln!(usage, "{time},{name},cpu,{cpu:.3},cores,{environment}");
            let _ = writeln!(usage, "{time},{name},memory,{memory:.0},MiB,{environment}");
        }
    }
    for workload in &WORKLOADS {
        let set = |size: f64| if size > 0.0 { size.to_string() } else { String::new() };
        for (at, (resource, unit)) in [("cpu", "cores"), ("memory", "MiB")].into_iter().enumerate() {
            if workload.request[at] > 0.0 {
                let (request, limit) = (set(workload.request[at]), set(workload.limit[at]));
                let (name, replicas, autoscaled) = (workload.name, workload.replicas, workload.autoscaled);
                let _ = writeln!(requests, "{name},{resource},{request},{limit},{unit},{replicas},{autoscaled}");
            }
        }
    }
    [("requests.csv", requests), ("usage.csv", usage)]
        .map(|(name, text)| SampleFile { name: name.to_owned(), bytes: text.into_bytes() })
        .into()
}
