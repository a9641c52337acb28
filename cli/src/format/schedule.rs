//! Schedules on a terminal.

use headroom_core::report::{figures, text};
use headroom_core::rightsizing::schedule::{self, Confidence, Schedule};

use super::grid::{Cell, Grid, Kind};
use super::style::{Style, Tone};
use super::table::Screen;

/// The schedules as lines of at most `width` columns.
pub(crate) fn schedule(document: &Schedule, style: Style, width: usize) -> String {
    let mut screen = Screen { lines: Vec::new(), style, width };
    screen.title("Off-hours");
    screen.text(&schedule::headline(document), Tone::Strong);
    let zone = document.zone.as_deref().map_or_else(String::new, |zone| format!(" ({zone})"));
    let basis = format!("Usage from {} to {}; times are UTC{}{zone}.", document.from, document.to, document.offset);
    screen.text(&basis, Tone::Quiet);
    for warning in &document.warnings {
        screen.hanging(&format!("Read with care: {warning}."), "  ", "    ", Tone::Warn);
    }
    if document.workloads.is_empty() {
        return screen.finish();
    }
    screen.title("By saving");
    let saves = format!("saves {} a month", document.currency.code());
    let columns =
        [("workload", Kind::Name), ("environment", Kind::Name), ("off", Kind::Figure), (saves.as_str(), Kind::Figure)];
    let mut grid = Grid::new(2, &columns);
    for one in &document.workloads {
        let off = one.off_percent.map(|percent| figures::proportion(&percent.to_string()));
        let tone = match one.confidence {
            Confidence::High => Tone::Good,
            Confidence::Fair => Tone::Plain,
            Confidence::Low | Confidence::Unknown => Tone::Warn,
        };
        grid.row([
            text::visible(&one.workload).into(),
            text::visible(one.environment.as_deref().unwrap_or_default()).into(),
            off.unwrap_or_else(|| figures::ABSENT.to_owned()).into(),
            Cell(figures::amount_or_absent(one.saving_month, &document.currency), tone),
        ]);
        for line in schedule::note(document, one) {
            grid.note(text::visible(&line), Tone::Quiet);
        }
    }
    screen.grid(&grid);
    screen.finish()
}
