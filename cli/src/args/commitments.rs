//! What the command line says of commitments.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{BillArgs, TableArgs};

/// Reserved capacity: what is committed to and how far it is used, and how much more to commit to.
///
/// What is paid on demand in each hour says what a commitment would have saved;
/// hours of which the bills say nothing are left out. An amount is recommended
/// only where it makes no loss over any look-back. It stands beside what advice
/// of the past would have come to, and what the history cannot tell.
///
///   $ headroom commitments exports/
///   $ headroom commitments exports/ --offers commitments.toml --format json
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment, after_long_help = COMMITMENTS_NOTES)]
pub(crate) struct CommitmentsArgs {
    #[command(flatten)]
    pub(crate) bills: BillArgs,
    /// What may be committed to, at which discount, on whose approval: TOML or JSON [default: that which comes along]
    #[arg(long, value_name = "FILE")]
    pub(crate) offers: Option<PathBuf>,
    /// List every commitment, those that are used up too
    #[arg(long)]
    pub(crate) full: bool,
    #[command(flatten)]
    pub(crate) table: TableArgs,
}

/// What the options do not say.
const COMMITMENTS_NOTES: &str = "\
Commitments there are:
  Used and unused of FOCUS, AWS reservations and savings plans, Azure benefits
  (of the amortized export; the actual one does not state what was used). One
  that is no longer charged for when its bill ends has ended and counts apart.

How much to commit to:
  Of the last four weeks, the last with more weight, the quantile at the
  discount: there an hour more that is used saves as much as one that is not
  costs. Bills by the day do not show what lies idle at night, so that what
  they promise is the most there can be.

CSV columns:
  row (existing or offer), provider_name, billing_account_id, id, currency,
  from, to, used, unused, utilisation_percent, on_demand_month, covers_hour,
  commit_hour, saving_month, reason, ended, unused_month

Exit codes:
  0 fine, 2 usage, data or I/O error; `gate` decides about the JSON document";
