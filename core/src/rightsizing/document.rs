//! The document `headroom/rightsizing/1`.

use serde::Serialize;

use super::billed::BillBasis;
use super::pricing::{Price, PriceSource};
use super::read::Refusal;
use super::requests::Requested;
use super::resource::Resource;
use super::rhythm::Rhythm;
use super::signs::Sign;
use super::size::Size;
use crate::money::{Amount, Currency};

/// What should be requested, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rightsizing {
    /// `headroom/rightsizing/1`.
    pub schema: &'static str,
    /// How much risk is taken.
    pub profile: &'static str,
    /// Who decides.
    pub strategy: &'static str,
    /// First and last moment of the usage, UTC.
    pub from: String,
    /// The end of the usage, UTC.
    pub to: String,
    /// Days from the one to the other, begun ones too.
    pub days: i64,
    /// The currency of all money.
    pub currency: Currency,
    /// What a core and a GiB are taken to cost a month.
    pub prices: Prices,
    /// What the bills say of prices; null where none were given.
    pub bill: Option<BillBasis>,
    /// Sums over all recommendations.
    pub totals: Totals,
    /// By money a month, the largest first; then by workload and resource.
    pub recommendations: Vec<Recommendation>,
    /// Rows that could not be used.
    pub refused_count: u64,
    /// The first of them.
    pub refused_rows: Vec<RefusedRow>,
    /// What else should be known.
    pub warnings: Vec<String>,
}

/// Prices a month of what has none of its own, and where prices are from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Prices {
    /// Of a core.
    pub cpu_core_month: Amount,
    /// Where that is from.
    pub cpu_source: PriceSource,
    /// Of a GiB.
    pub memory_gib_month: Amount,
    /// Where that is from.
    pub memory_source: PriceSource,
    /// Where the prices of all requests are from that are known.
    pub source: PriceSource,
}

/// A row that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedRow {
    /// Its file.
    pub file: String,
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

impl RefusedRow {
    /// A refusal and its file.
    pub fn of(file: &str, refusal: Refusal) -> Self {
        Self { file: file.to_owned(), line: refusal.line, reason: refusal.reason }
    }
}

/// Sums over all recommendations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Workloads.
    pub workloads: u64,
    /// Recommendations by what is to be done.
    pub lower: u64,
    /// To be raised.
    pub raise: u64,
    /// To be set for the first time.
    pub set: u64,
    /// To be left.
    pub keep: u64,
    /// Without advice.
    pub withheld: u64,
    /// What lowering saves a month.
    pub saving_month: Option<Amount>,
    /// What raising costs a month.
    pub cost_month: Option<Amount>,
    /// What today's requests cost a month, of those that are known.
    pub requested_month: Option<Amount>,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Less.
    Lower,
    /// More.
    Raise,
    /// For the first time, or nobody said what is requested.
    Set,
    /// Nothing: a change would not pay, or none is needed.
    Keep,
    /// No advice.
    Withhold,
}

impl Action {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Raise => "raise",
            Self::Set => "set",
            Self::Keep => "keep",
            Self::Withhold => "withhold",
        }
    }
}

/// Which side today's request errs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More than is needed: money.
    Over,
    /// Less than is needed: risk.
    Under,
    /// As needed.
    Right,
    /// Not known.
    Unknown,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Soon.
    Critical,
    /// In time.
    Warning,
    /// At leisure.
    Low,
    /// Not at all.
    Good,
    /// Not known.
    Unknown,
}

impl Severity {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::Low => "low",
            Self::Good => "good",
            Self::Unknown => "unknown",
        }
    }
}

impl Direction {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Under => "under",
            Self::Right => "right",
            Self::Unknown => "unknown",
        }
    }
}

/// What should be requested for a workload's resource, per replica.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recommendation {
    /// Whose.
    pub workload: String,
    /// Of what.
    pub resource: Resource,
    /// `cores` or `MiB`.
    pub unit: &'static str,
    /// Where it runs, where the usage says.
    pub environment: Option<String>,
    /// Whether it is a machine of the bill.
    #[serde(skip)]
    pub machine: bool,
    /// What is requested today of the workload's other resource, where nothing is known of its use.
    #[serde(skip)]
    pub beside: Option<Beside>,
    /// Replicas that money counts.
    pub replicas: u32,
    /// What to do.
    pub action: Action,
    /// The request; `null` without advice. Where the action is `keep`, today's.
    pub request: Option<Size>,
    /// The limit; `null` where none should be set.
    pub limit: Option<Size>,
    /// What the strategy came to, whether or not a move pays.
    pub target: Option<Size>,
    /// Today's.
    pub current_request: Option<Size>,
    /// Today's.
    pub current_limit: Option<Size>,
    /// Which side today's request errs on.
    pub direction: Direction,
    /// How much it matters.
    pub severity: Severity,
    /// What a core, or a GiB, costs a month.
    pub price: Price,
    /// What today's request costs a month; `null` where nobody said what is requested.
    pub cost_month: Option<Amount>,
    /// What the advice saves a month; negative where it costs more; `null` where nobody said what is requested.
    pub saving_month: Option<Amount>,
    /// What makes it a guess.
    pub signs: Vec<Sign>,
    /// What was seen.
    pub seen: Option<SeenUsage>,
    /// Rhythm, in UTC.
    pub rhythm: Rhythm,
    /// The advice replayed on the past; `null` where no week can be.
    pub replay: Option<Replay>,
    /// Why, in a sentence.
    pub why: String,
}

impl Recommendation {
    /// The highest use of memory that was seen, in MiB, where it is above the limit: what sets such a limit has something
    /// killed that ran.
    pub fn limit_below_peak(&self) -> Option<Amount> {
        let (limit, seen) = (self.limit?, self.seen.as_ref()?);
        (self.resource == Resource::Memory && limit.amount() < seen.peak).then_some(seen.peak)
    }
}

/// What is requested of a resource of whose use nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Of what.
    pub resource: Resource,
    /// The request.
    pub request: Option<Size>,
    /// The limit.
    pub limit: Option<Size>,
}

/// What was seen in the last 28 days, in cores or MiB with three decimals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeenUsage {
    /// Samples, one for five minutes at most.
    pub samples: u64,
    /// The mean.
    pub mean: Amount,
    /// The 95th percentile.
    pub p95: Amount,
    /// The 99th percentile.
    pub p99: Amount,
    /// The highest.
    pub peak: Amount,
}

/// What the same advice would have done in past weeks, each time knowing only what lay before the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replay {
    /// Weeks that were replayed.
    pub weeks: u64,
    /// Percent of the time that use was above the request advised.
    pub above_percent: Amount,
    /// Weeks in which memory was above the limit advised; `null` for CPU.
    pub weeks_killed: Option<u64>,
    /// Percent of what was used that lay above the request advised.
    pub unmet_percent: Amount,
    /// Reserved for each unit that was used.
    pub reserved_by_used: Option<Amount>,
    /// How the reserve differs from today's, in percent; `null` where nobody said what is requested.
    pub reserved_change_percent: Option<Amount>,
    /// Whether that advice went the other way than today's, which knows more.
    pub opposite: bool,
    /// Percent of the same time that use was above today's request.
    pub current_above_percent: Option<Amount>,
    /// Weeks in which memory was above today's limit, or today's request where there is no limit; `null` for CPU.
    pub current_weeks_killed: Option<u64>,
}

/// What is requested today, and where that is from.
pub(super) struct Today<'r> {
    pub(super) requested: Option<&'r Requested>,
}

impl Today<'_> {
    pub(super) fn request(&self, resource: Resource) -> Option<Size> {
        Some(Size::ceil(resource, self.requested?.request?))
    }

    pub(super) fn limit(&self, resource: Resource) -> Option<Size> {
        Some(Size::ceil(resource, self.requested?.limit?))
    }
}

/// A figure with three decimals.
pub(super) fn thousandths(figure: f64) -> Amount {
    let steps = (figure * 1000.0).round().clamp(-1e15, 1e15);
    Amount::from_units(steps as i128 * 10_i128.pow(15))
}

/// A part as a percentage with four decimals; what is there never reads as 0.
pub(super) fn percent(part: f64) -> Amount {
    let steps = (part * 1e6).round().clamp(-1e15, 1e15) as i128;
    let steps = if steps == 0 && part > 0.0 { 1 } else { steps };
    Amount::from_units(steps * 10_i128.pow(14))
}
