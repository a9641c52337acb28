//! From bills to what months will cost.

use std::sync::Arc;

use super::budget::Budgets;
use super::daily::{Covered, Scope, ScopeSums, by_scope, covered, read_days};
use super::days::Days;
use super::document::{
    BudgetShown, CostForecast, EarlyWarning, ExpectedMonth, ExpectedWithout, NextYear, ScopeForecast,
};
use super::sum::{Simulated, Sum, Sums};
use super::touched::bearing;
use crate::allocation::Policy;
use crate::calendar::{Date, Month};
use crate::forecast::{
    Asked, Figure, Foreseen, Models, Question, Ratio, RecordShown, Refusal, Refused, SeriesForecast, forecast_along,
    foresee,
};
use crate::ledger::{Bills, Supply, at_once, usage_days};
use crate::money::Currency;
use crate::order::BTreeMap;
use crate::release::{Bearing, Record, Releases};
use crate::report::{
    Dimensions, Files, FilesError, Key, ReportError, Request, Scope as ScopeShown, WarnedScope, Warning, question_of,
};
use crate::series::{Series, Stamp, Step};

/// Months after this one that are forecast by their days.
const MONTHS_AFTER: usize = 3;

/// Whole months that a forecast of twelve needs.
const LEAST_MONTHS: usize = 12;

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
    let covered = covered(&days, request.as_of).ok_or(SpendingError::NothingDaily)?;
    let document = |(currency, scopes): (Currency, BTreeMap<Scope, ScopeSums>)| {
        let history = History { covered: &covered, ask, unknown: unknown_budgets(&ask.budgets, &scopes) };
        CostForecast {
            schema: "headroom/cost-forecast/1",
            as_of: request.as_of,
            metric: request.metric,
            currency,
            models: ask.models,
            from: covered.from,
            to: covered.to,
            record: declared.map(|declared| RecordShown::of(&Record::until(declared, covered.to))),
            warnings: files.warnings.iter().chain(&history.unknown).chain(&unmatched).cloned().collect(),
            scopes: scopes.iter().map(|(scope, sums)| history.scope(scope, sums)).collect(),
        }
    };
    Ok(sums.into_iter().map(document).collect())
}

/// The key that a budget names a scope by.
fn budget_key((level, value): &Scope) -> String {
    match (level.key_name(), value) {
        (Some(name), Some(value)) => format!("{name}={}", value.as_deref().unwrap_or(crate::change::UNALLOCATED)),
        _ => "total".to_owned(),
    }
}

/// A warning of budgets of scopes that the bills do not hold.
fn unknown_budgets(budgets: &Budgets, scopes: &BTreeMap<Scope, ScopeSums>) -> Option<Warning> {
    let known: Vec<String> = scopes.keys().map(budget_key).collect();
    let mut unknown: Vec<&str> = budgets.keys().filter(|key| !known.iter().any(|name| name == key)).collect();
    unknown.dedup();
    let first = unknown.first()?;
    let message = format!("the bills hold nothing of `{first}`, which has a budget");
    Some(Warning { code: "budget_of_nothing".to_owned(), message, count: unknown.len() as u64 })
}

/// What all scopes share.
pub(super) struct History<'a> {
    pub(super) covered: &'a Covered,
    pub(super) ask: &'a Ask,
    pub(super) unknown: Option<Warning>,
}

impl History<'_> {
    fn scope(&self, scope: &Scope, sums: &ScopeSums) -> ScopeForecast {
        let costs = Days::of(&sums.all, self.covered);
        let bearing = bearing(self.ask.releases.as_ref(), sums, self.covered.to);
        let bearing = bearing.as_ref();
        let name = budget_key(scope);
        let this = self.this_month();
        let ends = ends(this, self.covered.to);
        let next_year = self.next_year(&costs, this, bearing);
        let (next_12_months, next_12_months_refused) = match next_year {
            Ok(sum) => (Some(sum), None),
            Err(refused) => (None, Some(refused)),
        };
        let mut forecast = ScopeForecast {
            scope: shown(scope),
            months: Vec::new(),
            next_12_months,
            next_12_months_refused,
            early_warning: None,
            days: SeriesForecast::default(),
        };
        let series = costs.series(&name);
        match self.near(&series, bearing) {
            Err(refused) => {
                forecast.days = *refused;
                if let Some(refused) = forecast.days.refused.as_mut().filter(|_| costs.sparse()) {
                    "give the bills of the days that are missing".clone_into(&mut refused.hint);
                }
            }
            Ok((days, foreseen)) => {
                forecast.days = days;
                let spent = (this == self.covered.to.month()).then(|| costs.of_month(this));
                let so_far = self.so_far(&forecast.days);
                let sums = Simulated::of(&foreseen).sum(0..ends[0], so_far);
                forecast.early_warning = Self::early_warning(&costs, this, &sums.with);
                forecast.months.push(self.month(this, &name, spent, &sums));
            }
        }
        // The months after it, so far as the history allows.
        let far = ends.iter().copied().filter(|end| *end > ends[0] && *end <= series.values.len()).max();
        if let Some(far) = far
            && let Ok((days, foreseen)) = forecast_along(&series, &self.asked(far), bearing)
        {
            let simulated = Simulated::of(&foreseen);
            let mut month = this;
            for pair in ends.windows(2).filter(|pair| pair[1] <= far) {
                month = month.next();
                forecast.months.push(self.month(month, &name, None, &simulated.sum(pair[0]..pair[1], 0.0)));
            }
            // Whose change it is shows best to the end of what is looked at.
            forecast.days.releases = days.releases;
        }
        forecast
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
        forecast_along(series, &self.asked(near), bearing)
    }

    /// What is to be warned of, and whether it could be judged: the same as in a forecast, and no more of one than that.
    pub(super) fn warned(&self, scope: &Scope, sums: &ScopeSums) -> Option<(EarlyWarning, WarnedScope)> {
        let costs = Days::of(&sums.all, self.covered);
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
    fn so_far(&self, days: &SeriesForecast) -> f64 {
        let to = self.covered.to;
        let count = if self.this_month() == to.month() { usize::from(to.day()) } else { 0 };
        days.history.iter().skip(days.history.len().saturating_sub(count)).map(|point| point.value.0).sum()
    }

    fn month(&self, month: Month, key: &str, spent: Option<f64>, sums: &Sums) -> ExpectedMonth {
        let sum = &sums.with;
        let budget = self.ask.budgets.of(month, key).map(|amount| {
            let limit = amount.units() as f64 / 1e18;
            BudgetShown { amount, over: sum.over(limit).map(Ratio) }
        });
        ExpectedMonth {
            month,
            spent: spent.map(Figure),
            expected: Figure(sum.mean),
            lo80: Figure(sum.bounds[0]),
            hi80: Figure(sum.bounds[1]),
            lo95: Figure(sum.bounds[2]),
            hi95: Figure(sum.bounds[3]),
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

    /// The twelve months after this one, from whole months.
    fn next_year(&self, costs: &Days, this: Month, bearing: Option<&Bearing<'_>>) -> Result<NextYear, Refused> {
        let first = costs.first_whole_month();
        let (mut months, mut month) = (Vec::new(), first);
        while month < this {
            months.push(costs.whole(month).then(|| costs.of_month(month)));
            month = month.next();
        }
        // Months that are missing in the middle are filled in; those at the end come before the twelve.
        let behind = months.iter().rev().take_while(|cost| cost.is_none()).count();
        months.truncate(months.len() - behind);
        let before = months.iter().take_while(|cost| cost.is_none()).count();
        months.drain(..before);
        let first = (0..before).fold(first, |month, _| month.next());
        let count = months.iter().flatten().count();
        if count < LEAST_MONTHS {
            let s = if count == 1 { "" } else { "s" };
            return Err(Refused {
                reason: format!("it has {count} whole month{s}, and a year ahead needs {LEAST_MONTHS}"),
                hint: "give the bills of earlier months".to_owned(),
            });
        }
        if let Some(refusal) = Refusal::of_gaps(months.len() - count, months.len()) {
            return Err(Refused { hint: "give the bills of the months that are missing".to_owned(), ..refusal.into() });
        }
        // This month comes before the twelve, where the history is long enough.
        let horizon = (13 + behind).min(months.len()).max(12 + behind);
        let question = Question { horizon, periods: vec![12], models: self.ask.models };
        let step = Step::Months { count: 1, day: 0 };
        let gaps = Series { name: String::new(), first: Stamp::Month(first), step, values: months };
        let values = gaps.filled(Some(12)).values.into_iter().map(Some).collect();
        let series = Series { values, ..gaps };
        let foreseen = foresee(&series, &question, bearing).map_err(Refused::from)?;
        let begin = horizon - 12;
        let Sums { with: sum, without } = Simulated::of(&foreseen).sum(begin..horizon, 0.0);
        let from = if begin > behind { this.next() } else { this };
        let to = (1..12).fold(from, |month, _| month.next());
        let [lo80, hi80, lo95, hi95] = sum.bounds.map(Figure);
        let without = without.as_ref().map(ExpectedWithout::from);
        Ok(NextYear { from, to, expected: Figure(sum.mean), lo80, hi80, lo95, hi95, without })
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
