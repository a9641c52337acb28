//! What the command line says of sizes.
#![expect(clippy::doc_markdown, reason = "these texts are shown on a terminal, where backticks would stand in the way")]

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use headroom_core::calendar::{Date, Month};

use super::{MetricName, OverlapName, PolicyArgs, ScreenArgs};

/// The right requests and limits: what is reserved and not needed, what is needed and not reserved.
///
/// Each size is replayed on past weeks, as it would have been advised then. It
/// balances what the reserve costs against what running above it costs.
///
///   $ headroom rightsize usage.csv --requests requests.csv
///   $ headroom rightsize usage/*.csv.gz --profile safe --format kubernetes
///   $ headroom rightsize query_range.json --strategy krr --format csv
///   $ headroom rightsize usage.csv --requests requests.csv --bills exports/
///   $ headroom rightsize --idle --bills exports/ --policy allocation.toml
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment, after_long_help = RIGHTSIZE_NOTES)]
pub(crate) struct RightsizeArgs {
    /// Usage: CSV or Prometheus JSON; files, directories, patterns, or - for standard input
    #[arg(value_name = "USAGE", required_unless_present = "idle")]
    pub(crate) usage: Vec<String>,
    /// What is requested today: requests.csv; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) requests: Vec<PathBuf>,
    /// Prices, what risk is worth, when a move pays: TOML or JSON [default: those that come along]
    #[arg(long, value_name = "FILE")]
    pub(crate) assumptions: Option<PathBuf>,
    /// How much risk is taken for how much reserve
    #[arg(long, value_enum, default_value_t = ProfileName::Balanced)]
    pub(crate) profile: ProfileName,
    /// Who decides: Headroom's balance, or another tool's rule for comparison
    #[arg(long, value_enum, default_value_t = StrategyName::Balance)]
    pub(crate) strategy: StrategyName,
    #[command(flatten)]
    pub(crate) idle: IdleArgs,
    #[command(flatten)]
    pub(crate) beside: BesideArgs,
    /// List every workload, those that stay as they are too
    #[arg(long)]
    pub(crate) full: bool,
    /// Threads to work with [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Format of the answer, or of a patch to apply [default: table]
    #[arg(long, value_enum)]
    pub(crate) format: Option<SizeFormatName>,
    #[command(flatten)]
    pub(crate) screen: ScreenArgs,
}

/// What nobody uses.
#[derive(Debug, ClapArgs)]
pub(crate) struct IdleArgs {
    /// What nobody uses, instead of sizes: of bills, of usage, or of both
    #[arg(long, conflicts_with_all = ["profile", "strategy"])]
    pub(crate) idle: bool,
    /// What counts as unused: TOML or JSON [default: the rules that come along]
    #[arg(long, value_name = "FILE", requires = "idle")]
    pub(crate) rules: Option<PathBuf>,
}

/// Bills beside usage.
#[derive(Debug, ClapArgs)]
pub(crate) struct BesideArgs {
    /// Bills that say what things cost: files, directories, patterns; repeatable
    #[arg(long, value_name = "BILL")]
    pub(crate) bills: Vec<String>,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// The month whose cost is told [default: the latest whole month]
    #[arg(long, value_name = "YYYY-MM", requires = "bills")]
    pub(crate) month: Option<Month>,
    /// The metric of cost
    #[arg(long, value_enum, default_value_t = MetricName::Effective, requires = "bills")]
    pub(crate) metric: MetricName,
    /// What to do when files hold the same rows: refuse, keep the newest, or sum parts that do by chance
    #[arg(long, value_enum, default_value_t = OverlapName::Refuse, requires = "bills")]
    pub(crate) overlap: OverlapName,
    /// The day of asking [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<Date>,
}

/// What the options do not say.
const RIGHTSIZE_NOTES: &str = "\
Usage:
  timestamp,workload,resource,value and if wanted unit, replicas, environment:
  cpu in cores or m, memory in MiB, GiB or bytes, which must be said. Or the
  table that OpenShift's cost operator exports for optimisation, or what
  Prometheus answers to query_range, with a label `resource`. Of each five
  minutes the highest sample counts; up to 400 days.
  A workload is name, namespace/name, namespace/name/container or
  namespace/kind/name/container; a namespace that is not known is left empty.

Requests:
  workload,resource,request,limit,unit and if wanted replicas, autoscaled,
  unit_price, currency

Prices:
  The unit_price of a request; else, with --bills, what a machine costs that
  bears the workload's name (both requests given, it is split between them), or
  what a core and a GiB cost by the charges that say how much of them they are
  of; else what is assumed. Each answer says which.

What nobody uses (--idle):
  Of bills: things that are still billed when the bills end and of which the
  bill shows no use, by the rules' conditions over its own fields. What a bill
  cannot tell is not guessed. Of usage: workloads that rest. Of both: machines
  that rest or that nothing measures, by the identifier that both have.
  CSV columns: rule, workload, resource_id, service_name, region_id,
  sub_account_id, provider_name, billing_account_id, owner, currency, month,
  cost_month, saving_month, from, to, confidence, risk, effort, action

Limits:
  Two bytes for five minutes of each workload and resource are kept: 161 MB
  for 10,000 workloads over 14 days; of each pod a few dozen more. An answer of
  Prometheus is read whole.

Exit codes:
  0 fine, 2 usage, data or I/O error";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileName {
    Economy,
    Balanced,
    Safe,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StrategyName {
    Balance,
    Vpa,
    Krr,
    #[value(name = "krr_limit")]
    KrrLimit,
    Goldilocks,
    #[value(name = "goldilocks_burstable")]
    GoldilocksBurstable,
    Crane,
    Kubecost,
    Aws,
    Autopilot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SizeFormatName {
    Table,
    Csv,
    Json,
    Kubernetes,
    Helm,
    Compose,
    Terraform,
}
