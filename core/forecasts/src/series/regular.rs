//! Values at equal steps.

use super::step::{Stamp, Step, months};
use crate::calendar::Date;

/// A series at equal steps of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// The point in time of the first value.
    pub first: Stamp,
    /// From one value to the next.
    pub step: Step,
    /// The values, oldest first; `None` where one is missing. Neither the first nor the last is.
    pub values: Vec<Option<f64>>,
}

/// Why points in time are no regular series.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Irregular {
    /// No value is known.
    #[error("it has no values")]
    Empty,
    /// Dates of two kinds stand side by side.
    #[error("its dates are of two kinds, such as `{0}` and `{1}`")]
    TwoKinds(Stamp, Stamp),
    /// Most points of the steps between the dates have no value.
    #[error("it has {values} values where its steps, of one {step} each, have {count}")]
    Sparse {
        /// Values there are.
        values: usize,
        /// The step.
        step: String,
        /// Points in time there would be.
        count: u64,
    },
}

/// A series whose gaps are filled.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The values.
    pub values: Vec<f64>,
    /// How many of them were missing.
    pub missing: usize,
    /// The first that was.
    pub first_missing: Option<Stamp>,
}

impl Series {
    /// A series from points in time, sorted and each there once, and their values. The step is the largest that meets
    /// every date; what is missing at the ends is left off.
    ///
    /// # Errors
    /// When there are no values, dates of two kinds, or more gaps than values.
    pub fn new(name: String, mut points: Vec<(Stamp, Option<f64>)>) -> Result<Self, Irregular> {
        let known = |(_, value): &(Stamp, Option<f64>)| value.is_some();
        let (Some(begin), Some(end)) = (points.iter().position(known), points.iter().rposition(known)) else {
            return Err(Irregular::Empty);
        };
        // The step is that of all dates, with a value or without.
        let (step, ordinals) = step(&points)?;
        points.drain(..begin);
        points.truncate(end - begin + 1);
        let ordinals = &ordinals[begin..=end];
        let unit = match step {
            Step::Units(count) | Step::Months { count, .. } | Step::Seconds(count) => count,
        };
        let span = |at: usize| ((ordinals[at] - ordinals[0]) / unit) as u64;
        let count = span(ordinals.len() - 1) + 1;
        let known = points.iter().filter(|point| known(point)).count();
        if count > 2 * known as u64 {
            return Err(Irregular::Sparse { values: known, step: step.to_string(), count });
        }
        let mut values = vec![None; count as usize];
        for (at, (_, value)) in points.iter().enumerate() {
            values[span(at) as usize] = *value;
        }
        Ok(Self { name, first: points[0].0, step, values })
    }

    /// The point in time of a position, which may lie beyond the last value; `None` past the end of the calendar.
    pub fn stamp(&self, position: usize) -> Option<Stamp> {
        self.step.after(self.first, position as i64)
    }

    /// The days that the values of so many positions are of, first and last, as days since 1970; `None` where they have none.
    pub(crate) fn days(&self, positions: usize) -> Option<Vec<(i32, i32)>> {
        (0..positions).map(|position| self.step.days(self.stamp(position)?)).collect()
    }

    /// The last day that its last value is of; `None` where it has no dates.
    pub(crate) fn last_day(&self) -> Option<Date> {
        let (_, last) = self.step.days(self.stamp(self.values.len().checked_sub(1)?)?)?;
        Date::new(1970, 1, 1)?.plus_days(last)
    }

    /// The values with gaps filled: by the mean of the values one `period` before and after where either is known and
    /// the gap is longer than one step, else on the straight line between the neighbours.
    pub fn filled(&self, period: Option<usize>) -> Filled {
        let mut values: Vec<f64> = Vec::with_capacity(self.values.len());
        let (mut missing, mut first_missing) = (0, None);
        for (at, value) in self.values.iter().enumerate() {
            if let Some(value) = value {
                values.push(*value);
                continue;
            }
            missing += 1;
            if first_missing.is_none() {
                first_missing = self.stamp(at);
            }
            let next = self.values[at..].iter().position(Option::is_some).unwrap_or_default();
            let before = self.values[..at].iter().rposition(Option::is_some).unwrap_or_default();
            let long = at - before > 1 || next > 1;
            let season = |period: usize| {
                let earlier = at.checked_sub(period).and_then(|earlier| self.values[earlier]);
                let later = self.values.get(at + period).copied().flatten();
                match (earlier, later) {
                    (Some(earlier), Some(later)) => Some(0.5 * (earlier + later)),
                    (one, other) => one.or(other),
                }
            };
            let line = || {
                let (left, right) =
                    (self.values[before].unwrap_or_default(), self.values[at + next].unwrap_or_default());
                left + (right - left) * (at - before) as f64 / (at + next - before) as f64
            };
            values.push(period.filter(|_| long).and_then(season).unwrap_or_else(line));
        }
        Filled { values, missing, first_missing }
    }
}

/// The largest step that meets every date, and the dates as whole numbers of its unit.
fn step(points: &[(Stamp, Option<f64>)]) -> Result<(Step, Vec<i64>), Irregular> {
    let stamps = || points.iter().map(|(stamp, _)| *stamp);
    let first = points[0].0;
    let of_kind = |ordinal: &dyn Fn(Stamp) -> Option<i64>| -> Result<Vec<i64>, Irregular> {
        stamps().map(|stamp| ordinal(stamp).ok_or(Irregular::TwoKinds(first, stamp))).collect()
    };
    match first {
        Stamp::Number(_) => {
            let ordinals = of_kind(&|stamp| if let Stamp::Number(number) = stamp { Some(number) } else { None })?;
            Ok((Step::Units(common(&ordinals)), ordinals))
        }
        Stamp::Month(_) => {
            let ordinals = of_kind(&|stamp| if let Stamp::Month(month) = stamp { Some(months(month)) } else { None })?;
            Ok((Step::Months { count: common(&ordinals), day: 0 }, ordinals))
        }
        Stamp::Day(_) | Stamp::Moment(_) => {
            let seconds = of_kind(&Stamp::seconds)?;
            if let Some(found) = monthly(stamps()) {
                return Ok(found);
            }
            Ok((Step::Seconds(common(&seconds)), seconds))
        }
    }
}

/// Steps of months, where every date is a day and the same day of its month, or each the last of its month.
fn monthly(stamps: impl Iterator<Item = Stamp>) -> Option<(Step, Vec<i64>)> {
    let days: Option<Vec<Date>> =
        stamps.map(|stamp| if let Stamp::Day(date) = stamp { Some(date) } else { None }).collect();
    let days = days?;
    let most = days.iter().map(|date| date.day()).max()?;
    let last = days.iter().all(|date| date.day() == date.month().days());
    let day = if last { 31 } else { most };
    let ordinals: Vec<i64> = days.iter().map(|date| months(date.month())).collect();
    let same = days.iter().all(|date| date.day() == day.min(date.month().days()));
    let apart = ordinals.windows(2).all(|pair| pair[0] < pair[1]);
    (same && apart && days.len() > 1).then(|| (Step::Months { count: common(&ordinals), day }, ordinals))
}

/// The greatest common divisor of the differences; 1 where there are none.
fn common(ordinals: &[i64]) -> i64 {
    let mut divisor = 0_u64;
    for pair in ordinals.windows(2) {
        let (mut rest, mut other) = (pair[1].abs_diff(pair[0]), divisor);
        while other != 0 {
            (rest, other) = (other, rest % other);
        }
        divisor = rest;
    }
    (divisor as i64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: &[(&str, Option<f64>)]) -> Result<Series, Irregular> {
        let points = points.iter().map(|(stamp, value)| (Stamp::parse(stamp).unwrap(), *value)).collect();
        Series::new("s".to_owned(), points)
    }

    #[test]
    fn steps_are_found() {
        let dated = |dates: &[&str]| {
            let points: Vec<_> = dates.iter().map(|date| (*date, Some(1.0))).collect();
            series(&points).unwrap().step.to_string()
        };
        assert_eq!(dated(&["2026-01-01", "2026-02-01", "2026-04-01"]), "month");
        assert_eq!(dated(&["2026-01-31", "2026-02-28", "2026-03-31"]), "month");
        assert_eq!(dated(&["2026-01", "2026-04", "2026-07"]), "quarter");
        assert_eq!(dated(&["2025-01-01", "2026-01-01", "2027-01-01"]), "year");
        assert_eq!(dated(&["2026-01-05", "2026-01-12", "2026-01-26"]), "week");
        assert_eq!(dated(&["2026-01-05", "2026-01-06", "2026-01-08"]), "day");
        assert_eq!(dated(&["2026-01-05T23:00", "2026-01-06", "2026-01-06T01:00"]), "hour");
        assert_eq!(dated(&["1999", "2000", "2001"]), "unit");
    }

    #[test]
    fn gaps_are_filled_and_counted() {
        let gap =
            series(&[("2026-01", Some(1.0)), ("2026-02", None), ("2026-03", Some(3.0)), ("2026-04", None)]).unwrap();
        assert_eq!(gap.values, [Some(1.0), None, Some(3.0)]);
        let filled = gap.filled(Some(12));
        assert_eq!((filled.values.as_slice(), filled.missing), ([1.0, 2.0, 3.0].as_slice(), 1));
        assert_eq!(filled.first_missing.unwrap().to_string(), "2026-02");
        let days: Vec<(String, Option<f64>)> = (1..=21)
            .map(|day| (format!("2026-03-{day:02}"), (!(9..=10).contains(&day)).then(|| f64::from(day % 7))))
            .collect();
        let days: Vec<(&str, Option<f64>)> = days.iter().map(|(day, value)| (day.as_str(), *value)).collect();
        // A gap of two days is as the same days of the weeks beside it.
        assert_eq!(series(&days).unwrap().filled(Some(7)).values[8..10], [2.0, 3.0]);
    }

    #[test]
    fn what_is_no_series_is_refused() {
        let text = |result: Result<Series, Irregular>| result.unwrap_err().to_string();
        assert_eq!(text(series(&[("2026-01", None)])), "it has no values");
        assert_eq!(
            text(series(&[("2026-01", Some(1.0)), ("2026-02-01", Some(1.0))])),
            "its dates are of two kinds, such as `2026-01` and `2026-02-01`"
        );
        assert_eq!(
            text(series(&[("2026-01-01", Some(1.0)), ("2026-01-02", Some(1.0)), ("2026-03-09", Some(1.0))])),
            "it has 3 values where its steps, of one day each, have 68"
        );
    }
}
