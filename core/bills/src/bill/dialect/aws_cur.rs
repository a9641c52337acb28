//! AWS Cost and Usage Report: legacy columns (`lineItem/UsageAmount`), Athena's and CUR 2.0's
//! (`line_item_usage_amount`). One table of names serves all, see [`Columns`].

use std::borrow::Cow;

use super::columns::Columns;
use super::fields::Fields;
use super::lookup::aws_category;
use super::{Dialect, Mapping};
use crate::bill::cost::{Cost, CostPlan, Operand};
use crate::bill::machine::MachineColumns;
use crate::bill::record::Record;
use crate::bill::schema::{Class, Dates, Part, PeriodColumns, Schema, TagColumns};
use crate::condition::Field;
use crate::order::BTreeSet;

/// Without these a report says neither what, when nor how much.
pub(super) const LEGACY: [&str; 3] = ["lineItem/LineItemType", "lineItem/UsageStartDate", "lineItem/UnblendedCost"];

/// The same in the other spelling.
pub(super) const ATHENA: [&str; 3] =
    ["line_item_line_item_type", "line_item_usage_start_date", "line_item_unblended_cost"];

const ITEM_TYPE: &str = "lineItem/LineItemType";
const PRODUCT_CODE: &str = "lineItem/ProductCode";
const USAGE_TYPE: &str = "lineItem/UsageType";
const SAVINGS_PLAN: &str = "savingsPlan/SavingsPlanARN";
const RESERVATION: &str = "reservation/ReservationARN";

const TEXT: [(Field, &[&str]); 23] = [
    (Field::BillingAccountId, &["bill/PayerAccountId"]),
    (Field::BillingAccountName, &["bill/PayerAccountName"]),
    (Field::SubAccountId, &["lineItem/UsageAccountId"]),
    (Field::SubAccountName, &["lineItem/UsageAccountName"]),
    (Field::InvoiceId, &["bill/InvoiceId"]),
    (Field::InvoiceIssuerName, &["bill/InvoicingEntity", "bill/BillingEntity"]),
    (Field::PublisherName, &["lineItem/LegalEntity"]),
    (Field::ServiceName, &[PRODUCT_CODE]),
    (Field::RegionId, &["product/regionCode", "product/region"]),
    (Field::RegionName, &["product/location"]),
    (Field::AvailabilityZone, &["lineItem/AvailabilityZone"]),
    (Field::ResourceId, &["lineItem/ResourceId"]),
    (Field::SkuId, &["product/sku"]),
    (Field::SkuPriceId, &["pricing/RateCode", "pricing/RateId"]),
    (Field::UsageType, &[USAGE_TYPE]),
    (Field::Operation, &["lineItem/Operation"]),
    (Field::ChargeDescription, &["lineItem/LineItemDescription"]),
    (Field::PricingUnit, &["pricing/unit"]),
    (Field::CommitmentDiscountId, &[SAVINGS_PLAN, RESERVATION]),
    (Field::BillingCurrency, &["lineItem/CurrencyCode"]),
    (Field::ConsumedUnit, &["pricing/unit"]),
    (Field::ConsumedQuantity, &["lineItem/UsageAmount"]),
    (Field::CostCenter, &["costCategory/CostCenter"]),
];

/// What a line item is, as far as costs and categories depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Usage,
    SavingsPlanCoveredUsage,
    SavingsPlanNegation,
    SavingsPlanRecurringFee,
    SavingsPlanUpfrontFee,
    DiscountedUsage,
    RiFee,
    Fee,
    Tax,
    Credit,
    Refund,
    /// Discounts, and whatever AWS adds later: usage that costs what the line says.
    Other,
}

impl Item {
    fn of(line_item_type: &[u8]) -> Self {
        match line_item_type {
            b"Usage" => Self::Usage,
            b"SavingsPlanCoveredUsage" => Self::SavingsPlanCoveredUsage,
            b"SavingsPlanNegation" => Self::SavingsPlanNegation,
            b"SavingsPlanRecurringFee" => Self::SavingsPlanRecurringFee,
            b"SavingsPlanUpfrontFee" => Self::SavingsPlanUpfrontFee,
            b"DiscountedUsage" => Self::DiscountedUsage,
            b"RIFee" => Self::RiFee,
            b"Fee" => Self::Fee,
            b"Tax" => Self::Tax,
            b"Credit" => Self::Credit,
            b"Refund" => Self::Refund,
            _ => Self::Other,
        }
    }

    /// Usage metered by the hour or day, by which a month's completeness is judged.
    const fn is_metered(self) -> bool {
        matches!(self, Self::Usage | Self::SavingsPlanCoveredUsage | Self::DiscountedUsage)
    }
}

/// Columns that costs and derived fields are read from.
#[derive(Debug)]
struct AwsCur {
    item_type: usize,
    product_code: Option<usize>,
    usage_type: Option<usize>,
    savings_plan: Option<usize>,
    reservation: Option<usize>,
    billed: Operand,
    covered: Cost,
    recurring_fee: Cost,
    discounted: Cost,
    unused_reservation: Cost,
    fee: Cost,
    list: Cost,
}

impl AwsCur {
    fn new(columns: &Columns, item_type: usize, billed: Operand) -> Self {
        // Exports of discount holders state a net twin on the rows that the discount touches.
        let net = |net: &str, gross: &str| Operand::first_of(columns.find(net), columns.find(gross));
        let value = |operand: Option<Operand>| operand.map_or(Cost::Missing, Cost::Value);
        let column = |name| Operand::column(columns.find(name));
        let recurring_fee = match (column("savingsPlan/TotalCommitmentToDate"), column("savingsPlan/UsedCommitment")) {
            (Some(total), Some(used)) => Cost::Difference(total, used),
            _ => Cost::Missing,
        };
        let unused_upfront = net(
            "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod",
            "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
        );
        let unused_recurring = net("reservation/NetUnusedRecurringFee", "reservation/UnusedRecurringFee");
        let reservation = columns.find(RESERVATION);
        let list_cost = column("pricing/publicOnDemandCost");
        Self {
            item_type,
            product_code: columns.find(PRODUCT_CODE),
            usage_type: columns.find(USAGE_TYPE),
            savings_plan: columns.find(SAVINGS_PLAN),
            reservation,
            billed,
            covered: value(net("savingsPlan/NetSavingsPlanEffectiveCost", "savingsPlan/SavingsPlanEffectiveCost")),
            recurring_fee,
            discounted: value(net("reservation/NetEffectiveCost", "reservation/EffectiveCost")),
            unused_reservation: match (unused_upfront, unused_recurring) {
                (Some(upfront), Some(recurring)) => Cost::Sum(upfront, recurring),
                (upfront, recurring) => value(upfront.or(recurring)),
            },
            fee: match reservation.and_then(|column| u16::try_from(column).ok()) {
                Some(column) => Cost::ZeroWhere { column, otherwise: billed },
                None => Cost::Value(billed),
            },
            list: match (column("pricing/publicOnDemandRate"), column("lineItem/UsageAmount")) {
                (Some(price), Some(quantity)) => Cost::Product { price, quantity, per: 1, otherwise: list_cost },
                _ => value(list_cost),
            },
        }
    }

    fn item(&self, record: &Record<'_>) -> Item {
        Item::of(record.trimmed(self.item_type))
    }

    /// Whether the line is about savings plans themselves (`ComputeSavingsPlans` and its siblings).
    fn is_savings_plan_product(&self, record: &Record<'_>) -> bool {
        self.product_code.is_some_and(|column| record.trimmed(column).ends_with(b"SavingsPlans"))
    }

    fn stated(column: Option<usize>, record: &Record<'_>) -> bool {
        column.is_some_and(|column| !record.is_null(column))
    }

    fn charge_category(&self, record: &Record<'_>) -> &'static str {
        match self.item(record) {
            Item::Tax => "Tax",
            Item::Credit => "Credit",
            Item::Fee | Item::RiFee | Item::SavingsPlanUpfrontFee | Item::SavingsPlanRecurringFee => "Purchase",
            // A refund has the category of what it gives back.
            Item::Refund if self.is_savings_plan_product(record) => "Purchase",
            _ => "Usage",
        }
    }

    fn charge_frequency(&self, record: &Record<'_>) -> &'static str {
        match self.item(record) {
            Item::RiFee | Item::SavingsPlanRecurringFee => "Recurring",
            Item::Fee | Item::SavingsPlanUpfrontFee | Item::Tax | Item::Credit | Item::Refund => "One-Time",
            _ => "Usage-Based",
        }
    }

    fn pricing_category(&self, record: &Record<'_>) -> Option<&'static str> {
        match self.item(record) {
            Item::Tax => None,
            Item::SavingsPlanCoveredUsage | Item::SavingsPlanNegation | Item::DiscountedUsage => Some("Committed"),
            _ => {
                let usage_type = self.usage_type.map_or(&b""[..], |column| record.trimmed(column));
                Some(if usage_type.windows(4).any(|part| part == b"Spot") { "Dynamic" } else { "Standard" })
            }
        }
    }

    fn commitment(&self, field: Field, record: &Record<'_>) -> Option<&'static str> {
        let savings_plan = Self::stated(self.savings_plan, record);
        if !savings_plan && !Self::stated(self.reservation, record) {
            return None;
        }
        match (field, savings_plan) {
            (Field::CommitmentDiscountCategory, true) => Some("Spend"),
            (Field::CommitmentDiscountCategory, false) => Some("Usage"),
            (_, true) => Some("Savings Plan"),
            (_, false) => Some("Reserved"),
        }
    }
}

impl Mapping for AwsCur {
    fn classify(&self, record: &Record<'_>) -> Class {
        let item = self.item(record);
        let effective = match item {
            Item::SavingsPlanCoveredUsage => self.covered,
            Item::SavingsPlanRecurringFee => self.recurring_fee,
            Item::SavingsPlanNegation | Item::SavingsPlanUpfrontFee => Cost::Zero,
            Item::DiscountedUsage => self.discounted,
            Item::RiFee => self.unused_reservation,
            Item::Fee => self.fee,
            // The fee that is given back was never an effective cost. Told by product and type alone: the
            // description would also tell, but has too many values to classify rows by.
            Item::Refund if self.is_savings_plan_product(record) => Cost::Zero,
            _ => Cost::Value(self.billed),
        };
        let list = if item == Item::SavingsPlanNegation { Cost::Zero } else { self.list };
        // The report states no negotiated price apart from the net cost, so there is no contracted cost.
        let costs = CostPlan { billed: Cost::Value(self.billed), effective, list, contracted: Cost::Missing };
        Class { costs, part: Part::Ordinary, usage: item.is_metered() }
    }

    fn derive<'a>(&self, field: Field, record: &Record<'a>) -> Option<Cow<'a, str>> {
        let text = match field {
            Field::ChargeCategory => Some(self.charge_category(record)),
            Field::ChargeClass => (self.item(record) == Item::Refund).then_some("Correction"),
            Field::ChargeFrequency => Some(self.charge_frequency(record)),
            Field::PricingCategory => self.pricing_category(record),
            Field::CommitmentDiscountCategory | Field::CommitmentDiscountType => self.commitment(field, record),
            Field::CommitmentDiscountStatus => match self.item(record) {
                Item::SavingsPlanCoveredUsage | Item::DiscountedUsage => Some("Used"),
                Item::RiFee | Item::SavingsPlanRecurringFee => Some("Unused"),
                _ => None,
            },
            Field::ServiceCategory => aws_category(&record.text(self.product_code?)?),
            _ => None,
        };
        text.map(Cow::Borrowed)
    }
}

pub(super) fn schema(columns: &Columns) -> Option<Schema> {
    columns.find("lineItem/UsageStartDate")?;
    let item_type = columns.find(ITEM_TYPE)?;
    let gross = columns.find("lineItem/UnblendedCost")?;
    let billed = Operand::first_of(columns.find("lineItem/NetUnblendedCost"), Some(gross))?;
    let legacy = columns.names().get(item_type)?.contains('/');
    let mapping = AwsCur::new(columns, item_type, billed);
    let mut fields = Fields::new(columns, &TEXT);
    fields.constant(Field::ProviderName, "AWS");
    fields.derived(Field::ServiceCategory, &[PRODUCT_CODE]);
    fields.derived(Field::ChargeCategory, &[ITEM_TYPE, PRODUCT_CODE]);
    fields.derived(Field::ChargeClass, &[ITEM_TYPE]);
    fields.derived(Field::ChargeFrequency, &[ITEM_TYPE]);
    fields.derived(Field::PricingCategory, &[ITEM_TYPE, USAGE_TYPE]);
    fields.derived(Field::CommitmentDiscountCategory, &[SAVINGS_PLAN, RESERVATION]);
    fields.derived(Field::CommitmentDiscountType, &[SAVINGS_PLAN, RESERVATION]);
    fields.derived(Field::CommitmentDiscountStatus, &[ITEM_TYPE]);
    Some(Schema {
        dialect: if legacy { Dialect::AwsCurLegacy } else { Dialect::AwsCur2 },
        version: (!legacy && is_cur_2(columns)).then_some("2.0"),
        header: columns.names().to_vec(),
        fields: fields.finish(),
        tags: tags(columns),
        period: PeriodColumns {
            dates: Dates::Iso,
            start: columns.find_all(&["lineItem/UsageStartDate"]),
            end: columns.find("lineItem/UsageEndDate"),
            billing: columns.find("bill/BillingPeriodStartDate"),
        },
        machine: MachineColumns {
            vcpus: columns.find_all(&["product/vcpu"]).first().copied(),
            memory: columns.find_all(&["product/memory"]).first().copied(),
            packed: columns.find_all(&["product"]),
        },
        class_columns: std::iter::once(item_type).chain(mapping.product_code).collect(),
        charged_by: BTreeSet::new(),
        mapping: Box::new(mapping),
    })
}

/// CUR 2.0 packs its tags and names the payer; Athena tables over the legacy report do neither.
fn is_cur_2(columns: &Columns) -> bool {
    columns.has_any(&["resource_tags", "bill_payer_account_name"])
}

/// `resourceTags/user:team`, `resource_tags_user_team`, or all of them packed in `resource_tags`.
///
/// Keys are the user's own, without the `user:` in front; AWS's keep their `aws:`. (`noTags/…` columns, as some tools
/// rename those that are not cost allocation tags, are no tags.)
fn tags(columns: &Columns) -> TagColumns {
    let mut single = Vec::new();
    for (index, name) in columns.names().iter().enumerate() {
        if let Some(key) = name.strip_prefix("resourceTags/") {
            single.push((key.strip_prefix("user:").unwrap_or(key).to_owned(), index));
        } else if let Some(key) = name.strip_prefix("resource_tags_") {
            let own = key.strip_prefix("user_").map(str::to_owned);
            let key = own.or_else(|| key.strip_prefix("aws_").map(|key| format!("aws:{key}")));
            single.push((key.unwrap_or_else(|| name.clone()), index));
        }
    }
    TagColumns { packed: columns.find_all(&["resource_tags"]), single, prefixes: &["user:", "user_"] }
}
