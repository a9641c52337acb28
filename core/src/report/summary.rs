//! What the report's groups add up to.

use super::document::{Change, Group, Key, Report, ReviewState};
use super::figures::THRESHOLD;
use crate::bill::Metric;
use crate::money::{Amount, percent_change};
use crate::order::{BTreeMap, Order as _};

/// The cost of several groups together, exact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// The whole month; `None` when no group states an amount.
    pub amount: Option<Amount>,
    /// The part of it that is compared.
    pub compared: Option<Amount>,
    /// The month before, on the same basis.
    pub previous: Option<Amount>,
    /// `compared` less `previous`; `None` where there is nothing to compare.
    pub delta: Option<Amount>,
    /// `100 · delta / |previous|`, 4 places; `None` when `previous` is none or zero.
    pub percent: Option<String>,
}

impl Sum {
    /// Adds up groups. A sum out of range is `None`.
    pub fn of<'a>(groups: impl IntoIterator<Item = &'a Group>) -> Self {
        let (mut amount, mut compared, mut previous) = (Vec::new(), Vec::new(), Vec::new());
        let mut is_compared = false;
        for group in groups {
            // What is stated in one of the months alone has no change: the other is unknown and not zero.
            is_compared |= group.delta.is_some();
            amount.extend(group.amount);
            compared.extend(group.compared);
            previous.extend(group.previous);
        }
        let sum = |parts: Vec<Amount>| if parts.is_empty() { None } else { Amount::checked_sum(parts) };
        let delta = is_compared
            .then(|| {
                Amount::checked_sum(compared.iter().copied())?.checked_sub(previous.iter().copied().sum::<Option<_>>()?)
            })
            .flatten();
        let (amount, compared, previous) = (sum(amount), sum(compared), sum(previous));
        let percent = delta.zip(previous).and_then(|(delta, base)| percent_change(delta, base, THRESHOLD));
        Self { amount, compared, previous, delta, percent }
    }
}

/// The cost of everything that has one value in a dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The value; `None` is unallocated.
    pub value: Option<String>,
    /// The cost.
    pub sum: Sum,
}

/// Whether some part of the month takes no part in the comparison, so that both amounts must be shown.
pub fn is_partly_compared(report: &Report) -> bool {
    report.previous_month.is_some() && report.groups.iter().any(|group| group.compared != group.amount)
}

/// The sum of all groups. With no month to compare with, it has an amount alone.
pub fn total(report: &Report) -> Sum {
    let sum = Sum::of(&report.groups);
    if report.previous_month.is_some() { sum } else { Sum { amount: sum.amount, ..Sum::default() } }
}

/// The total's change per day, in percent to 4 places, where whole months of different length are compared.
///
/// `None` where the same number of days stands on both sides, or nothing can be compared.
pub fn total_percent_per_day(report: &Report) -> Option<String> {
    let (month, before) = (report.month, report.previous_month?);
    if !is_whole_month(report) || month.days() == before.days() {
        return None;
    }
    let sum = total(report);
    // Both sides times both numbers of days, so that nothing is rounded before the quotient.
    let now = sum.compared?.checked_mul_div(i128::from(before.days()), 1)?;
    let previous = sum.previous?.checked_mul_div(i128::from(month.days()), 1)?;
    percent_change(now.checked_sub(previous)?, previous, THRESHOLD)
}

/// Whether the basis is all of the month.
pub fn is_whole_month(report: &Report) -> bool {
    report.basis.from.day() == 1 && report.basis.to == last_day(report)
}

fn last_day(report: &Report) -> crate::calendar::Date {
    report.month.day(report.month.days()).unwrap_or(report.basis.to)
}

/// The dimension to add groups up by: the first that the report's owner leaves open and some group has a value of.
///
/// `None` when there is but one dimension, since its parts are the groups themselves.
pub fn leading_dimension(report: &Report) -> Option<&str> {
    let is_open = |name: &&String| !report.owner.contains_key(*name);
    let has_values = |name: &&String| {
        report.groups.iter().any(|group| group.key.0.iter().any(|(of, value)| of == *name && value.is_some()))
    };
    let open = || report.dimensions.iter().filter(is_open);
    let leading = open().find(has_values).or_else(|| open().next());
    leading.filter(|_| report.dimensions.len() > 1).map(String::as_str)
}

/// Whether any amount has another to be compared with.
pub fn is_compared(report: &Report) -> bool {
    report.groups.iter().any(|group| group.previous.is_some() || group.delta.is_some())
}

/// A change, and the changes of narrower scopes that have the same amounts and were moved by the same things.
#[derive(Clone, Debug)]
pub struct Story<'r> {
    /// The change of the widest scope.
    pub change: &'r Change,
    /// The others, in the report's order.
    pub same: Vec<&'r Change>,
}

/// The report's changes in their order, each amount told once.
///
/// A squad whose only service rose is one thing to look at and not three.
pub fn stories(report: &Report) -> Vec<Story<'_>> {
    let mut stories: Vec<Story<'_>> = Vec::new();
    for change in &report.changes {
        // Changes are in the order of their size, so equal ones are neighbours.
        let equals =
            stories.iter_mut().rev().take_while(|story| story.change.delta.magnitude() == change.delta.magnitude());
        match equals.into_iter().find(|story| is_same(story.change, change)) {
            Some(story) => story.same.push(change),
            None => stories.push(Story { change, same: Vec::new() }),
        }
    }
    stories
}

fn is_same(wider: &Change, change: &Change) -> bool {
    let figures = |change: &Change| (change.previous, change.current, change.delta, change.other, change.kind);
    figures(wider) == figures(change)
        && wider.contributors == change.contributors
        && wider.scope.level != change.scope.level
        && agree(&wider.scope.key, &change.scope.key)
}

/// Whether two keys can name the same charges: no dimension has two values.
fn agree(a: &Key, b: &Key) -> bool {
    a.0.iter().all(|(name, value)| b.0.iter().all(|(other, found)| other != name || found == value))
}

/// The parts of a dimension, largest first, what nobody owns last.
pub fn parts(report: &Report, dimension: &str) -> Vec<Part> {
    let mut by_value: BTreeMap<Option<&str>, Vec<&Group>> = BTreeMap::new();
    for group in &report.groups {
        let value = group.key.0.iter().find(|(name, _)| name == dimension).and_then(|(_, value)| value.as_deref());
        by_value.entry(value).or_default().push(group);
    }
    let mut parts: Vec<_> = by_value
        .into_iter()
        .map(|(value, groups)| Part { value: value.map(str::to_owned), sum: Sum::of(groups) })
        .collect();
    parts.order_by_key(|part| (part.value.is_none(), std::cmp::Reverse(part.sum.amount.map(Amount::magnitude))));
    parts
}

/// The groups, largest |amount| first; groups of equal size stay in the order of their keys.
pub fn largest_groups(report: &Report) -> Vec<&Group> {
    let mut groups: Vec<_> = report.groups.iter().collect();
    groups.order_by_key(|group| std::cmp::Reverse(group.amount.map(Amount::magnitude)));
    groups
}

/// What was saved against a metric at higher prices; `None` unless every row states both metrics.
pub fn savings(report: &Report, against: Metric) -> Option<Amount> {
    let (high, effective) = (report.totals.get(against), report.totals.get(Metric::Effective));
    if high.missing_rows > 0 || effective.missing_rows > 0 {
        return None;
    }
    high.amount?.checked_sub(effective.amount?)
}

/// How many of the flagged changes are in a state.
pub fn changes_in(report: &Report, state: ReviewState) -> u64 {
    report.changes.iter().filter(|change| change.state == state).count() as u64
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text.as_bytes()).unwrap().amount
    }

    #[test]
    fn parts_add_up_to_the_total_and_unallocated_is_last() {
        let report = sample::report();
        let parts = parts(&report, "squad");
        let values: Vec<_> = parts.iter().map(|part| part.value.as_deref()).collect();
        assert_eq!(values, [Some("data"), Some("payments"), Some("search"), Some("web"), None]);
        let sum = Amount::checked_sum(parts.iter().filter_map(|part| part.sum.amount));
        assert_eq!(sum, report.totals.effective.amount);
        assert_eq!(parts[4].sum.amount, Some(amount("227.283")));
        assert_eq!(parts[2].sum.percent, None, "new: nothing to divide by");
    }

    #[test]
    fn per_day_needs_whole_months_of_different_length() {
        let mut report = sample::report();
        // (209970.29945574318512 / 31) / (123181.96030064318512 / 30) = 1.649568…
        assert_eq!(total_percent_per_day(&report).as_deref(), Some("64.9568"));
        report.basis.to = report.month.day(29).unwrap();
        assert_eq!(total_percent_per_day(&report), None);
        report.basis.to = report.month.day(31).unwrap();
        report.previous_month = Some("2026-03".parse().unwrap());
        assert_eq!(total_percent_per_day(&report), None);
        report.previous_month = None;
        assert_eq!(total(&report).delta, None);
    }

    #[test]
    fn an_owner_is_split_by_the_next_dimension() {
        let mut report = sample::report();
        assert_eq!(leading_dimension(&report), Some("squad"));
        report.owner = [("squad".to_owned(), "data".to_owned())].into();
        assert_eq!(leading_dimension(&report), Some("service_name"));
        report.owner.clear();
        for group in &mut report.groups {
            group.key.0[0].1 = None;
        }
        assert_eq!(leading_dimension(&report), Some("service_name"), "nobody has a squad");
        report.dimensions.truncate(1);
        assert_eq!(leading_dimension(&report), None);
    }

    #[test]
    fn savings_need_every_row() {
        let mut report = sample::report();
        assert_eq!(savings(&report, Metric::List), Some(amount("4032.20054425681488")));
        assert_eq!(savings(&report, Metric::Contracted), None);
        report.totals.effective.missing_rows = 1;
        assert_eq!(savings(&report, Metric::List), None);
    }

    #[test]
    fn groups_without_an_amount_make_no_zero() {
        assert_eq!(Sum::of(&[]), Sum::default());
        let hostile = sample::hostile();
        let last = hostile.groups.last().unwrap();
        assert_eq!(Sum::of([last]), Sum::default());
    }
}
