//! Percentages of exact amounts, as exact comparisons and as rounded text.

use super::amount::Amount;
use super::wide::full_mul;

/// Fraction digits a printed percentage keeps.
const PERCENT_DIGITS: u32 = 4;

/// Whether `|delta| · 100 > threshold · |base|`: strictly more than `threshold` percent, compared exactly.
///
/// ```
/// use headroom_bills::money::{Amount, exceeds_percent};
///
/// let whole = Amount::from_whole;
/// assert!(!exceeds_percent(whole(20), whole(100), 20));
/// assert!(exceeds_percent(Amount::from_units(whole(20).units() + 1), whole(100), 20));
/// ```
pub fn exceeds_percent(delta: Amount, base: Amount, threshold: u32) -> bool {
    full_mul(delta.magnitude(), 100) > full_mul(base.magnitude(), u128::from(threshold))
}

/// `100 · part / whole` as a decimal string, rounded half-even to 4 places; `None` when `whole` is zero.
pub fn percent_of(part: Amount, whole: Amount) -> Option<String> {
    if whole.is_zero() {
        return None;
    }
    // The quotient in units of 10^-4 percent: part · 10^6 / |whole|.
    let ratio = Amount::from_units(10_i128.pow(PERCENT_DIGITS + 2));
    let steps = ratio.checked_mul_div(part.units(), whole.magnitude())?;
    let sign = if (whole.units() < 0) && steps.units() != 0 { -1 } else { 1 };
    let scale = 10_i128.pow(super::FRACTION_DIGITS - PERCENT_DIGITS);
    steps.units().checked_mul(scale * sign).map(|units| Amount::from_units(units).to_string())
}

/// `100 · delta / |base|` as text, as [`percent_of`] does it.
///
/// Where rounding would print exactly `threshold` for a change that lies beyond it, the last digit is
/// moved up, so that no flagged change reads as if it were not.
pub fn percent_change(delta: Amount, base: Amount, threshold: u32) -> Option<String> {
    let magnitude = Amount::from_units(i128::try_from(base.magnitude()).ok()?);
    let text = percent_of(delta, magnitude)?;
    let unsigned = text.trim_start_matches('-');
    if unsigned == threshold.to_string() && exceeds_percent(delta, base, threshold) {
        let sign = if delta < Amount::ZERO { "-" } else { "" };
        return Some(format!("{sign}{threshold}.0001"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text.as_bytes()).unwrap().amount
    }

    #[test]
    fn percentages_round_half_even_to_four_places() {
        for (delta, base, want) in [
            ("20", "100", Some("20")),
            ("-20", "100", Some("-20")),
            ("20", "-100", Some("20")),
            ("1", "3", Some("33.3333")),
            ("0.00005", "100", Some("0")),
            ("0.00015", "100", Some("0.0002")),
            ("20.00001", "100", Some("20.0001")),
            ("-20.00001", "100", Some("-20.0001")),
            ("1", "0", None),
        ] {
            assert_eq!(percent_change(amount(delta), amount(base), 20).as_deref(), want, "{delta} of {base}");
        }
        assert_eq!(percent_of(amount("5"), amount("-50")).as_deref(), Some("-10"));
    }

    #[test]
    fn huge_amounts_compare_without_overflow() {
        let most = Amount::from_units(i128::MAX);
        assert!(exceeds_percent(most, Amount::from_units(i128::MAX / 2), 20));
        assert!(!exceeds_percent(Amount::from_units(1), most, 20));
    }
}
