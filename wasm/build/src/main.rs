//! The command that builds what Headroom ships as WebAssembly.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use headroom_wasm_build::{Outcome, Shipped, Workspace, component, gates, kubewarden, npm, opa, portal};

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

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// headroom-component.wasm, for hosts of the component model
    Component,
    /// headroom-kubewarden.wasm, a Kubewarden policy
    Kubewarden,
    /// wasm/npm/dist, the package for browsers and Node
    Npm,
    /// headroom-opa.wasm, for hosts of OPA's WebAssembly ABI, the same as bundle.tar.gz, and headroom-gates.json
    Opa {
        /// Data to put into the bundle, such as headroom-gates.json
        #[arg(long, value_name = "FILE")]
        data: Option<PathBuf>,
    },
    /// wasm/portal/dist, the page, hosted and as one file; builds the package too
    Portal,
}

fn run(args: Args) -> Outcome<()> {
    let workspace = Workspace::new(args.target_dir);
    let mut out = std::io::stdout().lock();
    let shipped: Vec<Shipped> = match args.what {
        What::Component => vec![component::build(&workspace)?],
        What::Kubewarden => vec![kubewarden::build(&workspace)?],
        What::Opa { data } => {
            let module = opa::build(&workspace)?;
            let bundle = opa::bundle(&workspace, &module.path, data.as_deref())?;
            writeln!(out, "{}\n{}", gates::build(&workspace)?.display(), bundle.display())?;
            vec![module]
        }
        What::Npm => npm::build(&workspace)?,
        What::Portal => portal::build(&workspace)?,
    };
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
