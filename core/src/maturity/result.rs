//! The result as a value: what is written here is the JSON contract, field by field, in order.

use serde::Serialize;

use super::outcome::{Basis, Outcome, Why};
use crate::calendar::Date;
use crate::money::Amount;

/// What came of an assessment.
#[derive(Clone, Debug, Serialize)]
pub struct Answered {
    /// `headroom/assessment-result/1`.
    pub schema: &'static str,
    /// The day it is for.
    pub as_of: Date,
    /// Who is assessed.
    pub subject: SubjectName,
    /// By which framework.
    pub framework: FrameworkName,
    /// The overall level; `None` for a plan, which has no levels.
    pub level: Option<Level>,
    /// The control that holds the whole down the most, the first of equals; `None` where nothing of any is open.
    pub weakest_control: Option<WeakestControl>,
    /// Criteria that count for each stage.
    pub stages: Vec<StageTally>,
    /// How many controls are at each level.
    pub distribution: Vec<LevelCount>,
    /// Each control, in the framework's order.
    pub controls: Vec<ControlResult>,
    /// Each criterion, in the framework's order.
    pub criteria: Vec<CriterionResult>,
    /// Figures that counted: what a later result is compared with.
    pub figures: Vec<Figure>,
    /// Claims beyond the evidence.
    pub overstated: Vec<Overstated>,
    /// Every waiver, and whether it holds.
    pub waivers: Vec<WaiverResult>,
    /// What stands between each control and the target.
    pub gaps: Vec<Gap>,
    /// What to do, in order.
    pub actions: Vec<Action>,
    /// What became of the newest earlier result.
    pub trend: Option<Trend>,
    /// Earlier levels, oldest first.
    pub history: Vec<HistoryLevel>,
    /// Contradictions of the framework that are kept, and what governs.
    pub anomalies: Vec<AnomalyNote>,
    /// What else a reader must know.
    pub warnings: Vec<Warning>,
}

/// Who is assessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SubjectName {
    /// Its id.
    pub id: String,
    /// `service`, `team` or `org`.
    pub kind: String,
}

/// By which framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FrameworkName {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// A level that is certain, and one that unknowns leave possible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Level {
    /// Unknown counts as failing.
    pub confirmed: u8,
    /// Unknown counts as met.
    pub potential: u8,
    /// The confirmed level as it is to be shown: with a `*` where it rests on a waiver.
    pub shown: String,
    /// What the confirmed level is called.
    pub name: String,
    /// The highest level there is.
    pub top: u8,
    /// The lower of the confirmed level and that to which the weakest control holds it down.
    pub strict: u8,
    /// The target of gaps and actions.
    pub target: u8,
    /// Waivers that the level rests on.
    pub waivers: u64,
    /// Unknown criteria that stand between the confirmed level and the potential one.
    pub unknowns: u64,
    /// What of the next stage is met; `None` at the top.
    pub progress: Option<Progress>,
}

/// `met` of `of`: what holds of those that hold, fail or are unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// The stage it is about.
    pub stage: u8,
    /// Met or waived.
    pub met: u64,
    /// Met, waived, not met or unknown.
    pub of: u64,
}

/// The control that holds the whole down the most.
///
/// Its level here is the one below the first of its criteria that does not hold. That is its own level too, unless its
/// criteria begin above the first stage or some do not apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WeakestControl {
    /// Its id.
    pub id: String,
    /// Its name.
    pub short: String,
    /// The level it holds the whole down to; unknown counts as failing.
    pub confirmed: u8,
    /// The same; unknown counts as met.
    pub potential: u8,
}

/// The outcomes of criteria that count for a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StageTally {
    /// Its place on the ladder.
    pub ordinal: u8,
    /// Its name.
    pub name: String,
    /// When it is due, in words.
    pub window: Option<String>,
    /// Of a plan's phase: `planned`, `in_progress`, `done` or `late`.
    pub state: Option<&'static str>,
    /// Met.
    pub met: u64,
    /// Not met.
    pub not_met: u64,
    /// Unknown.
    pub unknown: u64,
    /// Not applicable.
    pub not_applicable: u64,
    /// Waived.
    pub waived: u64,
    /// Without a target.
    pub no_target: u64,
}

/// How many controls are at a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LevelCount {
    /// The level.
    pub level: u8,
    /// Its name.
    pub name: String,
    /// Controls whose confirmed level it is.
    pub controls: u64,
}

/// One control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ControlResult {
    /// Its id.
    pub id: String,
    /// Its name.
    pub short: String,
    /// Its full title.
    pub title: String,
    /// Unknown counts as failing.
    pub confirmed: u8,
    /// Unknown counts as met.
    pub potential: u8,
    /// The confirmed level as it is to be shown.
    pub shown: String,
    /// What the control is called at the confirmed level.
    pub level_title: Option<String>,
    /// The level that was declared.
    pub declared: Option<u8>,
    /// What of its next stage is met.
    pub progress: Option<Progress>,
    /// Who sees to it.
    pub owner: Option<String>,
    /// Tag of its source.
    pub source: String,
}

/// One criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CriterionResult {
    /// Its id.
    pub id: String,
    /// What part it plays.
    pub part: &'static str,
    /// Its stage.
    pub stage: Option<u8>,
    /// Its control.
    pub control: Option<String>,
    /// What is to be so.
    pub statement: String,
    /// What was decided.
    pub outcome: Outcome,
    /// What that rests on.
    pub basis: Basis,
    /// Why it is unknown.
    pub why: Option<Why>,
    /// What is.
    pub actual: Option<String>,
    /// What should be.
    pub required: Option<String>,
    /// What should be less what is.
    pub delta: Option<Amount>,
    /// The unit of `delta`.
    pub unit: Option<&'static str>,
    /// The day of the evidence.
    pub observed: Option<Date>,
    /// The last day on which what is met, or does not apply, is known to be so; `None` where its evidence does not age.
    pub until: Option<Date>,
    /// The waiver that covers it.
    pub waiver: Option<String>,
    /// What else is to be said.
    pub note: Option<String>,
    /// Whether levels do without it.
    pub optional: bool,
    /// Tag of its source.
    pub source: String,
    /// Changes whenever outcome, basis, actual or required do.
    pub digest: String,
}

/// A figure that counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// The metric's id.
    pub metric: String,
    /// Where it was measured.
    pub scope: String,
    /// Its value, with the metric's unit.
    pub value: String,
    /// The day it was so.
    pub observed: Date,
    /// Whether Headroom worked it out itself.
    pub measured: bool,
    /// Where it comes from.
    pub from: Option<String>,
}

/// A claim beyond the evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overstated {
    /// The control it is about.
    pub control: Option<String>,
    /// The criterion that the evidence does not bear out.
    pub criterion: String,
    /// What was claimed.
    pub claim: String,
    /// What the evidence says.
    pub evidence: String,
}

/// A waiver and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaiverResult {
    /// Its id.
    pub id: String,
    /// `used`, `idle` (nothing it covers is missed), `expired` or `not_yet`.
    pub state: &'static str,
    /// What it covers, in words.
    pub covers: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// The first day it holds.
    pub granted: Date,
    /// The last day it holds.
    pub expires: Date,
    /// Criteria it makes up for.
    pub criteria: Vec<String>,
}

/// What stands between a control, or the level as a whole, and the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The control; `None` for what concerns the level as a whole.
    pub control: Option<String>,
    /// Its name.
    pub short: String,
    /// The level it is certainly at.
    pub reached: u8,
    /// The level it is to reach.
    pub target: u8,
    /// What is not met.
    pub blocking: Vec<GapCriterion>,
    /// What is not known.
    pub unknown: Vec<GapCriterion>,
    /// Who sees to it.
    pub owner: Option<String>,
    /// Hours it takes; `None` where no source says.
    pub hours: Option<u32>,
    /// Its place among the recommended steps.
    pub priority: Option<u32>,
}

/// A criterion in a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GapCriterion {
    /// Its id.
    pub criterion: String,
    /// Its stage.
    pub stage: u8,
    /// What is to be so.
    pub statement: String,
    /// What was decided.
    pub outcome: Outcome,
    /// What is.
    pub actual: Option<String>,
    /// What should be.
    pub required: Option<String>,
    /// What should be less what is.
    pub delta: Option<Amount>,
    /// The unit of `delta`.
    pub unit: Option<&'static str>,
    /// Whether it holds the target level back; otherwise only its control is below that level.
    pub holds_back: bool,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    /// Its place, from 1.
    pub order: u32,
    /// `find_out` where only knowledge is missing, `build` otherwise.
    pub kind: &'static str,
    /// What to do.
    pub what: String,
    /// Why.
    pub why: String,
    /// Criteria it closes.
    pub closes: Vec<String>,
    /// The controls it raises.
    pub controls: Vec<String>,
    /// The level those controls are at once it is done; `None` where it raises none.
    pub control_level: Option<u8>,
    /// The overall level once it and everything before it is done.
    pub level: u8,
    /// Whether something it closes holds back the very next level.
    pub blocks_next_level: bool,
    /// Who sees to it.
    pub owner: Option<String>,
    /// Hours it takes; `None` where no source says.
    pub hours: Option<u32>,
    /// Its place among the recommended steps.
    pub priority: Option<u32>,
}

/// What became of an earlier result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trend {
    /// The day of the earlier result.
    pub since: Date,
    /// The confirmed level then.
    pub confirmed_before: u8,
    /// The confirmed level now.
    pub confirmed: u8,
    /// `up`, `down` or `same`.
    pub direction: &'static str,
    /// Criteria that hold now and did not then.
    pub promoted: Vec<String>,
    /// Criteria that held then and fail now.
    pub regressed: Vec<String>,
    /// Criteria that were known then and are not now.
    pub newly_unknown: Vec<String>,
    /// Criteria that hold now only because of a waiver, and did not need one then.
    pub newly_waived: Vec<String>,
}

/// An earlier level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryLevel {
    /// The day.
    pub as_of: Date,
    /// The confirmed level then.
    pub confirmed: u8,
    /// The potential level then.
    pub potential: u8,
}

/// A contradiction that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnomalyNote {
    /// Its id.
    pub id: String,
    /// What is kept, and what governs.
    pub note: String,
    /// The criterion that contradicts an earlier stage.
    pub criterion: Option<String>,
}

/// What a reader must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// A stable word for machines.
    pub code: &'static str,
    /// The same for people.
    pub message: String,
}
