//! What is declared: releases and events, each of some service or scope.

use crate::calendar::Date;

use super::effect::Effect;

/// What somebody declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A release: what came of earlier ones says what a new one is worth.
    #[default]
    Release,
    /// An event, such as a sale or a move: taken as it is said.
    Event,
}

/// A release or an event, as it was declared.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// Which of the two.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The day it is out.
    pub date: Date,
    /// The service it is of, or the scope, such as `squad=payments`; `None` for everything.
    pub service: Option<String>,
    /// What it adds to traffic, as a share: 0.2 for 20 %.
    pub traffic: f64,
    /// What it adds to the use of each request, as a share. What an event adds stands here.
    pub cost: f64,
    /// How sure that is, from 0 to 1: the uplift that comes is off by a standard deviation of 1 less this, of itself.
    pub confidence: f64,
    /// How many days later it may come; every day from none to so many is as likely.
    pub slip_days: u32,
    /// What came of it, where that is known: of traffic, or of each request's use where no traffic was declared.
    pub actual: Option<f64>,
    /// How the uplift comes about.
    pub effect: Effect,
    /// Whether it is only supposed: such a one is taken as it is said, whatever came of others.
    pub supposed: bool,
    /// Whether it was called off: it is known of, and does nothing.
    pub cancelled: bool,
}

/// Releases and events, by name and date.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Releases(Vec<Release>);

impl Releases {
    /// These releases.
    pub fn of(mut releases: Vec<Release>) -> Self {
        releases.sort_by(|a, b| (&a.name, &a.service, a.date, a.kind).cmp(&(&b.name, &b.service, b.date, b.kind)));
        Self(releases)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Release> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of a service, by name, but for such as were called off.
    pub fn of_service(&self, service: &str) -> Vec<&Release> {
        let of = |release: &&Release| release.service.as_deref().is_none_or(|named| named == service);
        self.0.iter().filter(|release| !release.cancelled).filter(of).collect()
    }

    /// As they were known on a day: what is only supposed was not, and what came of a release is known four weeks after it
    /// was out.
    #[must_use]
    pub fn known_on(&self, day: Date) -> Self {
        let known = |release: &Release| {
            let told = release.date.plus_days(28).is_some_and(|told| told <= day);
            Release { actual: release.actual.filter(|_| told), ..release.clone() }
        };
        Self(self.0.iter().filter(|release| !release.supposed).map(known).collect())
    }

    /// These and more.
    #[must_use]
    pub fn with(self, more: impl IntoIterator<Item = Release>) -> Self {
        Self::of(self.0.into_iter().chain(more).collect())
    }
}

impl IntoIterator for Releases {
    type Item = Release;
    type IntoIter = std::vec::IntoIter<Release>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
