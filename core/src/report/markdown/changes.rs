//! What changed, as Markdown: a table to read at a glance, and what moved folded away below it.

use std::fmt::Write as _;

use super::super::document::{Change, Contributor, Report, ReviewState, Scope};
use super::super::summary::{self, Story};
use super::super::{figures, text, words};
use super::escape::{code, prose};
use super::{Page, value};

/// Flagged changes listed; the others are counted.
const CHANGES_SHOWN: usize = 25;

/// The section on what is likely to be flagged at the end of the month that goes on.
pub(super) fn early(page: &mut Page, report: &Report) {
    if let Some((title, scopes)) = words::early(report) {
        page.heading(&title);
        page.bullets(scopes.into_iter().map(|(of, told)| format!("**{}**: {told}", scope(of, report))));
    }
}

/// The section on changes beyond the threshold.
pub(super) fn changed(page: &mut Page, report: &Report) {
    page.heading(&format!("What changed by more than {} %", figures::THRESHOLD));
    if report.changes.is_empty() {
        page.paragraph(&words::flagged(report));
    }
    let stories = summary::stories(report);
    let (shown, hidden) = stories.split_at(stories.len().min(CHANGES_SHOWN));
    if !shown.is_empty() {
        let titles = ["What", "State", "Before", "Now", "Change", "%", "% per day"];
        page.table(&titles, 2, shown.iter().map(|story| row(story, report)));
    }
    let hidden: Vec<&Change> =
        hidden.iter().flat_map(|story| [story.change].into_iter().chain(story.same.iter().copied())).collect();
    if !hidden.is_empty() {
        let unexplained = hidden.iter().filter(|change| change.state == ReviewState::Unexplained).count() as u64;
        let rest = figures::counted(hidden.len() as u64, "smaller flagged change", "smaller flagged changes");
        page.paragraph(&format!("… and {rest}, {} of them unexplained; JSON has all.", figures::count(unexplained)));
    }
    let moved: Vec<_> = shown.iter().filter_map(|story| movers(story.change, report)).collect();
    if !moved.is_empty() {
        page.folded("What moved in each", |page| page.bullets(moved));
    }
    if let Some(small) = words::below_floor(report) {
        page.paragraph(&small);
    }
}

fn row(story: &Story<'_>, report: &Report) -> Vec<String> {
    let (change, currency) = (story.change, &report.currency);
    let mut what = scope(&change.scope, report);
    for same in &story.same {
        let is_told = same.state == change.state && same.note == change.note;
        let state = if is_told { String::new() } else { format!(" ({})", state(same)) };
        let _ = write!(what, "<br>same: {}{state}", scope(&same.scope, report));
    }
    vec![
        what,
        state(change),
        figures::amount_or_absent(change.previous, currency),
        figures::amount_or_absent(change.current, currency),
        figures::delta(change.delta, currency),
        words::percent_or_kind(change),
        figures::percent_or_absent(change.percent_per_day.as_deref()),
    ]
}

/// The scope with its level in front.
fn scope(scope: &Scope, report: &Report) -> String {
    let level = prose(text::level(&scope.level, report));
    if scope.key.0.iter().all(|(_, part)| part.is_none()) && scope.key.0.len() < 2 {
        return prose(&text::scope(scope, report));
    }
    let values: Vec<_> = scope.key.0.iter().map(|(_, part)| value(part.as_deref())).collect();
    format!("{level} {}", values.join(" / "))
}

/// Whether and by whom a change is accounted for. What nobody explained stands out.
fn state(change: &Change) -> String {
    let name = words::state_name(change.state);
    let Some(note) = &change.note else { return format!("**{name}**") };
    let mut line = name.to_owned();
    if let Some(by) = &note.by {
        let _ = write!(line, " by {}", prose(by));
    }
    if let Some(on) = note.on {
        let _ = write!(line, " on {on}");
    }
    let _ = write!(line, ": {}", prose(&note.why));
    if let Some(until) = note.until {
        let _ = write!(line, " (until {})", words::month(until));
    }
    line
}

/// What moved, as a bullet with bullets in it; `None` when nothing is known.
fn movers(change: &Change, report: &Report) -> Option<String> {
    if change.contributors.is_empty() {
        return None;
    }
    let mut line = format!("{}, {}", scope(&change.scope, report), figures::delta(change.delta, &report.currency));
    for part in &change.contributors {
        // Escaped, since `>-0.01` at the start of an item would make a quotation.
        let delta = prose(&figures::delta(part.delta, &report.currency));
        let _ = write!(line, "\n  - {delta} {}", contributor(part, &change.scope));
    }
    if !change.other.is_zero() {
        let _ = write!(line, "\n  - {} other", prose(&figures::delta(change.other, &report.currency)));
    }
    Some(line)
}

fn contributor(part: &Contributor, of: &Scope) -> String {
    let names = text::beyond(&part.key, &of.key).into_iter().map(|(name, value)| match value {
        Some(value) => code(value),
        None => format!("*{}*", text::contributor_value(name, None)),
    });
    names.collect::<Vec<_>>().join(" / ")
}
