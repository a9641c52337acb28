//! From advice to recommendations: against what is requested today, with money, severity and a reason.

use super::advise::{Question, Setting, Sized, Subject};
use super::assumptions::{Assumptions, Steps};
use super::document::{Action, Direction, Recommendation, SeenUsage, Severity, Today, percent, thousandths};
use super::history::History;
use super::plan::{Fleet, Plan};
use super::replay::{last_week, replay};
use super::requests::{Requested, Requests};
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
    /// What is requested today.
    pub requests: &'a Requests,
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
        let both = |workload: &&Workload| {
            Resource::ALL.map(|resource| {
                let series = workload.series(resource)?;
                Some(self.one(&setting, workload, resource, series))
            })
        };
        workloads.iter().flat_map(both).flatten().collect()
    }

    /// What is requested today: what the table of requests says, else the usage itself.
    fn requested(&self, workload: &Workload, resource: Resource) -> Option<Requested> {
        match self.requests.of(&workload.name, resource) {
            Some(requested) => Some(requested.clone()),
            None => workload.stated(resource).map(|stated| Requested {
                request: stated.request,
                limit: stated.limit,
                ..Requested::default()
            }),
        }
    }

    fn one(&self, setting: &Setting<'_>, workload: &Workload, resource: Resource, series: &Series) -> Recommendation {
        let history = History::of(series, self.plan.end, self.plan.days);
        let requested = self.requested(workload, resource);
        let today = Today { requested: requested.as_ref() };
        let subject = Subject {
            resource,
            series,
            history: &history,
            requested: requested.as_ref(),
            replicas: workload.replicas,
            folds: self.plan.folds(&history, resource),
        };
        let (signs, target) = subject.advised(setting, 0);
        let replicas = requested
            .as_ref()
            .and_then(|requested| requested.replicas)
            .or(workload.replicas.map(|(_, most)| most))
            .unwrap_or(1);
        let unit_price = requested.as_ref().and_then(|requested| requested.unit_price).unwrap_or_else(|| {
            let [cpu, memory] = self.assumptions.unit_prices;
            match resource {
                Resource::Cpu => cpu,
                Resource::Memory => memory,
            }
        });
        let (current_request, current_limit) = (today.request(resource), today.limit(resource));
        let saving = |size: Size| {
            let (now, then) = (current_request?.cost(unit_price, replicas)?, size.cost(unit_price, replicas)?);
            now.checked_sub(then)
        };
        let pays = target.and_then(|target| saving(target.request)).unwrap_or(Amount::ZERO);
        let at_risk = current_request.map(|request| last_week(&history, Sized { request, limit: current_limit }));
        let (direction, severity) = self.judge(resource, target, current_request, pays, at_risk, &signs);
        let action = match (target, current_request) {
            (None, _) => Action::Withhold,
            (Some(_), None) => Action::Set,
            (Some(target), Some(current)) => self.action(target.request, current, pays, direction),
        };
        let (request, limit) = match (action, target) {
            (Action::Withhold, _) | (_, None) => (None, None),
            (Action::Keep, Some(_)) => (current_request, current_limit),
            (_, Some(target)) => (Some(target.request), target.limit),
        };
        let saving_month = match action {
            Action::Lower | Action::Raise => target.and_then(|target| saving(target.request)),
            Action::Keep => Some(Amount::ZERO),
            Action::Set | Action::Withhold => None,
        };
        let seen = seen(&history);
        let replay = target.and_then(|_| replay(setting, &subject, resource, &history, &today));
        let why = why(action, direction, resource, seen.as_ref(), target, current_request, &signs);
        Recommendation {
            workload: workload.name.clone(),
            resource,
            unit: resource.unit(),
            environment: workload.environment.clone(),
            replicas,
            action,
            request,
            limit,
            target: target.map(|target| target.request),
            current_request,
            current_limit,
            direction,
            severity,
            saving_month,
            signs,
            seen,
            rhythm: Rhythm::of(series, self.plan.end),
            replay,
            why,
        }
    }

    /// A change must pay for the move, or end a risk.
    fn action(&self, target: Size, current: Size, saving: Amount, direction: Direction) -> Action {
        if target == current || direction == Direction::Right {
            return Action::Keep;
        }
        if target > current {
            return Action::Raise;
        }
        let within = saving.checked_mul(self.assumptions.within_months).unwrap_or(saving);
        let apart = percent((current.value() - target.value()) / current.value());
        if within > self.assumptions.move_cost && apart >= self.assumptions.least_percent {
            Action::Lower
        } else {
            Action::Keep
        }
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

fn why(
    action: Action,
    direction: Direction,
    resource: Resource,
    seen: Option<&SeenUsage>,
    target: Option<Sized>,
    current: Option<Size>,
    signs: &[Sign],
) -> String {
    if let Some(sign) = signs.iter().find(|sign| sign.withholds()) {
        return sign.words(resource).to_owned();
    }
    let (Some(seen), Some(target)) = (seen, target) else { return "there is too little to look at".to_owned() };
    let unit = resource.unit();
    let used = format!("uses {} {unit} on average and {} at most", seen.mean.round_to(2), seen.peak.round_to(2));
    let said = match (action, direction, current) {
        (Action::Keep, Direction::Over, Some(_)) => {
            format!("{used}; {} would do, but the move would not pay", target.request)
        }
        (Action::Keep, ..) => format!("{used}; today's request is right"),
        (Action::Set, ..) => format!("{used}; nobody said what is requested"),
        (_, _, Some(current)) => format!("{used}, with {current} requested"),
        (_, _, None) => used,
    };
    match signs.first() {
        Some(sign) => format!("{said}; {}", sign.words(resource)),
        None => said,
    }
}
