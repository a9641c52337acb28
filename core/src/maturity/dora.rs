//! The four DORA metrics from deployments and incidents.
//!
//! `deployments.csv`: service, environment, start, end, `commit_time`, failed, `rolled_back`. `incidents.csv`: service,
//! environment, start, end. Times are ISO 8601; failed and `rolled_back` are true or false. Of the 30 days up to the day of
//! the assessment, that day included, by environment (`production`, `staging`) and over all: a window that rolls with the
//! calendar and not with the table, so that a team that stopped deploying is seen to have stopped. Days after a table's
//! last row count as days on which nothing happened, unless an incident is open, and a warning says since when; the figures
//! age from that last row. A
//! subject or environment without a row in the tables has no figure, nor have tables that end before the window begins.
//!
//! | metric | is |
//! | --- | --- |
//! | `deployment_frequency` | deployments that ended, failed ones too, divided by 30 days |
//! | `lead_time` | median time from commit to the end of the deployment, of those that neither failed nor were rolled back; of an even number the mean of the two in the middle |
//! | `change_failure_rate` | deployments that failed or were rolled back, of all that ended |
//! | `mttr` | mean time from start to end, of incidents that ended; how many are open, and since when, a warning says |
//! | `incident_mttr` | the same, of production |
//!
//! No deployment in the 30 days, of a subject that has any, is a frequency of 0; a share or a mean of nothing is no figure.
//! A row that is there twice is refused. A deployment or incident without an end
//! has not ended. Of a service only its own rows count; of a team or organisation all do.

use super::assessment::{Fact, FactValue, Subject};
use super::quantity::Quantity;
use crate::calendar::{Date, Instant};
use crate::condition::document::Source;
use crate::order::{BTreeMap, Order as _};
use crate::report::figures::{self, counted};

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
    /// What to do about it.
    pub hint: Option<&'static str>,
}

/// What tables measure, and what they cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logged {
    /// The figures.
    pub facts: Vec<Fact>,
    /// Why figures are missing, or what they count in.
    pub warnings: Vec<String>,
    /// Scopes without a row, in which nothing is measured.
    pub absent: Vec<&'static str>,
}

const DEPLOYMENTS: &str = "write the header `service,environment,start,end,commit_time,failed,rolled_back`";
const INCIDENTS: &str = "write the header `service,environment,start,end`";
const FROM_DEPLOYMENTS: &str = "give deployments with `--deployments`";
const ISO: &str = "write times as `2026-05-31T14:30:00Z`";

impl Log {
    /// The metrics that a table of this kind measures.
    pub const fn metrics(self) -> &'static [&'static str] {
        match self {
            Self::Deployments => &["deployment_frequency", "change_failure_rate", "lead_time"],
            Self::Incidents => &["mttr", "incident_mttr"],
        }
    }
}

/// The facts that tables of deployments or incidents measure.
///
/// # Errors
/// The first row that cannot be read, or that is there already, with the file's name.
pub fn facts_of_logs(
    kind: Log,
    files: &[Source<'_>],
    subject: &Subject,
    as_of: Date,
) -> Result<Logged, (String, LogFault)> {
    let mut logged = Logged::default();
    if files.is_empty() {
        return Ok(logged);
    }
    let names: Vec<&str> = files.iter().map(|file| file.name).collect();
    let names = names.join(", ");
    let mut seen = BTreeMap::new();
    let mut all = Vec::new();
    for file in files {
        let rows = rows(kind, *file, &mut seen).map_err(|fault| (file.name.to_owned(), fault))?;
        all.extend(rows);
    }
    let own = |service: &str| subject.kind != "service" || service == subject.id;
    let since = |row: &Row| (kind == Log::Incidents && row.is_open(as_of)).then_some(row.started.date);
    let open: Vec<Date> =
        all.iter().filter(|(_, service, _)| own(service)).filter_map(|(.., row)| since(row)).collect();
    logged.warnings.extend(told_of_open(&open, &names, as_of));
    let reach = all.iter().map(|(.., row)| row.last_day()).max().map(|last| last.min(as_of));
    let begin = as_of.plus_days(1 - WINDOW);
    let Some((last, begin)) = reach.zip(begin).filter(|(last, begin)| last >= begin) else {
        let ends = reach.map_or_else(|| "has no rows".to_owned(), |last| format!("ends on {last}"));
        logged.warnings.push(format!("{names} {ends}, so it measures nothing of the {WINDOW} days to {as_of}"));
        return Ok(logged);
    };
    let what = match kind {
        Log::Deployments => "deployment",
        Log::Incidents => "incident",
    };
    if last < as_of {
        logged.warnings.push(match kind {
            Log::Deployments => {
                format!("{names} ends on {last}: the days from then to {as_of} count as days without a deployment")
            }
            Log::Incidents if open.is_empty() => {
                format!("{names} ends on {last}: the days from then to {as_of} count as days without an incident")
            }
            Log::Incidents => format!("{names} ends on {last}: whether another incident came by {as_of} is not known"),
        });
    }
    all.retain(|(_, service, _)| own(service));
    if all.is_empty() {
        logged.warnings.push(format!("{names} has no row of {}, so it measures nothing", subject.id));
        return Ok(logged);
    }
    let mut by_scope: BTreeMap<&'static str, (Vec<Row>, u64)> = BTreeMap::new();
    for scope in ["all", "production", "staging"] {
        let of_scope = all.iter().filter(|(environment, ..)| scope == "all" || scope == environment);
        let of_scope: Vec<Row> = of_scope.map(|(.., row)| *row).collect();
        if of_scope.is_empty() {
            logged.absent.push(scope);
            continue;
        }
        let ended_in = |row: &Row| row.ended.is_some_and(|end| (begin..=as_of).contains(&end.date));
        let open = of_scope.iter().filter_map(since).count() as u64;
        by_scope.insert(scope, (of_scope.into_iter().filter(ended_in).collect(), open));
    }
    let facts = &mut logged.facts;
    for (scope, (rows, open)) in &by_scope {
        let mut fact = |metric: &str, value: FactValue| {
            let beside =
                if *open > 0 { format!(", {} open beside them", figures::count(*open)) } else { String::new() };
            let from = format!(
                "{names}, {} in the {WINDOW} days to {as_of}{beside}",
                counted(rows.len() as u64, what, &format!("{what}s"))
            );
            let (metric, scope) = (metric.to_owned(), (*scope).to_owned());
            facts.push(Fact { metric, scope, value, observed: last, measured: true, from: Some(from) });
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
                lead.order();
                let middle = lead.get(lead.len().saturating_sub(1) / 2..=lead.len() / 2);
                if let Some(median) = middle.and_then(Quantity::mean_seconds) {
                    fact("lead_time", FactValue::Quantity(median));
                }
            }
            Log::Incidents => {
                let times: Vec<i64> = rows.iter().filter_map(|row| row.seconds_since(Some(row.started))).collect();
                if let Some(mean) = Quantity::mean_seconds(&times) {
                    fact("mttr", FactValue::Quantity(mean));
                    if *scope == "production" {
                        fact("incident_mttr", FactValue::Quantity(mean));
                    }
                }
            }
        }
    }
    Ok(logged)
}

/// How many incidents are open on the day, which began on these days; nothing where none is.
fn told_of_open(open: &[Date], names: &str, as_of: Date) -> Option<String> {
    let first = open.iter().min()?;
    let incidents = counted(open.len() as u64, "incident open", "incidents open");
    let earliest = if open.len() > 1 { " at the earliest" } else { "" };
    Some(format!(
        "{names} has {incidents} on {as_of}, since {first}{earliest}: the time to restore is of those that ended"
    ))
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
    /// The last day it tells of.
    fn last_day(&self) -> Date {
        self.ended.map_or(self.started.date, |end| end.date.max(self.started.date))
    }

    /// Whether it goes on at the end of a day.
    fn is_open(&self, as_of: Date) -> bool {
        self.started.date <= as_of && self.ended.is_none_or(|end| end.date > as_of)
    }

    fn seconds_since(&self, start: Option<Instant>) -> Option<i64> {
        Some(self.ended?.seconds_since_epoch() - start?.seconds_since_epoch())
    }
}

/// Where each row was first seen, by its cells.
type Seen = BTreeMap<Vec<String>, String>;

/// Environment, service and row of each line.
fn rows(kind: Log, file: Source<'_>, seen: &mut Seen) -> Result<Vec<(String, String, Row)>, LogFault> {
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(file.text);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let layout = match kind {
        Log::Deployments => DEPLOYMENTS,
        Log::Incidents => INCIDENTS,
    };
    let whole = |message: String, hint| LogFault { line: None, column: None, message, hint: Some(hint) };
    let header = reader.headers().map_err(|error| of_csv(&error, layout))?.clone();
    let place = |name: &str| header.iter().position(|column| column.trim() == name);
    let need = |name: &str| {
        place(name).ok_or_else(|| {
            let header = header.iter().collect::<Vec<_>>().join(",");
            whole(format!("there is no column `{name}`; the header is `{header}`"), layout)
        })
    };
    if kind == Log::Incidents
        && let Some(name) = ["commit_time", "failed", "rolled_back"].into_iter().find(|name| place(name).is_some())
    {
        return Err(whole(
            format!("it has a column `{name}`, so it lists deployments, not incidents"),
            FROM_DEPLOYMENTS,
        ));
    }
    let (service, environment, start, end) = (need("service")?, need("environment")?, need("start")?, need("end")?);
    let deployment = match kind {
        Log::Deployments => Some((need("commit_time")?, need("failed")?, need("rolled_back")?)),
        Log::Incidents => None,
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| of_csv(&error, layout))?;
        let line = record.position().map(csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        let fault = |at: usize, message: String| {
            let column = header.get(at).map(str::to_owned);
            LogFault { line, column, message, hint: None }
        };
        let time = |at: usize| match cell(at) {
            "" => Ok(None),
            // Of `01/06/2026` nobody can say which part is the month.
            text if !is_iso(text) => {
                Err(LogFault { hint: Some(ISO), ..fault(at, format!("`{text}`: not a date of ISO 8601")) })
            }
            text => Instant::parse(text.as_bytes())
                .map(Some)
                .map_err(|error| LogFault { hint: Some(ISO), ..fault(at, format!("`{text}`: {error}")) }),
        };
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        let here = format!("{}:{}", file.name, line.unwrap_or_default());
        if let Some(first) = seen.insert(cells, here) {
            let message = format!("the row is there already, at {first}");
            let hint = Some("give each table once, and tell rows that are alike apart by a column of their ids");
            return Err(LogFault { line, column: None, message, hint });
        }
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

/// Whether a text begins with a date as ISO 8601 writes it.
fn is_iso(text: &str) -> bool {
    let form = |(at, byte): (usize, &u8)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() };
    text.len() >= 10 && text.as_bytes().iter().take(10).enumerate().all(form)
}

fn of_csv(error: &csv::Error, hint: &'static str) -> LogFault {
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {}, and the header {expected_len}", counted(*len, "cell", "cells"))
        }
        _ => "the row cannot be read as CSV".to_owned(),
    };
    LogFault { line: error.position().map(csv::Position::line), column: None, message, hint: Some(hint) }
}
