//! Capacity: tables in, exhaustion and order-by dates out.

use super::Failure;
use crate::capacity::{Capacity, LoadTests, MOST_DAYS, PoolUsage, Pools, Question, TableFault, Tables, Traffic, plan};
use crate::condition::document::Source;
use crate::release::{Release, Releases, what_if};

/// What answers about capacity are made from.
#[derive(Clone, Debug)]
pub struct CapacityInput<'s> {
    /// `traffic.csv`.
    pub traffic: Source<'s>,
    /// `usage.csv`.
    pub usage: Source<'s>,
    /// `capacity.csv`.
    pub capacity: Source<'s>,
    /// `releases.csv`.
    pub releases: Option<Source<'s>>,
    /// What load tests carried: `service,replicas,rps`.
    pub load_tests: Option<Source<'s>>,
    /// Releases that are only supposed, such as `2026-07-01 checkout traffic+20%`.
    pub suppose: Vec<&'s str>,
    /// What is asked.
    pub question: Question,
}

/// When services run out of capacity.
///
/// ```
/// use headroom_core::api::{CapacityInput, capacity};
/// use headroom_core::condition::document::Source;
///
/// // Eight weeks of hours: requests take a hundredth of a core each, and grow.
/// let (mut traffic, mut usage) = ("timestamp,service,rps\n".to_owned(), "timestamp,workload,resource,value\n".to_owned());
/// for hour in 0..24 * 56 {
///     let rps = 200 + hour / 4 + 10 * (hour % 24);
///     traffic += &format!("{},shop,{rps}\n", 1_777_593_600 + hour * 3600);
///     usage += &format!("{},shop,cpu,{}\n", 1_777_593_600 + hour * 3600, f64::from(rps) / 100.0);
/// }
/// let source = |name, text| Source { name, text };
/// let input = CapacityInput {
///     traffic: source("traffic.csv", &traffic),
///     usage: source("usage.csv", &usage),
///     capacity: source("capacity.csv", "service,replicas,cpu_per_replica,max_replicas,lead_time_days\nshop,5,2,6,14\n"),
///     releases: None,
///     load_tests: None,
///     suppose: Vec::new(),
///     question: Default::default(),
/// };
/// let shop = &capacity(&input).unwrap().services[0];
/// // One of six replicas may be lost; five have ten cores, of which eight may be busy: 800 requests a second.
/// assert_eq!(shop.limits[0].room.unwrap().to_string(), "8");
/// assert!(shop.exhaustion.as_ref().unwrap().p50.is_some());
/// ```
///
/// # Errors
/// The first row of a table that cannot be read, a release that is not stated, or nothing to look at.
pub fn capacity(input: &CapacityInput<'_>) -> Result<Capacity, Failure> {
    if let Some(days) = input.question.horizon_days
        && !(1..=MOST_DAYS).contains(&days)
    {
        return Err(Failure::new(format_args!("{days} days ahead are asked for"))
            .hint(format_args!("ask for 1 to {MOST_DAYS}")));
    }
    let tables = Tables {
        traffic: read(input.traffic, Traffic::parse)?,
        usage: read(input.usage, PoolUsage::parse)?,
        pools: read(input.capacity, Pools::parse)?,
        releases: match input.releases {
            Some(source) => releases(source)?,
            None => Releases::default(),
        }
        .with(supposed(&input.suppose)?),
        load_tests: input
            .load_tests
            .map_or_else(|| Ok(LoadTests::default()), |source| read(source, LoadTests::parse))?,
    };
    if tables.pools.is_empty() {
        return Err(
            Failure::at(input.capacity.name, "it holds a header and no rows").hint("give a row for each service")
        );
    }
    plan(&tables, &input.question).ok_or_else(|| {
        let failure = Failure::at(input.traffic.name, "it holds no traffic before the day of asking");
        failure.hint("give a row for each service and time, or another day")
    })
}

/// Reads a table of releases.
///
/// # Errors
/// The first row that is wrong.
pub fn releases(source: Source<'_>) -> Result<Releases, Failure> {
    read(source, Releases::parse)
}

/// What is known of the future, and of the past: tables of releases and of events, and releases that are only supposed.
#[derive(Clone, Debug, Default)]
pub struct KnownInput<'s> {
    /// `releases.csv`.
    pub releases: Option<Source<'s>>,
    /// `events.csv`.
    pub events: Option<Source<'s>>,
    /// Releases that are only supposed, such as `2026-07-01 checkout traffic+20%`.
    pub suppose: Vec<&'s str>,
}

/// Reads what is known; `None` where nothing is given.
///
/// # Errors
/// The first row that is wrong, or a release that is not stated.
pub fn known(input: &KnownInput<'_>) -> Result<Option<Releases>, Failure> {
    if input.releases.is_none() && input.events.is_none() && input.suppose.is_empty() {
        return Ok(None);
    }
    let mut all = input.releases.map_or_else(|| Ok(Releases::default()), releases)?;
    if let Some(source) = input.events {
        all = all.with(read(source, Releases::parse_events)?);
    }
    Ok(Some(all.with(supposed(&input.suppose)?)))
}

/// Releases that are only supposed.
fn supposed(texts: &[&str]) -> Result<Vec<Release>, Failure> {
    let read = |text: &&str| what_if(text).map_err(|unknown| Failure::new(&unknown).hint(unknown.hint()));
    let releases = texts.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    for (at, release) in releases.iter().enumerate() {
        if releases[..at].iter().any(|known| known.name == release.name) {
            return Err(Failure::new(format_args!("`{}` is supposed already", release.name))
                .hint("suppose each release once, or write both uplifts as one"));
        }
    }
    Ok(releases)
}

fn read<T>(source: Source<'_>, parse: impl Fn(&str) -> Result<T, TableFault>) -> Result<T, Failure> {
    parse(source.text).map_err(|fault| Failure::of_table(source.name, (fault.line, fault.column), &fault, fault.hint))
}
