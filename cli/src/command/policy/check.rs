//! `headroom policy check`

use std::sync::Arc;

use headroom_core::allocation::{Policy, PolicySource};
use headroom_core::api::{self, Failure};
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
    let texts = shared::policy_texts(&args.policy, &config)?;
    let sources: Vec<PolicySource<'_>> = texts.iter().map(|(name, text)| PolicySource { name, text }).collect();
    let (mut check, policy) = if sources.is_empty() {
        let policy = Policy::builtin();
        (Check::of_policy(&policy), Ok(Arc::new(policy)))
    } else {
        Check::of(&sources)
    };
    let policy = match policy {
        Ok(policy) => policy,
        Err(error) => {
            // For machines the problems are a document; people are told once, on standard error.
            if args.format == PageFormatName::Json {
                args.screen.write(&rendered(args, &check))?;
            }
            return Err(error.into());
        }
    };
    if !args.bills.bills.is_empty() || !config.bills.is_empty() {
        let bills = DiskBills::find(&args.bills, &config)?;
        let request = shared::request(&args.bills)?;
        check = check.with_bills(&bills, &policy, &request).map_err(Failure::from)?;
    }
    args.screen.write(&rendered(args, &check))?;
    if let Some(usage) = check.bills.as_ref().filter(|_| !args.bills.quiet) {
        output::warn(&usage.verdict);
    }
    Ok(Ending::Fine)
}

fn rendered(args: &PolicyCheckArgs, check: &Check) -> String {
    match args.format {
        PageFormatName::Table => format::check(check, args.screen.style(), args.screen.width()),
        PageFormatName::Markdown => check_markdown(check),
        PageFormatName::Json => api::document_json(check) + "\n",
    }
}
