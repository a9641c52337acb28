//! How much of what commitments could cover they do cover, from a cost report that shows them.
//!
//! Such a report is one by list or contracted cost, what usage would cost without a commitment, whose groups show
//! `service_name`, `charge_category`, `pricing_category` and `commitment_discount_status`. Of its usage
//!
//! * covered is what is priced by a commitment that is `Used`;
//! * eligible is that, and what is charged beside it in the same services by the standard price. Spot prices are not, nor is
//!   what a commitment paid for and nobody used.
//!
//! A bill does not tell what else of a service could be covered, so all of it counts: the true coverage is no lower. Where no
//! service has anything covered, or usage does not state the cost, nothing is measured.

use serde_json::Value;

use super::quantity::Quantity;
use super::recount::{Group, too_large};
use crate::money::Amount;
use crate::order::BTreeSet;

const DIMENSIONS: [&str; 4] = ["service_name", "charge_category", "pricing_category", "commitment_discount_status"];

/// What a report tells of commitments.
#[derive(Clone, Debug)]
pub(super) enum Commitments {
    /// The part of eligible cost that is covered, in percent.
    Covered(Quantity),
    /// Why it tells nothing.
    Unknown(String),
}

impl Commitments {
    /// With those in another currency: the lowest counts.
    pub(super) fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Covered(one), Self::Covered(other)) => Self::Covered(one.min(other)),
            (unknown @ Self::Unknown(_), _) | (_, unknown) => unknown,
        }
    }
}

/// What a report tells of commitments; `None` where it is not made to.
pub(super) fn of(
    report: &Value,
    metric: &str,
    dimensions: &[String],
    groups: &[Group],
) -> Result<Option<Commitments>, String> {
    let has_all = DIMENSIONS.iter().all(|name| dimensions.iter().any(|known| known == name));
    if !has_all || !["list", "contracted"].contains(&metric) {
        return Ok(None);
    }
    let is_usage = |group: &&Group| group.value("charge_category") == Some("Usage");
    let is_covered = |group: &Group| {
        let (priced, status) = (group.value("pricing_category"), group.value("commitment_discount_status"));
        priced == Some("Committed") && status == Some("Used")
    };
    // Nothing that is covered has a price of its own, and what nobody used is no use.
    let is_eligible = |group: &Group| match group.value("pricing_category") {
        Some("Dynamic" | "Other") => false,
        Some("Committed") => is_covered(group),
        _ => group.value("commitment_discount_status") != Some("Unused"),
    };
    let services: BTreeSet<Option<&str>> = groups
        .iter()
        .filter(is_usage)
        .filter(|group| is_covered(group))
        .map(|group| group.value("service_name"))
        .collect();
    if services.is_empty() {
        let why = "names no use that a commitment covers, and a bill does not tell what one could cover";
        return Ok(Some(Commitments::Unknown(why.to_owned())));
    }
    let (mut covered, mut eligible, mut missing) = (Amount::ZERO, Amount::ZERO, 0_u64);
    let mut silent: Option<&Group> = None;
    for group in groups {
        missing += group.missing_rows;
        if !is_usage(&group) || !is_eligible(group) || !services.contains(&group.value("service_name")) {
            continue;
        }
        if group.missing_rows > 0 || group.amount.is_none() {
            silent = silent.or(Some(group));
        }
        let cost = group.amount.unwrap_or_default();
        eligible = eligible.checked_add(cost).ok_or_else(too_large)?;
        if is_covered(group) {
            covered = covered.checked_add(cost).ok_or_else(too_large)?;
        }
    }
    if let Some(group) = silent {
        let service = group.value("service_name").unwrap_or("a service without a name");
        let why = format!("holds usage of {service} that states no {metric} cost");
        return Ok(Some(Commitments::Unknown(why)));
    }
    if Some(missing) != report["totals"][metric]["missing_rows"].as_u64() {
        return Err(format!("the rows without {metric} cost in its groups are not those of its totals"));
    }
    let part = Quantity::percent_of(covered, eligible).filter(|_| covered.units() >= 0 && covered <= eligible);
    let why = || Commitments::Unknown(format!("holds eligible use of {eligible} and covered use of {covered}"));
    Ok(Some(part.map_or_else(why, Commitments::Covered)))
}
