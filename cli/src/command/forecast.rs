//! `headroom forecast`

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use headroom_core::api::{self, KnownInput};
use headroom_core::condition::document::Source;
use headroom_core::forecast::{Asked, Forecasts, Models, SeriesForecast, forecast_one, forecasts_csv};
use headroom_core::release::{Bearing, Measure, Releases};
use headroom_core::report::text::visible;
use headroom_core::series::NamedSeries;
use headroom_core::spending::{Ask, cost_forecasts_csv};

use super::shared;
use crate::args::{ForecastArgs, MeasureName, ModelsName, TableFormatName};
use crate::config::Config;
use crate::exit::{Ending, Fault, Outcome, of_io};
use crate::format;
use crate::input::{DiskBills, read_table};

pub(crate) fn run(args: &ForecastArgs) -> Outcome<Ending> {
    let models = match args.models {
        ModelsName::Full => Models::Full,
        ModelsName::Fast => Models::Fast,
    };
    if args.series.is_empty() { of_bills(args, models) } else { of_series(args, models) }
}

fn of_bills(args: &ForecastArgs, models: Models) -> Outcome<Ending> {
    if args.period.0.is_some() {
        return Err(Fault::new("a period is asked for without series")
            .hint("bills are forecast by day, with seasons of a week and a year; a period goes with `--series`"));
    }
    // A requirement that conflicts with what is given is passed over by the parser.
    if args.horizon.is_some() {
        return Err(Fault::new("a horizon is asked for without series")
            .hint("bills are forecast by day, to the end of this month, the three after it and a year"));
    }
    if args.measures.is_some() {
        return Err(Fault::new("what series measure is said without series").hint("bills are of cost"));
    }
    if !args.earlier.is_empty() {
        return Err(Fault::new("earlier forecasts are given without series")
            .hint("intervals of series learn from them, those of bills do not"));
    }
    let config = Config::find()?;
    let policy = shared::policy(&args.policy, &config)?;
    let mut request = shared::request(&args.bills)?;
    request.metric = shared::metric(args.metric);
    request.owner = shared::owner(&args.owner)?;
    let releases = known(args)?;
    let budgets = args.budgets.as_ref().map(|path| {
        let name = path.display().to_string();
        api::budgets(Source { name: &name, text: &read_table(path, &name)? })
    });
    let ask = Ask { models, budgets: budgets.transpose()?.unwrap_or_default(), releases };
    let bills = DiskBills::find(&args.bills, &config)?;
    let forecasts = api::forecast_costs(&bills, &policy, &request, &ask)?;
    args.table.screen.write(&match args.table.format {
        TableFormatName::Table => {
            format::spending(&forecasts, args.table.screen.style(), args.table.screen.width(), args.full)
        }
        TableFormatName::Json => api::cost_forecasts_json(&forecasts) + "\n",
        TableFormatName::Csv => cost_forecasts_csv(&forecasts),
    })?;
    if args.table.format != TableFormatName::Table && !args.bills.quiet {
        for warning in forecasts.iter().flat_map(|forecast| &forecast.warnings) {
            let _ = writeln!(io::stderr(), "warning: {}", visible(&warning.message));
        }
    }
    Ok(Ending::Fine)
}

fn of_series(args: &ForecastArgs, models: Models) -> Outcome<Ending> {
    let read = |path: &PathBuf| -> Outcome<(String, String)> {
        let name = path.display().to_string();
        let text = if path == Path::new("-") {
            io::read_to_string(io::stdin()).map_err(|error| of_io("standard input", &error))?
        } else {
            read_table(path, &name)?
        };
        Ok((name, text))
    };
    let tables = args.series.iter().map(read).collect::<Outcome<Vec<_>>>()?;
    let tables: Vec<Source<'_>> = tables.iter().map(|(name, text)| Source { name, text }).collect();
    let asked = Asked { horizon: args.horizon, period: args.period.0, models };
    let named = api::named_series(&tables, &asked)?;
    let declared = known(args)?;
    let texts = shared::read_texts(&args.earlier)?;
    let documents: Vec<Source<'_>> = texts.iter().map(|(name, text)| Source { name, text }).collect();
    let earlier = api::earlier(&documents)?;
    let measure = match args.measures {
        Some(MeasureName::Traffic) => Measure::Traffic,
        Some(MeasureName::Cost) | None => Measure::Cost,
    };
    let one = |(name, series): &NamedSeries| {
        let bearing = declared.as_ref().map(|declared| Bearing::of_series(declared, measure, name));
        forecast_one(name, series.as_ref(), &asked, bearing.as_ref(), Some(&earlier))
    };
    let threads =
        args.bills.threads.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
    let mut forecasts = Forecasts::new(models, side_by_side(&named, one, threads));
    if let Some(declared) = &declared {
        forecasts = forecasts.along(declared);
    }
    args.table.screen.write(&match args.table.format {
        TableFormatName::Table => {
            format::forecasts(&forecasts, args.table.screen.style(), args.table.screen.width(), args.full)
        }
        TableFormatName::Json => api::document_json(&forecasts) + "\n",
        TableFormatName::Csv => forecasts_csv(&forecasts),
    })?;
    // A table says it itself.
    if args.table.format != TableFormatName::Table && !args.bills.quiet {
        warn(&forecasts);
    }
    Ok(Ending::Fine)
}

/// Series by several threads; the answer is in the order of the series whatever their number.
fn side_by_side(
    named: &[NamedSeries],
    one: impl Fn(&NamedSeries) -> SeriesForecast + Sync,
    threads: usize,
) -> Vec<SeriesForecast> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((at, series)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            named.get(at).map(|series| (at, series))
        } {
            done.push((at, one(series)));
        }
        done
    };
    let mut all: Vec<(usize, SeriesForecast)> = thread::scope(|scope| {
        let threads: Vec<_> = (1..threads.min(named.len())).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for thread in threads {
            match thread.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, forecast)| forecast).collect()
}

/// The releases and events that are given.
fn known(args: &ForecastArgs) -> Outcome<Option<Releases>> {
    let named = |path: &Option<PathBuf>| -> Outcome<Option<(String, String)>> {
        let Some(path) = path else { return Ok(None) };
        let name = path.display().to_string();
        let text = read_table(path, &name)?;
        Ok(Some((name, text)))
    };
    let (releases, events) = (named(&args.releases)?, named(&args.events)?);
    api::known(&KnownInput {
        releases: releases.as_ref().map(|(name, text)| Source { name, text }),
        events: events.as_ref().map(|(name, text)| Source { name, text }),
        suppose: args.suppose.iter().map(String::as_str).collect(),
    })
}

/// Says which series have no forecast and which releases touch none, to people beside the data.
fn warn(forecasts: &Forecasts) {
    for warning in &forecasts.warnings {
        let _ = writeln!(io::stderr(), "warning: {}", visible(warning));
    }
    for series in &forecasts.series {
        if let Some(refused) = &series.refused {
            let _ = writeln!(io::stderr(), "warning: no forecast of `{}`: {}", visible(&series.name), refused.reason);
        }
    }
}
