//! The four DORA metrics from deployments and incidents.
//!
//! `deployments.csv`: service, environment, start, end, `commit_time`, failed, `rolled_back`. `incidents.csv`: service,
//! environment, start, end. Times as bills write them; failed and `rolled_back` are true or false. Of the last 30 days up to
//! and including the day of the assessment, by environment (`production`, `staging`) and over all:
//!
//! | metric | is |
//! | --- | --- |
//! | `deployment_frequency` | deployments that ended, failed ones too, divided by 30 days |
//! | `lead_time` | median time from commit to the end of the deployment, of those that neither failed nor were rolled back; of an even number the mean of the two in the middle |
//! | `change_failure_rate` | deployments that failed or were rolled back, of all that ended |
//! | `mttr` | mean time from start to end, of incidents that ended |
//! | `incident_mttr` | the same, of production |
//!
//! No deployment is a frequency of 0; a share or a mean of nothing is no figure. A deployment or incident without an end
//! has not ended. Of a service only its own rows count; of a team or organisation all do.

use std::collections::BTreeMap;

use super::assessment::{Fact, FactValue, Subject};
use super::library::Source;
use super::quantity::Quantity;
use crate::calendar::{Date, Instant};

/// Days that are looked at.
const WINDOW: i32 = 30;

/// Which table a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// Deployments.
    Deployments,
    /// Incidents.
    Incidents,
}

/// Why a table cannot be read: line and column where there are any.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LogFault {
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column's name.
    pub column: Option<String>,
    /// What is wrong.
    pub message: String,
}

/// The facts that tables of deployments or incidents measure.
///
/// # Errors
/// The first row that cannot be read, with the file's name.
pub fn facts_of_logs(
    kind: Log,
    files: &[Source<'_>],
    subject: &Subject,
    as_of: Date,
) -> Result<Vec<Fact>, (String, LogFault)> {
    let mut by_scope: BTreeMap<&'static str, Vec<Row>> = BTreeMap::new();
    let Some(first) = as_of.plus_days(1 - WINDOW) else { return Ok(Vec::new()) };
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = files.iter().map(|file| file.name).collect();
    for scope in ["all", "production", "staging"] {
        by_scope.insert(scope, Vec::new());
    }
    for file in files {
        for (environment, service, row) in rows(kind, file.text).map_err(|fault| (file.name.to_owned(), fault))? {
            let ended_in = row.ended.is_some_and(|end| (first..=as_of).contains(&end.date));
            if !ended_in || (subject.kind == "service" && service != subject.id) {
                continue;
            }
            for (scope, list) in &mut by_scope {
                if *scope == "all" || *scope == environment {
                    list.push(row);
                }
            }
        }
    }
    let mut facts = Vec::new();
    for (scope, rows) in &by_scope {
        let mut fact = |metric: &str, value: FactValue| {
            let from = format!("{}, {} of {WINDOW} days", names.join(", "), rows.len());
            let (metric, scope) = (metric.to_owned(), (*scope).to_owned());
            facts.push(Fact { metric, scope, value, observed: as_of, measured: true, from: Some(from) });
        };
        match kind {
            Log::Deployments => {
                let count = rows.len() as u64;
                if let Some(frequency) = Quantity::per_days(count, WINDOW as u64) {
                    fact("deployment_frequency", FactValue::Quantity(frequency));
                }
                let failed = rows.iter().filter(|row| row.failed).count() as u64;
                fact("change_failure_rate", FactValue::Share { n: failed, d: count });
                let mut lead: Vec<i64> =
                    rows.iter().filter(|row| !row.failed).filter_map(|row| row.seconds_since(row.committed)).collect();
                lead.sort_unstable();
                let middle = lead.get(lead.len().saturating_sub(1) / 2..=lead.len() / 2);
                if let Some(median) = middle.and_then(Quantity::mean_seconds) {
                    fact("lead_time", FactValue::Quantity(median));
                }
            }
            Log::Incidents => {
                let open: Vec<i64> = rows.iter().filter_map(|row| row.seconds_since(Some(row.started))).collect();
                if let Some(mean) = Quantity::mean_seconds(&open) {
                    fact("mttr", FactValue::Quantity(mean));
                    if *scope == "production" {
                        fact("incident_mttr", FactValue::Quantity(mean));
                    }
                }
            }
        }
    }
    Ok(facts)
}

/// One deployment or incident.
#[derive(Clone, Copy, Debug)]
struct Row {
    started: Instant,
    ended: Option<Instant>,
    committed: Option<Instant>,
    failed: bool,
}

impl Row {
    fn seconds_since(&self, start: Option<Instant>) -> Option<i64> {
        Some(self.ended?.seconds_since_epoch() - start?.seconds_since_epoch())
    }
}

/// Environment, service and row of each line.
fn rows(kind: Log, text: &str) -> Result<Vec<(String, String, Row)>, LogFault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let whole = |message: String| LogFault { line: None, column: None, message };
    let header = reader.headers().map_err(|error| whole(error.to_string()))?.clone();
    let place = |name: &str| header.iter().position(|column| column.trim() == name);
    let need = |name: &str| {
        place(name).ok_or_else(|| {
            whole(format!(
                "there is no column `{name}`; the header is `{}`",
                header.iter().collect::<Vec<_>>().join(",")
            ))
        })
    };
    let (service, environment, start, end) = (need("service")?, need("environment")?, need("start")?, need("end")?);
    let deployment = match kind {
        Log::Deployments => Some((need("commit_time")?, need("failed")?, need("rolled_back")?)),
        Log::Incidents => None,
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| whole(error.to_string()))?;
        let line = record.position().map(csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        let fault = |at: usize, message: String| LogFault { line, column: header.get(at).map(str::to_owned), message };
        let time = |at: usize| match cell(at) {
            "" => Ok(None),
            text => Instant::parse(text.as_bytes()).map(Some).map_err(|error| fault(at, format!("`{text}`: {error}"))),
        };
        let truth = |at: usize| match cell(at).to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(true),
            "false" | "no" | "0" | "" => Ok(false),
            other => Err(fault(at, format!("`{other}` is neither true nor false"))),
        };
        let started = time(start)?.ok_or_else(|| fault(start, "it has no start".to_owned()))?;
        let (committed, failed) = match deployment {
            Some((commit, failed, rolled_back)) => (time(commit)?, truth(failed)? | truth(rolled_back)?),
            None => (None, false),
        };
        let row = Row { started, ended: time(end)?, committed, failed };
        for (at, earlier) in [(start, Some(started)), (deployment.map_or(start, |columns| columns.0), committed)] {
            let backwards = |earlier: Instant| {
                row.ended.is_some_and(|end| end.seconds_since_epoch() < earlier.seconds_since_epoch())
            };
            if earlier.is_some_and(backwards) {
                return Err(fault(at, "it lies after the end".to_owned()));
            }
        }
        rows.push((cell(environment).to_owned(), cell(service).to_owned(), row));
    }
    Ok(rows)
}
