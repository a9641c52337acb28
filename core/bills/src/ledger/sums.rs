//! The bill as a whole, one currency at a time.

use std::sync::Arc;

use super::cell::Cell;
use super::file::{FileLedger, SourceMonth};
use super::keys::{AccountKey, GroupKey};
use super::set::{CostBasis, Role, Slot, resolved};
use super::table::{Gathering, Table};
use super::view::Answer;
use super::worker::Overflow;
use crate::bill::{Part, Source};
use crate::calendar::Month;
use crate::money::Currency;
use crate::order::{BTreeMap, BTreeSet};

/// A group's key within a currency: whose bill, and the value of each dimension.
pub type Group = (Arc<Source>, Vec<Option<Arc<str>>>);

/// An account's key within a currency.
pub type Account = (Arc<Source>, Option<Arc<str>>);

/// The sums of all files in one currency.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    /// By group, and the rules that put charges into each.
    pub groups: Table<Group>,
    /// By account: the control totals, which no rule has touched.
    pub accounts: Table<Account>,
    /// Charges longer than a day that a comparison of days leaves out.
    pub not_daily: Table<Account>,
    /// Charges of days of another month that such a comparison leaves out too.
    pub other_month: Table<Account>,
    /// The sources that have charges in each month, whoever owns them.
    pub present: BTreeMap<Month, BTreeSet<Arc<Source>>>,
}

impl Sums {
    /// The sources that have charges in a month, whoever owns them.
    pub fn sources(&self, month: Month) -> BTreeSet<Arc<Source>> {
        self.present.get(&month).cloned().unwrap_or_default()
    }
}

/// Which files' rows count for what.
pub type Roles = BTreeMap<(usize, Slot), Role>;

/// Adds files up by currency: groups and accounts of the owner asked for, by position in a group's values.
///
/// # Errors
/// When a sum goes out of range.
pub fn add_up(
    files: &[FileLedger],
    skipped: &BTreeSet<usize>,
    roles: &Roles,
    owner: &[(usize, Option<String>)],
) -> Result<BTreeMap<Currency, Sums>, Overflow> {
    let (mut groups, mut accounts) = (ByCurrency::new(), ByCurrency::new());
    let (mut not_daily, mut other_month) = (ByCurrency::new(), ByCurrency::new());
    let mut present: BTreeMap<Currency, BTreeMap<Month, BTreeSet<Arc<Source>>>> = BTreeMap::new();
    for (index, file) in files.iter().enumerate().filter(|(index, _)| !skipped.contains(index)) {
        let role = |source: &Arc<Source>, month: Month| {
            if roles.is_empty() {
                return Role::Whole;
            }
            roles.get(&(index, (source.clone(), month))).copied().unwrap_or_default()
        };
        let is_theirs = |key: &GroupKey| {
            let has = |(at, wanted): &(usize, Option<String>)| {
                key.values.get(*at).is_some_and(|value| value.as_deref() == wanted.as_deref())
            };
            owner.iter().all(has)
        };
        let every = |_: &AccountKey| true;
        place(&mut groups, &file.groups, file.basis, role, is_theirs);
        place(&mut accounts, &file.accounts, file.basis, role, every);
        place(&mut not_daily, &file.not_daily, file.basis, role, every);
        place(&mut other_month, &file.other_month, file.basis, role, every);
        for keys in file.groups.runs(of_one_bill) {
            let Some(GroupKey { source, currency, .. }) = file.groups.keys().get(keys.start) else { continue };
            for month in file.groups.months() {
                let role = role(source, month);
                let counts = |(key, cell): &(u32, Cell)| {
                    resolved(*cell, file.groups.keys()[*key as usize].part, file.basis, role).is_some()
                };
                if file.groups.cells(month, &keys).iter().any(counts) {
                    let of_currency = present.entry(currency.clone()).or_default();
                    of_currency.entry(month).or_default().insert(source.clone());
                }
            }
        }
    }
    let mut sums: BTreeMap<Currency, Sums> = BTreeMap::new();
    for (currency, gathering) in groups {
        let groups = gathering.table()?;
        let table = |of: Option<Gathering<Account>>| of.unwrap_or_default().table();
        let (accounts, not_daily) = (table(accounts.remove(&currency))?, table(not_daily.remove(&currency))?);
        let other_month = table(other_month.remove(&currency))?;
        // A currency may have nothing but charges that do not lie on the days compared.
        if groups.months().chain(not_daily.months()).chain(other_month.months()).next().is_none() {
            continue;
        }
        let present = present.remove(&currency).unwrap_or_default();
        sums.insert(currency, Sums { groups, accounts, not_daily, other_month, present });
    }
    Ok(sums)
}

type ByCurrency<K> = BTreeMap<Currency, Gathering<K>>;

/// A file's key, and what is left of it in the sums of one currency.
trait Placed {
    type Within: Ord;

    fn place(&self) -> (&Arc<Source>, &Currency, Part);

    fn within(&self) -> Self::Within;
}

impl Placed for GroupKey {
    type Within = Group;

    fn place(&self) -> (&Arc<Source>, &Currency, Part) {
        (&self.source, &self.currency, self.part)
    }

    fn within(&self) -> Group {
        (self.source.clone(), self.values.clone())
    }
}

impl Placed for AccountKey {
    type Within = Account;

    fn place(&self) -> (&Arc<Source>, &Currency, Part) {
        (&self.source, &self.currency, self.part)
    }

    fn within(&self) -> Account {
        (self.source.clone(), self.sub_account_id.clone())
    }
}

/// Whether two keys are of one source and one currency; such keys stand side by side.
fn of_one_bill<K: Placed>(a: &K, b: &K) -> bool {
    let ((source, currency, _), (other, another, _)) = (a.place(), b.place());
    source == other && currency == another
}

/// Adds a file's cells to those of their currencies, as far as they count.
#[inline(never)]
fn place<K: Placed>(
    gathered: &mut ByCurrency<K::Within>,
    table: &Table<K>,
    basis: CostBasis,
    role: impl Fn(&Arc<Source>, Month) -> Role,
    counts: impl Fn(&K) -> bool,
) {
    for run in table.runs(of_one_bill) {
        let keys = &table.keys()[run.clone()];
        let Some((source, currency, _)) = keys.first().map(Placed::place) else { continue };
        let of_currency = gathered.entry(currency.clone()).or_default();
        let first = of_currency.add_keys(keys.iter().map(Placed::within), table.rules(), run.clone());
        let counted: Vec<bool> = keys.iter().map(&counts).collect();
        for month in table.months() {
            let role = role(source, month);
            let cells = table.cells(month, &run);
            of_currency.reserve(month, cells.len());
            let counting = cells.iter().filter_map(|(key, cell)| {
                let at = *key as usize - run.start;
                let (_, _, part) = keys[at].place();
                let cell = if counted[at] { resolved(*cell, part, basis, role)? } else { return None };
                Some((first + at as u32, cell))
            });
            of_currency.add_cells(month, counting);
        }
    }
}

/// The days with daily usage of every slot, all counted files together.
pub fn usage_days(files: &[FileLedger], skipped: &BTreeSet<usize>, roles: &Roles) -> BTreeMap<Slot, u32> {
    let mut days: BTreeMap<Slot, u32> = BTreeMap::new();
    for (index, file) in files.iter().enumerate().filter(|(index, _)| !skipped.contains(index)) {
        for (source, months) in &file.sources {
            for (month, facts) in months {
                let slot = (source.clone(), *month);
                // Of a file that adds purchases alone, no day's usage counts.
                let role = roles.get(&(index, slot.clone()));
                if !matches!(role, Some(Role::Dropped | Role::PurchasesOnly)) {
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
