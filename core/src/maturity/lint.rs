//! What a framework must not be, beyond what reading it tells: thresholds that loosen from one stage to the next,
//! criteria that could never be met, criteria that wait for each other.

use super::catalogue::{Catalogue, Direction};
use super::criterion::{Check, Criterion, EvidenceKind};
use super::framework::Framework;
use super::quantity::{Comparator, Dimension, Quantity};
use crate::assessed::Part;
use crate::condition::document::{Fault, Problem};
use crate::order::{BTreeMap, Order as _};

/// Everything that is wrong with a framework as a whole.
pub(super) fn lint(framework: &Framework, catalogue: &Catalogue) -> Vec<Problem> {
    let mut problems = loosening(framework);
    problems.extend(unreachable(framework, catalogue));
    problems.extend(circles(framework));
    problems
}

fn problem(criterion: &Criterion, message: String, hint: &str) -> Problem {
    Problem { at: criterion.at.clone(), fault: Fault::Broken { message, hint: hint.to_owned() } }
}

/// Thresholds of one metric and scope must not loosen as stages rise, unless the anomaly is declared.
fn loosening(framework: &Framework) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut tightest: BTreeMap<(&str, &str, bool), (u8, Quantity, &Criterion)> = BTreeMap::new();
    let mut criteria: Vec<(usize, &Criterion)> = framework.criteria.iter().enumerate().collect();
    criteria.order_by_key(|(_, criterion)| criterion.stage);
    for (index, criterion) in criteria {
        let Some(stage) = criterion.stage else { continue };
        criterion.check.for_each(&mut |check| {
            let Check::Threshold { metric, scope, comparator, limit, unit, .. } = check else { return };
            // What must be equal is bounded on both sides.
            let sides: &[bool] = match comparator {
                Comparator::AtLeast | Comparator::Above => &[true],
                Comparator::AtMost | Comparator::Below => &[false],
                Comparator::Equals => &[true, false],
            };
            for at_least in sides.iter().copied() {
                let key = (metric.as_str(), scope.as_str(), at_least);
                let Some((before, bound, other)) = tightest.get(&key) else {
                    tightest.insert(key, (stage, *limit, criterion));
                    continue;
                };
                let looser = if at_least { limit < bound } else { limit > bound };
                let declared = framework.anomalies.iter().any(|anomaly| anomaly.criterion == Some(index));
                if looser && *before < stage && !declared {
                    let (own, other_limit) = (limit.words(*unit, None), bound.words(*unit, None));
                    let message = format!(
                        "`{}` asks less of `{metric}` ({comparator} {own}) than `{}` does a stage lower ({other_limit})",
                        criterion.id, other.id
                    );
                    let hint = "tighten it, or declare it under `[[anomaly]]` with the reason why it stands";
                    problems.push(problem(criterion, message, hint));
                }
                if !looser {
                    tightest.insert(key, (stage, *limit, criterion));
                }
            }
        });
    }
    problems
}

/// Criteria that nothing could meet.
fn unreachable(framework: &Framework, catalogue: &Catalogue) -> Vec<Problem> {
    let mut problems = Vec::new();
    for criterion in &framework.criteria {
        if criterion.stage.is_some_and(|stage| stage <= framework.floor) {
            let message = format!("`{}` stands on the floor of the ladder, where it decides nothing", criterion.id);
            problems.push(problem(criterion, message, "give it a higher stage, or describe it in the stage"));
        }
        let hundred = Quantity::share(1, 1).unwrap_or(Quantity::ZERO);
        criterion.check.for_each(&mut |check| match check {
            Check::Threshold { metric, limit, unit, comparator, .. } => {
                let percent = unit.dimension() == Dimension::Percent;
                // A percentage of which more is better is a share of something; one of growth may exceed the whole,
                // and be negative.
                let higher = catalogue.get(metric).is_some_and(|metric| metric.direction == Direction::Higher);
                let share = percent && (criterion.evidence == EvidenceKind::Count || higher);
                let too_high = match comparator {
                    Comparator::AtLeast | Comparator::Equals => *limit > hundred,
                    Comparator::Above => *limit >= hundred,
                    Comparator::AtMost | Comparator::Below => false,
                };
                let too_low = match comparator {
                    Comparator::AtMost | Comparator::Equals => *limit < Quantity::ZERO,
                    Comparator::Below => *limit <= Quantity::ZERO,
                    Comparator::AtLeast | Comparator::Above => false,
                };
                let signed = matches!(unit.dimension(), Dimension::Percent | Dimension::Money) && !share;
                if (share && too_high) || (!signed && too_low) {
                    let what = if share { "share" } else { "figure" };
                    let message = format!(
                        "`{}` can never be met: no {what} of `{metric}` is {comparator} {}",
                        criterion.id,
                        limit.words(*unit, None)
                    );
                    let hint =
                        if share { "a share lies between 0 % and 100 %" } else { "it cannot be less than nothing" };
                    problems.push(problem(criterion, message, hint));
                }
            }
            Check::ControlAt { control, level } => {
                let exists = framework.criteria.iter().any(|other| {
                    other.control == Some(*control) && other.part.counts_for_control() && other.stage == Some(*level)
                });
                if !exists {
                    let id = framework.controls.get(*control).map_or("", |control| control.id.as_str());
                    let message = format!("`{}` can never be met: `{id}` has no level {level}", criterion.id);
                    problems.push(problem(criterion, message, "name a level that has a criterion"));
                }
            }
            Check::All(parts) => {
                if let Some((metric, low, high)) = contradiction(parts) {
                    let message = format!("`{}` can never be met: `{metric}` would be {low} and {high}", criterion.id);
                    problems.push(problem(criterion, message, "let the bounds leave room"));
                }
            }
            _ => {}
        });
    }
    problems
}

/// Two bounds of one metric that leave nothing between them.
fn contradiction(parts: &[Check]) -> Option<(String, String, String)> {
    for one in parts {
        let Check::Threshold { metric, scope, comparator: low, limit: least, unit, .. } = one else { continue };
        if !matches!(low, Comparator::AtLeast | Comparator::Above) {
            continue;
        }
        for other in parts {
            let Check::Threshold { metric: m, scope: s, comparator: high, limit: most, .. } = other else { continue };
            let strict = matches!(low, Comparator::Above) || matches!(high, Comparator::Below);
            let empty = least > most || (least == most && strict);
            if (m, s) == (metric, scope) && matches!(high, Comparator::AtMost | Comparator::Below) && empty {
                let words =
                    |comparator: &Comparator, limit: &Quantity| format!("{comparator} {}", limit.words(*unit, None));
                return Some((metric.clone(), words(low, least), words(high, most)));
            }
        }
    }
    None
}

/// Criteria that wait for each other, directly or through a control.
fn circles(framework: &Framework) -> Vec<Problem> {
    let needs = |index: usize| -> Vec<usize> {
        let Some(criterion) = framework.criteria.get(index) else { return Vec::new() };
        let mut needed = Vec::new();
        criterion.check.for_each(&mut |check| match check {
            Check::Criterion(other) => needed.push(*other),
            Check::ControlAt { control, .. } => needed.extend(
                framework
                    .criteria
                    .iter()
                    .enumerate()
                    .filter(|(_, other)| other.control == Some(*control) && other.part.counts_for_control())
                    .map(|(other, _)| other),
            ),
            Check::Cell { .. } => needed.extend(
                framework
                    .criteria
                    .iter()
                    .enumerate()
                    .filter(|(_, other)| {
                        other.part == Part::Question
                            && other.stage == criterion.stage
                            && (other.control == criterion.control
                                || other.also.iter().any(|also| Some(*also) == criterion.control))
                    })
                    .map(|(other, _)| other),
            ),
            _ => {}
        });
        needed
    };
    let count = framework.criteria.len();
    // Whatever still waits when nothing more can be settled waits in a circle, or for one.
    let mut settled = vec![false; count];
    loop {
        let ready: Vec<usize> = (0..count)
            .filter(|index| !settled[*index] && needs(*index).iter().all(|needed| settled.get(*needed) == Some(&true)))
            .collect();
        if ready.is_empty() {
            break;
        }
        for index in ready {
            settled[index] = true;
        }
    }
    let stuck = framework.criteria.iter().zip(&settled).filter(|(_, settled)| !**settled);
    stuck
        .map(|(criterion, _)| {
            let message = format!("`{}` waits for itself through the criteria it names", criterion.id);
            problem(criterion, message, "let each criterion rest on others that do not rest on it")
        })
        .collect()
}
