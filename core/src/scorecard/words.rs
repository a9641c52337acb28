//! The sentences of a scorecard.

use crate::maturity::{Action, Answered, Basis, ControlResult, GapCriterion, Outcome, Progress, StageTally};
use crate::report::figures::counted;

/// Open criteria that a scorecard lists before it counts the rest.
const LISTED: usize = 12;

/// The level, what it rests on, and what could still be.
pub fn headline(result: &Answered) -> String {
    let Some(level) = &result.level else {
        let done: u64 = result.stages.iter().map(|stage| stage.met).sum();
        let all: u64 = result.stages.iter().map(|stage| stage.met + stage.not_met + stage.unknown).sum();
        return format!("A plan without levels: {done} of {all} activities are done.");
    };
    let mut text = format!("Level {} of {}, {}", level.shown, level.top, level.name);
    if level.potential > level.confirmed {
        let hold = if level.unknowns == 1 { "holds" } else { "hold" };
        let unknowns = counted(level.unknowns, "unknown", "unknowns");
        text = format!("{text}; up to {} if {unknowns} {hold}", level.potential);
    }
    text.push('.');
    if level.waivers > 0 {
        let criteria = counted(level.waivers, "criterion holds", "criteria hold");
        text = format!("{text} It rests on waivers: {criteria} by one.");
    }
    text
}

/// How far the next level is.
pub fn progress(result: &Answered) -> Option<String> {
    let level = result.level.as_ref()?;
    let next = level.progress.as_ref()?;
    let name = result.stages.iter().find(|stage| stage.ordinal == next.stage).map_or("", |stage| stage.name.as_str());
    Some(format!("{} of {} criteria of level {}, {name}, are met.", next.met, next.of, next.stage))
}

/// The weakest control; `None` where nothing of any is open.
pub fn weakest(result: &Answered) -> Option<String> {
    let weakest = result.weakest_control.as_ref()?;
    let top = result.level.as_ref()?.top;
    let up_to =
        if weakest.potential > weakest.confirmed { format!(", up to {}", weakest.potential) } else { String::new() };
    (weakest.confirmed < top)
        .then(|| format!("Weakest control: {} ({}), level {}{up_to}.", weakest.short, weakest.id, weakest.confirmed))
}

/// How much of what is known was measured, and how much somebody said; `None` where nothing is known.
pub fn evidence(result: &Answered) -> Option<String> {
    let kinds: [(&[Basis], &str); 4] = [
        (&[Basis::Measured], "measured"),
        (&[Basis::Stated, Basis::Attested], "stated or answered"),
        (&[Basis::Declared], "declared"),
        (&[Basis::Inferred, Basis::Derived], "follow from others"),
    ];
    let known = || result.criteria.iter().filter(|one| matches!(one.outcome, Outcome::Met | Outcome::NotMet));
    let count = |bases: &[Basis]| known().filter(|one| bases.contains(&one.basis)).count();
    let parts: Vec<String> = kinds
        .iter()
        .map(|(bases, word)| (count(bases), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let all = known().count() as u64;
    (all > 0).then(|| {
        format!(
            "Of {} that {} known: {}.",
            counted(all, "criterion", "criteria"),
            if all == 1 { "is" } else { "are" },
            parts.join(", ")
        )
    })
}

/// What a star beside a level means; `None` where none is shown.
pub fn star(result: &Answered) -> Option<&'static str> {
    let starred = result.controls.iter().any(|control| control.shown.ends_with('*'));
    starred.then_some("* rests on a waiver")
}

/// What became of the earlier result.
pub fn trend(result: &Answered) -> Option<String> {
    let trend = result.trend.as_ref()?;
    let level = match trend.direction {
        "up" => format!("up from level {}", trend.confirmed_before),
        "down" => format!("down from level {}", trend.confirmed_before),
        _ => format!("still level {}", trend.confirmed),
    };
    let mut parts = vec![level];
    for (list, word) in [
        (&trend.promoted, "promoted"),
        (&trend.regressed, "regressed"),
        (&trend.newly_unknown, "newly unknown"),
        (&trend.newly_waived, "newly waived"),
    ] {
        if !list.is_empty() {
            parts.push(format!("{} {word} ({})", list.len(), list.join(", ")));
        }
    }
    Some(format!("Since {}: {}.", trend.since, parts.join("; ")))
}

/// What a reader must know before believing the level.
pub fn cautions(result: &Answered) -> Vec<String> {
    let mut cautions: Vec<String> = result
        .overstated
        .iter()
        .map(|claim| format!("{} is overstated: {}, but {}", claim.criterion, claim.claim, claim.evidence))
        .collect();
    for waiver in result.waivers.iter().filter(|waiver| waiver.state == "used") {
        cautions.push(format!(
            "waiver {} covers {} until {}: {} (approved by {})",
            waiver.id,
            waiver.criteria.join(", "),
            waiver.expires,
            waiver.reason,
            waiver.approved_by
        ));
    }
    cautions.extend(result.warnings.iter().map(|warning| warning.message.clone()));
    cautions
}

/// What of a control's next level is met.
pub fn control_next(control: &ControlResult) -> String {
    control
        .progress
        .as_ref()
        .map_or_else(String::new, |Progress { stage, met, of }| format!("{met} of {of} for {stage}"))
}

/// The outcomes of a stage.
pub fn stage_words(stage: &StageTally) -> String {
    let parts = [
        (stage.met, "met"),
        (stage.waived, "waived"),
        (stage.not_met, "not met"),
        (stage.unknown, "unknown"),
        (stage.not_applicable, "not applicable"),
        (stage.no_target, "without target"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if parts.is_empty() { "nothing counts for it".to_owned() } else { parts.join(", ") }
}

/// Open criteria under one heading.
#[derive(Debug)]
pub struct OpenList<'g> {
    /// What they do.
    pub title: String,
    /// As many as a page has room for, what fails before what is not known.
    pub shown: Vec<&'g GapCriterion>,
    /// How many more there are.
    pub more: usize,
}

/// What is open up to the target: what holds that level back, then what only keeps controls below it.
pub fn open_lists(result: &Answered) -> Vec<OpenList<'_>> {
    let Some(level) = &result.level else { return Vec::new() };
    let gaps = &result.gaps;
    let list = |title: String, holds_back: bool| {
        let failing = gaps.iter().flat_map(|gap| &gap.blocking);
        let unknown = gaps.iter().flat_map(|gap| &gap.unknown);
        let mut shown: Vec<&GapCriterion> =
            failing.chain(unknown).filter(|criterion| criterion.holds_back == holds_back).collect();
        let more = shown.len().saturating_sub(LISTED);
        shown.truncate(LISTED);
        OpenList { title, shown, more }
    };
    let lists = [
        list(format!("What holds level {} back", level.target), true),
        list(format!("Controls below level {}", level.target), false),
    ];
    lists.into_iter().filter(|list| !list.shown.is_empty()).collect()
}

/// One open criterion: what is, what should be, by how much.
pub fn blocking(criterion: &GapCriterion) -> String {
    let state = match (criterion.outcome, &criterion.actual) {
        (Outcome::NotMet, Some(actual)) => format!("is {actual}"),
        (Outcome::NotMet, None) => "is not so".to_owned(),
        (_, Some(actual)) => format!("was {actual}, too old or not enough to tell"),
        _ => "not known".to_owned(),
    };
    let required = criterion.required.as_ref().map_or_else(String::new, |required| format!(", should be {required}"));
    let delta = match (&criterion.delta, criterion.unit) {
        (Some(delta), Some(unit)) if !delta.is_zero() => {
            let sign = if delta.units() > 0 { "+" } else { "" };
            format!(" ({sign}{delta} {unit})")
        }
        _ => String::new(),
    };
    format!("{}: {state}{required}{delta}", criterion.statement)
}

/// What an action closes, who sees to it, and where it leads.
pub fn action_notes(action: &Action) -> String {
    let closes = action.closes.join(", ");
    let mut parts = vec![match action.kind {
        "find_out" => format!("only answers are missing: {closes}"),
        _ => format!("closes {closes}"),
    }];
    parts.push(match action.control_level {
        Some(level) if !action.controls.is_empty() => {
            format!("{} at level {level} then, level {} overall", action.controls.join(" and "), action.level)
        }
        _ => format!("level {} overall then", action.level),
    });
    parts.extend(action.owner.clone());
    parts.extend(action.hours.map(|hours| format!("{hours} h")));
    parts.join("; ")
}
