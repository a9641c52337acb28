//! One value that stands out like no other is no news of where a series goes: models see as much of it as was seen before.
//!
//! Smoothing follows a last value as far as it is out, and least squares fit any lags to it. So values are cleaned before models
//! are fitted, as in robust exponential smoothing (Gelper, Fried and Croux 2010): what errs beyond a bound counts as if it erred
//! by the bound. They bound it by two deviations; here it is the greatest error of all other values, which leaves series alone
//! that are wild by nature, or have moved like that before. Two values in a row are a level that may last, and are followed.

use std::borrow::Cow;

/// Values before one that say what it was expected to be, by their median.
const BEFORE: usize = 5;

/// How many times as far as any other a value has to be out.
const FARTHER: f64 = 2.0;

/// The values, the one that stands out like no other brought in to where any was before.
pub(super) fn calm(values: &[f64]) -> Cow<'_, [f64]> {
    let expected = |at: usize| values[at - BEFORE..at].first_chunk().map_or(values[at], middle);
    let error = |at: usize| values[at] - expected(at);
    // The three greatest errors, and where they are.
    let mut greatest = [(0.0, 0); 3];
    for at in BEFORE..values.len() {
        let size = error(at).abs();
        if let Some(place) = greatest.iter().position(|(other, _)| size > *other) {
            greatest[place..].rotate_right(1);
            greatest[place] = (size, at);
        }
    }
    let [(most, at), (next, before), (_, first)] = greatest;
    if values.len() <= 2 * BEFORE || most <= FARTHER * next {
        return Cow::Borrowed(values);
    }
    // Where each goes farther than the one before it, a series rises or falls faster and faster.
    let runs = at == before + 1 && before == first + 1;
    if runs && error(at).signum() == error(before).signum() && error(at).signum() == error(first).signum() {
        return Cow::Borrowed(values);
    }
    let mut calm = values.to_vec();
    calm[at] = expected(at) + next.copysign(error(at));
    Cow::Owned(calm)
}

/// The median, by what neither pair of the first four leaves on the outside.
fn middle([first, second, third, fourth, fifth]: &[f64; BEFORE]) -> f64 {
    let low = first.min(*second).max(third.min(*fourth));
    let high = first.max(*second).min(third.max(*fourth));
    low.min(high).max(fifth.min(low.max(high)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_five_is_in_the_middle() {
        for order in 0..3125_u32 {
            let five = [1, 5, 25, 125, 625].map(|place| f64::from(order / place % 5));
            let mut sorted = five;
            sorted.sort_unstable_by(f64::total_cmp);
            assert!((middle(&five) - sorted[2]).abs() < f64::EPSILON, "{five:?}");
        }
    }

    fn steady() -> Vec<f64> {
        (0..40_i32).map(|day| 100.0 + f64::from(day * day % 11)).collect()
    }

    #[test]
    fn a_lone_value_is_brought_in_wherever_it_stands() {
        let steady = steady();
        for at in [10, 30, 38, 39] {
            for out in [-300.0, 0.0, 150.0, 5000.0] {
                let mut values = steady.clone();
                values[at] = out;
                let calm = calm(&values);
                assert!((90.0..=120.0).contains(&calm[at]), "{at} {out}: {}", calm[at]);
                let rest = |values: &[f64]| [&values[..at], &values[at + 1..]].concat();
                assert_eq!(rest(&calm), rest(&values));
            }
        }
    }

    #[test]
    fn what_is_repeated_or_was_there_before_stays() {
        let steady = steady();
        assert_eq!(*calm(&steady), steady);
        for out in [&[38, 39][..], &[12, 39], &[35, 36, 37, 38, 39]] {
            let mut values = steady.clone();
            for at in out {
                values[*at] = 500.0;
            }
            assert_eq!(*calm(&values), values, "{out:?}");
        }
        // Of a few values none is like no other.
        assert_eq!(*calm(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0]), [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0]);
        for growth in [1.5, 3.0] {
            let growing: Vec<f64> = (0..30).map(|at| libm::pow(growth, f64::from(at))).collect();
            assert_eq!(*calm(&growing), growing);
        }
    }

    #[test]
    fn what_never_moved_before_does_not_move_at_once() {
        let mut values = vec![100.0; 30];
        values[29] = 500.0;
        assert_eq!(*calm(&values), [100.0; 30]);
    }
}
