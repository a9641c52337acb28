//! Every dialect read from a bill of our own, figure by figure (`tests/cases/bills`).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::testing::row;
use crate::bill::cost::Metric;
use crate::bill::record::Record;
use crate::bill::schema::{Part, Schema};
use crate::bill::tags::visit_tags;
use crate::calendar::Instant;
use crate::condition::Field;
use crate::money::Amount;

macro_rules! fixture {
    ($test:ident, $name:literal) => {
        #[test]
        fn $test() {
            check(
                include_str!(concat!("../../../../../tests/cases/bills/", $name, ".csv")),
                include_str!(concat!("../../../../../tests/cases/bills/", $name, ".json")),
            );
        }
    };
}

fixture!(focus, "focus");
fixture!(aws_cur_legacy, "aws_cur_legacy");
fixture!(aws_cur_2, "aws_cur_2");
fixture!(azure_ea_actual, "azure_ea_actual");
fixture!(azure_ea_amortized, "azure_ea_amortized");
fixture!(azure_mca, "azure_mca");
fixture!(azure_payg, "azure_payg");
fixture!(gcp, "gcp");
fixture!(oci, "oci");

#[derive(Debug, Deserialize)]
struct Want {
    dialect: String,
    version: Option<String>,
    rows: Vec<WantRow>,
    totals: BTreeMap<String, WantTotal>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct WantRow {
    provider_name: Option<String>,
    billing_account_id: Option<String>,
    billed: Option<Amount>,
    effective: Option<Amount>,
    list: Option<Amount>,
    contracted: Option<Amount>,
    charge_category: Option<String>,
    charge_class: Option<String>,
    commitment_discount_status: Option<String>,
    pricing_category: Option<String>,
    service_name: Option<String>,
    sub_account_id: Option<String>,
    region_id: Option<String>,
    charge_month: String,
    billing_month: String,
    tags: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct WantTotal {
    amount: Option<Amount>,
    missing_rows: usize,
}

fn check(csv: &str, want: &str) {
    let want: Want = serde_json::from_str(want).unwrap();
    let text = csv.trim_start_matches('\u{feff}');
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let schema = Schema::from_header(&header).unwrap();
    assert_eq!(schema.dialect().name(), want.dialect);
    assert_eq!(schema.version(), want.version.as_deref());
    let rows: Vec<WantRow> = reader.records().map(|fields| read(&schema, fields.unwrap().iter())).collect();
    for (index, (row, want)) in rows.iter().zip(&want.rows).enumerate() {
        assert_eq!(row, want, "row {}", index + 1);
    }
    assert_eq!(rows.len(), want.rows.len());
    let metrics: [fn(&WantRow) -> Option<Amount>; 4] =
        [|row| row.billed, |row| row.effective, |row| row.list, |row| row.contracted];
    for (metric, of) in Metric::ALL.into_iter().zip(metrics) {
        let stated: Vec<Amount> = rows.iter().filter_map(of).collect();
        let missing_rows = rows.len() - stated.len();
        let amount = (!stated.is_empty()).then(|| Amount::checked_sum(stated).unwrap());
        assert_eq!(WantTotal { amount, missing_rows }, want.totals[metric.name()], "total {}", metric.name());
    }
}

fn read<'f>(schema: &Schema, fields: impl Iterator<Item = &'f str>) -> WantRow {
    let (bytes, ends) = row(fields);
    let record = Record::new(&bytes, 0, &ends);
    let ([billed, effective, list, contracted], rounded) = schema.classify(&record).costs.read(&record).unwrap();
    assert!(!rounded);
    let text = |field| schema.text(field, &record).map(std::borrow::Cow::into_owned);
    let start = schema.period().start.iter().find_map(|column| record.text(*column)).unwrap();
    let charge_month = schema.period().dates.parse(start.as_bytes()).unwrap().month().to_string();
    let billing = schema.period().billing.and_then(|column| record.text(column));
    WantRow {
        provider_name: text(Field::ProviderName),
        billing_account_id: text(Field::BillingAccountId),
        billed,
        effective,
        list,
        contracted,
        charge_category: text(Field::ChargeCategory),
        charge_class: text(Field::ChargeClass),
        commitment_discount_status: text(Field::CommitmentDiscountStatus),
        pricing_category: text(Field::PricingCategory),
        service_name: text(Field::ServiceName),
        sub_account_id: text(Field::SubAccountId),
        region_id: text(Field::RegionId),
        billing_month: billing.map_or_else(|| charge_month.clone(), |text| month_of(&text)),
        charge_month,
        tags: tags(schema, &record),
    }
}

fn month_of(text: &str) -> String {
    let invoice_month = text.split_at_checked(4).filter(|(_, month)| month.len() == 2);
    match invoice_month {
        Some((year, month)) => format!("{year}-{month}"),
        None => Instant::parse_month_first(text.as_bytes()).unwrap().month().to_string(),
    }
}

fn tags(schema: &Schema, record: &Record<'_>) -> BTreeMap<String, String> {
    let columns = schema.tags();
    let mut tags = BTreeMap::new();
    for packed in columns.packed.iter().filter_map(|column| record.text(*column)) {
        visit_tags(&packed, &mut |key, value| {
            tags.entry(columns.key(key).to_owned()).or_insert_with(|| value.into_owned());
        })
        .unwrap();
    }
    for (key, column) in &columns.single {
        if let Some(value) = record.text(*column) {
            tags.insert(key.clone(), value.into_owned());
        }
    }
    tags
}

/// Azure's parts are what merging an actual and an amortized export rests on.
#[test]
fn azure_rows_have_the_parts_that_merging_needs() {
    let parts = |csv: &str| {
        let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let schema =
            Schema::from_header(&reader.headers().unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).unwrap();
        let mut parts = BTreeMap::new();
        for fields in reader.records() {
            let (bytes, ends) = row(fields.unwrap().iter());
            let class = schema.classify(&Record::new(&bytes, 0, &ends));
            *parts.entry(class.part).or_insert(0) += 1;
        }
        parts
    };
    assert_eq!(
        parts(include_str!("../../../../../tests/cases/bills/azure_ea_actual.csv")),
        BTreeMap::from([(Part::Ordinary, 8), (Part::CommitmentPurchase, 2), (Part::BenefitUsage, 2)])
    );
    assert_eq!(
        parts(include_str!("../../../../../tests/cases/bills/azure_ea_amortized.csv")),
        BTreeMap::from([(Part::Ordinary, 8), (Part::BenefitUsage, 2), (Part::BenefitUnused, 2)])
    );
}
