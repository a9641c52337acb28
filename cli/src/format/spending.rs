//! Forecasts of cost on a terminal.

use headroom_core::forecast::{Figure, LEAST_REPLAYED, Ratio, SumBacktest};
use headroom_core::report::text::{UNALLOCATED, visible};
use headroom_core::spending::{CostForecast, ExpectedMonth, ScopeForecast};

use super::chart::{Mark, chart};
use super::effects::{effects, record};
use super::forecast::{sentences, short, trust};
use super::grid::{Cell, Grid, Kind};
use super::paragraph::wrap;
use super::style::{Style, Tone};

/// Scopes of a level that are listed unless all are asked for.
const LISTED: usize = 10;

/// Rows of the chart.
const ROWS: u16 = 9;

/// The forecasts, one for each currency, at this width.
pub(crate) fn spending(forecasts: &[CostForecast], style: Style, width: usize, full: bool) -> String {
    let pages: Vec<String> = forecasts.iter().map(|forecast| page(forecast, style, width, full)).collect();
    pages.join("\n")
}

fn page(forecast: &CostForecast, style: Style, width: usize, full: bool) -> String {
    let currency = forecast.currency.code();
    let title = format!("What cost will be, in {currency}");
    let mut lines = vec![style.paint(Tone::Strong, &title)];
    let metric = format!("{:?}", forecast.metric).to_lowercase();
    let basis = format!(
        "From the {metric} cost of the days {} to {}, the last that every source covers. As of {}.",
        forecast.from, forecast.to, forecast.as_of
    );
    lines.extend(wrap(&basis, "  ", "  ", width));
    if let Some(sentence) = forecast.record.as_ref().and_then(record) {
        lines.extend(wrap(&sentence, "  ", "  ", width));
    }
    for warning in &forecast.warnings {
        lines.extend(wrap(&format!("Read with care: {}.", visible(&warning.message)), "  ", "  ", width));
    }
    if let Some(total) = forecast.scopes.iter().find(|scope| scope.scope.level == "total") {
        lines.extend(everything(total, style, width));
    }
    lines.extend(warnings(forecast, style, width));
    lines.extend(budgets(forecast, style, width, full));
    for level in ["squad", "service", "service_name"] {
        let of_level = |scope: &&ScopeForecast| scope.scope.level == level;
        let mut scopes: Vec<&ScopeForecast> = forecast.scopes.iter().filter(of_level).collect();
        if scopes.is_empty() {
            continue;
        }
        // What costs most stands first; what has no forecast, last.
        scopes.sort_by(|a, b| expected(b).total_cmp(&expected(a)));
        lines.push(String::new());
        let name = if level == "service_name" { "cloud service" } else { level };
        lines.push(style.paint(Tone::Strong, &format!("By {name}")));
        let shown = if full { scopes.len() } else { scopes.len().min(LISTED) };
        lines.extend(listed(&scopes[..shown], style, width));
        if shown < scopes.len() {
            lines.push(format!("  {} more: --full lists them all", scopes.len() - shown));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// What this month is expected to cost; nothing where it cannot be said.
fn expected(scope: &ScopeForecast) -> f64 {
    scope.months.first().map_or(f64::NEG_INFINITY, |month| month.expected.0)
}

fn name(scope: &ScopeForecast) -> String {
    match scope.scope.key.0.first() {
        None => "everything".to_owned(),
        Some((_, None)) => UNALLOCATED.to_owned(),
        Some((_, Some(value))) => visible(value),
    }
}

/// The page of the total: its days drawn, its months in figures.
fn everything(total: &ScopeForecast, style: Style, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(refused) = &total.days.refused {
        lines.extend(wrap(
            &format!("No forecast: {}. To get one, {}.", refused.reason, refused.hint),
            "  ",
            "  ",
            width,
        ));
        return lines;
    }
    for sentence in sentences(&total.days) {
        lines.extend(wrap(&sentence, "  ", "  ", width));
    }
    lines.push(String::new());
    let room = width.saturating_sub(16);
    let ahead = total.days.forecast.len().min(room / 2);
    let past = total.days.history.len().min(room - ahead);
    let marks = total.days.history[total.days.history.len() - past..].iter().map(|point| Mark::Past(point.value.0));
    let marks = marks.chain(total.days.forecast.iter().take(ahead).map(|point| Mark::Ahead {
        mean: point.mean.0,
        low: point.lo80.0,
        high: point.hi80.0,
    }));
    let drawn = chart(&marks.collect::<Vec<_>>(), ROWS, |value| short(headroom_core::forecast::Figure(value)));
    lines.extend(drawn.iter().map(|line| format!("  {line}")));
    lines.extend(wrap(
        &format!("Cost by day: {past} days that were, {ahead} to come, with the 80 % interval."),
        "  ",
        "  ",
        width,
    ));
    lines.push(String::new());
    lines.extend(months(total).lines(width, style));
    lines.extend(naive(total).iter().flat_map(|sentence| wrap(sentence, "  ", "  ", width)));
    let together = [("next 3", &total.next_3_months), ("next 12", &total.next_12_months)];
    let together = together.iter().filter_map(|(name, period)| {
        let period = period.as_ref()?;
        Some(format!("{name}: {} to {} together", period.from, period.to))
    });
    let together = together.collect::<Vec<_>>().join("; ");
    lines.extend(wrap(&together, "  ", "  ", width));
    for (months, refused) in [("three", &total.next_3_months_refused), ("twelve", &total.next_12_months_refused)] {
        if let Some(refused) = refused {
            lines.extend(wrap(&format!("No figure of the {months} months: {}.", refused.reason), "  ", "  ", width));
        }
    }
    for month in &total.months {
        if let Some(refused) = month.budget.as_ref().and_then(|budget| budget.refused.as_ref()) {
            let budget = format!("Whether the budget of {} is exceeded cannot be said", month.month);
            let sentence = format!("{budget}: {}.", refused.reason);
            lines.extend(wrap(&sentence, "  ", "  ", width));
        }
    }
    for note in &total.notes {
        lines.extend(wrap(&format!("Note: {note}."), "  ", "  ", width));
    }
    if let Some(releases) = &total.days.releases {
        lines.extend(effects(releases, style, width));
    }
    lines
}

/// The months ahead, one by one and together.
fn months(total: &ScopeForecast) -> Grid {
    let columns = [
        ("month", Kind::Word),
        ("spent", Kind::Optional),
        ("expected", Kind::Figure),
        ("80 %", Kind::Figure),
        ("without", Kind::Optional),
        ("trust", Kind::Word),
        ("budget", Kind::Optional),
        ("over", Kind::Optional),
        ("missed", Kind::Optional),
        ("naive", Kind::Optional),
        ("95 %", Kind::Optional),
    ];
    let mut grid = Grid::new(2, &columns);
    for month in &total.months {
        grid.row([
            month.month.to_string().into(),
            month.spent.map_or_else(String::new, short).into(),
            short(month.expected).into(),
            between(month.lo80, month.hi80),
            month.without.as_ref().map_or_else(String::new, |without| short(without.expected)).into(),
            trust(Some(month.confidence)),
            month.budget.as_ref().map_or_else(String::new, |budget| budget.amount.to_string()).into(),
            over(month),
            missed(month.backtest.as_ref(), |backtest| backtest.wape),
            missed(month.backtest.as_ref(), |backtest| backtest.naive),
            between(month.lo95, month.hi95),
        ]);
    }
    for (count, period) in [(3, &total.next_3_months), (12, &total.next_12_months)] {
        let Some(period) = period else { continue };
        grid.row([
            format!("next {count}").into(),
            Cell::default(),
            short(period.expected).into(),
            between(period.lo80, period.hi80),
            period.without.as_ref().map_or_else(String::new, |without| short(without.expected)).into(),
            trust(Some(period.confidence)),
            Cell::default(),
            Cell::default(),
            missed(period.backtest.as_ref(), |backtest| backtest.wape),
            missed(period.backtest.as_ref(), |backtest| backtest.naive),
            between(period.lo95, period.hi95),
        ]);
    }
    grid
}

/// What the naive forecast missed of months, where budgets take the room of its column.
fn naive(total: &ScopeForecast) -> Option<String> {
    total.months.iter().find(|month| month.budget.is_some())?;
    let missed = |month: &ExpectedMonth| {
        let naive = month.backtest.as_ref()?.naive?;
        Some(format!("{:.1} % of {}", naive.0, month.month))
    };
    let missed: Vec<String> = total.months.iter().filter_map(missed).collect();
    (!missed.is_empty()).then(|| format!("The naive forecast missed {}.", missed.join(", ")))
}

/// An interval.
fn between(low: Figure, high: Figure) -> Cell {
    format!("{} to {}", short(low), short(high)).into()
}

/// What was missed before of such a sum, by one way of forecasting it.
fn missed(backtest: Option<&SumBacktest>, by: fn(&SumBacktest) -> Option<Ratio>) -> Cell {
    backtest.and_then(by).map_or_else(String::new, |percent| format!("{:.1} %", percent.0)).into()
}

/// The chance that a budget is exceeded.
fn over(month: &ExpectedMonth) -> Cell {
    match month.budget.as_ref().and_then(|budget| budget.over) {
        Some(over) => Cell(format!("{:.0} %", over.0), if over.0 >= 50.0 { Tone::Warn } else { Tone::Plain }),
        None => Cell::default(),
    }
}

/// Scopes that are likely to be flagged at the month's end.
fn warnings(forecast: &CostForecast, style: Style, width: usize) -> Vec<String> {
    let early = |scope: &ScopeForecast| scope.early_warning.clone().filter(|warning| warning.warns);
    let found: Vec<_> =
        forecast.scopes.iter().filter_map(|scope| early(scope).map(|warning| (scope, warning))).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let mut lines =
        vec![String::new(), style.paint(Tone::Strong, "Likely to end the month more than 20 % above the last")];
    for (scope, warning) in found {
        let expected = scope.months.first().map_or_else(String::new, |month| short(month.expected));
        let line = format!(
            "{} {}: {:.0} % likely; {expected} expected in {}, after {} in {}",
            scope.scope.level.replace('_', " "),
            name(scope),
            warning.probability.0,
            warning.month,
            short(warning.previous),
            warning.previous_month
        );
        lines.extend(wrap(&line, "  ", "    ", width).into_iter().map(|line| style.paint(Tone::Warn, &line)));
    }
    lines
}

/// Budgets of the months after this one, those first that are likeliest to be exceeded.
fn budgets(forecast: &CostForecast, style: Style, width: usize, full: bool) -> Vec<String> {
    let later = |scope| {
        let scope: &ScopeForecast = scope;
        scope.months.iter().skip(1).filter(|month| month.budget.is_some()).map(move |month| (scope, month))
    };
    let mut found: Vec<(&ScopeForecast, &ExpectedMonth)> = forecast.scopes.iter().flat_map(later).collect();
    if found.is_empty() {
        return Vec::new();
    }
    found.sort_by(|(_, a), (_, b)| chance(b).total_cmp(&chance(a)));
    let mut lines = vec![String::new(), style.paint(Tone::Strong, "Budgets of months to come")];
    let columns = [
        ("", Kind::Name),
        ("month", Kind::Word),
        ("budget", Kind::Figure),
        ("expected", Kind::Figure),
        ("over", Kind::Figure),
    ];
    let mut grid = Grid::new(2, &columns);
    let shown = if full { found.len() } else { found.len().min(LISTED) };
    for (scope, month) in &found[..shown] {
        let level = scope.scope.level.replace('_', " ");
        let name = if scope.scope.key.0.is_empty() { name(scope) } else { format!("{level} {}", name(scope)) };
        // Where no chance can be stated it is still seen which of the two is more.
        let over = match month.budget.as_ref().and_then(|budget| budget.over) {
            None if chance(month) > 0.0 => Cell("expected".to_owned(), Tone::Warn),
            _ => over(month),
        };
        grid.row([
            name.into(),
            month.month.to_string().into(),
            month.budget.as_ref().map_or_else(String::new, |budget| budget.amount.to_string()).into(),
            short(month.expected).into(),
            over,
        ]);
    }
    lines.extend(grid.lines(width, style));
    if shown < found.len() {
        lines.push(format!("  {} more: --full lists them all", found.len() - shown));
    }
    lines
}

/// The chance that a budget is exceeded; where none can be stated, whether more than it is expected.
fn chance(month: &ExpectedMonth) -> f64 {
    let Some(budget) = &month.budget else { return 0.0 };
    let above = month.expected.0 > budget.amount.units() as f64 / 1e18;
    budget.over.map_or(if above { 100.0 } else { 0.0 }, |over| over.0)
}

fn listed(scopes: &[&ScopeForecast], style: Style, width: usize) -> Vec<String> {
    let this =
        scopes.first().and_then(|scope| scope.months.first()).map_or_else(String::new, |month| month.month.to_string());
    let columns = [
        ("", Kind::Name),
        ("spent", Kind::Optional),
        (this.as_str(), Kind::Figure),
        ("80 %", Kind::Figure),
        ("next 3", Kind::Figure),
        ("without", Kind::Optional),
        ("budget", Kind::Optional),
        ("over", Kind::Optional),
        ("missed", Kind::Optional),
        ("trust", Kind::Word),
        ("80 % of 3", Kind::Optional),
        ("next 12", Kind::Optional),
        ("80 % of 12", Kind::Optional),
    ];
    let mut grid = Grid::new(2, &columns);
    for scope in scopes {
        let Some(first) = scope.months.first() else {
            grid.row([name(scope).into()]);
            if let Some(refused) = &scope.days.refused {
                grid.note(format!("no forecast: {}", refused.reason), Tone::Quiet);
            }
            continue;
        };
        let (next, year) = (scope.next_3_months.as_ref(), scope.next_12_months.as_ref());
        let without = next.and_then(|next| next.without.as_ref());
        grid.row([
            name(scope).into(),
            first.spent.map_or_else(String::new, short).into(),
            short(first.expected).into(),
            between(first.lo80, first.hi80),
            next.map_or_else(String::new, |next| short(next.expected)).into(),
            without.map_or_else(String::new, |without| short(without.expected)).into(),
            first.budget.as_ref().map_or_else(String::new, |budget| budget.amount.to_string()).into(),
            over(first),
            missed(first.backtest.as_ref(), |backtest| backtest.wape),
            trust(Some(first.confidence)),
            next.map_or_else(Cell::default, |next| between(next.lo80, next.hi80)),
            year.map_or_else(String::new, |year| short(year.expected)).into(),
            year.map_or_else(Cell::default, |year| between(year.lo80, year.hi80)),
        ]);
    }
    let mut lines = grid.lines(width, style);
    let rests = |scope: &&&ScopeForecast| scope.months.first().is_some_and(|month| month.replayed < LEAST_REPLAYED);
    let few = scopes.iter().filter(rests).count();
    if few > 0 {
        let note = format!(
            "The intervals of {few} of these rest on fewer than {LEAST_REPLAYED} forecasts of the past: rather too wide."
        );
        lines.extend(wrap(&note, "  ", "  ", width));
    }
    lines
}
