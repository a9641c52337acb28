//! From evidence to a result.

use xxhash_rust::xxh3::xxh3_64;

use super::actions::{Scene, actions, gaps};
use super::assessment::{Assessment, Covers, Earlier, FactValue, Waiver};
use super::catalogue::{Catalogue, Kind};
use super::framework::{Framework, Ladder};
use super::known::Evidence;
use super::level::{Reached, Standing, held_down, level_of};
use super::outcome::{Judged, Outcome, Why};
use super::quantity::Quantity;
use super::result::{
    AnomalyNote, Answered, ControlResult, CriterionResult, Figure, FrameworkName, HistoryLevel, Level, LevelCount,
    Overstated, Progress, StageTally, SubjectName, Trend, WaiverResult, Warning, WeakestControl,
};
use crate::assessed::{Part, RESULT_SCHEMA};
use crate::calendar::Date;
use crate::order::{BTreeSet, Order as _};

/// How an assessment is to be answered.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The day it is for: later evidence does not count, expired waivers neither.
    pub as_of: Date,
    /// The level that gaps and actions lead to; the next one where it is not said.
    pub target: Option<u8>,
    /// Whether the overall level is held down to that of the weakest control.
    pub strict: bool,
}

/// The result of an assessment by a framework.
pub fn assess(framework: &Framework, catalogue: &Catalogue, assessment: &Assessment, question: Question) -> Answered {
    let evidence = Evidence::new(framework, catalogue, assessment, question.as_of);
    let judged = evidence.judge(&BTreeSet::new());
    let controls: Vec<Reached> =
        (0..framework.controls().len()).map(|at| control_level(framework, &judged, at)).collect();
    let overall = overall_level(framework, &judged);
    let weakest = (0..controls.len())
        .filter_map(|at| Some((at, control_holds_down(framework, &judged, at)?)))
        .min_by_key(|(_, held)| (held.confirmed, held.potential));
    let strictly = strict_level(framework, &judged);
    let strict = strictly.confirmed;
    let counted = if question.strict { strictly } else { overall };
    let target = question.target.unwrap_or_else(|| next_stage(framework, counted.confirmed)).min(framework.top());
    let scheduled = framework.ladder() == Ladder::Scheduled;
    let level = (!scheduled).then(|| level(framework, &judged, counted, strict, target));
    let scene =
        Scene { framework, judged: &judged, controls: &controls, overall: counted, target, strict: question.strict };
    let (gaps, actions) = if scheduled { (Vec::new(), Vec::new()) } else { (gaps(&scene), actions(&scene, &evidence)) };
    Answered {
        schema: RESULT_SCHEMA,
        as_of: question.as_of,
        subject: SubjectName { id: assessment.subject.id.clone(), kind: assessment.subject.kind.clone() },
        framework: FrameworkName { id: framework.id().to_owned(), title: framework.title().to_owned() },
        level,
        weakest_control: weakest.and_then(|(at, held)| {
            let control = framework.controls().get(at)?;
            let (confirmed, potential) = (held.confirmed, held.potential);
            Some(WeakestControl { id: control.id.clone(), short: control.short.clone(), confirmed, potential })
        }),
        stages: stages(framework, &judged, assessment, question.as_of),
        distribution: if scheduled { Vec::new() } else { distribution(framework, &controls) },
        controls: control_results(framework, &judged, &controls, assessment),
        criteria: criterion_results(framework, &judged),
        figures: figures(&evidence, catalogue),
        overstated: overstated(framework, &judged),
        waivers: waivers(framework, &judged, assessment, question.as_of),
        gaps,
        actions,
        trend: evidence.newest_earlier().and_then(|earlier| trend(framework, &judged, counted, earlier)),
        history: history(framework, assessment, question.as_of),
        anomalies: anomalies(framework),
        warnings: warnings(&evidence, framework, &judged, assessment, question.as_of),
    }
}

/// The stage after a level that something counts for.
pub(super) fn next_stage(framework: &Framework, level: u8) -> u8 {
    let counts = |ordinal: u8| {
        framework.criteria().iter().any(|criterion| criterion.stage == Some(ordinal) && criterion.part.counts_overall())
    };
    let stages = framework.stages().iter().map(|stage| stage.ordinal);
    stages.filter(|ordinal| *ordinal > level && counts(*ordinal)).min().unwrap_or_else(|| framework.top())
}

/// The level of a control: that of its own criteria.
pub(super) fn control_level(framework: &Framework, judged: &[Judged], control: usize) -> Reached {
    let own = framework.criteria().iter().zip(judged).filter(|(criterion, _)| {
        criterion.control == Some(control) && criterion.part.counts_for_control() && !criterion.optional
    });
    let standings = own.filter_map(|(criterion, judged)| Some((criterion.stage?, judged.standing())));
    level_of(framework.floor(), standings)
}

/// The level that a control holds the whole down to; `None` where nothing of it is open.
fn control_holds_down(framework: &Framework, judged: &[Judged], control: usize) -> Option<Reached> {
    let ordinals: Vec<u8> = framework.stages().iter().map(|stage| stage.ordinal).collect();
    let own = framework.criteria().iter().zip(judged).filter(|(criterion, _)| {
        criterion.control == Some(control) && criterion.part.counts_for_control() && !criterion.optional
    });
    let standings = own.filter_map(|(criterion, judged)| Some((criterion.stage?, judged.standing())));
    held_down(framework.floor(), &ordinals, standings)
}

/// The overall level, held down by every control of which something is open.
pub(super) fn strict_level(framework: &Framework, judged: &[Judged]) -> Reached {
    let controls = (0..framework.controls().len()).filter_map(|at| control_holds_down(framework, judged, at));
    controls.fold(overall_level(framework, judged), |level, held| Reached {
        confirmed: level.confirmed.min(held.confirmed),
        potential: level.potential.min(held.potential),
    })
}

/// The overall level: that of everything which counts for it.
pub(super) fn overall_level(framework: &Framework, judged: &[Judged]) -> Reached {
    let own = framework
        .criteria()
        .iter()
        .zip(judged)
        .filter(|(criterion, _)| criterion.part.counts_overall() && !criterion.optional);
    let standings = own.filter_map(|(criterion, judged)| Some((criterion.stage?, judged.standing())));
    level_of(framework.floor(), standings)
}

fn level(framework: &Framework, judged: &[Judged], reached: Reached, strict: u8, target: u8) -> Level {
    let counting = || {
        framework
            .criteria()
            .iter()
            .zip(judged)
            .filter(|(criterion, _)| criterion.part.counts_overall() && !criterion.optional)
    };
    let waivers = counting().filter(|(criterion, judged)| criterion.stage <= Some(reached.confirmed) && judged.leans);
    let waivers = waivers.count() as u64;
    let between =
        |stage: Option<u8>| stage.is_some_and(|stage| stage > reached.confirmed && stage <= reached.potential);
    let unknowns =
        counting().filter(|(criterion, judged)| between(criterion.stage) && judged.standing() == Standing::Open);
    let unknowns = unknowns.count() as u64;
    let next = next_stage(framework, reached.confirmed);
    let progress = (next > reached.confirmed).then(|| {
        progress(next, counting().filter(|(criterion, _)| criterion.stage == Some(next)).map(|(_, judged)| judged))
    });
    Level {
        confirmed: reached.confirmed,
        potential: reached.potential,
        shown: shown(reached.confirmed, waivers > 0),
        name: framework.level_name(reached.confirmed).to_owned(),
        top: framework.top(),
        strict,
        target,
        waivers,
        unknowns,
        progress,
    }
}

fn shown(level: u8, leans: bool) -> String {
    format!("{level}{}", if leans { "*" } else { "" })
}

fn progress<'j>(stage: u8, judged: impl Iterator<Item = &'j Judged>) -> Progress {
    let (mut met, mut of) = (0, 0);
    for judged in judged {
        match judged.standing() {
            Standing::Holds => {
                met += 1;
                of += 1;
            }
            Standing::Fails | Standing::Open => of += 1,
            Standing::Absent => {}
        }
    }
    Progress { stage, met, of }
}

fn stages(framework: &Framework, judged: &[Judged], assessment: &Assessment, as_of: Date) -> Vec<StageTally> {
    let stage = |stage: &super::framework::Stage| {
        let own = framework.criteria().iter().zip(judged).filter(|(criterion, _)| {
            let counts = criterion.part.counts_overall() || criterion.part == Part::Activity;
            criterion.stage == Some(stage.ordinal) && counts && !criterion.optional
        });
        let outcomes: Vec<Outcome> = own.map(|(_, judged)| judged.outcome).collect();
        let count = |outcome| outcomes.iter().filter(|other| **other == outcome).count() as u64;
        let state = (framework.ladder() == Ladder::Scheduled).then(|| {
            let all_done = !outcomes.is_empty() && outcomes.iter().all(|outcome| *outcome == Outcome::Met);
            let begun = framework.criteria().iter().zip(judged).any(|(criterion, judged)| {
                // A step that is not done but was answered has begun, or was at least looked at.
                criterion.stage == Some(stage.ordinal)
                    && (judged.outcome == Outcome::Met || in_progress(assessment, &criterion.id))
            });
            let week = assessment.started.and_then(|started| Framework::week_of(started, as_of));
            match (stage.weeks, week) {
                _ if all_done => "done",
                (Some((_, last)), Some(week)) if week > last => "late",
                (Some((first, _)), Some(week)) if week >= first => "in_progress",
                _ if begun => "in_progress",
                _ => "planned",
            }
        });
        StageTally {
            ordinal: stage.ordinal,
            name: stage.name.clone(),
            window: stage.window.clone(),
            state,
            met: count(Outcome::Met),
            not_met: count(Outcome::NotMet),
            unknown: count(Outcome::Unknown),
            not_applicable: count(Outcome::NotApplicable),
            waived: count(Outcome::Waived),
            no_target: count(Outcome::NoTarget),
        }
    };
    framework.stages().iter().map(stage).collect()
}

fn in_progress(assessment: &Assessment, criterion: &str) -> bool {
    let mut answers = assessment.answers.iter();
    answers.any(|answer| answer.criterion == criterion && answer.said == super::assessment::Said::InProgress)
}

fn distribution(framework: &Framework, controls: &[Reached]) -> Vec<LevelCount> {
    let mut levels: Vec<u8> = framework.stages().iter().map(|stage| stage.ordinal).collect();
    if !levels.contains(&framework.floor()) {
        levels.insert(0, framework.floor());
    }
    let count = |level: u8| LevelCount {
        level,
        name: framework.level_name(level).to_owned(),
        controls: controls.iter().filter(|reached| reached.confirmed == level).count() as u64,
    };
    levels.into_iter().map(count).collect()
}

fn control_results(
    framework: &Framework,
    judged: &[Judged],
    controls: &[Reached],
    assessment: &Assessment,
) -> Vec<ControlResult> {
    let result = |(at, control): (usize, &super::framework::Control)| {
        let reached = controls.get(at)?;
        let own = || {
            framework.criteria().iter().zip(judged).filter(move |(criterion, _)| {
                criterion.control == Some(at) && criterion.part.counts_for_control() && !criterion.optional
            })
        };
        let leans = own().any(|(criterion, judged)| criterion.stage <= Some(reached.confirmed) && judged.leans);
        let next = own().filter_map(|(criterion, _)| criterion.stage).filter(|stage| *stage > reached.confirmed).min();
        let progress = next.map(|next| {
            progress(next, own().filter(|(criterion, _)| criterion.stage == Some(next)).map(|(_, judged)| judged))
        });
        let declared = assessment.declared.iter().find(|(id, _)| *id == control.id).map(|(_, level)| *level);
        Some(ControlResult {
            id: control.id.clone(),
            short: control.short.clone(),
            title: control.title.clone(),
            confirmed: reached.confirmed,
            potential: reached.potential,
            shown: shown(reached.confirmed, leans),
            level_title: framework.control_title(at, reached.confirmed).map(str::to_owned),
            declared,
            progress,
            owner: control.owner.map(super::framework::Role::words),
            source: control.source.clone(),
        })
    };
    framework.controls().iter().enumerate().filter_map(result).collect()
}

fn criterion_results(framework: &Framework, judged: &[Judged]) -> Vec<CriterionResult> {
    let result = |(criterion, judged): (&super::criterion::Criterion, &Judged)| {
        let control = criterion.control.and_then(|at| framework.controls().get(at)).map(|control| control.id.clone());
        let said = [
            framework.id(),
            &criterion.id,
            judged.outcome.name(),
            &format!("{:?}", judged.basis),
            judged.actual.as_deref().unwrap_or(""),
            judged.required.as_deref().unwrap_or(""),
        ];
        CriterionResult {
            id: criterion.id.clone(),
            part: criterion.part.name(),
            stage: criterion.stage,
            control,
            statement: criterion.statement.clone(),
            outcome: judged.outcome,
            basis: judged.basis,
            why: judged.why,
            actual: judged.actual.clone(),
            required: judged.required.clone(),
            delta: judged.delta.map(|(delta, _)| delta),
            unit: judged.delta.map(|(_, unit)| unit.name()),
            observed: judged.observed,
            until: judged.until.filter(|_| matches!(judged.outcome, Outcome::Met | Outcome::NotApplicable)),
            waiver: judged.waiver.clone(),
            note: judged.note.clone(),
            optional: criterion.optional,
            source: criterion.source.clone(),
            digest: format!("{:016x}", xxh3_64(said.join("\u{1f}").as_bytes())),
        }
    };
    framework.criteria().iter().zip(judged).map(result).collect()
}

fn figures(evidence: &Evidence<'_>, catalogue: &Catalogue) -> Vec<Figure> {
    let figure = |fact: &super::assessment::Fact| {
        let unit = match &catalogue.get(&fact.metric)?.kind {
            Kind::Quantity(unit) => *unit,
            _ => return None,
        };
        let quantity = match &fact.value {
            FactValue::Quantity(quantity) => *quantity,
            FactValue::Share { n, d } => Quantity::share(*n, *d)?,
            _ => return None,
        };
        Some(Figure {
            metric: fact.metric.clone(),
            scope: fact.scope.clone(),
            value: quantity.words(unit, None),
            observed: fact.observed,
            measured: fact.measured,
            from: fact.from.clone(),
        })
    };
    evidence.facts().filter_map(figure).collect()
}

fn overstated(framework: &Framework, judged: &[Judged]) -> Vec<Overstated> {
    let claim = |(criterion, judged): (&super::criterion::Criterion, &Judged)| {
        let claim = judged.overstated.clone()?;
        let control = criterion.control.and_then(|at| framework.controls().get(at)).map(|control| control.id.clone());
        let evidence = match (&judged.note, &judged.actual, &judged.required) {
            (_, Some(actual), Some(required)) => format!("it is {actual}, and should be {required}"),
            (Some(note), ..) => note.clone(),
            _ => "the evidence says otherwise".to_owned(),
        };
        Some(Overstated { control, criterion: criterion.id.clone(), claim, evidence })
    };
    framework.criteria().iter().zip(judged).filter_map(claim).collect()
}

fn waivers(framework: &Framework, judged: &[Judged], assessment: &Assessment, as_of: Date) -> Vec<WaiverResult> {
    let result = |waiver: &Waiver| {
        let own = framework.criteria().iter().zip(judged);
        let criteria: Vec<String> = own
            .filter(|(_, judged)| judged.waiver.as_deref() == Some(waiver.id.as_str()))
            .map(|(criterion, _)| criterion.id.clone())
            .collect();
        let state = match () {
            () if waiver.expires < as_of => "expired",
            () if waiver.granted > as_of => "not_yet",
            () if criteria.is_empty() => "idle",
            () => "used",
        };
        let covers = match &waiver.covers {
            Covers::Criterion(id) => id.clone(),
            Covers::Control(id, level) => format!("{id} up to level {level}"),
        };
        WaiverResult {
            id: waiver.id.clone(),
            state,
            covers,
            reason: waiver.reason.clone(),
            approved_by: waiver.approved_by.clone(),
            granted: waiver.granted,
            expires: waiver.expires,
            criteria,
        }
    };
    let mut waivers: Vec<WaiverResult> = assessment.waivers.iter().map(result).collect();
    waivers.order_by(|a, b| a.id.cmp(&b.id));
    waivers
}

fn trend(framework: &Framework, judged: &[Judged], reached: Reached, earlier: &Earlier) -> Option<Trend> {
    let (mut promoted, mut regressed, mut newly_unknown, mut newly_waived) = (vec![], vec![], vec![], vec![]);
    for (criterion, judged) in framework.criteria().iter().zip(judged) {
        let Some((_, before)) = earlier.outcomes.iter().find(|(id, _)| *id == criterion.id) else { continue };
        let held = matches!(before.as_str(), "met" | "waived");
        let holds = judged.standing() == Standing::Holds;
        let id = criterion.id.clone();
        match judged.outcome {
            // Accepting a miss is no progress, and where it was met before it is worse than before.
            Outcome::Waived if before != "waived" => newly_waived.push(id),
            _ if holds && !held && before != "not_applicable" => promoted.push(id),
            Outcome::NotMet if held => regressed.push(id),
            Outcome::Unknown if held || before == "not_met" => newly_unknown.push(id),
            _ => {}
        }
    }
    let direction = match reached.confirmed.cmp(&earlier.confirmed) {
        std::cmp::Ordering::Greater => "up",
        std::cmp::Ordering::Less => "down",
        std::cmp::Ordering::Equal => "same",
    };
    Some(Trend {
        since: earlier.as_of?,
        confirmed_before: earlier.confirmed,
        confirmed: reached.confirmed,
        direction,
        promoted,
        regressed,
        newly_unknown,
        newly_waived,
    })
}

fn history(framework: &Framework, assessment: &Assessment, as_of: Date) -> Vec<HistoryLevel> {
    let own = assessment.history.iter().filter(|earlier| earlier.framework == framework.id());
    let mut levels: Vec<HistoryLevel> = own
        .filter_map(|earlier| {
            let day = earlier.as_of.filter(|day| *day < as_of)?;
            Some(HistoryLevel { as_of: day, confirmed: earlier.confirmed, potential: earlier.potential })
        })
        .collect();
    levels.order_by_key(|level| (level.as_of, level.confirmed, level.potential));
    levels
}

fn anomalies(framework: &Framework) -> Vec<AnomalyNote> {
    let note = |anomaly: &super::framework::Anomaly| AnomalyNote {
        id: anomaly.id.clone(),
        note: anomaly.note.clone(),
        criterion: anomaly.criterion.and_then(|at| framework.criteria().get(at)).map(|criterion| criterion.id.clone()),
    };
    framework.anomalies().iter().map(note).collect()
}

fn warnings(
    evidence: &Evidence<'_>,
    framework: &Framework,
    judged: &[Judged],
    assessment: &Assessment,
    as_of: Date,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let stale: Vec<&str> = framework
        .criteria()
        .iter()
        .zip(judged)
        .filter(|(_, judged)| judged.why == Some(Why::Stale))
        .map(|(criterion, _)| criterion.id.as_str())
        .collect();
    if !stale.is_empty() {
        let message = format!("evidence is too old and does not count: {}", stale.join(", "));
        warnings.push(Warning { code: "stale", message });
    }
    let mut expired: Vec<&str> =
        assessment.waivers.iter().filter(|waiver| waiver.expires < as_of).map(|waiver| waiver.id.as_str()).collect();
    expired.order();
    if !expired.is_empty() {
        let message = format!("waivers have expired and do not count: {}", expired.join(", "));
        warnings.push(Warning { code: "waiver_expired", message });
    }
    for earlier in assessment.history.iter().filter(|earlier| !earlier.gone.is_empty()) {
        let day = earlier.as_of.map_or_else(String::new, |day| format!(" of {day}"));
        let message = format!(
            "the earlier result{day} has criteria that the framework has not, which are not compared: {}",
            earlier.gone.join(", ")
        );
        warnings.push(Warning { code: "history_gone", message });
    }
    if evidence.from_later > 0 {
        let message = format!("{} facts or answers are from after {as_of} and do not count", evidence.from_later);
        warnings.push(Warning { code: "from_later", message });
    }
    for (measured, stated) in evidence.contradicted() {
        let (id, scope) = (&measured.metric, &measured.scope);
        let message = format!(
            "`{id}` ({scope}) was stated for {}, and what was measured on {} is another value, which counts",
            stated.day(),
            measured.day()
        );
        warnings.push(Warning { code: "contradicted", message });
    }
    warnings
}
