//! Numbers of an input, exactly: what cannot be held digit for digit is no number to decide by.

use std::cmp::Ordering;

use crate::money::{Amount, AmountError, compare_ratios};

/// What was expected instead, where a text is no number at all.
const ANY: &str = "a number";
/// Where it is one, but cannot be held.
const HELD: &str = "a number of at most 20 digits and 18 decimals";
/// Where a quantity is below nothing.
const NOT_BELOW: &str = "a quantity of 0 or more";

/// A number as a text says it: a decimal, or a quantity as Kubernetes writes it (`500m`, `2Gi`).
///
/// # Errors
/// With what was expected instead.
pub(super) fn read(text: &str) -> Result<Amount, &'static str> {
    match Amount::parse(text.as_bytes()) {
        Ok(read) if !read.rounded => Ok(read.amount),
        Ok(_) | Err(AmountError::OutOfRange) => Err(HELD),
        Err(_) => quantity(text),
    }
}

/// A decimal with a suffix: thousands by their letter, 1024s with an `i` behind it, or thousandths.
fn quantity(text: &str) -> Result<Amount, &'static str> {
    let (stem, base) = match text.strip_suffix('i') {
        Some(stem) => (stem, 1024),
        None => (text, 1000),
    };
    let Some((unit, number)) = stem.as_bytes().split_last() else { return Err(ANY) };
    let (times, parts) = match unit {
        b'k' if base == 1000 => (1, 0),
        b'K' if base == 1024 => (1, 0),
        b'M' => (2, 0),
        b'G' => (3, 0),
        b'T' => (4, 0),
        b'P' => (5, 0),
        b'E' => (6, 0),
        b'm' if base == 1000 => (0, 1),
        b'u' if base == 1000 => (0, 2),
        b'n' if base == 1000 => (0, 3),
        _ => return Err(ANY),
    };
    let read = Amount::parse(number.trim_ascii_end()).map_err(|_| ANY)?;
    let Ok(mut units) = u128::try_from(read.amount.units()) else { return Err(NOT_BELOW) };
    let mut is_held = !read.rounded;
    for _ in 0..times {
        units = units.checked_mul(base).ok_or(HELD)?;
    }
    for _ in 0..parts {
        is_held &= units % base == 0;
        units /= base;
    }
    match i128::try_from(units) {
        Ok(units) if is_held => Ok(Amount::from_units(units)),
        _ => Err(HELD),
    }
}

/// One, as amounts count it.
const ONE: i64 = 1_000_000_000_000_000_000;

/// How a number stands to a bound, or to a bound times a factor that is not below 0: without a digit lost.
pub(super) fn compare(number: Amount, bound: Amount, factor: Option<Amount>) -> Ordering {
    let Some(factor) = factor else { return number.cmp(&bound) };
    // Most bounds are small whole numbers, by which the product is soon made.
    let whole = i64::try_from(bound.units()).ok().filter(|units| units % ONE == 0);
    if let Some(product) = whole.and_then(|units| factor.units().checked_mul(i128::from(units / ONE))) {
        return number.units().cmp(&product);
    }
    if factor.is_zero() {
        return number.cmp(&Amount::ZERO);
    }
    compare_ratios((number.units(), factor.magnitude()), (bound.units(), ONE.unsigned_abs().into()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text.as_bytes()).unwrap().amount
    }

    #[test]
    fn quantities_are_those_of_kubernetes() {
        for (text, want) in [
            ("2", "2"),
            ("1e3", "1000"),
            ("500m", "0.5"),
            ("500u", "0.0005"),
            ("1n", "0.000000001"),
            ("0.5Gi", "536870912"),
            ("1 Gi", "1073741824"),
            ("1Ki", "1024"),
            ("1k", "1000"),
            ("1Pi", "1125899906842624"),
            ("1E", "1000000000000000000"),
            ("1Ei", "1152921504606846976"),
        ] {
            assert_eq!(read(text), Ok(amount(want)), "{text}");
        }
        for text in ["", "i", "Gi", "mi", "1mi", "1K", "1gi", "50%", "1Zi", "1e", "x1k", "1ü"] {
            assert_eq!(read(text), Err(ANY), "{text}");
        }
        for text in
            ["2.0000000000000000004", "1e-30", "1e400", "0.0000000000000001m", "1000E", "0.1234567890123456789k"]
        {
            assert_eq!(read(text), Err(HELD), "{text}");
        }
        assert_eq!((read("-1"), read("-1Gi"), read("-1m")), (Ok(amount("-1")), Err(NOT_BELOW), Err(NOT_BELOW)));
    }

    proptest! {
        #[test]
        fn a_bound_times_a_factor_is_compared_as_whole_numbers_are(number in -50_i64..50, bound in -9_i64..9, factor in 0_i64..9) {
            let found = compare(Amount::from_whole(number), Amount::from_whole(bound), Some(Amount::from_whole(factor)));
            prop_assert_eq!(found, number.cmp(&(bound * factor)));
            // The same in tenths, which are no whole numbers.
            let tenths = |tenths: i64| Amount::from_units(i128::from(tenths) * i128::from(ONE / 10));
            let found = compare(tenths(number), tenths(bound), Some(tenths(factor)));
            prop_assert_eq!(found, (number * 10).cmp(&(bound * factor)));
        }
    }

    #[test]
    fn no_digit_of_a_product_is_lost() {
        // Half a unit of the last decimal: rounded, the product would be 0.
        let least = Amount::from_units(1);
        assert_eq!(compare(Amount::ZERO, amount("0.5"), Some(least)), Ordering::Less);
        assert_eq!(compare(least, amount("0.5"), Some(least)), Ordering::Greater);
        let most = Amount::from_units(i128::MAX);
        assert_eq!(compare(most, amount("2"), Some(most)), Ordering::Less);
    }
}
