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

/// What committing in parts would have come to, beside committing at once.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TriedInParts {
    /// How often it was tried: once a week.
    pub windows: u64,
    /// Hours that each was held against: up to four weeks after the last part.
    pub hours: usize,
    /// What the parts would have saved, added up.
    pub saved: f64,
    /// What the first advice, taken whole, would have saved.
    pub at_once: f64,
    /// What the best commitments in hindsight would have saved.
    pub best: f64,
    /// How often the parts would have made a loss.
    pub losses: u64,
    /// How often the whole would have.
    pub losses_at_once: u64,
}

/// Tries, at every week that has enough hours before and after it, to commit in so many parts, so many hours apart: with each
/// the advice of its day counts anew, and what is committed to is never given back.
pub fn tried_in_parts(hours: &[f64], discount: f64, parts: usize, apart: usize) -> TriedInParts {
    let length = parts.saturating_sub(1) * apart + LEARNT;
    let mut all = TriedInParts { hours: length, ..TriedInParts::default() };
    let Some(mut begin) = hours.len().checked_sub(length) else { return all };
    while begin >= LEARNT && parts > 0 {
        let (Some(before), Some(after)) = (hours.get(..begin), hours.get(begin..begin + length)) else { break };
        let (mut covers, mut saved) = (0.0_f64, 0.0);
        for part in 0..parts {
            let (from, to) = (part * apart, if part + 1 == parts { length } else { (part + 1) * apart });
            let known = hours.get(..begin + from).unwrap_or_default();
            covers = covers.max(advised(known, discount) * (part + 1) as f64 / parts as f64);
            saved += saving(after.get(from..to).unwrap_or_default(), covers, discount);
        }
        let at_once = saving(after, advised(before, discount), discount);
        all.windows += 1;
        all.saved += saved;
        all.at_once += at_once;
        all.best += saving(after, hindsight(after, discount), discount);
        all.losses += u64::from(saved < 0.0);
        all.losses_at_once += u64::from(at_once < 0.0);
        let Some(earlier) = begin.checked_sub(WEEK) else { break };
        begin = earlier;
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

    #[test]
    fn parts_of_steady_usage_save_what_they_cover() {
        // Three parts, ten days apart: a third for ten days, two for ten more, then all for four weeks.
        let hours = vec![3.0; 3 * LEARNT];
        let tried = tried_in_parts(&hours, 0.3, 3, 240);
        assert_eq!((tried.windows, tried.hours, tried.losses), (2, 480 + LEARNT, 0));
        let (third, whole) = (0.3 * (240.0 + 480.0), 0.3 * 3.0 * (480 + LEARNT) as f64);
        let want = third + 0.3 * 3.0 * LEARNT as f64;
        assert!((tried.saved / 2.0 - want).abs() < 1e-6 && (tried.at_once / 2.0 - whole).abs() < 1e-6);
        // One part is the whole at once.
        let one = tried_in_parts(&hours, 0.3, 1, 240);
        assert!((one.saved - one.at_once).abs() < 1e-9);
    }

    #[test]
    fn a_fall_hurts_parts_less() {
        let hours: Vec<f64> = (0..3 * LEARNT).map(|hour| if hour < LEARNT + WEEK { 3.0 } else { 1.0 }).collect();
        let tried = tried_in_parts(&hours, 0.3, 3, 2 * WEEK);
        assert!(tried.windows > 0 && tried.saved > tried.at_once && tried.losses <= tried.losses_at_once, "{tried:?}");
    }

    #[test]
    fn too_short_histories_are_not_tried_in_parts() {
        assert_eq!(tried_in_parts(&vec![1.0; 2 * LEARNT], 0.3, 3, 720).windows, 0);
        assert_eq!(tried_in_parts(&vec![1.0; 2 * LEARNT], 0.3, 0, 720).windows, 0);
    }
}
