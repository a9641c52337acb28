//! What to expect of the week after a look, learnt from the fleet.

use super::outlook::{CELLS, Outcome, Outlook, classes};
use super::resource::Resource;

/// Outcomes that the shipped expectation weighs as much as, beside all of the fleet.
const SHIPPED_WEIGHT: f64 = 200.0;

/// Outcomes that both together weigh as much as, beside those of a class.
const PRIOR_WEIGHT: f64 = 20.0;

/// Outcomes that the fleet's expectation weighs as much as, beside a workload's own.
const FLEET_WEIGHT: f64 = 2.0;

/// Outcomes are added up in units of 2⁻³², so that no order of workloads shows in the sums.
const UNIT: f64 = 4_294_967_296.0;

/// The expected outcome of a look by class: the mean of a fleet's outcomes, drawn towards a table that is shipped.
#[derive(Clone, Debug)]
pub struct Table {
    resource: Resource,
    sums: Vec<i64>,
    counts: Vec<u64>,
    /// Sums over all classes.
    whole: Vec<i64>,
}

impl Table {
    /// A table that has seen nothing.
    pub fn new(resource: Resource) -> Self {
        let classes = classes(resource);
        Self { resource, sums: vec![0; classes * CELLS], counts: vec![0; classes], whole: vec![0; CELLS] }
    }

    /// Learns what came of a look.
    pub fn learn(&mut self, outlook: &Outlook, outcome: &Outcome) {
        let from = outlook.class * CELLS;
        if let Some(sums) = self.sums.get_mut(from..from + CELLS) {
            for ((sum, whole), figure) in sums.iter_mut().zip(&mut self.whole).zip(&outcome.cells) {
                let units = (figure * UNIT).round() as i64;
                *sum += units;
                *whole += units;
            }
        }
        if let Some(count) = self.counts.get_mut(outlook.class) {
            *count += 1;
        }
    }

    /// Adds what another table has learnt.
    pub fn merge(&mut self, other: &Self) {
        let theirs = other.sums.iter().chain(&other.whole);
        for (sum, theirs) in self.sums.iter_mut().chain(&mut self.whole).zip(theirs) {
            *sum += theirs;
        }
        for (count, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *count += theirs;
        }
    }

    /// Outcomes learnt.
    pub fn learnt(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The mean outcome of each class, and how many it is made of.
    pub fn means(&self) -> impl Iterator<Item = (u64, Vec<f64>)> + '_ {
        self.counts.iter().enumerate().map(|(class, count)| {
            let sums = self.sums.get(class * CELLS..(class + 1) * CELLS).unwrap_or_default();
            let scale = UNIT * (*count).max(1) as f64;
            (*count, sums.iter().map(|sum| *sum as f64 / scale).collect())
        })
    }

    /// What to expect: the shipped table, the fleet, those of its class, the workload's own past, each drawing what stands
    /// before it to itself the more outcomes it has.
    pub fn expected(&self, shipped: &Shipped, outlook: &Outlook, own: &[Outcome]) -> Vec<f64> {
        let from = outlook.class * CELLS;
        let sums = self.sums.get(from..from + CELLS).unwrap_or_default();
        let (count, learnt) =
            (self.counts.get(outlook.class).copied().unwrap_or_default() as f64, self.learnt() as f64);
        let shipped = shipped.class(self.resource, outlook.class);
        let mut expected: Vec<f64> = sums
            .iter()
            .zip(&self.whole)
            .zip(shipped)
            .map(|((sum, whole), shipped)| {
                let prior = (*whole as f64 / UNIT + SHIPPED_WEIGHT * shipped) / (learnt + SHIPPED_WEIGHT);
                (*sum as f64 / UNIT + PRIOR_WEIGHT * prior) / (count + PRIOR_WEIGHT)
            })
            .collect();
        if !own.is_empty() {
            let weight = FLEET_WEIGHT + own.len() as f64;
            for (at, figure) in expected.iter_mut().enumerate() {
                let seen: f64 = own.iter().filter_map(|outcome| outcome.cells.get(at)).sum();
                *figure = (*figure * FLEET_WEIGHT + seen) / weight;
            }
        }
        expected
    }
}

/// The table that comes with Headroom: mean outcomes of a generated fleet, in thousandths.
#[derive(Clone, Debug)]
pub struct Shipped {
    classes: [Vec<f64>; 2],
}

/// Lines of `resource,class,` and the cells.
const EXPECTATIONS: &str = include_str!("../../../policies/rightsizing/expectations.csv");

impl Shipped {
    /// The table that is compiled in.
    pub fn load() -> Self {
        let mut table = Self { classes: Resource::ALL.map(|resource| vec![0.0; classes(resource) * CELLS]) };
        for line in EXPECTATIONS.lines() {
            let mut fields = line.split(',');
            let resource = fields.next().and_then(|name| Resource::named(name.as_bytes()));
            let class = fields.next().and_then(|class| class.parse::<usize>().ok());
            if let (Some(resource), Some(class)) = (resource, class)
                && let Some(cells) = table.classes.get_mut(resource as usize)
                && let Some(cells) = cells.get_mut(class * CELLS..(class + 1) * CELLS)
            {
                for (cell, text) in cells.iter_mut().zip(fields) {
                    *cell = text.parse::<f64>().unwrap_or_default() / 1000.0;
                }
            }
        }
        table
    }

    /// A table that expects nothing, to learn one from scratch.
    pub fn blank() -> Self {
        Self { classes: Resource::ALL.map(|resource| vec![0.0; classes(resource) * CELLS]) }
    }

    fn class(&self, resource: Resource, class: usize) -> &[f64] {
        self.classes
            .get(resource as usize)
            .and_then(|cells| cells.get(class * CELLS..(class + 1) * CELLS))
            .unwrap_or_default()
    }
}
