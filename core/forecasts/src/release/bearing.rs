//! Which releases touch a series, and how much of it.

use serde::{Deserialize, Serialize};

use super::declared::{Kind, Release, Releases};

/// What a series measures, and so which uplifts change it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Cost or use: what requests take, which both uplifts change.
    #[default]
    Cost,
    /// Requests themselves, which the uplift of traffic changes, and that of each request does not.
    Traffic,
}

/// The releases and events that touch a series.
#[derive(Clone, Debug)]
pub struct Bearing<'a> {
    /// Everything that was declared, for what came of it.
    pub(super) declared: &'a Releases,
    /// Those that touch any of the series, by name.
    pub(super) touching: Vec<&'a Release>,
    /// The parts of the series by which of them touch it, each with its share of the level at the end; shares add up to 1.
    pub(super) parts: Vec<(f64, Vec<usize>)>,
    /// What the series measures.
    pub(super) measure: Measure,
}

/// Whether a release of a service touches a series: one that is named like it, or like it and a dot, slash or colon before
/// whatever is measured, such as `checkout.requests`.
pub fn names_series(service: &str, series: &str) -> bool {
    series.strip_prefix(service).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/', ':']))
}

impl<'a> Bearing<'a> {
    /// Of releases on a series, by its name.
    pub fn of_series(declared: &'a Releases, measure: Measure, series: &str) -> Self {
        Self::whole(declared, measure, |release| {
            release.service.as_deref().is_none_or(|service| names_series(service, series))
        })
    }

    /// Of releases that touch all of a series.
    pub fn whole(declared: &'a Releases, measure: Measure, touches: impl Fn(&Release) -> bool) -> Self {
        let touching: Vec<&Release> =
            declared.iter().filter(|release| !release.cancelled && touches(release)).collect();
        let all = (0..touching.len()).collect();
        Self { declared, touching, parts: vec![(1.0, all)], measure }
    }

    /// Of releases that touch parts of a series: the level of each part at the end, by the places of those that touch it
    /// among all that were declared. What is not above 0 has no part.
    pub fn of_parts(declared: &'a Releases, levels: impl IntoIterator<Item = (Vec<usize>, f64)>) -> Self {
        let levels: Vec<(Vec<usize>, f64)> = levels.into_iter().filter(|(_, level)| *level > 0.0).collect();
        let sum: f64 = levels.iter().map(|(_, level)| level).sum();
        let touched = |place: &usize| levels.iter().any(|(places, _)| places.contains(place));
        let all: Vec<(usize, &Release)> = declared.iter().enumerate().filter(|(place, _)| touched(place)).collect();
        let renumbered = |places: &[usize]| -> Vec<usize> {
            places.iter().filter_map(|place| all.iter().position(|(known, _)| known == place)).collect()
        };
        let parts = levels.iter().map(|(places, level)| (level / sum, renumbered(places))).collect();
        Self { declared, touching: all.iter().map(|(_, release)| *release).collect(), parts, measure: Measure::Cost }
    }

    /// Whether nothing touches it.
    pub fn is_idle(&self) -> bool {
        self.touching.is_empty()
    }

    /// What the series measures.
    pub fn measure(&self) -> Measure {
        self.measure
    }

    /// A release as it changes what is measured.
    pub(super) fn measured(&self, release: &Release) -> Release {
        let mut measured = release.clone();
        // What an event adds is of whatever is measured.
        if self.measure == Measure::Traffic && release.kind == Kind::Release {
            measured.cost = 0.0;
            measured.actual = release.actual.filter(|_| release.traffic != 0.0);
        }
        measured
    }
}
