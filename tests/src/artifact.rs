//! The program that the tests run, built, and where the workspace lies.
//!
//! Cargo itself decides whether anything is to be built, so that no test runs something stale.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// The profile that serves the tests and what they run.
const PROFILE: &str = "ci";

/// The program. It is built with all of the workspace: alone it would be built of dependencies with other features, and
/// everything once more.
pub fn program() -> Outcome<PathBuf> {
    build(&["--workspace", "--all-targets"])?;
    Ok(target()?.join(PROFILE).join(format!("headroom{}", std::env::consts::EXE_SUFFIX)))
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
