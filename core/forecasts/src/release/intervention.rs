//! A release as a series meets it: an intervention (Box and Tiao 1975) whose size is a promise.

use super::declared::Release;
use super::effect::Effect;
use super::luck::{normal, uniform};
use super::record::{Promise, Record};
use crate::calendar::Date;

/// A release or an event as a series meets it.
#[derive(Clone, Debug)]
pub struct Intervention {
    /// What it is called.
    pub name: String,
    /// The day it is to come, or came.
    pub date: Date,
    /// How much is expected of it.
    pub promise: Promise,
    /// Days by which it may be late.
    pub slip_days: u32,
    /// What it does day by day.
    pub effect: Effect,
    /// Whether it is out already: of its uplift only what is still to come, or to go, changes anything.
    pub out: bool,
    /// Whether what came of it is known.
    pub known: bool,
}

impl Intervention {
    /// What is expected of a release after the last measured day, or what came of it where that is known.
    pub fn of(release: &Release, record: &Record, last: Date) -> Self {
        let out = release.date <= last && !release.supposed;
        let actual = release.actual.filter(|_| out);
        let promise = match actual {
            Some(actual) if release.traffic != 0.0 => Promise { traffic: actual, cost: release.cost, spread: 0.0 },
            Some(actual) => Promise { traffic: 0.0, cost: actual, spread: 0.0 },
            None => record.promise(release),
        };
        Self {
            name: release.name.clone(),
            date: release.date,
            promise,
            slip_days: release.slip_days,
            effect: release.effect,
            out,
            known: actual.is_some(),
        }
    }

    /// What a path draws of it, by the number of the path and its place: the uplift, as a multiple of what is expected, and
    /// how many days late it comes.
    pub fn draw(&self, path: usize, place: usize) -> (f64, i32) {
        let times = (1.0 + self.promise.spread * normal(path, place as u64, 0)).max(0.0);
        let slip = uniform(path, place as u64, 2) * f64::from(self.slip_days + 1);
        (times, slip as i32)
    }

    /// Its uplifts of traffic and of a request's use, where they are `times` what is expected.
    pub fn uplifts(&self, times: f64) -> [f64; 2] {
        [self.promise.traffic, self.promise.cost].map(|uplift| (uplift * times).max(-0.95))
    }

    /// The factors of traffic and of a request's use, so many days after the last measured one, where the uplift is `times`
    /// what is expected and comes `slip` days late.
    pub fn factors(&self, last: Date, ahead: i32, times: f64, slip: i32) -> (f64, f64) {
        self.drawn(last, times, slip).factors(ahead)
    }

    /// The same for all days after the last measured one.
    pub fn drawn(&self, last: Date, times: f64, slip: i32) -> Drawn {
        let after = last.days_since_epoch() - self.date.days_since_epoch();
        let seen = if self.out { self.effect.share(after) } else { 0.0 };
        let uplifts = self.uplifts(times);
        let before = uplifts.map(|uplift| 1.0 + uplift * seen);
        Drawn { uplifts, before, after: after - if self.out { 0 } else { slip }, effect: self.effect }
    }

    /// The factor of both together, so many days ahead, as expected and half of the slip late.
    pub fn expected(&self, last: Date, ahead: i32) -> f64 {
        let (traffic, cost) = self.factors(last, ahead, 1.0, (self.slip_days / 2) as i32);
        traffic * cost
    }
}

/// A release of which the size and the day are settled.
#[derive(Clone, Copy, Debug)]
pub struct Drawn {
    /// Of traffic and of a request's use.
    uplifts: [f64; 2],
    /// What the last measured day already has of each, as a factor.
    before: [f64; 2],
    /// Days from the release to the last measured day.
    after: i32,
    effect: Effect,
}

impl Drawn {
    /// The factors of traffic and of a request's use, so many days after the last measured one.
    pub fn factors(&self, ahead: i32) -> (f64, f64) {
        let share = self.effect.share(self.after + ahead);
        let ([traffic, cost], [traffic_before, cost_before]) = (self.uplifts, self.before);
        ((1.0 + traffic * share) / traffic_before, (1.0 + cost * share) / cost_before)
    }
}
