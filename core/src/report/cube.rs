//! The cube: what every group of charges cost in every month, in all four metrics, and by which rules.

use std::fmt::{Display, Write as _};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::build::{conserved, merged};
use super::document::{Conservation, MetricMap, Verdict, Warning};
use super::files::{Files, FilesError};
use super::question::{Dimensions, Request};
use super::run::{ReportError, question};
use super::traced::Rewritten;
use super::verdict::verdict;
use crate::allocation::Policy;
use crate::bill::Metric;
use crate::calendar::Month;
use crate::change::NoSuchMonth;
use crate::ledger::{Bills, Cell, Dimension, FileLedger, Overflow, Question, Sums, Supply, View, add_up, at_once};
use crate::money::{Amount, Currency};
use crate::order::{BTreeMap, BTreeSet, Order as _};

/// Cost by month and group.
#[derive(Clone, Debug, Serialize)]
pub struct Cube {
    /// `headroom/cube/1`.
    pub schema: &'static str,
    /// Which month charges count for.
    pub view: View,
    /// The allocation policy: file names, or `built-in`.
    pub policy: String,
    /// The owner whose charges alone are here, by dimension; empty for everybody's.
    pub owner: BTreeMap<String, String>,
    /// What the files are and whether they can be trusted.
    pub verdict: Verdict,
    /// The dimensions that make a group.
    pub dimensions: Vec<String>,
    /// Input against what was allocated, by month and currency.
    pub totals: Vec<CubeTotal>,
    /// By month, key (null last) and currency. Groups without charges are not there.
    pub rows: Vec<CubeRow>,
}

/// The control totals of a month in one currency, summed apart from any rule.
#[derive(Clone, Debug, Serialize)]
pub struct CubeTotal {
    /// The month.
    pub month: Month,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Charges.
    pub rows: u64,
    /// Input = allocated + unallocated.
    pub conservation: MetricMap<Conservation>,
}

/// The values of a group's dimensions; the names are shared by all rows, the values by the months of the group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CubeKey {
    names: Arc<[String]>,
    /// In the order of [`Cube::dimensions`]; `None` is unallocated.
    pub values: Arc<[Option<Arc<str>>]>,
}

impl Serialize for CubeKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.names.iter().zip(self.values.iter().map(Option::as_deref)))
    }
}

/// One group in one month.
#[derive(Clone, Debug, Serialize)]
pub struct CubeRow {
    /// The month.
    pub month: Month,
    /// Value of each dimension; `None` is unallocated.
    pub key: CubeKey,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Sums of the charges that state each metric; `None` where none does.
    #[serde(flatten)]
    pub amounts: MetricMap<Option<Amount>>,
    /// Charges.
    pub rows: u64,
    /// How many of them do not state each metric.
    pub missing_rows: MetricMap<u64>,
    /// Ids of the rules that set dimensions of the group's charges, in this month or another, in the policy's order; among
    /// them charges whose rows were then refused for a date or a cost.
    pub rules: Arc<[Arc<str>]>,
}

/// The cube of some bills: every month, or the one asked for.
///
/// Reads the bills once. Only files that hold the same month of the same source are read again, to see whether they
/// hold the same rows.
///
/// # Errors
/// When the bills cannot be read or added up, or hold nothing of what is asked.
pub fn cube<B: Bills>(bills: &B, policy: &Arc<Policy>, request: &Request) -> Result<Cube, ReportError<B::Fault>> {
    at_once(cube_from(bills, policy, request))
}

/// The same of bills that may have to be waited for.
pub(crate) async fn cube_from<B: Supply>(
    bills: &B,
    policy: &Arc<Policy>,
    request: &Request,
) -> Result<Cube, ReportError<B::Fault>> {
    let dimensions = Dimensions::new(policy, request).map_err(ReportError::Dimension)?;
    let mut question = question(policy, &dimensions, request);
    let shown = dimensions.shown.iter().map(|position| &dimensions.sources[*position]);
    question.classifier = Arc::new(Rewritten::with_rules_of(policy, shown));
    let (mut files, sums) = settled(bills, &question, request).await?;
    files.ledgers.iter_mut().for_each(FileLedger::drop_sums);
    let mut warnings = files.warnings;
    if sums.len() > 1 {
        let message = "currencies are summed one by one: they are never added up".to_owned();
        warnings.push(Warning { code: "several_currencies".to_owned(), message, count: sums.len() as u64 });
    }
    let names: Vec<&str> = bills.names().iter().map(String::as_str).collect();
    let asked = |month: Month| request.month.is_none_or(|only| only == month);
    let mut totals = Vec::new();
    for (currency, sums) in &sums {
        for month in sums.groups.months().filter(|month| asked(*month)) {
            let rows = merged(sums.accounts.month(month).map(|(_, cell)| cell))?.rows();
            let conservation = conserved(sums, month, dimensions.squad())?;
            totals.push(CubeTotal { month, currency: currency.clone(), rows, conservation });
        }
    }
    totals.order_by(|a, b| (a.month, &a.currency).cmp(&(b.month, &b.currency)));
    let shown: Vec<String> = dimensions.shown.iter().map(|position| dimensions.names[*position].clone()).collect();
    let rows = rows(&sums, policy, &dimensions, &shown, asked)?;
    Ok(Cube {
        schema: "headroom/cube/1",
        view: request.view,
        policy: policy.name().to_owned(),
        owner: request.owner.clone(),
        verdict: verdict(&names, &files.ledgers, &files.skipped, files.overlaps, warnings),
        dimensions: shown,
        totals,
        rows,
    })
}

/// The question to settle by which charges count: as few groups as the owner asked for allows.
pub(super) fn settling(policy: &Arc<Policy>, dimensions: &Dimensions, request: &Request) -> Question {
    let wanted: Vec<&Dimension> = dimensions.owner.iter().map(|(position, _)| &dimensions.sources[*position]).collect();
    let is_asked = wanted.iter().any(|dimension| matches!(dimension, Dimension::Assigned(_)));
    let owner = dimensions.owner.iter().enumerate().map(|(position, (_, value))| (position, value.clone()));
    Question {
        classifier: if is_asked { policy.clone() } else { Arc::new(Policy::default()) },
        dimensions: wanted.into_iter().cloned().collect(),
        owner: owner.collect(),
        ..question(policy, dimensions, request)
    }
}

/// Files, and the sums of what counts of them by currency.
type Settled = (Files, BTreeMap<Currency, Sums>);

/// Reads the bills and adds up what counts, by currency; it holds the month asked for.
pub(super) async fn settled<B: Supply>(
    bills: &B,
    question: &Question,
    request: &Request,
) -> Result<Settled, ReportError<B::Fault>> {
    let files = Files::read(bills, question, request.metric, request.overlap).await?;
    let sums = add_up(&files.ledgers, &files.skipped, &files.roles, &question.owner)
        .map_err(|overflow| files.located(bills.names(), overflow.into()))?;
    if sums.is_empty() {
        let any_rows = files.ledgers.iter().any(|ledger: &FileLedger| ledger.rows > ledger.refused);
        return Err(if any_rows && !request.owner.is_empty() {
            ReportError::NothingOwned
        } else {
            FilesError::NoCharges(bills.names().to_vec()).into()
        });
    }
    if let Some(month) = request.month {
        let held: BTreeSet<Month> = sums.values().flat_map(|sums| sums.groups.months()).collect();
        if !held.contains(&month) {
            return Err(ReportError::Month(NoSuchMonth { month, held: held.into_iter().collect() }));
        }
    }
    Ok((files, sums))
}

/// A key as it sorts: its nulls last.
type Sorted = Vec<(bool, Option<Arc<str>>)>;

fn rows(
    sums: &BTreeMap<Currency, Sums>,
    policy: &Policy,
    dimensions: &Dimensions,
    names: &[String],
    asked: impl Fn(Month) -> bool,
) -> Result<Vec<CubeRow>, Overflow> {
    let names: Arc<[String]> = names.into();
    let ids: Vec<Arc<str>> = policy.rules().iter().map(|rule| rule.id.as_str().into()).collect();
    let shown = |key: &[Option<Arc<str>>]| -> Sorted {
        dimensions.shown.iter().map(|position| (key[*position].is_none(), key[*position].clone())).collect()
    };
    let mut rows = Vec::new();
    for (currency, sums) in sums {
        // Each key is projected, placed and named once; a month then only has its cells taken in that order.
        let keys: Vec<Sorted> = sums.groups.keys().iter().map(|(_, key)| shown(key)).collect();
        let mut order: Vec<u32> = (0..keys.len() as u32).collect();
        order.order_by_key(|number| &keys[*number as usize]);
        let alike: Vec<&[u32]> = order.chunk_by(|a, b| keys[*a as usize] == keys[*b as usize]).collect();
        let mut places = vec![0; keys.len()];
        for (place, members) in (0..).zip(&alike) {
            members.iter().for_each(|number| places[*number as usize] = place);
        }
        // Groups without charges have rules too: those of rows that were then refused.
        let rules = sums.groups.rules().renumbered(&places);
        let described = |(place, members): (usize, &&[u32])| -> (CubeKey, Arc<[Arc<str>]>) {
            let values = keys[members[0] as usize].iter().map(|(_, value)| value.clone()).collect();
            let set_by = rules.of(place).filter_map(|rule| ids.get(rule as usize).cloned()).collect();
            (CubeKey { names: names.clone(), values }, set_by)
        };
        let groups: Vec<(CubeKey, Arc<[Arc<str>]>)> = alike.iter().enumerate().map(described).collect();
        rows.reserve(sums.groups.months().filter(|month| asked(*month)).map(|month| sums.groups.held(month)).sum());
        for month in sums.groups.months().filter(|month| asked(*month)) {
            let mut cells: Vec<Option<&Cell>> = vec![None; keys.len()];
            sums.groups.numbered(month).for_each(|(number, cell)| cells[number as usize] = Some(cell));
            for ((key, rules), members) in groups.iter().zip(&alike) {
                let held = || members.iter().filter_map(|number| cells[*number as usize]);
                if held().next().is_none() {
                    continue;
                }
                let sum = merged(held())?;
                rows.push(CubeRow {
                    month,
                    key: key.clone(),
                    currency: currency.clone(),
                    amounts: MetricMap::of(|metric| sum.amount(metric)),
                    rows: sum.rows(),
                    missing_rows: MetricMap::of(|metric| sum.missing(metric)),
                    rules: rules.clone(),
                });
            }
        }
    }
    if sums.len() > 1 {
        // Within a currency they are in order already.
        rows.order_by_cached_key(|row: &CubeRow| {
            let key: Sorted = row.key.values.iter().map(|value| (value.is_none(), value.clone())).collect();
            (row.month, key, row.currency.clone())
        });
    }
    Ok(rows)
}

/// A dimension that bears the name of a column which is there already.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the dimension `{0}` has the name of another column")]
pub struct ColumnTaken(pub String);

impl ColumnTaken {
    /// What to do about it.
    pub fn hint(&self) -> String {
        format!("rename `{}` in the policy, or ask for `--format json`", self.0)
    }

    /// The first of the names that stands twice.
    pub(super) fn first<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<Self> {
        let mut seen = BTreeSet::new();
        names.into_iter().find(|name| !seen.insert(*name)).map(|name| Self(name.to_owned()))
    }
}

/// The cube as CSV, handed over in pieces until no more are wanted: `month`, the dimensions, `currency`, the four metrics,
/// `rows`, `rules`.
///
/// Amounts are exact. An empty cell is an unallocated dimension, or a metric that no charge of the group states. Rule
/// ids are separated by blanks. Values stand as the bill or the policy has them: import these columns as text.
///
/// # Errors
/// When a dimension of the user's own bears the name of one of the columns.
pub fn cube_csv(cube: &Cube, put: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), ColumnTaken> {
    let figures = ["currency", "billed", "effective", "list", "contracted", "rows", "rules"];
    let header = || ["month"].into_iter().chain(cube.dimensions.iter().map(String::as_str)).chain(figures);
    if let Some(taken) = ColumnTaken::first(header()) {
        return Err(taken);
    }
    let mut writer = csv::WriterBuilder::new().buffer_capacity(64 << 10).from_writer(Pieces { put });
    // Writing fails only when no more is wanted.
    let mut written = writer.write_record(header());
    let mut text = String::new();
    for row in &cube.rows {
        if written.is_err() {
            return Ok(());
        }
        written = write_row(&mut writer, row, &mut text);
    }
    let _ = writer.flush();
    Ok(())
}

fn write_row(writer: &mut csv::Writer<Pieces<'_>>, row: &CubeRow, text: &mut String) -> Result<(), csv::Error> {
    /// Writes what is shown, without making a text of its own for it.
    fn shown(writer: &mut csv::Writer<Pieces<'_>>, text: &mut String, value: &dyn Display) -> Result<(), csv::Error> {
        text.clear();
        // Writing to a text cannot fail.
        let _ = write!(text, "{value}");
        writer.write_field(text)
    }
    shown(writer, text, &row.month)?;
    for value in row.key.values.iter() {
        writer.write_field(value.as_deref().unwrap_or_default())?;
    }
    writer.write_field(row.currency.code())?;
    for metric in Metric::ALL {
        match row.amounts.get(metric) {
            Some(sum) => shown(writer, text, sum)?,
            None => writer.write_field("")?,
        }
    }
    shown(writer, text, &row.rows)?;
    text.clear();
    for (index, rule) in row.rules.iter().enumerate() {
        text.push_str(if index == 0 { "" } else { " " });
        text.push_str(rule);
    }
    writer.write_field(&text)?;
    writer.write_record(None::<&[u8]>)
}

/// Hands over what is written.
struct Pieces<'p> {
    put: &'p mut dyn FnMut(&[u8]) -> ControlFlow<()>,
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match (self.put)(bytes) {
            ControlFlow::Continue(()) => Ok(bytes.len()),
            ControlFlow::Break(()) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "cube_tests.rs"]
mod tests;
