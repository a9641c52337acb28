//! From tables to the document.

use super::document::{Capacity, ServiceCapacity};
use super::future::PATHS;
use super::measured::{PoolUsage, Traffic};
use super::pools::{LoadTests, Pools};
use super::room::Reserve;
use super::service::Service;
use crate::calendar::Date;
use crate::forecast::RecordShown;
use crate::release::{Record, Releases};
use crate::report::asked::LATE;

/// Days that are looked ahead where nothing is said.
pub const USUAL_DAYS: usize = 180;

/// The most days that can be looked ahead.
pub const MOST_DAYS: usize = 730;

/// What answers are made from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// What came in.
    pub traffic: Traffic,
    /// What it took.
    pub usage: PoolUsage,
    /// What there is.
    pub pools: Pools,
    /// What is known of the future, and of earlier promises.
    pub releases: Releases,
    /// What load tests carried.
    pub load_tests: LoadTests,
}

/// What is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The day of asking: what was measured on it and after it does not count. The day after the last traffic where it is
    /// not said.
    pub as_of: Option<Date>,
    /// How many days to look ahead; [`USUAL_DAYS`] where it is not said.
    pub horizon_days: Option<usize>,
    /// What pools must survive; what is usual for their zones where it is not said.
    pub reserve: Option<Reserve>,
}

/// When services run out; `None` where no traffic was measured before the day of asking.
pub fn plan(tables: &Tables, question: &Question) -> Option<Capacity> {
    const DAY: i64 = 86_400;
    let asked = question.as_of.map_or(i64::MAX, |day| i64::from(day.days_since_epoch()) * DAY);
    let last =
        |samples: &super::measured::Samples| samples.range(..asked).next_back().map(|(at, _)| at.div_euclid(DAY));
    let last = tables.traffic.0.values().filter_map(last).max()?;
    let as_of = question.as_of.or_else(|| Date::new(1970, 1, 1)?.plus_days(last as i32 + 1))?;
    let horizon_days = question.horizon_days.unwrap_or(USUAL_DAYS).clamp(1, MOST_DAYS);
    let record = Record::until(&tables.releases, as_of.plus_days(-1).unwrap_or(as_of));
    let services = tables.pools.pools.iter().map(|(name, pool)| {
        Service { name, pool, tables, record: &record, as_of, horizon_days, reserve: question.reserve }.judge()
    });
    let services: Vec<ServiceCapacity> = services.collect();
    let mut warnings = Vec::new();
    for name in tables.traffic.services().filter(|name| !tables.pools.pools.contains_key(*name)) {
        warnings.push(format!("`{name}` has traffic and is not in the table of capacity"));
    }
    for release in tables.releases.iter() {
        if let Some(service) = &release.service
            && !tables.pools.pools.contains_key(service)
        {
            warnings.push(format!("`{}` is of `{service}`, which is not in the table of capacity", release.name));
        }
    }
    for release in tables.releases.iter().filter(|release| release.supposed && release.date < as_of) {
        let (name, date) = (&release.name, release.date);
        warnings.push(format!(
            "`{name}` is supposed on {date}, before {as_of}: it is taken as coming on the first day ahead"
        ));
    }
    // What nobody measured yet changes no date, and should not look as if it were counted.
    for release in tables.releases.iter().filter(|release| release.actual.is_none()) {
        let out = |service: &ServiceCapacity| {
            service
                .releases
                .iter()
                .any(|shown| (&shown.name, shown.date, shown.state) == (&release.name, release.date, "out"))
        };
        if (release.traffic != 0.0 || release.cost != 0.0) && services.iter().any(out) {
            let (name, date) = (&release.name, release.date);
            warnings
                .push(format!("what came of `{name}` is not known: what it did since {date} is left in the history"));
        }
    }
    for name in tables.load_tests.0.keys().filter(|name| !tables.pools.pools.contains_key(*name)) {
        warnings.push(format!("`{name}` has load tests and is not in the table of capacity"));
    }
    let stale = i64::from(as_of.days_since_epoch()) - 1 - last;
    if stale > i64::from(LATE) {
        warnings.push(format!("traffic ends {stale} days before {as_of}: dates are made from what was known then"));
    }
    Some(Capacity {
        schema: "headroom/capacity/1",
        as_of,
        horizon_days,
        paths: PATHS,
        currency: tables.pools.currency.clone(),
        record: RecordShown::of(&record),
        services,
        warnings,
    })
}
