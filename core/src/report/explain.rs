//! Why a charge belongs where it does: its facts, and every rule that was tried on it.

use std::sync::Arc;

use serde::Serialize;

use super::cube::{settled, settling};
use super::document::{Key, MetricMap};
use super::files::{Files, FilesError};
use super::lines::{FIELDS, ask, counted};
use super::question::{Dimensions, Request, UnknownDimension};
use super::run::{ReportError, question};
use crate::allocation::{DimensionTrace, Policy};
use crate::calendar::{Date, Month};
use crate::condition::document::nearest;
use crate::condition::{Facts, Field, Subject};
use crate::ledger::{BillBytes, Cell, Charge, ChargeSupply, Overflow, RecordFacts, Visitor, at_once};
use crate::money::{Amount, Currency};
use crate::order::{BTreeMap, Order as _};

/// Which charges to explain: those that meet all of it; by default all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Fields and tags of the bill with the value they must have; `None` for none at all.
    conditions: Vec<(Subject, Option<String>)>,
    /// As the user wrote them.
    words: Vec<String>,
}

impl Selection {
    /// The charges of one resource, by its identifier.
    pub fn resource(&mut self, id: &str) {
        self.words.push(format!("resource_id = {id}"));
        self.conditions.push((Subject::Field(Field::ResourceId), Some(id.to_owned())));
    }

    /// The charges with this value in a field (`service_name`) or a tag (`tag:team`); an empty value asks for those
    /// without one.
    ///
    /// # Errors
    /// When there is no such field.
    pub fn condition(&mut self, name: &str, value: &str) -> Result<(), UnknownDimension> {
        let subject = match (name.strip_prefix("tag:"), name.parse::<Field>()) {
            (Some(key), _) => Subject::Tag(key.to_owned()),
            (None, Ok(field)) => Subject::Field(field),
            (None, Err(_)) => {
                let near = nearest(name, Field::ALL.iter().map(|field| field.name())).map(str::to_owned);
                return Err(UnknownDimension { name: name.to_owned(), nearest: near });
            }
        };
        self.words.push(format!("{name} = {}", if value.is_empty() { "(none)" } else { value }));
        self.conditions.push((subject, (!value.is_empty()).then(|| value.to_owned())));
        Ok(())
    }

    fn takes(&self, facts: &dyn Facts) -> bool {
        self.conditions.iter().all(|(subject, wanted)| subject.value(facts).as_deref() == wanted.as_deref())
    }
}

/// One charge explained, and how many are like it.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// `headroom/explain/1`.
    pub schema: &'static str,
    /// The allocation policy: file names, or `built-in`.
    pub policy: String,
    /// What was asked of the charges, in words; empty for all.
    pub selection: Vec<String>,
    /// All charges selected, by currency.
    pub matching: Vec<Sum>,
    /// By which rules all charges selected came to their values, by dimension: most charges first.
    pub shares: Vec<RuleShare>,
    /// The first of them, in the order of files and lines.
    pub charge: ChargeFacts,
    /// How each of its dimensions came to its value, rule by rule.
    pub dimensions: Vec<DimensionTrace>,
}

/// Charges in one currency, added up.
#[derive(Clone, Debug, Serialize)]
pub struct Sum {
    /// The currency.
    pub currency: Currency,
    /// Charges.
    pub rows: u64,
    /// Their sums; `None` where no charge states the metric.
    #[serde(flatten)]
    pub amounts: MetricMap<Option<Amount>>,
}

/// The charges that one rule gave their value of a dimension, or that no rule did.
#[derive(Clone, Debug, Serialize)]
pub struct RuleShare {
    /// The dimension.
    pub dimension: String,
    /// The rule's id; `None` for what is unallocated.
    pub rule: Option<String>,
    /// Charges.
    pub rows: u64,
}

/// One charge with everything the bill says of it.
#[derive(Clone, Debug, Serialize)]
pub struct ChargeFacts {
    /// Its file.
    pub file: String,
    /// The line its row starts on.
    pub line: u64,
    /// The UTC day it starts on.
    pub date: Date,
    /// The month it counts for.
    pub month: Month,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Its metrics as they count beside the other files.
    pub amounts: MetricMap<Option<Amount>>,
    /// Its fields, those without a value left out.
    pub fields: Key,
    /// Its tags as they stand in the bill.
    pub tags: Key,
}

/// Why nothing is explained.
#[derive(Debug)]
#[non_exhaustive]
pub enum ExplainError<F> {
    /// As for a report.
    Report(ReportError<F>),
    /// No charge is as asked.
    NothingSelected,
    /// The bills can be read only once: which of their charges count is not known before they are all read.
    ReadOnce,
}

impl<F, E: Into<ReportError<F>>> From<E> for ExplainError<F> {
    fn from(error: E) -> Self {
        Self::Report(error.into())
    }
}

/// Explains the first charge of a selection. The request's owner narrows it to a group.
///
/// # Errors
/// When the bills cannot be read or added up, can be read only once, or hold no such charge.
pub fn explain<B: BillBytes>(
    bills: &B,
    policy: &Arc<Policy>,
    request: &Request,
    selection: &Selection,
) -> Result<Explained, ExplainError<B::Fault>> {
    at_once(explain_from(bills, policy, request, selection))
}

/// The same from bills that may have to be waited for.
pub(crate) async fn explain_from<B: ChargeSupply>(
    bills: &B,
    policy: &Arc<Policy>,
    request: &Request,
    selection: &Selection,
) -> Result<Explained, ExplainError<B::Fault>> {
    if !bills.can_reread() {
        return Err(ExplainError::ReadOnce);
    }
    let dimensions = Dimensions::new(policy, request).map_err(ReportError::Dimension)?;
    let mut question = question(policy, &dimensions, request);
    let values = question.dimensions.len() + FIELDS.len();
    ask(&mut question, policy);
    let files = match settled(bills, &settling(policy, &dimensions, request), request).await {
        Ok((files, _)) => files,
        Err(ReportError::NothingOwned) => return Err(ExplainError::NothingSelected),
        Err(error) => return Err(error.into()),
    };
    let mut search = Search {
        policy,
        selection,
        month: request.month,
        files: &files,
        values,
        file: (0, ""),
        sums: BTreeMap::new(),
        rules: vec![BTreeMap::new(); policy.dimensions().len()],
        first: None,
        overflow: None,
    };
    for (file, name) in bills.names().iter().enumerate().filter(|(file, _)| !files.skipped.contains(file)) {
        search.file = (file, name);
        // A search looks at every charge, so it never ends before the file does.
        let _ = bills.visit(file, &question, &mut search).await.map_err(FilesError::Bill)?;
    }
    if let Some(overflow) = search.overflow {
        return Err(ReportError::from(overflow).into());
    }
    let shares = search.shares();
    let Some((charge, traces)) = search.first else { return Err(ExplainError::NothingSelected) };
    let group = request.owner.iter().map(|(name, value)| format!("{name} = {value}"));
    Ok(Explained {
        schema: "headroom/explain/1",
        policy: policy.name().to_owned(),
        selection: group.chain(selection.words.iter().cloned()).collect(),
        matching: search.sums.into_iter().map(Sum::of).collect(),
        shares,
        charge,
        dimensions: traces,
    })
}

impl Sum {
    fn of((currency, cell): (Currency, Cell)) -> Self {
        Self { currency, rows: cell.rows(), amounts: MetricMap::of(|metric| cell.amount(metric)) }
    }
}

struct Search<'s> {
    policy: &'s Policy,
    selection: &'s Selection,
    month: Option<Month>,
    files: &'s Files,
    /// Position of the first dimension in a group's values; its rule follows.
    values: usize,
    file: (usize, &'s str),
    sums: BTreeMap<Currency, Cell>,
    /// By dimension, charges by the rule that set it.
    rules: Vec<BTreeMap<Option<Arc<str>>, u64>>,
    first: Option<(ChargeFacts, Vec<DimensionTrace>)>,
    overflow: Option<Overflow>,
}

impl Visitor for Search<'_> {
    fn charge(&mut self, charge: &Charge<'_>) {
        let facts = RecordFacts::new(charge.schema, charge.record);
        if self.month.is_some_and(|month| month != charge.month) || !self.selection.takes(&facts) {
            return;
        }
        let Some(cell) = counted(self.files, self.file.0, charge) else { return };
        if !self.sums.contains_key(&charge.key.currency) {
            self.sums.insert(charge.key.currency.clone(), Cell::default());
        }
        if self.sums.get_mut(&charge.key.currency).and_then(|sum| sum.merge(&cell)).is_none() {
            self.overflow = Some(Overflow);
        }
        let pairs = charge.key.values[self.values..].chunks(2);
        for (counts, pair) in self.rules.iter_mut().zip(pairs) {
            *counts.entry(pair.get(1).cloned().flatten()).or_default() += 1;
        }
        if self.first.is_none() {
            self.first = Some((self.facts(charge, &facts, &cell), self.policy.explain(&facts)));
        }
    }
}

impl Search<'_> {
    fn facts(&self, charge: &Charge<'_>, facts: &RecordFacts<'_>, cell: &Cell) -> ChargeFacts {
        let fields = Field::ALL
            .iter()
            .filter_map(|field| facts.field(*field).map(|value| (field.name().to_owned(), Some(value.into_owned()))));
        let tags = facts.tag_keys().into_iter().map(|key| {
            let value = facts.tag(&key).map(std::borrow::Cow::into_owned);
            (key, value)
        });
        ChargeFacts {
            file: self.file.1.to_owned(),
            line: charge.line,
            date: charge.date,
            month: charge.month,
            currency: charge.key.currency.clone(),
            amounts: MetricMap::of(|metric| cell.amount(metric)),
            fields: Key(fields.collect()),
            tags: Key(tags.collect()),
        }
    }

    fn shares(&self) -> Vec<RuleShare> {
        let mut shares = Vec::new();
        for (name, counts) in self.policy.dimensions().iter().zip(&self.rules) {
            let mut counts: Vec<_> = counts.iter().collect();
            counts.order_by_key(|(rule, rows)| (std::cmp::Reverse(**rows), rule.is_none(), *rule));
            shares.extend(counts.into_iter().map(|(rule, rows)| RuleShare {
                dimension: name.clone(),
                rule: rule.as_deref().map(str::to_owned),
                rows: *rows,
            }));
        }
        shares
    }
}

#[cfg(test)]
#[path = "explain_tests.rs"]
mod tests;
