//! Reading a framework from its documents.
//!
//! A document may extend another, whose text is then read before it; both make one framework. Stages and controls are
//! read first, then criteria, so that a check may name what is written below it.

use super::catalogue::Catalogue;
use super::criterion::{Check, Criterion, EvidenceKind};
use super::framework::{Anomaly, Control, EntryAction, Framework, Ladder, Origin, Reference, Role, Stage, Stated};
use super::lint::lint;
use crate::assessed::Part;
use crate::condition::document::{Document, Fault, Node, Problem, Source, Table, Walk, nearest};
use crate::order::BTreeMap;

const SCHEMA: &str = "headroom/framework/1";
pub(super) const TOP: &[&str] = &[
    "schema",
    "id",
    "title",
    "about",
    "extends",
    "ladder",
    "floor",
    "floor_name",
    "source",
    "stage",
    "control",
    "criterion",
    "action",
    "anomaly",
    "reference",
];
const SOURCE: &[&str] = &["tag", "title"];
const STAGE: &[&str] = &["ordinal", "name", "about", "window", "weeks", "describes", "stated", "source"];
const STATED: &[&str] = &["metric", "text"];
const CONTROL: &[&str] = &[
    "id",
    "short",
    "title",
    "category",
    "severity",
    "owner",
    "levels",
    "inferred",
    "depends_on",
    "related",
    "effort",
    "source",
];
const EFFORT: &[&str] = &["role", "hours"];
const REFERENCE: &[&str] = &["kind", "id", "text", "of", "owner", "figures", "source"];

impl Framework {
    /// Reads a framework from its documents, a base before what extends it.
    ///
    /// # Errors
    /// Every problem of every document that can be told at once, with its position.
    pub fn parse(sources: &[Source<'_>], catalogue: &Catalogue) -> Result<Self, Vec<Problem>> {
        let mut documents = Vec::new();
        let mut problems = Vec::new();
        for source in sources {
            match Document::read(source.name, source.text) {
                Ok(document) => documents.push(document),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut draft = Draft::default();
        for document in &documents {
            problems.extend(draft.read_frame(document));
        }
        for document in &documents {
            problems.extend(draft.read_criteria(document, catalogue));
        }
        if problems.is_empty() {
            let framework = draft.finish();
            problems.extend(lint(&framework, catalogue));
            if problems.is_empty() {
                return Ok(framework);
            }
        }
        Err(problems)
    }

    /// The id of the framework that a document extends.
    pub(super) fn base_of(source: Source<'_>) -> Option<String> {
        let document = Document::read(source.name, source.text).ok()?;
        let mut walk = Walk::new(&document);
        let table = Table::open(&mut walk, "framework", document.root(), TOP)?;
        table.text(&mut walk, "extends").map(str::to_owned)
    }
}

/// A framework while it is being read.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) about: Option<String>,
    pub(super) scheduled: bool,
    pub(super) floor: u8,
    pub(super) floor_name: String,
    pub(super) sources: Vec<Origin>,
    pub(super) stages: Vec<Stage>,
    pub(super) controls: Vec<DraftControl>,
    /// Index of each criterion, cells first; the place where it is written.
    pub(super) criteria: Vec<Option<Criterion>>,
    pub(super) ids: BTreeMap<String, (usize, crate::condition::document::Position)>,
    pub(super) actions: Vec<EntryAction>,
    pub(super) anomalies: Vec<Anomaly>,
    pub(super) references: Vec<Reference>,
}

pub(super) struct DraftControl {
    pub(super) control: Control,
    pub(super) depends_on: Vec<String>,
    pub(super) related: Vec<String>,
}

impl Draft {
    fn finish(self) -> Framework {
        let names: Vec<String> = self.controls.iter().map(|draft| draft.control.id.clone()).collect();
        let index = |name: &String| names.iter().position(|known| known == name);
        let controls = self.controls.into_iter().map(|draft| Control {
            depends_on: draft.depends_on.iter().filter_map(index).collect(),
            related: draft.related.iter().filter_map(index).collect(),
            ..draft.control
        });
        Framework {
            id: self.id,
            title: self.title,
            about: self.about,
            ladder: if self.scheduled { Ladder::Scheduled } else { Ladder::Reached },
            floor: self.floor,
            floor_name: self.floor_name,
            sources: self.sources,
            stages: self.stages,
            controls: controls.collect(),
            criteria: self.criteria.into_iter().flatten().collect(),
            actions: self.actions,
            anomalies: self.anomalies,
            references: self.references,
        }
    }

    /// Everything but criteria.
    fn read_frame(&mut self, document: &Document) -> Vec<Problem> {
        let mut walk = Walk::new(document);
        let walk = &mut walk;
        let Some(table) = Table::document(walk, document.root(), SCHEMA, TOP) else {
            return std::mem::replace(walk, Walk::new(document)).into_problems();
        };
        let extends = table.get("extends").is_some();
        if let Some(id) = table.need_text(walk, "id", "give the framework an id, such as `id = \"our-baseline\"`") {
            id.clone_into(&mut self.id);
        }
        if let Some(title) = table.need_text(walk, "title", "give the framework a title") {
            title.clone_into(&mut self.title);
        }
        if let Some(about) = table.text(walk, "about") {
            self.about = Some(about.to_owned());
        }
        if !extends {
            const LADDERS: &[(&str, bool)] = &[("reached", false), ("scheduled", true)];
            self.scheduled = table.word(walk, "ladder", LADDERS).unwrap_or_default();
            self.floor = table.whole(walk, "floor", 99).unwrap_or_default() as u8;
            table.text(walk, "floor_name").unwrap_or("nothing reached yet").clone_into(&mut self.floor_name);
        }
        for node in table.items(walk, "source") {
            let Some(source) = Table::open(walk, "source", node, SOURCE) else { continue };
            let tag = source.need_text(walk, "tag", "give the tag that records carry");
            let title = source.need_text(walk, "title", "say what the source is");
            if let (Some(tag), Some(title)) = (tag, title) {
                self.sources.push(Origin { tag: tag.to_owned(), title: title.to_owned() });
            }
        }
        for node in table.items(walk, "stage") {
            self.read_stage(walk, node);
        }
        if !extends && table.items(walk, "stage").is_empty() {
            let hint = "list its levels under `[[stage]]`, lowest first: without one nothing can be reached";
            walk.report(table.at(), Fault::Missing { key: "stage", hint });
        }
        for node in table.items(walk, "control") {
            self.read_control(walk, node);
        }
        for node in table.items(walk, "reference") {
            self.read_reference(walk, node);
        }
        std::mem::replace(walk, Walk::new(document)).into_problems()
    }

    /// The tag of a record's source, which must be one the framework names.
    pub(super) fn source(&self, walk: &mut Walk<'_>, table: &Table<'_>) -> Option<String> {
        let tag = table.need_text(walk, "source", "name the source of the record by its tag")?;
        if self.sources.iter().any(|source| source.tag == tag) {
            return Some(tag.to_owned());
        }
        let near = nearest(tag, self.sources.iter().map(|source| source.tag.as_str()));
        let hint =
            near.map_or_else(|| "list it under `[[source]]`".to_owned(), |near| format!("did you mean `{near}`?"));
        walk.report(table.place("source"), Fault::UnknownName { what: "source", name: tag.to_owned(), hint });
        None
    }

    fn read_stage(&mut self, walk: &mut Walk<'_>, node: &Node) {
        let Some(table) = Table::open(walk, "stage", node, STAGE) else { return };
        table.need(walk, "ordinal", "say which place the stage has on the ladder");
        let ordinal = table.whole(walk, "ordinal", 99).map(|ordinal| ordinal as u8);
        let name = table.need_text(walk, "name", "give the stage a name").map(str::to_owned);
        let source = self.source(walk, &table);
        let (Some(ordinal), Some(name), Some(source)) = (ordinal, name, source) else { return };
        if self.stages.last().is_some_and(|last| last.ordinal >= ordinal) {
            let message = format!("stage {ordinal} does not stand above the one before it");
            walk.report(
                table.place("ordinal"),
                Fault::Broken { message, hint: "write stages lowest first, each once".to_owned() },
            );
            return;
        }
        let text = |walk: &mut Walk<'_>, key| table.text(walk, key).map(str::to_owned);
        let (about, window) = (text(walk, "about"), text(walk, "window"));
        let mut stated = Vec::new();
        for node in table.items(walk, "stated") {
            let Some(range) = Table::open(walk, "stated", node, STATED) else { continue };
            let metric = range.need_text(walk, "metric", "say of which metric");
            let text = range.need_text(walk, "text", "write the range as the source does");
            if let (Some(metric), Some(text)) = (metric, text) {
                stated.push(Stated { metric: metric.to_owned(), text: text.to_owned() });
            }
        }
        let weeks = table.get("weeks").and_then(|node| {
            let weeks = walk.amounts("weeks", node)?;
            let whole =
                |at: usize| u32::try_from(weeks.get(at)?.units() / crate::money::Amount::from_whole(1).units()).ok();
            whole(0).zip(whole(1))
        });
        let describes = table.texts(walk, "describes");
        self.stages.push(Stage { ordinal, name, about, window, weeks, describes, stated, source });
    }

    fn read_control(&mut self, walk: &mut Walk<'_>, node: &Node) {
        let Some(table) = Table::open(walk, "control", node, CONTROL) else { return };
        let id = table.need_text(walk, "id", "give the control an id").map(str::to_owned);
        let short = table.need_text(walk, "short", "give the control a name of a few words").map(str::to_owned);
        let source = self.source(walk, &table);
        let (Some(id), Some(short), Some(source)) = (id, short, source) else { return };
        if self.controls.iter().any(|known| known.control.id == id) {
            let message = format!("the control `{id}` is written twice");
            walk.report(table.place("id"), Fault::Broken { message, hint: "give each its own id".to_owned() });
            return;
        }
        let text = |walk: &mut Walk<'_>, key| table.text(walk, key).map(str::to_owned);
        let levels = table.texts(walk, "levels");
        if !levels.is_empty() && levels.len() != self.stages.len() {
            let message = format!("`{id}` has {} levels, and the ladder has {}", levels.len(), self.stages.len());
            let hint = "write one title for each stage, lowest first".to_owned();
            walk.report(table.place("levels"), Fault::Broken { message, hint });
            return;
        }
        let level_titles: Vec<(u8, String)> = self.stages.iter().map(|stage| stage.ordinal).zip(levels).collect();
        let mut effort = Vec::new();
        for node in table.items(walk, "effort") {
            let Some(part) = Table::open(walk, "effort", node, EFFORT) else { continue };
            let role = part.word(walk, "role", Role::WORDS);
            let hours = part.whole(walk, "hours", 1_000_000);
            effort.extend(role.zip(hours).map(|(role, hours)| (role, hours as u32)));
        }
        let inferred: Vec<u8> = match table.get("inferred") {
            Some(node) => {
                let one = crate::money::Amount::from_whole(1).units();
                let levels = walk.amounts("inferred", node).unwrap_or_default();
                levels.iter().filter_map(|level| u8::try_from(level.units() / one).ok()).collect()
            }
            None => Vec::new(),
        };
        let index = self.controls.len();
        let control = Control {
            title: text(walk, "title").unwrap_or_else(|| short.clone()),
            category: text(walk, "category"),
            severity: text(walk, "severity"),
            owner: table.word(walk, "owner", Role::WORDS),
            level_titles,
            depends_on: Vec::new(),
            related: Vec::new(),
            effort,
            source,
            id,
            short,
        };
        for (ordinal, title) in control.level_titles.iter().filter(|(ordinal, _)| *ordinal > self.floor) {
            let criterion = Criterion {
                id: format!("{}.L{ordinal}", control.id),
                part: Part::Cell,
                stage: Some(*ordinal),
                control: Some(index),
                also: Vec::new(),
                statement: format!("{} is at level {ordinal}, {title}", control.short),
                question: Some(format!("Is {} at level {ordinal}, {title}?", control.short)),
                why: None,
                check: Check::Cell { inferred: inferred.contains(ordinal) },
                population: None,
                condition: None,
                optional: false,
                evidence: EvidenceKind::Attestation,
                max_age_days: None,
                superseded_by: None,
                stated_as: None,
                owner: None,
                source: control.source.clone(),
                at: walk.position(table.at()),
            };
            self.ids.insert(criterion.id.clone(), (self.criteria.len(), criterion.at.clone()));
            self.criteria.push(Some(criterion));
        }
        let (depends_on, related) = (table.texts(walk, "depends_on"), table.texts(walk, "related"));
        self.controls.push(DraftControl { control, depends_on, related });
    }

    fn read_reference(&mut self, walk: &mut Walk<'_>, node: &Node) {
        let Some(table) = Table::open(walk, "reference", node, REFERENCE) else { return };
        let kind = table.need_text(walk, "kind", "say what kind of record it is").map(str::to_owned);
        let id = table.need_text(walk, "id", "give the record an id").map(str::to_owned);
        let text = table.need_text(walk, "text", "say what the record says").map(str::to_owned);
        let source = self.source(walk, &table);
        let (Some(kind), Some(id), Some(text), Some(source)) = (kind, id, text, source) else { return };
        if self.references.iter().any(|known| known.kind == kind && known.id == id) {
            let message = format!("the {kind} `{id}` is written twice");
            walk.report(table.place("id"), Fault::Broken { message, hint: "give each its own id".to_owned() });
        }
        let figures = table.texts(walk, "figures").into_iter();
        // TOML has no null: what a source lost is written `lost`.
        let figures = figures.map(|figure| (figure != "lost").then_some(figure)).collect();
        let own = |walk: &mut Walk<'_>, key| table.text(walk, key).map(str::to_owned);
        let (of, owner) = (own(walk, "of"), own(walk, "owner"));
        self.references.push(Reference { kind, id, text, of, owner, figures, source });
    }
}
