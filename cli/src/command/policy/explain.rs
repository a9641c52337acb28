//! `headroom policy explain`

use headroom_core::api::{self, Failure};
use headroom_core::report::Selection;

use super::shared;
use crate::args::{PolicyExplainArgs, ViewFormatName};
use crate::config::Config;
use crate::exit::{Ending, Outcome};
use crate::format;
use crate::input::DiskBills;

pub(crate) fn run(args: &PolicyExplainArgs) -> Outcome<Ending> {
    let config = Config::find()?;
    let policy = shared::policy(&args.policy, &config)?;
    let mut request = shared::request(&args.bills)?;
    request.month = args.month;
    request.owner = args.group.iter().cloned().collect();
    let mut selection = Selection::default();
    if let Some(id) = &args.resource {
        selection.resource(id);
    }
    for (name, value) in &args.conditions {
        selection.condition(name, value)?;
    }
    let bills = DiskBills::find(&args.bills, &config)?;
    let explained = api::explain(&bills, &policy, &request, &selection).map_err(Failure::from)?;
    args.screen.write(&match args.format {
        ViewFormatName::Table => format::explain(&explained, args.screen.style(), args.screen.width()),
        ViewFormatName::Json => api::document_json(&explained) + "\n",
    })?;
    Ok(Ending::Fine)
}
