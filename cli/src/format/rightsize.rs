//! Sizes for the terminal: what they come to, then each with what it was replayed on.

use headroom_core::report::{figures, text};
use headroom_core::rightsizing::{self, Action, Recommendation, Rightsizing, Severity, Size};

use super::grid::{Cell, Grid, Kind};
use super::style::{Style, Tone};
use super::table::Screen;

/// Recommendations that are shown unless all are asked for.
const SHOWN: usize = 20;

/// The recommendations as lines of at most `width` columns.
pub(crate) fn rightsize(document: &Rightsizing, full: bool, style: Style, width: usize) -> String {
    let mut screen = Screen { lines: Vec::new(), style, width };
    screen.title("Right sizes");
    screen.text(&rightsizing::headline(document), Tone::Strong);
    screen.text(&rightsizing::summary(document), Tone::Quiet);
    cautions(&mut screen, document);
    let open = |one: &&Recommendation| full || one.action != Action::Keep;
    let listed: Vec<&Recommendation> = document.recommendations.iter().filter(open).collect();
    if !listed.is_empty() {
        table(&mut screen, document, &listed, full);
    }
    screen.finish()
}

fn cautions(screen: &mut Screen, document: &Rightsizing) {
    let mut lines: Vec<String> = document.warnings.clone();
    if let Some(first) = document.refused_rows.first() {
        lines.push(format!(
            "{} refused; the first: {}: {}",
            figures::counted(document.refused_count, "row was", "rows were"),
            text::place(&first.file, first.line, None),
            first.reason
        ));
    }
    if !lines.is_empty() {
        screen.title("Read with care");
        for line in lines {
            screen.hanging(&text::visible(&line), "  ", "    ", Tone::Warn);
        }
    }
}

fn table(screen: &mut Screen, document: &Rightsizing, listed: &[&Recommendation], full: bool) {
    screen.title("What to change, by money a month");
    let saves = format!("saves {}", document.currency.code());
    let columns = [
        ("workload", Kind::Name),
        ("", Kind::Word),
        ("today", Kind::Figure),
        ("request", Kind::Figure),
        ("limit", Kind::Figure),
        (saves.as_str(), Kind::Figure),
        ("severity", Kind::Word),
    ];
    let mut grid = Grid::new(2, &columns);
    let shown = if full { listed.len() } else { SHOWN };
    for one in listed.iter().take(shown) {
        let tone = tone(one);
        let size = |size: Option<Size>| size.map_or_else(|| figures::ABSENT.to_owned(), Size::quantity);
        grid.row([
            text::visible(&one.workload).into(),
            one.resource.name().into(),
            size(one.current_request).into(),
            Cell(size(one.request), Tone::Strong),
            size(one.limit).into(),
            figures::amount_or_absent(one.saving_month, &document.currency).into(),
            Cell(severity(one), tone),
        ]);
        let note = match rightsizing::note(one) {
            Some(note) => note,
            None => one.why.clone(),
        };
        grid.note(text::visible(&note), Tone::Quiet);
    }
    screen.grid(&grid);
    if listed.len() > shown {
        screen.text(&format!("… and {} more; `--full` lists them all", listed.len() - shown), Tone::Quiet);
    }
}

/// Side and weight: `over, critical`; one word where the side says nothing more.
fn severity(one: &Recommendation) -> String {
    match one.severity {
        Severity::Unknown => "unknown".to_owned(),
        severity => format!("{}, {}", one.direction.word(), severity.word()),
    }
}

fn tone(one: &Recommendation) -> Tone {
    match one.severity {
        Severity::Critical => Tone::Bad,
        Severity::Warning => Tone::Warn,
        Severity::Good => Tone::Good,
        Severity::Low | Severity::Unknown => Tone::Quiet,
    }
}
