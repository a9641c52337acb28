//! From bills to what months will cost.

use std::sync::Arc;

use super::budget::Budgets;
use super::daily::{Scope, Sums, by_scope, costs, covered};
use super::document::{BudgetShown, CostForecast, EarlyWarning, ExpectedMonth, NextYear, ScopeForecast};
use super::tally::DayTally;
use crate::allocation::Policy;
use crate::calendar::{Date, Month};
use crate::forecast::{Asked, Figure, Models, Outlook, Question, Ratio, Refused, SeriesForecast, forecast_series};
use crate::ledger::{Bills, Supply, at_once, usage_days};
use crate::money::Currency;
use crate::order::BTreeMap;
use crate::report::{
    Dimensions, Files, FilesError, Key, ReportError, Request, Scope as ScopeShown, Warning, question_of,
};
use crate::series::{Series, Stamp, Step};

/// Months after this one that are forecast by their days.
const MONTHS_AFTER: usize = 3;

/// Whole months that a forecast of twelve needs.
const LEAST_MONTHS: usize = 12;

/// Days of history that an early warning needs: less says nothing of how a month may end.
const LEAST_DAYS: usize = 60;

/// The chance in percent from which on a rise is warned of.
const WARNING: f64 = 80.0;

/// Days that this month is forecast for at least, where the history is twice as long, to try more of it.
const USUAL_DAYS: usize = 28;

/// Simulated paths of each scope, and their seed: the same bills give the same chances.
const PATHS: (u64, usize) = (0x005E_ED0F_C057, 1000);

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Which models are combined.
    pub models: Models,
    /// What was planned.
    pub budgets: Budgets,
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
    let counted: Vec<usize> = (0..files.ledgers.len()).filter(|index| !files.skipped.contains(index)).collect();
    let read = bills.read(&counted, &question, &DayTally::default).await.into_iter().collect::<Result<Vec<_>, _>>();
    let read = read.map_err(|fault| ReportError::Files(FilesError::Bill(fault)))?;
    let read = counted.into_iter().zip(read).collect();
    let sums = by_scope(&files, read, &dimensions.names, request.metric).map_err(ReportError::from)?;
    if sums.is_empty() {
        let any_rows = files.ledgers.iter().any(|ledger| ledger.rows > ledger.refused);
        return Err(SpendingError::Report(if any_rows && !request.owner.is_empty() {
            ReportError::NothingOwned
        } else {
            FilesError::NoCharges(bills.names().to_vec()).into()
        }));
    }
    let days = usage_days(&files.ledgers, &files.skipped, &files.roles);
    let (from, to) = covered(&days, request.as_of).ok_or(SpendingError::NothingDaily)?;
    let document = |(currency, scopes): (Currency, BTreeMap<Scope, Sums>)| {
        let history = History { from, to, ask, unknown: unknown_budgets(&ask.budgets, &scopes) };
        CostForecast {
            schema: "headroom/cost-forecast/1",
            as_of: request.as_of,
            metric: request.metric,
            currency,
            models: ask.models,
            from,
            to,
            warnings: files.warnings.iter().cloned().chain(history.unknown.clone()).collect(),
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
fn unknown_budgets(budgets: &Budgets, scopes: &BTreeMap<Scope, Sums>) -> Option<Warning> {
    let known: Vec<String> = scopes.keys().map(budget_key).collect();
    let mut unknown: Vec<&str> = budgets.keys().filter(|key| !known.iter().any(|name| name == key)).collect();
    unknown.dedup();
    let first = unknown.first()?;
    let message = format!("the bills hold nothing of `{first}`, which has a budget");
    Some(Warning { code: "budget_of_nothing".to_owned(), message, count: unknown.len() as u64 })
}

/// What all scopes share.
struct History<'a> {
    from: Date,
    to: Date,
    ask: &'a Ask,
    unknown: Option<Warning>,
}

/// A sum of days ahead: what is expected and between what it may lie.
struct Sum {
    mean: f64,
    /// Low and high of 80 %, low and high of 95 %.
    bounds: [f64; 4],
    /// The sums of simulated paths, sorted; none where none can be simulated.
    paths: Vec<f64>,
}

impl Sum {
    /// The sum of these steps, on top of what is already there.
    fn of(outlook: &Outlook, paths: &[Vec<f64>], steps: std::ops::Range<usize>, base: f64) -> Self {
        let ahead = &outlook.steps[steps.clone()];
        let add = |value: &dyn Fn(&crate::forecast::Step) -> f64| base + ahead.iter().map(value).sum::<f64>();
        let mean = add(&|step| step.mean);
        let mut sums: Vec<f64> = paths.iter().map(|path| base + path[steps.clone()].iter().sum::<f64>()).collect();
        sums.sort_unstable_by(f64::total_cmp);
        // Without paths the days' intervals are added up, as if all errors went the same way.
        let mut bounds =
            [add(&|step| step.lo80), add(&|step| step.hi80), add(&|step| step.lo95), add(&|step| step.hi95)];
        if let Some(last) = sums.len().checked_sub(1) {
            bounds = [0.1, 0.9, 0.025, 0.975].map(|share| sums[(last as f64 * share) as usize]);
        }
        let bounds = [
            bounds[0].min(mean),
            bounds[1].max(mean),
            bounds[2].min(bounds[0]).min(mean),
            bounds[3].max(bounds[1]).max(mean),
        ];
        Self { mean, bounds, paths: sums }
    }

    /// The chance in percent that it is more than a limit.
    fn over(&self, limit: f64) -> Option<f64> {
        let above = self.paths.iter().filter(|sum| **sum > limit).count();
        (!self.paths.is_empty()).then(|| 100.0 * above as f64 / self.paths.len() as f64)
    }
}

impl History<'_> {
    fn scope(&self, scope: &Scope, sums: &Sums) -> ScopeForecast {
        let costs = costs(sums, self.from, self.to);
        let name = budget_key(scope);
        let key = scope.0.key_name().zip(scope.1.as_ref());
        let shown = ScopeShown {
            level: scope.0.name().to_owned(),
            key: Key(key
                .map(|(name, value)| (name.to_owned(), value.as_deref().map(str::to_owned)))
                .into_iter()
                .collect()),
        };
        let this = self.to.plus_days(1).unwrap_or(self.to).month();
        let ends = ends(this, self.to);
        let next_year = self.next_year(&costs, this);
        let (next_12_months, next_12_months_refused) = match next_year {
            Ok(sum) => (Some(sum), None),
            Err(refused) => (None, Some(refused)),
        };
        let series = Series {
            name: name.clone(),
            first: Stamp::Day(self.from),
            step: Step::Seconds(86_400),
            values: costs.iter().copied().map(Some).collect(),
        };
        let mut forecast = ScopeForecast {
            scope: shown,
            months: Vec::new(),
            next_12_months,
            next_12_months_refused,
            early_warning: None,
            days: SeriesForecast::default(),
        };
        let ahead = |horizon| {
            let asked = Asked { horizon: Some(horizon), period: None, models: self.ask.models };
            forecast_series(&series, &asked)
        };
        // This month has a forecast of its own: the nearer the end, the more of the past tells how such forecasts do.
        let near = if USUAL_DAYS <= costs.len() / 2 { ends[0].max(USUAL_DAYS) } else { ends[0] };
        match ahead(near) {
            Err(refused) => forecast.days = *refused,
            Ok((days, outlook)) => {
                forecast.days = days;
                let spent = (this == self.to.month()).then(|| of_month(&costs, self.from, this));
                let paths = outlook.paths(PATHS.0, PATHS.1);
                let sum = Sum::of(&outlook, &paths, 0..ends[0], spent.unwrap_or_default());
                forecast.early_warning = self.early_warning(&costs, this, &sum);
                forecast.months.push(self.month(this, &name, spent, &sum));
            }
        }
        // The months after it, so far as the history allows.
        let far = ends.iter().copied().filter(|end| *end > ends[0] && *end <= costs.len()).max();
        if let Some(far) = far
            && let Ok((_, outlook)) = ahead(far)
        {
            let paths = outlook.paths(PATHS.0, PATHS.1);
            let mut month = this;
            for pair in ends.windows(2).filter(|pair| pair[1] <= far) {
                month = month.next();
                let sum = Sum::of(&outlook, &paths, pair[0]..pair[1], 0.0);
                forecast.months.push(self.month(month, &name, None, &sum));
            }
        }
        forecast
    }

    fn month(&self, month: Month, key: &str, spent: Option<f64>, sum: &Sum) -> ExpectedMonth {
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
        }
    }

    /// The chance that the month ends more than 20 % above the one before, where that is whole and there is history
    /// enough.
    fn early_warning(&self, costs: &[f64], month: Month, sum: &Sum) -> Option<EarlyWarning> {
        let previous_month = month.previous();
        let whole = previous_month.day(1).is_some_and(|day| day >= self.from);
        if costs.len() < LEAST_DAYS || !whole {
            return None;
        }
        let previous = of_month(costs, self.from, previous_month);
        if previous <= 0.0 {
            return None;
        }
        let probability = sum.over(1.2 * previous)?;
        let warns = probability >= WARNING;
        Some(EarlyWarning { month, previous_month, previous: Figure(previous), probability: Ratio(probability), warns })
    }

    /// The twelve months after this one, from whole months.
    fn next_year(&self, costs: &[f64], this: Month) -> Result<NextYear, Refused> {
        let mut month = self.from.month();
        if self.from.day() > 1 {
            month = month.next();
        }
        let mut months = Vec::new();
        while month < this {
            months.push(of_month(costs, self.from, month));
            month = month.next();
        }
        if months.len() < LEAST_MONTHS {
            let (count, s) = (months.len(), if months.len() == 1 { "" } else { "s" });
            return Err(Refused {
                reason: format!("it has {count} whole month{s}, and a year ahead needs {LEAST_MONTHS}"),
                hint: "give the bills of earlier months".to_owned(),
            });
        }
        // This month comes before the twelve, unless it has not begun.
        let horizon = 13.min(months.len());
        let question = Question { horizon, periods: vec![12], models: self.ask.models };
        let outlook = Outlook::of(&months, &question).map_err(Refused::from)?;
        let begin = horizon - 12;
        let sum = Sum::of(&outlook, &outlook.paths(PATHS.0, PATHS.1), begin..horizon, 0.0);
        let from = if begin == 1 { this.next() } else { this };
        let to = (1..12).fold(from, |month, _| month.next());
        let [lo80, hi80, lo95, hi95] = sum.bounds.map(Figure);
        Ok(NextYear { from, to, expected: Figure(sum.mean), lo80, hi80, lo95, hi95 })
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

/// The cost of a month's days, as far as they are there.
fn of_month(costs: &[f64], from: Date, month: Month) -> f64 {
    let days = (1..=month.days()).filter_map(|day| month.day(day));
    let at = days.filter_map(|day| usize::try_from(day.days_since_epoch() - from.days_since_epoch()).ok());
    at.filter_map(|at| costs.get(at)).sum()
}
