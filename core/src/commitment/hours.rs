//! The usage of each hour that an offer could cover.

use super::document::Step;
use crate::calendar::Date;
use crate::ledger::Overflow;
use crate::money::Amount;
use crate::order::{BTreeMap, BTreeSet};

/// Hours of a day.
const DAY: i64 = 24;

/// Hours of which a bill says anything, whatever it is charged for.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    hours: BTreeSet<i64>,
    days: BTreeSet<i64>,
}

impl Seen {
    pub(super) fn hour(&mut self, hour: i64) {
        self.hours.insert(hour);
        self.days.insert(hour.div_euclid(DAY));
    }

    /// A charge of a day that starts at an hour, which may not be that of midnight.
    pub(super) fn day(&mut self, hour: i64) {
        self.days.insert(hour.div_euclid(DAY));
    }

    /// The day that the bill ends on.
    pub(super) fn last_day(&self) -> Option<Date> {
        self.days.last().and_then(|day| day_of(day * DAY))
    }
}

/// On-demand cost by slot.
#[derive(Clone, Debug, Default)]
pub(super) struct OnDemand {
    hours: BTreeMap<i64, Amount>,
    /// Of charges longer than an hour, by the day since 1970 that they start on.
    days: BTreeMap<i64, Amount>,
}

/// Usage hour by hour: the cost on demand of each hour that is no gap, the oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Hourly {
    pub(super) values: Vec<f64>,
    /// Hours of which the bills say nothing.
    pub(super) gaps: u64,
    pub(super) step: Step,
    pub(super) days: Option<(Date, Date)>,
}

impl OnDemand {
    pub(super) fn hour(&mut self, hour: i64, cost: Amount) -> Result<(), Overflow> {
        add(&mut self.hours, hour, cost)
    }

    pub(super) fn day(&mut self, hour: i64, cost: Amount) -> Result<(), Overflow> {
        add(&mut self.days, hour.div_euclid(DAY), cost)
    }

    /// The hours from the first to the last that the bills say anything of, without those of the day of asking and after:
    /// they are not over. Where any charge is longer than an hour, the day's cost is spread evenly over its hours.
    pub(super) fn hourly(&self, seen: &Seen, as_of: Date) -> Result<Hourly, Overflow> {
        let today = i64::from(as_of.days_since_epoch());
        let (first, last) = match (seen.days.first(), seen.days.range(..today).next_back()) {
            (Some(first), Some(last)) if first <= last => (*first, *last),
            _ => return Ok(Hourly::default()),
        };
        let days = day_of(first * DAY).zip(day_of(last * DAY));
        let mut found = Hourly { days, ..Hourly::default() };
        if self.days.is_empty() {
            found.step = Step::Hour;
            for hour in first * DAY..(last + 1) * DAY {
                if seen.hours.contains(&hour) {
                    found.values.push(self.hours.get(&hour).map_or(0.0, |cost| cost.units() as f64 / 1e18));
                } else {
                    found.gaps += 1;
                }
            }
            return Ok(found);
        }
        found.step = Step::Day;
        let mut by_day = self.days.clone();
        for (hour, cost) in &self.hours {
            add(&mut by_day, hour.div_euclid(DAY), *cost)?;
        }
        for day in first..=last {
            if seen.days.contains(&day) {
                let cost = by_day.get(&day).map_or(0.0, |cost| cost.units() as f64 / 1e18);
                found.values.extend(std::iter::repeat_n(cost / DAY as f64, DAY as usize));
            } else {
                found.gaps += DAY as u64;
            }
        }
        Ok(found)
    }
}

/// The UTC day that an hour is of.
pub(super) fn day_of(hour: i64) -> Option<Date> {
    Date::new(1970, 1, 1)?.plus_days(i32::try_from(hour.div_euclid(DAY)).ok()?)
}

fn add(sums: &mut BTreeMap<i64, Amount>, at: i64, cost: Amount) -> Result<(), Overflow> {
    let sum = sums.entry(at).or_insert(Amount::ZERO);
    *sum = sum.checked_add(cost).ok_or(Overflow)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-05-04 in days since 1970.
    const MONDAY: i64 = 20_577;

    #[test]
    fn gaps_are_no_zeros_and_today_does_not_count() {
        let (mut seen, mut used) = (Seen::default(), OnDemand::default());
        for hour in (MONDAY * 24..MONDAY * 24 + 72).filter(|hour| hour % 24 != 5) {
            seen.hour(hour);
        }
        used.hour(MONDAY * 24 + 7, Amount::from_whole(3)).unwrap();
        let hourly = used.hourly(&seen, Date::new(2026, 5, 6).unwrap()).unwrap();
        assert_eq!((hourly.step, hourly.gaps, hourly.values.len()), (Step::Hour, 2, 46));
        assert!((hourly.values.iter().sum::<f64>() - 3.0).abs() < 1e-12);
        let days = hourly.days.unwrap();
        assert_eq!((days.0.to_string().as_str(), days.1.to_string().as_str()), ("2026-05-04", "2026-05-05"));
    }

    #[test]
    fn charges_of_days_are_spread() {
        let (mut seen, mut used) = (Seen::default(), OnDemand::default());
        seen.day(MONDAY * 24 + 8);
        used.day(MONDAY * 24 + 8, Amount::from_whole(48)).unwrap();
        let hourly = used.hourly(&seen, Date::new(2026, 6, 1).unwrap()).unwrap();
        assert_eq!((hourly.step, hourly.gaps, hourly.values), (Step::Day, 0, vec![2.0; 24]));
    }
}
