//! What comes of a condition over the values of an input.

use std::cmp::Ordering;

use super::gate::{Asked, Bounds};
use super::input::{Found, Values};
use super::number::compare;
use crate::money::Amount;

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    Yes,
    No,
    /// Something it asks of is not there.
    Unknown,
    /// Something it asks of cannot be what it is.
    Error,
}

impl Came {
    pub(super) fn of(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }
}

/// How many of the values at a path with `*` must be as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// Each: what is required is required of every item.
    Every,
    /// One: a gate applies as soon as one item calls for it.
    Some,
}

impl Over {
    /// Not every item is so, when one is not: `not` turns the two around.
    fn turned(self) -> Self {
        match self {
            Self::Every => Self::Some,
            Self::Some => Self::Every,
        }
    }

    pub(super) fn join(self, a: Came, b: Came) -> Came {
        let rank = |came: Came| match (came, self) {
            (Came::Yes, Self::Every) | (Came::No, Self::Some) => 0,
            (Came::Unknown, _) => 1,
            (Came::No, Self::Every) | (Came::Yes, Self::Some) => 2,
            (Came::Error, _) => 3,
        };
        if rank(b) > rank(a) { b } else { a }
    }

    /// What came of all values together; nothing where there are none.
    fn all(self, each: impl Iterator<Item = Came>) -> Option<Came> {
        each.reduce(|a, b| self.join(a, b))
    }
}

/// Whether something that a gate's `when` asks for is there and as asked.
pub(super) fn some_holds(condition: &Asked, values: &Values<'_>) -> bool {
    some_holds_over(condition, values, Over::Some)
}

fn some_holds_over(condition: &Asked, values: &Values<'_>, over: Over) -> bool {
    match condition {
        Asked::All(parts) | Asked::Any(parts) => parts.iter().any(|part| some_holds_over(part, values, over)),
        Asked::Not(part) => !matches!(asked(part, values, over.turned()), Came::Unknown),
        Asked::In(_, part) => some_holds_over(part, values, over),
        Asked::Absent(_) => false,
        check => asked(check, values, over) == Came::Yes,
    }
}

/// An error is an error whatever else holds; a miss is a miss whatever else is unknown.
pub(super) fn asked(condition: &Asked, values: &Values<'_>, over: Over) -> Came {
    let join = |parts: &[Asked], decides: Came, otherwise: Came| {
        let (mut error, mut decided, mut unknown) = (false, false, false);
        for part in parts {
            let came = asked(part, values, over);
            error |= came == Came::Error;
            unknown |= came == Came::Unknown;
            decided |= came == decides;
        }
        match (error, decided, unknown) {
            (true, ..) => Came::Error,
            (_, true, _) => decides,
            (_, _, true) => Came::Unknown,
            _ => otherwise,
        }
    };
    let each = |slot: usize, ask: &dyn Fn(&Found<'_>) -> Came| {
        let one = |found: &Found<'_>| if found.is_blank() { Came::Unknown } else { ask(found) };
        over.all(values.at(slot).map(one)).unwrap_or(Came::Unknown)
    };
    match condition {
        Asked::All(parts) => join(parts, Came::No, Came::Yes),
        Asked::Any(parts) => join(parts, Came::Yes, Came::No),
        Asked::Not(part) => match asked(part, values, over.turned()) {
            Came::Yes => Came::No,
            Came::No => Came::Yes,
            other => other,
        },
        Asked::In(_, part) => asked(part, values, over),
        Asked::Present(slot) => {
            over.all(values.at(*slot).map(|found| Came::of(found.says_something()))).unwrap_or(Came::No)
        }
        Asked::Absent(slot) => over.all(values.at(*slot).map(|found| Came::of(found.is_blank()))).unwrap_or(Came::Yes),
        Asked::Truth(slot, truth) => each(*slot, &|found| match found {
            Found::Truth(held) => Came::of(held == truth),
            _ => Came::Error,
        }),
        Asked::Text(slot, test) => each(*slot, &|found| match found.text() {
            Some(value) => Came::of(test.matches(value)),
            None => Came::Error,
        }),
        Asked::Numbers(slot, numbers) => each(*slot, &|found| match found.number() {
            Ok(number) => Came::of(numbers.contains(&number)),
            Err(_) => Came::Error,
        }),
        Asked::Range(slot, bounds) => range(values, *slot, bounds, over),
    }
}

fn range(values: &Values<'_>, slot: usize, bounds: &Bounds, over: Over) -> Came {
    let one = |found: &Found<'_>, factor: Option<&Found<'_>>| {
        if found.is_blank() || factor.is_some_and(Found::is_blank) {
            return Came::Unknown;
        }
        match (found.number(), factor.map(Found::number)) {
            (Ok(number), None) => within(number, None, bounds),
            // Below 0 a factor would turn the bounds around.
            (Ok(number), Some(Ok(factor))) if factor >= Amount::ZERO => within(number, Some(factor), bounds),
            _ => Came::Error,
        }
    };
    let Some(other) = bounds.times else {
        return over.all(values.at(slot).map(|found| one(found, None))).unwrap_or(Came::Unknown);
    };
    let (own, others) = (values.at(slot).count(), values.at(other).count());
    match (own, others) {
        (0, _) | (_, 0) => Came::Unknown,
        (own, others) if others != 1 && others != own => Came::Error,
        // One factor is everybody's; several are each item's own.
        _ => {
            let factors = values.at(other).cycle();
            let pairs = values.at(slot).zip(factors).map(|(found, factor)| one(found, Some(factor)));
            over.all(pairs).unwrap_or(Came::Unknown)
        }
    }
}

fn within(number: Amount, factor: Option<Amount>, bounds: &Bounds) -> Came {
    let holds = |bound: Option<Amount>, fits: fn(Ordering) -> bool| {
        bound.is_none_or(|bound| fits(compare(number, bound, factor)))
    };
    Came::of(
        holds(bounds.min, Ordering::is_ge)
            && holds(bounds.max, Ordering::is_le)
            && holds(bounds.above, Ordering::is_gt)
            && holds(bounds.below, Ordering::is_lt),
    )
}
