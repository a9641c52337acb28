//! What one Azure row is: its charge type, its pricing model, and the costs it states.

use std::borrow::Cow;

use super::Mapping;
use super::columns::Columns;
use super::lookup::{azure_block_size, azure_category, azure_region};
use crate::bill::cost::{Cost, CostPlan, Operand};
use crate::bill::record::Record;
use crate::bill::schema::{Class, Part};
use crate::condition::Field;

/// The kinds of charge that Azure tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ChargeType {
    Usage,
    Purchase,
    Refund,
    Credit,
    Tax,
    /// The unused part of a reservation or savings plan.
    Unused,
    Other,
}

impl ChargeType {
    fn of(text: &[u8]) -> Self {
        let known: [(&[u8], Self); 7] = [
            (b"usage", Self::Usage),
            (b"purchase", Self::Purchase),
            (b"refund", Self::Refund),
            (b"credit", Self::Credit),
            (b"tax", Self::Tax),
            (b"unusedreservation", Self::Unused),
            (b"unusedsavingsplan", Self::Unused),
        ];
        known.into_iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map_or(Self::Other, |(_, kind)| kind)
    }

    const fn category(self) -> &'static str {
        match self {
            Self::Usage | Self::Unused => "Usage",
            Self::Purchase | Self::Refund => "Purchase",
            Self::Credit => "Credit",
            Self::Tax => "Tax",
            Self::Other => "Adjustment",
        }
    }
}

/// Whether the pricing model is that of a commitment (`Reservation`, `SavingsPlan`, `Savings Plan`).
fn is_committed(pricing_model: &[u8]) -> bool {
    let plain: Vec<u8> = pricing_model.iter().filter(|byte| **byte != b' ').map(u8::to_ascii_lowercase).collect();
    matches!(plain.as_slice(), b"reservation" | b"savingsplan" | b"savingsplans")
}

/// Columns that costs and derived fields are read from.
#[derive(Debug)]
pub(super) struct AzureCharge {
    charge_type: Option<usize>,
    pricing_model: Option<usize>,
    unit_of_measure: Option<usize>,
    pricing_currency: Option<usize>,
    billing_currency: Option<usize>,
    partner: Option<usize>,
    consumed_service: Option<usize>,
    frequency: Option<usize>,
    region: Vec<usize>,
    resource_name: Option<usize>,
    resource: Vec<usize>,
    benefit: Vec<usize>,
    cost: Operand,
    list: Cost,
    price: Option<Operand>,
    quantity: Option<Operand>,
    paid: Option<Operand>,
}

impl AzureCharge {
    /// `cost` is the column that states a row's cost.
    pub(super) fn new(columns: &Columns, cost: usize) -> Option<Self> {
        let operand = |names: &[&str]| Operand::column(columns.find_first(names));
        Some(Self {
            charge_type: columns.find("ChargeType"),
            pricing_model: columns.find("PricingModel"),
            unit_of_measure: columns.find("UnitOfMeasure"),
            pricing_currency: columns.find("PricingCurrency"),
            billing_currency: columns.find_first(&["BillingCurrencyCode", "BillingCurrency"]),
            partner: columns.find("PartnerName"),
            consumed_service: columns.find("ConsumedService"),
            frequency: columns.find("Frequency"),
            region: columns.find_all(&["ResourceLocation", "Location"]),
            resource_name: columns.find("ResourceName"),
            resource: columns.find_all(&["ResourceId", "InstanceId", "InstanceName"]),
            benefit: columns.find_all(&["BenefitId", "ReservationId"]),
            cost: Operand::column(Some(cost))?,
            list: operand(&["paygCostInBillingCurrency"]).map_or(Cost::Missing, Cost::Value),
            price: operand(&["UnitPrice"]),
            quantity: operand(&["Quantity", "UsageQuantity"]),
            paid: operand(&["EffectivePrice"]),
        })
    }

    pub(super) fn class_columns(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = [self.charge_type, self.pricing_model].into_iter().flatten().collect();
        if self.price.is_some() {
            columns.extend([self.unit_of_measure, self.pricing_currency, self.billing_currency].into_iter().flatten());
        }
        columns
    }

    fn charge_type(&self, record: &Record<'_>) -> ChargeType {
        self.charge_type.map_or(ChargeType::Usage, |column| ChargeType::of(record.trimmed(column)))
    }

    fn committed(&self, record: &Record<'_>) -> bool {
        self.pricing_model.is_some_and(|column| is_committed(record.trimmed(column)))
    }

    /// Unit price times quantity, over the units a price is for.
    ///
    /// Missing for a unit of unknown size, and where prices are in another currency than costs: the export states no
    /// negotiated cost in the billing currency then.
    fn contracted(&self, record: &Record<'_>) -> Cost {
        let currency = |column: Option<usize>| column.and_then(|column| record.text(column));
        if let (Some(pricing), Some(billing)) = (currency(self.pricing_currency), currency(self.billing_currency))
            && !pricing.eq_ignore_ascii_case(&billing)
        {
            return Cost::Missing;
        }
        let unit = self.unit_of_measure.map(|column| String::from_utf8_lossy(record.trimmed(column)));
        let per = unit.and_then(|unit| azure_block_size(&unit));
        match (self.price, self.quantity, per) {
            (Some(price), Some(quantity), Some(per)) => {
                Cost::BlockProduct { price, quantity, per, paid: self.paid.map(|paid| (paid, self.cost)) }
            }
            _ => Cost::Missing,
        }
    }

    /// What the commitment is, by the provider that its identifier names.
    fn commitment(&self, field: Field, record: &Record<'_>) -> Option<&'static str> {
        let identifier = self.benefit.iter().find_map(|column| record.text(*column))?.to_ascii_lowercase();
        let savings_plan = identifier.contains("/microsoft.billingbenefits/");
        // `ReservationId` holds the bare identifier, without a provider.
        let reservation = identifier.contains("/microsoft.capacity/") || !identifier.contains('/');
        match (field, savings_plan, reservation) {
            (Field::CommitmentDiscountCategory, true, _) => Some("Spend"),
            (Field::CommitmentDiscountCategory, false, true) => Some("Usage"),
            (Field::CommitmentDiscountType, true, _) => Some("Savings Plan"),
            (Field::CommitmentDiscountType, false, true) => Some("Reservation"),
            _ => None,
        }
    }

    fn pricing_category(&self, record: &Record<'_>) -> Option<&'static str> {
        let model = record.trimmed(self.pricing_model?);
        if is_committed(model) {
            // Only what the commitment covers is priced by it; the commitment itself is bought at its price.
            let bought = matches!(self.charge_type(record), ChargeType::Purchase | ChargeType::Refund);
            return Some(if bought { "Standard" } else { "Committed" });
        }
        let known: [(&[u8], &str); 3] = [(b"OnDemand", "Standard"), (b"On Demand", "Standard"), (b"Spot", "Dynamic")];
        known.into_iter().find(|(name, _)| model.eq_ignore_ascii_case(name)).map(|(_, category)| category)
    }

    fn frequency(&self, record: &Record<'_>) -> Option<&'static str> {
        let text = record.text(self.frequency?)?;
        Some(match &*text.to_ascii_lowercase() {
            "onetime" => "One-Time",
            "recurring" => "Recurring",
            "usagebased" => "Usage-Based",
            _ => "Other",
        })
    }

    /// The resource's own name, else the last part of its identifier.
    fn resource_name<'a>(&self, record: &Record<'a>) -> Option<Cow<'a, str>> {
        if let Some(name) = self.resource_name.and_then(|column| record.text(column)) {
            return Some(name);
        }
        let identifier = self.resource.iter().find_map(|column| record.text(*column))?;
        let name = identifier.trim_end_matches('/').rsplit('/').next()?;
        Some(Cow::Owned(name.to_owned()))
    }
}

impl Mapping for AzureCharge {
    fn classify(&self, record: &Record<'_>) -> Class {
        let charge_type = self.charge_type(record);
        let part = match (charge_type, self.committed(record)) {
            (ChargeType::Unused, _) => Part::BenefitUnused,
            (ChargeType::Purchase | ChargeType::Refund, true) => Part::CommitmentPurchase,
            (ChargeType::Usage, true) => Part::BenefitUsage,
            _ => Part::Ordinary,
        };
        let stated = Cost::Value(self.cost);
        let costs =
            CostPlan { billed: stated, effective: stated, list: self.list, contracted: self.contracted(record) };
        Class { costs, part, usage: charge_type.category() == "Usage" }
    }

    fn derive<'a>(&self, field: Field, record: &Record<'a>) -> Option<Cow<'a, str>> {
        let text = match field {
            Field::ResourceName => return self.resource_name(record),
            Field::RegionId => {
                let location = self.region.iter().find_map(|column| record.text(*column))?;
                return Some(azure_region(&location));
            }
            Field::InvoiceIssuerName => {
                return record.text(self.partner?).or(Some(Cow::Borrowed("Microsoft")));
            }
            Field::ServiceCategory => azure_category(&record.text(self.consumed_service?)?),
            Field::ChargeCategory => Some(self.charge_type(record).category()),
            Field::ChargeClass => (self.charge_type(record) == ChargeType::Refund).then_some("Correction"),
            Field::ChargeFrequency => self.frequency(record),
            Field::PricingCategory => self.pricing_category(record),
            Field::CommitmentDiscountCategory | Field::CommitmentDiscountType => self.commitment(field, record),
            Field::CommitmentDiscountStatus => match self.charge_type(record) {
                ChargeType::Unused => Some("Unused"),
                ChargeType::Usage => self.committed(record).then_some("Used"),
                _ => None,
            },
            _ => None,
        };
        text.map(Cow::Borrowed)
    }
}
