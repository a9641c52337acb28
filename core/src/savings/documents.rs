//! Reading documents of savings.

use crate::order::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::commitments::of_commitments;
use super::proposal::{Of, Proposal};
use crate::calendar::Month;
use crate::condition::document::Source;
use crate::maturity::{TextFault, read_json};
use crate::money::Amount;
use crate::report::{ActionEvidence, ActionGrade, ActionKind, Key};

/// What documents say could be saved.
#[derive(Clone, Debug, Default)]
pub struct Savings {
    pub(super) documents: Vec<Document>,
}

/// One document in one currency.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) name: String,
    pub(super) schema: String,
    pub(super) currency: String,
    /// The month whose cost it tells, where it tells one.
    pub(super) month: Option<Month>,
    /// The policy by which it says whose things are, where it does.
    pub(super) policy: Option<String>,
    pub(super) proposals: Vec<Proposal>,
}

/// Why documents cannot be put together: which, and what is wrong.
pub type SavingsFault = (String, TextFault);

const HINT: &str = "give what `rightsize`, `rightsize --idle`, `schedule` or `commitments` wrote with `--format json`";
const TWICE: &str = "leave one of them out: it would count twice";
const CONTRADICTION: &str = "make the document anew: this one contradicts itself";

const SIZES: &str = "headroom/rightsizing/1";
const SCHEDULE: &str = "headroom/schedule/1";
const COMMITMENTS: &str = "headroom/commitments/1";
const WASTE: &str = "headroom/waste/1";

impl Savings {
    /// Reads documents, each one or an array of one for each currency.
    ///
    /// # Errors
    /// The first that cannot be read, contradicts itself, or says what another said already.
    pub fn read(sources: &[Source<'_>]) -> Result<Self, SavingsFault> {
        let mut savings = Self::default();
        let mut seen: BTreeMap<(ActionKind, String, String), String> = BTreeMap::new();
        for source in sources {
            let fault = |fault| (source.name.to_owned(), fault);
            for document in read_one(source).map_err(fault)? {
                for one in &document.proposals {
                    let key = (one.kind, document.currency.clone(), identity(one));
                    if let Some(first) = seen.insert(key, source.name.to_owned()) {
                        let message = format!("`{}` is in `{first}` already", one.subject);
                        return Err(fault(TextFault::whole(message, TWICE)));
                    }
                }
                savings.documents.push(document);
            }
        }
        savings.documents.sort_by(|a, b| (&a.name, &a.currency).cmp(&(&b.name, &b.currency)));
        Ok(savings)
    }

    /// Whether no document was given.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}

/// What tells proposals of a kind apart.
fn identity(one: &Proposal) -> String {
    match &one.of {
        Of::Workload { name, .. } => name.clone(),
        Of::Commitment { payer, id } => format!("{payer:?} {id:?}"),
        Of::Bill { payer, .. } | Of::OnDemand { payer, .. } => format!("{} {payer:?} {}", one.subject, one.what),
    }
}

fn read_one(source: &Source<'_>) -> Result<Vec<Document>, TextFault> {
    let (documents, is_list) = match read_json(source.text, HINT)? {
        Value::Array(documents) => (documents, true),
        one => (vec![one], false),
    };
    if documents.is_empty() {
        return Err(TextFault::whole("an empty list holds no document", HINT));
    }
    let read = |(at, value): (usize, Value)| {
        let place = Place { document: source.name, prefix: if is_list { format!("/{at}") } else { String::new() } };
        let schema = value["schema"].as_str().unwrap_or_default().to_owned();
        let (head, proposals) = match schema.as_str() {
            SIZES => of_sizes(&place, &value)?,
            SCHEDULE => of_schedule(&place, &value)?,
            COMMITMENTS => of_commitments(&place, &value)?,
            WASTE => of_waste(&place, &value)?,
            "" => return Err(TextFault::whole("it has no `schema`", HINT)),
            other => return Err(TextFault::whole(format!("a `{other}` says nothing of savings"), HINT)),
        };
        let (name, currency) = (source.name.to_owned(), head.currency);
        Ok(Document {
            name,
            schema,
            currency,
            month: head.month.or(head.bill.map(|bill| bill.month)),
            policy: head.policy,
            proposals,
        })
    };
    documents.into_iter().enumerate().map(read).collect()
}

/// Where a document stands.
pub(super) struct Place<'s> {
    document: &'s str,
    prefix: String,
}

impl Place<'_> {
    pub(super) fn evidence(&self, at: Vec<String>, says: String) -> ActionEvidence {
        let at = at.into_iter().map(|at| format!("{}{at}", self.prefix)).collect();
        ActionEvidence { document: self.document.to_owned(), at, says }
    }
}

#[derive(Deserialize)]
pub(super) struct Head {
    currency: String,
    #[serde(default)]
    month: Option<Month>,
    #[serde(default)]
    policy: Option<String>,
    /// What bills say of its prices.
    #[serde(default)]
    bill: Option<HeadBill>,
}

#[derive(Deserialize)]
struct HeadBill {
    month: Month,
}

/// A document as its own type; what it is is told where it is not.
pub(super) fn typed<T: for<'d> Deserialize<'d>>(value: &Value) -> Result<(Head, T), TextFault> {
    let wrong = |error: serde_json::Error| TextFault::whole(format!("it is not as its schema says: {error}"), HINT);
    Ok((Head::deserialize(value).map_err(wrong)?, T::deserialize(value).map_err(wrong)?))
}

pub(super) type Read = Result<(Head, Vec<Proposal>), TextFault>;

#[derive(Deserialize)]
struct Sizes {
    recommendations: Vec<SizeRow>,
}

#[derive(Deserialize)]
struct SizeRow {
    workload: String,
    resource: String,
    unit: String,
    environment: Option<String>,
    action: String,
    request: Option<Amount>,
    limit: Option<Amount>,
    current_request: Option<Amount>,
    current_limit: Option<Amount>,
    saving_month: Option<Amount>,
    severity: String,
    signs: Vec<String>,
    replay: Option<SizeReplay>,
}

#[derive(Deserialize)]
struct SizeReplay {
    weeks: u64,
    above_percent: Amount,
    weeks_killed: Option<u64>,
    #[serde(default)]
    opposite: bool,
}

/// Requests of a workload that change, both resources as one action: they are one patch.
fn of_sizes(place: &Place<'_>, value: &Value) -> Read {
    let (head, sizes): (Head, Sizes) = typed(value)?;
    let mut by_workload: BTreeMap<&str, Vec<(usize, &SizeRow)>> = BTreeMap::new();
    for (at, row) in sizes.recommendations.iter().enumerate() {
        if row.action == "lower" || row.action == "raise" {
            by_workload.entry(&row.workload).or_default().push((at, row));
        }
    }
    let mut proposals = Vec::new();
    for (workload, rows) in by_workload {
        let stated = Amount::checked_sum(rows.iter().filter_map(|(_, row)| row.saving_month));
        let what: Vec<String> = rows.iter().filter_map(|(_, row)| change(row)).collect();
        let says: Vec<String> = rows.iter().map(|(_, row)| row.says()).collect();
        // It is not of today's advice.
        let replayed = rows.iter().any(|(_, row)| row.replay.is_some());
        let of = if replayed { "advice as it was week by week: " } else { "" };
        let at = rows.iter().map(|(at, _)| format!("/recommendations/{at}")).collect();
        proposals.push(Proposal {
            kind: ActionKind::Resize,
            subject: workload.to_owned(),
            what: what.join(", "),
            of: Of::Workload {
                name: workload.to_owned(),
                environment: rows.iter().find_map(|(_, row)| row.environment.clone()),
                cost: None,
                owner: None,
            },
            stated: stated.filter(|_| rows.iter().all(|(_, row)| row.saving_month.is_some())),
            risk: rows.iter().map(|(_, row)| row.risk()).max().unwrap_or(ActionGrade::Unknown),
            effort: ActionGrade::Low,
            approver: None,
            evidence: place.evidence(at, format!("{of}{}", says.join("; "))),
        });
    }
    Ok((head, proposals))
}

/// `cpu 4 to 1.3 cores`.
fn change(row: &SizeRow) -> Option<String> {
    let from = row.current_request.map_or_else(|| "none".to_owned(), |from| from.to_string());
    Some(format!("{} {from} to {} {}", row.resource, row.request?, row.unit))
}

impl SizeRow {
    fn says(&self) -> String {
        let Some(replay) = &self.replay else { return format!("{}: never replayed", self.resource) };
        let weeks = crate::report::figures::counted(replay.weeks, "week", "weeks");
        let other = if replay.opposite { ", the other way than today" } else { "" };
        let above = replay.weeks_killed.map_or_else(
            || format!("above {} % of the time in {weeks}", replay.above_percent.round_to(2)),
            |killed| format!("above its limit in {killed} of {weeks}"),
        );
        format!("{} {above}{other}", self.resource)
    }

    /// A limit that goes down may stop what never came near it while it was seen.
    fn risk(&self) -> ActionGrade {
        let cut = self.limit.zip(self.current_limit).is_some_and(|(limit, current)| limit < current);
        if cut { self.risk_of_request().max(ActionGrade::Medium) } else { self.risk_of_request() }
    }

    /// More of something risks nothing; less of it what its replay shows.
    fn risk_of_request(&self) -> ActionGrade {
        let percent = Amount::from_whole;
        match &self.replay {
            _ if self.action == "raise" && self.severity != "unknown" => ActionGrade::Low,
            None => ActionGrade::Unknown,
            Some(replay) if replay.weeks_killed.is_some_and(|killed| killed > 0) => ActionGrade::High,
            Some(replay) if replay.above_percent > percent(5) => ActionGrade::High,
            Some(replay) if replay.above_percent > percent(1) || replay.weeks < 2 => ActionGrade::Medium,
            Some(_) if !self.signs.is_empty() => ActionGrade::Medium,
            Some(_) => ActionGrade::Low,
        }
    }
}

#[derive(Deserialize)]
struct Schedules {
    workloads: Vec<ScheduleRow>,
}

#[derive(Deserialize)]
struct ScheduleRow {
    workload: String,
    environment: Option<String>,
    off_percent: Option<Amount>,
    replay: Option<ScheduleReplay>,
    confidence: String,
    cost_month: Option<Amount>,
    saving_month: Option<Amount>,
    refused: Option<Value>,
}

#[derive(Deserialize)]
struct ScheduleReplay {
    weeks: u64,
    hours_cut: u64,
}

fn of_schedule(place: &Place<'_>, value: &Value) -> Read {
    let (head, schedules): (Head, Schedules) = typed(value)?;
    let mut proposals = Vec::new();
    for (at, row) in schedules.workloads.into_iter().enumerate() {
        let Some(off) = row.off_percent.filter(|_| row.refused.is_none()) else { continue };
        within(&row.workload, row.saving_month, row.cost_month)?;
        let hours = |replay: &ScheduleReplay| {
            let cut = crate::report::figures::counted(replay.hours_cut, "hour", "hours");
            format!("would have cut {cut} at work in {} weeks", replay.weeks)
        };
        let off = off.round_to(1);
        let says = row.replay.as_ref().map_or_else(|| "never replayed".to_owned(), hours);
        proposals.push(Proposal {
            kind: ActionKind::Schedule,
            subject: row.workload.clone(),
            what: format!("off {off} % of the week"),
            of: Of::Workload { name: row.workload, environment: row.environment, cost: row.cost_month, owner: None },
            stated: row.saving_month,
            risk: match row.confidence.as_str() {
                "high" => ActionGrade::Low,
                "fair" => ActionGrade::Medium,
                "low" => ActionGrade::High,
                _ => ActionGrade::Unknown,
            },
            effort: ActionGrade::Medium,
            approver: None,
            evidence: place.evidence(vec![format!("/workloads/{at}")], says),
        });
    }
    Ok((head, proposals))
}

#[derive(Deserialize)]
struct WasteFindings {
    findings: Vec<FindingRow>,
}

#[derive(Deserialize)]
struct FindingRow {
    rule: String,
    provider_name: Option<String>,
    billing_account_id: Option<String>,
    sub_account_id: Option<String>,
    resource_id: Option<String>,
    workload: Option<String>,
    owner: BTreeMap<String, Option<String>>,
    cost_month: Option<Amount>,
    saving_month: Option<Amount>,
    from: String,
    to: String,
    confidence: ActionGrade,
    risk: ActionGrade,
    effort: ActionGrade,
    action: String,
}

fn of_waste(place: &Place<'_>, value: &Value) -> Read {
    let (head, document): (Head, WasteFindings) = typed(value)?;
    let mut proposals = Vec::new();
    for (at, row) in document.findings.into_iter().enumerate() {
        let names = [&row.resource_id, &row.workload, &row.sub_account_id, &row.billing_account_id];
        let subject = names.into_iter().flatten().next().cloned().unwrap_or_else(|| row.rule.clone());
        within(&subject, row.saving_month, row.cost_month)?;
        let owner = Key(row.owner.into_iter().collect());
        let of = match row.workload {
            Some(name) => Of::Workload { name, environment: None, cost: row.cost_month, owner: Some(owner) },
            None => Of::Bill { payer: (row.provider_name, row.billing_account_id), owner },
        };
        let says = format!("{}: seen from {} to {}, confidence {}", row.rule, row.from, row.to, row.confidence.word());
        proposals.push(Proposal {
            kind: ActionKind::Remove,
            subject,
            what: row.action,
            of,
            stated: row.saving_month,
            risk: row.risk,
            effort: row.effort,
            approver: None,
            evidence: place.evidence(vec![format!("/findings/{at}")], says),
        });
    }
    Ok((head, proposals))
}

/// Nothing saves more than it costs.
pub(super) fn within(subject: &str, saving: Option<Amount>, cost: Option<Amount>) -> Result<(), TextFault> {
    match (saving, cost) {
        (Some(saving), Some(cost)) if saving > cost => {
            Err(TextFault::whole(format!("`{subject}` costs {cost} a month and would save {saving}"), CONTRADICTION))
        }
        (Some(saving), _) if saving < Amount::ZERO => {
            Err(TextFault::whole(format!("`{subject}` would save {saving} a month"), CONTRADICTION))
        }
        _ => Ok(()),
    }
}
