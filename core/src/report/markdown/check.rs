//! What was found out about a policy, as Markdown.

use super::super::check::{Check, Usage};
use super::super::figures;
use super::Page;
use super::escape::{code, prose};

/// A policy's problems and warnings, and what its rules did on the bills.
pub fn check_markdown(check: &Check) -> String {
    let mut page = Page::default();
    page.block(&["# Policy check".to_owned()]);
    page.paragraph(&prose(&check.headline()));
    let line = |place: String, message: &str, hint: Option<&str>| {
        let hint = hint.map_or_else(String::new, |hint| format!(" ({})", prose(hint)));
        format!("{}: {}{hint}", code(&place), prose(message))
    };
    page.bullets(check.problems.iter().map(|found| line(found.at.to_string(), &found.message, found.hint.as_deref())));
    page.bullets(check.warnings.iter().map(|lint| line(lint.at.to_string(), &lint.message, lint.hint.as_deref())));
    if let Some(usage) = &check.bills {
        rules(&mut page, usage);
        coverage(&mut page, usage);
    }
    page.text
}

fn rules(page: &mut Page, usage: &Usage) {
    page.heading(&format!("Rules on {}", figures::counted(usage.rows, "charge", "charges")));
    let rows = usage.rules.iter().map(|rule| {
        let cost: Vec<_> = rule.cost.iter().map(|cost| prose(&cost.words())).collect();
        vec![code(&rule.rule), figures::count(rule.matched_rows), figures::count(rule.set_rows), cost.join(", ")]
    });
    page.table(&["Rule", "Matched", "Set", "Effective cost"], 1, rows);
}

fn coverage(page: &mut Page, usage: &Usage) {
    page.heading("Coverage");
    let rows = usage.dimensions.iter().map(|dimension| {
        let cost: Vec<_> = dimension.cost.iter().map(|cost| prose(&cost.words())).collect();
        let percent = dimension.rows_percent.as_deref().map_or_else(String::new, figures::proportion);
        vec![code(&dimension.dimension), figures::count(dimension.allocated_rows), percent, cost.join(", ")]
    });
    page.table(&["Dimension", "Charges", "Share", "Share of the effective cost"], 1, rows);
}
