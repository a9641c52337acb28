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

use crate::args::{ForecastArgs, ModelsName, TableFormatName};
use crate::exit::{Ending, Fault, Outcome, of_io};
use crate::format;
use crate::input::read_text;

pub(crate) fn run(args: &ForecastArgs) -> Outcome<Ending> {
    let name = args.series.display().to_string();
    let text = if args.series == Path::new("-") {
        io::read_to_string(io::stdin()).map_err(|error| of_io("standard input", &error))?
    } else {
        read_text(&args.series, &name)?
    };
    let models = match args.models {
        ModelsName::Full => Models::Full,
        ModelsName::Fast => Models::Fast,
    };
    let asked = Asked { horizon: args.horizon, period: args.period.0, models };
    let named = api::named_series(Source { name: &name, text: &text }, &asked)?;
    let threads = args.threads.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
    let forecasts = Forecasts::new(models, side_by_side(&named, &asked, threads));
    refuse_all(&name, &forecasts)?;
    args.screen.write(&match args.format {
        TableFormatName::Table => format::forecasts(&forecasts, args.screen.style(), args.screen.width()),
        TableFormatName::Json => api::document_json(&forecasts) + "\n",
        TableFormatName::Csv => forecasts_csv(&forecasts),
    })?;
    // A table says it itself.
    if args.format != TableFormatName::Table && !args.quiet {
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

/// A fault, where no series has a forecast: there is nothing to print.
fn refuse_all(name: &str, forecasts: &Forecasts) -> Outcome<()> {
    let refused: Option<Vec<_>> = forecasts.series.iter().map(|series| series.refused.as_ref()).collect();
    match (refused.as_deref(), forecasts.series.as_slice()) {
        (Some([refused]), [series]) => {
            Err(Fault::at(name, format_args!("no forecast of `{}`: {}", visible(&series.name), refused.reason))
                .hint(&refused.hint))
        }
        (Some([first, ..]), [series, ..]) => {
            let count = forecasts.series.len();
            let message =
                format!("no forecast of any of {count} series; of `{}`: {}", visible(&series.name), first.reason);
            Err(Fault::at(name, message).hint(&first.hint))
        }
        _ => Ok(()),
    }
}

/// Says which series have no forecast, to people beside the data.
fn warn(forecasts: &Forecasts) {
    for series in &forecasts.series {
        if let Some(refused) = &series.refused {
            let _ = writeln!(io::stderr(), "warning: no forecast of `{}`: {}", visible(&series.name), refused.reason);
        }
    }
}
