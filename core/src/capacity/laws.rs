//! What holds for every plan.

use proptest::prelude::*;

use super::demand::Demand;
use super::future::{Outcome, Scenario};
use super::pools::Pool;
use super::queue::Ceilings;
use super::room::{Bound, Reserve};
use crate::calendar::Date;
use crate::release::{Effect, Intervention, Promise, Shape};

/// A pool, what traffic takes of it, paths of traffic, and a release on them.
#[derive(Clone, Debug)]
struct Situation {
    pool: Pool,
    demand: Demand,
    reserve: Reserve,
    organic: Vec<Vec<f64>>,
    planned: Intervention,
}

fn last() -> Date {
    Date::new(2026, 6, 10).unwrap()
}

fn situations() -> impl Strategy<Value = Situation> {
    let pool = (1..40_u32, 0.2..8.0_f64, 1..5_u32, 0..30_u32, 1.05..4.0_f64).prop_map(
        |(replicas, cpu, zones, more, response)| Pool {
            replicas,
            cpu: Some(cpu),
            memory: None,
            zones,
            most: replicas + more,
            lead_days: 7,
            response,
            price: None,
        },
    );
    let demand = (-3.0..3.0_f64, 0.001..0.1_f64, 0.0..0.2_f64).prop_map(|(fixed, slope, spread)| Demand {
        fixed,
        slope,
        spread,
        samples: 100,
        days: 28,
        missed: 1.0,
        drift: None,
    });
    let path = (50.0..900.0_f64, -2.0..6.0_f64, 10..60_usize).prop_map(|(level, slope, days)| {
        (0..days).map(|day| (level + slope * day as f64).max(0.0)).collect::<Vec<f64>>()
    });
    let release = (1..50_i32, 0.0..1.5_f64, 0.0..0.5_f64, 0.0..0.6_f64, 0..20_u32, 0..3_u8).prop_map(
        |(ahead, traffic, cost, spread, slip_days, shape)| Intervention {
            name: "r".to_owned(),
            date: last().plus_days(ahead).unwrap(),
            promise: Promise { traffic, cost, spread },
            slip_days,
            // One that wears off gives way to a later one in the end, so it is left out here.
            effect: Effect { shape: if shape == 0 { Shape::Ramp } else { Shape::Step }, days: 10 },
            out: false,
            known: false,
        },
    );
    let reserve = prop_oneof![Just(Reserve::Zone), Just(Reserve::Replica), Just(Reserve::None)];
    (pool, demand, reserve, proptest::collection::vec(path, 1..12), release).prop_map(
        |(pool, demand, reserve, mut organic, planned)| {
            let days = organic.iter().map(Vec::len).min().unwrap_or_default();
            for path in &mut organic {
                path.truncate(days);
            }
            Situation { pool, demand, reserve, organic, planned }
        },
    )
}

impl Situation {
    fn bound(&self, reserve: Reserve) -> Bound {
        Bound::cpu(&self.pool, self.pool.cpu.unwrap(), &self.demand, reserve, &Ceilings::of(self.pool.response))
    }

    fn ask<T>(&self, planned: &Intervention, bound: Bound, traffic: f64, of: impl Fn(&Scenario<'_>) -> T) -> T {
        of(&Scenario {
            last: last(),
            organic: &self.organic,
            planned: std::slice::from_ref(planned),
            without: None,
            bounds: &[bound],
            most: self.pool.most,
            traffic,
            cost: 1.0,
        })
    }
}

/// Days of exhaustion at every share of the paths, those beyond the horizon as the greatest.
fn days(outcome: &Outcome) -> Vec<usize> {
    (0..10).map(|share| outcome.day(f64::from(share) / 10.0).unwrap_or(usize::MAX)).collect()
}

/// Replicas by week, half and 90 %, none that is enough as the greatest.
fn needs(scenario: &Scenario<'_>) -> Vec<u32> {
    scenario.weeks().iter().flat_map(|(_, needs)| needs.map(|need| need.unwrap_or(u32::MAX))).collect()
}

proptest! {
    #[test]
    fn more_traffic_never_needs_fewer_replicas(situation in situations(), more in 1.0..3.0_f64) {
        let (bound, planned) = (situation.bound(situation.reserve), &situation.planned);
        let now = situation.ask(planned, bound.clone(), 1.0, needs);
        let then = situation.ask(planned, bound.clone(), more, needs);
        prop_assert!(now.iter().zip(&then).all(|(now, then)| now <= then), "{now:?} {then:?}");
        let now = situation.ask(planned, bound.clone(), 1.0, |scenario| days(&scenario.outcome()));
        let then = situation.ask(planned, bound, more, |scenario| days(&scenario.outcome()));
        prop_assert!(now.iter().zip(&then).all(|(now, then)| now >= then), "{now:?} {then:?}");
    }

    #[test]
    fn a_later_release_never_brings_exhaustion_earlier(situation in situations(), later in 0..40_i32) {
        let bound = situation.bound(situation.reserve);
        let date = situation.planned.date.plus_days(later).unwrap();
        let put_off = Intervention { date, ..situation.planned.clone() };
        let now = situation.ask(&situation.planned, bound.clone(), 1.0, |scenario| days(&scenario.outcome()));
        let then = situation.ask(&put_off, bound, 1.0, |scenario| days(&scenario.outcome()));
        prop_assert!(now.iter().zip(&then).all(|(now, then)| now <= then), "{now:?} {then:?}");
    }

    #[test]
    fn the_loss_of_a_zone_never_helps(situation in situations()) {
        let ask = |reserve| {
            let of = |scenario: &Scenario<'_>| (needs(scenario), days(&scenario.outcome()));
            situation.ask(&situation.planned, situation.bound(reserve), 1.0, of)
        };
        let (lost, whole) = (ask(Reserve::Zone), ask(Reserve::None));
        prop_assert!(lost.0.iter().zip(&whole.0).all(|(lost, whole)| lost >= whole), "{lost:?} {whole:?}");
        prop_assert!(lost.1.iter().zip(&whole.1).all(|(lost, whole)| lost <= whole), "{lost:?} {whole:?}");
    }

    #[test]
    fn what_is_enough_is_enough_and_one_less_is_not(situation in situations(), taken in 0.01..60.0_f64) {
        let bound = situation.bound(situation.reserve);
        if let Some(replicas) = bound.replicas(taken) {
            prop_assert!(bound.room(replicas) >= taken);
            prop_assert!(bound.room(replicas - 1) < taken);
        }
    }

    #[test]
    fn a_greater_uplift_never_leaves_more_time(situation in situations(), more in 1.0..2.0_f64) {
        let bound = situation.bound(situation.reserve);
        let mut greater = situation.planned.clone();
        greater.promise.traffic *= more;
        let now = situation.ask(&situation.planned, bound.clone(), 1.0, |scenario| days(&scenario.outcome()));
        let then = situation.ask(&greater, bound, 1.0, |scenario| days(&scenario.outcome()));
        prop_assert!(now.iter().zip(&then).all(|(now, then)| now >= then), "{now:?} {then:?}");
    }
}
