//! Is this policy right, and what did each of its rules do on these bills?

use std::sync::Arc;

use serde::Serialize;

use super::cube::settled;
use super::document::Verdict;
use super::question::Request;
use super::run::ReportError;
use super::traced::Rewritten;
use super::verdict::verdict;
use super::{figures, text};
use crate::allocation::{Lint, Policy, PolicyError, PolicySource, RuleUsage};
use crate::condition::document::{Position, Problem};
use crate::ledger::{Bills, Cell, Classifier, Dimension, Overflow, Sums, Supply, at_once};
use crate::money::{Amount, Currency, percent_of};
use crate::order::{BTreeMap, BTreeSet};

/// What was found out about a policy.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// `headroom/check/1`.
    pub schema: &'static str,
    /// The policy: file names, or `built-in`.
    pub policy: String,
    /// How many rules it has; 0 where it cannot be used.
    pub rules: u64,
    /// Documents of other kinds that can be used.
    pub documents: Vec<CheckedDocument>,
    /// What is wrong with it; it cannot be used unless this is empty.
    pub problems: Vec<CheckProblem>,
    /// What is odd about it: what can be told from the policy alone, then what the bills show.
    pub warnings: Vec<Lint>,
    /// What it did on the bills, where some were given.
    pub bills: Option<Usage>,
}

/// A document that is no allocation policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckedDocument {
    /// The file's name.
    pub file: String,
    /// `commitments`, `framework`, `gates`, `idle`, `metrics` or `sizing`.
    pub kind: &'static str,
    /// Offers, criteria, gates, rules, metrics or profiles in it.
    pub holds: u64,
}

impl CheckedDocument {
    /// What it holds, in words.
    fn words(&self) -> String {
        let (one, several) = match self.kind {
            "framework" => ("criterion", "criteria"),
            "gates" => ("gate", "gates"),
            "commitments" => ("offer", "offers"),
            "idle" => ("rule", "rules"),
            "sizing" => ("profile", "profiles"),
            _ => ("metric", "metrics"),
        };
        format!("{}: {}", text::visible(&self.file), figures::counted(self.holds, one, several))
    }
}

/// A fault of a policy, with its place.
#[derive(Clone, Debug, Serialize)]
pub struct CheckProblem {
    /// Where it stands.
    #[serde(flatten)]
    pub at: Position,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

/// What a policy did on some bills.
#[derive(Clone, Debug, Serialize)]
pub struct Usage {
    /// Charges that count.
    pub rows: u64,
    /// Every rule, in the policy's order.
    pub rules: Vec<RuleUse>,
    /// Every dimension, in the policy's order.
    pub dimensions: Vec<Coverage>,
    /// What the files are and whether they can be trusted.
    pub verdict: Verdict,
}

/// What one rule did.
#[derive(Clone, Debug, Serialize)]
pub struct RuleUse {
    /// Its id.
    pub rule: String,
    /// Charges whose condition held.
    pub matched_rows: u64,
    /// Charges of which it set at least one dimension.
    pub set_rows: u64,
    /// What these charges cost, by currency.
    pub cost: Vec<RuleCost>,
}

/// An amount in a currency.
#[derive(Clone, Debug, Serialize)]
pub struct RuleCost {
    /// The currency.
    pub currency: Currency,
    /// The effective cost; `None` where no charge states it.
    pub amount: Option<Amount>,
}

/// How much of the bills has a value in one dimension.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// The dimension.
    pub dimension: String,
    /// Charges with a value.
    pub allocated_rows: u64,
    /// The same in percent of all charges, 4 places.
    pub rows_percent: Option<String>,
    /// The same for the effective cost, by currency.
    pub cost: Vec<CostCoverage>,
}

/// How much of the cost in one currency has a value in one dimension.
#[derive(Clone, Debug, Serialize)]
pub struct CostCoverage {
    /// The currency.
    pub currency: Currency,
    /// Effective cost in all; `None` where no charge states it.
    pub input: Option<Amount>,
    /// What of it has a value.
    pub allocated: Option<Amount>,
    /// The same in percent, 4 places; `None` where the whole is zero or unknown.
    pub percent: Option<String>,
}

impl Check {
    /// Reads a policy and looks at it alone.
    pub fn of(sources: &[PolicySource<'_>]) -> (Self, Result<Arc<Policy>, PolicyError>) {
        match Policy::parse(sources) {
            Ok(policy) => (Self::of_policy(&policy), Ok(Arc::new(policy))),
            Err(error) => (Self::of_error(sources, &error), Err(error)),
        }
    }

    /// What keeps a policy from being used.
    pub(crate) fn of_error(sources: &[PolicySource<'_>], error: &PolicyError) -> Self {
        let names: Vec<&str> = sources.iter().map(|source| source.name).collect();
        let problems = error.problems().iter().map(CheckProblem::of).collect();
        Self { problems, policy: names.join(", "), ..Self::default() }
    }

    /// What was found, in a sentence.
    pub fn headline(&self) -> String {
        let mut parts: Vec<String> = self.documents.iter().map(CheckedDocument::words).collect();
        if !self.policy.is_empty() {
            let rules = figures::counted(self.rules, "rule", "rules");
            let policy = text::visible(&self.policy);
            parts.insert(0, if self.problems.is_empty() { format!("{policy}: {rules}") } else { policy });
        }
        if !self.problems.is_empty() {
            let problems = figures::counted(self.problems.len() as u64, "problem", "problems");
            return match parts.as_slice() {
                [_] if !self.policy.is_empty() => format!("{}: {problems}, so it cannot be used.", parts.concat()),
                _ => format!("{problems}."),
            };
        }
        let warnings = match self.warnings.len() as u64 {
            0 => "nothing to warn of".to_owned(),
            count => figures::counted(count, "warning", "warnings"),
        };
        format!("{}, {warnings}.", parts.join("; "))
    }

    /// Looks at a policy alone.
    pub fn of_policy(policy: &Policy) -> Self {
        let rules = policy.rules().len() as u64;
        Self { policy: policy.name().to_owned(), rules, warnings: policy.lint(), ..Self::default() }
    }

    /// Adds what the policy does on bills, which are read once.
    ///
    /// # Errors
    /// When the bills cannot be read or added up.
    pub fn with_bills<B: Bills>(
        self,
        bills: &B,
        policy: &Arc<Policy>,
        request: &Request,
    ) -> Result<Self, ReportError<B::Fault>> {
        at_once(self.with_bills_from(bills, policy, request))
    }

    /// The same of bills that may have to be waited for.
    pub(crate) async fn with_bills_from<B: Supply>(
        mut self,
        bills: &B,
        policy: &Arc<Policy>,
        request: &Request,
    ) -> Result<Self, ReportError<B::Fault>> {
        let used = Rewritten::with_usage(policy);
        let dimensions = (0..used.dimensions().len()).map(Dimension::Assigned).collect();
        let question = request.question(Arc::new(used), dimensions);
        let (files, sums) = settled(bills, &question, request).await?;
        let counts = Counts::of(policy, &sums, request)?;
        self.warnings.extend(policy.unused(&counts.usage));
        let names: Vec<&str> = bills.names().iter().map(String::as_str).collect();
        self.bills = Some(Usage {
            rows: counts.rows(),
            rules: counts.rules(policy, request),
            dimensions: counts.coverage(policy, request),
            verdict: verdict(&names, &files.ledgers, &files.skipped, files.overlaps, files.warnings),
        });
        Ok(self)
    }
}

impl Default for Check {
    fn default() -> Self {
        Self {
            schema: "headroom/check/1",
            policy: String::new(),
            rules: 0,
            documents: Vec::new(),
            problems: Vec::new(),
            warnings: Vec::new(),
            bills: None,
        }
    }
}

impl RuleCost {
    /// The cost as people read it.
    pub fn words(&self) -> String {
        format!("{} {}", figures::amount_or_absent(self.amount, &self.currency), text::visible(self.currency.code()))
    }
}

impl CostCoverage {
    /// The proportion as people read it, with its currency.
    pub fn words(&self) -> String {
        let share = figures::share(self.allocated, self.input).unwrap_or_else(|| figures::ABSENT.to_owned());
        format!("{share} of {}", text::visible(self.currency.code()))
    }
}

impl CheckProblem {
    /// A problem as a document lists it.
    pub(crate) fn of(problem: &Problem) -> Self {
        Self { at: problem.at.clone(), message: problem.fault.to_string(), hint: problem.hint() }
    }
}

/// The charges of all bills by what the rules did to them.
struct Counts<'s> {
    usage: RuleUsage,
    /// By rule, what the charges cost that it set something of.
    set: Vec<BTreeMap<&'s Currency, Cell>>,
    /// By dimension, what the charges cost that have a value.
    allocated: Vec<BTreeMap<&'s Currency, Cell>>,
    all: BTreeMap<&'s Currency, Cell>,
}

impl<'s> Counts<'s> {
    fn of(policy: &Policy, sums: &'s BTreeMap<Currency, Sums>, request: &Request) -> Result<Self, Overflow> {
        let mut counts = Self {
            usage: RuleUsage::new(policy),
            set: vec![BTreeMap::new(); policy.rules().len()],
            allocated: vec![BTreeMap::new(); policy.dimensions().len()],
            all: BTreeMap::new(),
        };
        for (currency, sums) in sums {
            for (month, (_, values), cell) in sums.groups.iter() {
                if request.month.is_none_or(|only| only == month) {
                    counts.add(currency, values, cell)?;
                }
            }
        }
        Ok(counts)
    }

    fn add(&mut self, currency: &'s Currency, values: &[Option<Arc<str>>], cell: &Cell) -> Result<(), Overflow> {
        self.all.entry(currency).or_default().merge(cell).ok_or(Overflow)?;
        let Some((matched, dimensions)) = values.split_last() else { return Ok(()) };
        for rule in matched.iter().flat_map(|rules| rules.split(' ')).filter_map(|rule| rule.parse::<usize>().ok()) {
            self.usage.matched[rule] += cell.rows();
        }
        let mut setting = BTreeSet::new();
        for (dimension, rule) in dimensions.iter().enumerate() {
            if let Some(rule) = rule.as_deref().and_then(|rule| rule.parse::<usize>().ok()) {
                setting.insert(rule);
                self.allocated[dimension].entry(currency).or_default().merge(cell).ok_or(Overflow)?;
            }
        }
        for rule in setting {
            self.usage.set[rule] += cell.rows();
            self.set[rule].entry(currency).or_default().merge(cell).ok_or(Overflow)?;
        }
        Ok(())
    }

    fn rows(&self) -> u64 {
        self.all.values().map(Cell::rows).sum()
    }

    fn rules(&self, policy: &Policy, request: &Request) -> Vec<RuleUse> {
        let cost = |(currency, cell): (&&Currency, &Cell)| RuleCost {
            currency: (*currency).clone(),
            amount: cell.amount(request.metric),
        };
        let rules = policy.rules().iter().enumerate();
        let rule = |(index, rule): (usize, &crate::allocation::Rule)| RuleUse {
            rule: rule.id.clone(),
            matched_rows: self.usage.matched[index],
            set_rows: self.usage.set[index],
            cost: self.set[index].iter().map(cost).collect(),
        };
        rules.map(rule).collect()
    }

    fn coverage(&self, policy: &Policy, request: &Request) -> Vec<Coverage> {
        let whole = |rows: u64| Amount::from_units(i128::from(rows));
        let dimensions = policy.dimensions().iter().zip(&self.allocated);
        let coverage = |(name, allocated): (&String, &BTreeMap<&Currency, Cell>)| {
            let rows = allocated.values().map(Cell::rows).sum();
            let cost = self.all.iter().map(|(currency, all)| {
                let input = all.amount(request.metric);
                let part = allocated.get(currency).and_then(|cell| cell.amount(request.metric));
                let part = part.or(input.map(|_| Amount::ZERO));
                CostCoverage {
                    currency: (*currency).clone(),
                    input,
                    allocated: part,
                    percent: part.zip(input).and_then(|(part, input)| percent_of(part, input)),
                }
            });
            Coverage {
                dimension: name.clone(),
                allocated_rows: rows,
                rows_percent: percent_of(whole(rows), whole(self.rows())),
                cost: cost.collect(),
            }
        };
        dimensions.map(coverage).collect()
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
