//! `headroom capacity`

use std::path::Path;

use headroom_core::api::{self, CapacityInput, ExhaustionWithin};
use headroom_core::calendar::Date;
use headroom_core::capacity::{Capacity, Question, Reserve, ServiceCapacity, USUAL_DAYS, capacity_csv};
use headroom_core::condition::document::Source;
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
    match args.fail_on.filter(|finding| finding.holds(&document)) {
        Some(finding) => {
            crate::output::tell(&told(finding, &document));
            Ok(Ending::Findings)
        }
        None => Ok(Ending::Fine),
    }
}

/// Services of a finding that are named; more are counted.
const NAMED: usize = 3;

/// What was found, in one line: what runs out first stands first.
fn told(finding: ExhaustionWithin, document: &Capacity) -> String {
    let mut found: Vec<(Option<Date>, String)> =
        document.services.iter().filter_map(|service| of_service(finding, document.as_of, service)).collect();
    found.sort_by_key(|(day, _)| (day.is_none(), *day));
    let named = found.iter().take(NAMED).map(|(_, words)| words.as_str()).collect::<Vec<_>>().join("; ");
    let more = if found.len() > NAMED { format!("; and {} more", found.len() - NAMED) } else { String::new() };
    format!("exhaustion={}d: {named}{more}", finding.days())
}

/// When a service runs out, or why that cannot be told.
fn of_service(finding: ExhaustionWithin, as_of: Date, service: &ServiceCapacity) -> Option<(Option<Date>, String)> {
    let name = visible(&service.service);
    let end = as_of.plus_days(finding.days() as i32 - 1)?;
    let Some(exhaustion) = &service.exhaustion else { return Some((None, format!("`{name}` has no date"))) };
    if let Some(day) = exhaustion.p10.filter(|day| *day <= end) {
        let days = day.days_since_epoch() - as_of.days_since_epoch();
        let counted = if days == 1 { "day" } else { "days" };
        if days <= 0 && exhaustion.p50 == exhaustion.p10 {
            return Some((
                Some(day),
                format!("`{name}` is over its {} now", service.binding.map_or("limit", |limit| limit.name())),
            ));
        }
        return Some((Some(day), format!("`{name}` may run out by {day}, in {days} {counted}")));
    }
    if let Some(limit) = service.limits.iter().find(|limit| limit.refused.is_some()) {
        return Some((None, format!("{} of `{name}` is not judged", limit.limit.name())));
    }
    let short = exhaustion.p10.is_none() && exhaustion.through < end;
    short.then(|| (None, format!("`{name}` is looked at no farther than {}", exhaustion.through)))
}

fn source((name, text): &(String, String)) -> Source<'_> {
    Source { name, text }
}
