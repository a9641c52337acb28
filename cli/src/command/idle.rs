//! `headroom rightsize --idle`

use std::sync::Arc;

use headroom_core::api;
use headroom_core::condition::document::Source;
use headroom_core::waste::{Ask, MeasuredUsage, Waste, look_at_usage, waste_csv};

use super::shared;
use crate::args::{RightsizeArgs, SizeFormatName};
use crate::config::Config;
use crate::exit::{Ending, Fault, Outcome};
use crate::input::{self, DiskBills};
use crate::{format, output};

pub(crate) fn run(args: &RightsizeArgs) -> Outcome<Ending> {
    let (format, asked) = (args.format.unwrap_or(SizeFormatName::Table), &args.beside);
    let config = Config::find()?;
    let rules = args.idle.rules.as_ref().map(|path| shared::read_texts(std::slice::from_ref(path))).transpose()?;
    let rules = rules.as_ref().and_then(|texts| texts.first()).map(|(name, text)| Source { name, text });
    let ask = Ask {
        idle: Arc::new(api::idle_rules(rules)?),
        policy: shared::policy(&asked.policy, &config)?,
        usage: usage(args)?,
    };
    let (bill_args, request) = shared::beside(asked, args.threads)?;
    let documents = if !asked.bills.is_empty() {
        api::waste(&DiskBills::find(&bill_args, &config)?, &ask, &request)?
    } else if ask.usage.is_some() {
        look_at_usage(&ask, &request)?
    } else {
        return Err(Fault::new("neither bills nor usage given").hint("name bills by `--bills exports/`, or usage"));
    };
    args.screen.write(&match format {
        SizeFormatName::Table => format::waste(&documents, args.screen.style(), args.screen.width(), args.full),
        SizeFormatName::Json => api::waste_json(&documents) + "\n",
        SizeFormatName::Csv => waste_csv(&documents),
        _ => {
            return Err(Fault::new("what nobody uses has no patch: patches are of sizes")
                .hint("ask for `table`, `csv` or `json`"));
        }
    })?;
    if format != SizeFormatName::Table {
        warn(&documents);
    }
    Ok(Ending::Fine)
}

fn usage(args: &RightsizeArgs) -> Outcome<Option<MeasuredUsage>> {
    if args.usage.is_empty() {
        return Ok(None);
    }
    let tables = shared::read_tables(&args.requests)?;
    let sources: Vec<Source<'_>> = tables.iter().map(|(name, text)| Source { name, text }).collect();
    let own = args.assumptions.as_ref().map(|path| shared::read_texts(std::slice::from_ref(path))).transpose()?;
    let own = own.as_ref().and_then(|texts| texts.first()).map(|(name, text)| Source { name, text });
    let mut files = api::UsageFiles::default();
    for (name, read) in input::usage(&args.usage)? {
        files.add(&name, read);
    }
    if files.usage.start().is_none() {
        return Err(api::no_usage());
    }
    api::measured(files, api::requests(&sources)?, api::assumptions(own)?).map(Some)
}

fn warn(documents: &[Waste]) {
    // All documents of a run have the same.
    for warning in documents.first().into_iter().flat_map(|document| &document.warnings) {
        output::tell(&format!("warning: {}", warning.message));
    }
}
