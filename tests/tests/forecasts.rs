//! Forecasts of generated series of every kind: better than the naive one, and intervals that hold what they promise.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::panic::resume_unwind;
use std::thread;

use headroom_core::forecast::{Models, Outlook, Question};
use headroom_tests::generated::{Kind, series};

/// Series of each kind.
const COUNT: u64 = 60;

/// How the forecasts of a kind did: their absolute errors beside the naive ones', in units of what changed from step to
/// step, and the percentages of values inside both intervals.
struct Score {
    skill: f64,
    inside: [f64; 2],
}

fn score(kind: Kind, models: Models) -> Score {
    let question = Question { horizon: kind.horizon(), periods: kind.periods().to_vec(), models };
    let (mut own, mut naive, mut inside, mut count) = (0.0, 0.0, [0.0; 2], 0.0);
    for index in 0..COUNT {
        let (past, next) = series(kind, index);
        let outlook = Outlook::of(&past, &question).unwrap();
        let changes: f64 = past.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum();
        let scale = changes / past.len() as f64;
        for (step, came) in outlook.steps.iter().zip(&next) {
            own += (came - step.mean).abs() / scale;
            naive += (came - past.last().unwrap()).abs() / scale;
            inside[0] += f64::from(u8::from((step.lo80..=step.hi80).contains(came)));
            inside[1] += f64::from(u8::from((step.lo95..=step.hi95).contains(came)));
            count += 1.0;
        }
    }
    Score { skill: own / naive, inside: inside.map(|inside| 100.0 * inside / count) }
}

#[test]
fn every_kind_is_forecast_better_than_by_its_last_value_and_no_worse_by_all_models_than_by_the_fast_ones() {
    let sums = [Models::Full, Models::Fast].map(|models| {
        let skill = |kind: &Kind| {
            let Score { skill, inside } = score(*kind, models);
            assert!(skill < 0.95, "{kind:?} {models:?}: {skill}");
            // Sixty series hold a percentage to about five points.
            assert!((68.0..92.0).contains(&inside[0]), "{kind:?} {models:?}: {inside:?}");
            assert!((85.0..=100.0).contains(&inside[1]), "{kind:?} {models:?}: {inside:?}");
            skill
        };
        // Each takes long, and all cores are there.
        let skills: Vec<f64> = thread::scope(|scope| {
            let asked: Vec<_> = Kind::ALL.iter().map(|kind| scope.spawn(move || skill(kind))).collect();
            asked.into_iter().map(|asked| asked.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
        });
        skills.into_iter().sum::<f64>()
    });
    assert!(sums[0] < sums[1], "{sums:?}");
}

#[test]
fn series_are_the_same_every_time() {
    for kind in Kind::ALL {
        assert_eq!(series(kind, 3), series(kind, 3));
        assert_ne!(series(kind, 3), series(kind, 4));
        assert_eq!(series(kind, 5).1.len(), kind.horizon());
    }
}
