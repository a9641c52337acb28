//! Why a charge belongs where it does, for the terminal.

use headroom_core::allocation::{DimensionTrace, Step, StepOutcome};
use headroom_core::bill::Metric;
use headroom_core::condition::{Field, quoted};
use headroom_core::report::{ChargeFacts, Explained, RuleShare, figures, text};

use super::paragraph::columns;
use super::style::{Style, Tone};
use super::table::Screen;

/// The explanation as lines of at most `width` columns.
pub(crate) fn explain(explained: &Explained, style: Style, width: usize) -> String {
    let mut screen = Screen { lines: Vec::new(), style, width };
    let charge = &explained.charge;
    // The place is there to be copied, so it is never cut.
    screen.lines.push(style.paint(Tone::Strong, &format!("{}:{}", text::visible(&charge.file), charge.line)));
    matching(&mut screen, explained);
    facts(&mut screen, charge);
    for trace in &explained.dimensions {
        dimension(&mut screen, trace, &explained.policy);
        shares(&mut screen, explained, &trace.dimension);
    }
    screen.finish()
}

fn matching(screen: &mut Screen, explained: &Explained) {
    let rows = explained.matching.iter().map(|sum| sum.rows).sum();
    let sums: Vec<String> = explained
        .matching
        .iter()
        .map(|sum| {
            let amount = figures::amount_or_absent(*sum.amounts.get(Metric::Effective), &sum.currency);
            format!("{amount} {}", text::visible(sum.currency.code()))
        })
        .collect();
    let asked: Vec<String> = explained.selection.iter().map(|words| text::visible(words)).collect();
    let with = if asked.is_empty() { String::new() } else { format!(" with {}", asked.join(" and ")) };
    let first = if rows == 1 { "The only charge" } else { "The first" };
    let of = if rows == 1 { String::new() } else { format!(" of {} charges", figures::count(rows)) };
    screen.text(&format!("{first}{of}{with}; effective cost in all {}.", sums.join(" and ")), Tone::Plain);
    screen.text(&format!("Allocated by {}.", text::visible(&explained.policy)), Tone::Quiet);
}

fn facts(screen: &mut Screen, charge: &ChargeFacts) {
    screen.title(&format!("What the bill says of {}", charge.date));
    let currency = text::visible(charge.currency.code());
    let amount = |metric: Metric| {
        let amount = charge.amounts.get(metric).as_ref()?;
        Some((metric.name().to_owned(), format!("{amount} {currency}")))
    };
    let shown = |prefix: &str, (name, value): &(String, Option<String>)| {
        (format!("{prefix}{}", text::visible(name)), text::visible(value.as_deref().unwrap_or_default()))
    };
    // Costs stand above as they count.
    let fields = charge.fields.0.iter().filter(|(name, _)| !name.parse().is_ok_and(is_cost));
    let mut facts: Vec<(String, String)> = Metric::ALL.into_iter().filter_map(amount).collect();
    facts.extend(fields.map(|field| shown("", field)));
    facts.extend(charge.tags.0.iter().map(|tag| shown("tag ", tag)));
    let widest = facts.iter().map(|(name, _)| columns(name)).max().unwrap_or_default().min(screen.width * 2 / 5);
    for (name, value) in facts {
        let blanks = " ".repeat(widest.saturating_sub(columns(&name)));
        // Values are there to be copied: a long one goes on below, and nothing of it is left out.
        screen.hanging(&value, &format!("  {name}{blanks}  "), &" ".repeat(widest + 4), Tone::Plain);
    }
}

fn is_cost(field: Field) -> bool {
    matches!(field, Field::BilledCost | Field::EffectiveCost | Field::ListCost | Field::ContractedCost)
}

fn dimension(screen: &mut Screen, trace: &DimensionTrace, policy: &str) {
    let value = text::visible_or_unallocated(trace.value.as_deref());
    let by = trace.rule.as_deref().map_or_else(String::new, |rule| format!(", by rule {}", text::visible(rule)));
    screen.title(&format!("{} = {value}{by}", text::visible(&trace.dimension)));
    if trace.steps.is_empty() {
        screen.text("No rule sets it.", Tone::Quiet);
    }
    for (index, step) in trace.steps.iter().enumerate() {
        let (words, tone) = outcome(step);
        let at = &step.at;
        let file = if *at.file == *policy { String::new() } else { format!(" of {}", text::visible(&at.file)) };
        let rule = text::visible(&step.rule);
        let line = format!("{}. {rule} (line {}{file}): {words}", index + 1, at.line);
        screen.hanging(&line, "  ", "     ", tone);
    }
}

fn outcome(step: &Step) -> (String, Tone) {
    match &step.outcome {
        StepOutcome::Set { value, source } => {
            let from = if source.starts_with('{') { format!(" from {}", text::visible(source)) } else { String::new() };
            (format!("sets {}{from}", text::visible(value)), Tone::Good)
        }
        StepOutcome::NoValue { source } => (format!("matches, but {} is absent", text::visible(source)), Tone::Plain),
        StepOutcome::Shadowed { by } => (format!("matches, but {} has set it already", text::visible(by)), Tone::Quiet),
        StepOutcome::Failed(failure) => {
            let saw = match &failure.saw {
                Some(value) => format!("it has {}", quoted(value)),
                None => "it has none".to_owned(),
            };
            (format!("no: {}; {saw}", text::visible(&failure.condition)), Tone::Plain)
        }
    }
}

/// By which rules the other charges of the selection came to their values, where they differ.
fn shares(screen: &mut Screen, explained: &Explained, dimension: &str) {
    let shares: Vec<_> = explained.shares.iter().filter(|share| share.dimension == dimension).collect();
    if shares.len() < 2 {
        return;
    }
    let share = |share: &&RuleShare| {
        let rows = figures::count(share.rows);
        match &share.rule {
            Some(rule) => format!("{rows} by {}", text::visible(rule)),
            None => format!("{rows} unallocated"),
        }
    };
    let words: Vec<String> = shares.iter().map(share).collect();
    screen.text(&format!("All charges: {}.", words.join(", ")), Tone::Quiet);
}
