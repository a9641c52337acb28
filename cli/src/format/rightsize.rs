//! Sizes for the terminal: what they come to, then each with what it was replayed on.

use std::collections::{BTreeMap, BTreeSet};

use headroom_core::report::{figures, text};
use headroom_core::rightsizing::{self, Action, Recommendation, Rightsizing, Severity, Size};

use super::grid::{Cell, Grid, Kind};
use super::paragraph::{columns, shorten};
use super::style::{Style, Tone};
use super::table::Screen;

/// Recommendations that are shown unless all are asked for.
const SHOWN: usize = 20;

/// Columns before the table.
const INDENT: usize = 2;

/// What is left of a part of a name at least: below that it tells nothing apart.
const LEAST_PART: usize = 9;

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
    let titles = [
        ("workload", Kind::Name),
        ("", Kind::Word),
        ("today", Kind::Figure),
        ("request", Kind::Figure),
        ("limit", Kind::Figure),
        (saves.as_str(), Kind::Figure),
        ("severity", Kind::Word),
    ];
    let mut grid = Grid::new(INDENT, &titles);
    let shown = if full { listed.len() } else { SHOWN };
    let width = screen.width.saturating_sub(INDENT);
    let mut labels: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for one in listed.iter().take(shown) {
        labels.entry(label(&one.workload, width)).or_default().insert(&one.workload);
    }
    for one in listed.iter().take(shown) {
        let label = label(&one.workload, width);
        let is_shared = labels.get(&label).is_some_and(|names| names.len() > 1);
        let tone = tone(one);
        let size = |size: Option<Size>| size.map_or_else(|| figures::ABSENT.to_owned(), Size::quantity);
        grid.row([
            label.into(),
            one.resource.name().into(),
            size(one.current_request).into(),
            Cell(size(one.request), Tone::Strong),
            size(one.limit).into(),
            figures::amount_or_absent(one.saving_month, &document.currency).into(),
            Cell(severity(one), tone),
        ]);
        if is_shared {
            grid.note(text::visible(&one.workload), Tone::Plain);
        }
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

/// A workload's name in at most `width` columns: of its parts the longest lose their middles, so that each tells workloads
/// apart as long as it can.
fn label(workload: &str, width: usize) -> String {
    let name = text::visible(workload);
    let parts: Vec<&str> = name.split('/').collect();
    let mut widths: Vec<usize> = parts.iter().map(|part| columns(part)).collect();
    let slashes = parts.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + slashes > width {
        let longest = widths.iter_mut().max().filter(|longest| **longest > LEAST_PART);
        let Some(longest) = longest else { return shorten(&name, width) };
        *longest -= 1;
    }
    let parts: Vec<String> = parts.iter().zip(widths).map(|(part, width)| shorten(part, width)).collect();
    parts.join("/")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_when_they_are_shortened() {
        let of =
            |kind: &str| format!("openshift-kube-controller-manager-operator/{kind}/gpu_workload_pod/gpu_workload_pod");
        let short = label(&of("replicaset"), 78);
        assert!(short.ends_with("/replicaset/gpu_workload_pod/gpu_workload_pod"), "{short}");
        assert!(columns(&short) <= 78 && short != label(&of("deploymentconfig"), 78));
        assert_eq!(label("shop/web", 78), "shop/web");
        assert_eq!(label(&"x".repeat(100), 20), shorten(&"x".repeat(100), 20));
        assert!(columns(&label("a/b/c/d/e/f/g/h/i/j/k", 9)) <= 9);
    }
}
