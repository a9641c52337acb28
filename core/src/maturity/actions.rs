//! Gaps and next actions.
//!
//! Actions come in one order, whatever the order of the evidence: first those that hold back the very next level; then
//! by the source's own priority; what others build on before these; finding out before building; fewer open criteria,
//! fewer hours, and the id where all else is equal.

use super::assess::{control_level, next_stage, overall_level, strict_level};
use super::criterion::{Check, Criterion};
use super::framework::Framework;
use super::known::Evidence;
use super::level::{Reached, Standing};
use super::outcome::{Judged, Outcome};
use super::result::{Action, Gap, GapCriterion};
use crate::assessed::Part;
use crate::order::{BTreeMap, BTreeSet, Order as _};

/// What gaps and actions are drawn from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'s> {
    pub(super) framework: &'s Framework,
    pub(super) judged: &'s [Judged],
    pub(super) controls: &'s [Reached],
    pub(super) overall: Reached,
    pub(super) target: u8,
    pub(super) strict: bool,
}

impl Scene<'_> {
    /// Criteria up to the target that do not hold, leaving out those that follow from others.
    fn open(&self) -> impl Iterator<Item = (usize, &Criterion, &Judged)> {
        let all = self.framework.criteria().iter().zip(self.judged).enumerate();
        all.map(|(index, (criterion, judged))| (index, criterion, judged)).filter(|(_, criterion, judged)| {
            let counts = criterion.part.counts_overall() || criterion.part.counts_for_control();
            let within = criterion.stage.is_some_and(|stage| stage <= self.target);
            let open = matches!(judged.standing(), Standing::Fails | Standing::Open);
            counts && within && open && !criterion.optional && !follows(criterion)
        })
    }

    /// Whether the criterion holds a level back: it counts for it itself, or something that does rests on it.
    ///
    /// Strictly, every control must be at the level, so that all of theirs do.
    fn holds_back(&self, criterion: &Criterion, level: u8) -> bool {
        let Some(stage) = criterion.stage.filter(|stage| *stage <= level) else { return false };
        let rests = |other: &Criterion| {
            let mut rests = false;
            other.check.for_each(&mut |check| {
                rests |= matches!(
                    check,
                    Check::ControlAt { control, level } if Some(*control) == criterion.control && stage <= *level
                );
            });
            let counts = other.part.counts_overall() && !other.optional;
            rests && counts && other.stage.is_some_and(|stage| stage <= level)
        };
        self.strict || criterion.part.counts_overall() || self.framework.criteria().iter().any(rests)
    }

    fn hours(&self, control: Option<usize>) -> Option<u32> {
        let effort = &self.framework.controls().get(control?)?.effort;
        (!effort.is_empty()).then(|| effort.iter().map(|(_, hours)| *hours).sum())
    }

    fn priority(&self, control: Option<usize>) -> Option<u32> {
        let control = control?;
        let own = self.framework.actions().iter().filter(|action| action.controls.contains(&control));
        own.map(|action| action.priority).min()
    }

    fn owner(&self, criterion: &Criterion) -> Option<String> {
        let control = criterion.control.and_then(|at| self.framework.controls().get(at));
        let role = control.and_then(|control| control.owner).or(criterion.owner);
        role.map(super::framework::Role::words)
    }
}

/// Whether a criterion is decided by controls alone: closing those closes it.
fn follows(criterion: &Criterion) -> bool {
    let mut own = false;
    let mut others = false;
    criterion.check.for_each(&mut |check| match check {
        Check::All(_) | Check::Any(_) => {}
        Check::ControlAt { .. } => others = true,
        _ => own = true,
    });
    others && !own
}

fn gap_criterion(scene: &Scene<'_>, criterion: &Criterion, judged: &Judged) -> GapCriterion {
    GapCriterion {
        criterion: criterion.id.clone(),
        stage: criterion.stage.unwrap_or_default(),
        statement: criterion.statement.clone(),
        outcome: judged.outcome,
        actual: judged.actual.clone(),
        required: judged.required.clone(),
        delta: judged.delta.map(|(delta, _)| delta),
        unit: judged.delta.map(|(_, unit)| unit.name()),
        holds_back: scene.holds_back(criterion, scene.target),
    }
}

/// What stands between each control and the target, controls in the framework's order, then the level as a whole.
pub(super) fn gaps(scene: &Scene<'_>) -> Vec<Gap> {
    let mut by_control: BTreeMap<(bool, usize), (Vec<GapCriterion>, Vec<GapCriterion>)> = BTreeMap::new();
    let mut owners: BTreeMap<(bool, usize), Option<String>> = BTreeMap::new();
    for (_, criterion, judged) in scene.open() {
        let key = criterion.control.map_or((true, 0), |control| (false, control));
        let (blocking, unknown) = by_control.entry(key).or_default();
        let list = if judged.outcome == Outcome::NotMet { blocking } else { unknown };
        list.push(gap_criterion(scene, criterion, judged));
        owners.entry(key).or_insert_with(|| scene.owner(criterion));
    }
    let gap = |((whole, at), (mut blocking, mut unknown)): ((bool, usize), (Vec<GapCriterion>, Vec<GapCriterion>))| {
        let sort =
            |list: &mut Vec<GapCriterion>| list.order_by(|a, b| (a.stage, &a.criterion).cmp(&(b.stage, &b.criterion)));
        sort(&mut blocking);
        sort(&mut unknown);
        let control = if whole { None } else { Some(at) };
        let known = control.and_then(|at| scene.framework.controls().get(at));
        let reached = control.and_then(|at| scene.controls.get(at)).unwrap_or(&scene.overall);
        Gap {
            control: known.map(|control| control.id.clone()),
            short: known.map_or_else(|| "the level as a whole".to_owned(), |control| control.short.clone()),
            reached: reached.confirmed,
            target: scene.target,
            blocking,
            unknown,
            owner: owners.get(&(whole, at)).cloned().flatten(),
            hours: scene.hours(control),
            priority: scene.priority(control),
        }
    };
    by_control.into_iter().map(gap).collect()
}

/// An action before it has a place.
struct Draft {
    id: String,
    what: String,
    why: String,
    controls: Vec<usize>,
    closes: Vec<usize>,
    owner: Option<String>,
    hours: Option<u32>,
    priority: Option<u32>,
    blocks_next: bool,
    find_out: bool,
}

/// What to do, in order.
pub(super) fn actions(scene: &Scene<'_>, evidence: &Evidence<'_>) -> Vec<Action> {
    let drafts = ordered(scene, drafts(scene));
    let mut assumed = BTreeSet::new();
    let mut actions = Vec::new();
    for (at, draft) in drafts.into_iter().enumerate() {
        assumed.extend(draft.closes.iter().copied());
        let judged = evidence.judge(&assumed);
        let controls: Vec<Reached> =
            (0..scene.framework.controls().len()).map(|at| control_level(scene.framework, &judged, at)).collect();
        let level = if scene.strict { strict_level } else { overall_level };
        let level = level(scene.framework, &judged).confirmed;
        let raised = draft.controls.iter().filter_map(|at| controls.get(*at)).map(|reached| reached.confirmed).min();
        let id = |index: &usize| scene.framework.criteria().get(*index).map(|criterion| criterion.id.clone());
        let control_id = |index: &usize| scene.framework.controls().get(*index).map(|control| control.id.clone());
        actions.push(Action {
            order: at as u32 + 1,
            kind: if draft.find_out { "find_out" } else { "build" },
            what: draft.what,
            why: draft.why,
            closes: draft.closes.iter().filter_map(id).collect(),
            controls: draft.controls.iter().filter_map(control_id).collect(),
            control_level: raised,
            level,
            blocks_next_level: draft.blocks_next,
            owner: draft.owner,
            hours: draft.hours,
            priority: draft.priority,
        });
    }
    actions
}

fn drafts(scene: &Scene<'_>) -> Vec<Draft> {
    let framework = scene.framework;
    let next = next_stage(framework, scene.overall.confirmed);
    let mut by_control: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut alone = Vec::new();
    for (index, criterion, _) in scene.open() {
        match criterion.control {
            Some(control) => by_control.entry(control).or_default().push(index),
            None => alone.push(index),
        }
    }
    let holds_back =
        |index: &usize| framework.criteria().get(*index).is_some_and(|criterion| scene.holds_back(criterion, next));
    let unknown = |index: &usize| scene.judged.get(*index).is_some_and(|judged| judged.outcome != Outcome::NotMet);
    let mut drafts = Vec::new();
    let mut taken = BTreeSet::new();
    for action in framework.actions() {
        let closes: Vec<usize> =
            action.controls.iter().filter_map(|control| by_control.get(control)).flatten().copied().collect();
        if closes.is_empty() {
            continue;
        }
        taken.extend(action.controls.iter().copied());
        let first = closes.first().and_then(|index| framework.criteria().get(*index));
        drafts.push(Draft {
            id: action
                .controls
                .iter()
                .filter_map(|at| framework.controls().get(*at))
                .map(|control| control.id.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            what: action.what.clone(),
            why: action.why.clone(),
            controls: action.controls.clone(),
            blocks_next: closes.iter().any(holds_back),
            find_out: closes.iter().all(unknown),
            owner: first.and_then(|criterion| scene.owner(criterion)),
            hours: action.controls.iter().filter_map(|at| scene.hours(Some(*at))).reduce(|a, b| a + b),
            priority: Some(action.priority),
            closes,
        });
    }
    for (control, closes) in by_control.into_iter().filter(|(control, _)| !taken.contains(control)) {
        let Some(known) = framework.controls().get(control) else { continue };
        let top = closes.iter().filter_map(|index| framework.criteria().get(*index)?.stage).max().unwrap_or_default();
        let what = match (closes.as_slice(), framework.control_title(control, top)) {
            (_, Some(title)) => format!("Bring {} to level {top}, {title}", known.short),
            ([only], None) => framework.criteria().get(*only).map_or_else(String::new, goal),
            (_, None) => format!("Meet the criteria of {} up to {}", known.short, framework.level_name(top)),
        };
        drafts.push(Draft {
            id: known.id.clone(),
            what,
            why: reason(framework, &closes),
            controls: vec![control],
            blocks_next: closes.iter().any(holds_back),
            find_out: closes.iter().all(unknown),
            owner: known.owner.map(super::framework::Role::words),
            hours: scene.hours(Some(control)),
            priority: None,
            closes,
        });
    }
    for index in alone {
        let (Some(criterion), Some(judged)) = (framework.criteria().get(index), scene.judged.get(index)) else {
            continue;
        };
        let find_out = judged.outcome != Outcome::NotMet;
        drafts.push(Draft {
            id: criterion.id.clone(),
            what: if find_out { format!("Find out whether {}", criterion.statement) } else { goal(criterion) },
            why: reason(framework, &[index]),
            controls: Vec::new(),
            blocks_next: holds_back(&index),
            find_out,
            owner: scene.owner(criterion),
            hours: None,
            priority: None,
            closes: vec![index],
        });
    }
    drafts
}

fn goal(criterion: &Criterion) -> String {
    match criterion.part {
        Part::Activity => format!("Do this: {}", criterion.statement),
        _ => format!("See to it that {}", criterion.statement),
    }
}

fn reason(framework: &Framework, closes: &[usize]) -> String {
    let criteria: Vec<&Criterion> = closes.iter().filter_map(|index| framework.criteria().get(*index)).collect();
    if let Some(why) = criteria.iter().find_map(|criterion| criterion.why.clone()) {
        return why;
    }
    let stage = criteria.iter().filter_map(|criterion| criterion.stage).min().unwrap_or_default();
    format!("level {stage}, {}, asks for it", framework.level_name(stage))
}

fn ordered(scene: &Scene<'_>, mut drafts: Vec<Draft>) -> Vec<Draft> {
    let group = |draft: &Draft| (!draft.blocks_next, draft.priority.unwrap_or(u32::MAX));
    let rest = |draft: &Draft| {
        let open = draft.closes.len();
        (!draft.find_out, open, draft.hours.unwrap_or(u32::MAX), draft.id.clone())
    };
    drafts.order_by_key(|draft| (group(draft), rest(draft)));
    let mut ordered: Vec<Draft> = Vec::with_capacity(drafts.len());
    while let Some(first) = drafts.first() {
        let of_group = group(first);
        let builds_on = |draft: &Draft, other: &Draft| {
            draft.controls.iter().any(|at| {
                scene.framework.controls().get(*at).is_some_and(|control| {
                    control
                        .depends_on
                        .iter()
                        .any(|needed| other.controls.contains(needed) && !draft.controls.contains(needed))
                })
            })
        };
        // Of the group, the first that builds on none of those left; in a circle, the first of all.
        let free = (0..drafts.len()).find(|at| {
            drafts.get(*at).is_some_and(|draft| {
                group(draft) == of_group
                    && !drafts
                        .iter()
                        .any(|other| group(other) == of_group && other.id != draft.id && builds_on(draft, other))
            })
        });
        ordered.push(drafts.remove(free.unwrap_or(0)));
    }
    ordered
}
