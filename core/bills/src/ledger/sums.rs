//! The bill as a whole, one currency at a time.

use std::sync::Arc;

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
    /// By group.
    pub groups: Table<Group>,
    /// By account: the control totals, which no rule has touched.
    pub accounts: Table<Account>,
    /// Charges longer than a day that a comparison of days leaves out.
    pub not_daily: Table<Account>,
    /// Charges of days of another month that such a comparison leaves out too.
    pub other_month: Table<Account>,
    /// Rules that put charges into each group; a group may stand there more than once, and in no order.
    pub rules: RulesByKey,
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
    let mut by_rule: BTreeMap<Currency, RulesByKey> = BTreeMap::new();
    let mut present: BTreeMap<Currency, Present> = BTreeMap::new();
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
        place(&mut groups, &file.groups, file.basis, role, is_theirs);
        place(&mut accounts, &file.accounts, file.basis, role, |_| true);
        place(&mut not_daily, &file.not_daily, file.basis, role, |_| true);
        place(&mut other_month, &file.other_month, file.basis, role, |_| true);
        for (month, key, cell) in file.groups.iter() {
            if resolved(*cell, key.part, file.basis, role(&key.source, month)).is_some() {
                let of_currency: &mut Present = present.entry(key.currency.clone()).or_default();
                let sources = of_currency.entry(month).or_default();
                if !sources.contains(&key.source) {
                    sources.insert(key.source.clone());
                }
            }
        }
        for (key, rules_of) in &file.rules {
            by_rule.entry(key.currency.clone()).or_default().push((key.values.clone(), rules_of.clone()));
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
        let set_by = by_rule.remove(&currency).unwrap_or_default();
        let present = present.remove(&currency).unwrap_or_default();
        sums.insert(currency, Sums { groups, accounts, not_daily, other_month, rules: set_by, present });
    }
    Ok(sums)
}

/// Rules by the values of the groups they put charges into.
pub type RulesByKey = Vec<(Vec<Option<Arc<str>>>, BTreeSet<u32>)>;

type Present = BTreeMap<Month, BTreeSet<Arc<Source>>>;

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

/// Adds a file's cells to those of their currencies, as far as they count.
fn place<K: Placed>(
    gathered: &mut ByCurrency<K::Within>,
    cells: &Table<K>,
    basis: CostBasis,
    role: impl Fn(&Arc<Source>, Month) -> Role,
    counts: impl Fn(&K) -> bool,
) {
    let numbers: Vec<u32> = cells
        .keys()
        .iter()
        .map(|key| {
            let (_, currency, _) = key.place();
            gathered.entry(currency.clone()).or_default().key(key.within())
        })
        .collect();
    let counted: Vec<bool> = cells.keys().iter().map(counts).collect();
    for month in cells.months() {
        for (key, cell) in cells.numbered(month).filter(|(key, _)| counted[*key as usize]) {
            let (source, currency, part) = cells.keys()[key as usize].place();
            let Some(cell) = resolved(*cell, part, basis, role(source, month)) else { continue };
            if let Some(of_currency) = gathered.get_mut(currency) {
                of_currency.push(month, numbers[key as usize], cell);
            }
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
