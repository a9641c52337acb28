//! FOCUS 1.0 to 1.4: the columns are the model, so mapping is by name.

use std::borrow::Cow;

use super::columns::Columns;
use super::{Dialect, Mapping};
use crate::bill::cost::{Cost, CostPlan, Operand};
use crate::bill::machine::MachineColumns;
use crate::bill::record::Record;
use crate::bill::schema::{Class, Dates, Part, PeriodColumns, Schema, TagColumns, TextSource};
use crate::condition::Field;
use crate::order::BTreeSet;

/// Without these a FOCUS file says neither when nor how much.
pub(super) const REQUIRED: [&str; 3] = ["BilledCost", "ChargeCategory", "ChargePeriodStart"];

/// Columns that first appeared in a version (column tables of the specification, newest first).
const ADDED: [(&str, &[&str]); 4] = [
    ("1.4", &["CommitmentProgramEligibilityDetails", "InvoiceDetailId"]),
    (
        "1.3",
        &[
            "ServiceProviderName",
            "HostProviderName",
            "AllocatedMethodId",
            "AllocatedMethodDetails",
            "AllocatedResourceId",
            "AllocatedResourceName",
            "AllocatedTags",
            "ContractApplied",
        ],
    ),
    (
        "1.2",
        &[
            "InvoiceId",
            "BillingAccountType",
            "SubAccountType",
            "PricingCurrency",
            "PricingCurrencyContractedUnitPrice",
            "PricingCurrencyEffectiveCost",
            "PricingCurrencyListUnitPrice",
        ],
    ),
    (
        "1.1",
        &[
            "CapacityReservationId",
            "CapacityReservationStatus",
            "CommitmentDiscountQuantity",
            "CommitmentDiscountUnit",
            "ServiceSubcategory",
            "SkuMeter",
            "SkuPriceDetails",
        ],
    ),
];

/// Fields and the columns that state them; later names are fall-backs.
const TEXT: [(Field, &[&str]); 37] = [
    // 1.3 renamed the provider, 1.4 dropped the old name.
    (Field::ProviderName, &["ProviderName", "ServiceProviderName", "HostProviderName"]),
    (Field::BillingAccountId, &["BillingAccountId"]),
    (Field::BillingAccountName, &["BillingAccountName"]),
    (Field::SubAccountId, &["SubAccountId"]),
    (Field::SubAccountName, &["SubAccountName"]),
    (Field::InvoiceId, &["InvoiceId", "x_InvoiceId"]),
    (Field::InvoiceIssuerName, &["InvoiceIssuerName"]),
    (Field::PublisherName, &["PublisherName"]),
    (Field::ServiceName, &["ServiceName"]),
    (Field::ServiceCategory, &["ServiceCategory"]),
    // Oracle's FOCUS files leave the identifier empty and put it in the name.
    (Field::RegionId, &["RegionId", "RegionName"]),
    (Field::RegionName, &["RegionName"]),
    (Field::AvailabilityZone, &["AvailabilityZone"]),
    (Field::ResourceId, &["ResourceId"]),
    (Field::ResourceName, &["ResourceName"]),
    (Field::ResourceType, &["ResourceType"]),
    (Field::ResourceGroup, &["x_ResourceGroupName"]),
    (Field::SkuId, &["SkuId"]),
    (Field::SkuPriceId, &["SkuPriceId"]),
    (Field::UsageType, &["x_UsageType", "SkuMeter", "x_SkuMeterName"]),
    (Field::Operation, &["x_Operation"]),
    (Field::ChargeCategory, &["ChargeCategory"]),
    (Field::ChargeClass, &["ChargeClass"]),
    (Field::ChargeDescription, &["ChargeDescription"]),
    (Field::ChargeFrequency, &["ChargeFrequency"]),
    (Field::PricingCategory, &["PricingCategory"]),
    (Field::PricingUnit, &["PricingUnit"]),
    (Field::CommitmentDiscountId, &["CommitmentDiscountId"]),
    (Field::CommitmentDiscountName, &["CommitmentDiscountName"]),
    (Field::CommitmentDiscountCategory, &["CommitmentDiscountCategory"]),
    (Field::CommitmentDiscountType, &["CommitmentDiscountType"]),
    (Field::CommitmentDiscountStatus, &["CommitmentDiscountStatus"]),
    (Field::BillingCurrency, &["BillingCurrency"]),
    (Field::ConsumedUnit, &["ConsumedUnit"]),
    (Field::ConsumedQuantity, &["ConsumedQuantity"]),
    (Field::PricingQuantity, &["PricingQuantity"]),
    (Field::CostCenter, &["x_CostCenter"]),
];

#[derive(Debug)]
struct Focus {
    costs: CostPlan,
    category: Option<usize>,
}

impl Mapping for Focus {
    fn classify(&self, record: &Record<'_>) -> Class {
        let category = self.category.map_or(&b""[..], |column| record.trimmed(column));
        Class { costs: self.costs, part: Part::Ordinary, usage: category.eq_ignore_ascii_case(b"usage") }
    }

    fn derive<'a>(&self, _: Field, _: &Record<'a>) -> Option<Cow<'a, str>> {
        None
    }
}

pub(super) fn schema(columns: &Columns) -> Option<Schema> {
    if !columns.missing(&REQUIRED).is_empty() {
        return None;
    }
    let mut fields = [const { TextSource::Absent }; Field::COUNT];
    for (field, names) in TEXT {
        let found = columns.find_all(names);
        if !found.is_empty() {
            fields[field as usize] = TextSource::Columns(found);
        }
    }
    let value = |name| Operand::column(columns.find(name)).map_or(Cost::Missing, Cost::Value);
    let costs = CostPlan {
        billed: value("BilledCost"),
        effective: value("EffectiveCost"),
        list: value("ListCost"),
        contracted: value("ContractedCost"),
    };
    let category = columns.find("ChargeCategory");
    Some(Schema {
        dialect: Dialect::Focus,
        version: Some(version(columns)),
        header: columns.names().to_vec(),
        fields,
        tags: TagColumns { packed: columns.find_all(&["Tags"]), ..TagColumns::default() },
        period: PeriodColumns {
            dates: Dates::Iso,
            start: columns.find_all(&["ChargePeriodStart"]),
            end: columns.find("ChargePeriodEnd"),
            billing: columns.find("BillingPeriodStart"),
        },
        // Since 1.1; before it Azure had a column of its own.
        machine: MachineColumns {
            packed: columns.find_all(&["SkuPriceDetails", "x_SkuDetails"]),
            ..MachineColumns::default()
        },
        class_columns: category.into_iter().collect(),
        charged_by: BTreeSet::new(),
        mapping: Box::new(Focus { costs, category }),
    })
}

/// The newest version whose additions the header shows; 1.4 is also known by the provider name it dropped.
fn version(columns: &Columns) -> &'static str {
    let newest = ADDED.iter().find(|(_, names)| names.iter().any(|name| columns.has(name)));
    match newest {
        Some(("1.3", _)) if !columns.has("ProviderName") && !columns.has("PublisherName") => "1.4",
        Some((version, _)) => version,
        None => "1.0",
    }
}
