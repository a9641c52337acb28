//! `headroom completions`

use clap::CommandFactory;

use crate::args::{Args, CompletionsArgs};
use crate::exit::{Ending, Outcome};
use crate::output;

pub(crate) fn run(args: &CompletionsArgs) -> Outcome<Ending> {
    // Written at once: the generator itself takes a reader that went away for a fault.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "headroom", &mut script);
    output::print(&script)?;
    Ok(Ending::Fine)
}
