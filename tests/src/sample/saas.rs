//! A vendor of observability that bills in FOCUS 1.2: a commitment paid by the quarter, drawn down by use.

use headroom_core::money::Amount;

use super::days::{Day, Period, midnight, periods};
use super::meter::{Meter, Reading, cents, negative, part, sum};
use super::sheet::Sheet;
use super::{SampleError, SampleFile};

const COMMITMENT: &str = "BCN-2026-ANNUAL";
/// What the commitment costs a month, in cents.
const MONTHLY: i64 = 260_000;
/// What the vendor asks of the list price, in thousandths.
const CONTRACT_RATE: i64 = 850;

const HEADER: &[&str] = &[
    "AvailabilityZone",
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingAccountType",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "CapacityReservationId",
    "CapacityReservationStatus",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountName",
    "CommitmentDiscountQuantity",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "CommitmentDiscountUnit",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "InvoiceId",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingCurrency",
    "PricingCurrencyContractedUnitPrice",
    "PricingCurrencyEffectiveCost",
    "PricingCurrencyListUnitPrice",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "RegionId",
    "RegionName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "SkuId",
    "SkuMeter",
    "SkuPriceDetails",
    "SkuPriceId",
    "SubAccountId",
    "SubAccountName",
    "SubAccountType",
    "Tags",
];

type Cells = Vec<(&'static str, String)>;

/// Draws the commitment down.
const INGESTION: Meter = Meter::new(1_900_000, 46_000).weekend(760).noise(50).growth(14);
/// Billed beside the commitment.
const TRACES: Meter = Meter::new(1_250_000, 15_000).weekend(900).noise(60);

pub(super) fn file() -> Result<SampleFile, SampleError> {
    let mut sheet = Sheet::new(HEADER)?;
    for period in periods() {
        let mut billed = Amount::ZERO;
        if matches!(period.number(), 2 | 5) {
            billed = purchase(&mut sheet, &period)?;
        }
        let mut left = cents(MONTHLY);
        for &day in &period.days {
            if let Some(reading) = INGESTION.read(300, day) {
                let effective = reading.at(CONTRACT_RATE).min(left);
                left = sum([left, negative(effective)]);
                ingestion(&mut sheet, &period, day, reading, effective)?;
            }
            if let Some(reading) = TRACES.read(301, day) {
                billed = sum([billed, reading.at(CONTRACT_RATE)]);
                traces(&mut sheet, &period, day, reading)?;
            }
            if day.in_year() == (4, 22) {
                billed = sum([billed, correction(&mut sheet, &period, day)?]);
            }
        }
        if let Some(&last) = period.days.last()
            && period.is_final
        {
            unused(&mut sheet, &period, last, left)?;
            tax(&mut sheet, &period, part(billed, 70))?;
        }
    }
    Ok(SampleFile { name: "saas-focus-1.2.csv".to_owned(), bytes: sheet.finish()? })
}

/// The payment for three months in advance; its cost is in the use it covers.
fn purchase(sheet: &mut Sheet, period: &Period) -> Result<Amount, SampleError> {
    let amount = cents(3 * MONTHLY);
    let end = period.month.next().next().next();
    let mut cells = common(period, "Purchase", (period.start_time(), midnight(format!("{end}-01"))));
    cells.extend(service("Log Ingestion"));
    cells.extend(commitment());
    cells.extend(costs(amount, Amount::ZERO, amount, amount));
    cells.extend([
        ("ChargeDescription", "Annual commitment, quarterly payment".to_owned()),
        ("ChargeFrequency", "Recurring".to_owned()),
        ("PricingCategory", "Standard".to_owned()),
    ]);
    sheet.row(&cells)?;
    Ok(amount)
}

fn ingestion(
    sheet: &mut Sheet,
    period: &Period,
    day: Day,
    reading: Reading,
    effective: Amount,
) -> Result<(), SampleError> {
    let contracted = reading.at(CONTRACT_RATE);
    let beyond = sum([contracted, negative(effective)]);
    let mut cells = common(period, "Usage", one_day(day));
    cells.extend(service("Log Ingestion"));
    cells.extend(metered(reading));
    cells.extend(costs(beyond, contracted, reading.cost(), contracted));
    cells.extend(commitment());
    cells.extend([
        ("CommitmentDiscountStatus", "Used".to_owned()),
        ("CommitmentDiscountQuantity", effective.to_string()),
        ("CommitmentDiscountUnit", "USD".to_owned()),
        ("PricingCategory", "Committed".to_owned()),
        ("ResourceId", "bcn:logs:shop".to_owned()),
        ("Tags", r#"{"Squad":"platform","ENV":"production"}"#.to_owned()),
    ]);
    sheet.row(&cells)
}

fn traces(sheet: &mut Sheet, period: &Period, day: Day, reading: Reading) -> Result<(), SampleError> {
    let contracted = reading.at(CONTRACT_RATE);
    let mut cells = common(period, "Usage", one_day(day));
    cells.extend(service("Tracing"));
    cells.extend(metered(reading));
    cells.extend(costs(contracted, contracted, reading.cost(), contracted));
    cells.extend([
        ("PricingCategory", "Standard".to_owned()),
        ("ResourceId", "bcn:traces:checkout".to_owned()),
        ("Tags", r#"{"team":"checkout","env":"prod"}"#.to_owned()),
    ]);
    sheet.row(&cells)
}

/// What the month left of the commitment; none of it carries over.
fn unused(sheet: &mut Sheet, period: &Period, day: Day, left: Amount) -> Result<(), SampleError> {
    if left.is_zero() {
        return Ok(());
    }
    let mut cells = common(period, "Usage", one_day(day));
    cells.extend(service("Log Ingestion"));
    cells.extend(commitment());
    cells.extend(costs(Amount::ZERO, left, Amount::ZERO, Amount::ZERO));
    cells.extend([
        ("ChargeDescription", "Unused commitment".to_owned()),
        ("ChargeFrequency", "Usage-Based".to_owned()),
        ("CommitmentDiscountStatus", "Unused".to_owned()),
        ("CommitmentDiscountQuantity", left.to_string()),
        ("CommitmentDiscountUnit", "USD".to_owned()),
        ("PricingCategory", "Committed".to_owned()),
    ]);
    sheet.row(&cells)
}

/// The vendor takes back a part of March's traces.
fn correction(sheet: &mut Sheet, period: &Period, day: Day) -> Result<Amount, SampleError> {
    let amount = cents(-3_650);
    let mut cells = common(period, "Usage", one_day(day));
    cells.extend(service("Tracing"));
    cells.extend(costs(amount, amount, amount, amount));
    cells.extend([
        ("ChargeClass", "Correction".to_owned()),
        ("ChargeDescription", "Spans counted twice in March".to_owned()),
        ("ChargeFrequency", "Usage-Based".to_owned()),
        ("ResourceId", "bcn:traces:checkout".to_owned()),
        ("Tags", r#"{"team":"checkout","env":"prod"}"#.to_owned()),
    ]);
    sheet.row(&cells)?;
    Ok(amount)
}

fn tax(sheet: &mut Sheet, period: &Period, amount: Amount) -> Result<(), SampleError> {
    let mut cells = common(period, "Tax", (period.start_time(), period.end_time()));
    cells.extend(service("Tax"));
    cells.extend(costs(amount, amount, amount, amount));
    cells.extend([
        ("ChargeDescription", "Sales tax".to_owned()),
        ("ChargeFrequency", "Recurring".to_owned()),
        ("ServiceCategory", "Other".to_owned()),
        ("ServiceSubcategory", "Other (Other)".to_owned()),
    ]);
    sheet.row(&cells)
}

fn common(period: &Period, category: &str, (start, end): (String, String)) -> Cells {
    let invoice = if period.is_final { format!("BCN-{}", period.month) } else { String::new() };
    vec![
        ("BillingAccountId", "BCN-20417".to_owned()),
        ("BillingAccountName", "Larkspur Outdoor".to_owned()),
        ("BillingAccountType", "Organization".to_owned()),
        ("BillingCurrency", "USD".to_owned()),
        ("BillingPeriodStart", period.start_time()),
        ("BillingPeriodEnd", period.end_time()),
        ("ChargeCategory", category.to_owned()),
        ("ChargePeriodStart", start),
        ("ChargePeriodEnd", end),
        ("InvoiceId", invoice),
        ("InvoiceIssuerName", "Beaconlog".to_owned()),
        ("ProviderName", "Beaconlog".to_owned()),
        ("PublisherName", "Beaconlog".to_owned()),
        ("PricingCurrency", "USD".to_owned()),
    ]
}

fn service(name: &str) -> Cells {
    let sku = name.to_ascii_uppercase().replace(' ', "-");
    let mut cells = vec![("ServiceName", name.to_owned())];
    if name != "Tax" {
        cells.extend([
            ("ServiceCategory", "Management and Governance".to_owned()),
            ("ServiceSubcategory", "Observability".to_owned()),
            ("SkuId", sku.clone()),
            ("SkuPriceId", format!("{sku}-2026")),
            ("RegionId", "eu".to_owned()),
        ]);
    }
    cells
}

fn metered(reading: Reading) -> Cells {
    let (quantity, contracted) = (reading.quantity().to_string(), reading.price_at(CONTRACT_RATE).to_string());
    vec![
        ("ChargeDescription", format!("${} per GB", reading.price())),
        ("ChargeFrequency", "Usage-Based".to_owned()),
        ("ConsumedQuantity", quantity.clone()),
        ("ConsumedUnit", "GB".to_owned()),
        ("PricingQuantity", quantity),
        ("PricingUnit", "GB".to_owned()),
        ("ListUnitPrice", reading.price().to_string()),
        ("ContractedUnitPrice", contracted),
    ]
}

fn commitment() -> Cells {
    vec![
        ("CommitmentDiscountId", COMMITMENT.to_owned()),
        ("CommitmentDiscountName", "Beaconlog annual 2026".to_owned()),
        ("CommitmentDiscountCategory", "Spend".to_owned()),
        ("CommitmentDiscountType", "Annual commitment".to_owned()),
    ]
}

fn costs(billed: Amount, effective: Amount, list: Amount, contracted: Amount) -> Cells {
    vec![
        ("BilledCost", billed.to_string()),
        ("EffectiveCost", effective.to_string()),
        ("ListCost", list.to_string()),
        ("ContractedCost", contracted.to_string()),
    ]
}

fn one_day(day: Day) -> (String, String) {
    (midnight(day.date), midnight(day.next))
}
