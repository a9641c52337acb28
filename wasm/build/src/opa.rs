//! `headroom-opa.wasm`: the gates for hosts of the OPA WebAssembly ABI; and the same as a bundle.

use std::fs;
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use crate::compact::compact;
use crate::{Budget, Outcome, Shipped, Workspace};

/// The crate it is built from.
pub const PACKAGE: &str = "headroom-opa";

/// The module.
pub const NAME: &str = "headroom-opa.wasm";

/// The bundle.
pub const BUNDLE: &str = "bundle.tar.gz";

const BUDGET: Budget = Budget::kilobytes(60);

const MANIFEST: &str = concat!(
    r#"{"revision":""#,
    env!("CARGO_PKG_VERSION"),
    r#"","roots":["headroom"],"wasm":[{"entrypoint":"headroom/decision","module":"/policy.wasm"},"#,
    r#"{"entrypoint":"headroom/allow","module":"/policy.wasm"}]}"#
);

/// Builds the module.
///
/// # Errors
/// When it is too large.
pub fn build(workspace: &Workspace) -> Outcome<Shipped> {
    let module = compact(&workspace.cdylib(PACKAGE)?)?;
    workspace.ship(NAME, &module, BUDGET)
}

/// Packs a module as a bundle, with data where a file of it is given: the same bytes for the same content.
pub fn bundle(workspace: &Workspace, module: &Path, data: Option<&Path>) -> Outcome<PathBuf> {
    let zipped = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::best());
    let mut archive = Builder::new(zipped);
    let mut pack = |name: &str, bytes: &[u8]| {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, name, bytes)
    };
    pack(".manifest", MANIFEST.as_bytes())?;
    if let Some(data) = data {
        pack("data.json", &fs::read(data).map_err(|error| format!("{}: {error}", data.display()))?)?;
    }
    pack("policy.wasm", &fs::read(module)?)?;
    workspace.write(BUNDLE, &archive.into_inner()?.finish()?)
}
