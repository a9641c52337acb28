//! One list of what documents propose, in which nothing counts twice.

use crate::order::{BTreeMap, BTreeSet};

use super::documents::{Document, Savings};
use super::proposal::{Of, Payer, Proposal};
use crate::allocation::{EnvironmentKind, Policy};
use crate::ledger::Answer;
use crate::money::Amount;
use crate::report::{
    Action, ActionDocument, ActionKind, ActionTotals, Actions, EnvironmentSavings, Key, KindAmounts, Report,
    SquadSavings, UNALLOCATED, words,
};
use crate::rightsizing::WorkloadFacts;

/// A proposal and what it counts for.
struct Counted<'p> {
    proposal: &'p Proposal,
    saving: Option<Amount>,
    overlap: Option<String>,
    owner: Key,
}

impl Savings {
    /// Ranks what could be saved in the currency of a report, and puts it there. The policy says whose workloads are.
    ///
    /// What is in another currency stands in no list but is named. A sum out of range leaves the report as it was.
    pub fn put_into(&self, report: &mut Report, policy: &Policy) {
        let here = |document: &&Document| document.currency == report.currency.code();
        let proposals: Vec<&Proposal> =
            self.documents.iter().filter(here).flat_map(|document| &document.proposals).collect();
        let mut counted = count(&proposals, policy);
        let could_save = by_environment(&counted, report, policy);
        let before = counted.len();
        counted.retain(|one| is_of(&report.owner, one));
        let of_others = (before - counted.len()) as u64;
        counted.sort_by(|a, b| rank(a).cmp(&rank(b)));
        bound(&mut counted, report);
        counted.sort_by(|a, b| rank(a).cmp(&rank(b)));
        let Some(totals) = totals(&counted, of_others) else { return };
        let list = counted.into_iter().zip(1..).map(|(one, rank)| action(one, rank)).collect();
        let documents = self.documents.iter().map(|document| said_of(document, report)).collect();
        report.actions = Some(Actions { documents, totals, list });
        if let Some(environments) = &mut report.environments
            && report.owner.is_empty()
        {
            environments.could_save = could_save;
        }
    }
}

/// What each counts for once those that are taken before it are done.
fn count<'p>(proposals: &[&'p Proposal], policy: &Policy) -> Vec<Counted<'p>> {
    let of_kind = |kind: ActionKind| proposals.iter().filter(move |one| one.kind == kind);
    let mut counted = Vec::new();
    let mut removed: BTreeSet<&str> = BTreeSet::new();
    // What is saved of each workload, and on each bill.
    let mut less: BTreeMap<&str, Amount> = BTreeMap::new();
    let mut less_on: BTreeMap<&Payer, Amount> = BTreeMap::new();
    // What the search for waste found on bills: it names commitments that nobody uses, too.
    let mut found: BTreeMap<(&Payer, &str), Amount> = BTreeMap::new();
    let mut add = |proposal: &'p Proposal, saving: Option<Amount>, overlap: Option<String>| {
        counted.push(Counted { proposal, saving, overlap, owner: owner(proposal, policy) });
    };
    for one in of_kind(ActionKind::Remove) {
        match &one.of {
            Of::Workload { name, .. } => {
                if let Some(stated) = one.stated {
                    removed.insert(name);
                    less.insert(name, stated);
                }
            }
            Of::Bill { payer, .. } => {
                note(&mut less_on, payer, one.stated.unwrap_or_default());
                note(&mut found, (payer, one.subject.as_str()), one.stated.unwrap_or_default());
            }
            Of::Commitment { .. } | Of::OnDemand { .. } => {}
        }
        add(one, one.stated, None);
    }
    for one in of_kind(ActionKind::Resize) {
        let Of::Workload { name, .. } = &one.of else { continue };
        if removed.contains(name.as_str()) {
            add(one, one.stated.map(|_| Amount::ZERO), Some("the workload is removed".to_owned()));
            continue;
        }
        note(&mut less, name.as_str(), one.stated.unwrap_or_default().max(Amount::ZERO));
        add(one, one.stated, None);
    }
    for one in of_kind(ActionKind::Schedule) {
        let Of::Workload { name, cost, .. } = &one.of else { continue };
        if removed.contains(name.as_str()) {
            add(one, one.stated.map(|_| Amount::ZERO), Some("the workload is removed".to_owned()));
            continue;
        }
        let smaller = less.get(name.as_str()).copied().unwrap_or_default();
        let left = one.stated.map(|stated| left_of(stated, smaller, *cost));
        let overlap = (left < one.stated).then(|| "only what a smaller size leaves can be off".to_owned());
        note(&mut less, name.as_str(), left.unwrap_or_default());
        add(one, left, overlap);
    }
    for one in of_kind(ActionKind::Use) {
        let Of::Commitment { payer, id } = &one.of else { continue };
        let named = id.as_deref().and_then(|id| found.get(&(payer, id))).copied().unwrap_or_default();
        let left = one.stated.and_then(|stated| Some(stated.checked_sub(named)?.max(Amount::ZERO)));
        let overlap = (left < one.stated).then(|| "it is found as waste already".to_owned());
        // What takes up what is unused is paid on demand today.
        note(&mut less_on, payer, left.unwrap_or_default());
        add(one, left, overlap);
    }
    let of_workloads = Amount::checked_sum(less.values().copied());
    let plans: Vec<(&&Proposal, &Payer, Amount)> = of_kind(ActionKind::Commit)
        .filter_map(|one| match &one.of {
            Of::OnDemand { payer, cost, .. } => Some((one, payer, *cost)),
            _ => None,
        })
        .collect();
    let whole = Amount::checked_sum(plans.iter().map(|(.., cost)| *cost));
    for (one, payer, cost) in &plans {
        let on_bill = Amount::checked_sum(plans.iter().filter(|(_, of, _)| of == payer).map(|(.., cost)| *cost));
        // Nobody knows on which bill workloads run: what they use less of is taken from all that could be covered, each in
        // proportion; what is removed from a bill, from that bill.
        let gone = (|| {
            let of_workloads = share(of_workloads?, *cost, whole?)?;
            share(less_on.get(payer).copied().unwrap_or_default(), *cost, on_bill?)?.checked_add(of_workloads)
        })();
        // What is out of range is more than there is.
        let left = one.stated.map(|stated| gone.map_or(Amount::ZERO, |gone| left_of(stated, gone, Some(*cost))));
        let overlap = (left < one.stated).then(|| "only usage that is left is committed to".to_owned());
        add(one, left, overlap);
    }
    counted
}

fn note<K: Ord>(sums: &mut BTreeMap<K, Amount>, key: K, amount: Amount) {
    let sum = sums.entry(key).or_default();
    *sum = sum.checked_add(amount).unwrap_or(*sum);
}

/// What is left of a saving where so much of the cost is gone already; nothing where nobody says what it costs.
fn left_of(saving: Amount, gone: Amount, cost: Option<Amount>) -> Amount {
    if gone <= Amount::ZERO {
        return saving;
    }
    let left = (|| {
        let cost = cost.filter(|cost| *cost > gone)?;
        saving.checked_mul_div(cost.checked_sub(gone)?.units(), cost.magnitude())
    })();
    left.unwrap_or(Amount::ZERO).min(saving)
}

/// The part of an amount that falls on `part` of `whole`.
fn share(amount: Amount, part: Amount, whole: Amount) -> Option<Amount> {
    if whole <= Amount::ZERO { Some(Amount::ZERO) } else { amount.checked_mul_div(part.units(), whole.magnitude()) }
}

fn owner(proposal: &Proposal, policy: &Policy) -> Key {
    match &proposal.of {
        Of::Workload { owner: Some(owner), .. } | Of::Bill { owner, .. } => {
            // JSON has no order of keys; the policy has one of its dimensions.
            let mut owner = owner.clone();
            owner.0.sort_by_key(|(name, _)| {
                let place = policy.dimensions().iter().position(|known| known == name);
                (place.unwrap_or(usize::MAX), name.clone())
            });
            owner
        }
        Of::Workload { name, environment, .. } => Key(WorkloadFacts::of(name, environment.as_deref()).owner(policy)),
        Of::Commitment { .. } | Of::OnDemand { .. } => Key::default(),
    }
}

/// Whether it is the owner's whose report it is; everything is in everybody's.
fn is_of(asked: &BTreeMap<String, String>, one: &Counted<'_>) -> bool {
    asked.iter().all(|(name, value)| {
        let own = one.owner.0.iter().find(|(known, _)| known == name);
        own.is_some_and(|(_, own)| own.as_deref().unwrap_or(UNALLOCATED) == value)
    })
}

/// The most money first; then what saves nothing more, what nobody can tell, and what costs money, the least first.
fn rank<'a>(one: &'a Counted<'_>) -> (u8, std::cmp::Reverse<Option<Amount>>, ActionKind, &'a str, &'a str) {
    let group = match one.saving {
        Some(saving) if saving > Amount::ZERO => 0,
        Some(saving) if saving.is_zero() => 1,
        None => 2,
        Some(_) => 3,
    };
    (group, std::cmp::Reverse(one.saving), one.proposal.kind, &one.proposal.subject, &one.proposal.what)
}

/// No more is saved than the month cost: documents may state prices that the bill does not.
fn bound(counted: &mut [Counted<'_>], report: &Report) {
    let Some(cost) = report.totals.get(report.metric).amount.filter(|_| report.complete != Answer::No) else { return };
    let mut left = cost.max(Amount::ZERO);
    for one in counted {
        let Some(saving) = one.saving.filter(|saving| *saving > Amount::ZERO) else { continue };
        if saving > left {
            one.saving = Some(left);
            one.overlap = Some(format!("no more is left of what {} cost", words::month(report.month)));
        }
        left = left.checked_sub(saving.min(left)).unwrap_or_default();
    }
}

fn totals(counted: &[Counted<'_>], of_others: u64) -> Option<ActionTotals> {
    let positive = |amount: &Amount| *amount > Amount::ZERO;
    let saving_month = Amount::checked_sum(counted.iter().filter_map(|one| one.saving).filter(positive))?;
    let stated_month = Amount::checked_sum(counted.iter().filter_map(|one| one.proposal.stated).filter(positive))?;
    let costs = counted.iter().filter_map(|one| one.saving).filter(|amount| *amount < Amount::ZERO);
    Some(ActionTotals {
        saving_month,
        stated_month,
        overlap_month: stated_month.checked_sub(saving_month)?,
        cost_month: Amount::ZERO.checked_sub(Amount::checked_sum(costs)?)?,
        actions: counted.len() as u64,
        of_others,
    })
}

fn action(one: Counted<'_>, rank: u64) -> Action {
    let proposal = one.proposal;
    let what = match (&proposal.of, one.saving, proposal.stated) {
        (Of::OnDemand { commit, .. }, Some(left), Some(stated)) => commit.what(left, stated),
        _ => proposal.what.clone(),
    };
    Action {
        rank,
        action: proposal.kind,
        subject: proposal.subject.clone(),
        what,
        owner: one.owner,
        approver: proposal.approver.clone(),
        saving_month: one.saving,
        stated_month: proposal.stated,
        overlap: one.overlap,
        risk: proposal.risk,
        effort: proposal.effort,
        evidence: proposal.evidence.clone(),
    }
}

fn said_of(document: &Document, report: &Report) -> ActionDocument {
    let note = if document.currency != report.currency.code() {
        Some(format!("is in {} and not in this list", document.currency))
    } else if let Some(month) = document.month.filter(|month| *month != report.month) {
        Some(format!("tells the cost of {}", words::month(month)))
    } else {
        document
            .policy
            .as_ref()
            .filter(|policy| file_names(policy) != file_names(&report.policy))
            .map(|_| "says whose things are by another policy".to_owned())
    };
    ActionDocument { name: document.name.clone(), schema: document.schema.clone(), note }
}

/// The names of files without their directories: a policy is the same wherever it is read from.
fn file_names(policy: &str) -> Vec<&str> {
    policy.split(", ").map(|name| name.rsplit(['/', '\\']).next().unwrap_or(name)).collect()
}

/// What smaller sizes and off-hours would save, by what the workload's environment is.
fn by_environment(counted: &[Counted<'_>], report: &Report, policy: &Policy) -> Option<EnvironmentSavings> {
    report.environments.as_ref()?;
    let mut savings = EnvironmentSavings::default();
    // Those without a squad stand last.
    let mut squads: BTreeMap<(bool, Option<String>), [KindAmounts; 2]> = BTreeMap::new();
    let mut any = false;
    for one in counted {
        let into = match one.proposal.kind {
            ActionKind::Resize => &mut savings.sizes,
            ActionKind::Schedule => &mut savings.off_hours,
            ActionKind::Remove | ActionKind::Use | ActionKind::Commit => continue,
        };
        any = true;
        let squad = one.owner.0.iter().find(|(name, _)| name == "squad").and_then(|(_, value)| value.clone());
        let environment =
            one.owner.0.iter().find(|(name, _)| name == "environment").and_then(|(_, value)| value.as_deref());
        let kind: EnvironmentKind = policy.environments().kind(environment);
        let saving = one.saving.unwrap_or_default().max(Amount::ZERO);
        let own = squads.entry((squad.is_none(), squad)).or_insert([KindAmounts::default(); 2]);
        let [own_sizes, own_hours] = own;
        let own = if one.proposal.kind == ActionKind::Resize { own_sizes } else { own_hours };
        for sum in [into.of_mut(kind), own.of_mut(kind)] {
            *sum = sum.checked_add(saving)?;
        }
    }
    savings.squads =
        squads.into_iter().map(|((_, squad), [sizes, off_hours])| SquadSavings { squad, sizes, off_hours }).collect();
    any.then_some(savings)
}
