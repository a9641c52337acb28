//! What there is: `capacity.csv`, and the points of load tests.

use super::measured::measured;
use crate::money::{Amount, Currency};
use crate::order::{BTreeMap, Order as _};
use crate::rightsizing::Resource;
use crate::table::{Layout, TableFault};

const POOLS: Layout<10> = Layout {
    columns: [
        "service",
        "replicas",
        "cpu_per_replica",
        "mem_per_replica",
        "zones",
        "max_replicas",
        "lead_time_days",
        "response_target",
        "price_per_replica_month",
        "currency",
    ],
    needed: 2,
    hint: "write the header `service,replicas,cpu_per_replica,mem_per_replica,zones,max_replicas,lead_time_days`, and if wanted `response_target,price_per_replica_month,currency`",
};

const LOAD_TESTS: Layout<3> = Layout {
    columns: ["service", "replicas", "rps"],
    needed: 3,
    hint: "write the header `service,replicas,rps`: what so many replicas carried at most",
};

/// The response time that is aimed at where none is stated: twice the time of service.
const USUAL_RESPONSE: f64 = 2.0;

/// The most replicas that are thought of.
pub(super) const MOST_REPLICAS: u32 = 20_000;

/// The replicas of a service.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// How many run today.
    pub replicas: u32,
    /// Cores of each; `None` where they do not count.
    pub cpu: Option<f64>,
    /// MiB of each; `None` where they do not count.
    pub memory: Option<f64>,
    /// Zones they are spread over.
    pub zones: u32,
    /// How many there can be; as many as today where it is not stated.
    pub most: u32,
    /// Days from ordering more to having them.
    pub lead_days: u32,
    /// The mean response time that is aimed at, in times of service; above 1.
    pub response: f64,
    /// What a replica costs a month.
    pub price: Option<Amount>,
}

/// The pools of all services, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pools {
    pub(super) pools: BTreeMap<String, Pool>,
    /// The currency of prices.
    pub currency: Option<Currency>,
}

impl Pools {
    /// Reads `service,replicas,cpu_per_replica,mem_per_replica,zones,max_replicas,lead_time_days[,response_target]
    /// [,price_per_replica_month,currency]`. Memory is in MiB, or in the unit behind the number.
    ///
    /// # Errors
    /// The first row that cannot be read, or names a service again.
    pub fn parse(text: &str) -> Result<Self, TableFault> {
        let mut all = Self::default();
        POOLS.read(text, |row| {
            let name = row.cell(0);
            if name.is_empty() {
                return Err(row.fault(0, "no service is named".to_owned(), POOLS.hint));
            }
            let whole = |column: usize, least: u32, most: u32, usual: u32| match row.cell(column) {
                "" => Ok(usual),
                text => match text.parse::<u32>() {
                    Ok(count) if (least..=most).contains(&count) => Ok(count),
                    _ => Err(row.fault(
                        column,
                        format!("`{text}` is no whole number from {least} to {most}"),
                        "correct it, or leave the cell empty where the header allows it",
                    )),
                },
            };
            if row.cell(1).is_empty() {
                return Err(row.fault(1, "it does not say how many replicas there are".to_owned(), POOLS.hint));
            }
            let replicas = whole(1, 1, MOST_REPLICAS, 1)?;
            let size = |column: usize, resource: Resource| match row.cell(column) {
                "" => Ok(None),
                text => quantity(text, resource).map(Some).ok_or_else(|| {
                    row.fault(
                        column,
                        format!("`{text}` is no size"),
                        "write cores such as `2` or `500m`, memory as `4096` (MiB) or `4GiB`",
                    )
                }),
            };
            let (cpu, memory) = (size(2, Resource::Cpu)?, size(3, Resource::Memory)?);
            let most = whole(5, 1, MOST_REPLICAS, replicas)?;
            if most < replicas {
                return Err(row.fault(
                    5,
                    format!("{replicas} replicas run, and at most {most} can"),
                    "correct one of the two",
                ));
            }
            let response = match row.cell(7) {
                "" => USUAL_RESPONSE,
                text => match text.trim_end_matches('x').parse::<f64>() {
                    Ok(times) if (1.01..=100.0).contains(&times) => times,
                    _ => {
                        return Err(row.fault(
                            7,
                            format!("`{text}` is no response time in times of service"),
                            "write `2` where requests may take twice as long as on an idle machine; from 1.01 to 100",
                        ));
                    }
                },
            };
            let price = match row.cell(8) {
                "" => None,
                text => match Amount::parse(text.as_bytes()) {
                    Ok(parsed) if parsed.amount >= Amount::ZERO => Some(parsed.amount),
                    _ => {
                        return Err(row.fault(
                            8,
                            format!("`{text}` is no price"),
                            "write what a replica costs a month",
                        ));
                    }
                },
            };
            if !row.cell(9).is_empty() {
                let named = Currency::new(row.cell(9));
                if all.currency.as_ref().is_some_and(|known| *known != named) {
                    return Err(row.fault(9, "the prices are in two currencies".to_owned(), "give prices in one"));
                }
                all.currency = Some(named);
            }
            let zones = whole(4, 1, 100, 1)?;
            let lead_days = whole(6, 0, 3660, 0)?;
            let pool = Pool { replicas, cpu, memory, zones, most, lead_days, response, price };
            if all.pools.insert(name.to_owned(), pool).is_some() {
                return Err(row.fault(0, format!("`{name}` is there already"), "keep one row for each service"));
            }
            Ok(())
        })?;
        Ok(all)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pools.is_empty()
    }
}

/// A size with its unit behind it, in cores or MiB; more than none.
fn quantity(text: &str, resource: Resource) -> Option<f64> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let size = measured(number)? * resource.factor(unit.trim().as_bytes())?;
    (size > 0.0).then_some(size)
}

/// What so many replicas carried at most, by service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadTests(pub(super) BTreeMap<String, Vec<(u32, f64)>>);

impl LoadTests {
    /// Reads `service,replicas,rps`, rows in any order.
    ///
    /// # Errors
    /// The first row that cannot be read.
    pub fn parse(text: &str) -> Result<Self, TableFault> {
        let mut all: BTreeMap<String, Vec<(u32, f64)>> = BTreeMap::new();
        LOAD_TESTS.read(text, |row| {
            let replicas = row.cell(1).parse::<u32>().ok().filter(|count| (1..=MOST_REPLICAS).contains(count));
            let replicas = replicas.ok_or_else(|| {
                row.fault(1, format!("`{}` is no count of replicas", row.cell(1)), "write a whole number from 1")
            })?;
            let rate = measured(row.cell(2)).filter(|rate| *rate > 0.0).ok_or_else(|| {
                row.fault(2, format!("`{}` is no rate", row.cell(2)), "write requests a second, more than 0")
            })?;
            all.entry(row.cell(0).to_owned()).or_default().push((replicas, rate));
            Ok(())
        })?;
        for points in all.values_mut() {
            points.order_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        }
        Ok(Self(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "service,replicas,cpu_per_replica,mem_per_replica,zones,max_replicas,lead_time_days,response_target,price_per_replica_month,currency\n";

    #[test]
    fn pools_are_read() {
        let text = format!("{HEADER}shop,6,500m,4GiB,3,10,21,1.5x,120.50,usd\nsearch,2,,2048,,,,,,\n");
        let pools = Pools::parse(&text).unwrap();
        let shop = &pools.pools["shop"];
        assert_eq!((shop.cpu, shop.memory, shop.zones, shop.most), (Some(0.5), Some(4096.0), 3, 10));
        assert_eq!((shop.lead_days, shop.response, pools.currency.unwrap().code()), (21, 1.5, "USD"));
        let search = &pools.pools["search"];
        assert_eq!(
            (search.cpu, search.memory, search.zones, search.most, search.response),
            (None, Some(2048.0), 1, 2, 2.0)
        );
    }

    #[test]
    fn faults_name_their_place() {
        for (row, column) in [
            (",6,1,1,,,,,,", "service"),
            ("a,,1,1,,,,,,", "replicas"),
            ("a,0,1,1,,,,,,", "replicas"),
            ("a,2,fast,1,,,,,,", "cpu_per_replica"),
            ("a,2,1,0,,,,,,", "mem_per_replica"),
            ("a,2,1,1,0,,,,,", "zones"),
            ("a,2,1,1,1,1,,,,", "max_replicas"),
            ("a,2,1,1,1,2,soon,,,", "lead_time_days"),
            ("a,2,1,1,1,2,1,1,,", "response_target"),
            ("a,2,1,1,1,2,1,2,-1,", "price_per_replica_month"),
        ] {
            let fault = Pools::parse(&format!("{HEADER}{row}\n")).unwrap_err();
            assert_eq!((fault.line, fault.column), (Some(2), Some(column)), "{row}: {fault}");
        }
        let twice = format!("{HEADER}a,2,1,1,,,,,1,USD\nb,2,1,1,,,,,1,EUR\n");
        assert_eq!(Pools::parse(&twice).unwrap_err().column, Some("currency"));
        assert!(LoadTests::parse("service,replicas,rps\na,0,1\n").is_err());
        assert!(LoadTests::parse("service,replicas,rps\na,1,0\n").is_err());
    }
}
