//! From bills to what months will cost.

use std::sync::Arc;

use super::budget::Budgets;
use super::covered::{Covered, covered, first};
use super::daily::{Scope, ScopeSums, by_scope, read_days};
use super::days::Days;
use super::document::{BudgetShown, CostForecast, EarlyWarning, ExpectedMonth, ExpectedWithout, ScopeForecast};
use super::notes::{apart, notes};
use super::planned::{outside, unknown_budgets};
use super::sum::{Behind, Simulated, Sum, Sums};
use super::touched::bearing;
use crate::allocation::Policy;
use crate::calendar::{Date, Month};
use crate::change::Level;
use crate::forecast::{Asked, Figure, Foreseen, Models, Ratio, RecordShown, Refused, SeriesForecast, forecast_along};
use crate::ledger::{Bills, Supply, at_once, usage_days};
use crate::money::Currency;
use crate::order::BTreeMap;
use crate::release::{Bearing, Record, Releases};
use crate::report::{
    Dimensions, Files, FilesError, Key, ReportError, Request, Scope as ScopeShown, WarnedScope, question_of,
};
use crate::series::Series;

/// Months after this one that are forecast by their days.
const MONTHS_AFTER: usize = 3;

/// Days of its own history that a scope needs for an early warning: less says nothing of how a month may end.
pub(super) const LEAST_DAYS: usize = 60;

/// The chance in percent from which on a rise is warned of.
pub(super) const WARNING: f64 = 80.0;

/// Days that this month is forecast for at least, where the history is twice as long, to try more of it.
const USUAL_DAYS: usize = 28;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Which models are combined.
    pub models: Models,
    /// What was planned.
    pub budgets: Budgets,
    /// Releases and events, where any are given.
    pub releases: Option<Releases>,
}

/// Why there is no forecast of cost.
#[derive(Debug)]
#[non_exhaustive]
pub enum SpendingError<F> {
    /// The bills cannot be added up.
    Report(ReportError<F>),
    /// They can be read once only, and days need a second reading.
    ReadOnce,
    /// No charge is of a day.
    NothingDaily,
    /// The first day that is charged is no day before that of asking.
    BeginsLater {
        /// The first day of the bills.
        first: Date,
        /// The day of asking.
        as_of: Date,
    },
}

impl<F> From<ReportError<F>> for SpendingError<F> {
    fn from(error: ReportError<F>) -> Self {
        Self::Report(error)
    }
}

/// What cost will be: one document for each currency, in the order of their codes.
///
/// Reads the bills twice: which files count is known only when all have been read.
///
/// # Errors
/// When the bills cannot be read twice or added up, or no charge in them is of a day.
pub fn expect<B: Bills>(
    bills: &B,
    policy: &Arc<Policy>,
    request: &Request,
    ask: &Ask,
) -> Result<Vec<CostForecast>, SpendingError<B::Fault>> {
    at_once(expect_from(bills, policy, request, ask))
}

/// The same from bills that may have to be waited for.
pub(crate) async fn expect_from<B: Supply>(
    bills: &B,
    policy: &Arc<Policy>,
    request: &Request,
    ask: &Ask,
) -> Result<Vec<CostForecast>, SpendingError<B::Fault>> {
    if !bills.can_reread() {
        return Err(SpendingError::ReadOnce);
    }
    let dimensions = Dimensions::new(policy, request).map_err(ReportError::Dimension)?;
    let question = question_of(policy, &dimensions, request);
    let files = Files::read(bills, &question, request.metric, request.overlap).await.map_err(ReportError::from)?;
    let read = read_days(bills, &files, &question).await.map_err(ReportError::from)?;
    let declared = ask.releases.as_ref();
    let (sums, unmatched) =
        by_scope(&files, read, &dimensions.names, request.metric, declared).map_err(ReportError::from)?;
    if sums.is_empty() {
        let any_rows = files.ledgers.iter().any(|ledger| ledger.rows > ledger.refused);
        return Err(SpendingError::Report(if any_rows && !request.owner.is_empty() {
            ReportError::NothingOwned
        } else {
            FilesError::NoCharges(bills.names().to_vec()).into()
        }));
    }
    let days = usage_days(&files.ledgers, &files.skipped, &files.roles);
    let covered = covered(&days, request.as_of).ok_or_else(|| match first(&days) {
        Some(first) => SpendingError::BeginsLater { first, as_of: request.as_of },
        None => SpendingError::NothingDaily,
    })?;
    let old = covered.old(request.as_of);
    let document = |(currency, scopes): (Currency, BTreeMap<Scope, ScopeSums>)| {
        let history = History { covered: &covered, ask };
        let total = scopes.get(&(Level::Total, None));
        let holes = total.map_or_else(Vec::new, |total| covered.warnings(&total.sources));
        let unknown = unknown_budgets(&ask.budgets, &scopes);
        let mut named: Vec<_> =
            scopes.iter().map(|(scope, sums)| (budget_key(scope), history.scope(scope, sums))).collect();
        let outside = outside(&ask.budgets, &named, history.this_month());
        apart(&mut named);
        CostForecast {
            schema: "headroom/cost-forecast/1",
            as_of: request.as_of,
            metric: request.metric,
            currency,
            models: ask.models,
            from: covered.from,
            to: covered.to,
            record: declared.map(|declared| RecordShown::of(&Record::until(declared, covered.to))),
            warnings: files
                .warnings
                .iter()
                .chain(&old)
                .chain(&holes)
                .chain(&unknown)
                .chain(&outside)
                .chain(&unmatched)
                .cloned()
                .collect(),
            scopes: named.into_iter().map(|(_, forecast)| forecast).collect(),
        }
    };
    Ok(sums.into_iter().map(document).collect())
}

/// The key that a budget names a scope by.
pub(super) fn budget_key((level, value): &Scope) -> String {
    match (level.key_name(), value) {
        (Some(name), Some(value)) => format!("{name}={}", value.as_deref().unwrap_or(crate::change::UNALLOCATED)),
        _ => "total".to_owned(),
    }
}

/// What all scopes share.
pub(super) struct History<'a> {
    pub(super) covered: &'a Covered,
    pub(super) ask: &'a Ask,
}

impl History<'_> {
    fn scope(&self, scope: &Scope, sums: &ScopeSums) -> ScopeForecast {
        let costs = Days::of(sums, self.covered);
        let bearing = bearing(self.ask.releases.as_ref(), sums, self.covered.to);
        let bearing = bearing.as_ref();
        let name = budget_key(scope);
        let this = self.this_month();
        let ends = ends(this, self.covered.to);
        let mut forecast = ScopeForecast {
            scope: shown(scope),
            months: Vec::new(),
            next_3_months: None,
            next_3_months_refused: None,
            next_12_months: None,
            next_12_months_refused: None,
            notes: Vec::new(),
            early_warning: None,
            days: SeriesForecast::default(),
        };
        let series = costs.series(&name);
        let mut three = None;
        match self.near(&series, bearing) {
            Err(refused) => {
                forecast.days = *refused;
                if let Some(refused) = forecast.days.refused.as_mut().filter(|_| costs.sparse()) {
                    "give the bills of the days that are missing".clone_into(&mut refused.hint);
                }
                forecast.next_3_months_refused.clone_from(&forecast.days.refused);
            }
            Ok((days, foreseen)) => {
                forecast.days = days;
                let spent = (this == self.covered.to.month()).then(|| costs.of_month(this));
                let so_far = self.so_far(&forecast.days);
                let sums = Simulated::of(&foreseen).sum(0..ends[0], so_far);
                forecast.early_warning = Self::early_warning(&costs, this, &sums.with);
                forecast.months.push(self.month(this, &name, spent, &sums));
                three = self.after(&mut forecast, &series, &name, bearing);
            }
        }
        match self.next_year(&costs, this, bearing, three) {
            Ok(sum) => forecast.next_12_months = Some(sum),
            Err(refused) => forecast.next_12_months_refused = Some(refused),
        }
        forecast.notes = notes(&forecast);
        forecast
    }

    /// The months after this one, so far as the history allows, and three of them together; what these come to without
    /// releases, if that can be said.
    fn after(
        &self,
        forecast: &mut ScopeForecast,
        series: &Series,
        name: &str,
        bearing: Option<&Bearing<'_>>,
    ) -> Option<f64> {
        let this = self.this_month();
        let ends = ends(this, self.covered.to);
        let count = series.values.len();
        if let Some(last) = ends.last().filter(|last| **last > count) {
            forecast.next_3_months_refused = Some(Refused {
                reason: format!("it has {count} days, and three months ahead end {last} days after them"),
                hint: "give the bills of earlier months".to_owned(),
            });
        }
        let far = ends.iter().copied().filter(|end| *end > ends[0] && *end <= count).max()?;
        let (days, foreseen) = match forecast_along(series, &self.asked(far), bearing, None) {
            Ok(found) => found,
            Err(refused) => {
                forecast.next_3_months_refused = refused.refused;
                return None;
            }
        };
        let simulated = Simulated::of(&foreseen);
        let mut month = this;
        for pair in ends.windows(2).filter(|pair| pair[1] <= far) {
            month = month.next();
            forecast.months.push(self.month(month, name, None, &simulated.sum(pair[0]..pair[1], Behind::default())));
        }
        // Whose change it is shows best to the end of what is looked at.
        forecast.days.releases = days.releases;
        if ends.last() != Some(&far) {
            return None;
        }
        let three = ends[0]..far;
        forecast.next_3_months = Some(simulated.sum(three.clone(), Behind::default()).period(this.next(), month));
        Some(simulated.organic(three))
    }

    /// The month of the day after the history.
    pub(super) fn this_month(&self) -> Month {
        self.covered.to.plus_days(1).unwrap_or(self.covered.to).month()
    }

    fn asked(&self, horizon: usize) -> Asked {
        Asked { horizon: Some(horizon), period: None, models: self.ask.models }
    }

    /// The days to the end of this month. It has a forecast of its own: the nearer the end, the more of the past tells how such
    /// forecasts do.
    fn near<'b>(
        &self,
        series: &Series,
        bearing: Option<&'b Bearing<'b>>,
    ) -> Result<(SeriesForecast, Foreseen<'b>), Box<SeriesForecast>> {
        let end = ends(self.this_month(), self.covered.to)[0];
        let near = if USUAL_DAYS <= series.values.len() / 2 { end.max(USUAL_DAYS) } else { end };
        forecast_along(series, &self.asked(near), bearing, None)
    }

    /// What is to be warned of, and whether it could be judged: the same as in a forecast, and no more of one than that.
    pub(super) fn warned(&self, scope: &Scope, sums: &ScopeSums) -> Option<(EarlyWarning, WarnedScope)> {
        let costs = Days::of(sums, self.covered);
        let this = self.this_month();
        previous(&costs, this)?;
        let (days, foreseen) = self.near(&costs.series(&budget_key(scope)), None).ok()?;
        let spent = costs.of_month(this);
        let sum = Simulated::of(&foreseen).sum(0..ends(this, self.covered.to)[0], self.so_far(&days)).with;
        let warning = Self::early_warning(&costs, this, &sum)?;
        let warned = WarnedScope {
            scope: shown(scope),
            previous: warning.previous,
            spent: Figure(spent),
            expected: Figure(sum.mean),
            lo80: Figure(sum.bounds[0]),
            hi80: Figure(sum.bounds[1]),
            probability: warning.probability,
        };
        Some((warning, warned))
    }

    /// What this month cost up to the end of the history, with what is filled in for days that are missing.
    fn so_far(&self, days: &SeriesForecast) -> Behind {
        let to = self.covered.to;
        let count = if self.this_month() == to.month() { usize::from(to.day()) } else { 0 };
        let skipped = days.history.len().saturating_sub(count);
        Behind { days: count, cost: days.history.iter().skip(skipped).map(|point| point.value.0).sum() }
    }

    fn month(&self, month: Month, key: &str, spent: Option<f64>, sums: &Sums) -> ExpectedMonth {
        let sum = &sums.with;
        let budget = self.ask.budgets.of(month, key).map(|amount| {
            let limit = amount.units() as f64 / 1e18;
            BudgetShown { amount, over: sum.over(limit).map(Ratio), refused: sum.few() }
        });
        ExpectedMonth {
            month,
            spent: spent.map(Figure),
            expected: Figure(sum.mean),
            lo80: Figure(sum.bounds[0]),
            hi80: Figure(sum.bounds[1]),
            lo95: Figure(sum.bounds[2]),
            hi95: Figure(sum.bounds[3]),
            replayed: sum.replayed,
            backtest: sums.backtest.clone(),
            confidence: sums.confidence(),
            budget,
            without: sums.without.as_ref().map(ExpectedWithout::from),
        }
    }

    /// The chance that the month ends more than 20 % above the one before, where that is whole and there is history
    /// enough.
    fn early_warning(costs: &Days, month: Month, sum: &Sum) -> Option<EarlyWarning> {
        let (previous_month, previous) = previous(costs, month)?;
        let probability = sum.over(1.2 * previous)?;
        let warns = probability >= WARNING;
        Some(EarlyWarning { month, previous_month, previous: Figure(previous), probability: Ratio(probability), warns })
    }
}

/// A scope as documents show it.
fn shown((level, value): &Scope) -> ScopeShown {
    let key = level.key_name().zip(value.as_ref());
    ScopeShown {
        level: level.name().to_owned(),
        key: Key(key.map(|(name, value)| (name.to_owned(), value.as_deref().map(str::to_owned))).into_iter().collect()),
    }
}

/// How many days after the history this month ends, and the months after it.
fn ends(this: Month, to: Date) -> Vec<usize> {
    let mut month = this;
    let mut ends = Vec::new();
    for _ in 0..=MONTHS_AFTER {
        if let Some(last) = month.day(month.days()) {
            ends.push((last.days_since_epoch() - to.days_since_epoch()).max(0) as usize);
        }
        month = month.next();
    }
    ends
}

/// The month before this one and what it cost, where all of it was seen of the scope, cost anything, and there is history enough.
fn previous(costs: &Days, month: Month) -> Option<(Month, f64)> {
    let previous_month = month.previous();
    if costs.count() < LEAST_DAYS || !costs.whole(previous_month) {
        return None;
    }
    let previous = costs.of_month(previous_month);
    (previous > 0.0).then_some((previous_month, previous))
}
