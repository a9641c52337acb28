//! Who has accounted for which change: explanations given, and changes announced.

use super::scope::{LEVELS, Level, UNALLOCATED};
use crate::calendar::{Date, Month};
use crate::condition::document::{Document, Entry, Fault, Node, Position, Problem, Walk};
use crate::money::Amount;
use crate::order::{BTreeMap, Order as _};

const SCHEMA: &str = "headroom/explanations/1";
const TOP: &[&str] = &["schema", "explanation", "planned"];
const EXPLANATION: &[&str] = &["scope", "month", "by", "on", "why", "until"];
const PLANNED: &[&str] = &["scope", "month", "why", "percent", "by", "on", "until"];
const SCOPE: &[&str] = &["level", "key"];
const PERCENT: &[&str] = &["from", "to"];

/// What has been said about changes.
#[derive(Clone, Debug, Default)]
pub struct Explanations {
    reviews: Vec<Review>,
}

/// One thing said about one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Where it is written.
    pub at: Position,
    /// The level of the scope.
    pub level: Level,
    /// The values it names, of which `unallocated` stands for none. A group may leave dimensions out, which then may be
    /// anything.
    pub key: BTreeMap<String, String>,
    /// The month it is about.
    pub month: Month,
    /// The last month it holds for.
    pub until: Option<Month>,
    /// Who said it.
    pub by: Option<String>,
    /// When.
    pub on: Option<Date>,
    /// The reason.
    pub why: String,
    /// Whether it was announced rather than explained.
    pub planned: bool,
    /// Percent of change that was announced: lowest and highest.
    pub percent: Option<(Amount, Amount)>,
}

impl Explanations {
    /// Reads an explanations file, TOML or JSON.
    ///
    /// # Errors
    /// Everything that is wrong with it, with positions.
    pub fn parse(name: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let document = Document::read(name, text).map_err(|problem| vec![problem])?;
        let mut walk = Walk::new(&document);
        let mut reviews = Vec::new();
        let entries = walk.table("explanations", document.root()).unwrap_or_default();
        if !entries.iter().any(|entry| entry.key == "schema") {
            let hint = "write `schema = \"headroom/explanations/1\"` on the first line";
            walk.report(0, Fault::Missing { key: "schema", hint });
        }
        for entry in entries {
            match entry.key.as_str() {
                "schema" => {
                    if walk.text("schema", &entry.node, "name the schema").is_some_and(|schema| schema != SCHEMA) {
                        let rule = format!("write `{SCHEMA}`");
                        malformed(&mut walk, "a known schema", &entry.node, rule);
                    }
                }
                "explanation" | "planned" => {
                    let planned = entry.key == "planned";
                    for node in walk.list(&entry.key, &entry.node).unwrap_or_default() {
                        reviews.extend(read_review(&mut walk, node, planned));
                    }
                }
                _ => walk.unknown_key(entry, TOP),
            }
        }
        let problems = walk.into_problems();
        if problems.is_empty() { Ok(Self { reviews }) } else { Err(problems) }
    }

    /// Takes in another file's.
    pub fn extend(&mut self, other: Self) {
        self.reviews.extend(other.reviews);
    }

    /// Everything that was said, in order.
    pub fn reviews(&self) -> impl Iterator<Item = &Review> {
        self.reviews.iter()
    }

    /// What was said of a scope in a month: an explanation before an announcement, the first of each.
    ///
    /// An announcement with a range of percent counts only when the change lies in it.
    pub fn review(
        &self,
        level: Level,
        key: &[(String, Option<String>)],
        month: Month,
        delta: Amount,
        previous: Amount,
    ) -> Option<&Review> {
        let fits = |review: &&Review| {
            review.level == level
                && (review.month..=review.until.unwrap_or(review.month)).contains(&month)
                && review.names(key)
                && review.percent.is_none_or(|range| within(range, delta, previous))
        };
        let mut fitting: Vec<&Review> = self.reviews.iter().filter(fits).collect();
        fitting.order_by_key(|review| review.planned);
        fitting.first().copied()
    }

    /// What was announced of a scope in a month within limits, whether or not the change keeps them.
    pub fn announced(&self, level: Level, key: &[(String, Option<String>)], month: Month) -> Option<&Review> {
        self.reviews.iter().find(|review| {
            let is_then = (review.month..=review.until.unwrap_or(review.month)).contains(&month);
            review.planned && review.percent.is_some() && review.level == level && is_then && review.names(key)
        })
    }
}

impl Review {
    /// Whether the key has all values that it names.
    pub fn names(&self, key: &[(String, Option<String>)]) -> bool {
        self.key.iter().all(|(name, value)| {
            key.iter().any(|(known, actual)| known == name && actual.as_deref().unwrap_or(UNALLOCATED) == value)
        })
    }
}

/// Whether `from ≤ 100 · delta / |previous| ≤ to`, without dividing.
fn within((from, to): (Amount, Amount), delta: Amount, previous: Amount) -> bool {
    let size = Amount::from_units(previous.units().checked_abs().unwrap_or(i128::MAX));
    let hundredth = |percent: Amount| size.checked_mul_div(percent.units(), 100 * Amount::from_whole(1).magnitude());
    match (hundredth(from), hundredth(to)) {
        (Some(low), Some(high)) => (low..=high).contains(&delta),
        _ => false,
    }
}

fn malformed(walk: &mut Walk<'_>, what: &'static str, node: &Node, rule: String) {
    let value = match &node.value {
        crate::condition::document::Value::Text(text) => text.clone(),
        other => other.kind().to_owned(),
    };
    walk.report(node.at, Fault::Malformed { what, value, rule });
}

fn read_review(walk: &mut Walk<'_>, node: &Node, planned: bool) -> Option<Review> {
    let known = if planned { PLANNED } else { EXPLANATION };
    let entries = walk.table(if planned { "planned" } else { "explanation" }, node)?;
    let find = |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry: &Entry| &entry.node);
    for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
        walk.unknown_key(entry, known);
    }
    let required: &[(&'static str, &'static str)] = if planned {
        &[("scope", "say what changes"), ("month", "say in which month"), ("why", "say why it changes")]
    } else {
        &[
            ("scope", "say what changed"),
            ("month", "say in which month"),
            ("by", "say who explains it"),
            ("on", "say when it was explained"),
            ("why", "say why it changed"),
        ]
    };
    for (key, hint) in required {
        if find(key).is_none() {
            walk.report(node.at, Fault::Missing { key, hint });
        }
    }
    let scope = find("scope").and_then(|node| read_scope(walk, node));
    let month = find("month").and_then(|node| read_month(walk, "month", node));
    let until = find("until").map(|node| read_until(walk, month, node));
    let by = find("by").and_then(|node| walk.text("by", node, "name a person or a team")).map(str::to_owned);
    let on = find("on").map(|node| read_date(walk, node));
    let why = find("why").and_then(|node| walk.text("why", node, "give the reason")).map(str::to_owned);
    let percent = find("percent").map(|node| read_percent(walk, node));
    let (level, key) = scope?;
    let (until, on, percent) = (flatten(until)?, flatten(on)?, flatten(percent)?);
    let at = walk.position(node.at);
    Some(Review { at, level, key, month: month?, until, by, on, why: why?, planned, percent })
}

/// A value that may be left out but must be right when it is there.
#[expect(clippy::option_option, reason = "left out, and there but wrong, are different things")]
fn flatten<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        None => Some(None),
        Some(None) => None,
        Some(some) => Some(some),
    }
}

fn read_scope(walk: &mut Walk<'_>, node: &Node) -> Option<(Level, BTreeMap<String, String>)> {
    let entries = walk.table("scope", node)?;
    let find = |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry: &Entry| &entry.node);
    for entry in entries.iter().filter(|entry| !SCOPE.contains(&entry.key.as_str())) {
        walk.unknown_key(entry, SCOPE);
    }
    let Some(level) = find("level") else {
        walk.report(node.at, Fault::Missing { key: "level", hint: "say on which level, such as `squad`" });
        return None;
    };
    let level = read_level(walk, level)?;
    let parts = find("key").map_or(Some(Default::default()), |key| walk.table("key", key))?;
    let mut key = BTreeMap::new();
    for part in parts {
        // What a group is made of, the report decides.
        if level != Level::Group && level.key_name() != Some(&part.key) {
            let rule = level.key_name().map_or_else(
                || "the total has no key: leave it out".to_owned(),
                |name| format!("the key of this level is `{{ {name} = … }}`"),
            );
            let what = "part of the key of this level";
            walk.report(part.at, Fault::Malformed { what, value: part.key.clone(), rule });
        } else if let Some(value) = walk.text(&part.key, &part.node, "name the value, `unallocated` for none") {
            key.insert(part.key.clone(), value.to_owned());
        }
    }
    // Without a value it would explain everything on its level.
    if parts.is_empty() && level != Level::Total {
        let hint = "say what it is about, such as `key = { squad = \"payments\" }`";
        walk.report(find("key").unwrap_or(node).at, Fault::Missing { key: "key", hint });
    }
    Some((level, key))
}

fn read_level(walk: &mut Walk<'_>, node: &Node) -> Option<Level> {
    let level = Level::named(walk.text("level", node, "name a level")?);
    if level.is_none() {
        let names: Vec<&str> = LEVELS.iter().map(|level| level.name()).collect();
        malformed(walk, "a level", node, format!("one of {}", names.join(", ")));
    }
    level
}

fn read_until(walk: &mut Walk<'_>, month: Option<Month>, node: &Node) -> Option<Month> {
    let until = read_month(walk, "until", node)?;
    if month.is_some_and(|month| until < month) {
        malformed(walk, "the last month", node, "it must not be before `month`".to_owned());
        return None;
    }
    Some(until)
}

fn read_month(walk: &mut Walk<'_>, key: &str, node: &Node) -> Option<Month> {
    let month = walk.text(key, node, "write it as `2026-05`")?.parse().ok();
    if month.is_none() {
        malformed(walk, "a month", node, "write it as `2026-05`".to_owned());
    }
    month
}

fn read_date(walk: &mut Walk<'_>, node: &Node) -> Option<Date> {
    let date = walk.text("on", node, "write it as `2026-05-31`")?.parse().ok();
    if date.is_none() {
        malformed(walk, "a date", node, "write it as `2026-05-31`".to_owned());
    }
    date
}

fn read_percent(walk: &mut Walk<'_>, node: &Node) -> Option<(Amount, Amount)> {
    let (mut from, mut to) = (None, None);
    for entry in walk.table("percent", node)? {
        match entry.key.as_str() {
            "from" => from = walk.amount("from", &entry.node),
            "to" => to = walk.amount("to", &entry.node),
            _ => walk.unknown_key(entry, PERCENT),
        }
    }
    for (key, bound) in [("from", from), ("to", to)] {
        if bound.is_none() && walk.problem_count() == 0 {
            walk.report(node.at, Fault::Missing { key, hint: "write both ends: `{ from = \"10\", to = \"30\" }`" });
        }
    }
    let (from, to) = (from?, to?);
    if from > to {
        malformed(walk, "a range", node, "`from` must not exceed `to`".to_owned());
        return None;
    }
    Some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
schema = "headroom/explanations/1"
[[explanation]]
scope = { level = "service_name", key = { service_name = "AmazonS3" } }
month = "2026-05"
by = "platform squad"
on = "2026-06-03"
why = "new archive bucket"
until = "2026-07"
[[planned]]
scope = { level = "squad", key = { squad = "payments" } }
month = "2026-06"
why = "checkout release"
percent = { from = "10", to = "30" }
"#;

    fn key(name: &str, value: &str) -> Vec<(String, Option<String>)> {
        vec![(name.to_owned(), Some(value.to_owned()))]
    }

    #[test]
    fn finds_what_was_said_of_a_scope() {
        let said = Explanations::parse("e.toml", FILE).unwrap();
        let whole = Amount::from_whole;
        let review = |level: &str, key: &[(String, Option<String>)], month: &str, delta: i64| {
            let level = Level::named(level).unwrap();
            said.review(level, key, month.parse().unwrap(), whole(delta), whole(100)).map(|review| review.why.as_str())
        };
        let s3 = key("service_name", "AmazonS3");
        for (month, want) in [
            ("2026-04", None),
            ("2026-05", Some("new archive bucket")),
            ("2026-07", Some("new archive bucket")),
            ("2026-08", None),
        ] {
            assert_eq!(review("service_name", &s3, month, 76), want, "{month}");
        }
        assert_eq!(review("squad", &s3, "2026-05", 76), None);
        let payments = key("squad", "payments");
        for (delta, want) in [(9, None), (10, Some("checkout release")), (30, Some("checkout release")), (31, None)] {
            assert_eq!(review("squad", &payments, "2026-06", delta), want, "{delta}");
        }
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        for (from, to, want) in [
            ("month = \"2026-05\"", "month = \"May\"", "e.toml:5:9: "),
            ("level = \"squad\"", "level = \"sqad\"", "e.toml:11:19: "),
            ("by = \"platform squad\"", "bye = \"platform squad\"", "e.toml:6:1: unknown key `bye`"),
            ("to = \"30\"", "to = \"3\"", "e.toml:14:11: "),
            ("until = \"2026-07\"", "until = \"2026-04\"", "e.toml:9:9: `2026-04` cannot be the last month"),
            (", key = { squad = \"payments\" }", "", "e.toml:11:9: `key` is missing"),
            ("{ squad = \"payments\" }", "{}", "e.toml:11:34: `key` is missing"),
            ("{ squad = \"payments\" }", "{ sqaud = \"payments\" }", "e.toml:11:36: `sqaud` cannot be part of the key"),
            ("level = \"squad\"", "level = \"total\"", "e.toml:11:36: `squad` cannot be part of the key"),
            ("explanations/1", "explanation/1", "e.toml:2:10: "),
        ] {
            let problems = Explanations::parse("e.toml", &FILE.replace(from, to)).unwrap_err();
            assert!(problems.iter().any(|problem| problem.to_string().starts_with(want)), "{want}: {problems:?}");
        }
    }
}
