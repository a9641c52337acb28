//! A row's facts, as conditions see them.

use std::borrow::Cow;

use super::classify::KeyedFacts;
use super::packed::PackedTags;
use super::plan::Plan;
use super::tags::{tag_keys, tag_value};
use crate::bill::{Metric, Record, Schema};
use crate::condition::{Facts, Field, trimmed};

/// The facts of one record under its schema.
#[derive(Debug)]
pub struct RecordFacts<'a> {
    schema: &'a Schema,
    record: &'a Record<'a>,
}

impl<'a> RecordFacts<'a> {
    /// The facts of a record.
    pub fn new(schema: &'a Schema, record: &'a Record<'a>) -> Self {
        Self { schema, record }
    }
}

fn field_text<'a>(schema: &'a Schema, record: &Record<'a>, field: Field) -> Option<Cow<'a, str>> {
    let metric = match field {
        Field::BilledCost => Metric::Billed,
        Field::EffectiveCost => Metric::Effective,
        Field::ListCost => Metric::List,
        Field::ContractedCost => Metric::Contracted,
        _ => return schema.text(field, record),
    };
    let (costs, _) = schema.classify(record).costs.read(record).ok()?;
    costs[metric as usize].map(|amount| Cow::Owned(amount.to_string()))
}

impl Facts for RecordFacts<'_> {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        field_text(self.schema, self.record, field)
    }

    fn tag(&self, key: &str) -> Option<Cow<'_, str>> {
        tag_value(self.schema, self.record, key)
    }

    fn tag_keys(&self) -> Vec<String> {
        tag_keys(self.schema, self.record)
    }
}

/// The facts of a record whose packed tags were walked: the tags asked for, and no others.
#[derive(Debug)]
pub(super) struct KeyFacts<'a> {
    pub(super) plan: &'a Plan,
    pub(super) record: &'a Record<'a>,
    pub(super) packed: &'a PackedTags,
}

impl Facts for KeyFacts<'_> {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        field_text(self.plan.schema(), self.record, field)
    }

    fn tag(&self, key: &str) -> Option<Cow<'_, str>> {
        self.tag_at(self.plan.tag_keys.binary_search_by(|known| known.as_str().cmp(key)).ok()?)
    }

    fn tag_keys(&self) -> Vec<String> {
        self.plan.tag_keys.iter().filter(|key| self.tag(key).is_some()).cloned().collect()
    }
}

impl KeyFacts<'_> {
    #[inline]
    fn tag_at(&self, position: usize) -> Option<Cow<'_, str>> {
        let own = self.plan.tag_columns.get(position)?.iter().find_map(|column| self.record.text(*column));
        own.or_else(|| self.packed.value(self.record, position))
    }
}

impl KeyedFacts for KeyFacts<'_> {
    fn first_tag(&self, positions: &[usize]) -> Option<Cow<'_, str>> {
        positions.iter().find_map(|position| self.tag_at(*position).and_then(trimmed))
    }
}
