//! Advice held against what came after it.

use super::optimum::{LEARNT, WEEK, advised, hindsight, saving};

/// What advice of the past would have come to, beside the best that could have been known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tried {
    /// How often it was tried: once a week, on the four weeks that came after.
    pub windows: u64,
    /// What it would have saved, added up.
    pub saved: f64,
    /// What the best commitments in hindsight would have saved.
    pub best: f64,
    /// How often it would have made a loss.
    pub losses: u64,
    /// The least part of the best that was saved in any window; below 0 a loss.
    pub worst: f64,
}

impl Tried {
    /// The part of the hindsight saving that was had; `None` where there was none to be had.
    pub fn capture(&self) -> Option<f64> {
        (self.best > 0.0).then(|| self.saved / self.best)
    }
}

/// Tries the advice at every week that has four weeks before and after it, each hour of usage as it was.
pub fn tried(hours: &[f64], discount: f64) -> Tried {
    let mut all = Tried { worst: 1.0, ..Tried::default() };
    let mut end = hours.len();
    while end >= 2 * LEARNT {
        let (Some(before), Some(after)) = (hours.get(..end - LEARNT), hours.get(end - LEARNT..end)) else { break };
        let saved = saving(after, advised(before, discount), discount);
        let best = saving(after, hindsight(after, discount), discount);
        all.windows += 1;
        all.saved += saved;
        all.best += best;
        all.losses += u64::from(saved < 0.0);
        if best > 0.0 {
            all.worst = all.worst.min(saved / best);
        }
        end -= WEEK;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_usage_leaves_nothing_to_hindsight() {
        let hours = vec![3.0; 3 * LEARNT];
        let tried = tried(&hours, 0.3);
        assert_eq!((tried.windows, tried.losses), (5, 0));
        assert!((tried.capture().unwrap() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_fall_that_nobody_saw_coming_is_a_loss() {
        let hours: Vec<f64> = (0..2 * LEARNT).map(|hour| if hour < LEARNT { 3.0 } else { 1.0 }).collect();
        let tried = tried(&hours, 0.3);
        assert_eq!((tried.windows, tried.losses), (1, 1));
        assert!(tried.worst < 0.0);
    }

    #[test]
    fn short_histories_are_not_tried() {
        assert_eq!(tried(&vec![1.0; 2 * LEARNT - 1], 0.3).windows, 0);
    }
}
