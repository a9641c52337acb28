//! The document `headroom/waste/1`.

use serde::Serialize;

use crate::bill::Metric;
use crate::calendar::{Date, Month};
use crate::ledger::{Answer, Overflow};
use crate::money::{Amount, Currency};
use crate::report::{Key, Warning};

/// What nobody uses, in one currency.
#[derive(Clone, Debug, Serialize)]
pub struct Waste {
    /// `headroom/waste/1`.
    pub schema: &'static str,
    /// The day of asking.
    pub as_of: Date,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The month whose cost is told; null where no bills were looked at.
    pub month: Option<Month>,
    /// Whether the month is whole in every source.
    pub complete: Answer,
    /// The metric of costs of bills.
    pub metric: Metric,
    /// The allocation policy that says whose things are: file names, or `built-in`.
    pub policy: String,
    /// The usage that was looked at; null without any.
    pub usage: Option<UsageSpan>,
    /// What a reader of the figures alone would miss.
    pub warnings: Vec<Warning>,
    /// All of it together.
    pub totals: Totals,
    /// What each rule found, in the order of the rules; those that found nothing are left out.
    pub rules: Vec<RuleSum>,
    /// What was found, the most money first.
    pub findings: Vec<Finding>,
}

/// The usage that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct UsageSpan {
    /// Its first day, UTC.
    pub from: Date,
    /// Its last day, UTC.
    pub to: Date,
    /// Workloads in it.
    pub workloads: u64,
}

/// Sums over all findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// What there would be to save a month, of findings of which that is known; null where it is of none.
    pub saving_month: Known,
    /// How many findings there are, those that are not listed too.
    pub findings: u64,
    /// Of them, those of which nobody can tell what they would save.
    pub unknown: u64,
    /// Findings that are beyond the number that is listed.
    pub not_listed: Below,
    /// Findings that cost less than the rules' least; they are in no other sum.
    pub below_least: Below,
}

/// Findings that are counted and not listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Below {
    /// How many.
    pub count: u64,
    /// What they cost a month, of those of which that is known; null where it is of none.
    pub amount: Known,
}

/// A sum of what is known: 0 of nothing at all, and null of parts of which none is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Known(Option<Amount>, #[serde(skip)] u64);

impl Default for Known {
    fn default() -> Self {
        Self(Some(Amount::ZERO), 0)
    }
}

impl Known {
    /// The sum, where any part of it is known.
    pub fn get(self) -> Option<Amount> {
        self.0
    }

    /// With another part.
    pub(super) fn and(self, part: Option<Amount>) -> Result<Self, Overflow> {
        let Self(sum, parts) = self;
        let before = sum.filter(|_| parts > 0);
        let sum = match (before, part) {
            (Some(sum), Some(part)) => Some(sum.checked_add(part).ok_or(Overflow)?),
            (sum, part) => sum.or(part),
        };
        Ok(Self(sum, parts + 1))
    }
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleSum {
    /// The rule.
    pub rule: String,
    /// What it finds, in words.
    pub name: String,
    /// Where its figures are from.
    pub source: String,
    /// How many.
    pub findings: u64,
    /// What they would save a month, of those of which that is known; null where it is of none.
    pub saving_month: Known,
}

/// How much of something, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

impl Grade {
    /// The words, as documents write them.
    pub const WORDS: [(&'static str, Self); 3] = [("low", Self::Low), ("medium", Self::Medium), ("high", Self::High)];

    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What is not used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Subject {
    /// Whose bill it is on; null for a workload of usage alone.
    pub provider_name: Option<String>,
    /// The account that the invoice goes to.
    pub billing_account_id: Option<String>,
    /// The account, subscription or project.
    pub sub_account_id: Option<String>,
    /// The region.
    pub region_id: Option<String>,
    /// The service.
    pub service_name: Option<String>,
    /// The resource, or the commitment; null where the bill does not name it, or for a workload.
    pub resource_id: Option<String>,
    /// The workload, for what usage tells.
    pub workload: Option<String>,
}

/// Something that nobody uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule that found it.
    pub rule: String,
    /// What it is.
    #[serde(flatten)]
    pub subject: Subject,
    /// Whose it is: squad, service if the policy knows any, environment; null is unallocated.
    pub owner: Key,
    /// What it costs a month: of bills, the cost in the document's month; of usage, what is requested. Null where that is
    /// not known.
    pub cost_month: Option<Amount>,
    /// What of that would be saved; null where nobody can tell.
    pub saving_month: Option<Amount>,
    /// The first day that it is seen.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Whether what is seen begins on the first day of the bills or the usage, so that it may be older.
    pub since_the_beginning: bool,
    /// What was seen of its use; null where the rule asks for none.
    pub activity: Option<Activity>,
    /// How sure it is.
    pub confidence: Grade,
    /// What may go wrong.
    pub risk: Grade,
    /// How much work it is.
    pub effort: Grade,
    /// What to do.
    pub action: String,
}

/// What was seen of a thing's use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// Used a day, on average, in the unit of the bill; of a workload, cores that it stays under for most of the time.
    pub seen: Amount,
    /// From more than this on it would not have been found.
    pub at_most: Amount,
    /// Days looked at.
    pub days: u64,
}
