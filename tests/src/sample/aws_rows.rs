//! The line items of a legacy Cost and Usage Report.

use std::collections::BTreeMap;

use headroom_core::money::Amount;

use crate::prng::Prng;

use super::SampleError;
use super::aws::PRODUCTION;
use super::days::{Day, Period, midnight};
use super::meter::{Meter, Reading, cents, negative, part, sum};
use super::sheet::Sheet;

const PAYER: &str = "104200360011";
const REGION: &str = "eu-west-1";
const SAVINGS_PLAN: &str = "arn:aws:savingsplans::104200360011:savingsplan/5f3c1a77-compute-1y";
const RESERVATION: &str = "arn:aws:rds:eu-west-1:104200360011:ri:ledger-2026";

/// What a commitment asks of the public price, in thousandths.
const SAVINGS_PLAN_RATE: i64 = 720;
const RESERVATION_RATE: i64 = 650;
/// What the savings plan covers at most in a day: both instances, all day.
const SAVINGS_PLAN_DAY: Reading = Reading::new(1_536_000 + 3_072_000, 24_000);
/// What the reservation covers at most in a day: two databases.
const RESERVATION_DAY: Reading = Reading::new(2 * 2_066_000, 24_000);

const HEADER: &[&str] = &[
    "identity/LineItemId",
    "identity/TimeInterval",
    "bill/InvoiceId",
    "bill/BillingEntity",
    "bill/BillType",
    "bill/PayerAccountId",
    "bill/BillingPeriodStartDate",
    "bill/BillingPeriodEndDate",
    "lineItem/UsageAccountId",
    "lineItem/LineItemType",
    "lineItem/UsageStartDate",
    "lineItem/UsageEndDate",
    "lineItem/ProductCode",
    "lineItem/UsageType",
    "lineItem/Operation",
    "lineItem/AvailabilityZone",
    "lineItem/ResourceId",
    "lineItem/UsageAmount",
    "lineItem/CurrencyCode",
    "lineItem/UnblendedRate",
    "lineItem/UnblendedCost",
    "lineItem/LineItemDescription",
    "product/region",
    "product/sku",
    "pricing/publicOnDemandCost",
    "pricing/publicOnDemandRate",
    "pricing/term",
    "pricing/unit",
    "reservation/EffectiveCost",
    "reservation/ReservationARN",
    "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
    "reservation/UnusedRecurringFee",
    "savingsPlan/TotalCommitmentToDate",
    "savingsPlan/SavingsPlanARN",
    "savingsPlan/SavingsPlanRate",
    "savingsPlan/UsedCommitment",
    "savingsPlan/SavingsPlanEffectiveCost",
    "resourceTags/user: squad",
    "resourceTags/user:Environment",
    "resourceTags/user:Team",
    "resourceTags/user:app",
    "resourceTags/user:env",
    "resourceTags/user:team",
];

/// Which commitment, if any, takes the place of the public price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    None,
    SavingsPlan,
    Reservation,
}

/// Something that is used every day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource {
    pub(super) account: &'static str,
    pub(super) product: &'static str,
    pub(super) usage_type: &'static str,
    pub(super) operation: &'static str,
    pub(super) unit: &'static str,
    pub(super) id: &'static str,
    pub(super) tags: &'static [(&'static str, &'static str)],
    pub(super) cover: Cover,
    pub(super) meter: Meter,
}

/// The report of one month.
pub(super) struct Bill<'a> {
    period: &'a Period,
    sheet: Sheet,
    ids: Prng,
    /// Savings-plan commitment used since the last fee.
    plan_used: Amount,
    /// Reservation used this month.
    reservation_used: Amount,
    /// What each account is taxed on.
    taxable: BTreeMap<&'static str, Amount>,
}

type Cells<'a> = Vec<(&'a str, String)>;

impl<'a> Bill<'a> {
    pub(super) fn new(period: &'a Period) -> Result<Self, SampleError> {
        Ok(Self {
            period,
            sheet: Sheet::new(HEADER)?,
            ids: Prng::new(u64::from(period.number())),
            plan_used: Amount::ZERO,
            reservation_used: Amount::ZERO,
            taxable: BTreeMap::new(),
        })
    }

    pub(super) fn finish(self) -> Result<Vec<u8>, SampleError> {
        self.sheet.finish()
    }

    /// A day's use of a resource, and what a savings plan takes off again.
    pub(super) fn usage(&mut self, resource: &Resource, day: Day, reading: Reading) -> Result<(), SampleError> {
        let (rate, cost) = (reading.price(), reading.cost());
        let mut cells = usage_cells(resource, reading);
        let days = (midnight(day.date), midnight(day.next));
        match resource.cover {
            Cover::None => {
                cells.push(("lineItem/UnblendedRate", rate.to_string()));
                cells.push(("lineItem/UnblendedCost", cost.to_string()));
                cells.push(("pricing/term", "OnDemand".to_owned()));
                self.tax(resource.account, cost);
                self.item("Usage", resource.account, days, cells)
            }
            Cover::Reservation => {
                let effective = reading.at(RESERVATION_RATE);
                cells.push(("lineItem/UnblendedRate", "0".to_owned()));
                cells.push(("lineItem/UnblendedCost", "0".to_owned()));
                cells.push(("pricing/term", "Reserved".to_owned()));
                cells.push(("reservation/EffectiveCost", effective.to_string()));
                cells.push(("reservation/ReservationARN", RESERVATION.to_owned()));
                self.reservation_used = sum([self.reservation_used, effective]);
                self.item("DiscountedUsage", resource.account, days, cells)
            }
            Cover::SavingsPlan => {
                let effective = reading.at(SAVINGS_PLAN_RATE);
                cells.push(("lineItem/UnblendedRate", rate.to_string()));
                cells.push(("lineItem/UnblendedCost", cost.to_string()));
                cells.push(("pricing/term", "OnDemand".to_owned()));
                cells.push(("savingsPlan/SavingsPlanARN", SAVINGS_PLAN.to_owned()));
                cells.push(("savingsPlan/SavingsPlanRate", reading.price_at(SAVINGS_PLAN_RATE).to_string()));
                cells.push(("savingsPlan/SavingsPlanEffectiveCost", effective.to_string()));
                self.plan_used = sum([self.plan_used, effective]);
                self.item("SavingsPlanCoveredUsage", resource.account, days.clone(), cells)?;
                let mut negation = labels(resource);
                negation.push(("lineItem/UsageAmount", reading.quantity().to_string()));
                negation.push(("lineItem/UnblendedRate", negative(rate).to_string()));
                negation.push(("lineItem/UnblendedCost", negative(cost).to_string()));
                negation.push(("lineItem/LineItemDescription", "SavingsPlanNegation used by the plan".to_owned()));
                negation.push(("savingsPlan/SavingsPlanARN", SAVINGS_PLAN.to_owned()));
                self.item("SavingsPlanNegation", resource.account, days, negation)
            }
        }
    }

    /// The plan's fee for a day, whatever of it was used.
    pub(super) fn savings_plan_fee(&mut self, day: Day) -> Result<(), SampleError> {
        let fee = SAVINGS_PLAN_DAY.at(SAVINGS_PLAN_RATE);
        let used = std::mem::take(&mut self.plan_used);
        self.tax(PAYER, fee);
        let cells = vec![
            ("lineItem/ProductCode", "ComputeSavingsPlans".to_owned()),
            ("lineItem/UsageType", "EUW1-ComputeSP:1yrNoUpfront".to_owned()),
            ("lineItem/UsageAmount", "1".to_owned()),
            ("lineItem/UnblendedRate", fee.to_string()),
            ("lineItem/UnblendedCost", fee.to_string()),
            ("lineItem/LineItemDescription", "1 year No Upfront Compute Savings Plan".to_owned()),
            ("savingsPlan/SavingsPlanARN", SAVINGS_PLAN.to_owned()),
            ("savingsPlan/TotalCommitmentToDate", fee.to_string()),
            ("savingsPlan/UsedCommitment", used.to_string()),
        ];
        self.item("SavingsPlanRecurringFee", PAYER, (midnight(day.date), midnight(day.next)), cells)
    }

    /// The reservation's fee for the month, with what of it lay idle.
    pub(super) fn reservation_fee(&mut self) -> Result<(), SampleError> {
        let days = self.period.days.len();
        let fee = sum(std::iter::repeat_n(RESERVATION_DAY.at(RESERVATION_RATE), days));
        let unused = sum([fee, negative(self.reservation_used)]);
        let hourly = Reading::new(2_066_000, 1000).price_at(RESERVATION_RATE);
        self.tax(PAYER, fee);
        let cells = vec![
            ("lineItem/ProductCode", "AmazonRDS".to_owned()),
            ("lineItem/UsageType", "HeavyUsage:db.r6g.4xl".to_owned()),
            ("lineItem/UsageAmount", (days * 2 * 24).to_string()),
            ("lineItem/UnblendedRate", hourly.to_string()),
            ("lineItem/UnblendedCost", fee.to_string()),
            ("lineItem/LineItemDescription", "2 reserved db.r6g.4xl, hourly fee, every hour of the month".to_owned()),
            ("reservation/ReservationARN", RESERVATION.to_owned()),
            ("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "0".to_owned()),
            ("reservation/UnusedRecurringFee", unused.to_string()),
        ];
        self.item("RIFee", PAYER, self.whole_month(), cells)
    }

    pub(super) fn support(&mut self) -> Result<(), SampleError> {
        let fee = cents(128_000);
        self.tax(PAYER, fee);
        let cells = vec![
            ("lineItem/ProductCode", "AWSSupportBusiness".to_owned()),
            ("lineItem/UsageType", "Dollar".to_owned()),
            ("lineItem/UsageAmount", "1".to_owned()),
            ("lineItem/UnblendedRate", fee.to_string()),
            ("lineItem/UnblendedCost", fee.to_string()),
            ("lineItem/LineItemDescription", "AWS Support (Business), monthly".to_owned()),
        ];
        self.item("Fee", PAYER, self.whole_month(), cells)
    }

    /// A start-up credit that runs out in May.
    pub(super) fn credit(&mut self) -> Result<(), SampleError> {
        let credit = match self.period.number() {
            ..=4 => cents(-90_000),
            5 => cents(-30_000),
            _ => return Ok(()),
        };
        let cells = vec![
            ("lineItem/ProductCode", "AmazonEC2".to_owned()),
            ("lineItem/UsageType", "EUW1-BoxUsage".to_owned()),
            ("lineItem/UnblendedCost", credit.to_string()),
            ("lineItem/LineItemDescription", "AWS Activate credit".to_owned()),
        ];
        self.item("Credit", PAYER, self.whole_month(), cells)
    }

    /// AWS pays back requests that it had metered twice.
    pub(super) fn refund(&mut self) -> Result<(), SampleError> {
        let cells = vec![
            ("lineItem/ProductCode", "AmazonDynamoDB".to_owned()),
            ("lineItem/UsageType", "WriteRequestUnits".to_owned()),
            ("lineItem/ResourceId", "arn:aws:dynamodb:eu-west-1:310415926501:table/idempotency".to_owned()),
            ("lineItem/UnblendedCost", cents(-31_040).to_string()),
            ("lineItem/LineItemDescription", "Refund for write requests metered twice in March".to_owned()),
            ("product/region", REGION.to_owned()),
            ("resourceTags/user:team", "payments".to_owned()),
            ("resourceTags/user:env", "prod".to_owned()),
        ];
        self.item("Refund", PRODUCTION, self.whole_month(), cells)
    }

    /// Seven percent on what every account was charged, over the whole month.
    pub(super) fn taxes(&mut self) -> Result<(), SampleError> {
        for (account, charged) in std::mem::take(&mut self.taxable) {
            let cells = vec![
                ("lineItem/ProductCode", "AmazonEC2".to_owned()),
                ("lineItem/UsageType", "EUW1-BoxUsage".to_owned()),
                ("lineItem/UsageAmount", "1".to_owned()),
                ("lineItem/UnblendedCost", part(charged, 70).to_string()),
                ("lineItem/LineItemDescription", "Tax for product code AmazonEC2".to_owned()),
            ];
            self.item("Tax", account, self.whole_month(), cells)?;
        }
        Ok(())
    }

    fn tax(&mut self, account: &'static str, charged: Amount) {
        let taxable = self.taxable.entry(account).or_default();
        *taxable = sum([*taxable, charged]);
    }

    fn whole_month(&self) -> (String, String) {
        (self.period.start_time(), self.period.end_time())
    }

    fn item(
        &mut self,
        kind: &str,
        account: &str,
        (start, end): (String, String),
        mut cells: Cells<'_>,
    ) -> Result<(), SampleError> {
        let period = self.period;
        let bill_type = if kind == "Refund" { "Refund" } else { "Anniversary" };
        // AWS numbers the invoice when it closes the month.
        let invoice = if period.is_final { format!("21400{}", period.number()) } else { String::new() };
        cells.extend([
            ("identity/LineItemId", format!("{:016x}", self.ids.bits())),
            ("identity/TimeInterval", format!("{start}/{end}")),
            ("bill/InvoiceId", invoice),
            ("bill/BillingEntity", "AWS".to_owned()),
            ("bill/BillType", bill_type.to_owned()),
            ("bill/PayerAccountId", PAYER.to_owned()),
            ("bill/BillingPeriodStartDate", period.start_time()),
            ("bill/BillingPeriodEndDate", period.end_time()),
            ("lineItem/UsageAccountId", account.to_owned()),
            ("lineItem/LineItemType", kind.to_owned()),
            ("lineItem/UsageStartDate", start),
            ("lineItem/UsageEndDate", end),
            ("lineItem/CurrencyCode", "USD".to_owned()),
        ]);
        self.sheet.row(&cells)
    }
}

/// What names a resource on all its line items.
fn labels(resource: &Resource) -> Cells<'static> {
    let mut cells = vec![
        ("lineItem/ProductCode", resource.product.to_owned()),
        ("lineItem/UsageType", resource.usage_type.to_owned()),
        ("lineItem/Operation", resource.operation.to_owned()),
        ("lineItem/ResourceId", resource.id.to_owned()),
        ("product/region", REGION.to_owned()),
    ];
    if resource.product == "AmazonEC2" && resource.id.starts_with("i-") {
        cells.push(("lineItem/AvailabilityZone", format!("{REGION}a")));
    }
    for (key, value) in resource.tags {
        let column = HEADER.iter().find(|name| name.strip_prefix("resourceTags/user:") == Some(key));
        cells.push((column.copied().unwrap_or("resourceTags"), (*value).to_owned()));
    }
    cells
}

fn usage_cells(resource: &Resource, reading: Reading) -> Cells<'static> {
    let mut cells = labels(resource);
    let (rate, cost) = (reading.price(), reading.cost());
    let sku = resource.usage_type.bytes().fold(0_u32, |sku, byte| sku.wrapping_mul(31).wrapping_add(u32::from(byte)));
    cells.extend([
        ("lineItem/UsageAmount", reading.quantity().to_string()),
        ("lineItem/LineItemDescription", format!("${rate} per {} {}", resource.unit, resource.usage_type)),
        ("product/sku", format!("SKU{sku:08X}")),
        ("pricing/publicOnDemandCost", cost.to_string()),
        ("pricing/publicOnDemandRate", rate.to_string()),
        ("pricing/unit", resource.unit.to_owned()),
    ]);
    cells
}
