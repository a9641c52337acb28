//! What a pool of so many replicas can carry, with what is kept for a loss.

use serde::{Deserialize, Serialize};

use super::demand::Demand;
use super::pools::{MOST_REPLICAS, Pool};
use super::queue::Ceilings;
use super::scalability::Scalability;

/// The share of memory that may be used: it has no queue to wait in, and what is over is killed.
pub(super) const MOST_MEMORY: f64 = 0.9;

/// What the pool must survive without waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reserve {
    /// The loss of the zone with the most replicas.
    Zone,
    /// The loss of one replica.
    Replica,
    /// Nothing.
    None,
}

impl Reserve {
    /// What is usual for so many zones: a zone where there are several, else a replica.
    pub(super) fn usual(zones: u32) -> Self {
        if zones > 1 { Self::Zone } else { Self::Replica }
    }

    /// How many of so many replicas are left.
    pub(super) fn left(self, replicas: u32, zones: u32) -> u32 {
        match self {
            Self::Zone if zones > 1 => replicas - replicas.div_ceil(zones),
            Self::Zone | Self::Replica => replicas.saturating_sub(1),
            Self::None => replicas,
        }
    }
}

/// A limit of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Cores.
    Cpu,
    /// Memory.
    Memory,
    /// What load tests carried.
    Throughput,
}

impl Limit {
    /// Its name: `cpu`, `memory`, `throughput`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Throughput => "throughput",
        }
    }
}

/// A resource of a pool: what traffic takes of it, and what so many replicas leave for it.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) limit: Limit,
    /// What a request a second takes; 1 of throughput.
    pub(super) slope: f64,
    /// The standard deviation of demand, as a share.
    pub(super) spread: f64,
    /// What traffic may take in all, by the number of replicas, from 0 on; below 0 where they are over without any traffic, and
    /// never falling from where they are not.
    room: Vec<f64>,
}

impl Bound {
    /// Cores under the queue's ceiling, less what replicas use without traffic.
    pub(super) fn cpu(pool: &Pool, cores: f64, demand: &Demand, reserve: Reserve, ceilings: &Ceilings) -> Self {
        let usable = |left: f64| left * cores * ceilings.at(left * cores);
        Self::new(Limit::Cpu, pool, demand, reserve, usable)
    }

    /// Memory, less what replicas take without traffic.
    pub(super) fn memory(pool: &Pool, size: f64, demand: &Demand, reserve: Reserve) -> Self {
        Self::new(Limit::Memory, pool, demand, reserve, |left| left * size * MOST_MEMORY)
    }

    fn new(limit: Limit, pool: &Pool, demand: &Demand, reserve: Reserve, usable: impl Fn(f64) -> f64) -> Self {
        // What is used without traffic, each replica uses; what is below nothing belongs to the traffic.
        let each = demand.fixed.max(0.0) / f64::from(pool.replicas);
        let less = demand.fixed.min(0.0);
        let room = |left: f64| usable(left) - each * left - less;
        Self {
            limit,
            slope: demand.slope,
            spread: demand.spread,
            // Where no replica is left, what they used without traffic has none to run on.
            room: rising(pool, reserve, -demand.fixed.max(0.0), |left| room(f64::from(left))),
        }
    }

    /// Requests a second that load tests carried, under the queue's ceiling.
    pub(super) fn throughput(pool: &Pool, law: &Scalability, reserve: Reserve, ceilings: &Ceilings) -> Self {
        let cores = pool.cpu.unwrap_or(1.0);
        let room = |left: u32| law.throughput(left) * ceilings.at(f64::from(left) * cores);
        Self { limit: Limit::Throughput, slope: 1.0, spread: 0.0, room: rising(pool, reserve, 0.0, room) }
    }

    /// What traffic may take of so many replicas.
    pub(super) fn room(&self, replicas: u32) -> f64 {
        self.room.get(replicas as usize).or(self.room.last()).copied().unwrap_or_default()
    }

    /// The fewest replicas that leave room for so much; `None` where none of those thought of do.
    pub(super) fn replicas(&self, taken: f64) -> Option<u32> {
        let found = self.room.partition_point(|room| *room < taken);
        (found < self.room.len()).then_some(found as u32)
    }
}

/// The room by the number of replicas, and what it is where none is left. Once there is any it never falls: whoever has more may
/// leave some out.
fn rising(pool: &Pool, reserve: Reserve, none: f64, room: impl Fn(u32) -> f64) -> Vec<f64> {
    // Eight times what there can be is as far as anybody looks ahead.
    let most = pool.most.saturating_mul(8).clamp(64, MOST_REPLICAS);
    let mut best = none;
    (0..=most)
        .map(|replicas| {
            let left = reserve.left(replicas, pool.zones);
            if left > 0 {
                let room = room(left);
                best = if best < 0.0 { room } else { best.max(room) };
            }
            best
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn even(fixed: f64) -> Bound {
        let pool = Pool {
            replicas: 4,
            cpu: Some(2.0),
            memory: None,
            zones: 1,
            most: 6,
            lead_days: 7,
            response: 2.0,
            price: None,
        };
        let demand = Demand { fixed, slope: 0.0, spread: 0.0, samples: 100, days: 28, missed: 1.0, drift: None };
        Bound::cpu(&pool, 2.0, &demand, Reserve::Replica, &Ceilings::of(2.0))
    }

    #[test]
    fn use_without_traffic_can_be_over_all_there_is() {
        // Each of four uses 1.5 of its two cores, which a lone one may not: two share a queue.
        let some = even(6.0);
        assert!(some.room(2) < 0.0 && some.room(6) > 0.0);
        assert!(some.replicas(0.0).is_some_and(|enough| (3..=6).contains(&enough)), "{some:?}");
        // Each uses more than it has: no number is enough.
        let over = even(9.0);
        assert!(over.room(6) < 0.0);
        assert_eq!(over.replicas(0.0), None);
        // What uses nothing needs nothing.
        assert_eq!(even(0.0).replicas(0.0), Some(0));
    }

    #[test]
    fn losses_leave_less() {
        assert_eq!([3, 4, 6, 7].map(|replicas| Reserve::Zone.left(replicas, 3)), [2, 2, 4, 4]);
        assert_eq!([0, 1, 6].map(|replicas| Reserve::Zone.left(replicas, 1)), [0, 0, 5]);
        assert_eq!([0, 1, 6].map(|replicas| Reserve::Replica.left(replicas, 3)), [0, 0, 5]);
        assert_eq!(Reserve::None.left(6, 3), 6);
    }
}
