//! Commitments on a terminal: what there is, then each offer with what stands behind it.

use headroom_core::commitment::{self, Commitments};
use headroom_core::report::{figures, text};

use super::grid::{Cell, Grid, Kind};
use super::style::{Style, Tone};
use super::table::Screen;

/// Used in percent from which on a commitment is all right.
const WELL_USED: f64 = 95.0;

/// The documents as lines of at most `width` columns.
pub(crate) fn commitments(documents: &[Commitments], style: Style, width: usize, full: bool) -> String {
    let mut screen = Screen { lines: Vec::new(), style, width };
    for document in documents {
        screen.title(&format!("Commitments in {}", document.currency.code()));
        screen.text(&commitment::headline(document), Tone::Strong);
        for warning in &document.warnings {
            screen.hanging(&text::visible(&warning.message), "  ", "    ", Tone::Warn);
        }
        existing(&mut screen, document, full);
        plans(&mut screen, document);
    }
    screen.finish()
}

fn existing(screen: &mut Screen, document: &Commitments, full: bool) {
    let well = |percent: &Option<String>| {
        percent.as_deref().and_then(|text| text.parse::<f64>().ok()).is_some_and(|percent| percent >= WELL_USED)
    };
    let shown: Vec<_> = document.existing.iter().filter(|one| full || !well(&one.utilisation_percent)).collect();
    let hidden = document.existing.len() - shown.len();
    if document.existing.is_empty() {
        return;
    }
    screen.title("What there is");
    let columns = [
        ("commitment", Kind::Name),
        ("used", Kind::Figure),
        ("wasted", Kind::Figure),
        ("saved", Kind::Figure),
        ("use", Kind::Figure),
        ("from", Kind::Optional),
        ("to", Kind::Optional),
    ];
    let mut grid = Grid::new(2, &columns);
    let amount = |amount| figures::amount_or_absent(amount, &document.currency);
    for one in shown {
        let name = one.name.as_deref().or(one.id.as_deref()).unwrap_or("without an identifier");
        let tone = if well(&one.utilisation_percent) { Tone::Good } else { Tone::Warn };
        grid.row([
            text::visible(name).into(),
            amount(one.used).into(),
            Cell(amount(one.unused), tone),
            amount(one.saved).into(),
            one.utilisation_percent.as_deref().map_or_else(|| figures::ABSENT.to_owned(), figures::proportion).into(),
            one.from.to_string().into(),
            one.to.to_string().into(),
        ]);
        if one.ended {
            grid.note("ended: no longer charged for when the bill ends".to_owned(), Tone::Quiet);
        }
    }
    screen.grid(&grid);
    if hidden > 0 {
        let others = figures::counted(hidden as u64, "other is", "others are");
        screen.text(&format!("{others} used by {WELL_USED} % or more; `--full` lists all"), Tone::Quiet);
    }
}

fn plans(screen: &mut Screen, document: &Commitments) {
    if document.plans.is_empty() {
        screen.text("No usage is paid on demand that an offer could cover.", Tone::Quiet);
        return;
    }
    screen.title("What to commit to");
    let saves = format!("saves {} a month", document.currency.code());
    let columns = [
        ("offer", Kind::Name),
        ("on demand", Kind::Figure),
        ("covers an hour", Kind::Figure),
        ("pays an hour", Kind::Figure),
        (saves.as_str(), Kind::Figure),
    ];
    let mut grid = Grid::new(2, &columns);
    for plan in &document.plans {
        let one = plan.recommended.as_ref();
        let amount = |amount| figures::amount_or_absent(amount, &document.currency);
        let account = plan.source.billing_account_id.as_deref().map_or_else(String::new, |id| format!(" ({id})"));
        grid.row([
            text::visible(&format!("{}{account}", plan.offer)).into(),
            figures::amount(plan.on_demand_month, &document.currency).into(),
            amount(one.map(|one| one.covers_hour)).into(),
            Cell(amount(one.map(|one| one.commit_hour)), Tone::Strong),
            Cell(amount(one.map(|one| one.saving_month)), Tone::Good),
        ]);
        for line in commitment::advice(document, plan) {
            grid.note(text::visible(&line), Tone::Quiet);
        }
    }
    screen.grid(&grid);
}
