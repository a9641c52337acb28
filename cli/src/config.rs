//! `headroom.toml`: what a project always says, found upward from the working directory.

use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use headroom_core::condition::document::{Document, Entry, Fault as Wrong, Node, Value, Walk};

use crate::args::FormatName;
use crate::exit::{Fault, Outcome};
use crate::input::read_text;

/// What the file is called.
pub(crate) const NAME: &str = "headroom.toml";
const SCHEMA: &str = "headroom/config/1";
const KEYS: [&str; 5] = ["schema", "bills", "policy", "explanations", "format"];

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

    /// Paths in the file are relative to where it lies.
    fn read(path: &Path, here: &Path) -> Outcome<Self> {
        let shown = path.strip_prefix(here).unwrap_or(path).display().to_string();
        let document =
            Document::read(&shown, &read_text(path, &shown)?).map_err(|problem| Fault::from(vec![problem]))?;
        let mut walk = Walk::new(&document);
        let home = path.parent().filter(|home| *home != here);
        let config = config(&mut walk, document.root(), home);
        let problems = walk.into_problems();
        if problems.is_empty() { Ok(config) } else { Err(problems.into()) }
    }
}

fn config(walk: &mut Walk<'_>, root: &Node, home: Option<&Path>) -> Config {
    let mut config = Config::default();
    let under_home = |path: String| home.map_or_else(|| path.clone().into(), |home| home.join(&path));
    let entries: &[Entry] = walk.table("config", root).unwrap_or_default();
    if !entries.iter().any(|entry| entry.key == "schema") {
        let hint = "write `schema = \"headroom/config/1\"` on the first line";
        walk.report(root.at, Wrong::Missing { key: "schema", hint });
    }
    for entry in entries {
        match entry.key.as_str() {
            "schema" => {
                if walk.text("schema", &entry.node, "name the schema").is_some_and(|schema| schema != SCHEMA) {
                    malformed(walk, "`schema`", &entry.node, format!("write `{SCHEMA}`"));
                }
            }
            "bills" => {
                let bills = paths(walk, entry, "name files, directories or patterns");
                config.bills = bills.into_iter().map(|bill| under_home(bill).display().to_string()).collect();
            }
            "policy" => {
                config.policy = paths(walk, entry, "name policy files").into_iter().map(under_home).collect();
            }
            "explanations" => {
                config.explanations =
                    paths(walk, entry, "name an explanations file").into_iter().map(under_home).collect();
            }
            "format" => {
                let name = walk.text("format", &entry.node, "name a format");
                config.format = name.and_then(|name| FormatName::from_str(name, false).ok());
                if name.is_some() && config.format.is_none() {
                    malformed(walk, "a format", &entry.node, "one of table, markdown, json, csv".to_owned());
                }
            }
            _ => walk.unknown_key(entry, &KEYS),
        }
    }
    config
}

/// One path or a list of them.
fn paths(walk: &mut Walk<'_>, entry: &Entry, if_empty: &'static str) -> Vec<String> {
    match &entry.node.value {
        Value::List(items) if items.is_empty() => Vec::new(),
        _ => walk.texts(&entry.key, &entry.node, if_empty).unwrap_or_default(),
    }
}

fn malformed(walk: &mut Walk<'_>, what: &'static str, node: &Node, rule: String) {
    if let Value::Text(text) = &node.value {
        walk.report(node.at, Wrong::Malformed { what, value: text.clone(), rule });
    }
}
