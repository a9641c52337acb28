//! `headroom inspect`

use std::sync::Arc;

use headroom_core::allocation::Policy;
use headroom_core::api::{self, Failure};
use headroom_core::report::inspect_markdown;

use super::shared;
use crate::args::{FormatName, InspectArgs};
use crate::config::Config;
use crate::exit::{Ending, Fault, Outcome};
use crate::format;
use crate::input::DiskBills;
use crate::output;

pub(crate) fn run(args: &InspectArgs) -> Outcome<Ending> {
    let config = Config::find()?;
    let request = shared::request(&args.bills)?;
    let bills = DiskBills::find(&args.bills, &config)?;
    let policy = Arc::new(Policy::builtin());
    let (inspection, mut faults) = api::inspect(&bills, &policy, &request).map_err(Failure::from)?;
    let answer = match args.output.format.unwrap_or(FormatName::Table) {
        FormatName::Table => {
            format::inspect(&inspection.verdict, args.output.screen.style(), args.output.screen.width())
        }
        FormatName::Markdown => inspect_markdown(&inspection.verdict),
        FormatName::Json => api::document_json(&inspection) + "\n",
        FormatName::Csv => {
            return Err(Fault::new("an inspection has no CSV form").hint("use `--format json` or `--format markdown`"));
        }
    };
    if !inspection.verdict.files.is_empty() {
        args.output.screen.write(&answer)?;
    }
    // Every file that cannot be read is named; the last of them ends the program.
    let Some(last) = faults.pop() else { return Ok(Ending::Fine) };
    faults.iter().for_each(output::complain);
    Err(last)
}
