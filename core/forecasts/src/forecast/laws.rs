//! What holds for every forecast.

use proptest::prelude::*;

use super::{Models, Outlook, Question};

fn series() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![4 => 0.0..1e4_f64, 1 => Just(0.0), 1 => -50.0..1e6_f64];
    prop_oneof![
        proptest::collection::vec(value, 8..60),
        // A level, a slope, a season and noise, of any size.
        (8_usize..120, -3..9_i32, 0.0..1.0_f64, 0.0..1.0_f64, proptest::collection::vec(-1.0..1.0_f64, 120)).prop_map(
            |(count, size, slope, swing, noise)| {
                let unit = libm::pow(10.0, f64::from(size));
                let at = |(position, noise): (usize, &f64)| {
                    let season = if position % 12 < 5 { swing } else { -swing };
                    unit * (5.0 + slope * f64::from(position as u32) / 10.0 + season + 0.2 * noise)
                };
                noise.iter().take(count).enumerate().map(at).collect()
            }
        ),
        (8_usize..40, -1e9..1e9_f64).prop_map(|(count, value)| vec![value; count]),
    ]
}

fn question(horizon: usize, models: Models) -> Question {
    Question { horizon, periods: vec![12], models }
}

fn models() -> impl Strategy<Value = Models> {
    prop_oneof![Just(Models::Full), Just(Models::Fast)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn forecasts_are_finite_ordered_and_within_their_limits(values in series(), models in models(), ahead in 1..8_usize) {
        let outlook = Outlook::of(&values, &question(ahead, models)).unwrap();
        let positive = values.iter().all(|value| *value >= 0.0);
        let slack = 1e-9 * outlook.limits.1.abs().max(outlook.limits.0.abs());
        prop_assert_eq!(outlook.steps.len(), ahead);
        for step in &outlook.steps {
            prop_assert!([step.mean, step.lo80, step.hi80, step.lo95, step.hi95].iter().all(|value| value.is_finite()));
            prop_assert!(step.lo95 <= step.lo80 && step.lo80 <= step.mean && step.mean <= step.hi80 && step.hi80 <= step.hi95);
            prop_assert!(step.lo95 >= outlook.limits.0 - slack && step.hi95 <= outlook.limits.1 + slack);
            prop_assert!(!positive || step.lo95 >= 0.0);
        }
        let shares: f64 = outlook.members.iter().map(|(_, share)| share).sum();
        prop_assert!((shares - 1.0).abs() < 1e-9);
    }

    /// Without a multiplicative season, whose interval goes with it, farther is never surer, but for what the limits hold.
    #[test]
    fn intervals_never_narrow(values in series(), models in models()) {
        let outlook = Outlook::of(&values, &Question { horizon: 8, periods: Vec::new(), models }).unwrap();
        for pair in outlook.steps.windows(2) {
            let wide = |step: &super::Step| (step.hi80 - step.mean, step.hi95 - step.mean);
            let (near, far) = (wide(&pair[0]), wide(&pair[1]));
            let slack = 1e-9 * (pair[0].hi95.abs() + pair[0].mean.abs());
            let held = |value: f64| value >= outlook.limits.1 - slack;
            prop_assert!(far.0 >= near.0 - slack || held(pair[1].hi80), "{:?}", outlook.steps);
            prop_assert!(far.1 >= near.1 - slack || held(pair[1].hi95), "{:?}", outlook.steps);
        }
    }

    /// Whatever was learned from earlier forecasts: 95 % hold 80 %, and farther is never surer, but for what the limits hold.
    #[test]
    fn intervals_that_learned_are_ordered_as_others(
        values in series(), models in models(), narrow in 0.125..8.0_f64, wide in 0.125..8.0_f64,
    ) {
        let outlook = Outlook::of(&values, &Question { horizon: 8, periods: Vec::new(), models }).unwrap();
        let learned = outlook.widened([narrow, wide]);
        for (step, before) in learned.steps.iter().zip(&outlook.steps) {
            prop_assert!(step.lo95 <= step.lo80 && step.lo80 <= step.mean && step.mean <= step.hi80 && step.hi80 <= step.hi95);
            prop_assert_eq!(step.mean.to_bits(), before.mean.to_bits());
            prop_assert!(outlook.limits.0 < 0.0 || step.lo95 >= 0.0);
        }
        for (pair, before) in learned.steps.windows(2).zip(outlook.steps.windows(2)) {
            let slack = 1e-9 * (pair[0].hi95.abs() + pair[0].mean.abs());
            let held = before[1].hi95 >= outlook.limits.1 - slack;
            prop_assert!(held || pair[1].hi80 - pair[1].mean >= pair[0].hi80 - pair[0].mean - slack);
            prop_assert!(held || pair[1].hi95 - pair[1].mean >= pair[0].hi95 - pair[0].mean - slack);
        }
    }

    /// In other units everything is the same: to the last bit in powers of two.
    #[test]
    fn units_do_not_matter(values in series(), models in models(), power in -20..20_i32) {
        let own = Outlook::of(&values, &question(6, models)).unwrap();
        let scaled: Vec<f64> = values.iter().map(|value| libm::ldexp(*value, power)).collect();
        let other = Outlook::of(&scaled, &question(6, models)).unwrap();
        for (own, other) in own.steps.iter().zip(&other.steps) {
            prop_assert_eq!(libm::ldexp(own.mean, power).to_bits(), other.mean.to_bits());
            prop_assert_eq!(libm::ldexp(own.hi95, power).to_bits(), other.hi95.to_bits());
        }
        prop_assert_eq!(own.members, other.members);
        prop_assert_eq!(own.confidence, other.confidence);
    }

    /// What comes after an origin is not seen there: the back-test's first origin is the same whatever came later.
    #[test]
    fn a_forecast_depends_on_its_past_alone(values in series(), models in models()) {
        let one = Outlook::of(&values, &question(4, models)).unwrap();
        let again = Outlook::of(&values, &question(4, models)).unwrap();
        prop_assert_eq!(&one.steps, &again.steps);
        prop_assert_eq!(one.paths(7, 20), again.paths(7, 20));
        prop_assert!(one.paths(7, 20).iter().all(|path| path.len() == 4));
    }
}

#[test]
fn what_never_changed_goes_on() {
    let outlook = Outlook::of(&[42.0; 30], &question(6, Models::Full)).unwrap();
    for step in outlook.steps {
        assert!((step.mean - 42.0).abs() < 1e-9 && (step.hi95 - step.lo95) < 1e-6, "{step:?}");
    }
    let zero = Outlook::of(&[0.0; 30], &question(6, Models::Full)).unwrap();
    assert!(zero.steps.iter().all(|step| step.mean == 0.0 && step.hi95 == 0.0));
}

#[test]
fn a_later_value_changes_no_earlier_origin() {
    use super::pool::Family;
    use super::rolling::{Task, limits, roll};

    let families = [Family::Smoothing, Family::Theta, Family::Autoregression, Family::Seasonal];
    let decide = |values: &[f64]| {
        let task = Task {
            values,
            known: &vec![true; values.len()],
            horizon: 12,
            periods: &[12],
            families: &families,
            most_origins: 6,
            limits: &limits(values),
            inflation: [1.0; 2],
        };
        roll(&task).into_iter().map(|decided| (decided.origin, decided.path)).collect::<Vec<_>>()
    };
    let usual = |at: u32| 100.0 + f64::from(at) + 20.0 * f64::from(at % 12 / 4) + f64::from(at * at % 17);
    // The second rises to its limits.
    for value in [usual as fn(u32) -> f64, |at| libm::pow(1.5, f64::from(at.min(77)))] {
        let values: Vec<f64> = (0..90).map(value).collect();
        let own = decide(&values);
        let mut changed = values.clone();
        let from = own[3].0;
        for value in &mut changed[from..] {
            *value = 5000.0 - *value;
        }
        let other = decide(&changed);
        assert_eq!(own[..=3], other[..=3]);
        assert_ne!(own[4], other[4]);
    }
}

#[test]
fn a_value_that_was_filled_in_is_not_scored() {
    let mut values: Vec<f64> = (0..48).map(|at| 100.0 + f64::from(at * at % 7)).collect();
    values[47] = 9000.0;
    let question = Question { horizon: 6, periods: Vec::new(), models: Models::Full };
    let backtest = |filled: bool| {
        let known: Vec<bool> = (0..48).map(|at| at < 47 || !filled).collect();
        Outlook::along(&values, &known, &question, None).unwrap().backtest.unwrap()
    };
    let (scored, not) = (backtest(false), backtest(true));
    assert!(not.values < scored.values && not.tried < scored.tried);
    assert!(not.errors.wape.unwrap() < 10.0 && not.naive.wape.unwrap() < 10.0, "{not:?}");
    assert!(scored.errors.wape.unwrap() > 50.0, "{scored:?}");
}

#[test]
fn a_rise_without_end_is_held_back() {
    let values: Vec<f64> = (0..12).map(|at| libm::pow(3.0, f64::from(at))).collect();
    let outlook = Outlook::of(&values, &Question { horizon: 12, periods: Vec::new(), models: Models::Full }).unwrap();
    let most = 2.0 * values[11] - values[0];
    assert!(outlook.steps.iter().all(|step| step.mean <= most * (1.0 + 1e-12)), "{outlook:?}");
    assert!(outlook.capped);
}

/// What 28 days come to that are forecast from 60 around 100, the last so many of them at a level of their own.
fn month_after(seed: u32, last: usize, level: f64, models: Models) -> Vec<f64> {
    let noise = |day: u32| f64::from((day * 7919 + seed * 104_729) % 997) / 99.7 - 5.0;
    let mut values: Vec<f64> = (0..60).map(|day| 100.0 + noise(day)).collect();
    for value in &mut values[60 - last..] {
        *value *= level;
    }
    let question = Question { horizon: 28, periods: vec![7, 365], models };
    Outlook::of(&values, &question).unwrap().steps.iter().map(|step| step.mean).collect()
}

#[test]
fn one_unusual_last_day_moves_no_month() {
    for models in [Models::Full, Models::Fast] {
        for (seed, level) in (0..20).flat_map(|seed| [0.0, 2.0, 5.0, 20.0].map(|level| (seed, level))) {
            let path = month_after(seed, 1, level, models);
            let sum: f64 = path.iter().sum();
            assert!((0.8..1.2).contains(&(sum / 2800.0)), "{seed} {level}: {path:?}");
            assert!(path.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 20.0), "{seed} {level}: {path:?}");
        }
    }
}

#[test]
fn a_level_of_three_days_is_followed() {
    for seed in 0..20 {
        let sum: f64 = month_after(seed, 3, 3.0, Models::Full).iter().sum();
        assert!((2.0..4.5).contains(&(sum / 2800.0)), "{seed}: {sum}");
    }
}
