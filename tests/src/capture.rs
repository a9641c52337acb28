//! How much of the hindsight saving rules for commitments get on generated fleets.

use headroom_core::commitment::optimum::{advised, hindsight, saving};

use crate::commitment_load::fleet;

/// A rule: past hours and the discount to what is covered of each hour.
pub type Rule = fn(&[f64], f64) -> f64;

/// Days after which fleets are asked, and those that say what came of it.
const ASKED: [usize; 3] = [30, 45, 60];
const AFTER: usize = 30 * 24;

/// Headroom's advice, and what others would have said.
pub const RULES: [(&str, Rule); 6] = [
    ("advised", advised),
    ("quantile of 7 days", |hours, discount| hindsight(last(hours, 7), discount)),
    ("quantile of 30 days", |hours, discount| hindsight(last(hours, 30), discount)),
    ("tenth percentile of 30 days", |hours, _| hindsight(last(hours, 30), 0.1)),
    ("mean of 30 days", |hours, _| mean(last(hours, 30))),
    ("least of 30 days", |hours, _| last(hours, 30).iter().copied().fold(f64::INFINITY, f64::min)),
];

/// What came of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Captured {
    /// Percent of the hindsight saving, over all.
    pub capture: f64,
    /// Percent of the cases with a loss.
    pub losses: f64,
    /// The capture that 5 % of the cases are below, in percent.
    pub low: f64,
}

/// Tries a rule on so many fleets.
pub fn captured(rule: Rule, discount: f64, fleets: u64) -> Captured {
    let (mut saved, mut best, mut losses) = (0.0, 0.0, 0_u32);
    let mut parts = Vec::new();
    for index in 0..fleets {
        let hours = fleet(index);
        for day in ASKED {
            let (before, after) = (&hours[..day * 24], &hours[day * 24..day * 24 + AFTER]);
            let most = saving(after, hindsight(after, discount), discount).max(1e-9);
            let had = saving(after, rule(before, discount), discount);
            saved += had;
            best += most;
            losses += u32::from(had < 0.0);
            parts.push(had / most);
        }
    }
    parts.sort_by(f64::total_cmp);
    Captured {
        capture: 100.0 * saved / best,
        losses: 100.0 * f64::from(losses) / parts.len().max(1) as f64,
        low: 100.0 * parts.get(parts.len() / 20).copied().unwrap_or_default(),
    }
}

fn last(hours: &[f64], days: usize) -> &[f64] {
    &hours[hours.len().saturating_sub(days * 24)..]
}

fn mean(hours: &[f64]) -> f64 {
    hours.iter().sum::<f64>() / hours.len().max(1) as f64
}
