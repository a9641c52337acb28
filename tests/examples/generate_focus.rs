//! Writes a seeded FOCUS 1.2 bill of any size:
//! `cargo run --release -p headroom-tests --example generate_focus -- bill.csv --bytes 1000000000`.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use headroom_core::calendar::Month;
use headroom_tests::focus_load::{Load, Quoting};

/// Writes a seeded FOCUS 1.2 bill of any size.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where the bill goes.
    file: PathBuf,
    /// Size in bytes, reached and passed by less than one row.
    #[arg(long, default_value_t = 1_000_000_000)]
    bytes: u64,
    /// The same seed gives the same file.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Quote text only where it needs it, or wherever there is text.
    #[arg(long, value_enum, default_value_t = Quote::Min)]
    quote: Quote,
    /// Give every row a tag that no other row has.
    #[arg(long)]
    unique_tags: bool,
    /// How many resources there are.
    #[arg(long, default_value_t = 20_000)]
    resources: u64,
    /// The first month.
    #[arg(long, default_value = "2025-01")]
    from: Month,
    /// How many months there are.
    #[arg(long, default_value_t = 12)]
    months: u32,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Quote {
    Min,
    All,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let load = Load {
        bytes: arguments.bytes,
        seed: arguments.seed,
        quoting: match arguments.quote {
            Quote::Min => Quoting::Minimal,
            Quote::All => Quoting::All,
        },
        unique_tags: arguments.unique_tags,
        resources: arguments.resources,
        from: arguments.from,
        months: arguments.months,
    };
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&arguments.file)?);
    let written = load.write(&mut out)?;
    out.flush()?;
    let file = arguments.file.display();
    writeln!(io::stderr(), "{file}: {} rows, {} bytes", written.rows, written.bytes)?;
    Ok(())
}
