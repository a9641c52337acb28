//! The course that releases give a series: a factor for every step of its past and of what is ahead.
//!
//! A series is a sum of parts, each touched by a set of releases, so its factor is `Σ w · Π f`: the shares of the parts
//! and the factors of the releases. All factors are relative to the last step. A step of several days has the mean of its
//! days. What is not known of a release, its size and its date, is independent of what is not known of the others.

use super::bearing::Bearing;
use super::declared::{Release, Releases};
use super::intervention::Intervention;
use super::record::Record;
use crate::calendar::Date;

/// Nodes by which the normal distribution of a promise is integrated, on either side of what is expected, and how many of
/// them a deviation holds. Nodes that lie evenly are exact for what is smooth, and off by little where an uplift meets its
/// floor, which Gauss's few nodes would miss.
const NODES: i32 = 16;
const NODES_IN_A_DEVIATION: f64 = 4.0;

/// Days of a step that are looked at, at most.
const MOST_DAYS: i32 = 400;

/// A variance below this share of the square is rounding.
const NOTHING: f64 = 1e-12;

/// First and last day of a step, as days since 1970.
pub(crate) type Span = (i32, i32);

/// Quantiles of the standard normal distribution: how many deviations intervals of 80 and 95 % reach.
const REACH: [f64; 2] = [1.281_551_565_544_600_4, 1.959_963_984_540_054];

/// A factor that is not known exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation.
    pub deviation: f64,
    /// Between what 80 %, and between what 95 % of what luck may bring lie.
    pub bounds: [(f64, f64); 2],
}

impl Factor {
    /// Nothing is changed.
    pub const ONE: Self = Self { mean: 1.0, deviation: 0.0, bounds: [(1.0, 1.0); 2] };

    /// One that is spread as the normal distribution is.
    fn normal(mean: f64, deviation: f64) -> Self {
        Self { mean, deviation, bounds: REACH.map(|reach| (mean - reach * deviation, mean + reach * deviation)) }
    }

    /// The same, bounded by what luck brings on simulated paths.
    fn bounded(self, mut drawn: Vec<f64>) -> Self {
        if self.deviation == 0.0 || drawn.is_empty() {
            return self;
        }
        drawn.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| drawn[(drawn.len() as f64 * share) as usize];
        let bounds = [(0.1, 0.9), (0.025, 0.975)];
        Self { bounds: bounds.map(|(low, high)| (at(low).min(self.mean), at(high).max(self.mean))), ..self }
    }

    /// How far an interval, of 80 % at 0 and of 95 % at 1, reaches below and above a value times this factor, that reached so
    /// far from the value. Errors of the value and luck with the factor are independent: their squares add up, each side for
    /// itself, since a release that may be late can only take away what it brings.
    pub(crate) fn widened(&self, level: usize, (below, above): (f64, f64), value: f64) -> (f64, f64) {
        let (low, high) = self.bounds[level];
        let (mut down, mut up) = (value.abs() * (self.mean - low), value.abs() * (high - self.mean));
        if value < 0.0 {
            std::mem::swap(&mut down, &mut up);
        }
        let both = |own: f64, luck: f64| if luck == 0.0 { own } else { (own * own + luck * luck).sqrt() };
        (both(below * self.mean, down), both(above * self.mean, up))
    }
}

/// Mean and mean square of a release's factor, both less 1 so that nothing is rounded where it does nothing.
#[derive(Clone, Copy, Debug)]
struct Moments {
    mean: f64,
    square: f64,
}

impl Moments {
    const ONE: Self = Self { mean: 0.0, square: 0.0 };

    fn certain(factor: f64) -> Self {
        Self { mean: factor - 1.0, square: factor * factor - 1.0 }
    }

    fn scaled(self, factor: f64) -> Self {
        let square = (1.0 + self.square) * factor * factor - 1.0;
        Self { mean: (1.0 + self.mean) * factor - 1.0, square }
    }

    fn variance(self) -> f64 {
        (1.0 + self.square) - (1.0 + self.mean) * (1.0 + self.mean)
    }
}

/// What releases do to a series, step by step.
#[derive(Debug)]
pub struct Course<'a> {
    declared: &'a Releases,
    releases: Vec<Release>,
    interventions: Vec<Intervention>,
    parts: &'a [(f64, Vec<usize>)],
    spans: Vec<Span>,
    /// How many of the steps are past.
    count: usize,
    /// Deviations from what a promise says, and how likely they are.
    nodes: Vec<(f64, f64)>,
}

impl<'a> Course<'a> {
    /// The course of a series, from the days of its steps, those ahead included; `None` where nothing touches it.
    pub(crate) fn of(bearing: &'a Bearing<'a>, spans: Vec<Span>, count: usize) -> Option<Self> {
        let (_, last) = spans.get(count.checked_sub(1)?)?;
        let last = day(*last)?;
        let record = Record::until(bearing.declared, last);
        // What is supposed on a day that was measured already is no other than a past release: it cannot come once more.
        let supposed = |release: &Release| release.supposed && release.date > last;
        let measured = |release: &&Release| Release { supposed: supposed(release), ..bearing.measured(release) };
        let releases: Vec<Release> = bearing.touching.iter().map(measured).collect();
        let interventions: Vec<Intervention> =
            releases.iter().map(|release| Intervention::of(release, &record, last)).collect();
        let declared = bearing.declared;
        let parts = &bearing.parts;
        (!releases.is_empty()).then(|| Self { declared, releases, interventions, parts, spans, count, nodes: nodes() })
    }

    /// What is known of each release that touches the series, by name.
    pub(crate) fn interventions(&self) -> impl Iterator<Item = (&Release, &Intervention)> {
        self.releases.iter().zip(&self.interventions)
    }

    /// Whether a release came out after the history began and what came of it is known, so that it is taken out.
    pub(crate) fn levels(&self, release: &Intervention) -> bool {
        release.known && self.spans.first().is_some_and(|(first, _)| release.date.days_since_epoch() > *first)
    }

    /// The share of the series that a release touches.
    pub(crate) fn touched(&self, place: usize) -> f64 {
        self.parts.iter().filter(|(_, places)| places.contains(&place)).map(|(share, _)| share).sum()
    }

    /// The factor of a past step, of those releases of which it is known what came of them.
    pub(crate) fn level(&self, position: usize) -> f64 {
        let of = |place: usize| {
            let known = self.interventions[place].known;
            Moments::certain(if known { self.ratio(place, self.spans[position], 1.0, 0) } else { 1.0 })
        };
        1.0 + self.mean(&self.each(of))
    }

    /// The factor of a step ahead.
    pub(crate) fn ahead(&self, step: usize) -> Factor {
        let moments = self.moments_ahead(step);
        self.factor(&moments, 1.0)
    }

    /// The factors of all steps ahead, with bounds by these paths.
    pub(crate) fn all_ahead(&self, paths: &[Vec<f64>]) -> Vec<Factor> {
        let drawn = |step: usize| paths.iter().filter_map(|path| path.get(step).copied()).collect();
        (0..self.spans.len() - self.count).map(|step| self.ahead(step).bounded(drawn(step))).collect()
    }

    /// The expected factor of a step ahead where only some releases come.
    pub(crate) fn expected(&self, step: usize, comes: impl Fn(usize) -> bool) -> f64 {
        let mut moments = self.moments_ahead(step);
        for (place, moments) in moments.iter_mut().enumerate() {
            if !comes(place) {
                *moments = Moments::ONE;
            }
        }
        1.0 + self.mean(&moments)
    }

    /// The variance that each release alone gives the factor of a step ahead, the others being as expected.
    pub(crate) fn variances(&self, step: usize) -> Vec<f64> {
        let moments = self.moments_ahead(step);
        let slope = |place: usize| -> f64 {
            let with = self.parts.iter().filter(|(_, places)| places.contains(&place));
            let others = |places: &[usize]| {
                places.iter().filter(|other| **other != place).map(|other| 1.0 + moments[*other].mean).product::<f64>()
            };
            with.map(|(share, places)| share * others(places)).sum()
        };
        (0..moments.len()).map(|place| slope(place) * slope(place) * significant(moments[place])).collect()
    }

    /// Releases that act on steps ahead and not on the last ones, so that a change told by these knows nothing of them.
    pub(crate) fn passing(&self, last: usize) -> impl Iterator<Item = &Release> {
        let horizon = self.spans.len() - self.count;
        let mut acts = vec![(false, false); self.releases.len()];
        for step in 0..horizon {
            let late = step + last >= horizon;
            for (acts, moments) in acts.iter_mut().zip(self.moments_ahead(step)) {
                let acts = if late { &mut acts.1 } else { &mut acts.0 };
                *acts |= moments.mean.abs() > 0.001;
            }
        }
        self.releases.iter().zip(acts).filter(|(_, acts)| *acts == (true, false)).map(|(release, _)| release)
    }

    /// The factors of all steps ahead on one path: what luck has for it.
    pub(crate) fn path(&self, path: usize) -> Vec<f64> {
        let draws: Vec<(f64, i32)> =
            self.interventions.iter().enumerate().map(|(place, one)| one.draw(path, place)).collect();
        let step = |span: &Span| {
            let of = |place: usize| {
                let (times, slip) = draws[place];
                Moments::certain(self.ratio(place, *span, times, slip))
            };
            1.0 + self.mean(&self.each(of))
        };
        self.spans[self.count..].iter().map(step).collect()
    }

    /// The factors that would have been expected at an origin of the past, relative to what came: releases after it as they
    /// were declared, corrected by what had come of those before it.
    pub(crate) fn foreseen(&self, origin: usize, horizon: usize) -> Vec<Factor> {
        let seen = self.spans[origin - 1];
        let Some(today) = day(seen.1) else { return vec![Factor::ONE; horizon] };
        let known = self.declared.iter().filter(|release| release.date <= today && !release.supposed);
        let record = Record::of(&Releases::of(known.cloned().collect()));
        let promised: Vec<Intervention> =
            self.releases.iter().map(|release| Intervention::of(release, &record, today)).collect();
        let end = self.spans[self.count - 1];
        let steps = self.spans[origin..self.count].iter().take(horizon);
        let mut factors: Vec<Factor> = steps
            .enumerate()
            .map(|(ahead, span)| {
                let of = |place: usize| {
                    let (was, is) = (&promised[place], &self.interventions[place]);
                    // What is only supposed never came.
                    if self.releases[place].supposed || !is.out {
                        return Moments::ONE;
                    }
                    if was.out && is.known {
                        return Moments::certain(self.ratio(place, *span, 1.0, 0));
                    }
                    // Where what came of it is known the values have been levelled to the end.
                    let scale = if is.known { 1.0 / factor(is, end, 1.0, 0) } else { 1.0 };
                    let before = |times: f64| if was.out { factor(was, seen, times, 0) } else { 1.0 };
                    self.over_luck(was, 0, |times, _| factor(was, *span, times, 0) / before(times)).scaled(scale)
                };
                self.factor(&self.each(of), self.level(origin + ahead))
            })
            .collect();
        factors.resize(horizon, Factor::ONE);
        factors
    }

    fn moments_ahead(&self, step: usize) -> Vec<Moments> {
        let span = self.spans[self.count + step];
        self.each(|place| {
            let one = &self.interventions[place];
            let slips = if one.out { 0 } else { one.slip_days as i32 };
            self.over_luck(one, slips, |times, slip| self.ratio(place, span, times, slip))
        })
    }

    /// The moments of a factor over what is not known: how large, and how late.
    fn over_luck(&self, one: &Intervention, slips: i32, factor: impl Fn(f64, i32) -> f64) -> Moments {
        let certain = [(0.0, 1.0)];
        let nodes: &[(f64, f64)] = if one.promise.spread > 0.0 { &self.nodes } else { &certain };
        let mut all = Moments::ONE;
        let chance = 1.0 / f64::from(slips + 1);
        for slip in 0..=slips {
            for (node, weight) in nodes {
                let factor = factor((1.0 + one.promise.spread * node).max(0.0), slip);
                all.mean += chance * weight * (factor - 1.0);
                all.square += chance * weight * (factor * factor - 1.0);
            }
        }
        all
    }

    /// The factor of a release on a step, relative to the last one measured.
    fn ratio(&self, place: usize, span: Span, times: f64, slip: i32) -> f64 {
        let one = &self.interventions[place];
        if one.out {
            factor(one, span, times, 0) / factor(one, self.spans[self.count - 1], times, 0)
        } else {
            factor(one, span, times, slip)
        }
    }

    fn each(&self, of: impl FnMut(usize) -> Moments) -> Vec<Moments> {
        (0..self.interventions.len()).map(of).collect()
    }

    /// The mean factor of the series, less 1.
    fn mean(&self, moments: &[Moments]) -> f64 {
        let of = |places: &[usize]| places.iter().map(|place| 1.0 + moments[*place].mean).product::<f64>() - 1.0;
        self.parts.iter().map(|(share, places)| share * of(places)).sum()
    }

    /// The factor of the series, relative to a level.
    fn factor(&self, moments: &[Moments], level: f64) -> Factor {
        let mean = 1.0 + self.mean(moments);
        let product = |places: &[usize]| places.iter().map(|place| 1.0 + moments[*place].mean).product::<f64>();
        let both = |ones: &[usize], others: &[usize]| {
            let ones_too = |place: &usize| ones.contains(place);
            let own: f64 = ones
                .iter()
                .map(|place| {
                    let moments = moments[*place];
                    1.0 + if others.contains(place) { moments.square } else { moments.mean }
                })
                .product();
            let rest = others.iter().filter(|place| !ones_too(place));
            own * rest.map(|place| 1.0 + moments[*place].mean).product::<f64>()
        };
        let mut variance = 0.0;
        for (share, places) in self.parts {
            for (other_share, others) in self.parts {
                variance += share * other_share * (both(places, others) - product(places) * product(others));
            }
        }
        let deviation = if variance > NOTHING * mean * mean { variance.sqrt() } else { 0.0 };
        Factor::normal(mean / level, deviation / level)
    }
}

/// A variance that is more than rounding.
fn significant(moments: Moments) -> f64 {
    let variance = moments.variance();
    if variance > NOTHING * (1.0 + moments.square) { variance } else { 0.0 }
}

/// The nodes of the standard normal distribution, from −4 to 4, with weights that sum to 1.
fn nodes() -> Vec<(f64, f64)> {
    let at = |node: i32| f64::from(node) / NODES_IN_A_DEVIATION;
    let density = |node: i32| libm::exp(-at(node) * at(node) / 2.0);
    let all: f64 = (-NODES..=NODES).map(density).sum();
    (-NODES..=NODES).map(|node| (at(node), density(node) / all)).collect()
}

/// The factor of a release over the days of a step, where its uplift is `times` what is expected and `slip` days late.
fn factor(one: &Intervention, (first, last): Span, times: f64, slip: i32) -> f64 {
    let [traffic, cost] = one.uplifts(times);
    let out = one.date.days_since_epoch() + slip;
    if last < out {
        return 1.0;
    }
    let days = (last - first + 1).max(1);
    let looked = days.min(MOST_DAYS);
    let (mut shares, mut squares) = (0.0, 0.0);
    for at in 0..looked {
        let day = first + (i64::from(at) * i64::from(days) / i64::from(looked)) as i32;
        let share = one.effect.share(day - out);
        shares += share;
        squares += share * share;
    }
    let looked = f64::from(looked);
    1.0 + (traffic + cost) * (shares / looked) + traffic * cost * (squares / looked)
}

fn day(days: i32) -> Option<Date> {
    Date::new(1970, 1, 1)?.plus_days(days)
}
