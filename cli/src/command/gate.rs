//! `headroom gate`

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use headroom_core::api::{self, GateInput, SHIPPED_GATES};
use headroom_core::condition::document::Source;
use headroom_core::policy::{Decided, Decision};
use headroom_core::scorecard;

use super::shared;
use crate::args::{GateArgs, PageFormatName};
use crate::exit::{Ending, Fault, Outcome, of_io};
use crate::format;
use crate::input::read_text;

pub(crate) fn run(args: &GateArgs) -> Outcome<Ending> {
    let name = args.input.display().to_string();
    let text = if args.input == Path::new("-") {
        io::read_to_string(io::stdin()).map_err(|error| of_io("standard input", &error))?
    } else {
        read_text(&args.input, &name)?
    };
    let gates = args.gate.iter().map(|named| gate(named)).collect::<Outcome<Vec<_>>>()?;
    let evidence = shared::read_texts(&args.evidence)?;
    let decided = api::gate(&GateInput {
        as_of: Some(args.as_of.map_or_else(shared::today, Ok)?),
        input: Source { name: &name, text: &text },
        gates: gates.iter().map(|(name, text)| Source { name, text }).collect(),
        evidence: evidence.iter().map(|(name, text)| Source { name, text }).collect(),
    })?;
    args.screen.write(&rendered(args, &decided))?;
    for warning in &decided.warnings {
        let _ = writeln!(io::stderr(), "warning: {name}: {warning}");
    }
    match decided.errors.first() {
        Some(error) => {
            Err(Fault::at(&name, &error.message).hint("a fault in the data is never an allow: mend the input"))
        }
        None if decided.decision == Decision::Deny => Ok(Ending::Findings),
        None => Ok(Ending::Fine),
    }
}

/// Name and text of a gate: a file, or one that comes with Headroom.
fn gate(named: &str) -> Outcome<(String, String)> {
    if let Some((_, shipped)) = SHIPPED_GATES.iter().find(|(name, _)| *name == named) {
        return Ok((shipped.name.to_owned(), shipped.text.to_owned()));
    }
    let path = PathBuf::from(named);
    if path.extension().is_none() && !path.exists() {
        let known = SHIPPED_GATES.iter().map(|(name, _)| *name);
        let near = headroom_core::condition::document::nearest(named, known.clone());
        return Err(Fault::new(format_args!("there is no gate `{named}`")).hint(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}; or give a file", known.collect::<Vec<_>>().join(", ")),
        }));
    }
    Ok((named.to_owned(), read_text(&path, named)?))
}

fn rendered(args: &GateArgs, decided: &Decided) -> String {
    match args.format.unwrap_or(PageFormatName::Table) {
        PageFormatName::Table => format::decision(decided, args.screen.style(), args.screen.width()),
        PageFormatName::Markdown => scorecard::decision_markdown(decided),
        PageFormatName::Json => api::document_json(decided) + "\n",
    }
}
