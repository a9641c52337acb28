//! `headroom-kubewarden.wasm`: the gates as a Kubewarden policy, with its metadata in it.

use std::borrow::Cow;
use std::fs;

use serde_json::Value;
use wasm_encoder::{ComponentSection as _, CustomSection};

use crate::compact::compact;
use crate::{Budget, Outcome, Shipped, Workspace};

/// The crate it is built from.
pub const PACKAGE: &str = "headroom-kubewarden";

/// The file.
pub const NAME: &str = "headroom-kubewarden.wasm";

/// The custom section in which policy servers look for metadata, as JSON.
pub const METADATA: &str = "io.kubewarden.metadata";

const BUDGET: Budget = Budget::kilobytes(60);

/// Builds the policy.
///
/// # Errors
/// When its metadata cannot be read, or it is too large.
pub fn build(workspace: &Workspace) -> Outcome<Shipped> {
    let mut module = compact(&workspace.cdylib(PACKAGE)?)?;
    let text = fs::read_to_string(workspace.root().join("wasm/kubewarden/metadata.yml"))?;
    let metadata: Value = serde_saphyr::from_str(&text).map_err(|error| format!("metadata.yml: {error}"))?;
    let data = serde_json::to_vec(&metadata)?;
    CustomSection { name: Cow::Borrowed(METADATA), data: Cow::Owned(data) }.append_to_component(&mut module);
    workspace.ship(NAME, &module, BUDGET)
}
