//! Splitting an amount into shares that sum to it exactly.

use super::amount::Amount;
use super::wide::full_mul;
use crate::order::Order as _;

/// Why an amount cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShareError {
    /// There is nobody to share among.
    #[error("no shares")]
    Empty,
    /// All weights are zero, so no proportion is defined.
    #[error("the weights sum to zero")]
    ZeroWeight,
    /// The weights sum to more than can be held.
    #[error("the weights are out of range")]
    OutOfRange,
}

/// Splits `total` in proportion to `weights`, in steps of `step` units of 10⁻¹⁸, by the
/// largest-remainder method (Hamilton): every share is its exact quota rounded down or up one step,
/// the shares sum to `total` exactly, and ties go to the earlier share.
///
/// With `step` 1 the shares are exact to the 18th decimal; with a currency's minor unit they are
/// payable. What `total` holds below a whole step goes to the largest remainder as well.
///
/// # Errors
/// When there are no weights, all are zero, or their sum is out of range.
///
/// ```
/// use headroom_bills::money::{Amount, split};
///
/// let cent = 10_u128.pow(16);
/// let shares = split(Amount::from_whole(100), &[1, 1, 1], cent).unwrap();
/// let text: Vec<String> = shares.iter().map(ToString::to_string).collect();
/// assert_eq!(text, ["33.34", "33.33", "33.33"]);
/// ```
pub fn split(total: Amount, weights: &[u128], step: u128) -> Result<Vec<Amount>, ShareError> {
    if weights.is_empty() {
        return Err(ShareError::Empty);
    }
    let sum = weights
        .iter()
        .try_fold(0_u128, |sum, weight| sum.checked_add(*weight))
        .filter(|sum| i128::try_from(*sum).is_ok())
        .ok_or(ShareError::OutOfRange)?;
    if sum == 0 {
        return Err(ShareError::ZeroWeight);
    }
    let step = step.max(1);
    let (steps, dust) = (total.magnitude() / step, total.magnitude() % step);
    let mut shares = Vec::with_capacity(weights.len());
    let mut order = Vec::with_capacity(weights.len());
    let mut given = 0_u128;
    for (index, weight) in weights.iter().enumerate() {
        let (floor, remainder) = quota(steps, *weight, sum);
        given += floor;
        shares.push(floor);
        order.push((std::cmp::Reverse(remainder), index));
    }
    order.order();
    let left = usize::try_from(steps - given).unwrap_or(weights.len());
    for (_, index) in order.iter().take(left) {
        shares[*index] += 1;
    }
    let mut units: Vec<u128> = shares.iter().map(|share| share * step).collect();
    if let Some((_, first)) = order.first() {
        units[*first] += dust;
    }
    let sign = if total < Amount::ZERO { -1 } else { 1 };
    Ok(units.into_iter().map(|share| Amount::from_units(sign * share as i128)).collect())
}

/// `steps · weight / sum` as floor and remainder. The quotient never exceeds `steps`.
fn quota(steps: u128, weight: u128, sum: u128) -> (u128, u128) {
    let (high, low) = full_mul(steps, weight);
    if high == 0 {
        return (low / sum, low % sum);
    }
    let (mut quotient, mut remainder) = (0_u128, high % sum);
    for bit in (0..128).rev() {
        // `sum` fits 127 bits, so doubling the remainder cannot overflow.
        remainder = (remainder << 1) | ((low >> bit) & 1);
        quotient <<= 1;
        if remainder >= sum {
            remainder -= sum;
            quotient |= 1;
        }
    }
    (quotient, remainder)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn says_why_nothing_can_be_shared() {
        assert_eq!(split(Amount::from_whole(1), &[], 1), Err(ShareError::Empty));
        assert_eq!(split(Amount::from_whole(1), &[0, 0], 1), Err(ShareError::ZeroWeight));
        assert_eq!(split(Amount::from_whole(1), &[u128::MAX, 1], 1), Err(ShareError::OutOfRange));
    }

    #[test]
    fn negative_totals_split_like_positive_ones() {
        let cent = 10_u128.pow(16);
        let shares = split(Amount::from_whole(-10), &[1, 2], cent).unwrap();
        assert_eq!(shares.iter().map(ToString::to_string).collect::<Vec<_>>(), ["-3.33", "-6.67"]);
    }

    proptest! {
        #[test]
        fn shares_sum_to_the_total(
            units in any::<i128>().prop_filter("has a negation", |units| *units != i128::MIN),
            weights in prop::collection::vec(0..=u128::from(u64::MAX), 1..8),
            step in prop::sample::select(vec![1_u128, 10_u128.pow(14), 10_u128.pow(16), 10_u128.pow(18)]),
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let total = Amount::from_units(units);
            let shares = split(total, &weights, step).unwrap();
            prop_assert_eq!(Amount::checked_sum(shares.iter().copied()), Some(total));
        }

        #[test]
        fn no_share_is_a_step_away_from_its_quota(total in 0_i64.., weights in prop::collection::vec(0_u128..1000, 1..6)) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let sum: u128 = weights.iter().sum();
            let shares = split(Amount::from_units(i128::from(total)), &weights, 1).unwrap();
            for (share, weight) in shares.iter().zip(&weights) {
                let floor = total as u128 * weight / sum;
                prop_assert!(share.magnitude() == floor || share.magnitude() == floor + 1);
            }
        }
    }
}
