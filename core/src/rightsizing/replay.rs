//! Replaying advice on the weeks after it was, or would have been, given.

use super::advise::{Setting, Sized, Subject};
use super::document::{Replay, Today, percent, thousandths};
use super::history::History;
use super::outlook::WEEK;
use super::plan::Plan;
use super::resource::Resource;

/// What one size would have done over some weeks.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    samples: usize,
    over: usize,
    excess: f64,
    used: f64,
    reserved: f64,
    killed: u64,
    weeks: u64,
}

impl Tally {
    fn week(&mut self, plan: &Plan, history: &History, back: usize, size: Sized) {
        let Some(cut) = plan.cut(back) else { return };
        let after = history.window(cut, cut + WEEK);
        let samples = after.samples();
        if samples == 0 {
            return;
        }
        let above = after.above(size.request.value());
        self.samples += samples;
        self.over += above.over;
        self.excess += above.excess;
        self.used += after.mean() * samples as f64;
        self.reserved += size.request.value() * samples as f64;
        self.killed += u64::from(after.above(size.limit.unwrap_or(size.request).value()).over > 0);
        self.weeks += 1;
    }

    fn above(&self) -> f64 {
        self.over as f64 / self.samples.max(1) as f64
    }
}

/// Replays the advice on every week there is, beside today's request; `None` where there is no week.
pub(super) fn replay(
    setting: &Setting<'_>,
    subject: &Subject<'_>,
    resource: Resource,
    history: &History,
    today: &Today<'_>,
) -> Option<Replay> {
    let current = today.request(resource).map(|request| Sized { request, limit: today.limit(resource) });
    let (mut ours, mut theirs) = (Tally::default(), Tally::default());
    for back in setting.plan.replays() {
        let (_, Some(advised)) = subject.advised(setting, back) else { continue };
        ours.week(setting.plan, history, back, advised);
        if let Some(current) = current {
            theirs.week(setting.plan, history, back, current);
        }
    }
    if ours.weeks == 0 {
        return None;
    }
    let memory = resource == Resource::Memory;
    let ratio = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    Some(Replay {
        weeks: ours.weeks,
        above_percent: percent(ours.above()),
        weeks_killed: memory.then_some(ours.killed),
        unmet_percent: percent(ratio(ours.excess, ours.used)),
        reserved_by_used: (ours.used > 0.0).then(|| thousandths(ours.reserved / ours.used)),
        reserved_change_percent: (theirs.weeks > 0 && theirs.reserved > 0.0)
            .then(|| percent(ours.reserved / theirs.reserved - 1.0)),
        // Known once it is decided what is done today.
        opposite: false,
        current_above_percent: (theirs.weeks > 0).then(|| percent(theirs.above())),
        current_weeks_killed: (memory && theirs.weeks > 0).then_some(theirs.killed),
    })
}

/// The part of the last week's time above a size, 0 to 1, and whether its limit was passed.
pub(super) fn last_week(history: &History, size: Sized) -> (f64, bool) {
    let days = history.len();
    let week = history.window(days.saturating_sub(WEEK), days);
    (week.above(size.request.value()).part(), week.above(size.limit.unwrap_or(size.request).value()).over > 0)
}
