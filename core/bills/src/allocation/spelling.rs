//! Tags nobody reads, and one thing spelled in several ways.

use super::{Lint, LintCode, Policy, Source};
use crate::condition::document::{Position, nearest, slip};
use crate::order::{BTreeMap, BTreeSet};

impl Policy {
    pub(super) fn lint_tags(&self) -> Vec<Lint> {
        let read = self.read_keys();
        let mut lints = Vec::new();
        for (key, meaning) in &self.tags().keys {
            let mut seen = BTreeSet::new();
            for (alias, at) in &meaning.aliases {
                let (code, message) = if alias == key {
                    (LintCode::AliasOfItself, format!("the tag `{key}` is its own alias"))
                } else if seen.insert(alias) {
                    continue;
                } else {
                    (LintCode::AliasTwice, format!("`{alias}` is an alias of `{key}` twice"))
                };
                lints.push(lint(code, at, message, "remove it"));
            }
            let places = meaning.aliases.iter().map(|(_, at)| at).chain(meaning.values.values().map(|(_, at)| at));
            if let Some(at) = places.min()
                && !read.contains(key.as_str())
            {
                let message = format!("no rule reads the tag `{key}`, so what is said of it has no effect");
                let hint = match nearest(key, read.iter().copied()) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => {
                        format!("read it in a rule, such as `set = {{ squad = {{ tag = \"{key}\" }} }}`, or remove it")
                    }
                };
                lints.push(lint(LintCode::UnreadTag, at, message, &hint));
            }
        }
        lints
    }

    /// Constants of one dimension, and names of dimensions, that look like one thing in two spellings.
    pub(super) fn lint_spelling(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        let mut first: BTreeMap<(usize, String), &str> = BTreeMap::new();
        let mut reported = BTreeSet::new();
        let mut appeared: BTreeMap<usize, &Position> = BTreeMap::new();
        for rule in self.rules() {
            for assignment in &rule.set {
                let dimension = assignment.dimension;
                appeared.entry(dimension).or_insert(&rule.at);
                let Source::Constant(value) = &assignment.source else {
                    continue;
                };
                let one = *first.entry((dimension, bare(value))).or_insert(value);
                if one != value.as_ref() && reported.insert((dimension, value)) {
                    let name = &self.dimensions()[dimension];
                    let message = format!("`{name}` is set to `{value}` here and to `{one}` in an earlier rule");
                    let mut lint = lint(LintCode::SimilarValues, &rule.at, message, "choose one spelling");
                    lint.rule = Some(rule.id.clone());
                    lints.push(lint);
                }
            }
        }
        for (index, at) in appeared {
            let name = &self.dimensions()[index];
            // Short names resemble each other without a slip, and numbered ones on purpose.
            let earlier = self.dimensions()[..index].iter().map(String::as_str);
            let distinct = name.len() < 4 || name.contains(|character: char| character.is_ascii_digit());
            if let Some(similar) = slip(name, earlier).filter(|_| !distinct) {
                let message = format!("the dimension `{name}` looks like `{similar}`");
                let hint = format!("write `{similar}` if that is what is meant");
                lints.push(lint(LintCode::SimilarDimensions, at, message, &hint));
            }
        }
        lints
    }
}

fn lint(code: LintCode, at: &Position, message: String, hint: &str) -> Lint {
    Lint { code, rule: None, at: at.clone(), message, hint: Some(hint.to_owned()) }
}

/// A value without what is often spelled in several ways: case, blanks and punctuation.
fn bare(value: &str) -> String {
    value.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
