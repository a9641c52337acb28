//! `headroom policy`

mod check;
mod explain;
mod schema;

use super::shared;
use crate::args::PolicyCommand;
use crate::exit::{Ending, Outcome};

pub(crate) fn run(command: &PolicyCommand) -> Outcome<Ending> {
    match command {
        PolicyCommand::Check(args) => check::run(args),
        PolicyCommand::Schema(args) => schema::run(args),
        PolicyCommand::Explain(args) => explain::run(args),
    }
}
