//! Comparing what was measured or stated with what a criterion asks.
//!
//! What is missing or stale is unknown, never a pass. A share of nothing does not apply; a frequency of nothing is 0.

use super::assessment::{Fact, FactValue};
use super::catalogue::{Direction, Kind};
use super::criterion::Criterion;
use super::known::Evidence;
use super::outcome::{Basis, Judged, Outcome, Why};
use super::quantity::{Comparator, DAY, Quantity, Unit};

impl Evidence<'_> {
    pub(super) fn truth(&self, criterion: &Criterion, fact: &str, expected: bool) -> Judged {
        self.stated(criterion, fact, words_of(expected), |value| match value {
            FactValue::Truth(truth) => Some((*truth == expected, words_of(*truth).to_owned())),
            _ => None,
        })
    }

    pub(super) fn stated(
        &self,
        criterion: &Criterion,
        fact: &str,
        required: &str,
        decide: impl Fn(&FactValue) -> Option<(bool, String)>,
    ) -> Judged {
        let required = Some(required.to_owned());
        let scope = self.catalogue.get(fact).and_then(|metric| metric.scopes.first());
        let Some(fact) = scope.and_then(|scope| self.fact_for(criterion, fact, scope)) else {
            return Judged { required, ..Judged::unknown(Why::Missing) };
        };
        let Some((right, actual)) = decide(&fact.value) else {
            return Judged { required, ..Judged::unknown(Why::Missing) };
        };
        if self.is_stale(criterion, fact.observed) {
            let unknown = Judged::unknown(Why::Stale);
            return Judged { required, actual: Some(actual), observed: Some(fact.observed), ..unknown };
        }
        let outcome = if right { Outcome::Met } else { Outcome::NotMet };
        let note = fact.from.clone();
        Judged {
            required,
            actual: Some(actual),
            observed: Some(fact.observed),
            until: criterion.until(fact.observed),
            note,
            ..Judged::new(outcome, basis(fact))
        }
    }

    pub(super) fn threshold(&self, criterion: &Criterion, metric: &str, scope: &str, limit: &Limit) -> Judged {
        let required = Some(limit.words());
        let Some(fact) = self.fact_for(criterion, metric, scope) else {
            return Judged { required, ..Judged::unknown(Why::Missing) };
        };
        let observed = Some(fact.observed);
        let share = match &fact.value {
            FactValue::Quantity(quantity) => Some((Some(*quantity), None)),
            FactValue::Share { n, d } => Some((Quantity::share(*n, *d), Some((*n, *d)))),
            FactValue::Items(items) => limit.items.map(|(comparator, bound, _)| {
                let n = items.iter().filter(|item| comparator.holds(**item, bound)).count() as u64;
                let d = items.len() as u64;
                (Quantity::share(n, d), Some((n, d)))
            }),
            _ => None,
        };
        let Some((quantity, counts)) = share else {
            return Judged { required, ..Judged::unknown(Why::Missing) };
        };
        let of = counts.map(|(n, d)| format!("{n} of {d}"));
        let Some(quantity) = quantity else {
            let population = criterion.population.as_deref().unwrap_or("anything to count");
            let note = Some(format!("there is nothing to take a share of: no {population}"));
            let until = criterion.until(fact.observed);
            return Judged { required, observed, until, note, ..Judged::new(Outcome::NotApplicable, basis(fact)) };
        };
        let actual = Some(match of {
            Some(of) => format!("{} ({of})", quantity.words(limit.unit, Some(limit.bound))),
            None => quantity.words(limit.unit, Some(limit.bound)),
        });
        if self.is_stale(criterion, fact.observed) {
            return Judged { actual, required, observed, ..Judged::unknown(Why::Stale) };
        }
        let right = limit.comparator.holds(quantity, limit.bound);
        let delta = limit.bound.less(quantity, limit.unit).filter(|_| !right).map(|delta| (delta, limit.unit));
        let outcome = if right { Outcome::Met } else { Outcome::NotMet };
        let note = fact.from.clone();
        let claim = self.against(fact).and_then(|stated| Some((stated, stated.value.quantity()?)));
        let claim = claim.filter(|(_, value)| !right && limit.comparator.holds(*value, limit.bound));
        let overstated = claim
            .map(|(stated, value)| format!("{} was stated for {}", value.words(limit.unit, None), stated.observed));
        let until = criterion.until(fact.observed);
        Judged { actual, required, delta, observed, until, note, overstated, ..Judged::new(outcome, basis(fact)) }
    }

    pub(super) fn target(&self, criterion: &Criterion, metric: &str, scope: &str) -> Judged {
        let target = self.assessment.targets.iter().find(|target| target.metric == metric && target.scope == scope);
        let unit = match self.catalogue.get(metric).map(|metric| &metric.kind) {
            Some(Kind::Quantity(unit)) => *unit,
            _ => Unit::Count,
        };
        if let Some(target) = target {
            let limit = Limit { comparator: target.comparator, bound: target.limit, unit, items: None };
            return self.threshold(criterion, metric, scope, &limit);
        }
        let fact = self.fact(metric, scope);
        let actual = fact.and_then(|fact| match &fact.value {
            FactValue::Quantity(quantity) => Some(quantity.words(unit, None)),
            FactValue::Share { n, d } => Quantity::share(*n, *d).map(|share| share.words(unit, None)),
            _ => None,
        });
        let observed = fact.map(|fact| fact.observed);
        Judged { actual, observed, ..Judged::new(Outcome::NoTarget, fact.map_or(Basis::None, basis)) }
    }

    pub(super) fn at_most_every(
        &self,
        criterion: &Criterion,
        activity: &str,
        interval: Quantity,
        unit: Unit,
    ) -> Judged {
        let required = Some(format!("at most {} ago", interval.words(unit, None)));
        let scope = self.catalogue.get(activity).and_then(|metric| metric.scopes.first());
        let fact = scope.and_then(|scope| self.fact_for(criterion, activity, scope));
        let Some((fact, day)) = fact.and_then(|fact| match fact.value {
            FactValue::Done(day) => Some((fact, day)),
            _ => None,
        }) else {
            return Judged { required, ..Judged::unknown(Why::Missing) };
        };
        let days = i64::from(self.as_of.days_since_epoch()) - i64::from(day.days_since_epoch());
        let since = Quantity::seconds(days * DAY as i64);
        let right = since <= interval;
        let outcome = if right { Outcome::Met } else { Outcome::NotMet };
        let delta = interval.less(since, Unit::Day).filter(|_| !right).map(|delta| (delta, Unit::Day));
        let actual = Some(format!("{days} d ago"));
        let note = fact.from.clone();
        let claim = self.against(fact).map(Fact::day).filter(|stated| {
            let days = i64::from(self.as_of.days_since_epoch()) - i64::from(stated.days_since_epoch());
            !right && Quantity::seconds(days * DAY as i64) <= interval
        });
        let overstated = claim.map(|stated| format!("it was stated to be done on {stated}"));
        let observed = Some(day);
        let until = interval.whole_days().and_then(|days| day.plus_days(days));
        Judged { actual, required, delta, observed, until, note, overstated, ..Judged::new(outcome, basis(fact)) }
    }

    /// Better than in an earlier result, in at least one figure; see [`Check::Improved`].
    pub(super) fn improved(
        &self,
        criterion: &Criterion,
        metrics: &[String],
        scope: &str,
        otherwise: Option<&str>,
    ) -> Judged {
        let required = Some("at least one figure better than in the earlier result".to_owned());
        let (mut better, mut worse, mut same, mut known) = (Vec::new(), Vec::new(), Vec::new(), false);
        let mut until = None;
        for id in metrics {
            let Some(before) = self.earlier_figure(criterion, id, scope) else { continue };
            known = true;
            let fact = self.fact(id, scope).filter(|fact| !self.is_stale(criterion, fact.observed));
            let now = fact.and_then(|fact| match &fact.value {
                FactValue::Quantity(quantity) => Some(*quantity),
                FactValue::Share { n, d } => Quantity::share(*n, *d),
                _ => None,
            });
            let (Some(now), Some(metric)) = (now, self.catalogue.get(id)) else { continue };
            let is_better = match metric.direction {
                Direction::Higher => now > before,
                Direction::Lower => now < before,
                Direction::Band | Direction::None => false,
            };
            let list = match (is_better, now == before) {
                (true, _) => &mut better,
                (false, false) => &mut worse,
                (false, true) => &mut same,
            };
            list.push(id.as_str());
            let end = fact.and_then(|fact| criterion.until(fact.observed));
            until = until.into_iter().chain(end).min();
        }
        if !known && let Some(fact) = otherwise {
            return self.truth(criterion, fact, true);
        }
        let words = [("better", &better), ("worse", &worse), ("as before", &same)]
            .into_iter()
            .filter(|(_, ids)| !ids.is_empty())
            .map(|(word, ids)| format!("{word}: {}", ids.join(", ")));
        let words: Vec<String> = words.collect();
        if words.is_empty() {
            return Judged { required, ..Judged::unknown(Why::Missing) };
        }
        let outcome = if better.is_empty() { Outcome::NotMet } else { Outcome::Met };
        Judged { actual: Some(words.join("; ")), required, until, ..Judged::new(outcome, Basis::Derived) }
    }
}

/// What a figure is compared with.
pub(super) struct Limit {
    pub(super) comparator: Comparator,
    pub(super) bound: Quantity,
    pub(super) unit: Unit,
    pub(super) items: Option<(Comparator, Quantity, Unit)>,
}

impl Limit {
    fn words(&self) -> String {
        let limit = format!("{} {}", self.comparator, self.bound.words(self.unit, None));
        match self.items {
            Some((comparator, bound, unit)) => format!("{limit} with {comparator} {}", bound.words(unit, None)),
            None => limit,
        }
    }
}

fn basis(fact: &Fact) -> Basis {
    if fact.measured { Basis::Measured } else { Basis::Stated }
}

const fn words_of(truth: bool) -> &'static str {
    if truth { "yes" } else { "no" }
}
