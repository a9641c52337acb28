//! The catalogue of what can be measured or stated: unit, direction, statistic and scopes of each metric.
//!
//! A value is looked up by metric *and* scope: what staging measures never speaks for production.

use std::sync::OnceLock;

use super::quantity::{Range, Unit};
use crate::condition::document::{Document, Fault, Node, Problem, Table, Walk, nearest};
use crate::order::BTreeMap;

const SCHEMA: &str = "headroom/metrics/1";
const TOP: &[&str] = &["schema", "source", "metric"];
const METRIC: &[&str] = &[
    "id",
    "name",
    "unit",
    "words",
    "kind",
    "direction",
    "range",
    "statistic",
    "scopes",
    "group",
    "population",
    "note",
    "source",
];

/// Everything that can be measured or stated.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    metrics: BTreeMap<String, Metric>,
}

/// One thing that can be measured or stated.
#[derive(Clone, Debug)]
pub struct Metric {
    /// Its id, in snake case.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What values it has.
    pub kind: Kind,
    /// Which way is better.
    pub direction: Direction,
    /// Which quantities it can have.
    pub range: Range,
    /// What a single value says of many.
    pub statistic: Option<String>,
    /// Where it may be measured: environments or the like; never empty.
    pub scopes: Vec<String>,
    /// The group a source puts it in.
    pub group: Option<String>,
    /// What a share is a share of.
    pub population: Option<String>,
    /// What else is to be known of it.
    pub note: Option<String>,
    /// Tags of the sources that define it.
    pub sources: Vec<String>,
}

/// What values a metric has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A quantity, printed in this unit.
    Quantity(Unit),
    /// Yes or no.
    Truth,
    /// One or several of these words.
    Words(Vec<String>),
    /// Something that is done from time to time; its value is the day it was last done.
    Activity,
}

impl Kind {
    /// How a value is written.
    pub fn form(&self) -> String {
        match self {
            Self::Quantity(Unit::Percent) => "`value = \"70 %\"`, or `n = 70` and `d = 100`".to_owned(),
            Self::Quantity(Unit::Count) => "`value = 5`".to_owned(),
            Self::Quantity(unit) => format!("`value = \"5 {}\"`", unit.name()),
            Self::Truth => "`value = true` or `value = false`".to_owned(),
            Self::Words(words) => format!("`value` as one or several of: {}", words.join(", ")),
            Self::Activity => "`done = \"2026-05-31\"`, the day it was last done".to_owned(),
        }
    }

    /// The unit, as people read it.
    pub fn unit_words(&self) -> &'static str {
        match self {
            Self::Quantity(unit) => unit.name(),
            Self::Truth => "yes or no",
            Self::Words(_) => "word",
            Self::Activity => "date",
        }
    }
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Between two bounds is best.
    Band,
    /// Neither way is better as such.
    None,
}

impl Direction {
    const WORDS: &[(&'static str, Self)] =
        &[("higher", Self::Higher), ("lower", Self::Lower), ("band", Self::Band), ("none", Self::None)];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::Band => "band",
            Self::None => "none",
        }
    }
}

impl Catalogue {
    /// The catalogue that comes with Headroom, read once.
    pub fn builtin() -> &'static Self {
        static READ: OnceLock<Catalogue> = OnceLock::new();
        // The shipped text is read in tests; a fault in it would leave the catalogue empty and fail them all.
        READ.get_or_init(|| Self::parse("metrics.toml", Self::builtin_text()).unwrap_or_default())
    }

    /// Its text.
    pub const fn builtin_text() -> &'static str {
        include_str!("../../../policies/metrics.toml")
    }

    /// Reads a catalogue, TOML or JSON.
    ///
    /// # Errors
    /// Every problem, with its position.
    pub fn parse(name: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let document = Document::read(name, text).map_err(|problem| vec![problem])?;
        let mut walk = Walk::new(&document);
        let mut metrics = BTreeMap::new();
        if let Some(table) = Table::document(&mut walk, document.root(), SCHEMA, TOP) {
            for node in table.items(&mut walk, "metric") {
                let Some((at, metric)) = read_metric(&mut walk, node) else { continue };
                let id = metric.id.clone();
                if let Some((first, _)) = metrics.get(&id) {
                    let first = walk.position(*first);
                    walk.report(at, Fault::Taken { what: "the metric", name: id, first });
                } else {
                    metrics.insert(id, (at, metric));
                }
            }
        }
        let problems = walk.into_problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self { metrics: metrics.into_iter().map(|(id, (_, metric))| (id, metric)).collect() })
    }

    /// Every metric, by id.
    pub fn metrics(&self) -> impl Iterator<Item = &Metric> {
        self.metrics.values()
    }

    /// The metric with this id.
    pub fn get(&self, id: &str) -> Option<&Metric> {
        self.metrics.get(id)
    }

    /// The metric that a document names, or a report of the nearest one.
    pub(super) fn find(&self, walk: &mut Walk<'_>, id: &str, at: usize) -> Option<&Metric> {
        let found = self.get(id);
        if found.is_none() {
            let near = nearest(id, self.metrics.keys().map(String::as_str));
            let hint = near.map_or_else(
                || "`headroom assess --questionnaire` lists the metrics of a framework".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            walk.report(at, Fault::UnknownName { what: "metric", name: id.to_owned(), hint });
        }
        found
    }
}

impl Metric {
    /// The scope that a document names, or the only one there is, or a report.
    pub(super) fn scope(&self, walk: &mut Walk<'_>, named: Option<&str>, at: usize) -> Option<String> {
        let choices = || format!("one of: {}", self.scopes.join(", "));
        match (named, self.scopes.as_slice()) {
            (Some(named), scopes) if scopes.iter().any(|scope| scope == named) => Some(named.to_owned()),
            (Some(named), _) => {
                let near = nearest(named, self.scopes.iter().map(String::as_str));
                let hint =
                    near.map_or_else(|| format!("write {}", choices()), |near| format!("did you mean `{near}`?"));
                walk.report(at, Fault::UnknownName { what: "scope", name: named.to_owned(), hint });
                None
            }
            (None, [only]) => Some(only.clone()),
            (None, _) => {
                let message = format!("`{}` is measured in several scopes, and none is named", self.id);
                walk.report(at, Fault::Broken { message, hint: format!("add `scope = …`, {}", choices()) });
                None
            }
        }
    }
}

fn read_metric(walk: &mut Walk<'_>, node: &Node) -> Option<(usize, Metric)> {
    let table = Table::open(walk, "metric", node, METRIC)?;
    let id = table.need_text(walk, "id", "give the metric an id in snake case")?;
    let name = table.need_text(walk, "name", "say what is measured")?;
    let kind = read_kind(walk, &table)?;
    let direction = table.word(walk, "direction", Direction::WORDS).unwrap_or(Direction::None);
    let range = table.word(walk, "range", Range::WORDS).unwrap_or_default();
    let mut scopes = table.texts(walk, "scopes");
    if scopes.is_empty() {
        scopes.push("all".to_owned());
    }
    let sources = table.texts(walk, "source");
    if sources.is_empty() {
        walk.report(table.at(), Fault::Missing { key: "source", hint: "name the source, such as `source = \"S003\"`" });
    }
    let text = |walk: &mut Walk<'_>, key| table.text(walk, key).map(str::to_owned);
    let metric = Metric {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        direction,
        range,
        statistic: text(walk, "statistic"),
        scopes,
        group: text(walk, "group"),
        population: text(walk, "population"),
        note: text(walk, "note"),
        sources,
    };
    Some((table.place("id"), metric))
}

fn read_kind(walk: &mut Walk<'_>, table: &Table<'_>) -> Option<Kind> {
    #[derive(Clone, Copy)]
    enum Word {
        Quantity,
        Truth,
        Words,
        Activity,
    }
    const WORDS: &[(&str, Word)] =
        &[("quantity", Word::Quantity), ("truth", Word::Truth), ("words", Word::Words), ("activity", Word::Activity)];
    match table.word(walk, "kind", WORDS).unwrap_or(Word::Quantity) {
        Word::Truth => Some(Kind::Truth),
        Word::Activity => Some(Kind::Activity),
        Word::Words => {
            let words = table.texts(walk, "words");
            if words.is_empty() {
                walk.report(table.at(), Fault::Missing { key: "words", hint: "list the words a value may be" });
            }
            Some(Kind::Words(words))
        }
        Word::Quantity => {
            let unit = table.need_text(walk, "unit", "write a unit, such as `unit = \"min\"`")?;
            let found = Unit::named(unit);
            if found.is_none() {
                let names: Vec<&str> = Unit::ALL.iter().map(|(_, name, _)| *name).collect();
                let hint = format!("write one of: {}", names.join(", "));
                walk.report(table.place("unit"), Fault::UnknownName { what: "unit", name: unit.to_owned(), hint });
            }
            found.map(Kind::Quantity)
        }
    }
}
