//! What a workload costs, and where that is known from: a price in the table of requests, else the bill, else what is
//! assumed.

use serde::Serialize;

use super::assumptions::Assumptions;
use super::billed::{BillBasis, Billed, BilledMachine};
use super::requests::{Requested, Requests};
use super::resource::Resource;
use super::size::Size;
use super::usage::{Usage, Workload};
use crate::money::{Amount, Currency};

/// Where a price is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    /// The table of requests.
    Requests,
    /// The bill.
    Bill,
    /// What is assumed.
    Assumptions,
    /// Several of them.
    Mixed,
}

impl PriceSource {
    /// Its name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Bill => "bill",
            Self::Assumptions => "assumptions",
            Self::Mixed => "mixed",
        }
    }

    /// That of several things together; `None` of none.
    pub fn of_all(sources: impl IntoIterator<Item = Self>) -> Option<Self> {
        sources.into_iter().reduce(|all, one| if all == one { all } else { Self::Mixed })
    }
}

/// What a core, or a GiB, costs a month, and where that is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Price {
    /// A month.
    pub month: Amount,
    /// Where from.
    pub source: PriceSource,
}

/// All that is known of prices.
#[derive(Clone, Debug)]
pub struct Pricing<'a> {
    requests: &'a Requests,
    assumptions: &'a Assumptions,
    billed: Option<&'a Billed>,
    basis: Option<BillBasis>,
}

/// What a machine of the bill costs, split between what is requested of it.
struct Split {
    cost: Amount,
    whole: u128,
}

impl<'a> Pricing<'a> {
    /// From a table of requests, what is assumed, and what bills say, where there are any.
    pub fn of(requests: &'a Requests, assumptions: &'a Assumptions, billed: Option<&'a Billed>) -> Self {
        Self { requests, assumptions, billed, basis: billed.map(|billed| BillBasis::of(billed, assumptions)) }
    }

    /// The currency of all that is told.
    pub fn currency(&self) -> Currency {
        let given = self.requests.currency.as_ref().or(self.billed.map(|billed| &billed.currency));
        given.unwrap_or(&self.assumptions.currency).clone()
    }

    /// The currency of what is assumed.
    pub fn assumed_currency(&self) -> &Currency {
        &self.assumptions.currency
    }

    /// What bills say of prices, where there are any.
    pub fn basis(&self) -> Option<&BillBasis> {
        self.basis.as_ref()
    }

    /// What a reader of the prices alone would miss.
    pub fn warnings(&self) -> Vec<String> {
        self.billed.map(BillBasis::warnings).unwrap_or_default()
    }

    /// What is requested today: what the table of requests says, else the usage itself.
    pub fn requested(&self, workload: &Workload, resource: Resource) -> Option<Requested> {
        self.requests.of(&workload.name, resource).cloned().or_else(|| {
            let stated = workload.stated(resource)?;
            Some(Requested { request: stated.request, limit: stated.limit, ..Requested::default() })
        })
    }

    /// How many replicas of a workload cost money: as many as are requested, else as there were on average.
    pub fn replicas(&self, workload: &Workload, requested: Option<&Requested>) -> u32 {
        requested.and_then(|requested| requested.replicas).or_else(|| workload.replicas()?.mean()).unwrap_or(1)
    }

    /// What a core, or a GiB, costs that has no price of its own.
    pub fn usual(&self, resource: Resource) -> Price {
        let rate = self.basis.as_ref().and_then(|basis| match resource {
            Resource::Cpu => basis.cpu,
            Resource::Memory => basis.memory,
        });
        match rate {
            Some(rate) => Price { month: rate.month, source: PriceSource::Bill },
            None => Price { month: self.assumed(resource), source: PriceSource::Assumptions },
        }
    }

    fn assumed(&self, resource: Resource) -> Amount {
        let [cpu, memory] = self.assumptions.unit_prices;
        match resource {
            Resource::Cpu => cpu,
            Resource::Memory => memory,
        }
    }

    /// The machine of the bill that a workload is; none where the table of requests prices it.
    pub fn machine(&self, workload: &Workload) -> Option<&'a BilledMachine> {
        let priced = |resource| self.requests.of(&workload.name, resource).is_some_and(|one| one.unit_price.is_some());
        let machine = self.billed?.machines.get(&workload.name)?;
        (!Resource::ALL.into_iter().any(priced)).then_some(machine)
    }

    /// Whether a workload is a machine of the bill, whatever prices it.
    pub fn is_machine(&self, workload: &Workload) -> bool {
        self.billed.is_some_and(|billed| billed.machines.contains_key(&workload.name))
    }

    /// How the cost of the machine that a workload is falls on what is requested of it: in the proportion of the assumed
    /// prices. Both requests must be known.
    fn split(&self, workload: &Workload) -> Option<Split> {
        let machine = self.machine(workload)?;
        let mut whole = 0_u128;
        for resource in Resource::ALL {
            let request = self.requested(workload, resource)?.request?;
            whole = whole.checked_add(self.weight(Size::ceil(resource, request))?)?;
        }
        (whole > 0).then_some(Split { cost: machine.cost, whole })
    }

    /// What a size weighs in a split: its assumed cost, in units that both resources have.
    fn weight(&self, size: Size) -> Option<u128> {
        let (resource, other) = match size.resource() {
            Resource::Cpu => (Resource::Cpu, Resource::Memory),
            Resource::Memory => (Resource::Memory, Resource::Cpu),
        };
        let price = self.assumed(resource).magnitude();
        price.checked_mul(u128::from(size.units()))?.checked_mul(Size::of_unit(other))
    }

    /// What a core, or a GiB, of a workload costs.
    pub fn price(&self, workload: &Workload, resource: Resource) -> Price {
        if let Some(given) = self.requests.of(&workload.name, resource).and_then(|requested| requested.unit_price) {
            return Price { month: given, source: PriceSource::Requests };
        }
        let unit = Size::unit(resource);
        let own = self.split(workload).and_then(|split| self.share(&split, unit));
        own.map_or_else(|| self.usual(resource), |month| Price { month, source: PriceSource::Bill })
    }

    fn share(&self, split: &Split, size: Size) -> Option<Amount> {
        split.cost.checked_mul_div(i128::try_from(self.weight(size)?).ok()?, split.whole)
    }

    /// What so much of a workload's resource costs a month.
    pub fn cost(&self, workload: &Workload, size: Size, replicas: u32) -> Option<Amount> {
        match self.split(workload) {
            // The bill is of all there is of it.
            Some(split) => self.share(&split, size),
            None => size.cost(self.price(workload, size.resource()).month, replicas),
        }
    }

    /// What a workload costs a month: by the bill where it is a machine, else its requests; `None` where neither is known.
    pub fn whole_cost(&self, workload: &Workload) -> Option<(Amount, PriceSource)> {
        if let Some(machine) = self.machine(workload) {
            return Some((machine.cost, PriceSource::Bill));
        }
        let mut costs = Vec::new();
        let mut sources = Vec::new();
        for resource in Resource::ALL {
            let Some(requested) = self.requested(workload, resource) else { continue };
            let Some(request) = requested.request else { continue };
            let (price, replicas) = (self.price(workload, resource), self.replicas(workload, Some(&requested)));
            costs.push(Size::ceil(resource, request).cost(price.month, replicas)?);
            sources.push(price.source);
        }
        Some((Amount::checked_sum(costs)?, PriceSource::of_all(sources)?))
    }

    /// The first request that would be priced by assumptions in another currency than that of the other prices.
    pub fn priced_apart(&self, usage: &Usage) -> Option<(String, Resource)> {
        if self.currency() == self.assumptions.currency {
            return None;
        }
        usage.workloads().into_iter().find_map(|workload| {
            if self.split(workload).is_some() {
                return None;
            }
            let unpriced = |resource: &Resource| {
                self.requested(workload, *resource).is_some_and(|requested| requested.request.is_some())
                    && self.price(workload, *resource).source == PriceSource::Assumptions
            };
            let resource = Resource::ALL.into_iter().find(unpriced)?;
            Some((workload.name.clone(), resource))
        })
    }
}
