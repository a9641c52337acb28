//! What is known on a day: facts, answers, declared levels, waivers and earlier results, sorted for looking up.

use super::assessment::{Answer, Assessment, Earlier, Fact, Waiver};
use super::catalogue::{Catalogue, Direction};
use super::criterion::Criterion;
use super::framework::Framework;
use super::quantity::Quantity;
use crate::calendar::Date;
use crate::order::{BTreeMap, Order as _};

/// What is known of a metric in a scope: the newest that was measured, and the newest that was stated.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known<'e> {
    pub(super) measured: Option<&'e Fact>,
    pub(super) stated: Option<&'e Fact>,
}

impl<'e> Known<'e> {
    /// Takes a fact in: the newest counts, of one day the worse, whatever their order.
    fn add(&mut self, fact: &'e Fact, direction: Direction) {
        let place = if fact.measured { &mut self.measured } else { &mut self.stated };
        let replaces = |old: &Fact| {
            let worse = || {
                let (new, old) = (fact.value.quantity(), old.value.quantity());
                // A share of nothing is worse than nothing else.
                match (new, old, direction) {
                    (Some(new), Some(old), Direction::Lower) => new.cmp(&old),
                    (Some(new), Some(old), _) => old.cmp(&new),
                    (new, old, _) => new.is_some().cmp(&old.is_some()),
                }
            };
            let same = || old.value.cmp(&fact.value).then_with(|| old.from.cmp(&fact.from));
            fact.day().cmp(&old.day()).then_with(worse).then_with(same).is_gt()
        };
        if place.is_none_or(replaces) {
            *place = Some(fact);
        }
    }

    /// What was measured, else what was stated.
    fn first(self) -> Option<&'e Fact> {
        self.measured.or(self.stated)
    }

    /// What was stated of the same day or later, and is another value than was measured.
    pub(super) fn contradicted(self) -> Option<(&'e Fact, &'e Fact)> {
        let (measured, stated) = self.measured.zip(self.stated)?;
        let same = match (measured.value.quantity(), stated.value.quantity()) {
            (Some(measured), Some(stated)) => measured == stated,
            _ => measured.value == stated.value,
        };
        (!same && stated.day() >= measured.day()).then_some((measured, stated))
    }
}

/// The evidence of an assessment on a day, sorted for looking up.
#[derive(Debug)]
pub(super) struct Evidence<'e> {
    pub(super) framework: &'e Framework,
    pub(super) catalogue: &'e Catalogue,
    pub(super) as_of: Date,
    pub(super) facts: BTreeMap<(&'e str, &'e str), Known<'e>>,
    pub(super) answers: BTreeMap<&'e str, &'e Answer>,
    pub(super) declared: BTreeMap<&'e str, u8>,
    /// Waivers that hold on the day.
    pub(super) waivers: Vec<&'e Waiver>,
    pub(super) assessment: &'e Assessment,
    /// Earlier results of the framework from before the day, newest first.
    pub(super) earlier: Vec<&'e Earlier>,
    /// Facts and answers from after the day, which do not count.
    pub(super) from_later: usize,
}

impl<'e> Evidence<'e> {
    pub(super) fn new(
        framework: &'e Framework,
        catalogue: &'e Catalogue,
        assessment: &'e Assessment,
        as_of: Date,
    ) -> Self {
        let mut facts: BTreeMap<(&str, &str), Known<'_>> = BTreeMap::new();
        let mut from_later = 0;
        for fact in &assessment.facts {
            if fact.observed.max(fact.day()) > as_of {
                from_later += 1;
                continue;
            }
            let direction = catalogue.get(&fact.metric).map_or(Direction::None, |metric| metric.direction);
            facts.entry((&fact.metric, &fact.scope)).or_default().add(fact, direction);
        }
        let mut answers = BTreeMap::new();
        for answer in &assessment.answers {
            if answer.at.is_some_and(|at| at > as_of) {
                from_later += 1;
            } else {
                answers.insert(answer.criterion.as_str(), answer);
            }
        }
        let holds = |waiver: &&Waiver| waiver.granted <= as_of && as_of <= waiver.expires;
        let mut waivers: Vec<&Waiver> = assessment.waivers.iter().filter(holds).collect();
        waivers.order_by(|a, b| a.id.cmp(&b.id));
        let earlier = assessment
            .history
            .iter()
            .filter(|earlier| earlier.framework == framework.id() && earlier.as_of.is_some_and(|day| day < as_of));
        let mut earlier: Vec<&Earlier> = earlier.collect();
        earlier.order_by(|a, b| (b.as_of, &b.outcomes, &b.figures).cmp(&(a.as_of, &a.outcomes, &a.figures)));
        let declared = assessment.declared.iter().map(|(control, level)| (control.as_str(), *level)).collect();
        Self { framework, catalogue, as_of, facts, answers, declared, waivers, assessment, earlier, from_later }
    }

    /// The fact of a metric and scope.
    pub(super) fn fact(&self, metric: &str, scope: &str) -> Option<&'e Fact> {
        self.facts.get(&(metric, scope)).and_then(|known| known.first())
    }

    /// The fact that a criterion goes by: what was measured, unless that is too old for it and what was stated is not.
    pub(super) fn fact_for(&self, criterion: &Criterion, metric: &str, scope: &str) -> Option<&'e Fact> {
        let known = self.facts.get(&(metric, scope))?;
        let fresh = |fact: &&Fact| !self.is_stale(criterion, fact.day());
        known.measured.filter(fresh).or(known.stated.filter(fresh)).or(known.first())
    }

    pub(super) fn is_stale(&self, criterion: &Criterion, day: Date) -> bool {
        let age = i64::from(self.as_of.days_since_epoch()) - i64::from(day.days_since_epoch());
        criterion.max_age_days.is_some_and(|most| age > i64::from(most))
    }

    /// Everything that was both measured and stated, and is not the same.
    pub(super) fn contradicted(&self) -> impl Iterator<Item = (&'e Fact, &'e Fact)> + '_ {
        self.facts.values().filter_map(|known| known.contradicted())
    }

    /// What was stated against a measured fact.
    pub(super) fn against(&self, fact: &Fact) -> Option<&'e Fact> {
        let known = self.facts.get(&(fact.metric.as_str(), fact.scope.as_str()))?;
        known.contradicted().filter(|_| fact.measured).map(|(_, stated)| stated)
    }

    /// The newest earlier result.
    pub(super) fn newest_earlier(&self) -> Option<&'e Earlier> {
        self.earlier.first().copied()
    }

    /// A figure of the newest earlier result that has it and is not too old for the criterion.
    pub(super) fn earlier_figure(&self, criterion: &Criterion, metric: &str, scope: &str) -> Option<Quantity> {
        let fresh = |earlier: &&&Earlier| earlier.as_of.is_some_and(|day| !self.is_stale(criterion, day));
        let figure = |earlier: &&Earlier| {
            let found = earlier.figures.iter().find(|(known, at, _)| known == metric && at == scope);
            found.map(|(.., quantity)| *quantity)
        };
        self.earlier.iter().filter(fresh).find_map(figure)
    }

    /// Every fact that counts.
    pub(super) fn facts(&self) -> impl Iterator<Item = &'e Fact> + '_ {
        self.facts.values().filter_map(|known| known.first())
    }
}
