//! Azure cost details: enterprise agreement, Microsoft customer agreement and pay-as-you-go, in every spelling.
//!
//! Actual and amortized exports have the same header, and one row of a reservation is a cost in the one and not in the
//! other. So the plan states a row's own cost as billed and as effective cost alike, and says by its `Part` what
//! the row is: which of the two its cost counts for is decided over the whole file, once it is known to be actual or
//! amortized.

use crate::order::BTreeSet;

use super::Dialect;
use super::azure_charge::AzureCharge;
use super::columns::Columns;
use super::fields::Fields;
use crate::bill::machine::MachineColumns;
use crate::bill::schema::{Dates, PeriodColumns, Schema, TagColumns};
use crate::condition::Field;

/// Without these an enterprise agreement's file says neither what, when nor how much.
pub(super) const EA: [&str; 3] = ["Date", "CostInBillingCurrency", "MeterCategory"];

/// The same for a Microsoft customer agreement.
pub(super) const MCA: [&str; 3] = ["date", "costInBillingCurrency", "meterCategory"];

/// The same for pay-as-you-go.
pub(super) const PAYG: [&str; 3] = ["UsageDateTime", "PreTaxCost", "MeterCategory"];

/// Columns that state a row's cost, best first.
pub(super) const COST: [&str; 3] = ["CostInBillingCurrency", "Cost", "PreTaxCost"];

/// Columns that state its day.
const DAY: [&str; 3] = ["Date", "UsageDateTime", "UsageDate"];

/// Columns that only a Microsoft customer agreement has.
const MCA_ONLY: [&str; 4] =
    ["paygCostInBillingCurrency", "pricingCurrency", "costInUsd", "exchangeRatePricingToBilling"];

const TEXT: [(Field, &[&str]); 22] = [
    (Field::SubAccountId, &["SubscriptionId", "SubscriptionGuid"]),
    (Field::SubAccountName, &["SubscriptionName"]),
    (Field::InvoiceId, &["InvoiceId"]),
    (Field::PublisherName, &["PublisherName"]),
    (Field::ServiceName, &["MeterCategory", "ServiceName", "ConsumedService"]),
    (Field::RegionName, &["ResourceLocation", "Location"]),
    (Field::AvailabilityZone, &["AvailabilityZone"]),
    // Some exports of customer agreements hold the identifier in `InstanceName`.
    (Field::ResourceId, &["ResourceId", "InstanceId", "InstanceName"]),
    (Field::ResourceType, &["ResourceType"]),
    (Field::ResourceGroup, &["ResourceGroup", "ResourceGroupName"]),
    (Field::SkuId, &["ProductId", "PartNumber"]),
    (Field::UsageType, &["MeterName"]),
    (Field::ChargeDescription, &["ProductName", "Product", "MeterName"]),
    (Field::PricingUnit, &["UnitOfMeasure"]),
    (Field::CommitmentDiscountId, &["BenefitId", "ReservationId"]),
    (Field::CommitmentDiscountName, &["BenefitName", "ReservationName"]),
    (Field::BillingCurrency, &["BillingCurrencyCode", "BillingCurrency", "Currency", "CurrencyCode"]),
    (Field::ConsumedUnit, &["UnitOfMeasure"]),
    (Field::ConsumedQuantity, &["Quantity", "UsageQuantity"]),
    (Field::CostCenter, &["CostCenter"]),
    (Field::BillingAccountId, &["BillingAccountId", "BillingProfileId"]),
    (Field::BillingAccountName, &["BillingAccountName", "BillingProfileName"]),
];

/// A customer agreement is invoiced by billing profile.
const MCA_ACCOUNT: [(Field, &[&str]); 2] = [
    (Field::BillingAccountId, &["BillingProfileId", "BillingAccountId"]),
    (Field::BillingAccountName, &["BillingProfileName", "BillingAccountName"]),
];

/// A pay-as-you-go file names no account above the subscription.
const PAYG_ACCOUNT: [(Field, &[&str]); 1] =
    [(Field::BillingAccountId, &["BillingAccountId", "SubscriptionGuid", "SubscriptionId"])];

fn dialect(columns: &Columns) -> Dialect {
    if columns.has_any(&MCA_ONLY) {
        Dialect::AzureMca
    } else if columns.has("PreTaxCost") || (columns.has("SubscriptionGuid") && !columns.has("SubscriptionId")) {
        Dialect::AzurePayg
    } else {
        Dialect::AzureEa
    }
}

pub(super) fn schema(columns: &Columns) -> Option<Schema> {
    columns.find("MeterCategory")?;
    let cost = columns.find_first(&COST)?;
    let day = columns.find_first(&DAY)?;
    let dialect = dialect(columns);
    let account: &[(Field, &[&str])] = match dialect {
        Dialect::AzureMca => &MCA_ACCOUNT,
        Dialect::AzurePayg => &PAYG_ACCOUNT,
        _ => &[],
    };
    let mut table = TEXT.to_vec();
    table.extend_from_slice(account);
    let mut fields = Fields::new(columns, &table);
    fields.constant(Field::ProviderName, "Microsoft");
    fields.constant(Field::InvoiceIssuerName, "Microsoft");
    // Without a column of charge types there is nothing but usage.
    fields.constant(Field::ChargeCategory, "Usage");
    fields.derived(Field::InvoiceIssuerName, &["PartnerName"]);
    fields.derived(Field::ServiceCategory, &["ConsumedService"]);
    fields.derived(Field::RegionId, &["ResourceLocation", "Location"]);
    fields.derived(Field::ResourceName, &["ResourceName", "ResourceId", "InstanceId", "InstanceName"]);
    fields.derived(Field::ChargeCategory, &["ChargeType"]);
    fields.derived(Field::ChargeClass, &["ChargeType"]);
    fields.derived(Field::ChargeFrequency, &["Frequency"]);
    fields.derived(Field::PricingCategory, &["PricingModel", "ChargeType"]);
    fields.derived(Field::CommitmentDiscountCategory, &["BenefitId", "ReservationId"]);
    fields.derived(Field::CommitmentDiscountType, &["BenefitId", "ReservationId"]);
    fields.derived(Field::CommitmentDiscountStatus, &["ChargeType", "PricingModel"]);
    let mapping = AzureCharge::new(columns, cost)?;
    Some(Schema {
        dialect,
        version: None,
        header: columns.names().to_vec(),
        fields: fields.finish(),
        tags: TagColumns { packed: columns.find_all(&["Tags"]), ..TagColumns::default() },
        period: PeriodColumns {
            start: vec![day],
            end: None,
            billing: columns.find("BillingPeriodStartDate"),
            dates: Dates::MonthFirst,
        },
        // `AdditionalInfo` has processors and no memory.
        machine: MachineColumns::default(),
        class_columns: mapping.class_columns(),
        charged_by: BTreeSet::new(),
        mapping: Box::new(mapping),
    })
}
