//! What the columns of one header mean.

use std::borrow::Cow;

use super::dialect::{Dialect, Mapping, UnknownDialect};
use super::machine::{MachineColumns, MachineSize};
use super::record::Record;
use super::{CostPlan, dialect};
use crate::calendar::{Instant, InstantError};
use crate::condition::Field;
use crate::order::BTreeSet;

/// Where a field's text comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TextSource {
    /// The dialect does not state it.
    #[default]
    Absent,
    /// The same for every row.
    Constant(&'static str),
    /// The first of these columns that is not null.
    Columns(Vec<usize>),
    /// Worked out by the dialect from these columns.
    Derived(Vec<usize>),
}

/// Where tags come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagColumns {
    /// Columns that each hold many tags: a JSON object, the same without braces, or a list of key and value
    /// (JSON or Python spelling). Where two columns state one key, the earlier column counts.
    pub packed: Vec<usize>,
    /// Columns that each hold the value of one tag, with the tag's key.
    pub single: Vec<(String, usize)>,
    /// Prefixes that the packed columns put before the keys of the user's own tags (see [`Self::key`]).
    pub prefixes: &'static [&'static str],
}

impl TagColumns {
    /// The key as the user wrote it, given the key in a packed column.
    pub fn key<'k>(&self, packed: &'k str) -> &'k str {
        self.prefixes.iter().find_map(|prefix| packed.strip_prefix(prefix)).unwrap_or(packed)
    }
}

/// Where a row's charge period and billing period come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeriodColumns {
    /// Start of the charge period: the first that is not null.
    pub start: Vec<usize>,
    /// Exclusive end of the charge period; without one a row's period is the day it starts on.
    pub end: Option<usize>,
    /// Start of the billing period (a date, or GCP's `YYYYMM`); without one it is the charge period's month.
    pub billing: Option<usize>,
    /// How the dialect writes days.
    pub dates: Dates,
}

/// How days are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dates {
    /// As ISO 8601 has them.
    #[default]
    Iso,
    /// So, or month first with slashes, as Azure does.
    MonthFirst,
}

impl Dates {
    /// Reads a day, or a moment.
    ///
    /// # Errors
    /// When the text is none, or is not written so.
    pub fn parse(self, text: &[u8]) -> Result<Instant, InstantError> {
        match self {
            Self::Iso => Instant::parse(text),
            Self::MonthFirst => Instant::parse_month_first(text),
        }
    }
}

/// What part a row plays where two exports of one bill must be merged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// An ordinary charge.
    #[default]
    Ordinary,
    /// Azure: purchase or refund of a reservation or savings plan.
    CommitmentPurchase,
    /// Azure: usage that a reservation or savings plan covers.
    BenefitUsage,
    /// Azure: the unused part of a reservation or savings plan.
    BenefitUnused,
}

impl Part {
    /// All of them, in the order of their discriminants.
    pub const ALL: [Self; 4] = [Self::Ordinary, Self::CommitmentPurchase, Self::BenefitUsage, Self::BenefitUnused];

    /// A number for it.
    pub(crate) fn number(self) -> u32 {
        self as u32
    }

    /// The part of this number.
    pub(crate) fn of_number(number: u32) -> Option<Self> {
        Self::ALL.get(number as usize).copied()
    }
}

/// What a row's class columns say about it: a function of [`Schema::class_columns`] alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Class {
    /// How its metrics are made.
    pub costs: CostPlan,
    /// Its part in merging exports.
    pub part: Part,
    /// Whether its charge category is Usage.
    pub usage: bool,
}

/// The meaning of one header: dialect, version, and where every fact of a row comes from.
#[derive(Debug)]
pub struct Schema {
    pub(super) dialect: Dialect,
    pub(super) version: Option<&'static str>,
    pub(super) header: Vec<String>,
    pub(super) fields: [TextSource; Field::COUNT],
    pub(super) tags: TagColumns,
    pub(super) period: PeriodColumns,
    pub(super) machine: MachineColumns,
    /// Columns that decide a row's [`Class`].
    pub(super) class_columns: Vec<usize>,
    /// Columns by which the dialect works out a row's class and metrics.
    pub(super) charged_by: BTreeSet<usize>,
    pub(super) mapping: Box<dyn Mapping>,
}

impl Schema {
    /// Recognises the dialect of a header row.
    ///
    /// # Errors
    /// When no dialect fits: names the nearest one and what it would need.
    pub fn from_header(header: &[String]) -> Result<Self, UnknownDialect> {
        dialect::detect(header)
    }

    /// The dialect.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The dialect's version, where the header tells.
    pub fn version(&self) -> Option<&'static str> {
        self.version
    }

    /// The column names, as the file writes them.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Where tags come from.
    pub fn tags(&self) -> &TagColumns {
        &self.tags
    }

    /// Where periods come from.
    pub fn period(&self) -> &PeriodColumns {
        &self.period
    }

    /// Where the field comes from.
    pub fn source(&self, field: Field) -> &TextSource {
        &self.fields[field as usize]
    }

    /// The columns that a field's text depends on.
    pub fn columns_of(&self, field: Field) -> &[usize] {
        match self.source(field) {
            TextSource::Absent | TextSource::Constant(_) => &[],
            TextSource::Columns(columns) | TextSource::Derived(columns) => columns,
        }
    }

    /// The columns that decide a row's class.
    pub fn class_columns(&self) -> &[usize] {
        &self.class_columns
    }

    /// The columns that tell when a row is charged, how much, and how it is tagged: what is looked at on every row.
    pub fn charge_columns(&self) -> BTreeSet<usize> {
        let mut columns = self.charged_by.clone();
        columns.extend(&self.class_columns);
        columns.extend(self.period.start.iter().copied().chain(self.period.end).chain(self.period.billing));
        columns.extend(&self.tags.packed);
        columns.extend(self.tags.single.iter().map(|(_, column)| column));
        columns
    }

    /// Every column that is looked at for any question.
    pub fn columns(&self) -> BTreeSet<usize> {
        let mut columns = self.charge_columns();
        columns.extend(Field::ALL.iter().flat_map(|field| self.columns_of(*field)));
        columns.extend(self.machine.columns());
        columns
    }

    /// What the row's class columns say.
    pub fn classify(&self, record: &Record<'_>) -> Class {
        self.mapping.classify(record)
    }

    /// How large the machine is that the row charges for; `None` where the row does not say.
    pub fn machine(&self, record: &Record<'_>) -> Option<MachineSize> {
        self.machine.read(record)
    }

    /// The field's text on this row; `None` when null. Costs are not text: read them by [`Self::classify`].
    pub fn text<'a>(&self, field: Field, record: &Record<'a>) -> Option<Cow<'a, str>> {
        match self.source(field) {
            TextSource::Absent => None,
            TextSource::Constant(text) => Some(Cow::Borrowed(text)),
            TextSource::Columns(columns) => columns.iter().find_map(|column| record.text(*column)),
            TextSource::Derived(_) => self.mapping.derive(field, record),
        }
    }
}
