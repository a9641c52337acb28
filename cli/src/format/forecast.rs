//! Forecasts on a terminal.

use std::fmt::Write as _;

use headroom_core::forecast::{BacktestShown, Confidence, EarlierShown, Figure, Forecasts, SeriesForecast};
use headroom_core::report::figures::counted;
use headroom_core::report::text::visible;

use super::chart::{Mark, chart};
use super::effects::{effects, record};
use super::grid::{Cell, Grid, Kind};
use super::paragraph::wrap;
use super::style::{Style, Tone};

/// Up to so many series each have a page of their own unless all are asked for.
const PAGES: usize = 3;

/// Rows of a chart.
const ROWS: u16 = 9;

/// The forecasts, at this width.
pub(crate) fn forecasts(forecasts: &Forecasts, style: Style, width: usize, full: bool) -> String {
    let mut lines = Vec::new();
    if let Some(sentence) = forecasts.record.as_ref().and_then(record) {
        lines.extend(wrap(&sentence, "", "  ", width));
    }
    for warning in &forecasts.warnings {
        let warning = wrap(&format!("Read with care: {}.", visible(warning)), "", "  ", width);
        lines.extend(warning.into_iter().map(|line| style.paint(Tone::Warn, &line)));
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.extend(if forecasts.series.len() > PAGES && !full {
        overview(forecasts, style, width)
    } else {
        let pages = forecasts.series.iter().map(|series| page(series, style, width));
        pages.collect::<Vec<_>>().join(&String::new())
    });
    lines.push(String::new());
    lines.join("\n")
}

/// One line for each series.
fn overview(forecasts: &Forecasts, style: Style, width: usize) -> Vec<String> {
    let (made, all) =
        (forecasts.series.iter().filter(|series| series.refused.is_none()).count(), forecasts.series.len());
    let mut lines = vec![style.paint(Tone::Strong, &format!("Forecasts of {made} of {all} series")), String::new()];
    let columns = [
        ("series", Kind::Name),
        ("last", Kind::Figure),
        ("next", Kind::Figure),
        ("at the end", Kind::Figure),
        ("without", Kind::Optional),
        ("80 %", Kind::Optional),
        ("missed", Kind::Figure),
        ("naive", Kind::Optional),
        ("confidence", Kind::Word),
        ("earlier", Kind::Optional),
    ];
    let mut grid = Grid::new(2, &columns);
    for series in &forecasts.series {
        if let Some(refused) = &series.refused {
            grid.row([visible(&series.name).into()]);
            grid.note(format!("no forecast: {}", refused.reason), Tone::Warn);
            continue;
        }
        let backtest = series.backtest.as_ref();
        let (first, last) = (series.forecast.first(), series.forecast.last());
        grid.row([
            visible(&series.name).into(),
            series.history.last().map_or_else(String::new, |point| short(point.value)).into(),
            first.map_or_else(String::new, |point| short(point.mean)).into(),
            last.map_or_else(String::new, |point| short(point.mean)).into(),
            series
                .releases
                .as_ref()
                .and_then(|releases| releases.without.last())
                .map_or_else(String::new, |point| short(point.mean))
                .into(),
            last.map_or_else(String::new, |point| format!("{} to {}", short(point.lo80), short(point.hi80))).into(),
            missed(backtest).unwrap_or_default().into(),
            naive(backtest).unwrap_or_default().into(),
            trust(series.confidence),
            series
                .earlier
                .as_ref()
                .filter(|earlier| earlier.scored > 0)
                .map_or_else(String::new, |earlier| format!("{} of {}", earlier.inside80, earlier.scored))
                .into(),
        ]);
    }
    lines.extend(grid.lines(width, style));
    if forecasts.series.iter().any(|series| series.earlier.is_some()) {
        let sentence = "earlier: how many of the values that came since lay in the interval of 80 %";
        lines.extend(wrap(sentence, "  ", "  ", width));
    }
    if made > 0 {
        lines.push("  --full draws each, with its steps and notes".to_owned());
    }
    lines
}

/// All about one series.
fn page(series: &SeriesForecast, style: Style, width: usize) -> Vec<String> {
    let step = series.step.as_deref().unwrap_or("step");
    let title = match (series.history.first(), series.history.last()) {
        (Some(first), Some(last)) => {
            let count = series.history.len();
            format!("{}: {count} values, {} to {}, one each {step}", visible(&series.name), first.date, last.date)
        }
        _ => visible(&series.name),
    };
    let mut lines = wrap(&title, "", "  ", width);
    if let Some(first) = lines.first_mut() {
        *first = style.paint(Tone::Strong, first);
    }
    if let Some(refused) = &series.refused {
        lines.extend(wrap(&format!("No forecast: {}.", refused.reason), "  ", "  ", width));
        lines.extend(wrap(&format!("To get one, {}.", refused.hint), "  ", "  ", width));
        lines.push(String::new());
        return lines;
    }
    for sentence in sentences(series) {
        lines.extend(wrap(&sentence, "  ", "  ", width));
    }
    lines.push(String::new());
    let room = width.saturating_sub(16);
    let ahead = series.forecast.len().min(room * 2 / 3);
    let past = series.history.len().min(room - ahead);
    let marks = series.history[series.history.len() - past..].iter().map(|point| Mark::Past(point.value.0));
    let marks = marks.chain(series.forecast.iter().take(ahead).map(|point| Mark::Ahead {
        mean: point.mean.0,
        low: point.lo80.0,
        high: point.hi80.0,
    }));
    let drawn = chart(&marks.collect::<Vec<_>>(), ROWS, |value| short(Figure(value)));
    lines.extend(drawn.iter().map(|line| format!("  {line}")));
    let more = series.forecast.len() - ahead;
    let beyond = if more > 0 { format!("; {more} more steps do not fit") } else { String::new() };
    lines.extend(wrap(&format!("• was  ○ expected  ░ 80 % interval{beyond}"), "  ", "  ", width));
    lines.push(String::new());
    let columns = [
        ("date", Kind::Word),
        ("expected", Kind::Figure),
        ("without", Kind::Optional),
        ("80 %", Kind::Figure),
        ("95 %", Kind::Figure),
    ];
    let mut grid = Grid::new(2, &columns);
    for (step, point) in series.forecast.iter().enumerate() {
        let between = |low, high| Cell::from(format!("{} to {}", short(low), short(high)));
        let without = series.releases.as_ref().and_then(|releases| releases.without.get(step));
        grid.row([
            point.date.as_str().into(),
            short(point.mean).into(),
            without.map_or_else(String::new, |point| short(point.mean)).into(),
            between(point.lo80, point.hi80),
            between(point.lo95, point.hi95),
        ]);
    }
    lines.extend(grid.lines(width, style));
    if let Some(releases) = &series.releases {
        lines.extend(effects(releases, style, width));
    }
    lines.push(String::new());
    lines
}

pub(super) fn sentences(series: &SeriesForecast) -> Vec<String> {
    let mut sentences = Vec::new();
    let models: Vec<String> = series.members.iter().map(|member| member.model.replace('_', " ")).collect();
    let season = series.season.as_ref().map_or_else(
        || "no season showed".to_owned(),
        |season| {
            let periods: Vec<String> = season.periods.iter().map(ToString::to_string).collect();
            format!("a season of {} steps", periods.join(" and "))
        },
    );
    sentences.push(match series.method {
        Some("naive") => "The last season again.".to_owned(),
        _ => format!("Combined from {}; {season}.", models.join(", ")),
    });
    if let Some(backtest) = &series.backtest {
        let mut sentence = format!("Tried from {} points of the past", backtest.origins);
        if let (Some(missed), Some(naive)) = (missed(Some(backtest)), naive(Some(backtest))) {
            let _ = write!(sentence, ": missed by {missed} (naive: {naive})");
        }
        if let (Some(narrow), Some(wide)) = (backtest.coverage80, backtest.coverage95) {
            let _ = write!(
                sentence,
                "; {:.0} % of what came lay in the 80 % interval, {:.0} % in that of 95 %",
                narrow.0, wide.0
            );
        }
        sentences.push(sentence + ".");
    }
    sentences.extend(series.earlier.as_ref().map(learned));
    sentences.push(format!("Confidence: {}.", trust(series.confidence).0));
    sentences.extend(series.notes.iter().map(|note| format!("Note: {note}.")));
    sentences
}

/// How earlier forecasts did, and what intervals learned.
fn learned(earlier: &EarlierShown) -> String {
    let forecasts = counted(earlier.forecasts as u64, "earlier forecast", "earlier forecasts");
    if earlier.scored == 0 {
        return format!("{forecasts}: no value of them has come yet.");
    }
    let values = counted(earlier.scored as u64, "value", "values");
    let share = |inside: usize| format!("{:.0} %", 100.0 * inside as f64 / earlier.scored as f64);
    format!(
        "{forecasts}: of {values} that came, {} lay in the 80 % interval and {} in that of 95 %; they are taken {:.2} and {:.2} times as wide.",
        share(earlier.inside80),
        share(earlier.inside95),
        earlier.width80.0,
        earlier.width95.0
    )
}

fn missed(backtest: Option<&BacktestShown>) -> Option<String> {
    backtest?.errors.wape.map(|wape| format!("{:.1} %", wape.0))
}

fn naive(backtest: Option<&BacktestShown>) -> Option<String> {
    backtest?.naive.wape.map(|wape| format!("{:.1} %", wape.0))
}

/// How far a forecast can be trusted.
pub(super) fn trust(confidence: Option<Confidence>) -> Cell {
    let Some(confidence) = confidence else { return Cell::default() };
    let tone = match confidence {
        Confidence::High => Tone::Good,
        Confidence::Fair => Tone::Plain,
        Confidence::Low => Tone::Warn,
    };
    Cell(confidence.name().to_owned(), tone)
}

/// From here on, and below the least, a figure is written with a power of ten: all its digits would take the room of a table.
const LARGE: f64 = 1e15;
const SMALL: f64 = 1e-6;

/// A figure for the eye: four significant digits or all that are whole, in groups of thousands; with a power of ten where it is
/// very large or very small.
pub(super) fn short(figure: Figure) -> String {
    let size = figure.0.abs();
    if size >= LARGE || (size > 0.0 && size < SMALL) {
        return format!("{:.3e}", figure.0);
    }
    let decimals = match size {
        _ if size >= 1000.0 || size == 0.0 => 0,
        _ if size >= 100.0 => 1,
        _ if size >= 10.0 => 2,
        _ if size >= 0.001 => 3,
        _ => 3 + (1..9).find(|places| size >= 0.1_f64.powi(*places)).unwrap_or(9) as usize,
    };
    let text = format!("{size:.decimals$}");
    let text = if size > 0.0 && size < 0.001 { text.trim_end_matches('0') } else { &text };
    let (whole, part) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if figure.0 < 0.0 { "-" } else { "" };
    format!("{sign}{grouped}{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_fit_the_eye() {
        for (value, text) in [
            (0.0, "0"),
            (1_234_567.8, "1,234,568"),
            (-123.45, "-123.5"),
            (12.345, "12.35"),
            (1.0, "1.000"),
            (2e-5, "0.00002"),
            (2.728_561_457_1e-5, "0.00002729"),
            (2.728_561_457_1e-8, "2.729e-8"),
            (-4e-320, "-4.000e-320"),
            (1.5e300, "1.500e300"),
            (999_999_999_999_999.0, "999,999,999,999,999"),
        ] {
            assert_eq!(short(Figure(value)), text);
        }
    }
}
