//! What is requested today: `requests.csv`.

use super::number::number;
use super::resource::Resource;
use crate::condition::document::Source;
use crate::money::{Amount, Currency};
use crate::order::BTreeMap;

/// What is requested for a workload's resource, per replica.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requested {
    /// In cores or MiB; the limit where only that is set, `None` where neither is.
    pub request: Option<f64>,
    /// In cores or MiB; `None` where none is set.
    pub limit: Option<f64>,
    /// How many replicas there are.
    pub replicas: Option<u32>,
    /// Whether a horizontal autoscaler sets the replicas.
    pub autoscaled: bool,
    /// What a core, or a GiB, costs a month.
    pub unit_price: Option<Amount>,
}

/// What is requested, by workload and resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requests {
    rows: BTreeMap<(String, Resource), Requested>,
    /// The currency of unit prices, where the table names one.
    pub currency: Option<Currency>,
}

/// Why a table of requests cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RequestsFault {
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column.
    pub column: Option<&'static str>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
}

const HEADER: &str =
    "write the header `workload,resource,request,limit,unit`, and if wanted `replicas,autoscaled,unit_price,currency`";
const COLUMNS: [&str; 9] =
    ["workload", "resource", "request", "limit", "unit", "replicas", "autoscaled", "unit_price", "currency"];

/// What is requested where so much is stated: Kubernetes requests what is allowed where nothing is.
pub(super) fn in_effect(request: Option<f64>, limit: Option<f64>) -> Option<f64> {
    request.or(limit)
}

impl Requests {
    /// Adds the rows of a table.
    ///
    /// # Errors
    /// The first row that cannot be read: a request that is guessed at would be advised on.
    pub fn read(&mut self, source: Source<'_>) -> Result<(), RequestsFault> {
        let at = |line, column, message: String, hint| RequestsFault { line, column, message, hint };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source.text.as_bytes());
        let header = reader.headers().map_err(|error| at(None, None, error.to_string(), HEADER))?.clone();
        let columns =
            COLUMNS.map(|name| header.iter().position(|column| column.trim_start_matches('\u{feff}') == name));
        for (name, found) in COLUMNS.iter().zip(columns).take(3) {
            if found.is_none() {
                return Err(at(Some(1), None, format!("the column `{name}` is missing"), HEADER));
            }
        }
        let requests = self;
        let mut record = csv::StringRecord::new();
        loop {
            let read = reader.read_record(&mut record);
            let line = record.position().map(csv::Position::line);
            match read {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => {
                    let line = error.position().map(csv::Position::line);
                    return Err(at(line, None, "the row has not as many fields as the header".to_owned(), HEADER));
                }
            }
            let cell =
                |column: usize| columns.get(column).copied().flatten().and_then(|at| record.get(at)).unwrap_or("");
            let fault = |column: usize, message: String, hint| at(line, COLUMNS.get(column).copied(), message, hint);
            let name = cell(0);
            if name.is_empty() {
                return Err(fault(0, "no workload is named".to_owned(), "name it as the usage does"));
            }
            let Some(resource) = Resource::named(cell(1).as_bytes()) else {
                return Err(fault(
                    1,
                    format!("`{}` is no resource that is requested", cell(1)),
                    "write `cpu` or `memory`",
                ));
            };
            let Some(factor) = resource.factor_stated(cell(4).as_bytes()) else {
                let unit = Some(cell(4)).filter(|unit| !unit.is_empty());
                return Err(fault(4, resource.no_unit(unit), "write `cores` or `m`, `MiB`, `GiB` or `bytes`"));
            };
            let size = |column: usize| match cell(column) {
                "" => Ok(None),
                text => match number(text.as_bytes()).filter(|figure| *figure >= 0.0) {
                    Some(figure) => Ok(Some(figure * factor).filter(|figure| *figure > 0.0)),
                    None => Err(fault(
                        column,
                        format!("`{text}` is no size"),
                        "write a number, or leave it empty where none is set",
                    )),
                },
            };
            let (request, limit) = (size(2)?, size(3)?);
            if let (Some(request), Some(limit)) = (request, limit)
                && request > limit
            {
                return Err(fault(
                    2,
                    "the request is above the limit".to_owned(),
                    "Kubernetes refuses it: correct the table",
                ));
            }
            let request = in_effect(request, limit);
            let replicas = match cell(5) {
                "" => None,
                text => Some(text.parse::<u32>().map_err(|_| {
                    fault(5, format!("`{text}` is no count"), "write a whole number, or leave it empty")
                })?),
            };
            let autoscaled = match cell(6) {
                "" | "false" | "no" => false,
                "true" | "yes" => true,
                text => return Err(fault(6, format!("`{text}` is neither true nor false"), "write `true` or `false`")),
            };
            let unit_price = match cell(7) {
                "" => None,
                text => match Amount::parse(text.as_bytes()) {
                    Ok(parsed) if parsed.amount >= Amount::ZERO => Some(parsed.amount),
                    _ => {
                        return Err(fault(
                            7,
                            format!("`{text}` is no price"),
                            "write what a core, or a GiB, costs a month",
                        ));
                    }
                },
            };
            if !cell(8).is_empty() {
                let named = Currency::new(cell(8));
                if requests.currency.as_ref().is_some_and(|known| *known != named) {
                    return Err(fault(8, "the prices are in two currencies".to_owned(), "give prices in one"));
                }
                requests.currency = Some(named);
            }
            let row = Requested { request, limit, replicas, autoscaled, unit_price };
            if requests.rows.insert((name.to_owned(), resource), row).is_some() {
                let message = format!("`{name}` has a request for {} already", resource.name());
                return Err(fault(0, message, "keep one row for each workload and resource"));
            }
        }
    }

    /// What is requested for a workload's resource.
    pub fn of(&self, workload: &str, resource: Resource) -> Option<&Requested> {
        self.rows.get(&(workload.to_owned(), resource))
    }

    /// Workloads and resources, in order.
    pub fn keys(&self) -> impl Iterator<Item = (&str, Resource)> {
        self.rows.keys().map(|(name, resource)| (name.as_str(), *resource))
    }
}
