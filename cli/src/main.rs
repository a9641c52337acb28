//! The `headroom` command: reads files, asks the core, prints the answer.
//!
//! Data goes to standard output, everything else to standard error. Exit codes: 0 fine, 1 findings that were asked to
//! fail on, 2 usage, data or I/O error.

mod args;
mod command;
mod config;
mod exit;
mod format;
mod input;
mod output;
mod parquet;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use exit::{FAULT, Outcome};

fn main() -> ExitCode {
    let args = Args::parse();
    let ending: Outcome<exit::Ending> = match args.command {
        Command::Report(report) => command::report::run(&report),
        Command::Inspect(inspect) => command::inspect::run(&inspect),
        Command::Allocate(allocate) => command::allocate::run(&allocate),
        Command::Forecast(forecast) => command::forecast::run(&forecast),
        Command::Capacity(capacity) => command::capacity::run(&capacity),
        Command::Assess(assess) => command::assess::run(&assess),
        Command::Rightsize(rightsize) => command::rightsize::run(&rightsize),
        Command::Schedule(schedule) => command::schedule::run(&schedule),
        Command::Commitments(commitments) => command::commitments::run(&commitments),
        Command::Gate(gate) => command::gate::run(&gate),
        Command::Policy(policy) => command::policy::run(&policy.command),
        Command::Init(init) => command::init::run(&init),
        Command::Completions(completions) => command::completions::run(&completions),
    };
    match ending {
        Ok(ending) => ending.into(),
        Err(fault) => {
            output::complain(&fault);
            ExitCode::from(FAULT)
        }
    }
}
