//! The monthly report with what is likely to be flagged at the end of the month that goes on.

use std::sync::Arc;

use super::covered::{Covered, covered};
use super::daily::{by_scope, read_days};
use super::expected::{Ask, History, LEAST_DAYS, WARNING};
use crate::allocation::Policy;
use crate::calendar::Month;
use crate::change::{Explanations, LEVELS};
use crate::forecast::Ratio;
use crate::ledger::{Bills, Supply, View, at_once, usage_days};
use crate::report::{self, EarlyWarnings, Report, ReportError, Reported, Request, WarnedScope, Warning};

/// The monthly cost report: one document a currency, in the order of their codes.
///
/// Reads the bills once; a second time over the days compared where a month is not whole, and over the months
/// compared to find what moved inside each change; and once more by day where a month goes on in the bills, to say what is
/// likely to be flagged at its end.
///
/// # Errors
/// When the bills cannot be read or added up, or hold nothing of what is asked.
pub fn report<B: Bills>(
    bills: &B,
    policy: &Arc<Policy>,
    explanations: &Explanations,
    request: &Request,
) -> Result<Vec<Report>, ReportError<B::Fault>> {
    at_once(report_from(bills, policy, explanations, request))
}

/// The same from bills that may have to be waited for.
pub(crate) async fn report_from<B: Supply>(
    bills: &B,
    policy: &Arc<Policy>,
    explanations: &Explanations,
    request: &Request,
) -> Result<Vec<Report>, ReportError<B::Fault>> {
    let mut reported = report::report_from(bills, policy, explanations, request).await?;
    let Some(covered) = going_on(&reported, request) else { return Ok(reported.reports) };
    if !bills.can_reread() {
        let message =
            "nothing is said of how the month may end, which needs files: standard input or a pipe is read once";
        let warning = Warning { code: "no_early_warning".to_owned(), message: message.to_owned(), count: 1 };
        for report in &mut reported.reports {
            report.verdict.warnings.push(warning.clone());
            report.verdict.warnings.sort();
        }
        return Ok(reported.reports);
    }
    let Reported { mut reports, files, dimensions, question } = reported;
    let read = read_days(bills, &files, &question).await?;
    let (sums, _) = by_scope(&files, read, &dimensions.names, request.metric, None)?;
    let ask = Ask::default();
    let history = History { covered: &covered, ask: &ask };
    let month = history.this_month();
    for report in reports.iter_mut().filter(|report| concerns(report.month, month)) {
        let scopes = sums.get(&report.currency).into_iter().flatten();
        let judged: Vec<_> = scopes.filter_map(|(scope, sums)| history.warned(scope, sums)).collect();
        let mut warned: Vec<WarnedScope> = Vec::new();
        for level in LEVELS {
            let of_level = judged.iter().filter(|(warning, scope)| warning.warns && scope.scope.level == level.name());
            warned.extend(of_level.map(|(_, scope)| scope.clone()));
        }
        report.early_warning = (!judged.is_empty()).then(|| EarlyWarnings {
            month,
            previous_month: month.previous(),
            to: covered.to,
            level: Ratio(WARNING),
            judged: judged.len(),
            scopes: warned,
        });
    }
    Ok(reports)
}

/// A report of a month is the place to warn of another only where that is the same or the next.
fn concerns(reported: Month, going_on: Month) -> bool {
    reported == going_on || reported.next() == going_on
}

/// The days of a history that ends within a month, where it is long enough to judge that month by and a report concerns it.
fn going_on(reported: &Reported, request: &Request) -> Option<Covered> {
    let files = &reported.files;
    let days = usage_days(&files.ledgers, &files.skipped, &files.roles);
    let covered = covered(&days, request.as_of)?;
    let (from, to) = (covered.from, covered.to);
    let month = to.month();
    let ends = to.plus_days(1)?.month() != month;
    let long = to.days_since_epoch() - from.days_since_epoch() + 1 >= LEAST_DAYS as i32;
    let whole = month.previous().day(1).is_some_and(|day| day >= from);
    let concerned = reported.reports.iter().any(|report| concerns(report.month, month));
    (!ends && long && whole && concerned && request.view == View::ChargeMonth).then_some(covered)
}
