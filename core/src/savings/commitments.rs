//! What documents of commitments propose: using those there are, and committing to more.

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;

use super::documents::{Head, Place, Read, typed, within};
use super::proposal::{Commit, Of, Payer, Proposal};
use crate::calendar::Date;
use crate::money::Amount;
use crate::report::{ActionGrade, ActionKind, figures};

#[derive(Deserialize)]
struct Commitments {
    approval: Approval,
    #[serde(default)]
    existing: Vec<ExistingRow>,
    plans: Vec<PlanRow>,
}

#[derive(Deserialize)]
struct ExistingRow {
    id: Option<String>,
    name: Option<String>,
    kind: Option<String>,
    provider_name: Option<String>,
    billing_account_id: Option<String>,
    from: Date,
    to: Date,
    #[serde(default)]
    ended: bool,
    unused: Option<Amount>,
    unused_month: Option<Amount>,
    utilisation_percent: Option<String>,
}

#[derive(Deserialize)]
struct Approval {
    approver: String,
}

#[derive(Deserialize)]
struct PlanRow {
    offer: String,
    name: String,
    provider_name: Option<String>,
    billing_account_id: Option<String>,
    term_months: u64,
    #[serde(default)]
    step: String,
    on_demand_month: Amount,
    recommended: Option<RecommendedRow>,
    tried: Option<TriedRow>,
}

#[derive(Deserialize)]
struct RecommendedRow {
    commit_hour: Amount,
    saving_month: Amount,
    bearable_fall_percent: Amount,
    #[serde(default)]
    tranches: Vec<TrancheRow>,
}

#[derive(Deserialize)]
struct TrancheRow {
    on: Date,
    commit_hour: Amount,
}

#[derive(Deserialize)]
struct TriedRow {
    windows: u64,
    losses: u64,
}

pub(super) fn of_commitments(place: &Place<'_>, value: &Value) -> Read {
    let (head, document): (Head, Commitments) = typed(value)?;
    let mut proposals: Vec<Proposal> = document
        .existing
        .iter()
        .enumerate()
        .filter_map(|(at, one)| unused(place, at, one, &document.approval.approver))
        .collect();
    for (at, plan) in document.plans.into_iter().enumerate() {
        let Some(one) = plan.recommended else { continue };
        within(&plan.offer, Some(one.saving_month), Some(plan.on_demand_month))?;
        let payer: Payer = (plan.provider_name, plan.billing_account_id);
        let tried = plan.tried.as_ref();
        let mut says = tried.map_or_else(
            || "never tried on the past".to_owned(),
            |tried| format!("tried {} times on the past, {} with a loss", tried.windows, tried.losses),
        );
        let _ = write!(says, "; usage may fall by {} %", one.bearable_fall_percent.round_to(1));
        if plan.step == "day" {
            says.push_str("; by the day: what lies idle at night is not seen, so it is the most there can be");
        }
        let account = payer.1.as_ref().map_or_else(String::new, |account| format!(" in {account}"));
        let commit = Commit {
            hour: one.commit_hour,
            parts: one.tranches.into_iter().map(|part| (part.on, part.commit_hour)).collect(),
            term: format!("for {} months{account}", plan.term_months),
        };
        proposals.push(Proposal {
            kind: ActionKind::Commit,
            subject: plan.name,
            what: format!("commit to {} an hour {}", commit.hour, commit.term),
            of: Of::OnDemand { payer, cost: plan.on_demand_month, commit },
            stated: Some(one.saving_month),
            // It binds for its term, whatever becomes of the usage.
            risk: if tried.is_some_and(|tried| tried.losses == 0) { ActionGrade::Medium } else { ActionGrade::High },
            effort: ActionGrade::Low,
            approver: Some(document.approval.approver.clone()),
            evidence: place.evidence(vec![format!("/plans/{at}")], says),
        });
    }
    Ok((head, proposals))
}

/// What lies unused of a commitment a month, which older documents leave to be worked out; `None` where nothing does, or it has
/// ended and nothing can be done about it.
fn unused(place: &Place<'_>, at: usize, one: &ExistingRow, approver: &str) -> Option<Proposal> {
    let unused = one.unused.filter(|unused| *unused > Amount::ZERO && !one.ended)?;
    let by_days = || {
        let days = one.to.days_since_epoch() - one.from.days_since_epoch() + 1;
        // A twelfth of a year.
        unused.checked_mul_div(365, u128::try_from(days).ok().filter(|days| *days > 0)? * 12)
    };
    let month = one.unused_month.or_else(by_days)?;
    let kind = one.kind.as_deref().unwrap_or("commitment");
    let used = figures::proportion(one.utilisation_percent.as_deref().unwrap_or("some"));
    Some(Proposal {
        kind: ActionKind::Use,
        subject: one.name.clone().or_else(|| one.id.clone()).unwrap_or_else(|| kind.to_owned()),
        what: "move usage to it, exchange or sell it; else let it end".to_owned(),
        of: Of::Commitment { payer: (one.provider_name.clone(), one.billing_account_id.clone()), id: one.id.clone() },
        stated: Some(month),
        risk: ActionGrade::Low,
        effort: ActionGrade::Medium,
        approver: Some(approver.to_owned()),
        evidence: place.evidence(
            vec![format!("/existing/{at}")],
            format!("{kind}: {used} of it was used from {} to {}, {} was not", one.from, one.to, unused.round_to(2)),
        ),
    })
}
