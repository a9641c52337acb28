//! What was measured: `traffic.csv` and `usage.csv`.

use crate::order::BTreeMap;
use crate::rightsizing::Resource;
use crate::rightsizing::number::{number, seconds};
use crate::table::{Layout, TableFault};

const TRAFFIC: Layout<3> = Layout {
    columns: ["timestamp", "service", "rps"],
    needed: 3,
    hint: "write the header `timestamp,service,rps`, and a row for each service and time",
};

const USAGE: Layout<7> = Layout {
    columns: ["timestamp", "workload", "resource", "value", "unit", "replicas", "service"],
    needed: 4,
    hint: "write the header `timestamp,workload,resource,value,unit`, and if wanted `replicas,service`",
};

const TIMES: &str = "write times as `2026-05-31T14:00:00Z`, `2026-05-31`, or seconds since 1970";

/// Values by the second they were measured at.
pub(super) type Samples = BTreeMap<i64, f64>;

/// Requests a second, by service and time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traffic(pub(super) BTreeMap<String, Samples>);

impl Traffic {
    /// Reads `timestamp,service,rps`.
    ///
    /// # Errors
    /// The first row that cannot be read, or whose service has a row of that time already.
    pub fn parse(text: &str) -> Result<Self, TableFault> {
        let mut all: BTreeMap<String, Samples> = BTreeMap::new();
        TRAFFIC.read(text, |row| {
            let at = seconds(row.cell(0).as_bytes())
                .ok_or_else(|| row.fault(0, format!("`{}` is no time", row.cell(0)), TIMES))?;
            if row.cell(1).is_empty() {
                return Err(row.fault(1, "no service is named".to_owned(), TRAFFIC.hint));
            }
            let rate = measured(row.cell(2)).ok_or_else(|| {
                row.fault(2, format!("`{}` is no rate", row.cell(2)), "write requests a second, such as `1250.5`")
            })?;
            let before = match all.get_mut(row.cell(1)) {
                Some(samples) => samples.insert(at, rate),
                None => all.insert(row.cell(1).to_owned(), Samples::from([(at, rate)])).and(None),
            };
            if before.is_none() {
                return Ok(());
            }
            let (time, service) = (row.cell(0), row.cell(1));
            let line = Self::line_of(text, service, at);
            let message = format!("`{service}` has a row of `{time}` on line {line} already");
            Err(row.fault(0, message, "leave one of them out, or add them up where both are true"))
        })?;
        Ok(Self(all))
    }

    /// The first line of a service and time. Lines are looked up again, since hardly any table needs them.
    fn line_of(text: &str, service: &str, at: i64) -> u64 {
        let mut line = None;
        let _ = TRAFFIC.read(text, |row| {
            if line.is_none() && row.cell(1) == service && seconds(row.cell(0).as_bytes()) == Some(at) {
                line = row.line();
            }
            Ok(())
        });
        line.unwrap_or_default()
    }

    /// The services there are.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// What whole services used, in cores and MiB, by resource and time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PoolUsage(pub(super) BTreeMap<(String, Resource), Samples>);

impl PoolUsage {
    /// Reads `timestamp,workload,resource,value,unit[,replicas][,service]`. A workload is a service of its own where none is
    /// named. Where replicas are counted, values are of one replica: a workload's use is their mean times the count.
    /// Else its rows are added up. Rows of other resources than cpu and memory are passed over.
    ///
    /// # Errors
    /// The first row that cannot be read.
    pub fn parse(text: &str) -> Result<Self, TableFault> {
        /// Rows of a workload at a time: their sum and number, and the greatest count of replicas.
        type Gathered = (f64, f64, Option<f64>);
        let mut all: BTreeMap<(String, Resource), BTreeMap<String, BTreeMap<i64, Gathered>>> = BTreeMap::new();
        USAGE.read(text, |row| {
            let Some(resource) = Resource::named(row.cell(2).as_bytes()) else {
                return if row.cell(2).is_empty() {
                    Err(row.fault(2, "no resource is named".to_owned(), "write `cpu` or `memory`"))
                } else {
                    Ok(())
                };
            };
            let at = seconds(row.cell(0).as_bytes())
                .ok_or_else(|| row.fault(0, format!("`{}` is no time", row.cell(0)), TIMES))?;
            let workload = row.cell(1);
            if workload.is_empty() {
                return Err(row.fault(1, "no workload is named".to_owned(), USAGE.hint));
            }
            let factor = resource.factor(row.cell(4).as_bytes()).ok_or_else(|| {
                let message = format!("`{}` is no unit of {}", row.cell(4), resource.name());
                row.fault(4, message, "write `cores` or `m`, `MiB` or `GiB`")
            })?;
            let value = measured(row.cell(3)).ok_or_else(|| {
                row.fault(3, format!("`{}` is no use", row.cell(3)), "write a number that is not negative")
            })?;
            let replicas = match row.cell(5) {
                "" => None,
                text => Some(measured(text).ok_or_else(|| {
                    row.fault(5, format!("`{text}` is no count of replicas"), "write a whole number, or leave it empty")
                })?),
            };
            let service = if row.cell(6).is_empty() { workload } else { row.cell(6) };
            let of = all.entry((service.to_owned(), resource)).or_default().entry(workload.to_owned()).or_default();
            let gathered = of.entry(at).or_default();
            gathered.0 += value * factor;
            gathered.1 += 1.0;
            gathered.2 = match (gathered.2, replicas) {
                (Some(known), Some(more)) => Some(known.max(more)),
                (one, other) => one.or(other),
            };
            Ok(())
        })?;
        let total = |workloads: BTreeMap<String, BTreeMap<i64, Gathered>>| {
            let mut samples = Samples::new();
            for (at, (sum, rows, replicas)) in workloads.into_values().flatten() {
                *samples.entry(at).or_default() += replicas.map_or(sum, |replicas| sum / rows * replicas);
            }
            samples
        };
        Ok(Self(all.into_iter().map(|(key, workloads)| (key, total(workloads))).collect()))
    }

    /// What a service used of a resource.
    pub(super) fn of(&self, service: &str, resource: Resource) -> Option<&Samples> {
        self.0.get(&(service.to_owned(), resource))
    }
}

/// More than this is no measurement.
const MOST: f64 = 1e15;

/// A number that is not negative, and no larger than anything that is measured.
pub(super) fn measured(text: &str) -> Option<f64> {
    number(text.as_bytes()).filter(|value| (0.0..=MOST).contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_service_are_one_pool() {
        let text = "timestamp,workload,resource,value,unit,replicas,service\n\
            2026-05-01,web,cpu,500,m,4,shop\n2026-05-01,web,cpu,700,m,4,shop\n\
            2026-05-01,queue,cpu,1,cores,,shop\n2026-05-01,queue,cpu,2,cores,,shop\n\
            2026-05-01,other,memory,1,GiB,,\n2026-05-01,web,disk,1,,,shop\n";
        let usage = PoolUsage::parse(text).unwrap();
        // Four replicas of 0.6 cores, and two rows of another workload.
        assert_eq!(usage.of("shop", Resource::Cpu).unwrap().values().copied().collect::<Vec<_>>(), [5.4]);
        assert_eq!(usage.of("other", Resource::Memory).unwrap().values().copied().collect::<Vec<_>>(), [1024.0]);
        assert_eq!(usage.of("shop", Resource::Memory), None);
    }

    #[test]
    fn traffic_that_stands_there_twice_is_refused() {
        let table = |rows: &str| format!("timestamp,service,rps\n2026-05-01,shop,9\n2026-05-01,blog,1\n{rows}");
        assert!(Traffic::parse(&table("2026-05-02,shop,9\n")).is_ok());
        // The same time in other words, too.
        let fault = Traffic::parse(&table("2026-05-02,shop,9\n2026-05-01T00:00:00Z,shop,9\n")).unwrap_err();
        assert_eq!((fault.line, fault.column), (Some(5), Some("timestamp")));
        assert_eq!(fault.message, "`shop` has a row of `2026-05-01T00:00:00Z` on line 2 already");
    }

    #[test]
    fn faults_name_their_place() {
        let traffic = |row: &str| Traffic::parse(&format!("timestamp,service,rps\n{row}\n")).unwrap_err();
        for (row, column) in [("noon,shop,1", "timestamp"), ("2026-05-01,,1", "service"), ("2026-05-01,shop,-1", "rps")]
        {
            let fault = traffic(row);
            assert_eq!((fault.line, fault.column), (Some(2), Some(column)), "{fault}");
        }
        assert_eq!(Traffic::parse("a,b\n").unwrap_err().line, Some(1));
        let usage =
            |row: &str| PoolUsage::parse(&format!("timestamp,workload,resource,value,unit\n{row}\n")).unwrap_err();
        for (row, column) in [
            ("noon,web,cpu,1,", "timestamp"),
            ("2026-05-01,,cpu,1,", "workload"),
            ("2026-05-01,web,,1,", "resource"),
            ("2026-05-01,web,cpu,lots,", "value"),
            ("2026-05-01,web,cpu,1,MiB", "unit"),
        ] {
            assert_eq!(usage(row).column, Some(column));
        }
    }
}
