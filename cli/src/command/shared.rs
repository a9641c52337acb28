//! What several commands need: the policy, the day, the question.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{Datelike, Utc};
use headroom_core::allocation::{Policy, PolicySource};
use headroom_core::api::{self, UsageFiles};
use headroom_core::bill::Metric;
use headroom_core::calendar::Date;
use headroom_core::order::BTreeMap;
use headroom_core::report::{OnOverlap, Request, View};
use headroom_core::rightsizing::{Billed, Requests};

use crate::args::{BesideArgs, BillArgs, MetricName, OverlapName, PolicyArgs, ViewName};
use crate::config::Config;
use crate::exit::{Fault, Outcome};
use crate::input::{DiskBills, read_table, read_text};

/// Reads text files, with the names messages use.
pub(super) fn read_texts(paths: &[PathBuf]) -> Outcome<Vec<(String, String)>> {
    named(paths, read_text)
}

/// Reads tables, CSV or Parquet, as the texts of CSV files, with the names messages use.
pub(super) fn read_tables(paths: &[PathBuf]) -> Outcome<Vec<(String, String)>> {
    named(paths, read_table)
}

fn named(paths: &[PathBuf], read: fn(&Path, &str) -> Outcome<String>) -> Outcome<Vec<(String, String)>> {
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        let text = read(path, &name)?;
        Ok((name, text))
    };
    paths.iter().map(read).collect()
}

/// The policy of the command line, else of the config file, else the built-in one.
pub(super) fn policy(args: &PolicyArgs, config: &Config) -> Outcome<Arc<Policy>> {
    let texts = policy_texts(args, config)?;
    if texts.is_empty() {
        return Ok(Arc::new(Policy::builtin()));
    }
    let sources: Vec<PolicySource<'_>> = texts.iter().map(|(name, text)| PolicySource { name, text }).collect();
    Ok(Arc::new(Policy::parse(&sources)?))
}

/// Names and texts of the policy files that the command line names, else the config file; none for the built-in one.
pub(super) fn policy_texts(args: &PolicyArgs, config: &Config) -> Outcome<Vec<(String, String)>> {
    read_texts(if args.policy.is_empty() { &config.policy } else { &args.policy })
}

/// What the bills' own flags say of the request.
pub(super) fn request(args: &BillArgs) -> Outcome<Request> {
    let mut request = Request::new(args.as_of.map_or_else(today, Ok)?);
    request.view = match args.view {
        ViewName::Charge => View::ChargeMonth,
        ViewName::Billing => View::BillingMonth,
    };
    request.overlap = match args.overlap {
        OverlapName::Refuse => OnOverlap::Refuse,
        OverlapName::Newest => OnOverlap::Newest,
        OverlapName::Sum => OnOverlap::Sum,
    };
    // The standard library's own random keys; no figure depends on them.
    request.hash_secret = RandomState::new().hash_one(0);
    Ok(request)
}

/// How bills beside usage are read.
pub(super) fn beside(args: &BesideArgs, threads: Option<u16>) -> Outcome<(BillArgs, Request)> {
    let bills = BillArgs {
        bills: args.bills.clone(),
        view: ViewName::Charge,
        overlap: args.overlap,
        as_of: args.as_of,
        threads,
        quiet: false,
    };
    let mut request = request(&bills)?;
    (request.month, request.metric) = (args.month, metric(args.metric));
    Ok((bills, request))
}

/// What bills beside usage say of prices; nothing where none are named.
pub(super) fn billed(
    args: &BesideArgs,
    threads: Option<u16>,
    files: &UsageFiles,
    requests: &Requests,
    config: &Config,
) -> Outcome<Option<Billed>> {
    if args.bills.is_empty() {
        return match args.as_of {
            None => Ok(None),
            Some(_) => Err(Fault::new("a day of asking is given without bills")
                .hint("it says how bills are read: name them by `--bills exports/`, or leave `--as-of` out")),
        };
    }
    let (bill_args, request) = beside(args, threads)?;
    let bills = DiskBills::find(&bill_args, config)?;
    let all = api::billed(&bills, &files.usage, &api::idle_measured()?, &request)?;
    api::in_one_currency(all, requests).map(Some)
}

/// Whose charges are asked for; a dimension can have but one value.
pub(super) fn owner(pairs: &[(String, String)]) -> Outcome<BTreeMap<String, String>> {
    let mut owner = BTreeMap::new();
    for (name, value) in pairs {
        if owner.insert(name.clone(), value.clone()).is_some_and(|before| before != *value) {
            return Err(Fault::new(format_args!("`--for` asks for two values of `{name}`"))
                .hint("ask for one, or run a report for each"));
        }
    }
    Ok(owner)
}

/// Today in UTC: the only place where the clock is read.
pub(super) fn today() -> Outcome<Date> {
    let now = Utc::now();
    Date::new(now.year() as u16, now.month() as u8, now.day() as u8)
        .ok_or_else(|| Fault::new("the clock shows no usable date").hint("pass `--as-of 2026-06-03`"))
}

pub(super) fn metric(name: MetricName) -> Metric {
    match name {
        MetricName::Billed => Metric::Billed,
        MetricName::Effective => Metric::Effective,
        MetricName::List => Metric::List,
        MetricName::Contracted => Metric::Contracted,
    }
}

/// Paths of the command line, else of the config file.
pub(super) fn or_config<'p>(given: &'p [PathBuf], config: &'p [PathBuf]) -> &'p [PathBuf] {
    if given.is_empty() { config } else { given }
}

/// Whether a file is there; a config file may name one that is still to be written.
pub(super) fn existing(paths: &[PathBuf]) -> Vec<PathBuf> {
    paths.iter().filter(|path| Path::exists(path)).cloned().collect()
}
