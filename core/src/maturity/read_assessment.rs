//! Reading an assessment.

use super::assessment::{Answer, Assessment, Covers, Said, Subject, Target, Waiver};
use super::catalogue::{Catalogue, Kind, Metric};
use super::framework::Framework;
use super::quantity::Comparator;
use super::read_check::{measures, read_quantity, unknown};
use crate::condition::document::{Document, Entry, Fault, Node, Position, Problem, Source, Table, Value, Walk};
use crate::order::{BTreeMap, Order as _};

const SCHEMA: &str = "headroom/assessment/1";
const TOP: &[&str] = &[
    "schema",
    "subject",
    "as_of",
    "framework",
    "observed",
    "started",
    "fact",
    "answer",
    "answers",
    "declared_levels",
    "level",
    "waiver",
    "target",
    "history",
];
const SUBJECT: &[&str] = &["id", "kind"];
const ANSWER: &[&str] = &["criterion", "answer", "by", "at", "note"];
const WAIVER: &[&str] = &["id", "criterion", "control", "level", "reason", "approved_by", "granted", "expires"];
const LEVEL: &[&str] = &["control", "level"];
const TARGET: &[&str] = &["metric", "scope", "at_least", "at_most", "above", "below", "equals"];
const KINDS: &[(&str, &str)] = &[("service", "service"), ("team", "team"), ("org", "org")];

/// What an assessment may name.
#[derive(Clone, Copy, Debug)]
pub struct Known<'k> {
    /// The metrics there are.
    pub catalogue: &'k Catalogue,
    /// The framework that is assessed.
    pub framework: &'k Framework,
    /// Further frameworks, whose criteria an assessment may answer too.
    pub others: &'k [&'k Framework],
}

impl Assessment {
    /// Reads an assessment, TOML or JSON.
    ///
    /// # Errors
    /// Every problem, with its position.
    pub fn parse(source: Source<'_>, known: Known<'_>) -> Result<Self, Vec<Problem>> {
        let document = Document::read(source.name, source.text).map_err(|problem| vec![problem])?;
        let mut walk = Walk::new(&document);
        let mut reader = Reader { known, walk: &mut walk, seen: BTreeMap::new() };
        let assessment = reader.read(document.root()).unwrap_or_default();
        let problems = walk.into_problems();
        if problems.is_empty() { Ok(assessment) } else { Err(problems) }
    }

    /// The id of the framework a document is for, if it can be told.
    pub fn framework_of(source: Source<'_>) -> Option<String> {
        let document = Document::read(source.name, source.text).ok()?;
        let mut walk = Walk::new(&document);
        let table = Table::open(&mut walk, "assessment", document.root(), TOP)?;
        table.text(&mut walk, "framework").map(str::to_owned)
    }
}

pub(super) struct Reader<'r, 'd> {
    pub(super) known: Known<'r>,
    pub(super) walk: &'r mut Walk<'d>,
    /// Where each thing that may be said once was said.
    seen: BTreeMap<String, Position>,
}

impl Reader<'_, '_> {
    fn read(&mut self, root: &Node) -> Option<Assessment> {
        let table = Table::document(self.walk, root, SCHEMA, TOP)?;
        let mut assessment = Assessment {
            as_of: table.date(self.walk, "as_of"),
            framework: table.text(self.walk, "framework").map(str::to_owned),
            started: table.date(self.walk, "started"),
            subject: self.subject(&table),
            ..Assessment::default()
        };
        let observed = table.date(self.walk, "observed");
        for node in table.items(self.walk, "fact") {
            let fact = self.fact(node, observed);
            assessment.facts.extend(fact);
        }
        for node in table.items(self.walk, "answer") {
            let answer = self.answer(node);
            assessment.answers.extend(answer);
        }
        if let Some(node) = table.get("answers") {
            for entry in self.walk.table("answers", node).unwrap_or_default() {
                let answer = self.short_answer(entry);
                assessment.answers.extend(answer);
            }
        }
        if let Some(node) = table.get("declared_levels") {
            for entry in self.walk.table("declared_levels", node).unwrap_or_default() {
                let declared = self.declared(entry);
                assessment.declared.extend(declared);
            }
        }
        for node in table.items(self.walk, "level") {
            let Some(level) = Table::open(self.walk, "level", node, LEVEL) else { continue };
            level.need(self.walk, "level", "say which level it is at");
            let Some(control) = level.need_text(self.walk, "control", "name the control") else { continue };
            let Some(node) = level.get("level") else { continue };
            let (key, at) = (control.to_owned(), level.place("control"));
            let declared = self.declared(&Entry { key, at, node: node.clone() });
            assessment.declared.extend(declared);
        }
        for node in table.items(self.walk, "waiver") {
            let waiver = self.waiver(node);
            assessment.waivers.extend(waiver);
        }
        for node in table.items(self.walk, "target") {
            let target = self.target(node);
            assessment.targets.extend(target);
        }
        for node in table.items(self.walk, "history") {
            let earlier = self.history(node);
            assessment.history.extend(earlier);
        }
        assessment.declared.order();
        Some(assessment)
    }

    fn subject(&mut self, table: &Table<'_>) -> Subject {
        let read = |walk: &mut Walk<'_>| {
            let node = table.need(
                walk,
                "subject",
                "say who is assessed: `subject = { id = \"checkout\", kind = \"service\" }`",
            )?;
            let subject = Table::open(walk, "subject", node, SUBJECT)?;
            let id = subject.need_text(walk, "id", "name the service, team or organisation")?;
            let kind = subject.word(walk, "kind", KINDS).unwrap_or("service");
            Some(Subject { id: id.to_owned(), kind: kind.to_owned() })
        };
        read(self.walk).unwrap_or_default()
    }

    /// Reports what was said already; whether this is the first time.
    pub(super) fn once(&mut self, what: &'static str, name: &str, at: usize) -> bool {
        let here = self.walk.position(at);
        if let Some(first) = self.seen.get(&format!("{what} {name}")) {
            let fault = Fault::Taken { what, name: name.to_owned(), first: first.clone() };
            self.walk.report(at, fault);
            return false;
        }
        self.seen.insert(format!("{what} {name}"), here);
        true
    }

    pub(super) fn metric(&mut self, table: &Table<'_>) -> Option<(&Metric, String)> {
        let known = self.known;
        let id = table.need_text(self.walk, "metric", "name what was measured")?;
        let metric = known.catalogue.find(self.walk, id, table.place("metric"))?;
        let named = table.text(self.walk, "scope");
        let scope = metric.scope(self.walk, named, table.place("scope"))?;
        Some((metric, scope))
    }

    /// Whether some known framework has this criterion; a report of the nearest where none has.
    fn criterion(&mut self, name: &str, at: usize) -> bool {
        let known = self.known;
        let frameworks = || [known.framework].into_iter().chain(known.others.iter().copied());
        if frameworks().any(|framework| framework.criterion(name).is_some()) {
            return true;
        }
        let ids: Vec<&str> = frameworks()
            .flat_map(|framework| framework.criteria().iter().map(|criterion| criterion.id.as_str()))
            .collect();
        unknown(self.walk, "criterion", name, at, ids);
        false
    }

    /// Whether an answer can decide the criterion; figures that must be measured are not taken on somebody's word.
    fn answerable(&mut self, name: &str, said: Said, at: usize) -> bool {
        let known = self.known;
        let found = [known.framework].into_iter().chain(known.others.iter().copied());
        let Some(criterion) = found.flat_map(Framework::criteria).find(|criterion| criterion.id == name) else {
            return false;
        };
        let decides = matches!(said, Said::Yes | Said::No | Said::InProgress);
        if decides && criterion.question.is_none() {
            let looks_up = criterion.check.looks_up();
            let (message, hint) = match looks_up.first() {
                Some((metric, _)) => {
                    let form = known.catalogue.get(metric).map_or_else(String::new, |metric| metric.kind.form());
                    (
                        format!("`{name}` is decided by figures, not by an answer"),
                        format!("add a `[[fact]]` with `metric = \"{metric}\"` and {form}"),
                    )
                }
                None => (
                    format!("`{name}` follows from other criteria, and cannot be answered"),
                    "answer those, or declare levels".to_owned(),
                ),
            };
            self.walk.report(at, Fault::Broken { message, hint });
            return false;
        }
        true
    }

    fn answer(&mut self, node: &Node) -> Option<Answer> {
        let table = Table::open(self.walk, "answer", node, ANSWER)?;
        let name = table.need_text(self.walk, "criterion", "name the criterion")?;
        table.need(self.walk, "answer", "write yes, no, unknown or not_applicable")?;
        let said = table.word(self.walk, "answer", Said::WORDS)?;
        let at = table.place("criterion");
        let remark = table.text(self.walk, "note").map(str::to_owned);
        if said == Said::NotApplicable && remark.is_none() {
            // A note without words is reported where it is read.
            if table.get("note").is_none() {
                self.walk.report(table.at(), Fault::Missing { key: "note", hint: "say why it does not apply" });
            }
            return None;
        }
        let right = self.criterion(name, at) && self.answerable(name, said, at) && self.once("the answer to", name, at);
        let by = table.text(self.walk, "by").map(str::to_owned);
        let day = table.date(self.walk, "at");
        right.then(|| Answer { criterion: name.to_owned(), said, by, at: day, note: remark })
    }

    /// `answers = { Q2-01 = "yes" }`.
    fn short_answer(&mut self, entry: &Entry) -> Option<Answer> {
        let said = match &entry.node.value {
            Value::Bool(truth) => Some(if *truth { Said::Yes } else { Said::No }),
            Value::Text(text) => Said::WORDS.iter().find(|(word, _)| word == text).map(|(_, said)| *said),
            _ => None,
        };
        let Some(said) = said.filter(|said| *said != Said::NotApplicable) else {
            let message = format!("`{}` cannot be answered so", entry.key);
            let hint = "write yes, no or unknown; `not_applicable` needs an `[[answer]]` with a note".to_owned();
            self.walk.report(entry.node.at, Fault::Broken { message, hint });
            return None;
        };
        let name = entry.key.as_str();
        let right = self.criterion(name, entry.at)
            && self.answerable(name, said, entry.node.at)
            && self.once("the answer to", name, entry.at);
        right.then(|| Answer { criterion: name.to_owned(), said, by: None, at: None, note: None })
    }

    fn declared(&mut self, entry: &Entry) -> Option<(String, u8)> {
        let known = self.known;
        let frameworks = || [known.framework].into_iter().chain(known.others.iter().copied());
        let Some((framework, control)) =
            frameworks().find_map(|framework| Some((framework, framework.control(&entry.key)?)))
        else {
            let ids: Vec<&str> = frameworks()
                .flat_map(|framework| framework.controls().iter().map(|control| control.id.as_str()))
                .collect();
            unknown(self.walk, "control", &entry.key, entry.at, ids);
            return None;
        };
        let titles =
            framework.controls().get(control).map(|control| control.level_titles.as_slice()).unwrap_or_default();
        if titles.is_empty() {
            let message = format!("`{}` has no levels of its own to declare", entry.key);
            self.walk
                .report(entry.at, Fault::Broken { message, hint: "answer its criteria, or give the facts".to_owned() });
            return None;
        }
        let (Value::Text(said) | Value::Number(said)) = &entry.node.value else {
            self.walk.wrong_kind(&entry.key, &entry.node, "a level");
            return None;
        };
        let amount = crate::money::Amount::parse(said.trim().as_bytes()).ok().map(|parsed| parsed.amount);
        let level = titles
            .iter()
            .map(|(level, _)| *level)
            .find(|level| Some(crate::money::Amount::from_whole(i64::from(*level))) == amount);
        if level.is_none() {
            let (first, last) = (titles.first().map_or(0, |title| title.0), titles.last().map_or(0, |title| title.0));
            let rule = format!("write a level from {first} to {last}");
            self.walk.report(entry.node.at, Fault::Malformed { what: "a level", value: said.clone(), rule });
        }
        self.once("the level of", &entry.key, entry.at).then_some((entry.key.clone(), level?))
    }

    fn waiver(&mut self, node: &Node) -> Option<Waiver> {
        let table = Table::open(self.walk, "waiver", node, WAIVER)?;
        let id = table.need_text(self.walk, "id", "give the waiver an id, such as a ticket").map(str::to_owned);
        let reason = table.need_text(self.walk, "reason", "say why the miss is accepted").map(str::to_owned);
        let approved_by = table.need_text(self.walk, "approved_by", "say who accepted it").map(str::to_owned);
        table.need(self.walk, "granted", "say from which day it holds");
        table.need(self.walk, "expires", "say until which day it holds: no waiver is for ever");
        let granted = table.date(self.walk, "granted");
        let expires = table.date(self.walk, "expires");
        let covers = self.covers(&table);
        let (id, covers, granted, expires) = (id?, covers?, granted?, expires?);
        if granted > expires {
            let message = format!("the waiver `{id}` ends before it begins");
            self.walk.report(
                table.place("expires"),
                Fault::Broken { message, hint: "let `expires` follow `granted`".to_owned() },
            );
            return None;
        }
        self.once("the waiver", &id, table.place("id")).then_some(Waiver {
            id,
            covers,
            reason: reason?,
            approved_by: approved_by?,
            granted,
            expires,
        })
    }

    fn covers(&mut self, table: &Table<'_>) -> Option<Covers> {
        let known = self.known;
        match (table.text(self.walk, "criterion"), table.text(self.walk, "control")) {
            (Some(name), None) => {
                let right = self.criterion(name, table.place("criterion"));
                right.then(|| Covers::Criterion(name.to_owned()))
            }
            (None, Some(name)) => {
                let frameworks = || [known.framework].into_iter().chain(known.others.iter().copied());
                let Some(framework) = frameworks().find(|framework| framework.control(name).is_some()) else {
                    let ids: Vec<&str> = frameworks()
                        .flat_map(|framework| framework.controls().iter().map(|control| control.id.as_str()))
                        .collect();
                    unknown(self.walk, "control", name, table.place("control"), ids);
                    return None;
                };
                table.need(self.walk, "level", "say up to which level the control is waived")?;
                let level = self.level(table, "level", framework)?;
                Some(Covers::Control(name.to_owned(), level))
            }
            _ => {
                let message = "a waiver covers one criterion, or one control up to a level".to_owned();
                let hint = "write `criterion = …`, or `control = …` and `level = …`".to_owned();
                self.walk.report(table.at(), Fault::Broken { message, hint });
                None
            }
        }
    }

    /// A level that a framework has.
    pub(super) fn level(&mut self, table: &Table<'_>, key: &'static str, framework: &Framework) -> Option<u8> {
        let level = table.whole(self.walk, key, u64::from(u8::MAX))? as u8;
        if framework.has_level(level) {
            return Some(level);
        }
        let message = format!("`{}` has no level {level}", framework.id());
        let hint = format!("write a level from {} to {}", framework.floor(), framework.top());
        self.walk.report(table.place(key), Fault::Broken { message, hint });
        None
    }

    fn target(&mut self, node: &Node) -> Option<Target> {
        let table = Table::open(self.walk, "target", node, TARGET)?;
        let known = self.known;
        let (id, scope) = self.metric(&table).map(|(metric, scope)| (metric.id.clone(), scope))?;
        let metric = known.catalogue.get(&id)?;
        let Kind::Quantity(unit) = metric.kind else {
            let message = format!("`{id}` is no quantity, so it has no target");
            self.walk.report(table.place("metric"), Fault::Broken { message, hint: "leave it out".to_owned() });
            return None;
        };
        let limits: Vec<(Comparator, &Entry)> =
            Comparator::ALL.iter().filter_map(|(comparator, key, _)| Some((*comparator, table.entry(key)?))).collect();
        let [(comparator, entry)] = limits.as_slice() else {
            let hint = "write one of `at_least`, `at_most`, `above`, `below`".to_owned();
            self.walk
                .report(table.at(), Fault::Broken { message: format!("the target of `{id}` needs one limit"), hint });
            return None;
        };
        let (limit, written) = read_quantity(self.walk, entry)?;
        let right = measures(self.walk, metric, unit, written, entry.node.at)
            && self.once("the target of", &format!("{id} ({scope})"), table.at());
        right.then_some(Target { metric: id, scope, comparator: *comparator, limit })
    }
}
