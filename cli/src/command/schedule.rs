//! `headroom schedule`

use headroom_core::api::{self, UsageFiles};
use headroom_core::condition::document::Source;
use headroom_core::rightsizing::schedule::{Export, Schedule, ScheduleQuestion, export, schedule_csv};

use super::shared;
use crate::args::{ScheduleArgs, ScheduleFormatName};
use crate::config::Config;
use crate::exit::{Ending, Outcome};
use crate::{format, input};

pub(crate) fn run(args: &ScheduleArgs) -> Outcome<Ending> {
    let tables = shared::read_tables(&args.requests)?;
    let sources: Vec<Source<'_>> = tables.iter().map(|(name, text)| Source { name, text }).collect();
    let own = args.assumptions.as_ref().map(|path| shared::read_texts(std::slice::from_ref(path))).transpose()?;
    let own = own.as_ref().and_then(|texts| texts.first()).map(|(name, text)| Source { name, text });
    let (requests, assumptions) = (api::requests(&sources)?, api::assumptions(own)?);
    let config = Config::find()?;
    let policy = shared::policy(&args.beside.policy, &config)?;
    let question = ScheduleQuestion {
        offset: api::offset(&args.offset)?,
        environments: args.environment.clone(),
        kinds: policy.environments().clone(),
    };
    let mut files = UsageFiles::default();
    for (name, read) in input::usage(&args.usage)? {
        files.add(&name, read);
    }
    files.usage.name_environments(&policy);
    let billed = shared::billed(&args.beside, None, &files, &requests, &config)?;
    let document = api::schedule_of(&files, &requests, &assumptions, billed.as_ref(), question)?;
    args.screen.write(&rendered(args, &document))?;
    if args.format.unwrap_or(ScheduleFormatName::Table) != ScheduleFormatName::Table {
        for warning in &document.warnings {
            crate::output::tell(&format!("warning: {warning}"));
        }
    }
    Ok(Ending::Fine)
}

fn rendered(args: &ScheduleArgs, document: &Schedule) -> String {
    match args.format.unwrap_or(ScheduleFormatName::Table) {
        ScheduleFormatName::Table => format::schedule(document, args.screen.style(), args.screen.width()),
        ScheduleFormatName::Json => api::document_json(document) + "\n",
        ScheduleFormatName::Csv => schedule_csv(document),
        ScheduleFormatName::KubeDownscaler => export(document, Export::KubeDownscaler),
        ScheduleFormatName::AwsScheduler => export(document, Export::AwsScheduler),
        ScheduleFormatName::Cron => export(document, Export::Cron),
    }
}
