//! Calls about usage whose prices bills may tell: sizes and schedules.

use super::bill_call::{Bill, BillCall, OverlapName};
use super::call::{Text, sources};
use super::rightsize::{assumptions, idle_measured, in_one_currency, read_usage, requests, rightsize_of};
use super::schedule::schedule_of;
use super::{Document, Failure, Format, UsageFiles};
use crate::allocation::{Policy, PolicySource};
use crate::bill::Metric;
use crate::billed::{BilledError, billed_from};
use crate::calendar::{Date, Month};
use crate::ledger::Supply;
use crate::report::Request;
use crate::rightsizing::schedule::ScheduleQuestion;
use crate::rightsizing::{Assumptions, Billed, Question, Requests};

/// What both calls have in common.
#[derive(Debug)]
pub(super) struct SizingCall {
    pub(super) parts: SizingParts,
    pub(super) policy: Vec<Text>,
    pub(super) over: OverBills,
    pub(super) format: Format,
}

/// Which bills tell prices, and how they are read.
#[derive(Debug)]
pub(super) struct OverBills {
    pub(super) as_of: Option<Date>,
    pub(super) bills: Option<Vec<Bill>>,
    pub(super) month: Option<Month>,
    pub(super) metric: Option<Metric>,
    pub(super) overlap: Option<OverlapName>,
}

/// What is asked of usage.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// What should be requested.
    Sizes(Question),
    /// When it may be off.
    Hours(ScheduleQuestion),
}

/// What is asked beside bills.
#[derive(Debug)]
pub(super) struct SizingParts {
    pub(super) usage: Vec<Text>,
    pub(super) requests: Vec<Text>,
    pub(super) assumptions: Option<Text>,
    pub(super) asked: Asked,
}

/// The same, read.
#[derive(Debug)]
pub(super) struct Sizing {
    files: UsageFiles,
    requests: Requests,
    assumptions: Assumptions,
    asked: Asked,
}

impl SizingCall {
    /// Whether it is of usage alone.
    pub(super) fn is_of_usage(&self) -> bool {
        self.over.bills.is_none()
    }

    /// The answer of usage alone.
    pub(super) fn answer(&self) -> Result<String, Failure> {
        let OverBills { as_of, month, metric, overlap, .. } = &self.over;
        if as_of.is_some() || month.is_some() || metric.is_some() || overlap.is_some() {
            let message = "it says `as_of`, `month`, `metric` or `overlap` without `bills`";
            return Err(Failure::at("call", message).code("call").hint("they say how bills are read: give `bills`"));
        }
        let policy: Vec<PolicySource<'_>> =
            self.policy.iter().map(|source| PolicySource { name: &source.name, text: &source.text }).collect();
        let policy = if policy.is_empty() { Policy::builtin() } else { Policy::parse(&policy)? };
        self.parts.read(&policy)?.document(None)?.render(self.format)
    }

    /// What it asks of bills.
    pub(super) fn over_bills(self) -> Result<BillCall, Failure> {
        let OverBills { as_of, bills, month, metric, overlap } = self.over;
        let Some(as_of) = as_of else {
            let message = "missing field `as_of`: bills are read as of a day";
            return Err(Failure::at("call", message).code("call").hint("give the day of asking"));
        };
        let mut call = BillCall::of(as_of, bills, self.format);
        (call.policy, call.sizing) = (self.policy, Some(self.parts));
        (call.month, call.metric, call.overlap) = (month, metric, overlap);
        Ok(call)
    }
}

impl SizingParts {
    /// Reads what is asked beside bills; the policy says where workloads run that do not say it themselves.
    pub(super) fn read(&self, policy: &Policy) -> Result<Sizing, Failure> {
        let mut files = read_usage(&sources(&self.usage))?;
        files.usage.name_environments(policy);
        let mut asked = self.asked.clone();
        if let Asked::Hours(question) = &mut asked {
            question.kinds = policy.environments().clone();
        }
        Ok(Sizing {
            files,
            requests: requests(&sources(&self.requests))?,
            assumptions: assumptions(self.assumptions.as_ref().map(Text::source))?,
            asked,
        })
    }
}

impl Sizing {
    /// The answer with the prices of bills.
    pub(super) async fn answer<B: Supply>(&self, bills: &B, request: &Request) -> Result<Document, Failure>
    where
        B::Fault: Into<Failure>,
    {
        let all = billed_from(bills, &self.files.usage, &idle_measured()?, request).await?;
        self.document(Some(&in_one_currency(all, &self.requests)?))
    }

    /// The answer.
    pub(super) fn document(&self, billed: Option<&Billed>) -> Result<Document, Failure> {
        let Self { files, requests, assumptions, asked } = self;
        Ok(match asked {
            Asked::Sizes(question) => Document::Sizes(rightsize_of(files, requests, assumptions, billed, *question)?),
            Asked::Hours(question) => {
                Document::Schedule(schedule_of(files, requests, assumptions, billed, question.clone())?)
            }
        })
    }
}

impl<F: Into<Self>> From<BilledError<F>> for Failure {
    fn from(error: BilledError<F>) -> Self {
        match error {
            BilledError::Report(error) => error.into(),
            BilledError::ReadOnce => {
                Self::new("prices are added up in a second reading, and standard input or a pipe is read once")
                    .hint("save the bill to a file")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::api::answer;

    #[test]
    fn bills_are_read_as_of_a_day_and_a_month_is_one_of_bills() {
        let usage = r#""usage":[{"name":"u.csv","text":"timestamp,workload,resource,value\n2026-05-01,a,cpu,1\n"}]"#;
        for call in ["rightsize", "schedule"] {
            let asked = |more: &str| answer(&format!(r#"{{"call":"{call}",{usage}{more}}}"#));
            let no_day = asked(r#","bills":[{"name":"b.csv","text":""}]"#);
            assert!(no_day.contains("missing field `as_of`"), "{no_day}");
            let no_bills = asked(r#","month":"2026-05""#);
            assert!(no_bills.contains("without `bills`"), "{no_bills}");
            let no_form = asked(r#","format":"markdown""#);
            assert!(no_form.contains("has no Markdown form"), "{no_form}");
        }
    }
}
