//! A row's facts, as conditions see them.

use std::borrow::Cow;

use super::tags::{single_tag, tag_keys, tag_value};
use crate::bill::{Metric, Record, Schema};
use crate::condition::{Facts, Field};

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

/// The facts of a record whose tags were read in one walk: those of the keys asked for, and no others.
#[derive(Debug)]
pub(super) struct KeyFacts<'a> {
    pub(super) schema: &'a Schema,
    pub(super) record: &'a Record<'a>,
    /// Keys asked for, sorted.
    pub(super) tag_keys: &'a [String],
    /// Their values in packed columns.
    pub(super) tag_values: &'a [Option<String>],
}

impl Facts for KeyFacts<'_> {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        field_text(self.schema, self.record, field)
    }

    fn tag(&self, key: &str) -> Option<Cow<'_, str>> {
        single_tag(self.schema, self.record, key).or_else(|| {
            let index = self.tag_keys.binary_search_by(|known| known.as_str().cmp(key)).ok()?;
            self.tag_values.get(index)?.as_deref().map(Cow::Borrowed)
        })
    }

    fn tag_keys(&self) -> Vec<String> {
        self.tag_keys.iter().filter(|key| self.tag(key).is_some()).cloned().collect()
    }
}
