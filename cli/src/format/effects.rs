//! What releases and events do to a forecast, on a terminal.

use std::fmt::Write as _;

use headroom_core::forecast::{KnownRelease, Ratio, RecordShown, ReleaseEffects};
use headroom_core::report::figures::counted;
use headroom_core::report::text::visible;

use super::grid::{Cell, Grid, Kind};
use super::paragraph::wrap;
use super::style::{Style, Tone};

/// What came of earlier releases; nothing where none is known.
pub(super) fn record(record: &RecordShown) -> Option<String> {
    let kept = record.kept?;
    let releases = counted(record.releases as u64, "earlier release", "earlier releases");
    let correction = record.correction;
    Some(format!(
        "{releases} brought {:.0} % of what was declared; new ones are taken at {:.0} %.",
        kept.0, correction.0
    ))
}

/// Whose change and uncertainty it is, and what is known of each release.
pub(super) fn effects(effects: &ReleaseEffects, style: Style, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    if let Some(change) = &effects.change {
        let title = format!("changes by {}", change.to);
        let columns = [
            (title.as_str(), Kind::Name),
            ("%", Kind::Figure),
            ("share", Kind::Figure),
            ("of the uncertainty", Kind::Figure),
        ];
        let mut grid = Grid::new(2, &columns);
        for part in &change.parts {
            let name = visible(&part.name);
            grid.row([name.into(), percent(part.percent).into(), share(part.share), share(part.uncertainty)]);
        }
        grid.row(["together".into(), Cell(percent(change.percent), Tone::Strong)]);
        lines.extend(grid.lines(width, style));
    }
    for known in &effects.known {
        lines.extend(
            wrap(&sentence(known), "  ", "    ", width).into_iter().map(|line| style.paint(Tone::Quiet, &line)),
        );
    }
    lines
}

fn sentence(known: &KnownRelease) -> String {
    let release = &known.release;
    let mut sentence = visible(&release.name);
    // What is supposed has its day in its name.
    if release.state != "supposed" && !release.name.starts_with(&release.date.to_string()) {
        let _ = write!(sentence, ", {}", release.date);
    }
    if release.state != "out" && release.slip_days > 0 {
        let _ = write!(sentence, " or up to {} days later", release.slip_days);
    }
    let both = |[traffic, cost]: [Ratio; 2]| {
        let traffic = (traffic.0 != 0.0).then(|| format!("{} % traffic", signed(traffic)));
        let cost = (cost.0 != 0.0).then(|| format!("{} % cost", signed(cost)));
        let parts: Vec<String> = traffic.into_iter().chain(cost).collect();
        if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
    };
    let expected = both([release.expected_traffic, release.expected_cost]);
    let declared = both([release.declared_traffic, release.declared_cost]);
    let told = match (known.levelled, release.state) {
        (true, _) => format!(": {expected} came of it"),
        (false, "out") if known.known => format!(": {expected} came of it before the history"),
        (false, "supposed") => format!(": {expected} supposed"),
        _ if expected == declared => format!(": {expected} expected"),
        _ => format!(": {expected} expected, {declared} declared"),
    };
    sentence.push_str(&told);
    if release.spread.0 > 0.0 {
        let _ = write!(sentence, ", give or take {:.0} % of it", release.spread.0);
    }
    if known.touches.0 < 99.95 {
        let _ = write!(sentence, "; it touches {:.1} %", known.touches.0);
    }
    sentence + "."
}

fn signed(ratio: Ratio) -> String {
    let sign = if ratio.0 > 0.0 { "+" } else { "" };
    format!("{sign}{}", (ratio.0 * 10.0).round() / 10.0).replace('-', "−")
}

fn percent(ratio: Ratio) -> String {
    format!("{:.1}", ratio.0).replace('-', "−")
}

fn share(ratio: Option<Ratio>) -> Cell {
    ratio.map_or_else(String::new, |ratio| format!("{:.0} %", ratio.0).replace('-', "−")).into()
}
