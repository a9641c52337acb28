//! The changes of a cost report, counted anew from the amounts of its groups.
//!
//! A change is flagged when `|current − previous|` is more than 20 % of `|previous|`. Which scopes are flagged follows from
//! the groups, for the total, for each dimension that is shown and for the groups themselves, so neither leaving a change
//! out nor inventing one helps:
//!
//! * a flagged scope that the report does not list may only lie under the policy's floor; a report leaves out no more
//!   than it counts there. The floor itself is not in the report, so what lies under it counts as not explained;
//! * a change that is listed says the same of itself everywhere: percentages, kind and state follow from its amounts and its
//!   note, and what moved in it adds up to it;
//! * a change on a level that the groups do not show (an account, a dimension left out) cannot be checked; it counts
//!   where nobody explained it, and not otherwise.

use serde_json::Value;

use super::agreement::percentages;
use super::measured::{amount, stated};
use crate::money::{Amount, exceeds_percent};
use crate::order::{BTreeMap, BTreeSet, Order as _};

/// Changes above this many percent need an explanation.
pub(super) const THRESHOLD: u32 = 20;

/// Levels of changes.
const LEVELS: [&str; 7] = ["total", "squad", "service", "service_name", "environment", "sub_account_id", "group"];

/// Level and values of a scope.
type Scope = (String, Vec<(String, Option<String>)>);

/// Both sides of a scope; `None` where nothing states them.
type Sides = [Option<Amount>; 2];

/// A group of the report, as far as it is counted.
pub(super) struct Group {
    /// Value of each dimension, in the report's order.
    pub key: Vec<(String, Option<String>)>,
    /// This month.
    pub amount: Option<Amount>,
    /// This month, compared days.
    pub compared: Option<Amount>,
    /// The month before, on the same days.
    pub previous: Option<Amount>,
    /// Rows of this month that do not state the metric.
    pub missing_rows: u64,
}

impl Group {
    /// The value of a dimension.
    pub(super) fn value(&self, dimension: &str) -> Option<&str> {
        let found = self.key.iter().find(|(name, _)| name == dimension);
        found.and_then(|(_, value)| value.as_deref())
    }
}

/// Explained and flagged changes; `None` where the report compares nothing.
pub(super) fn explained(
    report: &Value,
    dimensions: &[String],
    groups: &[Group],
    days: [[u8; 2]; 2],
) -> Result<Option<(u64, u64)>, String> {
    let listed = listed(report, days)?;
    if report["previous_month"].is_null() || groups.iter().all(|group| group.previous.is_none()) {
        return if listed.is_empty() {
            Ok(None)
        } else {
            Err("it lists changes, and its groups have nothing to compare with".to_owned())
        };
    }
    let scopes = scopes(dimensions, groups)?;
    let levels: BTreeSet<&str> = scopes.keys().map(|(level, _)| level.as_str()).collect();
    let (mut reasons, mut flagged) = (0, 0);
    for (scope, change) in &listed {
        if !levels.contains(scope.0.as_str()) {
            flagged += u64::from(!change.reason);
            continue;
        }
        let own = scopes.get(scope).map(|sides| sides.map(Option::unwrap_or_default));
        if own != Some(change.sides) {
            return Err(format!("the change of {} is not what its groups add up to", words(scope)));
        }
        flagged += 1;
        reasons += u64::from(change.reason);
    }
    let (mut small, mut size, mut first) = (0_u64, Amount::ZERO, None);
    for (scope, sides) in &scopes {
        let [Some(current), Some(previous)] = *sides else { continue };
        let delta = current.checked_sub(previous).ok_or_else(too_large)?;
        if exceeds_percent(delta, previous, THRESHOLD) && !listed.contains_key(scope) {
            let delta = if delta < Amount::ZERO { Amount::ZERO.checked_sub(delta) } else { Some(delta) };
            size = delta.and_then(|delta| size.checked_add(delta)).ok_or_else(too_large)?;
            small += 1;
            first = first.or(Some(scope));
        }
    }
    if let Some(scope) = first {
        let floor = &report["below_floor"];
        let under = floor["count"].as_u64().unwrap_or(0);
        if small > under || size > amount(&floor["amount"], "below_floor.amount").unwrap_or_default() {
            return Err(format!(
                "{small} scopes changed by more than {THRESHOLD} % and are not among its changes, {} first",
                words(scope)
            ));
        }
    }
    Ok(Some((reasons, flagged + small)))
}

/// A change that the report lists.
struct Listed {
    /// This month and the month before.
    sides: [Amount; 2],
    /// Whether somebody gave a reason.
    reason: bool,
}

fn listed(report: &Value, days: [[u8; 2]; 2]) -> Result<BTreeMap<Scope, Listed>, String> {
    let mut listed = BTreeMap::new();
    for change in report["changes"].as_array().ok_or("the report has no `changes`")? {
        let side = |name: &'static str| match change.get(name) {
            None => Err(format!("a change of the report has no `{name}`")),
            Some(value) => stated(value, name).map(Option::unwrap_or_default),
        };
        let sides = [side("current")?, side("previous")?];
        let [current, previous] = sides;
        let level = change["scope"]["level"].as_str().ok_or("a change of the report has no `scope.level`")?;
        let scope = (level.to_owned(), key_of(&change["scope"]["key"], "scope.key")?);
        if !LEVELS.contains(&level) {
            return Err(format!("there are no changes on a level of `{level}`"));
        }
        let delta = current.checked_sub(previous).ok_or_else(too_large)?;
        if amount(&change["delta"], "changes.delta")? != delta {
            return Err(format!("the change of {} has another `delta` than its amounts, {delta}", words(&scope)));
        }
        if report["metric"] != change["metric"] {
            return Err(format!("the change of {} is of another metric than the report", words(&scope)));
        }
        if !exceeds_percent(delta, previous, THRESHOLD) {
            return Err(format!("the change of {} is of no more than {THRESHOLD} %", words(&scope)));
        }
        if !percentages(change, Some(current), Some(previous), days)? {
            return Err(format!("the percentages of the change of {} do not follow from its amounts", words(&scope)));
        }
        let is_kind = match change["kind"].as_str() {
            Some("new") => previous.is_zero(),
            Some("gone") => current.is_zero(),
            Some("rise") => delta > Amount::ZERO,
            Some("fall") => delta < Amount::ZERO,
            _ => false,
        };
        if !is_kind {
            return Err(format!("the change of {} is of another kind than its amounts", words(&scope)));
        }
        let reason = change["note"]["why"].as_str().is_some_and(|why| !why.trim().is_empty());
        let is_state = match change["state"].as_str() {
            Some("unexplained") => change["note"].is_null(),
            Some("explained" | "planned") => reason,
            _ => false,
        };
        if !is_state {
            return Err(format!("the change of {} has another state than its note", words(&scope)));
        }
        if moved(change)? != delta {
            return Err(format!("what moved in the change of {} does not add up to it", words(&scope)));
        }
        let twice = format!("it lists the change of {} twice", words(&scope));
        if listed.insert(scope, Listed { sides, reason }).is_some() {
            return Err(twice);
        }
    }
    Ok(listed)
}

/// What a change says moved in it, and the rest.
fn moved(change: &Value) -> Result<Amount, String> {
    let contributors = change["contributors"].as_array().ok_or("a change of the report has no `contributors`")?;
    let named = contributors.iter().map(|part| amount(&part["delta"], "contributors.delta"));
    let parts: Vec<Amount> = named.chain([amount(&change["other"], "changes.other")]).collect::<Result<_, _>>()?;
    Amount::checked_sum(parts).ok_or_else(too_large)
}

/// Both sides of every scope that the groups show.
fn scopes(dimensions: &[String], groups: &[Group]) -> Result<BTreeMap<Scope, Sides>, String> {
    let mut scopes: BTreeMap<Scope, Sides> = BTreeMap::new();
    for group in groups {
        let mut own: Vec<Scope> =
            vec![("total".to_owned(), Vec::new()), ("group".to_owned(), in_order(group.key.clone()))];
        for (name, value) in &group.key {
            if ["squad", "service", "service_name", "environment"].contains(&name.as_str()) && dimensions.contains(name)
            {
                own.push((name.clone(), vec![(name.clone(), value.clone())]));
            }
        }
        for scope in own {
            let sides = scopes.entry(scope).or_default();
            for (sum, part) in sides.iter_mut().zip([group.compared, group.previous]) {
                if let Some(part) = part {
                    *sum = Some(sum.unwrap_or_default().checked_add(part).ok_or_else(too_large)?);
                }
            }
        }
    }
    Ok(scopes)
}

/// Names and values of a key.
pub(super) fn key_of(value: &Value, what: &str) -> Result<Vec<(String, Option<String>)>, String> {
    let key = value.as_object().ok_or_else(|| format!("the report has no `{what}`"))?;
    Ok(in_order(key.iter().map(|(name, value)| (name.clone(), value.as_str().map(str::to_owned))).collect()))
}

fn in_order(mut key: Vec<(String, Option<String>)>) -> Vec<(String, Option<String>)> {
    key.order();
    key
}

fn words((level, key): &Scope) -> String {
    let values: Vec<&str> = key.iter().map(|(_, value)| value.as_deref().unwrap_or("unallocated")).collect();
    if values.is_empty() { format!("the {level}") } else { format!("{level} `{}`", values.join(" / ")) }
}

pub(super) fn too_large() -> String {
    "its amounts add up to more than can be held".to_owned()
}
