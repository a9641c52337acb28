//! What to do, and production beside the rest.

use super::escape::{code, prose};
use super::{Page, value};
use crate::report::document::{EnvironmentCosts, Report};
use crate::report::figures::{self, ABSENT};
use crate::report::words;
use crate::report::{EnvironmentMonth, EnvironmentSquad, Environments};

/// Rows listed at once; the others are folded away below.
const SHOWN: usize = 10;

/// Columns of costs by what the environment is.
const COLUMNS: [&str; 5] = ["Production", "Not production", "Unknown", "Together", "Not production by production"];

pub(super) fn environments(page: &mut Page, report: &Report) {
    let Some(found) = &report.environments else { return };
    page.heading("Production and the rest");
    page.paragraph(&words::environments(report, found));
    let costs = |costs: &EnvironmentCosts| {
        let amounts = [costs.production, costs.non_production, costs.unknown, costs.total];
        let amounts = amounts.map(|amount| figures::amount_or_absent(amount, &report.currency));
        let percent = costs.non_production_percent.as_deref().map_or_else(|| ABSENT.to_owned(), figures::proportion);
        amounts.into_iter().chain([percent]).collect::<Vec<_>>()
    };
    let months =
        found.history.iter().map(|past| [past.month.to_string()].into_iter().chain(costs(&past.costs)).collect());
    page.table(&["Month"].into_iter().chain(COLUMNS).collect::<Vec<_>>(), 1, months);
    let names: Vec<String> =
        found.rows.first().map_or_else(Vec::new, |row| row.key.0.iter().map(|(name, _)| code(name)).collect());
    let titles: Vec<&str> = names.iter().map(String::as_str).chain(COLUMNS).collect();
    let row = |row: &crate::report::EnvironmentRow| {
        row.key.0.iter().map(|(_, part)| value(part.as_deref())).chain(costs(&row.costs)).collect::<Vec<_>>()
    };
    if !found.rows.is_empty() {
        let title = figures::counted(found.rows.len() as u64, "squad and service", "squads and services");
        page.folded(&title, |page| page.table(&titles, names.len(), found.rows.iter().map(row)));
    }
    over_time(page, found);
    if let Some(saved) = words::could_save(report, found) {
        page.paragraph(&saved);
    }
    if !found.rule.unlisted.is_empty() {
        let names: Vec<_> = found.rule.unlisted.iter().map(|name| code(name)).collect();
        page.paragraph(&format!("Counted as unknown, since `[report]` of the policy lists them neither as `production` nor as `non_production`: {}.", names.join(", ")));
    }
}

/// What is not production by production, by squad and month.
fn over_time(page: &mut Page, found: &Environments) {
    let months: Vec<String> = found.history.iter().map(|past| past.month.to_string()).collect();
    if found.squads.is_empty() || months.len() < 2 {
        return;
    }
    let row = |one: &EnvironmentSquad| {
        let percent = |past: &EnvironmentMonth| {
            past.costs.non_production_percent.as_deref().map_or_else(|| ABSENT.to_owned(), figures::proportion)
        };
        [value(one.squad.as_deref())].into_iter().chain(one.months.iter().map(percent)).collect::<Vec<_>>()
    };
    let titles: Vec<&str> = ["Squad"].into_iter().chain(months.iter().map(String::as_str)).collect();
    page.folded("not production by production, by squad and month", |page| {
        page.table(&titles, 1, found.squads.iter().map(row));
    });
}

pub(super) fn actions(page: &mut Page, report: &Report) {
    let Some(actions) = &report.actions else { return };
    page.heading("What to do");
    page.paragraph(&words::actions(report, actions));
    let amount = |amount| figures::amount_or_absent(amount, &report.currency);
    let row = |one: &crate::report::Action| {
        let owner = one.owner.0.first().map_or_else(
            || one.approver.as_deref().map_or_else(|| ABSENT.to_owned(), prose),
            |(_, owner)| value(owner.as_deref()),
        );
        let evidence = &one.evidence;
        let place = format!("{}{}", evidence.document, evidence.at.first().map_or("", String::as_str));
        let says =
            one.overlap.as_ref().map_or_else(|| evidence.says.clone(), |why| format!("{}; {why}", evidence.says));
        vec![
            one.rank.to_string(),
            one.action.word().to_owned(),
            code(&one.subject),
            prose(&one.what),
            owner,
            one.risk.word().to_owned(),
            one.effort.word().to_owned(),
            format!("{} ({})", prose(&says), code(&place)),
            amount(one.saving_month),
            amount(one.stated_month),
        ]
    };
    let titles = ["", "Action", "Of", "What", "Owner", "Risk", "Effort", "Evidence", "Saves a month", "By itself"];
    let (shown, folded) = actions.list.split_at(actions.list.len().min(SHOWN));
    if !shown.is_empty() {
        page.table(&titles, 8, shown.iter().map(row));
    }
    if !folded.is_empty() {
        let title = figures::counted(folded.len() as u64, "further action", "further actions");
        page.folded(&title, |page| page.table(&titles, 8, folded.iter().map(row)));
    }
    let notes =
        actions.documents.iter().filter_map(|one| Some(format!("{} {}", code(&one.name), prose(one.note.as_ref()?))));
    page.bullets(notes);
}
