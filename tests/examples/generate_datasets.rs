//! Writes the sample bills: `cargo run -p headroom-tests --example generate_datasets -- datasets`.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Parser;
use headroom_tests::sample;

/// Writes the sample bills into `bills` inside a folder.
#[derive(Debug, Parser)]
struct Arguments {
    /// The folder, `datasets` in the project.
    folder: PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let bills = Arguments::parse().folder.join("bills");
    fs::create_dir_all(&bills)?;
    for file in sample::files()? {
        fs::write(bills.join(&file.name), &file.bytes)?;
        writeln!(io::stderr(), "{}: {} bytes", file.name, file.bytes.len())?;
    }
    Ok(())
}
