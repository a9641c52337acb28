//! The dialects of billing exports, recognised from the header alone.

mod aws_cur;
mod azure;
mod azure_charge;
mod columns;
mod fields;
#[cfg(test)]
mod fixtures;
mod focus;
mod gcp;
mod lookup;
mod oci;
#[cfg(test)]
mod recognition;
#[cfg(test)]
mod testing;

use std::borrow::Cow;
use std::fmt;

use columns::Columns;
use serde::{Serialize, Serializer};

use super::record::Record;
use super::schema::{Class, Schema};
use crate::condition::Field;

/// What tells the name of a column from others, whatever its spelling: columns that share it are one to every dialect.
pub fn column_key(name: &str) -> String {
    columns::folded(name)
}

/// A kind of billing export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// FOCUS, 1.0 to 1.4.
    Focus,
    /// AWS Cost and Usage Report, legacy columns (`lineItem/UsageAmount`).
    AwsCurLegacy,
    /// AWS Cost and Usage Report with Athena columns (`line_item_usage_amount`), CUR 2.0 included.
    AwsCur2,
    /// Azure enterprise agreement.
    AzureEa,
    /// Azure Microsoft customer agreement.
    AzureMca,
    /// Azure pay-as-you-go.
    AzurePayg,
    /// Google Cloud's `BigQuery` export as CSV.
    Gcp,
    /// Oracle Cloud's cost report.
    Oci,
}

impl Dialect {
    /// The name documents use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Focus => "focus",
            Self::AwsCurLegacy => "aws_cur_legacy",
            Self::AwsCur2 => "aws_cur_2",
            Self::AzureEa => "azure_ea",
            Self::AzureMca => "azure_mca",
            Self::AzurePayg => "azure_payg",
            Self::Gcp => "gcp",
            Self::Oci => "oci",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Dialect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What a dialect works out itself.
pub(super) trait Mapping: fmt::Debug + Send + Sync {
    /// What the row's class columns say; must depend on [`Schema::class_columns`] alone.
    fn classify(&self, record: &Record<'_>) -> Class;

    /// A field whose source is `Derived`; must depend on the columns named there alone.
    fn derive<'a>(&self, field: Field, record: &Record<'a>) -> Option<Cow<'a, str>>;
}

/// No dialect fits the header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown bill format: the header is `{header}`")]
pub struct UnknownDialect {
    /// The header seen, shortened, with control characters escaped.
    pub header: String,
    /// What stands between the fields, where it is plainly no comma.
    pub separator: Option<&'static str>,
    /// The dialect that fits best.
    pub nearest: Dialect,
    /// The columns it needs and the header lacks.
    pub missing: Vec<&'static str>,
}

/// Characters of a foreign header shown in a message.
const HEADER_SHOWN: usize = 120;

/// The columns each dialect can't do without, in one of its spellings.
const REQUIRED: [(Dialect, &[&str]); 8] = [
    (Dialect::Focus, &focus::REQUIRED),
    (Dialect::AwsCurLegacy, &aws_cur::LEGACY),
    (Dialect::AwsCur2, &aws_cur::ATHENA),
    (Dialect::AzureEa, &azure::EA),
    (Dialect::AzureMca, &azure::MCA),
    (Dialect::AzurePayg, &azure::PAYG),
    (Dialect::Gcp, &gcp::REQUIRED),
    (Dialect::Oci, &oci::REQUIRED),
];

pub(super) fn detect(header: &[String]) -> Result<Schema, UnknownDialect> {
    let columns = Columns::new(header);
    let known: [fn(&Columns) -> Option<Schema>; 5] =
        [focus::schema, aws_cur::schema, gcp::schema, oci::schema, azure::schema];
    let fits = |schema: fn(&Columns) -> Option<Schema>| {
        columns.take_found();
        schema(&columns)
    };
    let mut schema = known.into_iter().find_map(fits).ok_or_else(|| unknown(&columns))?;
    schema.charged_by = columns.take_found();
    Ok(schema)
}

/// The dialect with the largest part of its columns there; of equals the one that spells more of them so.
fn unknown(columns: &Columns) -> UnknownDialect {
    let whole = columns.names().join(",");
    let shown = whole.char_indices().nth(HEADER_SHOWN).map_or(whole.len(), |(end, _)| end);
    let escaped = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    let mut header: String = whole[..shown].chars().map(escaped).collect();
    if shown < whole.len() {
        header.push('…');
    }
    let separator = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")].into_iter();
    let separator = separator.filter(|_| columns.names().len() == 1).find(|(mark, _)| whole.contains(*mark));
    let separator = separator.map(|(_, name)| name);
    let mut unknown = UnknownDialect { header, separator, nearest: Dialect::Focus, missing: Vec::new() };
    let mut best = None;
    for (dialect, required) in REQUIRED {
        let missing = columns.missing(required);
        let spelled = required.iter().filter(|name| columns.names().iter().any(|seen| seen == *name)).count();
        let fit = ((required.len() - missing.len()) * 100 / required.len(), spelled);
        if best.is_none_or(|best| fit > best) {
            best = Some(fit);
            unknown.nearest = dialect;
            unknown.missing = missing;
        }
    }
    if unknown.nearest == Dialect::Gcp && gcp::is_unnested(columns) {
        unknown.missing.push(gcp::CREDITS);
    }
    unknown
}
