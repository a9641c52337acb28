//! The WebAssembly products that the tests run, built by what builds what is shipped.

use std::path::PathBuf;

use headroom_wasm_build::{Workspace, component, kubewarden, npm, opa};

use crate::Outcome;
use crate::artifact::{root, target};

/// The WebAssembly component.
pub fn module() -> Outcome<PathBuf> {
    Ok(component::build(&workspace()?)?.path)
}

/// The OPA module.
pub fn opa() -> Outcome<PathBuf> {
    Ok(opa::build(&workspace()?)?.path)
}

/// The OPA module with an entrypoint that panics.
pub fn opa_that_panics() -> Outcome<PathBuf> {
    let workspace = workspace()?;
    workspace.write("panics.wasm", &workspace.cdylib_featuring(opa::PACKAGE, "panics")?)
}

/// The Kubewarden policy.
pub fn kubewarden() -> Outcome<PathBuf> {
    Ok(kubewarden::build(&workspace()?)?.path)
}

/// Where the WebAssembly products are built: in the target directory of the running test.
pub fn workspace() -> Outcome<Workspace> {
    Ok(Workspace::new(Some(target()?)))
}

/// The npm package: its `dist`.
pub fn package() -> Outcome<PathBuf> {
    npm::build(&workspace()?)?;
    Ok(root().join(npm::DIRECTORY).join("dist"))
}
