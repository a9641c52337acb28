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
        Some(units) => Ok(ParsedAmount { amount: Amount::from_units(units), rounded: false }),
        None => exact(text),
    }
}

/// `[-]digits[.digits]` with at most 11 and 18 digits; anything else is left to [`exact`].
#[inline]
fn quick(text: &[u8]) -> Option<i128> {
    let (negative, digits) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, text),
    };
    let whole_len = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if whole_len == 0 || whole_len > QUICK_WHOLE_DIGITS {
        return None;
    }
    let (whole, rest) = digits.split_at(whole_len);
    let whole = whole.iter().fold(0_u64, |value, byte| value * 10 + u64::from(byte - b'0'));
    let fraction = match rest.split_first() {
        None => 0,
        Some((b'.', fraction)) => quick_fraction(fraction)?,
        Some(_) => return None,
    };
    let units = i128::from(whole) * ONE + i128::from(fraction);
    Some(if negative { -units } else { units })
}

/// Up to 18 fraction digits as a count of 10⁻¹⁸.
#[inline]
fn quick_fraction(digits: &[u8]) -> Option<u64> {
    if digits.len() > FRACTION_DIGITS as usize {
        return None;
    }
    let mut value = 0_u64;
    let mut chunks = digits.chunks_exact(8);
    for chunk in &mut chunks {
        value = value * 100_000_000 + eight_digits(u64::from_le_bytes(chunk.try_into().ok()?))?;
    }
    for byte in chunks.remainder() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u64::from(digit);
    }
    Some(value * POW10[FRACTION_DIGITS as usize - digits.len()])
}

/// Eight ASCII digits, first digit in the lowest byte, by three multiplications (Lemire's SWAR method).
#[inline]
fn eight_digits(bytes: u64) -> Option<u64> {
    let digits = bytes ^ 0x3030_3030_3030_3030;
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
    use super::*;

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
