//! Colour, as a matter of taste: everything reads the same without it.

use anstyle::{AnsiColor, Style as Ansi};

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Color {
    /// On a terminal, unless the environment asks for none.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// Titles and the figures that matter most.
    Strong,
    /// What may be skipped.
    Quiet,
    /// All is well.
    Good,
    /// Look here.
    Warn,
    /// Something is wrong.
    Bad,
}

/// Paints text, or leaves it alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    coloured: bool,
}

impl Style {
    /// Decides for one output: the choice on the command line, whether `NO_COLOR` is set and not
    /// empty, and whether the output is a terminal.
    pub(crate) fn decide(color: Color, no_color: bool, is_terminal: bool) -> Self {
        let coloured = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !no_color,
        };
        Self { coloured }
    }

    /// The text in the tone's colours.
    pub(super) fn paint(self, tone: Tone, text: &str) -> String {
        let ansi = match tone {
            Tone::Strong => Ansi::new().bold(),
            Tone::Quiet => Ansi::new().dimmed(),
            Tone::Good => AnsiColor::Green.on_default(),
            Tone::Warn => AnsiColor::Yellow.on_default(),
            Tone::Bad => AnsiColor::Red.on_default().bold(),
            Tone::Plain => Ansi::new(),
        };
        if !self.coloured || tone == Tone::Plain || text.is_empty() {
            return text.to_owned();
        }
        format!("{ansi}{text}{ansi:#}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_beats_the_environment_beats_the_terminal() {
        for (color, no_color, is_terminal, want) in [
            (Color::Auto, false, true, true),
            (Color::Auto, true, true, false),
            (Color::Auto, false, false, false),
            (Color::Always, true, false, true),
            (Color::Never, false, true, false),
        ] {
            let style = Style::decide(color, no_color, is_terminal);
            assert_eq!(style.coloured, want, "{color:?} {no_color} {is_terminal}");
        }
    }

    #[test]
    fn without_colour_text_is_left_alone() {
        assert_eq!(Style::default().paint(Tone::Bad, "no"), "no");
        assert_eq!(Style { coloured: true }.paint(Tone::Good, "yes"), "\u{1b}[32myes\u{1b}[0m");
    }
}
