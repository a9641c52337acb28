//! What a framework decides by: criteria, the part each plays, and what it checks.

use super::framework::Role;
use super::quantity::{Comparator, Quantity, Unit};
use crate::assessed::Part;
use crate::calendar::Date;
use crate::condition::document::Position;

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

impl Criterion {
    /// The last day on which evidence of a day is not too old; `None` where it does not age.
    pub(super) fn until(&self, day: Date) -> Option<Date> {
        day.plus_days(i32::try_from(self.max_age_days?).ok()?)
    }
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
