//! How much to commit to.
//!
//! Usage that a commitment covers costs 1 − *d* of what it costs on demand, whether it is there or not. An hour with
//! the usage *u* under a commitment that covers *c* costs (1 − *d*)·*c* + max(*u* − *c*, 0), so the saving is
//! min(*u*, *c*) − (1 − *d*)·*c*, which on the whole is largest where *u* exceeds *c* in the part 1 − *d* of the hours:
//! at the *d*-quantile of usage, the critical fractile of the newsvendor (Arrow, Harris and Marschak 1951).
//!
//! What counts is the usage to come. The last week tells best where it stands, and four weeks how it swings, so both
//! are taken together, the last week with more weight. At high discounts idle hours cost little and the level decides,
//! which the mean of the four weeks tells best.

use crate::order::Order as _;

/// Hours of a week.
pub const WEEK: usize = 168;

/// Hours that are learnt from: four weeks.
pub const LEARNT: usize = 4 * WEEK;

/// An hour of the last week counts as so many of the weeks before.
const LAST_WEEK: u64 = 20;

/// The discount from which on the mean begins to count, and that from which on it counts alone.
const MEAN_FROM: f64 = 0.40;
const MEAN_ALONE: f64 = 0.57;

/// Days looked back over: over none of them may a commitment have made a loss.
pub const LOOK_BACKS: [usize; 5] = [7, 14, 28, 56, 84];

/// What a commitment is lowered by until it has not.
const LOWER: f64 = 0.97;

/// Times that it is lowered: then less than a twentieth is left, which nobody commits to.
const TIMES: usize = 100;

/// What hours would have cost less under a commitment that covers so much of each; below 0 a loss.
pub fn saving(hours: &[f64], covers: f64, discount: f64) -> f64 {
    hours.iter().map(|used| used.min(covers)).sum::<f64>() - (1.0 - discount) * covers * hours.len() as f64
}

/// The part of a commitment that is used, 0 to 1; 1 of nothing.
pub fn utilisation(hours: &[f64], covers: f64) -> f64 {
    let paid = covers * hours.len() as f64;
    if paid > 0.0 { hours.iter().map(|used| used.min(covers)).sum::<f64>() / paid } else { 1.0 }
}

/// The commitment that would have saved most: the quantile at the discount.
pub fn hindsight(hours: &[f64], discount: f64) -> f64 {
    weighted_quantile(hours, |_| 1, discount)
}

/// The commitment to make after these hours, the oldest first: covered on-demand cost an hour.
///
/// Never one that would have made a loss in any of the last four weeks, or over any of the [`LOOK_BACKS`] there are.
pub fn advised(hours: &[f64], discount: f64) -> f64 {
    let learnt = hours.get(hours.len().saturating_sub(LEARNT)..).unwrap_or_default();
    if learnt.is_empty() {
        return 0.0;
    }
    let last = learnt.len().saturating_sub(WEEK);
    let quantile = weighted_quantile(learnt, |at| if at >= last { LAST_WEEK } else { 1 }, discount);
    let mean = learnt.iter().sum::<f64>() / learnt.len() as f64;
    let part = ((discount - MEAN_FROM) / (MEAN_ALONE - MEAN_FROM)).clamp(0.0, 1.0);
    let mut covers = quantile + (mean - quantile) * part;
    for _ in 0..TIMES {
        let mut looked = weeks(learnt).chain(look_backs(hours).map(|(_, hours)| hours));
        if looked.all(|hours| saving(hours, covers, discount) >= 0.0) {
            return covers;
        }
        covers *= LOWER;
    }
    0.0
}

/// The [`LOOK_BACKS`] there is usage for: days, and their hours.
pub fn look_backs(hours: &[f64]) -> impl Iterator<Item = (usize, &[f64])> {
    LOOK_BACKS.into_iter().filter_map(|days| Some((days, hours.get(hours.len().checked_sub(days * 24)?..)?)))
}

/// The weeks of some hours, counted back from the end; what is left at the beginning is with the first.
pub fn weeks(hours: &[f64]) -> impl Iterator<Item = &[f64]> {
    let whole = (hours.len() / WEEK).max(1);
    let first = hours.len() - (whole - 1) * WEEK.min(hours.len());
    (0..whole).map(move |week| {
        let (from, to) = if week == 0 { (0, first) } else { (first + (week - 1) * WEEK, first + week * WEEK) };
        hours.get(from..to).unwrap_or_default()
    })
}

/// The part by which usage may fall, all hours alike, until a commitment saves nothing; `None` where it saves nothing as
/// it is.
pub fn bearable_fall(hours: &[f64], covers: f64, discount: f64) -> Option<f64> {
    let saves = |left: f64| {
        let scaled: f64 = hours.iter().map(|used| (used * left).min(covers)).sum();
        scaled >= (1.0 - discount) * covers * hours.len() as f64
    };
    if !saves(1.0) {
        return None;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if saves(middle) { high = middle } else { low = middle }
    }
    Some(1.0 - high)
}

/// The least value that, with all below it, has at least the part of the weight.
fn weighted_quantile(values: &[f64], weight: impl Fn(usize) -> u64, part: f64) -> f64 {
    let mut sorted: Vec<(f64, u64)> = values.iter().enumerate().map(|(at, value)| (*value, weight(at))).collect();
    sorted.order_by(|a, b| a.0.total_cmp(&b.0));
    let whole: u64 = sorted.iter().map(|(_, weight)| weight).sum();
    let wanted = part * whole as f64;
    let mut below = 0;
    for (value, weight) in &sorted {
        below += weight;
        if below as f64 >= wanted {
            return *value;
        }
    }
    sorted.last().map_or(0.0, |(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usage() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(0.0_f64..100.0, 200..2500)
    }

    proptest! {
        #[test]
        fn no_other_commitment_saves_more_in_hindsight(hours in usage(), discount in 0.05_f64..0.8, other in 0.0_f64..120.0) {
            let best = hindsight(&hours, discount);
            prop_assert!(saving(&hours, best, discount) >= saving(&hours, other, discount) - 1e-9 * best.max(1.0));
        }

        #[test]
        fn advice_makes_no_loss_in_any_week_it_has_seen(hours in usage(), discount in 0.05_f64..0.8) {
            let covers = advised(&hours, discount);
            let learnt = &hours[hours.len().saturating_sub(LEARNT)..];
            for week in weeks(learnt).chain(look_backs(&hours).map(|(_, hours)| hours)) {
                prop_assert!(saving(week, covers, discount) >= 0.0);
            }
            prop_assert_eq!(weeks(learnt).map(<[f64]>::len).sum::<usize>(), learnt.len());
        }

        #[test]
        fn twice_the_usage_is_twice_the_advice(hours in usage(), discount in 0.05_f64..0.8) {
            let twice: Vec<f64> = hours.iter().map(|used| used * 2.0).collect();
            prop_assert_eq!(advised(&twice, discount).to_bits(), (advised(&hours, discount) * 2.0).to_bits());
        }

        #[test]
        fn a_fall_that_is_borne_saves_nothing_more(hours in usage(), discount in 0.05_f64..0.8) {
            let covers = hindsight(&hours, discount);
            if let Some(fall) = bearable_fall(&hours, covers, discount) {
                let scaled: Vec<f64> = hours.iter().map(|used| used * (1.0 - fall)).collect();
                prop_assert!(saving(&scaled, covers, discount).abs() <= 1e-6 * (1.0 + covers) * hours.len() as f64);
            }
        }
    }

    #[test]
    fn a_flat_line_is_covered_whole() {
        let hours = vec![2.0; LEARNT];
        for discount in [0.1, 0.28, 0.5, 0.8] {
            assert!((advised(&hours, discount) - 2.0).abs() < 1e-12);
        }
        assert!((saving(&hours, 2.0, 0.28) - 0.28 * 2.0 * LEARNT as f64).abs() < 1e-6);
        assert!((bearable_fall(&hours, 2.0, 0.28).unwrap() - 0.28).abs() < 1e-6);
    }

    #[test]
    fn office_hours_alone_are_not_worth_a_small_discount() {
        // 10 of 24 hours on five days of seven: used 30 % of the time.
        let office = |hour: usize| if hour / 24 % 7 < 5 && (8..18).contains(&(hour % 24)) { 1.0 } else { 0.0 };
        let hours: Vec<f64> = (0..LEARNT).map(office).collect();
        assert!(advised(&hours, 0.28).abs() < f64::EPSILON);
        assert!((utilisation(&hours, 1.0) - 50.0 / 168.0).abs() < 1e-12);
    }
}
