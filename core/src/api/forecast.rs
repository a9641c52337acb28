//! Forecasting: tables of series or bills in, the document out.

use super::assess::of_text;
use super::{Failure, KnownInput, known};
use crate::condition::document::Source;
use crate::forecast::{Asked, Earlier, Forecasts, MOST_STEPS, forecast_one};
use crate::maturity::read_json;
use crate::order::{BTreeMap, Order as _};
use crate::release::{Bearing, Measure};
use crate::series::{NamedSeries, SeriesFault, read_series};
use crate::spending::{BudgetFault, Budgets, SpendingError};

/// What forecasts are made from.
#[derive(Clone, Debug)]
pub struct ForecastInput<'s> {
    /// A table of series: `series,date,value`.
    pub series: Source<'s>,
    /// What is asked of each.
    pub asked: Asked,
    /// Releases and events.
    pub known: KnownInput<'s>,
    /// What the series measure: cost, or traffic.
    pub measures: Measure,
    /// Earlier forecasts of them, as documents, from which intervals learn.
    pub earlier: Vec<Source<'s>>,
}

/// Forecasts every series of a table.
///
/// A series that cannot be forecast is in the document with the reason.
///
/// # Errors
/// When the table cannot be read or holds no series, or a horizon of no step is asked for, or one that is out of reach; or
/// what is given as an earlier forecast is none.
pub fn forecast(input: &ForecastInput<'_>) -> Result<Forecasts, Failure> {
    let named = named_series(&[input.series], &input.asked)?;
    let declared = known(&input.known)?;
    let earlier = earlier(&input.earlier)?;
    let one = |(name, series): &NamedSeries| {
        let bearing = declared.as_ref().map(|declared| Bearing::of_series(declared, input.measures, name));
        forecast_one(name, series.as_ref(), &input.asked, bearing.as_ref(), Some(&earlier))
    };
    let forecasts = Forecasts::new(input.asked.models, named.iter().map(one).collect());
    Ok(match &declared {
        Some(declared) => forecasts.along(declared),
        None => forecasts,
    })
}

/// Reads earlier forecasts of series: documents `headroom/forecast/1`.
///
/// # Errors
/// The first that is none, or that holds a forecast which another holds too.
pub fn earlier(documents: &[Source<'_>]) -> Result<Earlier, Failure> {
    const HINT: &str = "give each forecast of series once, as Headroom wrote it with `--format json`";
    let mut earlier = Earlier::default();
    for document in documents {
        let value = read_json(document.text, HINT).map_err(|fault| of_text(document.name, &fault))?;
        earlier.add(document.name, &value).map_err(|message| Failure::at(document.name, message).hint(HINT))?;
    }
    Ok(earlier)
}

/// The series of tables, by name, each to be forecast by [`forecast_one`]: for callers with threads.
///
/// # Errors
/// As [`forecast`] does; and where two tables hold series of one name.
pub fn named_series(sources: &[Source<'_>], asked: &Asked) -> Result<Vec<NamedSeries>, Failure> {
    check(asked)?;
    let (mut all, mut from) = (Vec::new(), BTreeMap::new());
    for source in sources {
        let series = read_series(source.text).map_err(|fault| of_series(source.name, &fault))?;
        if series.is_empty() {
            return Err(Failure::at(source.name, "it holds a header and no rows").hint("give a row for each value"));
        }
        for (name, _) in &series {
            if let Some(other) = from.insert(name.clone(), source.name) {
                let message = format_args!("it holds the series `{name}`, and so does {other}");
                return Err(Failure::at(source.name, message).hint("give each series in one table"));
            }
        }
        all.extend(series);
    }
    all.order_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

/// Whether what is asked for makes sense.
pub(super) fn check(asked: &Asked) -> Result<(), Failure> {
    match asked.horizon {
        Some(0) => Err(Failure::new("a forecast of no steps is asked for").hint("ask for at least 1")),
        Some(steps) if steps > MOST_STEPS => Err(Failure::new(format_args!("{steps} steps ahead are asked for"))
            .hint(format_args!("ask for at most {MOST_STEPS}"))),
        _ => Ok(()),
    }
}

fn of_series(name: &str, fault: &SeriesFault) -> Failure {
    let line = fault.line.map_or_else(String::new, |line| format!(":{line}"));
    let column = fault.column.map_or_else(String::new, |column| format!(" (column `{column}`)"));
    Failure::at(format_args!("{name}{line}{column}"), fault).hint(fault.hint)
}

/// Reads a table of budgets.
///
/// # Errors
/// The first row that is wrong.
pub fn budgets(source: Source<'_>) -> Result<Budgets, Failure> {
    Budgets::parse(source.text).map_err(|fault: BudgetFault| {
        let line = fault.line.map_or_else(String::new, |line| format!(":{line}"));
        let column = fault.column.map_or_else(String::new, |column| format!(" (column `{column}`)"));
        Failure::at(format_args!("{}{line}{column}", source.name), &fault).hint(fault.hint)
    })
}

impl<F: Into<Self>> From<SpendingError<F>> for Failure {
    fn from(error: SpendingError<F>) -> Self {
        match error {
            SpendingError::Report(error) => error.into(),
            SpendingError::ReadOnce => {
                Self::new("days are added up in a second reading, and standard input or a pipe is read once")
                    .hint("save the bill to a file")
            }
            SpendingError::BeginsLater { first, as_of } => {
                Self::new(format_args!("the bills begin on {first}, and no day of them lies before {as_of}"))
                    .hint("ask as of a later day, or give the bills of the days before")
            }
            SpendingError::NothingDaily => {
                Self::new("the bills hold no charge of a single day, so nothing says how days cost")
                    .hint("export them by the day or the hour")
            }
        }
    }
}
