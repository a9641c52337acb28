//! The sample's capacity: two services of the same invented company, 12 January to 10 June 2026, every three hours.

use std::fmt::Write as _;

use headroom_core::calendar::Date;

use super::SampleFile;
use crate::prng::Prng;

const SEED: u64 = 0xCA9A_C170;

/// Days of traffic, and of them the last with usage.
const DAYS: (i32, i32) = (150, 49);

/// Percent of the peak, every three hours from midnight.
const HOURS: [i64; 8] = [14, 9, 34, 80, 92, 90, 100, 52];

/// Percent of a usual day, from Monday.
const WEEK: [i64; 7] = [104, 106, 105, 103, 108, 92, 82];

/// A service: its name, requests a second at its peak on the first day, their growth in hundred-thousandths a day, what
/// each takes of a core and of a MiB in hundred-thousandths, and what is taken without any, in thousandths.
struct Service {
    name: &'static str,
    peak: i64,
    growth: i64,
    cpu: (i64, i64),
    memory: (i64, i64),
    /// Days from the first, and percent that came of a release then.
    releases: &'static [(i32, i64)],
}

const SERVICES: [Service; 2] = [
    Service {
        name: "checkout",
        peak: 520,
        growth: 170,
        cpu: (1150, 1500),
        memory: (180_000, 7_200_000),
        releases: &[(38, 9), (86, 6)],
    },
    Service { name: "search", peak: 190, growth: 60, cpu: (900, 800), memory: (2_100_000, 3_000_000), releases: &[] },
];

const CAPACITY: &str = "service,replicas,cpu_per_replica,mem_per_replica,zones,max_replicas,lead_time_days,response_target,price_per_replica_month,currency
checkout,9,2,4GiB,3,12,21,2,62.40,USD
search,4,1,3GiB,1,6,14,1.5,38.00,USD
";

const RELEASES: &str =
    "name,date,service,traffic_uplift_pct,cost_uplift_pct,confidence,date_slip_days,actual_uplift_pct
One-page checkout,2026-02-19,checkout,15,,medium,7,9
Gift cards,2026-04-08,checkout,10,,medium,14,6
Instalments,2026-07-14,checkout,20,3,medium,14,
";

const LOAD_TESTS: &str = "service,replicas,rps
search,1,108
search,2,208
search,4,388
search,6,540
search,8,668
";

/// The tables of `datasets/capacity`, in order of name.
pub fn capacity() -> Vec<SampleFile> {
    let mut prng = Prng::new(SEED);
    let mut traffic = String::from("timestamp,service,rps\n");
    let mut usage = String::from("timestamp,workload,resource,value,unit\n");
    let first = Date::new(2026, 1, 12);
    for service in SERVICES {
        // Noise that remembers, in thousandths.
        let mut noise = 0;
        for day in 0..DAYS.0 {
            let Some(date) = first.and_then(|first| first.plus_days(day)) else { continue };
            noise = noise * 60 / 100 + prng.between(-14, 14);
            let mut level = service.peak * (100_000 + service.growth * i64::from(day)) / 100 * (1000 + noise) / 1000;
            for (_, percent) in service.releases.iter().filter(|(from, _)| *from <= day) {
                level = level * (100 + percent) / 100;
            }
            for (at, share) in HOURS.iter().enumerate() {
                // In hundredths of a request.
                let rate = level * WEEK[(day % 7) as usize] / 100 * share / 100 * prng.between(985, 1015) / 10_000;
                let time = format!("{date}T{:02}:00:00Z", 3 * at);
                let _ = writeln!(traffic, "{time},{},{}.{:02}", service.name, rate / 100, rate % 100);
                if day < DAYS.0 - DAYS.1 {
                    continue;
                }
                let spread = prng.between(970, 1030);
                let millicores = (service.cpu.1 + rate * service.cpu.0 / 10_000) * spread / 1000;
                let mib =
                    (service.memory.1 / 1000 + rate * service.memory.0 / 10_000_000) * prng.between(985, 1015) / 1000;
                let _ = writeln!(usage, "{time},{},cpu,{millicores},m", service.name);
                let _ = writeln!(usage, "{time},{},memory,{mib},MiB", service.name);
            }
        }
    }
    let file = |name: &str, text: &str| SampleFile { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
    vec![
        file("capacity.csv", CAPACITY),
        file("load-tests.csv", LOAD_TESTS),
        file("releases.csv", RELEASES),
        file("traffic.csv", &traffic),
        file("usage.csv", &usage),
    ]
}
