//! `headroom commitments`

use std::io::{self, Write as _};

use headroom_core::api;
use headroom_core::commitment::commitments_csv;
use headroom_core::condition::document::Source;
use headroom_core::report::text::visible;

use super::shared;
use crate::args::{CommitmentsArgs, TableFormatName};
use crate::config::Config;
use crate::exit::{Ending, Outcome};
use crate::format;
use crate::input::DiskBills;

pub(crate) fn run(args: &CommitmentsArgs) -> Outcome<Ending> {
    let config = Config::find()?;
    let own = args.offers.as_ref().map(|path| shared::read_texts(std::slice::from_ref(path))).transpose()?;
    let own = own.as_ref().and_then(|texts| texts.first());
    let offers = api::offers(own.map(|(name, text)| Source { name, text }))?;
    let request = shared::request(&args.bills)?;
    let bills = DiskBills::find(&args.bills, &config)?;
    let documents = api::commitments(&bills, &offers, &request)?;
    args.table.screen.write(&match args.table.format {
        TableFormatName::Table => {
            format::commitments(&documents, args.table.screen.style(), args.table.screen.width(), args.full)
        }
        TableFormatName::Json => api::commitments_json(&documents) + "\n",
        TableFormatName::Csv => commitments_csv(&documents),
    })?;
    if args.table.format != TableFormatName::Table && !args.bills.quiet {
        for warning in documents.iter().flat_map(|document| &document.warnings) {
            let _ = writeln!(io::stderr(), "warning: {}", visible(&warning.message));
        }
    }
    Ok(Ending::Fine)
}
