//! Oracle Cloud's cost report.

use std::borrow::Cow;

use super::columns::Columns;
use super::fields::Fields;
use super::{Dialect, Mapping};
use crate::bill::cost::{Cost, CostPlan, Operand};
use crate::bill::machine::MachineColumns;
use crate::bill::record::Record;
use crate::bill::schema::{Class, Dates, Part, PeriodColumns, Schema, TagColumns};
use crate::condition::Field;
use crate::order::BTreeSet;

/// Without these a report says neither what, when nor how much.
pub(super) const REQUIRED: [&str; 3] = ["lineItem/intervalUsageStart", "cost/myCost", "product/service"];

const CORRECTION: [&str; 2] = ["lineItem/isCorrection", "lineItem/backreferenceNo"];

const TEXT: [(Field, &[&str]); 14] = [
    (Field::BillingAccountId, &["cost/subscriptionId", "lineItem/tenantId"]),
    (Field::SubAccountId, &["lineItem/tenantId"]),
    (Field::ServiceName, &["product/service"]),
    (Field::RegionId, &["product/region"]),
    (Field::AvailabilityZone, &["product/availabilityDomain"]),
    (Field::ResourceId, &["product/resourceId"]),
    (Field::ResourceGroup, &["product/compartmentName"]),
    (Field::SkuId, &["cost/productSku"]),
    (Field::ChargeDescription, &["product/Description"]),
    (Field::UsageType, &["product/resource"]),
    (Field::PricingUnit, &["cost/skuUnitDescription"]),
    (Field::ConsumedUnit, &["cost/skuUnitDescription"]),
    (Field::ConsumedQuantity, &["usage/billedQuantity"]),
    (Field::BillingCurrency, &["cost/currencyCode"]),
];

#[derive(Debug)]
struct Oci {
    costs: CostPlan,
    is_correction: Option<usize>,
    backreference: Option<usize>,
}

impl Mapping for Oci {
    fn classify(&self, _: &Record<'_>) -> Class {
        Class { costs: self.costs, part: Part::Ordinary, usage: true }
    }

    fn derive<'a>(&self, field: Field, record: &Record<'a>) -> Option<Cow<'a, str>> {
        let flagged = self.is_correction.is_some_and(|column| record.trimmed(column).eq_ignore_ascii_case(b"true"));
        let refers_back = self.backreference.is_some_and(|column| !record.is_null(column));
        (field == Field::ChargeClass && (flagged || refers_back)).then_some(Cow::Borrowed("Correction"))
    }
}

pub(super) fn schema(columns: &Columns) -> Option<Schema> {
    let start = columns.find("lineItem/intervalUsageStart")?;
    columns.find("product/service")?;
    let effective = Cost::Value(Operand::column(columns.find("cost/myCost"))?);
    let billed = Operand::column(columns.find("cost/myCostOverage")).map_or(Cost::Missing, Cost::Value);
    let mut fields = Fields::new(columns, &TEXT);
    fields.constant(Field::ProviderName, "Oracle");
    // The report has no column for it, and holds nothing but metered usage.
    fields.constant(Field::ChargeCategory, "Usage");
    fields.derived(Field::ChargeClass, &CORRECTION);
    Some(Schema {
        dialect: Dialect::Oci,
        version: None,
        header: columns.names().to_vec(),
        fields: fields.finish(),
        tags: tags(columns),
        period: PeriodColumns {
            start: vec![start],
            end: columns.find("lineItem/intervalUsageEnd"),
            billing: None,
            dates: Dates::Iso,
        },
        machine: MachineColumns::default(),
        class_columns: Vec::new(),
        charged_by: BTreeSet::new(),
        mapping: Box::new(Oci {
            costs: CostPlan { billed, effective, list: Cost::Missing, contracted: Cost::Missing },
            is_correction: columns.find("lineItem/isCorrection"),
            backreference: columns.find("lineItem/backreferenceNo"),
        }),
    })
}

/// `tags/Namespace.key`, with the namespace as part of the key.
fn tags(columns: &Columns) -> TagColumns {
    let names = columns.names().iter().enumerate();
    let single = names.filter_map(|(index, name)| Some((name.strip_prefix("tags/")?.to_owned(), index)));
    TagColumns { single: single.collect(), ..TagColumns::default() }
}
