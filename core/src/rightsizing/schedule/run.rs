//! From usage to schedules.

use super::document::{Confidence, OnBill, Period, Proposal, Refused, Replayed, Schedule, ScheduleTotals};
use super::learn::{Hours, Unlearnt};
use super::week::{HOURS, Offset};
use crate::allocation::{EnvironmentKind, EnvironmentKinds};
use crate::calendar::Date;
use crate::money::Amount;
use crate::order::Order as _;
use crate::rightsizing::usage::SLOT;
use crate::rightsizing::{Pricing, RefusedRow, Resource, Usage, Workload};

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct ScheduleQuestion {
    /// How far local time is ahead of UTC.
    pub offset: Offset,
    /// The environments to look at; all that are not production where none is named.
    pub environments: Vec<String>,
    /// Which environments are production, and which are not.
    pub kinds: EnvironmentKinds,
}

/// What schedules are made from.
#[derive(Debug)]
pub struct Scheduling<'a> {
    /// What was used.
    pub usage: &'a Usage,
    /// What workloads cost, which is what an off-hour saves.
    pub pricing: Pricing<'a>,
    /// What is asked.
    pub question: ScheduleQuestion,
    /// Rows that could not be used: how many, and the first.
    pub refused: (u64, Vec<RefusedRow>),
}

/// Weeks that are replayed at most.
const REPLAYS: i64 = 5;

impl Scheduling<'_> {
    /// The document; `None` where there is no usage at all.
    pub fn document(&self) -> Option<Schedule> {
        let (start, end) = (self.usage.start()?, self.usage.end()?);
        let day = |slot: i64| {
            let days = i32::try_from((slot * SLOT).div_euclid(86_400)).ok()?;
            Date::new(1970, 1, 1)?.plus_days(days)
        };
        let (from, to) = (day(start)?, day(end - 1)?);
        let mut totals = ScheduleTotals::default();
        let mut workloads = Vec::new();
        for workload in self.usage.workloads() {
            if !self.is_asked(workload) {
                totals.passed_over += 1;
                continue;
            }
            workloads.push(self.proposal(workload, end));
        }
        totals.workloads = workloads.len() as u64;
        totals.proposed = workloads.iter().filter(|one| one.week.is_some()).count() as u64;
        let saved: Vec<Amount> = workloads.iter().filter_map(|one| one.saving_month).collect();
        totals.saving_month = if saved.is_empty() { None } else { Amount::checked_sum(saved) };
        workloads.order_by(|a, b| b.saving_month.cmp(&a.saving_month).then_with(|| a.workload.cmp(&b.workload)));
        let mut warnings = Vec::new();
        if totals.workloads == 0 {
            warnings.push(
                "no workload is known to be other than production: name its environment in the column `environment`, \
                 or by the rules of a policy"
                    .to_owned(),
            );
        }
        if workloads.iter().any(|one| one.saving_month.is_some() && one.machine.is_none()) {
            warnings.push("what is saved is what is requested: it is saved only where nodes are given back".to_owned());
        }
        warnings.extend(self.pricing.warnings());
        Some(Schedule {
            schema: "headroom/schedule/1",
            from: from.to_string(),
            to: to.to_string(),
            offset: self.question.offset,
            zone: self.question.offset.zone(),
            currency: self.pricing.currency(),
            bill: self.pricing.basis().cloned(),
            environments: self.question.environments.clone(),
            refused_count: self.refused.0,
            refused_rows: self.refused.1.clone(),
            warnings,
            totals,
            workloads,
        })
    }

    /// Whether a workload is of an environment that is asked for; one of which nobody knows is not.
    fn is_asked(&self, workload: &Workload) -> bool {
        let Some(environment) = workload.environment.as_deref() else { return false };
        match self.question.environments.as_slice() {
            [] => self.question.kinds.kind(Some(environment)) == EnvironmentKind::NonProduction,
            asked => asked.iter().any(|name| environment.eq_ignore_ascii_case(name)),
        }
    }

    fn proposal(&self, workload: &Workload, end: i64) -> Proposal {
        let (cost, machine) = (self.pricing.whole_cost(workload), self.pricing.machine(workload));
        let mut proposal = Proposal {
            workload: workload.name.clone(),
            environment: workload.environment.clone(),
            on: Vec::new(),
            off: Vec::new(),
            off_percent: None,
            replay: None,
            confidence: Confidence::Unknown,
            cost_month: cost.map(|(cost, _)| cost),
            cost_source: cost.map(|(_, source)| source),
            saving_month: None,
            machine: machine.map(OnBill::of),
            refused: None,
            week: None,
        };
        let Some(series) = workload.series(Resource::Cpu) else {
            proposal.refused = Some(refused("no_cpu", "its use of cpu is not known, and memory does not rest"));
            return proposal;
        };
        let hours = Hours::of(series, end, self.question.offset);
        let learnt = match hours.learn(hours.end()) {
            Ok(learnt) => learnt,
            Err(why) => {
                proposal.refused = Some(match why {
                    Unlearnt::TooShort => refused("too_short", "a week's shape shows in two weeks, mostly whole"),
                    Unlearnt::AlwaysTheSame => refused("always_the_same", "work and rest cannot be told apart"),
                    Unlearnt::AlwaysAtWork => refused("always_at_work", "less than a day a week is at rest"),
                });
                return proposal;
            }
        };
        let periods = |on| learnt.week.stretches(on).into_iter().map(Period::of).collect();
        (proposal.on, proposal.off) = (periods(true), periods(false));
        let off = learnt.week.off() as i128;
        // Four decimals of a percentage.
        let steps = (off * 1_000_000 * 2 + HOURS as i128) / (HOURS as i128 * 2);
        proposal.off_percent = Some(Amount::from_units(steps * 10_i128.pow(14)));
        proposal.saving_month = match machine {
            Some(machine) => machine.saving(learnt.week, self.question.offset),
            None => proposal.cost_month.and_then(|cost| cost.checked_mul_div(off, HOURS as u128)),
        };
        proposal.replay = replay(&hours);
        proposal.confidence = confidence(proposal.replay);
        proposal.week = Some(learnt.week);
        proposal
    }
}

fn refused(code: &'static str, reason: &'static str) -> Refused {
    Refused { code, reason }
}

/// Learns before each of the last weeks, and sees what would have been cut in it.
fn replay(hours: &Hours) -> Option<Replayed> {
    let mut all = Replayed { weeks: 0, off_hours: 0, hours_cut: 0, hours_at_work: 0 };
    for back in 1..=REPLAYS {
        let cut = hours.end() - back * HOURS as i64;
        let Ok(learnt) = hours.learn(cut) else { continue };
        let after: Vec<(usize, f64)> = hours.between(cut, cut + HOURS as i64).collect();
        if after.is_empty() {
            continue;
        }
        all.weeks += 1;
        for (hour, used) in after {
            let (on, works) = (learnt.week.is_on(hour), used > learnt.threshold);
            all.off_hours += u64::from(!on);
            all.hours_at_work += u64::from(works);
            all.hours_cut += u64::from(works && !on);
        }
    }
    (all.weeks > 0).then_some(all)
}

fn confidence(replay: Option<Replayed>) -> Confidence {
    match replay {
        None => Confidence::Unknown,
        Some(seen) if seen.weeks >= 2 && seen.hours_cut * 2 <= seen.weeks => Confidence::High,
        Some(seen) if seen.weeks >= 2 && seen.hours_cut <= 3 * seen.weeks => Confidence::Fair,
        Some(_) => Confidence::Low,
    }
}
