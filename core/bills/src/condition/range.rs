//! Bounds on a number.

use crate::money::Amount;

/// Bounds on a number; one that is not set doesn't bind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The least that passes.
    pub min: Option<Amount>,
    /// The most that passes.
    pub max: Option<Amount>,
    /// What passes is greater.
    pub above: Option<Amount>,
    /// What passes is less.
    pub below: Option<Amount>,
}

/// One of the four bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// At least.
    Min,
    /// At most.
    Max,
    /// More than.
    Above,
    /// Less than.
    Below,
}

impl Bound {
    /// Every bound.
    pub const ALL: &[Self] = &[Self::Min, Self::Max, Self::Above, Self::Below];

    /// The key a user writes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::Above => "above",
            Self::Below => "below",
        }
    }
}

impl Range {
    /// The place of a bound.
    pub(super) fn bound_mut(&mut self, bound: Bound) -> &mut Option<Amount> {
        match bound {
            Bound::Min => &mut self.min,
            Bound::Max => &mut self.max,
            Bound::Above => &mut self.above,
            Bound::Below => &mut self.below,
        }
    }

    /// The value of a bound.
    pub(super) const fn bound(&self, bound: Bound) -> Option<Amount> {
        match bound {
            Bound::Min => self.min,
            Bound::Max => self.max,
            Bound::Above => self.above,
            Bound::Below => self.below,
        }
    }

    /// Whether a number passes.
    pub fn contains(&self, value: Amount) -> bool {
        self.min.is_none_or(|min| value >= min)
            && self.max.is_none_or(|max| value <= max)
            && self.above.is_none_or(|above| value > above)
            && self.below.is_none_or(|below| value < below)
    }

    /// The first and last number that pass, in units of 10⁻¹⁸; `None` when none does.
    pub(super) fn interval(&self) -> Option<(i128, i128)> {
        let above = match self.above {
            Some(above) => above.units().checked_add(1)?,
            None => i128::MIN,
        };
        let below = match self.below {
            Some(below) => below.units().checked_sub(1)?,
            None => i128::MAX,
        };
        let low = self.min.map_or(i128::MIN, Amount::units).max(above);
        let high = self.max.map_or(i128::MAX, Amount::units).min(below);
        (low <= high).then_some((low, high))
    }
}
