//! The document `headroom/capacity/1`.

use serde::Serialize;

use super::backtest::CapacityBacktest;
use super::room::{Limit, Reserve};
use crate::calendar::Date;
use crate::forecast::{Figure, Ratio, RecordShown, Refused, ReleaseShown, SeriesForecast};
use crate::money::{Amount, Currency};

/// When services run out of capacity.
#[derive(Clone, Debug, Serialize)]
pub struct Capacity {
    /// `headroom/capacity/1`.
    pub schema: &'static str,
    /// The day of asking.
    pub as_of: Date,
    /// How many days ahead are looked at; fewer where a history is shorter.
    pub horizon_days: usize,
    /// Simulated paths of each service.
    pub paths: usize,
    /// The currency of prices, where any are given.
    pub currency: Option<Currency>,
    /// What came of earlier releases.
    pub record: RecordShown,
    /// By name.
    pub services: Vec<ServiceCapacity>,
    /// What a reader of the figures alone would miss.
    pub warnings: Vec<String>,
}

/// One service.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceCapacity {
    /// Its name.
    pub service: String,
    /// How many replicas run.
    pub replicas: u32,
    /// How many there can be.
    pub max_replicas: u32,
    /// Zones they are spread over.
    pub zones: u32,
    /// What the pool must survive.
    pub reserve: Reserve,
    /// The mean response time aimed at, in times of service.
    pub response_target: Ratio,
    /// The highest traffic of the last seven measured days, in requests a second.
    pub peak: Option<Figure>,
    /// What bounds it.
    pub limits: Vec<LimitShown>,
    /// When it runs out, by simulated paths.
    pub exhaustion: Option<Exhaustion>,
    /// The limit that most of the paths which meet one meet first; where none does, that which leaves least room.
    pub binding: Option<Limit>,
    /// In what percentage of those paths.
    pub binding_share: Option<Ratio>,
    /// Days from ordering to having.
    pub lead_time_days: u32,
    /// The last day to order on: the exhaustion of P10 less that time.
    pub order_by: Option<Date>,
    /// Weeks ahead; the last ends with the horizon, whole or not.
    pub weeks: Vec<WeekAhead>,
    /// What more replicas would be needed within the horizon, and cost.
    pub more: Option<More>,
    /// By how much what traffic takes grows to the end of the horizon, and whose growth that is.
    pub growth: Option<Growth>,
    /// Releases that bear on it.
    pub releases: Vec<ReleaseShown>,
    /// What would change the answer.
    pub changes: Vec<Change>,
    /// The daily peak of traffic: what was, what is expected without releases to come, and how such forecasts did.
    pub traffic: Option<SeriesForecast>,
    /// How the simulated paths, releases and all, met daily peaks 1 to 30, 31 to 60 and 61 to 90 days ahead; fewer where traffic
    /// does not go back far enough.
    pub backtest: Vec<CapacityBacktest>,
    /// What a reader of the figures alone would miss.
    pub notes: Vec<String>,
    /// Why there is no date.
    pub refused: Option<Refused>,
}

/// A limit: what traffic takes, and what there is.
#[derive(Clone, Debug, Serialize)]
pub struct LimitShown {
    /// Which.
    pub limit: Limit,
    /// `cores`, `MiB`, `requests a second`.
    pub unit: &'static str,
    /// What the pool uses without traffic.
    pub fixed: Option<Figure>,
    /// What each request a second takes.
    pub per_request: Option<Figure>,
    /// How many samples of busy hours say so.
    pub samples: usize,
    /// On how many days.
    pub days: usize,
    /// What such a fit missed of the last week's use, in percent.
    pub missed: Option<Ratio>,
    /// By how much what a request takes changed in four weeks, in percent, where that shows.
    pub drift: Option<Ratio>,
    /// The share of the time that what is left after a loss may be busy, in percent.
    pub ceiling: Option<Ratio>,
    /// Why so much.
    pub why: String,
    /// What traffic may take of all replicas that there can be, after the loss that is planned for; below 0 where what they use
    /// without traffic is over already.
    pub room: Option<Figure>,
    /// What the last seven days' peak takes.
    pub taken: Option<Figure>,
    /// Why it does not count.
    pub refused: Option<Refused>,
}

/// When a pool runs out: the days by which 10, 50 and 90 % of the paths have met a limit; null where they have not within
/// the horizon.
#[derive(Clone, Debug, Serialize)]
pub struct Exhaustion {
    /// Of 10 %.
    pub p10: Option<Date>,
    /// Of 50 %.
    pub p50: Option<Date>,
    /// Of 90 %.
    pub p90: Option<Date>,
    /// The percentage of paths that meet it within the horizon.
    pub chance: Ratio,
    /// The last day of the horizon.
    pub through: Date,
}

/// A week.
#[derive(Clone, Debug, Serialize)]
pub struct WeekAhead {
    /// Its first day.
    pub from: Date,
    /// The peak that half of the paths stay below, in requests a second.
    pub peak_p50: Figure,
    /// The peak that 90 % stay below.
    pub peak_p90: Figure,
    /// Replicas that are enough on half of the paths; null where no number is.
    pub replicas_p50: Option<u32>,
    /// Replicas that are enough on 90 %.
    pub replicas_p90: Option<u32>,
}

/// Replicas beyond those of today.
#[derive(Clone, Debug, Serialize)]
pub struct More {
    /// Enough on half of the paths, through the horizon.
    pub replicas_p50: Option<u32>,
    /// Enough on 90 %.
    pub replicas_p90: Option<u32>,
    /// What the former cost a month.
    pub cost_month_p50: Option<Amount>,
    /// What the latter cost a month.
    pub cost_month_p90: Option<Amount>,
}

/// Growth of what traffic takes.
#[derive(Clone, Debug, Serialize)]
pub struct Growth {
    /// In percent, from the last seven days to the last of the horizon.
    pub percent: Ratio,
    /// Organic growth, then releases by name. Growths multiply; shares are of their logarithms and add up to 100.
    pub parts: Vec<GrowthPart>,
}

/// A part of growth.
#[derive(Clone, Debug, Serialize)]
pub struct GrowthPart {
    /// `organic`, or the release.
    pub name: String,
    /// In percent.
    pub percent: Ratio,
    /// Its share in percent; null where nothing grows.
    pub share: Option<Ratio>,
}

/// Something else, and the dates it would give.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// What.
    pub change: String,
    /// The exhaustion of 10 % of the paths.
    pub p10: Option<Date>,
    /// The exhaustion of half of them.
    pub p50: Option<Date>,
    /// Days that P10 comes later; null where it goes beyond the horizon, or comes from there.
    pub days: Option<i64>,
}

/// The weeks as CSV: `service,week,peak_p50,peak_p90,replicas_p50,replicas_p90,replicas,max_replicas,exhaustion_p10,
/// exhaustion_p50,exhaustion_p90,order_by,binding`. A service without a date has one row, without a week.
pub fn capacity_csv(document: &Capacity) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record([
        "service",
        "week",
        "peak_p50",
        "peak_p90",
        "replicas_p50",
        "replicas_p90",
        "replicas",
        "max_replicas",
        "exhaustion_p10",
        "exhaustion_p50",
        "exhaustion_p90",
        "order_by",
        "binding",
    ]);
    let date = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    let count = |count: Option<u32>| count.map_or_else(String::new, |count| count.to_string());
    for service in &document.services {
        let exhaustion = service.exhaustion.as_ref();
        let tail = [
            service.replicas.to_string(),
            service.max_replicas.to_string(),
            date(exhaustion.and_then(|all| all.p10)),
            date(exhaustion.and_then(|all| all.p50)),
            date(exhaustion.and_then(|all| all.p90)),
            date(service.order_by),
            service.binding.map_or_else(String::new, |limit| limit.name().to_owned()),
        ];
        let mut write = |head: [String; 5]| {
            let row = [service.service.clone()].into_iter().chain(head).chain(tail.clone());
            let _ = writer.write_record(row);
        };
        if service.weeks.is_empty() {
            write(std::array::from_fn(|_| String::new()));
        }
        for week in &service.weeks {
            write([
                week.from.to_string(),
                week.peak_p50.to_string(),
                week.peak_p90.to_string(),
                count(week.replicas_p50),
                count(week.replicas_p90),
            ]);
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
