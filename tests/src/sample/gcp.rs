//! Google Cloud: the `BigQuery` billing export as CSV, all months in one file.

use headroom_core::money::Amount;

use super::days::{Day, Period, periods};
use super::meter::{Meter, Reading, cents, negative, part, sum};
use super::sheet::Sheet;
use super::{SampleError, SampleFile};

const ANALYTICS: (&str, &str) = ("larkspur-analytics", "Larkspur analytics");
const MOBILE: (&str, &str) = ("larkspur-mobile", "Larkspur mobile");

const HEADER: &[&str] = &[
    "billing_account_id",
    "service.id",
    "service.description",
    "sku.id",
    "sku.description",
    "usage_start_time",
    "usage_end_time",
    "project.id",
    "project.name",
    "project.labels",
    "project.ancestry_numbers",
    "labels",
    "system_labels",
    "location.location",
    "location.country",
    "location.region",
    "location.zone",
    "export_time",
    "cost",
    "currency",
    "currency_conversion_rate",
    "usage.amount",
    "usage.unit",
    "usage.amount_in_pricing_units",
    "usage.pricing_unit",
    "credits",
    "invoice.month",
    "cost_type",
    "resource.name",
    "resource.global_name",
    "cost_at_list",
];

/// What Google takes off the list price of a row.
#[derive(Clone, Copy)]
enum Credit {
    None,
    /// In thousandths of the cost.
    SustainedUse(i64),
    /// In thousandths of the cost.
    FreeTier(i64),
}

/// Something that is used every day.
struct Resource {
    project: (&'static str, &'static str),
    service: (&'static str, &'static str),
    sku: (&'static str, &'static str),
    unit: &'static str,
    name: &'static str,
    labels: &'static str,
    credit: Credit,
    meter: Meter,
}

const RESOURCES: &[Resource] = &[
    // Took over the jobs of the EMR cluster on 27 April.
    Resource {
        project: ANALYTICS,
        service: ("24E6-581D-38E5", "BigQuery"),
        sku: ("16B8-3DDA-9F10", "BigQuery Standard Edition for Belgium"),
        unit: "slot hour",
        name: "reservations/default",
        labels: r#"[{"key":"team","value":"data"},{"key":"env","value":"prod"}]"#,
        credit: Credit::None,
        meter: Meter::new(46_000, 980_000).weekend(520).noise(60).step(4, 27, 1640),
    },
    Resource {
        project: ANALYTICS,
        service: ("6F81-5844-456A", "Compute Engine"),
        sku: ("4EAF-BC5F-A2F4", "N2 Instance Core running in Belgium"),
        unit: "hour",
        name: "airflow-1",
        labels: r#"[{"key":"team","value":"data"},{"key":"env","value":"prod"}]"#,
        credit: Credit::SustainedUse(200),
        meter: Meter::new(34_770, 768_000),
    },
    Resource {
        project: MOBILE,
        service: ("152E-C115-5142", "Cloud Run"),
        sku: ("5DE2-9A28-C3A6", "Services CPU (Instance-based billing) in europe-west1"),
        unit: "vCPU second",
        name: "push-gateway",
        labels: r#"[{"key":"team","value":"mobile"},{"key":"environment","value":"prod"}]"#,
        credit: Credit::FreeTier(35),
        meter: Meter::new(18, 1_180_000_000).weekend(1150).noise(40),
    },
    Resource {
        project: MOBILE,
        service: ("F3A6-D7B7-9BDA", "Cloud Firestore"),
        sku: ("6A94-8525-876F", "Cloud Firestore Read Ops Belgium"),
        unit: "count",
        name: "carts",
        labels: "[]",
        credit: Credit::FreeTier(12),
        meter: Meter::new(600, 19_500_000).growth(15).noise(30),
    },
];

pub(super) fn file() -> Result<SampleFile, SampleError> {
    let mut sheet = Sheet::new(HEADER)?;
    for period in periods() {
        let mut charged = Amount::ZERO;
        for &day in &period.days {
            for (stream, resource) in RESOURCES.iter().enumerate() {
                if let Some(reading) = resource.meter.read(200 + stream as u64, day) {
                    charged = sum([charged, usage(&mut sheet, &period, resource, day, reading)?]);
                }
            }
            if day.in_year() == (4, 14) {
                charged = sum([charged, adjustment(&mut sheet, &period, day)?]);
            }
        }
        if period.is_final {
            tax(&mut sheet, &period, charged)?;
        }
    }
    Ok(SampleFile { name: "gcp-billing-export.csv".to_owned(), bytes: sheet.finish()? })
}

/// A day's use of a resource; gives what it costs after credits.
fn usage(
    sheet: &mut Sheet,
    period: &Period,
    resource: &Resource,
    day: Day,
    reading: Reading,
) -> Result<Amount, SampleError> {
    let cost = reading.cost();
    let credit = match resource.credit {
        Credit::None => None,
        Credit::SustainedUse(thousandths) => {
            Some((part(cost, thousandths), "Sustained Usage Discount", "SUSTAINED_USAGE_DISCOUNT"))
        }
        Credit::FreeTier(thousandths) => Some((part(cost, thousandths), "Free Tier", "FREE_TIER")),
    };
    let credits = credit.map_or("[]".to_owned(), |(amount, name, kind)| {
        let id = name.replace(' ', "");
        let amount = negative(amount);
        format!(r#"[{{"name":"{name}","amount":{amount},"full_name":null,"id":"{id}","type":"{kind}"}}]"#)
    });
    let mut cells = common(period, (pacific_midnight(day.in_year()), pacific_midnight(next(day))));
    cells.extend([
        ("service.id", resource.service.0.to_owned()),
        ("service.description", resource.service.1.to_owned()),
        ("sku.id", resource.sku.0.to_owned()),
        ("sku.description", resource.sku.1.to_owned()),
        ("project.id", resource.project.0.to_owned()),
        ("project.name", resource.project.1.to_owned()),
        ("labels", resource.labels.to_owned()),
        ("location.location", "europe-west1".to_owned()),
        ("location.country", "BE".to_owned()),
        ("location.region", "europe-west1".to_owned()),
        ("cost", cost.to_string()),
        ("usage.amount", reading.quantity().to_string()),
        ("usage.unit", resource.unit.to_owned()),
        ("usage.amount_in_pricing_units", reading.quantity().to_string()),
        ("usage.pricing_unit", resource.unit.to_owned()),
        ("credits", credits),
        ("cost_type", "regular".to_owned()),
        ("resource.name", resource.name.to_owned()),
        ("cost_at_list", cost.to_string()),
    ]);
    sheet.row(&cells)?;
    Ok(credit.map_or(cost, |(amount, _, _)| sum([cost, negative(amount)])))
}

/// Google corrects slot hours of March.
fn adjustment(sheet: &mut Sheet, period: &Period, day: Day) -> Result<Amount, SampleError> {
    let amount = cents(-7_500);
    let mut cells = common(period, (pacific_midnight(day.in_year()), pacific_midnight(next(day))));
    cells.extend([
        ("service.id", "24E6-581D-38E5".to_owned()),
        ("service.description", "BigQuery".to_owned()),
        ("sku.description", "Correction of slot hours, March".to_owned()),
        ("project.id", ANALYTICS.0.to_owned()),
        ("project.name", ANALYTICS.1.to_owned()),
        ("labels", r#"[{"key":"team","value":"data"},{"key":"env","value":"prod"}]"#.to_owned()),
        ("cost", amount.to_string()),
        ("credits", "[]".to_owned()),
        ("cost_type", "adjustment".to_owned()),
        ("cost_at_list", amount.to_string()),
    ]);
    sheet.row(&cells)?;
    Ok(amount)
}

/// Seven percent on the month, with no project.
fn tax(sheet: &mut Sheet, period: &Period, charged: Amount) -> Result<(), SampleError> {
    let amount = part(charged, 70);
    let month = period.number();
    let mut cells = common(period, (pacific_midnight((month, 1)), pacific_midnight((month + 1, 1))));
    cells.extend([
        ("service.description", "Invoice".to_owned()),
        ("sku.description", "Tax".to_owned()),
        ("labels", "[]".to_owned()),
        ("cost", amount.to_string()),
        ("credits", "[]".to_owned()),
        ("cost_type", "tax".to_owned()),
        ("cost_at_list", amount.to_string()),
    ]);
    sheet.row(&cells)
}

fn common(period: &Period, (start, end): (String, String)) -> Vec<(&'static str, String)> {
    vec![
        ("billing_account_id", "01C3A7-5D91E2-8B40FF".to_owned()),
        ("export_time", end.clone()),
        ("usage_start_time", start),
        ("usage_end_time", end),
        ("project.labels", "[]".to_owned()),
        ("system_labels", "[]".to_owned()),
        ("currency", "USD".to_owned()),
        ("currency_conversion_rate", "1".to_owned()),
        ("invoice.month", format!("{}{:02}", period.month.year(), period.number())),
    ]
}

fn next(day: Day) -> (u8, u8) {
    (day.next.month().number(), day.next.day())
}

/// When the day begins in Google's billing, which keeps US Pacific time: summer time from 8 March 2026.
fn pacific_midnight(day: (u8, u8)) -> String {
    let hour = if day <= (3, 8) { 8 } else { 7 };
    format!("2026-{:02}-{:02} {hour:02}:00:00 UTC", day.0, day.1)
}
