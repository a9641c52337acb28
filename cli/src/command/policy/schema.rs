//! `headroom policy schema`

use headroom_core::api;

use crate::args::PolicySchemaArgs;
use crate::exit::{Ending, Outcome};

pub(crate) fn run(args: &PolicySchemaArgs) -> Outcome<Ending> {
    let answer = match &args.name {
        Some(name) => api::schema(name)?,
        None => api::SCHEMAS.map(|(name, _)| name).join("\n") + "\n",
    };
    args.target.write(&answer)?;
    Ok(Ending::Fine)
}
