//! Advice for one series at a cut, the same for today and for every week that is replayed.

use super::assumptions::{Assumptions, Profile};
use super::balance;
use super::history::History;
use super::outlook::{Outcome, Outlook, WEEK};
use super::plan::{Fleet, Plan};
use super::requests::Requested;
use super::resource::Resource;
use super::rhythm::Rhythm;
use super::signs::{Seen, Sign, signs};
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

/// Limits of CPU leave so much room above the peak, where there was a limit before.
const LIMIT_ROOM: f64 = 1.2;

/// What stands at its limit is given so much more: what VPA adds after a kill.
const BEYOND_LIMIT: f64 = 1.2;

/// A sample may have been higher than what is kept of it by so much.
const KEPT_WITHIN: f64 = 1.0 / 2048.0;

/// One series with its looks and outcomes at every cut, and what is requested for it.
pub(super) struct Subject<'s> {
    pub(super) resource: Resource,
    pub(super) series: &'s Series,
    pub(super) history: &'s History,
    pub(super) requested: Option<&'s Requested>,
    /// Whether the number of its replicas shows an autoscaler.
    pub(super) autoscaled: bool,
    /// By weeks back, from [`Plan::folds`].
    pub(super) folds: Vec<(usize, Outlook, Option<Outcome>)>,
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

impl Subject<'_> {
    /// The advice at a cut, knowing only what lies before it, and what makes it a guess; no size where advice is
    /// withheld or there is too little.
    pub(super) fn advised(&self, setting: &Setting<'_>, back: usize) -> (Vec<Sign>, Option<Sized>) {
        let Some(cut) = setting.plan.cut(back) else { return (Vec::new(), None) };
        let end = setting.plan.slot(back);
        let signs = signs(&Seen {
            resource: self.resource,
            series: self.series,
            history: self.history,
            cut,
            end,
            autoscaled: self.autoscaled,
            requested: self.requested,
        });
        if signs.iter().any(|sign| sign.withholds()) {
            return (signs, None);
        }
        let size = match setting.question.strategy {
            Strategy::Balance => self.balanced(setting, back).map(|size| {
                let size = Sized { request: size.request.max(self.recurring(cut, end)), ..size };
                self.bounded(size, &signs, cut)
            }),
            // Another tool's rule is shown as it is.
            other => {
                let past = Past { series: self.series, history: self.history, cut, end };
                let size = |value| Size::ceil(self.resource, value);
                let advised = other.advise(self.resource, &past);
                advised.map(|advised| Sized { request: size(advised.request), limit: advised.limit.map(size) })
            }
        };
        (signs, size)
    }

    /// What CPU comes back to week by week: where use follows the day of the week, the middle of the P99s of the last four
    /// weeks. A job of three hours a week is above any quantile that forgets it, but it is no accident.
    fn recurring(&self, cut: usize, end: i64) -> Size {
        let none = Size::ceil(self.resource, 0.0);
        if self.resource != Resource::Cpu || Rhythm::of(self.series, end).peak_weekday.is_none() {
            return none;
        }
        let week = |back: usize| {
            let until = cut.checked_sub(back * WEEK)?;
            Some(self.history.window(until.checked_sub(WEEK)?, until).quantile(0.99))
        };
        let mut weeks: Vec<f64> = (0..4).filter_map(week).collect();
        weeks.sort_unstable_by(f64::total_cmp);
        // Of four, the lower of the two in the middle: one odd week does not make a habit.
        weeks.get(weeks.len().saturating_sub(1) / 2).map_or(none, |middle| Size::stepped(self.resource, *middle))
    }

    /// Advice held to what the signs allow, and to a limit that is not below the request.
    fn bounded(&self, advised: Sized, signs: &[Sign], cut: usize) -> Sized {
        let resource = self.resource;
        let stated = |size: fn(&Requested) -> Option<f64>| self.requested.and_then(size);
        let (current, limit) = (stated(|requested| requested.request), stated(|requested| requested.limit));
        let mut request = advised.request;
        let peak = self.history.window(cut.saturating_sub(28), cut).max();
        if signs.iter().any(|sign| sign.only_raises())
            && let Some(current) = current
        {
            request = request.max(Size::ceil(resource, current));
        }
        if signs.contains(&Sign::AtLimit)
            && let Some(limit) = limit
        {
            request = request.max(Size::stepped(resource, limit * BEYOND_LIMIT));
        }
        // What cannot start cannot run, and a heap that is held does not shrink by being asked to.
        let held = signs.iter().any(|sign| matches!(sign, Sign::HeldMemory | Sign::StartupPeak));
        if resource == Resource::Memory && held {
            request = request.max(Size::stepped(resource, peak));
        }
        // Who is given more, or may only be given more, keeps the room there is.
        let room = limit.map(|limit| Size::ceil(resource, limit)).filter(|_| {
            signs.iter().any(|sign| sign.only_raises())
                || current.is_some_and(|current| request > Size::ceil(resource, current))
        });
        let limit = match (resource, limit) {
            // Memory beyond its limit is killed, and beyond its request it may be: one figure for both, unless the request
            // takes the risk of what was seen before. A limit does not, since what it kills did run.
            (Resource::Memory, _) => Some(Size::stepped(resource, peak * (1.0 + KEPT_WITHIN)).max(request)),
            // A limit on CPU is nobody's need, but who has one keeps one.
            (Resource::Cpu, Some(_)) => Some(Size::stepped(resource, peak * LIMIT_ROOM).max(request)),
            (Resource::Cpu, None) => None,
        };
        Sized { request, limit: limit.max(room) }
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
        Some(Sized { request: Size::stepped(self.resource, request.max(floor)), limit: None })
    }
}
