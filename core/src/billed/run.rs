//! From bills to what they say of prices.

use std::sync::Arc;

use super::tally::{BilledTally, MachineSums, MeteredSums, Wanted};
use crate::allocation::Policy;
use crate::calendar::Month;
use crate::change::{NoSuchMonth, choose};
use crate::ledger::{
    Answer, Bills, Cell, Dimension, Overflow, Question, Role, Supply, add_up, at_once, month_complete, resolved,
    usage_days,
};
use crate::money::Currency;
use crate::order::{BTreeMap, BTreeSet};
use crate::report::{Files, FilesError, ReportError, Request};
use crate::rightsizing::{Billed, BilledMachine, Usage};
use crate::waste::IdlePolicy;

/// Why nothing can be said of prices.
#[derive(Debug)]
#[non_exhaustive]
pub enum BilledError<F> {
    /// The bills cannot be added up.
    Report(ReportError<F>),
    /// They can be read once only, and the month is known only when they have been read.
    ReadOnce,
}

/// What bills say of the price of these workloads: one answer for each currency, in the order of their codes. What a machine is
/// the rules say that are `measured` ([`IdlePolicy`]).
///
/// # Errors
/// When the bills cannot be read twice or added up.
pub fn billed<B: Bills>(
    bills: &B,
    usage: &Usage,
    idle: &IdlePolicy,
    request: &Request,
) -> Result<Vec<Billed>, BilledError<B::Fault>> {
    at_once(billed_from(bills, usage, idle, request))
}

/// The same from bills that may have to be waited for.
pub(crate) async fn billed_from<B: Supply>(
    bills: &B,
    usage: &Usage,
    idle: &IdlePolicy,
    request: &Request,
) -> Result<Vec<Billed>, BilledError<B::Fault>> {
    if !bills.can_reread() {
        return Err(BilledError::ReadOnce);
    }
    let report = |error: FilesError<B::Fault>| BilledError::Report(error.into());
    let overflow = |_: Overflow| BilledError::Report(FilesError::OutOfRange(None).into());
    let mut question = question(idle, request);
    let files = Files::read(bills, &question, request.metric, request.overlap).await.map_err(report)?;
    let sums = add_up(&files.ledgers, &files.skipped, &files.roles, &[]).map_err(overflow)?;
    let days = usage_days(&files.ledgers, &files.skipped, &files.roles);
    if sums.is_empty() {
        return Err(report(FilesError::NoCharges(bills.names().to_vec())));
    }
    let held = |month: &Month| sums.values().any(|sums| sums.present.contains_key(month));
    let month = match request.month {
        Some(asked) => Some(asked).filter(held),
        None => choose(sums.values(), &days, request.as_of),
    };
    let Some(month) = month else {
        let held: BTreeSet<Month> = sums.values().flat_map(|sums| sums.present.keys().copied()).collect();
        let month = request.month.unwrap_or(request.as_of.month());
        return Err(BilledError::Report(ReportError::Month(NoSuchMonth { month, held: held.into_iter().collect() })));
    };
    let workloads = usage.workloads();
    let names = workloads.iter().zip(0..).map(|(workload, at)| (workload.name.clone(), at)).collect();
    let wanted = Arc::new(Wanted { names, month, metric: request.metric });
    question.only = Some([month, month]);
    let counted: Vec<usize> = (0..files.ledgers.len()).filter(|index| !files.skipped.contains(index)).collect();
    let tally = || BilledTally::new(wanted.clone());
    let read = bills.read(&counted, &question, &tally).await.into_iter().collect::<Result<Vec<_>, _>>();
    let read = read.map_err(|fault| report(FilesError::Bill(fault)))?;
    let mut gathered: BTreeMap<Currency, Gathered> =
        sums.keys().map(|code| (code.clone(), Gathered::default())).collect();
    for (file, found) in counted.into_iter().zip(read) {
        let basis = files.ledgers[file].basis;
        let (groups, tally) = found.into_keys();
        let of = |group: u32| {
            let key = groups.get(group as usize)?;
            let slot = (key.source.clone(), month);
            let role = files.roles.get(&(file, slot)).copied().unwrap_or(Role::Whole);
            // One row stands for all: of which of a group's rows a metric counts depends on the group alone.
            let cell = resolved(Cell::stating(request.metric, crate::money::Amount::ZERO), key.part, basis, role)?;
            Some((key, cell.amount(request.metric).is_some()))
        };
        for (metered, group) in tally.metered.iter().zip(0..) {
            if let Some((key, true)) = of(group) {
                gathered.entry(key.currency.clone()).or_default().metered.merge(metered).map_err(overflow)?;
            }
        }
        for ((workload, id, group), mut machine) in tally.machines {
            let Some((key, stated)) = of(group) else { continue };
            if !stated {
                machine.missing = machine.rows;
            }
            let is_machine = key.values.first().is_some_and(Option::is_some);
            let into = gathered.entry(key.currency.clone()).or_default();
            into.add(workload, id, &machine, is_machine).map_err(overflow)?;
        }
    }
    let name = |at: u32| workloads.get(at as usize).map(|workload| workload.name.clone());
    let one = |(currency, gathered): (Currency, Gathered)| {
        let complete =
            sums.get(&currency).map_or(Answer::Unknown, |sums| month_complete(&days, &sums.sources(month), month));
        gathered.finish(currency, month, complete, request, &name)
    };
    Ok(gathered.into_iter().map(one).collect())
}

/// What bills say in the currency that prices are in; of one currency alone where none is known. `None` where that leaves none,
/// or several.
pub fn in_currency(all: Vec<Billed>, currency: Option<&Currency>) -> Result<Billed, Vec<Currency>> {
    let codes = all.iter().map(|one| one.currency.clone()).collect();
    let mut fit = all.into_iter().filter(|one| currency.is_none_or(|currency| one.currency == *currency));
    match (fit.next(), fit.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(codes),
    }
}

/// The dimension that is set where a charge is of a machine.
const MACHINE: &str = "machine";

/// What the charges are told apart by: whether they are of machines.
fn question(idle: &IdlePolicy, request: &Request) -> Question {
    let measured = idle.measured.iter().map(|(when, at)| (MACHINE.to_owned(), at.clone(), when.clone()));
    let sorting = Policy::sorting("machines", MACHINE, measured.collect());
    let machine = sorting.dimensions().iter().position(|name| name == MACHINE).unwrap_or_default();
    request.question(Arc::new(sorting), vec![Dimension::Assigned(machine)])
}

/// What charges of a currency come to.
#[derive(Debug, Default)]
struct Gathered {
    metered: MeteredSums,
    /// By workload and identifier; whether any charge says that it is a machine.
    machines: BTreeMap<(u32, Arc<str>), (MachineSums, bool)>,
}

impl Gathered {
    fn add(&mut self, workload: u32, id: Arc<str>, sums: &MachineSums, is_machine: bool) -> Result<(), Overflow> {
        let (known, machine) = self.machines.entry((workload, id)).or_default();
        *machine |= is_machine;
        known.merge(sums)
    }

    fn finish(
        self,
        currency: Currency,
        month: Month,
        complete: Answer,
        request: &Request,
        name: &impl Fn(u32) -> Option<String>,
    ) -> Billed {
        let mut by_workload: BTreeMap<u32, Vec<BilledMachine>> = BTreeMap::new();
        for ((workload, id), (sums, is_machine)) in self.machines {
            // A cost of which a part is not known is none.
            if !is_machine || sums.missing > 0 {
                continue;
            }
            let MachineSums { rows, cost, by_hour, longer, .. } = sums;
            let machine = BilledMachine { resource_id: id.to_string(), rows, cost, by_hour, longer };
            by_workload.entry(workload).or_default().push(machine);
        }
        let mut machines = BTreeMap::new();
        let mut ambiguous = 0;
        for (workload, mut found) in by_workload {
            match (found.pop(), found.is_empty(), name(workload)) {
                (Some(only), true, Some(name)) => {
                    machines.insert(name, only);
                }
                _ => ambiguous += 1,
            }
        }
        let MeteredSums { sized, cores, memory } = self.metered;
        Billed { currency, month, complete, metric: request.metric, sized, cores, memory, machines, ambiguous }
    }
}
