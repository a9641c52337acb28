//! What the command line says.
#![expect(clippy::doc_markdown, reason = "these texts are shown on a terminal, where backticks would stand in the way")]

mod capacity;
mod commitments;
mod forecast;
mod rightsize;
mod schedule;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use headroom_core::api::{FailOn, UnknownFinding};
use headroom_core::calendar::{Date, Month};

pub(crate) use self::capacity::{CapacityArgs, ReserveName};
pub(crate) use self::commitments::CommitmentsArgs;
pub(crate) use self::forecast::{ForecastArgs, MeasureName, ModelsName};
pub(crate) use self::rightsize::{BesideArgs, ProfileName, RightsizeArgs, SizeFormatName, StrategyName};
pub(crate) use self::schedule::{ScheduleArgs, ScheduleFormatName};

/// The monthly cost report, exactly, from the billing exports you have.
///
/// Every cent accounted for, every change explained by what moved. Reads FOCUS, AWS CUR, Azure, Google Cloud and
/// Oracle exports as CSV or Parquet, plain or compressed; needs no server, no key and no network.
#[derive(Debug, Parser)]
#[command(name = "headroom", version, propagate_version = true, max_term_width = 80)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Report(ReportArgs),
    Inspect(InspectArgs),
    Allocate(AllocateArgs),
    Forecast(ForecastArgs),
    Capacity(CapacityArgs),
    Rightsize(RightsizeArgs),
    Schedule(ScheduleArgs),
    Commitments(CommitmentsArgs),
    Assess(AssessArgs),
    Gate(GateArgs),
    Policy(PolicyCommandArgs),
    Init(InitArgs),
    Completions(CompletionsArgs),
}

/// The monthly cost report: who spent what, what changed and why, what nobody owns.
///
///   $ headroom report exports/ --policy allocation.toml
///   $ headroom report exports/*.csv.gz --month 2026-05 --format markdown > report.md
///   $ headroom report exports/ --for squad=payments --fail-on unexplained
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment, after_long_help = REPORT_NOTES)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) bills: BillArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// Who has explained or announced which change: explanations.toml; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) explanations: Vec<PathBuf>,
    /// The month to report [default: the latest whole month]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<Month>,
    /// The metric of groups and changes
    #[arg(long, value_enum, default_value_t = MetricName::Effective)]
    pub(crate) metric: MetricName,
    /// The dimensions of groups, comma-separated [default: squad,service_name,environment]
    #[arg(long, value_name = "DIMENSIONS", value_delimiter = ',')]
    pub(crate) by: Option<Vec<String>>,
    /// One owner's charges alone, such as squad=payments; repeatable
    #[arg(long = "for", value_name = "DIMENSION=VALUE", value_parser = pair)]
    pub(crate) owner: Vec<(String, String)>,
    /// What rightsize, schedule or commitments wrote with --format json, for the list of what to do; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) savings: Vec<PathBuf>,
    /// Exit with 1 on: change, unexplained, unallocated=5%, refused, incomplete; repeatable or comma list
    #[arg(long, value_name = "FINDING", value_delimiter = ',', value_parser = finding)]
    pub(crate) fail_on: Vec<FailOn>,
    /// List every group and every change, however small
    #[arg(long)]
    pub(crate) full: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What the options do not say.
const REPORT_NOTES: &str = "\
CSV columns:
  month, one for each dimension, currency, metric, amount, compared, previous,
  delta, percent, percent_per_day, rules, environment_kind
  With --savings also, of rows whose metric is saving_month: rank, action,
  subject, what, stated_month, risk, effort, approver, document, at, says

What to do (--savings):
  Nothing counts twice: what is removed needs no smaller size, what is smaller
  saves less by being off, and only usage that is left is committed to. Whose a
  workload is, the policy's rules say: they see its name as resource_id, its
  environment and namespace as tags.

Limits:
  Bills are CSV (plain, gzip or zstd) or Parquet, told by content. A row may
  have 16 MiB. Refused rows of Parquet are named by their number, from 1.
  Standard input and pipes are read once: what moved then stops at services, and
  a month that is not whole is not compared.

Exit codes:
  0 fine, 1 a finding of --fail-on holds, 2 usage, data or I/O error";

/// What the options do not say.
const INSPECT_NOTES: &str = "\
Columns:
  held      whole, partial, or unknown where no charge is daily
  days      first and last day of the month with daily usage
  invoiced  whether all rows name their invoice: until then a bill may change

Exit codes:
  0 every file can be read, 2 one of them cannot";

/// What are these files: format, months, whole or partial, overlaps, refused rows, tags.
///
///   $ headroom inspect exports/
///   $ headroom inspect - --format json < bill.csv
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment, after_long_help = INSPECT_NOTES)]
pub(crate) struct InspectArgs {
    #[command(flatten)]
    pub(crate) bills: BillArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Who each charge belongs to: the cube of months and groups, or every charge as a line, with the rules that decided.
///
///   $ headroom allocate exports/ --policy allocation.toml > cube.csv
///   $ headroom allocate exports/ --by squad,region_id --month 2026-05 --format json
///   $ headroom allocate exports/ --lines --for squad=payments --output payments.csv
///   $ headroom allocate exports/ --format parquet --output cube.parquet
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment)]
pub(crate) struct AllocateArgs {
    #[command(flatten)]
    pub(crate) bills: BillArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// Every charge as a line, in the order of the files; as JSON, one object a line
    #[arg(long)]
    pub(crate) lines: bool,
    /// The dimensions of groups, comma-separated [default: squad,service_name,environment]
    #[arg(long, value_name = "DIMENSIONS", value_delimiter = ',', conflicts_with = "lines")]
    pub(crate) by: Option<Vec<String>>,
    /// One month alone [default: all]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<Month>,
    /// One owner's charges alone, such as squad=payments; repeatable
    #[arg(long = "for", value_name = "DIMENSION=VALUE", value_parser = pair)]
    pub(crate) owner: Vec<(String, String)>,
    /// Format of the answer [default: csv]
    #[arg(long, value_enum, default_value_t = AllocateFormatName::Csv, hide_default_value = true)]
    pub(crate) format: AllocateFormatName,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// How mature are the operations: the level, what holds back, what comes first.
///
/// The level is decided by the lowest gate, never by an average. What is
/// unknown counts as missing; the level that unknowns leave possible stands
/// beside it.
///
///   $ headroom assess --questionnaire > assessment.toml
///   $ headroom assess assessment.toml
///   $ headroom assess assessment.toml --history march.json
///   $ headroom assess --interactive assessment.toml --framework finops
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment, after_long_help = ASSESS_NOTES)]
pub(crate) struct AssessArgs {
    /// The assessment, TOML or JSON, or - for standard input
    #[arg(value_name = "ASSESSMENT")]
    pub(crate) assessment: Option<PathBuf>,
    /// A framework by its id, or a file of your own [default: the assessment's]
    #[arg(long, value_name = "ID|FILE")]
    pub(crate) framework: Option<String>,
    /// An earlier result, as --format json wrote it; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Vec<PathBuf>,
    /// A cost report or a forecast as --format json wrote it, whose figures are measured facts; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Vec<PathBuf>,
    /// deployments.csv, for deployment frequency, lead time and change failure rate; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) deployments: Vec<PathBuf>,
    /// incidents.csv, for the time to restore; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) incidents: Vec<PathBuf>,
    /// The level to show the way to [default: the next]
    #[arg(long, value_name = "LEVEL")]
    pub(crate) target: Option<u8>,
    /// Hold the level down to that of the weakest control
    #[arg(long)]
    pub(crate) strict: bool,
    /// The day it is for [default: the assessment's, else today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<Date>,
    /// Print a file to fill in, with every question and fact of the framework
    #[arg(long, conflicts_with_all = ["history", "target", "strict", "format", "interactive"])]
    pub(crate) questionnaire: bool,
    /// Ask on the terminal what the assessment does not say yet, and save each answer at its end
    #[arg(long)]
    pub(crate) interactive: bool,
    /// Who is assessed, where a file is begun
    #[arg(long, value_name = "ID", default_value = "my-service")]
    pub(crate) subject: String,
    /// Format of the answer [default: table]
    #[arg(long, value_enum)]
    pub(crate) format: Option<PageFormatName>,
    #[command(flatten)]
    pub(crate) screen: ScreenArgs,
}

/// What the options do not say.
const ASSESS_NOTES: &str = "\
Frameworks:
  operational-excellence           5 levels, 10 controls [default]
  operational-excellence-extended  the same with more questions and figures
  delivery-foundation              two epics, 13 exit criteria
  devops-progression               3 stages, 27 items
  infrastructure-excellence        a plan of 36 weeks, 20 indicators
  finops                           crawl, walk, run

Measured, of the last 30 days, by environment:
  deployment frequency  deployments that ended, divided by 30 days
  lead time             median from commit to end, of those that succeeded
  change failure rate   failed or rolled back, of all that ended
  time to restore       mean from start to end, of incidents that ended
  deployments.csv has service, environment, start, end, commit_time, failed and
  rolled_back; incidents.csv has service, environment, start and end.

Measured from documents (--evidence), as of the month or day they end with:
  a cost report         allocation, cost by service, changes explained
  one of commitments    how much of what they could cover they do cover:
                        report --metric list --by service_name,
                        charge_category,pricing_category,
                        commitment_discount_status (in one word)
  a forecast of cost    that unusual cost is looked for before the month ends;
                        with the report of the month forecast, how far it was off
  one of series         that capacity is forecast

Exit codes:
  0 assessed, 2 usage, data or I/O error";

/// May it go ahead: allow, allow with warnings, or deny, with the reasons.
///
/// The input is any JSON object: a deployment request, a Kubernetes object, a
/// resource of a Terraform plan, a cost report. What is not there is unknown,
/// and each gate says what that means; a fault in the data is never an allow.
///
///   $ headroom gate request.json --gate two-reviewers
///   $ headroom gate - --gate gates.toml < pod.json
///   $ headroom gate report.json --gate cost-changes-explained
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment, after_long_help = GATE_NOTES)]
pub(crate) struct GateArgs {
    /// The input, a JSON object, or - for standard input
    #[arg(value_name = "INPUT")]
    pub(crate) input: PathBuf,
    /// A gate that comes with Headroom, by its name, or a file of your own; repeatable
    #[arg(long, value_name = "NAME|FILE", required = true)]
    pub(crate) gate: Vec<String>,
    /// The result of an assessment, or a cost report, as --format json wrote it; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Vec<PathBuf>,
    /// The day of the decision, for waivers [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<Date>,
    /// Format of the answer [default: table]
    #[arg(long, value_enum)]
    pub(crate) format: Option<PageFormatName>,
    #[command(flatten)]
    pub(crate) screen: ScreenArgs,
}

/// What the options do not say.
const GATE_NOTES: &str = "\
Gates:
  production-needs-pipeline   first-production-deployment  two-reviewers
  no-severe-image-findings    migration-override           fix-forward
  cost-changes-explained      reserved-capacity            commitments-in-use
  kubernetes-workload         terraform-tags

Exit codes:
  0 allowed, with or without warnings, 1 denied,
  2 fault in the data, usage or I/O error";

/// Check a policy, print JSON Schemas, explain why a charge belongs where it does.
#[derive(Debug, ClapArgs)]
pub(crate) struct PolicyCommandArgs {
    #[command(subcommand)]
    pub(crate) command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    Check(PolicyCheckArgs),
    Schema(PolicySchemaArgs),
    Explain(PolicyExplainArgs),
}

/// Is the policy right, and what did each of its rules do on these bills.
///
/// Without bills the policy is looked at alone. Warnings do not fail; a policy that cannot be used does, with 2.
/// Frameworks, gates and metrics are read too: files in TOML or JSON are told by their `schema`.
///
///   $ headroom policy check --policy allocation.toml
///   $ headroom policy check gates.toml framework.toml
///   $ headroom policy check exports/ --policy allocation.toml
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment)]
pub(crate) struct PolicyCheckArgs {
    #[command(flatten)]
    pub(crate) bills: BillArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// Format of the answer [default: table]
    #[arg(long, value_enum, default_value_t = PageFormatName::Table, hide_default_value = true)]
    pub(crate) format: PageFormatName,
    #[command(flatten)]
    pub(crate) screen: ScreenArgs,
}

/// Print the JSON Schema of a document, or the names there are.
///
///   $ headroom policy schema
///   $ headroom policy schema allocation > allocation.schema.json
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment)]
pub(crate) struct PolicySchemaArgs {
    /// Which document [default: list them]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// Why a charge belongs where it does: its facts, and each rule tried on it in order.
///
/// Explains the first charge, in the order of files and lines, that is as asked, and counts all that are.
///
///   $ headroom policy explain exports/ --resource i-0a5e11ed
///   $ headroom policy explain exports/ --where service_name=AmazonS3 --where tag:team=
///   $ headroom policy explain exports/ --group squad=payments,environment=unallocated
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment)]
pub(crate) struct PolicyExplainArgs {
    #[command(flatten)]
    pub(crate) bills: BillArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// A charge of this resource
    #[arg(long, value_name = "ID")]
    pub(crate) resource: Option<String>,
    /// A charge with this value in a field or tag (tag:KEY=VALUE), or with none (FIELD=); repeatable
    #[arg(long = "where", value_name = "FIELD=VALUE", value_parser = condition)]
    pub(crate) conditions: Vec<(String, String)>,
    /// A charge of this group, such as squad=payments,service_name=AmazonS3; or squad=unallocated
    #[arg(long, value_name = "DIMENSION=VALUE", value_delimiter = ',', value_parser = pair)]
    pub(crate) group: Vec<(String, String)>,
    /// A charge of this month [default: any]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<Month>,
    /// Format of the answer [default: table]
    #[arg(long, value_enum, default_value_t = ViewFormatName::Table, hide_default_value = true)]
    pub(crate) format: ViewFormatName,
    #[command(flatten)]
    pub(crate) screen: ScreenArgs,
}

/// Write a starter policy and a config file from the bills: their accounts, services, tags and spellings.
///
///   $ headroom init exports/
///   $ headroom init exports/ --stdout
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment)]
pub(crate) struct InitArgs {
    #[command(flatten)]
    pub(crate) bills: BillArgs,
    /// Where the policy goes; headroom.toml is written beside it
    #[arg(long, short, value_name = "FILE", default_value = "allocation.toml")]
    pub(crate) output: PathBuf,
    /// Print the policy and write nothing
    #[arg(long)]
    pub(crate) stdout: bool,
    /// Write no headroom.toml
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Replace files that are there
    #[arg(long)]
    pub(crate) force: bool,
}

/// Print a completion script for a shell.
///
///   $ headroom completions bash > /etc/bash_completion.d/headroom
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment)]
pub(crate) struct CompletionsArgs {
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// Which bills, and how their rows are read.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct BillArgs {
    /// Bills: files, directories, patterns, or - for standard input [default: those of headroom.toml]
    #[arg(value_name = "BILL")]
    pub(crate) bills: Vec<String>,
    /// Which month a charge counts for: that of its charge period, or that of its invoice
    #[arg(long, value_enum, default_value_t = ViewName::Charge)]
    pub(crate) view: ViewName,
    /// What to do when files hold the same rows: refuse, keep the newest, or sum parts that do by chance
    #[arg(long, value_enum, default_value_t = OverlapName::Refuse)]
    pub(crate) overlap: OverlapName,
    /// The day of asking [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<Date>,
    /// Threads to read with [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// No progress bar, no warnings
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Who owns what.
#[derive(Debug, ClapArgs)]
pub(crate) struct PolicyArgs {
    /// Allocation policy, TOML or JSON; repeatable [default: reads common tags]
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Vec<PathBuf>,
}

/// How the answer looks and where it goes.
#[derive(Debug, ClapArgs)]
pub(crate) struct OutputArgs {
    /// Format of the answer [default: table]
    #[arg(long, value_enum)]
    pub(crate) format: Option<FormatName>,
    #[command(flatten)]
    pub(crate) screen: ScreenArgs,
}

/// How the answer is printed where it is a table that machines read too.
#[derive(Debug, ClapArgs)]
pub(crate) struct TableArgs {
    /// Format of the answer [default: table]
    #[arg(long, value_enum, default_value_t = TableFormatName::Table, hide_default_value = true)]
    pub(crate) format: TableFormatName,
    #[command(flatten)]
    pub(crate) screen: ScreenArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormatName {
    Table,
    Json,
    Csv,
}

/// How the answer looks on a terminal and where it goes.
#[derive(Debug, ClapArgs)]
pub(crate) struct ScreenArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// When to colour
    #[arg(long, value_enum, default_value_t = ColorName::Auto)]
    pub(crate) color: ColorName,
}

/// Where the answer goes.
#[derive(Debug, ClapArgs)]
pub(crate) struct TargetArgs {
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MetricName {
    Billed,
    Effective,
    List,
    Contracted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ViewName {
    Charge,
    Billing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OverlapName {
    Refuse,
    Newest,
    Sum,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    Table,
    Markdown,
    Json,
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AllocateFormatName {
    Csv,
    Json,
    Parquet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormatName {
    Table,
    Markdown,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ViewFormatName {
    Table,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorName {
    Auto,
    Always,
    Never,
}

fn finding(text: &str) -> Result<FailOn, String> {
    text.parse().map_err(|unknown: UnknownFinding| unknown.hint().to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as DIMENSION=VALUE, such as squad=payments".to_owned()),
    }
}

fn condition(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as FIELD=VALUE, such as service_name=AmazonS3".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }
}
