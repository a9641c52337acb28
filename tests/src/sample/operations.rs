//! The sample's deployments and incidents: three services of the same invented company, 1 April to 10 June 2026.

use std::fmt::Write as _;

use headroom_core::calendar::Date;

use super::SampleFile;
use crate::prng::Prng;

const SEED: u64 = 0x0FF1_CE00;
/// The services, and how many deployments in a thousand fail.
const SERVICES: [(&str, u64); 3] = [("checkout", 150), ("payments", 40), ("search", 220)];

/// The tables of `datasets/operations`, in order of name.
pub fn operations() -> Vec<SampleFile> {
    let mut prng = Prng::new(SEED);
    let mut deployments = String::from("service,environment,start,end,commit_time,failed,rolled_back\n");
    let mut incidents = String::from("service,environment,start,end\n");
    let first: Option<Date> = Date::new(2026, 4, 1);
    for day in (0..71).filter_map(|days| first?.plus_days(days)) {
        // The first of April 2026 is a Wednesday; nobody deploys at weekends.
        if matches!((day.days_since_epoch() + 4).rem_euclid(7), 0 | 6) {
            continue;
        }
        for (service, failing) in SERVICES {
            for environment in ["staging", "production"] {
                let most = if environment == "staging" { 3 } else { 2 };
                for _ in 0..prng.between(0, most) {
                    let minute = prng.between(9 * 60, 16 * 60);
                    let took = prng.between(4, 14);
                    let waited = prng.between(30, if environment == "staging" { 1440 } else { 4320 });
                    let failed = prng.chance(failing);
                    let rolled_back = failed && prng.chance(600);
                    let (start, end) = (time(day, minute), time(day, minute + took));
                    let commit = time(day, minute - waited);
                    let _ =
                        writeln!(deployments, "{service},{environment},{start},{end},{commit},{failed},{rolled_back}");
                    if failed && environment == "production" {
                        let found = minute + took + prng.between(2, 30);
                        let lasted = prng.between(12, 110);
                        let _ = writeln!(
                            incidents,
                            "{service},production,{},{}",
                            time(day, found),
                            time(day, found + lasted)
                        );
                    }
                }
            }
        }
    }
    let file = |name: &str, text: String| SampleFile { name: name.to_owned(), bytes: text.into_bytes() };
    vec![file("deployments.csv", deployments), file("incidents.csv", incidents)]
}

/// A minute of a day, which may lie before its midnight or after the next.
fn time(day: Date, minute: i64) -> String {
    let days = minute.div_euclid(1440) as i32;
    let minute = minute.rem_euclid(1440);
    let day = day.plus_days(days).unwrap_or(day);
    format!("{day}T{:02}:{:02}:00Z", minute / 60, minute % 60)
}
