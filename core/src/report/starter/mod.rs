//! A policy to start from, written from the bills it is for.

mod meaning;
mod page;

use std::sync::Arc;

use super::build::merged;
use super::files::{Files, FilesError};
use super::question::Request;
use super::run::ReportError;
use super::verdict::merges;
use crate::allocation::Policy;
use crate::calendar::Month;
use crate::condition::Field;
use crate::ledger::{
    Bills, Cell, Dimension, FileLedger, Overflow, Sums, Supply, TagCounts, TagValues, TaggedTally, add_up, at_once,
};
use crate::money::{Amount, Currency};
use crate::order::{BTreeMap, Order as _};

/// A policy in the words of its file, ready to be read by [`Policy::parse`].
#[derive(Clone, Debug)]
pub struct Starter {
    /// The file's text.
    pub text: String,
    /// The keys of tags that name squads, in the order in which they are tried.
    pub squad_tags: Vec<String>,
}

/// What the bills show that a policy can be made of.
#[derive(Debug)]
struct Findings {
    files: u64,
    rows: u64,
    months: Option<(Month, Month)>,
    tags: TagValues,
    tag_counts: TagCounts,
    /// Sub-account and its name, by cost.
    accounts: Vec<Found>,
    /// Services, by cost.
    services: Vec<Found>,
}

/// A value of the bill with its parts of the cost, one for each currency.
#[derive(Debug)]
struct Found {
    value: String,
    name: Option<String>,
    shares: Vec<(Currency, Option<Amount>, Option<Amount>)>,
}

/// Fields by which costs are shown.
const FIELDS: [Field; 3] = [Field::SubAccountId, Field::SubAccountName, Field::ServiceName];

/// Writes a commented policy from bills: their accounts and services, their tags, spellings and values to merge, and
/// rules for what the tags already say.
///
/// Reads the bills once; a second time where files may hold the same rows.
///
/// # Errors
/// When the bills cannot be read or added up.
pub fn starter<B: Bills>(bills: &B, request: &Request) -> Result<Starter, ReportError<B::Fault>> {
    at_once(starter_from(bills, request))
}

/// The same from bills that may have to be waited for.
pub(crate) async fn starter_from<B: Supply>(bills: &B, request: &Request) -> Result<Starter, ReportError<B::Fault>> {
    let question = request.question(Arc::new(Policy::default()), FIELDS.map(Dimension::Field).to_vec());
    let all: Vec<usize> = (0..bills.names().len()).collect();
    let (mut ledgers, mut of_files) = (Vec::new(), Vec::new());
    for parts in bills.read(&all, &question, &TaggedTally::default).await {
        let (parts, tags) = parts.map_err(FilesError::Bill)?.split(|tally| (tally.cube, tally.tags));
        ledgers.push(FileLedger::new(parts));
        of_files.push(tags);
    }
    let files = Files::settle(bills, &question, ledgers, request.metric, request.overlap).await?;
    let sums = add_up(&files.ledgers, &files.skipped, &files.roles, &[])?;
    if sums.is_empty() {
        return Err(FilesError::NoCharges(bills.names().to_vec()).into());
    }
    let (mut tags, mut tag_counts, mut rows) = (TagValues::default(), TagCounts::default(), 0);
    for (file, values) in of_files.into_iter().enumerate().filter(|(file, _)| !files.skipped.contains(file)) {
        tags.merge(values);
        tag_counts.merge(files.ledgers[file].tags.clone());
        rows += files.ledgers[file].rows - files.ledgers[file].refused;
    }
    let months = || sums.values().flat_map(|sums| sums.groups.months());
    let findings = Findings {
        files: (files.ledgers.len() - files.skipped.len()) as u64,
        rows,
        months: months().min().zip(months().max()),
        tags,
        tag_counts,
        accounts: found(&sums, request, |values| Some((values[0].clone()?, values[1].clone())))?,
        services: found(&sums, request, |values| Some((values[2].clone()?, None)))?,
    };
    let spellings = merges(&findings.tag_counts.rows_by_key);
    Ok(page::write(&findings, &spellings))
}

type Text = Arc<str>;

/// Values with their costs, the most rows first where there is no common currency to compare in.
fn found(
    sums: &BTreeMap<Currency, Sums>,
    request: &Request,
    value: impl Fn(&[Option<Text>]) -> Option<(Text, Option<Text>)>,
) -> Result<Vec<Found>, Overflow> {
    let mut cells: BTreeMap<Text, (Option<Text>, BTreeMap<&Currency, Cell>)> = BTreeMap::new();
    let mut totals: BTreeMap<&Currency, Amount> = BTreeMap::new();
    for (currency, sums) in sums {
        let groups = || sums.groups.iter().map(|(_, key, cell)| (key, cell));
        totals.insert(currency, merged(groups().map(|(_, cell)| cell))?.amount(request.metric).unwrap_or_default());
        for ((_, values), cell) in groups() {
            if let Some((value, name)) = value(values) {
                let (known, by_currency) = cells.entry(value).or_default();
                // Of several names the last of the alphabet: any would do, as long as it is always the same.
                *known = known.take().max(name);
                by_currency.entry(currency).or_default().merge(cell).ok_or(Overflow)?;
            }
        }
    }
    let found = |(value, (name, by_currency)): (Text, (Option<Text>, BTreeMap<&Currency, Cell>))| Found {
        value: value.to_string(),
        name: name.map(|name| name.to_string()),
        shares: by_currency
            .into_iter()
            .map(|(currency, cell)| (currency.clone(), cell.amount(request.metric), totals.get(currency).copied()))
            .collect(),
    };
    let mut all: Vec<Found> = cells.into_iter().map(found).collect();
    let size = |found: &Found| found.shares.iter().filter_map(|(_, cost, _)| *cost).map(Amount::magnitude).max();
    all.order_by_key(|found| std::cmp::Reverse(size(found)));
    Ok(all)
}

#[cfg(test)]
mod tests;
