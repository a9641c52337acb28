//! What the command line says of schedules.
#![expect(clippy::doc_markdown, reason = "these texts are shown on a terminal, where backticks would stand in the way")]

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::ScreenArgs;
use super::rightsize::BesideArgs;

/// Off-hours of what is not production: when it is used, when it may be off, what that would have cut.
///
/// Hours at work are learnt from four weeks of cpu, in the local time of the
/// offset. The same learning is replayed on past weeks.
///
///   $ headroom schedule usage.csv --offset +02:00 --requests requests.csv
///   $ headroom schedule usage.csv --bills exports/ --policy allocation.toml
///   $ headroom schedule usage.csv --environment staging --format kube_downscaler
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment, after_long_help = SCHEDULE_NOTES)]
pub(crate) struct ScheduleArgs {
    /// Usage: CSV or Prometheus JSON; files, directories, patterns, or - for standard input
    #[arg(value_name = "USAGE", required = true)]
    pub(crate) usage: Vec<String>,
    /// How far local time is ahead of UTC; there is no summer time in it
    #[arg(long, value_name = "+HH:MM", default_value = "Z", allow_hyphen_values = true)]
    pub(crate) offset: String,
    /// An environment to look at; repeatable [default: all that are not production]
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Vec<String>,
    /// What is requested today, for what off-hours save: requests.csv; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) requests: Vec<PathBuf>,
    /// Prices: TOML or JSON [default: those that come along]
    #[arg(long, value_name = "FILE")]
    pub(crate) assumptions: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) beside: BesideArgs,
    /// Format of the answer, or what it is for [default: table]
    #[arg(long, value_enum)]
    pub(crate) format: Option<ScheduleFormatName>,
    #[command(flatten)]
    pub(crate) screen: ScreenArgs,
}

/// What the options do not say.
const SCHEDULE_NOTES: &str = "\
Usage:
  timestamp,workload,resource,value,unit,environment, as for rightsize. Where a
  workload names no environment, the rules of --policy say it: they see its name
  as resource_id, its namespace as a tag. What is not known not to be production
  is passed over; what counts as such, [report] non_production of the policy says.

Money:
  With --bills, what a machine costs that bears the workload's name; being off
  saves its charges by the hour that no commitment covers. Else what is requested,
  at the unit_price of requests, the price of a core and a GiB by the bills, or
  what is assumed, in this order.

At work:
  An hour whose highest use is a quarter of the way from rest (the 20th
  percentile) to work (the 95th), in two weeks of four. An hour before is on to
  start in; breaks below three hours stay on; no period crosses midnight.

Exit codes:
  0 fine, 2 usage, data or I/O error";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScheduleFormatName {
    Table,
    Csv,
    Json,
    #[value(name = "kube_downscaler")]
    KubeDownscaler,
    #[value(name = "aws_scheduler")]
    AwsScheduler,
    Cron,
}
