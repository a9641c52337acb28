//! From bills to what is committed to and what should be.

use std::sync::Arc;

use super::advise::plan;
use super::document::{Approval, Commitments, Existing, Plan, Totals};
use super::existing::{Adding, Known, around, at_demand, stated};
use super::hours::{OnDemand, Seen, day_of};
use super::policy::CommitmentPolicy;
use super::tally::{HourTally, Slot};
use crate::bill::{Metric, Source};
use crate::calendar::{Date, Month};
use crate::change::NoSuchMonth;
use crate::condition::Field;
use crate::ledger::{Bills, Cell, Dimension, FileParts, GroupKey, Overflow, Question, Role, Supply, at_once, resolved};
use crate::money::{Amount, Currency, percent_of};
use crate::order::{BTreeMap, BTreeSet, Order as _};
use crate::report::asked::of_bills;
use crate::report::{Files, FilesError, ReportError, Request, Warning};

/// Why commitments cannot be looked at.
#[derive(Debug)]
#[non_exhaustive]
pub enum CommitmentError<F> {
    /// The bills cannot be added up.
    Report(ReportError<F>),
    /// They can be read once only, and hours need a second reading.
    ReadOnce,
}

/// What is committed to and what should be: one document for each currency, in the order of their codes.
///
/// Reads the bills twice: which files count is known only when all have been read.
///
/// # Errors
/// When the bills cannot be read twice or added up.
pub fn commit<B: Bills>(
    bills: &B,
    policy: &CommitmentPolicy,
    request: &Request,
) -> Result<Vec<Commitments>, CommitmentError<B::Fault>> {
    at_once(commit_from(bills, policy, request))
}

/// The same from bills that may have to be waited for.
pub(crate) async fn commit_from<B: Supply>(
    bills: &B,
    policy: &CommitmentPolicy,
    request: &Request,
) -> Result<Vec<Commitments>, CommitmentError<B::Fault>> {
    if !bills.can_reread() {
        return Err(CommitmentError::ReadOnce);
    }
    let report = |error: FilesError<B::Fault>| CommitmentError::Report(error.into());
    let question = question(policy, request);
    let files = Files::read(bills, &question, request.metric, request.overlap).await.map_err(report)?;
    let counted: Vec<usize> = (0..files.ledgers.len()).filter(|index| !files.skipped.contains(index)).collect();
    let read = bills.read(&counted, &question, &HourTally::default).await.into_iter().collect::<Result<Vec<_>, _>>();
    let read = read.map_err(|fault| report(FilesError::Bill(fault)))?;
    let mut gathered: BTreeMap<Currency, Gathered> = BTreeMap::new();
    for (index, parts) in counted.into_iter().zip(read) {
        gather(&mut gathered, &files, index, parts, request.as_of).map_err(|overflow| report(overflow.into()))?;
    }
    if gathered.is_empty() {
        return Err(report(FilesError::NoCharges(bills.names().to_vec())));
    }
    if gathered.values().all(|gathered| gathered.months.is_empty()) {
        return Err(CommitmentError::Report(ReportError::Month(none_before(&files, request.as_of))));
    }
    let document = |(currency, gathered): (Currency, Gathered)| {
        gathered.document(policy, request, currency, &files).map_err(|overflow| report(overflow.into()))
    };
    gathered.into_iter().map(document).collect()
}

/// That nothing is charged for before the day of asking.
fn none_before(files: &Files, as_of: Date) -> NoSuchMonth {
    let sources = files.ledgers.iter().flat_map(|ledger| ledger.sources.values());
    let held: BTreeSet<Month> = sources.flat_map(|months| months.keys().copied()).collect();
    // On its first day a month has nothing that is over.
    let month = as_of.plus_days(-1).unwrap_or(as_of).month();
    NoSuchMonth { month, held: held.into_iter().collect() }
}

/// What charges are told apart by, after the offer that could cover them.
const FIELDS: [Field; 7] = [
    Field::CommitmentDiscountId,
    Field::CommitmentDiscountName,
    Field::CommitmentDiscountType,
    Field::CommitmentDiscountStatus,
    Field::PricingCategory,
    Field::ChargeCategory,
    Field::ChargeClass,
];

fn question(policy: &CommitmentPolicy, request: &Request) -> Question {
    let offer = policy.dimension().map(Dimension::Assigned);
    // A policy without offers is none, so that the offer is always the first.
    let dimensions = offer.into_iter().chain(FIELDS.map(Dimension::Field)).collect();
    request.question(policy.sorting.clone(), dimensions)
}

/// What the charges of a currency come to.
#[derive(Debug, Default)]
struct Gathered {
    seen: BTreeMap<Arc<Source>, Seen>,
    /// The months of charges before the day of asking.
    months: BTreeSet<Month>,
    /// The last day of usage on the day of asking and after, of which nothing else is kept.
    after: Option<Date>,
    existing: BTreeMap<(Arc<Source>, Option<Arc<str>>), Adding>,
    on_demand: BTreeMap<(String, Arc<Source>), OnDemand>,
    /// Of usage that an offer could cover.
    demanded: Known,
    covered: Known,
}

/// What a charge is to commitments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Usage that a commitment covers.
    Used,
    /// What nobody used of one.
    Unused,
    /// Usage that is paid on demand.
    OnDemand,
    /// Anything else.
    Other,
}

/// What a group's values say.
struct Said<'k> {
    offer: Option<&'k str>,
    id: Option<&'k Arc<str>>,
    name: Option<&'k Arc<str>>,
    kind: Option<&'k Arc<str>>,
    /// Whether it is usage, and no correction.
    usage: bool,
    standing: Standing,
}

impl<'k> Said<'k> {
    fn of(key: &'k GroupKey) -> Self {
        let value = |at: usize| key.values.get(at).and_then(Option::as_ref);
        let is = |at: usize, word: &str| value(at).is_some_and(|value| value.eq_ignore_ascii_case(word));
        let usage = is(6, "Usage") && !is(7, "Correction");
        // Exports without pricing categories state what is covered by its commitment alone.
        let standard = value(5).is_none() || is(5, "Standard");
        let standing = if is(4, "Used") {
            Standing::Used
        } else if is(4, "Unused") {
            Standing::Unused
        } else if usage && standard {
            Standing::OnDemand
        } else {
            Standing::Other
        };
        Self { offer: value(0).map(AsRef::as_ref), id: value(1), name: value(2), kind: value(3), usage, standing }
    }
}

fn gather(
    all: &mut BTreeMap<Currency, Gathered>,
    files: &Files,
    index: usize,
    parts: FileParts<HourTally>,
    as_of: Date,
) -> Result<(), Overflow> {
    let basis = files.ledgers[index].basis;
    let (groups, tally) = parts.into_keys();
    for (key, slots) in groups.iter().zip(tally.groups) {
        let into = all.entry(key.currency.clone()).or_default();
        let said = Said::of(key);
        for ((month, slot), cell) in slots {
            // The day of asking is not over, and what comes after it nobody knows on it.
            if slot.day().is_some_and(|day| day >= as_of) {
                into.beyond(&said, slot);
                continue;
            }
            into.months.insert(month);
            let role = if files.roles.is_empty() {
                Role::Whole
            } else {
                files.roles.get(&(index, (key.source.clone(), month))).copied().unwrap_or_default()
            };
            if let Some(cell) = resolved(cell, key.part, basis, role) {
                into.add(&key.source, &said, slot, &cell)?;
            }
        }
    }
    Ok(())
}

impl Gathered {
    /// What is charged for only from the day of asking on.
    fn beyond(&mut self, said: &Said<'_>, slot: Slot) {
        if said.usage && !matches!(slot, Slot::Long(..)) {
            self.after = self.after.max(slot.day());
        }
    }

    /// That bills end long before the day of asking, or go on after it.
    fn warnings(&self, as_of: Date) -> Vec<Warning> {
        let ends = self.seen.iter().filter_map(|(source, seen)| Some((&**source, seen.last_day()?)));
        of_bills(ends, self.after, as_of)
    }

    fn add(&mut self, source: &Arc<Source>, said: &Said<'_>, slot: Slot, cell: &Cell) -> Result<(), Overflow> {
        if said.usage {
            let seen = self.seen.entry(source.clone()).or_default();
            match slot {
                Slot::Hour(hour) => seen.hour(hour),
                Slot::Day(hour) => seen.day(hour),
                Slot::Long(..) => {}
            }
        }
        if matches!(said.standing, Standing::Used | Standing::Unused) {
            let existing = self.existing.entry((source.clone(), said.id.cloned())).or_default();
            // Of several names the first in order of the alphabet.
            for (kept, named) in [(&mut existing.name, said.name), (&mut existing.kind, said.kind)] {
                if let Some(named) = named
                    && kept.as_ref().is_none_or(|kept| named < kept)
                {
                    *kept = Some(named.clone());
                }
            }
            let (span, first, last) = match slot {
                Slot::Hour(hour) | Slot::Day(hour) => (&mut existing.days, hour, hour),
                Slot::Long(first, last) => (&mut existing.fees, first, last),
            };
            if let Some(days) = day_of(first).zip(day_of(last)) {
                *span = Some(around(*span, days));
            }
            let effective = stated(cell, Metric::Effective);
            if said.standing == Standing::Used {
                existing.used.add(effective)?;
                existing.covered.add(at_demand(cell))?;
                if said.offer.is_some() {
                    self.covered.add(at_demand(cell))?;
                }
            } else {
                existing.unused.add(effective)?;
            }
        }
        if let Some(offer) = said.offer.filter(|_| said.standing == Standing::OnDemand) {
            let cost = stated(cell, Metric::Effective).or_else(|| stated(cell, Metric::Billed));
            self.demanded.add(cost)?;
            let into = self.on_demand.entry((offer.to_owned(), source.clone())).or_default();
            match (slot, cost) {
                (Slot::Hour(hour), Some(cost)) => into.hour(hour, cost)?,
                (Slot::Day(hour), Some(cost)) => into.day(hour, cost)?,
                // What is charged by the month says nothing of hours.
                _ => {}
            }
        }
        Ok(())
    }

    fn document(
        self,
        policy: &CommitmentPolicy,
        request: &Request,
        currency: Currency,
        files: &Files,
    ) -> Result<Commitments, Overflow> {
        let warnings = files.warnings.iter().cloned().chain(self.warnings(request.as_of)).collect();
        let mut totals = Totals { on_demand: self.demanded.get().unwrap_or_default(), ..Totals::default() };
        let (mut used, mut unused, mut ended) = (Known::default(), Known::default(), Known::default());
        let mut existing: Vec<Existing> = Vec::new();
        for ((source, id), adding) in self.existing {
            let end = self.seen.get(&source).and_then(Seen::last_day);
            let Some(one) = adding.finish(&source, id.as_ref(), end) else { continue };
            if one.ended {
                ended.add(one.unused)?;
            } else {
                used.add(one.used)?;
                unused.add(one.unused)?;
            }
            existing.push(one);
        }
        existing.order_by(|a, b| b.unused.cmp(&a.unused).then_with(|| (&a.source, &a.id).cmp(&(&b.source, &b.id))));
        if used.any() {
            (totals.used, totals.unused) = (used.get(), unused.get());
        }
        totals.ended_unused = ended.get();
        let paid = totals.used.zip(totals.unused).and_then(|(used, unused)| used.checked_add(unused));
        totals.utilisation_percent = totals.used.zip(paid).and_then(|(used, paid)| percent_of(used, paid));
        totals.covered = self.covered.get();
        let eligible = totals.covered.and_then(|covered| covered.checked_add(totals.on_demand));
        totals.coverage_percent = totals.covered.zip(eligible).and_then(|(part, whole)| percent_of(part, whole));
        let nothing = Seen::default();
        let mut plans = Vec::new();
        for ((id, source), on_demand) in &self.on_demand {
            let Some(offer) = policy.offers.iter().find(|offer| offer.id == *id) else { continue };
            let hourly = on_demand.hourly(self.seen.get(source).unwrap_or(&nothing), request.as_of)?;
            plans.push(plan(policy, offer, source, &hourly, request.as_of));
        }
        let saves = |plan: &Plan| plan.recommended.as_ref().map(|one| one.saving_month);
        plans.order_by(|a, b| saves(b).cmp(&saves(a)).then_with(|| (&a.offer, &a.source).cmp(&(&b.offer, &b.source))));
        totals.recommended = plans.iter().filter(|plan| plan.recommended.is_some()).count() as u64;
        totals.saving_month = Amount::checked_sum(plans.iter().filter_map(saves)).ok_or(Overflow)?;
        Ok(Commitments {
            schema: "headroom/commitments/1",
            as_of: request.as_of,
            currency,
            approval: Approval { required: totals.recommended > 0, approver: policy.approver.clone() },
            warnings,
            totals,
            existing,
            plans,
        })
    }
}
