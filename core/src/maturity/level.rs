//! The level that criteria make: the highest stage of which, and of all below it, nothing fails.

use crate::order::Order as _;

/// How a criterion stands to its stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// It is not known.
    Open,
    /// It does not apply.
    Absent,
}

/// A level that is certain, and one that unknowns leave possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// Unknown counts as failing.
    pub confirmed: u8,
    /// Unknown counts as holding.
    pub potential: u8,
}

/// The levels that criteria with these stages and standings make.
///
/// A stage to which nothing applies is passed over: it holds nothing back, and cannot be the level reached, so that
/// nothing is reached by having nothing.
pub fn level_of(floor: u8, criteria: impl IntoIterator<Item = (u8, Standing)>) -> Reached {
    let mut criteria: Vec<(u8, Standing)> =
        criteria.into_iter().filter(|(stage, standing)| *stage > floor && *standing != Standing::Absent).collect();
    criteria.order();
    let climb = |holds: &dyn Fn(Standing) -> bool| {
        let mut reached = floor;
        for stage in criteria.chunk_by(|a, b| a.0 == b.0) {
            if !stage.iter().all(|(_, standing)| holds(*standing)) {
                break;
            }
            reached = stage.first().map_or(reached, |(ordinal, _)| *ordinal);
        }
        reached
    };
    Reached {
        confirmed: climb(&|standing| standing == Standing::Holds),
        potential: climb(&|standing| matches!(standing, Standing::Holds | Standing::Open)),
    }
}

/// The levels that criteria leave to the whole: those below the first of them that does not hold, among `ordinals`.
///
/// `None` where nothing is open: what holds, or does not apply, holds nothing down. Unlike [`level_of`] it does not ask
/// that there be a criterion at each level: a practice of which only level 3 asks anything holds nothing below it down.
pub(super) fn held_down(
    floor: u8,
    ordinals: &[u8],
    criteria: impl IntoIterator<Item = (u8, Standing)>,
) -> Option<Reached> {
    let (mut fails, mut open) = (None::<u8>, None::<u8>);
    for (stage, standing) in criteria {
        let first = match standing {
            Standing::Fails => &mut fails,
            Standing::Open => &mut open,
            Standing::Holds | Standing::Absent => continue,
        };
        *first = Some(first.map_or(stage, |known| known.min(stage)));
    }
    let top = ordinals.iter().copied().max().unwrap_or(floor);
    let below = |stage: Option<u8>| match stage {
        Some(stage) => ordinals.iter().copied().filter(|ordinal| *ordinal < stage).max().unwrap_or(floor).max(floor),
        None => top,
    };
    let first = fails.into_iter().chain(open).min()?;
    Some(Reached { confirmed: below(Some(first)), potential: below(fails) })
}

#[cfg(test)]
mod tests {
    use super::Standing::{Absent, Fails, Holds, Open};
    use super::*;

    #[test]
    fn one_miss_holds_back_and_nothing_is_reached_by_having_nothing() {
        for (criteria, want) in [
            (vec![], (1, 1)),
            (vec![(2, Holds), (3, Holds)], (3, 3)),
            (vec![(2, Holds), (2, Fails), (3, Holds)], (1, 1)),
            (vec![(2, Open), (3, Holds)], (1, 3)),
            (vec![(2, Holds), (3, Open), (4, Fails)], (2, 3)),
            (vec![(2, Absent), (3, Holds)], (3, 3)),
            (vec![(2, Holds), (3, Absent)], (2, 2)),
            (vec![(2, Absent), (3, Absent)], (1, 1)),
            (vec![(3, Holds), (2, Fails)], (1, 1)),
        ] {
            let reached = level_of(1, criteria.clone());
            assert_eq!((reached.confirmed, reached.potential), want, "{criteria:?}");
        }
    }

    #[test]
    fn what_holds_or_does_not_apply_holds_nothing_down() {
        for (criteria, want) in [
            (vec![], None),
            (vec![(3, Holds)], None),
            (vec![(2, Holds), (3, Absent)], None),
            (vec![(3, Fails)], Some((2, 2))),
            (vec![(3, Open)], Some((2, 3))),
            (vec![(2, Open), (3, Fails)], Some((1, 2))),
            (vec![(1, Fails), (3, Open)], Some((1, 1))),
        ] {
            let held = held_down(1, &[1, 2, 3], criteria.clone());
            assert_eq!(held.map(|held| (held.confirmed, held.potential)), want, "{criteria:?}");
        }
    }
}
