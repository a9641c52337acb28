//! Figures as people read them: rounded for the eye, grouped in thousands.
//!
//! Rounding happens here and nowhere before: sums are made of exact amounts.

use crate::forecast::Figure;
use crate::money::{Amount, Currency, percent_of};

/// The change that is flagged, in percent; a change must lie strictly beyond it.
pub const THRESHOLD: u32 = 20;

/// What stands where there is no figure. An unknown is never printed as 0.
pub const ABSENT: &str = "–";

/// An amount rounded half-even to the currency's minor unit, with thousands separators.
///
/// What is not zero never reads as zero: it prints as `<0.01`, or `>-0.01` below zero.
///
/// ```
/// use headroom_core::money::{Amount, Currency};
/// use headroom_core::report::figures;
///
/// let amount = Amount::parse(b"-1234567.895").unwrap().amount;
/// assert_eq!(figures::amount(amount, &Currency::new("EUR")), "-1,234,567.90");
/// assert_eq!(figures::amount(amount, &Currency::new("JPY")), "-1,234,568");
/// ```
pub fn amount(value: Amount, currency: &Currency) -> String {
    let digits = currency.minor_digits();
    if let Some(tiny) = tiny(value, digits, "") {
        return tiny;
    }
    let sign = if value.round_to(digits) < Amount::ZERO { "-" } else { "" };
    format!("{sign}{}", unsigned(value, digits))
}

/// An estimate without the digits that nobody can foresee: whole from a thousand on.
pub fn estimate(value: Figure, currency: &Currency) -> String {
    let Ok(parsed) = Amount::parse(value.to_string().as_bytes()) else { return value.to_string() };
    let exact = parsed.amount;
    if value.0.abs() < 1000.0 { amount(exact, currency) } else { grouped_whole(exact) }
}

fn grouped_whole(value: Amount) -> String {
    format!("{}{}", if value < Amount::ZERO { "-" } else { "" }, unsigned(value, 0))
}

/// As [`amount`], with a sign on rises too.
pub fn delta(value: Amount, currency: &Currency) -> String {
    let digits = currency.minor_digits();
    if let Some(tiny) = tiny(value, digits, "+") {
        return tiny;
    }
    if value > Amount::ZERO { format!("+{}", unsigned(value, digits)) } else { amount(value, currency) }
}

/// As [`amount`], or [`ABSENT`].
pub fn amount_or_absent(value: Option<Amount>, currency: &Currency) -> String {
    value.map_or_else(|| ABSENT.to_owned(), |value| amount(value, currency))
}

/// As [`delta`], or [`ABSENT`].
pub fn delta_or_absent(value: Option<Amount>, currency: &Currency) -> String {
    value.map_or_else(|| ABSENT.to_owned(), |value| delta(value, currency))
}

/// A change in percent, as documents hold it, with a sign and one decimal: `+75.9 %`.
///
/// A change beyond the threshold never reads as if it lay on it: `>20.0 %` and `<-20.0 %`.
pub fn percent(text: &str) -> String {
    let Ok(parsed) = Amount::parse(text.as_bytes()) else {
        return text.to_owned();
    };
    let (exact, threshold) = (parsed.amount, i128::from(THRESHOLD) * 10_i128.pow(18));
    let beyond = exact.magnitude() > threshold.unsigned_abs();
    if beyond && exact.round_to(1).magnitude() == threshold.unsigned_abs() {
        let bound = if exact < Amount::ZERO { "<-" } else { ">" };
        return format!("{bound}{THRESHOLD}.0 %");
    }
    let sign = match exact.units().signum() {
        0 => "",
        1 => "+",
        _ => "-",
    };
    format!("{sign}{} %", unsigned(exact, 1))
}

/// As [`percent`], or [`ABSENT`].
pub fn percent_or_absent(text: Option<&str>) -> String {
    text.map_or_else(|| ABSENT.to_owned(), percent)
}

/// A proportion in percent, as documents hold it, with one decimal and no plus sign: `71.1 %`.
///
/// What is neither nothing nor everything never reads as `0.0 %` or `100.0 %`.
pub fn proportion(text: &str) -> String {
    let Ok(parsed) = Amount::parse(text.as_bytes()) else {
        return text.to_owned();
    };
    let (exact, whole) = (parsed.amount, Amount::from_whole(100));
    if let Some(tiny) = tiny(exact, 1, "") {
        return format!("{tiny} %");
    }
    if exact < whole && exact.round_to(1) == whole {
        return ">99.9 %".to_owned();
    }
    let sign = if exact < Amount::ZERO { "-" } else { "" };
    format!("{sign}{} %", unsigned(exact, 1))
}

/// The part's proportion of the whole, or `None` where either is missing or the whole is zero.
pub fn share(part: Option<Amount>, whole: Option<Amount>) -> Option<String> {
    let (part, whole) = (part?, whole?);
    let text = percent_of(part, whole)?;
    // Four places can be too few for a part that is there; any part of this size reads the same.
    let tiny = if (part < Amount::ZERO) == (whole < Amount::ZERO) { "0.0001" } else { "-0.0001" };
    Some(proportion(if text == "0" && !part.is_zero() { tiny } else { &text }))
}

/// A count with thousands separators.
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// A count and the noun that goes with it: `1 row`, `1,200 rows`.
pub fn counted(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}

/// How an amount reads that is not zero and yet rounds to it.
fn tiny(value: Amount, digits: u32, plus: &str) -> Option<String> {
    if value.is_zero() || !value.round_to(digits).is_zero() {
        return None;
    }
    let least = unsigned(Amount::from_units(10_i128.pow(18 - digits.min(18))), digits);
    Some(if value < Amount::ZERO { format!(">-{least}") } else { format!("<{plus}{least}") })
}

fn unsigned(value: Amount, digits: u32) -> String {
    let rounded = value.round_to(digits).to_string();
    let rounded = rounded.trim_start_matches('-');
    let (whole, fraction) = rounded.split_once('.').unwrap_or((rounded, ""));
    if digits == 0 {
        return grouped(whole);
    }
    let width = digits as usize;
    format!("{}.{fraction:0<width$.width$}", grouped(whole))
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Amount {
        Amount::parse(text.as_bytes()).unwrap().amount
    }

    #[test]
    fn amounts_are_rounded_to_the_minor_unit_and_grouped() {
        for (value, code, want) in [
            ("0", "USD", "0.00"),
            ("1234567.895", "USD", "1,234,567.90"),
            ("1234567.885", "USD", "1,234,567.88"),
            ("-999.995", "USD", "-1,000.00"),
            ("999.5", "USD", "999.50"),
            ("100", "USD", "100.00"),
            ("0.005", "USD", "<0.01"),
            ("0.0051", "USD", "0.01"),
            ("-0.004", "USD", ">-0.01"),
            ("1234567.5", "JPY", "1,234,568"),
            ("0.4", "JPY", "<1"),
            ("-1234.5675", "KWD", "-1,234.568"),
            ("1.0005", "KWD", "1.000"),
            ("7", "XXX", "7.00"),
        ] {
            assert_eq!(amount(exact(value), &Currency::new(code)), want, "{value} {code}");
        }
        // The largest of all has no rounded neighbour in range, so it is cut: a last digit off, and no panic.
        let most = amount(Amount::from_units(i128::MIN), &Currency::new("USD"));
        assert_eq!(most, "-170,141,183,460,469,231,731.68");
    }

    #[test]
    fn deltas_carry_their_sign() {
        for (value, want) in [
            ("84163.02", "+84,163.02"),
            ("-84163.02", "-84,163.02"),
            ("0", "0.00"),
            ("0.001", "<+0.01"),
            ("-0.001", ">-0.01"),
        ] {
            assert_eq!(delta(exact(value), &Currency::new("USD")), want, "{value}");
        }
        assert_eq!(delta_or_absent(None, &Currency::new("USD")), "–");
    }

    #[test]
    fn a_flagged_change_never_reads_as_exactly_the_threshold() {
        for (text, want) in [
            ("20", "+20.0 %"),
            ("-20", "-20.0 %"),
            ("20.0001", ">20.0 %"),
            ("-20.0001", "<-20.0 %"),
            ("20.05", ">20.0 %"),
            ("20.0501", "+20.1 %"),
            ("19.96", "+20.0 %"),
            ("75.9368", "+75.9 %"),
            ("-100", "-100.0 %"),
            ("0", "0.0 %"),
            ("0.0004", "+0.0 %"),
            ("1234567.25", "+1,234,567.2 %"),
        ] {
            assert_eq!(percent(text), want, "{text}");
        }
        assert_eq!(percent_or_absent(None), "–");
    }

    #[test]
    fn shares_are_neither_nothing_nor_everything_unless_they_are() {
        for (part, whole, want) in [
            ("0", "100", Some("0.0 %")),
            ("100", "100", Some("100.0 %")),
            ("0.001", "100", Some("<0.1 %")),
            ("0.001", "-100000000", Some(">-0.1 %")),
            ("0.001", "100000000", Some("<0.1 %")),
            ("-0.001", "100", Some(">-0.1 %")),
            ("99.999", "100", Some(">99.9 %")),
            ("1", "3", Some("33.3 %")),
            ("-1", "3", Some("-33.3 %")),
            ("150", "100", Some("150.0 %")),
            ("1", "0", None),
        ] {
            assert_eq!(share(Some(exact(part)), Some(exact(whole))).as_deref(), want, "{part} of {whole}");
        }
        assert_eq!(share(None, Some(exact("1"))), None);
    }

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!(counted(1, "row", "rows"), "1 row");
        assert_eq!(counted(0, "row", "rows"), "0 rows");
        assert_eq!(counted(14_664, "row", "rows"), "14,664 rows");
    }
}
