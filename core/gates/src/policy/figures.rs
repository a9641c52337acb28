//! Figures of a cost report, worked out from its own amounts.
//!
//! What a report derives is not believed but worked out again: deltas, flagged groups, shares, what lies under a floor. A
//! report that is not whole, or whose sums do not tie, is refused. So is one of an owner alone, which says nothing about
//! everybody's cost; one of a squad counts where it is asked about that very squad.

use super::gate::CostRule;
use crate::condition::document::{Node, Value};
use crate::money::{Amount, exceeds_percent};

/// The `schema` of a report.
pub(super) const REPORT_SCHEMA: &str = "headroom/report/1";

/// Beyond so many percent of the month before, a change is to be explained.
const THRESHOLD: u32 = 20;

/// Steps of a whole that a share is given in: hundredths of a hundredth of a percent.
const STEPS: u128 = 1_000_000;

/// One of them in percent.
const ONE_STEP: i128 = 100_000_000_000_000;

/// Why a report of one owner is no answer.
pub(super) const NOT_OF_ALL: &str = "the cost report is not of everybody's cost: its `owner` is not empty";

/// Figures of a cost report, recomputed from its own.
#[derive(Clone, Debug, Default)]
pub(super) struct ReportFigures {
    /// The squad whose cost it is of; everybody's where there is none.
    pub(super) owner: Option<String>,
    /// Everything that is compared.
    compared: Vec<Compared>,
    unallocated: Option<Amount>,
    refused: u64,
}

/// What is compared: by how much it moved without an explanation that it needs, and the squad it is of, where it is of one.
#[derive(Clone, Debug)]
struct Compared {
    unexplained: u128,
    squad: Option<String>,
}

impl ReportFigures {
    /// Counted anew: a change is flagged when its amounts say so, and accounted for when somebody's reason is given.
    pub(super) fn of(report: &Node) -> Result<Self, String> {
        if report["complete"] != *"yes" {
            return Err("the cost report is not of a whole month: its `complete` is not `yes`".to_owned());
        }
        let owner = match (&report["owner"].value, squad_of(&report["owner"])) {
            (Value::Table(owner), None) if owner.is_empty() => None,
            (Value::Table(owner), Some(squad)) if owner.len() == 1 => Some(squad),
            _ => return Err(NOT_OF_ALL.to_owned()),
        };
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
        let mut figures = Self { owner, ..Self::default() };
        figures.pass_over(groups, changes)?;
        for change in changes {
            let previous = optional(&change["previous"], "changes.previous")?;
            let delta = difference(optional(&change["current"], "changes.current")?, previous)?;
            let reason = change["note"]["why"].as_text().is_some_and(|why| !why.trim().is_empty());
            figures.compare(&change["scope"]["key"], is_flagged(delta, previous) && !reason, delta);
        }
        figures.unallocated = percent(unallocated, input);
        figures.refused =
            report["verdict"]["refused_count"].as_whole().ok_or_else(|| missing("verdict.refused_count"))?;
        Ok(figures)
    }

    /// Counts groups whose amounts flag them and that no change is about.
    ///
    /// What the report says lies under a floor is not believed: the gate has a floor of its own.
    fn pass_over(&mut self, groups: &[Node], changes: &[Node]) -> Result<(), String> {
        for group in groups {
            let previous = optional(&group["previous"], "groups.previous")?;
            let compared = optional(&group["compared"], "groups.compared")?;
            if compared.is_none() && previous.is_none() {
                continue;
            }
            let delta = difference(compared, previous)?;
            // A change tells of a group when it is about the same amounts.
            let same = |side: &Node, own: Option<Amount>| {
                optional(side, "changes").is_ok_and(|side| side.unwrap_or_default() == own.unwrap_or_default())
            };
            let told = |change: &Node| {
                let is_own = change["scope"]["level"] == *"group" && change["scope"]["key"] == group["key"];
                is_own && same(&change["current"], compared) && same(&change["previous"], previous)
            };
            let is_missed = is_flagged(delta, previous) && !changes.iter().any(told);
            self.compare(&group["key"], is_missed, delta);
        }
        Ok(())
    }

    fn compare(&mut self, key: &Node, is_unexplained: bool, delta: Amount) {
        let unexplained = if is_unexplained { delta.magnitude() } else { 0 };
        self.compared.push(Compared { unexplained, squad: squad_of(key) });
    }

    /// How many changes are unexplained, by the floor or more: everybody's, or a squad's. `None` where nothing is compared:
    /// nothing is known to have stayed as it was.
    fn unexplained(&self, floor: Amount, squad: Option<&str>) -> Option<u64> {
        // In a report of its own every change is the squad's.
        let all = squad.is_none() || self.owner.is_some();
        let (mut is_known, mut count) = (false, 0);
        for compared in self.compared.iter().filter(|compared| all || compared.squad.as_deref() == squad) {
            is_known = true;
            count += u64::from(compared.unexplained >= floor.magnitude().max(1));
        }
        is_known.then_some(count)
    }

    /// A figure over all reports: the sum of counts, the largest of percentages; `None` where one of them has none.
    /// Changes by less than the floor do not count, nor do those of others where a squad is named.
    pub(super) fn over<'r>(
        reports: impl Iterator<Item = &'r Self>,
        rule: CostRule,
        floor: Amount,
        squad: Option<&str>,
    ) -> Option<Amount> {
        let whole = |count: u64| Amount::from_whole(i64::try_from(count).unwrap_or(i64::MAX));
        let mut all = None;
        for report in reports {
            let figure = match rule {
                CostRule::UnexplainedChanges => whole(report.unexplained(floor, squad)?),
                CostRule::RefusedRows => whole(report.refused),
                CostRule::UnallocatedPercent => report.unallocated?,
            };
            all = Some(match (all, rule) {
                (None, _) => figure,
                (Some(all), CostRule::UnallocatedPercent) => figure.max(all),
                (Some(all), _) => figure.checked_add(all)?,
            });
        }
        all
    }
}

/// The squad that a key names.
fn squad_of(key: &Node) -> Option<String> {
    key.get("squad").and_then(Node::as_text).map(str::to_owned)
}

/// So many percent of a whole to four places, rounded up so that it never hides what is above a bound; none of nothing.
fn percent(part: Amount, whole: Amount) -> Option<Amount> {
    let whole = u128::try_from(whole.units()).ok().filter(|whole| *whole > 0)?;
    let steps = part.magnitude().checked_mul(STEPS)?;
    let (up, sign) = if part < Amount::ZERO { (0, -ONE_STEP) } else { (whole - 1, ONE_STEP) };
    let steps = steps.checked_add(up)? / whole;
    Some(Amount::from_units(i128::try_from(steps).ok()?.checked_mul(sign)?))
}

fn is_flagged(delta: Amount, previous: Option<Amount>) -> bool {
    previous.map_or(!delta.is_zero(), |previous| exceeds_percent(delta, previous, THRESHOLD))
}

fn difference(current: Option<Amount>, previous: Option<Amount>) -> Result<Amount, String> {
    let (current, previous) = (current.unwrap_or(Amount::ZERO), previous.unwrap_or(Amount::ZERO));
    current.checked_sub(previous).ok_or_else(|| format!("{current} less {previous} is more than can be held"))
}

pub(super) fn missing(what: &str) -> String {
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
            Ok(read) if !read.rounded => Ok(Some(read.amount)),
            _ => Err(format!("`{text}` is not an amount that `{what}` of the cost report can hold")),
        },
        _ => Err(format!("`{what}` of the cost report is not an amount")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_up() {
        let amount = |text: &str| Amount::parse(text.as_bytes()).unwrap().amount;
        for (part, whole, want) in [
            ("4", "100", Some("4")),
            ("5.00001", "100", Some("5.0001")),
            ("1", "3", Some("33.3334")),
            ("-1", "3", Some("-33.3333")),
            ("0", "3", Some("0")),
            ("1", "0", None),
            ("0", "0", None),
            ("1", "-3", None),
        ] {
            assert_eq!(percent(amount(part), amount(whole)), want.map(amount), "{part} of {whole}");
        }
    }
}
