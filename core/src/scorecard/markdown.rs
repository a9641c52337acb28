//! The scorecard as Markdown.

use std::fmt::Write as _;

use super::words;
use crate::maturity::Answered;
use crate::report::markdown_escape::code;
use crate::report::text::visible;

/// The scorecard as Markdown.
pub fn markdown(result: &Answered) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}: {}\n", prose(&result.framework.title), prose(&result.subject.id));
    let _ = writeln!(out, "**{}**\n", prose(&words::headline(result)));
    let lines = [words::progress(result), words::weakest(result), words::evidence(result), words::trend(result)];
    for line in lines.into_iter().flatten() {
        let _ = writeln!(out, "{}\n", prose(&line));
    }
    let _ = writeln!(out, "As of {}, a {}.\n", result.as_of, prose(&result.subject.kind));
    let cautions = words::cautions(result);
    if !cautions.is_empty() {
        out.push_str("## Read with care\n\n");
        for caution in cautions {
            let _ = writeln!(out, "* {}", prose(&caution));
        }
        out.push('\n');
    }
    stages(&mut out, result);
    controls(&mut out, result);
    gaps(&mut out, result);
    actions(&mut out, result);
    anomalies(&mut out, result);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn stages(out: &mut String, result: &Answered) {
    let scheduled = result.level.is_none();
    out.push_str(if scheduled {
        "## Phases\n\n| phase | when | state | |\n| --- | --- | --- | --- |\n"
    } else {
        "## Levels\n\n| level | criteria | controls at it |\n| --- | --- | ---: |\n"
    });
    for stage in &result.stages {
        let name = format!("{} {}", stage.ordinal, prose(&stage.name));
        if scheduled {
            let (when, state) = (stage.window.as_deref().unwrap_or(""), stage.state.unwrap_or(""));
            let _ = writeln!(
                out,
                "| {name} | {} | {} | {} |",
                prose(when),
                state.replace('_', " "),
                words::stage_words(stage)
            );
        } else {
            let count =
                result.distribution.iter().find(|level| level.level == stage.ordinal).map_or(0, |level| level.controls);
            let _ = writeln!(out, "| {name} | {} | {count} |", words::stage_words(stage));
        }
    }
    out.push('\n');
}

fn controls(out: &mut String, result: &Answered) {
    if result.controls.is_empty() {
        return;
    }
    out.push_str(
        "## Controls\n\n| control | level | up to | | next level | owner |\n| --- | ---: | ---: | --- | --- | --- |\n",
    );
    for control in &result.controls {
        let title = control.level_title.as_deref().map(prose).unwrap_or_default();
        let owner = control.owner.as_deref().unwrap_or("");
        let next = words::control_next(control);
        let _ = writeln!(
            out,
            "| {} {} | {} | {} | {title} | {next} | {} |",
            prose(&control.short),
            code(&control.id),
            control.shown.replace('*', "&#42;"),
            control.potential,
            prose(owner)
        );
    }
    if let Some(star) = words::star(result) {
        let _ = writeln!(out, "\n{}", prose(star));
    }
    out.push('\n');
}

fn gaps(out: &mut String, result: &Answered) {
    for list in words::open_lists(result) {
        let _ = writeln!(out, "## {}\n", list.title);
        for criterion in &list.shown {
            let _ = writeln!(out, "* {} {}", code(&criterion.criterion), prose(&words::blocking(criterion)));
        }
        if list.more > 0 {
            let _ = writeln!(out, "* … and {} more", list.more);
        }
        out.push('\n');
    }
}

fn actions(out: &mut String, result: &Answered) {
    if result.actions.is_empty() {
        return;
    }
    out.push_str("## Next actions\n\n");
    for action in &result.actions {
        let _ = writeln!(
            out,
            "{}. **{}**: {}. {}.",
            action.order,
            prose(&action.what),
            prose(&action.why),
            prose(&words::action_notes(action))
        );
    }
    out.push('\n');
}

fn anomalies(out: &mut String, result: &Answered) {
    if result.anomalies.is_empty() {
        return;
    }
    out.push_str("## How the source is read\n\n");
    for anomaly in &result.anomalies {
        let _ = writeln!(out, "* {}: {}", code(&anomaly.id), prose(&anomaly.note));
    }
}

/// A sentence as running text: what it quotes of documents is neither markup nor HTML.
pub(super) fn prose(sentence: &str) -> String {
    let mut out = String::with_capacity(sentence.len());
    for character in visible(sentence).chars() {
        if "&<>|\\`*_[]~$@".contains(character) {
            let _ = write!(out, "&#{};", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}
