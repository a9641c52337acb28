//! What was found out about a policy, for the terminal.

use headroom_core::allocation::Lint;
use headroom_core::report::{Check, Coverage, RuleUse, Usage, figures, text};

use super::grid::{Cell, Grid, Kind};
use super::style::{Style, Tone};
use super::table::Screen;

/// The findings as lines of at most `width` columns.
pub(crate) fn check(check: &Check, style: Style, width: usize) -> String {
    let mut screen = Screen { lines: Vec::new(), style, width };
    screen.hanging(&check.headline(), "", "", if check.warnings.is_empty() { Tone::Good } else { Tone::Warn });
    if !check.warnings.is_empty() {
        screen.title("Warnings");
    }
    check.warnings.iter().for_each(|lint| warning(&mut screen, lint));
    if let Some(usage) = &check.bills {
        rules(&mut screen, usage);
        coverage(&mut screen, usage);
    }
    screen.finish()
}

fn warning(screen: &mut Screen, lint: &Lint) {
    let at = &lint.at;
    let place = format!("{}:{}:{}", text::visible(&at.file), at.line, at.column);
    screen.hanging(&format!("{place}: {}", text::visible(&lint.message)), "  ", "    ", Tone::Plain);
    if let Some(hint) = &lint.hint {
        screen.hanging(&text::visible(hint), "    ", "    ", Tone::Quiet);
    }
}

fn rules(screen: &mut Screen, usage: &Usage) {
    screen.title(&format!("Rules on {}", figures::counted(usage.rows, "charge", "charges")));
    let columns =
        [("rule", Kind::Name), ("matched", Kind::Figure), ("set", Kind::Figure), ("effective cost", Kind::Figure)];
    let mut grid = Grid::new(2, &columns);
    usage.rules.iter().for_each(|rule| rule_rows(&mut grid, rule));
    screen.grid(&grid);
}

fn rule_rows(grid: &mut Grid, rule: &RuleUse) {
    let tone = if rule.set_rows == 0 { Tone::Warn } else { Tone::Plain };
    let mut costs = rule.cost.iter().map(|cost| Cell::from(cost.words()));
    let counts = [rule.matched_rows, rule.set_rows].map(|rows| Cell(figures::count(rows), tone));
    let name = Cell(text::visible(&rule.rule), tone);
    grid.row([name].into_iter().chain(counts).chain(costs.next()));
    for cost in costs {
        grid.row([Cell::default(), Cell::default(), Cell::default(), cost]);
    }
}

fn coverage(screen: &mut Screen, usage: &Usage) {
    screen.title("Coverage");
    let columns =
        [("dimension", Kind::Name), ("charges", Kind::Figure), ("", Kind::Figure), ("effective cost", Kind::Figure)];
    let mut grid = Grid::new(2, &columns);
    usage.dimensions.iter().for_each(|dimension| coverage_rows(&mut grid, dimension));
    screen.grid(&grid);
}

fn coverage_rows(grid: &mut Grid, dimension: &Coverage) {
    let percent = dimension.rows_percent.as_deref().map_or_else(String::new, figures::proportion);
    let mut costs = dimension.cost.iter().map(|cost| Cell::from(cost.words()));
    let own = [text::visible(&dimension.dimension), figures::count(dimension.allocated_rows), percent];
    grid.row(own.map(Cell::from).into_iter().chain(costs.next()));
    for cost in costs {
        grid.row([Cell::default(), Cell::default(), Cell::default(), cost]);
    }
}
