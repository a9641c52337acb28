//! What criteria are for.

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
    /// Parts by the words that documents use.
    pub const WORDS: &[(&'static str, Self)] = &[
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
