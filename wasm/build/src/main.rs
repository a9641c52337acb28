//! The command that builds what Headroom ships as WebAssembly.
#![expect(clippy::doc_markdown, reason = "these texts are shown on a terminal, where backticks would stand in the way")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use headroom_wasm_build::{Outcome, Shipped, Workspace, component, npm};

/// Builds what Headroom ships as WebAssembly into target/wasm, prints the sizes, and fails where one is too large.
#[derive(Debug, Parser)]
#[command(name = "headroom-wasm-build", version, max_term_width = 80)]
struct Args {
    #[command(subcommand)]
    what: What,
    /// The target directory [default: that of Cargo]
    #[arg(long, value_name = "DIRECTORY", global = true)]
    target_dir: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum What {
    /// headroom-component.wasm, for hosts of the component model
    Component,
    /// wasm/npm/dist, the package for browsers and Node
    Npm,
}

fn run(args: Args) -> Outcome<()> {
    let workspace = Workspace::new(args.target_dir);
    let shipped: Vec<Shipped> = match args.what {
        What::Component => vec![component::build(&workspace)?],
        What::Npm => npm::build(&workspace)?,
    };
    let mut out = std::io::stdout().lock();
    for one in shipped {
        writeln!(out, "{one}")?;
    }
    Ok(())
}

fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
