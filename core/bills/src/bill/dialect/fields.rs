//! Filling the table that says where each field's text comes from.

use super::columns::Columns;
use crate::bill::schema::TextSource;
use crate::condition::Field;

/// Where each field's text comes from, while a dialect puts it together.
#[derive(Debug)]
pub(super) struct Fields<'c> {
    columns: &'c Columns,
    sources: [TextSource; Field::COUNT],
}

impl<'c> Fields<'c> {
    /// Every field stated by the first of its columns that exists and is not null.
    pub(super) fn new(columns: &'c Columns, table: &[(Field, &[&str])]) -> Self {
        let mut fields = Self { columns, sources: [const { TextSource::Absent }; Field::COUNT] };
        for (field, names) in table {
            let found = columns.find_all(names);
            if !found.is_empty() {
                fields.sources[*field as usize] = TextSource::Columns(found);
            }
        }
        fields
    }

    /// The same on every row.
    pub(super) fn constant(&mut self, field: Field, text: &'static str) {
        self.sources[field as usize] = TextSource::Constant(text);
    }

    /// Worked out from those of these columns that exist; absent when none does.
    pub(super) fn derived(&mut self, field: Field, names: &[&str]) {
        let found = self.columns.find_all(names);
        if !found.is_empty() {
            self.sources[field as usize] = TextSource::Derived(found);
        }
    }

    pub(super) fn finish(self) -> [TextSource; Field::COUNT] {
        self.sources
    }
}
