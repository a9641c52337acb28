//! Decimals as big integers that count 10⁻¹⁸.

use num_bigint::{BigInt, Sign};

/// Decimals kept.
const DECIMALS: i64 = 18;

/// The number a text states, half-even at 18 decimals; `None` when it states none.
pub fn parse(text: &str) -> Option<BigInt> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let negative = whole.starts_with('-');
    let digits = format!("{}{fraction}", whole.strip_prefix(['-', '+']).unwrap_or(whole));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mantissa = BigInt::parse_bytes(digits.as_bytes(), 10)?;
    let scale = DECIMALS + exponent - i64::try_from(fraction.len()).ok()?;
    let magnitude = match u32::try_from(scale) {
        Ok(up) => mantissa * ten_to(up),
        Err(_) => half_even(&mantissa, &ten_to(u32::try_from(-scale).ok()?)),
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// Ten to a power.
pub fn ten_to(power: u32) -> BigInt {
    BigInt::from(10).pow(power)
}

/// The size of a number.
pub fn magnitude(number: &BigInt) -> BigInt {
    BigInt::from_biguint(Sign::Plus, number.magnitude().clone())
}

/// The quotient, of two equally near the even one; the divisor is positive.
pub fn half_even(dividend: &BigInt, divisor: &BigInt) -> BigInt {
    let (size, negative) = (magnitude(dividend), dividend.sign() == Sign::Minus);
    let (quotient, rest) = (&size / divisor, &size % divisor);
    let twice = rest * 2;
    let odd = quotient.bit(0);
    let rounded = if twice > *divisor || (twice == *divisor && odd) { quotient + 1 } else { quotient };
    if negative { -rounded } else { rounded }
}

/// A count of 10^-`decimals` as text, without trailing zeros.
pub fn text(units: &BigInt, decimals: usize) -> String {
    let digits = format!("{:0>width$}", units.magnitude().to_string(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let sign = if units.sign() == Sign::Minus { "-" } else { "" };
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

/// An amount as documents write it.
pub fn amount(units: &BigInt) -> String {
    text(units, DECIMALS as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_decimals() {
        for (written, want) in [
            ("0", Some("0")),
            ("-0.50", Some("-0.5")),
            ("+12", Some("12")),
            ("3.354E-07", Some("0.0000003354")),
            ("1e3", Some("1000")),
            ("1.5e+1", Some("15")),
            ("0.0000000000000000005", Some("0")),
            ("0.0000000000000000015", Some("0.000000000000000002")),
            ("-0.00000000000000000051", Some("-0.000000000000000001")),
            ("2.5e-18", Some("0.000000000000000002")),
            ("", None),
            ("x", None),
            ("1,5", None),
            ("--1", None),
            ("1e", None),
        ] {
            assert_eq!(parse(written).map(|units| amount(&units)).as_deref(), want, "{written}");
        }
    }
}
