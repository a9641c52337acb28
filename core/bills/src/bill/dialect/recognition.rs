//! Which header is which dialect, and what is said of one that is none.

use super::testing::row;
use super::{Dialect, UnknownDialect};
use crate::bill::record::Record;
use crate::bill::schema::{Schema, TextSource};
use crate::condition::Field;

fn schema(header: &str) -> Result<Schema, UnknownDialect> {
    Schema::from_header(&header.split(',').map(str::to_owned).collect::<Vec<_>>())
}

#[test]
fn focus_versions_by_their_columns() {
    let base = "BilledCost,ChargeCategory,ChargePeriodStart";
    for (more, version) in [
        ("ProviderName,PublisherName", "1.0"),
        ("ProviderName,SkuMeter", "1.1"),
        ("ProviderName,CommitmentDiscountUnit", "1.1"),
        ("ProviderName,SkuMeter,InvoiceId", "1.2"),
        ("ProviderName,InvoiceId,ServiceProviderName", "1.3"),
        ("PublisherName,AllocatedResourceId", "1.3"),
        ("InvoiceId,ServiceProviderName,HostProviderName", "1.4"),
        ("ProviderName,InvoiceDetailId", "1.4"),
    ] {
        let found = schema(&format!("{base},{more}")).unwrap();
        assert_eq!((found.dialect(), found.version()), (Dialect::Focus, Some(version)), "{more}");
    }
}

#[test]
fn dialects_by_their_columns_in_every_spelling() {
    for (header, dialect, version) in [
        (
            "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UnblendedCost,resourceTags/user:a",
            Dialect::AwsCurLegacy,
            None,
        ),
        ("line_item_line_item_type,line_item_usage_start_date,line_item_unblended_cost", Dialect::AwsCur2, None),
        (
            "line_item_line_item_type,line_item_usage_start_date,line_item_unblended_cost,resource_tags_user_a",
            Dialect::AwsCur2,
            None,
        ),
        (
            "line_item_line_item_type,line_item_usage_start_date,line_item_unblended_cost,resource_tags",
            Dialect::AwsCur2,
            Some("2.0"),
        ),
        ("Date,Cost,MeterCategory,BillingAccountId,SubscriptionId", Dialect::AzureEa, None),
        ("DATE,COSTINBILLINGCURRENCY,METERCATEGORY", Dialect::AzureEa, None),
        ("date,costInBillingCurrency,meterCategory,pricingCurrency", Dialect::AzureMca, None),
        ("UsageDateTime,costinbillingcurrency,paygcostinbillingcurrency,MeterCategory", Dialect::AzureMca, None),
        ("\"UsageDateTime\",\"PreTaxCost\",\"MeterCategory\",\"SubscriptionGuid\"", Dialect::AzurePayg, None),
        ("Kosten (PreTaxCost),Tag (UsageDateTime),Kategorie (MeterCategory)", Dialect::AzurePayg, None),
        ("usage_start_time,cost,service.description", Dialect::Gcp, None),
        ("usage_start_time,cost,service_description", Dialect::Gcp, None),
        ("lineItem/intervalUsageStart,cost/myCost,product/service", Dialect::Oci, None),
    ] {
        let found = schema(header).unwrap();
        assert_eq!((found.dialect(), found.version()), (dialect, version), "{header}");
    }
}

#[test]
fn a_foreign_header_names_the_nearest_dialect_and_what_it_lacks() {
    for (header, nearest, missing) in [
        ("a,b,c", Dialect::Focus, vec!["BilledCost", "ChargeCategory", "ChargePeriodStart"]),
        ("BilledCost,ChargeCategory,x", Dialect::Focus, vec!["ChargePeriodStart"]),
        ("lineItem/LineItemType,lineItem/UsageStartDate", Dialect::AwsCurLegacy, vec!["lineItem/UnblendedCost"]),
        ("line_item_line_item_type,line_item_unblended_cost", Dialect::AwsCur2, vec!["line_item_usage_start_date"]),
        ("UsageDateTime,MeterCategory,Currency", Dialect::AzurePayg, vec!["PreTaxCost"]),
        ("usage_start_time,service.description", Dialect::Gcp, vec!["cost"]),
        ("cost/myCost,product/service", Dialect::Oci, vec!["lineItem/intervalUsageStart"]),
    ] {
        let unknown = schema(header).unwrap_err();
        assert_eq!((unknown.nearest, unknown.missing), (nearest, missing), "{header}");
        assert_eq!(unknown.header, header);
    }
    let hidden = schema("a\u{1b}[31m\tb").unwrap_err();
    assert_eq!((hidden.header.as_str(), hidden.separator), (r"a\u{1b}[31m\tb", Some("tabs")));
    assert_eq!(schema("BilledCost;ChargeCategory").unwrap_err().separator, Some("semicolons"));
    assert_eq!(schema("Tag;Wert,x").unwrap_err().separator, None);
    let long = schema(&"column,".repeat(100)).unwrap_err();
    assert_eq!(long.header.chars().count(), 121);
    assert!(long.header.ends_with('…'));
}

/// The engine caches a class under its columns, and reads a derived field under its own.
#[test]
fn derived_fields_and_classes_read_only_the_columns_they_name() {
    for text in [
        include_str!("../../../../../tests/cases/bills/aws_cur_legacy.csv"),
        include_str!("../../../../../tests/cases/bills/azure_ea_amortized.csv"),
        include_str!("../../../../../tests/cases/bills/gcp.csv"),
        include_str!("../../../../../tests/cases/bills/oci.csv"),
    ] {
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let found =
            Schema::from_header(&reader.headers().unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).unwrap();
        for fields in reader.records() {
            let fields = fields.unwrap();
            let only = |kept: &[usize]| {
                row(fields.iter().enumerate().map(|(index, cell)| if kept.contains(&index) { cell } else { "" }))
            };
            let (bytes, ends) = row(fields.iter());
            let whole = Record::new(&bytes, 0, &ends);
            let (bytes, ends) = only(found.class_columns());
            assert_eq!(found.classify(&whole), found.classify(&Record::new(&bytes, 0, &ends)));
            for field in Field::ALL.iter().copied() {
                if let TextSource::Derived(columns) = found.source(field) {
                    let (bytes, ends) = only(columns);
                    let alone = Record::new(&bytes, 0, &ends);
                    assert_eq!(found.text(field, &whole), found.text(field, &alone), "{field}");
                }
            }
        }
    }
}

/// An export without the columns of commitments says nothing of their effective cost: not that it is zero.
#[test]
fn a_cur_without_commitment_columns_has_no_effective_cost_for_them() {
    let header = "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UnblendedCost";
    let found = schema(header).unwrap();
    for (line_item_type, billed_is_effective, missing) in [
        ("Usage", true, false),
        ("Fee", true, false),
        ("Refund", true, false),
        ("SavingsPlanNegation", false, false),
        ("SavingsPlanCoveredUsage", false, true),
        ("SavingsPlanRecurringFee", false, true),
        ("DiscountedUsage", false, true),
        ("RIFee", false, true),
    ] {
        let (bytes, ends) = row([line_item_type, "2026-05-01T00:00:00Z", "5"].into_iter());
        let record = Record::new(&bytes, 0, &ends);
        let ([billed, effective, ..], _) = found.classify(&record).costs.read(&record).unwrap();
        assert_eq!(billed == effective, billed_is_effective, "{line_item_type}");
        assert_eq!(effective.is_none(), missing, "{line_item_type}");
    }
}
