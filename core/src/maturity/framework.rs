//! The framework: a ladder of stages, controls, and the criteria that decide.
//!
//! A framework is built by [`Framework::parse`](super::Framework::parse) alone, which checks every name it holds:
//! controls and criteria refer to each other by index, metrics are in the catalogue and units measure what they should.

use super::quantity::{Comparator, Quantity, Unit};
use crate::calendar::Date;
use crate::condition::document::Position;

/// A maturity framework.
#[derive(Clone, Debug)]
pub struct Framework {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) about: Option<String>,
    pub(super) ladder: Ladder,
    pub(super) floor: u8,
    pub(super) floor_name: String,
    pub(super) sources: Vec<Origin>,
    pub(super) stages: Vec<Stage>,
    pub(super) controls: Vec<Control>,
    pub(super) criteria: Vec<Criterion>,
    pub(super) actions: Vec<EntryAction>,
    pub(super) anomalies: Vec<Anomaly>,
    pub(super) references: Vec<Reference>,
}

/// What a ladder's stages are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ladder {
    /// Levels that are reached by what is in place.
    Reached,
    /// Phases of a plan, by week; no level follows from them.
    Scheduled,
}

/// A text that a framework was made from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The tag that records carry.
    pub tag: String,
    /// What it is.
    pub title: String,
}

/// A level, phase, stage or milestone.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its place on the ladder.
    pub ordinal: u8,
    /// Its name.
    pub name: String,
    /// What it is like.
    pub about: Option<String>,
    /// When it is due, in words.
    pub window: Option<String>,
    /// First and last week of a plan's phase.
    pub weeks: Option<(u32, u32)>,
    /// What it is like without being a criterion.
    pub describes: Vec<String>,
    /// Ranges as the source states them, beside what the gates ask.
    pub stated: Vec<Stated>,
    /// Tag of its source.
    pub source: String,
}

/// A range that a source states for a stage.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The metric's id.
    pub metric: String,
    /// The range, in words.
    pub text: String,
}

/// A practice whose maturity has levels of its own.
#[derive(Clone, Debug)]
pub struct Control {
    /// Its id.
    pub id: String,
    /// A name of a few words.
    pub short: String,
    /// Its full title.
    pub title: String,
    /// What kind of practice it is.
    pub category: Option<String>,
    /// How much harm its absence does.
    pub severity: Option<String>,
    /// Who sees to it.
    pub owner: Option<Role>,
    /// What each level is called, by ordinal.
    pub level_titles: Vec<(u8, String)>,
    /// Controls that it builds on, by index.
    pub depends_on: Vec<usize>,
    /// Controls that bear on it, by index.
    pub related: Vec<usize>,
    /// What it takes; empty where the source does not say.
    pub effort: Vec<(Role, u32)>,
    /// Tag of its source.
    pub source: String,
}

/// Who owns a control or an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The platform squad's DevOps engineers.
    PlatformSquad,
    /// The head of engineering.
    HeadOfEngineering,
    /// The staff engineer.
    StaffEngineer,
    /// The squads' lead developers.
    LeadDevs,
    /// The developers of product squads.
    ProductSquads,
    /// Platform engineers.
    Platform,
    /// Site reliability engineers.
    Sre,
    /// Security engineers.
    Security,
    /// Whoever pays and plans: finance with engineering.
    FinOps,
}

impl Role {
    pub(super) const WORDS: &[(&'static str, Self)] = &[
        ("platform_squad", Self::PlatformSquad),
        ("head_of_engineering", Self::HeadOfEngineering),
        ("staff_engineer", Self::StaffEngineer),
        ("lead_devs", Self::LeadDevs),
        ("product_squads", Self::ProductSquads),
        ("platform", Self::Platform),
        ("sre", Self::Sre),
        ("security", Self::Security),
        ("finops", Self::FinOps),
    ];

    /// The word that documents use.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, role)| *role == self).map_or("", |(word, _)| word)
    }

    /// As people read it.
    pub fn words(self) -> String {
        match self {
            Self::Sre => "SRE".to_owned(),
            Self::FinOps => "FinOps".to_owned(),
            _ => self.name().replace('_', " "),
        }
    }
}

/// What part a criterion plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// One level of one control: counts for the control.
    Cell,
    /// A checklist question: counts for the overall level, and caps its control where it is answered no.
    Question,
    /// What a level is like as a whole: counts for the overall level.
    Characteristic,
    /// A figure a level asks for: counts for the overall level.
    Gate,
    /// An item of a list, which is its control: counts for both.
    Item,
    /// A capability of a control: counts for the control alone.
    Capability,
    /// A condition for leaving a milestone: counts for the overall level.
    Exit,
    /// What must be so before work starts: counts for nothing.
    Entry,
    /// A threshold or cadence the source states: shown, and counts for nothing.
    Norm,
    /// A figure to follow, whose target the user sets: counts for nothing.
    Indicator,
    /// A step of a plan: counts for the plan.
    Activity,
}

impl Part {
    pub(crate) const WORDS: &[(&'static str, Self)] = &[
        ("cell", Self::Cell),
        ("question", Self::Question),
        ("characteristic", Self::Characteristic),
        ("gate", Self::Gate),
        ("item", Self::Item),
        ("capability", Self::Capability),
        ("exit", Self::Exit),
        ("entry", Self::Entry),
        ("norm", Self::Norm),
        ("indicator", Self::Indicator),
        ("activity", Self::Activity),
    ];

    /// The word that documents use.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, part)| *part == self).map_or("", |(word, _)| word)
    }

    /// Whether it counts for the overall level.
    pub const fn counts_overall(self) -> bool {
        matches!(self, Self::Question | Self::Characteristic | Self::Gate | Self::Item | Self::Exit)
    }

    /// Whether it counts for its control's level.
    pub const fn counts_for_control(self) -> bool {
        matches!(self, Self::Cell | Self::Item | Self::Capability)
    }
}

/// What kind of evidence a criterion takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// A number measured.
    Metric,
    /// So many of so many; the ratio is computed here.
    Count,
    /// Configuration a machine can check.
    Config,
    /// A person says yes or no.
    Attestation,
    /// An artefact exists.
    Document,
}

impl EvidenceKind {
    pub(super) const WORDS: &[(&'static str, Self)] = &[
        ("metric", Self::Metric),
        ("count", Self::Count),
        ("config", Self::Config),
        ("attestation", Self::Attestation),
        ("document", Self::Document),
    ];

    /// The word that documents use.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

/// Something that holds, does not hold, or is not known.
#[derive(Clone, Debug)]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// What part it plays.
    pub part: Part,
    /// The ordinal of its stage; `None` for what stands beside the ladder.
    pub stage: Option<u8>,
    /// The index of its control.
    pub control: Option<usize>,
    /// Indices of further controls it is mapped to.
    pub also: Vec<usize>,
    /// What is to be so.
    pub statement: String,
    /// The question a person may answer; `None` where only a figure will do.
    pub question: Option<String>,
    /// Why it is asked.
    pub why: Option<String>,
    /// How it is decided.
    pub check: Check,
    /// What a share is a share of.
    pub population: Option<String>,
    /// When it applies, where it does not always.
    pub condition: Option<String>,
    /// Whether levels do without it.
    pub optional: bool,
    /// What evidence it takes.
    pub evidence: EvidenceKind,
    /// Days after which evidence no longer counts.
    pub max_age_days: Option<u32>,
    /// The control and level at which an automated equal replaces it.
    pub superseded_by: Option<(usize, u8)>,
    /// The target as the source prints it.
    pub stated_as: Option<String>,
    /// Who sees to it, where it has no control.
    pub owner: Option<Role>,
    /// Tag of its source.
    pub source: String,
    /// Where it is written.
    pub at: Position,
}

/// How a criterion is decided. Nothing here is a program: each kind is one comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// A person's answer decides.
    Answer,
    /// A level of a control, from declarations, answers and the questions mapped to it.
    Cell {
        /// Whether it is met once all its questions are.
        inferred: bool,
    },
    /// A figure against a limit; a share is compared as integers.
    Threshold {
        /// What is measured.
        metric: String,
        /// Where.
        scope: String,
        /// How it is compared.
        comparator: Comparator,
        /// The limit.
        limit: Quantity,
        /// The unit in which it is printed.
        unit: Unit,
        /// What makes an item count, where the share is computed from items.
        items: Option<(Comparator, Quantity, Unit)>,
    },
    /// A figure whose limit the user sets.
    Target {
        /// What is measured.
        metric: String,
        /// Where.
        scope: String,
    },
    /// A truth that must be as stated.
    Truth {
        /// Which.
        fact: String,
        /// What it must be.
        expected: bool,
    },
    /// A word that must be one of these, or words that must be exactly these.
    Words {
        /// Which.
        fact: String,
        /// The words.
        words: Vec<String>,
        /// Whether all of them and no others are wanted.
        exactly: bool,
    },
    /// Something was last done no longer ago than this.
    AtMostEvery {
        /// What.
        activity: String,
        /// The longest interval.
        interval: Quantity,
        /// The unit in which it is printed.
        unit: Unit,
    },
    /// A control is at a level or above.
    ControlAt {
        /// Its index.
        control: usize,
        /// The level.
        level: u8,
    },
    /// Another criterion is met.
    Criterion(usize),
    /// At least one of these figures is better than in the newest earlier result that has it.
    ///
    /// One that became better is enough, even where another became worse: the result names both. None better is not
    /// met, whatever anybody says. Figures past the criterion's greatest age do not count, neither now's nor then's;
    /// where no earlier one counts, `otherwise` decides.
    Improved {
        /// The metrics.
        metrics: Vec<String>,
        /// Where.
        scope: String,
        /// A truth that decides while there is nothing to compare with.
        otherwise: Option<String>,
    },
    /// All of these.
    All(Vec<Self>),
    /// At least one of these.
    Any(Vec<Self>),
}

impl Check {
    /// Calls `visit` with this check and every one inside it.
    pub fn for_each<'c>(&'c self, visit: &mut impl FnMut(&'c Self)) {
        visit(self);
        if let Self::All(parts) | Self::Any(parts) = self {
            for part in parts {
                part.for_each(visit);
            }
        }
    }

    /// Metric and scope of everything it looks up.
    pub fn looks_up(&self) -> Vec<(&str, Option<&str>)> {
        let mut found = Vec::new();
        self.for_each(&mut |check| match check {
            Self::Threshold { metric, scope, .. } | Self::Target { metric, scope } => {
                found.push((metric.as_str(), Some(scope.as_str())));
            }
            Self::Truth { fact, .. } | Self::Words { fact, .. } => found.push((fact.as_str(), None)),
            Self::AtMostEvery { activity, .. } => found.push((activity.as_str(), None)),
            Self::Improved { metrics, scope, otherwise } => {
                found.extend(metrics.iter().map(|metric| (metric.as_str(), Some(scope.as_str()))));
                found.extend(otherwise.iter().map(|fact| (fact.as_str(), None)));
            }
            _ => {}
        });
        found
    }
}

/// A step that a source recommends, in its order.
#[derive(Clone, Debug)]
pub struct EntryAction {
    /// Its place, from 1.
    pub priority: u32,
    /// What to do.
    pub what: String,
    /// Why it comes there.
    pub why: String,
    /// The controls it raises, by index.
    pub controls: Vec<usize>,
    /// Tag of its source.
    pub source: String,
}

/// A contradiction of a source that is kept as it stands.
#[derive(Clone, Debug)]
pub struct Anomaly {
    /// Its id.
    pub id: String,
    /// The criterion that contradicts an earlier stage, by index.
    pub criterion: Option<usize>,
    /// What is kept, and what governs.
    pub note: String,
    /// Tag of its source.
    pub source: String,
}

/// A record that explains and does not decide.
#[derive(Clone, Debug)]
pub struct Reference {
    /// What kind of record.
    pub kind: String,
    /// Its id; unique among its kind.
    pub id: String,
    /// What it says.
    pub text: String,
    /// What it belongs to: another record's id.
    pub of: Option<String>,
    /// Who owns it, in words.
    pub owner: Option<String>,
    /// Figures it states, in order; `None` for one its source lost.
    pub figures: Vec<Option<String>>,
    /// Tag of its source.
    pub source: String,
}

impl Framework {
    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it is.
    pub fn about(&self) -> Option<&str> {
        self.about.as_deref()
    }

    /// What its stages are.
    pub fn ladder(&self) -> Ladder {
        self.ladder
    }

    /// The level of whoever has nothing in place.
    pub fn floor(&self) -> u8 {
        self.floor
    }

    /// The texts it was made from.
    pub fn sources(&self) -> &[Origin] {
        &self.sources
    }

    /// Its stages, lowest first.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// Its controls, in their order.
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// Its criteria, in their order: cells first, then as written.
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria
    }

    /// Recommended steps, in their order.
    pub fn actions(&self) -> &[EntryAction] {
        &self.actions
    }

    /// Contradictions that are kept.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.anomalies
    }

    /// Records that explain.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// The highest level there is.
    pub fn top(&self) -> u8 {
        self.stages.last().map_or(self.floor, |stage| stage.ordinal)
    }

    /// Whether a level can be reached: the floor, or a stage.
    pub fn has_level(&self, level: u8) -> bool {
        level == self.floor || self.stages.iter().any(|stage| stage.ordinal == level)
    }

    /// What a level is called.
    pub fn level_name(&self, level: u8) -> &str {
        let stage = self.stages.iter().find(|stage| stage.ordinal == level);
        stage.map_or(self.floor_name.as_str(), |stage| stage.name.as_str())
    }

    /// The control with this id.
    pub fn control(&self, id: &str) -> Option<usize> {
        self.controls.iter().position(|control| control.id == id)
    }

    /// The criterion with this id.
    pub fn criterion(&self, id: &str) -> Option<usize> {
        self.criteria.iter().position(|criterion| criterion.id == id)
    }

    /// What a control is called at a level.
    pub fn control_title(&self, control: usize, level: u8) -> Option<&str> {
        let titles = &self.controls.get(control)?.level_titles;
        titles.iter().find(|(ordinal, _)| *ordinal == level).map(|(_, title)| title.as_str())
    }

    /// The day a plan's week begins: weeks count from the day it started.
    pub(super) fn week_of(started: Date, day: Date) -> Option<u32> {
        let days = day.days_since_epoch() - started.days_since_epoch();
        u32::try_from(days).ok().map(|days| days / 7 + 1)
    }
}
