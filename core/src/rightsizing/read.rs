//! Reading usage tables by pushing their bytes.

use super::columns::{Columns, NoUsage, ros_factor};
use super::number::{number, seconds};
use super::prometheus;
use super::requests::in_effect;
use super::resource::Resource;
use super::usage::{LONGEST, Stated, Usage};
use crate::bill::scan::{AT_ONCE, Batch, RowFault, RowScanner, RowSink, RowStream};
use crate::bill::{BillFault, HeaderSearch, Record};
use crate::order::Order as _;

/// Refused rows that are listed; all are counted.
const LISTED: usize = 100;

/// Why a file cannot be read as usage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UsageFault {
    /// It is no CSV, or cut off.
    #[error(transparent)]
    File(#[from] BillFault),
    /// Its header is of no usage table.
    #[error(transparent)]
    Columns(#[from] NoUsage),
    /// It is JSON, but no answer of a range query.
    #[error("{0}")]
    Json(String),
    /// It is what Prometheus says of a query that failed.
    #[error("the query failed: {0}")]
    Query(String),
    /// It is a metric that grows for ever.
    #[error("`{0}` is a counter, which only grows: it is not what is used")]
    Counter(String),
    /// It is a metric of what is requested or allowed.
    #[error("`{0}` is what is requested or allowed, not what is used")]
    NoUse(String),
    /// Its first and last rows lie too far apart.
    #[error("the samples span {0} days")]
    TooLong(i64),
    /// No row could be used.
    #[error("{reason}; {}", none_readable(*rows))]
    AllRefused {
        /// How many there are.
        rows: u64,
        /// The first.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
}

impl UsageFault {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::File(BillFault::Empty) => {
                "nothing came: give usage, a table with the header `timestamp,workload,resource,value,unit` or what \
                 Prometheus answers to `query_range`"
                    .to_owned()
            }
            Self::File(fault) => fault.hint().unwrap_or_default(),
            Self::Columns(fault) => fault.hint().to_owned(),
            Self::Json(_) => {
                "save the answer of `/api/v1/query_range`, a matrix with a label `resource` that is `cpu` or `memory`: \
                 `label_replace(…, \"resource\", \"cpu\", \"\", \"\")` adds one"
                    .to_owned()
            }
            Self::Query(_) => "correct the query or ask for a shorter time, and save its answer again".to_owned(),
            Self::Counter(name) => format!("ask for its growth, `rate({name}[5m])`, and save the answer again"),
            Self::NoUse(_) => {
                "ask for `rate(container_cpu_usage_seconds_total[5m])` or `container_memory_working_set_bytes`; requests \
                 and limits are given in a table of requests"
                    .to_owned()
            }
            Self::TooLong(_) => format!("look for a wrong date, or give at most {LONGEST} days"),
            Self::AllRefused { .. } => "look at that line: other rows may share its fault".to_owned(),
        }
    }
}

fn none_readable(rows: u64) -> String {
    if rows == 1 { "it is the only row".to_owned() } else { format!("none of the {rows} rows can be read") }
}

/// A row that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// What a file held.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// What was used.
    pub usage: Usage,
    /// Rows there are; samples, of JSON.
    pub rows: u64,
    /// Rows that were refused.
    pub refused: u64,
    /// Rows of resources that have no request, such as disks.
    pub other_resources: u64,
    /// The first of those refused.
    pub refusals: Vec<Refusal>,
}

/// Reads a usage table in chunks of any size: [`push`](Self::push) each, then [`finish`](Self::finish).
///
/// CSV in either form (wide or long), or the JSON answer of a Prometheus range query, which is kept whole until the end.
#[derive(Debug, Default)]
pub struct UsageReader {
    stream: RowStream,
    header: HeaderSearch,
    open: Option<Open>,
    json: Option<bool>,
    numbers_rows: bool,
}

#[derive(Debug)]
struct Open {
    scanner: RowScanner,
    rows: Rows,
}

impl UsageReader {
    /// A reader that has read nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same for a table that is no text: a refused row is named by its number, and not by its line.
    #[must_use]
    pub fn numbering_rows(mut self) -> Self {
        self.numbers_rows = true;
        self
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// When they show that the file is no table of usage.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), UsageFault> {
        bytes.chunks(AT_ONCE).try_for_each(|part| self.push_part(part))
    }

    fn push_part(&mut self, bytes: &[u8]) -> Result<(), UsageFault> {
        let Some(open) = &mut self.open else { return self.open(bytes, false) };
        self.stream.push(bytes, &mut |block| open.take(block));
        open.check(&self.stream)
    }

    /// The end of the file: what it held.
    ///
    /// # Errors
    /// When the file is no table of usage, is cut off, or none of its rows can be read.
    pub fn finish(mut self) -> Result<Read, UsageFault> {
        let read = if self.json == Some(true) {
            prometheus::read(&self.stream.finish())?
        } else {
            if self.open.is_none() {
                self.open(&[], true)?;
            }
            let Some(mut open) = self.open else { return Err(BillFault::Empty.into()) };
            open.scanner.scan(&self.stream.finish(), &mut open.rows);
            if let Some(line) = open.rows.open_quote {
                return Err(BillFault::OpenQuote { line }.into());
            }
            let mut read = open.rows.read;
            // Rows that cannot be cut into fields are handed on before others of their batch.
            read.refusals.order_by_key(|refusal| refusal.line);
            read
        };
        if read.usage.days() > LONGEST {
            return Err(UsageFault::TooLong(read.usage.days()));
        }
        match read.refusals.first() {
            Some(first) if read.refused == read.rows => {
                Err(UsageFault::AllRefused { rows: read.rows, line: first.line, reason: first.reason.clone() })
            }
            _ => Ok(read),
        }
    }

    /// Looks for the header, and reads what follows it; what is JSON waits for its end.
    fn open(&mut self, bytes: &[u8], complete: bool) -> Result<(), UsageFault> {
        let (start, is_enough) = self.stream.gather(bytes);
        if self.json.is_none() {
            self.json = start.iter().find(|byte| !byte.is_ascii_whitespace()).map(|byte| *byte == b'{');
        }
        if !complete && (!is_enough || self.json != Some(false)) {
            return Ok(());
        }
        let Some(header) = self.header.read(start, complete)? else { return Ok(()) };
        let columns = Columns::of(&header.columns)?;
        let scanner = RowScanner::new(header.columns.len());
        let (scanner, lines) = if self.numbers_rows { (scanner.numbering_rows(), 0) } else { (scanner, header.lines) };
        let open = self.open.insert(Open { scanner, rows: Rows::new(columns, lines) });
        self.stream.skip(header.bytes);
        self.stream.hand_on(&mut |block| open.take(block));
        open.check(&self.stream)
    }
}

impl Open {
    fn take(&mut self, block: &[u8]) -> usize {
        let scanned = self.scanner.scan_whole_rows(block, &mut self.rows);
        self.rows.lines += scanned.lines;
        scanned.bytes
    }

    /// Whether rows are as short as they must be.
    fn check(&self, stream: &RowStream) -> Result<(), UsageFault> {
        if stream.is_row_too_long() {
            return Err(BillFault::RowTooLong { line: self.rows.lines + 1 }.into());
        }
        Ok(())
    }
}

/// Takes the rows of blocks.
#[derive(Debug)]
struct Rows {
    columns: Columns,
    read: Read,
    /// Lines before the block.
    lines: u64,
    open_quote: Option<u64>,
    /// The last time and workload: neighbouring rows mostly share one of them.
    time: (Vec<u8>, i64),
    workload: (Vec<u8>, usize),
}

/// What is wrong with a row.
type Reason = String;

impl Rows {
    fn new(columns: Columns, lines: u64) -> Self {
        Self {
            columns,
            read: Read::default(),
            lines,
            open_quote: None,
            time: (Vec::new(), 0),
            workload: (Vec::new(), 0),
        }
    }

    fn refuse(&mut self, line: u64, reason: Reason) {
        self.read.refused += 1;
        if self.read.refusals.len() < LISTED {
            self.read.refusals.push(Refusal { line, reason });
        }
    }

    fn seconds(&mut self, record: &Record<'_>, column: usize) -> Result<i64, Reason> {
        let text = record.trimmed(column);
        if self.time.0 != text {
            let Some(at) = seconds(text) else { return Err(not_a("time", text)) };
            self.time.0.clear();
            self.time.0.extend_from_slice(text);
            self.time.1 = at;
        }
        Ok(self.time.1)
    }

    fn workload(&mut self, raw: &[u8], name: impl FnOnce() -> Result<String, Reason>) -> Result<usize, Reason> {
        if self.workload.0 != raw || raw.is_empty() {
            let at = self.read.usage.workload(&name()?);
            self.workload.0.clear();
            self.workload.0.extend_from_slice(raw);
            self.workload.1 = at;
        }
        Ok(self.workload.1)
    }

    fn row(&mut self, record: &Record<'_>) -> Result<(), Reason> {
        match self.columns.clone() {
            Columns::Long { time, workload, resource, value, unit, replicas, environment } => {
                let named = record.trimmed(resource);
                let Some(resource) = Resource::named(named) else {
                    if named.is_empty() {
                        return Err("no resource is named".to_owned());
                    }
                    self.read.other_resources += 1;
                    return Ok(());
                };
                let seconds = self.seconds(record, time)?;
                let unit = unit.map_or(&b""[..], |unit| record.trimmed(unit));
                let Some(factor) = resource.factor_stated(unit) else {
                    let unit = (!unit.is_empty()).then(|| lossy(unit));
                    let reason = resource.no_unit(unit.as_deref());
                    return Err(if unit.is_some() { reason } else { format!("{reason}: write {}", resource.units()) });
                };
                let used = amount(record.trimmed(value))? * factor;
                let replicas = replicas.map(|column| record.trimmed(column)).filter(|text| !text.is_empty());
                let replicas = replicas.map(count).transpose()?;
                let at = self.workload(record.raw(workload), || name(record, workload))?;
                self.read.usage.note(at, resource, seconds, used);
                if let Some(replicas) = replicas {
                    self.read.usage.note_replicas(at, replicas);
                }
                if let Some(environment) = environment.and_then(|column| record.text(column)) {
                    self.read.usage.note_environment(at, &environment);
                }
                Ok(())
            }
            Columns::Ros { time, name: names, owner, pod, figures } => {
                let seconds = self.seconds(record, time)?;
                let raw = record.raw_run(names.into_iter().min().unwrap_or(0), names.into_iter().max().unwrap_or(0));
                let at = self.workload(raw, || ros_name(record, names, owner))?;
                let pod = pod.map(|column| record.trimmed(column)).filter(|pod| !pod.is_empty());
                let pod = pod.map(|pod| self.read.usage.pod(pod));
                for (resource, columns) in Resource::ALL.into_iter().zip(figures) {
                    let figure = |column: Option<usize>| match column.map(|column| record.trimmed(column)) {
                        None | Some(b"") => Ok(None),
                        Some(text) => amount(text).map(|figure| Some(figure * ros_factor(resource))),
                    };
                    let [used, request, limit] = columns.map(figure);
                    if let Some(used) = used? {
                        self.read.usage.note(at, resource, seconds, used);
                        if let Some(pod) = pod {
                            self.read.usage.note_pod(at, resource, seconds, pod);
                        }
                    }
                    // The export writes 0 where nothing is set.
                    let set = |figure: Option<f64>| figure.filter(|figure| *figure > 0.0);
                    let limit = set(limit?);
                    let stated = Stated { request: in_effect(set(request?), limit), limit };
                    if stated.request.is_some() || stated.limit.is_some() {
                        self.read.usage.note_stated(at, resource, seconds, stated);
                    }
                }
                Ok(())
            }
        }
    }
}

impl RowSink for Rows {
    fn rows(&mut self, batch: &Batch<'_>) {
        for index in 0..batch.len() {
            self.read.rows += 1;
            if let Err(reason) = self.row(&batch.record(index)) {
                self.refuse(self.lines + batch.line(index) + 1, reason);
            }
        }
    }

    fn fault(&mut self, fault: RowFault, line: u64) {
        self.read.rows += 1;
        let line = self.lines + line + 1;
        let reason = match fault {
            RowFault::FieldCount { found } => format!("it has {found} fields, unlike the header"),
            RowFault::StrayQuote { .. } => "a quote stands inside a field".to_owned(),
            RowFault::NulByte => "it holds a NUL byte".to_owned(),
            RowFault::OpenQuote => {
                self.open_quote = Some(line);
                "a quote is never closed".to_owned()
            }
        };
        self.refuse(line, reason);
    }
}

/// A figure that is not negative.
pub(super) fn amount(text: &[u8]) -> Result<f64, Reason> {
    match number(text) {
        Some(figure) if figure >= 0.0 => Ok(figure),
        Some(_) => Err(format!("`{}` is negative", lossy(text))),
        None => Err(not_a("number", text)),
    }
}

/// A count of replicas, whole as in tables of requests: of part of one nobody can say what it costs.
fn count(text: &[u8]) -> Result<u32, Reason> {
    match number(text).filter(|count| (0.0..=1e9).contains(count)) {
        Some(count) if count.fract() == 0.0 => Ok(count as u32),
        Some(_) => Err(format!("`{}` is no whole count of replicas: round it, or leave it empty", lossy(text))),
        None => Err(not_a("count of replicas", text)),
    }
}

fn not_a(what: &str, text: &[u8]) -> Reason {
    if text.is_empty() { format!("the {what} is missing") } else { format!("`{}` is no {what}", lossy(text)) }
}

fn lossy(text: &[u8]) -> String {
    crate::report::text::visible(&String::from_utf8_lossy(text.get(..60).unwrap_or(text)))
}

fn name(record: &Record<'_>, column: usize) -> Result<String, Reason> {
    match record.text(column) {
        Some(name) => Ok(name.into_owned()),
        None => Err("no workload is named".to_owned()),
    }
}

/// `namespace/kind/name/container`.
fn ros_name(record: &Record<'_>, names: [usize; 4], owner: Option<usize>) -> Result<String, Reason> {
    let parts = names.map(|column| record.text(column).filter(|part| part != "<none>"));
    let [namespace, kind, workload, container] = parts;
    let workload = workload.or_else(|| owner.and_then(|column| record.text(column)));
    match (namespace, workload, container) {
        (Some(namespace), Some(workload), Some(container)) => {
            Ok(format!("{namespace}/{}/{workload}/{container}", kind.as_deref().unwrap_or("deployment")))
        }
        _ => Err("namespace, workload and container are not all named".to_owned()),
    }
}
