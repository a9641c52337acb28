//! What the command line says of capacity.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use headroom_core::api::ExhaustionWithin;
use headroom_core::calendar::Date;

use super::TableArgs;

/// Is there room: when services run out, before and after a release, and when to order more.
///
/// The daily peak of traffic is forecast; what it takes is fitted to recent busy
/// hours; what a pool carries follows from its queue, from the zone or replica
/// that may be lost, and from load tests. Simulated paths give the dates.
///
///   $ headroom capacity --traffic traffic.csv --usage usage.csv --capacity capacity.csv
///   $ headroom capacity … --releases releases.csv --fail-on exhaustion=30d
///   $ headroom capacity … --release "2026-07-01 checkout traffic+20%"
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment, after_long_help = CAPACITY_NOTES)]
pub(crate) struct CapacityArgs {
    /// What came in: CSV with the header timestamp,service,rps
    #[arg(long, value_name = "CSV")]
    pub(crate) traffic: PathBuf,
    /// What it took: CSV with the header timestamp,workload,resource,value,unit
    #[arg(long, value_name = "CSV")]
    pub(crate) usage: PathBuf,
    /// What there is: CSV, a row for each service
    #[arg(long, value_name = "CSV")]
    pub(crate) capacity: PathBuf,
    /// What is to come, and what came of earlier releases: CSV
    #[arg(long, value_name = "CSV")]
    pub(crate) releases: Option<PathBuf>,
    /// What load tests carried: CSV with the header service,replicas,rps
    #[arg(long, value_name = "CSV")]
    pub(crate) load_tests: Option<PathBuf>,
    /// Suppose a release, such as "2026-07-01 checkout traffic+20% cost-5%"; repeatable
    #[arg(long = "release", value_name = "RELEASE")]
    pub(crate) suppose: Vec<String>,
    /// How many days to look ahead [default: 180]
    #[arg(long, value_name = "DAYS")]
    pub(crate) horizon_days: Option<usize>,
    /// What pools must survive [default: a zone where there are several, else a replica]
    #[arg(long, value_enum)]
    pub(crate) reserve: Option<ReserveName>,
    /// The day of asking [default: the day after the last traffic]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<Date>,
    /// Exit with 1 where 10 % of the paths run out within so many days, such as exhaustion=30d, or nobody can tell
    #[arg(long, value_name = "FINDING", value_parser = finding)]
    pub(crate) fail_on: Option<ExhaustionWithin>,
    /// Show every week and every service in full
    #[arg(long)]
    pub(crate) full: bool,
    #[command(flatten)]
    pub(crate) table: TableArgs,
}

/// What the options do not say.
const CAPACITY_NOTES: &str = "\
Tables:
  traffic   timestamp,service,rps
  usage     timestamp,workload,resource,value,unit and if wanted
            replicas,service: cpu and memory at the times of the traffic. Where
            replicas are counted a value is of one of them, else rows add up
  capacity  service,replicas,cpu_per_replica,mem_per_replica,zones,
            max_replicas,lead_time_days and if wanted response_target (mean
            response in times of service, 2 where not said),
            price_per_replica_month,currency
  releases  name,date,service,traffic_uplift_pct,cost_uplift_pct,confidence,
            date_slip_days and if wanted actual_uplift_pct,shape,shape_days.
            Cost is the use of each request. Confidence is low, medium, high or
            0 to 1; a shape is step, ramp or decay

CSV columns:
  service, week, peak_p50, peak_p90, replicas_p50, replicas_p90, replicas,
  max_replicas, exhaustion_p10, exhaustion_p50, exhaustion_p90, order_by,
  binding

Exit codes:
  0 fine, 1 the finding of --fail-on holds, 2 usage, data or I/O error";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReserveName {
    Zone,
    Replica,
    None,
}

fn finding(text: &str) -> Result<ExhaustionWithin, String> {
    text.parse().map_err(|_| "write it as exhaustion=30d".to_owned())
}
