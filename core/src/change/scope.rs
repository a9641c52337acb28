//! The scopes on which months are compared, and the rule that flags them.

use std::sync::Arc;

use crate::bill::{Metric, Source};
use crate::calendar::Month;
use crate::ledger::{Cell, Overflow, Sums};
use crate::money::{Amount, exceeds_percent};
use crate::order::{BTreeMap, BTreeSet};

/// A change is flagged when it is strictly more than this many percent of the month before.
pub const THRESHOLD_PERCENT: u32 = 20;

/// What stands for a dimension's value where no rule has set it.
pub const UNALLOCATED: &str = "unallocated";

/// Scope levels in the order documents list them.
pub const LEVELS: [Level; 7] = [
    Level::Total,
    Level::Dimension("squad"),
    Level::Dimension("service"),
    Level::Dimension("service_name"),
    Level::Dimension("environment"),
    Level::SubAccount,
    Level::Group,
];

/// On what a scope is cut out of the bill. Layers see what a flat total hides: a rise here, a fall there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Everything.
    Total,
    /// One value of one dimension.
    Dimension(&'static str),
    /// One sub-account.
    SubAccount,
    /// One value of every dimension.
    Group,
}

impl Level {
    /// The name documents use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Dimension(name) => name,
            Self::SubAccount => "sub_account_id",
            Self::Group => "group",
        }
    }

    /// The only name in this level's key; `None` for the total, which has no key, and for groups.
    pub const fn key_name(self) -> Option<&'static str> {
        match self {
            Self::Total | Self::Group => None,
            Self::Dimension(_) | Self::SubAccount => Some(self.name()),
        }
    }

    /// The level of this name.
    pub fn named(name: &str) -> Option<Self> {
        LEVELS.into_iter().find(|level| level.name() == name)
    }

    /// Positions in a group's key that make this level's key; `None` when the level is not among the dimensions.
    pub fn positions(self, dimensions: &[String], shown: &[usize]) -> Option<Vec<usize>> {
        match self {
            Self::Total | Self::SubAccount => Some(Vec::new()),
            Self::Dimension(name) => dimensions.iter().position(|known| known == name).map(|position| vec![position]),
            Self::Group => Some(shown.to_vec()),
        }
    }
}

/// The values that name one scope of a level.
pub type ScopeKey = Vec<Option<Arc<str>>>;

/// One month's side of a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// The rows that take part.
    pub cell: Cell,
}

/// Both sides of every scope of a level.
pub type Sides = BTreeMap<ScopeKey, [Side; 2]>;

/// Adds up a level's scopes over the sources compared: `[month, previous]` by key. Null sorts last.
///
/// # Errors
/// When a sum goes out of range.
pub fn sides(
    sums: &Sums,
    months: [Option<Month>; 2],
    sources: Option<&BTreeSet<Arc<Source>>>,
    level: Level,
    positions: &[usize],
) -> Result<Sides, Overflow> {
    let mut sides = Sides::new();
    let counts = |source: &Arc<Source>| sources.is_none_or(|sources| sources.contains(source));
    for (side, month) in months.into_iter().enumerate() {
        let Some(month) = month else { continue };
        let mut add = |key: ScopeKey, cell: &Cell| sides.entry(key).or_default()[side].cell.merge(cell).ok_or(Overflow);
        if level == Level::SubAccount {
            for ((_, account), cell) in sums.accounts.month(month).filter(|((source, _), _)| counts(source)) {
                add(vec![account.clone()], cell)?;
            }
        } else {
            for ((_, values), cell) in sums.groups.month(month).filter(|((source, _), _)| counts(source)) {
                add(positions.iter().map(|position| values[*position].clone()).collect(), cell)?;
            }
        }
    }
    Ok(sides)
}

/// Whether a scope is flagged: more than the threshold, new with an amount, or gone. `None` when one side has rows that
/// do not state the metric at all, so that nothing can be said.
pub fn flags([now, before]: &[Side; 2], metric: Metric) -> Option<bool> {
    let amount = |side: &Side| match side.cell.rows() {
        0 => Some(Amount::ZERO),
        _ => side.cell.amount(metric),
    };
    let (current, previous) = (amount(now)?, amount(before)?);
    let delta = current.checked_sub(previous)?;
    // Exact, and right for the rest too: new and gone have a zero on one side, and zero is exceeded by any change.
    Some(exceeds_percent(delta, previous, THRESHOLD_PERCENT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(text: Option<&str>) -> Side {
        let mut cell = Cell::default();
        if let Some(text) = text {
            let amount = Amount::parse(text.as_bytes()).unwrap().amount;
            cell.add(&[None, Some(amount), None, None]).unwrap();
        }
        Side { cell }
    }

    #[test]
    fn the_threshold_is_strict_and_works_both_ways() {
        for (now, before, want) in [
            (Some("120"), Some("100"), false),
            (Some("120.000000000000000001"), Some("100"), true),
            (Some("80"), Some("100"), false),
            (Some("79.999999999999999999"), Some("100"), true),
            (Some("-120.01"), Some("-100"), true),
            (Some("5"), None, true),
            (Some("0"), None, false),
            (None, Some("5"), true),
            (None, Some("0"), false),
            (Some("1"), Some("0"), true),
            (Some("0"), Some("0"), false),
        ] {
            assert_eq!(flags(&[side(now), side(before)], Metric::Effective), Some(want), "{now:?} {before:?}");
        }
        assert_eq!(flags(&[side(Some("1")), side(Some("1"))], Metric::List), None);
    }
}
