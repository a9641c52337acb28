//! Where answers go.

use std::fs;
use std::io::{self, IsTerminal, Write};

use headroom_core::report::{Verdict, text};

use crate::args::{ColorName, OutputArgs};
use crate::exit::{Fault, Outcome, of_io};
use crate::format::{Color, Style};

/// Columns of a terminal that does not tell its width.
const WIDTH: usize = 80;

impl OutputArgs {
    /// How to colour the answer.
    pub(crate) fn style(&self) -> Style {
        let color = match self.color {
            ColorName::Auto => Color::Auto,
            ColorName::Always => Color::Always,
            ColorName::Never => Color::Never,
        };
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Style::decide(color, no_color, self.output.is_none() && io::stdout().is_terminal())
    }

    /// Columns there are.
    pub(crate) fn width(&self) -> usize {
        let of_terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        if self.output.is_none() && io::stdout().is_terminal() {
            of_terminal().unwrap_or(WIDTH).max(WIDTH)
        } else {
            WIDTH
        }
    }

    /// Writes the answer where it belongs. A reader that went away is no fault.
    pub(crate) fn write(&self, answer: &str) -> Outcome<()> {
        if let Some(path) = &self.output {
            return fs::write(path, answer).map_err(|error| of_io(path.display(), &error));
        }
        print(answer.as_bytes())
    }
}

/// Writes to standard output. A reader that went away is no fault.
pub(crate) fn print(answer: &[u8]) -> Outcome<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(answer).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(of_io("standard output", &error)),
        _ => Ok(()),
    }
}

/// Says what went wrong.
pub(crate) fn complain(fault: &Fault) {
    // Nobody is left to tell when standard error is gone.
    let _ = writeln!(io::stderr(), "{fault}");
}

/// Says what a reader of the data alone would miss.
pub(crate) fn warn(verdict: &Verdict) {
    let say = |line: &str| {
        let _ = writeln!(io::stderr(), "warning: {line}");
    };
    for warning in &verdict.warnings {
        say(&text::visible(&warning.message));
    }
    if let Some(row) = verdict.refused_rows.first() {
        let place = text::place(&row.file, row.line, row.column.as_deref());
        say(&format!("first refused: {place}: {}", text::visible(&row.reason)));
    }
}
