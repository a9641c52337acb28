//! Calls about bills, whoever holds them.

use std::cell::RefCell;
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use serde::Deserialize;

use super::call::{NameRead, Text, sources as sources_of};
use super::document::{Document, Format};
use super::forecast_call::KnownCall;
use super::sizing::{Sizing, SizingParts};
use super::waste::WasteParts;
use super::{Failure, add_savings, explanations, savings};
use crate::allocation::{Policy, PolicySource};
use crate::bill::Metric;
use crate::calendar::{Date, Month};
use crate::change::Explanations;
use crate::commitment::{CommitmentPolicy, commit_from};
use crate::forecast::Models;
use crate::ledger::{ChargeSupply, PushedFile, View};
use crate::order::BTreeMap;
use crate::report::{
    Check, LineFormat, OnOverlap, Request, Selection, cube_from, explain_from, inspect_from, lines_from, starter_from,
};
use crate::savings::Savings;
use crate::spending::{Ask, expect_from, report_from};
use crate::waste::{self, look_from};

/// What is asked of bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    Report,
    Inspect,
    Allocate,
    Lines,
    Check,
    Explain,
    Init,
    Forecast,
    Commitments,
    Waste,
    /// Sizes, or schedules.
    Sizing,
}

/// A call about bills as JSON states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BillCall {
    pub(super) as_of: Date,
    pub(super) bills: Option<Vec<Bill>>,
    #[serde(default)]
    pub(super) policy: Vec<Text>,
    #[serde(default)]
    pub(super) explanations: Vec<Text>,
    pub(super) month: Option<Month>,
    pub(super) metric: Option<Metric>,
    pub(super) view: Option<ViewName>,
    pub(super) by: Option<Vec<String>>,
    #[serde(default, rename = "for")]
    pub(super) owner: BTreeMap<String, String>,
    pub(super) overlap: Option<OverlapName>,
    pub(super) resource: Option<String>,
    #[serde(default, rename = "where")]
    pub(super) conditions: BTreeMap<String, String>,
    /// A report's alone.
    #[serde(default)]
    pub(super) savings: Vec<Text>,
    /// A forecast's alone.
    #[serde(skip)]
    pub(super) budgets: Option<Text>,
    /// A forecast's alone.
    #[serde(skip)]
    pub(super) known: KnownCall,
    /// A forecast's alone.
    #[serde(skip)]
    pub(super) models: Models,
    /// Of commitments alone.
    #[serde(skip)]
    pub(super) offers: Option<Text>,
    /// Of waste alone.
    #[serde(skip)]
    pub(super) waste: WasteParts,
    /// Of sizes and schedules alone.
    #[serde(skip)]
    pub(super) sizing: Option<SizingParts>,
    #[serde(default)]
    pub(super) format: Format,
    #[serde(default, rename = "call")]
    _name: NameRead,
}

/// A bill: with its text, or without where its bytes are pushed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bill {
    name: String,
    text: Option<String>,
    size: Option<u64>,
    #[serde(default)]
    once: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ViewName {
    ChargeMonth,
    BillingMonth,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OverlapName {
    Newest,
    Sum,
}

/// A call that has been understood: what is asked, and of which bills.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) task: Task,
    pub(super) format: Format,
    pub(super) files: Vec<PushedFile>,
    pub(super) request: Request,
    policy: Result<Arc<Policy>, Check>,
    explanations: Explanations,
    selection: Selection,
    ask: Ask,
    offers: Option<CommitmentPolicy>,
    waste: Option<waste::Ask>,
    sizing: Option<Sizing>,
    savings: Savings,
}

impl BillCall {
    /// A call that asks nothing in particular.
    pub(super) fn of(as_of: Date, bills: Option<Vec<Bill>>, format: Format) -> Self {
        Self {
            as_of,
            bills,
            policy: Vec::new(),
            explanations: Vec::new(),
            month: None,
            metric: None,
            view: None,
            by: None,
            owner: BTreeMap::new(),
            overlap: None,
            resource: None,
            conditions: BTreeMap::new(),
            savings: Vec::new(),
            budgets: None,
            known: KnownCall::default(),
            models: Models::default(),
            offers: None,
            waste: WasteParts::default(),
            sizing: None,
            format,
            _name: NameRead,
        }
    }

    /// The texts of the bills, which a call that is to be answered at once must have.
    pub(super) fn take_texts(&mut self) -> Result<Vec<String>, Failure> {
        let missing = |bill: &Bill| {
            Failure::at("call", format_args!("the bill `{}` has no `text`", bill.name))
                .code("call")
                .hint("give its text, or push its bytes in a session")
        };
        let bills = self.bills.iter_mut().flatten();
        bills.map(|bill| bill.text.take().ok_or_else(|| missing(bill))).collect()
    }

    /// Reads what the call says of bills that it does not name.
    pub(super) fn over(mut self, task: Task) -> Result<Asked, Failure> {
        if self.bills.is_some() {
            let message = "it holds `bills`, and bills were handed over apart";
            return Err(Failure::at("call", message).code("call").hint("leave `bills` out"));
        }
        self.bills = Some(Vec::new());
        self.understood(task)
    }

    /// Reads what the call names.
    pub(super) fn understood(self, task: Task) -> Result<Asked, Failure> {
        let in_call = |message: &str| Failure::at("call", message).code("call");
        let Some(bills) = self.bills.or_else(|| (task == Task::Check).then(Vec::new)) else {
            return Err(in_call("missing field `bills`").hint("give a list of bills, each with its `name`"));
        };
        if let Some(bill) = bills.iter().find(|bill| bill.text.is_some()) {
            return Err(in_call("a session takes no `text` of bills")
                .hint(format_args!("push the bytes of `{}` when they are wanted", bill.name)));
        }
        if task != Task::Explain && (self.resource.is_some() || !self.conditions.is_empty()) {
            return Err(in_call("`resource` and `where` say which charge to explain").hint("call `explain`"));
        }
        if task != Task::Report && !self.savings.is_empty() {
            return Err(in_call("`savings` are put into a report").hint("call `report`"));
        }
        let sources: Vec<PolicySource<'_>> =
            self.policy.iter().map(|source| PolicySource { name: &source.name, text: &source.text }).collect();
        let policy = if sources.is_empty() { Ok(Policy::builtin()) } else { Policy::parse(&sources) };
        let policy = match policy {
            Ok(policy) => Ok(Arc::new(policy)),
            Err(error) if task == Task::Check => Err(Check::of_error(&sources, &error)),
            Err(error) => return Err(error.into()),
        };
        let mut selection = Selection::default();
        if let Some(id) = &self.resource {
            selection.resource(id);
        }
        for (name, value) in &self.conditions {
            selection.condition(name, value)?;
        }
        let said = self.explanations.iter().map(|text| (text.name.as_str(), text.text.as_str()));
        let budgets = self.budgets.as_ref().map(|text| super::budgets(text.source())).transpose()?.unwrap_or_default();
        let offers = (task == Task::Commitments).then(|| super::offers(self.offers.as_ref().map(Text::source)));
        let waste = match (task, &policy) {
            (Task::Waste, Ok(policy)) => Some(self.waste.ask(policy.clone())?),
            _ => None,
        };
        let sizing = match (&self.sizing, &policy) {
            (Some(sizing), Ok(policy)) => Some(sizing.read(policy)?),
            _ => None,
        };
        let usual = Request::new(self.as_of);
        Ok(Asked {
            task,
            format: self.format,
            files: bills.into_iter().map(Bill::pushed).collect(),
            policy,
            explanations: explanations(said)?,
            selection,
            ask: Ask { models: self.models, budgets, releases: super::known(&self.known.input())? },
            offers: offers.transpose()?,
            waste,
            sizing,
            savings: savings(&sources_of(&self.savings))?,
            request: Request {
                month: self.month,
                metric: self.metric.unwrap_or(usual.metric),
                view: match self.view {
                    Some(ViewName::BillingMonth) => View::BillingMonth,
                    Some(ViewName::ChargeMonth) | None => View::ChargeMonth,
                },
                by: self.by,
                owner: self.owner,
                overlap: match self.overlap {
                    Some(OverlapName::Newest) => OnOverlap::Newest,
                    Some(OverlapName::Sum) => OnOverlap::Sum,
                    None => OnOverlap::Refuse,
                },
                ..usual
            },
        })
    }
}

impl Bill {
    fn pushed(self) -> PushedFile {
        PushedFile { name: self.name, size: self.size, once: self.once }
    }
}

impl Asked {
    /// Puts what is asked to the bills; lines are written to `lines` as they are made.
    pub(super) async fn answer<B>(self, bills: &B, lines: &Rc<RefCell<Vec<u8>>>) -> Result<Document, Failure>
    where
        B: ChargeSupply,
        B::Fault: Into<Failure>,
    {
        let policy = match self.policy {
            Ok(policy) => policy,
            // That a policy cannot be used is what its check says.
            Err(check) => return Ok(Document::Check(check)),
        };
        let request = &self.request;
        Ok(match self.task {
            Task::Report => {
                let mut reports = apart(report_from(bills, &policy, &self.explanations, request)).await?;
                add_savings(&mut reports, &self.savings, &policy);
                Document::Reports(reports)
            }
            Task::Inspect => {
                let (inspection, faults) = apart(inspect_from(bills, &policy, request)).await?;
                match faults.into_iter().next() {
                    Some(fault) => return Err(fault.into()),
                    None => Document::Inspection(inspection),
                }
            }
            Task::Allocate => Document::Cube(apart(cube_from(bills, &policy, request)).await?),
            Task::Lines => {
                let format = match self.format {
                    Format::Csv => LineFormat::Csv,
                    Format::Json => LineFormat::Json,
                    format => return Err(format.refused("a list of lines", "`json` or `csv`")),
                };
                let mut write = |piece: &[u8]| {
                    lines.borrow_mut().extend_from_slice(piece);
                    ControlFlow::Continue(())
                };
                Document::Lines(apart(lines_from(bills, &policy, request, format, &mut write)).await?)
            }
            Task::Check => {
                let check = Check::of_policy(&policy);
                match bills.names() {
                    [] => Document::Check(check),
                    _ => Document::Check(apart(check.with_bills_from(bills, &policy, request)).await?),
                }
            }
            Task::Explain => Document::Explained(apart(explain_from(bills, &policy, request, &self.selection)).await?),
            Task::Init => Document::Starter(apart(starter_from(bills, request)).await?),
            Task::Commitments => match &self.offers {
                Some(offers) => Document::Commitments(apart(commit_from(bills, offers, request)).await?),
                None => return Err(Failure::new("the call has no offers").code("engine")),
            },
            Task::Waste => match &self.waste {
                Some(ask) => Document::Waste(apart(look_from(bills, ask, request)).await?),
                None => return Err(Failure::new("the call has no rules").code("engine")),
            },
            Task::Sizing => match &self.sizing {
                Some(sizing) => apart(sizing.answer(bills, request)).await?,
                None => return Err(Failure::new("the call has no usage").code("engine")),
            },
            Task::Forecast => Document::CostForecasts(apart(expect_from(bills, &policy, request, &self.ask)).await?),
        })
    }
}

/// Keeps a task's steps in functions of their own. As one function they are all of the engine that reads bills, which a
/// browser compiles at the first step of any task and optimises on the way.
fn apart<'a, T>(task: impl Future<Output = T> + 'a) -> Pin<Box<dyn Future<Output = T> + 'a>> {
    Box::pin(task)
}
