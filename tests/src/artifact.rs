//! What the tests run, built: the program and the WebAssembly module.
//!
//! Cargo itself decides whether anything is to be built, so that no test runs something stale.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// The profile that serves the tests and what they run.
const PROFILE: &str = "ci";

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The program.
pub fn program() -> Outcome<PathBuf> {
    build(&["-p", "headroom"])?;
    Ok(target()?.join(PROFILE).join(format!("headroom{}", std::env::consts::EXE_SUFFIX)))
}

/// The WebAssembly module.
pub fn module() -> Outcome<PathBuf> {
    add_target()?;
    build(&["-p", "headroom-wasm-browser", "--target", WASM_TARGET])?;
    Ok(target()?.join(WASM_TARGET).join(PROFILE).join("headroom_wasm_browser.wasm"))
}

/// The npm package: its `dist`.
#[cfg(feature = "module")]
pub fn package() -> Outcome<PathBuf> {
    let workspace = headroom_wasm_build::Workspace::new(Some(target()?));
    headroom_wasm_build::npm::build(&workspace)?;
    Ok(root().join(headroom_wasm_build::npm::DIRECTORY).join("dist"))
}

/// The target directory: that of the running test, which lies in `PROFILE/deps` there.
fn target() -> Outcome<PathBuf> {
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

/// A toolchain file names the target, but does not install it everywhere.
fn add_target() -> Outcome<()> {
    let rustup = |args: &[&str]| {
        let mut command = Command::new("rustup");
        command.env("RUSTUP_AUTO_INSTALL", "0").args(args);
        command
    };
    // Without rustup the toolchain is somebody else's care; what is missing shows when the module is built.
    let Ok(listed) = rustup(&["target", "list", "--installed"]).current_dir(root()).output() else { return Ok(()) };
    if String::from_utf8_lossy(&listed.stdout).lines().any(|target| target == WASM_TARGET) {
        return Ok(());
    }
    run(&mut rustup(&["target", "add", WASM_TARGET]))
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
