//! Paths that traffic may take, with releases on them, against the room there is.
//!
//! Each path draws once what every release brings and how late it comes, by the number of the path and the place of the
//! release among those by name. So whatever else is changed (a date, an uplift, the pool), a path meets the same luck, and
//! answers can be compared path by path.

use super::room::{Bound, Limit};
use crate::calendar::Date;
use crate::forecast::Outlook;
use crate::order::Order as _;
use crate::release::{Drawn, Intervention, SEED, normal};

/// Paths that are simulated.
pub(super) const PATHS: usize = 1000;

/// The quantile of 90 % of the standard normal distribution.
const NORMAL_90: f64 = 1.281_551_565_544_600_4;

/// What is supposed of the future.
#[derive(Clone, Debug)]
pub(super) struct Scenario<'a> {
    /// The last measured day.
    pub(super) last: Date,
    /// Daily peaks without releases to come: a path each.
    pub(super) organic: &'a [Vec<f64>],
    /// Releases, by name.
    pub(super) planned: &'a [Intervention],
    /// A release that does not come.
    pub(super) without: Option<usize>,
    /// What bounds the pool.
    pub(super) bounds: &'a [Bound],
    /// How many replicas there can be.
    pub(super) most: u32,
    /// A factor of organic traffic.
    pub(super) traffic: f64,
    /// A factor of the use of each request.
    pub(super) cost: f64,
}

/// What came of the paths.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// Of each path the day it meets the limit, from 0, and the limit; sorted, those that never do last.
    met: Vec<Option<(usize, Limit)>>,
}

impl Scenario<'_> {
    /// What traffic takes of each bound, day by day, on a path.
    fn taken(&self, path: usize, mut day: impl FnMut(usize, f64, &[f64]) -> bool) {
        let there = self.planned.iter().enumerate().filter(|(at, _)| self.without != Some(*at));
        let drawn = there.map(|(at, planned)| {
            let (times, slip) = planned.draw(path, at);
            planned.drawn(self.last, times, slip)
        });
        let drawn: Vec<Drawn> = drawn.collect();
        let loose: Vec<f64> = self
            .bounds
            .iter()
            .enumerate()
            .map(|(at, bound)| (1.0 + bound.spread * normal(path, at as u64, 3)).max(0.0))
            .collect();
        let mut takes = vec![0.0; self.bounds.len()];
        for (ahead, peak) in self.organic[path].iter().enumerate() {
            let (mut rate, mut cost) = (peak * self.traffic, self.cost);
            for release in &drawn {
                let factors = release.factors(ahead as i32 + 1);
                rate *= factors.0;
                cost *= factors.1;
            }
            for ((take, bound), loose) in takes.iter_mut().zip(self.bounds).zip(&loose) {
                *take = bound.slope * cost * rate * loose;
            }
            if !day(ahead, rate, &takes) {
                return;
            }
        }
    }

    /// When each path meets the limit of the pool.
    pub(super) fn outcome(&self) -> Outcome {
        let rooms: Vec<f64> = self.bounds.iter().map(|bound| bound.room(self.most)).collect();
        let mut met: Vec<Option<(usize, Limit)>> = (0..self.organic.len())
            .map(|path| {
                let mut first = None;
                self.taken(path, |ahead, _, takes| {
                    // Of several the one that lacks most.
                    let over = takes.iter().zip(&rooms).zip(self.bounds).filter(|((take, room), _)| take > room);
                    // Where there is none without traffic already, nothing lacks more.
                    let lacking = |room: &f64, take: &f64| if *take > 0.0 { room / take } else { f64::NEG_INFINITY };
                    let worst = over.min_by(|a, b| lacking(a.0.1, a.0.0).total_cmp(&lacking(b.0.1, b.0.0)));
                    first = worst.map(|(_, bound)| (ahead, bound.limit));
                    first.is_none()
                });
                first
            })
            .collect();
        met.order_by_key(|met| met.map_or((usize::MAX, Limit::Cpu), |met| met));
        Outcome { met }
    }

    /// Of each day ahead the median and the 90 % quantile of the peak, in requests a second.
    pub(super) fn days(&self) -> Vec<[f64; 2]> {
        let mut days = vec![Vec::with_capacity(self.organic.len()); self.organic.first().map_or(0, Vec::len)];
        for path in 0..self.organic.len() {
            self.taken(path, |ahead, rate, _| {
                days[ahead].push(rate);
                true
            });
        }
        days.into_iter().map(quantiles).collect()
    }

    /// Of each week the median and the 90 % quantile of the peak, in requests a second, and of the replicas it needs; `None`
    /// where no number of them is enough. The last ends with the horizon, whole or not.
    pub(super) fn weeks(&self) -> Vec<([f64; 2], [Option<u32>; 2])> {
        let weeks = self.organic.first().map_or(0, Vec::len).div_ceil(7);
        let mut peaks = vec![Vec::with_capacity(self.organic.len()); weeks];
        let mut needs = vec![Vec::with_capacity(self.organic.len()); weeks];
        for path in 0..self.organic.len() {
            let mut own = vec![(0.0_f64, vec![0.0_f64; self.bounds.len()]); weeks];
            self.taken(path, |ahead, rate, takes| {
                let Some((peak, most)) = own.get_mut(ahead / 7) else { return false };
                *peak = peak.max(rate);
                for (most, take) in most.iter_mut().zip(takes) {
                    *most = most.max(*take);
                }
                true
            });
            for (at, (peak, takes)) in own.into_iter().enumerate() {
                peaks[at].push(peak);
                // As many as no pool has stand for none that is enough.
                let need = |(bound, take): (&Bound, &f64)| bound.replicas(*take).unwrap_or(u32::MAX);
                needs[at].push(self.bounds.iter().zip(&takes).map(need).max().unwrap_or(1).max(1));
            }
        }
        let both = peaks.into_iter().zip(needs);
        both.map(|(peaks, mut needs)| {
            needs.order();
            let need = |share| Some(needs[place(needs.len(), share)]).filter(|need| *need < u32::MAX);
            (quantiles(peaks), [need(0.5), need(0.9)])
        })
        .collect()
    }
}

impl Outcome {
    /// The day by which this share of the paths has met the limit, from 0; `None` where it has not within the horizon.
    pub(super) fn day(&self, share: f64) -> Option<usize> {
        self.met.get((self.met.len() as f64 * share) as usize).copied().flatten().map(|(day, _)| day)
    }

    /// The share of paths that meet the limit.
    pub(super) fn chance(&self) -> f64 {
        self.met.iter().flatten().count() as f64 / self.met.len().max(1) as f64
    }

    /// The limit that most paths meet first, and in what share of those that meet any.
    pub(super) fn binding(&self) -> Option<(Limit, f64)> {
        let met: Vec<Limit> = self.met.iter().flatten().map(|(_, limit)| *limit).collect();
        let count = |limit: Limit| met.iter().filter(|met| **met == limit).count();
        let all = [Limit::Throughput, Limit::Memory, Limit::Cpu];
        let most = all.into_iter().max_by_key(|limit| count(*limit))?;
        (!met.is_empty()).then(|| (most, count(most) as f64 / met.len() as f64))
    }
}

/// The median and the 90 % quantile; 0 of nothing.
pub(super) fn quantiles(mut values: Vec<f64>) -> [f64; 2] {
    values.sort_unstable_by(f64::total_cmp);
    [0.5, 0.9].map(|share| values.get(place(values.len(), share)).copied().unwrap_or_default())
}

/// Where the quantile of a share is among so many in order.
fn place(count: usize, share: f64) -> usize {
    ((count as f64 * share) as usize).min(count.saturating_sub(1))
}

/// Paths of an outlook. Where its history is too short for whole errors each path keeps to one quantile of the steps, and with
/// them comes how few there were.
pub(super) fn paths(outlook: &Outlook) -> (Vec<Vec<f64>>, Option<usize>) {
    let drawn = outlook.paths(SEED, PATHS);
    if !drawn.is_empty() {
        return (drawn, None);
    }
    let path = |path: usize| {
        // A number of 64 bits on every machine, and no place of a bound or release.
        let luck = normal(path, u64::MAX, 5) / NORMAL_90;
        let step = |step: &crate::forecast::Step| {
            let reach = if luck > 0.0 { step.hi80 - step.mean } else { step.mean - step.lo80 };
            (step.mean + luck * reach).max(0.0)
        };
        outlook.steps.iter().map(step).collect()
    };
    ((0..PATHS).map(path).collect(), Some(outlook.replays()))
}
