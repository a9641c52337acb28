//! Which charges releases and events touch.

use super::daily::{LEVELS, ScopeSums, costs};
use crate::calendar::Date;
use crate::change::UNALLOCATED;
use crate::ledger::GroupKey;
use crate::release::{Bearing, Intervention, Record, Release, Releases};
use crate::report::Warning;

/// Days at the end of the history that say how large the parts of a scope are.
const RECENT: i32 = 28;

/// What a release is of.
#[derive(Clone, Debug)]
enum Target {
    Everything,
    /// Charges with a value of a dimension, by the dimension's place in a group's key; `None` is unallocated.
    Of(usize, Option<String>),
    /// Nothing that the bills hold, or it was called off.
    Nothing,
}

/// What each of the declared releases is of, in their order.
#[derive(Debug)]
pub(super) struct Targets(Vec<Target>);

impl Targets {
    /// Finds what releases are of: a scope such as `squad=payments`, or the service, else the squad, else the cloud service of
    /// that name.
    pub(super) fn of(declared: &Releases, names: &[String], keys: &[&GroupKey]) -> Self {
        let place = |level: &str| names.iter().position(|known| known == level);
        let held = |place: usize, value: &Option<String>| {
            keys.iter().any(|key| key.values.get(place).is_some_and(|held| held.as_deref() == value.as_deref()))
        };
        let target = |level: &str, value: &str| -> Option<Target> {
            let (place, value) = (place(level)?, (value != UNALLOCATED).then(|| value.to_owned()));
            held(place, &value).then_some(Target::Of(place, value))
        };
        let find = |service: &str| match service.split_once('=') {
            Some((level, value)) if levels().any(|known| known == level) => target(level, value),
            // A release is of a service before it is of a squad.
            _ => ["service", "squad", "service_name"].iter().find_map(|level| target(level, service)),
        };
        let of = |release: &Release| match &release.service {
            _ if release.cancelled => Target::Nothing,
            None => Target::Everything,
            Some(service) => find(service).unwrap_or(Target::Nothing),
        };
        Self(declared.iter().map(of).collect())
    }

    /// The places of the releases that touch the charges of a group.
    pub(super) fn touching(&self, key: &GroupKey) -> Vec<usize> {
        let touches = |target: &Target| match target {
            Target::Everything => true,
            Target::Of(place, value) => key.values.get(*place).is_some_and(|held| held.as_deref() == value.as_deref()),
            Target::Nothing => false,
        };
        self.0.iter().enumerate().filter(|(_, target)| touches(target)).map(|(place, _)| place).collect()
    }

    /// Warnings of releases that touch nothing.
    pub(super) fn warnings(&self, declared: &Releases) -> Vec<Warning> {
        let warning = |code: &str, message: String| Warning { code: code.to_owned(), message, count: 1 };
        let idle = declared.iter().zip(&self.0).filter(|(_, target)| matches!(target, Target::Nothing));
        idle.map(|(release, _)| match &release.service {
            Some(service) if !release.cancelled => warning("release_of_nothing", of_nothing(&release.name, service)),
            _ => warning("release_cancelled", format!("`{}` was called off and does not count", release.name)),
        })
        .collect()
    }
}

/// The dimensions that are forecast by.
fn levels() -> impl Iterator<Item = &'static str> {
    LEVELS.iter().filter_map(|level| level.key_name())
}

/// That what something is of is nowhere. A service that only looks like a scope would have been found.
fn of_nothing(name: &str, service: &str) -> String {
    let kind = service.split_once('=').map(|(kind, _)| kind);
    let Some(kind) = kind.filter(|kind| !levels().any(|level| level == *kind)) else {
        return format!("the bills hold nothing of `{service}`, which `{name}` is of: it does not count");
    };
    let levels: Vec<String> = levels().map(|level| format!("`{level}`")).collect();
    let levels = levels.join(", ");
    format!("`{name}` is of `{service}`, and nothing is forecast by `{kind}`, only by {levels}: it does not count")
}

/// What bears on a scope, by the parts of its last four weeks; `None` where no releases are given.
pub(super) fn bearing<'a>(declared: Option<&'a Releases>, sums: &ScopeSums, last: Date) -> Option<Bearing<'a>> {
    let declared = declared?;
    let record = Record::until(declared, last);
    let interventions: Vec<Intervention> =
        declared.iter().map(|release| Intervention::of(release, &record, last)).collect();
    let first = last.plus_days(1 - RECENT)?;
    let level = |places: &[usize], costs: &[f64]| -> f64 {
        // As if what is known to have come of a release had been there for the whole of the four weeks.
        let since = |day: i32| -> f64 {
            let known = places.iter().map(|place| &interventions[*place]).filter(|one| one.known);
            let factor = known.map(|one| {
                let (traffic, cost) = one.factors(last, day - (RECENT - 1), 1.0, 0);
                traffic * cost
            });
            factor.product()
        };
        costs.iter().zip(0..).map(|(cost, day)| cost / since(day)).sum()
    };
    let parts = sums.parts.iter().map(|(places, sums)| (places.clone(), level(places, &costs(sums, first, last))));
    Some(Bearing::of_parts(declared, parts))
}
