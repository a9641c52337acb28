//! Forecasts of cost on a terminal.

use headroom_core::report::text::{UNALLOCATED, visible};
use headroom_core::spending::{CostForecast, ExpectedMonth, ScopeForecast};

use super::chart::{Mark, chart};
use super::effects::{effects, record};
use super::forecast::{confidence, missed, sentences, short};
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
    let columns = [
        ("month", Kind::Word),
        ("spent", Kind::Optional),
        ("expected", Kind::Figure),
        ("80 %", Kind::Figure),
        ("without", Kind::Optional),
        ("95 %", Kind::Optional),
        ("budget", Kind::Optional),
        ("over", Kind::Optional),
    ];
    let mut grid = Grid::new(2, &columns);
    for month in &total.months {
        grid.row([
            month.month.to_string().into(),
            month.spent.map_or_else(String::new, short).into(),
            short(month.expected).into(),
            format!("{} to {}", short(month.lo80), short(month.hi80)).into(),
            month.without.as_ref().map_or_else(String::new, |without| short(without.expected)).into(),
            format!("{} to {}", short(month.lo95), short(month.hi95)).into(),
            month.budget.as_ref().map_or_else(String::new, |budget| budget.amount.to_string()).into(),
            over(month),
        ]);
    }
    lines.extend(grid.lines(width, style));
    match (&total.next_12_months, &total.next_12_months_refused) {
        (Some(year), _) => {
            let sentence = format!(
                "{} to {}: {}, with 80 % between {} and {}.",
                year.from,
                year.to,
                short(year.expected),
                short(year.lo80),
                short(year.hi80)
            );
            lines.extend(wrap(&sentence, "  ", "  ", width));
        }
        (None, Some(refused)) => {
            lines.extend(wrap(&format!("No figure of the twelve months: {}.", refused.reason), "  ", "  ", width));
        }
        (None, None) => {}
    }
    if let Some(releases) = &total.days.releases {
        lines.extend(effects(releases, style, width));
    }
    lines
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
        let next: f64 = scope.months.iter().skip(1).map(|month| month.expected.0).sum();
        let sum = |sum: f64| {
            if scope.months.len() == 4 { short(headroom_core::forecast::Figure(sum)) } else { String::new() }
        };
        let next = sum(next);
        let without: Option<f64> =
            scope.months.iter().skip(1).map(|month| Some(month.without.as_ref()?.expected.0)).sum();
        let without = without.map_or_else(String::new, sum);
        grid.row([
            name(scope).into(),
            first.spent.map_or_else(String::new, short).into(),
            short(first.expected).into(),
            format!("{} to {}", short(first.lo80), short(first.hi80)).into(),
            next.into(),
            without.into(),
            first.budget.as_ref().map_or_else(String::new, |budget| budget.amount.to_string()).into(),
            over(first),
            missed(scope.days.backtest.as_ref()).unwrap_or_default().into(),
            confidence(&scope.days),
        ]);
    }
    grid.lines(width, style)
}
