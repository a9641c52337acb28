//! What a caller may want to fail on.

use std::str::FromStr;

use crate::capacity::Capacity;
use crate::money::{Amount, exceeds_percent};
use crate::report::{Answer, Report, ReviewState};

/// A condition on a report that is a finding when it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailOn {
    /// Any change is flagged.
    Change,
    /// A flagged change has not been accounted for.
    Unexplained,
    /// More than this percent of the cost has no owner.
    Unallocated(Amount),
    /// A row was refused.
    Refused,
    /// The month is not known to be whole.
    Incomplete,
}

/// The text is no such condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown finding `{0}`")]
pub struct UnknownFinding(String);

impl UnknownFinding {
    /// What to write instead.
    pub fn hint(&self) -> &'static str {
        "use `change`, `unexplained`, `unallocated=5%`, `refused` or `incomplete`"
    }
}

impl FromStr for FailOn {
    type Err = UnknownFinding;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownFinding(text.to_owned());
        match text.split_once('=') {
            None => match text {
                "change" => Ok(Self::Change),
                "unexplained" => Ok(Self::Unexplained),
                "unallocated" => Ok(Self::Unallocated(Amount::ZERO)),
                "refused" => Ok(Self::Refused),
                "incomplete" => Ok(Self::Incomplete),
                _ => Err(unknown()),
            },
            Some(("unallocated", limit)) => {
                let limit = Amount::parse(limit.trim_end_matches('%').as_bytes()).map_err(|_| unknown())?.amount;
                if limit < Amount::ZERO { Err(unknown()) } else { Ok(Self::Unallocated(limit)) }
            }
            Some(_) => Err(unknown()),
        }
    }
}

impl FailOn {
    /// Whether it holds. A share that cannot be known counts as a finding: an unknown is never a pass.
    pub fn holds(self, report: &Report) -> bool {
        match self {
            Self::Change => !report.changes.is_empty(),
            Self::Unexplained => report.changes.iter().any(|change| change.state == ReviewState::Unexplained),
            Self::Refused => report.verdict.refused_count > 0,
            Self::Incomplete => report.complete != Answer::Yes,
            Self::Unallocated(limit) => {
                let totals = report.conservation.get(report.metric);
                let (Some(part), Some(whole)) = (totals.unallocated, totals.input) else { return true };
                exceeds(part, whole, limit)
            }
        }
    }
}

/// Whether `|part|` is more than `percent` of `|whole|`, exactly.
fn exceeds(part: Amount, whole: Amount, percent: Amount) -> bool {
    let hundred = 100 * Amount::from_whole(1).magnitude();
    let size = i128::try_from(whole.magnitude()).map(Amount::from_units).ok();
    match size.and_then(|size| size.checked_mul_div(percent.units(), hundred)) {
        Some(limit) => part.magnitude() > limit.magnitude(),
        None => exceeds_percent(part, whole, 0),
    }
}

/// The finding that a service may run out of capacity within so many days, from 1 to [`MOST_DAYS`].
///
/// [`MOST_DAYS`]: crate::capacity::MOST_DAYS
///
/// ```
/// use headroom_core::api::ExhaustionWithin;
///
/// assert_eq!("exhaustion=30d".parse::<ExhaustionWithin>().unwrap().days(), 30);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExhaustionWithin(usize);

impl FromStr for ExhaustionWithin {
    type Err = UnknownFinding;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let days = text.strip_prefix("exhaustion=").and_then(|days| days.strip_suffix('d')?.parse().ok());
        let days = days.filter(|days| (1..=crate::capacity::MOST_DAYS).contains(days));
        days.map(Self).ok_or_else(|| UnknownFinding(text.to_owned()))
    }
}

impl ExhaustionWithin {
    /// The days.
    pub fn days(self) -> usize {
        self.0
    }

    /// Whether 10 % of some service's paths run out within the days after that of asking; also where nobody can tell,
    /// because a service or one of its limits could not be judged or its history reaches less far: an unknown is never
    /// a pass.
    pub fn holds(self, capacity: &Capacity) -> bool {
        let end = capacity.as_of.plus_days(self.0 as i32 - 1);
        capacity.services.iter().any(|service| {
            let unknown = service.limits.iter().any(|limit| limit.refused.is_some());
            let soon = service.exhaustion.as_ref().zip(end).is_none_or(|(exhaustion, end)| match exhaustion.p10 {
                Some(day) => day <= end,
                None => exhaustion.through < end,
            });
            unknown || soon
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_conditions_and_refuses_others() {
        let five = Amount::from_whole(5);
        assert_eq!("unallocated=5%".parse(), Ok(FailOn::Unallocated(five)));
        assert_eq!("unallocated=5".parse(), Ok(FailOn::Unallocated(five)));
        for text in ["", "changes", "unallocated=x", "unallocated=-1%", "change=3"] {
            assert!(text.parse::<FailOn>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_share_is_compared_exactly() {
        let whole = Amount::from_whole;
        assert!(!exceeds(whole(5), whole(100), whole(5)));
        assert!(exceeds(Amount::from_units(whole(5).units() + 1), whole(100), whole(5)));
        assert!(exceeds(whole(-6), whole(-100), whole(5)));
        assert!(exceeds(whole(1), whole(0), whole(5)));
    }
}
