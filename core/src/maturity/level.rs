//! The level that criteria make: the highest stage of which, and of all below it, nothing fails.

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
    criteria.sort_unstable();
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
}
