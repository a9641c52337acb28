//! What a charge meters: hours of a machine, of a core, or of a GiB of memory.

use crate::bill::{MachineSize, Record, Schema};
use crate::condition::Field;
use crate::money::Amount;

/// What a charge says of how much was bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metered {
    /// Hours of a machine of a known size.
    Machine(MachineSize, Amount),
    /// Hours of a core.
    Cores(Amount),
    /// Hours of a GiB.
    Memory(Amount),
}

/// Whether a text is a unit of hours, as exports write it: `Hrs`, `Hours`, `1 Hour`, `hour`.
pub(super) fn is_hours(unit: &str) -> bool {
    let unit = unit.trim().strip_prefix("1 ").unwrap_or(unit.trim());
    ["hrs", "hr", "hour", "hours", "h"].iter().any(|known| known.eq_ignore_ascii_case(unit))
}

fn is_core_hours(unit: &str) -> bool {
    ["vcpu-hours", "vcpu-hour", "vcpu hours", "vcpu hour"].iter().any(|known| known.eq_ignore_ascii_case(unit.trim()))
}

fn is_gib_hours(unit: &str) -> bool {
    ["gibibyte hour", "gb-hours", "gib-hours"].iter().any(|known| known.eq_ignore_ascii_case(unit.trim()))
}

/// Units and the quantities in them; what was consumed before what was priced, which may be in blocks.
const QUANTITIES: [(Field, Field); 2] =
    [(Field::ConsumedUnit, Field::ConsumedQuantity), (Field::PricingUnit, Field::PricingQuantity)];

/// Reads what a charge of usage meters; `None` where it says neither cores nor memory.
pub(super) fn metered(schema: &Schema, record: &Record<'_>) -> Option<Metered> {
    let mut in_hours = None;
    for (unit, quantity) in QUANTITIES {
        let Some(unit) = schema.text(unit, record) else { continue };
        let read = || {
            let text = schema.text(quantity, record)?;
            let amount = Amount::parse(text.as_bytes()).ok()?.amount;
            Some(amount).filter(|amount| *amount > Amount::ZERO)
        };
        if is_core_hours(&unit) {
            return read().map(Metered::Cores);
        }
        if is_gib_hours(&unit) {
            // Storage is metered in them too.
            return read().filter(|_| names(schema, record, &["Instance Ram", "Fargate"])).map(Metered::Memory);
        }
        if is_hours(&unit) {
            in_hours = in_hours.or_else(read);
        }
    }
    let hours = in_hours?;
    if names(schema, record, &["Instance Core"]) {
        return Some(Metered::Cores(hours));
    }
    let is_compute = schema.text(Field::ServiceCategory, record).is_some_and(|category| category == "Compute");
    schema.machine(record).filter(|_| is_compute).map(|size| Metered::Machine(size, hours))
}

fn names(schema: &Schema, record: &Record<'_>, parts: &[&str]) -> bool {
    schema.text(Field::UsageType, record).is_some_and(|usage| parts.iter().any(|part| usage.contains(part)))
}
