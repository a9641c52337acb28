//! What is switched on and off as one: all containers of what Kubernetes runs.

use super::document::Replayed;
use super::learn::{Hours, LEAST_OFF, Unlearnt, either};
use super::week::{HOURS, Week};

/// Weeks that are replayed at most.
const REPLAYS: i64 = 5;

/// Use by the hour of all that is switched together, each to the same last hour.
#[derive(Clone, Debug)]
pub(super) struct Together(pub(super) Vec<Hours>);

impl Together {
    /// The week that is on wherever one of them is at work.
    pub(super) fn learn(&self) -> Result<Week, Unlearnt> {
        self.before(self.end()).map(|(week, _)| week)
    }

    /// Learns before each of the last weeks, and sees what would have been cut in it.
    pub(super) fn replay(&self) -> Option<Replayed> {
        let mut all = Replayed { weeks: 0, off_hours: 0, hours_cut: 0, hours_at_work: 0 };
        for back in 1..=REPLAYS {
            let cut = self.end() - back * HOURS as i64;
            let Ok((week, thresholds)) = self.before(cut) else { continue };
            // Of each hour with any use whether one of them was at work.
            let mut after = [None; HOURS];
            for (hours, threshold) in self.0.iter().zip(thresholds) {
                for (hour, used) in hours.between(cut, cut + HOURS as i64) {
                    let works = threshold.is_some_and(|threshold| used > threshold);
                    if let Some(kept) = after.get_mut(hour) {
                        *kept = Some(works || *kept == Some(true));
                    }
                }
            }
            all.weeks += u64::from(after.iter().any(Option::is_some));
            for (hour, works) in after.into_iter().enumerate().filter_map(|(hour, works)| Some((hour, works?))) {
                let on = week.is_on(hour);
                all.off_hours += u64::from(!on);
                all.hours_at_work += u64::from(works);
                all.hours_cut += u64::from(works && !on);
            }
        }
        (all.weeks > 0).then_some(all)
    }

    fn end(&self) -> i64 {
        self.0.first().map_or(0, Hours::end)
    }

    /// The week as learnt before an hour, and above which use each of them is at work. One that is always the same, as a
    /// helper beside the others is, says nothing and follows them.
    fn before(&self, end: i64) -> Result<(Week, Vec<Option<f64>>), Unlearnt> {
        let mut together: Option<Week> = None;
        let mut thresholds = Vec::with_capacity(self.0.len());
        for hours in &self.0 {
            thresholds.push(match hours.learn(end) {
                Ok(learnt) => {
                    together = Some(together.map_or(learnt.week, |week| either(&week, &learnt.week)));
                    Some(learnt.threshold)
                }
                Err(Unlearnt::AlwaysTheSame) => None,
                Err(why) => return Err(why),
            });
        }
        match together {
            None => Err(Unlearnt::AlwaysTheSame),
            Some(week) if week.off() < LEAST_OFF => Err(Unlearnt::AlwaysAtWork),
            Some(week) => Ok((week, thresholds)),
        }
    }
}
