//! Checking policies of every kind: what each document is, what is wrong with it, what is odd.

use std::sync::Arc;

use crate::allocation::{Policy, PolicySource};
use crate::commitment::CommitmentPolicy;
use crate::condition::document::{Document, Fault, Problem, Source, Value, Walk, nearest};
use crate::maturity::{Catalogue, with_base};
use crate::order::Order as _;
use crate::policy::Gates;
use crate::report::{Check, CheckProblem, CheckedDocument};
use crate::rightsizing::{Assumptions, Profile};
use crate::waste::IdlePolicy;

/// What a document is, by its `schema`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Allocation,
    Commitments,
    Framework,
    Gates,
    Idle,
    Metrics,
    Sizing,
}

const KINDS: [(&str, Kind); 7] = [
    ("headroom/allocation/1", Kind::Allocation),
    ("headroom/commitment/1", Kind::Commitments),
    ("headroom/framework/1", Kind::Framework),
    ("headroom/gate/1", Kind::Gates),
    ("headroom/idle/1", Kind::Idle),
    ("headroom/metrics/1", Kind::Metrics),
    ("headroom/sizing/1", Kind::Sizing),
];

/// A check, and what a program goes on with.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What was found.
    pub check: Check,
    /// What is wrong, as the readers report it.
    pub problems: Vec<Problem>,
    /// The allocation policy, where there is one and nothing is wrong with it.
    pub policy: Option<Arc<Policy>>,
}

/// Reads documents as they are read when they are used: allocation policies, frameworks, gates, metrics, what may be
/// committed to, what counts as unused, what sizing assumes.
///
/// Allocation policies make one policy, and ids of gates are taken over all documents; each framework is read by itself,
/// on the metrics that come with Headroom.
pub fn check(sources: &[Source<'_>]) -> Checked {
    let mut problems = Vec::new();
    let mut kinds = Vec::new();
    for source in sources {
        match kind_of(*source) {
            Ok(kind) => kinds.push((kind, *source)),
            Err(problem) => problems.push(problem),
        }
    }
    let of = |kind: Kind| kinds.iter().filter(move |(other, _)| *other == kind).map(|(_, source)| *source);
    let mut documents = Vec::new();
    let mut found = |source: Source<'_>, kind: &'static str, holds: usize| {
        documents.push(CheckedDocument { file: source.name.to_owned(), kind, holds: holds as u64 });
    };
    let allocation: Vec<PolicySource<'_>> =
        of(Kind::Allocation).map(|source| PolicySource { name: source.name, text: source.text }).collect();
    let (mut check, mut policy) = (Check::default(), None);
    if !allocation.is_empty() {
        let (looked_at, read) = Check::of(&allocation);
        check = looked_at;
        match read {
            Ok(read) => policy = Some(read),
            Err(error) => problems.extend_from_slice(error.problems()),
        }
    }
    for source in of(Kind::Metrics) {
        match Catalogue::parse(source.name, source.text) {
            Ok(catalogue) => found(source, "metrics", catalogue.metrics().count()),
            Err(faults) => problems.extend(faults),
        }
    }
    for source in of(Kind::Framework) {
        match with_base(source, Catalogue::builtin()) {
            Ok(framework) => found(source, "framework", framework.criteria().len()),
            Err(faults) => problems.extend(faults),
        }
    }
    for source in of(Kind::Commitments) {
        match CommitmentPolicy::parse(source) {
            Ok(policy) => found(source, "commitments", policy.offers.len()),
            Err(faults) => problems.extend(faults),
        }
    }
    for source in of(Kind::Idle) {
        match IdlePolicy::parse(source) {
            Ok(policy) => found(source, "idle", policy.rules.len()),
            Err(faults) => problems.extend(faults),
        }
    }
    for source in of(Kind::Sizing) {
        match Assumptions::parse(source) {
            Ok(_) => found(source, "sizing", Profile::ALL.len()),
            Err(faults) => problems.extend(faults),
        }
    }
    // Ids are taken over all of them.
    let gates: Vec<Source<'_>> = of(Kind::Gates).collect();
    match Gates::parse(&gates) {
        Ok(_) => {
            for source in gates {
                found(source, "gates", Gates::parse(&[source]).map_or(0, |own| own.gates().len()));
            }
        }
        Err(faults) => problems.extend(faults),
    }
    // In the order in which the documents were given, each from its top.
    let order = |problem: &Problem| sources.iter().position(|source| source.name == &*problem.at.file);
    problems.order_by_key(|problem| (order(problem), problem.at.line, problem.at.column));
    check.problems = problems.iter().map(CheckProblem::of).collect();
    check.documents = documents;
    Checked { check, policy: policy.filter(|_| problems.is_empty()), problems }
}

fn kind_of(source: Source<'_>) -> Result<Kind, Problem> {
    let document = Document::read(source.name, source.text)?;
    let mut walk = Walk::new(&document);
    let Value::Table(entries) = &document.root().value else { return Ok(Kind::Allocation) };
    let said = entries.iter().find(|entry| entry.key == "schema").map(|entry| &entry.node);
    // Without a text its own reader says what is to be written.
    let Some((node, Value::Text(said))) = said.map(|node| (node, &node.value)) else { return Ok(Kind::Allocation) };
    if let Some((_, kind)) = KINDS.iter().find(|(name, _)| name == said) {
        return Ok(*kind);
    }
    let known = KINDS.map(|(name, _)| name);
    let nearest = nearest(said, known);
    walk.report(node.at, Fault::NotOneOf { key: "schema", value: said.clone(), known: known.to_vec(), nearest });
    walk.into_problems().pop().map_or(Ok(Kind::Allocation), Err)
}
