//! The past of one series, by days back from the end, each day's samples in order of size.

use super::level::{ABSENT, Level, level, value};
use super::usage::{DAY, Series};

/// Days of 24 hours that end where the usage of the fleet ends. Day 0 is the oldest.
///
/// A day's samples are sorted once; order statistics of any run of days are then found by halving, and what lies above a
/// threshold by one search a day. Both are exact for the levels that are kept.
#[derive(Clone, Debug)]
pub struct History {
    days: Vec<Day>,
}

#[derive(Clone, Debug)]
struct Day {
    sorted: Vec<Level>,
    /// Sums of the values from each place to the end of the day, one more than there are samples.
    above: Vec<f64>,
}

/// What lies above a threshold over some days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Above {
    /// Samples there are.
    pub samples: usize,
    /// Samples above the threshold.
    pub over: usize,
    /// What lies above it, added up.
    pub excess: f64,
}

impl Above {
    /// The part of the samples that lies above, 0 to 1; 0 where there are none.
    pub fn part(self) -> f64 {
        if self.samples == 0 { 0.0 } else { self.over as f64 / self.samples as f64 }
    }

    /// What lies above, spread over all samples.
    pub fn mean_excess(self) -> f64 {
        if self.samples == 0 { 0.0 } else { self.excess / self.samples as f64 }
    }
}

impl History {
    /// The last `days` days before the slot `end`.
    pub fn of(series: &Series, end: i64, days: usize) -> Self {
        let first = end - (days * DAY) as i64;
        let days = (0..days as i64).map(|day| {
            let from = first + day * DAY as i64;
            let mut sorted: Vec<Level> =
                series.slice(from, from + DAY as i64).iter().filter(|level| **level != ABSENT).copied().collect();
            sorted.sort_unstable();
            let mut above = vec![0.0; sorted.len() + 1];
            for at in (0..sorted.len()).rev() {
                above[at] = above[at + 1] + value(sorted[at]);
            }
            Day { sorted, above }
        });
        Self { days: days.collect() }
    }

    /// How many days are looked at.
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// Whether no day is looked at.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The run of days as a view.
    pub fn window(&self, from: usize, to: usize) -> Window<'_> {
        let to = to.min(self.days.len());
        Window { days: self.days.get(from.min(to)..to).unwrap_or_default() }
    }
}

/// A run of days.
#[derive(Clone, Copy, Debug)]
pub struct Window<'h> {
    days: &'h [Day],
}

impl Window<'_> {
    /// Samples there are.
    pub fn samples(&self) -> usize {
        self.days.iter().map(|day| day.sorted.len()).sum()
    }

    /// The mean; 0 of nothing.
    pub fn mean(&self) -> f64 {
        let samples = self.samples();
        let sum: f64 = self.days.iter().filter_map(|day| day.above.first()).sum();
        if samples == 0 { 0.0 } else { sum / samples as f64 }
    }

    /// The highest sample; 0 of nothing.
    pub fn max(&self) -> f64 {
        value(self.highest())
    }

    fn highest(&self) -> Level {
        self.days.iter().filter_map(|day| day.sorted.last()).copied().max().unwrap_or(ABSENT)
    }

    fn at_most(&self, level: Level) -> usize {
        self.days.iter().map(|day| day.sorted.partition_point(|sample| *sample <= level)).sum()
    }

    /// The quantile at `part`, 0 to 1, between its neighbours in proportion, as spreadsheets have it; 0 of nothing.
    pub fn quantile(&self, part: f64) -> f64 {
        let samples = self.samples();
        if samples == 0 {
            return 0.0;
        }
        let place = part.clamp(0.0, 1.0) * (samples - 1) as f64;
        let below = place.floor();
        let (rank, rest) = (below as usize, place - below);
        let (mut low, mut high) = (ABSENT, self.highest());
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.at_most(middle) > rank { high = middle } else { low = middle }
        }
        if rest <= 0.0 || self.at_most(high) > rank + 1 {
            return value(high);
        }
        let next = self
            .days
            .iter()
            .filter_map(|day| day.sorted.get(day.sorted.partition_point(|sample| *sample <= high)).copied());
        let next = next.min().unwrap_or(high);
        value(high) + (value(next) - value(high)) * rest
    }

    /// What lies above a threshold, by more than the precision that samples are kept with.
    pub fn above(&self, threshold: f64) -> Above {
        let mut found = Above::default();
        let within = level(threshold.max(0.0));
        for day in self.days {
            let from = day.sorted.partition_point(|sample| *sample <= within);
            let over = day.sorted.len() - from;
            found.samples += day.sorted.len();
            found.over += over;
            found.excess += (day.above.get(from).copied().unwrap_or_default() - over as f64 * threshold).max(0.0);
        }
        found
    }

    /// The highest sample of each day that has any.
    pub fn peaks(&self) -> Vec<f64> {
        self.days.iter().filter_map(|day| day.sorted.last()).map(|level| value(*level)).collect()
    }

    /// The mean of each day that has any samples.
    pub fn means(&self) -> Vec<f64> {
        let mean = |day: &Day| Some(day.above.first()? / day.sorted.len() as f64);
        self.days.iter().filter(|day| !day.sorted.is_empty()).filter_map(mean).collect()
    }

    /// Days with samples.
    pub fn observed(&self) -> usize {
        self.days.iter().filter(|day| !day.sorted.is_empty()).count()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::resource::Resource;
    use super::super::usage::{SLOT, Usage};
    use super::*;

    fn history(values: &[f64], days: usize) -> History {
        let mut usage = Usage::default();
        let at = usage.workload("a");
        for (slot, value) in values.iter().enumerate() {
            usage.note(at, Resource::Cpu, 1_777_593_600 + slot as i64 * SLOT, *value);
        }
        let end = usage.end().unwrap();
        History::of(usage.workloads()[0].series(Resource::Cpu).unwrap(), end, days)
    }

    #[test]
    fn counts_back_from_the_end() {
        let values: Vec<f64> = (0..3 * DAY).map(|slot| (slot / DAY) as f64).collect();
        let history = history(&values, 5);
        assert_eq!(history.window(0, 2).samples(), 0);
        assert_eq!(history.window(2, 5).peaks(), [0.0, 1.0, 2.0]);
        assert_eq!(history.window(3, 4).above(0.5), Above { samples: DAY, over: DAY, excess: DAY as f64 * 0.5 });
    }

    proptest! {
        #[test]
        fn quantiles_are_those_of_the_sorted_samples(values in prop::collection::vec(0_u16..2000, 1..900), part in 0.0_f64..=1.0) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let history = history(&values, 4);
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let place = part * (sorted.len() - 1) as f64;
            let (low, rest) = (place.floor() as usize, place.fract());
            let want = sorted[low] + (sorted[(low + 1).min(sorted.len() - 1)] - sorted[low]) * rest;
            prop_assert!((history.window(0, 4).quantile(part) - want).abs() < 1e-9);
        }
    }
}
