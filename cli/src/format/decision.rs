//! A decision, for the terminal.

use headroom_core::policy::{Decided, Decision};
use headroom_core::report::text;
use headroom_core::scorecard;

use super::style::{Style, Tone};
use super::table::Screen;

/// The decision as lines of at most `width` columns.
pub(crate) fn decision(decided: &Decided, style: Style, width: usize) -> String {
    let mut screen = Screen { lines: Vec::new(), style, width };
    let tone = match decided.decision {
        Decision::Allow => Tone::Good,
        Decision::AllowWithWarnings => Tone::Warn,
        Decision::Deny => Tone::Bad,
    };
    screen.hanging(&text::visible(&scorecard::decision_headline(decided)), "", "  ", tone);
    for (title, findings) in scorecard::decision_sections(decided) {
        screen.title(title);
        for (at, one) in findings.iter().enumerate() {
            let line = format!("{} {}", one.effect, scorecard::finding(one));
            screen.hanging(&text::visible(&line), "  ", "    ", Tone::Plain);
            // What to do about several requirements of a gate is said once.
            let next = findings.get(at + 1);
            if next.is_none_or(|next| (&next.gate, &next.message) != (&one.gate, &one.message)) {
                screen.hanging(&text::visible(&one.message), "    ", "    ", Tone::Quiet);
            }
        }
    }
    if !decided.waived.is_empty() {
        screen.title("Waived");
        for waived in &decided.waived {
            let line = format!("{} until {}: {}", waived.waiver, waived.expires, scorecard::finding(&waived.finding));
            screen.hanging(&text::visible(&line), "  ", "    ", Tone::Plain);
        }
    }
    screen.finish()
}
