//! Quantities with units, compared exactly.
//!
//! A quantity is a fraction of integers in the base unit of its dimension, so `1 per week` is exactly a seventh of
//! `1 per day`, and 69 of 99 is exactly less than 70 %. Nothing is rounded before it is printed.

use std::cmp::Ordering;
use std::fmt;

use crate::money::{Amount, compare_ratios};

/// Seconds in a day.
pub(super) const DAY: i128 = 86_400;
/// One whole in the numerators: values have up to 18 decimals.
const ONE: i128 = 1_000_000_000_000_000_000;
/// The largest value that may be written, so that products of two quantities fit 128 bits.
const MOST: i128 = 1_000_000_000;

/// What a quantity measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Parts of a hundred.
    Percent,
    /// How long; base unit second.
    Duration,
    /// How often; base unit once a day.
    Frequency,
    /// How many.
    Count,
    /// Money, in the subject's own currency; base unit one.
    Money,
}

/// A unit that quantities are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// `%`
    Percent,
    /// `s`
    Second,
    /// `min`
    Minute,
    /// `h`
    Hour,
    /// `d`
    Day,
    /// `wk`
    Week,
    /// `month`: 31 days, the longest calendar month.
    Month,
    /// `quarter`: 92 days, the longest calendar quarter.
    Quarter,
    /// `year`: 366 days, the longest calendar year.
    Year,
    /// `per hour`
    PerHour,
    /// `per day`
    PerDay,
    /// `per week`
    PerWeek,
    /// `per month`: in 30 days.
    PerMonth,
    /// `per year`: in 366 days.
    PerYear,
    /// A plain number.
    Count,
    /// An amount of money.
    Money,
}

impl Unit {
    /// Every unit, with how it is written and other spellings.
    pub const ALL: &[(Self, &'static str, &'static [&'static str])] = &[
        (Self::Percent, "%", &["percent"]),
        (Self::Second, "s", &["second", "seconds", "sec"]),
        (Self::Minute, "min", &["minute", "minutes"]),
        (Self::Hour, "h", &["hour", "hours"]),
        (Self::Day, "d", &["day", "days"]),
        (Self::Week, "wk", &["week", "weeks"]),
        (Self::Month, "month", &["months"]),
        (Self::Quarter, "quarter", &["quarters"]),
        (Self::Year, "year", &["years"]),
        (Self::PerHour, "per hour", &["/h"]),
        (Self::PerDay, "per day", &["/d"]),
        (Self::PerWeek, "per week", &["/wk"]),
        (Self::PerMonth, "per month", &["/month"]),
        (Self::PerYear, "per year", &["/year"]),
        (Self::Count, "count", &[]),
        (Self::Money, "money", &[]),
    ];

    /// How it is written.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(unit, ..)| *unit == self).map_or("", |(_, name, _)| name)
    }

    /// The unit so written.
    pub fn named(text: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, name, others)| *name == text || others.contains(&text));
        found.map(|(unit, ..)| *unit)
    }

    /// What it measures.
    pub const fn dimension(self) -> Dimension {
        match self {
            Self::Percent => Dimension::Percent,
            Self::Second
            | Self::Minute
            | Self::Hour
            | Self::Day
            | Self::Week
            | Self::Month
            | Self::Quarter
            | Self::Year => Dimension::Duration,
            Self::PerHour | Self::PerDay | Self::PerWeek | Self::PerMonth | Self::PerYear => Dimension::Frequency,
            Self::Count => Dimension::Count,
            Self::Money => Dimension::Money,
        }
    }

    /// One of it in base units, as numerator and denominator.
    const fn base(self) -> (i128, i128) {
        match self {
            Self::Percent | Self::Second | Self::PerDay | Self::Count | Self::Money => (1, 1),
            Self::Minute => (60, 1),
            Self::Hour => (3600, 1),
            Self::Day => (DAY, 1),
            Self::Week => (7 * DAY, 1),
            Self::Month => (31 * DAY, 1),
            Self::Quarter => (92 * DAY, 1),
            Self::Year => (366 * DAY, 1),
            Self::PerHour => (24, 1),
            Self::PerWeek => (1, 7),
            Self::PerMonth => (1, 30),
            Self::PerYear => (1, 366),
        }
    }
}

/// Which values a metric can have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Range {
    /// Nothing below 0, and no percentage above 100: parts of a whole, durations, rates, counts.
    #[default]
    Share,
    /// Nothing below 0; a percentage may be above 100, as that of an error or of use beyond what is there.
    Ratio,
    /// Anything: a change, or money that credits can turn.
    Signed,
}

impl Range {
    pub(super) const WORDS: &[(&'static str, Self)] =
        &[("share", Self::Share), ("ratio", Self::Ratio), ("signed", Self::Signed)];
}

/// An exact quantity in the base unit of its dimension.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    // INVARIANT: the denominator is positive and at most 10^9·366; the numerator's magnitude at most about 3·10^34.
    numerator: i128,
    denominator: i128,
}

/// Why a text is no quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuantityError {
    /// It does not begin with a number.
    #[error("it does not begin with a number")]
    NoNumber,
    /// The number has no unit.
    #[error("it has no unit")]
    NoUnit,
    /// The unit is not known.
    #[error("`{0}` is no known unit")]
    UnknownUnit(String),
    /// The number is too large.
    #[error("it is larger than a thousand million")]
    TooLarge,
    /// Parts of different dimensions.
    #[error("its parts do not measure the same")]
    Mixed,
}

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// A value in a unit.
    ///
    /// # Errors
    /// When its magnitude is above 10⁹.
    pub fn new(value: Amount, unit: Unit) -> Result<Self, QuantityError> {
        if value.units().unsigned_abs() > (MOST * ONE).unsigned_abs() {
            return Err(QuantityError::TooLarge);
        }
        let (numerator, denominator) = unit.base();
        Ok(Self { numerator: value.units() * numerator, denominator })
    }

    /// `part` of `whole` in percent; `None` where the whole is 0 or either is above 10⁹.
    pub fn share(part: u64, whole: u64) -> Option<Self> {
        let (part, whole) = (i128::from(part), i128::from(whole));
        (whole > 0 && part <= MOST && whole <= MOST).then(|| Self { numerator: part * 100 * ONE, denominator: whole })
    }

    /// The ratio of two amounts in percent; `None` where the whole is not above 0 or the result is out of range.
    pub fn percent_of(part: Amount, whole: Amount) -> Option<Self> {
        if whole.units() <= 0 {
            return None;
        }
        // Percent to 18 decimals: the quotient of two sums of money has no shorter exact form.
        let percent = part.checked_mul_div(100 * ONE, whole.magnitude())?;
        Self::new(percent, Unit::Percent).ok()
    }

    /// A number of seconds.
    pub fn seconds(seconds: i64) -> Self {
        Self { numerator: i128::from(seconds.clamp(-31_622_400_000, 31_622_400_000)) * ONE, denominator: 1 }
    }

    /// A duration's whole days, rounded down.
    pub fn whole_days(self) -> Option<i32> {
        i32::try_from(self.numerator.checked_div_euclid(self.denominator * ONE * DAY)?).ok()
    }

    /// `count` times in so many days; `None` where there are no days.
    pub fn per_days(count: u64, days: u64) -> Option<Self> {
        let (count, days) = (i128::from(count), i128::from(days));
        (days > 0 && count <= MOST && days <= MOST).then(|| Self { numerator: count * ONE, denominator: days })
    }

    /// The mean of quantities; `None` of none.
    pub fn mean_seconds(seconds: &[i64]) -> Option<Self> {
        let count = i128::try_from(seconds.len()).ok().filter(|count| *count > 0 && *count <= MOST)?;
        let sum: i128 = seconds.iter().map(|seconds| i128::from(*seconds)).sum();
        (sum.unsigned_abs() <= 1_000_000_000_000_000).then(|| Self { numerator: sum * ONE, denominator: count })
    }

    /// Reads `70 %`, `15 min`, `29 min 59 s`, `1 per week`, `5` (a count); gives the quantity and its unit, the first
    /// where there are several.
    ///
    /// # Errors
    /// When the text is none, with the reason.
    pub fn parse(text: &str) -> Result<(Self, Unit), QuantityError> {
        let mut rest = text.trim();
        let mut sum: Option<(Self, Unit)> = None;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+')).unwrap_or(rest.len());
            let (number, after) = rest.split_at(end);
            let number = Amount::parse(number.as_bytes()).map_err(|_| QuantityError::NoNumber)?.amount;
            let after = after.trim_start();
            let end = after.find(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+')).unwrap_or(after.len());
            let (unit, after) = after.split_at(end);
            let unit = match unit.trim() {
                "" => Unit::Count,
                name => Unit::named(name).ok_or_else(|| QuantityError::UnknownUnit(name.to_owned()))?,
            };
            let part = Self::new(number, unit)?;
            sum = Some(match sum {
                None => (part, unit),
                Some((before, first))
                    if unit.dimension() == Dimension::Duration && first.dimension() == Dimension::Duration =>
                {
                    (Self { numerator: before.numerator + part.numerator, denominator: 1 }, first)
                }
                Some(_) => return Err(QuantityError::Mixed),
            });
            rest = after;
        }
        sum.ok_or(QuantityError::NoNumber)
    }

    /// How the quantity lies outside of a range, in words.
    pub fn outside(self, dimension: Dimension, range: Range) -> Option<&'static str> {
        let share = range == Range::Share && dimension == Dimension::Percent;
        match range {
            Range::Signed => None,
            _ if dimension == Dimension::Money => None,
            _ if self < Self::ZERO => Some("below 0"),
            _ if share && self > (Self { numerator: 100 * ONE, denominator: 1 }) => Some("above 100 %"),
            _ => None,
        }
    }

    /// How far this lies from another: this less the other, in a unit, 4 places.
    pub fn less(self, other: Self, unit: Unit) -> Option<Amount> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        let difference =
            Self { numerator: left.checked_sub(right)?, denominator: self.denominator.checked_mul(other.denominator)? };
        difference.value(unit)
    }

    /// The value in a unit, rounded half-even to 4 places.
    pub fn value(self, unit: Unit) -> Option<Amount> {
        let (numerator, denominator) = unit.base();
        let scaled = Amount::from_units(self.numerator)
            .checked_mul_div(denominator, self.denominator.unsigned_abs().checked_mul(numerator.unsigned_abs())?)?;
        Some(scaled.round_to(4))
    }

    /// The value with its unit, as people write it. Beside a `limit` that it is not equal to, it never reads as if it were.
    pub fn words(self, unit: Unit, limit: Option<Self>) -> String {
        let Some(mut value) = self.value(unit) else { return "out of range".to_owned() };
        if let Some(limit) = limit
            && limit.value(unit) == Some(value)
        {
            let step = Amount::from_units(ONE / 10_000);
            value = match self.cmp(&limit) {
                Ordering::Less => value.checked_sub(step).unwrap_or(value),
                Ordering::Greater => value.checked_add(step).unwrap_or(value),
                Ordering::Equal => value,
            };
        }
        match unit {
            Unit::Count | Unit::Money => value.to_string(),
            _ => format!("{value} {}", unit.name()),
        }
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        let ratio = |quantity: &Self| (quantity.numerator, quantity.denominator.unsigned_abs());
        compare_ratios(ratio(self), ratio(other))
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Quantity {}

/// How a value is compared with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparator {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `<`
    Below,
    /// `==`
    Equals,
}

impl Comparator {
    /// Every comparator, with the key a user writes and its sign.
    pub const ALL: &[(Self, &'static str, &'static str)] = &[
        (Self::AtLeast, "at_least", ">="),
        (Self::AtMost, "at_most", "<="),
        (Self::Above, "above", ">"),
        (Self::Below, "below", "<"),
        (Self::Equals, "equals", "=="),
    ];

    /// Its sign.
    pub fn sign(self) -> &'static str {
        Self::ALL.iter().find(|(comparator, ..)| *comparator == self).map_or("", |(.., sign)| sign)
    }

    /// The key a user writes.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(comparator, ..)| *comparator == self).map_or("", |(_, key, _)| key)
    }

    /// Whether a value stands so to a limit.
    pub fn holds(self, value: Quantity, limit: Quantity) -> bool {
        match self {
            Self::AtLeast => value >= limit,
            Self::AtMost => value <= limit,
            Self::Above => value > limit,
            Self::Below => value < limit,
            Self::Equals => value == limit,
        }
    }
}

/// In words, as sentences have it: `at least`, `below`.
impl fmt::Display for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AtLeast => "at least",
            Self::AtMost => "at most",
            Self::Above => "above",
            Self::Below => "below",
            Self::Equals => "exactly",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap().0
    }

    #[test]
    fn units_compare_exactly() {
        for (a, b, want) in [
            ("1 per week", "1 per day", Ordering::Less),
            ("7 per week", "1 per day", Ordering::Equal),
            ("30 min", "0.5 h", Ordering::Equal),
            ("29 min 59 s", "30 min", Ordering::Less),
            ("1 wk", "7 d", Ordering::Equal),
            ("168 h", "7 d", Ordering::Equal),
            ("69.999999999999999999 %", "70 %", Ordering::Less),
            ("1000000000 year", "1000000000 year", Ordering::Equal),
        ] {
            let a = if a.starts_with("69.9") { Quantity::share(69_999_999, 100_000_000).unwrap() } else { quantity(a) };
            assert_eq!(a.cmp(&quantity(b)), want, "{b}");
        }
        assert!(Quantity::share(69, 99).unwrap() < quantity("70 %"));
        assert!(Quantity::share(70, 100).unwrap() == quantity("70 %"));
        assert!(Quantity::share(0, 0).is_none());
    }

    #[test]
    fn texts_that_are_none_say_why() {
        for (text, want) in [
            ("", QuantityError::NoNumber),
            ("fast", QuantityError::NoNumber),
            ("15 mins", QuantityError::UnknownUnit("mins".to_owned())),
            ("5 % 3 min", QuantityError::Mixed),
            ("99999999999 %", QuantityError::TooLarge),
        ] {
            assert_eq!(Quantity::parse(text).unwrap_err(), want, "{text}");
        }
    }

    #[test]
    fn a_miss_never_reads_as_a_hit() {
        let near = Quantity::share(699_999_999, 1_000_000_000).unwrap();
        let limit = quantity("70 %");
        assert_eq!(near.words(Unit::Percent, Some(limit)), "69.9999 %");
        assert_eq!(near.words(Unit::Percent, None), "70 %");
        assert_eq!(Quantity::share(69, 99).unwrap().words(Unit::Percent, Some(limit)), "69.697 %");
        assert_eq!(quantity("2700 s").words(Unit::Minute, None), "45 min");
        assert_eq!(quantity("4 h").less(quantity("3 h"), Unit::Hour).unwrap().to_string(), "1");
    }
}
