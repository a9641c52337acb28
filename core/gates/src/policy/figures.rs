//! Figures of a cost report, worked out from its own amounts.
//!
//! What a report derives is not believed but worked out again: deltas, flagged groups, shares, what lies under a floor. A report that is not whole,
//! is of one owner alone, or whose sums do not tie is refused: it says nothing about everybody's cost.

use super::gate::CostRule;
use crate::condition::document::{Node, Value};
use crate::money::{Amount, exceeds_percent, percent_of};

/// The `schema` of a report.
pub(super) const REPORT_SCHEMA: &str = "headroom/report/1";

/// Beyond so many percent of the month before, a change is to be explained.
const THRESHOLD: u32 = 20;

/// Figures of a cost report, recomputed from its own.
#[derive(Clone, Debug, Default)]
pub(super) struct ReportFigures {
    /// By how much each unexplained change moved; `None` where nothing is compared.
    unexplained: Option<Vec<u128>>,
    unallocated: Option<Amount>,
    refused: u64,
}

impl ReportFigures {
    /// Counted anew: a change is flagged when its amounts say so, and accounted for when somebody's reason is given.
    pub(super) fn of(report: &Node) -> Result<Self, String> {
        if report["complete"] != *"yes" {
            return Err("the cost report is not of a whole month: its `complete` is not `yes`".to_owned());
        }
        if !matches!(&report["owner"].value, Value::Table(owner) if owner.is_empty()) {
            return Err("the cost report is not of everybody's cost: its `owner` is not empty".to_owned());
        }
        let metric = report["metric"].as_text().ok_or_else(|| missing("metric"))?;
        let sums = &report["conservation"][metric];
        let [input, allocated, unallocated] =
            ["input", "allocated", "unallocated"].map(|name| need(&sums[name], &format!("conservation.{name}")));
        let (input, allocated, unallocated) = (input?, allocated?, unallocated?);
        if allocated.checked_add(unallocated) != Some(input) {
            return Err(format!(
                "the cost report's sums do not tie: allocated {allocated} and unallocated {unallocated} do not make the input of {input}"
            ));
        }
        let total = need(&report["totals"][metric]["amount"], "totals.amount")?;
        if total != input {
            return Err(format!("the cost report's sums do not tie: its total is {total} and its input {input}"));
        }
        let groups = report["groups"].as_list().ok_or_else(|| missing("groups"))?;
        let (mut all, mut nobody, mut names_squads) = (Amount::ZERO, Amount::ZERO, false);
        for group in groups {
            let part = optional(&group["amount"], "groups.amount")?.unwrap_or(Amount::ZERO);
            let add =
                |sum: Amount| sum.checked_add(part).ok_or("the cost report's groups add up to more than can be held");
            all = add(all)?;
            match group["key"].get("squad") {
                None => {}
                Some(squad) if squad.is_null() => (nobody, names_squads) = (add(nobody)?, true),
                Some(_) => names_squads = true,
            }
        }
        if all != total {
            return Err(format!("the cost report's sums do not tie: its groups make {all} and its total is {total}"));
        }
        if names_squads && nobody != unallocated {
            return Err(format!(
                "the cost report's sums do not tie: its groups without a squad make {nobody}, and unallocated is {unallocated}"
            ));
        }
        let changes = report["changes"].as_list().ok_or_else(|| missing("changes"))?;
        let (mut unexplained, is_compared) = passed_over(groups, changes)?;
        for change in changes {
            let previous = optional(&change["previous"], "changes.previous")?;
            let delta = difference(optional(&change["current"], "changes.current")?, previous)?;
            let reason = change["note"]["why"].as_text().is_some_and(|why| !why.trim().is_empty());
            if is_flagged(delta, previous) && !reason {
                unexplained.push(delta.magnitude());
            }
        }
        // Where nothing is compared nothing is known to have stayed as it was.
        let unexplained = (is_compared || !changes.is_empty()).then_some(unexplained);
        let unallocated = match percent_of(unallocated, input) {
            Some(percent) => Amount::parse(percent.as_bytes()).ok().map(|read| read.amount),
            None => None,
        };
        let refused = report["verdict"]["refused_count"].as_whole().ok_or_else(|| missing("verdict.refused_count"))?;
        Ok(Self { unexplained, unallocated, refused })
    }

    /// A figure over all reports: the sum of counts, the largest of percentages; `None` where one of them has none.
    /// Changes by less than the floor do not count.
    pub(super) fn over<'r>(reports: impl Iterator<Item = &'r Self>, rule: CostRule, floor: Amount) -> Option<Amount> {
        let whole = |count: u64| Some(Amount::from_whole(i64::try_from(count).unwrap_or(i64::MAX)));
        let figures = reports.map(|report| match rule {
            CostRule::UnexplainedChanges => {
                let moved = report.unexplained.as_ref()?.iter();
                whole(moved.filter(|moved| **moved >= floor.magnitude()).count() as u64)
            }
            CostRule::RefusedRows => whole(report.refused),
            CostRule::UnallocatedPercent => report.unallocated,
        });
        let figures: Vec<Amount> = figures.collect::<Option<_>>()?;
        match rule {
            CostRule::UnallocatedPercent => figures.into_iter().max(),
            _ if figures.is_empty() => None,
            _ => Amount::checked_sum(figures),
        }
    }
}

/// Groups whose amounts flag them and that no change is about, by how much each moved; and whether any is compared.
///
/// What the report says lies under a floor is not believed: the gate has a floor of its own.
fn passed_over(groups: &[Node], changes: &[Node]) -> Result<(Vec<u128>, bool), String> {
    let (mut moved, mut is_compared) = (Vec::new(), false);
    for group in groups {
        let previous = optional(&group["previous"], "groups.previous")?;
        let compared = optional(&group["compared"], "groups.compared")?;
        if compared.is_none() && previous.is_none() {
            continue;
        }
        is_compared = true;
        let delta = difference(compared, previous)?;
        // A change tells of a group when it is about the same amounts.
        let same = |side: &Node, own: Option<Amount>| {
            optional(side, "changes").is_ok_and(|side| side.unwrap_or_default() == own.unwrap_or_default())
        };
        let told = |change: &Node| {
            let is_own = change["scope"]["level"] == *"group" && change["scope"]["key"] == group["key"];
            is_own && same(&change["current"], compared) && same(&change["previous"], previous)
        };
        if is_flagged(delta, previous) && !changes.iter().any(told) {
            moved.push(delta.magnitude());
        }
    }
    Ok((moved, is_compared))
}

fn is_flagged(delta: Amount, previous: Option<Amount>) -> bool {
    previous.map_or(!delta.is_zero(), |previous| exceeds_percent(delta, previous, THRESHOLD))
}

fn difference(current: Option<Amount>, previous: Option<Amount>) -> Result<Amount, String> {
    let (current, previous) = (current.unwrap_or(Amount::ZERO), previous.unwrap_or(Amount::ZERO));
    current.checked_sub(previous).ok_or_else(|| format!("{current} less {previous} is more than can be held"))
}

fn missing(what: &str) -> String {
    format!("the cost report has no `{what}`")
}

fn need(value: &Node, what: &str) -> Result<Amount, String> {
    optional(value, what)?.ok_or_else(|| missing(what))
}

/// An amount, or nothing; what is neither is a fault.
fn optional(value: &Node, what: &str) -> Result<Option<Amount>, String> {
    match &value.value {
        Value::Null => Ok(None),
        Value::Text(text) => match Amount::parse(text.as_bytes()) {
            Ok(read) => Ok(Some(read.amount)),
            Err(_) => Err(format!("`{text}` is not an amount that `{what}` of the cost report can hold")),
        },
        _ => Err(format!("`{what}` of the cost report is not an amount")),
    }
}
