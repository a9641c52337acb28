//! What to do, and production beside the rest, on a terminal.

use std::collections::BTreeMap;

use headroom_core::money::Amount;
use headroom_core::report::figures::{self, ABSENT};
use headroom_core::report::{EnvironmentCosts, EnvironmentRow, Report, text, words};

use super::grid::{Cell, Grid, Kind};
use super::style::Tone;
use super::table::{Extent, Screen, name};

/// Actions listed when the report is short.
const ACTIONS_SHOWN: usize = 10;

/// Production beside the rest, by squad; by squad and service where everything is listed.
pub(super) fn environments(screen: &mut Screen, report: &Report, extent: Extent) {
    let Some(found) = &report.environments else { return };
    screen.title("Production and the rest");
    screen.text(&words::environments(report, found), Tone::Plain);
    let names: Vec<String> = match extent {
        Extent::Short => vec![String::new()],
        Extent::Full => {
            found.rows.first().map_or_else(Vec::new, |row| row.key.0.iter().map(|(name, _)| name.clone()).collect())
        }
    };
    let figures = ["production", "not production", "unknown", "not by production"].map(|title| (title, Kind::Figure));
    let columns: Vec<_> = names.iter().map(|name| (name.as_str(), Kind::Name)).chain(figures).collect();
    let mut grid = Grid::new(2, &columns);
    let cells = |costs: &EnvironmentCosts| {
        let amount = |amount| Cell::from(figures::amount_or_absent(amount, &report.currency));
        let percent = costs.non_production_percent.as_deref().map_or_else(|| ABSENT.to_owned(), figures::proportion);
        let unknown = Cell(figures::amount_or_absent(costs.unknown, &report.currency), Tone::Quiet);
        [amount(costs.production), amount(costs.non_production), unknown, percent.into()]
    };
    match extent {
        Extent::Short => {
            for (squad, costs) in by_squad(&found.rows) {
                grid.row([name(squad)].into_iter().chain(cells(&costs)));
            }
        }
        Extent::Full => {
            for row in &found.rows {
                grid.row(row.key.0.iter().map(|(_, value)| name(value.as_deref())).chain(cells(&row.costs)));
            }
        }
    }
    screen.grid(&grid);
    if let Some(saved) = words::could_save(report, found) {
        screen.text(&saved, Tone::Good);
    }
    if let Some(unlisted) = words::unlisted(found) {
        screen.text(&text::visible(&unlisted), Tone::Quiet);
    }
}

/// Rows added up by their first value, the unallocated last.
fn by_squad(rows: &[EnvironmentRow]) -> Vec<(Option<&str>, EnvironmentCosts)> {
    let mut sums: BTreeMap<(bool, Option<&str>), Vec<&EnvironmentCosts>> = BTreeMap::new();
    for row in rows {
        let squad = row.key.0.first().and_then(|(_, value)| value.as_deref());
        sums.entry((squad.is_none(), squad)).or_default().push(&row.costs);
    }
    let sum = |parts: Vec<Option<Amount>>| {
        let known: Vec<Amount> = parts.into_iter().flatten().collect();
        if known.is_empty() { None } else { Amount::checked_sum(known) }
    };
    let added = |costs: Vec<&EnvironmentCosts>| {
        let of = |get: fn(&EnvironmentCosts) -> Option<Amount>| sum(costs.iter().map(|costs| get(costs)).collect());
        EnvironmentCosts::of_parts(
            of(|costs| costs.production),
            of(|costs| costs.non_production),
            of(|costs| costs.unknown),
        )
    };
    sums.into_iter().map(|((_, squad), costs)| (squad, added(costs))).collect()
}

/// The ranked list of what to do.
pub(super) fn actions(screen: &mut Screen, report: &Report, extent: Extent) {
    let Some(actions) = &report.actions else { return };
    screen.title("What to do");
    screen.text(&words::actions(report, actions), Tone::Strong);
    for document in actions.documents.iter().filter(|document| document.note.is_some()) {
        let note = format!("{} {}", document.name, document.note.as_deref().unwrap_or_default());
        screen.hanging(&text::visible(&note), "  ", "    ", Tone::Warn);
    }
    if actions.list.is_empty() {
        return;
    }
    let saves = format!("saves {} a month", report.currency.code());
    let columns = [
        ("", Kind::Figure),
        ("", Kind::Word),
        ("of", Kind::Name),
        ("owner", Kind::Name),
        (saves.as_str(), Kind::Figure),
    ];
    let mut grid = Grid::new(2, &columns);
    let limit = extent.limit(ACTIONS_SHOWN).min(actions.list.len());
    for one in actions.list.iter().take(limit) {
        let owner = match (one.owner.0.first(), &one.approver) {
            (Some((_, squad)), _) => name(squad.as_deref()),
            // What is nobody's alone is up to whoever approves it.
            (None, Some(approver)) => Cell(text::visible(approver), Tone::Quiet),
            (None, None) => Cell(ABSENT.to_owned(), Tone::Quiet),
        };
        let tone = match one.saving_month {
            Some(saving) if saving > Amount::ZERO => Tone::Good,
            Some(saving) if saving < Amount::ZERO => Tone::Bad,
            _ => Tone::Quiet,
        };
        grid.row([
            one.rank.to_string().into(),
            one.action.word().into(),
            text::visible(&one.subject).into(),
            owner,
            Cell(figures::amount_or_absent(one.saving_month, &report.currency), tone),
        ]);
        grid.note(text::visible(&words::action_note(one)), Tone::Quiet);
    }
    screen.grid(&grid);
    if actions.list.len() > limit {
        let rest = figures::count((actions.list.len() - limit) as u64);
        screen.text(&format!("… and {rest} more; `--full` lists all"), Tone::Quiet);
    }
}
