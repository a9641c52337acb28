//! Reading how a criterion is decided.

use super::catalogue::{Catalogue, Kind, Metric};
use super::criterion::Check;
use super::quantity::{Comparator, Dimension, Quantity, QuantityError, Unit};
use crate::condition::document::{Entry, Fault, Node, Position, Table, Value, Walk, nearest};
use crate::order::BTreeMap;

const CHECK: &[&str] = &[
    "all",
    "any",
    "metric",
    "scope",
    "at_least",
    "at_most",
    "above",
    "below",
    "equals",
    "items",
    "target",
    "fact",
    "is",
    "one_of",
    "exactly",
    "activity",
    "at_most_every",
    "control",
    "level",
    "criterion",
    "improved",
    "otherwise",
];
const ITEMS: &[&str] = &["at_least", "at_most", "above", "below", "equals"];

/// What a check may name.
pub(super) struct Names<'n> {
    pub(super) controls: &'n [String],
    pub(super) criteria: &'n BTreeMap<String, (usize, Position)>,
    pub(super) catalogue: &'n Catalogue,
}

impl Names<'_> {
    /// The control of this id, or a report of the nearest.
    pub(super) fn control(&self, walk: &mut Walk<'_>, name: &str, at: usize) -> Option<usize> {
        let found = self.controls.iter().position(|known| known == name);
        if found.is_none() {
            unknown(walk, "control", name, at, self.controls.iter().map(String::as_str));
        }
        found
    }

    /// The criterion of this id, or a report of the nearest.
    pub(super) fn criterion(&self, walk: &mut Walk<'_>, name: &str, at: usize) -> Option<usize> {
        let found = self.criteria.get(name).map(|(index, _)| *index);
        if found.is_none() {
            unknown(walk, "criterion", name, at, self.criteria.keys().map(String::as_str));
        }
        found
    }
}

/// Reports a name that nothing bears, with the nearest that something does.
pub(super) fn unknown<'k>(
    walk: &mut Walk<'_>,
    what: &'static str,
    name: &str,
    at: usize,
    known: impl IntoIterator<Item = &'k str> + Clone,
) {
    let hint = if let Some(near) = nearest(name, known.clone()) {
        format!("did you mean `{near}`?")
    } else {
        let known: Vec<&str> = known.into_iter().take(12).collect();
        if known.is_empty() { "there is none".to_owned() } else { format!("there are {}", known.join(", ")) }
    };
    walk.report(at, Fault::UnknownName { what, name: name.to_owned(), hint });
}

/// Reads a check; problems are reported to `walk`, and then the answer is `None`.
pub(super) fn read_check(walk: &mut Walk<'_>, names: &Names<'_>, node: &Node) -> Option<Check> {
    let table = Table::open(walk, "check", node, CHECK)?;
    let list = |walk: &mut Walk<'_>, key: &'static str| {
        let parts: Vec<Option<Check>> =
            table.items(walk, key).iter().map(|item| read_check(walk, names, item)).collect();
        if parts.is_empty() {
            walk.report(
                table.place(key),
                Fault::Empty { key: key.to_owned(), hint: "nothing vacuous is ever met: list at least one check" },
            );
        }
        parts.into_iter().collect::<Option<Vec<Check>>>()
    };
    let kinds = ["all", "any", "metric", "fact", "activity", "control", "criterion", "improved"];
    let mut given = kinds.iter().filter(|kind| table.get(kind).is_some());
    let (Some(kind), None) = (given.next(), given.next()) else {
        let message = "a check decides by exactly one thing".to_owned();
        walk.report(table.at(), Fault::Broken { message, hint: format!("write one of: {}", kinds.join(", ")) });
        return None;
    };
    match *kind {
        "all" => list(walk, "all").map(Check::All),
        "any" => list(walk, "any").map(Check::Any),
        "metric" => read_threshold(walk, names, &table),
        "fact" => read_fact(walk, names, &table),
        "activity" => read_activity(walk, names, &table),
        "control" => {
            let name = table.text(walk, "control")?;
            let control = names.control(walk, name, table.place("control"));
            table.need(walk, "level", "say at which level or above")?;
            let level = table.whole(walk, "level", 99)? as u8;
            Some(Check::ControlAt { control: control?, level })
        }
        "criterion" => {
            let name = table.text(walk, "criterion")?;
            names.criterion(walk, name, table.place("criterion")).map(Check::Criterion)
        }
        _ => {
            let metrics = table.texts(walk, "improved");
            let scope = table.need_text(walk, "scope", "say in which scope")?;
            for name in &metrics {
                let metric = names.catalogue.find(walk, name, table.place("improved"))?;
                metric.scope(walk, Some(scope), table.place("scope"))?;
            }
            let otherwise = match table.text(walk, "otherwise") {
                Some(name) => {
                    let metric = names.catalogue.find(walk, name, table.place("otherwise"))?;
                    if metric.kind != Kind::Truth {
                        wrong_kind(walk, metric, "fact", table.place("otherwise"));
                        return None;
                    }
                    Some(name.to_owned())
                }
                None => None,
            };
            Some(Check::Improved { metrics, scope: scope.to_owned(), otherwise })
        }
    }
}

fn read_threshold(walk: &mut Walk<'_>, names: &Names<'_>, table: &Table<'_>) -> Option<Check> {
    let id = table.text(walk, "metric")?;
    let metric = names.catalogue.find(walk, id, table.place("metric"))?;
    let scope = table.text(walk, "scope");
    let scope = metric.scope(walk, scope, table.place("scope"))?;
    let Kind::Quantity(unit) = metric.kind else {
        wrong_kind(walk, metric, "metric", table.place("metric"));
        return None;
    };
    if let Some(node) = table.get("target") {
        let said = walk.text("target", node, "write `target = \"user\"`")?;
        if said != "user" {
            let rule = "write `target = \"user\"`: whoever assesses sets it".to_owned();
            walk.report(node.at, Fault::Malformed { what: "a target", value: said.to_owned(), rule });
        }
        return Some(Check::Target { metric: id.to_owned(), scope });
    }
    let items = match table.get("items") {
        Some(node) => {
            let items = Table::open(walk, "items", node, ITEMS)?;
            let (comparator, entry) = limits(&items).into_iter().next()?;
            let (quantity, unit) = read_quantity(walk, entry)?;
            Some((comparator, quantity, unit))
        }
        None => None,
    };
    let mut checks = Vec::new();
    for (comparator, entry) in limits(table) {
        let (limit, written) = read_quantity(walk, entry)?;
        if !measures(walk, metric, unit, written, entry.node.at) {
            return None;
        }
        let (metric, scope) = (id.to_owned(), scope.clone());
        checks.push(Check::Threshold { metric, scope, comparator, limit, unit: written, items });
    }
    match checks.len() {
        0 => {
            let hint = "write `at_least`, `at_most`, `above`, `below` or `equals`, or `target = \"user\"`".to_owned();
            walk.report(table.at(), Fault::Broken { message: format!("`{id}` is compared with nothing"), hint });
            None
        }
        1 => checks.pop(),
        _ => Some(Check::All(checks)),
    }
}

fn limits<'n>(table: &Table<'n>) -> Vec<(Comparator, &'n Entry)> {
    let limit =
        |(comparator, key, _): &(Comparator, &'static str, &'static str)| Some((*comparator, table.entry(key)?));
    Comparator::ALL.iter().filter_map(limit).collect()
}

fn read_fact(walk: &mut Walk<'_>, names: &Names<'_>, table: &Table<'_>) -> Option<Check> {
    let id = table.text(walk, "fact")?;
    let metric = names.catalogue.find(walk, id, table.place("fact"))?;
    match &metric.kind {
        Kind::Truth => {
            let node = table.need(walk, "is", "write `is = true` or `is = false`")?;
            let expected = walk.truth("is", node)?;
            Some(Check::Truth { fact: id.to_owned(), expected })
        }
        Kind::Words(known) => {
            let exactly = table.get("exactly").is_some();
            let key = if exactly { "exactly" } else { "one_of" };
            let words = table.texts(walk, key);
            if words.is_empty() {
                let hint = "write `one_of = […]` or `exactly = […]`: with no words it could never be met".to_owned();
                walk.report(table.at(), Fault::Broken { message: format!("nothing is asked of `{id}`"), hint });
                return None;
            }
            for word in words.iter().filter(|word| !known.contains(word)) {
                unknown(walk, "word", word, table.place(key), known.iter().map(String::as_str));
            }
            Some(Check::Words { fact: id.to_owned(), words, exactly })
        }
        _ => {
            wrong_kind(walk, metric, "fact", table.place("fact"));
            None
        }
    }
}

fn read_activity(walk: &mut Walk<'_>, names: &Names<'_>, table: &Table<'_>) -> Option<Check> {
    let id = table.text(walk, "activity")?;
    let metric = names.catalogue.find(walk, id, table.place("activity"))?;
    if metric.kind != Kind::Activity {
        wrong_kind(walk, metric, "activity", table.place("activity"));
        return None;
    }
    table.need(walk, "at_most_every", "say how often, such as `at_most_every = \"1 quarter\"`")?;
    let (interval, unit) = read_quantity(walk, table.entry("at_most_every")?)?;
    if unit.dimension() != Dimension::Duration {
        let rule = "write a duration, such as \"1 quarter\"".to_owned();
        let value = unit.name().to_owned();
        walk.report(table.place("at_most_every"), Fault::Malformed { what: "the unit of an interval", value, rule });
        return None;
    }
    Some(Check::AtMostEvery { activity: id.to_owned(), interval, unit })
}

fn wrong_kind(walk: &mut Walk<'_>, metric: &Metric, key: &'static str, at: usize) {
    let right = match metric.kind {
        Kind::Quantity(_) => "metric",
        Kind::Truth | Kind::Words(_) => "fact",
        Kind::Activity => "activity",
    };
    let message = format!(
        "`{}` cannot be compared as a {key}: its values are of the kind {}",
        metric.id,
        metric.kind.unit_words()
    );
    walk.report(at, Fault::Broken { message, hint: format!("write `{right} = \"{}\"`", metric.id) });
}

/// A quantity written as text, or as a plain number where it is a count.
pub(super) fn read_quantity(walk: &mut Walk<'_>, entry: &Entry) -> Option<(Quantity, Unit)> {
    let (Value::Text(text) | Value::Number(text)) = &entry.node.value else {
        walk.wrong_kind(&entry.key, &entry.node, "a quantity such as \"70 %\" or \"15 min\"");
        return None;
    };
    match Quantity::parse(text) {
        Ok(read) => Some(read),
        Err(error) => {
            let rule = match &error {
                QuantityError::UnknownUnit(unit) => {
                    let names = Unit::ALL.iter().map(|(_, name, _)| *name);
                    match nearest(unit, names.clone()) {
                        Some(near) => format!("{error}: did you mean `{near}`?"),
                        None => format!("{error}: write one of {}", names.collect::<Vec<_>>().join(", ")),
                    }
                }
                _ => format!("{error}: write a number and a unit, such as \"70 %\" or \"15 min\""),
            };
            walk.report(entry.node.at, Fault::Malformed { what: "a quantity", value: text.clone(), rule });
            None
        }
    }
}

/// Whether a written unit measures what the metric does; a report where it does not.
pub(super) fn measures(walk: &mut Walk<'_>, metric: &Metric, unit: Unit, written: Unit, at: usize) -> bool {
    let fits = unit.dimension() == written.dimension() || (unit == Unit::Money && written == Unit::Count);
    if !fits {
        let (own, written) = (unit.name(), written.name());
        let message = match written {
            "count" => format!("`{}` is measured in {own}, and the value has no unit", metric.id),
            _ => format!("`{}` is measured in {own}, not in {written}", metric.id),
        };
        walk.report(at, Fault::Broken { message, hint: format!("write {}", metric.kind.form()) });
    }
    fits
}
