//! Production beside what is none.
//!
//! What an environment is, the policy says ([`EnvironmentKinds`]); what it does not say is unknown, and counted as neither.

use std::sync::Arc;

use serde::Serialize;

use super::build::{Parts, merged, named, null_last};
use super::document::Key;
use crate::allocation::{EnvironmentKind, EnvironmentKinds};
use crate::calendar::Month;
use crate::change::ScopeKey;
use crate::ledger::{Answer, Cell, Overflow, month_complete};
use crate::money::{Amount, percent_of};
use crate::order::{BTreeMap, BTreeSet};

/// What production costs, and what the rest costs.
#[derive(Clone, Debug, Serialize)]
pub struct Environments {
    /// What counts as what.
    pub rule: EnvironmentRule,
    /// The whole month.
    pub total: EnvironmentCosts,
    /// By squad, service if the policy knows any, and service of the provider; ordered by key, null last.
    pub rows: Vec<EnvironmentRow>,
    /// Months up to this one, oldest first, at most 13.
    pub history: Vec<EnvironmentMonth>,
    /// The same months by squad, null last; none where the policy knows no squads. Of each month they add up to `history`.
    pub squads: Vec<EnvironmentSquad>,
    /// What actions would save, by what they are about; left out where no document of savings was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub could_save: Option<EnvironmentSavings>,
}

/// Which environments are production.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EnvironmentRule {
    /// As the policy has it, or as is usual.
    #[serde(flatten)]
    pub kinds: EnvironmentKinds,
    /// Values of the month that are in neither list: they count as unknown.
    pub unlisted: Vec<String>,
}

/// Costs side by side. They add up to the total.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EnvironmentCosts {
    /// What production costs; null where no row of it states the metric.
    pub production: Option<Amount>,
    /// What the rest costs.
    pub non_production: Option<Amount>,
    /// What has no environment, or one that no rule names.
    pub unknown: Option<Amount>,
    /// All three.
    pub total: Option<Amount>,
    /// What is not production in percent of production, 4 places.
    pub non_production_percent: Option<String>,
}

impl EnvironmentCosts {
    /// The costs of parts of one thing; the sum is of those that are known.
    pub fn of_parts(production: Option<Amount>, non_production: Option<Amount>, unknown: Option<Amount>) -> Self {
        let known: Vec<Amount> = [production, non_production, unknown].into_iter().flatten().collect();
        let total = if known.is_empty() { None } else { Amount::checked_sum(known) };
        let non_production_percent = non_production
            .zip(production)
            .filter(|(_, production)| *production > Amount::ZERO)
            .and_then(|(other, production)| percent_of(other, production));
        Self { production, non_production, unknown, total, non_production_percent }
    }

    /// The cost of what an environment is.
    pub fn of(&self, kind: EnvironmentKind) -> Option<Amount> {
        match kind {
            EnvironmentKind::Production => self.production,
            EnvironmentKind::NonProduction => self.non_production,
            EnvironmentKind::Unknown => self.unknown,
        }
    }
}

/// The costs of one thing.
#[derive(Clone, Debug, Serialize)]
pub struct EnvironmentRow {
    /// Squad, service if the policy knows any, and service of the provider; null is unallocated.
    pub key: Key,
    /// What it costs where.
    #[serde(flatten)]
    pub costs: EnvironmentCosts,
}

/// The costs of one month.
#[derive(Clone, Debug, Serialize)]
pub struct EnvironmentMonth {
    /// The month.
    pub month: Month,
    /// Whether it is whole.
    pub complete: Answer,
    /// What it cost where.
    #[serde(flatten)]
    pub costs: EnvironmentCosts,
}

/// The months of one squad.
#[derive(Clone, Debug, Serialize)]
pub struct EnvironmentSquad {
    /// Which; null is unallocated.
    pub squad: Option<String>,
    /// Its months, oldest first.
    pub months: Vec<EnvironmentMonth>,
}

/// What actions would save a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EnvironmentSavings {
    /// By smaller sizes.
    pub sizes: KindAmounts,
    /// By being off at times, of what is left.
    pub off_hours: KindAmounts,
    /// The same by squad, in their order, null last; they add up to it.
    pub squads: Vec<SquadSavings>,
}

/// What actions of one squad would save a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SquadSavings {
    /// Which; null is unallocated.
    pub squad: Option<String>,
    /// By smaller sizes.
    pub sizes: KindAmounts,
    /// By being off at times, of what is left.
    pub off_hours: KindAmounts,
}

/// An amount for each kind of environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KindAmounts {
    /// Of production.
    pub production: Amount,
    /// Of the rest.
    pub non_production: Amount,
    /// Of what nobody knows.
    pub unknown: Amount,
}

impl KindAmounts {
    /// The amount of a kind.
    pub fn of_mut(&mut self, kind: EnvironmentKind) -> &mut Amount {
        match kind {
            EnvironmentKind::Production => &mut self.production,
            EnvironmentKind::NonProduction => &mut self.non_production,
            EnvironmentKind::Unknown => &mut self.unknown,
        }
    }
}

/// Months of history shown: as many as of totals.
const HISTORY_MONTHS: usize = 13;

/// The dimensions that rows are of.
const ROW: [&str; 3] = ["squad", "service", "service_name"];

type Cells = BTreeMap<EnvironmentKind, Cell>;

impl Parts<'_> {
    /// Production beside what is none; `None` where nothing of the month has an environment.
    pub(super) fn environments(&self) -> Result<Option<Environments>, Overflow> {
        let names = &self.dimensions.names;
        let position = |name: &str| names.iter().position(|known| known == name);
        let (Some(environment), kinds) = (position("environment"), self.policy.environments()) else { return Ok(None) };
        let row: Vec<usize> = ROW.into_iter().filter_map(position).collect();
        let month = self.comparison.month;
        let (mut rows, mut seen) = (BTreeMap::<ScopeKey, Cells>::new(), BTreeSet::<Arc<str>>::new());
        for ((_, values), cell) in self.whole.groups.month(month) {
            let value = values[environment].as_ref();
            seen.extend(value.cloned());
            let key: ScopeKey = row.iter().map(|position| values[*position].clone()).collect();
            add(rows.entry(key).or_default(), kinds.kind(value.map(AsRef::as_ref)), cell)?;
        }
        if seen.is_empty() {
            return Ok(None);
        }
        let row_names: Vec<String> = row.iter().map(|position| names[*position].clone()).collect();
        let mut listed = Vec::with_capacity(rows.len());
        let mut total = Cells::new();
        let mut ordered: Vec<_> = rows.iter().collect();
        ordered.sort_by_cached_key(|(key, _)| null_last(key));
        for (key, cells) in ordered {
            for (kind, cell) in cells {
                add(&mut total, *kind, cell)?;
            }
            let costs = self.costs(cells)?;
            // What is zero everywhere stays out, as among the groups.
            if EnvironmentKind::ALL.into_iter().any(|kind| costs.of(kind) != Some(Amount::ZERO)) {
                listed.push(EnvironmentRow { key: named(&row_names, key), costs });
            }
        }
        Ok(Some(Environments {
            rule: rule(kinds, &seen),
            total: self.costs(&total)?,
            rows: listed,
            history: self.environment_history(environment)?,
            squads: self.environment_squads(environment, position("squad"))?,
            could_save: None,
        }))
    }

    /// Months that are shown, the oldest first.
    fn recent_months(&self) -> Vec<Month> {
        let present = self.whole.present.keys().copied();
        let months: Vec<Month> = present.filter(|month| *month <= self.comparison.month).collect();
        let recent = months.len().saturating_sub(HISTORY_MONTHS);
        months[recent..].to_vec()
    }

    fn environment_squads(&self, environment: usize, squad: Option<usize>) -> Result<Vec<EnvironmentSquad>, Overflow> {
        let Some(squad) = squad else { return Ok(Vec::new()) };
        let (months, kinds) = (self.recent_months(), self.policy.environments());
        // Those without a squad stand last.
        let mut by_squad: BTreeMap<(bool, Option<Arc<str>>), Vec<Cells>> = BTreeMap::new();
        for (at, month) in months.iter().enumerate() {
            for ((_, values), cell) in self.whole.groups.month(*month) {
                let key = (values[squad].is_none(), values[squad].clone());
                let cells = by_squad.entry(key).or_insert_with(|| vec![Cells::new(); months.len()]);
                add(&mut cells[at], kinds.kind(values[environment].as_deref()), cell)?;
            }
        }
        let of = |((_, squad), cells): (&(bool, Option<Arc<str>>), &Vec<Cells>)| {
            let month = |(month, cells): (&Month, &Cells)| {
                let complete = month_complete(self.usage_days, &self.whole.sources(*month), *month);
                Ok(EnvironmentMonth { month: *month, complete, costs: self.costs(cells)? })
            };
            let months = months.iter().zip(cells).map(month).collect::<Result<Vec<_>, Overflow>>()?;
            Ok(EnvironmentSquad { squad: squad.as_deref().map(str::to_owned), months })
        };
        by_squad.iter().map(of).collect()
    }

    fn environment_history(&self, environment: usize) -> Result<Vec<EnvironmentMonth>, Overflow> {
        let kinds = self.policy.environments();
        let of = |month: &Month| {
            let mut cells = Cells::new();
            for ((_, values), cell) in self.whole.groups.month(*month) {
                add(&mut cells, kinds.kind(values[environment].as_deref()), cell)?;
            }
            let complete = month_complete(self.usage_days, &self.whole.sources(*month), *month);
            Ok(EnvironmentMonth { month: *month, complete, costs: self.costs(&cells)? })
        };
        self.recent_months().iter().map(of).collect()
    }

    fn costs(&self, cells: &Cells) -> Result<EnvironmentCosts, Overflow> {
        let metric = self.request.metric;
        // Where there are no rows there is no cost; where no row states it, nobody knows.
        let stated = |cell: &Cell| if cell.rows() == 0 { Some(Amount::ZERO) } else { cell.amount(metric) };
        let of = |kind| cells.get(&kind).map_or(Some(Amount::ZERO), stated);
        let [production, non_production, unknown] = EnvironmentKind::ALL.map(of);
        // Added up from the rows, not from the parts: that they agree is what shows that no row is lost.
        let total = stated(&merged(cells.values())?);
        Ok(EnvironmentCosts { total, ..EnvironmentCosts::of_parts(production, non_production, unknown) })
    }
}

fn add(cells: &mut Cells, kind: EnvironmentKind, cell: &Cell) -> Result<(), Overflow> {
    cells.entry(kind).or_default().merge(cell).ok_or(Overflow)
}

fn rule(kinds: &EnvironmentKinds, seen: &BTreeSet<Arc<str>>) -> EnvironmentRule {
    let unlisted = seen.iter().filter(|name| kinds.kind(Some(name)) == EnvironmentKind::Unknown);
    EnvironmentRule { kinds: kinds.clone(), unlisted: unlisted.map(ToString::to_string).collect() }
}
