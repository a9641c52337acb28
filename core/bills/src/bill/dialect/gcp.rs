//! Google Cloud's `BigQuery` export as CSV: dotted names (`service.description`) or flattened ones
//! (`service_description`).

use std::borrow::Cow;

use super::columns::Columns;
use super::fields::Fields;
use super::lookup::gcp_category;
use super::{Dialect, Mapping};
use crate::bill::cost::{Cost, CostPlan, Operand};
use crate::bill::machine::MachineColumns;
use crate::bill::record::Record;
use crate::bill::schema::{Class, Dates, Part, PeriodColumns, Schema, TagColumns};
use crate::condition::Field;
use crate::order::BTreeSet;

/// Without these an export says neither what, when nor how much.
pub(super) const REQUIRED: [&str; 3] = ["usage_start_time", "cost", "service.description"];

/// Columns that say that a row corrects an earlier one.
const ADJUSTMENT: [&str; 2] = ["adjustment_info.id", "adjustment_info.type"];

const TEXT: [(Field, &[&str]); 17] = [
    (Field::BillingAccountId, &["billing_account_id"]),
    // Taxes and support belong to no project.
    (Field::SubAccountId, &["project.id"]),
    (Field::SubAccountName, &["project.name"]),
    (Field::PublisherName, &["seller_name"]),
    (Field::ServiceName, &["service.description"]),
    (Field::RegionId, &["location.region", "location.location"]),
    (Field::AvailabilityZone, &["location.zone"]),
    (Field::ResourceId, &["resource.global_name", "resource.name"]),
    (Field::ResourceName, &["resource.name"]),
    (Field::SkuId, &["sku.id"]),
    (Field::UsageType, &["sku.description"]),
    (Field::ChargeDescription, &["sku.description"]),
    (Field::PricingUnit, &["usage.pricing_unit"]),
    (Field::ConsumedUnit, &["usage.unit"]),
    (Field::ConsumedQuantity, &["usage.amount"]),
    (Field::PricingQuantity, &["usage.amount_in_pricing_units"]),
    (Field::BillingCurrency, &["currency"]),
];

#[derive(Debug)]
struct Gcp {
    costs: CostPlan,
    service: usize,
    cost_type: Option<usize>,
    adjustment: Vec<usize>,
}

impl Gcp {
    /// Usage unless the export says otherwise: older exports have no cost types.
    fn charge_category(&self, record: &Record<'_>) -> &'static str {
        let cost_type = self.cost_type.map_or(&b""[..], |column| record.trimmed(column));
        match cost_type {
            b"tax" => "Tax",
            b"credit" => "Credit",
            b"adjustment" | b"rounding_error" => "Adjustment",
            _ => "Usage",
        }
    }
}

impl Mapping for Gcp {
    fn classify(&self, record: &Record<'_>) -> Class {
        Class { costs: self.costs, part: Part::Ordinary, usage: self.charge_category(record) == "Usage" }
    }

    fn derive<'a>(&self, field: Field, record: &Record<'a>) -> Option<Cow<'a, str>> {
        let text = match field {
            Field::ChargeCategory => Some(self.charge_category(record)),
            Field::ChargeClass => self.adjustment.iter().any(|column| !record.is_null(*column)).then_some("Correction"),
            Field::ServiceCategory => gcp_category(&record.text(self.service)?),
            _ => None,
        };
        text.map(Cow::Borrowed)
    }
}

/// The column of the credits.
pub(super) const CREDITS: &str = "credits";

/// Whether credits have columns of their own: a charge stands there once for each of its credits, and its cost with it.
pub(super) fn is_unnested(columns: &Columns) -> bool {
    !columns.has(CREDITS) && columns.has_any(&["credits.amount", "credits.name", "credits.id", "credits.type"])
}

pub(super) fn schema(columns: &Columns) -> Option<Schema> {
    let start = columns.find("usage_start_time")?;
    let service = columns.find("service.description")?;
    let cost = Operand::column(columns.find("cost"))?;
    if is_unnested(columns) {
        return None;
    }
    // What is invoiced is the cost less its credits, which may be more than the cost.
    let billed = match columns.find(CREDITS).and_then(|column| u16::try_from(column).ok()) {
        Some(credits) => Cost::WithCredits { cost, credits },
        None => Cost::Value(cost),
    };
    let list = Operand::column(columns.find("cost_at_list")).map_or(Cost::Missing, Cost::Value);
    let mut fields = Fields::new(columns, &TEXT);
    fields.constant(Field::ProviderName, "Google Cloud");
    fields.constant(Field::InvoiceIssuerName, "Google Cloud");
    fields.derived(Field::ServiceCategory, &["service.description"]);
    fields.constant(Field::ChargeCategory, "Usage");
    fields.derived(Field::ChargeCategory, &["cost_type"]);
    fields.derived(Field::ChargeClass, &ADJUSTMENT);
    let cost_type = columns.find("cost_type");
    Some(Schema {
        dialect: Dialect::Gcp,
        version: None,
        header: columns.names().to_vec(),
        fields: fields.finish(),
        // `system_labels` are Google's own and no tags of the user.
        tags: TagColumns { packed: columns.find_all(&["labels", "project.labels", "tags"]), ..TagColumns::default() },
        period: PeriodColumns {
            dates: Dates::Iso,
            start: vec![start],
            end: columns.find("usage_end_time"),
            billing: columns.find("invoice.month"),
        },
        // Cores and memory are charges of their own.
        machine: MachineColumns::default(),
        class_columns: cost_type.into_iter().collect(),
        charged_by: BTreeSet::new(),
        mapping: Box::new(Gcp {
            costs: CostPlan { billed, effective: billed, list, contracted: Cost::Missing },
            service,
            cost_type,
            adjustment: columns.find_all(&ADJUSTMENT),
        }),
    })
}
