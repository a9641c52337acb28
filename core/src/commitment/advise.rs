//! What an offer comes to at one account: advice, and what it stands on.

use super::document::{LookBack, Plan, PlanRefused, Recommended, Step, Tranche, TriedPartsShown, TriedShown};
use super::hours::Hourly;
use super::optimum::{LEARNT, WEEK, advised, bearable_fall, hindsight, look_backs, saving, utilisation};
use super::policy::{CommitmentPolicy, Offer};
use super::trial::{tried, tried_in_parts};
use crate::bill::Source;
use crate::calendar::Date;
use crate::forecast::{Figure, Ratio};
use crate::money::Amount;

/// Hours of a month, as prices by the month count them.
const MONTH_HOURS: f64 = 730.0;

/// One hour in so many may be a gap.
const MOST_GAPS: u64 = 3;

/// An amount of money of so many units, to a thousandth: no commitment is made more finely.
fn money(value: f64) -> Amount {
    Amount::from_units((value * 1e3).round() as i128 * 10_i128.pow(15))
}

/// The offer held against the usage of an account.
pub(super) fn plan(policy: &CommitmentPolicy, offer: &Offer, source: &Source, hourly: &Hourly, as_of: Date) -> Plan {
    let values = hourly.values.as_slice();
    let recent = values.get(values.len().saturating_sub(LEARNT)..).unwrap_or_default();
    let month = |hours: &[f64], sum: f64| money(sum * MONTH_HOURS / hours.len().max(1) as f64);
    let discount = offer.discount_percent.units() as f64 / 1e20;
    let covers = (advised(values, discount) * 1e3).floor() / 1e3;
    let mut plan = Plan {
        offer: offer.id.clone(),
        name: offer.name.clone(),
        source: source.clone(),
        discount_percent: offer.discount_percent,
        term_months: offer.term_months,
        step: hourly.step,
        from: hourly.days.map(|(from, _)| from),
        to: hourly.days.map(|(_, to)| to),
        hours: values.len() as u64,
        gaps: hourly.gaps,
        on_demand_month: month(recent, recent.iter().sum()),
        recommended: None,
        refused: None,
        look_backs: Vec::new(),
        tried: None,
        tried_in_parts: None,
        unknown: unknown(offer, hourly),
    };
    plan.refused = refused(policy, hourly);
    if plan.refused.is_some() {
        return plan;
    }
    plan.look_backs = look_backs(values).map(|(days, hours)| look_back(days, hours, covers, discount)).collect();
    let past = tried(values, discount);
    plan.tried = (past.windows > 0).then(|| TriedShown {
        windows: past.windows,
        capture_percent: past.capture().map(|part| Ratio(part * 100.0)),
        regret_month: money((past.best - past.saved) * MONTH_HOURS / (past.windows as f64 * LEARNT as f64)),
        losses: past.losses,
        worst_percent: Ratio(past.worst * 100.0),
    });
    plan.tried_in_parts = in_parts(policy, values, discount);
    let saves = |covers: f64| month(recent, saving(recent, covers, discount));
    plan.refused = if covers <= 0.0 {
        let reason = "no amount would have been used enough over every look-back".to_owned();
        Some(PlanRefused { code: "loss", reason })
    } else if saves(covers) < policy.least_saving {
        let reason =
            format!("it would save {} a month, and the policy asks for {}", saves(covers), policy.least_saving);
        Some(PlanRefused { code: "too_small", reason })
    } else {
        None
    };
    if plan.refused.is_none() {
        plan.recommended = Some(recommended(policy, offer, recent, covers, discount, as_of));
    }
    plan
}

/// How committing in the policy's parts would have done; `None` where it has but one, or the history is too short.
fn in_parts(policy: &CommitmentPolicy, values: &[f64], discount: f64) -> Option<TriedPartsShown> {
    let parts = usize::try_from(policy.tranches).ok().filter(|parts| *parts > 1)?;
    let past = tried_in_parts(values, discount, parts, usize::try_from(policy.tranche_days).ok()? * 24);
    let percent = |part: f64| (past.best > 0.0).then(|| Ratio(100.0 * part / past.best));
    (past.windows > 0).then(|| TriedPartsShown {
        windows: past.windows,
        days: past.hours as u64 / 24,
        capture_percent: percent(past.saved),
        losses: past.losses,
        capture_percent_at_once: percent(past.at_once),
        losses_at_once: past.losses_at_once,
    })
}

fn refused(policy: &CommitmentPolicy, hourly: &Hourly) -> Option<PlanRefused> {
    let hours = hourly.values.len() as u64;
    let days = (hours + hourly.gaps) / 24;
    let refuse = |code, reason| Some(PlanRefused { code, reason });
    if days < policy.least_days || hours < WEEK as u64 {
        let needed = policy.least_days;
        return refuse("too_short", format!("there are {days} days of usage, and {needed} are needed"));
    }
    if hourly.gaps * MOST_GAPS > hours + hourly.gaps {
        let gaps = hourly.gaps;
        return refuse("gaps", format!("the bills say nothing of {gaps} of {} hours", hours + gaps));
    }
    if hourly.values.iter().all(|used| *used <= 0.0) {
        return refuse("no_usage", "nothing that it could cover is paid on demand".to_owned());
    }
    None
}

fn look_back(days: usize, hours: &[f64], covers: f64, discount: f64) -> LookBack {
    let paid: f64 = hours.iter().sum();
    let best = hindsight(hours, discount);
    let percent = |covers: f64| if paid > 0.0 { 100.0 * saving(hours, covers, discount) / paid } else { 0.0 };
    LookBack {
        days: days as u64,
        best_covers_hour: Figure(best),
        best_saving_percent: Ratio(percent(best)),
        saving_percent: Ratio(percent(covers)),
        utilisation_percent: Ratio(100.0 * utilisation(hours, covers)),
    }
}

fn recommended(
    policy: &CommitmentPolicy,
    offer: &Offer,
    recent: &[f64],
    covers: f64,
    discount: f64,
    as_of: Date,
) -> Recommended {
    let commit = covers * (1.0 - discount);
    let term = offer.term_months as f64;
    let month = |covers: f64| money(saving(recent, covers, discount) * MONTH_HOURS / recent.len().max(1) as f64);
    let fall = |covers: f64| Ratio(100.0 * bearable_fall(recent, covers, discount).unwrap_or_default());
    let tranches = (1..=policy.tranches).filter_map(|part| {
        let covers = covers * part as f64 / policy.tranches as f64;
        let days = i32::try_from((part - 1) * policy.tranche_days).ok()?;
        Some(Tranche {
            on: as_of.plus_days(days)?,
            covers_hour: money(covers),
            commit_hour: money(covers * (1.0 - discount)),
            saving_month: month(covers),
            bearable_fall_percent: fall(covers),
        })
    });
    Recommended {
        covers_hour: money(covers),
        commit_hour: money(commit),
        commit_term: money(commit * MONTH_HOURS * term),
        saving_month: month(covers),
        utilisation_percent: Ratio(100.0 * utilisation(recent, covers)),
        break_even_utilisation_percent: Ratio(100.0 * (1.0 - discount)),
        bearable_fall_percent: fall(covers),
        break_even_months: Ratio(term * (1.0 - discount)),
        tranches: tranches.collect(),
    }
}

/// What the history cannot tell of the term.
fn unknown(offer: &Offer, hourly: &Hourly) -> Vec<String> {
    let mut unknown = Vec::new();
    if let Some((from, to)) = hourly.days {
        let days = to.days_since_epoch() - from.days_since_epoch() + 1;
        unknown.push(format!(
            "{days} days of history stand against {} months of term: a season of the year, a move to other services \
             or regions, a release, a price cut are not in it",
            offer.term_months
        ));
    }
    if hourly.step == Step::Day {
        unknown.push(
            "the bills are by the day: what lies idle at night is not seen, so the saving is the most there can be; \
             look at an export by the hour before buying"
                .to_owned(),
        );
    }
    unknown
}
