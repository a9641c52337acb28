//! What one file's columns mean for one question.

use std::sync::Arc;

use super::View;
use super::classify::{Classifier, Dimension};
use crate::bill::Schema;
use crate::calendar::Month;
use crate::condition::Field;
use crate::order::BTreeSet;

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

/// Fields whose values are remembered together.
#[derive(Debug)]
pub(super) struct FieldGroup {
    /// The fields.
    pub(super) fields: Vec<Field>,
    /// Those of them that are dimensions, in order.
    pub(super) dimensions: Vec<Field>,
    /// Runs of the columns that state them.
    pub(super) runs: Vec<(usize, usize)>,
}

/// Where the value of a dimension comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueOf {
    /// The classifier, which has it at this index.
    Classifier(usize),
    /// A field of the group of owners, at this position among their dimensions.
    Owner(usize),
    /// The same of the group of kinds.
    Kind(usize),
}

/// Fields that tell whose a row is: they hang together, and have little to do with what is charged for.
const OWNERS: [Field; 6] = [
    Field::ProviderName,
    Field::BillingAccountId,
    Field::BillingAccountName,
    Field::SubAccountId,
    Field::SubAccountName,
    Field::BillingCurrency,
];

/// A question put to a file: which columns are read, and how.
#[derive(Debug)]
pub struct Plan {
    schema: Schema,
    question: Question,
    /// Runs of neighbouring columns (both ends included) whose raw bytes decide a row's group.
    pub(super) key_runs: Vec<(usize, usize)>,
    /// The fields that tell whose a row is.
    pub(super) owners: FieldGroup,
    /// The other fields the group depends on, and what decides how a row's costs are made.
    pub(super) kinds: FieldGroup,
    /// Where the value of each dimension comes from.
    pub(super) dimensions: Vec<ValueOf>,
    /// Whether groups depend on text columns alone, so that key bytes may stand for the row.
    pub(super) cacheable: bool,
    /// The tag keys the group depends on, sorted.
    pub(super) tag_keys: Vec<String>,
    /// The columns of their own that each of these keys has.
    pub(super) tag_columns: Vec<Vec<usize>>,
    /// Whether any of them has one.
    pub(super) has_single_tags: bool,
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
        fields.extend(ALWAYS);
        let (owners, kinds): (Vec<Field>, Vec<Field>) = fields.iter().partition(|field| OWNERS.contains(field));
        let mut dimensions = Vec::new();
        let (mut of_owners, mut of_kinds) = (Vec::new(), Vec::new());
        for dimension in &question.dimensions {
            dimensions.push(match dimension {
                Dimension::Assigned(index) => ValueOf::Classifier(*index),
                Dimension::Field(field) if OWNERS.contains(field) => {
                    of_owners.push(*field);
                    ValueOf::Owner(of_owners.len() - 1)
                }
                Dimension::Field(field) => {
                    of_kinds.push(*field);
                    ValueOf::Kind(of_kinds.len() - 1)
                }
            });
        }
        let columns_of = |fields: &[Field]| -> BTreeSet<usize> {
            fields.iter().flat_map(|field| schema.columns_of(*field)).copied().collect()
        };
        let (owner_columns, mut kind_columns) = (columns_of(&owners), columns_of(&kinds));
        kind_columns.extend(schema.class_columns().iter().copied());
        let mut columns: BTreeSet<usize> = owner_columns.iter().chain(&kind_columns).copied().collect();
        let owners = FieldGroup { fields: owners, dimensions: of_owners, runs: runs(&owner_columns) };
        let kinds = FieldGroup { fields: kinds, dimensions: of_kinds, runs: runs(&kind_columns) };
        let single = &schema.tags().single;
        let single_of = |key: &String| {
            single.iter().filter(|(name, _)| name == key).map(|(_, column)| *column).collect::<Vec<usize>>()
        };
        let tag_columns: Vec<Vec<usize>> = tag_keys.iter().map(single_of).collect();
        columns.extend(schema.tags().packed.iter().copied());
        columns.extend(tag_columns.iter().flatten().copied());
        let key_runs = runs(&columns);
        let has_single_tags = tag_columns.iter().any(|columns| !columns.is_empty());
        Self {
            schema,
            question,
            key_runs,
            owners,
            kinds,
            dimensions,
            cacheable,
            tag_keys,
            tag_columns,
            has_single_tags,
        }
    }

    /// The dimensions of the classifier whose values are asked for, by index.
    pub(super) fn assigned(&self) -> BTreeSet<usize> {
        let index = |dimension: &Dimension| match dimension {
            Dimension::Assigned(index) => Some(*index),
            Dimension::Field(_) => None,
        };
        self.question.dimensions.iter().filter_map(index).collect()
    }

    /// What the file's columns mean.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The columns that are looked at to find a row's group, period and metrics.
    pub fn columns(&self) -> BTreeSet<usize> {
        let mut columns = self.schema.charge_columns();
        let runs = [&self.key_runs, &self.owners.runs, &self.kinds.runs].into_iter().flatten();
        columns.extend(runs.flat_map(|(first, last)| *first..=*last));
        columns.extend(self.schema.columns_of(Field::InvoiceId));
        columns
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
