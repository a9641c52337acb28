//! The report's figures, added up charge by charge.

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigInt;
use serde_json::{Value, json};

use super::bill::{Charge, days_in, month_text};
use super::decimal::{amount, half_even, magnitude, ten_to, text};
use super::policy::allocate;

/// Place of the effective cost among the metrics: the one that groups and changes are in.
const EFFECTIVE: usize = 1;

const METRICS: [&str; 4] = ["billed", "effective", "list", "contracted"];

/// The values of a key's dimensions.
type Key = Vec<Option<String>>;

/// Provider and billing account.
type Source = (Option<String>, Option<String>);

/// A charge and where it belongs.
#[derive(Clone, Debug)]
struct Placed {
    charge: Charge,
    dimensions: BTreeMap<String, String>,
}

/// The charges of a bill under a policy.
#[derive(Clone, Debug)]
pub struct Ledger {
    charges: Vec<Placed>,
    dimensions: Vec<&'static str>,
}

/// The days on which months are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Basis {
    Nothing,
    Whole,
    Days(i64, i64),
}

impl Ledger {
    /// Places every charge.
    pub fn new(charges: Vec<Charge>, policy: &Value) -> Self {
        let sets_service =
            policy["rule"].as_array().into_iter().flatten().any(|rule| rule["set"]["service"] != Value::Null);
        let dimensions = ["squad", "service", "service_name", "environment"];
        let place = |charge: Charge| {
            let mut dimensions = allocate(policy, &charge);
            dimensions.extend(charge.fields.get("ServiceName").map(|name| ("service_name".to_owned(), name.clone())));
            Placed { charge, dimensions }
        };
        Self {
            charges: charges.into_iter().map(place).collect(),
            dimensions: dimensions.into_iter().filter(|name| *name != "service" || sets_service).collect(),
        }
    }

    /// Currencies with charges in the month, sorted; without a month, all.
    pub fn currencies(&self, month: Option<i64>) -> BTreeSet<String> {
        let of_month = self.charges.iter().filter(|placed| month.is_none_or(|month| placed.charge.month == month));
        of_month.map(|placed| placed.charge.currency.clone()).collect()
    }

    /// Months with charges.
    pub fn months(&self) -> BTreeSet<i64> {
        self.charges.iter().map(|placed| placed.charge.month).collect()
    }

    /// The month a currency's report is of when none is asked for, in the month of asking: the one chosen over all
    /// currencies, else its own.
    pub fn chosen(&self, currency: &str, asking: i64) -> Option<i64> {
        let all = self.charges.iter().map(|placed| &placed.charge);
        let mine = || all.clone().filter(|charge| charge.currency == currency);
        let common = self.latest(&all, asking)?;
        if mine().any(|charge| charge.month == common) { Some(common) } else { self.latest(&mine(), asking) }
    }

    /// The latest month that is whole, else the latest that may be and is over, else one that may be, else the latest.
    fn latest<'c>(&self, charges: &(impl Iterator<Item = &'c Charge> + Clone), asking: i64) -> Option<i64> {
        let months: BTreeSet<i64> = charges.clone().map(|charge| charge.month).collect();
        let of = |month: i64| charges.clone().filter(move |charge| charge.month == month);
        let complete = |month: i64| self.complete(&of(month).map(|charge| charge.source.clone()).collect(), month);
        let latest = |wanted: &dyn Fn(i64) -> bool| months.iter().rev().copied().find(|month| wanted(*month));
        latest(&|month| complete(month) == "yes")
            .or_else(|| latest(&|month| complete(month) == "unknown" && month < asking))
            .or_else(|| latest(&|month| complete(month) == "unknown"))
            .or_else(|| latest(&|_| true))
    }

    /// The figures of a month, with the keys of the report document.
    pub fn report(&self, currency: &str, month: i64) -> Value {
        let mine: Vec<&Placed> = self.charges.iter().filter(|placed| placed.charge.currency == currency).collect();
        let of = |month: i64| mine.iter().copied().filter(move |placed| placed.charge.month == month);
        let sources = |month: i64| of(month).map(|placed| placed.charge.source.clone()).collect::<BTreeSet<_>>();
        let previous = of(month - 1).next().map(|_| month - 1);
        let both: BTreeSet<_> = match previous {
            Some(previous) => sources(month).intersection(&sources(previous)).cloned().collect(),
            None => BTreeSet::new(),
        };
        let basis = self.basis(&both, month);
        let taken = |placed: &&Placed| {
            let charge = &placed.charge;
            both.contains(&charge.source)
                && match basis {
                    Basis::Nothing => false,
                    Basis::Whole => true,
                    Basis::Days(first, last) => charge.daily && (first..=last).contains(&charge.day),
                }
        };
        let now: Vec<&Placed> = of(month).filter(taken).collect();
        let before: Vec<&Placed> = of(month - 1).filter(taken).collect();
        let days = match basis {
            Basis::Days(first, last) => (last - first + 1, last - first + 1),
            _ => (days_in(month), days_in(month - 1)),
        };
        let (first, last) = if let Basis::Days(first, last) = basis { (first, last) } else { (1, days_in(month)) };
        let day = |day: i64| format!("{}-{day:02}", month_text(month));
        let whole: Vec<&Placed> = of(month).collect();
        json!({
            "currency": currency,
            "month": month_text(month),
            "complete": self.complete(&sources(month), month),
            "previous_month": previous.map(month_text),
            "basis": {"from": day(first), "to": day(last)},
            "totals": METRICS.iter().enumerate().map(|(metric, name)| {
                let missing = whole.iter().filter(|placed| placed.charge.costs[metric].is_none()).count();
                let sum = sum(&whole, metric).as_ref().map(amount);
                ((*name).to_owned(), json!({"amount": sum, "rows": whole.len(), "missing_rows": missing}))
            }).collect::<serde_json::Map<_, _>>(),
            "conservation": METRICS.iter().enumerate().map(|(metric, name)| {
                let split = whole.iter().copied().partition::<Vec<_>, _>(|placed| placed.dimensions.contains_key("squad"));
                let input = sum(&whole, metric);
                let part = |part: &[&Placed]| {
                    let known = sum(part, metric).or(input.as_ref().map(|_| BigInt::ZERO));
                    known.as_ref().map(amount)
                };
                let difference = input.as_ref().map(|_| "0");
                let (allocated, unallocated) = (part(&split.0), part(&split.1));
                let input = input.as_ref().map(amount);
                let kept = json!({"input": input, "allocated": allocated, "unallocated": unallocated, "difference": difference});
                ((*name).to_owned(), kept)
            }).collect::<serde_json::Map<_, _>>(),
            "dimensions": self.dimensions,
            "groups": self.groups(&whole, &now, &before, basis, days),
            "changes": self.changes(&now, &before, days),
            "not_compared": not_compared(&mine, &both, month, previous, basis),
        })
    }

    /// Days with daily usage of a source's month, whatever the currency.
    fn usage_days(&self, source: &Source, month: i64) -> BTreeSet<i64> {
        let of = self.charges.iter().map(|placed| &placed.charge);
        let of = of.filter(|charge| charge.source == *source && charge.month == month && charge.usage && charge.daily);
        of.map(|charge| charge.day).collect()
    }

    fn complete(&self, sources: &BTreeSet<Source>, month: i64) -> &'static str {
        let answers: BTreeSet<&str> =
            sources.iter().map(|source| whole(&self.usage_days(source, month), month)).collect();
        ["no", "unknown"].into_iter().find(|answer| answers.contains(answer)).unwrap_or("yes")
    }

    fn basis(&self, both: &BTreeSet<Source>, month: i64) -> Basis {
        if both.is_empty() {
            return Basis::Nothing;
        }
        let all = [month, month - 1].into_iter().flat_map(|month| both.iter().map(move |source| (source, month)));
        let all = all.map(|(source, month)| (self.usage_days(source, month), month));
        let partial: Vec<BTreeSet<i64>> =
            all.filter(|(days, month)| whole(days, *month) == "no").map(|(days, _)| days).collect();
        if partial.is_empty() {
            return Basis::Whole;
        }
        let first = partial.iter().filter_map(|days| days.first().copied()).max().unwrap_or(1);
        let last = partial.iter().filter_map(|days| days.last().copied()).min().unwrap_or(1);
        let last = last.min(days_in(month)).min(days_in(month - 1));
        if first > last { Basis::Nothing } else { Basis::Days(first, last) }
    }

    fn groups(
        &self,
        whole: &[&Placed],
        now: &[&Placed],
        before: &[&Placed],
        basis: Basis,
        days: (i64, i64),
    ) -> Vec<Value> {
        let key = |placed: &Placed| key_of(placed, &self.dimensions);
        let (all, now, before) = (grouped(whole, key), grouped(now, key), grouped(before, key));
        let keys: BTreeSet<&Key> = all.keys().chain(now.keys()).chain(before.keys()).collect();
        let mut groups: Vec<(&Key, Value)> = Vec::new();
        for key in keys {
            let stated = |side: &BTreeMap<Key, Vec<&Placed>>| match side.get(key) {
                None => Some(BigInt::ZERO),
                Some(placed) => sum(placed, EFFECTIVE),
            };
            let (total, current, previous) = (stated(&all), stated(&now), stated(&before));
            if [&total, &current, &previous].iter().all(|amount| **amount == Some(BigInt::ZERO)) {
                continue;
            }
            let compared = basis != Basis::Nothing && (now.contains_key(key) || before.contains_key(key));
            let (current, previous) = if compared { (current, previous) } else { (None, None) };
            let delta = current.as_ref().zip(previous.as_ref()).map(|(current, previous)| current - previous);
            let rates = current.as_ref().zip(previous.as_ref());
            let mut group = json!({
                "key": named(&self.dimensions, key),
                "amount": total.as_ref().map(amount),
                "compared": current.as_ref().map(amount),
                "previous": previous.as_ref().map(amount),
                "delta": delta.as_ref().map(amount),
                "percent": rates.and_then(|(current, previous)| percent(current, previous)),
                "percent_per_day": rates.and_then(|(current, previous)| per_day(current, previous, days)),
            });
            let of_group = all.get(key).into_iter().flatten();
            let missing = of_group.filter(|placed| placed.charge.costs[EFFECTIVE].is_none()).count();
            if missing > 0 {
                group["missing_rows"] = json!(missing);
            }
            groups.push((key, group));
        }
        groups.sort_by_key(|(key, _)| null_last(key));
        groups.into_iter().map(|(_, group)| group).collect()
    }

    fn changes(&self, now: &[&Placed], before: &[&Placed], days: (i64, i64)) -> Vec<Value> {
        let mut changes = Vec::new();
        let levels = ["total", "squad", "service", "service_name", "environment", "sub_account_id", "group"];
        for (rank, level) in levels.into_iter().enumerate() {
            let names: Vec<&str> = match level {
                "total" => Vec::new(),
                "group" => self.dimensions.clone(),
                "sub_account_id" => vec![level],
                _ if self.dimensions.contains(&level) => vec![level],
                _ => continue,
            };
            let key = |placed: &Placed| match level {
                "sub_account_id" => vec![placed.charge.fields.get("SubAccountId").cloned()],
                _ => key_of(placed, &names),
            };
            let (now, before) = (grouped(now, key), grouped(before, key));
            for key in now.keys().chain(before.keys()).collect::<BTreeSet<_>>() {
                let side = |side: &BTreeMap<Key, Vec<&Placed>>| match side.get(key) {
                    None => Some(BigInt::ZERO),
                    Some(placed) => sum(placed, EFFECTIVE),
                };
                let (Some(current), Some(previous)) = (side(&now), side(&before)) else { continue };
                let delta = &current - &previous;
                if magnitude(&delta) * 100 <= magnitude(&previous) * 20 {
                    continue;
                }
                let kind = match (before.contains_key(key), now.contains_key(key)) {
                    (false, _) => "new",
                    (_, false) => "gone",
                    _ if delta < BigInt::ZERO => "fall",
                    _ => "rise",
                };
                let change = json!({
                    "scope": {"level": level, "key": named(&names, key)},
                    "previous": amount(&previous),
                    "current": amount(&current),
                    "delta": amount(&delta),
                    "percent": percent(&current, &previous),
                    "percent_per_day": per_day(&current, &previous, days),
                    "kind": kind,
                    "state": "unexplained",
                });
                changes.push(((-magnitude(&delta), rank, null_last(key)), change));
            }
        }
        changes.sort_by(|(a, _), (b, _)| a.cmp(b));
        changes.into_iter().map(|(_, change)| change).collect()
    }
}

/// Whether days of usage make a whole month.
fn whole(days: &BTreeSet<i64>, month: i64) -> &'static str {
    match (days.first(), days.last()) {
        (None, _) | (_, None) => "unknown",
        (Some(1), Some(last)) if *last == days_in(month) => "yes",
        _ => "no",
    }
}

fn not_compared(
    mine: &[&Placed],
    both: &BTreeSet<Source>,
    month: i64,
    previous: Option<i64>,
    basis: Basis,
) -> Vec<Value> {
    let mut sums: BTreeMap<_, Vec<&Placed>> = BTreeMap::new();
    for placed in mine {
        let charge = &placed.charge;
        if previous.is_none() || ![month, month - 1].contains(&charge.month) {
            continue;
        }
        let reason = match (both.contains(&charge.source), basis) {
            (false, _) if charge.month == month => "absent_in_previous",
            (false, _) => "absent_in_current",
            (true, Basis::Days(..)) if !charge.daily => "not_daily",
            (true, Basis::Nothing) => "no_common_day",
            _ => continue,
        };
        sums.entry((charge.source.clone(), charge.month, reason)).or_default().push(placed);
    }
    let entry = |((source, month, reason), charges): ((Source, i64, &str), Vec<&Placed>)| {
        json!({
            "source": {"provider_name": source.0, "billing_account_id": source.1},
            "month": month_text(month),
            "amount": sum(&charges, EFFECTIVE).as_ref().map(amount),
            "reason": reason,
        })
    };
    sums.into_iter().map(entry).collect()
}

fn key_of(placed: &Placed, dimensions: &[&str]) -> Key {
    dimensions.iter().map(|name| placed.dimensions.get(*name).cloned()).collect()
}

fn grouped<'p>(charges: &[&'p Placed], key: impl Fn(&Placed) -> Key) -> BTreeMap<Key, Vec<&'p Placed>> {
    let mut groups: BTreeMap<Key, Vec<&Placed>> = BTreeMap::new();
    for placed in charges {
        groups.entry(key(placed)).or_default().push(placed);
    }
    groups
}

/// The sum of the charges that state the metric; `None` when none does.
fn sum(charges: &[&Placed], metric: usize) -> Option<BigInt> {
    let stated: Vec<&BigInt> = charges.iter().filter_map(|placed| placed.charge.costs[metric].as_ref()).collect();
    if stated.is_empty() { None } else { Some(stated.into_iter().sum()) }
}

fn percent(current: &BigInt, previous: &BigInt) -> Option<String> {
    if *previous == BigInt::ZERO {
        return None;
    }
    let (delta, base) = (current - previous, magnitude(previous));
    let steps = half_even(&(&delta * ten_to(6)), &base);
    let (size, edge) = (magnitude(&steps), BigInt::from(200_000));
    let beyond = magnitude(&delta) * 100 > &base * 20;
    // What is flagged never reads as exactly 20.
    let shown = if size == edge && beyond { if steps < BigInt::ZERO { steps - 1 } else { steps + 1 } } else { steps };
    Some(text(&shown, 4))
}

fn per_day(current: &BigInt, previous: &BigInt, days: (i64, i64)) -> Option<String> {
    percent(&(current * days.1), &(previous * days.0))
}

fn named(names: &[&str], key: &Key) -> Value {
    names
        .iter()
        .map(|name| (*name).to_owned())
        .zip(key.iter().map(|value| json!(value)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn null_last(key: &Key) -> Vec<(bool, Option<String>)> {
    key.iter().map(|value| (value.is_none(), value.clone())).collect()
}
