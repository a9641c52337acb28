//! A row's facts, as conditions see them.

use std::borrow::Cow;

use super::tags::TagReader;
use crate::bill::{Metric, Record, Schema};
use crate::condition::{Facts, Field};

/// The facts of one record under its schema.
#[derive(Debug)]
pub struct RecordFacts<'a> {
    schema: &'a Schema,
    record: &'a Record<'a>,
    tags: TagReader,
}

impl<'a> RecordFacts<'a> {
    /// The facts of a record.
    pub fn new(schema: &'a Schema, record: &'a Record<'a>) -> Self {
        Self { schema, record, tags: TagReader::default() }
    }

    fn metric(field: Field) -> Option<Metric> {
        match field {
            Field::BilledCost => Some(Metric::Billed),
            Field::EffectiveCost => Some(Metric::Effective),
            Field::ListCost => Some(Metric::List),
            Field::ContractedCost => Some(Metric::Contracted),
            _ => None,
        }
    }
}

impl Facts for RecordFacts<'_> {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        let Some(metric) = Self::metric(field) else { return self.schema.text(field, self.record) };
        let (costs, _) = self.schema.classify(self.record).costs.read(self.record).ok()?;
        costs[metric as usize].map(|amount| Cow::Owned(amount.to_string()))
    }

    fn tag(&self, key: &str) -> Option<Cow<'_, str>> {
        self.tags.value(self.schema, self.record, key)
    }

    fn tag_keys(&self) -> Vec<String> {
        self.tags.keys(self.schema, self.record)
    }
}
