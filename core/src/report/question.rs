//! What a report is asked.

use std::sync::Arc;

use super::document::View;
use crate::allocation::Policy;
use crate::bill::Metric;
use crate::calendar::{Date, Month};
use crate::change::UNALLOCATED;
use crate::condition::Field;
use crate::condition::document::nearest;
use crate::ledger::{Classifier, Dimension, Question};
use crate::order::BTreeMap;

/// Bytes a worker may spend on remembering keys.
const CACHE_BYTES: usize = 8 << 20;

/// What to do when files hold the same rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnOverlap {
    /// Refuse to report.
    #[default]
    Refuse,
    /// Keep the final file, else the one that reaches furthest.
    Newest,
    /// Count all rows: they are parts of one export that hold alike rows by chance.
    Sum,
}

/// What a report is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// The day of asking.
    pub as_of: Date,
    /// The month; when not given the latest whole one (see [`crate::change::choose`]).
    pub month: Option<Month>,
    /// The metric of groups and changes.
    pub metric: Metric,
    /// Which month charges count for.
    pub view: View,
    /// The dimensions of groups, when not the usual ones.
    pub by: Option<Vec<String>>,
    /// Only charges with these values; `unallocated` asks for those without.
    pub owner: BTreeMap<String, String>,
    /// What to do when files hold the same rows.
    pub overlap: OnOverlap,
    /// A number that the makers of the bills do not know, where there is one (see [`crate::ledger::Question`]).
    pub hash_secret: u64,
}

impl Request {
    /// The usual report as of a day.
    pub fn new(as_of: Date) -> Self {
        Self {
            as_of,
            month: None,
            metric: Metric::Effective,
            view: View::ChargeMonth,
            by: None,
            owner: BTreeMap::new(),
            overlap: OnOverlap::Refuse,
            hash_secret: 0,
        }
    }

    /// What is asked of bills so that charges are told apart by these dimensions, whosever they are.
    pub(crate) fn question(&self, classifier: Arc<dyn Classifier>, dimensions: Vec<Dimension>) -> Question {
        Question {
            classifier,
            dimensions,
            view: self.view,
            owner: Vec::new(),
            cache_bytes: CACHE_BYTES,
            hash_secret: self.hash_secret,
            only: None,
        }
    }
}

/// No dimension has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such dimension: `{name}`")]
pub struct UnknownDimension {
    /// The name.
    pub name: String,
    /// One of almost this name.
    pub nearest: Option<String>,
}

/// The dimensions that sums are kept by, and which of them make a group.
#[derive(Clone, Debug)]
pub(crate) struct Dimensions {
    pub(crate) names: Vec<String>,
    pub(crate) sources: Vec<Dimension>,
    /// Positions of the groups' dimensions.
    pub(crate) shown: Vec<usize>,
    /// Owner filter, by position.
    pub(crate) owner: Vec<(usize, Option<String>)>,
}

impl Dimensions {
    pub(crate) fn new(policy: &Policy, request: &Request) -> Result<Self, UnknownDimension> {
        let mut dimensions = Self { names: Vec::new(), sources: Vec::new(), shown: Vec::new(), owner: Vec::new() };
        let assigned = policy.dimensions();
        let usual: Vec<&str> = ["squad", "service", "service_name", "environment"]
            .into_iter()
            .filter(|name| *name == "service_name" || assigned.iter().any(|known| known == name))
            .collect();
        for name in &usual {
            dimensions.position(policy, name)?;
        }
        dimensions.shown = match &request.by {
            None => (0..usual.len()).collect(),
            Some(by) => {
                let mut shown = Vec::new();
                for name in by {
                    let position = dimensions.position(policy, name)?;
                    if !shown.contains(&position) {
                        shown.push(position);
                    }
                }
                shown
            }
        };
        for (name, value) in &request.owner {
            let position = dimensions.position(policy, name)?;
            dimensions.owner.push((position, (value != UNALLOCATED).then(|| value.clone())));
        }
        Ok(dimensions)
    }

    /// The position of a dimension, which is taken in when it is not there yet.
    fn position(&mut self, policy: &Policy, name: &str) -> Result<usize, UnknownDimension> {
        if let Some(position) = self.names.iter().position(|known| known == name) {
            return Ok(position);
        }
        let assigned = policy.dimensions().iter().position(|known| known == name).map(Dimension::Assigned);
        let field = || name.parse::<Field>().ok().filter(|field| !field.is_numeric()).map(Dimension::Field);
        let source = assigned.or_else(field).ok_or_else(|| {
            let known = policy.dimensions().iter().map(String::as_str);
            let fields = Field::ALL.iter().filter(|field| !field.is_numeric()).map(|field| field.name());
            let near = nearest(name, known.chain(fields));
            UnknownDimension { name: name.to_owned(), nearest: near.map(str::to_owned) }
        })?;
        self.names.push(name.to_owned());
        self.sources.push(source);
        Ok(self.names.len() - 1)
    }

    pub(crate) fn squad(&self) -> Option<usize> {
        self.names.iter().position(|name| name == "squad")
    }
}
