//! The bill as a whole, one currency at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cell::Cell;
use super::file::{FileLedger, SourceMonth};
use super::set::{Role, Slot, resolved};
use super::view::Answer;
use super::worker::Overflow;
use crate::bill::Source;
use crate::calendar::Month;
use crate::money::Currency;

/// A group's key within a currency: whose bill, and the value of each dimension.
pub type Group = (Arc<Source>, Vec<Option<Arc<str>>>);

/// An account's key within a currency.
pub type Account = (Arc<Source>, Option<Arc<str>>);

/// The sums of all files in one currency.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    /// By month.
    pub months: BTreeMap<Month, MonthSums>,
    /// Rules that put charges into each group.
    pub rules: BTreeMap<Vec<Option<Arc<str>>>, BTreeSet<u32>>,
}

/// One month's sums.
#[derive(Clone, Debug, Default)]
pub struct MonthSums {
    /// By group.
    pub groups: BTreeMap<Group, Cell>,
    /// By account: the control totals, which no rule has touched.
    pub accounts: BTreeMap<Account, Cell>,
    /// Charges longer than a day that a comparison of days leaves out.
    pub not_daily: BTreeMap<Account, Cell>,
}

/// Which files' rows count for what.
pub type Roles = BTreeMap<(usize, Slot), Role>;

/// Adds files up by currency.
///
/// # Errors
/// When a sum goes out of range.
pub fn add_up(
    files: &[FileLedger],
    skipped: &BTreeSet<usize>,
    roles: &Roles,
) -> Result<BTreeMap<Currency, Sums>, Overflow> {
    let mut all: BTreeMap<Currency, Gathered> = BTreeMap::new();
    for (index, file) in files.iter().enumerate().filter(|(index, _)| !skipped.contains(index)) {
        let role = |source: &Arc<Source>, month: Month| {
            if roles.is_empty() {
                return Role::Whole;
            }
            roles.get(&(index, (source.clone(), month))).copied().unwrap_or_default()
        };
        for (month, groups) in &file.groups {
            for (key, cell) in groups {
                let Some(cell) = resolved(*cell, key.part, file.basis, role(&key.source, *month)) else { continue };
                let gathered = gathered(&mut all, &key.currency);
                gathered
                    .months
                    .entry(*month)
                    .or_default()
                    .groups
                    .push(((key.source.clone(), key.values.clone()), cell));
            }
        }
        let accounts = file.accounts.iter().map(|(month, cells)| (month, cells, false));
        let not_daily = file.not_daily.iter().map(|(month, cells)| (month, cells, true));
        for (month, cells, long) in accounts.chain(not_daily) {
            for (key, cell) in cells {
                let Some(cell) = resolved(*cell, key.part, file.basis, role(&key.source, *month)) else { continue };
                let month = gathered(&mut all, &key.currency).months.entry(*month).or_default();
                let cells = if long { &mut month.not_daily } else { &mut month.accounts };
                cells.push(((key.source.clone(), key.sub_account_id.clone()), cell));
            }
        }
        for (key, rules) in &file.rules {
            let rules_of = &mut gathered(&mut all, &key.currency).rules;
            rules_of.entry(key.values.clone()).or_default().extend(rules);
        }
    }
    all.retain(|_, gathered| !gathered.months.is_empty());
    all.into_iter().map(|(currency, gathered)| Ok((currency, gathered.summed()?))).collect()
}

/// Cells of one currency before equal keys are merged. Files come sorted, so sorting them together once is quicker
/// than looking every key up.
#[derive(Default)]
struct Gathered {
    months: BTreeMap<Month, GatheredMonth>,
    rules: BTreeMap<Vec<Option<Arc<str>>>, BTreeSet<u32>>,
}

#[derive(Default)]
struct GatheredMonth {
    groups: Vec<(Group, Cell)>,
    accounts: Vec<(Account, Cell)>,
    not_daily: Vec<(Account, Cell)>,
}

fn gathered<'a>(all: &'a mut BTreeMap<Currency, Gathered>, currency: &Currency) -> &'a mut Gathered {
    all.entry(currency.clone()).or_default()
}

impl Gathered {
    fn summed(self) -> Result<Sums, Overflow> {
        let month = |month: GatheredMonth| {
            Ok(MonthSums {
                groups: merged(month.groups)?,
                accounts: merged(month.accounts)?,
                not_daily: merged(month.not_daily)?,
            })
        };
        let months = self.months.into_iter().map(|(of, cells)| Ok((of, month(cells)?))).collect::<Result<_, _>>()?;
        Ok(Sums { months, rules: self.rules })
    }
}

fn merged<K: Ord>(mut cells: Vec<(K, Cell)>) -> Result<BTreeMap<K, Cell>, Overflow> {
    cells.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut merged: Vec<(K, Cell)> = Vec::with_capacity(cells.len());
    for (key, cell) in cells {
        match merged.last_mut() {
            Some((last, sum)) if *last == key => sum.merge(&cell).ok_or(Overflow)?,
            _ => merged.push((key, cell)),
        }
    }
    Ok(merged.into_iter().collect())
}

/// The days with daily usage of every slot, all counted files together.
pub fn usage_days(files: &[FileLedger], skipped: &BTreeSet<usize>, roles: &Roles) -> BTreeMap<Slot, u32> {
    let mut days: BTreeMap<Slot, u32> = BTreeMap::new();
    for (index, file) in files.iter().enumerate().filter(|(index, _)| !skipped.contains(index)) {
        for (source, months) in &file.sources {
            for (month, facts) in months {
                let slot = (source.clone(), *month);
                if roles.get(&(index, slot.clone())) != Some(&Role::Dropped) {
                    *days.entry(slot).or_default() |= facts.usage_days;
                }
            }
        }
    }
    days
}

/// Whether a month is whole in all sources that have it.
pub fn month_complete(days: &BTreeMap<Slot, u32>, sources: &BTreeSet<Arc<Source>>, month: Month) -> Answer {
    let answers = days
        .iter()
        .filter(|((source, of), _)| *of == month && sources.contains(source))
        .map(|(_, days)| SourceMonth::completeness(month, *days));
    answers.fold(Answer::Yes, |all, one| match (all, one) {
        (Answer::No, _) | (_, Answer::No) => Answer::No,
        (Answer::Unknown, _) | (_, Answer::Unknown) => Answer::Unknown,
        _ => Answer::Yes,
    })
}
