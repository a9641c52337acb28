//! The whole way from bills to reports.

use std::sync::Arc;

use super::build::Parts;
use super::document::{Report, Warning};
use super::figures;
use super::files::{Files, FilesError};
use super::question::{Dimensions, Request, UnknownDimension};
use super::unused::unused;
use super::verdict::verdict;
use super::words;
use crate::allocation::Policy;
use crate::calendar::Month;
use crate::change::{
    Basis, ContributorTally, Contributors, Explanations, Movers, NoSuchMonth, Obstacle, ResourceSlice, Wanted, choose,
    compare,
};
use crate::ledger::{
    Cell, CubeTally, FileLedger, GroupKey, Overflow, Question, Role, Slot, Sums, Supply, Window, add_up, resolved,
    usage_days,
};
use crate::money::Currency;
use crate::order::{BTreeMap, BTreeSet, Order as _};

/// Bytes a worker may spend on resources of the months compared, all files together.
const RESOURCE_BYTES: usize = 16 << 20;

/// Bytes it may spend on each file, however many there are.
const LEAST_RESOURCE_BYTES: usize = 1 << 20;

/// Why there is no report.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReportError<F> {
    /// The bills cannot be added up.
    Files(FilesError<F>),
    /// A dimension asked for does not exist.
    Dimension(UnknownDimension),
    /// The bills hold nothing of the month asked for.
    Month(NoSuchMonth),
    /// No charge belongs to the owner asked for.
    NothingOwned,
}

impl<F> From<FilesError<F>> for ReportError<F> {
    fn from(error: FilesError<F>) -> Self {
        Self::Files(error)
    }
}

impl<F> From<Overflow> for ReportError<F> {
    fn from(overflow: Overflow) -> Self {
        Self::Files(overflow.into())
    }
}

/// The question that a request puts to the bills.
pub(crate) fn question(policy: &Arc<Policy>, dimensions: &Dimensions, request: &Request) -> Question {
    let owner = dimensions.owner.clone();
    Question { owner, ..request.question(policy.clone(), dimensions.sources.clone()) }
}

/// Reports, and what they were made from, for whoever has more to ask of the same files.
pub(crate) struct Reported {
    pub(crate) reports: Vec<Report>,
    pub(crate) files: Files,
    pub(crate) dimensions: Dimensions,
    pub(crate) question: Question,
}

/// The monthly cost report: one document a currency, in the order of their codes.
///
/// Reads the bills once; a second time over the days compared where a month is not whole, and over the months
/// compared to find what moved inside each change.
///
/// # Errors
/// When the bills cannot be read or added up, or hold nothing of what is asked.
pub(crate) async fn report_from<B: Supply>(
    bills: &B,
    policy: &Arc<Policy>,
    explanations: &Explanations,
    request: &Request,
) -> Result<Reported, ReportError<B::Fault>> {
    let dimensions = Dimensions::new(policy, request).map_err(ReportError::Dimension)?;
    let question = question(policy, &dimensions, request);
    let files = Files::read(bills, &question, request.metric, request.overlap).await?;
    let run = Run { bills, question: &question, files: &files, request, dimensions: &dimensions, policy, explanations };
    let reports = run.reports().await.map_err(|error| match error {
        ReportError::Files(error) => ReportError::Files(files.located(bills.names(), error)),
        error => error,
    })?;
    Ok(Reported { reports, files, dimensions, question })
}

/// The month reported: the one asked for, else one chosen over all currencies, so that their reports agree on it.
fn month(sums: &BTreeMap<Currency, Sums>, days: &BTreeMap<Slot, u32>, request: &Request) -> Result<Month, NoSuchMonth> {
    let chosen = match request.month {
        Some(asked) => sums.values().any(|sums| sums.present.contains_key(&asked)).then_some(asked),
        None => choose(sums.values(), days, request.as_of),
    };
    chosen.ok_or_else(|| {
        let held: BTreeSet<Month> = sums.values().flat_map(|sums| sums.present.keys().copied()).collect();
        NoSuchMonth { month: request.month.unwrap_or(request.as_of.month()), held: held.into_iter().collect() }
    })
}

/// Whether a policy of the user's own takes these tag keys for one.
fn is_merged(policy: &Policy, keys: &[String]) -> bool {
    let tags = policy.tags();
    let mean_one = |meant: &str| keys.iter().all(|key| key == meant || tags.aliases(meant).any(|alias| alias == key));
    policy.name() != words::BUILT_IN && tags.keys().any(mean_one)
}

/// What every further pass over the bills needs.
struct Run<'r, B> {
    bills: &'r B,
    question: &'r Question,
    files: &'r Files,
    request: &'r Request,
    dimensions: &'r Dimensions,
    policy: &'r Policy,
    explanations: &'r Explanations,
}

impl<B: Supply> Run<'_, B> {
    /// The reports on files that have been read.
    async fn reports(&self) -> Result<Vec<Report>, ReportError<B::Fault>> {
        let Self { bills, files, request, dimensions, .. } = *self;
        let sums = add_up(&files.ledgers, &files.skipped, &files.roles, &dimensions.owner)?;
        let days = usage_days(&files.ledgers, &files.skipped, &files.roles);
        if sums.is_empty() {
            let any_rows = files.ledgers.iter().any(|ledger| ledger.rows > 0);
            return Err(if any_rows && !request.owner.is_empty() {
                ReportError::NothingOwned
            } else {
                FilesError::NoCharges(bills.names().to_vec()).into()
            });
        }
        let mut warnings = files.warnings.clone();
        if sums.len() > 1 {
            let message = format!("{} currencies are reported one by one: they are never added up", sums.len());
            warnings.push(Warning { code: "several_currencies".to_owned(), message, count: sums.len() as u64 });
        }
        let mut reports = Vec::new();
        let month = month(&sums, &days, request).map_err(ReportError::Month)?;
        for (currency, whole) in &sums {
            let mut warnings = warnings.clone();
            let month = if whole.present.contains_key(&month) {
                month
            } else if request.month.is_some() {
                continue;
            } else if let Some(own) = choose([whole], &days, request.as_of) {
                let message = format!("the bills hold no charges of {month} in {currency}: its report is of {own}");
                warnings.push(Warning { code: "month_of_currency".to_owned(), message, count: 1 });
                own
            } else {
                continue;
            };
            reports.push(self.report_in(currency, whole, &days, month, warnings).await?);
        }
        if let Some(warning) = unused(self.explanations, &reports, request) {
            for report in &mut reports {
                report.verdict.warnings.push(warning.clone());
                report.verdict.warnings.order();
            }
        }
        Ok(reports)
    }

    /// The report of a month in one currency.
    async fn report_in(
        &self,
        currency: &Currency,
        whole: &Sums,
        days: &BTreeMap<Slot, u32>,
        month: Month,
        mut warnings: Vec<Warning>,
    ) -> Result<Report, ReportError<B::Fault>> {
        let Self { bills, files, request, dimensions, policy, explanations, .. } = *self;
        let mut comparison = compare(whole, days, month);
        let mut windowed = None;
        if let Basis::Days(_) = comparison.basis {
            if bills.can_reread() {
                if let Some(window) = comparison.window() {
                    windowed = Some(self.windowed(window, currency).await?);
                }
            } else {
                comparison.basis = Basis::Nothing(Obstacle::ReadOnce);
                let message = "a month that is not whole is compared day by day, which needs files: standard input or a \
                               pipe is read once";
                warnings.push(Warning { code: "not_compared".to_owned(), message: message.to_owned(), count: 1 });
            }
        }
        if let (Basis::Nothing(Obstacle::NoCommonDay), Some(previous)) = (comparison.basis, comparison.previous) {
            let message =
                format!("no day is covered in both {previous} and {month} in every source: nothing is compared");
            warnings.push(Warning { code: "not_compared".to_owned(), message, count: 1 });
        }
        let parts = Parts {
            request,
            policy,
            explanations,
            dimensions,
            currency: currency.clone(),
            comparison,
            whole,
            compared: windowed.as_ref().unwrap_or(whole),
            usage_days: days,
        };
        let (flagged, below_floor) = parts.flagged()?;
        let wanted: BTreeSet<Wanted> = flagged.iter().map(super::build::Flagged::wanted).collect();
        let resources_read = bills.can_reread();
        let movers = match parts.comparison.window() {
            Some(window) if resources_read && !wanted.is_empty() => {
                self.movers(window, currency, &wanted, &parts).await?
            }
            _ => parts.movers_by_service(&wanted)?,
        };
        if !resources_read && !wanted.is_empty() {
            let message = "contributors stop at services: resources need a second pass, and standard input or a pipe is read once";
            warnings.push(Warning { code: "no_resources".to_owned(), message: message.to_owned(), count: 1 });
        }
        warnings.extend(parts.missing_before());
        warnings.extend(self.after_asking());
        let names: Vec<&str> = bills.names().iter().map(String::as_str).collect();
        let mut verdict = verdict(&names, &files.ledgers, &files.skipped, files.overlaps.clone(), warnings);
        verdict.tags.merge.retain(|merge| !is_merged(policy, &merge.keys));
        Ok(parts.report(flagged, below_floor, &movers, resources_read, verdict)?)
    }

    /// A warning where bills hold charges of months that are still to come: their dates may be wrong.
    fn after_asking(&self) -> Option<Warning> {
        let as_of = self.request.as_of;
        let counted = |(at, _): &(usize, &FileLedger)| !self.files.skipped.contains(at);
        let months = self.files.ledgers.iter().enumerate().filter(counted).flat_map(|(_, file)| file.sources.values());
        let later = months.flatten().filter(|(month, _)| **month > as_of.month());
        let count: u64 = later.map(|(_, facts)| facts.rows).sum();
        let rows = figures::counted(count, "row is", "rows are");
        let message = format!("{rows} of months after {as_of}, the day of asking");
        (count > 0).then(|| Warning { code: "after_asking".to_owned(), message, count })
    }

    /// Files that hold one of the window's months.
    fn files_of(&self, window: Window) -> Vec<usize> {
        let holds = |ledger: &FileLedger| ledger.groups.has(window.month) || ledger.groups.has(window.previous);
        let counted = |index: &usize| !self.files.skipped.contains(index) && holds(&self.files.ledgers[*index]);
        (0..self.files.ledgers.len()).filter(counted).collect()
    }

    /// The sums of the days compared, in one currency.
    async fn windowed(&self, window: Window, currency: &Currency) -> Result<Sums, ReportError<B::Fault>> {
        let involved = self.files_of(window);
        let question = Question { only: Some([window.month, window.previous]), ..self.question.clone() };
        let read = self.bills.read(&involved, &question, &|| CubeTally::windowed(window)).await;
        // Placed as the whole files are, so that their roles hold; what a file's basis is, whole files say.
        let mut ledgers = Vec::new();
        let mut roles = BTreeMap::new();
        for (position, (file, parts)) in involved.iter().zip(read).enumerate() {
            ledgers.push(FileLedger::new(parts.map_err(FilesError::Bill)?));
            for ((of, slot), role) in &self.files.roles {
                if of == file {
                    roles.insert((position, slot.clone()), *role);
                }
            }
        }
        let bases = involved.iter().map(|file| self.files.ledgers[*file].basis);
        for (ledger, basis) in ledgers.iter_mut().zip(bases) {
            ledger.basis = basis;
        }
        Ok(add_up(&ledgers, &BTreeSet::new(), &roles, &self.dimensions.owner)?.remove(currency).unwrap_or_default())
    }

    /// The largest movers of the flagged scopes.
    async fn movers(
        &self,
        window: Window,
        currency: &Currency,
        wanted: &BTreeSet<Wanted>,
        parts: &Parts<'_>,
    ) -> Result<Movers, ReportError<B::Fault>> {
        let involved = self.files_of(window);
        let question = Question { only: Some([window.month, window.previous]), ..self.question.clone() };
        let budget = (RESOURCE_BYTES / involved.len().max(1)).max(LEAST_RESOURCE_BYTES);
        let (metric, shown) = (self.request.metric, &self.dimensions.shown);
        let mut contributors = Contributors::new(metric, &self.dimensions.names, shown, wanted);
        let mut open = vec![ResourceSlice::WHOLE];
        while let Some(slice) = open.pop() {
            let tally = || ContributorTally::new(window, metric, slice, budget);
            let read = self.bills.read(&involved, &question, &tally).await.into_iter();
            let mut read: Vec<_> = read.collect::<Result<_, _>>().map_err(FilesError::Bill)?;
            // Where the memory did not do for one file, all are cut as fine.
            let of = read.iter().map(|found| found.tally.slice().of).max().unwrap_or(slice.of);
            for found in &mut read {
                found.tally.narrow(of);
            }
            if read.iter().any(|found| found.tally.is_exhausted()) {
                return Ok(parts.movers_by_service(wanted)?);
            }
            open.extend(slice.remaining(of));
            for (file, found) in involved.iter().zip(read) {
                let basis = self.files.ledgers[*file].basis;
                let resolve = |key: &GroupKey, side: usize, cell: Cell| {
                    let counts = key.currency == *currency && parts.comparison.sources.contains(&key.source);
                    let month = if side == 0 { window.month } else { window.previous };
                    let slot: Slot = (key.source.clone(), month);
                    let role = self.files.roles.get(&(*file, slot)).copied().unwrap_or(Role::Whole);
                    if counts { resolved(cell, key.part, basis, role) } else { None }
                };
                contributors.add(found, resolve)?;
            }
            contributors.end_slice()?;
        }
        Ok(contributors.finish())
    }
}
