//! Writes the sample bills: `cargo run -p headroom-tests --example generate_datasets -- datasets`.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Parser;
use headroom_tests::sample;

/// Writes the sample bills into `bills` inside a folder, traffic and what there is for it into `capacity`, deployments and incidents into `operations`, usage and requests of
/// workloads into `usage`, series beside them.
#[derive(Debug, Parser)]
struct Arguments {
    /// The folder, `datasets` in the project.
    folder: PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Arguments::parse().folder;
    for (name, files) in [
        ("bills", sample::files()?),
        ("capacity", sample::capacity()),
        ("operations", sample::operations()),
        ("usage", sample::usage()),
    ] {
        let folder = folder.join(name);
        fs::create_dir_all(&folder)?;
        for file in files {
            fs::write(folder.join(&file.name), &file.bytes)?;
            writeln!(io::stderr(), "{}: {} bytes", file.name, file.bytes.len())?;
        }
    }
    let series = sample::series();
    fs::write(folder.join(&series.name), &series.bytes)?;
    writeln!(io::stderr(), "{}: {} bytes", series.name, series.bytes.len())?;
    Ok(())
}
