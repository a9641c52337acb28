//! What one file's columns mean for one question.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::View;
use super::cache::KeyHash;
use super::classify::{Classifier, Dimension};
use crate::bill::{Record, Schema};
use crate::calendar::Month;
use crate::condition::Field;

/// Fields that are part of every key: whose bill, which account, which currency.
pub(super) const ALWAYS: [Field; 4] =
    [Field::ProviderName, Field::BillingAccountId, Field::SubAccountId, Field::BillingCurrency];

/// What is asked of the bills.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who gives charges their dimensions.
    pub classifier: Arc<dyn Classifier>,
    /// What a group's key is made of.
    pub dimensions: Vec<Dimension>,
    /// Which month charges count for.
    pub view: View,
    /// Only charges with these values, by index into `dimensions`; `None` is unallocated.
    pub owner: Vec<(usize, Option<String>)>,
    /// Bytes a worker may spend on remembering keys.
    pub cache_bytes: usize,
    /// A number that the makers of the bills do not know, where there is one: keys are hashed with it. It never shows
    /// in a result.
    pub hash_secret: u64,
    /// Only rows of these months; others are passed over without being looked at.
    pub only: Option<[Month; 2]>,
}

/// A question put to a file: which columns are read, and how.
#[derive(Debug)]
pub struct Plan {
    schema: Schema,
    question: Question,
    /// Runs of neighbouring columns (both ends included) whose raw bytes decide a row's group.
    pub(super) key_runs: Vec<(usize, usize)>,
    /// The same without those of tags.
    pub(super) field_runs: Vec<(usize, usize)>,
    /// Whether groups depend on text columns alone, so that key bytes may stand for the row.
    pub(super) cacheable: bool,
    /// The tag keys the group depends on, sorted.
    pub(super) tag_keys: Vec<String>,
    /// The columns of their own that each of these keys has.
    pub(super) tag_columns: Vec<Vec<usize>>,
}

impl Plan {
    /// Works out what to read.
    pub fn new(schema: Schema, question: Question) -> Self {
        let mut fields = question.classifier.fields();
        fields.extend(question.dimensions.iter().filter_map(|dimension| match dimension {
            Dimension::Field(field) => Some(*field),
            Dimension::Assigned(_) => None,
        }));
        let tag_keys: Vec<String> = question.classifier.tag_keys().into_iter().collect();
        let cacheable = !fields.iter().any(|field| {
            matches!(field, Field::BilledCost | Field::EffectiveCost | Field::ListCost | Field::ContractedCost)
        });
        let mut columns: BTreeSet<usize> = schema.class_columns().iter().copied().collect();
        for field in fields.iter().chain(&ALWAYS) {
            columns.extend(schema.columns_of(*field));
        }
        let field_runs = runs(&columns);
        let single = &schema.tags().single;
        let columns_of = |key: &String| {
            single.iter().filter(|(name, _)| name == key).map(|(_, column)| *column).collect::<Vec<usize>>()
        };
        let tag_columns: Vec<Vec<usize>> = tag_keys.iter().map(columns_of).collect();
        columns.extend(&schema.tags().packed);
        columns.extend(tag_columns.iter().flatten());
        let key_runs = runs(&columns);
        Self { schema, question, key_runs, field_runs, cacheable, tag_keys, tag_columns }
    }

    /// The hash of a row's bytes in some runs of columns.
    #[inline]
    pub(super) fn hash(&self, record: &Record<'_>, runs: &[(usize, usize)], bytes: &mut Vec<u8>) -> KeyHash {
        bytes.clear();
        for (first, last) in runs {
            bytes.extend_from_slice(record.raw_run(*first, *last));
            bytes.push(b',');
        }
        KeyHash::of(bytes, self.question.hash_secret)
    }

    /// What the file's columns mean.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What is asked.
    pub fn question(&self) -> &Question {
        &self.question
    }
}

/// Neighbouring columns joined into runs: their bytes stand side by side in the file.
fn runs(columns: &BTreeSet<usize>) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for column in columns {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *column => *last = *column,
            _ => runs.push((*column, *column)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_read_together() {
        assert_eq!(runs(&BTreeSet::from([1, 2, 3, 7, 9, 10])), [(1, 3), (7, 7), (9, 10)]);
    }
}
