//! What came of an assessment, for the terminal: one page.

use headroom_core::maturity::{Answered, ControlResult};
use headroom_core::report::text;
use headroom_core::scorecard;

use super::grid::{Cell, Grid, Kind};
use super::style::{Style, Tone};
use super::table::Screen;

/// Actions that one page has room for.
const ACTIONS_SHOWN: usize = 6;

/// The scorecard as lines of at most `width` columns.
pub(crate) fn assess(result: &Answered, style: Style, width: usize) -> String {
    let mut screen = Screen { lines: Vec::new(), style, width };
    screen.title(&format!("{}, {}", result.framework.title, text::visible(&result.subject.id)));
    screen.text(&scorecard::headline(result), Tone::Strong);
    let lines = [
        scorecard::progress(result),
        scorecard::weakest(result),
        scorecard::evidence(result),
        scorecard::trend(result),
    ];
    for line in lines.into_iter().flatten() {
        screen.text(&line, Tone::Plain);
    }
    screen.text(&format!("As of {}.", result.as_of), Tone::Quiet);
    let cautions = scorecard::cautions(result);
    if !cautions.is_empty() {
        screen.title("Read with care");
        for caution in cautions {
            screen.hanging(&text::visible(&caution), "  ", "    ", Tone::Warn);
        }
    }
    stages(&mut screen, result);
    if !result.controls.is_empty() {
        controls(&mut screen, result);
    }
    gaps(&mut screen, result);
    actions(&mut screen, result);
    contradictions(&mut screen, result);
    screen.finish()
}

/// Where two levels of the source contradict each other, which of them governs.
fn contradictions(screen: &mut Screen, result: &Answered) {
    let kept: Vec<_> = result.anomalies.iter().filter(|anomaly| anomaly.criterion.is_some()).collect();
    if kept.is_empty() {
        return;
    }
    screen.title("How the source is read");
    for anomaly in kept {
        let line = format!("{} {}", text::visible(&anomaly.id), text::visible(&anomaly.note));
        screen.hanging(&line, "  ", "    ", Tone::Quiet);
    }
}

fn stages(screen: &mut Screen, result: &Answered) {
    let scheduled = result.level.is_none();
    screen.title(if scheduled { "Phases" } else { "Levels" });
    let last = if scheduled { ("", Kind::Word) } else { ("controls", Kind::Figure) };
    let mut grid = Grid::new(2, &[("", Kind::Figure), ("", Kind::Name), ("", Kind::Name), last]);
    for stage in &result.stages {
        let reached = result.level.as_ref().is_some_and(|level| stage.ordinal <= level.confirmed);
        let tone = if reached || stage.state == Some("done") { Tone::Good } else { Tone::Plain };
        let count =
            result.distribution.iter().find(|level| level.level == stage.ordinal).map_or(0, |level| level.controls);
        let last = match stage.state {
            Some(state) => state.replace('_', " "),
            None if count == 0 => String::new(),
            None => count.to_string(),
        };
        grid.row([
            Cell(stage.ordinal.to_string(), tone),
            Cell(text::visible(&stage.name), tone),
            Cell(scorecard::stage_words(stage), Tone::Quiet),
            last.into(),
        ]);
    }
    screen.grid(&grid);
}

fn controls(screen: &mut Screen, result: &Answered) {
    screen.title("Controls");
    let titled = result.controls.iter().any(|control| control.level_title.is_some());
    let columns = [
        ("", Kind::Name),
        ("level", Kind::Word),
        ("up to", Kind::Figure),
        (if titled { "which is" } else { "" }, Kind::Name),
        ("next", Kind::Word),
    ];
    let mut grid = Grid::new(2, &columns);
    for control in &result.controls {
        let tone = tone(control, result);
        let up_to = if control.potential > control.confirmed { control.potential.to_string() } else { String::new() };
        grid.row([
            Cell(text::visible(&control.short), Tone::Plain),
            Cell(control.shown.clone(), tone),
            up_to.into(),
            Cell(control.level_title.clone().unwrap_or_default(), Tone::Quiet),
            Cell(scorecard::control_next(control), Tone::Quiet),
        ]);
    }
    screen.grid(&grid);
    if let Some(star) = scorecard::star(result) {
        screen.text(star, Tone::Quiet);
    }
}

fn tone(control: &ControlResult, result: &Answered) -> Tone {
    match &result.level {
        Some(level) if control.confirmed >= level.target => Tone::Good,
        Some(level) if control.confirmed < level.confirmed => Tone::Bad,
        _ => Tone::Warn,
    }
}

fn gaps(screen: &mut Screen, result: &Answered) {
    for list in scorecard::open_lists(result) {
        screen.title(&list.title);
        for criterion in &list.shown {
            let line =
                format!("{} {}", text::visible(&criterion.criterion), text::visible(&scorecard::blocking(criterion)));
            screen.hanging(&line, "  ", "    ", Tone::Plain);
        }
        if list.more > 0 {
            screen.text(&format!("… and {} more; `--format json` lists them all", list.more), Tone::Quiet);
        }
    }
}

fn actions(screen: &mut Screen, result: &Answered) {
    if result.actions.is_empty() {
        return;
    }
    screen.title("Next actions");
    for action in result.actions.iter().take(ACTIONS_SHOWN) {
        let first = format!("  {}. ", action.order);
        let rest = " ".repeat(first.len());
        screen.hanging(
            &format!("{}: {}", text::visible(&action.what), text::visible(&action.why)),
            &first,
            &rest,
            Tone::Plain,
        );
        screen.hanging(&text::visible(&scorecard::action_notes(action)), &rest, &rest, Tone::Quiet);
    }
    let more = result.actions.len().saturating_sub(ACTIONS_SHOWN);
    if more > 0 {
        screen.text(&format!("… and {more} more; `--format markdown` lists them all"), Tone::Quiet);
    }
}
