//! Waste on a terminal: what it comes to, then each thing with what speaks for it.

use headroom_core::report::{figures, text};
use headroom_core::waste::{self, Finding, Grade, Waste};

use super::grid::{Cell, Grid, Kind};
use super::style::{Style, Tone};
use super::table::Screen;

/// Findings that are shown unless all are asked for.
const SHOWN: usize = 20;

/// The documents as lines of at most `width` columns.
pub(crate) fn waste(documents: &[Waste], style: Style, width: usize, full: bool) -> String {
    let mut screen = Screen { lines: Vec::new(), style, width };
    for document in documents {
        screen.title(&format!("What nobody uses, in {}", text::visible(document.currency.code())));
        screen.text(&waste::headline(document), Tone::Strong);
        for warning in &document.warnings {
            screen.hanging(&text::visible(&warning.message), "  ", "    ", Tone::Warn);
        }
        findings(&mut screen, document, full);
        rest(&mut screen, document);
    }
    screen.finish()
}

fn findings(screen: &mut Screen, document: &Waste, full: bool) {
    if document.findings.is_empty() {
        return;
    }
    screen.title("By money a month");
    let columns = [("what", Kind::Name), ("owner", Kind::Name), ("costs", Kind::Figure), ("saves", Kind::Figure)];
    let mut grid = Grid::new(2, &columns);
    let shown = if full { document.findings.len() } else { SHOWN };
    for one in document.findings.iter().take(shown) {
        let tone = if one.confidence == Grade::Low { Tone::Quiet } else { Tone::Good };
        let owner = one.owner.0.iter().find(|(name, _)| name == "squad").and_then(|(_, value)| value.as_deref());
        let owner_tone = if owner.is_none() { Tone::Warn } else { Tone::Plain };
        grid.row([
            text::visible(name(one)).into(),
            Cell(text::visible_or_unallocated(owner), owner_tone),
            figures::amount_or_absent(one.cost_month, &document.currency).into(),
            Cell(figures::amount_or_absent(one.saving_month, &document.currency), tone),
        ]);
        let note = format!("{}; {}", waste::what(document, one), waste::evidence(document, one));
        grid.note(text::visible(&note), Tone::Quiet);
    }
    screen.grid(&grid);
    if document.findings.len() > shown {
        screen.text(&format!("… and {} more; `--full` lists them all", document.findings.len() - shown), Tone::Quiet);
    }
}

/// What a finding is of.
fn name(one: &Finding) -> &str {
    let subject = &one.subject;
    let names = [&subject.resource_id, &subject.workload, &subject.sub_account_id, &subject.billing_account_id];
    names.into_iter().flatten().next().map_or("without an identifier", String::as_str)
}

fn rest(screen: &mut Screen, document: &Waste) {
    let totals = &document.totals;
    for (below, what) in [
        (totals.not_listed, "more in no list"),
        (totals.below_least, "cost less than the rules' least and are in no sum"),
    ] {
        if below.count > 0 {
            let together = below.amount.get().map_or_else(
                || "and nobody can tell what they cost".to_owned(),
                |amount| format!("{} together", figures::amount(amount, &document.currency)),
            );
            screen.text(&format!("{} {what}, {together}", figures::count(below.count)), Tone::Quiet);
        }
    }
}
