//! What makes a size a guess: seen in the usage, said, and heeded.

use serde::Serialize;

use super::history::History;
use super::level::{ABSENT, value};
use super::requests::Requested;
use super::resource::Resource;
use super::usage::{DAY, Series};
use crate::order::Order as _;

/// Something that advice must heed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Fewer than 100 samples or less than a day: no advice.
    TooLittleData,
    /// No sample in the last two days: no advice.
    Stopped,
    /// The number of replicas is not constant: a request is what the autoscaler divides by, so no advice for CPU.
    Autoscaled,
    /// Less than a week: advice never lowers.
    ShortHistory,
    /// Use stands at its limit, so that the need is not known: advice only raises.
    AtLimit,
    /// Peaks are all alike, as if something that the table does not name held them.
    FlatTop,
    /// Memory that was taken and is held, as by a managed heap: use says what was taken, not what is needed.
    HeldMemory,
    /// The first quarter of an hour after a start is the highest.
    StartupPeak,
    /// Every week is higher than the one before.
    Growing,
}

impl Sign {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::TooLittleData => "too_little_data",
            Self::Stopped => "stopped",
            Self::Autoscaled => "autoscaled",
            Self::ShortHistory => "short_history",
            Self::AtLimit => "at_limit",
            Self::FlatTop => "flat_top",
            Self::HeldMemory => "held_memory",
            Self::StartupPeak => "startup_peak",
            Self::Growing => "growing",
        }
    }

    /// What it means for the advice on a resource.
    pub fn words(self, resource: Resource) -> &'static str {
        match self {
            Self::TooLittleData => "fewer than 100 samples or less than a day: no advice",
            Self::Stopped => "no sample in the last two days: no advice",
            Self::Autoscaled => "an autoscaler sets its replicas by the request: no advice",
            Self::ShortHistory => "less than a week seen: the request is not lowered",
            Self::AtLimit => "use stands at its limit and the need is not known: at least this much",
            Self::FlatTop => "its peaks are all alike, as if something held them: the need may be higher",
            Self::HeldMemory => "memory is taken and held, as by a managed heap: smaller needs a smaller heap first",
            // A start short of memory is killed, one short of CPU is late.
            Self::StartupPeak if resource == Resource::Cpu => {
                "starting takes more than running and may go above the request: where CPU is short, starts are slower"
            }
            Self::StartupPeak => "starting takes more than running: the request covers it",
            Self::Growing => "every week is higher than the one before: look again soon",
        }
    }

    /// Whether no advice is given.
    pub fn withholds(self) -> bool {
        matches!(self, Self::TooLittleData | Self::Stopped | Self::Autoscaled)
    }

    /// Whether the request is not lowered.
    pub fn only_raises(self) -> bool {
        matches!(self, Self::ShortHistory | Self::AtLimit)
    }
}

/// Samples that are needed for any advice: as KRR.
const FEWEST: usize = 100;

/// Use counts as at its limit from this part of it on, where it is there for a hundredth of the time.
const AT_LIMIT: f64 = 0.97;

/// A gap of so many slots before a sample means that the workload was started anew: an hour.
const GAP: usize = 12;

/// What is seen of one series before a cut.
pub(super) struct Seen<'s> {
    pub(super) resource: Resource,
    pub(super) series: &'s Series,
    pub(super) history: &'s History,
    /// The day of the cut, and its slot.
    pub(super) cut: usize,
    pub(super) end: i64,
    /// Whether the number of its replicas shows an autoscaler.
    pub(super) autoscaled: bool,
    pub(super) requested: Option<&'s Requested>,
}

/// The signs, in order.
pub(super) fn signs(seen: &Seen<'_>) -> Vec<Sign> {
    let days = seen.cut;
    let whole = seen.history.window(0, days);
    let last = |count: usize| seen.history.window(days.saturating_sub(count), days);
    let (month, fortnight, week) = (last(28), last(14), last(7));
    let span = (seen.end - seen.series.first()).max(0) as usize;
    let mut found = Vec::new();
    let autoscaled = seen.autoscaled || seen.requested.is_some_and(|requested| requested.autoscaled);
    if autoscaled && seen.resource == Resource::Cpu {
        found.push(Sign::Autoscaled);
    }
    if whole.samples() < FEWEST || span < DAY {
        found.insert(0, Sign::TooLittleData);
        return found;
    }
    if last(2).samples() == 0 {
        found.insert(0, Sign::Stopped);
        return found;
    }
    if span < 7 * DAY {
        found.push(Sign::ShortHistory);
    }
    let limit = seen.requested.and_then(|requested| requested.limit);
    let at_limit = limit.is_some_and(|limit| fortnight.above(limit * AT_LIMIT).part() >= 0.01);
    if at_limit {
        found.push(Sign::AtLimit);
    }
    let peak = fortnight.max();
    if seen.resource == Resource::Cpu && !at_limit {
        let high = fortnight.quantile(0.97);
        let count = fortnight.samples();
        if count >= 14 * 24 && high > 0.05 && peak <= high * 1.01 && fortnight.mean() < high * 0.8 {
            found.push(Sign::FlatTop);
        }
    }
    if seen.resource == Resource::Memory && week.samples() > FEWEST {
        let held = week.quantile(0.02);
        let began = whole_start(seen);
        if held >= week.max() * 0.95 && began < held * 0.7 {
            found.push(Sign::HeldMemory);
        }
    }
    if startup(seen) {
        found.push(Sign::StartupPeak);
    }
    if days >= 21 {
        let of_week =
            |back: usize| seen.history.window(days.saturating_sub(back + 7), days.saturating_sub(back)).mean();
        let (now, before, first) = (of_week(0), of_week(7), of_week(14));
        if first > 0.0 && before > first * 1.1 && now > before * 1.1 && month.mean() > 0.0 {
            found.push(Sign::Growing);
        }
    }
    found
}

/// The mean of the first hour that is seen.
fn whole_start(seen: &Seen<'_>) -> f64 {
    let first = seen.series.first();
    let (mut sum, mut count) = (0.0, 0_u32);
    for level in seen.series.between(first, first + 12).filter(|level| *level != ABSENT) {
        sum += value(level);
        count += 1;
    }
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}

/// Whether starts, of which there is at least one, are at least half as high again as anything else.
fn startup(seen: &Seen<'_>) -> bool {
    let from = seen.end - (28 * DAY) as i64;
    let (mut starts, mut others) = (Vec::new(), Vec::new());
    let (mut absent, mut since) = (GAP, usize::MAX);
    // A series that began before what is looked at did not start with its first sample here.
    if seen.series.first() < from {
        absent = 0;
    }
    for level in seen.series.between(from.max(seen.series.first()), seen.end) {
        if level == ABSENT {
            absent += 1;
            continue;
        }
        if absent >= GAP {
            starts.push(level);
            since = 0;
        }
        absent = 0;
        if since < 3 {
            if let Some(start) = starts.last_mut() {
                *start = level.max(*start);
            }
            since += 1;
        } else {
            others.push(level);
        }
    }
    if starts.is_empty() || others.len() < FEWEST {
        return false;
    }
    others.order();
    let usual = others.get(others.len() * 99 / 100).copied().unwrap_or(ABSENT);
    starts.order();
    let start = starts.get(starts.len() / 2).copied().unwrap_or(ABSENT);
    value(start) >= 1.5 * value(usual) && value(start) > 0.05
}
