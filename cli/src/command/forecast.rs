//! `headroom forecast`

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use headroom_core::api;
use headroom_core::forecast::{Asked, Forecasts, Models, SeriesForecast, forecast_one, forecasts_csv};
use headroom_core::maturity::Source;
use headroom_core::report::text::visible;
use headroom_core::series::NamedSeries;
use headroom_core::spending::{Ask, cost_forecasts_csv};

use super::shared;
use crate::args::{ForecastArgs, ModelsName, TableFormatName};
use crate::config::Config;
use crate::exit::{Ending, Fault, Outcome, of_io};
use crate::format;
use crate::input::{DiskBills, read_table};

pub(crate) fn run(args: &ForecastArgs) -> Outcome<Ending> {
    let models = match args.models {
        ModelsName::Full => Models::Full,
        ModelsName::Fast => Models::Fast,
    };
    match &args.series {
        Some(path) => of_series(args, path, models),
        None => of_bills(args, models),
    }
}

fn of_bills(args: &ForecastArgs, models: Models) -> Outcome<Ending> {
    if args.period.0.is_some() {
        return Err(Fault::new("a period is asked for without series")
            .hint("bills are forecast by day, with seasons of a week and a year; a period goes with `--series`"));
    }
    let config = Config::find()?;
    let policy = shared::policy(&args.policy, &config)?;
    let mut request = shared::request(&args.bills)?;
    request.metric = shared::metric(args.metric);
    request.owner = shared::owner(&args.owner)?;
    let budgets = args.budgets.as_ref().map(|path| {
        let name = path.display().to_string();
        api::budgets(Source { name: &name, text: &read_table(path, &name)? })
    });
    let ask = Ask { models, budgets: budgets.transpose()?.unwrap_or_default() };
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

fn of_series(args: &ForecastArgs, path: &Path, models: Models) -> Outcome<Ending> {
    let name = path.display().to_string();
    let text = if path == Path::new("-") {
        io::read_to_string(io::stdin()).map_err(|error| of_io("standard input", &error))?
    } else {
        read_table(path, &name)?
    };
    let asked = Asked { horizon: args.horizon, period: args.period.0, models };
    let named = api::named_series(Source { name: &name, text: &text }, &asked)?;
    let threads =
        args.bills.threads.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
    let forecasts = Forecasts::new(models, side_by_side(&named, &asked, threads));
    args.table.screen.write(&match args.table.format {
        TableFormatName::Table => format::forecasts(&forecasts, args.table.screen.style(), args.table.screen.width()),
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
fn side_by_side(named: &[NamedSeries], asked: &Asked, threads: usize) -> Vec<SeriesForecast> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((at, (name, series))) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            named.get(at).map(|series| (at, series))
        } {
            done.push((at, forecast_one(name, series.as_ref(), asked)));
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

/// Says which series have no forecast, to people beside the data.
fn warn(forecasts: &Forecasts) {
    for series in &forecasts.series {
        if let Some(refused) = &series.refused {
            let _ = writeln!(io::stderr(), "warning: no forecast of `{}`: {}", visible(&series.name), refused.reason);
        }
    }
}
