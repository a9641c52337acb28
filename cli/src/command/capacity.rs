//! `headroom capacity`

use std::path::Path;

use headroom_core::api::{self, CapacityInput};
use headroom_core::capacity::{Question, Reserve, USUAL_DAYS, capacity_csv};
use headroom_core::maturity::Source;
use headroom_core::report::text::visible;

use crate::args::{CapacityArgs, ReserveName, TableFormatName};
use crate::exit::{Ending, Outcome};
use crate::format;
use crate::input::read_table;

pub(crate) fn run(args: &CapacityArgs) -> Outcome<Ending> {
    let named = |path: &Path| -> Outcome<(String, String)> {
        let name = path.display().to_string();
        let text = read_table(path, &name)?;
        Ok((name, text))
    };
    let (traffic, usage, capacity) = (named(&args.traffic)?, named(&args.usage)?, named(&args.capacity)?);
    let releases = args.releases.as_deref().map(named).transpose()?;
    let load_tests = args.load_tests.as_deref().map(named).transpose()?;
    let reserve = args.reserve.map(|name| match name {
        ReserveName::Zone => Reserve::Zone,
        ReserveName::Replica => Reserve::Replica,
        ReserveName::None => Reserve::None,
    });
    // A finding has to be looked for as far ahead as it reaches.
    let horizon_days = args.horizon_days.or_else(|| args.fail_on.map(|finding| finding.days().max(USUAL_DAYS)));
    let document = api::capacity(&CapacityInput {
        traffic: source(&traffic),
        usage: source(&usage),
        capacity: source(&capacity),
        releases: releases.as_ref().map(source),
        load_tests: load_tests.as_ref().map(source),
        suppose: args.suppose.iter().map(String::as_str).collect(),
        question: Question { as_of: args.as_of, horizon_days, reserve },
    })?;
    args.table.screen.write(&match args.table.format {
        TableFormatName::Table => {
            format::capacity(&document, args.full, args.table.screen.style(), args.table.screen.width())
        }
        TableFormatName::Json => api::document_json(&document) + "\n",
        TableFormatName::Csv => capacity_csv(&document),
    })?;
    // A table says it itself.
    if args.table.format != TableFormatName::Table {
        for warning in &document.warnings {
            crate::output::tell(&format!("warning: {}", visible(warning)));
        }
    }
    let found = args.fail_on.is_some_and(|finding| finding.holds(&document));
    Ok(if found { Ending::Findings } else { Ending::Fine })
}

fn source((name, text): &(String, String)) -> Source<'_> {
    Source { name, text }
}
