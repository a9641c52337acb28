//! The rules worth trying on a charge.
//!
//! Policies of large organisations are mostly lists of accounts: hundreds of rules of which a charge can
//! meet a handful. Rules that ask a subject to equal one of some texts are filed under these texts, so that
//! a charge looks its own value up instead of trying them all.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Rule;
use crate::condition::{Case, Check, Condition, Facts, Operator, Subject, Test};

/// Rules by what they ask for at least; a rule left out for a charge cannot match it.
#[derive(Clone, Debug, Default)]
pub(super) struct Shortlist {
    /// Rules that may match whatever the charge shows, ascending.
    always: Vec<u32>,
    /// Subject → its value → rules that ask for that value, ascending.
    filed: BTreeMap<Subject, BTreeMap<String, Vec<u32>>>,
}

impl Shortlist {
    pub(super) fn new(rules: &[Rule]) -> Self {
        let mut shortlist = Self::default();
        for (index, rule) in rules.iter().enumerate() {
            let index = index as u32;
            let Some((subject, texts)) = asked(&rule.when) else {
                shortlist.always.push(index);
                continue;
            };
            let filed = shortlist.filed.entry(subject.clone()).or_default();
            for text in texts {
                let rules = filed.entry(text.clone()).or_default();
                if rules.last() != Some(&index) {
                    rules.push(index);
                }
            }
        }
        shortlist
    }

    /// The rules that may match, ascending.
    pub(super) fn candidates(&self, facts: &dyn Facts) -> Cow<'_, [u32]> {
        let mut candidates = Cow::Borrowed(self.always.as_slice());
        for (subject, filed) in &self.filed {
            let rules = subject.value(facts).and_then(|value| filed.get(value.as_ref()));
            if let Some(rules) = rules {
                candidates.to_mut().extend(rules);
            }
        }
        if let Cow::Owned(candidates) = &mut candidates {
            candidates.sort_unstable();
        }
        candidates
    }
}

/// A subject and texts of which its value must be one for the condition to hold, if there is such a demand.
fn asked(condition: &Condition) -> Option<(&Subject, Vec<&String>)> {
    match condition {
        Condition::Check(Check { subject, test: Test::Text(text) })
            if text.operator() == Operator::Equals && text.case() == Case::Sensitive =>
        {
            Some((subject, text.compared().iter().collect()))
        }
        Condition::All(parts) => parts.iter().find_map(asked),
        Condition::Any(parts) => {
            let mut demands = parts.iter().map(asked);
            let (subject, mut texts) = demands.next()??;
            for demand in demands {
                let (other, more) = demand?;
                if other != subject {
                    return None;
                }
                texts.extend(more);
            }
            Some((subject, texts))
        }
        _ => None,
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
            "{ any = [ { region_id = \"a\" }, { service_name = \"s\" } ] }",
            "{ any = [] }",
            "{ not = { region_id = \"a\" } }",
            "{ region_id = { equals = \"a\", case = \"insensitive\" } }",
            "{ tag = \"k\", equals = \"v\" }",
            "{}",
        ];
        let rules = whens.iter().enumerate();
        let rules =
            rules.map(|(i, when)| format!("[[rule]]\nid = \"{i}\"\nwhen = {when}\nset = {{ squad = \"x\" }}\n"));
        let policy = policy(&rules.collect::<String>());
        let shortlist = Shortlist::new(policy.rules());
        for (charge, want) in [
            (&[][..], vec![1, 4, 5, 6, 7, 9]),
            (&[("region_id", "a")], vec![0, 1, 2, 3, 4, 5, 6, 7, 9]),
            (&[("region_id", "c"), ("k", "v")], vec![1, 3, 4, 5, 6, 7, 8, 9]),
        ] {
            let charge = Charge::of(charge);
            assert_eq!(shortlist.candidates(&charge).as_ref(), want);
            for (index, rule) in policy.rules().iter().enumerate() {
                assert!(want.contains(&(index as u32)) || !rule.when.matches(&charge), "{index}");
            }
        }
    }
}
