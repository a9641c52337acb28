//! What is asked of a forecast, and what is said no to.

use serde::{Deserialize, Serialize};

use super::interval::{INFLATION, INFLATION_FAST};
use super::pool::{Family, MANY_STEPS};

/// Fewest values a forecast is made from.
pub const LEAST_VALUES: usize = 8;

/// Farthest that can be asked for.
pub const MOST_STEPS: usize = 2000;

/// History that can tell whether a series returns to a mean.
const LONG: usize = 200;

/// Which models are combined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Models {
    /// All that serve for the length and seasons of a series.
    #[default]
    Full,
    /// The damped trend and the dynamic theta model, for very many series.
    Fast,
}

impl Models {
    /// The families that are combined for so many values with seasons of these periods.
    pub(super) fn families(self, count: usize, periods: &[usize]) -> Vec<Family> {
        if self == Self::Fast {
            return vec![Family::Damped, Family::Theta];
        }
        let mut families = vec![Family::Smoothing, Family::Theta, Family::Autoregression];
        if count >= LONG {
            families.push(Family::Reverting);
        }
        if !periods.is_empty() {
            families.push(Family::Seasonal);
        }
        if periods.last().is_some_and(|period| *period >= MANY_STEPS) {
            families.push(Family::Calibrated);
        }
        families
    }

    /// How much wider than their replayed errors intervals have to be.
    pub(super) fn inflation(self) -> [f64; 2] {
        match self {
            Self::Full => INFLATION,
            Self::Fast => INFLATION_FAST,
        }
    }

    /// The most origins of the back-test.
    pub(super) fn origins(self) -> usize {
        match self {
            Self::Full => 8,
            Self::Fast => 4,
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// How many steps ahead, from 1 to [`MOST_STEPS`].
    pub horizon: usize,
    /// The periods a season may have, in steps, shortest first; none for no season. Each has to pass a test.
    pub periods: Vec<usize>,
    /// Which models are combined.
    pub models: Models,
}

/// Why there is no forecast.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There are too few values.
    #[error("it has {0} values, and a forecast needs at least {LEAST_VALUES}")]
    TooShort(usize),
    /// The horizon is longer than the history.
    #[error("{horizon} steps ahead are more than the {count} values of its history")]
    TooFar {
        /// What is asked for.
        horizon: usize,
        /// What there is.
        count: usize,
    },
    /// More than a third of the history is missing.
    #[error("{missing} of {count} values are missing, more than a third")]
    TooManyGaps {
        /// Values that are missing.
        missing: usize,
        /// Values there would be.
        count: usize,
    },
}

impl Refusal {
    /// Where more than a third of the values are missing.
    pub fn of_gaps(missing: usize, count: usize) -> Option<Self> {
        (3 * missing > count).then_some(Self::TooManyGaps { missing, count })
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::TooShort(_) => "give a longer history, or one measured more often".to_owned(),
            Self::TooFar { count, .. } => format!("ask for at most {count} steps, or give a longer history"),
            Self::TooManyGaps { .. } => "fill the gaps where the values are known, or measure less often".to_owned(),
        }
    }
}
