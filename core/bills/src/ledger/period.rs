//! When a row's charge is: its month, its day, and whether it lasts longer.

use crate::bill::{Dates, PeriodColumns, Record};
use crate::calendar::{DayRange, Instant, InstantError, Month};

use super::View;
use super::decode::Row;

/// Longest charge period that counts as daily.
const DAY_SECONDS: i64 = 86_400;

/// The months and days of a comparison: of each month, the days that both cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The month reported.
    pub month: Month,
    /// The month before.
    pub previous: Month,
    /// The days compared, when not whole months: then only charges of at most a day count.
    pub days: Option<DayRange>,
}

/// Whether a row takes part in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    In,
    Out,
    /// It is of one of the months, but too long to lie on single days.
    TooLong,
    /// It counts for one of the months and lies on a day of another: it was billed earlier or later.
    OtherMonth,
}

impl Window {
    /// Whether the row takes part.
    pub fn takes(&self, row: &Row<'_>) -> bool {
        self.admits(row) == Admission::In
    }

    #[inline]
    pub(super) fn admits(&self, row: &Row<'_>) -> Admission {
        if row.month != self.month && row.month != self.previous {
            return Admission::Out;
        }
        let Some(days) = self.days else { return Admission::In };
        if !row.is_daily() {
            return Admission::TooLong;
        }
        match row.date.month() == row.month {
            false => Admission::OtherMonth,
            true if days.contains(row.date.day()) => Admission::In,
            true => Admission::Out,
        }
    }
}

/// When a charge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) start: Instant,
    /// The month it counts for.
    pub(super) month: Month,
    /// Whether the row does not say by which month it was billed, where that is asked for.
    pub(super) is_unbilled: bool,
}

/// A date that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PeriodFault {
    pub(super) column: usize,
    pub(super) error: InstantError,
}

/// Reads periods, remembering the last text of each column: neighbouring rows mostly share it.
#[derive(Clone, Debug)]
pub(super) struct PeriodReader {
    columns: PeriodColumns,
    /// Whether months are those that bills are of.
    billing: bool,
    last_start: Remembered,
    last_billing: Remembered,
}

/// Longest text remembered; longer ones are parsed each time.
const REMEMBERED: usize = 40;

#[derive(Clone, Debug)]
struct Remembered {
    len: usize,
    text: [u8; REMEMBERED],
    instant: Option<Instant>,
}

impl Default for Remembered {
    fn default() -> Self {
        Self { len: 0, text: [0; REMEMBERED], instant: None }
    }
}

impl Remembered {
    #[inline]
    fn parse(
        &mut self,
        text: &[u8],
        parse: impl FnOnce(&[u8]) -> Result<Instant, InstantError>,
    ) -> Result<Instant, InstantError> {
        if let Some(instant) = self.instant
            && self.text.get(..self.len).is_some_and(|kept| are_alike(kept, text))
        {
            return Ok(instant);
        }
        let instant = parse(text)?;
        if let Some(kept) = self.text.get_mut(..text.len()) {
            kept.copy_from_slice(text);
            (self.len, self.instant) = (text.len(), Some(instant));
        }
        Ok(instant)
    }
}

/// Whether two texts are the same, compared eight bytes at a time: WebAssembly has nothing that takes them all at once.
#[inline]
fn are_alike(a: &[u8], b: &[u8]) -> bool {
    let (Some(end), Some(other)) = (a.last_chunk::<8>(), b.last_chunk::<8>()) else { return a == b };
    a.len() == b.len() && end == other && a.as_chunks::<8>().0.iter().zip(b.as_chunks().0).all(|(a, b)| a == b)
}

impl PeriodReader {
    pub(super) fn new(columns: &PeriodColumns, view: View) -> Self {
        Self {
            columns: columns.clone(),
            billing: view == View::BillingMonth,
            last_start: Remembered::default(),
            last_billing: Remembered::default(),
        }
    }

    #[inline]
    pub(super) fn read(&mut self, record: &Record<'_>) -> Result<Period, PeriodFault> {
        let first = self.columns.start.first().copied().unwrap_or_default();
        let column = if self.columns.start.len() > 1 {
            self.columns.start.iter().copied().find(|column| !record.is_null(*column)).unwrap_or(first)
        } else {
            first
        };
        let text = record.trimmed(column);
        let dates = self.columns.dates;
        let parse = |text: &[u8]| dates.parse(text);
        let start = self.last_start.parse(text, parse).map_err(|error| PeriodFault { column, error })?;
        if !self.billing {
            return Ok(Period { start, month: start.month(), is_unbilled: false });
        }
        let billed = self.columns.billing.filter(|column| !record.is_null(*column)).map(|column| {
            let month = self.last_billing.parse(record.trimmed(column), |text| billing_period(dates, text));
            month.map(Instant::month).map_err(|error| PeriodFault { column, error })
        });
        let billed = billed.transpose()?;
        Ok(Period { start, month: billed.unwrap_or(start.month()), is_unbilled: billed.is_none() })
    }

    /// How many seconds the charge lasts, where the bill states its end.
    pub(super) fn seconds(&self, record: &Record<'_>, start: Instant) -> Option<i64> {
        let end = self.columns.dates.parse(record.trimmed(self.columns.end?)).ok()?;
        Some(end.seconds_since_epoch() - start.seconds_since_epoch())
    }

    /// Whether the charge lasts at most a day. An end that cannot be read is taken for a longer one: such a row
    /// never makes a month look whole.
    pub(super) fn is_daily(&self, record: &Record<'_>, start: Instant) -> bool {
        let Some(column) = self.columns.end else { return true };
        match self.columns.dates.parse(record.trimmed(column)) {
            Ok(end) => (0..=DAY_SECONDS).contains(&(end.seconds_since_epoch() - start.seconds_since_epoch())),
            Err(_) => false,
        }
    }
}

/// A date, or `YYYYMM` as Google Cloud writes invoice months.
fn billing_period(dates: Dates, text: &[u8]) -> Result<Instant, InstantError> {
    if text.len() == 6 && text.iter().all(u8::is_ascii_digit) {
        let mut day = text.to_vec();
        day.extend_from_slice(b"01");
        return dates.parse(&day);
    }
    dates.parse(text)
}
