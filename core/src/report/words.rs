//! The report's facts as plain sentences, the same in every format.
//!
//! Nothing here holds a value from a bill: only dates, counts and amounts, so no escaping is needed.

use std::fmt::Write as _;

use super::document::{
    Action, Actions, Answer, Change, ChangeKind, FileVerdict, MonthVerdict, NotCompared, OverlapAction,
};
use super::document::{
    Environments, KindAmounts, NotComparedReason, Report, ReviewState, Scope, Verdict, View, WarnedScope, Warning,
};
use super::figures::{self, counted};
use super::summary::{self, Sum, is_whole_month};
use crate::bill::Metric;
use crate::calendar::{Date, Month};
use crate::forecast::Figure;
use crate::money::Amount;

/// What to do where nothing has an owner.
const START: &str = " A policy says who owns what: `headroom init` writes one to start from.";

/// What the report calls the policy that ships with the program.
pub(crate) const BUILT_IN: &str = "built-in";

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `May 2026`.
pub fn month(month: Month) -> String {
    let name = MONTHS.get(usize::from(month.number()) - 1).copied().unwrap_or_default();
    format!("{name} {}", month.year())
}

/// What a metric is, in a word or two.
pub const fn meaning(metric: Metric) -> &'static str {
    match metric {
        Metric::Billed => "cash, ties to the invoice",
        Metric::Effective => "amortised",
        Metric::List => "at public prices",
        Metric::Contracted => "at negotiated prices",
    }
}

/// The change against the month before, or why there is none.
pub fn headline_change(report: &Report) -> String {
    let Some(previous) = report.previous_month else {
        return "Not compared: these bills hold nothing of the month before.".to_owned();
    };
    let sum = summary::total(report);
    let Some(delta) = sum.delta else {
        return format!("Not compared: {}.", why_not_compared(report, previous));
    };
    let mut text = figures::delta(delta, &report.currency);
    if let Some(percent) = &sum.percent {
        let _ = write!(text, " ({})", figures::percent(percent));
    }
    let _ = write!(text, " on {}", month(previous));
    if let Some(compared) = sum.compared.filter(|compared| is_whole_month(report) && Some(*compared) != sum.amount) {
        let _ = write!(text, " in the {} of it that can be compared", figures::amount(compared, &report.currency));
    }
    if let Some(per_day) = summary::total_percent_per_day(report) {
        let _ = write!(text, "; {} per day, since the months differ in length", figures::percent(&per_day));
    }
    text.push('.');
    text
}

fn why_not_compared(report: &Report, previous: Month) -> String {
    let (month, name) = (month(previous), report.metric.name());
    let says = |reason| report.not_compared.iter().any(|item| item.reason == reason);
    let stated_before = report.history.iter().find(|history| history.month == previous);
    let stated = report.totals.get(report.metric).amount.is_some()
        && stated_before.is_some_and(|history| history.totals.get(report.metric).is_some());
    if says(NotComparedReason::NoCommonDay) {
        format!("there is no day that the bills of both this month and {month} cover in every source")
    } else if says(NotComparedReason::ReadOnce) {
        "a month that is not whole is compared day by day, and standard input or a pipe is read once".to_owned()
    } else if report.groups.is_empty() {
        format!("neither this month nor {month} has an amount")
    } else if stated && (says(NotComparedReason::AbsentInPrevious) || says(NotComparedReason::AbsentInCurrent)) {
        format!("no source has a bill for both this month and {month}")
    } else {
        format!("the bills do not state the {name} cost of both this month and {month}")
    }
}

/// Whether the month is whole.
pub fn completeness(report: &Report) -> String {
    let name = month(report.month);
    match report.complete {
        Answer::Yes => format!("{name} is complete in every source."),
        Answer::No => format!("{name} is not complete: the bills do not reach over all of its days."),
        Answer::Unknown => format!("Whether {name} is complete cannot be told: its charges are not daily."),
    }
}

/// Which days are compared with which; `None` where nothing is.
pub fn basis(report: &Report) -> Option<String> {
    let previous = report.previous_month?;
    summary::total(report).delta?;
    if is_whole_month(report) {
        return Some(format!(
            "The whole of {} is compared with the whole of {}.",
            month(report.month),
            month(previous)
        ));
    }
    let (from, to) = (report.basis.from.day(), report.basis.to.day());
    let days = if from == to { format!("Only day {from}") } else { format!("Only days {from} to {to}") };
    Some(format!("{days} of {} and of {} are compared.", month(report.month), month(previous)))
}

/// What all actions together would save.
pub fn actions(report: &Report, actions: &Actions) -> String {
    let totals = &actions.totals;
    let code = report.currency.code();
    let amount = |amount| figures::amount(amount, &report.currency);
    if totals.actions == 0 {
        return match totals.of_others {
            0 => "The documents hold nothing to do.".to_owned(),
            _ => "The documents hold nothing to do for this owner.".to_owned(),
        };
    }
    let saving = actions.list.iter().filter(|one| one.saving_month > Some(Amount::ZERO)).count() as u64;
    let mut text = format!(
        "{} would save {} {code} a month together.",
        counted(saving, "action", "actions"),
        amount(totals.saving_month)
    );
    if totals.overlap_month > Amount::ZERO {
        let _ = write!(
            text,
            " The documents promise {}; {} of that overlaps and is counted once: removed first, then made smaller, then off \
             at times; what is committed to is used before more is.",
            amount(totals.stated_month),
            amount(totals.overlap_month)
        );
    }
    if totals.cost_month > Amount::ZERO {
        let _ = write!(text, " What is too small costs {} more to put right.", amount(totals.cost_month));
    }
    if totals.of_others > 0 {
        let _ = write!(text, " {} of others not listed.", counted(totals.of_others, "action is", "actions are"));
    }
    text
}

/// What is to be done, how risky and laborious it is, and where that is from; values of documents are as they stand there.
pub fn action_note(action: &Action) -> String {
    let mut text = action.what.clone();
    if let Some(approver) = &action.approver {
        let _ = write!(text, "; {approver} must approve");
    }
    if let Some(overlap) = &action.overlap {
        let _ = write!(text, "; {overlap}");
    }
    let evidence = &action.evidence;
    let _ = write!(
        text,
        "; risk {}, effort {}; {} ({}{})",
        action.risk.word(),
        action.effort.word(),
        evidence.says,
        evidence.document,
        evidence.at.first().map_or("", String::as_str)
    );
    text
}

/// What is not production beside production, this month and the months before.
pub fn environments(report: &Report, environments: &Environments) -> String {
    let percent = |percent: &str| figures::proportion(percent);
    let Some(now) = &environments.total.non_production_percent else {
        return "Production has no cost to hold the rest against.".to_owned();
    };
    let mut text = format!("What is not production costs {} of what production costs.", percent(now));
    let before = environments.history.iter().rev().filter(|past| past.month < report.month).take(3);
    let before: Vec<String> = before
        .filter_map(|past| {
            Some(format!("{} in {}", percent(past.costs.non_production_percent.as_deref()?), month(past.month)))
        })
        .collect();
    if !before.is_empty() {
        let _ = write!(text, " It was {}.", before.join(", "));
    }
    text
}

/// What smaller sizes and off-hours would save, of what is not production and of production; `None` without any.
pub fn could_save(report: &Report, environments: &Environments) -> Option<String> {
    let savings = environments.could_save.as_ref()?;
    let part = |name: &str, amounts: &KindAmounts| {
        let unknown = match amounts.unknown {
            Amount::ZERO => String::new(),
            unknown => format!(" and {} of what nobody knows", figures::amount(unknown, &report.currency)),
        };
        format!(
            "{name} {} of what is not production, {} of production{unknown}",
            figures::amount(amounts.non_production, &report.currency),
            figures::amount(amounts.production, &report.currency)
        )
    };
    Some(format!(
        "A month could be saved: {}; {}.",
        part("by smaller sizes", &savings.sizes),
        part("by being off at times", &savings.off_hours)
    ))
}

/// Values of the dimension `environment` that no list names; `None` where there are none.
pub fn unlisted(environments: &Environments) -> Option<String> {
    let names = &environments.rule.unlisted;
    if names.is_empty() {
        return None;
    }
    Some(format!(
        "Counted as unknown, since `[report]` of the policy lists them neither as `production` nor as `non_production`: {}.",
        names.join(", ")
    ))
}

/// Which month a charge counts for.
pub const fn view(view: View) -> &'static str {
    match view {
        View::ChargeMonth => "A charge counts for the month it starts in (UTC).",
        View::BillingMonth => "A charge counts for the month it is billed in.",
    }
}

/// By what charges were allocated; `policy` is the report's, made fit for the format.
pub fn allocated_by(report: &Report, policy: &str) -> String {
    if report.policy == BUILT_IN {
        return format!("Allocated by the {policy} policy, which reads tags such as squad and environment.");
    }
    format!("Allocated by {policy}.")
}

/// What is likely to be flagged at the end of the month that goes on: a title, and of each scope its name and what is expected;
/// `None` where nothing is.
pub fn early(report: &Report) -> Option<(String, Vec<(&Scope, String)>)> {
    let early = report.early_warning.as_ref().filter(|early| !early.scopes.is_empty())?;
    let (now, before) = (month(early.month), month(early.previous_month));
    let title = format!("Likely to end {now} more than {} % above {before}", figures::THRESHOLD);
    let amount = |figure: Figure| figures::estimate(figure, &report.currency);
    let told = |warned: &WarnedScope| {
        format!(
            "{:.0} % likely; {} expected, with 80 % between {} and {}; {} to {}, {} in {before}",
            warned.probability.0,
            amount(warned.expected),
            amount(warned.lo80),
            amount(warned.hi80),
            amount(warned.spent),
            early.to,
            amount(warned.previous),
        )
    };
    Some((title, early.scopes.iter().map(|warned| (&warned.scope, told(warned))).collect()))
}

/// How many changes lie beyond the threshold, by state.
pub fn flagged(report: &Report) -> String {
    if report.previous_month.is_none() {
        return "No changes: there is no earlier month.".to_owned();
    }
    if report.changes.is_empty() && summary::total(report).delta.is_none() {
        return "No changes: nothing is compared.".to_owned();
    }
    if report.changes.is_empty() {
        return format!("Nothing changed by more than {} %.", figures::THRESHOLD);
    }
    let states = [ReviewState::Unexplained, ReviewState::Explained, ReviewState::Planned];
    let counts: Vec<_> = states
        .into_iter()
        .map(|state| (state_name(state), summary::changes_in(report, state)))
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{} {name}", figures::count(count)))
        .collect();
    let changes = counted(report.changes.len() as u64, "change", "changes");
    format!("{changes} of more than {} %: {}.", figures::THRESHOLD, counts.join(", "))
}

/// What stands for the percentage of a change from nothing.
const FROM_ZERO: &str = "from 0";

/// A change in percent, or its kind where there is nothing to divide by.
pub fn percent_or_kind(change: &Change) -> String {
    match (&change.percent, change.kind) {
        (Some(percent), _) => figures::percent(percent),
        (None, ChangeKind::Rise | ChangeKind::Fall) => FROM_ZERO.to_owned(),
        (None, kind) => kind_name(kind).to_owned(),
    }
}

/// Kind of a change, and its percentage per day where that says more than the percentage.
pub fn kind_and_rate(change: &Change) -> String {
    let kind = kind_name(change.kind);
    match &change.percent_per_day {
        Some(per_day) if change.kind != ChangeKind::Gone && change.percent_per_day != change.percent => {
            format!("{kind}, {} per day", figures::percent(per_day))
        }
        _ => kind.to_owned(),
    }
}

/// A sum's change in percent, or in words where there is nothing to divide by.
pub fn percent_or_new(sum: &Sum) -> String {
    match (&sum.percent, sum.previous, sum.delta) {
        (None, None, Some(delta)) if !delta.is_zero() => kind_name(ChangeKind::New).to_owned(),
        (None, Some(Amount::ZERO), Some(delta)) if !delta.is_zero() => FROM_ZERO.to_owned(),
        (percent, _, _) => figures::percent_or_absent(percent.as_deref()),
    }
}

/// The state of a change.
pub const fn state_name(state: ReviewState) -> &'static str {
    match state {
        ReviewState::Unexplained => "unexplained",
        ReviewState::Explained => "explained",
        ReviewState::Planned => "planned",
    }
}

/// The kind of a change.
pub const fn kind_name(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Rise => "rise",
        ChangeKind::Fall => "fall",
        ChangeKind::New => "new",
        ChangeKind::Gone => "gone",
    }
}

/// What nobody owns, as an amount and a share of the month.
pub fn unallocated(report: &Report) -> String {
    let sums = report.conservation.get(report.metric);
    let metric = report.metric.name();
    match sums.unallocated {
        None => format!("The bills state no {metric} cost for this month."),
        Some(amount) if amount.is_zero() => format!("Nothing: every {metric} cost has an owner."),
        Some(amount) => {
            let share = figures::share(sums.unallocated, sums.input);
            let share = share.map_or_else(String::new, |share| format!(", {share} of the month"));
            let hint = if sums.input == Some(amount) { START } else { "" };
            format!("Without an owner: {} {}{share}.{hint}", figures::amount(amount, &report.currency), report.currency)
        }
    }
}

/// What the policy's floor keeps out of the list; `None` when nothing.
pub fn below_floor(report: &Report) -> Option<String> {
    let small = report.below_floor;
    (small.count > 0).then(|| {
        let changes = counted(small.count, "smaller change", "smaller changes");
        let amount = figures::amount(small.amount, &report.currency);
        format!("{changes} below the policy's floor, {amount} {} together.", report.currency)
    })
}

/// Why an amount takes no part in the comparison.
pub fn not_compared_reason(item: &NotCompared) -> String {
    match item.reason {
        NotComparedReason::AbsentInPrevious => "this source has no bill for the month before".to_owned(),
        NotComparedReason::AbsentInCurrent => "this source has no bill for the month reported".to_owned(),
        NotComparedReason::NotDaily => "spans more than a day, and only some days are compared".to_owned(),
        NotComparedReason::NoCommonDay => "the bills of the two months have no day in common".to_owned(),
        NotComparedReason::ReadOnce => "single days need a second reading".to_owned(),
        NotComparedReason::OtherMonth => "of days of another month, and only some days are compared".to_owned(),
    }
}

/// The files in one sentence.
pub fn files(verdict: &Verdict) -> String {
    let rows = verdict.files.iter().map(|file| file.rows).sum();
    let refused = match verdict.refused_count {
        0 => "none refused".to_owned(),
        refused => format!("{} refused", figures::count(refused)),
    };
    let files = counted(verdict.files.len() as u64, "file", "files");
    format!("{files}, {}, {refused}.", counted(rows, "row", "rows"))
}

/// What stands against the figures, worst first; empty when nothing does.
pub fn cautions(report: &Report) -> Vec<String> {
    let verdict = &report.verdict;
    let mut cautions = Vec::new();
    if Metric::ALL.iter().any(|metric| !ties(report, *metric)) {
        cautions.push("the sums do not tie: see the conservation lines".to_owned());
    }
    if verdict.refused_count > 0 {
        cautions.push(format!("{} could not be read", counted(verdict.refused_count, "row", "rows")));
    }
    match report.complete {
        Answer::Yes => {}
        Answer::No => cautions.push("the month is not complete".to_owned()),
        Answer::Unknown => cautions.push("whether the month is complete cannot be told".to_owned()),
    }
    let missing = report.totals.get(report.metric).missing_rows;
    if missing > 0 {
        cautions.push(format!("{} no {} cost", counted(missing, "row states", "rows state"), report.metric.name()));
    }
    if !verdict.overlaps.is_empty() {
        cautions.push(format!("{} between files", counted(verdict.overlaps.len() as u64, "overlap", "overlaps")));
    }
    let open = months_of(verdict, report.month).filter(|month| month.is_final == Answer::No).count() as u64;
    if open > 0 {
        cautions.push(format!("{} not fully invoiced and may change", counted(open, "bill is", "bills are")));
    }
    if !report.not_compared.is_empty() {
        let amounts = counted(report.not_compared.len() as u64, "amount is", "amounts are");
        cautions.push(format!("{amounts} not compared"));
    }
    if report.month > report.as_of.month() {
        cautions.push(format!("the month lies after {}, the day of asking", report.as_of));
    }
    let warnings = warnings(verdict).count() as u64;
    if warnings > 0 {
        cautions.push(counted(warnings, "warning", "warnings"));
    }
    cautions
}

/// The warnings that the cautions do not name already.
pub fn warnings(verdict: &Verdict) -> impl Iterator<Item = &Warning> {
    verdict.warnings.iter().filter(|warning| warning.code != "refused_rows")
}

fn months_of(verdict: &Verdict, month: Month) -> impl Iterator<Item = &MonthVerdict> {
    let months = verdict.files.iter().flat_map(|file| &file.sources).flat_map(|source| &source.months);
    months.filter(move |verdict| verdict.month == month)
}

/// Whether a metric's input equals what was allocated and what was not, or no row states the metric.
pub fn ties(report: &Report, metric: Metric) -> bool {
    let sums = report.conservation.get(metric);
    match (sums.input, sums.allocated, sums.unallocated) {
        (None, None, None) => true,
        (Some(input), Some(allocated), Some(unallocated)) => {
            allocated.checked_add(unallocated) == Some(input) && sums.difference.is_some_and(Amount::is_zero)
        }
        _ => false,
    }
}

/// One metric's conservation, exact to the last digit: input = allocated + unallocated.
///
/// The difference is named unless it is zero.
pub fn conservation(report: &Report, metric: Metric) -> String {
    let sums = report.conservation.get(metric);
    let (Some(input), Some(allocated), Some(unallocated)) = (sums.input, sums.allocated, sums.unallocated) else {
        return "no row states it".to_owned();
    };
    match sums.difference {
        Some(difference) if difference.is_zero() => format!("{input} = {allocated} + {unallocated}"),
        Some(difference) => format!("{input} = {allocated} + {unallocated} + a difference of {difference}"),
        None => format!("{input}, {allocated} and {unallocated}: the difference is out of range"),
    }
}

/// Whether the sums of all metrics tie, in a sentence.
pub fn conservation_verdict(report: &Report) -> &'static str {
    if Metric::ALL.iter().all(|metric| ties(report, *metric)) {
        "The difference is 0 in every metric that is stated."
    } else {
        "The sums do not tie. Do not use these figures."
    }
}

/// Dialect and version of a file.
pub fn format(file: &FileVerdict) -> String {
    match file.version {
        Some(version) => format!("{} {version}", file.dialect),
        None => file.dialect.to_string(),
    }
}

/// How much of a month a file holds.
pub const fn coverage(month: &MonthVerdict) -> &'static str {
    match month.complete {
        Answer::Yes => "whole",
        Answer::No => "partial",
        Answer::Unknown => "unknown",
    }
}

/// Which of a month's rows name their invoice.
pub const fn invoice(month: &MonthVerdict) -> &'static str {
    match month.is_final {
        Answer::Yes => "all rows",
        Answer::No => "not all",
        Answer::Unknown => "not stated",
    }
}

/// The days of the month that the bill reaches over: `1 to 31`.
pub fn days(month: &MonthVerdict) -> String {
    let day = |date: Date| if date.month() == month.month { date.day().to_string() } else { date.to_string() };
    match (month.first_day, month.last_day) {
        (Some(first), Some(last)) if first != last => format!("{} to {}", day(first), day(last)),
        (Some(only), _) | (None, Some(only)) => day(only),
        (None, None) => "no daily charges".to_owned(),
    }
}

/// What was done about an overlap, and what is left to do.
pub const fn overlap_action(action: OverlapAction) -> &'static str {
    match action {
        OverlapAction::Skipped => "the second file was left out",
        OverlapAction::KeptNewest => "the second's rows of that month were left out, as the newest stands",
        OverlapAction::Summed => "all rows of both were counted",
        OverlapAction::Refused => {
            "drop one of them, choose the newest with `--overlap newest`, or count all with `--overlap sum` where they are \
             parts of one export"
        }
    }
}
