//! The report as a value: what is written here is the JSON contract, field by field, in order.

use serde::Serialize;

pub use super::actions::*;
pub use super::environments::*;
pub use crate::bill::Source;
use crate::bill::{Dialect, Metric};
use crate::calendar::{Date, Month};
use crate::forecast::{Figure, Ratio};
pub use crate::ledger::{Answer, View};
use crate::money::{Amount, Currency};
use crate::order::BTreeMap;

/// The monthly cost report in one currency.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// `headroom/report/1`.
    pub schema: &'static str,
    /// The day the report was asked for.
    pub as_of: Date,
    /// Which month charges count for.
    pub view: View,
    /// The metric of groups and changes.
    pub metric: Metric,
    /// The currency of every amount.
    pub currency: Currency,
    /// The month reported.
    pub month: Month,
    /// Whether the month is whole in every source.
    pub complete: Answer,
    /// The month compared with; `None` when the bills hold nothing of it.
    pub previous_month: Option<Month>,
    /// The days of the month that are compared with the same days of the month before.
    pub basis: Basis,
    /// The allocation policy: file names, or `built-in`.
    pub policy: String,
    /// The owner whose charges alone are reported, by dimension; empty for everybody's.
    pub owner: BTreeMap<String, String>,
    /// What the files are and whether they can be trusted.
    pub verdict: Verdict,
    /// The month's totals.
    pub totals: MetricMap<Total>,
    /// Input against what was allocated.
    pub conservation: MetricMap<Conservation>,
    /// The dimensions that make a group.
    pub dimensions: Vec<String>,
    /// Cost by group, ordered by key, null last.
    pub groups: Vec<Group>,
    /// What changed by more than the threshold, largest first.
    pub changes: Vec<Change>,
    /// What has nothing to be compared with.
    pub not_compared: Vec<NotCompared>,
    /// Changes under the policy's floor.
    pub below_floor: BelowFloor,
    /// Months up to this one, oldest first, at most 13.
    pub history: Vec<HistoryMonth>,
    /// Production beside what is none; left out where no charge has an environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environments: Option<Environments>,
    /// What to do, ranked; left out where no document of savings was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Actions>,
    /// What is likely to be flagged at the end of the month that goes on; only where the bills hold part of one, the month
    /// reported is that one or the one before it, and charges count for the month they start in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early_warning: Option<EarlyWarnings>,
}

/// What is likely to be flagged at the end of the month that goes on.
#[derive(Clone, Debug, Serialize)]
pub struct EarlyWarnings {
    /// The month that goes on.
    pub month: Month,
    /// The month before, which is whole.
    pub previous_month: Month,
    /// The last day that every source covers.
    pub to: Date,
    /// The chance in percent from which on a scope is warned of.
    pub level: Ratio,
    /// Scopes with enough history to be judged: everything, squads, services, cloud services.
    pub judged: usize,
    /// Those that are warned of, by level, then by value, null last.
    pub scopes: Vec<WarnedScope>,
}

/// A scope that is likely to end the month more than 20 % above the last.
#[derive(Clone, Debug, Serialize)]
pub struct WarnedScope {
    /// Which.
    pub scope: Scope,
    /// What the month before cost.
    pub previous: Figure,
    /// Spent so far.
    pub spent: Figure,
    /// What the month will have cost at its end.
    pub expected: Figure,
    /// The interval of 80 %.
    pub lo80: Figure,
    /// The interval of 80 %.
    pub hi80: Figure,
    /// The chance in percent that the month ends more than 20 % above the last.
    pub probability: Ratio,
}

/// One value for each metric, in the contract's order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MetricMap<T> {
    /// Of billed cost.
    pub billed: T,
    /// Of effective cost.
    pub effective: T,
    /// Of list cost.
    pub list: T,
    /// Of contracted cost.
    pub contracted: T,
}

impl<T> MetricMap<T> {
    /// Works out the value of each metric.
    pub fn of(mut value: impl FnMut(Metric) -> T) -> Self {
        Self {
            billed: value(Metric::Billed),
            effective: value(Metric::Effective),
            list: value(Metric::List),
            contracted: value(Metric::Contracted),
        }
    }

    /// The value of a metric.
    pub fn get(&self, metric: Metric) -> &T {
        match metric {
            Metric::Billed => &self.billed,
            Metric::Effective => &self.effective,
            Metric::List => &self.list,
            Metric::Contracted => &self.contracted,
        }
    }
}

/// Consecutive days, both included; all of the month where nothing is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// One metric of the month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Total {
    /// Sum of the rows that state it; `None` when none does.
    pub amount: Option<Amount>,
    /// Rows of the month.
    pub rows: u64,
    /// Rows that do not state it.
    pub missing_rows: u64,
}

/// Input = allocated + unallocated, to the last digit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Conservation {
    /// What the rows add up to, summed apart from any rule.
    pub input: Option<Amount>,
    /// What some squad owns.
    pub allocated: Option<Amount>,
    /// What nobody owns.
    pub unallocated: Option<Amount>,
    /// Input less the two others; zero.
    pub difference: Option<Amount>,
}

/// The cost of one group.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// Value of each dimension; `None` is unallocated.
    pub key: Key,
    /// The whole month.
    pub amount: Option<Amount>,
    /// Rows of the month that do not state the metric: `amount` is the sum of the others. Left out where there are none.
    #[serde(skip_serializing_if = "is_none_missing")]
    pub missing_rows: u64,
    /// The part of `amount` that is compared: the basis days of sources present in both months.
    pub compared: Option<Amount>,
    /// The month before, on the same basis; `None` where there is nothing to compare.
    pub previous: Option<Amount>,
    /// `compared` less `previous`.
    pub delta: Option<Amount>,
    /// `100 · delta / |previous|`, 4 places.
    pub percent: Option<String>,
    /// The same, both sides divided by the days compared.
    pub percent_per_day: Option<String>,
    /// Ids of the rules that put charges here, in the policy's order.
    pub rules: Vec<String>,
}

#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference, here of a pointer's size")
)]
fn is_none_missing(rows: &u64) -> bool {
    *rows == 0
}

/// The values of a key's dimensions, in the order of the report's dimensions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key(pub Vec<(String, Option<String>)>);

impl Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A change above the threshold.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// What changed.
    pub scope: Scope,
    /// The metric compared.
    pub metric: Metric,
    /// Before, on the basis days.
    pub previous: Option<Amount>,
    /// Now, on the basis days.
    pub current: Option<Amount>,
    /// `current` less `previous`.
    pub delta: Amount,
    /// `100 · delta / |previous|`, 4 places; `None` when `previous` is none or zero.
    pub percent: Option<String>,
    /// The same, both sides divided by the days compared.
    pub percent_per_day: Option<String>,
    /// What kind of change.
    pub kind: ChangeKind,
    /// Whether somebody has accounted for it.
    pub state: ReviewState,
    /// Who did, and why.
    pub note: Option<Note>,
    /// What moved most, by |delta|.
    pub contributors: Vec<Contributor>,
    /// `delta` less the contributors'.
    pub other: Amount,
}

/// A scope: a level, and the key that names one thing on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// `total`, `squad`, `service`, `service_name`, `environment`, `sub_account_id` or `group`.
    pub level: String,
    /// The dimensions' values; empty for the total.
    pub key: Key,
}

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// More than before.
    Rise,
    /// Less than before.
    Fall,
    /// Not there before.
    New,
    /// Not there any more.
    Gone,
}

/// Whether a change has been accounted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// By nobody.
    Unexplained,
    /// Somebody gave the reason.
    Explained,
    /// It was announced.
    Planned,
}

/// Who accounted for a change, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// The reason.
    pub why: String,
    /// Last month it holds for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Month>,
}

/// One thing's part in a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contributor {
    /// `resource_id` and `service_name`, or `service_name` alone where resources were not read.
    pub key: Key,
    /// Its change.
    pub delta: Amount,
}

/// An amount that takes no part in the comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotCompared {
    /// Whose bill.
    pub source: Source,
    /// Of which month.
    pub month: Month,
    /// How much.
    pub amount: Option<Amount>,
    /// Why.
    pub reason: NotComparedReason,
}

/// Why an amount is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotComparedReason {
    /// The source has no bill for the month before.
    AbsentInPrevious,
    /// The source has no bill for this month.
    AbsentInCurrent,
    /// The charge spans more than a day, and only some days are compared.
    NotDaily,
    /// The charge is of a day of another month than the one it is billed in, and only some days are compared.
    OtherMonth,
    /// A month is not whole, and there is no day that every source covers in both.
    NoCommonDay,
    /// A month is not whole, and the bills cannot be read again for single days.
    ReadOnce,
}

/// Changes beyond the threshold whose amount is under the floor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BelowFloor {
    /// How many.
    pub count: u64,
    /// Sum of their |delta|.
    pub amount: Amount,
}

/// A month's totals.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryMonth {
    /// The month.
    pub month: Month,
    /// Whether it is whole.
    pub complete: Answer,
    /// Totals of the whole month.
    pub totals: MetricMap<Option<Amount>>,
}

/// What the files are, and whether they can be trusted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Verdict {
    /// Each file.
    pub files: Vec<FileVerdict>,
    /// Rows that could not be read.
    pub refused_count: u64,
    /// The first hundred of them.
    pub refused_rows: Vec<RefusedRow>,
    /// Files that hold the same rows.
    pub overlaps: Vec<Overlap>,
    /// How well charges are tagged.
    pub tags: TagHealth,
    /// What else a reader must know.
    pub warnings: Vec<Warning>,
}

/// One file.
#[derive(Clone, Debug, Serialize)]
pub struct FileVerdict {
    /// Its name, as given.
    pub name: String,
    /// Its dialect.
    pub dialect: Dialect,
    /// The dialect's version, where the header tells.
    pub version: Option<&'static str>,
    /// Rows read, refused ones included.
    pub rows: u64,
    /// Rows that could not be read.
    pub refused: u64,
    /// Currencies found.
    pub currencies: Vec<Currency>,
    /// Whose bills it holds.
    pub sources: Vec<SourceVerdict>,
}

/// One source's part of a file.
#[derive(Clone, Debug, Serialize)]
pub struct SourceVerdict {
    /// Who sends the bill.
    pub provider_name: Option<String>,
    /// Whom it is for.
    pub billing_account_id: Option<String>,
    /// The months it holds.
    pub months: Vec<MonthVerdict>,
}

/// One month of one source in one file.
#[derive(Clone, Debug, Serialize)]
pub struct MonthVerdict {
    /// The month.
    pub month: Month,
    /// First day with a daily usage charge.
    pub first_day: Option<Date>,
    /// Last day with a daily usage charge.
    pub last_day: Option<Date>,
    /// Whether the file holds the whole month.
    pub complete: Answer,
    /// Whether the bill is invoiced.
    #[serde(rename = "final")]
    pub is_final: Answer,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RefusedRow {
    /// The file.
    pub file: String,
    /// Line the row starts on, from 1.
    pub line: u64,
    /// The column's name, where one is to blame.
    pub column: Option<String>,
    /// What is wrong.
    pub reason: String,
}

/// Two files with rows in common.
#[derive(Clone, Debug, Serialize)]
pub struct Overlap {
    /// The files; where one is left out, it is the second.
    pub files: [String; 2],
    /// The month.
    pub month: Month,
    /// Rows found in both.
    pub rows_in_common: u64,
    /// What they add up to in the report's metric.
    pub amount: Option<Amount>,
    /// What was done.
    pub action: OverlapAction,
}

/// What was done about an overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OverlapAction {
    /// The second file is the same and was left out.
    Skipped,
    /// Of the month the second file's rows were left out: the newest of those with the same rows stands.
    KeptNewest,
    /// The rows of both were counted, as was asked for.
    Summed,
    /// Nothing: the report is refused.
    Refused,
}

/// How well charges are tagged.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TagHealth {
    /// Percent of rows with at least one tag, 4 places; `None` without rows.
    pub coverage: Option<String>,
    /// Keys that differ only by case, blanks or punctuation.
    pub merge: Vec<TagMerge>,
}

/// Tag keys that mean the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TagMerge {
    /// The spellings, sorted.
    pub keys: Vec<String>,
    /// The one most rows use.
    pub into: String,
}

/// Something a reader must know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Warning {
    /// A stable word for machines.
    pub code: String,
    /// The same for people.
    pub message: String,
    /// How often.
    pub count: u64,
}
