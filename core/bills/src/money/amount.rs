//! The fixed-point amount.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::parse::{AmountError, ParsedAmount, parse, quick};
use super::wide;

/// Fraction digits an [`Amount`] holds.
pub const FRACTION_DIGITS: u32 = 18;

/// One whole unit of currency in units of 10⁻¹⁸.
pub(super) const ONE: i128 = 1_000_000_000_000_000_000;

/// A signed decimal amount, exact to 18 fraction digits.
///
/// Range: about ±1.7·10²⁰. Arithmetic is checked: it returns `None` rather than wrap. The text form
/// is the shortest plain decimal: no exponent, no trailing zeros, `0` for zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i128);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of `units` · 10⁻¹⁸.
    pub const fn from_units(units: i128) -> Self {
        Self(units)
    }

    /// An amount of whole currency units.
    pub const fn from_whole(whole: i64) -> Self {
        Self(whole as i128 * ONE)
    }

    /// The amount as a count of 10⁻¹⁸.
    pub const fn units(self) -> i128 {
        self.0
    }

    /// Reads a decimal in plain or exponent form (`-12.5`, `3.354E-07`).
    ///
    /// Digits beyond the 18th decimal are rounded half-even and reported in
    /// [`ParsedAmount::rounded`], so that a caller can count them.
    ///
    /// # Errors
    /// When the text is not such a number, or is out of range.
    pub fn parse(text: &[u8]) -> Result<ParsedAmount, AmountError> {
        parse(text)
    }

    /// The same of the plain decimals that most cells hold, which is quick; `None` for any other text.
    #[inline]
    pub(crate) fn parse_plain(text: &[u8]) -> Option<Self> {
        quick(text)
    }

    /// Whether this is exactly zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or `None` when it is out of range.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// The difference, or `None` when it is out of range.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// The negation, or `None` for the one amount that has none.
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// The product with a 256-bit intermediate, rounded half-even once.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        match (self.times(), other.times()) {
            (Some(times), _) => other.0.checked_mul(times).map(Self),
            (_, Some(times)) => self.0.checked_mul(times).map(Self),
            _ => wide::mul_div_half_even(self.0, other.0, ONE as u128).map(Self),
        }
    }

    /// The amount as a small whole number, as many factors are: by it nothing is divided.
    #[inline]
    fn times(self) -> Option<i128> {
        let units = i64::try_from(self.0).ok()?;
        (units % ONE as i64 == 0).then_some(i128::from(units / ONE as i64))
    }

    /// `self · numerator / denominator` with a 256-bit intermediate, rounded half-even once.
    ///
    /// `None` when the result is out of range or the denominator is zero.
    pub fn checked_mul_div(self, numerator: i128, denominator: u128) -> Option<Self> {
        wide::mul_div_half_even(self.0, numerator, denominator).map(Self)
    }

    /// The amount rounded half-even to `digits` decimals (at most 18), for the eye only.
    #[must_use]
    pub fn round_to(self, digits: u32) -> Self {
        let step = 10_i128.pow(FRACTION_DIGITS - digits.min(FRACTION_DIGITS));
        let (quotient, remainder) = (self.0.div_euclid(step), self.0.rem_euclid(step));
        let up = remainder * 2 > step || (remainder * 2 == step && quotient % 2 != 0);
        let rounded = (quotient + i128::from(up)).checked_mul(step);
        Self(rounded.unwrap_or(self.0))
    }

    /// The amount without its sign, as a count of 10⁻¹⁸.
    pub const fn magnitude(self) -> u128 {
        self.0.unsigned_abs()
    }

    /// The sum of all, or `None` when it is out of range.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.magnitude();
        // Most amounts fit 64 bits, which divide sooner.
        let (whole, fraction) = match u64::try_from(magnitude) {
            Ok(units) => (u128::from(units / ONE as u64), units % ONE as u64),
            Err(_) => (magnitude / ONE as u128, (magnitude % ONE as u128) as u64),
        };
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match u64::try_from(whole) {
            Ok(whole) => fmt::Display::fmt(&whole, f)?,
            Err(_) => fmt::Display::fmt(&whole, f)?,
        }
        if fraction == 0 {
            return Ok(());
        }
        let mut digits = [b'.'; 1 + FRACTION_DIGITS as usize];
        let mut rest = fraction;
        for digit in digits[1..].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        let length = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
        // Digits are text.
        f.write_str(std::str::from_utf8(&digits[..length]).unwrap_or_default())
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parsed = Self::parse(text.as_bytes()).map_err(serde::de::Error::custom)?;
        Ok(parsed.amount)
    }
}

impl Sum<Amount> for Option<Amount> {
    fn sum<I: Iterator<Item = Amount>>(iter: I) -> Self {
        Amount::checked_sum(iter)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text.as_bytes()).unwrap().amount
    }

    #[test]
    fn prints_the_shortest_plain_decimal() {
        for (text, want) in [
            ("0", "0"),
            ("-0.00", "0"),
            ("1", "1"),
            ("-0.010", "-0.01"),
            ("20.52022672899", "20.52022672899"),
            ("1E3", "1000"),
            ("0.000000000000000001", "0.000000000000000001"),
        ] {
            assert_eq!(amount(text).to_string(), want);
        }
    }

    #[test]
    fn multiplies_with_one_half_even_rounding() {
        for (a, b, want) in [
            ("0.1", "0.2", "0.02"),
            ("-3", "0.5", "-1.5"),
            // 10^-18 * 0.5 is exactly half a unit: to even, 0; 3·10^-18 * 0.5 = 1.5 units: to even, 2.
            ("0.000000000000000001", "0.5", "0"),
            ("0.000000000000000003", "0.5", "0.000000000000000002"),
            ("-0.000000000000000003", "0.5", "-0.000000000000000002"),
            ("99999999999", "99999999", "9999999899900000001"),
            ("-9", "0.000000000000000001", "-0.000000000000000009"),
            ("0.25", "-7", "-1.75"),
            ("0", "-0.5", "0"),
        ] {
            assert_eq!(amount(a).checked_mul(amount(b)), Some(amount(want)), "{a} x {b}");
        }
        assert_eq!(amount("99999999999999").checked_mul(amount("99999999999999")), None);
        assert_eq!(amount("100000000000000000000").checked_mul(amount("2")), None);
    }

    #[test]
    fn rounds_half_even_for_the_eye() {
        for (text, digits, want) in [
            ("0.125", 2, "0.12"),
            ("0.135", 2, "0.14"),
            ("-0.125", 2, "-0.12"),
            ("-0.126", 2, "-0.13"),
            ("2.5", 0, "2"),
            ("3.5", 0, "4"),
        ] {
            assert_eq!(amount(text).round_to(digits), amount(want), "{text}");
        }
    }

    #[test]
    fn sums_say_when_they_overflow() {
        let most = Amount::from_units(i128::MAX);
        assert_eq!(most.checked_add(Amount::from_units(1)), None);
        assert_eq!(Amount::from_units(i128::MIN).checked_neg(), None);
    }

    proptest! {
        #[test]
        fn text_round_trips(units in any::<i128>()) {
            let amount = Amount::from_units(units);
            let back = Amount::parse(amount.to_string().as_bytes());
            if units == i128::MIN {
                prop_assert!(back.is_err());
            } else {
                prop_assert_eq!(back.unwrap(), ParsedAmount { amount, rounded: false });
            }
        }

        #[test]
        fn products_by_small_whole_numbers_are_those_by_any(units in any::<i128>(), whole in -12_i64..12) {
            let (amount, factor) = (Amount::from_units(units), Amount::from_whole(whole));
            let want = amount.checked_mul_div(factor.units(), ONE as u128);
            prop_assert_eq!(amount.checked_mul(factor), want);
            prop_assert_eq!(factor.checked_mul(amount), want);
        }

        #[test]
        fn parsing_never_panics(text in "[-+0-9.eE ]{0,60}") {
            let _ = Amount::parse(text.as_bytes());
        }
    }
}
