//! One service: its traffic, its limits, its releases, and when it is over.

use super::backtest::{CapacityBacktest, backtest};
use super::document::{Change, Exhaustion, Growth, GrowthPart, More, ServiceCapacity, WeekAhead};
use super::future::{Outcome, Scenario};
use super::limits::Judge;
use super::plan::Tables;
use super::pools::Pool;
use super::room::{Bound, Limit, Reserve};
use super::traffic::{Ahead, Known};
use crate::calendar::Date;
use crate::forecast::{Figure, LEAST_VALUES, Ratio, Refused, ReleaseShown, SeriesForecast};
use crate::money::Amount;
use crate::release::Record;

/// What a service is judged by.
pub(super) struct Service<'a> {
    pub(super) name: &'a str,
    pub(super) pool: &'a Pool,
    pub(super) tables: &'a Tables,
    pub(super) record: &'a Record,
    pub(super) as_of: Date,
    pub(super) horizon_days: usize,
    pub(super) reserve: Option<Reserve>,
}

impl Service<'_> {
    fn reserve(&self) -> Reserve {
        self.reserve.unwrap_or_else(|| Reserve::usual(self.pool.zones))
    }

    /// What is said of it before anything is known.
    fn blank(&self) -> ServiceCapacity {
        ServiceCapacity {
            service: self.name.to_owned(),
            replicas: self.pool.replicas,
            max_replicas: self.pool.most,
            zones: self.pool.zones,
            reserve: self.reserve(),
            response_target: Ratio(self.pool.response),
            peak: None,
            limits: Vec::new(),
            exhaustion: None,
            binding: None,
            binding_share: None,
            lead_time_days: self.pool.lead_days,
            order_by: None,
            weeks: Vec::new(),
            more: None,
            growth: None,
            releases: Vec::new(),
            changes: Vec::new(),
            traffic: None,
            backtest: Vec::new(),
            notes: Vec::new(),
            refused: None,
        }
    }

    /// What is to be said of it.
    pub(super) fn judge(&self) -> ServiceCapacity {
        let releases = &self.tables.releases;
        let mut shown = self.blank();
        let refuse = |mut shown: ServiceCapacity, reason: &str, hint: &str| {
            shown.refused = Some(Refused { reason: reason.to_owned(), hint: hint.to_owned() });
            shown
        };
        let samples = self.tables.traffic.0.get(self.name);
        let known = samples.and_then(|samples| Known::on(self.as_of, self.name, samples, releases, self.record));
        let Some(known) = known else {
            return refuse(shown, "the table of traffic has nothing of it", "give its traffic, under the same name");
        };
        shown.peak = Some(Figure(known.recent()));
        if known.peaks.cut {
            shown.notes.push("its last day is left out: little of it was measured".to_owned());
        }
        let planned = &known.planned;
        shown.releases =
            known.releases.iter().zip(planned).map(|(release, planned)| ReleaseShown::of(release, planned)).collect();
        let out = known.releases.iter().zip(planned).filter(|(_, planned)| planned.out).map(|(release, _)| release);
        let since = out.filter(|release| release.cost != 0.0);
        let judge = Judge {
            name: self.name,
            pool: self.pool,
            reserve: self.reserve(),
            traffic: &known.samples,
            usage: &self.tables.usage,
            tests: &self.tables.load_tests,
            peak: known.recent(),
            since: since.map(|release| i64::from(release.date.days_since_epoch())).max(),
        };
        let (bounds, limits) = judge.limits();
        for limit in &limits {
            if let Some(refused) = &limit.refused {
                shown.notes.push(format!("{} is not judged: {}", limit.limit.name(), refused.reason));
            }
        }
        shown.limits = limits;
        if bounds.is_empty() {
            return match shown.limits.first().and_then(|limit| limit.refused.clone()) {
                Some(refused) => ServiceCapacity { refused: Some(refused), ..shown },
                None => refuse(
                    shown,
                    "the table of capacity says neither its cores nor its memory",
                    "fill in `cpu_per_replica` or `mem_per_replica`",
                ),
            };
        }
        let days = known.peaks.values.len();
        if days < LEAST_VALUES {
            let reason = format!("{days} days of traffic are too few, {LEAST_VALUES} are needed");
            return refuse(shown, &reason, "measure longer");
        }
        shown.notes.extend(known.levelled.iter().cloned());
        if days < self.horizon_days {
            shown.notes.push(format!("looks {days} days ahead: its history is no longer"));
        }
        match known.ahead(self.name, self.horizon_days) {
            Err(refused) => {
                shown.refused.clone_from(&refused.refused);
                shown.traffic = Some(*refused);
                shown
            }
            Ok(Ahead { shown: traffic, organic, few }) => {
                shown.notes.extend(few.map(|few| {
                    let few = if few == 0 { "none".to_owned() } else { format!("only {few}") };
                    format!("of the forecasts replayed over its past {few} reached half as far, so each path keeps to one quantile of the days")
                }));
                let scenario = Scenario { bounds: &bounds, most: self.pool.most, ..known.scenario(&organic) };
                shown.backtest = backtest(self.name, &known.samples, &known.peaks, releases);
                shown.notes.extend(shown.backtest.iter().filter_map(CapacityBacktest::beaten));
                self.tell(&mut shown, &scenario, known.recent(), traffic, judge)
            }
        }
    }

    /// Fills in what the paths say.
    fn tell(
        &self,
        shown: &mut ServiceCapacity,
        scenario: &Scenario<'_>,
        recent: f64,
        traffic: SeriesForecast,
        judge: Judge<'_>,
    ) -> ServiceCapacity {
        let outcome = scenario.outcome();
        let days = scenario.organic.first().map_or(0, Vec::len);
        let date = |ahead: usize| scenario.last.plus_days(ahead as i32 + 1);
        let through = date(days.saturating_sub(1)).unwrap_or(scenario.last);
        let of = |share| outcome.day(share).and_then(date);
        let (p10, p50, p90) = (of(0.1), of(0.5), of(0.9));
        shown.exhaustion = Some(Exhaustion { p10, p50, p90, chance: Ratio(100.0 * outcome.chance()), through });
        let binding = outcome.binding();
        shown.binding = binding.map(|(limit, _)| limit).or_else(|| tightest(scenario.bounds, scenario.most));
        shown.binding_share = binding.map(|(_, share)| Ratio(100.0 * share));
        shown.order_by = p10.and_then(|day| day.plus_days(-(self.pool.lead_days as i32)));
        let weeks = scenario.weeks();
        shown.weeks = weeks
            .iter()
            .enumerate()
            .filter_map(|(week, (peaks, needs))| {
                Some(WeekAhead {
                    from: date(7 * week)?,
                    peak_p50: Figure(peaks[0]),
                    peak_p90: Figure(peaks[1]),
                    replicas_p50: needs[0],
                    replicas_p90: needs[1],
                })
            })
            .collect();
        shown.more = self.more(&weeks);
        shown.growth = growth(scenario, recent, days);
        shown.changes = self.changes(scenario, &outcome, judge);
        shown.traffic = Some(traffic);
        shown.clone()
    }

    fn more(&self, weeks: &[([f64; 2], [Option<u32>; 2])]) -> Option<More> {
        if weeks.is_empty() {
            return None;
        }
        let most = |at: usize| {
            let all: Option<Vec<u32>> = weeks.iter().map(|(_, needs)| needs[at]).collect();
            Some(all?.into_iter().max()?.saturating_sub(self.pool.replicas))
        };
        let cost = |count: Option<u32>| -> Option<Amount> {
            self.pool.price?.checked_mul(Amount::from_whole(i64::from(count?)))
        };
        let (replicas_p50, replicas_p90) = (most(0), most(1));
        Some(More {
            replicas_p50,
            replicas_p90,
            cost_month_p50: cost(replicas_p50),
            cost_month_p90: cost(replicas_p90),
        })
    }

    /// What would give other dates.
    fn changes(&self, scenario: &Scenario<'_>, outcome: &Outcome, mut judge: Judge<'_>) -> Vec<Change> {
        let mut tried: Vec<(String, Outcome)> = Vec::new();
        for (at, planned) in scenario.planned.iter().enumerate().filter(|(_, planned)| !planned.out) {
            let other = Scenario { without: Some(at), ..scenario.clone() };
            tried.push((format!("without {}", planned.name), other.outcome()));
            let mut later = scenario.planned.to_vec();
            if let Some(date) = planned.date.plus_days(28) {
                later[at].date = date;
                let other = Scenario { planned: &later, ..scenario.clone() };
                tried.push((format!("{} 28 days later", planned.name), other.outcome()));
            }
        }
        let more = (self.pool.most + self.pool.most.div_ceil(4)).min(super::pools::MOST_REPLICAS);
        let other = Scenario { most: more, ..scenario.clone() };
        tried.push((format!("up to {more} replicas"), other.outcome()));
        tried.push(("10 % less per request".to_owned(), Scenario { cost: 0.9, ..scenario.clone() }.outcome()));
        tried.push(("10 % more traffic".to_owned(), Scenario { traffic: 1.1, ..scenario.clone() }.outcome()));
        if judge.reserve != Reserve::None {
            let name = if judge.reserve == Reserve::Zone && self.pool.zones > 1 { "zone" } else { "replica" };
            judge.reserve = Reserve::None;
            let (bounds, _) = judge.limits();
            let other = Scenario { bounds: &bounds, ..scenario.clone() };
            tried.push((format!("without surviving the loss of a {name}"), other.outcome()));
        }
        let date = |ahead: usize| scenario.last.plus_days(ahead as i32 + 1);
        let before = outcome.day(0.1);
        let differs = |other: &Outcome| (other.day(0.1), other.day(0.5)) != (before, outcome.day(0.5));
        let changes = tried.into_iter().filter(|(_, other)| differs(other));
        changes
            .map(|(change, other)| Change {
                change,
                p10: other.day(0.1).and_then(date),
                p50: other.day(0.5).and_then(date),
                days: other.day(0.1).zip(before).map(|(other, before)| other as i64 - before as i64),
            })
            .collect()
    }
}

/// The limit that leaves least room for growth of the last peak.
fn tightest(bounds: &[Bound], most: u32) -> Option<Limit> {
    let room = |bound: &Bound| match bound.room(most) {
        room if bound.slope > 0.0 => room / bound.slope,
        room if room < 0.0 => f64::NEG_INFINITY,
        _ => f64::INFINITY,
    };
    bounds.iter().min_by(|a, b| room(a).total_cmp(&room(b))).map(|bound| bound.limit)
}

/// Growth from the last seven days to the last seven of the horizon, by its parts.
fn growth(scenario: &Scenario<'_>, recent: f64, days: usize) -> Option<Growth> {
    if recent <= 0.0 || days == 0 {
        return None;
    }
    let from = days.saturating_sub(7);
    let mut ends: Vec<f64> =
        scenario.organic.iter().map(|path| path[from..].iter().fold(0.0_f64, |most, peak| most.max(*peak))).collect();
    ends.sort_unstable_by(f64::total_cmp);
    let organic = ends[ends.len() / 2] / recent;
    let mut parts = vec![("organic".to_owned(), organic)];
    for planned in scenario.planned {
        let factor = planned.expected(scenario.last, days as i32);
        if !planned.out || (factor - 1.0).abs() > 1e-9 {
            parts.push((planned.name.clone(), factor));
        }
    }
    let all: f64 = parts.iter().map(|(_, factor)| factor).product();
    let logarithm = libm::log(all);
    let grows = logarithm > 0.001 && logarithm.is_finite();
    Some(Growth {
        percent: Ratio(100.0 * (all - 1.0)),
        parts: parts
            .into_iter()
            .map(|(name, factor)| GrowthPart {
                name,
                percent: Ratio(100.0 * (factor - 1.0)),
                share: grows.then(|| Ratio(100.0 * libm::log(factor) / logarithm)),
            })
            .collect(),
    })
}
