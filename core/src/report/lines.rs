//! Every charge as a line: where it stands, what it cost, and who was given it by which rule.
//!
//! Lines come in the order of the files and their rows, and are handed over as they are made, so memory stays bounded
//! however long the bills are. Charges that another file stands for are left out: the lines add up to the cube.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::cube::{ColumnTaken, settled, settling};
use super::document::Verdict;
use super::files::{Files, FilesError};
use super::question::{Dimensions, Request};
use super::run::{ReportError, question};
use super::traced::{Rewritten, rule_column};
use super::verdict::verdict;
use crate::allocation::Policy;
use crate::bill::Metric;
use crate::calendar::Month;
use crate::condition::Field;
use crate::ledger::{BillBytes, Cell, Charge, ChargeSupply, Dimension, Question, Visitor, at_once};

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFormat {
    /// Comma-separated, with a header.
    Csv,
    /// One JSON object a line.
    Json,
}

/// Why there are no lines.
#[derive(Debug)]
#[non_exhaustive]
pub enum LinesError<F> {
    /// As for a report.
    Report(ReportError<F>),
    /// A dimension of the user's own bears the name of a column.
    Column(ColumnTaken),
    /// The bills can be read only once: which of their charges count is not known before they are all read.
    ReadOnce,
}

impl<F, E: Into<ReportError<F>>> From<E> for LinesError<F> {
    fn from(error: E) -> Self {
        Self::Report(error.into())
    }
}

/// Columns before the dimensions.
const COLUMNS: [&str; 15] = [
    "file",
    "line",
    "date",
    "month",
    "provider_name",
    "billing_account_id",
    "sub_account_id",
    "service_name",
    "resource_id",
    "charge_category",
    "currency",
    "billed",
    "effective",
    "list",
    "contracted",
];

/// Fields of the bill that stand on a line, and are the same for all charges of a group.
pub(super) const FIELDS: [Field; 3] = [Field::SubAccountId, Field::ServiceName, Field::ChargeCategory];

/// Hands over every charge as a line, in pieces of whole lines; `write` says when to stop.
///
/// Columns: `file`, `line`, `date` (the UTC day the charge starts on), `month`, the bill's own fields, the metrics as
/// they count (empty or null where not stated), then each of the policy's dimensions and beside it `<dimension>_rule`,
/// the id of the rule that set it. Reads the bills twice: first to see which charges count.
///
/// # Errors
/// When the bills cannot be read or added up, can be read only once, or hold nothing of what is asked.
pub fn lines<B: BillBytes>(
    bills: &B,
    policy: &Arc<Policy>,
    request: &Request,
    format: LineFormat,
    write: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<Verdict, LinesError<B::Fault>> {
    at_once(lines_from(bills, policy, request, format, write))
}

/// The same from bills that may have to be waited for.
pub(crate) async fn lines_from<B: ChargeSupply>(
    bills: &B,
    policy: &Arc<Policy>,
    request: &Request,
    format: LineFormat,
    write: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<Verdict, LinesError<B::Fault>> {
    let names: Vec<String> = COLUMNS.iter().map(|name| (*name).to_owned()).chain(dimension_columns(policy)).collect();
    if let Some(taken) = ColumnTaken::first(names.iter().map(String::as_str)) {
        return Err(LinesError::Column(taken));
    }
    if !bills.can_reread() {
        return Err(LinesError::ReadOnce);
    }
    let dimensions = Dimensions::new(policy, request).map_err(ReportError::Dimension)?;
    let mut question = question(policy, &dimensions, request);
    let values = question.dimensions.len();
    ask(&mut question, policy);
    let (files, _) = settled(bills, &settling(policy, &dimensions, request), request).await?;
    let mut writer =
        Writer { files: &files, month: request.month, file: (0, ""), format, names, values, buffer: Vec::new(), write };
    writer.header();
    for (file, name) in bills.names().iter().enumerate().filter(|(file, _)| !files.skipped.contains(file)) {
        writer.file = (file, name);
        if bills.visit(file, &question, &mut writer).await.map_err(FilesError::Bill)?.is_break() {
            break;
        }
    }
    let names: Vec<&str> = bills.names().iter().map(String::as_str).collect();
    Ok(verdict(&names, &files.ledgers, &files.skipped, files.overlaps, files.warnings))
}

/// Each of the policy's dimensions, and beside it the rule that set it.
fn dimension_columns(policy: &Policy) -> impl Iterator<Item = String> {
    policy.dimensions().iter().flat_map(|name| [name.clone(), rule_column(name)])
}

/// Asks for the fields of a line, then for each dimension and its rule in turn.
pub(super) fn ask(question: &mut Question, policy: &Arc<Policy>) {
    let traced = Rewritten::with_rules(policy);
    question.dimensions.extend(FIELDS.map(Dimension::Field));
    for index in 0..policy.dimensions().len() {
        question.dimensions.extend([Dimension::Assigned(index), traced.rule_of(index)]);
    }
    question.classifier = Arc::new(traced);
}

/// What a charge counts for beside the other files; `None` when another file stands for it.
pub(super) fn counted(files: &Files, file: usize, charge: &Charge<'_>) -> Option<Cell> {
    let slot = (charge.key.source.clone(), charge.month);
    let role = files.roles.get(&(file, slot)).copied().unwrap_or_default();
    charge.resolved(files.ledgers[file].basis, role)
}

/// Writes lines into a buffer that is handed over between chunks.
struct Writer<'w> {
    files: &'w Files,
    month: Option<Month>,
    file: (usize, &'w str),
    format: LineFormat,
    names: Vec<String>,
    /// Position of the first of a line's fields in a group's values.
    values: usize,
    buffer: Vec<u8>,
    write: &'w mut dyn FnMut(&[u8]) -> ControlFlow<()>,
}

impl Writer<'_> {
    fn header(&mut self) {
        if self.format == LineFormat::Csv {
            let names = std::mem::take(&mut self.names);
            self.record(names.iter().map(|name| Some(name.as_str())));
            self.names = names;
        }
    }

    fn record<'v>(&mut self, cells: impl Iterator<Item = Option<&'v str>>) {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                self.buffer.push(b',');
            }
            csv_cell(&mut self.buffer, cell.unwrap_or_default());
        }
        self.buffer.push(b'\n');
    }

    fn object<'v>(&mut self, line: u64, cells: impl Iterator<Item = Option<&'v str>>) {
        let mut serializer = serde_json::Serializer::new(&mut self.buffer);
        let object = self.names.iter().zip(cells).enumerate().map(|(at, (name, cell))| match (at, cell) {
            (LINE, _) => (name, JsonCell::Line(line)),
            (_, Some(text)) => (name, JsonCell::Text(text)),
            (_, None) => (name, JsonCell::Absent),
        });
        // Text keys and text values always make JSON, and memory takes them.
        let _ = serde::Serializer::collect_map(&mut serializer, object);
        self.buffer.push(b'\n');
    }
}

/// Position of `line` among the columns.
const LINE: usize = 1;

#[derive(serde::Serialize)]
#[serde(untagged)]
enum JsonCell<'v> {
    Text(&'v str),
    Line(u64),
    Absent,
}

impl Visitor for Writer<'_> {
    fn charge(&mut self, charge: &Charge<'_>) {
        if self.month.is_some_and(|month| month != charge.month) {
            return;
        }
        let Some(cell) = counted(self.files, self.file.0, charge) else { return };
        let key = charge.key;
        let values = &key.values[self.values..];
        let own_text = |field| charge.schema.text(field, charge.record);
        let (provider, account) = (own_text(Field::ProviderName), own_text(Field::BillingAccountId));
        let resource = own_text(Field::ResourceId);
        let line = charge.line.to_string();
        let (date, month) = (charge.date.to_string(), charge.month.to_string());
        let amounts = Metric::ALL.map(|metric| cell.amount(metric).map(|amount| amount.to_string()));
        let [sub_account, service, category] = [0, 1, 2].map(|field| values[field].as_deref());
        let name = self.file.1;
        let own = [
            Some(name),
            Some(line.as_str()),
            Some(date.as_str()),
            Some(month.as_str()),
            provider.as_deref(),
            account.as_deref(),
            sub_account,
            service,
            resource.as_deref(),
            category,
            Some(key.currency.code()),
        ];
        let amounts = amounts.iter().map(Option::as_deref);
        let cells = own.into_iter().chain(amounts).chain(values[FIELDS.len()..].iter().map(Option::as_deref));
        match self.format {
            LineFormat::Csv => self.record(cells),
            LineFormat::Json => self.object(charge.line, cells),
        }
    }

    fn pause(&mut self) -> ControlFlow<()> {
        let outcome = (self.write)(&self.buffer);
        self.buffer.clear();
        outcome
    }
}

/// A cell in quotes where it must be.
fn csv_cell(buffer: &mut Vec<u8>, cell: &str) {
    if !cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        return buffer.extend_from_slice(cell.as_bytes());
    }
    buffer.push(b'"');
    for byte in cell.bytes() {
        if byte == b'"' {
            buffer.push(b'"');
        }
        buffer.push(byte);
    }
    buffer.push(b'"');
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
