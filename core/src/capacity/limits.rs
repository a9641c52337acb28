//! The limits of a pool, as they are judged and as they are shown.

use std::fmt::Write as _;

use super::demand::Demand;
use super::document::LimitShown;
use super::measured::{PoolUsage, Samples};
use super::pools::{LoadTests, Pool};
use super::queue::{Ceilings, MOST_BUSY};
use super::room::{Bound, Limit, MOST_MEMORY, Reserve};
use super::scalability::Scalability;
use crate::forecast::{Figure, Ratio, Refused};
use crate::rightsizing::Resource;

/// What limits are found from.
pub(super) struct Judge<'a> {
    pub(super) name: &'a str,
    pub(super) pool: &'a Pool,
    pub(super) reserve: Reserve,
    pub(super) traffic: &'a Samples,
    pub(super) usage: &'a PoolUsage,
    pub(super) tests: &'a LoadTests,
    /// The peak of the last seven days.
    pub(super) peak: f64,
    /// The day of the latest release that changed what a request takes.
    pub(super) since: Option<i64>,
}

impl Judge<'_> {
    /// The limits that count, and all as they are shown.
    pub(super) fn limits(&self) -> (Vec<Bound>, Vec<LimitShown>) {
        let ceilings = Ceilings::of(self.pool.response);
        let (mut bounds, mut shown) = (Vec::new(), Vec::new());
        let mut add = |(bound, limit): (Option<Bound>, LimitShown)| {
            bounds.extend(bound);
            shown.push(limit);
        };
        if let Some(cores) = self.pool.cpu {
            add(self.of(
                Resource::Cpu,
                |demand| Bound::cpu(self.pool, cores, demand, self.reserve, &ceilings),
                || self.busy(f64::from(self.left()) * cores, &ceilings, "cores"),
            ));
        }
        if let Some(size) = self.pool.memory {
            add(self.of(
                Resource::Memory,
                |demand| Bound::memory(self.pool, size, demand, self.reserve),
                || {
                    let why = format!("{:.0} % of what {}", 100.0 * MOST_MEMORY, self.are_left());
                    (Some(Ratio(100.0 * MOST_MEMORY)), why)
                },
            ));
        }
        if let Some(points) = self.tests.0.get(self.name) {
            add(self.throughput(points, &ceilings));
        }
        (bounds, shown)
    }

    /// The replicas that are left of all there can be.
    fn left(&self) -> u32 {
        self.reserve.left(self.pool.most, self.pool.zones)
    }

    fn are_left(&self) -> String {
        let (left, most) = (self.left(), self.pool.most);
        match self.reserve {
            Reserve::Zone if self.pool.zones > 1 => {
                format!("{left} of {most} replicas have, which a lost zone of {} leaves", self.pool.zones)
            }
            Reserve::Zone | Reserve::Replica => format!("{left} of {most} replicas have, one being lost"),
            Reserve::None => format!("{most} replicas have, none being lost"),
        }
    }

    /// The ceiling of the queue, and why.
    fn busy(&self, servers: f64, ceilings: &Ceilings, unit: &str) -> (Option<Ratio>, String) {
        let share = ceilings.at(servers);
        let why = if share >= MOST_BUSY {
            format!("{:.0} % of what {}: bursts that means hide take the rest", 100.0 * share, self.are_left())
        } else {
            let target = Ratio(self.pool.response);
            let count = (servers + 1e-9).max(1.0) as u64;
            let unit = if count == 1 { unit.trim_end_matches('s') } else { unit };
            format!(
                "{:.1} % of what {}: busier, {count} {unit} would answer in more than {target} times the time of service",
                100.0 * share,
                self.are_left(),
            )
        };
        (Some(Ratio(100.0 * share)), why)
    }

    fn of(
        &self,
        resource: Resource,
        bound: impl Fn(&Demand) -> Bound,
        ceiling: impl Fn() -> (Option<Ratio>, String),
    ) -> (Option<Bound>, LimitShown) {
        let (limit, unit) = match resource {
            Resource::Cpu => (Limit::Cpu, "cores"),
            Resource::Memory => (Limit::Memory, "MiB"),
        };
        match Demand::fit(self.traffic, self.usage.of(self.name, resource), self.since) {
            Ok(demand) => {
                let bound = bound(&demand);
                let (ceiling, why) = ceiling();
                let shown = LimitShown {
                    limit,
                    unit,
                    fixed: Some(Figure(demand.fixed)),
                    per_request: Some(Figure(demand.slope)),
                    samples: demand.samples,
                    days: demand.days,
                    missed: Some(Ratio(demand.missed)),
                    drift: demand.drift.map(Ratio),
                    ceiling,
                    why,
                    room: Some(Figure(bound.room(self.pool.most))),
                    taken: Some(Figure(demand.slope * self.peak)),
                    refused: None,
                };
                (Some(bound), shown)
            }
            Err(fault) => {
                let refused = Refused { reason: fault.to_string(), hint: fault.hint() };
                (None, LimitShown { refused: Some(refused), ..nothing(limit, unit) })
            }
        }
    }

    fn throughput(&self, points: &[(u32, f64)], ceilings: &Ceilings) -> (Option<Bound>, LimitShown) {
        const UNIT: &str = "requests a second";
        let Some(law) = Scalability::fit(points) else {
            let refused = Refused {
                reason: "its load tests are of fewer than four different numbers of replicas".to_owned(),
                hint: "test more sizes: how throughput bends cannot be told from fewer".to_owned(),
            };
            return (None, LimitShown { refused: Some(refused), ..nothing(Limit::Throughput, UNIT) });
        };
        let bound = Bound::throughput(self.pool, &law, self.reserve, ceilings);
        let (ceiling, mut why) = self.busy(f64::from(self.left()) * self.pool.cpu.unwrap_or(1.0), ceilings, "servers");
        let _ = write!(
            why,
            "; by load tests one replica carries {} a second, {:.1} % of the work cannot be shared",
            Figure(law.alone),
            100.0 * law.contention
        );
        if let Some(peak) = law.peak().filter(|peak| *peak < 10_000.0) {
            let _ = write!(why, ", and more than {peak:.0} replicas carry less");
        }
        let shown = LimitShown {
            ceiling,
            why,
            samples: points.len(),
            per_request: Some(Figure(1.0)),
            room: Some(Figure(bound.room(self.pool.most))),
            taken: Some(Figure(self.peak)),
            ..nothing(Limit::Throughput, UNIT)
        };
        (Some(bound), shown)
    }
}

fn nothing(limit: Limit, unit: &'static str) -> LimitShown {
    LimitShown {
        limit,
        unit,
        fixed: None,
        per_request: None,
        samples: 0,
        days: 0,
        missed: None,
        drift: None,
        ceiling: None,
        why: String::new(),
        room: None,
        taken: None,
        refused: None,
    }
}
