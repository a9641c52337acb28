//! From sums to the report document.

use std::sync::Arc;

use super::document::{
    Basis, BelowFloor, Change, ChangeKind, Conservation, Contributor, Group, HistoryMonth, Key, MetricMap, NotCompared,
    NotComparedReason, Note, Report, ReviewState, Scope, Total, Verdict, Warning,
};
use super::figures::counted;
use super::question::{Dimensions, Request};
use crate::allocation::Policy;
use crate::bill::{Metric, Source};
use crate::calendar::Month;
use crate::change::{
    self, Comparison, Explanations, LEVELS, Level, Movers, Obstacle, Review, ScopeKey, ServiceDeltas, Side, Sides,
    THRESHOLD_PERCENT, Wanted,
};
use crate::ledger::{Cell, Overflow, Slot, Sums, month_complete};
use crate::money::{Amount, Currency, percent_change};
use crate::order::{BTreeMap, BTreeSet, Order as _};

/// Months of history shown.
const HISTORY_MONTHS: usize = 13;

/// Everything a report in one currency is made of.
#[derive(Debug)]
pub(crate) struct Parts<'p> {
    pub(crate) request: &'p Request,
    pub(crate) policy: &'p Policy,
    pub(crate) explanations: &'p Explanations,
    pub(crate) dimensions: &'p Dimensions,
    pub(crate) currency: Currency,
    pub(crate) comparison: Comparison,
    /// Sums of whole months.
    pub(crate) whole: &'p Sums,
    /// Sums of what is compared: the same as `whole`, or of the basis days alone.
    pub(crate) compared: &'p Sums,
    pub(crate) usage_days: &'p BTreeMap<Slot, u32>,
}

/// A flagged scope.
#[derive(Debug)]
pub(crate) struct Flagged {
    pub(crate) level: Level,
    pub(crate) key: ScopeKey,
    names: Vec<String>,
    sides: [Side; 2],
    delta: Amount,
}

impl Parts<'_> {
    fn metric(&self) -> Metric {
        self.request.metric
    }

    fn months(&self) -> [Option<Month>; 2] {
        match self.comparison.basis {
            change::Basis::Nothing(_) => [Some(self.comparison.month), None],
            _ => [Some(self.comparison.month), self.comparison.previous],
        }
    }

    /// Both sides of a level, over the sources compared.
    fn level(&self, level: Level, positions: &[usize]) -> Result<Sides, Overflow> {
        change::sides(self.compared, self.months(), Some(&self.comparison.sources), level, positions)
    }

    fn key_names(&self, level: Level, positions: &[usize]) -> Vec<String> {
        match level {
            Level::SubAccount => vec![level.name().to_owned()],
            _ => positions.iter().map(|position| self.dimensions.names[*position].clone()).collect(),
        }
    }

    /// All flagged scopes, largest first, and what lies under the floor.
    pub(crate) fn flagged(&self) -> Result<(Vec<Flagged>, BelowFloor), Overflow> {
        let (mut flagged, mut below) = (Vec::new(), BelowFloor::default());
        if let change::Basis::Nothing(_) = self.comparison.basis {
            return Ok((flagged, below));
        }
        for level in LEVELS {
            let shown = &self.dimensions.shown;
            let Some(positions) = level.positions(&self.dimensions.names, shown) else { continue };
            for (key, sides) in self.level(level, &positions)? {
                if change::flags(&sides, self.metric()) != Some(true) {
                    continue;
                }
                let delta = self.side(&sides[0]).checked_sub(self.side(&sides[1])).ok_or(Overflow)?;
                if self.policy.floor().is_some_and(|floor| delta.magnitude() < floor.magnitude()) {
                    below.count += 1;
                    let size = Amount::from_units(i128::try_from(delta.magnitude()).map_err(|_| Overflow)?);
                    below.amount = below.amount.checked_add(size).ok_or(Overflow)?;
                    continue;
                }
                flagged.push(Flagged { level, names: self.key_names(level, &positions), key, sides, delta });
            }
        }
        flagged.order_by_cached_key(|flagged| {
            (std::cmp::Reverse(flagged.delta.magnitude()), flagged.level_rank(), null_last(&flagged.key))
        });
        Ok((flagged, below))
    }

    /// A side's amount; nothing there is zero.
    fn side(&self, side: &Side) -> Amount {
        side.cell.amount(self.metric()).unwrap_or_default()
    }

    /// What moved inside flagged scopes, as far as the first pass knows: services.
    pub(crate) fn movers_by_service(&self, wanted: &BTreeSet<Wanted>) -> Result<Movers, Overflow> {
        let mut movers = Movers::default();
        let service = self.dimensions.names.iter().position(|name| name == "service_name");
        for level in LEVELS.into_iter().filter(|level| *level != Level::SubAccount) {
            let Some(positions) = level.positions(&self.dimensions.names, &self.dimensions.shown) else { continue };
            let with_service: Vec<usize> = positions.iter().copied().chain(service).collect();
            let mut by_scope = ServiceDeltas::new();
            for (mut key, sides) in self.level(level, &with_service)? {
                let name = key.pop().flatten();
                if wanted.contains(&Wanted { level, key: key.clone() }) {
                    let delta = self.side(&sides[0]).checked_sub(self.side(&sides[1])).ok_or(Overflow)?;
                    by_scope.entry(key).or_default().push((name, delta));
                }
            }
            movers.extend(Movers::by_service(&by_scope, level));
        }
        Ok(movers)
    }

    /// The report.
    pub(crate) fn report(
        &self,
        flagged: Vec<Flagged>,
        below_floor: BelowFloor,
        movers: &Movers,
        resources_read: bool,
        verdict: Verdict,
    ) -> Result<Report, Overflow> {
        let comparison = &self.comparison;
        let days = comparison.days();
        let day = |day: u8| comparison.month.day(day);
        let (Some(from), Some(to)) = (day(days.first), day(days.last)) else { return Err(Overflow) };
        let changes = flagged.into_iter().map(|flagged| self.change(&flagged, movers, resources_read));
        Ok(Report {
            schema: "headroom/report/1",
            as_of: self.request.as_of,
            view: self.request.view,
            metric: self.metric(),
            currency: self.currency.clone(),
            month: comparison.month,
            complete: comparison.complete,
            previous_month: comparison.previous,
            basis: Basis { from, to },
            policy: self.policy.name().to_owned(),
            owner: self.request.owner.clone(),
            verdict,
            totals: self.totals(comparison.month)?,
            conservation: self.conservation()?,
            dimensions: self.shown_names(),
            groups: self.groups()?,
            changes: changes.collect::<Result<_, _>>()?,
            not_compared: self.not_compared()?,
            below_floor,
            history: self.history()?,
            environments: self.environments()?,
            actions: None,
            early_warning: None,
        })
    }

    pub(super) fn shown_names(&self) -> Vec<String> {
        self.dimensions.shown.iter().map(|position| self.dimensions.names[*position].clone()).collect()
    }

    /// The month's control total: accounts, which no rule has touched.
    fn control(&self, month: Month) -> Result<Cell, Overflow> {
        merged(self.whole.accounts.month(month).map(|(_, cell)| cell))
    }

    fn totals(&self, month: Month) -> Result<MetricMap<Total>, Overflow> {
        let control = self.control(month)?;
        Ok(MetricMap::of(|metric| Total {
            amount: control.amount(metric),
            rows: control.rows(),
            missing_rows: control.missing(metric),
        }))
    }

    fn conservation(&self) -> Result<MetricMap<Conservation>, Overflow> {
        conserved(self.whole, self.comparison.month, self.dimensions.squad())
    }

    fn groups(&self) -> Result<Vec<Group>, Overflow> {
        let shown = &self.dimensions.shown;
        let whole = change::sides(self.whole, [Some(self.comparison.month), None], None, Level::Group, shown)?;
        let compared = match self.comparison.basis {
            change::Basis::Nothing(_) => Sides::default(),
            _ => self.level(Level::Group, shown)?,
        };
        let mut keys: Vec<&ScopeKey> = whole.keys().chain(compared.keys()).collect();
        keys.order_by_cached_key(|key| null_last(key));
        keys.dedup();
        let rules = self.rules();
        let mut groups = Vec::with_capacity(keys.len());
        for key in keys {
            let side = whole.get(key).map(|sides| sides[0]).unwrap_or_default();
            let amount = self.stated(side);
            let sides = compared.get(key).copied().unwrap_or_default();
            let [now, before] = sides.map(|side| self.stated(side));
            let is_zero = |amount: Option<Amount>| amount.is_some_and(Amount::is_zero);
            if is_zero(amount) && is_zero(now) && is_zero(before) {
                continue;
            }
            let (now, before) = if compared.contains_key(key) { (now, before) } else { (None, None) };
            let delta = match (now, before) {
                (Some(now), Some(before)) => Some(now.checked_sub(before).ok_or(Overflow)?),
                _ => None,
            };
            groups.push(Group {
                key: named(&self.shown_names(), key),
                amount,
                missing_rows: side.cell.missing(self.metric()),
                compared: now,
                previous: before,
                delta,
                percent: delta.zip(before).and_then(|(delta, before)| percent_change(delta, before, THRESHOLD_PERCENT)),
                percent_per_day: now.zip(before).and_then(|(now, before)| self.per_day(now, before)),
                rules: rules.get(key).map(|rules| self.rule_ids(rules)).unwrap_or_default(),
            });
        }
        Ok(groups)
    }

    /// What a side states: zero where it has no rows, `None` where no row states the metric.
    fn stated(&self, side: Side) -> Option<Amount> {
        if side.cell.rows() == 0 { Some(Amount::ZERO) } else { side.cell.amount(self.metric()) }
    }

    /// A warning where rows of the month before do not state the cost that is compared: they count as nothing there, which
    /// makes falls smaller and rises larger.
    pub(crate) fn missing_before(&self) -> Option<Warning> {
        let [_, previous] = self.months();
        let previous = previous?;
        let sums = self.compared.accounts.month(previous);
        let compared = sums.filter(|((source, _), _)| self.comparison.sources.contains(source));
        let count: u64 = compared.map(|(_, cell)| cell.missing(self.metric())).sum();
        let rows = counted(count, "row", "rows");
        let (state, metric) = (if count == 1 { "states" } else { "state" }, self.metric().name());
        let message = format!("{rows} of {previous} {state} no {metric} cost and count as nothing in what is compared");
        (count > 0).then(|| Warning { code: "missing_before".to_owned(), message, count })
    }

    fn rules(&self) -> BTreeMap<ScopeKey, BTreeSet<u32>> {
        let mut rules: BTreeMap<ScopeKey, BTreeSet<u32>> = BTreeMap::new();
        for (group, (_, values)) in self.whole.groups.keys().iter().enumerate() {
            let key = self.dimensions.shown.iter().map(|position| values[*position].clone()).collect();
            rules.entry(key).or_default().extend(self.whole.groups.rules().of(group));
        }
        rules
    }

    fn rule_ids(&self, rules: &BTreeSet<u32>) -> Vec<String> {
        rules.iter().filter_map(|rule| self.policy.rules().get(*rule as usize)).map(|rule| rule.id.clone()).collect()
    }

    /// The change of the daily rate: both sides divided by the days compared.
    fn per_day(&self, now: Amount, before: Amount) -> Option<String> {
        let (days_now, days_before) = self.comparison.day_counts();
        let times = |amount: Amount, days: u8| amount.checked_mul_div(i128::from(days), 1);
        let (now, before) = (times(now, days_before)?, times(before, days_now)?);
        percent_change(now.checked_sub(before)?, before, THRESHOLD_PERCENT)
    }

    fn change(&self, flagged: &Flagged, movers: &Movers, resources_read: bool) -> Result<Change, Overflow> {
        let [now, before] = flagged.sides;
        let (current, previous) = (self.side(&now), self.side(&before));
        let kind = match (before.cell.rows(), now.cell.rows()) {
            (0, _) => ChangeKind::New,
            (_, 0) => ChangeKind::Gone,
            _ if flagged.delta < Amount::ZERO => ChangeKind::Fall,
            _ => ChangeKind::Rise,
        };
        let key = named(&flagged.names, &flagged.key);
        let review = self.explanations.review(flagged.level, &key.0, self.comparison.month, flagged.delta, previous);
        let missed = || self.explanations.announced(flagged.level, &key.0, self.comparison.month);
        let note = review.map(note_of).or_else(|| missed().map(note_of_missed));
        let state = match review {
            None => ReviewState::Unexplained,
            Some(review) if review.planned => ReviewState::Planned,
            Some(_) => ReviewState::Explained,
        };
        let contributors: Vec<Contributor> = movers
            .of(flagged.level, &flagged.key)
            .iter()
            .map(|mover| {
                let resource = resources_read.then(|| ("resource_id".to_owned(), mover.resource_id.clone()));
                let service = ("service_name".to_owned(), mover.service_name.clone());
                Contributor { key: Key(resource.into_iter().chain([service]).collect()), delta: mover.delta }
            })
            .collect();
        let named = Amount::checked_sum(contributors.iter().map(|contributor| contributor.delta)).ok_or(Overflow)?;
        Ok(Change {
            scope: Scope { level: flagged.level.name().to_owned(), key },
            metric: self.metric(),
            previous: Some(previous),
            current: Some(current),
            delta: flagged.delta,
            percent: percent_change(flagged.delta, previous, THRESHOLD_PERCENT),
            percent_per_day: self.per_day(current, previous),
            kind,
            state,
            note,
            contributors,
            other: flagged.delta.checked_sub(named).ok_or(Overflow)?,
        })
    }

    fn not_compared(&self) -> Result<Vec<NotCompared>, Overflow> {
        let comparison = &self.comparison;
        let mut found = Vec::new();
        let Some(previous) = comparison.previous else { return Ok(found) };
        let mut add = |sources: &BTreeSet<Arc<Source>>, month: Month, reason| {
            let table = match reason {
                NotComparedReason::NotDaily => &self.compared.not_daily,
                NotComparedReason::OtherMonth => &self.compared.other_month,
                _ => &self.whole.accounts,
            };
            for source in sources {
                let cells = table.month(month).filter(|((of, _), _)| of == source).map(|(_, cell)| cell);
                let cell = merged(cells)?;
                if cell.rows() > 0 {
                    let amount = cell.amount(self.metric());
                    found.push(NotCompared { source: (**source).clone(), month, amount, reason });
                }
            }
            Ok(())
        };
        add(&comparison.only_now, comparison.month, NotComparedReason::AbsentInPrevious)?;
        add(&comparison.only_before, previous, NotComparedReason::AbsentInCurrent)?;
        let reasons: &[NotComparedReason] = match comparison.basis {
            change::Basis::Days(_) => &[NotComparedReason::NotDaily, NotComparedReason::OtherMonth],
            change::Basis::Nothing(Obstacle::NoCommonDay) => &[NotComparedReason::NoCommonDay],
            change::Basis::Nothing(Obstacle::ReadOnce) => &[NotComparedReason::ReadOnce],
            change::Basis::Nothing(Obstacle::NoCommonSource) | change::Basis::WholeMonths => &[],
        };
        for month in [comparison.month, previous] {
            for reason in reasons {
                add(&comparison.sources, month, *reason)?;
            }
        }
        found.order_by(|a, b| (&a.source, a.month, a.reason).cmp(&(&b.source, b.month, b.reason)));
        Ok(found)
    }

    fn history(&self) -> Result<Vec<HistoryMonth>, Overflow> {
        let months: Vec<Month> =
            self.whole.present.keys().copied().filter(|month| *month <= self.comparison.month).collect();
        let recent = months.len().saturating_sub(HISTORY_MONTHS);
        let month = |month: &Month| {
            let control = self.control(*month)?;
            let sources = self.whole.sources(*month);
            Ok(HistoryMonth {
                month: *month,
                complete: month_complete(self.usage_days, &sources, *month),
                totals: MetricMap::of(|metric| control.amount(metric)),
            })
        };
        months[recent..].iter().map(month).collect()
    }
}

impl Flagged {
    fn level_rank(&self) -> Option<usize> {
        LEVELS.iter().position(|level| *level == self.level)
    }

    /// The scope whose movers are wanted.
    pub(crate) fn wanted(&self) -> Wanted {
        Wanted { level: self.level, key: self.key.clone() }
    }
}

/// Input against what was allocated, in one month; `squad` is the position of that dimension in the groups' values.
fn note_of(review: &Review) -> Note {
    Note { by: review.by.clone(), on: review.on, why: review.why.clone(), until: review.until }
}

/// The note of a change that was announced, and did not keep to what was.
fn note_of_missed(review: &Review) -> Note {
    let limits = review.percent.map(|(from, to)| format!(" as {from} % to {to} %")).unwrap_or_default();
    Note { why: format!("announced{limits}, and came otherwise: {}", review.why), ..note_of(review) }
}

pub(super) fn conserved(sums: &Sums, month: Month, squad: Option<usize>) -> Result<MetricMap<Conservation>, Overflow> {
    let input = merged(sums.accounts.month(month).map(|(_, cell)| cell))?;
    let (mut allocated, mut unallocated) = (Cell::default(), Cell::default());
    for ((_, values), cell) in sums.groups.month(month) {
        let side = if squad.is_some_and(|squad| values[squad].is_some()) { &mut allocated } else { &mut unallocated };
        side.merge(cell).ok_or(Overflow)?;
    }
    Ok(MetricMap::of(|metric| {
        let input = input.amount(metric);
        // A side without rows holds nothing; a metric that no row states is unknown on every side.
        let part = |cell: &Cell| cell.amount(metric).or(input.map(|_| Amount::ZERO));
        let (allocated, unallocated) = (part(&allocated), part(&unallocated));
        let difference = (|| input?.checked_sub(allocated?)?.checked_sub(unallocated?))();
        Conservation { input, allocated, unallocated, difference }
    }))
}

pub(super) fn merged<'c>(cells: impl IntoIterator<Item = &'c Cell>) -> Result<Cell, Overflow> {
    let mut sum = Cell::default();
    for cell in cells {
        sum.merge(cell).ok_or(Overflow)?;
    }
    Ok(sum)
}

pub(super) fn named(names: &[String], key: &ScopeKey) -> Key {
    Key(names.iter().cloned().zip(key.iter().map(|value| value.as_deref().map(str::to_owned))).collect())
}

/// A key that sorts its nulls last.
pub(super) fn null_last(key: &ScopeKey) -> Vec<(bool, Option<Arc<str>>)> {
    key.iter().map(|value| (value.is_none(), value.clone())).collect()
}
