//! Off-hours: usage in, schedules out.

use serde::Deserialize;

use super::call::{Text, json, sources};
use super::rightsize::{assumptions, no_usage, one_currency, read_usage, requests};
use super::{Failure, UsageFiles};
use crate::maturity::Source;
use crate::rightsizing::schedule::{
    Export, Offset, OffsetError, Schedule, ScheduleQuestion, Scheduling, export, schedule_csv,
};

/// What schedules are made from.
#[derive(Clone, Debug, Default)]
pub struct ScheduleInput<'s> {
    /// Usage tables, or answers of Prometheus range queries.
    pub usage: Vec<Source<'s>>,
    /// Tables of what is requested today.
    pub requests: Vec<Source<'s>>,
    /// Prices in the place of those that come with Headroom.
    pub assumptions: Option<Source<'s>>,
    /// What is asked.
    pub question: ScheduleQuestion,
}

/// When what is not production may be off.
///
/// # Errors
/// When a file cannot be read, or there is no usage.
pub fn schedule(input: &ScheduleInput<'_>) -> Result<Schedule, Failure> {
    let files = read_usage(&input.usage)?;
    schedule_of(&files, &input.requests, input.assumptions, input.question.clone())
}

/// The same of usage that has been read.
///
/// # Errors
/// As [`schedule`] does.
pub fn schedule_of(
    files: &UsageFiles,
    tables: &[Source<'_>],
    own: Option<Source<'_>>,
    question: ScheduleQuestion,
) -> Result<Schedule, Failure> {
    let (requests, assumptions) = (requests(tables)?, assumptions(own)?);
    one_currency(files, &requests, &assumptions)?;
    let scheduling = Scheduling {
        usage: &files.usage,
        requests: &requests,
        assumptions: &assumptions,
        question,
        refused: (files.refused, files.refused_rows.clone()),
    };
    scheduling.document().ok_or_else(no_usage)
}

/// Reads an offset from UTC.
///
/// # Errors
/// When it is none.
pub fn offset(text: &str) -> Result<Offset, Failure> {
    text.parse().map_err(|error: OffsetError| {
        Failure::new(format_args!("{error}: `{text}`"))
            .hint("write it as +02:00 or -05:00, in quarters of an hour; a place has two of them a year")
    })
}

/// A call for schedules as JSON states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScheduleCall {
    usage: Vec<Text>,
    #[serde(default)]
    requests: Vec<Text>,
    assumptions: Option<Text>,
    offset: Option<String>,
    #[serde(default)]
    environments: Vec<String>,
    #[serde(default)]
    format: ScheduleFormat,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ScheduleFormat {
    #[default]
    Json,
    Csv,
    KubeDownscaler,
    AwsScheduler,
    Cron,
}

impl ScheduleCall {
    pub(super) fn answer(self) -> Result<String, Failure> {
        let offset = self.offset.as_deref().map(offset).transpose()?.unwrap_or_default();
        let document = schedule(&ScheduleInput {
            usage: sources(&self.usage),
            requests: sources(&self.requests),
            assumptions: self.assumptions.as_ref().map(Text::source),
            question: ScheduleQuestion { offset, environments: self.environments },
        })?;
        Ok(match self.format {
            ScheduleFormat::Json => json(&document),
            ScheduleFormat::Csv => schedule_csv(&document),
            ScheduleFormat::KubeDownscaler => export(&document, Export::KubeDownscaler),
            ScheduleFormat::AwsScheduler => export(&document, Export::AwsScheduler),
            ScheduleFormat::Cron => export(&document, Export::Cron),
        })
    }
}
