//! `headroom-gates.json`: the gates that come with Headroom as data for policy engines, which read no TOML.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{Outcome, Workspace};

/// The file.
pub const NAME: &str = "headroom-gates.json";

/// Writes every gate of `policies/gates`, sorted by name.
pub fn build(workspace: &Workspace) -> Outcome<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(workspace.root().join("policies/gates"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Outcome<_>>()?;
    paths.sort();
    let gate = |path: &PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Ok(json!({"name": format!("{name}.json"), "document": as_json(&fs::read_to_string(path)?)?}))
    };
    let gates: Vec<Value> = paths.iter().map(gate).collect::<Outcome<_>>()?;
    let text = serde_json::to_string_pretty(&json!({"headroom": {"gates": gates}}))?;
    workspace.write(NAME, format!("{text}\n").as_bytes())
}

/// A document in TOML as JSON.
///
/// # Errors
/// When it is not TOML.
pub fn as_json(text: &str) -> Outcome<Value> {
    Ok(toml::from_str(text)?)
}
