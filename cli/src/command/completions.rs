//! `headroom completions`

use std::io;

use clap::CommandFactory;

use crate::args::{Args, CompletionsArgs};
use crate::exit::{Ending, Outcome};

#[expect(clippy::unnecessary_wraps, reason = "commands look alike")]
pub(crate) fn run(args: &CompletionsArgs) -> Outcome<Ending> {
    clap_complete::generate(args.shell, &mut Args::command(), "headroom", &mut io::stdout());
    Ok(Ending::Fine)
}
