//! The framework: a ladder of stages, controls, and the criteria that decide.
//!
//! A framework is built by [`Framework::parse`](super::Framework::parse) alone, which checks every name it holds:
//! controls and criteria refer to each other by index, metrics are in the catalogue and units measure what they should.

use super::criterion::Criterion;
use crate::calendar::Date;

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
