//! A decision, for the terminal.

use headroom_core::policy::{Decided, Decision, Finding};
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
        for one in findings {
            finding(&mut screen, one);
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

fn finding(screen: &mut Screen, finding: &Finding) {
    let line = format!("{} {}", finding.effect, scorecard::finding(finding));
    screen.hanging(&text::visible(&line), "  ", "    ", Tone::Plain);
    screen.hanging(&text::visible(&finding.message), "    ", "    ", Tone::Quiet);
}
