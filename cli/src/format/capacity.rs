//! Capacity on a terminal: every service on a line, then those that run out.

use std::fmt::Write as _;

use headroom_core::calendar::Date;
use headroom_core::capacity::{Capacity, LimitShown, Reserve, ServiceCapacity};
use headroom_core::forecast::{Figure, Ratio};
use headroom_core::money::Currency;
use headroom_core::report::{figures, text::visible};

use super::effects::record;
use super::forecast::{sentences, short};
use super::grid::{Cell, Grid, Kind};
use super::style::{Style, Tone};
use super::table::Screen;

/// Services that have a page of their own unless all are asked for.
const PAGES: usize = 3;

/// Weeks between two that are shown, unless all are asked for.
const EVERY: usize = 4;

/// The document as lines of at most `width` columns.
pub(crate) fn capacity(document: &Capacity, full: bool, style: Style, width: usize) -> String {
    let mut screen = Screen { lines: Vec::new(), style, width };
    screen.title(&format!("Capacity as of {}", document.as_of));
    if let Some(sentence) = record(&document.record) {
        screen.text(&sentence, Tone::Quiet);
    }
    for warning in &document.warnings {
        screen.hanging(&format!("Note: {}.", visible(warning)), "  ", "    ", Tone::Warn);
    }
    overview(&mut screen, document);
    let runs_out = |service: &&ServiceCapacity| {
        service.exhaustion.as_ref().is_some_and(|exhaustion| full || exhaustion.p10.is_some())
    };
    let mut paged: Vec<&ServiceCapacity> = document.services.iter().filter(runs_out).collect();
    paged.sort_by_key(|service| service.order_by.map_or(i32::MAX, Date::days_since_epoch));
    for service in paged.iter().take(if full { usize::MAX } else { PAGES }) {
        page(&mut screen, service, (document.currency.as_ref(), document.as_of), full);
    }
    screen.finish()
}

fn overview(screen: &mut Screen, document: &Capacity) {
    let columns = [
        ("service", Kind::Name),
        ("replicas", Kind::Figure),
        ("peak/s", Kind::Figure),
        ("over by: 10 %", Kind::Figure),
        ("50 % of paths", Kind::Figure),
        ("order by", Kind::Figure),
        ("limit", Kind::Word),
    ];
    let mut grid = Grid::new(2, &columns);
    for service in &document.services {
        let mut cells = vec![
            Cell::from(visible(&service.service)),
            format!("{} of {}", service.replicas, service.max_replicas).into(),
            service.peak.map_or_else(|| figures::ABSENT.to_owned(), short).into(),
        ];
        if let Some(exhaustion) = &service.exhaustion {
            let late = service.order_by.is_some_and(|day| day < document.as_of);
            let tone = if late { Tone::Bad } else { Tone::Warn };
            // No date is good news only where every limit was judged.
            let fine = exhaustion.p10.is_none() && unjudged(service).next().is_none();
            cells.push(Cell(day(exhaustion.p10), if fine { Tone::Good } else { tone }));
            cells.push(day(exhaustion.p50).into());
            cells.push(Cell(day(service.order_by), tone));
            cells.push(service.binding.map_or("", |limit| limit.name()).into());
        }
        grid.row(cells);
        if let Some(refused) = &service.refused {
            grid.note(format!("no date: {}; {}", visible(&refused.reason), refused.hint), Tone::Warn);
        }
        for (limit, reason) in unjudged(service) {
            grid.note(format!("{} is not judged: {}", limit.limit.name(), visible(reason)), Tone::Warn);
        }
        if let Some(lacking) = lacking(service) {
            grid.note(lacking, Tone::Warn);
        }
    }
    screen.lines.push(String::new());
    screen.grid(&grid);
}

/// The limits that do not count, and why, unless that is why there is no date at all.
fn unjudged(service: &ServiceCapacity) -> impl Iterator<Item = (&LimitShown, &str)> {
    let whole = service.refused.as_ref().map(|refused| refused.reason.as_str());
    let of = |limit| -> Option<(&LimitShown, &str)> {
        let limit: &LimitShown = limit;
        Some((limit, limit.refused.as_ref()?.reason.as_str()))
    };
    service.limits.iter().filter_map(of).filter(move |(_, reason)| Some(*reason) != whole)
}

/// That fewer replicas run than the week that begins needs on half of the paths.
fn lacking(service: &ServiceCapacity) -> Option<String> {
    let (runs, needed) = (service.replicas, service.weeks.first()?.replicas_p50);
    let survives = match service.reserve {
        Reserve::Zone if service.zones > 1 => " to survive a lost zone",
        Reserve::Zone | Reserve::Replica => " to survive a lost replica",
        Reserve::None => "",
    };
    match needed {
        Some(needed) if needed <= runs => None,
        Some(needed) => Some(format!("runs {runs}, needs {needed} now{survives}")),
        None => Some(format!("runs {runs}, and no number is enough now{survives}")),
    }
}

fn day(date: Option<Date>) -> String {
    date.map_or_else(|| figures::ABSENT.to_owned(), |date| date.to_string())
}

/// All about one service.
fn page(screen: &mut Screen, service: &ServiceCapacity, (currency, as_of): (Option<&Currency>, Date), full: bool) {
    screen.title(&visible(&service.service));
    for sentence in answers(service, currency, as_of) {
        screen.text(&sentence, Tone::Plain);
    }
    for note in &service.notes {
        screen.hanging(&format!("Note: {}.", visible(note)), "  ", "    ", Tone::Warn);
    }
    for limit in service.limits.iter().filter(|limit| limit.refused.is_none()) {
        let figure = |value: Option<Figure>| value.map_or_else(String::new, short);
        let drift = limit.drift.map_or_else(String::new, |drift| {
            let way = if drift.0 < 0.0 { "less" } else { "more" };
            format!("; a request takes {:.1} % {way} than four weeks before", drift.0.abs())
        });
        let missed = limit.missed.map_or_else(String::new, |missed| format!(", missed by {:.1} %", missed.0));
        let (name, peak, unit) = (limit.limit.name(), figure(limit.taken), limit.unit);
        let takes = match limit.room.filter(|room| room.0 < 0.0) {
            Some(room) => {
                let over = short(Figure(-room.0));
                format!("over by {over} {unit} without any traffic, and the peak takes {peak} more")
            }
            None => format!("the peak takes {peak} of {} {unit}", figure(limit.room)),
        };
        let text = format!("{name}: {takes}{missed}{drift}; {}", limit.why);
        screen.hanging(&text, "  ", "    ", Tone::Quiet);
    }
    weeks(screen, service, full);
    growth(screen, service);
    changes(screen, service);
    backtest(screen, service);
    if let Some(traffic) = service.traffic.as_ref().filter(|_| full) {
        screen.lines.push(String::new());
        for sentence in sentences(traffic) {
            screen.text(&format!("Traffic: {sentence}"), Tone::Quiet);
        }
    }
}

fn answers(service: &ServiceCapacity, currency: Option<&Currency>, as_of: Date) -> Vec<String> {
    let mut answers = Vec::new();
    let Some(exhaustion) = &service.exhaustion else { return answers };
    let limit = service.binding.map_or("its limit", |limit| limit.name());
    answers.push(match (exhaustion.p10, exhaustion.p50) {
        (Some(early), Some(half)) => {
            format!("10 % of the paths are over its {limit} by {early}, half of them by {half}.")
        }
        (Some(early), None) => {
            let (chance, through) = (exhaustion.chance.0, exhaustion.through);
            format!("10 % of the paths are over its {limit} by {early}, {chance:.0} % by {through}.")
        }
        _ => format!("{:.0} % of the paths are over its {limit} by {}.", exhaustion.chance.0, exhaustion.through),
    });
    if let Some(order) = service.order_by {
        let past = if order < as_of { "; that day has passed" } else { "" };
        answers.push(format!("More takes {} days: order by {order}{past}.", service.lead_time_days));
    }
    if let Some(more) = &service.more {
        let through = exhaustion.through;
        let mut sentence = match (more.replicas_p50, more.replicas_p90) {
            (Some(half), Some(most)) => {
                format!("Enough through {through}: {half} more replicas on half of the paths, {most} on 90 %")
            }
            (Some(half), None) => {
                format!("Enough through {through}: {half} more replicas on half of the paths; on 90 % no number is")
            }
            _ => format!("No number of replicas is enough through {through}"),
        };
        if let (Some(half), Some(most), Some(currency)) = (more.cost_month_p50, more.cost_month_p90, currency) {
            let amount = |amount| figures::amount(amount, currency);
            let _ = write!(sentence, ", for {} and {} {} a month", amount(half), amount(most), currency.code());
        }
        answers.push(sentence + ".");
    }
    answers
}

fn weeks(screen: &mut Screen, service: &ServiceCapacity, full: bool) {
    if service.weeks.is_empty() {
        return;
    }
    screen.lines.push(String::new());
    let columns = [
        ("week of", Kind::Word),
        ("peak/s 50 %", Kind::Figure),
        ("90 %", Kind::Figure),
        ("replicas 50 %", Kind::Figure),
        ("90 %", Kind::Figure),
    ];
    let mut grid = Grid::new(2, &columns);
    let through = service.exhaustion.as_ref().map(|exhaustion| exhaustion.through.days_since_epoch());
    for week in service.weeks.iter().step_by(if full { 1 } else { EVERY }) {
        // The last ends with the horizon, whole or not.
        let days = through.map_or(7, |through| through - week.from.days_since_epoch() + 1);
        let part = match days {
            1 => " (1 day)".to_owned(),
            2..7 => format!(" ({days} days)"),
            _ => String::new(),
        };
        let count = |count: Option<u32>| {
            let tone = if count.is_none_or(|count| count > service.max_replicas) { Tone::Bad } else { Tone::Plain };
            Cell(count.map_or_else(|| "never".to_owned(), |count| count.to_string()), tone)
        };
        grid.row([
            format!("{}{part}", week.from).into(),
            short(week.peak_p50).into(),
            short(week.peak_p90).into(),
            count(week.replicas_p50),
            count(week.replicas_p90),
        ]);
    }
    screen.grid(&grid);
}

fn growth(screen: &mut Screen, service: &ServiceCapacity) {
    let Some(growth) = &service.growth else { return };
    screen.lines.push(String::new());
    let columns = [("what traffic takes grows by", Kind::Name), ("%", Kind::Figure), ("share", Kind::Figure)];
    let mut grid = Grid::new(2, &columns);
    let percent = |ratio: Ratio| format!("{:.1}", ratio.0).replace('-', "−");
    for part in &growth.parts {
        let share = part.share.map_or_else(String::new, |share| format!("{:.0} %", share.0).replace('-', "−"));
        grid.row([visible(&part.name).into(), percent(part.percent).into(), share.into()]);
    }
    grid.row(["together".into(), Cell(percent(growth.percent), Tone::Strong)]);
    screen.grid(&grid);
}

fn changes(screen: &mut Screen, service: &ServiceCapacity) {
    if service.changes.is_empty() {
        return;
    }
    screen.lines.push(String::new());
    let columns =
        [("what would change it", Kind::Name), ("10 %", Kind::Figure), ("50 %", Kind::Figure), ("days", Kind::Figure)];
    let mut grid = Grid::new(2, &columns);
    for change in &service.changes {
        let days = change.days.map_or_else(String::new, |days| format!("{days:+}").replace('-', "−"));
        grid.row([visible(&change.change).into(), day(change.p10).into(), day(change.p50).into(), days.into()]);
    }
    screen.grid(&grid);
}

/// How earlier askings met what came, beside what else one would go by.
fn backtest(screen: &mut Screen, service: &ServiceCapacity) {
    if service.backtest.is_empty() {
        return;
    }
    screen.lines.push(String::new());
    let columns = [
        ("back-test, days ahead", Kind::Name),
        ("days", Kind::Figure),
        ("below 90 %", Kind::Figure),
        ("loss 50 %", Kind::Figure),
        ("90 %", Kind::Figure),
        ("last week", Kind::Figure),
        ("line", Kind::Figure),
    ];
    let mut grid = Grid::new(2, &columns);
    for span in &service.backtest {
        let loss = |ratio: Ratio| format!("{:.1} %", ratio.0);
        let tone = if span.is_beaten() { Tone::Warn } else { Tone::Plain };
        grid.row([
            format!("{} to {}", span.from_day, span.to_day).into(),
            span.days.to_string().into(),
            format!("{:.0} %", span.covered.0).into(),
            loss(span.paths.p50).into(),
            Cell(loss(span.paths.p90), tone),
            loss(span.last_week.p90).into(),
            loss(span.line.p90).into(),
        ]);
    }
    screen.grid(&grid);
}
