//! Hosts that people use, in Node and Python, installed into the target directory from the files in `tests/hosts`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::{Outcome, artifact};

/// Runs a script of `tests/hosts` in Node with the packages of its `package.json`; JSON in and out.
pub fn node(script: &str, input: &Value) -> Outcome<Value> {
    let home = installed("node", &["package.json", "package-lock.json"], |home| {
        run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(home))
    })?;
    // A module finds its packages from where it lies.
    let there = home.join(script);
    fs::copy(artifact::root().join("tests/hosts").join(script), &there)?;
    ask(Command::new("node").arg(there), input)
}

/// Runs a script of `tests/hosts` in Python with the packages of its `requirements.txt`; JSON in and out.
pub fn python(script: &str, input: &Value) -> Outcome<Value> {
    let home = installed("python", &["requirements.txt"], |home| {
        run(Command::new("python3").args(["-m", "venv", "venv"]).current_dir(home))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"];
        run(Command::new(home.join("venv/bin/python")).args(pip).current_dir(home))
    })?;
    ask(Command::new(home.join("venv/bin/python")).arg(artifact::root().join("tests/hosts").join(script)), input)
}

/// A directory with packages, installed anew where the files that name them have changed.
fn installed(kind: &str, files: &[&str], install: impl Fn(&Path) -> Outcome<()>) -> Outcome<PathBuf> {
    let home = artifact::target()?.join("hosts").join(kind);
    let sources = artifact::root().join("tests/hosts");
    let done = home.join("installed");
    let wanted = files.iter().map(|file| fs::read_to_string(sources.join(file))).collect::<Result<String, _>>()?;
    // Tests in one process and in several may want it at once: the first to take the lock installs.
    fs::create_dir_all(&home)?;
    let lock = fs::File::create(home.join("lock"))?;
    lock.lock()?;
    if fs::read_to_string(&done).is_ok_and(|there| there == wanted) {
        return Ok(home);
    }
    for file in files {
        fs::copy(sources.join(file), home.join(file))?;
    }
    // A registry may be busy for a moment.
    let mut left = 3;
    while let Err(error) = install(&home) {
        left -= 1;
        if left == 0 {
            return Err(error);
        }
        std::thread::sleep(Duration::from_secs(5));
    }
    fs::write(done, wanted)?;
    Ok(home)
}

fn run(command: &mut Command) -> Outcome<()> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr)).into())
}

fn ask(command: &mut Command, input: &Value) -> Outcome<Value> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let written = child.stdin.take().ok_or("no standard input")?.write_all(input.to_string().as_bytes());
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    // What a host says of its end tells more than that it did not read on.
    written?;
    Ok(serde_json::from_slice(&output.stdout)?)
}
