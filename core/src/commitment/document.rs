//! The document `headroom/commitments/1`.

use serde::Serialize;

use crate::bill::Source;
use crate::calendar::Date;
use crate::forecast::{Figure, Ratio};
use crate::money::{Amount, Currency};
use crate::report::Warning;

/// What is committed to and what should be, in one currency.
#[derive(Clone, Debug, Serialize)]
pub struct Commitments {
    /// `headroom/commitments/1`.
    pub schema: &'static str,
    /// The day of asking.
    pub as_of: Date,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Whose approval a commitment needs.
    pub approval: Approval,
    /// What a reader of the figures alone would miss.
    pub warnings: Vec<Warning>,
    /// All of it together.
    pub totals: Totals,
    /// The commitments there are, the one with the most waste first.
    pub existing: Vec<Existing>,
    /// What each offer would come to at each provider's account, the largest saving first.
    pub plans: Vec<Plan>,
}

/// Who must approve a commitment.
#[derive(Clone, Debug, Serialize)]
pub struct Approval {
    /// Whether any commitment is recommended, so that somebody must approve it.
    pub required: bool,
    /// Who.
    pub approver: String,
}

/// Sums over all commitments and offers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Totals {
    /// Effective cost of commitments that was used, of those that have not ended.
    pub used: Option<Amount>,
    /// Effective cost of them that nobody used: waste.
    pub unused: Option<Amount>,
    /// The same of commitments that have ended; null where it is not known.
    pub ended_unused: Option<Amount>,
    /// Used in percent of both; null where either is not known or there are none.
    pub utilisation_percent: Option<String>,
    /// Usage that offers could cover, paid on demand.
    pub on_demand: Amount,
    /// Usage of the same kind that commitments cover, at its price on demand; null where the bills do not state it.
    pub covered: Option<Amount>,
    /// Covered in percent of both.
    pub coverage_percent: Option<String>,
    /// What the recommendations save a month.
    pub saving_month: Amount,
    /// How many there are.
    pub recommended: u64,
}

/// A commitment there is.
#[derive(Clone, Debug, Serialize)]
pub struct Existing {
    /// Whose bill it is on.
    #[serde(flatten)]
    pub source: Source,
    /// Its identifier.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What kind it is.
    pub kind: Option<String>,
    /// The first day that it is charged for, and the last.
    pub from: Date,
    /// The last day that it is charged for, not beyond the end of its bill.
    pub to: Date,
    /// Whether it is no longer charged for when its bill ends: what lay unused of it cannot be saved any more.
    pub ended: bool,
    /// Effective cost that was used; null where the bills do not state it.
    pub used: Option<Amount>,
    /// Effective cost that nobody used.
    pub unused: Option<Amount>,
    /// The same a month, by all days that it was charged for, those beyond the end of its bill too; null where it has ended.
    pub unused_month: Option<Amount>,
    /// Used in percent of both.
    pub utilisation_percent: Option<String>,
    /// What it covered would have cost on demand, where the bills state a price.
    pub covered: Option<Amount>,
    /// What it saved, after what it wasted; below 0 a loss.
    pub saved: Option<Amount>,
}

/// How finely the bills tell when usage was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// By the hour.
    #[default]
    Hour,
    /// By the day: what lies idle at night is not seen.
    Day,
}

/// An offer held against the usage of an account.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// The offer.
    pub offer: String,
    /// What it is called.
    pub name: String,
    /// Whose bill it would be on.
    #[serde(flatten)]
    pub source: Source,
    /// The discount in percent of what is paid on demand, an assumption of the policy.
    pub discount_percent: Amount,
    /// Months that it binds for.
    pub term_months: u64,
    /// How finely the usage is known.
    pub step: Step,
    /// The first day of the history.
    pub from: Option<Date>,
    /// Its last day.
    pub to: Option<Date>,
    /// Hours of usage, gaps left out.
    pub hours: u64,
    /// Hours of which the bills say nothing.
    pub gaps: u64,
    /// What the usage costs on demand in a month like the last four weeks.
    pub on_demand_month: Amount,
    /// What to commit to; null where nothing is.
    pub recommended: Option<Recommended>,
    /// Why nothing is recommended.
    pub refused: Option<PlanRefused>,
    /// How the recommendation would have done over several look-backs, the shortest first.
    pub look_backs: Vec<LookBack>,
    /// Advice of the past held against what came after; null where the history is too short for it.
    pub tried: Option<TriedShown>,
    /// The same of committing in parts, beside committing at once; null where the history is too short for it.
    pub tried_in_parts: Option<TriedPartsShown>,
    /// What the history cannot tell.
    pub unknown: Vec<String>,
}

/// What to commit to.
#[derive(Clone, Debug, Serialize)]
pub struct Recommended {
    /// Usage to be covered, at its price on demand, an hour.
    pub covers_hour: Amount,
    /// What is paid for it an hour, used or not.
    pub commit_hour: Amount,
    /// What is paid over the whole term.
    pub commit_term: Amount,
    /// What it would save a month, if usage is as in the last four weeks.
    pub saving_month: Amount,
    /// The part of it that would be used, in percent.
    pub utilisation_percent: Ratio,
    /// The part that must be used for it to pay, in percent.
    pub break_even_utilisation_percent: Ratio,
    /// By how many percent usage may fall, all hours alike, before it saves nothing.
    pub bearable_fall_percent: Ratio,
    /// Months after which it has paid, should all usage end then.
    pub break_even_months: Ratio,
    /// In which parts.
    pub tranches: Vec<Tranche>,
}

/// A part of a commitment.
#[derive(Clone, Debug, Serialize)]
pub struct Tranche {
    /// The earliest day for it.
    pub on: Date,
    /// Covered an hour, with the parts before.
    pub covers_hour: Amount,
    /// Paid an hour, with the parts before.
    pub commit_hour: Amount,
    /// Saved a month, with the parts before.
    pub saving_month: Amount,
    /// By how many percent usage may fall before all of it together saves nothing.
    pub bearable_fall_percent: Ratio,
}

/// Why nothing is recommended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanRefused {
    /// `too_short`, `gaps`, `no_usage`, `loss` or `too_small`.
    pub code: &'static str,
    /// In words.
    pub reason: String,
}

/// The recommendation, or what it would have been, over some days before today.
#[derive(Clone, Debug, Serialize)]
pub struct LookBack {
    /// How many days.
    pub days: u64,
    /// What would have saved most.
    pub best_covers_hour: Figure,
    /// What that would have saved, in percent of what was paid.
    pub best_saving_percent: Ratio,
    /// What the recommendation would have saved, in percent of what was paid; below 0 a loss.
    pub saving_percent: Ratio,
    /// The part of it that would have been used, in percent.
    pub utilisation_percent: Ratio,
}

/// Advice of the past held against the four weeks that came after it.
#[derive(Clone, Debug, Serialize)]
pub struct TriedShown {
    /// How often, once a week.
    pub windows: u64,
    /// What it would have saved of what could have been saved in hindsight, in percent.
    pub capture_percent: Option<Ratio>,
    /// What it would have missed of that, a month.
    pub regret_month: Amount,
    /// How often it would have made a loss.
    pub losses: u64,
    /// The least of the capture in any window, in percent; below 0 a loss.
    pub worst_percent: Ratio,
}

/// Committing in parts held against what came after, beside committing at once.
#[derive(Clone, Debug, Serialize)]
pub struct TriedPartsShown {
    /// How often, once a week.
    pub windows: u64,
    /// Days that each was held against.
    pub days: u64,
    /// What the parts would have saved of what could have been saved in hindsight, in percent.
    pub capture_percent: Option<Ratio>,
    /// How often the parts would have made a loss.
    pub losses: u64,
    /// What the first advice, taken whole, would have saved of it.
    pub capture_percent_at_once: Option<Ratio>,
    /// How often that would have made a loss.
    pub losses_at_once: u64,
}
