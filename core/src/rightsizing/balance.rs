//! The balance: what a reserve costs against what it is for.
//!
//! For a request *R* the balance is, in months of one core or MiB,
//!
//! *R* + (*t*·P(above) + *w*·P(bad week)) · size^*e* + *u*·unmet · size
//!
//! where *t*, *w*, *u* and the exponent *e* are the profile's. P(above) is the expected part of next week's time above
//! *R* (for memory: the chance of a kill in the week), a bad week has more than 5 % of its time above *R*, and unmet is
//! what lies above *R* in proportion to the mean. The request is the *R* with the least balance. A quantile that is fixed
//! beforehand is this with a price that nobody has named.
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

/// The request with the least balance, before rounding.
pub fn least(resource: Resource, outlook: &Outlook, expected: &[f64], prices: &Prices) -> f64 {
    let logs = logarithms();
    let bases = outlook.statistics.map(libm::log);
    let used = used(resource);
    let scale = libm::pow(outlook.size, prices.exponent);
    let mut best: Option<(f64, f64)> = None;
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
            let cost =
                request + (prices.above * above + prices.bad_weeks * bad) * scale + prices.unmet * unmet * outlook.size;
            // Of equal balances the smaller request counts, so that no order of candidates shows.
            if best.is_none_or(|(least, smallest)| cost < least || (cost <= least && request < smallest)) {
                best = Some((cost, request));
            }
        }
    }
    best.map_or(outlook.peak, |(_, request)| request)
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
