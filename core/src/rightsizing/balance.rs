//! The balance: what a reserve costs against what it is for.
//!
//! For a request *R* the balance is, in months of one core or MiB,
//!
//! *R* + (*t*·P(above) + *w*·P(bad week)) · size^*e* + *u*·unmet · size
//!
//! where *t*, *w*, *u* and the exponent *e* are the profile's. P(above) is the expected part of next week's time above
//! *R* (for memory: the chance of a kill in the week), a bad week has more than 5 % of its time above *R*, and unmet is
//! what lies above *R* in proportion to the mean. The request is the *R* with the least balance. A quantile that is fixed
//! beforehand is this with a price that nobody has named. Nobody is given less for using more: see [`least`].
//!
//! Each statistic expects something else of the same *R*. Their mean is taken: the statistic that promises most at
//! a price is the one that is most likely wrong.

use super::outlook::{INFLATIONS, Outlook, cell, used};
use super::resource::Resource;

/// A point on the curve of reserve against risk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prices {
    /// Months of a core (of 1 MiB) that a month spent wholly above the request costs, at size 1.
    pub above: f64,
    /// The same for a month of bad weeks.
    pub bad_weeks: f64,
    /// The same for use that is unmet, in proportion to the mean.
    pub unmet: f64,
    /// How the costs grow with the size of the workload, 0 to 1.
    pub exponent: f64,
}

/// Inflations that candidates are made with: the lowest would starve, the highest waste.
const CANDIDATES: std::ops::Range<usize> = 3..26;

/// Logarithms of [`INFLATIONS`].
fn logarithms() -> [f64; INFLATIONS.len()] {
    INFLATIONS.map(libm::log)
}

/// A request and its balance: what does not depend on the exponent, and what grows by it.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    request: f64,
    plain: f64,
    growing: f64,
}

/// The request, before rounding: that with the least balance, or what less of the same use would be given, if that is
/// more.
///
/// With an exponent below 1 risk weighs the less the larger the workload is, and where a step of the risk no longer
/// pays, the least balance falls from above the step to below it. Using more must not mean to be given less, so what is
/// given is the highest of the least balances of this use and of all fractions of it.
pub fn least(resource: Resource, outlook: &Outlook, expected: &[f64], prices: &Prices) -> f64 {
    let candidates = candidates(resource, outlook, expected, prices);
    let balance = |one: &Candidate| one.plain + one.growing;
    // Of equal balances the smaller request counts, so that no order of candidates shows.
    let least =
        |a: &&Candidate, b: &&Candidate| balance(a).total_cmp(&balance(b)).then(a.request.total_cmp(&b.request));
    let Some(best) = candidates.iter().min_by(least) else { return outlook.peak };
    highest_of_fractions(&candidates, best, prices.exponent)
}

fn candidates(resource: Resource, outlook: &Outlook, expected: &[f64], prices: &Prices) -> Vec<Candidate> {
    let logs = logarithms();
    let bases = outlook.statistics.map(libm::log);
    let used = used(resource);
    let scale = libm::pow(outlook.size, prices.exponent);
    let mut candidates = Vec::with_capacity(used * CANDIDATES.len());
    for (base, log) in outlook.statistics.iter().zip(&bases).take(used) {
        for (inflation, shift) in INFLATIONS.iter().zip(&logs).take(CANDIDATES.end).skip(CANDIDATES.start) {
            let (request, place) = (base * inflation, log + shift);
            let mut measures = [0.0; 3];
            for (statistic, own) in bases.iter().enumerate().take(used) {
                let (at, part) = between(&logs, place - own);
                for (measure, sum) in measures.iter_mut().enumerate() {
                    let from = cell(measure, statistic, at);
                    let low = expected.get(from).copied().unwrap_or_default();
                    let high = expected.get(from + usize::from(part > 0.0)).copied().unwrap_or_default();
                    *sum += low + (high - low) * part;
                }
            }
            let [above, unmet, bad] = measures.map(|sum| sum / used as f64);
            candidates.push(Candidate {
                request,
                plain: request + prices.unmet * unmet * outlook.size,
                growing: (prices.above * above + prices.bad_weeks * bad) * scale,
            });
        }
    }
    candidates
}

/// The highest request that has the least balance at a fraction *k* of the use, 0 < *k* ≤ 1.
///
/// At *k* the balance is *k*·(plain + *λ*·growing) with *λ* = *k*^(*e* − 1): as *k* falls from 1, *λ* rises from 1 and the
/// least balance goes along the lower hull of the candidates, from one with more risk to one with less. The request of
/// each, which is *k* times what it is at full use, is highest where its stretch begins.
fn highest_of_fractions(candidates: &[Candidate], best: &Candidate, exponent: f64) -> f64 {
    let (mut at, mut highest) = (*best, best.request);
    if exponent >= 1.0 {
        return highest;
    }
    loop {
        let mut next: Option<(f64, Candidate)> = None;
        for one in candidates.iter().filter(|one| one.growing < at.growing) {
            let begins = (one.plain - at.plain) / (at.growing - one.growing);
            if next.is_none_or(|(first, of)| begins < first || (begins <= first && one.growing < of.growing)) {
                next = Some((begins, *one));
            }
        }
        let Some((begins, one)) = next else { return highest };
        highest = highest.max(one.request * libm::pow(begins.max(1.0), -1.0 / (1.0 - exponent)));
        at = one;
    }
}

/// The inflation at or below a place, and how far the place lies towards the next.
fn between(logs: &[f64; INFLATIONS.len()], place: f64) -> (usize, f64) {
    let after = logs.partition_point(|log| *log <= place);
    match (after.checked_sub(1), logs.get(after)) {
        (None, _) => (0, 0.0),
        (Some(last), None) => (last, 0.0),
        (Some(at), Some(next)) => {
            let own = logs.get(at).copied().unwrap_or_default();
            (at, (place - own) / (next - own))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::strategy::Strategy as Arbitrary;

    use super::super::outlook::{CELLS, STATISTICS};
    use super::*;

    /// Expectations that fall as the inflation rises, in steps: as a plateau with a few peaks has them.
    fn expectations() -> impl Arbitrary<Value = Vec<f64>> {
        let falling = prop::collection::vec(0.0_f64..1.0, INFLATIONS.len());
        prop::collection::vec(falling, CELLS / INFLATIONS.len()).prop_map(|rows| {
            rows.into_iter()
                .flat_map(|mut row| {
                    row.sort_unstable_by(|a, b| b.total_cmp(a));
                    let end = row.len() / 2;
                    row[end..].fill(0.0);
                    row
                })
                .collect()
        })
    }

    fn outlook(shape: &[f64], factor: f64) -> Outlook {
        let mut statistics = [0.0; STATISTICS];
        for (statistic, value) in statistics.iter_mut().zip(shape) {
            *statistic = value * factor;
        }
        Outlook { statistics, class: 0, size: statistics[1], mean: statistics[0] / 2.0, peak: statistics[3] }
    }

    proptest! {
        #[test]
        fn using_more_is_never_given_less(
            expected in expectations(),
            shape in prop::collection::vec(0.01_f64..20.0, STATISTICS),
            (factor, exponent) in (1.0_f64..50.0, 0.0_f64..=1.0),
            (above, bad_weeks, unmet) in (0.0_f64..10.0, 0.0_f64..3.0, 0.0_f64..5.0),
        ) {
            let prices = Prices { above, bad_weeks, unmet, exponent };
            for resource in Resource::ALL {
                let small = least(resource, &outlook(&shape, 1.0), &expected, &prices);
                let large = least(resource, &outlook(&shape, factor), &expected, &prices);
                prop_assert!(large >= small * (1.0 - 1e-9), "{small} {large}");
                prop_assert!(small > 0.0 && large <= small * factor * (1.0 + 1e-9), "{small} {large}");
            }
        }
    }

    #[test]
    fn a_step_that_no_longer_pays_is_left_without_falling() {
        // A plateau at 1 with peaks of 4 in a tenth of the time: below 4, a tenth of the time lies above.
        let part = |base: f64, inflation: f64| {
            if base * inflation < 0.999 {
                1.0
            } else if base * inflation < 3.99 {
                0.1
            } else {
                0.0
            }
        };
        let shape = [1.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0];
        let mut expected = vec![0.0; CELLS];
        for (statistic, base) in shape.into_iter().enumerate() {
            for (at, inflation) in INFLATIONS.into_iter().enumerate() {
                expected[cell(0, statistic, at)] = part(base, inflation);
            }
        }
        let prices = Prices { above: 40.0, bad_weeks: 0.0, unmet: 0.0, exponent: 0.3 };
        let of = |factor: f64| least(Resource::Cpu, &outlook(&shape, factor), &expected, &prices) / factor;
        let relative: Vec<f64> = (0..60).map(|step| of(libm::pow(1.1, f64::from(step)))).collect();
        assert!(relative.windows(2).all(|pair| pair[1] <= pair[0] * (1.0 + 1e-9)), "{relative:?}");
        assert!(relative.windows(2).all(|pair| pair[1] * 1.1 >= pair[0] * (1.0 - 1e-9)), "{relative:?}");
        assert!(relative[0] > 3.9 && *relative.last().unwrap() < 1.3, "{relative:?}");
    }
}
