//! What tag keys and values most likely mean.

use crate::allocation::Policy;
use crate::ledger::{TagValues, ValuesOf};
use crate::order::{BTreeMap, Order as _};

/// Keys that often name a person and not a team: taken only where no better key is there.
const WEAK: [&str; 4] = ["owner", "userowner", "ownedby", "createdby"];

/// A word without what is often spelled in several ways: case, blanks and punctuation.
pub(super) fn bare(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The keys of the bill that mean this dimension: the plainest first, of one meaning the most used.
pub(super) fn keys_of(dimension: &str, tags: &TagValues) -> Vec<String> {
    let policy = Policy::builtin();
    let known: Vec<String> = [dimension].into_iter().chain(policy.tags().aliases(dimension)).map(bare).collect();
    let mut found: Vec<(bool, usize, std::cmp::Reverse<u64>, &str)> = tags
        .keys()
        .filter(|(_, values)| values.rows > 0)
        .filter_map(|(key, values)| {
            let bare = bare(key);
            let rank = known.iter().position(|known| *known == bare)?;
            Some((WEAK.contains(&bare.as_str()), rank, std::cmp::Reverse(values.rows), key))
        })
        .collect();
    found.order();
    let only_weak = found.first().is_some_and(|(weak, ..)| *weak);
    found.into_iter().filter(|(weak, ..)| *weak == only_weak).map(|(.., key)| key.to_owned()).collect()
}

/// How environments are usually called, and what is meant.
const ENVIRONMENTS: [(&str, &[&str]); 6] = [
    ("production", &["prod", "prd", "prod1", "live", "production"]),
    ("staging", &["stg", "stag", "stage", "staging"]),
    ("development", &["dev", "devel", "develop", "development"]),
    ("test", &["tst", "test", "testing"]),
    ("sandbox", &["sbx", "sandbox"]),
    ("shared", &["shared", "common"]),
];

/// Values to replace, with what they become: usual words for environments, then spellings of one value by the most
/// used of them.
pub(super) fn value_map(is_environment: bool, values: &BTreeMap<String, u64>) -> BTreeMap<String, String> {
    let mut most_used: BTreeMap<String, (u64, &str)> = BTreeMap::new();
    for (value, rows) in values {
        let (most, spelling) = most_used.entry(bare(value)).or_insert((*rows, value));
        if *rows > *most {
            (*most, *spelling) = (*rows, value);
        }
    }
    let meant = |value: &str| {
        let bare = bare(value);
        let usual = ENVIRONMENTS.iter().find(|(_, words)| is_environment && words.contains(&bare.as_str()));
        let usual = usual.map(|(meant, _)| (*meant).to_owned());
        usual.or_else(|| most_used.get(&bare).filter(|_| !bare.is_empty()).map(|(_, spelling)| (*spelling).to_owned()))
    };
    let replaced = values.keys().filter_map(|value| Some((value.clone(), meant(value)?)));
    replaced.filter(|(value, meant)| value != meant).collect()
}

/// Values that are another one with a word such as `team` after it: perhaps the same, which only people know.
pub(super) fn stems(values: &BTreeMap<String, u64>) -> Vec<(String, String)> {
    let stem = |value: &String| {
        let bare_value = bare(value);
        let stem = ["team", "squad"].iter().find_map(|word| bare_value.strip_suffix(word))?;
        let other = values.keys().find(|other| bare(other) == stem && *other != value)?;
        Some((value.clone(), other.clone()))
    };
    values.keys().filter_map(stem).collect()
}

/// The values of several keys together, rows added up.
pub(super) fn values_of(keys: &[String], tags: &TagValues) -> BTreeMap<String, u64> {
    let mut all: BTreeMap<String, u64> = BTreeMap::new();
    for (value, rows) in keys.iter().filter_map(|key| tags.get(key)).flat_map(|found: &ValuesOf| &found.values) {
        *all.entry(value.clone()).or_default() += rows;
    }
    all
}
