//! `headroom allocate`

use headroom_core::api::{self, Failure};
use headroom_core::report::{LineFormat, cube_csv};

use super::shared;
use crate::args::{AllocateArgs, DataFormatName};
use crate::config::Config;
use crate::exit::{Ending, Outcome};
use crate::input::DiskBills;
use crate::output::{self, Pieces};

pub(crate) fn run(args: &AllocateArgs) -> Outcome<Ending> {
    let config = Config::find()?;
    let policy = shared::policy(&args.policy, &config)?;
    let mut request = shared::request(&args.bills)?;
    request.month = args.month;
    request.by.clone_from(&args.by);
    request.owner = shared::owner(&args.owner)?;
    let bills = DiskBills::find(&args.bills, &config)?;
    let verdict = if args.lines {
        let format = match args.format {
            DataFormatName::Csv => LineFormat::Csv,
            DataFormatName::Json => LineFormat::Json,
        };
        let mut pieces = Pieces::new(&args.target);
        let verdict = api::lines(&bills, &policy, &request, format, &mut |piece| pieces.write(piece))?;
        pieces.finish()?;
        verdict
    } else {
        let cube = api::cube(&bills, &policy, &request)?;
        match args.format {
            DataFormatName::Csv => {
                let mut pieces = Pieces::new(&args.target);
                cube_csv(&cube, &mut |piece| pieces.write(piece)).map_err(Failure::from)?;
                pieces.finish()?;
            }
            DataFormatName::Json => args.target.write(&(api::document_json(&cube) + "\n"))?,
        }
        cube.verdict
    };
    if !args.bills.quiet {
        output::warn(&verdict);
    }
    Ok(Ending::Fine)
}
