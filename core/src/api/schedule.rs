//! Off-hours: usage in, schedules out.

use serde::Deserialize;

use super::bill_call::{Bill, OverlapName};
use super::call::{NameRead, Text};
use super::rightsize::{assumptions, no_usage, one_currency, read_usage, requests};
use super::sizing::{Asked, OverBills, SizingCall, SizingParts};
use super::{Failure, Format, UsageFiles};
use crate::bill::Metric;
use crate::calendar::{Date, Month};
use crate::condition::document::Source;
use crate::rightsizing::schedule::{Offset, OffsetError, Schedule, ScheduleQuestion, Scheduling};
use crate::rightsizing::{Assumptions, Billed, Pricing, Requests};

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
    let (requests, assumptions) = (requests(&input.requests)?, assumptions(input.assumptions)?);
    schedule_of(&files, &requests, &assumptions, None, input.question.clone())
}

/// The same of usage that has been read, with the prices of bills where there are any.
///
/// # Errors
/// When there is no usage, or prices are in two currencies.
pub fn schedule_of(
    files: &UsageFiles,
    requests: &Requests,
    assumptions: &Assumptions,
    billed: Option<&Billed>,
    question: ScheduleQuestion,
) -> Result<Schedule, Failure> {
    let pricing = Pricing::of(requests, assumptions, billed);
    one_currency(files, &pricing)?;
    let refused = (files.refused, files.refused_rows.clone());
    Scheduling { usage: &files.usage, pricing, question, refused }.document().ok_or_else(no_usage)
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
    #[serde(default)]
    policy: Vec<Text>,
    as_of: Option<Date>,
    bills: Option<Vec<Bill>>,
    month: Option<Month>,
    metric: Option<Metric>,
    overlap: Option<OverlapName>,
    offset: Option<String>,
    #[serde(default)]
    environments: Vec<String>,
    #[serde(default)]
    format: Format,
    #[serde(default, rename = "call")]
    _name: NameRead,
}

impl ScheduleCall {
    pub(super) fn sizing(self) -> Result<SizingCall, Failure> {
        let offset = self.offset.as_deref().map(offset).transpose()?.unwrap_or_default();
        let asked =
            Asked::Hours(ScheduleQuestion { offset, environments: self.environments, ..ScheduleQuestion::default() });
        Ok(SizingCall {
            parts: SizingParts { usage: self.usage, requests: self.requests, assumptions: self.assumptions, asked },
            policy: self.policy,
            over: OverBills {
                as_of: self.as_of,
                bills: self.bills,
                month: self.month,
                metric: self.metric,
                overlap: self.overlap,
            },
            format: self.format,
        })
    }
}
