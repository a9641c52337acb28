//! Other tools' rules, for comparison, with the constants of their sources.

use super::history::{History, Window};
use super::level::{ABSENT, value};
use super::resource::Resource;
use super::usage::{DAY, Series};
use super::vpa::{Bound, vpa};
use crate::order::sort_points;

/// Who decides on a size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Headroom's own: the balance of reserve and risk.
    #[default]
    Balance,
    /// Kubernetes Vertical Pod Autoscaler, target.
    Vpa,
    /// Robusta KRR, strategy simple.
    Krr,
    /// Robusta KRR, strategy `simple_limit`.
    KrrLimit,
    /// Goldilocks, guaranteed: VPA's target as request and limit.
    Goldilocks,
    /// Goldilocks, burstable: VPA's lower bound as request, its upper bound as limit.
    GoldilocksBurstable,
    /// Crane's recommender.
    Crane,
    /// Kubecost, request sizing v2.
    Kubecost,
    /// AWS Compute Optimizer.
    Aws,
    /// Google Autopilot, moving window.
    Autopilot,
}

/// What a strategy advises, in cores or MiB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Advised {
    /// The request.
    pub request: f64,
    /// The limit, where it sets one.
    pub limit: Option<f64>,
}

/// A series before a cut.
#[derive(Clone, Copy, Debug)]
pub struct Past<'h> {
    pub(super) series: &'h Series,
    pub(super) history: &'h History,
    /// The day of the cut.
    pub(super) cut: usize,
    /// The slot of the cut.
    pub(super) end: i64,
}

impl Past<'_> {
    fn days(&self, days: usize) -> Window<'_> {
        self.history.window(self.cut.saturating_sub(days), self.cut)
    }

    /// Samples of the last `days`, the oldest first, each with its age in days: 0 for the slot before the cut.
    pub(super) fn aged(&self, days: usize) -> impl Iterator<Item = (f64, f64)> + '_ {
        let days = days.min(self.cut);
        let from = self.end - (days * DAY) as i64;
        let last = self.end - 1;
        (from..)
            .zip(self.series.between(from, self.end))
            .filter(|(_, level)| *level != ABSENT)
            .map(move |(slot, level)| (value(level), (last - slot) as f64 / DAY as f64))
    }

    /// Highest sample of each of the last `days`, the oldest first, with its age in days.
    pub(super) fn daily_peaks(&self, days: usize) -> Vec<(f64, f64)> {
        let days = days.min(self.cut);
        let peak = |age: usize| {
            let day = self.history.window(self.cut - age - 1, self.cut - age);
            (day.samples() > 0).then(|| (day.max(), age as f64))
        };
        (0..days).rev().filter_map(peak).collect()
    }
}

impl Strategy {
    /// All of them, Headroom's own first.
    pub const ALL: [Self; 10] = [
        Self::Balance,
        Self::Vpa,
        Self::Krr,
        Self::KrrLimit,
        Self::Goldilocks,
        Self::GoldilocksBurstable,
        Self::Crane,
        Self::Kubecost,
        Self::Aws,
        Self::Autopilot,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Balance => "balance",
            Self::Vpa => "vpa",
            Self::Krr => "krr",
            Self::KrrLimit => "krr_limit",
            Self::Goldilocks => "goldilocks",
            Self::GoldilocksBurstable => "goldilocks_burstable",
            Self::Crane => "crane",
            Self::Kubecost => "kubecost",
            Self::Aws => "aws",
            Self::Autopilot => "autopilot",
        }
    }

    /// What the tool would advise; `None` for [`Strategy::Balance`], which needs the fleet, and without samples.
    ///
    /// Constants: VPA see its own; KRR 336 h, P95 and no limit for CPU, maximum + 15 % for memory, rounded up to 1 m and
    /// 1 MiB, at least 10 m and 100 MiB; `simple_limit` P66 and P96 of CPU; Crane P99 of 7 days + 15 %; Kubecost maximum
    /// of 7 days / 0.7, at least 10 m and 20 MiB; AWS P99.5 of CPU / 0.8 and maximum of memory / 0.8, 14 days; Autopilot
    /// the P95 weighted by load with a half-life of 12 hours, or the highest memory, of 14 days + 15 %.
    pub fn advise(self, resource: Resource, past: &Past<'_>) -> Option<Advised> {
        let (fortnight, week) = (past.days(14), past.days(7));
        let plain = |request: f64| Advised { request, limit: None };
        let same = |request: f64| Advised { request, limit: Some(request) };
        if fortnight.samples() == 0 {
            return None;
        }
        let cpu = resource == Resource::Cpu;
        let krr = |request: f64| if cpu { ceil(request, 1e3).max(0.01) } else { request.ceil().max(100.0) };
        let least = |request: f64, of_cpu: f64, of_memory: f64| request.max(if cpu { of_cpu } else { of_memory });
        Some(match self {
            Self::Balance => return None,
            Self::Vpa => plain(vpa(resource, past, Bound::Target)?),
            Self::Goldilocks => same(vpa(resource, past, Bound::Target)?),
            Self::GoldilocksBurstable => {
                Advised { request: vpa(resource, past, Bound::Lower)?, limit: Some(vpa(resource, past, Bound::Upper)?) }
            }
            Self::Krr if cpu => plain(krr(fortnight.quantile(0.95))),
            Self::KrrLimit if cpu => {
                Advised { request: krr(fortnight.quantile(0.66)), limit: Some(krr(fortnight.quantile(0.96))) }
            }
            Self::Krr | Self::KrrLimit => same((fortnight.max().ceil() * 1.15).max(100.0)),
            Self::Crane => plain((if week.samples() == 0 { fortnight } else { week }).quantile(0.99) * 1.15),
            Self::Kubecost => {
                plain(least((if week.samples() == 0 { fortnight } else { week }).max() / 0.7, 0.01, 20.0))
            }
            Self::Aws if cpu => plain(fortnight.quantile(0.995) / 0.8),
            Self::Aws => plain(fortnight.max() / 0.8),
            Self::Autopilot if cpu => plain(load_adjusted(past)? * 1.15),
            Self::Autopilot => plain(fortnight.max() * 1.15),
        })
    }
}

/// Rounded up to a part of one.
fn ceil(value: f64, parts: f64) -> f64 {
    (value * parts - 1e-9).ceil() / parts
}

/// Autopilot's P95 in which each sample weighs its own size, halved every 12 hours.
fn load_adjusted(past: &Past<'_>) -> Option<f64> {
    let mut samples: Vec<(f64, f64)> = past.aged(14).map(|(used, age)| (used, used * libm::exp2(-age / 0.5))).collect();
    sort_points(&mut samples);
    let whole: f64 = samples.iter().map(|(_, weight)| weight).sum();
    let mut sum = 0.0;
    let found = samples.iter().find(|(_, weight)| {
        sum += weight;
        sum >= 0.95 * whole
    });
    found.or(samples.last()).map(|(used, _)| *used)
}

#[cfg(test)]
mod tests {
    use super::super::usage::{SLOT, Usage};
    use super::*;

    /// Figures that an independent program (numpy, exact samples) computed of the same series with the constants of the
    /// tools' sources. Samples are kept to 1 part in 2048 here, hence the tolerance.
    #[test]
    fn other_tools_rules_give_their_figures() {
        const DAYS: usize = 28;
        let mut usage = Usage::default();
        let at = usage.workload("a");
        for slot in 0..(DAYS * DAY) as i64 {
            let (day, of_day) = (slot / DAY as i64, slot % DAY as i64);
            let used = ((slot * 7919 + day * 104_729) % 1000) as f64 / 1000.0 * (1.0 + of_day as f64 / 288.0);
            let seconds = 1_777_852_800 + slot * SLOT;
            usage.note(at, Resource::Cpu, seconds, used);
            usage.note(at, Resource::Memory, seconds, 200.0 + 800.0 * used);
        }
        let end = usage.end().unwrap();
        let workloads = usage.workloads();
        let advised = |strategy: Strategy, resource| {
            let series = workloads[0].series(resource).unwrap();
            let history = History::of(series, end, DAYS);
            strategy.advise(resource, &Past { series, history: &history, cut: DAYS, end }).unwrap()
        };
        for (strategy, cpu, memory) in [
            (Strategy::Vpa, (1.738_144_6, None), (2_062.122_363, None)),
            (Strategy::GoldilocksBurstable, (0.865_874_7, Some(2.009_160_8)), (2_061.975_076, Some(2_135.769_590))),
            (Strategy::Krr, (1.566, None), (2024.0, Some(2024.0))),
            (Strategy::KrrLimit, (0.951, Some(1.611)), (2024.0, Some(2024.0))),
            (Strategy::Crane, (2.068_156_4, None), (1_884.525_125, None)),
            (Strategy::Kubecost, (2.784_970_2, None), (2_513.690_476, None)),
            (Strategy::Aws, (2.314_585_0, None), (2_199.479_167, None)),
            (Strategy::Autopilot, (2.061_151_4, None), (2_023.520_833, None)),
        ] {
            for (resource, (request, limit)) in [(Resource::Cpu, cpu), (Resource::Memory, memory)] {
                let found = advised(strategy, resource);
                assert!((found.request / request - 1.0).abs() < 1.5e-3, "{strategy:?} {resource:?}: {found:?}");
                assert_eq!(found.limit.is_some(), limit.is_some(), "{strategy:?} {resource:?}");
                if let (Some(found), Some(limit)) = (found.limit, limit) {
                    assert!((found / limit - 1.0).abs() < 1.5e-3, "{strategy:?} {resource:?}: {found}");
                }
            }
        }
        let goldilocks = advised(Strategy::Goldilocks, Resource::Cpu);
        assert_eq!(goldilocks.limit, Some(goldilocks.request));
    }
}
