//! `headroom policy check`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use headroom_core::allocation::Policy;
use headroom_core::api::{self, Failure};
use headroom_core::condition::document::Source;
use headroom_core::report::{Check, check_markdown};

use super::shared;
use crate::args::{PageFormatName, PolicyCheckArgs};
use crate::config::Config;
use crate::exit::{Ending, Outcome};
use crate::format;
use crate::input::DiskBills;
use crate::output;

pub(crate) fn run(args: &PolicyCheckArgs) -> Outcome<Ending> {
    let config = Config::find()?;
    // A policy may stand beside bills: no bill is TOML or JSON.
    let mut given = args.bills.clone();
    let named: Vec<String> = given.bills.extract_if(.., |name| is_document(name)).collect();
    let texts = if named.is_empty() {
        shared::policy_texts(&args.policy, &config)?
    } else {
        let named = named.into_iter().map(PathBuf::from);
        shared::read_texts(&named.chain(args.policy.policy.iter().cloned()).collect::<Vec<_>>())?
    };
    let sources: Vec<Source<'_>> = texts.iter().map(|(name, text)| Source { name, text }).collect();
    let (mut check, policy) = if sources.is_empty() {
        let policy = Policy::builtin();
        (Check::of_policy(&policy), Some(Arc::new(policy)))
    } else {
        let checked = api::check(&sources);
        if !checked.problems.is_empty() {
            // For machines the problems are a document; people are told once, on standard error.
            if args.format == PageFormatName::Json {
                args.screen.write(&rendered(args, &checked.check))?;
            }
            return Err(Failure::from(checked.problems));
        }
        (checked.check, checked.policy)
    };
    let Some(policy) = policy else {
        if !given.bills.is_empty() {
            return Err(Failure::new("no allocation policy is given, and bills are looked at by one")
                .hint("name one with `--policy`, or leave the bills out"));
        }
        args.screen.write(&rendered(args, &check))?;
        return Ok(Ending::Fine);
    };
    if !given.bills.is_empty() || !config.bills.is_empty() {
        let bills = DiskBills::find(&given, &config)?;
        let request = shared::request(&given)?;
        check = check.with_bills(&bills, &policy, &request).map_err(Failure::from)?;
    }
    args.screen.write(&rendered(args, &check))?;
    if let Some(usage) = check.bills.as_ref().filter(|_| !args.bills.quiet) {
        output::warn(&usage.verdict);
    }
    Ok(Ending::Fine)
}

fn is_document(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("toml") || kind.eq_ignore_ascii_case("json"))
}

fn rendered(args: &PolicyCheckArgs, check: &Check) -> String {
    match args.format {
        PageFormatName::Table => format::check(check, args.screen.style(), args.screen.width()),
        PageFormatName::Markdown => check_markdown(check),
        PageFormatName::Json => api::document_json(check) + "\n",
    }
}
