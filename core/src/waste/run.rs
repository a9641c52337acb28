//! From bills and usage to documents.

use std::cmp::Ordering;
use std::sync::Arc;

use super::document::{Activity, Below, Finding, Grade, Known, RuleSum, Subject, Totals, UsageSpan, Waste};
use super::found::{Gathered, Places, Unused};
use super::measured::{MeasuredUsage, Resting};
use super::policy::{IdlePolicy, WorkloadRule};
use super::tally::{SubjectTally, Wanted};
use crate::allocation::Policy;
use crate::bill::Source;
use crate::billed::{BilledError, billed_from, in_currency};
use crate::calendar::{Date, Month};
use crate::change::{NoSuchMonth, ResourceSlice, choose};
use crate::condition::Field;
use crate::condition::document::Position;
use crate::ledger::{
    Answer, Bills, Cell, Dimension, Overflow, Question, Role, SourceMonth, Supply, add_up, at_once, month_complete,
    resolved, usage_days,
};
use crate::money::{Amount, Currency};
use crate::order::{BTreeMap, BTreeSet, Order as _};
use crate::report::asked::of_bills;
use crate::report::{Files, FilesError, Key, ReportError, Request, Warning};
use crate::rightsizing::{Billed, Pricing, WorkloadFacts};

/// What is asked beside the bills.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What counts as unused.
    pub idle: Arc<IdlePolicy>,
    /// Who owns what.
    pub policy: Arc<Policy>,
    /// What was used, if any of it is known.
    pub usage: Option<MeasuredUsage>,
}

/// Why nothing can be said of waste.
#[derive(Debug)]
#[non_exhaustive]
pub enum WasteError<F> {
    /// The bills cannot be added up.
    Report(ReportError<F>),
    /// They can be read once only, and resources need a second reading.
    ReadOnce,
    /// There are so many resources that no machine has the time.
    TooMany,
}

/// Findings that are listed; those beyond are counted.
const LISTED: usize = 1000;

/// Bytes a worker may spend on resources, all files together, and at least on each.
const RESOURCE_BYTES: usize = 16 << 20;
const LEAST_RESOURCE_BYTES: usize = 1 << 20;

/// What nobody uses: one document for each currency, in the order of their codes.
///
/// Reads the bills twice, and more often where resources are too many for the memory; twice more for the prices of workloads,
/// where there is usage.
///
/// # Errors
/// When the bills cannot be read twice or added up.
pub fn look<B: Bills>(bills: &B, ask: &Ask, request: &Request) -> Result<Vec<Waste>, WasteError<B::Fault>> {
    at_once(look_from(bills, ask, request))
}

/// What usage alone tells; nothing where there is no usage.
///
/// # Errors
/// When a sum is out of range.
pub fn look_at_usage(ask: &Ask, request: &Request) -> Result<Vec<Waste>, Overflow> {
    let mut documents = Documents { ask, request, month: None, drafts: BTreeMap::new(), warnings: Vec::new() };
    documents.add_workloads(&BTreeSet::new(), None)?;
    documents.finish()
}

/// The same from bills that may have to be waited for.
pub(crate) async fn look_from<B: Supply>(
    bills: &B,
    ask: &Ask,
    request: &Request,
) -> Result<Vec<Waste>, WasteError<B::Fault>> {
    if !bills.can_reread() {
        return Err(WasteError::ReadOnce);
    }
    let report = |error: FilesError<B::Fault>| WasteError::Report(error.into());
    let overflow = |_: Overflow| WasteError::Report(FilesError::OutOfRange(None).into());
    let (question, places) = question(ask, request);
    let files = Files::read(bills, &question, request.metric, request.overlap).await.map_err(report)?;
    let mut sums = add_up(&files.ledgers, &files.skipped, &files.roles, &[]).map_err(overflow)?;
    let mut days = usage_days(&files.ledgers, &files.skipped, &files.roles);
    if sums.is_empty() {
        return Err(report(FilesError::NoCharges(bills.names().to_vec())));
    }
    sums.values_mut().for_each(|sums| sums.present.retain(|month, _| before(*month, request.as_of) != 0));
    days.iter_mut().for_each(|((_, month), days)| *days &= before(*month, request.as_of));
    let month = match request.month {
        Some(asked) => sums.values().any(|sums| sums.present.contains_key(&asked)).then_some(asked),
        None => choose(sums.values(), &days, request.as_of),
    };
    let Some(month) = month else {
        let held: BTreeSet<Month> = sums.values().flat_map(|sums| sums.present.keys().copied()).collect();
        let month = request.month.unwrap_or(request.as_of.month());
        let none = NoSuchMonth { month, held: held.into_iter().collect() };
        return Err(WasteError::Report(ReportError::Month(none)));
    };
    let mut documents = Documents {
        ask,
        request,
        month: Some(month),
        drafts: sums
            .iter()
            .map(|(currency, sums)| {
                let complete = month_complete(&days, &sums.sources(month), month);
                (currency.clone(), Draft { complete, ..Draft::default() })
            })
            .collect(),
        warnings: files.warnings.clone(),
    };
    let (starts, ends) = spans(&files, request.as_of);
    documents.warnings.extend(asked(&files, &ends, request.as_of));
    let counted: Vec<usize> = (0..files.ledgers.len()).filter(|index| !files.skipped.contains(index)).collect();
    let budget = (RESOURCE_BYTES / counted.len().max(1)).max(LEAST_RESOURCE_BYTES);
    let wanted = Arc::new(Wanted {
        idle: ask.idle.clone(),
        policy: ask.policy.clone(),
        metric: request.metric,
        month,
        as_of: request.as_of,
    });
    let mut seen_machines = BTreeSet::new();
    let mut machines: Vec<(Currency, Unused)> = Vec::new();
    let mut open = vec![ResourceSlice::WHOLE];
    while let Some(slice) = open.pop() {
        let tally = || SubjectTally::new(wanted.clone(), slice, budget);
        let read = bills.read(&counted, &question, &tally).await.into_iter().collect::<Result<Vec<_>, _>>();
        let mut read = read.map_err(|fault| report(FilesError::Bill(fault)))?;
        let of = read.iter().map(|found| found.tally.slice().of).max().unwrap_or(slice.of);
        for found in &mut read {
            found.tally.narrow(of);
        }
        if read.iter().any(|found| found.tally.is_exhausted()) {
            return Err(WasteError::TooMany);
        }
        open.extend(slice.remaining(of));
        let mut gathered: BTreeMap<Currency, Gathered> = BTreeMap::new();
        for (file, found) in counted.iter().zip(read) {
            let basis = files.ledgers[*file].basis;
            let (groups, tally) = found.into_keys();
            for entry in tally.entries() {
                let Some(key) = groups.get(entry.group as usize) else { continue };
                // Rows of other months may have another role; what they add is days and use, which halves agree on.
                let slot = (key.source.clone(), month);
                let role = files.roles.get(&(*file, slot)).copied().unwrap_or(Role::Whole);
                let cell = if entry.sums.stated {
                    Cell::stating(request.metric, entry.sums.cost)
                } else {
                    // A row that states nothing.
                    Cell::stating(request.metric, Amount::ZERO).without(request.metric)
                };
                let Some(cell) = resolved(cell, key.part, basis, role) else { continue };
                let into = gathered.entry(key.currency.clone()).or_default();
                let cost = cell.amount(request.metric);
                into.add(&ask.idle, &places, key, tally.id(entry), entry, cost).map_err(overflow)?;
            }
        }
        for (currency, gathered) in gathered {
            let unused = gathered.unused(&ask.idle, month, &ends, slice.index == 0).map_err(overflow)?;
            for one in unused {
                documents.add(&currency, &one, &starts).map_err(overflow)?;
            }
            if ask.usage.is_some() {
                machines.extend(gathered.machines(&ends).into_iter().map(|one| (currency.clone(), one)));
            }
        }
    }
    documents.add_machines(&machines, &starts, &mut seen_machines).map_err(overflow)?;
    let billed = prices(bills, ask, request).await?;
    documents.add_workloads(&seen_machines, billed.as_ref()).map_err(overflow)?;
    documents.finish().map_err(overflow)
}

/// What the bills say of the prices of workloads that rest; nothing where they and what is assumed are in several currencies.
async fn prices<B: Supply>(bills: &B, ask: &Ask, request: &Request) -> Result<Option<Billed>, WasteError<B::Fault>> {
    let Some(measured) = &ask.usage else { return Ok(None) };
    let all = billed_from(bills, &measured.usage, &ask.idle, request).await.map_err(|error| match error {
        BilledError::Report(error) => WasteError::Report(error),
        BilledError::ReadOnce => WasteError::ReadOnce,
    })?;
    let billed = in_currency(all, measured.requests.currency.as_ref()).ok();
    let apart = |billed: &Billed| {
        Pricing::of(&measured.requests, &measured.assumptions, Some(billed)).priced_apart(&measured.usage).is_some()
    };
    Ok(billed.filter(|billed| !apart(billed)))
}

/// The days of a month that are over on a day, as a bit each.
fn before(month: Month, as_of: Date) -> u32 {
    match month.cmp(&as_of.month()) {
        Ordering::Less => u32::MAX,
        // There is no bit 0, and of the first day none is over.
        Ordering::Equal => (1_u32.checked_shl(u32::from(as_of.day())).unwrap_or_default().wrapping_sub(1)) & !1,
        Ordering::Greater => 0,
    }
}

/// That bills end long before the day of asking, or go on after it.
fn asked(files: &Files, ends: &BTreeMap<Arc<Source>, Date>, as_of: Date) -> Vec<Warning> {
    let ledgers = files.ledgers.iter().enumerate().filter(|(index, _)| !files.skipped.contains(index));
    let months = ledgers.flat_map(|(_, ledger)| ledger.sources.values().flatten());
    let last = months.filter_map(|(month, facts)| Some(SourceMonth::span(*month, facts.usage_days)?.1)).max();
    of_bills(ends.iter().map(|(source, end)| (&**source, *end)), last, as_of)
}

/// The first and the last day of each bill, of those that are over.
fn spans(files: &Files, as_of: Date) -> (BTreeMap<Arc<Source>, Date>, BTreeMap<Arc<Source>, Date>) {
    let (mut starts, mut ends): (BTreeMap<Arc<Source>, Date>, BTreeMap<Arc<Source>, Date>) = Default::default();
    let ledgers = files.ledgers.iter().enumerate().filter(|(index, _)| !files.skipped.contains(index));
    for (source, months) in ledgers.flat_map(|(_, ledger)| &ledger.sources) {
        for (month, facts) in months {
            // Without a daily charge the month counts as whole.
            let whole = month.day(1).zip(month.day(month.days()));
            let daily = SourceMonth::span(*month, facts.usage_days).filter(|_| facts.usage_days != 0);
            let Some((first, last)) = daily.or(whole).filter(|(first, _)| *first < as_of) else { continue };
            let last = as_of.plus_days(-1).map_or(last, |over| last.min(over));
            let start = starts.entry(source.clone()).or_insert(first);
            *start = first.min(*start);
            let end = ends.entry(source.clone()).or_insert(last);
            *end = last.max(*end);
        }
    }
    (starts, ends)
}

const FIELDS: [Field; 5] =
    [Field::SubAccountId, Field::RegionId, Field::ServiceName, Field::CommitmentDiscountId, Field::ChargeCategory];

/// The question to the bills: whose a charge is, what rules say of it, and where it is.
fn question(ask: &Ask, request: &Request) -> (Question, Places) {
    let owner = ask.policy.dimensions().len();
    let place = |at: &Position| at.clone();
    let rules = &ask.idle.rules;
    let first = rules.iter().enumerate().map(|(at, rule)| (at.to_string(), place(&rule.at), rule.when.clone()));
    let mut sortings = vec![first.collect::<Vec<_>>()];
    sortings.extend(rules.iter().map(|rule| {
        let unless = rule.unless.iter();
        unless.map(|unless| ("used".to_owned(), place(&unless.at), unless.when.clone())).collect()
    }));
    let measured = ask.idle.measured.iter();
    sortings.push(measured.map(|(when, at)| ("measured".to_owned(), place(at), when.clone())).collect());
    let places = Places { owner, rules: rules.len() };
    let assigned = (0..owner + sortings.len()).map(Dimension::Assigned);
    let dimensions = assigned.chain(FIELDS.map(Dimension::Field)).collect();
    (request.question(Arc::new(ask.policy.with_sortings(sortings)), dimensions), places)
}

/// The documents in the making.
struct Documents<'a> {
    ask: &'a Ask,
    request: &'a Request,
    month: Option<Month>,
    drafts: BTreeMap<Currency, Draft>,
    warnings: Vec<Warning>,
}

#[derive(Debug)]
struct Draft {
    complete: Answer,
    totals: Totals,
    /// What each rule found, by its place: those about charges, then the two about machines, then the one about workloads.
    rules: BTreeMap<(usize, String), RuleSum>,
    findings: Vec<Finding>,
}

impl Default for Draft {
    fn default() -> Self {
        Self { complete: Answer::Unknown, totals: Totals::default(), rules: BTreeMap::new(), findings: Vec::new() }
    }
}

/// What is said of machines and workloads.
const IDLE_MACHINE: (&str, &str) = ("idle-machine", "machine that uses next to nothing");
const NOT_MEASURED: (&str, &str) = ("not-measured", "machine that nothing measures");
const IDLE_WORKLOAD: (&str, &str) = ("idle-workload", "workload that uses next to nothing");

impl Documents<'_> {
    /// A thing that the bills show to be unused.
    fn add(&mut self, currency: &Currency, one: &Unused, starts: &BTreeMap<Arc<Source>, Date>) -> Result<(), Overflow> {
        let Some(rule) = self.ask.idle.rules.get(one.rule) else { return Ok(()) };
        let at_most = rule.unless.as_ref().map(|unless| unless.at_most);
        let activity = one.seen.zip(at_most).map(|((seen, days), at_most)| Activity { seen, at_most, days });
        let finding = Finding {
            rule: rule.id.clone(),
            subject: subject(one, None),
            owner: self.owner(&one.owner),
            cost_month: one.cost,
            saving_month: one.cost,
            from: one.span.0,
            to: one.span.1,
            since_the_beginning: starts.get(&one.source).is_some_and(|start| one.span.0 <= *start),
            activity,
            confidence: rule.confidence,
            risk: rule.risk,
            effort: rule.effort,
            action: rule.action.clone(),
        };
        let (name, source) = (rule.name.clone(), rule.source.clone());
        self.put(currency, one.rule, &name, &source, finding)
    }

    /// Machines of bills beside what was measured of them; `seen` are the workloads that are one.
    fn add_machines(
        &mut self,
        machines: &[(Currency, Unused)],
        starts: &BTreeMap<Arc<Source>, Date>,
        seen: &mut BTreeSet<String>,
    ) -> Result<(), Overflow> {
        let (Some(measured), Some(rule)) = (&self.ask.usage, &self.ask.idle.workload) else { return Ok(()) };
        let names: BTreeMap<&str, _> =
            measured.usage.workloads().into_iter().map(|workload| (workload.name.as_str(), workload)).collect();
        let workload = |id: &str| {
            let last = id.rsplit(['/', ':']).next().unwrap_or(id);
            names.get(id).or_else(|| names.get(last)).copied()
        };
        let found: Vec<_> =
            machines.iter().map(|(currency, one)| (currency, one, one.id.as_deref().and_then(workload))).collect();
        // Where no machine is in the usage at all, the usage is of something else.
        if found.iter().all(|(.., workload)| workload.is_none()) {
            return Ok(());
        }
        for (currency, one, workload) in found {
            let since = starts.get(&one.source).is_some_and(|start| one.span.0 <= *start);
            let place = self.ask.idle.rules.len();
            if let Some(workload) = workload {
                seen.insert(workload.name.clone());
                let Some(resting) = measured.resting(rule, workload, self.request.as_of) else { continue };
                let mut finding = resting_finding(IDLE_MACHINE.0, rule, &resting);
                finding.subject = subject(one, Some(workload.name.clone()));
                finding.owner = self.owner(&one.owner);
                (finding.cost_month, finding.saving_month) = (one.cost, one.cost);
                self.put(currency, place, IDLE_MACHINE.1, &rule.source, finding)?;
                continue;
            }
            let finding = Finding {
                rule: NOT_MEASURED.0.to_owned(),
                subject: subject(one, None),
                owner: self.owner(&one.owner),
                cost_month: one.cost,
                saving_month: None,
                from: one.span.0,
                to: one.span.1,
                since_the_beginning: since,
                activity: None,
                confidence: Grade::Low,
                risk: Grade::High,
                effort: Grade::Medium,
                action: "find out what it does: it is billed, and nothing measures it".to_owned(),
            };
            let source = "Headroom's own: others of its kind are in the usage";
            self.put(currency, place + 1, NOT_MEASURED.1, source, finding)?;
        }
        Ok(())
    }

    /// Workloads that rest, but those that are machines of the bills.
    fn add_workloads(&mut self, machines: &BTreeSet<String>, billed: Option<&Billed>) -> Result<(), Overflow> {
        let (Some(measured), Some(rule)) = (&self.ask.usage, &self.ask.idle.workload) else { return Ok(()) };
        let pricing = Pricing::of(&measured.requests, &measured.assumptions, billed);
        let currency = pricing.currency();
        self.drafts.entry(currency.clone()).or_default();
        for workload in measured.usage.workloads() {
            if machines.contains(&workload.name) {
                continue;
            }
            let Some(resting) = measured.resting(rule, workload, self.request.as_of) else { continue };
            let facts = WorkloadFacts::of(&workload.name, workload.environment());
            let cost = pricing.whole_cost(workload).map(|(cost, _)| cost);
            let mut finding = resting_finding(IDLE_WORKLOAD.0, rule, &resting);
            finding.subject.workload = Some(workload.name.clone());
            finding.owner = Key(facts.owner(&self.ask.policy));
            (finding.cost_month, finding.saving_month) = (cost, cost);
            let place = self.ask.idle.rules.len() + 2;
            self.put(&currency, place, IDLE_WORKLOAD.1, &rule.source, finding)?;
        }
        Ok(())
    }

    fn owner(&self, values: &[Option<Arc<str>>]) -> Key {
        let names = self.ask.policy.dimensions().iter().cloned();
        Key(names.zip(values.iter().map(|value| value.as_deref().map(str::to_owned))).collect())
    }

    fn put(
        &mut self,
        currency: &Currency,
        place: usize,
        name: &str,
        source: &str,
        finding: Finding,
    ) -> Result<(), Overflow> {
        let draft = self.drafts.entry(currency.clone()).or_default();
        let totals = &mut draft.totals;
        if let Some(cost) = finding.cost_month
            && cost < self.ask.idle.least_month
        {
            return below(&mut totals.below_least, Some(cost));
        }
        totals.findings += 1;
        totals.unknown += u64::from(finding.saving_month.is_none());
        totals.saving_month = totals.saving_month.and(finding.saving_month)?;
        let rule = draft.rules.entry((place, finding.rule.clone())).or_insert_with(|| RuleSum {
            rule: finding.rule.clone(),
            name: name.to_owned(),
            source: source.to_owned(),
            findings: 0,
            saving_month: Known::default(),
        });
        rule.findings += 1;
        rule.saving_month = rule.saving_month.and(finding.saving_month)?;
        draft.findings.push(finding);
        if draft.findings.len() >= 2 * LISTED {
            draft.shorten()?;
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<Waste>, Overflow> {
        let usage = self.ask.usage.as_ref().and_then(|measured| {
            let (from, to) = measured.span(self.request.as_of)?;
            Some(UsageSpan { from, to, workloads: measured.usage.workloads().len() as u64 })
        });
        let mut warnings = self.warnings;
        warnings.extend(self.ask.usage.iter().flat_map(|measured| measured.warnings(self.request.as_of)));
        let documents = self.drafts.into_iter().map(|(currency, mut draft)| {
            draft.shorten()?;
            Ok(Waste {
                schema: "headroom/waste/1",
                as_of: self.request.as_of,
                currency,
                month: self.month,
                complete: draft.complete,
                metric: self.request.metric,
                policy: self.ask.policy.name().to_owned(),
                usage,
                warnings: warnings.clone(),
                totals: draft.totals,
                rules: draft.rules.into_values().collect(),
                findings: draft.findings,
            })
        });
        documents.collect()
    }
}

impl Draft {
    /// Sorts what was found, and counts what is beyond the list.
    fn shorten(&mut self) -> Result<(), Overflow> {
        self.findings.order_by(|a, b| {
            let money = |one: &Finding| (one.saving_month, one.cost_month);
            money(b).cmp(&money(a)).then_with(|| (&a.rule, &a.subject).cmp(&(&b.rule, &b.subject)))
        });
        if self.findings.len() <= LISTED {
            return Ok(());
        }
        for beyond in self.findings.drain(LISTED..) {
            below(&mut self.totals.not_listed, beyond.cost_month)?;
        }
        Ok(())
    }
}

fn below(sum: &mut Below, cost: Option<Amount>) -> Result<(), Overflow> {
    sum.count += 1;
    sum.amount = sum.amount.and(cost)?;
    Ok(())
}

fn subject(one: &Unused, workload: Option<String>) -> Subject {
    let text = |text: &Option<Arc<str>>| text.as_deref().map(str::to_owned);
    let [account, region, service] = &one.place;
    Subject {
        provider_name: one.source.provider_name.clone(),
        billing_account_id: one.source.billing_account_id.clone(),
        sub_account_id: text(account),
        region_id: text(region),
        service_name: text(service),
        resource_id: text(&one.id),
        workload,
    }
}

/// What usage tells, without whose it is and what it costs.
fn resting_finding(id: &str, rule: &WorkloadRule, resting: &Resting) -> Finding {
    Finding {
        rule: id.to_owned(),
        subject: Subject {
            provider_name: None,
            billing_account_id: None,
            sub_account_id: None,
            region_id: None,
            service_name: None,
            resource_id: None,
            workload: None,
        },
        owner: Key::default(),
        cost_month: None,
        saving_month: None,
        from: resting.span.0,
        to: resting.span.1,
        since_the_beginning: resting.since_the_beginning,
        activity: Some(Activity { seen: resting.cores, at_most: rule.cores, days: rule.days }),
        confidence: resting.confidence,
        risk: rule.risk,
        effort: rule.effort,
        action: rule.action.clone(),
    }
}
