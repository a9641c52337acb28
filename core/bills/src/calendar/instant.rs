//! Reading the date-times of bills.

use super::{Date, Month};

/// A point in time to the minute, in UTC, as a bill states it.
///
/// A text without a zone is UTC; an offset is applied; fractions of a second are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// The UTC day.
    pub date: Date,
    /// Seconds since the start of the UTC day, 0 to 86,399.
    pub second: u32,
}

/// Why a text is not a date or date-time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstantError {
    /// Not one of the spellings read here.
    #[error("not a date")]
    Malformed,
    /// The spelling is right, but the calendar or the clock has no such moment.
    #[error("no such date")]
    NoSuchDay,
}

const DAY: i64 = 86_400;

impl Instant {
    /// Reads the spellings found in billing exports:
    ///
    /// * `2026-05-31`, `20260531`;
    /// * the former followed by `T` or a blank and `HH:MM[:SS[.fff]]`, then nothing, ` UTC`, `Z` or an offset
    ///   such as `+00:00`, `-0700` or `+05`.
    ///
    /// `24:00` and a leap second are not read: no export known to us writes them. Nor are days with slashes, which are written
    /// month first here and day first there, and look alike up to the twelfth.
    pub fn parse(text: &[u8]) -> Result<Self, InstantError> {
        Self::parse_as(text, false)
    }

    /// Reads those, and `5/31/2026` or `05/31/2026`, month first as in Azure exports, with an optional time.
    pub fn parse_month_first(text: &[u8]) -> Result<Self, InstantError> {
        Self::parse_as(text, text.get(..3).is_some_and(|start| start.contains(&b'/')))
    }

    fn parse_as(text: &[u8], has_slashes: bool) -> Result<Self, InstantError> {
        let mut cursor = Cursor { rest: text };
        let date = if has_slashes { cursor.month_first_date()? } else { cursor.date()? };
        if cursor.rest.is_empty() {
            return Ok(Self { date, second: 0 });
        }
        if !(cursor.take(b'T') || cursor.take(b' ')) {
            return Err(InstantError::Malformed);
        }
        let second = cursor.time()?;
        let offset = cursor.offset()?;
        Self::shifted(date, i64::from(second) - offset)
    }

    fn shifted(date: Date, second: i64) -> Result<Self, InstantError> {
        let days = second.div_euclid(DAY) as i32;
        let date = if days == 0 { date } else { date.plus_days(days).ok_or(InstantError::NoSuchDay)? };
        Ok(Self { date, second: second.rem_euclid(DAY) as u32 })
    }

    /// The UTC month.
    pub fn month(self) -> Month {
        self.date.month()
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn seconds_since_epoch(self) -> i64 {
        i64::from(self.date.days_since_epoch()) * DAY + i64::from(self.second)
    }
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl Cursor<'_> {
    fn take(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// A run of at least `min` and at most `max` digits.
    fn number(&mut self, min: usize, max: usize) -> Result<u16, InstantError> {
        let len = self.rest.iter().take(max).take_while(|byte| byte.is_ascii_digit()).count();
        if len < min {
            return Err(InstantError::Malformed);
        }
        let (digits, rest) = self.rest.split_at(len);
        self.rest = rest;
        Ok(digits.iter().fold(0, |value, byte| value * 10 + u16::from(byte - b'0')))
    }

    fn date(&mut self) -> Result<Date, InstantError> {
        let year = self.number(4, 4)?;
        let dashed = self.take(b'-');
        let month = self.number(2, 2)?;
        if dashed != self.take(b'-') {
            return Err(InstantError::Malformed);
        }
        let day = self.number(2, 2)?;
        Date::new(year, month as u8, day as u8).ok_or(InstantError::NoSuchDay)
    }

    fn month_first_date(&mut self) -> Result<Date, InstantError> {
        let month = self.number(1, 2)?;
        if !self.take(b'/') {
            return Err(InstantError::Malformed);
        }
        let day = self.number(1, 2)?;
        if !self.take(b'/') {
            return Err(InstantError::Malformed);
        }
        let year = self.number(4, 4)?;
        Date::new(year, month as u8, day as u8).ok_or(InstantError::NoSuchDay)
    }

    fn time(&mut self) -> Result<u32, InstantError> {
        let hour = self.number(1, 2)?;
        if !self.take(b':') {
            return Err(InstantError::Malformed);
        }
        let minute = self.number(2, 2)?;
        let mut second = 0;
        if self.take(b':') {
            second = self.number(2, 2)?;
            if self.take(b'.') {
                let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                if digits == 0 {
                    return Err(InstantError::Malformed);
                }
                self.rest = self.rest.get(digits..).unwrap_or_default();
            }
        }
        if hour > 23 || minute > 59 || second > 59 {
            return Err(InstantError::NoSuchDay);
        }
        Ok(u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second))
    }

    /// Seconds east of UTC.
    fn offset(&mut self) -> Result<i64, InstantError> {
        if matches!(self.rest, b"" | b"Z" | b"z" | b" UTC" | b"UTC") {
            return Ok(0);
        }
        self.take(b' ');
        let sign = if self.take(b'+') {
            1
        } else if self.take(b'-') {
            -1
        } else {
            return Err(InstantError::Malformed);
        };
        let hours = self.number(2, 2)?;
        let minutes = if self.rest.is_empty() {
            0
        } else {
            self.take(b':');
            self.number(2, 2)?
        };
        if !self.rest.is_empty() || hours > 15 || minutes > 59 {
            return Err(InstantError::Malformed);
        }
        Ok(sign * (i64::from(hours) * 3600 + i64::from(minutes) * 60))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_every_spelling_seen_in_bills() {
        for (text, want) in [
            ("2026-05-31", "2026-05-31 0"),
            ("20260531", "2026-05-31 0"),
            ("2024-09-18 22:00:00", "2024-09-18 79200"),
            ("2026-06-01T00:00:00.000Z", "2026-06-01 0"),
            ("2023-11-13T10:00Z", "2023-11-13 36000"),
            ("2026-01-01 00:00:00+00:00", "2026-01-01 0"),
            ("2026-01-01 00:00:00 UTC", "2026-01-01 0"),
            ("2026-01-01T00:30:00+02:00", "2025-12-31 81000"),
            ("2025-12-31T20:00:00-0700", "2026-01-01 10800"),
            ("9/2/2023", "2023-09-02 0"),
            ("09/22/2023", "2023-09-22 0"),
            ("12/1/2023 5:07", "2023-12-01 18420"),
        ] {
            let instant = Instant::parse_month_first(text.as_bytes()).unwrap();
            assert_eq!(format!("{} {}", instant.date, instant.second), want, "{text}");
            let plain = Instant::parse(text.as_bytes());
            assert_eq!(plain, if text.contains('/') { Err(InstantError::Malformed) } else { Ok(instant) }, "{text}");
        }
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "",
            "2026",
            "2026-05",
            "2026-0531",
            "202605-31",
            "2026-05-31x",
            "2026-05-31T",
            "2026-05-31T1",
            "31.05.2026",
            "2026-05-31T00:00:00+",
            "2026-05-31T00:00:00+1",
            "2026/05/31",
            "5/31/26",
            "2026-05-31T00:00:00.Z",
            "NULL",
        ] {
            assert_eq!(Instant::parse(text.as_bytes()), Err(InstantError::Malformed), "{text}");
            assert_eq!(Instant::parse_month_first(text.as_bytes()), Err(InstantError::Malformed), "{text}");
        }
        for text in ["2026-02-30", "13/1/2023", "2026-05-31T24:00:00", "2026-05-31T23:60"] {
            assert_eq!(Instant::parse_month_first(text.as_bytes()), Err(InstantError::NoSuchDay), "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = (Instant::parse(&text), Instant::parse_month_first(&text));
        }
    }
}
