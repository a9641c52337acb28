//! What rules demand of a charge, subject by subject.
//!
//! Most rules are conjunctions: each check of one must hold. So what a value of one subject leaves possible can be told
//! without the others, once for each value, as a set of rules; a charge can match the rules that are in the sets of all
//! its values. Policies of large organisations have hundreds of rules of which a charge meets a handful.

use super::Rule;
use crate::condition::{Case, Condition, Field, Operator, Subject, Test};
use crate::order::BTreeMap;

/// A set of rules by their index, 64 to a word.
pub(super) type RuleSet = Vec<u64>;

/// The demands of all rules.
#[derive(Clone, Debug, Default)]
pub(super) struct Demands {
    /// By subject, fields first.
    subjects: Vec<(Subject, Demand)>,
    /// All rules.
    everyone: RuleSet,
    /// Rules that match wherever all of their demands are met; others must be asked.
    told: RuleSet,
}

/// What rules demand of one subject.
#[derive(Clone, Debug, Default)]
pub(super) struct Demand {
    /// Rules that demand nothing.
    indifferent: RuleSet,
    /// Rules that its absence leaves possible.
    absent: RuleSet,
    /// Rules with a demand that is tested one by one.
    tested: RuleSet,
    /// Rules that demand this value or one of several.
    equal: BTreeMap<String, Vec<u32>>,
    /// Rules with any other demand.
    tests: Vec<(Test, u32)>,
}

/// The words that hold so many rules.
fn words(rules: usize) -> usize {
    rules.div_ceil(64)
}

fn insert(set: &mut [u64], rule: u32) {
    set[rule as usize / 64] |= 1 << (rule % 64);
}

impl Demands {
    pub(super) fn new(rules: &[Rule]) -> Self {
        let mut subjects: BTreeMap<&Subject, Demand> = BTreeMap::new();
        let mut told = vec![0; words(rules.len())];
        let mut demanding: BTreeMap<&Subject, RuleSet> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            let index = index as u32;
            let (mut all_told, mut checks) = (true, Vec::new());
            flatten(&rule.when, &mut checks, &mut all_told);
            let mut seen: Vec<&Subject> = Vec::new();
            for (subject, test) in checks {
                // One demand of a subject is enough to rule out by; and where values hardly ever come again, testing each
                // for all rules would cost more than asking the rules that are reached.
                if seen.contains(&subject) || (names_things(subject) && !is_equality(test)) {
                    all_told = false;
                    continue;
                }
                seen.push(subject);
                insert(demanding.entry(subject).or_insert_with(|| vec![0; words(rules.len())]), index);
                subjects.entry(subject).or_default().add(test, index);
            }
            if all_told {
                insert(&mut told, index);
            }
        }
        let subjects = subjects.into_iter().map(|(subject, mut demand)| {
            let demanding = demanding.remove(subject).unwrap_or_default();
            demand.indifferent = demanding.iter().map(|word| !word).collect();
            demand.tested = vec![0; demand.indifferent.len()];
            demand.tests.iter().for_each(|(_, rule)| insert(&mut demand.tested, *rule));
            demand.absent = demand.met_by(None);
            (subject.clone(), demand)
        });
        let mut everyone = vec![0; words(rules.len())];
        (0..rules.len()).for_each(|rule| insert(&mut everyone, rule as u32));
        Self { subjects: subjects.collect(), everyone, told }
    }

    /// Every subject of which something is demanded, fields first.
    pub(super) fn subjects(&self) -> &[(Subject, Demand)] {
        &self.subjects
    }

    /// The set of all rules.
    pub(super) fn everyone(&self) -> &RuleSet {
        &self.everyone
    }

    /// The rules that match wherever their demands are met.
    pub(super) fn told(&self) -> &RuleSet {
        &self.told
    }
}

impl Demand {
    fn add(&mut self, test: &Test, rule: u32) {
        match test {
            Test::Text(asked) if is_equality(test) => {
                for value in asked.compared() {
                    self.equal.entry(value.clone()).or_default().push(rule);
                }
            }
            _ => self.tests.push((test.clone(), rule)),
        }
    }

    /// The rules that its absence leaves possible.
    pub(super) fn absent(&self) -> &RuleSet {
        &self.absent
    }

    /// Narrows rules to those that a value may leave possible, without any test; rules that must therefore be asked
    /// themselves are taken out of `sure`.
    pub(super) fn narrow_loosely(&self, value: &str, left: &mut [u64], sure: &mut [u64]) {
        let equal = self.equal.get(value).map(Vec::as_slice).unwrap_or_default();
        for (word, (left, sure)) in left.iter_mut().zip(sure).enumerate() {
            let mut met = self.indifferent[word] | self.tested[word];
            for rule in equal.iter().filter(|rule| **rule as usize / 64 == word) {
                met |= 1 << (rule % 64);
            }
            *left &= met;
            *sure &= !self.tested[word];
        }
    }

    /// The rules that a value leaves possible.
    pub(super) fn met_by(&self, value: Option<&str>) -> RuleSet {
        let mut met = self.indifferent.clone();
        for rule in value.and_then(|value| self.equal.get(value)).into_iter().flatten() {
            insert(&mut met, *rule);
        }
        for (_, rule) in self.tests.iter().filter(|(test, _)| test.holds(value)) {
            insert(&mut met, *rule);
        }
        met
    }
}

/// Leaves of the rules those that are in the other set.
#[inline]
pub(super) fn meet(left: &mut [u64], met: &[u64]) {
    left.iter_mut().zip(met).for_each(|(left, met)| *left &= met);
}

/// Whether the test is for texts that a value must equal to the letter.
fn is_equality(test: &Test) -> bool {
    matches!(test, Test::Text(asked) if asked.operator() == Operator::Equals && asked.case() == Case::Sensitive)
}

/// Whether the subject names things one by one.
fn names_things(subject: &Subject) -> bool {
    matches!(subject, Subject::Field(Field::ResourceId | Field::ResourceName | Field::ChargeDescription))
}

/// The checks that must all hold; `told` ends up false if there is more to the condition.
fn flatten<'c>(condition: &'c Condition, checks: &mut Vec<(&'c Subject, &'c Test)>, told: &mut bool) {
    match condition {
        Condition::Check(check) => checks.push((&check.subject, &check.test)),
        Condition::All(parts) => parts.iter().for_each(|part| flatten(part, checks, told)),
        Condition::Any(_) | Condition::Not(_) => *told = false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Charge, policy};
    use super::*;

    #[test]
    fn leaves_out_only_what_cannot_match() {
        let whens = [
            "{ region_id = [\"a\", \"b\"] }",
            "{ tag = \"k\", present = true }",
            "{ all = [ { tag = \"k\", present = true }, { region_id = \"a\", service_name = \"s\" } ] }",
            "{ any = [ { region_id = \"a\" }, { region_id = [\"a\", \"c\"] } ] }",
            "{ all = [ { region_id = \"a\" }, { region_id = { starts_with = \"b\" } } ] }",
            "{ any = [] }",
            "{ not = { region_id = \"a\" } }",
            "{ region_id = { equals = \"A\", case = \"insensitive\" } }",
            "{ tag = \"k\", equals = \"v\" }",
            "{ tag = \"k\", absent = true }",
            "{}",
        ];
        let rules = whens.iter().enumerate();
        let rules =
            rules.map(|(i, when)| format!("[[rule]]\nid = \"{i}\"\nwhen = {when}\nset = {{ squad = \"x\" }}\n"));
        let policy = policy(&rules.collect::<String>());
        let demands = Demands::new(policy.rules());
        assert_eq!((0..11).filter(|rule| demands.told()[0] & (1 << rule) == 0).collect::<Vec<u32>>(), [3, 4, 5, 6]);
        for (charge, want) in [
            (&[][..], vec![3, 5, 6, 9, 10]),
            (&[("region_id", "a")], vec![0, 3, 4, 5, 6, 7, 9, 10]),
            (&[("region_id", "b"), ("k", "v")], vec![0, 1, 3, 5, 6, 8, 10]),
        ] {
            let charge = Charge::of(charge);
            let mut left = demands.everyone().clone();
            for (subject, demand) in demands.subjects() {
                let met = demand.met_by(subject.value(&charge).as_deref());
                meet(&mut left, &met);
            }
            let left: Vec<u32> = (0..11).filter(|rule| left[0] & (1 << rule) != 0).collect();
            assert_eq!(left, want);
            for (index, rule) in policy.rules().iter().enumerate() {
                assert!(left.contains(&(index as u32)) || !rule.when.matches(&charge), "{index}");
            }
        }
    }
}
