//! Where answers go.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;

use headroom_core::report::{Verdict, text};

use crate::args::{ColorName, ScreenArgs, TargetArgs};
use crate::exit::{Fault, Outcome, of_io};
use crate::format::{Color, Style};

/// Columns of a terminal that does not tell its width.
const WIDTH: usize = 80;

impl ScreenArgs {
    /// How to colour the answer.
    pub(crate) fn style(&self) -> Style {
        let color = match self.color {
            ColorName::Auto => Color::Auto,
            ColorName::Always => Color::Always,
            ColorName::Never => Color::Never,
        };
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Style::decide(color, no_color, self.target.output.is_none() && io::stdout().is_terminal())
    }

    /// Columns there are.
    pub(crate) fn width(&self) -> usize {
        let of_terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        if self.target.output.is_none() && io::stdout().is_terminal() {
            of_terminal().unwrap_or(WIDTH).max(WIDTH)
        } else {
            WIDTH
        }
    }

    /// Writes the answer where it belongs.
    pub(crate) fn write(&self, answer: &str) -> Outcome<()> {
        self.target.write(answer)
    }
}

impl TargetArgs {
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

/// An answer written piece by piece. A file is made when the first piece comes, so that a refusal leaves none behind.
pub(crate) struct Pieces<'t> {
    target: &'t TargetArgs,
    open: Option<Box<dyn Write>>,
    fault: Option<Fault>,
}

impl<'t> Pieces<'t> {
    pub(crate) fn new(target: &'t TargetArgs) -> Self {
        Self { target, open: None, fault: None }
    }

    /// Writes a piece; breaks where no more are wanted.
    pub(crate) fn write(&mut self, piece: &[u8]) -> ControlFlow<()> {
        match self.put(piece) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => self.stop(&error),
        }
    }

    /// The end: what went wrong while writing.
    pub(crate) fn finish(mut self) -> Outcome<()> {
        if self.fault.is_none()
            && let Some(Err(error)) = self.open.as_mut().map(Write::flush)
        {
            // What is to be known of it is in the fault.
            let _ = self.stop(&error);
        }
        self.fault.map_or(Ok(()), Err)
    }

    fn put(&mut self, piece: &[u8]) -> io::Result<()> {
        let writer = match &mut self.open {
            Some(writer) => writer,
            None => self.open.insert(match &self.target.output {
                Some(path) => Box::new(fs::File::create(path)?),
                None => Box::new(io::stdout().lock()),
            }),
        };
        writer.write_all(piece)
    }

    fn stop(&mut self, error: &io::Error) -> ControlFlow<()> {
        if self.target.output.is_some() || error.kind() != io::ErrorKind::BrokenPipe {
            let place = self.target.output.as_ref().map_or("standard output".into(), |path| path.to_string_lossy());
            self.fault = Some(of_io(place, error));
        }
        ControlFlow::Break(())
    }
}

/// Says what went wrong.
pub(crate) fn complain(fault: &Fault) {
    // Nobody is left to tell when standard error is gone.
    let _ = writeln!(io::stderr(), "{fault}");
}

/// Says what was done, to people.
pub(crate) fn tell(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}

/// Says what a reader of the data alone would miss.
pub(crate) fn warn(verdict: &Verdict) {
    warn_once([verdict]);
}

/// The same of documents on the same files, which have most warnings in common.
pub(crate) fn warn_once<'v>(verdicts: impl IntoIterator<Item = &'v Verdict>) {
    let verdicts: Vec<&Verdict> = verdicts.into_iter().collect();
    let say = |line: &str| {
        let _ = writeln!(io::stderr(), "warning: {line}");
    };
    let messages: BTreeSet<_> = verdicts.iter().flat_map(|verdict| &verdict.warnings).collect();
    for warning in messages {
        say(&text::visible(&warning.message));
    }
    if let Some(row) = verdicts.iter().find_map(|verdict| verdict.refused_rows.first()) {
        let place = text::place(&row.file, row.line, row.column.as_deref());
        say(&format!("first refused: {place}: {}", text::visible(&row.reason)));
    }
}
