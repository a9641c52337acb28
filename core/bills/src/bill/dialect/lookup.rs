//! The public lookup tables that ship with the project.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::order::BTreeMap;

type Table = BTreeMap<&'static str, &'static str>;

/// A table of two columns with a header line; only the first column may be quoted.
fn table(text: &'static str) -> Table {
    let rows = text.lines().skip(1).filter_map(|line| line.rsplit_once(','));
    rows.map(|(key, value)| (key.trim_matches('"'), value)).collect()
}

/// In lower case, with single blanks.
fn plain(text: &str) -> String {
    text.to_ascii_lowercase().split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// FOCUS's category of an AWS product code.
pub(super) fn aws_category(product_code: &str) -> Option<&'static str> {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let text = include_str!("../../../../../policies/mappings/aws-service-categories.csv");
    TABLE.get_or_init(|| table(text)).get(product_code).copied()
}

/// FOCUS's category of an Azure resource provider (`Microsoft.Compute`), in any case.
pub(super) fn azure_category(consumed_service: &str) -> Option<&'static str> {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let text = include_str!("../../../../../policies/mappings/azure-service-categories.csv");
    TABLE.get_or_init(|| table(text)).get(consumed_service.to_ascii_lowercase().as_str()).copied()
}

/// FOCUS's category of a Google Cloud service.
pub(super) fn gcp_category(service: &str) -> Option<&'static str> {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let text = include_str!("../../../../../policies/mappings/gcp-service-categories.csv");
    TABLE.get_or_init(|| table(text)).get(service).copied()
}

/// The identifier of an Azure region, by any of the names that exports use for it.
///
/// A name that the table lacks is its own identifier, in lower case and without blanks.
pub(super) fn azure_region(location: &str) -> Cow<'static, str> {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let text = include_str!("../../../../../policies/mappings/azure-regions.csv");
    let location = plain(location);
    let known = TABLE.get_or_init(|| table(text)).get(location.as_str()).copied();
    known.map_or_else(|| Cow::Owned(location.replace(' ', "")), Cow::Borrowed)
}

/// How many units one price of this Azure unit of measure is for; `None` for an unknown unit.
pub(super) fn azure_block_size(unit_of_measure: &str) -> Option<u64> {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let text = include_str!("../../../../../policies/mappings/azure-pricing-units.csv");
    TABLE.get_or_init(|| table(text)).get(plain(unit_of_measure).as_str()).and_then(|size| size.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_read() {
        assert_eq!(aws_category("AmazonEC2"), Some("Compute"));
        assert_eq!(azure_category("Microsoft.Storage"), Some("Storage"));
        assert_eq!(gcp_category("BigQuery"), Some("Databases"));
        assert_eq!(gcp_category("no such service"), None);
    }

    #[test]
    fn one_region_has_one_identifier() {
        for name in ["US East 2", "EastUS2", "eastus2", "East US 2"] {
            assert_eq!(azure_region(name), "eastus2", "{name}");
        }
        assert_eq!(azure_region("Mars North"), "marsnorth");
    }

    #[test]
    fn block_sizes_whatever_case_and_blanks() {
        for (unit, want) in [
            ("1 Hour", Some(1)),
            ("10K", Some(10_000)),
            ("100  GB/month ", Some(100)),
            ("10000 1,000s", Some(10_000)),
            ("parsec", None),
        ] {
            assert_eq!(azure_block_size(unit), want, "{unit}");
        }
    }
}
