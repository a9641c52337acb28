//! `headroom.toml`: what a project always says, found upward from the working directory.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::args::FormatName;
use crate::exit::{Fault, Outcome};

/// What the file is called.
pub(crate) const NAME: &str = "headroom.toml";
const SCHEMA: &str = "headroom/config/1";

/// The file as it is written; paths are relative to where it lies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    #[serde(default)]
    bills: Vec<String>,
    #[serde(default)]
    policy: Vec<PathBuf>,
    explanations: Option<PathBuf>,
    format: Option<String>,
}

/// What applies when the command line does not say.
#[derive(Debug, Default)]
pub(crate) struct Config {
    pub(crate) bills: Vec<String>,
    pub(crate) policy: Vec<PathBuf>,
    pub(crate) explanations: Vec<PathBuf>,
    pub(crate) format: Option<FormatName>,
}

impl Config {
    /// Reads the nearest config file, if there is any.
    pub(crate) fn find() -> Outcome<Self> {
        let Ok(here) = std::env::current_dir() else { return Ok(Self::default()) };
        match here.ancestors().map(|directory| directory.join(NAME)).find(|path| path.is_file()) {
            Some(path) => Self::read(&path, &here),
            None => Ok(Self::default()),
        }
    }

    fn read(path: &Path, here: &Path) -> Outcome<Self> {
        let shown = path.strip_prefix(here).unwrap_or(path).display().to_string();
        let text = fs::read_to_string(path).map_err(|error| Fault::at(&shown, error))?;
        let file: File = toml::from_str(&text).map_err(|error| {
            let place = error.span().map(|span| place(&text, span.start));
            let place = place.map_or_else(|| shown.clone(), |(line, column)| format!("{shown}:{line}:{column}"));
            Fault::at(place, error.message())
                .hint("known keys are `schema`, `bills`, `policy`, `explanations`, `format`")
        })?;
        if file.schema != SCHEMA {
            return Err(Fault::at(&shown, format_args!("unknown schema `{}`", file.schema))
                .hint(format_args!("write `{SCHEMA}`")));
        }
        let home = path.parent().filter(|home| *home != here);
        let under_home = |path: PathBuf| home.map_or(path.clone(), |home| home.join(path));
        let format = match file.format.as_deref() {
            None => None,
            Some(name) => Some(<FormatName as clap::ValueEnum>::from_str(name, false).map_err(|_| {
                Fault::at(&shown, format_args!("unknown format `{name}`"))
                    .hint("use `table`, `markdown`, `json` or `csv`")
            })?),
        };
        Ok(Self {
            bills: file.bills.into_iter().map(|bill| under_home(bill.into()).display().to_string()).collect(),
            policy: file.policy.into_iter().map(under_home).collect(),
            explanations: file.explanations.into_iter().map(under_home).collect(),
            format,
        })
    }
}

/// Line and column, from 1, of a byte.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
