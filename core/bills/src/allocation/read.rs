//! Reading a policy from its files.

use std::str::FromStr as _;
use std::sync::Arc;

use super::demands::Demands;
use super::environment::EnvironmentKinds;
use super::names::{in_order, refusal};
use super::{Assignment, Policy, PolicyError, PolicySource, Rule, Source, TagMeaning};
use crate::condition::document::{Document, Entry, Fault, Node, Position, Problem, Value, Walk, nearest};
use crate::condition::{Condition, Field};
use crate::money::Amount;
use crate::order::BTreeMap;

/// The `schema` of an allocation policy.
pub(super) const SCHEMA: &str = "headroom/allocation/1";

const TOP: &[&str] = &["schema", "report", "tags", "rule"];
const REPORT: &[&str] = &["floor", "production", "non_production"];
const TAGS: &[&str] = &["aliases", "values"];
const RULE: &[&str] = &["id", "when", "set"];
const INHERITED: &[&str] = &["tag", "field"];

impl Policy {
    /// Reads a policy from its sources, in order: rules and tag meanings add up.
    ///
    /// A source is JSON when its first byte that is not blank is `{`, TOML otherwise.
    ///
    /// # Errors
    /// Every problem of every source that can be told at once, with its position.
    pub fn parse(sources: &[PolicySource<'_>]) -> Result<Self, PolicyError> {
        let mut draft = Draft::default();
        let mut problems = Vec::new();
        for source in sources {
            match Document::read(source.name, source.text) {
                Ok(document) => problems.extend(draft.read(&document)),
                Err(problem) => problems.push(problem),
            }
        }
        if let Some(error) = PolicyError::of(problems) {
            return Err(error);
        }
        let names: Vec<&str> = sources.iter().map(|source| source.name).collect();
        Ok(draft.finish(names.join(", ")))
    }
}

/// A policy while it is being read.
#[derive(Default)]
struct Draft {
    rules: Vec<DraftRule>,
    /// Where each rule id was used.
    ids: BTreeMap<String, Position>,
    tags: TagMeaning,
    floor: Option<(Amount, Position)>,
    /// Environments that are production, and those that are not.
    environments: [Vec<(String, Position)>; 2],
}

struct DraftRule {
    id: String,
    at: Position,
    when: Condition,
    set: Vec<(String, Source)>,
}

impl Draft {
    fn finish(self, name: String) -> Policy {
        let set = self.rules.iter().flat_map(|rule| &rule.set);
        let dimensions = in_order(set.map(|(dimension, _)| dimension.as_str()));
        let index: BTreeMap<&str, usize> = dimensions.iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
        let rules = self.rules.into_iter().map(|rule| {
            let set = rule
                .set
                .into_iter()
                .filter_map(|(name, source)| Some(Assignment { dimension: *index.get(name.as_str())?, source }));
            Rule { id: rule.id, at: rule.at, when: rule.when, set: set.collect() }
        });
        let rules: Vec<Rule> = rules.collect();
        let demands = Demands::new(&rules);
        let floor = self.floor.map(|(floor, _)| floor);
        let [production, other] =
            self.environments.map(|names| names.into_iter().map(|(name, _)| name).collect::<Vec<_>>());
        let environments = EnvironmentKinds::of(production, other);
        Policy { name, rules, dimensions, tags: self.tags, floor, environments, demands }
    }

    // What follows is kept in parts: as one function of 13 kB it would keep a browser, which optimises one function after
    // another, from those that read rows.
    fn read(&mut self, document: &Document) -> Vec<Problem> {
        let mut walk = Walk::new(document);
        let entries = walk.table("policy", document.root()).unwrap_or_default();
        if !entries.iter().any(|entry| entry.key == "schema") {
            let hint = "write `schema = \"headroom/allocation/1\"` on the first line";
            walk.report(0, Fault::Missing { key: "schema", hint });
        }
        for entry in entries {
            match entry.key.as_str() {
                "schema" => read_schema(&mut walk, &entry.node),
                "report" => self.read_report(&mut walk, &entry.node),
                "tags" => self.read_tags(&mut walk, &entry.node),
                "rule" => {
                    for rule in walk.list("rule", &entry.node).unwrap_or_default() {
                        self.read_rule(&mut walk, rule);
                    }
                }
                _ => walk.unknown_key(entry, TOP),
            }
        }
        walk.into_problems()
    }

    #[inline(never)]
    fn read_report(&mut self, walk: &mut Walk<'_>, node: &Node) {
        for entry in walk.table("report", node).unwrap_or_default() {
            match entry.key.as_str() {
                "floor" => {
                    if let Some(floor) = walk.amount("floor", &entry.node) {
                        self.set_floor(walk, floor, entry);
                    }
                }
                "production" => self.read_environments(walk, entry, 0),
                "non_production" => self.read_environments(walk, entry, 1),
                _ => walk.unknown_key(entry, REPORT),
            }
        }
    }

    /// Environments that are production (0), or that are not (1).
    fn read_environments(&mut self, walk: &mut Walk<'_>, entry: &Entry, which: usize) {
        let names = walk.texts(&entry.key, &entry.node, "name environments, or leave the key out");
        for name in names.unwrap_or_default() {
            let name = name.trim().to_owned();
            let taken = self.environments[1 - which].iter().find(|(other, _)| other.eq_ignore_ascii_case(&name));
            if let Some((_, first)) = taken {
                let (value, other) =
                    (["`production`", "`non_production`"][which], ["`non_production`", "`production`"][which]);
                let what = format!("what the environment `{name}` is");
                let first = first.clone();
                let fault = Fault::Conflict { what, value: value.to_owned(), other: other.to_owned(), first };
                walk.report(entry.node.at, fault);
                continue;
            }
            self.environments[which].push((name, walk.position(entry.node.at)));
        }
    }

    fn set_floor(&mut self, walk: &mut Walk<'_>, floor: Amount, entry: &Entry) {
        if floor < Amount::ZERO {
            let rule = "a floor is compared with the size of a change: write 0 or more".to_owned();
            walk.report(entry.node.at, Fault::Malformed { what: "a floor", value: floor.to_string(), rule });
            return;
        }
        match &self.floor {
            Some((other, first)) if *other != floor => {
                let (value, other) = (floor.to_string(), other.to_string());
                let what = "the floor".to_owned();
                walk.report(entry.at, Fault::Conflict { what, value, other, first: first.clone() });
            }
            Some(_) => {}
            None => self.floor = Some((floor, walk.position(entry.at))),
        }
    }

    #[inline(never)]
    fn read_tags(&mut self, walk: &mut Walk<'_>, node: &Node) {
        for entry in walk.table("tags", node).unwrap_or_default() {
            match entry.key.as_str() {
                "aliases" => {
                    for key in walk.table("aliases", &entry.node).unwrap_or_default() {
                        self.read_aliases(walk, key);
                    }
                }
                "values" => {
                    for key in walk.table("values", &entry.node).unwrap_or_default() {
                        self.read_values(walk, key);
                    }
                }
                _ => walk.unknown_key(entry, TAGS),
            }
        }
    }

    fn read_aliases(&mut self, walk: &mut Walk<'_>, entry: &Entry) {
        let hint = "write the key of a tag";
        let meaning = self.tags.keys.entry(entry.key.clone()).or_default();
        let mut read = |walk: &mut Walk<'_>, node: &Node| {
            if let Some(alias) = walk.text(&entry.key, node, hint) {
                meaning.aliases.push((alias.to_owned(), walk.position(node.at)));
            }
        };
        match &entry.node.value {
            Value::List(items) => items.iter().for_each(|item| read(walk, item)),
            Value::Text(_) => read(walk, &entry.node),
            _ => walk.wrong_kind(&entry.key, &entry.node, "a tag key or a list of tag keys"),
        }
    }

    fn read_values(&mut self, walk: &mut Walk<'_>, key: &Entry) {
        for entry in walk.table(&key.key, &key.node).unwrap_or_default() {
            let found = entry.key.trim();
            if found.is_empty() {
                let hint = "an empty value counts as absent and cannot be mapped";
                walk.report(entry.at, Fault::Empty { key: key.key.clone(), hint });
                continue;
            }
            let Some(meant) = walk.text(&entry.key, &entry.node, "write the value that is meant") else {
                continue;
            };
            let meant = meant.trim().to_owned();
            let at = walk.position(entry.at);
            let values = &mut self.tags.keys.entry(key.key.clone()).or_default().values;
            match values.get(found) {
                Some((other, first)) if *other != meant => {
                    let what = format!("the meaning of `{found}` for the tag `{}`", key.key);
                    let (value, other) = (format!("`{meant}`"), format!("`{other}`"));
                    walk.report(entry.at, Fault::Conflict { what, value, other, first: first.clone() });
                }
                Some(_) => {}
                None => {
                    values.insert(found.to_owned(), (meant, at));
                }
            }
        }
    }

    #[inline(never)]
    fn read_rule(&mut self, walk: &mut Walk<'_>, node: &Node) {
        let before = walk.problem_count();
        let Some(entries) = walk.table("rule", node) else {
            return;
        };
        let (mut id, mut when, mut set) = (None, Some(Condition::ALWAYS), None);
        for entry in entries {
            match entry.key.as_str() {
                "id" => id = Some(self.read_id(walk, entry)),
                "when" => when = Condition::read(walk, &entry.node),
                "set" => set = Some(read_set(walk, entry)),
                _ => walk.unknown_key(entry, RULE),
            }
        }
        if id.is_none() {
            let hint = "name the rule, such as `id = \"payments-accounts\"`: reports show which rule claimed a cost";
            walk.report(node.at, Fault::Missing { key: "id", hint });
        }
        if set.is_none() {
            walk.report(node.at, Fault::Missing { key: "set", hint: "write `set = { squad = \"…\" }`" });
        }
        if let (Some(Some(id)), Some(when), Some(set)) = (id, when, set)
            && walk.problem_count() == before
        {
            self.rules.push(DraftRule { id, at: walk.position(node.at), when, set });
        }
    }

    #[inline(never)]
    fn read_id(&mut self, walk: &mut Walk<'_>, entry: &Entry) -> Option<String> {
        let id = walk.text("id", &entry.node, "name the rule")?;
        if id.trim() != id || id.contains(char::is_control) {
            let rule = "leave out line breaks, control characters and blanks at the ends".to_owned();
            walk.report(entry.node.at, Fault::Malformed { what: "a rule id", value: id.to_owned(), rule });
            return None;
        }
        if let Some(first) = self.ids.get(id) {
            let fault = Fault::Taken { what: "rule id", name: id.to_owned(), first: first.clone() };
            walk.report(entry.node.at, fault);
            return None;
        }
        self.ids.insert(id.to_owned(), walk.position(entry.node.at));
        Some(id.to_owned())
    }
}

fn read_schema(walk: &mut Walk<'_>, node: &Node) {
    let Some(schema) = walk.text("schema", node, "write `schema = \"headroom/allocation/1\"`") else {
        return;
    };
    if schema != SCHEMA {
        let nearest = nearest(schema, [SCHEMA]);
        let fault = Fault::NotOneOf { key: "schema", value: schema.to_owned(), known: vec![SCHEMA], nearest };
        walk.report(node.at, fault);
    }
}

#[inline(never)]
fn read_set(walk: &mut Walk<'_>, entry: &Entry) -> Vec<(String, Source)> {
    let Some(entries) = walk.table("set", &entry.node) else {
        return Vec::new();
    };
    if entries.is_empty() {
        let hint = "name at least one dimension, such as `squad = \"payments\"`";
        walk.report(entry.at, Fault::Empty { key: "set".to_owned(), hint });
    }
    let mut set = Vec::with_capacity(entries.len());
    for entry in entries {
        if let Some(rule) = refusal(&entry.key) {
            walk.report(entry.at, Fault::Malformed { what: "a dimension", value: entry.key.clone(), rule });
        }
        if let Some(source) = read_source(walk, entry) {
            set.push((entry.key.clone(), source));
        }
    }
    set
}

#[inline(never)]
fn read_source(walk: &mut Walk<'_>, entry: &Entry) -> Option<Source> {
    const EXPECTED: &str = "a text, `{ tag = … }` or `{ field = … }`";
    match &entry.node.value {
        Value::Text(_) | Value::Number(_) => {
            let value = walk.text(&entry.key, &entry.node, "leave the dimension out to leave it unset")?;
            Some(Source::Constant(Arc::from(value.trim())))
        }
        Value::Table(inherited) => {
            for entry in inherited.iter().filter(|entry| !INHERITED.contains(&entry.key.as_str())) {
                walk.unknown_key(entry, INHERITED);
            }
            let mut sources = inherited.iter().filter(|entry| INHERITED.contains(&entry.key.as_str()));
            if let (Some(only), None) = (sources.next(), sources.next()) {
                return read_inherited(walk, only);
            }
            walk.wrong_kind(&entry.key, &entry.node, EXPECTED);
            None
        }
        _ => {
            walk.wrong_kind(&entry.key, &entry.node, EXPECTED);
            None
        }
    }
}

fn read_inherited(walk: &mut Walk<'_>, entry: &Entry) -> Option<Source> {
    let name = walk.text(&entry.key, &entry.node, "name the tag or field to inherit from")?;
    if entry.key == "tag" {
        return Some(Source::Tag(name.to_owned()));
    }
    if let Ok(field) = Field::from_str(name) {
        return Some(Source::Field(field));
    }
    let nearest = nearest(name, Field::ALL.iter().map(|field| field.name())).map(str::to_owned);
    walk.report(entry.node.at, Fault::UnknownField { name: name.to_owned(), nearest });
    None
}
