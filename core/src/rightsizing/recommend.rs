//! From advice to recommendations: against what is requested today, with money, severity and a reason.

use super::advise::{Question, Setting, Sized, Subject};
use super::assumptions::{Assumptions, Steps};
use super::document::{Action, Beside, Direction, Recommendation, SeenUsage, Severity, Today, percent, thousandths};
use super::history::History;
use super::plan::{Fleet, Plan};
use super::pricing::Pricing;
use super::replay::{last_week, replay};
use super::resource::Resource;
use super::rhythm::Rhythm;
use super::signs::Sign;
use super::size::Size;
use super::table::Shipped;
use super::usage::{Series, Workload};
use crate::money::Amount;

/// Gives recommendations, once the fleet is known.
#[derive(Debug)]
pub struct Adviser<'a> {
    /// Where history is cut.
    pub plan: &'a Plan,
    /// What the fleet taught.
    pub fleet: &'a Fleet,
    /// What is shipped.
    pub shipped: &'a Shipped,
    /// What is assumed.
    pub assumptions: &'a Assumptions,
    /// What is requested today, and what it costs.
    pub pricing: &'a Pricing<'a>,
    /// What is asked.
    pub question: Question,
}

impl Adviser<'_> {
    /// Recommendations for workloads, in their order.
    pub fn recommend(&self, workloads: &[&Workload]) -> Vec<Recommendation> {
        let setting = Setting {
            plan: self.plan,
            fleet: self.fleet,
            shipped: self.shipped,
            assumptions: self.assumptions,
            question: self.question,
        };
        workloads.iter().flat_map(|workload| self.both(&setting, workload)).collect()
    }

    /// The recommendations for a workload: a move restarts it once, whatever it changes, so both resources together must pay
    /// for it.
    fn both(&self, setting: &Setting<'_>, workload: &Workload) -> Vec<Recommendation> {
        let of = |resource| Some(self.one(setting, workload, resource, workload.series(resource)?));
        let open: Vec<Open> = Resource::ALL.into_iter().filter_map(of).collect();
        let moves = self.moves(&open);
        open.into_iter().map(|one| one.decided(moves)).collect()
    }

    fn one(&self, setting: &Setting<'_>, workload: &Workload, resource: Resource, series: &Series) -> Open {
        let history = History::of(series, self.plan.end, self.plan.days);
        let requested = self.pricing.requested(workload, resource);
        let today = Today { requested: requested.as_ref() };
        let subject = Subject {
            resource,
            series,
            history: &history,
            requested: requested.as_ref(),
            autoscaled: workload.is_autoscaled(),
            folds: self.plan.folds(&history, resource),
        };
        let (signs, target) = subject.advised(setting, 0);
        let replicas = self.pricing.replicas(workload, requested.as_ref());
        let (current_request, current_limit) = (today.request(resource), today.limit(resource));
        let cost = |size: Size| self.pricing.cost(workload, size, replicas);
        let saving = target.and_then(|target| cost(current_request?)?.checked_sub(cost(target.request)?));
        let at_risk = current_request.map(|request| last_week(&history, Sized { request, limit: current_limit }));
        let pays = saving.unwrap_or(Amount::ZERO);
        let (direction, severity) = self.judge(resource, target, current_request, pays, at_risk, &signs);
        let recommendation = Recommendation {
            workload: workload.name.clone(),
            resource,
            unit: resource.unit(),
            environment: workload.environment().map(str::to_owned),
            machine: self.pricing.is_machine(workload),
            beside: self.beside(workload, resource),
            replicas,
            action: Action::Withhold,
            request: None,
            limit: None,
            target: target.map(|target| target.request),
            current_request,
            current_limit,
            direction,
            severity,
            price: self.pricing.price(workload, resource),
            cost_month: current_request.and_then(cost),
            saving_month: None,
            signs,
            seen: seen(&history),
            rhythm: Rhythm::of(series, self.plan.end),
            replay: target.and_then(|_| replay(setting, &subject, resource, &history, &today)),
            why: String::new(),
        };
        Open { recommendation, target, saving }
    }

    /// What is requested of the other resource, where its use is not known and so nothing else says it.
    fn beside(&self, workload: &Workload, resource: Resource) -> Option<Beside> {
        let resource = Resource::ALL.into_iter().find(|other| *other != resource)?;
        if workload.series(resource).is_some() {
            return None;
        }
        let requested = self.pricing.requested(workload, resource)?;
        let size = |size: f64| Size::ceil(resource, size);
        Some(Beside { resource, request: requested.request.map(size), limit: requested.limit.map(size) })
    }

    /// Whether a workload is restarted: what is at risk is raised whatever it costs; else all that could be lowered must pay
    /// for the move together.
    fn moves(&self, open: &[Open]) -> bool {
        let raised = |one: &Open| one.wants() == Some(Action::Raise);
        if open.iter().any(raised) {
            return true;
        }
        let lowered = open.iter().filter(|one| one.wants() == Some(Action::Lower)).filter_map(|one| one.saving);
        let Some(saving) = Amount::checked_sum(lowered) else { return true };
        saving.checked_mul(self.assumptions.within_months).unwrap_or(saving) > self.assumptions.move_cost
    }

    fn judge(
        &self,
        resource: Resource,
        target: Option<Sized>,
        current: Option<Size>,
        saving: Amount,
        at_risk: Option<(f64, bool)>,
        signs: &[Sign],
    ) -> (Direction, Severity) {
        let (Some(target), Some(current), Some((above, killed))) = (target, current, at_risk) else {
            return (Direction::Unknown, Severity::Unknown);
        };
        let apart = (target.request.value() - current.value()) / current.value().max(1e-9);
        if target.request > current {
            let step = step(&self.assumptions.under, percent(above));
            let severity = match resource {
                Resource::Memory if killed => Severity::Critical,
                _ if signs.contains(&Sign::AtLimit) => Severity::Critical.min(step),
                // Nothing lay above it in the last week, but more is to be expected.
                _ => step,
            };
            let small = percent(apart) < self.assumptions.least_percent;
            return match severity {
                Severity::Good if small => (Direction::Right, Severity::Good),
                Severity::Good => (Direction::Under, Severity::Low),
                other => (Direction::Under, other),
            };
        }
        let severity = step(&self.assumptions.over, saving);
        if percent(-apart) < self.assumptions.least_percent {
            return (Direction::Right, Severity::Good);
        }
        (Direction::Over, severity)
    }
}

/// A recommendation before it is known whether the workload moves.
struct Open {
    recommendation: Recommendation,
    target: Option<Sized>,
    /// What the target saves a month.
    saving: Option<Amount>,
}

impl Open {
    /// Where the request should go, if anywhere; sizes that hardly differ are right as they are.
    fn wants(&self) -> Option<Action> {
        let (target, current) = (self.target?.request, self.recommendation.current_request?);
        if self.recommendation.direction == Direction::Right || target == current {
            return None;
        }
        Some(if target > current { Action::Raise } else { Action::Lower })
    }

    fn decided(self, moves: bool) -> Recommendation {
        let wants = self.wants().filter(|_| moves);
        let Self { recommendation: mut one, target, saving } = self;
        one.action = match (target, one.current_request) {
            (None, _) => Action::Withhold,
            (Some(_), None) => Action::Set,
            (Some(_), Some(_)) => wants.unwrap_or(Action::Keep),
        };
        (one.request, one.limit) = match (one.action, target) {
            (Action::Withhold, _) | (_, None) => (None, None),
            (Action::Keep, Some(_)) => (one.current_request, one.current_limit),
            // Other tools' rules may raise a request and cut its limit.
            (Action::Raise, Some(target)) => {
                (Some(target.request), target.limit.map(|limit| limit.max(one.current_limit.unwrap_or(limit))))
            }
            (_, Some(target)) => (Some(target.request), target.limit),
        };
        one.saving_month = match one.action {
            Action::Lower | Action::Raise => saving,
            Action::Keep => Some(Amount::ZERO),
            Action::Set | Action::Withhold => None,
        };
        if let Some(replay) = &mut one.replay {
            let change = replay.reserved_change_percent.unwrap_or_default();
            replay.opposite = match one.action {
                Action::Lower => change > Amount::ZERO,
                Action::Raise => change < Amount::ZERO,
                Action::Set | Action::Keep | Action::Withhold => false,
            };
        }
        one.why = why(&one, target);
        one
    }
}

fn step(steps: &Steps, figure: Amount) -> Severity {
    if figure >= steps.critical {
        Severity::Critical
    } else if figure >= steps.warning {
        Severity::Warning
    } else if figure >= steps.low {
        Severity::Low
    } else {
        Severity::Good
    }
}

fn seen(history: &History) -> Option<SeenUsage> {
    let month = history.window(history.len().saturating_sub(28), history.len());
    (month.samples() > 0).then(|| SeenUsage {
        samples: month.samples() as u64,
        mean: thousandths(month.mean()),
        p95: thousandths(month.quantile(0.95)),
        p99: thousandths(month.quantile(0.99)),
        peak: thousandths(month.max()),
    })
}

fn why(one: &Recommendation, target: Option<Sized>) -> String {
    let resource = one.resource;
    if let Some(sign) = one.signs.iter().find(|sign| sign.withholds()) {
        return sign.words(resource).to_owned();
    }
    let (Some(seen), Some(target)) = (&one.seen, target) else { return "there is too little to look at".to_owned() };
    let unit = resource.unit();
    let used = format!("uses {} {unit} on average and {} at most", seen.mean.round_to(2), seen.peak.round_to(2));
    let said = match (one.action, one.direction, one.current_request) {
        (Action::Keep, Direction::Over, Some(_)) => {
            format!("{used}; {} would do, but the move would not pay", target.request)
        }
        (Action::Keep, ..) => format!("{used}; today's request is right"),
        (Action::Set, ..) => format!("{used}; nobody said what is requested"),
        (_, _, Some(current)) => format!("{used}, with {current} requested"),
        (_, _, None) => used,
    };
    let said = if one.limit_below_peak().is_some() {
        format!("{said}; the limit is below what was used at most")
    } else {
        said
    };
    match one.signs.first() {
        Some(sign) => format!("{said}; {}", sign.words(resource)),
        None => said,
    }
}
