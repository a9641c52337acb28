//! Tables of traffic and of what it takes, as cases state them: a rule for each service instead of its rows.

use std::fmt::Write as _;

use headroom_core::calendar::Date;
use serde_json::Value;

use crate::Outcome;

/// A rule of traffic: `first` (a day), `days`, the requests a second of each three `hours` (eight, over and over), and by
/// how many percent of the first day's each day has `more`.
struct Rule<'v>(&'v Value);

impl Rule<'_> {
    /// Times and requests a second.
    fn rows(&self) -> Outcome<Vec<(String, f64)>> {
        let first: Date = self.0["first"].as_str().unwrap_or("2026-04-16").parse().map_err(|_| "`first` is a day")?;
        let hours: Vec<f64> = self.0["hours"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        let more = self.0["more"].as_f64().unwrap_or_default();
        let mut rows = Vec::new();
        for day in 0..self.0["days"].as_i64().unwrap_or(56) {
            let date = first.plus_days(day as i32).ok_or("days end with the calendar")?;
            for slot in 0..8 {
                let level = hours.get(slot % hours.len().max(1)).ok_or("a rule needs `hours`")?;
                rows.push((format!("{date}T{:02}:00:00Z", 3 * slot), level * (1.0 + more * day as f64 / 100.0)));
            }
        }
        Ok(rows)
    }

    fn text(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap_or_default()
    }
}

/// `traffic.csv` of these rules, each of a `service`.
///
/// # Errors
/// When a rule lacks something.
pub fn traffic(rules: &[Value]) -> Outcome<String> {
    let mut out = "timestamp,service,rps\n".to_owned();
    for rule in rules.iter().map(Rule) {
        for (time, rate) in rule.rows()? {
            writeln!(out, "{time},{},{rate:.3}", rule.text("service"))?;
        }
    }
    Ok(out)
}

/// `usage.csv` of these rules, each of a `service`, a `resource` and its `unit`: what is `fixed`, and what `each` request a
/// second takes; `minutes` says by how many it was measured later than the traffic.
///
/// # Errors
/// When a rule lacks something.
pub fn usage(rules: &[Value]) -> Outcome<String> {
    let mut out = "timestamp,workload,resource,value,unit\n".to_owned();
    for rule in rules.iter().map(Rule) {
        let figure = |key: &str| rule.0[key].as_f64().unwrap_or_default();
        let minutes = rule.0["minutes"].as_i64().unwrap_or_default();
        for (time, rate) in rule.rows()? {
            let time = time.replace(":00:00Z", &format!(":{minutes:02}:00Z"));
            let used = figure("fixed") + figure("each") * rate;
            let (service, resource, unit) = (rule.text("service"), rule.text("resource"), rule.text("unit"));
            writeln!(out, "{time},{service},{resource},{used:.5},{unit}")?;
        }
    }
    Ok(out)
}
