//! `headroom allocate`

use std::io::{self, IsTerminal as _};
use std::ops::ControlFlow;

use headroom_core::api::{self, Failure};
use headroom_core::report::{LineFormat, cube_csv};

use super::shared;
use crate::args::{AllocateArgs, AllocateFormatName};
use crate::config::Config;
use crate::exit::{Ending, Fault, Outcome};
use crate::input::DiskBills;
use crate::output::{self, Pieces};
use crate::parquet::{Kind, TableWriter};

pub(crate) fn run(args: &AllocateArgs) -> Outcome<Ending> {
    if args.format == AllocateFormatName::Parquet && args.target.output.is_none() && io::stdout().is_terminal() {
        return Err(Fault::new("Parquet is nothing for a terminal").hint("name a file: `--output cube.parquet`"));
    }
    let config = Config::find()?;
    let policy = shared::policy(&args.policy, &config)?;
    let mut request = shared::request(&args.bills)?;
    request.month = args.month;
    request.by.clone_from(&args.by);
    request.owner = shared::owner(&args.owner)?;
    let bills = DiskBills::find(&args.bills, &config)?;
    let mut pieces = Pieces::new(&args.target);
    let verdict = if args.lines {
        let lines = |format: LineFormat, put: &mut dyn FnMut(&[u8]) -> ControlFlow<()>| {
            api::lines(&bills, &policy, &request, format, put).map_err(Failure::from)
        };
        match args.format {
            AllocateFormatName::Csv => lines(LineFormat::Csv, &mut |piece| pieces.write(piece))?,
            AllocateFormatName::Json => lines(LineFormat::Json, &mut |piece| pieces.write(piece))?,
            AllocateFormatName::Parquet => as_parquet(line_column, &mut pieces, |put| lines(LineFormat::Csv, put))?,
        }
    } else {
        let cube = api::cube(&bills, &policy, &request)?;
        let csv = |put: &mut dyn FnMut(&[u8]) -> ControlFlow<()>| cube_csv(&cube, put).map_err(Failure::from);
        match args.format {
            AllocateFormatName::Csv => csv(&mut |piece| pieces.write(piece))?,
            AllocateFormatName::Json => {
                // Whether more is wanted is nothing to the last piece.
                let _ = pieces.write((api::document_json(&cube) + "\n").as_bytes());
            }
            AllocateFormatName::Parquet => as_parquet(cube_column, &mut pieces, csv)?,
        }
        cube.verdict
    };
    pieces.finish()?;
    if !args.bills.quiet {
        output::warn(&verdict);
    }
    Ok(Ending::Fine)
}

/// Writes a table, which comes as CSV, as Parquet.
fn as_parquet<T>(
    kind: fn(&str) -> Kind,
    pieces: &mut Pieces<'_>,
    csv: impl FnOnce(&mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Outcome<T>,
) -> Outcome<T> {
    let mut writer = TableWriter::new(kind)?;
    let mut fault = None;
    let answer = csv(&mut |piece| {
        writer.take(piece, &mut |bytes| pieces.write(bytes)).unwrap_or_else(|found| {
            fault = Some(found);
            ControlFlow::Break(())
        })
    })?;
    if let Some(fault) = fault {
        return Err(fault);
    }
    writer.finish(&mut |bytes| pieces.write(bytes))?;
    Ok(answer)
}

fn line_column(name: &str) -> Kind {
    match name {
        "line" => Kind::Count,
        "date" => Kind::Day,
        "billed" | "effective" | "list" | "contracted" => Kind::Money,
        _ => Kind::Text,
    }
}

fn cube_column(name: &str) -> Kind {
    match name {
        "rows" => Kind::Count,
        "billed" | "effective" | "list" | "contracted" => Kind::Money,
        _ => Kind::Text,
    }
}
