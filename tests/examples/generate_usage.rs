//! Writes a generated fleet's usage, or what is to be expected of one:
//! `cargo run -p headroom-tests --example generate_usage -- usage --workloads 10000 --days 14 > usage.csv`.

use std::error::Error;
use std::io::{self, BufWriter, Write};

use clap::{Parser, Subcommand};
use headroom_tests::expectations;
use headroom_tests::usage_load::{Fleet, write_usage};

#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A table of usage at five minutes.
    Usage {
        /// How many workloads.
        #[arg(long, default_value_t = 100)]
        workloads: u64,
        /// How many days.
        #[arg(long, default_value_t = 28)]
        days: u32,
        /// Which fleet.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// The table of `policies/rightsizing/expectations.csv`.
    Expectations,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    match Arguments::parse().what {
        What::Usage { workloads, days, seed } => write_usage(&Fleet::new(seed, workloads), days, 1, &mut out)?,
        What::Expectations => out.write_all(expectations::text().as_bytes())?,
    }
    out.flush()?;
    Ok(())
}
