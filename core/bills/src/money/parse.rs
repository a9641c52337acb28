//! Reading amounts: a quick path for the plain decimals that fill bills, an exact one for the rest.

use super::amount::{Amount, FRACTION_DIGITS, ONE};

/// An amount that was read, and whether digits beyond the 18th decimal were rounded away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedAmount {
    /// The amount, rounded half-even at 18 decimals.
    pub amount: Amount,
    /// Whether rounding changed the value.
    pub rounded: bool,
}

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AmountError {
    /// The text is not a decimal number.
    #[error("not a number")]
    Malformed,
    /// The number does not fit: its magnitude is above about 1.7·10²⁰.
    #[error("number out of range")]
    OutOfRange,
}

const POW10: [u64; 19] = {
    let mut powers = [1_u64; 19];
    let mut i = 1;
    while i < 19 {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

/// Longest integer part the quick path takes; 11 digits leave room for 18 decimals in an `i128`.
const QUICK_WHOLE_DIGITS: usize = 11;

#[inline]
pub(super) fn parse(text: &[u8]) -> Result<ParsedAmount, AmountError> {
    match quick(text) {
        Some(amount) => Ok(ParsedAmount { amount, rounded: false }),
        None => exact(text),
    }
}

/// What most cells hold: `[-]digits[.digits]` with at most 11 and 18 digits, and `[-]d.digitsE-dd` down to the 18th decimal.
/// Anything else is left to [`exact`].
///
/// Multiplications wrap by name where their factors show that they cannot: in WebAssembly, checking one of 64 bits takes one
/// of 128.
#[inline]
pub(super) fn quick(text: &[u8]) -> Option<Amount> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let units = match digits {
        [whole @ b'0'..=b'9'] => i128::from(u64::from(whole - b'0').wrapping_mul(POW10[FRACTION_DIGITS as usize])),
        [whole @ b'0'..=b'9', b'.', rest @ ..] => i128::from(quick_small(whole - b'0', rest)?),
        _ => quick_large(digits)?,
    };
    Some(Amount::from_units(if negative { -units } else { units }))
}

/// One digit and what follows its point, as a count of 10⁻¹⁸: below 10¹⁹, which fits.
#[inline]
fn quick_small(whole: u8, rest: &[u8]) -> Option<u64> {
    let (fraction, exponent) = match rest {
        [fraction @ .., b'E' | b'e', b'-', tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            (fraction, usize::from(tens - b'0') * 10 + usize::from(ones - b'0'))
        }
        _ => (rest, 0),
    };
    let scale = (FRACTION_DIGITS as usize).checked_sub(fraction.len() + exponent)?;
    let value = u64::from(whole).wrapping_mul(POW10[fraction.len()]) + quick_digits(fraction)?;
    Some(value.wrapping_mul(POW10[scale]))
}

/// Several digits before the point.
fn quick_large(digits: &[u8]) -> Option<i128> {
    let point = digits.iter().position(|byte| *byte == b'.').unwrap_or(digits.len());
    let (whole, rest) = digits.split_at(point);
    if whole.is_empty() || whole.len() > QUICK_WHOLE_DIGITS {
        return None;
    }
    let fraction = rest.get(1..).unwrap_or_default();
    let scale = (FRACTION_DIGITS as usize).checked_sub(fraction.len())?;
    let fraction = quick_digits(fraction)?.wrapping_mul(POW10[scale]);
    Some(i128::from(quick_digits(whole)?).wrapping_mul(ONE) + i128::from(fraction))
}

/// Up to 18 digits; none are 0.
#[inline]
fn quick_digits(text: &[u8]) -> Option<u64> {
    let (eights, rest) = text.as_chunks::<8>();
    let mut value = 0_u64;
    for eight in eights {
        value = value.wrapping_mul(100_000_000) + eight_digits(u64::from_le_bytes(*eight) ^ ZEROS)?;
    }
    if rest.is_empty() {
        return Some(value);
    }
    // The last eight, of which those counted already become zeros; and fewer than eight put together to eight.
    let behind = 8 * (8 - rest.len());
    let last = if let Some(last) = text.last_chunk::<8>() {
        (u64::from_le_bytes(*last) ^ ZEROS) & (u64::MAX << behind)
    } else if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        let (first, last) = (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)));
        (first << behind | last << 32) ^ (ZEROS & (u64::MAX << behind))
    } else {
        rest.iter().rev().fold(0, |all, byte| all << 8 | u64::from(byte ^ b'0')) << behind
    };
    Some(value.wrapping_mul(POW10[rest.len()]) + eight_digits(last)?)
}

/// Eight times `0`.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// Eight digits, each a byte's value and the first in the lowest byte, by three multiplications (Lemire's SWAR method).
#[inline]
fn eight_digits(digits: u64) -> Option<u64> {
    if (digits.wrapping_add(0x0606_0606_0606_0606) | digits) & 0xf0f0_f0f0_f0f0_f0f0 != 0 {
        return None;
    }
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let low = (pairs & 0x0000_00FF_0000_00FF).wrapping_mul(0x000F_4240_0000_0064);
    let high = ((pairs >> 16) & 0x0000_00FF_0000_00FF).wrapping_mul(0x0000_2710_0000_0001);
    Some(low.wrapping_add(high) >> 32)
}

/// Any decimal: `[+-]digits[.digits][e[+-]digits]`.
#[cold]
fn exact(text: &[u8]) -> Result<ParsedAmount, AmountError> {
    let (negative, body) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    let (mantissa, exponent) = match body.iter().position(|byte| byte.eq_ignore_ascii_case(&b'e')) {
        Some(at) => (&body[..at], parse_exponent(&body[at + 1..])?),
        None => (body, 0),
    };
    let mut decimal = Mantissa::default();
    for byte in mantissa {
        decimal.push(*byte)?;
    }
    if decimal.digits == 0 {
        return Err(AmountError::Malformed);
    }
    let scale =
        i64::from(FRACTION_DIGITS) + exponent - if decimal.point { decimal.fraction } else { 0 } + decimal.dropped;
    let (units, rounded) = decimal.scaled(scale)?;
    let units = i128::try_from(units).map_err(|_| AmountError::OutOfRange)?;
    let amount = Amount::from_units(if negative { -units } else { units });
    Ok(ParsedAmount { amount, rounded })
}

fn parse_exponent(text: &[u8]) -> Result<i64, AmountError> {
    let (negative, digits) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(AmountError::Malformed);
    }
    // Beyond a few hundred the outcome is settled: zero or out of range. Saturate, so that no
    // exponent, however long, costs more than its own length.
    let value = digits.iter().fold(0_i64, |value, byte| (value * 10 + i64::from(byte - b'0')).min(1_000_000));
    Ok(if negative { -value } else { value })
}

/// Digits of a mantissa as an integer; what no longer fits is only remembered as "something there".
#[derive(Default)]
struct Mantissa {
    value: u128,
    digits: u64,
    /// Digits after the point.
    fraction: i64,
    point: bool,
    /// Digits that did not fit into `value` any more.
    dropped: i64,
    dropped_nonzero: bool,
}

impl Mantissa {
    fn push(&mut self, byte: u8) -> Result<(), AmountError> {
        match byte {
            b'.' if !self.point => self.point = true,
            b'0'..=b'9' => {
                let digit = u128::from(byte - b'0');
                self.digits += 1;
                self.fraction += i64::from(self.point);
                if self.dropped == 0 && self.value <= (u128::MAX - 9) / 10 {
                    self.value = self.value * 10 + digit;
                } else {
                    self.dropped += 1;
                    self.dropped_nonzero |= digit != 0;
                }
            }
            _ => return Err(AmountError::Malformed),
        }
        Ok(())
    }

    /// `value · 10^scale`, half-even; whether anything was rounded away.
    fn scaled(&self, scale: i64) -> Result<(u128, bool), AmountError> {
        if self.value == 0 && !self.dropped_nonzero {
            return Ok((0, false));
        }
        if scale >= 0 {
            let factor = u32::try_from(scale).ok().and_then(|power| 10_u128.checked_pow(power));
            let value = factor.and_then(|factor| self.value.checked_mul(factor));
            // Dropped digits mean over 37 significant ones before the 18th decimal: out of range.
            return match value {
                Some(value) if !self.dropped_nonzero => Ok((value, false)),
                _ => Err(AmountError::OutOfRange),
            };
        }
        let shift = u32::try_from(-scale).unwrap_or(u32::MAX);
        let Some(divisor) = 10_u128.checked_pow(shift) else {
            return Ok((0, true));
        };
        let (quotient, remainder) = (self.value / divisor, self.value % divisor);
        let half = divisor / 2;
        let above = remainder > half || (remainder == half && (self.dropped_nonzero || quotient % 2 == 1));
        let rounded = remainder != 0 || self.dropped_nonzero;
        Ok((quotient + u128::from(above), rounded))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_read_quickly_is_read_exactly(
            text in prop_oneof!["-?[0-9]{1,12}[.]?[0-9]{0,19}(E-[0-9]{2})?", "[-+0-9.eE]{1,30}", "-?[0-9.eE/:-]{1,12}"],
        ) {
            if let Some(amount) = quick(text.as_bytes()) {
                prop_assert_eq!(exact(text.as_bytes()), Ok(ParsedAmount { amount, rounded: false }));
            }
        }
    }

    #[test]
    fn most_cells_are_read_quickly() {
        for text in ["0", "-7", "42", "0.5", "9.", "1.088E-07", "9.793e-08", "0.0000001088", "0.00017785757596"] {
            assert_eq!(quick(text.as_bytes()).map(|amount| Ok((amount.units(), false))), Some(units(text)), "{text}");
        }
        for text in ["9.999999999999999999", "12345678901.123456789012345678", "-1.234567", "1.2345678901234567"] {
            assert_eq!(quick(text.as_bytes()).map(|amount| Ok((amount.units(), false))), Some(units(text)), "{text}");
        }
        for text in
            ["", "-", ".5", "1e5", "1.5E-18", "0.1234567890123456789", "123456789012", "1:2", "1.2/", "0.00000/01"]
        {
            assert_eq!(quick(text.as_bytes()), None, "{text}");
        }
    }

    fn units(text: &str) -> Result<(i128, bool), AmountError> {
        parse(text.as_bytes()).map(|parsed| (parsed.amount.units(), parsed.rounded))
    }

    #[test]
    fn reads_plain_and_exponent_forms() {
        for (text, want) in [
            ("1", ONE),
            ("+1", ONE),
            ("-1.5", -ONE * 3 / 2),
            ("3.354E-07", 335_400_000_000),
            ("5e-06", 5_000_000_000_000),
            ("1.", ONE),
            (".5", ONE / 2),
            ("0.123456789012345678", 123_456_789_012_345_678),
            ("12345678901234567890", 12_345_678_901_234_567_890 * ONE),
            ("1E+2", 100 * ONE),
            ("0E999999999999", 0),
            ("000000000000000000000001", ONE),
        ] {
            assert_eq!(units(text), Ok((want, false)), "{text}");
        }
    }

    #[test]
    fn more_than_eighteen_decimals_round_half_even_and_say_so() {
        for (text, want) in [
            ("0.0000000000000000005", 0),
            ("0.0000000000000000015", 2),
            ("0.0000000000000000025", 2),
            ("0.00000000000000000250000000000000000000000000000000000001", 3),
            ("-0.0000000000000000015", -2),
            ("1E-400", 0),
        ] {
            assert_eq!(units(text), Ok((want, true)), "{text}");
        }
        assert_eq!(units("0.1000000000000000000000000000000000000000000000"), Ok((ONE / 10, false)));
    }

    #[test]
    fn refuses_what_is_not_a_number() {
        for text in ["", "-", ".", "1,5", "1.2.3", "e5", "1e", "1e+", "0x10", " 1", "1 ", "NaN", "--1", "१"] {
            assert_eq!(units(text), Err(AmountError::Malformed), "{text}");
        }
        for text in ["1e21", "999999999999999999999", "1e99999999999999999999"] {
            assert_eq!(units(text), Err(AmountError::OutOfRange), "{text}");
        }
    }
}
