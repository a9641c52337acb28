//! What changed, for the terminal.
//!
//! Scopes are layered, so one shift of money shows on several levels. Here each is told once: a change of a narrower
//! scope with the same amounts and movers is named below the wider one, and movers shown already are summed in a line.

use std::fmt::Write as _;

use headroom_core::money::Amount;
use headroom_core::report::summary::{self, Story};
use headroom_core::report::{Change, Contributor, Report, ReviewState, figures, text, words};

use super::grid::{Cell, Grid, Kind};
use super::paragraph::columns;
use super::style::Tone;
use super::table::{Extent, Screen};

/// Changes listed when the report is short; the others are counted.
const CHANGES_SHOWN: usize = 10;

/// Contributors of each change listed when the report is short; the rest is in `other`.
const CONTRIBUTORS_SHOWN: usize = 3;

/// The section on changes beyond the threshold.
pub(super) fn changed(screen: &mut Screen, report: &Report, extent: Extent) {
    screen.title(&format!("What changed by more than {} %", figures::THRESHOLD));
    if report.changes.is_empty() {
        screen.text(&words::flagged(report), Tone::Plain);
    } else {
        if report.changes.iter().any(|change| change.scope.level != report.changes[0].scope.level) {
            screen.text("One shift of money can show on several levels, from accounts to groups.", Tone::Quiet);
        }
        screen.grid(&table(report, extent));
    }
    if let Some(small) = words::below_floor(report) {
        screen.text(&small, Tone::Quiet);
    }
}

fn table(report: &Report, extent: Extent) -> Grid {
    let figure = |title| (title, Kind::Figure);
    let mut grid = Grid::new(2, &[("", Kind::Name), figure("before"), figure("now"), figure("change"), figure("%")]);
    let stories: Vec<Story<'_>> = match extent {
        Extent::Short => summary::stories(report),
        Extent::Full => report.changes.iter().map(|change| Story { change, same: Vec::new() }).collect(),
    };
    let limit = extent.limit(CHANGES_SHOWN).min(stories.len());
    let (shown, hidden) = stories.split_at(limit);
    let mut told = Vec::new();
    for story in shown {
        change_rows(&mut grid, story.change, report, extent, &mut told);
        same(&mut grid, story, report);
    }
    let hidden: Vec<&Change> =
        hidden.iter().flat_map(|story| [story.change].into_iter().chain(story.same.iter().copied())).collect();
    if !hidden.is_empty() {
        let unexplained = hidden.iter().filter(|change| change.state == ReviewState::Unexplained).count() as u64;
        let (count, unexplained) = (figures::count(hidden.len() as u64), figures::count(unexplained));
        let line = format!("… and {count} smaller, {unexplained} of them unexplained; `--full` lists all");
        grid.note(line, Tone::Quiet);
    }
    grid
}

fn change_rows<'r>(
    grid: &mut Grid,
    change: &'r Change,
    report: &Report,
    extent: Extent,
    told: &mut Vec<&'r Contributor>,
) {
    let currency = &report.currency;
    let tone = if change.state == ReviewState::Unexplained { Tone::Warn } else { Tone::Plain };
    grid.row([
        Cell(text::scope(&change.scope, report), Tone::Strong),
        figures::amount_or_absent(change.previous, currency).into(),
        figures::amount_or_absent(change.current, currency).into(),
        Cell(figures::delta(change.delta, currency), tone),
        Cell(words::percent_or_kind(change), tone),
    ]);
    grid.note(review(change), tone);
    let items = movers(change, report, extent, told);
    let widest = items.iter().map(|(delta, _)| columns(delta)).max().unwrap_or(0);
    for (delta, name) in items {
        grid.item(format!("{delta:>widest$}"), name, Tone::Quiet);
    }
}

/// What moved: lines that add up to the change.
fn movers<'r>(
    change: &'r Change,
    report: &Report,
    extent: Extent,
    told: &mut Vec<&'r Contributor>,
) -> Vec<(String, String)> {
    let delta = |amount| figures::delta(amount, &report.currency);
    if change.contributors.is_empty() {
        return Vec::new();
    }
    let is_told = |part: &&Contributor| extent == Extent::Short && told.contains(part);
    let (mut old, mut new): (Vec<_>, Vec<_>) = change.contributors.iter().partition(is_told);
    // A single one takes no more room by its name.
    if old.len() < 2 {
        (old, new) = (Vec::new(), change.contributors.iter().collect());
    }
    let mut items = Vec::new();
    if let Some(sum) = Amount::checked_sum(old.iter().map(|part| part.delta)).filter(|_| !old.is_empty()) {
        items.push((delta(sum), format!("the {} shown above", figures::count(old.len() as u64))));
    }
    let limit = extent.limit(CONTRIBUTORS_SHOWN).min(new.len());
    let (shown, hidden) = new.split_at(limit);
    items.extend(shown.iter().map(|part| (delta(part.delta), text::contributor(part, &change.scope))));
    told.extend(shown);
    // Contributors that are not shown are in `other`, so that the lines still add up.
    let other = Amount::checked_sum(hidden.iter().map(|part| part.delta).chain([change.other]));
    if let Some(other) = other.filter(|other| !other.is_zero()) {
        items.push((delta(other), "other".to_owned()));
    }
    items
}

/// The narrower scopes that hold just this change.
fn same(grid: &mut Grid, story: &Story<'_>, report: &Report) {
    if story.same.is_empty() {
        return;
    }
    let named = story.same.iter().map(|change| {
        let scope = text::scope(&change.scope, report);
        let is_told = change.state == story.change.state && change.note == story.change.note;
        if is_told { scope } else { format!("{scope} ({})", state(change)) }
    });
    grid.note(format!("the same as {}", named.collect::<Vec<_>>().join("; ")), Tone::Quiet);
}

/// Kind, state, and who gave which reason.
fn review(change: &Change) -> String {
    format!("{}, {}", words::kind_and_rate(change), state(change))
}

fn state(change: &Change) -> String {
    let mut line = words::state_name(change.state).to_owned();
    if let Some(note) = &change.note {
        let by = note.by.as_deref().map_or_else(String::new, |by| format!(" by {}", text::visible(by)));
        let on = note.on.map_or_else(String::new, |on| format!(" on {on}"));
        let until = note.until.map_or_else(String::new, |until| format!(" (until {})", words::month(until)));
        let _ = write!(line, "{by}{on}: {}{until}", text::visible(&note.why));
    }
    line
}
