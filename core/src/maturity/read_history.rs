//! Reading earlier results: as an assessment lists them, and as documents of results.

use super::assessment::{Earlier, Subject};
use super::catalogue::Kind;
use super::framework::Framework;
use super::json::{TextFault, read_json};
use super::outcome::Outcome;
use super::quantity::Quantity;
use super::read_assessment::Reader;
use super::read_check::{measures, read_quantity, unknown};
use super::read_fact::possible;
use crate::condition::document::{Fault, Node, Source, Table};
use crate::order::{BTreeMap, Order as _};

const OF_RESULT: &str = "give results of the same subject and framework, as `headroom assess --format json` wrote them";
const HISTORY: &[&str] = &["as_of", "framework", "confirmed", "potential", "outcomes", "figures"];
const FIGURE: &[&str] = &["metric", "scope", "value"];

impl Reader<'_, '_> {
    /// An earlier result of the same subject.
    pub(super) fn history(&mut self, node: &Node) -> Option<Earlier> {
        let table = Table::open(self.walk, "history", node, HISTORY)?;
        table.need(self.walk, "as_of", "say for which day the earlier result was");
        table.need(self.walk, "confirmed", "say which level was certain then");
        let as_of = table.date(self.walk, "as_of");
        let name = table.need_text(self.walk, "framework", "name the framework of the earlier result")?;
        let known = self.known;
        let frameworks = || [known.framework].into_iter().chain(known.others.iter().copied());
        let Some(framework) = frameworks().find(|framework| framework.id() == name) else {
            unknown(self.walk, "framework", name, table.place("framework"), frameworks().map(Framework::id));
            return None;
        };
        if let Some(day) = as_of {
            self.once("the earlier result of", &format!("{name} ({day})"), table.at());
        }
        let confirmed = self.level(&table, "confirmed", framework);
        let potential = match table.get("potential") {
            Some(_) => self.level(&table, "potential", framework),
            None => confirmed,
        };
        if let (Some(confirmed), Some(potential)) = (confirmed, potential)
            && confirmed > potential
        {
            let message = format!("level {confirmed} was certain, and only level {potential} possible");
            let hint = "`potential` is at least `confirmed`".to_owned();
            self.walk.report(table.place("potential"), Fault::Broken { message, hint });
        }
        let outcomes = self.outcomes(&table, framework);
        let figures = table.items(self.walk, "figures").iter().filter_map(|node| self.figure(node)).collect();
        Some(Earlier {
            as_of: Some(as_of?),
            framework: name.to_owned(),
            confirmed: confirmed?,
            potential: potential?,
            outcomes,
            figures,
            gone: Vec::new(),
        })
    }

    fn outcomes(&mut self, table: &Table<'_>, framework: &Framework) -> Vec<(String, String)> {
        let mut outcomes = BTreeMap::new();
        let Some(node) = table.get("outcomes") else { return Vec::new() };
        for entry in self.walk.table("outcomes", node).unwrap_or_default() {
            if framework.criterion(&entry.key).is_none() {
                let ids = framework.criteria().iter().map(|criterion| criterion.id.as_str());
                unknown(self.walk, "criterion", &entry.key, entry.at, ids.collect::<Vec<_>>());
            }
            let Some(word) = self.walk.text(&entry.key, &entry.node, "write an outcome") else { continue };
            if outcome(word).is_none() {
                unknown(self.walk, "outcome", word, entry.node.at, Outcome::ALL.map(Outcome::name));
            }
            outcomes.insert(entry.key.clone(), word.to_owned());
        }
        outcomes.into_iter().collect()
    }

    fn figure(&mut self, node: &Node) -> Option<(String, String, Quantity)> {
        let table = Table::open(self.walk, "figures", node, FIGURE)?;
        table.need(self.walk, "value", "write the figure of then, such as `value = \"3 per day\"`");
        let known = self.known;
        let (id, scope) = self.metric(&table).map(|(metric, scope)| (metric.id.clone(), scope))?;
        let metric = known.catalogue.get(&id)?;
        let Kind::Quantity(unit) = metric.kind else {
            let message = format!("`{id}` is no quantity, so it has no figure");
            self.walk.report(table.place("metric"), Fault::Broken { message, hint: "leave it out".to_owned() });
            return None;
        };
        let entry = table.entry("value")?;
        let (quantity, written) = read_quantity(self.walk, entry)?;
        let fits = measures(self.walk, metric, unit, written, entry.node.at)
            && possible(self.walk, metric, quantity, written, entry.node.at);
        fits.then_some((id, scope, quantity))
    }
}

fn outcome(word: &str) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|outcome| outcome.name() == word)
}

impl Earlier {
    /// What a trend needs of an earlier result document of [`super::Answered`] form, as JSON.
    ///
    /// Criteria that the framework no longer has are kept apart, so that a result says what it does not compare.
    ///
    /// # Errors
    /// When the text is no such document, or is of another subject or framework.
    pub fn of_result(source: Source<'_>, framework: &Framework, subject: &Subject) -> Result<Self, TextFault> {
        let value = read_json(source.text, OF_RESULT)?;
        Self::of_value(&value, framework, subject).map_err(|message| TextFault::whole(message, OF_RESULT))
    }

    fn of_value(value: &serde_json::Value, framework: &Framework, subject: &Subject) -> Result<Self, String> {
        if value["schema"] != super::RESULT_SCHEMA {
            return Err(format!("this is no earlier result: its schema is not `{}`", super::RESULT_SCHEMA));
        }
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let missing = |what: &str| format!("this is no earlier result: it has no `{what}`");
        let of = text(&value["subject"]["id"]).ok_or_else(|| missing("subject.id"))?;
        if of != subject.id {
            return Err(format!("this is a result of `{of}`, not of `{}`", subject.id));
        }
        let by = text(&value["framework"]["id"]).ok_or_else(|| missing("framework.id"))?;
        if by != framework.id() {
            return Err(format!("this is a result by `{by}`, not by `{}`", framework.id()));
        }
        let level = |key: &str| {
            let path = format!("level.{key}");
            let level = value["level"][key].as_u64().ok_or_else(|| missing(&path))?;
            let known = u8::try_from(level).ok().filter(|level| framework.has_level(*level));
            known.ok_or_else(|| format!("`{path}` is {level}, and `{by}` has no such level"))
        };
        let (confirmed, potential) = match framework.ladder() {
            super::Ladder::Scheduled => (framework.floor(), framework.floor()),
            super::Ladder::Reached => (level("confirmed")?, level("potential")?),
        };
        let as_of = value["as_of"].as_str().and_then(|day| day.parse().ok()).ok_or_else(|| missing("as_of"))?;
        let criteria = value["criteria"].as_array().ok_or_else(|| missing("criteria"))?;
        let (mut outcomes, mut gone) = (BTreeMap::new(), Vec::new());
        for (at, criterion) in criteria.iter().enumerate() {
            let id = text(&criterion["id"]).ok_or_else(|| missing(&format!("criteria[{at}].id")))?;
            let word = text(&criterion["outcome"]).ok_or_else(|| missing(&format!("criteria[{at}].outcome")))?;
            if outcome(&word).is_none() {
                return Err(format!("the outcome of `{id}` (criteria[{at}]) is `{word}`, which is none"));
            }
            if framework.criterion(&id).is_none() {
                gone.push(id);
            } else {
                outcomes.insert(id, word);
            }
        }
        gone.order();
        let mut figures = Vec::new();
        for (at, figure) in value["figures"].as_array().map(Vec::as_slice).unwrap_or_default().iter().enumerate() {
            let part = |key: &str| text(&figure[key]).ok_or_else(|| missing(&format!("figures[{at}].{key}")));
            let quantity = Quantity::parse(&part("value")?).map_err(|error| format!("figures[{at}].value: {error}"))?;
            figures.push((part("metric")?, part("scope")?, quantity.0));
        }
        Ok(Self {
            as_of: Some(as_of),
            framework: by,
            confirmed,
            potential,
            outcomes: outcomes.into_iter().collect(),
            figures,
            gone,
        })
    }
}
