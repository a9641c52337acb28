//! What the tests run, built: the program and the WebAssembly products.
//!
//! Cargo itself decides whether anything is to be built, so that no test runs something stale.

use std::path::{Path, PathBuf};
use std::process::Command;

use headroom_wasm_build::{Workspace, component, kubewarden, npm, opa};

use crate::Outcome;

/// The profile that serves the tests and what they run.
const PROFILE: &str = "ci";

/// The program. It is built with all of the workspace: alone it would be built of dependencies with other features, and
/// everything once more.
pub fn program() -> Outcome<PathBuf> {
    build(&["--workspace", "--all-targets"])?;
    Ok(target()?.join(PROFILE).join(format!("headroom{}", std::env::consts::EXE_SUFFIX)))
}

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

/// The target directory: that of the running test, which lies in `PROFILE/deps` there.
pub(crate) fn target() -> Outcome<PathBuf> {
    let test = std::env::current_exe()?;
    let target = test.ancestors().nth(3).ok_or("the test does not run in a target directory")?;
    Ok(target.to_owned())
}

fn build(what: &[&str]) -> Outcome<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--locked", "--profile", PROFILE, "--target-dir"]).arg(target()?).args(what);
    run(&mut command)
}

fn run(command: &mut Command) -> Outcome<()> {
    let output = command.current_dir(root()).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr)).into())
}

/// The workspace.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_owned()
}
