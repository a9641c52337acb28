//! A whole run: learn, recommend, add up. Threads belong to the caller, who may do either part by part.

use std::fmt::Write;

use super::advise::Question;
use super::assumptions::Assumptions;
use super::billed::Billed;
use super::document::{Action, Prices, Recommendation, RefusedRow, Rightsizing, Totals};
use super::patch;
use super::plan::{Fleet, Plan};
use super::pricing::{PriceSource, Pricing};
use super::recommend::Adviser;
use super::requests::Requests;
use super::resource::Resource;
use super::table::Shipped;
use super::usage::{SLOT, Usage};
use crate::calendar::Date;
use crate::money::Amount;
use crate::order::Order as _;

/// What a run is made from.
#[derive(Debug)]
pub struct Run<'a> {
    /// What was used.
    pub usage: &'a Usage,
    /// What is requested today.
    pub requests: &'a Requests,
    /// What is assumed.
    pub assumptions: &'a Assumptions,
    /// What bills say of prices, where there are any.
    pub billed: Option<&'a Billed>,
    /// What is asked.
    pub question: Question,
    /// Rows that could not be used: how many, and the first.
    pub refused: (u64, Vec<RefusedRow>),
    /// Rows of resources that have no request.
    pub other_resources: u64,
}

impl Run<'_> {
    /// The document, on one thread; `None` where there is no usage at all.
    pub fn document(&self) -> Option<Rightsizing> {
        let plan = Plan::of(self.usage)?;
        let workloads = self.usage.workloads();
        let mut fleet = Fleet::new();
        fleet.learn(&plan, &workloads);
        let shipped = Shipped::load();
        let pricing = self.pricing();
        let recommendations = self.adviser(&plan, &fleet, &shipped, &pricing).recommend(&workloads);
        Some(self.finish(&plan, &pricing, recommendations))
    }

    /// What is known of prices.
    pub fn pricing(&self) -> Pricing<'_> {
        Pricing::of(self.requests, self.assumptions, self.billed)
    }

    /// Who gives the recommendations of this run.
    pub fn adviser<'b>(
        &'b self,
        plan: &'b Plan,
        fleet: &'b Fleet,
        shipped: &'b Shipped,
        pricing: &'b Pricing<'b>,
    ) -> Adviser<'b> {
        Adviser { plan, fleet, shipped, assumptions: self.assumptions, pricing, question: self.question }
    }

    /// The document of recommendations, in whatever order they come.
    pub fn finish(&self, plan: &Plan, pricing: &Pricing<'_>, mut recommendations: Vec<Recommendation>) -> Rightsizing {
        let weight = |one: &Recommendation| one.saving_month.map_or(0, Amount::magnitude);
        recommendations.order_by(|a, b| {
            weight(b)
                .cmp(&weight(a))
                .then_with(|| a.workload.cmp(&b.workload))
                .then_with(|| a.resource.cmp(&b.resource))
        });
        let seen: crate::order::BTreeSet<(&str, Resource)> =
            recommendations.iter().map(|one| (one.workload.as_str(), one.resource)).collect();
        let mut warnings = Vec::new();
        let unused = self.requests.keys().filter(|key| !seen.contains(key)).count();
        if unused > 0 {
            warnings.push(format!(
                "{} of the table of requests have no usage: names must be the same in both",
                rows(unused as u64)
            ));
        }
        if self.other_resources > 0 {
            warnings.push(format!(
                "{} of resources other than cpu and memory were passed over",
                rows(self.other_resources)
            ));
        }
        if plan.days < 14 {
            warnings.push(format!(
                "{} seen: a week that differs from the others needs two, a monthly peak needs more than a month",
                crate::report::figures::counted(plan.days as u64, "day is", "days are")
            ));
        }
        warnings.extend(doubled(&recommendations));
        warnings.extend(pricing.warnings());
        let prices = prices(pricing, &recommendations);
        let totals = totals(&recommendations);
        Rightsizing {
            schema: "headroom/rightsizing/1",
            profile: self.question.profile.name(),
            strategy: self.question.strategy.name(),
            from: moment(self.usage.start().unwrap_or_default() * SLOT),
            to: moment(plan.end * SLOT),
            days: self.usage.days(),
            currency: pricing.currency(),
            prices,
            bill: pricing.basis().cloned(),
            totals,
            recommendations,
            refused_count: self.refused.0,
            refused_rows: self.refused.1.clone(),
            warnings,
        }
    }
}

/// How many containers of several names are told of one by one.
const DOUBLED: usize = 20;

/// Names that stand for one container: each of them has its sizes, and nobody can tell which are right.
fn doubled(recommendations: &[Recommendation]) -> Vec<String> {
    let found = patch::doubled(recommendations);
    let beyond = found.len().saturating_sub(DOUBLED) as u64;
    let told = found.into_iter().take(DOUBLED).map(|names| {
        let names = patch::listed(names);
        format!("{names} are one container: money counts each of them, and patches leave them out")
    });
    let more = (beyond > 0).then(|| {
        let containers = crate::report::figures::counted(beyond, "container more has", "containers more have");
        format!("{containers} several names")
    });
    told.chain(more).collect()
}

/// What is paid for what has no price of its own, and where prices are from.
fn prices(pricing: &Pricing<'_>, recommendations: &[Recommendation]) -> Prices {
    let (cpu, memory) = (pricing.usual(Resource::Cpu), pricing.usual(Resource::Memory));
    let known = recommendations.iter().filter(|one| one.current_request.is_some());
    let source = PriceSource::of_all(known.map(|one| one.price.source));
    Prices {
        cpu_core_month: cpu.month,
        cpu_source: cpu.source,
        memory_gib_month: memory.month,
        memory_source: memory.source,
        source: source.or(PriceSource::of_all([cpu.source, memory.source])).unwrap_or(PriceSource::Assumptions),
    }
}

fn totals(recommendations: &[Recommendation]) -> Totals {
    let mut totals = Totals::default();
    let mut names: Vec<&str> = recommendations.iter().map(|one| one.workload.as_str()).collect();
    names.order();
    names.dedup();
    totals.workloads = names.len() as u64;
    let (mut saving, mut cost) = (Some(Amount::ZERO), Some(Amount::ZERO));
    let mut known = false;
    for one in recommendations {
        match one.action {
            Action::Lower => totals.lower += 1,
            Action::Raise => totals.raise += 1,
            Action::Set => totals.set += 1,
            Action::Keep => totals.keep += 1,
            Action::Withhold => totals.withheld += 1,
        }
        known |= one.current_request.is_some();
        let Some(amount) = one.saving_month else { continue };
        if amount >= Amount::ZERO {
            saving = saving.and_then(|sum| sum.checked_add(amount));
        } else {
            cost = cost.and_then(|sum| sum.checked_sub(amount));
        }
    }
    let requested = recommendations.iter().filter_map(|one| one.cost_month);
    totals.requested_month = if known { Amount::checked_sum(requested) } else { None };
    (totals.saving_month, totals.cost_month) = if known { (saving, cost) } else { (None, None) };
    totals
}

fn rows(count: u64) -> String {
    crate::report::figures::counted(count, "row", "rows")
}

/// A moment in UTC: `2026-05-31T14:30:00Z`.
fn moment(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let date = Date::new(1970, 1, 1).and_then(|date| date.plus_days(i32::try_from(days).ok()?));
    let date = date.map_or_else(String::new, |date| date.to_string());
    format!("{date}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// The mean outcomes of a fleet as the shipped table writes them, in thousandths: `resource,class,` and the cells.
/// Classes that were not seen take the mean of all.
pub fn expectations(usage: &Usage) -> Option<String> {
    let plan = Plan::of(usage)?;
    let mut fleet = Fleet::new();
    fleet.learn(&plan, &usage.workloads());
    let mut text = String::new();
    for resource in Resource::ALL {
        let means: Vec<(u64, Vec<f64>)> = fleet.table(0, resource)?.means().collect();
        let whole: u64 = means.iter().map(|(count, _)| count).sum();
        let cells = means.first()?.1.len();
        let mean_of_all: Vec<f64> = (0..cells)
            .map(|cell| {
                let sum: f64 =
                    means.iter().filter_map(|(count, of_class)| Some(*count as f64 * of_class.get(cell)?)).sum();
                sum / whole.max(1) as f64
            })
            .collect();
        for (class, (count, mean)) in means.iter().enumerate() {
            // A class of a handful says little: it is drawn towards all.
            let weight = *count as f64 / (*count as f64 + 10.0);
            let _ = write!(text, "{},{class}", resource.name());
            for (own, all) in mean.iter().zip(&mean_of_all) {
                let _ = write!(text, ",{}", ((own * weight + all * (1.0 - weight)) * 1000.0).round());
            }
            text.push('\n');
        }
    }
    Some(text)
}
