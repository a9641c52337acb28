//! Tables for a terminal: words to the left, figures to the right, never wider than asked.
//!
//! Where the room is short, first the columns that may be left out go, then names lose their middle.
//! A figure is never shortened, since half a figure is a wrong one.

use super::paragraph::{columns, shorten, wrap};
use super::style::{Style, Tone};

/// Blanks between columns.
const GAP: usize = 2;

/// Columns a name keeps before optional columns are left out for it.
const NAME: usize = 14;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words, shortened where they must be.
    Name,
    /// Figures or short words that are always there, to the right.
    Figure,
    /// Words that are never shortened.
    Word,
    /// Figures that are left out where there is no room.
    Optional,
}

/// One cell: its text and its tone.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell(pub(super) String, pub(super) Tone);

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self(text, Tone::Plain)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self(text.to_owned(), Tone::Plain)
    }
}

#[derive(Debug)]
enum Row {
    Cells(Vec<Cell>),
    Note(String, Tone),
    Item(String, String, Tone),
}

/// A table under construction.
#[derive(Debug)]
pub(super) struct Grid {
    titles: Vec<String>,
    kinds: Vec<Kind>,
    rows: Vec<Row>,
    indent: usize,
}

impl Grid {
    /// A table of these columns, `indent` blanks from the left. Columns without a title have no heading line.
    pub(super) fn new(indent: usize, columns: &[(&str, Kind)]) -> Self {
        let (titles, kinds) = columns.iter().map(|(title, kind)| ((*title).to_owned(), *kind)).unzip();
        Self { titles, kinds, rows: Vec::new(), indent }
    }

    /// Adds a row. A first cell may run over empty cells to its right.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let mut cells: Vec<_> = cells.into_iter().collect();
        cells.resize_with(self.kinds.len(), Cell::default);
        self.rows.push(Row::Cells(cells));
    }

    /// Adds a line of text below a row, wrapped and indented.
    pub(super) fn note(&mut self, text: String, tone: Tone) {
        self.rows.push(Row::Note(text, tone));
    }

    /// Adds a figure and what it is about on one line below a row; the name loses its middle where it must.
    pub(super) fn item(&mut self, figure: String, name: String, tone: Tone) {
        self.rows.push(Row::Item(figure, name, tone));
    }

    /// The table's lines at this width.
    pub(super) fn lines(&self, width: usize, style: Style) -> Vec<String> {
        let widths = self.widths(width);
        let mut lines = Vec::new();
        if self.titles.iter().any(|title| !title.is_empty()) {
            let titles: Vec<_> = self.titles.iter().map(|title| Cell(title.clone(), Tone::Quiet)).collect();
            lines.push(self.line(&titles, &widths, style));
        }
        for row in &self.rows {
            match row {
                Row::Cells(cells) => self.cells(&mut lines, cells, &widths, width, style),
                Row::Note(text, tone) => {
                    let indent = " ".repeat(self.indent + 2);
                    let wrapped = wrap(text, &indent, &indent, width);
                    lines.extend(
                        wrapped.iter().map(|line| format!("{indent}{}", style.paint(*tone, line.trim_start()))),
                    );
                }
                Row::Item(figure, name, tone) => {
                    let indent = " ".repeat(self.indent + 4);
                    let taken = indent.len() + columns(figure) + GAP;
                    let text = format!("{figure}{}{}", " ".repeat(GAP), shorten(name, width.saturating_sub(taken)));
                    let blanks = text.len() - text.trim_start().len();
                    lines.push(format!("{indent}{}{}", " ".repeat(blanks), style.paint(*tone, text.trim_start())));
                }
            }
        }
        lines
    }

    /// A row; a lone name too long for its place stands on a line of its own.
    fn cells(&self, lines: &mut Vec<String>, cells: &[Cell], widths: &[usize], width: usize, style: Style) {
        let names = self.kinds.iter().filter(|kind| **kind == Kind::Name).count();
        if let [Cell(name, tone), figures @ ..] = cells
            && names == 1
            && columns(name) > room(cells, widths, 0)
        {
            let name = shorten(name, width.saturating_sub(self.indent));
            lines.push(format!("{}{}", " ".repeat(self.indent), style.paint(*tone, &name)));
            let rest: Vec<_> = [Cell::default()].into_iter().chain(figures.iter().cloned()).collect();
            lines.push(self.line(&rest, widths, style));
            return;
        }
        lines.push(self.line(cells, widths, style));
    }

    fn line(&self, cells: &[Cell], widths: &[usize], style: Style) -> String {
        let mut line = " ".repeat(self.indent);
        let (mut blanks, mut at) = (0, 0);
        while let (Some(Cell(text, tone)), Some(kind), Some(width)) =
            (cells.get(at), self.kinds.get(at), widths.get(at))
        {
            let (mut width, mut next) = (*width, at + 1);
            if *kind == Kind::Name && columns(text) > width {
                let wide = room(cells, widths, at);
                while width < wide && next < cells.len() {
                    width += widths.get(next).map_or(0, |more| if *more > 0 { more + GAP } else { 0 });
                    next += 1;
                }
            }
            at = next;
            if width == 0 {
                continue;
            }
            let text = if *kind == Kind::Name { shorten(text, width) } else { text.clone() };
            let pad = width.saturating_sub(columns(&text));
            let left = if matches!(kind, Kind::Name | Kind::Word) { 0 } else { pad };
            if !text.is_empty() {
                line.push_str(&" ".repeat(blanks + left));
                line.push_str(&style.paint(*tone, &text));
                blanks = 0;
            }
            blanks += if text.is_empty() { width } else { pad - left } + GAP;
        }
        line
    }

    /// The width of each column; 0 for one that is left out.
    fn widths(&self, width: usize) -> Vec<usize> {
        let names = |at: &usize| self.kinds.get(*at) == Some(&Kind::Name);
        let mut widths: Vec<_> = self.titles.iter().map(|title| columns(title)).collect();
        for row in &self.rows {
            if let Row::Cells(cells) = row {
                for (at, (width, Cell(text, _))) in widths.iter_mut().zip(cells).enumerate() {
                    // A name that runs over empty cells does not widen its column.
                    let runs_over = at == 0 && names(&at) && cells.get(1).is_some_and(|next| next.0.is_empty());
                    *width = (*width).max(if runs_over { 0 } else { columns(text) });
                }
            }
        }
        let has_figures = |at: usize| {
            self.rows
                .iter()
                .any(|row| matches!(row, Row::Cells(cells) if cells.get(at).is_some_and(|cell| !cell.0.is_empty())))
        };
        for (at, (column, kind)) in widths.iter_mut().zip(&self.kinds).enumerate() {
            if *kind == Kind::Optional && !has_figures(at) {
                *column = 0;
            }
        }
        let room = width.saturating_sub(self.indent);
        while let Some(optional) = self.last_optional(&widths) {
            let needed: usize =
                (0..widths.len()).map(|at| if names(&at) { widths[at].min(NAME) } else { widths[at] }).sum();
            if needed + gaps(&widths) <= room {
                break;
            }
            widths[optional] = 0;
        }
        while widths.iter().sum::<usize>() + gaps(&widths) > room {
            let Some(widest) = (0..widths.len()).filter(names).max_by_key(|at| widths[*at]) else { break };
            if widths[widest] <= 1 {
                break;
            }
            widths[widest] -= 1;
        }
        widths
    }

    fn last_optional(&self, widths: &[usize]) -> Option<usize> {
        self.kinds.iter().zip(widths).rposition(|(kind, width)| *kind == Kind::Optional && *width > 0)
    }
}

fn gaps(widths: &[usize]) -> usize {
    widths.iter().filter(|width| **width > 0).count().saturating_sub(1) * GAP
}

/// The columns a cell may take: its own and those of the empty cells that follow.
fn room(cells: &[Cell], widths: &[usize], at: usize) -> usize {
    let own = widths.get(at).copied().unwrap_or(0);
    let following = cells.iter().zip(widths).skip(at + 1).take_while(|(cell, _)| cell.0.is_empty());
    following.map(|(_, width)| if *width > 0 { width + GAP } else { 0 }).sum::<usize>() + own
}
