//! Forecasts a second on one core, with intervals and back-test: `cargo run --release -p headroom-tests --example forecast_speed`.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use headroom_core::api;
use headroom_core::forecast::{Models, Outlook, Question};
use headroom_tests::generated::{Kind, series};
use serde_json::json;

/// Series of each kind that are forecast.
const COUNT: u64 = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    writeln!(out, "{:<10} {:>8} {:>6} {:>12} {:>12}", "series", "values", "ahead", "full", "fast")?;
    for kind in Kind::ALL {
        let count = if kind == Kind::Hourly { COUNT / 10 } else { COUNT };
        let all: Vec<Vec<f64>> = (0..count).map(|index| series(kind, index).0).collect();
        let values = all.iter().map(Vec::len).sum::<usize>() / all.len();
        let rates = [Models::Full, Models::Fast].map(|models| {
            let question = Question { horizon: kind.horizon(), periods: kind.periods().to_vec(), models };
            let took = fastest(|| {
                for values in &all {
                    std::hint::black_box(Outlook::of(values, &question).ok());
                }
            });
            format!("{:.0}/s", all.len() as f64 / took.as_secs_f64())
        });
        let name = format!("{kind:?}").to_lowercase();
        writeln!(out, "{name:<10} {values:>8} {:>6} {:>12} {:>12}", kind.horizon(), rates[0], rates[1])?;
    }
    // The whole way: CSV text in, CSV text out.
    let mut text = "series,date,value\n".to_owned();
    for index in 0..COUNT {
        for (at, value) in series(Kind::Monthly, index).0.iter().enumerate() {
            let _ = writeln!(text, "m{index:04},{}-{:02},{value:.3}", 1990 + at / 12, at % 12 + 1);
        }
    }
    for models in ["full", "fast"] {
        let series = json!({"name": "series.csv", "text": text});
        let call =
            json!({"call": "forecast", "series": series, "horizon": 18, "models": models, "format": "csv"}).to_string();
        let native = fastest(|| {
            std::hint::black_box(api::answer(&call));
        });
        write!(out, "monthly, as a call, {models}: {:.0}/s native", COUNT as f64 / native.as_secs_f64())?;
        #[cfg(feature = "module")]
        {
            let module = headroom_tests::module::Module::load().map_err(|error| error.to_string())?;
            let mut same = true;
            let took = fastest(|| same &= module.answer(&call).is_ok_and(|answer| answer == api::answer(&call)));
            let alone = took.saturating_sub(native);
            write!(out, ", {:.0}/s in WebAssembly, the same bytes: {same}", COUNT as f64 / alone.as_secs_f64())?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The least time of three runs.
fn fastest(mut run: impl FnMut()) -> Duration {
    let once = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..3).map(once).min().unwrap_or_default()
}
