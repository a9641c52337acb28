//! The document `headroom/schedule/1`.

use serde::Serialize;

use super::week::{Offset, Stretch, Week};
use crate::money::{Amount, Currency};
use crate::rightsizing::{BillBasis, BilledMachine, PriceSource, RefusedRow};

/// What may be off when.
#[derive(Clone, Debug, Serialize)]
pub struct Schedule {
    /// `headroom/schedule/1`.
    pub schema: &'static str,
    /// The first day of usage, and the last, in UTC.
    pub from: String,
    /// The last day of usage.
    pub to: String,
    /// How far local time is ahead of UTC; all times of day are local.
    pub offset: Offset,
    /// A name that time-zone databases have for the offset; null where there is none.
    pub zone: Option<String>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// What the bills say of prices; null where none were given.
    pub bill: Option<BillBasis>,
    /// The environments that are looked at; empty for all that are not production.
    pub environments: Vec<String>,
    /// Rows of usage that could not be read.
    pub refused_count: u64,
    /// The first of them.
    pub refused_rows: Vec<RefusedRow>,
    /// What a reader of the figures alone would miss.
    pub warnings: Vec<String>,
    /// All of it together.
    pub totals: ScheduleTotals,
    /// By saving, then by name.
    pub workloads: Vec<Proposal>,
}

/// What it comes to.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct ScheduleTotals {
    /// Workloads that were looked at.
    pub workloads: u64,
    /// Of them, those with a proposal.
    pub proposed: u64,
    /// Workloads that are production, or of which nobody says that they are not.
    pub passed_over: u64,
    /// What proposals save a month; null where nothing is known of any request.
    pub saving_month: Option<Amount>,
}

/// What may be off when, of one workload.
#[derive(Clone, Debug, Serialize)]
pub struct Proposal {
    /// Which.
    pub workload: String,
    /// Where it runs.
    pub environment: Option<String>,
    /// When it is on, in local time; empty without a proposal.
    pub on: Vec<Period>,
    /// When it is off.
    pub off: Vec<Period>,
    /// The part of the week that is off, in percent.
    pub off_percent: Option<Amount>,
    /// How the same learning did in past weeks.
    pub replay: Option<Replayed>,
    /// How far it is to be trusted, by the replay alone.
    pub confidence: Confidence,
    /// What it costs a month: by the bill where it is a machine of it, else its requests.
    pub cost_month: Option<Amount>,
    /// Where that is known from.
    pub cost_source: Option<PriceSource>,
    /// The machine of the bill that it is; null where it is none.
    pub machine: Option<OnBill>,
    /// What of that would be off.
    pub saving_month: Option<Amount>,
    /// Why nothing is proposed.
    pub refused: Option<Refused>,
    #[serde(skip)]
    pub(super) week: Option<Week>,
}

/// A machine of the bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OnBill {
    /// Its identifier.
    pub resource_id: String,
    /// Its charges in the month.
    pub rows: u64,
    /// Of its cost, what is charged by the hour and not covered by a commitment: only that can be saved.
    pub hourly_month: Option<Amount>,
}

impl OnBill {
    pub(super) fn of(machine: &BilledMachine) -> Self {
        let hourly = Amount::checked_sum(machine.by_hour.iter().copied().chain([machine.longer]));
        Self { resource_id: machine.resource_id.clone(), rows: machine.rows, hourly_month: hourly }
    }
}

/// Hours of some days in a row; never across midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// `Mon-Fri`, `Sat`.
    pub days: String,
    /// When it begins, such as `07:00`.
    pub from: String,
    /// When it ends, `24:00` at midnight.
    pub to: String,
}

impl Period {
    pub(super) fn of(stretch: Stretch) -> Self {
        let (from, to) = stretch.times();
        Self { days: stretch.days(), from, to }
    }
}

/// How a schedule learnt before each past week would have done in it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Replayed {
    /// How many weeks.
    pub weeks: u64,
    /// Hours that would have been off.
    pub off_hours: u64,
    /// Hours at work that would have been cut.
    pub hours_cut: u64,
    /// Hours at work.
    pub hours_at_work: u64,
}

/// How far a proposal is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// At most half an hour a week cut, over two weeks or more.
    High,
    /// At most three hours a week.
    Fair,
    /// More, or too few weeks.
    Low,
    /// Never replayed.
    Unknown,
}

/// Why nothing is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// `too_short`, `always_the_same`, `always_at_work` or `no_cpu`.
    pub code: &'static str,
    /// In words.
    pub reason: &'static str,
}
