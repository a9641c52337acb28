//! Reading criteria, and what names them: recommended steps and known anomalies.

use super::catalogue::Catalogue;
use super::criterion::{Check, Criterion, EvidenceKind};
use super::framework::{Anomaly, EntryAction, Role};
use super::read::{Draft, TOP};
use super::read_check::{Names, read_check};
use crate::assessed::Part;
use crate::condition::document::{Document, Fault, Node, Problem, Table, Walk};

const CRITERION: &[&str] = &[
    "id",
    "part",
    "stage",
    "control",
    "also",
    "statement",
    "question",
    "why",
    "check",
    "population",
    "condition",
    "optional",
    "evidence",
    "max_age_days",
    "superseded_by",
    "stated_as",
    "owner",
    "source",
];
const AT: &[&str] = &["control", "level"];
const ACTION: &[&str] = &["priority", "what", "why", "controls", "source"];
const ANOMALY: &[&str] = &["id", "criterion", "note", "source"];

impl Draft {
    /// Criteria, and what names them.
    pub(super) fn read_criteria(&mut self, document: &Document, catalogue: &Catalogue) -> Vec<Problem> {
        let mut walk = Walk::new(document);
        let walk = &mut walk;
        // What is wrong with the frame was reported when it was read.
        let Some(table) = Table::open(&mut Walk::new(document), "framework", document.root(), TOP) else {
            return Vec::new();
        };
        let nodes = table.items(walk, "criterion");
        let mut own = Vec::new();
        for node in nodes {
            let Some(table) = Table::open(walk, "criterion", node, CRITERION) else { continue };
            let Some(id) = table.need_text(walk, "id", "give the criterion an id") else { continue };
            if let Some((_, first)) = self.ids.get(id) {
                let fault = Fault::Taken { what: "the criterion", name: id.to_owned(), first: first.clone() };
                walk.report(table.place("id"), fault);
                continue;
            }
            self.ids.insert(id.to_owned(), (self.criteria.len(), walk.position(table.place("id"))));
            own.push((self.criteria.len(), id.to_owned(), table));
            self.criteria.push(None);
        }
        let controls: Vec<String> = self.controls.iter().map(|draft| draft.control.id.clone()).collect();
        let names = Names { controls: &controls, criteria: &self.ids, catalogue };
        for (index, id, table) in own {
            let criterion = self.read_criterion(walk, &names, id, &table);
            if let Some(place) = self.criteria.get_mut(index) {
                *place = criterion;
            }
        }
        let names = Names { controls: &controls, criteria: &self.ids, catalogue };
        for draft in &self.controls {
            for name in draft.depends_on.iter().chain(&draft.related).filter(|name| !controls.contains(name)) {
                names.control(walk, name, table.place("control"));
            }
        }
        for node in table.items(walk, "action") {
            let action = self.read_action(walk, &names, node);
            self.actions.extend(action);
        }
        for node in table.items(walk, "anomaly") {
            let anomaly = self.read_anomaly(walk, &names, node);
            self.anomalies.extend(anomaly);
        }
        std::mem::replace(walk, Walk::new(document)).into_problems()
    }

    fn read_criterion(
        &self,
        walk: &mut Walk<'_>,
        names: &Names<'_>,
        id: String,
        table: &Table<'_>,
    ) -> Option<Criterion> {
        let before = walk.problem_count();
        table.need(walk, "part", "say what part it plays, such as `part = \"gate\"`");
        let part = table.word(walk, "part", Part::WORDS);
        let statement = table.need_text(walk, "statement", "say what is to be so").map(str::to_owned);
        let source = self.source(walk, table);
        let stage = table.whole(walk, "stage", 99).map(|stage| stage as u8);
        if let Some(stage) = stage.filter(|stage| !self.stages.iter().any(|known| known.ordinal == *stage)) {
            let message = format!("the ladder has no stage {stage}");
            let known: Vec<String> = self.stages.iter().map(|stage| stage.ordinal.to_string()).collect();
            walk.report(
                table.place("stage"),
                Fault::Broken { message, hint: format!("there are {}", known.join(", ")) },
            );
        }
        let control = table.text(walk, "control").and_then(|name| names.control(walk, name, table.place("control")));
        let also = table.texts(walk, "also");
        let also = also.iter().filter_map(|name| names.control(walk, name, table.place("also"))).collect();
        let check = match table.get("check") {
            Some(node) => read_check(walk, names, node),
            None => Some(Check::Answer),
        };
        let question = table.text(walk, "question").map(str::to_owned);
        if check == Some(Check::Answer) && question.is_none() {
            let hint = "write a `question` that a person can answer, or a `check` on a figure".to_owned();
            walk.report(table.at(), Fault::Broken { message: format!("nothing decides `{id}`"), hint });
        }
        let evidence = table.word(walk, "evidence", EvidenceKind::WORDS);
        let evidence = evidence.or_else(|| check.as_ref().map(usual_evidence))?;
        let superseded_by = table.get("superseded_by").and_then(|node| {
            let at = Table::open(walk, "superseded_by", node, AT)?;
            let name = at.need_text(walk, "control", "name the control")?;
            let control = names.control(walk, name, at.place("control"))?;
            let level = at.whole(walk, "level", 99)? as u8;
            Some((control, level))
        });
        let text = |walk: &mut Walk<'_>, key| table.text(walk, key).map(str::to_owned);
        let (why, population) = (text(walk, "why"), text(walk, "population"));
        let (condition, stated_as) = (text(walk, "condition"), text(walk, "stated_as"));
        let optional = table.truth(walk, "optional");
        let max_age_days = table.whole(walk, "max_age_days", 100_000).map(|days| days as u32);
        let owner = table.word(walk, "owner", Role::WORDS);
        let part = part?;
        if part.counts_for_control() && control.is_none() {
            let message = format!("`{id}` counts for a control, and names none");
            walk.report(table.at(), Fault::Broken { message, hint: "add `control = …`".to_owned() });
        }
        let on_ladder = part.counts_overall() || part.counts_for_control() || part == Part::Activity;
        if on_ladder != stage.is_some() && part != Part::Indicator {
            let message = if on_ladder {
                format!("`{id}` counts for a stage, and names none")
            } else {
                format!("`{id}` counts for nothing, and names a stage")
            };
            walk.report(table.at(), Fault::Broken { message, hint: "add or remove `stage`".to_owned() });
        }
        if walk.problem_count() > before {
            return None;
        }
        Some(Criterion {
            id,
            part,
            stage,
            control,
            also,
            statement: statement?,
            question,
            why,
            check: check?,
            population,
            condition,
            optional,
            evidence,
            max_age_days,
            superseded_by,
            stated_as,
            owner,
            source: source?,
            at: walk.position(table.place("id")),
        })
    }

    fn read_action(&self, walk: &mut Walk<'_>, names: &Names<'_>, node: &Node) -> Option<EntryAction> {
        let table = Table::open(walk, "action", node, ACTION)?;
        let priority = table.whole(walk, "priority", 1000);
        let what = table.need_text(walk, "what", "say what to do").map(str::to_owned);
        let why = table.need_text(walk, "why", "say why it comes there").map(str::to_owned);
        let source = self.source(walk, &table);
        let controls = table.texts(walk, "controls");
        let controls = controls.iter().filter_map(|name| names.control(walk, name, table.place("controls"))).collect();
        Some(EntryAction { priority: priority? as u32, what: what?, why: why?, controls, source: source? })
    }

    fn read_anomaly(&self, walk: &mut Walk<'_>, names: &Names<'_>, node: &Node) -> Option<Anomaly> {
        let table = Table::open(walk, "anomaly", node, ANOMALY)?;
        let id = table.need_text(walk, "id", "give the anomaly an id").map(str::to_owned);
        let kept = table.need_text(walk, "note", "say what is kept, and what governs").map(str::to_owned);
        let source = self.source(walk, &table);
        let criterion = table.text(walk, "criterion");
        let criterion = criterion.and_then(|name| names.criterion(walk, name, table.place("criterion")));
        Some(Anomaly { id: id?, criterion, note: kept?, source: source? })
    }
}

fn usual_evidence(check: &Check) -> EvidenceKind {
    match check {
        Check::Threshold { items: Some(_), .. } => EvidenceKind::Count,
        Check::Threshold { .. } | Check::Target { .. } | Check::Improved { .. } => EvidenceKind::Metric,
        Check::Words { .. } => EvidenceKind::Config,
        _ => EvidenceKind::Attestation,
    }
}
