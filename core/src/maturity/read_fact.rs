//! Reading what was measured or stated: the facts of an assessment.

use super::assessment::{Fact, FactValue};
use super::catalogue::{Kind, Metric};
use super::criterion::Check;
use super::quantity::{Quantity, Range, Unit};
use super::read_assessment::Reader;
use super::read_check::{measures, read_quantity, unknown};
use crate::condition::document::{Entry, Fault, Node, Table, Value, Walk};
use crate::order::Order as _;

const FACT: &[&str] = &["metric", "scope", "value", "n", "d", "items", "done", "observed", "source", "evidence_url"];

impl Reader<'_, '_> {
    pub(super) fn fact(&mut self, node: &Node, usual: Option<crate::calendar::Date>) -> Option<Fact> {
        let table = Table::open(self.walk, "fact", node, FACT)?;
        let known = self.known;
        let (id, scope) = self.metric(&table).map(|(metric, scope)| (metric.id.clone(), scope))?;
        let metric = known.catalogue.get(&id)?;
        let own = table.date(self.walk, "observed");
        let value = self.value(&table, metric)?;
        // The day something was done is the day it was so.
        let done = if let FactValue::Done(day) = value { Some(day) } else { None };
        let Some(observed) = own.or(done).or(usual) else {
            let hint = "write `observed = \"2026-05-31\"` here, or once at the top for all facts";
            self.walk.report(table.at(), Fault::Missing { key: "observed", hint });
            return None;
        };
        if !self.once("the fact", &format!("{id} ({scope}, {observed})"), table.at()) {
            return None;
        }
        let from = table.text(self.walk, "source").or_else(|| table.text(self.walk, "evidence_url"));
        Some(Fact { metric: id, scope, value, observed, measured: false, from: from.map(str::to_owned) })
    }

    fn value(&mut self, table: &Table<'_>, metric: &Metric) -> Option<FactValue> {
        if let Some(entry) = ["value", "done"].iter().find_map(|key| table.entry(key))
            && matches!(&entry.node.value, Value::Text(text) if text == "?")
        {
            let message = format!("`{}` is not filled in yet", metric.id);
            self.walk.report(entry.node.at, Fault::Broken { message, hint: format!("write {}", metric.kind.form()) });
            return None;
        }
        let given: Vec<&str> =
            ["value", "n", "items", "done"].into_iter().filter(|key| table.get(key).is_some()).collect();
        let wrong = |walk: &mut Walk<'_>| {
            let message = match given.as_slice() {
                [] => format!("`{}` has no value", metric.id),
                [_] => format!("the value of `{}` is not one that it can have", metric.id),
                several => format!("`{}` has several values: {}", metric.id, several.join(", ")),
            };
            walk.report(table.at(), Fault::Broken { message, hint: format!("write {}", metric.kind.form()) });
        };
        let [given_key] = given.as_slice() else {
            wrong(self.walk);
            return None;
        };
        match (&metric.kind, *given_key) {
            (Kind::Quantity(unit), "value") => {
                let entry = table.entry("value")?;
                let (quantity, written) = read_quantity(self.walk, entry)?;
                let right = measures(self.walk, metric, *unit, written, entry.node.at)
                    && possible(self.walk, metric, quantity, written, entry.node.at);
                right.then_some(FactValue::Quantity(quantity))
            }
            (Kind::Quantity(Unit::Percent), "n") => {
                const MOST: u64 = 1_000_000_000;
                let n = table.whole(self.walk, "n", MOST)?;
                table.need(self.walk, "d", "say of how many: `n = 70` and `d = 100`")?;
                let d = table.whole(self.walk, "d", MOST)?;
                if n > d {
                    let message = format!("{n} of {d} is more than all");
                    let hint = "`n` counts those of `d` that are as wanted".to_owned();
                    self.walk.report(table.place("n"), Fault::Broken { message, hint });
                    return None;
                }
                Some(FactValue::Share { n, d })
            }
            (Kind::Quantity(Unit::Percent), "items") => self.items(table, metric),
            (Kind::Truth, "value") => self.walk.truth("value", table.get("value")?).map(FactValue::Truth),
            (Kind::Words(known), "value") => {
                let mut words = table.texts(self.walk, "value");
                for word in words.iter().filter(|word| !known.contains(word)) {
                    unknown(self.walk, "word", word, table.place("value"), known.iter().map(String::as_str));
                }
                words.order();
                words.dedup();
                Some(FactValue::Words(words))
            }
            (Kind::Activity, "done") => table.date(self.walk, "done").map(FactValue::Done),
            _ => {
                wrong(self.walk);
                None
            }
        }
    }

    /// The figures of items, which must be of the kind that a criterion asks of an item.
    fn items(&mut self, table: &Table<'_>, metric: &Metric) -> Option<FactValue> {
        let known = self.known;
        let mut asked = None;
        for framework in [known.framework].into_iter().chain(known.others.iter().copied()) {
            for criterion in framework.criteria() {
                criterion.check.for_each(&mut |check| {
                    if let Check::Threshold { metric: id, items: Some((_, _, unit)), .. } = check
                        && *id == metric.id
                    {
                        asked = Some(unit.dimension());
                    }
                });
            }
        }
        let Some(dimension) = asked else {
            let message = format!("no criterion asks anything of an item of `{}`", metric.id);
            self.walk.report(table.place("items"), Fault::Broken { message, hint: "write `n` and `d`".to_owned() });
            return None;
        };
        let mut quantities = Vec::new();
        for item in table.items(self.walk, "items") {
            let entry = Entry { key: "items".to_owned(), at: item.at, node: item.clone() };
            let (quantity, unit) = read_quantity(self.walk, &entry)?;
            if unit.dimension() != dimension {
                let message = format!("an item of `{}` is not measured in {}", metric.id, unit.name());
                self.walk.report(
                    item.at,
                    Fault::Broken {
                        message,
                        hint: metric.note.clone().unwrap_or_else(|| "write a quantity".to_owned()),
                    },
                );
                return None;
            }
            if let Some(range) = quantity.outside(unit.dimension(), Range::Share) {
                impossible(self.walk, &metric.id, range, item.at);
                return None;
            }
            quantities.push(quantity);
        }
        Some(FactValue::Items(quantities))
    }
}

/// Whether a metric can have a value; a report where it cannot.
pub(super) fn possible(walk: &mut Walk<'_>, metric: &Metric, quantity: Quantity, written: Unit, at: usize) -> bool {
    let outside = quantity.outside(written.dimension(), metric.range);
    if let Some(range) = outside {
        impossible(walk, &metric.id, range, at);
    }
    outside.is_none()
}

fn impossible(walk: &mut Walk<'_>, metric: &str, range: &str, at: usize) {
    let message = format!("the value of `{metric}` cannot be: it is {range}");
    walk.report(at, Fault::Broken { message, hint: "look where the figure comes from".to_owned() });
}
