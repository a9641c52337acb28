//! From usage to schedules.

use super::document::{Confidence, OnBill, Period, Proposal, Refused, Replayed, Schedule, ScheduleTotals};
use super::learn::{Hours, Unlearnt};
use super::together::Together;
use super::week::{HOURS, Offset, Week};
use crate::allocation::{EnvironmentKind, EnvironmentKinds};
use crate::calendar::Date;
use crate::money::Amount;
use crate::order::{BTreeMap, Order as _};
use crate::rightsizing::patch::Target;
use crate::rightsizing::usage::{SLOT, Series};
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
        let mut switched: BTreeMap<Target, Vec<&Workload>> = BTreeMap::new();
        for workload in self.usage.workloads() {
            switched.entry(Target::of(&workload.name).0).or_default().push(workload);
        }
        for together in switched.into_values() {
            if !together.iter().all(|workload| self.is_asked(workload)) {
                totals.passed_over += together.len() as u64;
                continue;
            }
            let rhythm = self.rhythm(&together, end);
            workloads.extend(together.into_iter().map(|workload| self.proposal(workload, rhythm)));
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
        let mut several = self.usage.workloads();
        several.retain(|workload| workload.environments.iter().nth(1).is_some());
        if let Some(first) = several.first() {
            let (count, are) = (several.len(), if several.len() == 1 { "is" } else { "are" });
            warnings.push(format!(
                "{count} of the workloads {are} in more than one environment under one name and {are} passed over (`{}` \
                 first): give each a name of its own",
                first.name
            ));
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
        let Some(environment) = workload.environment() else { return false };
        match self.question.environments.as_slice() {
            [] => self.question.kinds.kind(Some(environment)) == EnvironmentKind::NonProduction,
            asked => asked.iter().any(|name| environment.eq_ignore_ascii_case(name)),
        }
    }

    /// The week of what is switched together, and how such weeks did.
    fn rhythm(&self, together: &[&Workload], end: i64) -> Result<(Week, Option<Replayed>), Refused> {
        let series: Option<Vec<&Series>> = together.iter().map(|workload| workload.series(Resource::Cpu)).collect();
        let series =
            series.ok_or_else(|| refused("no_cpu", "its use of cpu is not known, and memory does not rest"))?;
        let hours = series.into_iter().map(|series| Hours::of(series, end, self.question.offset));
        let together = Together(hours.collect());
        let week = together.learn().map_err(|why| match why {
            Unlearnt::TooShort => refused("too_short", "a week's shape shows in two weeks, mostly whole"),
            Unlearnt::AlwaysTheSame => refused("always_the_same", "work and rest cannot be told apart"),
            Unlearnt::AlwaysAtWork => refused("always_at_work", "less than a day a week is at rest"),
        })?;
        Ok((week, together.replay()))
    }

    fn proposal(&self, workload: &Workload, rhythm: Result<(Week, Option<Replayed>), Refused>) -> Proposal {
        let (cost, machine) = (self.pricing.whole_cost(workload), self.pricing.machine(workload));
        let mut proposal = Proposal {
            workload: workload.name.clone(),
            environment: workload.environment().map(str::to_owned),
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
        let (week, replay) = match rhythm {
            Ok(rhythm) => rhythm,
            Err(refused) => {
                proposal.refused = Some(refused);
                return proposal;
            }
        };
        let periods = |on| week.stretches(on).into_iter().map(Period::of).collect();
        (proposal.on, proposal.off) = (periods(true), periods(false));
        let off = week.off() as i128;
        // Four decimals of a percentage.
        let steps = (off * 1_000_000 * 2 + HOURS as i128) / (HOURS as i128 * 2);
        proposal.off_percent = Some(Amount::from_units(steps * 10_i128.pow(14)));
        proposal.saving_month = match machine {
            Some(machine) => machine.saving(week, self.question.offset),
            None => proposal.cost_month.and_then(|cost| cost.checked_mul_div(off, HOURS as u128)),
        };
        proposal.replay = replay;
        proposal.confidence = confidence(replay);
        proposal.week = Some(week);
        proposal
    }
}

fn refused(code: &'static str, reason: &'static str) -> Refused {
    Refused { code, reason }
}

fn confidence(replay: Option<Replayed>) -> Confidence {
    match replay {
        None => Confidence::Unknown,
        Some(seen) if seen.weeks >= 2 && seen.hours_cut * 2 <= seen.weeks => Confidence::High,
        Some(seen) if seen.weeks >= 2 && seen.hours_cut <= 3 * seen.weeks => Confidence::Fair,
        Some(_) => Confidence::Low,
    }
}
