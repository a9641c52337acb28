//! Advice for one series at a cut, the same for today and for every week that is replayed.

use super::assumptions::{Assumptions, Profile};
use super::balance;
use super::history::History;
use super::outlook::{Outcome, Outlook};
use super::plan::{Fleet, Plan};
use super::resource::Resource;
use super::size::Size;
use super::strategy::{Past, Strategy};
use super::table::Shipped;
use super::usage::Series;

/// What is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// How much risk is taken.
    pub profile: Profile,
    /// Who decides.
    pub strategy: Strategy,
}

/// One series with its looks and outcomes at every cut.
pub(super) struct Subject<'s> {
    resource: Resource,
    series: &'s Series,
    history: &'s History,
    folds: Vec<(usize, Outlook, Option<Outcome>)>,
}

/// A request and a limit, in steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sized {
    pub(super) request: Size,
    pub(super) limit: Option<Size>,
}

/// What all advice of a run shares.
pub(super) struct Setting<'a> {
    pub(super) plan: &'a Plan,
    pub(super) fleet: &'a Fleet,
    pub(super) shipped: &'a Shipped,
    pub(super) assumptions: &'a Assumptions,
    pub(super) question: Question,
}

impl<'s> Subject<'s> {
    pub(super) fn new(plan: &Plan, resource: Resource, series: &'s Series, history: &'s History) -> Self {
        Self { resource, series, history, folds: plan.folds(history, resource) }
    }

    /// The advice that would be given at a cut, knowing only what lies before it; `None` where there is too little.
    pub(super) fn advised(&self, setting: &Setting<'_>, back: usize) -> Option<Sized> {
        match setting.question.strategy {
            Strategy::Balance => self.balanced(setting, back),
            other => {
                let cut = setting.plan.cut(back)?;
                let past =
                    Past { series: self.series, history: self.history, cut, end: setting.plan.slot(back) };
                let advised = other.advise(self.resource, &past)?;
                let size = |value| Size::ceil(self.resource, value);
                Some(Sized { request: size(advised.request), limit: advised.limit.map(size) })
            }
        }
    }

    fn balanced(&self, setting: &Setting<'_>, back: usize) -> Option<Sized> {
        let (_, outlook, _) = self.folds.iter().find(|(at, ..)| *at == back)?;
        let own: Vec<Outcome> = setting
            .plan
            .teachers(back)
            .filter_map(|teacher| self.folds.iter().find(|(at, ..)| *at == teacher)?.2.clone())
            .collect();
        let table = setting.fleet.table(back, self.resource)?;
        let expected = table.expected(setting.shipped, outlook, &own);
        let prices = setting.assumptions.prices(setting.question.profile, self.resource);
        let request = balance::least(self.resource, outlook, &expected, prices);
        let [cpu, memory] = setting.assumptions.floors;
        let floor = match self.resource {
            Resource::Cpu => cpu,
            Resource::Memory => memory,
        };
        let request = Size::stepped(self.resource, request.max(floor));
        // Memory beyond its limit is killed, and beyond its request it may be: one figure for both.
        let limit = (self.resource == Resource::Memory).then_some(request);
        Some(Sized { request, limit })
    }
}
