//! Reading gates from their documents.

use super::gate::{Asked, Bounds, CostRule, Effect, Gate, Gates, Mode, OnUnknown, Requirement};
use super::input::Paths;
use super::keyed::Keyed;
use super::told::{Fields, Told};
use crate::assessed::{NAMES, names_of};
use crate::condition::document::{
    Document, Entry, Fault, Node, Position, Problem, Source, Table, Value, Walk, nearest,
};
use crate::condition::{Case, Operator, TextTest};
use crate::money::Amount;

const SCHEMA: &str = "headroom/gate/1";
const GATES_HINT: &str = "a document without gates lets everything through: write at least one `[[gate]]`";
const TOP: &[&str] = &["schema", "gate"];
const GATE: &[&str] = &["id", "about", "when", "require", "effect", "on_unknown", "waivable", "message", "source"];
const CONTROL: &[&str] = &["framework", "control", "min_level", "mode"];
const CRITERION: &[&str] = &["framework", "criterion", "outcome"];
const COST: &[&str] = &["rule", "max", "floor", "owner"];
/// What may be asked of a field of the input.
const ASKED: &[&str] = &[
    "equals",
    "starts_with",
    "ends_with",
    "contains",
    "glob",
    "present",
    "absent",
    "min",
    "max",
    "at_least",
    "at_most",
    "above",
    "below",
    "times",
    "case",
];

impl Gates {
    /// Reads gates from their documents, in order.
    ///
    /// # Errors
    /// Every problem of every document, with its position.
    pub fn parse(sources: &[Source<'_>]) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::default();
        let mut problems = Vec::new();
        for source in sources {
            match Document::read(source.name, source.text) {
                Ok(document) => {
                    let mut walk = Walk::new(&document);
                    reader.read(&mut walk, document.root());
                    problems.extend(walk.into_problems());
                }
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let waivable = reader.gates.iter().any(|gate| gate.waivable);
        let waivers = waivable.then(|| reader.paths.slot("waivers"));
        let assessed =
            |require: &Requirement| matches!(require, Requirement::Control { .. } | Requirement::Criterion { .. });
        let subject = reader.gates.iter().any(|gate| gate.require.iter().any(assessed));
        let subject = subject.then(|| reader.paths.slot("service"));
        let Reader { gates: mut all, paths, .. } = reader;
        for gate in &mut all {
            gate.told = Told::of(gate, &paths);
        }
        let waivers_read = Fields::said("the input's `waivers` can be read");
        Ok(Self { all, paths, waivers, subject, needs_subject: false, waivers_read })
    }

    /// The same, where a field of the input names the subject whose assessments count, instead of `service`: where it says
    /// nothing, none counts.
    #[must_use]
    pub fn about(mut self, path: &str) -> Self {
        self.subject = self.subject.map(|_| self.paths.slot(path));
        self.needs_subject = true;
        self
    }
}

#[derive(Default)]
struct Reader {
    gates: Vec<Gate>,
    ids: Keyed<Position>,
    paths: Paths,
    /// Where fields are looked for, by `of`; the input itself where none is named.
    places: Vec<String>,
}

impl Reader {
    fn read(&mut self, walk: &mut Walk<'_>, root: &Node) {
        let Some(table) = Table::document(walk, root, SCHEMA, TOP) else { return };
        let gates = table.items(walk, "gate");
        if table
            .need(walk, "gate", GATES_HINT)
            .is_some_and(|node| matches!(&node.value, Value::List(of) if of.is_empty()))
        {
            walk.report(table.place("gate"), Fault::Empty { key: "gate".to_owned(), hint: GATES_HINT });
        }
        for node in gates {
            let gate = self.gate(walk, node);
            self.gates.extend(gate);
        }
    }

    fn gate(&mut self, walk: &mut Walk<'_>, node: &Node) -> Option<Gate> {
        let before = walk.problem_count();
        let table = Table::open(walk, "gate", node, GATE)?;
        let id = table.need_text(walk, "id", "give the gate an id")?;
        if let Some(first) = self.ids.get(id) {
            let fault = Fault::Taken { what: "the gate", name: id.to_owned(), first: first.clone() };
            walk.report(table.place("id"), fault);
        }
        self.ids.insert(id.to_owned(), walk.position(table.place("id")));
        let when = match table.get("when") {
            Some(node) => self.asked(walk, "when", node).unwrap_or(Asked::All(Vec::new())),
            None => Asked::All(Vec::new()),
        };
        table.need(walk, "require", "say what the gate requires");
        let nodes = table.items(walk, "require");
        if table.get("require").is_some() && nodes.is_empty() {
            let hint = "a gate that requires nothing lets everything through: list at least one requirement";
            walk.report(table.place("require"), Fault::Empty { key: "require".to_owned(), hint });
        }
        let require = nodes.iter().filter_map(|node| self.requirement(walk, node)).collect();
        table.need(walk, "effect", "say what a miss means: deny, warn or dry_run");
        let effect = table.word(walk, "effect", Effect::WORDS);
        let on_unknown = table.word(walk, "on_unknown", OnUnknown::WORDS).unwrap_or(OnUnknown::Deny);
        let message = table.need_text(walk, "message", "say what to do about a miss");
        let waivable = table.truth(walk, "waivable");
        if walk.problem_count() > before {
            return None;
        }
        let (id, message) = (id.to_owned(), message?.to_owned());
        Some(Gate { id, when, require, effect: effect?, on_unknown, waivable, message, told: Told::default() })
    }

    fn requirement(&mut self, walk: &mut Walk<'_>, node: &Node) -> Option<Requirement> {
        let entries = walk.table("require", node)?;
        let has = |key: &str| entries.iter().any(|entry| entry.key == key);
        if has("control") {
            let table = Table::open(walk, "require", node, CONTROL)?;
            let framework = table.need_text(walk, "framework", "name the framework")?.to_owned();
            let control = table.need_text(walk, "control", "name the control")?.to_owned();
            table.need(walk, "min_level", "say which level it must be at")?;
            let min_level = table.whole(walk, "min_level", 99)? as u8;
            let mode = table.word(walk, "mode", Mode::WORDS).unwrap_or(Mode::Confirmed);
            Self::known(walk, &table, &framework, Some((&control, min_level)), None);
            return Some(Requirement::Control { framework, control, min_level, mode });
        }
        if has("criterion") {
            const OUTCOMES: &[(&str, ())] = &[("met", ())];
            let table = Table::open(walk, "require", node, CRITERION)?;
            let framework = table.need_text(walk, "framework", "name the framework")?.to_owned();
            let criterion = table.need_text(walk, "criterion", "name the criterion")?.to_owned();
            table.word(walk, "outcome", OUTCOMES);
            Self::known(walk, &table, &framework, None, Some(&criterion));
            return Some(Requirement::Criterion { framework, criterion });
        }
        if has("rule") {
            let table = Table::open(walk, "require", node, COST)?;
            let rule = table.word(walk, "rule", CostRule::WORDS);
            let max = table.need(walk, "max", "say the most it may be")?;
            let max = walk.amount("max", max)?;
            let floor = match table.get("floor") {
                Some(node) => Self::floor(walk, rule, node)?,
                None => Amount::ZERO,
            };
            let owner = match table.get("owner") {
                Some(node) => Some(self.owner(walk, rule, node)?),
                None => None,
            };
            return Some(Requirement::Cost { rule: rule?, max, floor, owner });
        }
        self.asked(walk, "require", node).map(Requirement::Input)
    }

    /// The field that names the owner whose changes count: one path or several, of which what is there counts.
    fn owner(&mut self, walk: &mut Walk<'_>, rule: Option<CostRule>, node: &Node) -> Option<usize> {
        let paths = walk.texts("owner", node, "name a field, such as `metadata.labels.squad`")?;
        only_of_changes(walk, "owner", rule, node);
        Some(self.paths.slot_of(&paths.join(" or "), paths))
    }

    /// The floor of a rule on changes.
    fn floor(walk: &mut Walk<'_>, rule: Option<CostRule>, node: &Node) -> Option<Amount> {
        let floor = walk.amount("floor", node)?;
        if floor < Amount::ZERO {
            let rule = "a floor is compared with the size of a change: write 0 or more".to_owned();
            walk.report(node.at, Fault::Malformed { what: "a floor", value: floor.to_string(), rule });
        }
        only_of_changes(walk, "floor", rule, node);
        Some(floor)
    }

    /// Names of a framework that comes with Headroom are checked; a user's own framework is known to the user alone.
    fn known(
        walk: &mut Walk<'_>,
        table: &Table<'_>,
        framework: &str,
        control: Option<(&str, u8)>,
        criterion: Option<&str>,
    ) {
        let Some(known) = names_of(framework) else {
            let near = nearest(framework, NAMES.iter().map(|names| names.framework));
            if let Some(near) = near {
                let hint = format!("did you mean `{near}`?");
                let name = framework.to_owned();
                walk.report(table.place("framework"), Fault::UnknownName { what: "framework", name, hint });
            }
            return;
        };
        let mut check = |key: &str, what: &'static str, id: &str, ids: Vec<&'static str>, all: &str| {
            if !ids.contains(&id) {
                let near = nearest(id, ids);
                let hint = near.map_or_else(|| all.to_owned(), |near| format!("did you mean `{near}`?"));
                walk.report(table.place(key), Fault::UnknownName { what, name: id.to_owned(), hint });
            }
        };
        if let Some((id, _)) = control {
            check("control", "control", id, known.controls().collect(), "look at the framework's controls");
        }
        if let Some(id) = criterion {
            check("criterion", "criterion", id, known.criteria().collect(), "look at the framework's criteria");
        }
        if let Some((id, level)) = control
            && known.controls().any(|control| control == id)
            && level > known.top
        {
            let message = format!("`{framework}` has no level {level}, so nothing could pass");
            let hint = format!("its highest is {}", known.top);
            walk.report(table.place("min_level"), Fault::Broken { message, hint });
        }
    }

    /// What a table asks, in the places that it names by `of`.
    fn asked(&mut self, walk: &mut Walk<'_>, what: &str, node: &Node) -> Option<Asked> {
        let entries = walk.table(what, node)?;
        let Some(of) = entries.iter().find(|entry| entry.key == "of") else {
            return self.condition(walk, what, node.at, entries);
        };
        if !some_value(walk, of) {
            return None;
        }
        let named = walk.texts("of", &of.node, "name places of the input, such as `spec.containers.*`")?;
        let places = named.join(", ");
        let outer = std::mem::replace(&mut self.places, named);
        let asked = self.condition(walk, what, node.at, entries);
        self.places = outer;
        Some(Asked::In(places, Box::new(asked?)))
    }

    /// `{ input = "path", at_least = 2 }`, or a table of paths, joined.
    fn condition(&mut self, walk: &mut Walk<'_>, what: &str, at: usize, entries: &[Entry]) -> Option<Asked> {
        let Some(input) = entries.iter().find(|entry| entry.key == "input") else {
            return self.joined(walk, what, at, entries);
        };
        let path = walk.text("input", &input.node, "name a field, such as `metadata.labels.squad`")?;
        let asked: Vec<&Entry> = entries.iter().filter(|entry| !matches!(&*entry.key, "input" | "of")).collect();
        self.checks(walk, path, input.at, &asked)
    }

    /// A table of paths and `all`, `any`, `not`; everything in it must hold.
    fn joined(&mut self, walk: &mut Walk<'_>, what: &str, at: usize, entries: &[Entry]) -> Option<Asked> {
        let before = walk.problem_count();
        if entries.iter().all(|entry| entry.key == "of") {
            let hint = match what {
                "when" => {
                    "what asks nothing means nothing: name a field, or leave `when` out for a gate that always applies"
                }
                _ => "what asks nothing is never met: name a field and what it must be",
            };
            walk.report(at, Fault::Empty { key: what.to_owned(), hint });
            return None;
        }
        let mut parts = Vec::new();
        for entry in entries {
            match entry.key.as_str() {
                "of" => {}
                "all" | "any" => {
                    let items = walk.list(&entry.key, &entry.node).unwrap_or_default();
                    if items.is_empty() {
                        let hint = "list at least one condition";
                        walk.report(entry.at, Fault::Empty { key: entry.key.clone(), hint });
                    }
                    let inner = items.iter().filter_map(|item| self.asked(walk, &entry.key, item)).collect();
                    parts.push(if entry.key == "all" { Asked::All(inner) } else { Asked::Any(inner) });
                }
                "not" => parts.extend(self.asked(walk, "not", &entry.node).map(|part| Asked::Not(Box::new(part)))),
                operator if ASKED.contains(&operator) => {
                    let message = format!("`{operator}` does not say of what");
                    let hint = format!("write `{{ input = \"approvals\", {operator} = … }}`");
                    walk.report(entry.at, Fault::Broken { message, hint });
                }
                path => match &entry.node.value {
                    Value::Table(asked) => {
                        let asked: Vec<&Entry> = asked.iter().collect();
                        parts.extend(self.checks(walk, path, entry.at, &asked));
                    }
                    _ => parts.extend(self.equals(walk, path, entry, Case::Sensitive)),
                },
            }
        }
        if walk.problem_count() > before {
            return None;
        }
        Some(match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => only,
            (Some(last), false) => {
                parts.push(last);
                Asked::All(parts)
            }
            (None, _) => Asked::All(parts),
        })
    }

    fn slot(&mut self, path: &str) -> usize {
        self.paths.slot_in(&self.places, path)
    }

    fn checks(&mut self, walk: &mut Walk<'_>, path: &str, at: usize, asked: &[&Entry]) -> Option<Asked> {
        let before = walk.problem_count();
        let mut case = Case::Sensitive;
        for entry in asked {
            if entry.key == "case" {
                match walk.text("case", &entry.node, "write `case = \"insensitive\"`") {
                    Some("insensitive") => case = Case::Insensitive,
                    Some("sensitive") | None => {}
                    Some(other) => {
                        let (value, known) = (other.to_owned(), Case::NAMES.to_vec());
                        let nearest = nearest(other, Case::NAMES.iter().copied());
                        walk.report(entry.node.at, Fault::NotOneOf { key: "case", value, known, nearest });
                    }
                }
            }
        }
        let (mut parts, mut bounds, mut bounded) = (Vec::new(), Bounds::default(), false);
        for entry in asked {
            let (key, node) = (entry.key.as_str(), &entry.node);
            match key {
                "case" => {}
                "equals" => parts.extend(self.equals(walk, path, entry, case)),
                "present" | "absent" => {
                    let slot = self.slot(path);
                    let truth = walk.truth(key, node);
                    parts.extend(truth.map(|truth| {
                        if truth == (key == "present") { Asked::Present(slot) } else { Asked::Absent(slot) }
                    }));
                }
                "times" => {
                    let other = walk.text("times", node, "name the field that the bounds multiply");
                    bounds.times = other.map(|other| self.slot(other));
                }
                "min" | "at_least" => {
                    bound_once(walk, path, entry, bounds.min.is_some());
                    (bounds.min, bounded) = (walk.amount(key, node), true);
                }
                "max" | "at_most" => {
                    bound_once(walk, path, entry, bounds.max.is_some());
                    (bounds.max, bounded) = (walk.amount(key, node), true);
                }
                "above" => (bounds.above, bounded) = (walk.amount(key, node), true),
                "below" => (bounds.below, bounded) = (walk.amount(key, node), true),
                other => match Operator::ALL.iter().find(|operator| operator.name() == other) {
                    Some(operator) => {
                        some_value(walk, entry);
                        let texts = walk.texts(key, node, "a missing value is asked for with `absent = true`");
                        let slot = self.slot(path);
                        parts.extend(texts.map(|texts| Asked::Text(slot, TextTest::new(*operator, case, texts))));
                    }
                    None => walk.unknown_key(entry, ASKED),
                },
            }
        }
        if bounds.times.is_some() && !bounded {
            let message = format!("`times` has no effect on `{path}`, which has no bounds");
            walk.report(
                at,
                Fault::Broken { message, hint: "add `at_most`, `at_least`, `above` or `below`".to_owned() },
            );
        }
        if bounds.hold_nothing() {
            let message = format!("no number is within the bounds of `{path}`");
            let hint = "the least must be below the most, and a bound is met by itself only with at_least and at_most";
            walk.report(at, Fault::Broken { message, hint: hint.to_owned() });
        }
        if bounded {
            parts.push(Asked::Range(self.slot(path), bounds));
        }
        if walk.problem_count() > before {
            return None;
        }
        if parts.is_empty() {
            walk.report(at, Fault::NothingAsked { subject: path.to_owned() });
            return None;
        }
        if parts.len() == 1 { parts.pop() } else { Some(Asked::All(parts)) }
    }

    /// Equal to a value or to one of several: texts, numbers or a truth.
    fn equals(&mut self, walk: &mut Walk<'_>, path: &str, entry: &Entry, case: Case) -> Option<Asked> {
        let slot = self.slot(path);
        if !some_value(walk, entry) {
            return None;
        }
        match &entry.node.value {
            Value::Bool(truth) => Some(Asked::Truth(slot, *truth)),
            Value::Number(_) => walk.amounts(&entry.key, &entry.node).map(|numbers| Asked::Numbers(slot, numbers)),
            Value::List(items) if items.iter().any(|item| matches!(item.value, Value::Number(_))) => {
                walk.amounts(&entry.key, &entry.node).map(|numbers| Asked::Numbers(slot, numbers))
            }
            _ => {
                let texts = walk.texts(&entry.key, &entry.node, "a missing value is asked for with `absent = true`")?;
                Some(Asked::Text(slot, TextTest::new(Operator::Equals, case, texts)))
            }
        }
    }
}

/// A key that has an effect where changes are counted, and nowhere else.
fn only_of_changes(walk: &mut Walk<'_>, key: &str, rule: Option<CostRule>, node: &Node) {
    if rule.is_some_and(|rule| rule != CostRule::UnexplainedChanges) {
        let message = format!("`{key}` has no effect here, where no changes are counted");
        let hint = "leave it out, or ask for `cost_changes_unexplained`".to_owned();
        walk.report(node.at, Fault::Broken { message, hint });
    }
}

/// An empty list of values is met by none, and under `not` by all.
fn some_value(walk: &mut Walk<'_>, entry: &Entry) -> bool {
    let empty = matches!(&entry.node.value, Value::List(items) if items.is_empty());
    if empty {
        let hint = "list at least one value; a missing value is asked for with `absent = true`";
        walk.report(entry.node.at, Fault::Empty { key: entry.key.clone(), hint });
    }
    !empty
}

/// `min` and `at_least` are one bound, as are `max` and `at_most`: of two, one would silently not count.
fn bound_once(walk: &mut Walk<'_>, path: &str, entry: &Entry, taken: bool) {
    if taken {
        let pair =
            if matches!(entry.key.as_str(), "min" | "at_least") { "min` and `at_least" } else { "max` and `at_most" };
        let message = format!("`{pair}` are one bound, and `{path}` has both");
        walk.report(entry.at, Fault::Broken { message, hint: "keep one of them".to_owned() });
    }
}
