//! Deciding each criterion from the evidence.
//!
//! What was measured beats what was stated, unless it is too old; of one day the worse counts. Figures beat answers, and a
//! no that is mapped to a control beats its declared level; whoever said more than the evidence shows is reported as
//! overstated.

use super::assessment::{Covers, FactValue, Said, Waiver};
use super::compare::Limit;
use super::criterion::{Check, Criterion};
use super::known::Evidence;
use super::level::{Standing, level_of};
use super::outcome::{Basis, Judged, Outcome, Why};
use crate::assessed::Part;
use crate::calendar::Date;
use crate::order::{BTreeSet, Order as _};

impl Evidence<'_> {
    /// Every criterion decided, in the framework's order; those of `assumed` as if they were met.
    pub(super) fn judge(&self, assumed: &BTreeSet<usize>) -> Vec<Judged> {
        let count = self.framework.criteria().len();
        let mut bench = Bench { evidence: self, assumed, done: vec![None; count] };
        (0..count).map(|index| bench.criterion(index)).collect()
    }
}

struct Bench<'b, 'e> {
    evidence: &'b Evidence<'e>,
    assumed: &'b BTreeSet<usize>,
    done: Vec<Option<Judged>>,
}

impl Bench<'_, '_> {
    fn criterion(&mut self, index: usize) -> Judged {
        if let Some(Some(done)) = self.done.get(index) {
            return done.clone();
        }
        let framework = self.evidence.framework;
        let Some(criterion) = framework.criteria().get(index) else { return Judged::unknown(Why::Missing) };
        let judged = if self.assumed.contains(&index) {
            Judged::new(Outcome::Met, Basis::Assumed)
        } else {
            let raw = self.raw(criterion);
            self.superseded(criterion, raw)
        };
        let judged = self.waived(criterion, judged);
        if let Some(place) = self.done.get_mut(index) {
            *place = Some(judged.clone());
        }
        judged
    }

    /// What the evidence says, waivers apart.
    fn raw(&mut self, criterion: &Criterion) -> Judged {
        match &criterion.check {
            Check::Answer => self.answered(criterion),
            Check::Cell { inferred } => self.cell(criterion, *inferred, false),
            check => {
                let figures = self.check(check, criterion);
                let said = self.answered(criterion);
                match (figures.outcome, said.outcome) {
                    (Outcome::NotMet, Outcome::Met) => {
                        let claim = "it was answered yes, and the figures say otherwise".to_owned();
                        Judged { overstated: Some(claim), ..figures }
                    }
                    // Without figures the answer decides; what they would have to be is still said.
                    (Outcome::Unknown, Outcome::Unknown) => figures,
                    (Outcome::Unknown, _) => Judged { required: figures.required, ..said },
                    _ => figures,
                }
            }
        }
    }

    /// What a person's answer says.
    fn answered(&self, criterion: &Criterion) -> Judged {
        let Some(answer) = self.evidence.answers.get(criterion.id.as_str()) else {
            return Judged::unknown(Why::Missing);
        };
        let stale = answer.at.is_some_and(|at| self.is_stale(criterion, at));
        let outcome = match answer.said {
            Said::Yes => Outcome::Met,
            Said::No | Said::InProgress => Outcome::NotMet,
            Said::NotApplicable => Outcome::NotApplicable,
            Said::Unknown => return Judged { note: answer.note.clone(), ..Judged::unknown(Why::Missing) },
        };
        let until = answer.at.and_then(|at| criterion.until(at));
        let note = answer.note.clone();
        let said = Judged { note, observed: answer.at, until, ..Judged::new(outcome, Basis::Attested) };
        if stale { Judged { outcome: Outcome::Unknown, why: Some(Why::Stale), ..said } } else { said }
    }

    fn is_stale(&self, criterion: &Criterion, day: Date) -> bool {
        self.evidence.is_stale(criterion, day)
    }

    /// One level of a control: what was said of it, unless a question mapped to it was answered no.
    ///
    /// `plain` leaves out questions that a level supersedes, so that these can ask for the level.
    fn cell(&mut self, criterion: &Criterion, inferred: bool, plain: bool) -> Judged {
        let framework = self.evidence.framework;
        let control = criterion.control.and_then(|control| framework.controls().get(control));
        let declared = control.and_then(|control| self.evidence.declared.get(control.id.as_str()).copied());
        let said = self.answered(criterion);
        let mapped: Vec<usize> = (0..framework.criteria().len())
            .filter(|index| {
                framework.criteria().get(*index).is_some_and(|question| {
                    let of_control = question.control == criterion.control
                        || question.also.iter().any(|also| Some(*also) == criterion.control);
                    let counts = question.part == Part::Question && question.stage == criterion.stage && of_control;
                    counts && !(plain && question.superseded_by.is_some())
                })
            })
            .collect();
        let answers: Vec<(usize, Judged)> = mapped.iter().map(|index| (*index, self.criterion(*index))).collect();
        let claimed = match declared {
            Some(level) if criterion.stage <= Some(level) => Some(Outcome::Met),
            Some(_) => Some(Outcome::NotMet),
            None => None,
        };
        let said_yes = said.outcome == Outcome::Met;
        let claim = |judged: Judged| match declared {
            Some(level) if criterion.stage <= Some(level) => {
                Judged { overstated: Some(format!("level {level} was declared")), ..judged }
            }
            _ if said_yes => Judged { overstated: Some("the level was answered yes".to_owned()), ..judged },
            _ => judged,
        };
        if let Some((index, _)) = answers.iter().find(|(_, judged)| judged.outcome == Outcome::NotMet) {
            let id = framework.criteria().get(*index).map_or("", |question| question.id.as_str());
            let note = Some(format!("`{id}`, which it rests on, is not met"));
            return claim(Judged { note, ..Judged::new(Outcome::NotMet, Basis::Derived) });
        }
        let leans = answers.iter().any(|(_, judged)| judged.leans);
        match (said.outcome, claimed) {
            // Of two claims the lower counts.
            (Outcome::NotMet, _) => claim(said),
            (Outcome::NotApplicable, _) => said,
            (_, Some(Outcome::NotMet)) => claim(Judged::new(Outcome::NotMet, Basis::Declared)),
            (_, Some(_)) => Judged { leans, ..Judged::new(Outcome::Met, Basis::Declared) },
            (Outcome::Met, None) => Judged { leans, ..said },
            _ => {
                let holds = |judged: &Judged| matches!(judged.outcome, Outcome::Met | Outcome::Waived);
                let all = answers.iter().all(|(_, judged)| holds(judged) || judged.outcome == Outcome::NotApplicable);
                if inferred && all && answers.iter().any(|(_, judged)| holds(judged)) {
                    let until = first_end(answers.iter().map(|(_, judged)| judged));
                    Judged { until, leans, ..Judged::new(Outcome::Met, Basis::Inferred) }
                } else {
                    said
                }
            }
        }
    }

    /// A question that an automated equal replaces is met once its control is at the level, that question apart.
    fn superseded(&mut self, criterion: &Criterion, judged: Judged) -> Judged {
        let Some((control, level)) = criterion.superseded_by else { return judged };
        if !matches!(judged.outcome, Outcome::NotMet | Outcome::Unknown) {
            return judged;
        }
        let framework = self.evidence.framework;
        let cells: Vec<&Criterion> = framework
            .criteria()
            .iter()
            .filter(|cell| cell.part == Part::Cell && cell.control == Some(control) && cell.stage <= Some(level))
            .collect();
        let cells: Vec<Judged> = cells
            .into_iter()
            .map(|cell| self.cell(cell, matches!(cell.check, Check::Cell { inferred: true }), true))
            .collect();
        if cells.is_empty() || cells.iter().any(|cell| cell.outcome != Outcome::Met) {
            return judged;
        }
        let id = framework.controls().get(control).map_or("", |control| control.id.as_str());
        let note = Some(format!("an automated equal counts, since {id} is at level {level}"));
        Judged { note, until: first_end(cells.iter()), ..Judged::new(Outcome::Met, Basis::Derived) }
    }

    fn waived(&self, criterion: &Criterion, judged: Judged) -> Judged {
        if !matches!(judged.outcome, Outcome::NotMet | Outcome::Unknown) {
            return judged;
        }
        let control = criterion.control.and_then(|control| self.evidence.framework.controls().get(control));
        let covers = |waiver: &&&Waiver| match &waiver.covers {
            Covers::Criterion(id) => *id == criterion.id,
            Covers::Control(id, level) => {
                criterion.part.counts_for_control()
                    && control.is_some_and(|control| control.id == *id)
                    && criterion.stage.is_some_and(|stage| stage <= *level)
            }
        };
        match self.evidence.waivers.iter().find(covers) {
            Some(waiver) => Judged { outcome: Outcome::Waived, waiver: Some(waiver.id.clone()), leans: true, ..judged },
            None => judged,
        }
    }

    fn check(&mut self, check: &Check, criterion: &Criterion) -> Judged {
        match check {
            Check::Answer | Check::Cell { .. } => self.answered(criterion),
            Check::Threshold { metric, scope, comparator, limit, unit, items } => {
                let limit = Limit { comparator: *comparator, bound: *limit, unit: *unit, items: *items };
                self.evidence.threshold(criterion, metric, scope, &limit)
            }
            Check::Target { metric, scope } => self.evidence.target(criterion, metric, scope),
            Check::Truth { fact, expected } => self.evidence.truth(criterion, fact, *expected),
            Check::Words { fact, words, exactly } => {
                let mut wanted = words.clone();
                wanted.order();
                let required = if *exactly { format!("exactly {}", words.join(", ")) } else { words.join(" or ") };
                self.evidence.stated(criterion, fact, &required, |value| match value {
                    FactValue::Words(held) if *exactly => Some((*held == wanted, held.join(", "))),
                    FactValue::Words(held) => {
                        let right = !held.is_empty() && held.iter().all(|word| wanted.contains(word));
                        Some((right, held.join(", ")))
                    }
                    _ => None,
                })
            }
            Check::AtMostEvery { activity, interval, unit } => {
                self.evidence.at_most_every(criterion, activity, *interval, *unit)
            }
            Check::ControlAt { control, level } => self.control_at(*control, *level),
            Check::Criterion(other) => {
                let judged = self.criterion(*other);
                let outcome = if judged.outcome == Outcome::Waived { Outcome::Met } else { judged.outcome };
                let Judged { leans, why, until, .. } = judged;
                Judged { why, until, leans, ..Judged::new(outcome, Basis::Derived) }
            }
            Check::Improved { metrics, scope, otherwise } => {
                self.evidence.improved(criterion, metrics, scope, otherwise.as_deref())
            }
            Check::All(parts) => self.joined(parts, criterion, true),
            Check::Any(parts) => self.joined(parts, criterion, false),
        }
    }

    /// All or any of several checks. What does not apply is left out; nothing left does not apply either.
    fn joined(&mut self, parts: &[Check], criterion: &Criterion, all: bool) -> Judged {
        let mut judged: Vec<Judged> = parts.iter().map(|part| self.check(part, criterion)).collect();
        let order = if all {
            [Outcome::NotMet, Outcome::Unknown, Outcome::NoTarget, Outcome::Met, Outcome::NotApplicable]
        } else {
            [Outcome::Met, Outcome::Unknown, Outcome::NoTarget, Outcome::NotMet, Outcome::NotApplicable]
        };
        let rank = |judged: &Judged| order.iter().position(|outcome| *outcome == judged.outcome).unwrap_or(order.len());
        // Of what is met, that which says what it found.
        let silent = |judged: &Judged| judged.outcome == Outcome::Met && judged.actual.is_none();
        let place = |judged: &Judged| (rank(judged), silent(judged));
        let Some(first) = (0..judged.len()).min_by_key(|index| judged.get(*index).map(place)) else {
            return Judged::unknown(Why::Missing);
        };
        let leans = judged.iter().any(|judged| judged.leans);
        // All hold until the first of them no longer does; of any it is the one that is named.
        let until = first_end(judged.iter());
        let mut decided = judged.swap_remove(first);
        if all && decided.outcome == Outcome::Met {
            (decided.leans, decided.until) = (leans, until);
        }
        decided
    }

    fn control_at(&mut self, control: usize, level: u8) -> Judged {
        let framework = self.evidence.framework;
        let own: Vec<usize> = (0..framework.criteria().len())
            .filter(|index| {
                framework
                    .criteria()
                    .get(*index)
                    .is_some_and(|criterion| criterion.part.counts_for_control() && criterion.control == Some(control))
            })
            .collect();
        let judged: Vec<(u8, Judged)> = own
            .iter()
            .filter_map(|index| {
                let criterion = framework.criteria().get(*index).filter(|criterion| !criterion.optional)?;
                Some((criterion.stage?, self.criterion(*index)))
            })
            .collect();
        let standings = judged.iter().map(|(stage, judged)| (*stage, judged.standing()));
        let reached = level_of(framework.floor(), standings);
        let (id, words) = framework.controls().get(control).map_or(("", ""), |control| (&control.id, &control.short));
        let required = Some(format!("{words} ({id}) at level {level}"));
        let actual = Some(if reached.confirmed == reached.potential {
            format!("level {}", reached.confirmed)
        } else {
            format!("level {}, up to {}", reached.confirmed, reached.potential)
        });
        let up_to = || judged.iter().filter(|(stage, _)| *stage <= level);
        let stands = |standing: Standing| up_to().any(|(_, judged)| judged.standing() == standing);
        let applies = up_to().any(|(stage, judged)| *stage == level && judged.standing() != Standing::Absent);
        let leans = up_to().any(|(_, judged)| judged.leans);
        let found = if stands(Standing::Fails) {
            Judged::new(Outcome::NotMet, Basis::Derived)
        } else if stands(Standing::Open) {
            Judged::unknown(Why::Missing)
        } else if applies || reached.confirmed >= level {
            let until = first_end(up_to().map(|(_, judged)| judged));
            Judged { until, leans, ..Judged::new(Outcome::Met, Basis::Derived) }
        } else {
            // Where the level asks nothing of the control, it asks nothing that could be missed.
            Judged::new(Outcome::NotApplicable, Basis::Derived)
        };
        Judged { actual, required, ..found }
    }
}

/// The last day on which all of several still count; `None` where none of them ages.
fn first_end<'j>(judged: impl Iterator<Item = &'j Judged>) -> Option<Date> {
    judged.filter_map(|judged| judged.until).min()
}
