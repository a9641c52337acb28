//! `headroom report`

use headroom_core::api::{self, Failure};
use headroom_core::condition::document::Source;
use headroom_core::report::{Report, csv_all, markdown_all};

use super::shared;
use crate::args::{FormatName, ReportArgs};
use crate::config::Config;
use crate::exit::{Ending, Outcome};
use crate::format::{self, Extent};
use crate::input::DiskBills;
use crate::output;

pub(crate) fn run(args: &ReportArgs) -> Outcome<Ending> {
    let config = Config::find()?;
    let policy = shared::policy(&args.policy, &config)?;
    let texts = shared::read_texts(shared::or_config(&args.explanations, &shared::existing(&config.explanations)))?;
    let said = api::explanations(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
    let mut request = shared::request(&args.bills)?;
    request.month = args.month;
    request.metric = shared::metric(args.metric);
    request.by.clone_from(&args.by);
    request.owner = shared::owner(&args.owner)?;
    let bills = DiskBills::find(&args.bills, &config)?;
    let documents = shared::read_texts(&args.savings)?;
    let documents: Vec<Source<'_>> = documents.iter().map(|(name, text)| Source { name, text }).collect();
    let savings = api::savings(&documents)?;
    let mut reports = api::report(&bills, &policy, &said, &request).map_err(Failure::from)?;
    api::add_savings(&mut reports, &savings, &policy);
    let format = args.output.format.or(config.format).unwrap_or(FormatName::Table);
    args.output.screen.write(&rendered(args, format, &reports)?)?;
    // A table shows the warnings itself; data formats are read by machines, so people are told beside them.
    if format != FormatName::Table && !args.bills.quiet {
        output::warn_once(reports.iter().map(|report| &report.verdict));
    }
    let found = reports.iter().any(|report| args.fail_on.iter().any(|finding| finding.holds(report)));
    Ok(if found { Ending::Findings } else { Ending::Fine })
}

fn rendered(args: &ReportArgs, format: FormatName, reports: &[Report]) -> Outcome<String> {
    Ok(match format {
        FormatName::Table => {
            let (style, width) = (args.output.screen.style(), args.output.screen.width());
            let extent = if args.full { Extent::Full } else { Extent::Short };
            let tables: Vec<String> =
                reports.iter().map(|report| format::report(report, style, width, extent)).collect();
            tables.join("\n")
        }
        FormatName::Markdown => markdown_all(reports),
        FormatName::Json => api::report_json(reports) + "\n",
        FormatName::Csv => csv_all(reports).map_err(Failure::from)?,
    })
}
