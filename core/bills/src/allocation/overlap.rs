//! Rules that cannot serve.

use super::{Lint, LintCode, Policy, Rule, Source};
use crate::condition::{Case, Check, Condition, Operator, Subject, Test};

impl Policy {
    pub(super) fn lint_rules(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        for (index, rule) in self.rules().iter().enumerate() {
            let id = &rule.id;
            if let Some(reason) = rule.when.never() {
                let message = format!("rule `{id}` can never match: {reason}");
                lints.push(lint(LintCode::NeverMatches, rule, message, "correct the condition, or remove the rule"));
                continue;
            }
            lints.extend(self.unseen_values(rule));
            lints.extend(self.unreachable(index, rule));
        }
        lints
    }

    /// Dimensions that an earlier rule sets wherever this one matches.
    fn unreachable(&self, index: usize, rule: &Rule) -> Vec<Lint> {
        let shadows = |dimension: usize, source: &Source| {
            self.rules()[..index].iter().find(|earlier| {
                let sets = earlier.set.iter().any(|assignment| {
                    // An inherited value may be absent, unless this rule inherits the very same.
                    let always = matches!(assignment.source, Source::Constant(_)) || assignment.source == *source;
                    assignment.dimension == dimension && always
                });
                sets && earlier.when.covers(&rule.when)
            })
        };
        let shadowed: Vec<(&str, &Rule)> = rule
            .set
            .iter()
            .filter_map(|assignment| {
                let earlier = shadows(assignment.dimension, &assignment.source)?;
                Some((self.dimensions()[assignment.dimension].as_str(), earlier))
            })
            .collect();
        let id = &rule.id;
        if shadowed.len() == rule.set.len() {
            let earlier: Vec<String> =
                shadowed.iter().map(|(name, rule)| format!("`{name}` by `{}`", rule.id)).collect();
            let message =
                format!("rule `{id}` is never reached: wherever it matches, {} is already set", earlier.join(", "));
            let hint = "move it above, narrow the earlier rule, or remove it";
            return vec![lint(LintCode::UnreachableRule, rule, message, hint)];
        }
        let partly = shadowed.into_iter().map(|(name, earlier)| {
            let message =
                format!("rule `{id}` never sets `{name}`: wherever it matches, rule `{}` already has", earlier.id);
            lint(LintCode::UnreachableDimension, rule, message, "remove it here, or move the rule above")
        });
        partly.collect()
    }

    /// Equality with tag values that trimming or mapping replaces before a condition sees them.
    fn unseen_values(&self, rule: &Rule) -> Vec<Lint> {
        let mut lints = Vec::new();
        for_each_check(&rule.when, &mut |check| {
            let (Subject::Tag(key), Test::Text(text)) = (&check.subject, &check.test) else {
                return;
            };
            if text.operator() != Operator::Equals || text.case() != Case::Sensitive {
                return;
            }
            for value in text.texts() {
                let meant = self.tags().values(key).find(|(found, _)| *found == value.trim()).map(|(_, meant)| meant);
                let seen = meant.unwrap_or(value.trim());
                let is_target = || self.tags().values(key).any(|(_, meant)| meant == value);
                if seen != value && !is_target() {
                    let message = format!(
                        "rule `{}` asks for `{value}` in the tag `{key}`, which it never sees: the value is read as `{seen}`",
                        rule.id
                    );
                    lints.push(lint(LintCode::UnseenTagValue, rule, message, &format!("write `{seen}`")));
                }
            }
        });
        lints
    }
}

fn lint(code: LintCode, rule: &Rule, message: String, hint: &str) -> Lint {
    Lint { code, rule: Some(rule.id.clone()), at: rule.at.clone(), message, hint: Some(hint.to_owned()) }
}

fn for_each_check<'c>(condition: &'c Condition, visit: &mut impl FnMut(&'c Check)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| for_each_check(part, visit)),
        Condition::Not(part) => for_each_check(part, visit),
        Condition::Check(check) => visit(check),
    }
}
