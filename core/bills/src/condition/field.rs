//! The named fields of a charge.

use std::fmt;
use std::str::FromStr;

macro_rules! fields {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// A field of a charge, named as FOCUS names its column, in snake case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Field {
            $(#[doc = $doc] $variant,)*
        }

        impl Field {
            /// Every field, in the order documents list them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// How many fields there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The name a user writes.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

fields! {
    ProviderName "provider_name" "Who provides the resource or service (AWS, Microsoft, Google Cloud, Oracle …).",
    BillingAccountId "billing_account_id" "The account the invoice goes to.",
    BillingAccountName "billing_account_name" "Its display name.",
    SubAccountId "sub_account_id" "Account, subscription or project that holds the resource.",
    SubAccountName "sub_account_name" "Its display name.",
    InvoiceId "invoice_id" "The invoice the charge is on.",
    InvoiceIssuerName "invoice_issuer_name" "Who issues the invoice.",
    PublisherName "publisher_name" "Who made the service that was bought.",
    ServiceName "service_name" "The provider's offering (`AmazonEC2`, `Virtual Machines` …).",
    ServiceCategory "service_category" "FOCUS's category of the service (Compute, Storage …).",
    RegionId "region_id" "The provider's identifier of the region.",
    RegionName "region_name" "Its display name.",
    AvailabilityZone "availability_zone" "The provider's identifier of the zone.",
    ResourceId "resource_id" "The resource's identifier.",
    ResourceName "resource_name" "Its display name.",
    ResourceType "resource_type" "What kind of resource it is.",
    ResourceGroup "resource_group" "Azure's resource group.",
    SkuId "sku_id" "What was priced.",
    SkuPriceId "sku_price_id" "The price that applied.",
    UsageType "usage_type" "The provider's own name of the metered usage (usage type, meter).",
    Operation "operation" "The provider's own name of the operation.",
    ChargeCategory "charge_category" "Usage, Purchase, Tax, Credit or Adjustment.",
    ChargeClass "charge_class" "`Correction` when it corrects an earlier invoice.",
    ChargeDescription "charge_description" "The charge in the provider's words.",
    ChargeFrequency "charge_frequency" "One-Time, Recurring or Usage-Based.",
    PricingCategory "pricing_category" "Standard, Dynamic, Committed or Other.",
    PricingUnit "pricing_unit" "The unit that was priced.",
    CommitmentDiscountId "commitment_discount_id" "The reservation or savings plan.",
    CommitmentDiscountName "commitment_discount_name" "Its display name.",
    CommitmentDiscountCategory "commitment_discount_category" "Spend or Usage.",
    CommitmentDiscountType "commitment_discount_type" "The provider's kind of commitment.",
    CommitmentDiscountStatus "commitment_discount_status" "Used or Unused.",
    BillingCurrency "billing_currency" "The currency of the amounts.",
    ConsumedUnit "consumed_unit" "The unit of the consumed quantity.",
    CostCenter "cost_center" "The cost centre the provider's own hierarchy assigns.",
    ConsumedQuantity "consumed_quantity" "How much was consumed, in `consumed_unit`.",
    PricingQuantity "pricing_quantity" "How much was priced, in `pricing_unit`.",
    BilledCost "billed_cost" "What the invoice states for the charge.",
    EffectiveCost "effective_cost" "The amortised cost of the charge.",
    ListCost "list_cost" "The cost at the public price.",
    ContractedCost "contracted_cost" "The cost at the negotiated price, before commitment discounts.",
}

impl Field {
    /// Whether the field holds a number.
    pub const fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::ConsumedQuantity
                | Self::PricingQuantity
                | Self::BilledCost
                | Self::EffectiveCost
                | Self::ListCost
                | Self::ContractedCost
        )
    }
}

/// The name is not that of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such field")]
pub struct UnknownField;

impl FromStr for Field {
    type Err = UnknownField;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|field| field.name() == name).ok_or(UnknownField)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
