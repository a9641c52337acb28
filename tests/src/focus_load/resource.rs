//! Resources and the accounts they live in, each found from its number without the others.

use crate::prng::Prng;

use super::catalog::{APPS, ENVIRONMENTS, INSTANCE_TYPES, NOTES, REGIONS, SERVICES, SHARED_ACCOUNTS, SQUADS, Service};

const ACCOUNTS: u64 = 40;

/// Mantissas, in hundredths, of numbers spread evenly over a decade on the logarithmic scale.
const DECADE: &[u64] = &[100, 121, 147, 178, 215, 261, 316, 383, 464, 562, 681, 825];

#[derive(Debug)]
struct Account {
    id: String,
    name: String,
    squad: Option<&'static str>,
    environment: Option<usize>,
}

/// A resource as far as its rows show it.
#[derive(Debug)]
pub(super) struct Resource<'a> {
    pub(super) service: &'static Service,
    pub(super) region: (&'static str, &'static str),
    pub(super) account_id: &'a str,
    pub(super) account_name: &'a str,
    /// Which of the two payers is billed.
    pub(super) payer: u64,
    pub(super) id: u64,
    pub(super) sku: u64,
    /// Price of one unit, in 10⁻¹⁰.
    pub(super) price: u64,
    /// Whether a savings plan covers its usage.
    pub(super) committed: bool,
    pub(super) instance_type: &'static str,
    /// Its tags as the inside of a JSON object; empty without tags.
    pub(super) tags: String,
}

/// All resources of a bill.
#[derive(Debug)]
pub(super) struct Resources {
    seed: u64,
    accounts: Vec<Account>,
    services: Vec<usize>,
    regions: Vec<usize>,
}

impl Resources {
    pub(super) fn new(seed: u64) -> Self {
        let mut prng = Prng::new(seed);
        let accounts = (0..ACCOUNTS).map(|index| account(index, &mut prng)).collect();
        let services = by_weight(SERVICES.iter().map(|service| service.weight));
        let regions = by_weight(REGIONS.iter().map(|region| region.2));
        Self { seed, accounts, services, regions }
    }

    pub(super) fn get(&self, index: u64) -> Resource<'_> {
        let mut prng = Prng::member(self.seed, index);
        let service = &SERVICES[prng.pick(&self.services)];
        let region = REGIONS[prng.pick(&self.regions)];
        let account = &self.accounts[prng.below(ACCOUNTS) as usize];
        let squad = match account.squad {
            Some(squad) if prng.chance(600) => squad,
            _ => prng.pick(SQUADS),
        };
        let environment = account.environment.unwrap_or_else(|| prng.below(ENVIRONMENTS.len() as u64) as usize);
        let decade = prng.below(6);
        let price = prng.pick(DECADE) * 100 * 10_u64.pow(decade as u32) + prng.below(97);
        Resource {
            service,
            region: (region.0, region.1),
            account_id: &account.id,
            account_name: &account.name,
            payer: prng.below(2),
            id: prng.bits() >> 16,
            sku: prng.bits() >> 24,
            price,
            committed: service.category == "Compute" && prng.chance(250),
            instance_type: prng.pick(INSTANCE_TYPES),
            tags: tags(&mut prng, squad, environment),
        }
    }
}

/// How much of a resource a row bills, in 10⁻⁴ units: from 0.0001 to about 100, evenly on the logarithmic scale.
pub(super) fn quantity(prng: &mut Prng) -> u64 {
    let decade = 10_u64.pow(prng.below(6) as u32);
    (prng.pick(DECADE) * decade + prng.below(decade * 10)) / 100 + 1
}

fn by_weight(weights: impl Iterator<Item = u64>) -> Vec<usize> {
    weights.enumerate().flat_map(|(index, weight)| std::iter::repeat_n(index, weight as usize)).collect()
}

fn account(index: u64, prng: &mut Prng) -> Account {
    let id = format!("{:012}", prng.between(100_000_000_000, 999_999_999_999));
    let squad = (!index.is_multiple_of(3)).then(|| SQUADS[(index % SQUADS.len() as u64) as usize]);
    let base = squad.unwrap_or_else(|| prng.pick(SHARED_ACCOUNTS));
    let environment = (!index.is_multiple_of(5)).then(|| prng.below(ENVIRONMENTS.len() as u64) as usize);
    let name = match environment {
        Some(environment) => format!("{base}-{}-{index:02}", ENVIRONMENTS[environment].0),
        None => format!("{base}-{index:02}"),
    };
    Account { id, name, squad, environment }
}

fn tags(prng: &mut Prng, squad: &str, environment: usize) -> String {
    let app = prng.pick(APPS);
    let (environment, spellings) = ENVIRONMENTS[environment];
    let mut tags = String::new();
    let mut tag = |key: &str, value: &str| {
        if !tags.is_empty() {
            tags.push(',');
        }
        for piece in ["\"", key, "\":\"", value, "\""] {
            tags.push_str(piece);
        }
    };
    if prng.chance(120) {
        return tags;
    }
    if prng.chance(620) {
        match prng.below(30) {
            0 => tag("squad", &squad.to_ascii_uppercase()),
            1 => tag("squad", &format!("{}{}", squad[..1].to_ascii_uppercase(), &squad[1..])),
            2 => tag("squad", &format!("team-{squad}")),
            _ => tag("squad", squad),
        }
    }
    if prng.chance(750) {
        let key = if prng.chance(850) { "env" } else { "environment" };
        tag(key, prng.pick(spellings));
    }
    if prng.chance(550) {
        tag("app", app);
    }
    if prng.chance(500) {
        tag("CostCenter", &format!("cc-{}", prng.between(1000, 1029)));
    }
    if prng.chance(300) {
        tag("Name", &format!("{app}-{environment}-{:02}", prng.below(100)));
    }
    if prng.chance(200) {
        tag("owner", &format!("{squad}@example.com"));
    }
    if prng.chance(150) {
        tag("note", prng.pick(NOTES));
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_the_same_whenever_it_is_asked_for() {
        let resources = Resources::new(3);
        let first = format!("{:?}", resources.get(1_999_999));
        resources.get(5);
        assert_eq!(first, format!("{:?}", resources.get(1_999_999)));
        assert_ne!(first, format!("{:?}", resources.get(5)));
    }

    #[test]
    fn prices_and_quantities_keep_products_in_range() {
        let resources = Resources::new(9);
        let mut prng = Prng::new(4);
        for index in 0..20_000 {
            assert!((10_000..8_300_000_000).contains(&resources.get(index).price));
            assert!((1..=1_100_000).contains(&quantity(&mut prng)));
        }
    }
}
