//! The rows of the bill.

use std::fmt::Write as _;

use crate::prng::Prng;

use super::Load;
use super::clock::Clock;
use super::resource::{Resource, Resources, quantity};
use super::text::Line;

const HEADER: &str = "ProviderName,PublisherName,InvoiceIssuerName,InvoiceId,BillingAccountId,BillingAccountName,\
    BillingAccountType,SubAccountId,SubAccountName,SubAccountType,BillingPeriodStart,BillingPeriodEnd,\
    ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeClass,ChargeDescription,ChargeFrequency,BilledCost,\
    EffectiveCost,ListCost,ContractedCost,ListUnitPrice,ContractedUnitPrice,PricingCategory,PricingQuantity,\
    PricingUnit,PricingCurrency,PricingCurrencyContractedUnitPrice,PricingCurrencyEffectiveCost,\
    PricingCurrencyListUnitPrice,BillingCurrency,ConsumedQuantity,ConsumedUnit,ServiceName,ServiceCategory,\
    ServiceSubcategory,SkuId,SkuMeter,SkuPriceId,SkuPriceDetails,ResourceId,ResourceName,ResourceType,RegionId,\
    RegionName,AvailabilityZone,CommitmentDiscountId,CommitmentDiscountName,CommitmentDiscountCategory,\
    CommitmentDiscountType,CommitmentDiscountStatus,CommitmentDiscountQuantity,CommitmentDiscountUnit,\
    CapacityReservationId,CapacityReservationStatus,Tags";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Usage,
    Credit,
    Tax,
    Refund,
    Purchase,
}

impl Kind {
    fn draw(prng: &mut Prng) -> Self {
        match prng.below(1000) {
            0..965 => Self::Usage,
            965..975 => Self::Credit,
            975..985 => Self::Tax,
            985..992 => Self::Refund,
            _ => Self::Purchase,
        }
    }

    /// `ChargeCategory`, `ChargeClass` and `ChargeFrequency`.
    fn charge(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Usage => ("Usage", "", "Usage-Based"),
            Self::Credit => ("Credit", "", "One-Time"),
            Self::Tax => ("Tax", "", "Recurring"),
            Self::Refund => ("Usage", "Correction", "Usage-Based"),
            Self::Purchase => ("Purchase", "", "Recurring"),
        }
    }
}

/// A number and how it is spelled.
#[derive(Clone, Copy, Debug)]
enum Number {
    /// Count of 10⁻ᵈ and the decimals to show.
    Fixed(i64, u32),
    /// The same without trailing zeros.
    Trimmed(i64, u32),
    /// Count of 10⁻¹⁶, with an exponent.
    Scientific(i64),
}

impl Line {
    fn number(&mut self, number: Number) {
        match number {
            Number::Fixed(units, digits) => self.decimal(units, digits),
            Number::Trimmed(units, digits) => self.trimmed(units, digits),
            Number::Scientific(units) => self.scientific(units),
        }
    }
}

/// Makes one row after the other.
#[derive(Debug)]
pub(super) struct Rows {
    resources: Resources,
    count: u64,
    unique_tags: bool,
    prng: Prng,
    line: Line,
    scratch: String,
}

impl Rows {
    pub(super) fn new(load: &Load) -> Self {
        Self {
            resources: Resources::new(load.seed),
            count: load.resources.max(1),
            unique_tags: load.unique_tags,
            prng: Prng::member(load.seed, u64::MAX),
            line: Line::new(load.quoting),
            scratch: String::new(),
        }
    }

    pub(super) fn header(&mut self) -> &[u8] {
        self.line.clear();
        for name in HEADER.split(',') {
            self.line.text(name);
        }
        self.line.finish()
    }

    pub(super) fn next(&mut self, clock: &Clock) -> &[u8] {
        let index = popular(&mut self.prng, self.count);
        let kind = Kind::draw(&mut self.prng);
        let quantity = quantity(&mut self.prng);
        let spelled_short = self.prng.chance(300);
        let invoice = self.prng.below(2) + 1;
        let job = if self.unique_tags { Some(self.prng.bits()) } else { None };
        let resource = self.resources.get(index);
        let cost = resource.price * quantity / 100 * growth(index, clock.month);
        let (billed, effective) = amounts(kind, &resource, cost as i64, spelled_short);

        let (line, scratch) = (&mut self.line, &mut self.scratch);
        line.clear();
        for name in ["AWS", "AWS", "Amazon Web Services, Inc."] {
            line.text(name);
        }
        line.text(formatted(scratch, format_args!("{}{invoice}", clock.invoice)));
        line.text(formatted(scratch, format_args!("10000000000{}", 1 + resource.payer)));
        line.text(["ExampleCorp Main Payer", "ExampleCorp Second Payer"][resource.payer as usize % 2]);
        line.text("Payer Account");
        line.text(resource.account_id);
        line.text(resource.account_name);
        line.text("Linked Account");
        for moment in [&clock.billing_start, &clock.billing_end, &clock.charge_start, &clock.charge_end] {
            line.text(moment);
        }
        charge(line, scratch, kind, &resource);
        line.number(billed);
        line.number(effective);
        prices(line, kind, &resource, quantity, cost as i64, effective);
        sku_and_resource(line, scratch, &resource);
        commitment(line, scratch, kind, &resource);
        tags(line, scratch, &resource, job);
        line.finish()
    }
}

/// A resource's number: the density falls with the cube root of the number, so a few are on many rows.
fn popular(prng: &mut Prng, count: u64) -> u64 {
    let share = prng.bits() >> 32;
    let share_to_three_halves = share * (share << 32).isqrt();
    ((u128::from(share_to_three_halves) * u128::from(count)) >> 64) as u64
}

/// What a resource costs in a month, in percent of its usual cost: it moves from month to month.
fn growth(index: u64, month: u64) -> u64 {
    let step = (index.wrapping_mul(2_654_435_761).wrapping_add(month.wrapping_mul(40_503)) >> 7) % 7;
    86 + 7 * step
}

fn formatted<'a>(scratch: &'a mut String, text: std::fmt::Arguments<'_>) -> &'a str {
    scratch.clear();
    // Writing to a `String` cannot fail.
    let _ = scratch.write_fmt(text);
    scratch
}

/// Billed and effective cost of a row whose list cost is `cost`, in 10⁻¹⁴.
fn amounts(kind: Kind, resource: &Resource<'_>, cost: i64, spelled_short: bool) -> (Number, Number) {
    match kind {
        Kind::Usage if resource.committed => (Number::Fixed(0, 0), Number::Trimmed(cost / 100 * 62 * 10, 15)),
        Kind::Usage if cost < 100_000_000 => (Number::Scientific(cost * 100), Number::Scientific(cost * 90)),
        Kind::Usage if spelled_short => {
            (Number::Fixed(cost / 100_000_000, 6), Number::Trimmed(cost / 10 * 93 + cost % 10, 15))
        }
        Kind::Usage => (Number::Fixed(cost / 10_000, 10), Number::Fixed(cost / 100 * 97 / 10_000, 10)),
        Kind::Credit | Kind::Refund => {
            let amount = Number::Fixed(-(cost / 100_000_000 + 10_000), 6);
            (amount, amount)
        }
        Kind::Tax => {
            let amount = Number::Fixed(cost / 100_000_000 * 19 / 10_000 + 1, 2);
            (amount, amount)
        }
        Kind::Purchase => (Number::Fixed(cost / 10_000 + 5_609_203_200_000, 10), Number::Fixed(0, 10)),
    }
}

fn charge(line: &mut Line, scratch: &mut String, kind: Kind, resource: &Resource<'_>) {
    let (category, class, frequency) = kind.charge();
    let service = resource.service;
    line.text(category);
    line.text(class);
    line.text(match kind {
        Kind::Usage => formatted(
            scratch,
            format_args!(
                "${}.{:06} per {} - {}, {}",
                resource.price / 10_000_000_000,
                resource.price / 10_000 % 1_000_000,
                service.unit,
                service.name,
                resource.region.1
            ),
        ),
        Kind::Credit => "Promotional credit (EDP)",
        Kind::Tax => formatted(scratch, format_args!("VAT on {}", service.name)),
        Kind::Refund => formatted(scratch, format_args!("Refund: {}", service.name)),
        Kind::Purchase => "Savings Plan fee, no upfront",
    });
    line.text(frequency);
}

/// List cost to consumed unit.
fn prices(line: &mut Line, kind: Kind, resource: &Resource<'_>, quantity: u64, cost: i64, effective: Number) {
    let (price, quantity, unit) = (resource.price as i64, quantity as i64, resource.service.unit);
    let contracted = price / 10 * 9;
    line.decimal(cost / 10_000, 10);
    line.decimal(cost / 100_000 * 9, 10);
    line.decimal(price, 10);
    line.decimal(contracted, 10);
    line.text(if kind == Kind::Usage && resource.committed { "Committed" } else { "Standard" });
    line.decimal(quantity, 4);
    line.text(unit);
    line.text("USD");
    line.decimal(contracted, 10);
    line.number(effective);
    line.decimal(price, 10);
    line.text("USD");
    line.decimal(quantity, 4);
    line.text(unit);
}

fn sku_and_resource(line: &mut Line, scratch: &mut String, resource: &Resource<'_>) {
    let (service, region) = (resource.service, resource.region);
    line.text(service.name);
    line.text(service.category);
    line.text(service.subcategory);
    line.text(formatted(scratch, format_args!("SKU-{:010X}", resource.sku)));
    line.text(service.subcategory.split(' ').next().unwrap_or_default());
    line.text(formatted(scratch, format_args!("SPRICE-{:010X}.JRTCKXETXF", resource.sku)));
    if service.category == "Compute" {
        let cores = 2 << (resource.sku % 3);
        line.text(formatted(
            scratch,
            format_args!(
                r#"{{"InstanceType":"{}","CoreCount":{cores},"OperatingSystem":"Linux","x_Tenancy":"Shared"}}"#,
                resource.instance_type
            ),
        ));
    } else {
        let usage_type = resource.sku & 0xFF_FFFF;
        line.text(formatted(scratch, format_args!(r#"{{"x_UsageType":"{}:{usage_type:06x}"}}"#, service.arn)));
    }
    line.text(formatted(
        scratch,
        format_args!(
            "arn:aws:{}:{}:{}:{}{:012x}",
            service.arn, region.0, resource.account_id, service.prefix, resource.id
        ),
    ));
    line.text(formatted(scratch, format_args!("{:012x}", resource.id)));
    line.text(service.subcategory);
    line.text(region.0);
    line.text(region.1);
    if service.category == "Compute" {
        let zone = char::from(b'a' + (resource.id % 3) as u8);
        line.text(formatted(scratch, format_args!("{}{zone}", region.0)));
    } else {
        line.empty(1);
    }
}

/// The commitment columns and the two of capacity reservations.
fn commitment(line: &mut Line, scratch: &mut String, kind: Kind, resource: &Resource<'_>) {
    if kind == Kind::Usage && resource.committed {
        line.text(formatted(
            scratch,
            format_args!("arn:aws:savingsplans::{}:savingsplan/{:012x}", resource.account_id, resource.id),
        ));
        for text in ["ComputeSavingsPlan-1yr-NoUpfront", "Spend", "Savings Plan", "Used"] {
            line.text(text);
        }
        line.decimal(10_000, 4);
        line.text("Hours");
    } else {
        line.empty(7);
    }
    line.empty(2);
}

fn tags(line: &mut Line, scratch: &mut String, resource: &Resource<'_>, job: Option<u64>) {
    let tags = resource.tags.as_str();
    match job {
        Some(job) => {
            let comma = if tags.is_empty() { "" } else { "," };
            line.text(formatted(scratch, format_args!(r#"{{{tags}{comma}"job-id":"{job:016x}"}}"#)));
        }
        None if tags.is_empty() => line.empty(1),
        None => line.text(formatted(scratch, format_args!("{{{tags}}}"))),
    }
}
