//! What nobody uses: bills, usage and rules in, the document out.

use std::sync::Arc;

use serde::Deserialize;

use super::bill_call::{Bill, BillCall, OverlapName};
use super::call::{NameRead, Text, sources};
use super::failure::of_problems;
use super::rightsize::{assumptions, no_usage, one_currency, read_usage, requests};
use super::{Document, Failure, Format, UsageFiles};
use crate::allocation::{Policy, PolicySource};
use crate::bill::Metric;
use crate::calendar::{Date, Month};
use crate::condition::document::Source;
use crate::report::Request;
use crate::rightsizing::{Assumptions, Pricing, Requests};
use crate::waste::{Ask, IdlePolicy, MeasuredUsage, WasteError, look_at_usage};

/// Reads what counts as unused; what comes with Headroom, where no file is given.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn idle_rules(source: Option<Source<'_>>) -> Result<IdlePolicy, Failure> {
    source.map_or_else(IdlePolicy::shipped, IdlePolicy::parse).map_err(|problems| of_problems(&problems))
}

/// Usage that has been read, with what is requested for it.
///
/// # Errors
/// When requests are priced in two currencies.
pub fn measured(files: UsageFiles, requests: Requests, assumptions: Assumptions) -> Result<MeasuredUsage, Failure> {
    one_currency(&files, &Pricing::of(&requests, &assumptions, None))?;
    let refused = (files.refused, files.refused_rows.into_iter().next());
    Ok(MeasuredUsage { usage: files.usage, requests, assumptions, refused })
}

/// What usage alone tells of what nobody uses.
///
/// # Errors
/// When there is no usage, or a sum is out of range.
pub fn waste_of_usage(ask: &Ask, request: &Request) -> Result<Document, Failure> {
    let documents = look_at_usage(ask, request)?;
    if documents.iter().all(|document| document.usage.is_none()) {
        return Err(no_usage());
    }
    Ok(Document::Waste(documents))
}

/// A call for what nobody uses, as JSON states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WasteCall {
    as_of: Date,
    bills: Option<Vec<Bill>>,
    #[serde(default)]
    policy: Vec<Text>,
    month: Option<Month>,
    metric: Option<Metric>,
    overlap: Option<OverlapName>,
    #[serde(default)]
    usage: Vec<Text>,
    #[serde(default)]
    requests: Vec<Text>,
    assumptions: Option<Text>,
    rules: Option<Text>,
    #[serde(default)]
    format: Format,
    #[serde(default, rename = "call")]
    _name: NameRead,
}

/// What is asked beside the bills.
#[derive(Debug, Default)]
pub(super) struct WasteParts {
    usage: Vec<Text>,
    requests: Vec<Text>,
    assumptions: Option<Text>,
    rules: Option<Text>,
}

impl WasteParts {
    pub(super) fn ask(&self, policy: Arc<Policy>) -> Result<Ask, Failure> {
        let idle = Arc::new(idle_rules(self.rules.as_ref().map(Text::source))?);
        let usage = if self.usage.is_empty() {
            None
        } else {
            Some(measured(
                read_usage(&sources(&self.usage))?,
                requests(&sources(&self.requests))?,
                assumptions(self.assumptions.as_ref().map(Text::source))?,
            )?)
        };
        Ok(Ask { idle, policy, usage })
    }
}

impl WasteCall {
    /// Whether it is of usage alone.
    pub(super) fn is_of_usage(&self) -> bool {
        self.bills.is_none()
    }

    /// The answer of usage alone.
    pub(super) fn answer(self) -> Result<String, Failure> {
        if self.usage.is_empty() {
            return Err(Failure::at("call", "it has neither `bills` nor `usage`")
                .code("call")
                .hint("give one of them"));
        }
        let policy: Vec<PolicySource<'_>> =
            self.policy.iter().map(|source| PolicySource { name: &source.name, text: &source.text }).collect();
        let policy = if policy.is_empty() { Policy::builtin() } else { Policy::parse(&policy)? };
        let (as_of, format) = (self.as_of, self.format);
        let ask = self.beside().ask(Arc::new(policy))?;
        waste_of_usage(&ask, &Request::new(as_of))?.render(format)
    }

    fn beside(self) -> WasteParts {
        WasteParts { usage: self.usage, requests: self.requests, assumptions: self.assumptions, rules: self.rules }
    }

    /// What it asks of bills.
    pub(super) fn over_bills(mut self) -> BillCall {
        let mut call = BillCall::of(self.as_of, self.bills.take(), self.format);
        call.policy = std::mem::take(&mut self.policy);
        (call.month, call.metric, call.overlap) = (self.month, self.metric, self.overlap);
        call.waste = self.beside();
        call
    }
}

impl<F: Into<Self>> From<WasteError<F>> for Failure {
    fn from(error: WasteError<F>) -> Self {
        match error {
            WasteError::Report(error) => error.into(),
            WasteError::ReadOnce => {
                Self::new("resources are added up in a second reading, and standard input or a pipe is read once")
                    .hint("save the bill to a file")
            }
            WasteError::TooMany => {
                Self::new("the bills hold too many resources that rules are about").hint("narrow the rules' `when`")
            }
        }
    }
}
