//! Azure: enterprise agreement exports, daily, actual and amortized, one file of each a month.

use headroom_core::money::Amount;

use super::days::{Day, Period, periods};
use super::meter::{Meter, Reading, cents, negative, sum};
use super::sheet::Sheet;
use super::{SampleError, SampleFile};

const PAYMENTS: (&str, &str) = ("0b5e6a1c-7d3f-4c2a-9e88-51f0c4a7d201", "larkspur-payments");
const CORPORATE: (&str, &str) = ("5d2c9f04-1b6e-4f7a-8c35-e9a6b0d47302", "larkspur-corporate");
const RESERVATION: &str = "8a4f1e7b-2c5d-4b90-a6e3-7f1d0c9b8e55";
const RESERVATION_ID: &str = "/providers/Microsoft.Capacity/reservationOrders/8a4f1e7b-2c5d-4b90-a6e3-7f1d0c9b8e55";
const RESERVATION_NAME: &str = "risk-scoring-1y";

/// What the reservation asks of the public price, in thousandths.
const RESERVATION_RATE: i64 = 610;
/// An instance for an hour, in 10⁻⁶ USD.
const D16S: i64 = 768_000;
const ALL_DAY: i64 = 24_000;

const HEADER: &[&str] = &[
    "BillingAccountId",
    "BillingAccountName",
    "BillingPeriodStartDate",
    "BillingPeriodEndDate",
    "BillingProfileId",
    "BillingProfileName",
    "AccountOwnerId",
    "AccountName",
    "SubscriptionId",
    "SubscriptionName",
    "Date",
    "Product",
    "PartNumber",
    "MeterId",
    "ServiceFamily",
    "MeterCategory",
    "MeterSubCategory",
    "MeterRegion",
    "MeterName",
    "Quantity",
    "EffectivePrice",
    "Cost",
    "UnitPrice",
    "BillingCurrency",
    "ResourceLocation",
    "AvailabilityZone",
    "ConsumedService",
    "ResourceId",
    "ResourceName",
    "ServiceInfo1",
    "ServiceInfo2",
    "AdditionalInfo",
    "Tags",
    "InvoiceSectionId",
    "InvoiceSection",
    "CostCenter",
    "UnitOfMeasure",
    "ResourceGroup",
    "ReservationId",
    "ReservationName",
    "ProductOrderId",
    "ProductOrderName",
    "OfferId",
    "IsAzureCreditEligible",
    "Term",
    "PublisherName",
    "PlanName",
    "ChargeType",
    "Frequency",
    "PublisherType",
    "PayGPrice",
    "PricingModel",
    "CostAllocationRuleName",
    "benefitId",
    "benefitName",
];

/// The two exports of one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Export {
    Actual,
    Amortized,
}

/// Something that is used every day.
struct Resource {
    subscription: (&'static str, &'static str),
    group: &'static str,
    name: &'static str,
    /// Provider and type of the resource.
    kind: &'static str,
    family: &'static str,
    category: &'static str,
    meter_name: &'static str,
    unit: &'static str,
    /// As the agreement's exports write them: without braces.
    tags: &'static str,
    reserved: bool,
    meter: Meter,
}

const RESOURCES: &[Resource] = &[
    Resource {
        subscription: PAYMENTS,
        group: "risk-production",
        name: "risk-scoring-01",
        kind: "Microsoft.Compute/virtualMachines",
        family: "Compute",
        category: "Virtual Machines",
        meter_name: "D16s v5",
        unit: "1 Hour",
        tags: r#""team": "payments","env": "prod""#,
        reserved: true,
        meter: Meter::new(D16S, ALL_DAY),
    },
    // Switched off at weekends, when the reservation is paid for nothing.
    Resource {
        subscription: PAYMENTS,
        group: "risk-production",
        name: "risk-scoring-02",
        kind: "Microsoft.Compute/virtualMachines",
        family: "Compute",
        category: "Virtual Machines",
        meter_name: "D16s v5",
        unit: "1 Hour",
        tags: r#""team": "payments","env": "prod""#,
        reserved: true,
        meter: Meter::new(D16S, ALL_DAY).weekend(0),
    },
    // The log intake was capped on 4 May.
    Resource {
        subscription: CORPORATE,
        group: "security",
        name: "audit-logs",
        kind: "Microsoft.OperationalInsights/workspaces",
        family: "Management and Governance",
        category: "Azure Monitor",
        meter_name: "Analytics Logs Data Ingestion",
        unit: "1 GB",
        tags: r#""Team": "security","Environment": "PRD""#,
        reserved: false,
        meter: Meter::new(2_300_000, 27_000).noise(45).step(5, 4, 420),
    },
    Resource {
        subscription: CORPORATE,
        group: "backup",
        name: "larkspurbackup",
        kind: "Microsoft.Storage/storageAccounts",
        family: "Storage",
        category: "Storage",
        meter_name: "Cool GRS Data Stored",
        unit: "1 GB/Month",
        tags: "",
        reserved: false,
        meter: Meter::new(10_000, 940_000).growth(25),
    },
];

impl Resource {
    fn resource_id(&self) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/{}/providers/{}/{}",
            self.subscription.0, self.group, self.kind, self.name
        )
    }
}

pub(super) fn files() -> Result<Vec<SampleFile>, SampleError> {
    let mut files = Vec::new();
    for period in periods() {
        for (export, word) in [(Export::Actual, "actual"), (Export::Amortized, "amortized")] {
            let name = format!("azure-ea-{word}-{}.csv", period.month);
            files.push(SampleFile { name, bytes: bill(&period, export)? });
        }
    }
    Ok(files)
}

fn bill(period: &Period, export: Export) -> Result<Vec<u8>, SampleError> {
    let mut sheet = Sheet::with_mark(HEADER)?;
    if export == Export::Actual {
        purchase(&mut sheet, period)?;
    }
    for &day in &period.days {
        let mut used = Amount::ZERO;
        for (stream, resource) in RESOURCES.iter().enumerate() {
            if let Some(reading) = resource.meter.read(100 + stream as u64, day) {
                if resource.reserved {
                    used = sum([used, reading.quantity()]);
                }
                usage(&mut sheet, period, export, resource, day, reading)?;
            }
        }
        if export == Export::Amortized {
            unused(&mut sheet, period, day, used)?;
        }
        if day.in_year() == (4, 20) {
            refund(&mut sheet, period, day)?;
        }
    }
    sheet.finish()
}

type Cells = Vec<(&'static str, String)>;

fn usage(
    sheet: &mut Sheet,
    period: &Period,
    export: Export,
    resource: &Resource,
    day: Day,
    reading: Reading,
) -> Result<(), SampleError> {
    let (price, cost) = match (resource.reserved, export) {
        (false, _) => (reading.price(), reading.cost()),
        // The purchase row carries the money.
        (true, Export::Actual) => (Amount::ZERO, Amount::ZERO),
        (true, Export::Amortized) => (reading.price_at(RESERVATION_RATE), reading.at(RESERVATION_RATE)),
    };
    let mut cells = common(period, day, resource.subscription);
    cells.extend(described(resource));
    cells.extend([
        ("Quantity", reading.quantity().to_string()),
        ("EffectivePrice", price.to_string()),
        ("Cost", cost.to_string()),
        ("UnitPrice", reading.price().to_string()),
        ("PayGPrice", reading.price().to_string()),
        ("ChargeType", "Usage".to_owned()),
        ("Frequency", "UsageBased".to_owned()),
        ("PricingModel", if resource.reserved { "Reservation" } else { "OnDemand" }.to_owned()),
    ]);
    if resource.reserved {
        cells.extend(benefit());
    }
    sheet.row(&cells)
}

/// The monthly payment for the reservation.
fn purchase(sheet: &mut Sheet, period: &Period) -> Result<(), SampleError> {
    let Some(&first) = period.days.first() else { return Ok(()) };
    let hours = period.days.len() as i64 * 2 * ALL_DAY;
    let reading = Reading::new(D16S, hours);
    let cost = reading.at(RESERVATION_RATE);
    let mut cells = common(period, first, PAYMENTS);
    cells.extend(benefit());
    cells.extend([
        ("Product", "Virtual Machines Dsv5 Series - D16s v5 - EU West".to_owned()),
        ("ServiceFamily", "Compute".to_owned()),
        ("MeterCategory", "Virtual Machines".to_owned()),
        ("MeterName", "D16s v5".to_owned()),
        ("Quantity", "1".to_owned()),
        ("EffectivePrice", cost.to_string()),
        ("Cost", cost.to_string()),
        ("UnitPrice", cost.to_string()),
        ("ResourceLocation", "westeurope".to_owned()),
        ("ConsumedService", "Microsoft.Capacity".to_owned()),
        ("ResourceId", RESERVATION_ID.to_owned()),
        ("UnitOfMeasure", "1".to_owned()),
        ("ChargeType", "Purchase".to_owned()),
        ("Frequency", "Recurring".to_owned()),
        ("PricingModel", "Reservation".to_owned()),
    ]);
    sheet.row(&cells)
}

/// What of the reservation nobody used that day.
fn unused(sheet: &mut Sheet, period: &Period, day: Day, used: Amount) -> Result<(), SampleError> {
    let all = Reading::new(D16S, 2 * ALL_DAY);
    let hours = sum([all.quantity(), negative(used)]);
    if hours.is_zero() {
        return Ok(());
    }
    let idle = Reading::new(D16S, (hours.units() / 10_i128.pow(15)) as i64);
    let mut cells = common(period, day, PAYMENTS);
    cells.extend(benefit());
    cells.extend([
        ("Product", "Virtual Machines Dsv5 Series - D16s v5 - EU West".to_owned()),
        ("ServiceFamily", "Compute".to_owned()),
        ("MeterCategory", "Virtual Machines".to_owned()),
        ("MeterName", "D16s v5".to_owned()),
        ("Quantity", idle.quantity().to_string()),
        ("EffectivePrice", idle.price_at(RESERVATION_RATE).to_string()),
        ("Cost", idle.at(RESERVATION_RATE).to_string()),
        ("UnitPrice", idle.price().to_string()),
        ("ResourceLocation", "westeurope".to_owned()),
        ("ConsumedService", "Microsoft.Capacity".to_owned()),
        ("ResourceId", RESERVATION_ID.to_owned()),
        ("UnitOfMeasure", "1 Hour".to_owned()),
        ("ChargeType", "UnusedReservation".to_owned()),
        ("Frequency", "UsageBased".to_owned()),
        ("PricingModel", "Reservation".to_owned()),
    ]);
    sheet.row(&cells)
}

/// Microsoft pays back storage that it had kept after its deletion; the same row in both exports.
fn refund(sheet: &mut Sheet, period: &Period, day: Day) -> Result<(), SampleError> {
    let Some(storage) = RESOURCES.iter().find(|resource| resource.category == "Storage") else { return Ok(()) };
    let amount = cents(-4_820);
    let mut cells = common(period, day, storage.subscription);
    cells.extend(described(storage));
    cells.extend([
        ("Quantity", "-1".to_owned()),
        ("EffectivePrice", negative(amount).to_string()),
        ("Cost", amount.to_string()),
        ("UnitPrice", negative(amount).to_string()),
        ("ChargeType", "Refund".to_owned()),
        ("Frequency", "OneTime".to_owned()),
        ("PricingModel", "OnDemand".to_owned()),
    ]);
    sheet.row(&cells)
}

fn common(period: &Period, day: Day, subscription: (&str, &str)) -> Cells {
    let american = |month: u8, day: u8| format!("{month:02}/{day:02}/{}", period.month.year());
    vec![
        ("BillingAccountId", "7340018".to_owned()),
        ("BillingAccountName", "Larkspur Outdoor".to_owned()),
        ("BillingPeriodStartDate", american(period.number(), 1)),
        ("BillingPeriodEndDate", american(period.number(), period.month.days())),
        ("BillingProfileId", "7340018".to_owned()),
        ("SubscriptionId", subscription.0.to_owned()),
        ("SubscriptionName", subscription.1.to_owned()),
        ("Date", american(period.number(), day.date.day())),
        ("BillingCurrency", "USD".to_owned()),
        ("CostCenter", "4410".to_owned()),
        ("OfferId", "MS-AZR-0017P".to_owned()),
        ("IsAzureCreditEligible", "True".to_owned()),
        ("PublisherName", "Microsoft".to_owned()),
        ("PublisherType", "Azure".to_owned()),
    ]
}

fn described(resource: &Resource) -> Cells {
    let service = resource.kind.split('/').next().unwrap_or_default();
    vec![
        ("Product", format!("{} - {} - EU West", resource.category, resource.meter_name)),
        ("ServiceFamily", resource.family.to_owned()),
        ("MeterCategory", resource.category.to_owned()),
        ("MeterName", resource.meter_name.to_owned()),
        ("MeterRegion", "EU West".to_owned()),
        ("ResourceLocation", "westeurope".to_owned()),
        ("ConsumedService", service.to_owned()),
        ("ResourceId", resource.resource_id()),
        ("ResourceName", resource.name.to_owned()),
        ("Tags", resource.tags.to_owned()),
        ("UnitOfMeasure", resource.unit.to_owned()),
        ("ResourceGroup", resource.group.to_owned()),
    ]
}

fn benefit() -> Cells {
    vec![
        ("ReservationId", RESERVATION.to_owned()),
        ("ReservationName", RESERVATION_NAME.to_owned()),
        ("ProductOrderId", RESERVATION.to_owned()),
        ("ProductOrderName", "Reserved VM Instance, Standard_D16s_v5, EU West, 1 Year".to_owned()),
        ("Term", "12".to_owned()),
        ("benefitId", format!("{RESERVATION_ID}/reservations/{RESERVATION}")),
        ("benefitName", RESERVATION_NAME.to_owned()),
    ]
}
