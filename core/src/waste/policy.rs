//! What counts as unused: the file `headroom/idle/1`.

use crate::condition::Condition;
use crate::condition::document::{Document, Fault, Position, Problem, Source, Table, Walk};
use crate::money::Amount;

use super::document::Grade;

/// The file that comes with Headroom.
pub const IDLE: Source<'static> = Source { name: "idle.toml", text: include_str!("../../../policies/waste/idle.toml") };

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Resources, by their identifier.
    Resource,
    /// Commitments, by theirs.
    Commitment,
}

/// Where use is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Same {
    /// Among the charges of the same resource or commitment.
    Subject,
    /// Among all charges of the same account and region.
    Account,
}

/// Charges that show that a thing is used.
#[derive(Clone, Debug)]
pub struct Unless {
    /// Which they are.
    pub when: Condition,
    /// Where they are looked for.
    pub same: Same,
    /// Up to so much a day does not count as use, in the unit of the bill.
    pub at_most: Amount,
    pub(super) at: Position,
}

/// A rule about charges.
#[derive(Clone, Debug)]
pub struct IdleRule {
    /// Its name in documents.
    pub id: String,
    /// What it finds, in words.
    pub name: String,
    /// What it is about.
    pub of: Of,
    /// The charges of what may be unused.
    pub when: Condition,
    /// What would show use.
    pub unless: Option<Unless>,
    /// For how many days a thing must have been billed.
    pub billed_days: u64,
    /// What to do.
    pub action: String,
    /// How sure a finding is.
    pub confidence: Grade,
    /// What may go wrong.
    pub risk: Grade,
    /// How much work it is.
    pub effort: Grade,
    /// Where its figures are from.
    pub source: String,
    pub(super) at: Position,
}

/// The rule about workloads.
#[derive(Clone, Debug)]
pub struct WorkloadRule {
    /// Days looked at.
    pub days: u64,
    /// Cores.
    pub cores: Amount,
    /// The part of the time that the use must be under `cores`, in percent.
    pub part_percent: Amount,
    /// The part of the request that use must never exceed, in percent.
    pub peak_percent: Amount,
    /// What to do.
    pub action: String,
    /// What may go wrong.
    pub risk: Grade,
    /// How much work it is.
    pub effort: Grade,
    /// Where its figures are from.
    pub source: String,
}

/// What counts as unused.
#[derive(Clone, Debug)]
pub struct IdlePolicy {
    /// Findings that cost less a month are counted and not listed.
    pub least_month: Amount,
    /// Rules about charges; a charge counts for the first whose `when` it meets.
    pub rules: Vec<IdleRule>,
    /// Charges of what may be measured under its identifier.
    pub measured: Option<(Condition, Position)>,
    /// The rule about workloads; none where they are not to be looked at.
    pub workload: Option<WorkloadRule>,
}

const TOP: &[&str] = &["schema", "rules", "rule", "measured", "workload"];
const RULES: &[&str] = &["least_month"];
const RULE: &[&str] =
    &["id", "name", "of", "when", "unless", "billed_days", "action", "confidence", "risk", "effort", "source"];
const UNLESS: &[&str] = &["when", "same", "at_most"];
const MEASURED: &[&str] = &["when"];
const WORKLOAD: &[&str] = &["days", "cores", "part_percent", "peak_percent", "action", "risk", "effort", "source"];

impl IdlePolicy {
    /// The policy that comes with Headroom.
    ///
    /// # Errors
    /// When it cannot be read, which a test rules out.
    pub fn shipped() -> Result<Self, Vec<Problem>> {
        Self::parse(IDLE)
    }

    /// Reads a policy.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(source: Source<'_>) -> Result<Self, Vec<Problem>> {
        let document = Document::read(source.name, source.text).map_err(|problem| vec![problem])?;
        let mut walk = Walk::new(&document);
        let read = Table::document(&mut walk, document.root(), "headroom/idle/1", TOP)
            .map(|root| Self::read(&mut walk, &root));
        match (walk.into_problems(), read) {
            (problems, Some(policy)) if problems.is_empty() => Ok(policy),
            (problems, _) => Err(problems),
        }
    }

    fn read(walk: &mut Walk<'_>, root: &Table<'_>) -> Self {
        let table = root.get("rules").and_then(|node| Table::open(walk, "rules", node, RULES));
        let least_month = table.and_then(|table| positive(walk, &table, "least_month")).unwrap_or_default();
        let mut rules: Vec<IdleRule> = Vec::new();
        for node in root.items(walk, "rule") {
            let Some(table) = Table::open(walk, "rule", node, RULE) else { continue };
            let at = walk.position(node.at);
            let Some(rule) = Self::rule(walk, &table, at) else { continue };
            if let Some(first) = rules.iter().find(|known| known.id == rule.id) {
                let fault = Fault::Taken { what: "the rule", name: rule.id, first: first.at.clone() };
                walk.report(table.place("id"), fault);
                continue;
            }
            rules.push(rule);
        }
        let measured = root.get("measured").and_then(|node| {
            let table = Table::open(walk, "measured", node, MEASURED)?;
            let when = table.need(walk, "when", "say which charges are of what may be measured")?;
            Some((Condition::read(walk, when)?, walk.position(node.at)))
        });
        let workload = root.get("workload").and_then(|node| {
            let table = Table::open(walk, "workload", node, WORKLOAD)?;
            Self::workload(walk, &table)
        });
        Self { least_month, rules, measured, workload }
    }

    fn rule(walk: &mut Walk<'_>, table: &Table<'_>, at: Position) -> Option<IdleRule> {
        let id = table.need_text(walk, "id", "give the rule an id")?.to_owned();
        let name = table.text(walk, "name").unwrap_or(&id).to_owned();
        let of = table.word(walk, "of", &[("resource", Of::Resource), ("commitment", Of::Commitment)]);
        let when = table.need(walk, "when", "say which charges are of what may be unused")?;
        let when = Condition::read(walk, when)?;
        let unless = match table.get("unless") {
            None => None,
            Some(node) => {
                let table = Table::open(walk, "unless", node, UNLESS)?;
                let when = table.need(walk, "when", "say which charges show that it is used")?;
                let when = Condition::read(walk, when)?;
                let words = [("resource", Same::Subject), ("commitment", Same::Subject), ("account", Same::Account)];
                let same = table.word(walk, "same", &words).unwrap_or(Same::Subject);
                let at_most = positive(walk, &table, "at_most").unwrap_or_default();
                Some(Unless { when, same, at_most, at: walk.position(node.at) })
            }
        };
        let billed_days = table.whole(walk, "billed_days", 1000).unwrap_or(14);
        let mut grade = |key| table.word(walk, key, &Grade::WORDS).unwrap_or(Grade::Medium);
        let (confidence, risk, effort) = (grade("confidence"), grade("risk"), grade("effort"));
        let action = table.need_text(walk, "action", "say what to do about it")?.to_owned();
        let source = table.text(walk, "source").unwrap_or("the rules' author").to_owned();
        let of = of.unwrap_or(Of::Resource);
        Some(IdleRule { id, name, of, when, unless, billed_days, action, confidence, risk, effort, source, at })
    }

    fn workload(walk: &mut Walk<'_>, table: &Table<'_>) -> Option<WorkloadRule> {
        let days = table.whole(walk, "days", 400).unwrap_or(14).max(1);
        table.need(walk, "cores", "say under how many cores a workload rests")?;
        let cores = positive(walk, table, "cores")?;
        let part_percent = percentage(walk, table, "part_percent").unwrap_or_else(|| Amount::from_whole(97));
        let peak_percent = percentage(walk, table, "peak_percent").unwrap_or_else(|| Amount::from_whole(5));
        let action = table.need_text(walk, "action", "say what to do about it")?.to_owned();
        let mut grade = |key| table.word(walk, key, &Grade::WORDS).unwrap_or(Grade::Medium);
        let (risk, effort) = (grade("risk"), grade("effort"));
        let source = table.text(walk, "source").unwrap_or("the rules' author").to_owned();
        Some(WorkloadRule { days, cores, part_percent, peak_percent, action, risk, effort, source })
    }
}

/// A figure that is not negative.
fn positive(walk: &mut Walk<'_>, table: &Table<'_>, key: &'static str) -> Option<Amount> {
    let node = table.get(key)?;
    let amount = walk.amount(key, node)?;
    if amount < Amount::ZERO {
        let rule = "write a figure that is not negative".to_owned();
        walk.report(node.at, Fault::Malformed { what: "a figure of 0 or more", value: amount.to_string(), rule });
        return None;
    }
    Some(amount)
}

fn percentage(walk: &mut Walk<'_>, table: &Table<'_>, key: &'static str) -> Option<Amount> {
    let amount = positive(walk, table, key)?;
    if amount > Amount::from_whole(100) {
        let rule = "write a percentage from 0 to 100".to_owned();
        walk.report(table.place(key), Fault::Malformed { what: "a percentage", value: amount.to_string(), rule });
        return None;
    }
    Some(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_which_is_shipped_can_be_read() {
        let policy = IdlePolicy::shipped().unwrap();
        assert!(policy.rules.len() >= 9 && policy.measured.is_some());
        assert_eq!(policy.workload.unwrap().cores.to_string(), "0.03");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let rule = "[[rule]]\nid = \"a\"\nwhen = { service_name = \"x\" }\naction = \"stop it\"\n";
        let head = "schema = \"headroom/idle/1\"\n";
        let parse = |text: &str| IdlePolicy::parse(Source { name: "i", text });
        let read = parse(&format!("{head}{rule}")).unwrap();
        assert_eq!((read.rules[0].of, read.rules[0].billed_days), (Of::Resource, 14));
        for wrong in [
            rule.to_owned(),
            format!("{head}{rule}{rule}"),
            format!("{head}{}", rule.replace("action", "do")),
            format!("{head}{}", rule.replace("service_name", "service_nam")),
            format!("{head}{rule}risk = \"none\"\n"),
            format!("{head}{rule}of = \"disk\"\n"),
            format!("{head}{rule}unless = {{ same = \"account\" }}\n"),
            format!("{head}{rule}unless = {{ when = {{ usage_type = \"y\" }}, at_most = \"-1\" }}\n"),
            format!("{head}{rule}billed_days = \"x\"\n"),
            format!("{head}[rules]\nleast = \"1\"\n{rule}"),
            format!("{head}[workload]\ndays = \"14\"\naction = \"stop\"\n"),
            format!("{head}[workload]\ncores = \"1\"\npart_percent = \"101\"\naction = \"stop\"\n"),
        ] {
            assert!(!parse(&wrong).unwrap_err().is_empty(), "{wrong}");
        }
    }
}
