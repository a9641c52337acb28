//! A line chart of a terminal: what was, what is expected, and between what.

/// A point of a chart.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mark {
    /// What was.
    Past(f64),
    /// What is expected, and the interval it lies in.
    Ahead {
        /// The middle.
        mean: f64,
        /// The least.
        low: f64,
        /// The most.
        high: f64,
    },
}

impl Mark {
    fn ends(self) -> (f64, f64) {
        match self {
            Self::Past(value) => (value, value),
            Self::Ahead { low, high, .. } => (low, high),
        }
    }
}

/// The lines of a chart of so many rows, one column for each mark, with the labels of its top and bottom to the left.
pub(super) fn chart(marks: &[Mark], rows: u16, label: impl Fn(f64) -> String) -> Vec<String> {
    let low = marks.iter().map(|mark| mark.ends().0).fold(f64::INFINITY, f64::min);
    let high = marks.iter().map(|mark| mark.ends().1).fold(f64::NEG_INFINITY, f64::max);
    let apart = high - low;
    // The row a value is in, counted from the top.
    let row = |value: f64| {
        if apart > 0.0 { ((high - value) / apart * f64::from(rows - 1)).round() as u16 } else { rows / 2 }
    };
    let labels = [label(high), label(low)];
    let room = labels.iter().map(|label| label.chars().count()).max().unwrap_or_default();
    let lines = (0..rows).map(|line| {
        let label = match line {
            0 => labels[0].as_str(),
            _ if line == rows - 1 => labels[1].as_str(),
            _ => "",
        };
        let cell = |mark: &Mark| match *mark {
            Mark::Past(value) if row(value) == line => '•',
            Mark::Ahead { mean, .. } if row(mean) == line => '○',
            Mark::Ahead { low, high, .. } if (row(high)..=row(low)).contains(&line) => '░',
            _ => ' ',
        };
        let cells: String = marks.iter().map(cell).collect();
        format!("{label:>room$} {}{}", if label.is_empty() { '│' } else { '┤' }, cells.trim_end())
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_and_its_continuation_are_drawn() {
        let marks = [
            Mark::Past(1.0),
            Mark::Past(2.0),
            Mark::Past(3.0),
            Mark::Ahead { mean: 4.0, low: 3.0, high: 5.0 },
            Mark::Ahead { mean: 4.0, low: 2.0, high: 5.0 },
        ];
        let lines = chart(&marks, 5, |value| format!("{value:.0}"));
        assert_eq!(lines, ["5 ┤   ░░", "  │   ○○", "  │  •░░", "  │ •  ░", "1 ┤•"]);
        assert_eq!(chart(&[Mark::Past(7.0)], 3, |value| format!("{value:.0}")), ["7 ┤", "  │•", "7 ┤"]);
    }
}
