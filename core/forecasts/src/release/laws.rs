//! What holds for every course of releases.

use proptest::prelude::*;

use super::course::Factor;
use super::{Bearing, Course, Effect, Kind, Measure, Release, Releases, Shape};
use crate::calendar::Date;

/// Days of history and of the future.
const DAYS: (usize, usize) = (60, 30);

fn first() -> Date {
    Date::new(2026, 4, 1).unwrap()
}

/// A release so many days after the first.
fn release(name: String) -> impl Strategy<Value = Release> {
    let uplifts = (-0.5..1.5_f64, -0.3..0.5_f64, 0.3..=1.0_f64);
    let effect = (0..3_u8, 1..20_u32);
    (0..100_i32, uplifts, 0..15_u32, effect, proptest::option::of(-0.3..1.0_f64)).prop_map(
        move |(day, (traffic, cost, confidence), slip_days, (shape, days), actual)| Release {
            kind: Kind::Release,
            name: name.clone(),
            date: first().plus_days(day).unwrap(),
            service: None,
            traffic,
            cost,
            confidence,
            slip_days,
            actual,
            effect: Effect { shape: [Shape::Step, Shape::Ramp, Shape::Decay][usize::from(shape)], days },
            supposed: false,
            cancelled: false,
        },
    )
}

fn releases() -> impl Strategy<Value = Releases> {
    let some = proptest::collection::vec(release("r".to_owned()), 1..4);
    some.prop_map(|all| {
        let named = |(at, release): (usize, Release)| Release { name: format!("r{at}"), ..release };
        Releases::of(all.into_iter().enumerate().map(named).collect())
    })
}

/// Parts of a series: everything, what the first release touches, and what none does.
fn bearing(declared: &Releases, shares: [f64; 3]) -> Bearing<'_> {
    let all: Vec<usize> = (0..declared.iter().count()).collect();
    Bearing::of_parts(declared, [(all, shares[0]), (vec![0], shares[1]), (Vec::new(), shares[2])])
}

fn course<'a>(bearing: &'a Bearing<'a>) -> Course<'a> {
    let day = first().days_since_epoch();
    let spans = (0..(DAYS.0 + DAYS.1) as i32).map(|at| (day + at, day + at)).collect();
    Course::of(bearing, spans, DAYS.0).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn factors_are_positive_and_end_where_the_history_does(declared in releases(), shares in [0.1..1.0_f64, 0.1..1.0, 0.0..1.0]) {
        let bearing = bearing(&declared, shares);
        let course = course(&bearing);
        prop_assert!((course.level(DAYS.0 - 1) - 1.0).abs() < 1e-9);
        prop_assert!((0..DAYS.0).all(|day| course.level(day) > 0.0));
        for step in 0..DAYS.1 {
            let Factor { mean, deviation, .. } = course.ahead(step);
            prop_assert!(mean > 0.0 && deviation >= 0.0 && mean.is_finite() && deviation.is_finite());
            prop_assert!((course.expected(step, |_| true) - mean).abs() < 1e-9);
            prop_assert!((course.expected(step, |_| false) - 1.0).abs() < 1e-12);
        }
    }

    /// What luck brings is, in the mean over paths, what is expected: within four standard errors.
    #[test]
    fn paths_are_spread_as_the_factors_say(declared in releases(), shares in [0.1..1.0_f64, 0.1..1.0, 0.0..1.0]) {
        let bearing = bearing(&declared, shares);
        let course = course(&bearing);
        let paths: Vec<Vec<f64>> = (0..1000).map(|path| course.path(path)).collect();
        for step in [0, 10, DAYS.1 - 1] {
            let mean = paths.iter().map(|path| path[step]).sum::<f64>() / 1000.0;
            let factor = course.ahead(step);
            let apart = 4.5 * factor.deviation / 1000.0_f64.sqrt() + 2e-3;
            prop_assert!((mean - factor.mean).abs() < apart, "{mean} {factor:?}");
        }
    }

    #[test]
    fn a_greater_uplift_never_lowers(mut one in release("a".to_owned()), more in 0.0..1.0_f64) {
        (one.actual, one.traffic, one.cost) = (None, one.traffic.abs(), one.cost.abs());
        let mut other = one.clone();
        other.traffic += more;
        let means = |release: &Release| {
            let declared = Releases::of(vec![release.clone()]);
            let bearing = Bearing::whole(&declared, Measure::Cost, |_| true);
            let course = course(&bearing);
            (0..DAYS.1).map(|step| course.ahead(step).mean).collect::<Vec<_>>()
        };
        // Of one that wears off and is out already more is lost the more there was.
        prop_assume!(one.effect.shape != Shape::Decay || one.date > first().plus_days(DAYS.0 as i32).unwrap());
        prop_assert!(means(&one).iter().zip(means(&other)).all(|(less, more)| *less <= more + 1e-12));
    }

    #[test]
    fn no_uplift_changes_nothing(mut one in release("a".to_owned())) {
        (one.traffic, one.cost, one.actual) = (0.0, 0.0, None);
        let declared = Releases::of(vec![one]);
        let bearing = Bearing::whole(&declared, Measure::Cost, |_| true);
        let course = course(&bearing);
        prop_assert!((0..DAYS.1).all(|step| course.ahead(step) == Factor::ONE));
        let one = |factor: f64| factor.to_bits() == 1.0_f64.to_bits();
        prop_assert!((0..DAYS.0).all(|day| one(course.level(day))));
        prop_assert!(course.path(7).iter().all(|factor| one(*factor)));
    }

    /// What would have been expected before a release does not depend on what came of it.
    #[test]
    fn an_origin_knows_no_later_outcome(mut one in release("a".to_owned()), actual in -0.3..1.0_f64, other in -0.3..1.0_f64) {
        one.date = first().plus_days(45).unwrap();
        one.traffic = one.traffic.abs() + 0.01;
        let foreseen = |actual: f64| {
            let declared = Releases::of(vec![Release { actual: Some(actual), ..one.clone() }]);
            let bearing = Bearing::whole(&declared, Measure::Cost, |_| true);
            let course = course(&bearing);
            let origin = 40;
            let factors = course.foreseen(origin, 20);
            // On the scale of what was measured, and not of what was levelled.
            let measured = |(ahead, factor): (usize, &Factor)| {
                factor.mean * course.level(origin + ahead) / course.level(origin - 1)
            };
            factors.iter().enumerate().map(measured).collect::<Vec<_>>()
        };
        for (one, other) in foreseen(actual).iter().zip(foreseen(other)) {
            prop_assert!((one - other).abs() < 1e-9, "{one} {other}");
        }
    }
}
